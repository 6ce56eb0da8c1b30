"""Pages of establishments: what they are, what is known of them, what was observed there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.family import BY_CODE, FAMILIES
from egide.message import message
from egide.web.audit.guard import record
from egide.web.audit.models import Entry
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.establishments import convert, history, shares
from egide.web.establishments.definitions import DEFINITIONS
from egide.web.establishments.forms import IdentityForm, ObservationForm, WithdrawForm, YearForm, seen, year_given
from egide.web.establishments.models import Establishment, Fact, Observation
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may

DESCRIBED = (Kind.ESTABLISHMENT, Kind.GROUP)
A_PAGE = 50


def _organisation(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> Organisation:
    """Return an establishment that this person sees. Raises Http404, and PermissionDenied without `right` there."""
    organisation: Organisation = Organisation.objects.one_visible_to(request.user, uuid)
    if organisation.kind not in DESCRIBED:
        raise Http404
    if not may(request.user, right, organisation.pk):
        raise PermissionDenied
    return organisation


def _common(request: HttpRequest, organisation: Organisation, view: str) -> dict[str, Any]:
    tabs = (
        ("show", message("Présentation")),
        ("observations", message("Observations")),
        ("history", message("Historique")),
    )
    return {
        "organisation": organisation,
        "may_describe": may(request.user, Right.DESCRIBE, organisation.pk),
        "tabs": [Link(said(label), history.address(name, organisation), current=name == view) for name, label in tabs],
    }


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the establishments of this person."""
    organisations = Organisation.objects.visible_to(request.user).filter(kind__in=DESCRIBED)
    rows = organisations.select_related("establishment").annotate(
        observed=Count("observation", filter=Q(observation__withdrawn_at=None))
    )
    return render(request, "establishments/index.html", {"organisations": rows})


@require_safe
@login_required
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show what is known of an establishment."""
    of = _organisation(request, organisation)
    establishment = Establishment.objects.visible_to(request.user).filter(organisation=of).first()
    rows = Fact.objects.visible_to(request.user).filter(establishment__organisation=of)
    known = convert.known(rows)
    today = timezone.localdate()
    context = {
        "establishment": establishment,
        "groups": convert.grouped(known),
        "known": known,
        "definitions": DEFINITIONS,
        "shares": shares.shares(convert.figures(known)),
        "last_year": today.year - 1,
        "years": sorted({row.year for row in rows} | {today.year - 1, today.year}, reverse=True),
    }
    return render(request, "establishments/show.html", _common(request, of, "show") | context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def identity(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Change the category and register numbers."""
    of = _organisation(request, organisation, Right.DESCRIBE)
    establishment = Establishment.objects.filter(organisation=of).first() or Establishment(organisation=of)
    before = {name: getattr(establishment, name) for name in IdentityForm.base_fields}
    form = IdentityForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(establishment, name, value)
        establishment.save()
        after = form.cleaned_data
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        record("establishment.identity", of, establishment, changed)
        messages.success(request, said(message("Identité enregistrée.")))
        return redirect("establishments:show", of.uuid)
    return render(request, "establishments/identity.html", _common(request, of, "show") | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def year(request: HttpRequest, organisation: UUID, year: int) -> HttpResponse:
    """Change the facts of one year."""
    of = _organisation(request, organisation, Right.DESCRIBE)
    today = timezone.localdate()
    if not year_given(year, today):
        raise Http404
    known = convert.known(Fact.objects.visible_to(request.user).filter(establishment__organisation=of, year=year))
    form = YearForm(request.POST or None, before={code: rows[0].value for code, rows in known.items()})
    if request.method == "POST" and form.is_valid():
        _write(of, year, form)
        messages.success(request, said(message("Données de {year} enregistrées.", year=year)))
        return redirect("establishments:show", of.uuid)
    context = {"form": form, "year": year, "known": known, "others": list(range(today.year + 1, today.year - 5, -1))}  # fmt: skip
    return render(request, "establishments/year.html", _common(request, of, "show") | context)


def _write(of: Organisation, year: int, form: YearForm) -> None:
    """Write the facts that a form changes, and tell the trail of each."""
    establishment, _ = Establishment.objects.get_or_create(organisation=of)
    changes = form.changes()
    gone = [code for code, (_, value) in changes.items() if value is None]
    establishment.facts.filter(year=year, code__in=gone).delete()
    source = form.cleaned_data["source"]
    rows = [
        Fact(establishment=establishment, code=code, year=year, value=convert.written(value), source=source)
        for code, (_, value) in changes.items()
        if value is not None
    ]
    Fact.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["establishment", "code", "year"], update_fields=["value", "source"]
    )
    told = {f"{code} {year}": [each and convert.written(each) for each in pair] for code, pair in changes.items()}
    record("establishment.facts", of, establishment, told | {"source": source})


@require_safe
@login_required
def observations(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the observations, the last first, and what each family has."""
    of = _organisation(request, organisation)
    rows = Observation.objects.visible_to(request.user).filter(organisation=of)
    counted = {
        row["family"]: row
        for row in rows.filter(withdrawn_at=None).values("family").annotate(count=Count("pk"), last=Max("observed_on")).order_by()
    }  # fmt: skip
    chosen = request.GET.get("famille", "")
    if chosen in BY_CODE:
        rows = rows.filter(family=chosen)
    page = Paginator(rows.select_related("added_by", "withdrawn_by"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, seen(row), convert.level(row.low, row.high)) for row in page],
        "families": [(family, counted.get(family.code)) for family in FAMILIES],
        "chosen": chosen,
    }
    return render(request, "establishments/observations.html", _common(request, of, "observations") | context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def observe(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Add an observation."""
    of = _organisation(request, organisation, Right.DESCRIBE)
    form = ObservationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"organisation": of, "added_by": request.user}
        observation = Observation.objects.create(**values)
        record("observation.added", of, observation, history.told(observation))
        messages.success(request, said(message("Observation ajoutée.")))
        return redirect("establishments:observations", of.uuid)
    return render(request, "establishments/observe.html", _common(request, of, "observations") | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, organisation: UUID, observation: UUID) -> HttpResponse:
    """Withdraw an observation: it stays, with the reason."""
    of = _organisation(request, organisation, Right.DESCRIBE)
    row = Observation.objects.one_visible_to(request.user, observation)
    if row.organisation_id != of.pk:
        raise Http404
    if row.withdrawn_at:
        messages.info(request, said(message("Cette observation était déjà retirée.")))
        return redirect("establishments:observations", of.uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row.withdrawn_at, row.withdrawn_by = timezone.now(), request.user
        row.withdrawn_reason = form.cleaned_data["reason"]
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        record("observation.withdrawn", of, row, {"reason": row.withdrawn_reason})
        messages.success(request, said(message("Observation retirée.")))
        return redirect("establishments:observations", of.uuid)
    context = {
        "form": form,
        "row": row,
        "what": seen(row),
        "level": convert.level(row.low, row.high),
    }
    return render(request, "establishments/withdraw.html", _common(request, of, "observations") | context)


@require_safe
@login_required
def past(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show who changed what, from the trail."""
    of = _organisation(request, organisation)
    entries = Entry.objects.filter(organisation=of, subject_kind__startswith="establishments.").select_related("actor")
    page = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [history.line(entry) for entry in page]}
    return render(request, "establishments/history.html", _common(request, of, "history") | context)
