"""Step 3: criteria and what feeds them, evaluators and the accounts that sit as them, price schedule, rules of the award."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from egide import plain
from egide.desk.held import held
from egide.errors import DataError
from egide.exchange.prices import schedule_list
from egide.message import message
from egide.tender import price, words
from egide.tender.model import Kind
from egide.tender.procedure.publication import number, share
from egide.web.audit import guard
from egide.web.design.words import said
from egide.web.organisations.models import User
from egide.web.organisations.roles import RIGHTS, Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import editing, forms_method, links
from egide.web.tenders.preparing.parts import CRITERION, METHOD

PART = {part.name: part for part in METHOD}


# -------------------------------------------------------------------------------------------------------------- criteria
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def criteria(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the criteria with their weights, or add one."""
    row, can = editing.asked(request, uuid)
    if request.method == "POST" and not can:
        return editing.closed(request, request.path)
    given = request.POST if request.method == "POST" else None
    part = PART["method"]
    form = forms_method.NewCriterion(given, of=None, known=editing.known(row), editable=can)
    change = editing.amendment(request, row, part.keys, can=can)
    if given is not None and all(each.is_valid() for each in (form, change) if each is not None):
        made = form.written()
        taken = {each["id"] for each in row.definition["criteria"]}
        made = {"id": forms_method.slug(made["title"], taken, "critere"), **made}
        definition = {**row.definition, "criteria": [*row.definition["criteria"], made]}
        try:
            editing.store(request, row, definition, part.keys, change)
        except DataError as refusal:
            form.add_error(None, [said(each.understood) for each in refusal.findings])
        except page.Changed:
            row = page.consultation(request, uuid)
            form.add_error(None, said(message("La consultation a changé pendant votre saisie : vérifiez les critères ci-dessous, puis ajoutez le vôtre.")))  # fmt: skip
        else:
            messages.success(request, said(message("Critère ajouté.")))
            return redirect("tenders:criterion", row.uuid, made["id"])
    return page.show(request, row, "method", "tenders/method/criteria.html", {
        "part": part,
        "tabs": editing.tabs(row, part, METHOD),
        "told": links.of_part(row, part.name) if row.state == models.State.PREPARING else [],
        "can": can,
        "form": form,
        "amendment": change,
        "base": editing.base(row, part.keys),
        **_shown(row),
    })  # fmt: skip


def _shown(row: models.Consultation) -> dict[str, Any]:
    """Return the criteria as the page shows them, and the sum of their weights."""
    try:
        known = convert.tender(row).criteria
    except DataError:
        return {"criteria": [], "total": None}
    entries = [
        {
            "id": each.id,
            "title": each.title or each.id,
            "weight": number(each.weight),
            "kind": words.KINDS[each.kind],
            "formula": price.FORMULAS[each.formula].title if each.kind is Kind.PRICE and each.formula in price.FORMULAS else "",
            "scale": number(each.scale),
            "environmental": each.environmental,
            "subcriteria": [(sub.title or sub.id, number(share(each, sub))) for sub in each.subcriteria],
        }
        for each in known
    ]  # fmt: skip
    return {"criteria": entries, "total": sum((each.weight for each in known), Decimal(0))}


def _place(row: models.Consultation, criterion: str) -> int:
    found = next((n for n, each in enumerate(row.definition["criteria"]) if each["id"] == criterion), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def criterion(request: HttpRequest, uuid: UUID, criterion: str) -> HttpResponse:
    """Show or change one criterion and its sub-criteria."""
    row = page.consultation(request, uuid)
    place = _place(row, criterion)
    own = row.definition["criteria"][place]
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, uuid, criterion)
    context = {
        "criterion": own,
        "formulas": [
            (formula, price.faults(code)) for code, formula in price.FORMULAS.items()
        ],
        "sum": sum((plain.decimal(each["weight"]) for each in own.get("subcriteria", ())), Decimal(0)),
    }  # fmt: skip
    return editing.edit(
        request, uuid, CRITERION, path=f"criteria[{place}]", context=context, row_of="method", parts=METHOD
    )


def _removed(request: HttpRequest, uuid: UUID, criterion: str) -> HttpResponse:
    """Take a criterion away: one click, told, and undone by adding it again."""
    row, can = editing.asked(request, uuid)
    if not can:
        return editing.closed(request, request.path)
    change = editing.amendment(request, row, CRITERION.keys, can=can)
    if change is not None and not change.is_valid():
        messages.error(request, said(message("Décrivez la modification avant de retirer le critère : date et raison.")))
        return redirect(request.path)
    left = [each for each in row.definition["criteria"] if each["id"] != criterion]
    try:
        editing.store(request, row, {**row.definition, "criteria": left}, CRITERION.keys, change)
    except (page.Changed, DataError):
        messages.error(request, said(message("La consultation a changé pendant votre saisie : rien n’a été retiré.")))
        return redirect(request.path)
    messages.success(request, said(message("Critère retiré.")))
    return redirect("tenders:method", row.uuid)


# ------------------------------------------------------------------------------------------------------------ evaluators
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def evaluators(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show or change who reads what, and the accounts that sit as each evaluator."""
    row = page.consultation(request, uuid)
    seats: dict[str, list[models.Seat]] = {}
    for seat in models.Seat.objects.filter(consultation=row).select_related("user").order_by("pk"):
        seats.setdefault(seat.evaluator, []).append(seat)
    people = _markers(row)
    context = {
        "seats": [
            (each, seats.get(each["id"], []), [person for person in people if person.pk not in {seat.user_id for seat in seats.get(each["id"], [])}])
            for each in row.definition.get("evaluators", ())
        ],
        "people": people,
    }  # fmt: skip
    return editing.edit(request, uuid, PART["evaluators"], parts=METHOD, context=context)


def _markers(row: models.Consultation) -> list[User]:
    """Return the people of the organisation who may mark."""
    roles = [role for role, rights in RIGHTS.items() if Right.MARK in rights]
    people = User.objects.filter(
        membership__organisation=row.organisation_id, membership__role__in=roles, is_active=True
    )
    return list(people.distinct().order_by("full_name", "email"))


@require_POST
@login_required
def seat(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give or take the seat of an evaluator: until the consultation is concluded."""
    row = page.consultation(request, uuid, Right.PREPARE)
    back = redirect("tenders:evaluators", row.uuid)
    if row.state == models.State.CONCLUDED:
        messages.error(request, said(message("La consultation est conclue : les évaluateurs ne changent plus.")))
        return back
    if "remove" in request.POST:
        return _unseated(request, row, back)
    evaluator = request.POST.get("evaluator", "")
    user = next((each for each in _markers(row) if str(each.uuid) == request.POST.get("user", "")), None)
    if user is None or evaluator not in {each["id"] for each in row.definition.get("evaluators", ())}:
        messages.error(request, said(message("Choisissez une personne de l’organisation qui peut noter.")))
        return back
    made, new = models.Seat.objects.get_or_create(consultation=row, evaluator=evaluator, user=user)
    if new:
        guard.record("seat.given", row.organisation, made, {"evaluator": evaluator, "user": str(user.uuid)})
    messages.success(request, said(message("{person} note comme « {evaluator} ».", person=user, evaluator=evaluator)))
    return back


def _unseated(request: HttpRequest, row: models.Consultation, back: HttpResponse) -> HttpResponse:
    try:
        wanted = UUID(request.POST["remove"])
    except ValueError:
        raise Http404 from None
    own = models.Seat.objects.filter(consultation=row, uuid=wanted).select_related("user").first()
    if own is None:
        raise Http404
    guard.record("seat.taken", row.organisation, own, {"evaluator": own.evaluator, "user": str(own.user.uuid)})
    own.delete()
    messages.success(request, said(message("{person} ne note plus comme « {evaluator} ».", person=own.user, evaluator=own.evaluator)))  # fmt: skip
    return back


# -------------------------------------------------------------------------------------------------- schedule, and rules
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, uuid: UUID, part: str) -> HttpResponse:
    """Show or change the rules of the award."""
    return editing.edit(request, uuid, PART[part], parts=METHOD)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def schedule(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show or change the price schedule; a table of one's own fills it in, to be checked before it is saved."""
    upload = forms_method.ScheduleFile()
    context: dict[str, Any] = {"upload": upload, "read": None, "found": []}
    proposed = None
    if request.method == "POST" and "read" in request.POST:
        upload = context["upload"] = forms_method.ScheduleFile(request.POST, request.FILES)
        row, can = editing.asked(request, uuid)
        if not can:
            return editing.closed(request, request.path)
        kept = row.definition.get("schedule") or {}
        if upload.is_valid():
            file = upload.cleaned_data["list"]
            with held(file.read()) as place:
                lines, context["found"] = schedule_list.read(place, file.name)
            context["read"] = len(lines)
            kept = {**kept, "lines": plain.unstructure(lines)} if lines else kept
        proposed = {"schedule": kept}
    return editing.edit(request, uuid, PART["schedule"], parts=METHOD, context=context, proposed=proposed)


urlpatterns = [
    path("<uuid:uuid>/methode/", criteria, name="method"),
    path("<uuid:uuid>/methode/criteres/<str:criterion>/", criterion, name="criterion"),
    path("<uuid:uuid>/methode/evaluateurs/", evaluators, name="evaluators"),
    path("<uuid:uuid>/methode/sieges/", seat, name="seat"),
    path("<uuid:uuid>/methode/cadre-de-prix/", schedule, name="schedule"),
    path("<uuid:uuid>/methode/regles/", edit, {"part": "rules"}, name="rules"),
]
