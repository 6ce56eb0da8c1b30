"""What the pages of diagnoses share: the organisation or the diagnosis asked for, its tabs, who may answer."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from egide.message import message
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.diagnoses import models
from egide.web.organisations.models import Kind, Organisation, User
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed, may

DIAGNOSED = (Kind.ESTABLISHMENT, Kind.GROUP)
"""The kinds of organisations that have pages here; a group has those of its members together."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def organisation(request: HttpRequest, uuid: UUID, right: Right = Right.SEE, *, group: bool = True) -> Organisation:
    """Return an organisation that this person sees. Raises Http404, and PermissionDenied without `right` there.

    `group` says whether a group has that page too.
    """
    found: Organisation = Organisation.objects.one_visible_to(request.user, uuid)
    if found.kind not in DIAGNOSED or (found.kind == Kind.GROUP and not group):
        raise Http404
    if not may(request.user, right, found.pk):
        raise PermissionDenied
    return found


def diagnosis(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> models.Diagnosis:
    """Return a diagnosis that this person sees. Raises Http404, and PermissionDenied without `right` there."""
    rows = models.Diagnosis.objects.select_related("organisation", "questionnaire", "begun_by", "finished_by")
    found: models.Diagnosis = allowed(rows, request.user, uuid, right)
    return found


def locked(row: models.Diagnosis) -> models.Diagnosis | None:
    """Return a diagnosis as it is now, held until this request ends; None when it is finished or gone."""
    rows = models.Diagnosis.objects.select_for_update(of=("self",)).filter(pk=row.pk, finished_at=None)
    found: models.Diagnosis | None = rows.first()
    if found:
        found.organisation, found.questionnaire = row.organisation, row.questionnaire
    return found


def person(request: HttpRequest) -> User:
    """Return who is signed in: these pages are for those who are."""
    return cast(User, request.user)


def may_answer(request: HttpRequest, of: Organisation) -> bool:
    """Whether this person may answer for an organisation."""
    return may(request.user, Right.DIAGNOSE, of.pk)


def partial(request: HttpRequest) -> bool:
    """Whether the page asks for a part of itself."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def status(request: HttpRequest) -> int:
    """Return the status of a page whose form was not accepted, or not sent."""
    return 200 if request.method in {"GET", "HEAD"} else 422


def day(row: models.Diagnosis) -> date:
    """Return the day on which a diagnosis is read: the day it was finished, else today."""
    return timezone.localdate(row.finished_at) if row.finished_at else timezone.localdate()


def of_organisation(request: HttpRequest, found: Organisation, view: str) -> dict[str, Any]:
    """Return what each page of an organisation shows: its tabs, and whether this person may answer."""
    group = found.kind == Kind.GROUP
    named = (
        ("show", message("Diagnostics")),
        ("compare", message("Comparer les membres") if group else message("Au fil du temps")),
        ("map", message("Fournisseurs communs") if group else message("Cartographie")),
        *((("grids", message("Grilles")),) if not group else ()),
    )
    return {
        "organisation": found,
        "group": group,
        "can": may_answer(request, found),
        "tabs": [Link(said(label), address(name, found), current=name == view) for name, label in named],
    }


def address(view: str, of: Organisation | models.Diagnosis | models.Questionnaire) -> str:
    """Return the address of a page of an organisation, of a diagnosis or of a grid."""
    return reverse(f"diagnoses:{view}", args=[of.uuid])


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return the answer that sends a file made for this request, saved under its name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def name_of(row: models.Diagnosis, suffix: str) -> str:
    """Return the name of a file of a diagnosis."""
    return f"diagnostic-{slugify(row.organisation.name) or 'etablissement'}-{day(row):%Y-%m-%d}.{suffix}"
