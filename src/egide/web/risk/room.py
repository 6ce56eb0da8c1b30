"""What the pages of studies share: the study asked for, the owners, what waits for the engine."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from egide.web.organisations.models import Kind, Organisation, User
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed, may
from egide.web.risk import models

EXPOSED = (Kind.ESTABLISHMENT, Kind.GROUP)
"""The kinds of organisations that keep loss studies."""


def asked(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> models.Study:
    """Return a study that this person sees. Raises Http404, and PermissionDenied without `right` there."""
    found: models.Study = allowed(models.Study.objects.select_related("organisation"), request.user, uuid, right)
    return found


def owners(request: HttpRequest) -> Any:
    """Return the organisations of which this person may write studies."""
    found = Organisation.objects.visible_to(request.user, Right.DESCRIBE).filter(kind__in=EXPOSED)
    return found.order_by("name", "pk")


def person(request: HttpRequest) -> User:
    """Return who is signed in: pages of studies are for those who are."""
    return cast(User, request.user)


def common(request: HttpRequest, row: models.Study) -> dict[str, Any]:
    """Return what every page of a study shows."""
    return {"row": row, "can": may(request.user, Right.DESCRIBE, row.organisation_id)}


def partial(request: HttpRequest) -> bool:
    """Whether the page asks for its answer alone."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def answer(request: HttpRequest, names: Sequence[str], context: dict[str, Any]) -> HttpResponse:
    """Return the page (the first template), or its answer alone (the second) when it is what was asked."""
    response = render(request, names[1 if partial(request) else 0], context)
    response["Vary"] = "HX-Request"
    return response
