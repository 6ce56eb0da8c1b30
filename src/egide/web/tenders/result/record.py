"""The record of the procedure: what may be done and from which day, its letters and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from egide import report
from egide.desk import procedure
from egide.desk.consultation import Consultation as Given
from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.report import record_write
from egide.tender.evaluation import Evaluation
from egide.tender.procedure.presentation import owed
from egide.tender.procedure.publication import frozen
from egide.tender.procedure.situation import Situation
from egide.tender.procedure.steps import TITLES, State, Step, check, next_steps, situated
from egide.tender.rules import Rule
from egide.web.audit import guard
from egide.web.design.fields import DayField
from egide.web.design.words import in_both, phrase
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.result.files import RECORD as KIND
from egide.web.tenders.result.files import of_record
from egide.web.tenders.result.room import Shown, open_to, waiting
from egide.web.tenders.result.standing import PART, evaluation_of
from egide.web.tenders.result.work import OPENED, kept_record, last
from egide.web.tenders.work import consultation_of, keep_documents, kept, language_of

STATES: Mapping[State, tuple[str, Text]] = {
    State.DONE: ("good", Text("fait", "done")),
    State.POSSIBLE: ("info", Text("possible", "possible")),
    State.WAITING: ("plain", Text("attend", "waiting")),
    State.BLOCKED: ("error", Text("bloqué", "blocked")),
    State.NONE: ("plain", Text("sans objet", "no object")),
}


class Ask(forms.Form):
    """The day that the documents bear."""

    on = DayField(label=phrase("Date des documents"), required=False, help_text=phrase("Vide : le dernier jour du journal."))  # fmt: skip


class Day(forms.Form):
    """The day on which one places oneself."""

    on = DayField(label=phrase("Se placer au"), required=False)


@dataclass(frozen=True)
class Line:
    """A step of the procedure as its table shows it."""

    step: Step
    title: Text
    tone: str
    state: Text
    rules: tuple[Rule, ...]


@require_safe
@open_to(Right.SEE_RESULT, opened=False)
def show(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Show what may be done next, from which day, what holds it back and why; then the documents of the record."""
    return _page(request, row, Ask())


def _page(request: HttpRequest, row: models.Consultation, form: Ask) -> HttpResponse:
    given = page.prepared(row)
    day = Day(request.GET or None)
    asked = day.cleaned_data["on"] if day.is_valid() else None
    situation = _situation(row, given, asked or timezone.localdate())
    found = [*check(situation), *owed(situation)]
    newest = models.Result.objects.filter(consultation=row).first()
    return page.show(request, row, "result", "tenders/result/record.html", {
        "on": situation.on,
        "day": day if day.is_bound else Day(initial={"on": situation.on}),
        "sections": Shown(request, row, newest).sections(KIND) if newest else [],
        "lots": _lots(situation, given),
        "bare": row.state in OPENED and given.journal.opening is None,
        "errors": [each for each in found if each.severity is Severity.ERROR],
        "doubts": [each for each in found if each.severity is not Severity.ERROR],
        "files": of_record(row),
        "form": form,
        "waiting": waiting(request, row, KIND),
    })  # fmt: skip


def _situation(row: models.Consultation, given: Given, on: date) -> Situation:
    newest = models.ResultPart.objects.filter(result__consultation=row, kind=PART).order_by("-result__number")
    data = newest.values_list("data", flat=True).first()
    evaluation = evaluation_of(data, given) if data else None
    return situated(given.tender, given.rules, given.journal, evaluation, on, frozen(given.tender, given.clausier))


def _lots(situation: Situation, given: Given) -> Sequence[tuple[str, Sequence[Line]]]:
    """Return the steps by lot, those of all lots first."""
    titles = {lot.id: lot.title or lot.id for lot in given.tender.lots}
    found: dict[str, list[Line]] = {}
    for step in next_steps(situation):
        rules = tuple(given.rules.by_id[each] for each in step.blocked_by if each in given.rules.by_id)
        found.setdefault(step.lot, []).append(Line(step, TITLES[step.stage], *STATES[step.state], rules))
    return [(titles.get(lot, lot), lines) for lot, lines in found.items()]


@require_POST
@open_to(Right.DECIDE, opened=False)
def ask(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Ask for the documents of the record."""
    form = Ask(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    on = form.cleaned_data["on"]
    newest = last(row)
    arguments = {"date": on.isoformat() if on else "", "result": newest.number if newest else 0}
    job = queue.ask(KIND, row.organisation, request.user, row, **arguments)
    guard.record("record.asked", row.organisation, row, arguments)
    return redirect("jobs:one", job.uuid)


def write(job: Job, progress: Progress) -> Finish:
    """Write the documents of the record: letters to each, report of the procedure, questions, register."""
    row = consultation_of(job)
    given = convert.prepared(row)
    found = convert.findings(row)
    result = last(row)
    evaluation: Evaluation | None = None
    read: list[Finding] = [*found.get("tender", ()), *found.get("journal", ())]
    if result is not None:
        evaluation = kept_record(result).evaluation
        read += [procedure.changed(report.JSON)] if evaluation.tender != given.tender else []
    progress(1, 3)
    asked = job.arguments.get("date", "")
    on = date.fromisoformat(asked) if asked else procedure.last_day(given.journal, given.tender.deadline.date())
    papers = procedure.papers(given.tender, given.journal, evaluation, language_of(job), on, read)
    contents, more = record_write.contents(papers.procedure, papers.letters, papers.findings)
    progress(2, 3)
    files = kept(contents)
    told = [*papers.findings, *more]
    progress(3, 3)

    def finish() -> Mapping[str, Any]:
        keep_documents(job, row, KIND, files, result, Right.SEE_RESULT)
        guard.record("record.made", job.organisation, row, {"files": sorted(files), "date": on.isoformat()})
        said = message("{count} fichiers écrits, {found} constats.", count=len(files), found=len(told))
        following = reverse("tenders:record", args=[row.uuid])
        return {"said": in_both(said), "next": following}

    return finish
