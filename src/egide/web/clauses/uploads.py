"""Files that a page reads and forgets: bounded, in a folder of their own that is gone when the page is made."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from egide.web.clauses.forms import MOST_BYTES

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
_FORM = 100_000
"""Bytes of a form around its files."""


def too_large(request: HttpRequest, files: int) -> bool:
    """Whether what is sent is more than `files` files may be; told before anything of it is read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > files * MOST_BYTES + _FORM
    except ValueError:
        return True


@contextmanager
def unkept(given: "UploadedFile[Any] | None") -> Iterator[Path | None]:
    """Give the path of an uploaded file for the time of the block, None when there is none; then nothing of it is left."""
    if given is None:
        yield None
        return
    ending = Path(given.name or "").suffix
    with tempfile.TemporaryDirectory(prefix="egide-") as folder:
        path = Path(folder) / f"depot{ending.lower() if _ENDING.fullmatch(ending) else ''}"
        with path.open("wb") as out:
            for chunk in given.chunks():
                out.write(chunk)
        yield path
