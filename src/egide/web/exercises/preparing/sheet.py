"""The chronogram as a workbook: taken out, changed elsewhere, brought in again with all that is to be said of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from egide.exchange import chronogram
from egide.exercise.editing import Edits
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.web.design.words import language, said
from egide.web.diagnoses.uploads import SheetForm, on_disk
from egide.web.exercises.preparing import draft, room, timeline


@require_safe
@login_required
def workbook(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the chronogram as a workbook that can be changed and brought in again."""
    row = room.unspoilt(request, uuid)
    content = chronogram.content(draft.script_of(row), language())
    return room.file(content, f"chronogramme-{slugify(row.title) or 'exercice'}.xlsx", room.XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take in a chronogram: what was read replaces the lines, every finding is shown at once."""
    row = room.draft_of(request, uuid)
    form = SheetForm(request.POST or None, request.FILES or None)
    findings: Sequence[Finding] = ()
    done = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        script = draft.script_of(row)
        with on_disk(given) as path:
            read = chronogram.read(path, given.name, script)
        findings = read.findings
        if read.items and not any(each.severity is Severity.ERROR for each in findings):
            timeline.keep(row, read.items, file=given.name[:100], lines=len(read.items))
            messages.success(request, said(_brought(draft.edits_of(row), len(read.items))))
            done = True
            if not findings:
                return redirect("exercises:timeline", row.uuid)
        else:
            form.add_error("file", said(message("Ce chronogramme n’est pas repris : corrigez ce que disent les constats ci-dessous.")))  # fmt: skip
    context: dict[str, Any] = room.common(request, row, "timeline")
    context |= {"form": form, "findings": findings, "done": done, "here": said(message("Importer un chronogramme"))}
    return render(request, "exercises/preparing/bring.html", context, status=200 if done else room.status(request))


def _brought(changes: Edits, count: int) -> Message:
    return message(
        "{count} lignes reprises : {changed} modifiées, {added} ajoutées ; {dropped} du kit n’y étaient pas et sont retirées.",
        count=count, changed=len(changes.changed), added=len(changes.added), dropped=len(changes.dropped),
    )  # fmt: skip
