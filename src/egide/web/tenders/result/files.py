"""The files of a result and of the record of the procedure: listed with their digest, sent one by one or all at once."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from egide.report import REGISTER
from egide.web.files import store
from egide.web.files.views import file_name
from egide.web.organisations.roles import Right
from egide.web.tenders import models
from egide.web.tenders.result.room import open_to, shown
from egide.web.tenders.result.work import GROUP

RECORD = "record"


def of_group(row: models.Consultation, group: str, result: int | None = None) -> list[models.Document]:
    """Return the documents of a group by name, the newest of each; of the result of that key when there is one."""
    rows = models.Document.objects.filter(consultation=row, group=group).select_related("stored", "made_by")
    if result is not None:
        rows = rows.filter(result=result)
    newest: dict[str, models.Document] = {}
    for each in rows.order_by("name", "-pk"):
        newest.setdefault(each.name, each)
    return list(newest.values())


def of_record(row: models.Consultation) -> list[models.Document]:
    """Return the documents of the last writing of the record: its register says which."""
    found = {each.name: each for each in of_group(row, RECORD)}
    register = found.get(REGISTER)
    if register is None:
        return []
    told = json.loads(store.path(register.stored.sha256).read_bytes())
    named = {each["file"]: each["sha256"] for each in told["documents"]}
    return [each for name, each in found.items() if each.stored.sha256 == named.get(name) or name == REGISTER]


@require_safe
@open_to(Right.SEE_RESULT)
def documents(request: HttpRequest, row: models.Consultation, number: int) -> HttpResponse:
    """Show every file of a result, and those of the record."""
    seen = shown(request, row, number)
    known = {"files": of_group(row, GROUP, seen.result.pk), "record": of_record(row)}
    return seen.answer("documents", "result_documents", known)


@require_safe
@open_to(Right.SEE_RESULT)
def archive(request: HttpRequest, row: models.Consultation, number: int) -> FileResponse:
    """Send all files of a result as one ZIP: the same files give the same bytes."""
    seen = shown(request, row, number)
    files = of_group(row, GROUP, seen.result.pk)
    return packed(files, f"resultat-{number}-{row.reference or row.uuid.hex[:8]}.zip")


@require_safe
@open_to(Right.SEE_RESULT)
def record_archive(request: HttpRequest, row: models.Consultation) -> FileResponse:
    """Send the record as one ZIP. Raises Http404 when it was never written."""
    return packed(of_record(row), f"dossier-{row.reference or row.uuid.hex[:8]}.zip")


def packed(files: Sequence[models.Document], name: str) -> FileResponse:
    """Return the answer that sends files as one ZIP. Raises Http404 when there is none."""
    if not files:
        raise Http404
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for each in _by_name(files):
            content = store.path(each.stored.sha256).read_bytes()
            pack.writestr(zipfile.ZipInfo(each.name), content, zipfile.ZIP_DEFLATED)
    held.seek(0)
    return FileResponse(held, as_attachment=True, filename=file_name(name), content_type="application/zip")


def _by_name(files: Iterable[models.Document]) -> list[models.Document]:
    return sorted(files, key=lambda each: each.name)
