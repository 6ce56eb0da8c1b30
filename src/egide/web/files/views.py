"""Sending a file to who may read it."""

from pathlib import PurePosixPath
from types import MappingProxyType
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide.web.files import store
from egide.web.files.models import StoredFile

TYPES = MappingProxyType({
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".zip": "application/zip",
    ".txt": "text/plain; charset=utf-8",
})  # fmt: skip
"""What a name says of a content; anything else is bytes."""


@require_safe
@login_required
def download(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send a file, never shown in the page: always saved under its name."""
    kept = StoredFile.objects.readable_by(request.user, timezone.now()).filter(uuid=uuid).first()
    if kept is None:
        raise Http404
    return send(kept)


def file_name(name: str) -> str:
    """Return a name that a header can carry: no line end, nothing that cannot be shown."""
    return "".join(each if each.isprintable() else "_" for each in name)


def send(kept: StoredFile) -> FileResponse:
    """Return the answer that sends a file, to a view that has checked who asks. Raises Http404 when its bytes are lost."""
    kind = TYPES.get(PurePosixPath(kept.name).suffix.lower(), "application/octet-stream")
    try:
        content = store.path(kept.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=file_name(kept.name),
        content_type=kind,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
