"""The legal clocks of a real crisis: when each event was known, what is due when, what is done. Hours of Paris."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egide import reference
from egide.exercise.clock import LegalClock, LegalClocks, Running, running
from egide.exercise.crisis_making import own_clocks
from egide.message import Message, message
from egide.report.exercise_words import length
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises.crisis import kept
from egide.web.exercises.crisis.forms import HoursForm, OpenForm
from egide.web.exercises.models import CrisisClocks
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed, may

SOON = 12 * 60
"""Minutes before a deadline from which it is said to be near."""


@dataclass(frozen=True)
class Shown:
    """A clock on the page: its state in words and in tone, and when it was done."""

    clock: LegalClock
    start: Any
    running: Running | None
    done: datetime | None
    word: Message
    tone: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def listed(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the clocks of the crises of an organisation; begin those of a new one."""
    right = Right.REHEARSE if request.method == "POST" else Right.SEE
    of = room.organisation(request, organisation, right)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = CrisisClocks(organisation=of, title=form.cleaned_data["title"], opened_by=room.person(request))
        row.plain = {"started": {}, "done": {}}
        row.save()
        record("crisis.clocks.opened", of, row, {"title": row.title})
        return redirect("exercises:clocks", row.uuid)
    context = {
        "organisation": of,
        "can": may(request.user, Right.REHEARSE, of.pk),
        "form": form,
        "rows": CrisisClocks.objects.filter(organisation=of)[:50],
        "clocks": _legal(of),
    }
    return render(request, "exercises/crisis/clocks_list.html", context, status=room.status(request))


def _legal(of: Any) -> LegalClocks:
    return own_clocks(reference.clocks(), kept.house(of, kept.row_of(of)))


def _row(request: HttpRequest, uuid: UUID, right: Right) -> CrisisClocks:
    rows = CrisisClocks.objects.select_related("organisation")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    found: CrisisClocks = allowed(rows, request.user, uuid, right)
    if request.method == "POST" and found.closed_at:
        raise PermissionDenied
    return found


def _instants(row: CrisisClocks, name: str) -> dict[str, datetime]:
    return {code: datetime.fromisoformat(value) for code, value in (row.plain.get(name) or {}).items()}


@require_safe
@login_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what is due, the most pressing first, then what has not started."""
    row = _row(request, uuid, Right.SEE)
    clocks = _legal(row.organisation)
    now = timezone.now()
    starts = _instants(row, "started")
    lines = shown(clocks, starts, _instants(row, "done"), now)
    used = {each.starts for each in clocks.in_force}
    context = {
        "row": row,
        "organisation": row.organisation,
        "can": may(request.user, Right.REHEARSE, row.organisation_id) and not row.closed_at,
        "now": now,
        "started": [each for each in lines if each.running],
        "waiting": [each for each in lines if not each.running],
        "events": [(each, starts.get(each.code)) for each in clocks.starts if each.code in used],
        "bills": clocks.bills,
        "starts": clocks.start,
    }
    return render(request, "exercises/crisis/clocks.html", context)


def shown(
    clocks: LegalClocks, starts: Mapping[str, datetime], done: Mapping[str, datetime], now: datetime
) -> list[Shown]:
    """Return the clocks in force as the page shows them: those that run, the most pressing first, then the others."""
    runs = {each.clock.id: each for each in running(clocks.clocks, starts, now)}
    ordered = [each.clock for each in runs.values()] + [each for each in clocks.in_force if each.id not in runs]
    return [_shown(each, clocks, runs.get(each.id), done.get(each.id)) for each in ordered]


def _shown(clock: LegalClock, clocks: LegalClocks, run: Running | None, done: datetime | None) -> Shown:
    word, tone = _state(run, done)
    return Shown(clock, clocks.start[clock.starts].title, run, done, word, tone)


def _state(run: Running | None, done: datetime | None) -> tuple[Message, str]:
    if done and run and run.deadline and done > run.deadline:
        return message("fait, hors délai"), "doubt"
    if done:
        return message("fait"), "good"
    if run is None:
        return message("pas commencé"), "plain"
    if run.left is None:
        return message("à faire sans délai"), "doubt"
    minutes = int(run.left.total_seconds() // 60)
    if run.past:
        return message("dépassé de {length}", length=length(-minutes)), "error"
    return message("reste {length}", length=length(minutes)), "doubt" if minutes <= SOON else "info"


@require_POST
@login_required
def now(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note that an event is known, or a duty done, at this very minute; an hour already written stays."""
    row = _row(request, uuid, Right.REHEARSE)
    clocks = _legal(row.organisation)
    known = {"started": {each.code for each in clocks.starts}, "done": {each.id for each in clocks.in_force}}
    for name, codes in known.items():
        code = request.POST.get(name, "")
        if code in codes and code not in (row.plain.get(name) or {}):
            at = timezone.now().replace(second=0, microsecond=0).isoformat()
            _save(row, {**row.plain, name: {**(row.plain.get(name) or {}), code: at}}, {name: {code: at}})
    return redirect("exercises:clocks", row.uuid)


def _save(row: CrisisClocks, plain: dict[str, Any], told: dict[str, object]) -> None:
    row.plain = plain
    row.revision += 1
    row.save()
    record("crisis.clocks.changed", row.organisation, row, told)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hours(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write or correct the hours; what somebody else wrote meanwhile is never written over."""
    row = _row(request, uuid, Right.REHEARSE)
    clocks = _legal(row.organisation)
    before = {f"start-{code}": at for code, at in _instants(row, "started").items()}
    before |= {f"done-{code}": at for code, at in _instants(row, "done").items()}
    form = HoursForm(request.POST or None, clocks=clocks, initial=before)
    stale = request.method == "POST" and request.POST.get("revision") != str(row.revision)
    if request.method == "POST" and form.is_valid() and not stale:
        plain: dict[str, Any] = {"started": {}, "done": {}}
        for name, value in form.cleaned_data.items():
            kind, _, code = name.partition("-")
            if value:
                plain["started" if kind == "start" else "done"][code] = value.isoformat()
        _save(row, plain, {"before": row.plain, "after": plain})
        messages.success(request, said(message("Heures enregistrées.")))
        return redirect("exercises:clocks", row.uuid)
    context = {"row": row, "organisation": row.organisation, "form": form, "revision": row.revision, "stale": stale}
    return render(request, "exercises/crisis/clocks_hours.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close the clocks of a crisis, once confirmed: they are kept, and no longer change."""
    row = _row(request, uuid, Right.REHEARSE)
    if request.method == "POST":
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        record("crisis.clocks.closed", row.organisation, row, {"title": row.title})
        return redirect("exercises:crisis_clocks", row.organisation.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Clore les horloges de « {title} » ?", title=row.title)),
        "consequences": [message("Elles restent lisibles, mais plus rien ne s’y écrit.")],
        "submit": said(message("Clore")),
        "cancel": reverse("exercises:clocks", args=[row.uuid]),
    })  # fmt: skip
