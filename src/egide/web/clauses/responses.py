"""Answers of the open clausier that are not pages: files, and "not changed since"."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header


def as_file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def unchanged(request: HttpRequest, tag: str, modified: int | None = None) -> HttpResponse | None:
    """Return the answer "not changed since" when the reader already has what `tag` names, None otherwise."""
    found = get_conditional_response(request, etag=tag, last_modified=modified, response=None)
    return found if isinstance(found, HttpResponseNotModified) else None
