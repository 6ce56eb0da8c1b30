"""The bound of an upload: what announces itself too large is refused before a byte of it is written anywhere."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

BLOCK = 1 << 20
PATIENCE = 8
"""How many times the bound is read at most; beyond, the connection is left."""


class Bounded(FileUploadHandler):
    """The first handler: lets through what is within the bound; the request it refuses says that it was too large.

    A body is never longer than it announces (the server and Django stop there), so its announced length is enough.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None  # noqa: N803
    ) -> None:  # fmt: skip
        """Refuse what is too large, after reading it to nowhere: a browser shows an answer only once it has sent all."""
        if content_length <= settings.UPLOAD_BYTES:
            return
        left = min(content_length, settings.UPLOAD_BYTES * PATIENCE)
        while left > 0 and (block := input_data.read(min(BLOCK, left))):
            left -= len(block)
        if self.request is not None:
            self.request.too_large = True  # type: ignore[attr-defined]
        raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a chunk on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
