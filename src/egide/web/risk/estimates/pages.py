"""The pages of estimates: those one sees, an establishment's, an old one, and the computation of a new one."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from egide.errors import DataError
from egide.web.audit.guard import record
from egide.web.diagnoses.models import Diagnosis
from egide.web.jobs import queue
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from egide.web.risk import models
from egide.web.risk.estimates import group, inputs, last, room, shown

A_PAGE = 50


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the establishments and GHTs of this person, each with its last estimate."""
    organisations = list(Organisation.objects.visible_to(request.user).filter(kind__in=room.EXPOSED))
    rows = last.of(organisations)
    listed = [(each, last.line(rows[each.pk]) if each.pk in rows else None) for each in organisations]
    groups = [each for each, _ in listed if each.kind == Kind.GROUP]
    context = {"groups": groups, "establishments": [pair for pair in listed if pair[0].kind == Kind.ESTABLISHMENT]}
    return render(request, "estimates/index.html", context)


@require_safe
@login_required
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the last estimate of an establishment, or what to do for a first one; of a GHT, its members."""
    of = room.asked(request, organisation)
    if of.kind == Kind.GROUP:
        return group.show(request, of)
    row = models.Estimate.objects.filter(organisation=of).select_related("made_by").first()
    return _shown(request, of, row, newest=True)


@require_safe
@login_required
def one(request: HttpRequest, organisation: UUID, estimate: UUID) -> HttpResponse:
    """Show an estimate, old or new, as it was made."""
    of = room.establishment(request, organisation)
    row = row_of(request, of, estimate)
    newest = not models.Estimate.objects.filter(organisation=of, made_at__gt=row.made_at).exists()
    return _shown(request, of, row, newest=newest)


def row_of(request: HttpRequest, of: Organisation, uuid: UUID) -> models.Estimate:
    """Return an estimate of an establishment that this person sees. Raises Http404."""
    rows = models.Estimate.objects.filter(organisation=of).select_related("made_by")
    found: models.Estimate = rows.one_visible_to(request.user, uuid)
    return found


def _shown(request: HttpRequest, of: Organisation, row: models.Estimate | None, *, newest: bool) -> HttpResponse:
    today = timezone.localdate()
    known = inputs.of([of], today)[of.pk]
    context = room.common(request, of, "show") | {
        "row": row,
        "newest": newest,
        "known": known,
        "job": room.under_way(of),
        "diagnosed": Diagnosis.objects.filter(organisation=of).exclude(finished_at=None).exists(),
    }
    if row is None:
        return render(request, "estimates/none.html", context)
    try:
        context["made"] = shown.Shown(shown.figures(row))
    except DataError as refused:
        return render(request, "estimates/unreadable.html", context | {"findings": refused.findings})
    if newest:
        context["stale"] = inputs.stale(row, known)
    return render(request, "estimates/show.html", context)


@require_safe
@login_required
def past(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show all the estimates of an establishment, the last first."""
    of = room.establishment(request, organisation)
    rows = models.Estimate.objects.filter(organisation=of).select_related("made_by").defer("inputs", "result")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [(row, last.line(row)) for row in page]
    return render(request, "estimates/past.html", room.common(request, of, "past") | {"page": page, "lines": lines})


@require_POST
@login_required
def ask(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Ask for a new estimate of an establishment as it is now."""
    of = room.establishment(request, organisation, Right.DESCRIBE)
    job = queue.ask(room.JOB, of, request.user, of)
    record("estimate.asked", of, of)
    return redirect("jobs:one", job.uuid)
