"""The page of who takes part by a secret link: what was sent, what one answers; the same on a telephone and a screen."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from egide.exercise.record import Event
from egide.message import message
from egide.web.exercises import models
from egide.web.exercises.live import cards, room, telling
from egide.web.exercises.live.poll import tag_of
from egide.web.exercises.models import NoteKind, Role, State

OWN = (NoteKind.LOG, NoteKind.WELL, NoteKind.BETTER)
MOST = 20
"""Lines of one's own log that a page shows."""


def _linked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the participant of its secret, and keep its answer private."""

    def found(request: HttpRequest, secret: UUID) -> HttpResponse:
        try:
            row = room.participant(request, secret)
        except room.TooMany:
            return room.private(render(request, "429.html", status=429))
        return room.private(view(request, row, secret))

    found.__name__, found.__doc__, found.__module__ = view.__name__, view.__doc__, view.__module__
    return found


@require_safe
@_linked
def play(request: HttpRequest, row: models.Participant, secret: UUID) -> HttpResponse:
    """Show the whole page."""
    return render(request, "exercises/live/play.html", _context(row, secret))


@require_safe
@_linked
def since(request: HttpRequest, row: models.Participant, secret: UUID) -> HttpResponse:
    """Show what the page holds now, when something changed: the middleware `Poll` has answered before otherwise."""
    return _part(row, secret)


@csrf_exempt
@require_POST
@_linked
def tell(request: HttpRequest, row: models.Participant, secret: UUID) -> HttpResponse:
    """Keep what a participant says. The secret of the address is what proves who asks."""
    form = telling.TellForm(request.POST, participant=row)
    scripted = request.headers.get("X-Requested-With") == "fetch"
    if not form.is_valid():
        context = _context(row, secret) | {"form": form, "refused": request.POST}
        if scripted:
            return render(request, "exercises/live/refused.html", context, status=422)
        return render(request, "exercises/live/play.html", context, status=422)
    telling.keep(row, form)
    row.refresh_from_db(fields=("revision", "joined_at", "reached_at", "name"))
    if scripted:
        return _part(row, secret)
    response = HttpResponse(status=303)
    anchor = f"#{form.cleaned_data['event']}" if form.cleaned_data["event"] else ""
    response["Location"] = reverse("exercises:play", args=[secret]) + anchor
    return response


def _part(row: models.Participant, secret: UUID) -> HttpResponse:
    context = _context(row, secret)
    response = HttpResponse(render_to_string("exercises/live/part.html", context))
    response["ETag"] = context["tag"]
    return response


def _context(row: models.Participant, secret: UUID) -> dict[str, Any]:
    exercise = row.exercise
    context: dict[str, Any] = {"participant": row, "exercise": exercise, "secret": secret, "hour": "–", "elapsed": -1}
    if exercise.state == State.DRAFT:
        inner = _inner({"participant": row, "exercise": exercise, "waiting": True})
        return context | {"tag": tag_of(row, -1), "inner": inner, "state": message("En préparation")}
    its = room.now(exercise)
    events = room.sent_to(row, its)
    return context | {
        "tag": tag_of(row, its.elapsed),
        "inner": cards.named(_inner(_shown(row, its, events))),
        "state": its.state,
        "running": its.running,
        "elapsed": its.elapsed,
        "hour": room.hour(its.elapsed) if its.elapsed >= 0 else "–",
        "last": events[-1].id if events else "",
        "last_title": events[-1].item.title if events else "",
    }


def _inner(context: dict[str, Any]) -> str:
    return render_to_string("exercises/live/inner.html", context | {"once": cards.ONCE.pattern})


def _shown(row: models.Participant, its: room.Now, events: Sequence[Event]) -> dict[str, Any]:
    exercise = row.exercise
    own: cards.Told = ()
    ticks: cards.Ticks = ()
    if row.role != Role.SCREEN:
        own = tuple(row.notes.order_by("pk").values_list("kind", "event", "at", "text"))
    if row.role == Role.OBSERVER:
        ticks = tuple(row.ticks.order_by("pk").values_list("event", "expectation", "site", "done", "note"))
    asked = exercise.tested_at
    return {
        "participant": row,
        "exercise": exercise,
        "its": its,
        "seats": room.seats_of(row, its.script),
        "flow": cards.flow(row, its, events, own, ticks),
        "ask_test": asked and not (row.reached_at and row.reached_at >= asked),
        "open": exercise.state != State.CLOSED,
        "over": its.play.clock.ended is not None,
        "after": [(kind, kind.label) for kind in (NoteKind.WELL, NoteKind.BETTER)],
        "log": [(room.hour(at) if at >= 0 else "", text) for kind, _, at, text in reversed(own) if kind in OWN][:MOST],
    }
