"""Files that a page reads and forgets: bounded, held in memory alone, gone when the page is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from egide.desk.held import held
from egide.web.clauses.forms import MOST_BYTES

_FORM = 100_000
"""Bytes of a form around its files."""


class _InMemory(MemoryFileUploadHandler):
    """Takes every file in memory, whatever its size: the page has bounded it already."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None  # noqa: N803
    ) -> None:  # fmt: skip
        """Take the file."""
        self.activated = True


def admitted(request: HttpRequest, files: int) -> bool:
    """Whether what is sent is no more than `files` files may be, told before anything of it is read; it stays in memory."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    if announced > files * MOST_BYTES + _FORM:
        return False
    request.upload_handlers = [_InMemory(request)]
    return True


@contextmanager
def unkept(given: "UploadedFile[Any] | None") -> Iterator[Path | None]:
    """Give the path of an uploaded file for the time of the block, None when there is none; then nothing of it is left."""
    if given is None:
        yield None
        return
    with held(given.read()) as path:
        yield path
