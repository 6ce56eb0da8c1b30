"""What the pages of risk share: the organisation asked for, its tabs, the work under way."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from egide.message import message
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.jobs.models import Job, State
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may

EXPOSED = (Kind.ESTABLISHMENT, Kind.GROUP)
"""The kinds of organisations that have pages of risk."""
JOB = "estimate"
UNDER_WAY = (State.QUEUED, State.RUNNING)


def asked(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> Organisation:
    """Return an establishment or a GHT that this person sees. Raises Http404, and PermissionDenied without `right`."""
    found: Organisation = Organisation.objects.one_visible_to(request.user, uuid)
    if found.kind not in EXPOSED:
        raise Http404
    if not may(request.user, right, found.pk):
        raise PermissionDenied
    return found


def establishment(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> Organisation:
    """Return an establishment that this person sees: a GHT is estimated by its members. Raises as `asked`."""
    found = asked(request, uuid, right)
    if found.kind != Kind.ESTABLISHMENT:
        raise Http404
    return found


def common(request: HttpRequest, organisation: Organisation, view: str) -> dict[str, Any]:
    """Return what every page of an establishment's risk shows; `view` is the tab where it stands."""
    tabs = (
        ("show", message("Estimation")),
        ("assumptions", message("Hypothèses")),
        ("insurance", message("Assurance")),
        ("past", message("Estimations passées")),
    )
    return {
        "organisation": organisation,
        "can": may(request.user, Right.DESCRIBE, organisation.pk),
        "tabs": [Link(said(label), address(name, organisation), current=name == view) for name, label in tabs],
    }


def address(view: str, organisation: Organisation) -> str:
    """Return the address of a page of an organisation's risk."""
    return reverse(f"estimates:{view}", args=[organisation.uuid])


def under_way(organisation: Organisation) -> Job | None:
    """Return the computation that waits or runs for an organisation, the last asked."""
    jobs = Job.objects.filter(kind=JOB, organisation=organisation, state__in=UNDER_WAY)
    found: Job | None = jobs.select_related("owner").order_by("-created_at", "-pk").first()
    return found
