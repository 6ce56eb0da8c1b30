"""Who enters the room where bids are received, and from when: before the opening nobody sees anything of them."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from egide.message import Message, message
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import models, page
from egide.web.tenders.marking.room import Room, enter
from egide.web.tenders.received.stage_words import remaining

STEP = "bids"
View = Callable[..., HttpResponseBase]


class Stage(StrEnum):
    """How far the reception of the bids is."""

    SEALED = "sealed"
    """The deadline is to come."""
    UNPUBLISHED = "unpublished"
    """The deadline has passed on a consultation that was not published."""
    TO_OPEN = "to_open"
    OPEN = "open"
    CONCLUDED = "concluded"


OPENED = frozenset({Stage.OPEN, Stage.CONCLUDED})
_OF_STATE = {
    models.State.PREPARING: Stage.UNPUBLISHED,
    models.State.PUBLISHED: Stage.TO_OPEN,
    models.State.OPENED: Stage.OPEN,
    models.State.CONCLUDED: Stage.CONCLUDED,
}


def stage(row: models.Consultation, now: datetime) -> Stage:
    """Return how far the reception of the bids is at an instant."""
    return Stage.SEALED if now < row.deadline else _OF_STATE[models.State(row.state)]


def lots_of(room: Room) -> frozenset[str]:
    """Return the lots whose bids this person may read: all for who decides, else those of its seats; never one of a conflict."""
    lots = {lot.id for lot in room.tender.lots} or {"lot-1"}
    if not room.has(Right.DECIDE):
        lots = {lot for lot in lots if any(room.declared(each.evaluator) and room.reads(each.evaluator, lot) for each in room.seats)}  # fmt: skip
    return frozenset(lots - room.kept_from)


def show(request: HttpRequest, row: models.Consultation, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:  # fmt: skip
    """Answer a page of this step, never kept by the browser."""
    response = page.show(request, row, STEP, f"tenders/received/{template}.html", context)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store, private"
    return response


def closed(request: HttpRequest, row: models.Consultation, now: datetime, status: int = 200) -> HttpResponse:
    """Answer the page of a consultation whose bids are closed: it says nothing of them."""
    known = {
        "stage": stage(row, now),
        "remaining": remaining(row.deadline, now),
        "may_open": may(request.user, Right.OPEN_BIDS, row.organisation_id),
    }
    return show(request, row, "closed", known, status)


def within(*rights: Right, change: bool = False) -> Callable[[View], View]:
    """Give a view the room of a consultation whose bids are opened, to who has all these rights.

    One that makes a `change` is refused once the consultation is concluded.
    """

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def answer(request: HttpRequest, uuid: object, **places: Any) -> HttpResponseBase:
            row = page.consultation(request, uuid)
            if not all(may(request.user, right, row.organisation_id) for right in rights):
                raise PermissionDenied
            now = timezone.now()
            here = stage(row, now)
            if here not in OPENED:
                return redirect("tenders:bids", row.uuid) if request.method in {"GET", "HEAD"} else closed(request, row, now, 409)  # fmt: skip
            if change and here is Stage.CONCLUDED:
                return _too_late(request, row)
            response = view(request, enter(request, row), **places)
            response.headers["Cache-Control"] = "no-store, private"
            return response

        return answer

    return wrap


CONCLUDED = message("La consultation est conclue : ses offres ne changent plus. Rien n’a été enregistré.")


def _too_late(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        messages.error(request, said(CONCLUDED))
        return redirect("tenders:bids", row.uuid)
    return show(request, row, "refused", {"why": CONCLUDED}, 409)


def refuse(request: HttpRequest, row: models.Consultation, why: Message) -> HttpResponse:
    """Answer a change that cannot be made; nothing is written."""
    return show(request, row, "refused", {"why": why}, 409)
