"""Constats of an exercise: those drawn from the play and those that people add; what is decided about each."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.exercise import debrief as core
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing import played, shown
from egide.web.exercises.debriefing.forms import FollowForm, OwnForm
from egide.web.exercises.models import Moment
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right

FOLLOWED = ("gravity", "remedy", "owner", "due", "progress")
OWN = ("what", "family", "measure", "function")


@require_safe
@login_required
def listed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List the constats, the gravest first."""
    row = played.over(request, uuid)
    its = played.seen(row)
    context = shown.common(request, row, "constats")
    context["lines"] = shown.lines(its.debrief.constats, its, timezone.localdate())
    return render(request, "exercises/debriefing/constats.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a constat of one's own: no observer ticks everything that matters."""
    row = played.over(request, uuid, Right.REHEARSE)
    script = convert.script(row)
    initial = {"gravity": core.Gravity.SIGNIFICANT, "progress": core.Progress.OPEN}
    form = OwnForm(request.POST or None, script=script, initial=initial)
    if request.method == "POST" and form.is_valid():
        cold = row.observed_at is not None or row.state == models.State.CLOSED
        key = f"own-{uuid4()}"
        made = models.Constat(exercise=row, key=key, added=True, moment=Moment.COLD if cold else Moment.HOT)
        _write(request, made, form.cleaned_data, (*FOLLOWED, *OWN))
        record("debrief.constat", row.organisation, row, {"added": made.what[:200], "gravity": made.gravity})
        messages.success(request, said(message("Constat ajouté.")))
        return redirect("exercises:constats", row.uuid)
    return _form(request, row, form, said(message("Ajouter un constat")), None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """Decide what follows from a constat: who, what, by when; follow it, even once the exercise is closed."""
    row = played.over(request, uuid, Right.REHEARSE)
    its = played.seen(row)
    value = next((each for each in its.debrief.constats if each.id == key), None)
    if value is None:
        raise Http404
    initial = FollowForm.shown(value)
    form = OwnForm(request.POST or None, script=its.script, initial=initial) if value.added else FollowForm(request.POST or None, initial=initial)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = row.constats.filter(key=key).first() or played.constat_row(row, value)
        names = (*FOLLOWED, *OWN) if value.added else FOLLOWED
        changes = {name: [str(getattr(made, name) or ""), str(form.cleaned_data[name] or "")] for name in names}
        _write(request, made, form.cleaned_data, names)
        told = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        record("debrief.constat", row.organisation, row, {"constat": made.what[:200], **told})
        messages.success(request, said(message("Constat enregistré.")))
        return redirect("exercises:plan" if made.remedy or made.owner or made.due else "exercises:constats", row.uuid)
    line = shown.lines([value], its, timezone.localdate())[0]
    return _form(request, row, form, said(message("Un constat")), line)


def _write(request: HttpRequest, made: models.Constat, data: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        setattr(made, name, data[name])
    made.changed_at, made.changed_by = timezone.now(), room.person(request)
    made.save()


def _form(request: HttpRequest, row: models.Exercise, form: Any, here: str, line: shown.Line | None) -> HttpResponse:
    context = shown.common(request, row, "constats") | {"form": form, "here": here, "line": line}
    return render(request, "exercises/debriefing/constat.html", context, status=room.status(request))
