"""Two versions of a clausier side by side; and the versions that were published."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from egide import reference
from egide.clausier.difference import HEADS, SHOWN, Change, Difference, FieldChange, PointChange, difference
from egide.clausier.model import Clausier
from egide.desk.clausiers import usable
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.locale import point_text
from egide.message import message
from egide.web.audit.guard import writes_nothing
from egide.web.clauses.forms import MOST_BYTES, CompareForm
from egide.web.clauses.uploads import admitted, unkept
from egide.web.design.words import language


@csrf_exempt  # nobody is recognised here and nothing is kept: the page also works without cookies
@writes_nothing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Say what changed between two clausiers and which answers must be asked again; nothing of them is kept."""
    if request.method != "POST":
        return _asked(request, CompareForm())
    if not admitted(request, files=2):
        return render(request, "413.html", status=413)
    form = CompareForm(request.POST, request.FILES)
    if not form.is_valid():
        return _asked(request, form, status=400)
    given = [form.cleaned_data[name] for name in ("old", "new")]
    if any(each is not None and each.size > MOST_BYTES for each in given):
        return render(request, "413.html", status=413)
    read: list[Clausier] = []
    found: list[Finding] = []
    broken = False
    for each in given:
        with unkept(each) as path:
            try:
                clausier, told = _one(path, each.name if each else "")
                read.append(clausier)
                found += [one for one in told if one.severity is not Severity.NOTE]
            except DataError as refused:
                broken = True
                found += refused.findings or (Finding(refused.code, Severity.ERROR, refused.message, message("Corriger le fichier, puis recommencer."), each.name),)  # fmt: skip
    if broken:
        return _asked(request, CompareForm(), found, status=422)
    return render(request, "clauses/compare_result.html", _shown(difference(read[0], read[1]), found, given))


def _one(path: Path | None, name: str) -> tuple[Clausier, Sequence[Finding]]:
    return (reference.clausier(), ()) if path is None else usable(path, name)


def _asked(request: HttpRequest, form: CompareForm, found: Sequence[Finding] = (), status: int = 200) -> HttpResponse:
    context = {"form": form, "clausier": reference.clausier(), "findings": found[:200]}
    return render(request, "clauses/compare.html", context, status=status)


def _shown(found: Difference, told: Sequence[Finding], given: Sequence[Any]) -> dict[str, Any]:
    return {
        "difference": found,
        "names": [each.name if each else "" for each in given],
        "counts": [(HEADS[change], len(found.of(change))) for change in Change],
        "groups": [(HEADS[change], [_change(each) for each in found.of(change)]) for change in HEADS if found.of(change)],
        "findings": told[:200],
    }  # fmt: skip


def _change(each: PointChange) -> dict[str, Any]:
    kept = each.change not in {Change.ADDED, Change.REMOVED}
    fields = [(field, *(_values(field) if field.field in SHOWN else ("", ""))) for field in each.fields]
    return {"change": each, "renamed": each.before != each.point, "verdict": kept, "fields": fields}


def _values(field: FieldChange) -> tuple[str, str]:
    return point_text.written(field.old, language()), point_text.written(field.new, language())


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Show the versions of the clausier that were published."""
    return render(request, "clauses/versions.html", {"clausier": reference.clausier()})
