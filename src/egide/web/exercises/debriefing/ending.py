"""What a debrief leads to: observations of the establishment, and the end of the exercise."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import reference
from egide.diagnosis.observation import Observation
from egide.exercise.showing import observations
from egide.family import MEASURE_BY_CODE
from egide.message import Message, message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.establishments import convert, models
from egide.web.exercises.debriefing import played
from egide.web.exercises.debriefing.played import Seen
from egide.web.exercises.models import Exercise, State
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def observe(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write into the diagnosis what the exercise showed, once confirmed; never twice while it stands there."""
    row = played.over(request, uuid, Right.REHEARSE)
    back = room.address("debrief_papers", row)
    if models.Observation.objects.filter(origin=row.uuid, withdrawn_at=None).exists():
        messages.info(request, said(message("Les observations de cet exercice sont déjà versées au diagnostic.")))
        if request.method == "POST":
            record("debrief.observed", row.organisation, row, {"again": True})
        return redirect(back)
    its = played.seen(row)
    found = _shown(its)
    if request.method == "POST" and found:
        rows = [_row(each, row, request) for each in found]
        models.Observation.objects.bulk_create(rows)
        row.observed_at = timezone.now()
        row.save(update_fields=("observed_at",))
        told = {each.code: [str(each.low), str(each.high)] for each in rows}
        record("debrief.observed", row.organisation, row, {"observations": told})
        messages.success(request, said(message("Observations versées au diagnostic : {count}.", count=len(rows))))
        return redirect("establishments:observations", row.organisation.uuid)
    if not found:
        messages.info(request, said(message("Cet exercice ne montre assez d’aucune mesure pour en dire le niveau : ses constats restent dans le plan d’actions.")))  # fmt: skip
        if request.method == "POST":
            record("debrief.observed", row.organisation, row, {"observations": {}})
        return redirect(back)
    disputed = len(its.debrief.disputed)
    consequences = [
        *(message("{measure} : {level}", measure=MEASURE_BY_CODE[each.measure].title, level=_level(each)) for each in found),
        message("Datées du {day}, elles comptent parmi les autres observations et s’effacent avec le temps ; chacune peut être retirée.", day=its.record.held_on),
        *([message("{count} désaccord(s) d’observateurs ne sont pas tranchés : ils comptent en partie.", count=disputed)] if disputed else []),
    ]  # fmt: skip
    return render(request, "confirm.html", {
        "question": said(message("Verser au diagnostic ce que l’exercice a montré ?")),
        "consequences": consequences,
        "submit": said(message("Verser au diagnostic")),
        "cancel": back,
        "print_title": row.title,
    })  # fmt: skip


def _shown(its: Seen) -> tuple[Observation, ...]:
    rows = models.Observation.objects.filter(organisation=its.row.organisation_id, withdrawn_at=None)
    others = [convert.observation(each) for each in rows]
    return observations(its.debrief, reference.weighing(), others, its.row.title)


def _row(value: Observation, row: Exercise, request: HttpRequest) -> models.Observation:
    written = convert.observation_row(value)
    written.organisation, written.added_by, written.origin = row.organisation, room.person(request), row.uuid
    return written


def _level(value: Observation) -> Message:
    row = convert.observation_row(value)
    return convert.level(row.low, row.high)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close an exercise, once confirmed: what was played and observed no longer changes; actions are still followed."""
    row = played.over(request, uuid, Right.REHEARSE)
    back = room.address("debrief_papers", row)
    if row.state == State.CLOSED:
        if request.method == "POST":
            record("debrief.closed", row.organisation, row, {"again": True})
        return redirect(back)
    if request.method == "POST":
        row.state, row.closed_at, row.closed_by = State.CLOSED, timezone.now(), room.person(request)
        row.revision += 1
        row.changed_at = row.closed_at
        row.save(update_fields=("state", "closed_at", "closed_by", "revision", "changed_at"))
        record("debrief.closed", row.organisation, row)
        messages.success(
            request, said(message("Exercice clos. Le plan d’actions et le retour à froid restent ouverts."))
        )
        return redirect(back)
    its = played.seen(row)
    consequences = [
        message("Observateurs et joueurs ne peuvent plus rien écrire ; présences, désaccords et retour à chaud ne changent plus."),
        message("Le plan d’actions se suit toujours, et le retour à froid s’écrit toujours."),
        *([message("{count} désaccord(s) d’observateurs resteront non tranchés.", count=len(its.debrief.disputed))] if its.debrief.disputed else []),
        *([] if its.verdict.counts else [message("En l’état, cet exercice ne compte pas pour l’obligation annuelle.")]),
    ]  # fmt: skip
    return render(request, "confirm.html", {
        "question": said(message("Clore l’exercice « {title} » ?", title=row.title)),
        "consequences": consequences,
        "submit": said(message("Clore")),
        "cancel": back,
        "print_title": row.title,
    })  # fmt: skip
