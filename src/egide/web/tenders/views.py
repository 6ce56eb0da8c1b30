"""The list of consultations, and how one begins."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide import reference
from egide.desk.new_tender import begun
from egide.errors import DataError
from egide.message import message
from egide.tender.model import PointUse, Tender
from egide.web.audit import guard
from egide.web.clauses import wish
from egide.web.clauses.convert import published
from egide.web.design.navigation import address
from egide.web.design.words import language, said
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import organisations_of
from egide.web.tenders import convert, forms_new, models, page
from egide.web.tenders.forms_list import Filter
from egide.web.tenders.preparing import editing

A_PAGE = 25


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the consultations that this person sees: state, deadline, what lacks, where work goes on."""
    rows = (
        models.Consultation.objects.visible_to(request.user)
        .select_related("organisation", "clausier")
        .defer("clausier__content")
    )
    organisations = list(Organisation.objects.visible_to(request.user))
    form = Filter(request.GET or None, organisations=organisations)
    shown = form.applied(rows, timezone.now())
    found = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "tenders/index.html", {
        "form": form,
        "page": found,
        "entries": [(row, _lacking(row), page.STEP[page.open_step(request, row, _step(row))]) for row in found],
        "filtered": form.is_bound and form.is_valid() and any(form.cleaned_data.values()),
        "may_begin": bool(organisations_of(request.user, Right.PREPARE)),
        "load": address("tenders:load"),
    })  # fmt: skip


def _lacking(row: models.Consultation) -> int:
    return sum(page.missing(page.against(row)).values()) if row.state == models.State.PREPARING else 0


def _step(row: models.Consultation) -> str:
    """Return the step where work goes on."""
    if row.state == models.State.PREPARING:
        lacking = page.missing(page.against(row))
        return next((step.name for step in page.STEPS if lacking.get(step.name)), "documents")
    return {models.State.PUBLISHED: "bids", models.State.OPENED: "marking"}.get(models.State(row.state), "result")


@require_safe
@login_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go to the step where work goes on."""
    row = page.consultation(request, uuid)
    return redirect(f"tenders:{page.open_step(request, row, _step(row))}", row.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin a consultation: from scratch, or from the answers given to the assistant (its link brings them here)."""
    organisations = list(Organisation.objects.visible_to(request.user, Right.PREPARE))
    if not organisations:
        raise PermissionDenied
    given, doubts = wish.read({name: request.GET.getlist(name) for name in request.GET}, reference.clausier())
    first = forms_new.first(given, timezone.localdate())
    form = forms_new.New(request.POST or None, organisations=organisations, initial=first)
    if request.method == "POST" and form.is_valid():
        own = form.organisation
        try:
            tender = _begun(form, own, given)
        except DataError as refusal:
            for finding in refusal.findings:
                form.add_error(None, said(finding.understood))
        else:
            row = _created(request, tender, own)
            messages.success(request, said(message("La consultation est commencée : rien n’est publié tant que vous ne l’avez pas décidé.")))  # fmt: skip
            return redirect("tenders:purchase", row.uuid)
    return render(request, "tenders/new.html", {
        "form": form,
        "doubts": doubts,
        "by_hand": len(given.keep) + len(given.drop),
        "load": address("tenders:load"),
        "assistant": address("clauses:assistant"),
        "cancel": reverse("tenders:index"),
    })  # fmt: skip


def _begun(form: forms_new.New, own: Organisation, given: wish.Wish) -> Tender:
    """Return the first definition of a consultation."""
    values: dict[str, Any] = form.cleaned_data
    asked = form.wish(given)
    made = begun(
        asked.described,
        values["sent_on"],
        language(),
        title=values["title"],
        buyer=own.name,
        siret=own.siret,
        lots=values["lots"],
        estimate=str(values["amount"]) if values["amount"] is not None else "",
    ).tender
    points = {each: PointUse(keep=each in asked.keep) for each in (*asked.keep, *asked.drop)}
    return replace(made, reference=values["reference"], buyer=replace(made.buyer, address=own.address), points=points)


def _created(request: HttpRequest, tender: Tender, own: Organisation) -> models.Consultation:
    row: models.Consultation = models.Consultation.objects.create(
        organisation=own,
        title=tender.title,
        reference=tender.reference,
        deadline=tender.deadline,
        definition=convert.definition(tender),
        clausier=published(reference.clausier()),
        created_by=editing.person(request),
    )
    guard.record("consultation.created", own, row, {"title": tender.title})
    return row
