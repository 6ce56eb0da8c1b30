"""Step 3, the cost of risk: asked for here, with its guard rails and, on demand, what each point of the clausier is worth."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from egide import reference
from egide.clausier.model import Point
from egide.desk import risk_preview
from egide.desk.consultation import Consultation as Given
from egide.errors import DataError
from egide.family import MEASURE_BY_CODE
from egide.message import Message, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_cost import ROUGH
from egide.report.risk_words import Words
from egide.risk.attribution import OTHERS, ROUNDING, Shown, shown
from egide.risk.guard_rails import WARNING
from egide.risk.interval import Interval
from egide.tender import words
from egide.tender.model import Lot
from egide.tender.risk_cost import Line, LotCost, RiskCost, Span
from egide.tender.risk_terms import RiskUse
from egide.web.design.words import language, said
from egide.web.establishments.models import Establishment, Fact
from egide.web.tenders import models, page
from egide.web.tenders.preparing import editing, links
from egide.web.tenders.preparing.parts import METHOD

PART = next(part for part in METHOD if part.name == "risk")
WORTH = "valeur"
"""The key of a query that asks what each point is worth."""
FIRST = 10
FACTS: Mapping[str, Decimal] = {
    "revenue": Decimal(1),
    "activity_share": Decimal(100),
    "beds": Decimal(1),
    "places": Decimal(1),
    "persons": Decimal(1),
}
"""The facts of an establishment that describe a beneficiary, and what each is divided by: percents."""
STANDINGS: Mapping[risk_preview.Standing, tuple[str, Message]] = {
    risk_preview.Standing.HELD: ("good", message("tient")),
    risk_preview.Standing.REFUSED: ("error", message("ne tient pas")),
    risk_preview.Standing.LATER: ("info", message("vérifié à l’évaluation")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show or change how the cost of risk is asked for; what the points are worth is computed when it is asked."""
    row, can = editing.asked(request, uuid)
    kept = row.definition.get("risk")
    proposed, known = None, {}
    if request.method != "POST" and can and not kept:
        known = _establishment(request, row)
        proposed = {"risk": {"beneficiaries": [{"category": "", **known}]}}
    context = {
        "kept": kept,
        "prefilled": bool(known),
        "as_criterion": bool(kept) and kept.get("use") == RiskUse.CRITERION.value,
        "warning": WARNING,
        **({} if request.method == "POST" else _seen(row, asked=bool(kept) and WORTH in request.GET)),
    }
    return editing.edit(request, uuid, PART, parts=METHOD, context=context, proposed=proposed)


def _establishment(request: HttpRequest, row: models.Consultation) -> dict[str, str]:
    """Return what the facts of the buyer's own establishment say of a beneficiary: two queries."""
    of = Establishment.objects.visible_to(request.user).filter(organisation=row.organisation_id).first()
    if of is None:
        return {}
    found = {"category": of.category} if of.category in reference.risk_library().category_by_id else {}
    for fact in Fact.objects.filter(establishment=of, code__in=FACTS).order_by("year"):
        found[fact.code] = str(Decimal(fact.value) / FACTS[fact.code])
    return found


# --------------------------------------------------------------------------------------------------- what the page shows
def _seen(row: models.Consultation, *, asked: bool) -> dict[str, Any]:
    """Return the guard rails and, when asked, what the points are worth; what refuses them is said by the page itself."""
    try:
        given = page.prepared(row)
        context: dict[str, Any] = {"rails": _rails(given)}
    except DataError:
        return {}
    if not asked:
        return context
    try:
        cost = risk_preview.worth(given.tender, given.clausier)
    except DataError as refusal:
        return {**context, "unworthy": [links.of_page(each) for each in refusal.findings]}
    lots = {lot.id: lot for lot in given.tender.lots}
    context["made_with"] = _made_with(cost)
    return {**context, "worth": [_lot(row, given, cost, lots[each.lot], each) for each in cost.lots]}


def _made_with(cost: RiskCost) -> Message:
    """Return what the figures rest on: they may not be shown without it."""
    grades = list(cost.marks.values())
    return message(
        "Calculé sur {draws} tirages, dont les paramètres comprennent {assumed} hypothèses d’Égide [A] et {memory} valeurs de mémoire, à vérifier [M] ; bibliothèque {library}.",
        draws=cost.draws,
        assumed=grades.count("A"),
        memory=grades.count("M"),
        library=cost.library[:16],
    )


def _rails(given: Given) -> dict[str, Any]:
    made = risk_preview.rails(given.tender, given.clausier)
    return {
        "holds": made.holds,
        "others": [links.of_page(each) for each in made.others],
        "rows": [
            (seen.rail.number, seen.rail.title, *STANDINGS[seen.standing], list(zip(seen.why, _remedies(seen), strict=False)))
            for seen in made.rails
        ],
    }  # fmt: skip


def _remedies(seen: risk_preview.Seen) -> list[Message]:
    return [links.of_page(each).remedy for each in seen.findings]


def _lot(row: models.Consultation, given: Given, cost: RiskCost, lot: Lot, of: LotCost) -> dict[str, Any]:
    """Return what a lot shows: three suppliers that do not exist, and the points that weigh the most between them."""
    told = Words(Setter(language(), plain_text), 1 if of.order_of_magnitude else 2)
    stones = of.landmarks
    apart = sum((line.share.mean for line in of.worth), Decimal(0))
    spans = {line.point: line for line in of.worth}
    lines = shown([(line.point, line.share.mean) for line in of.worth], apart, told.figures, FIRST)
    return {
        "title": lot.title or lot.id,
        "several": len(given.tender.lots) > 1,
        "years": told.set.number(cost.years, None),
        "rough": ROUGH if of.order_of_magnitude else "",
        "landmarks": [
            (said(message("Fournisseur qui prouve tout")), told.amount(_interval(stones.proven))),
            (said(message("Fournisseur moyen")), told.amount(_interval(stones.reference))),
            (said(message("Fournisseur qui ne répond à rien")), told.amount(_interval(stones.blank))),
        ],
        "apart": told.euros(float(apart)),
        "points": [_point(row, given, told, each, spans.get(each.name), len(of.worth) - FIRST) for each in lines],
        "without": len(of.without_effect),
    }


def _point(
    row: models.Consultation, given: Given, told: Words, each: Shown, line: Line | None, others: int
) -> dict[str, Any]:
    """Return a line of the table: a point with its measure and its weight, the others, the rounding."""
    if line is None:
        titles = {OTHERS: message("aux {count} autres points", count=others), ROUNDING: message("à l’arrondi")}
        return {"title": titles[each.name], "amount": told.euros(float(each.amount))}
    point = given.clausier.points[each.name]
    return {
        "id": each.name,
        "url": reverse("tenders:point", args=[row.uuid, each.name]),
        "title": point.title,
        "measure": MEASURE_BY_CODE[line.measure].title,
        "weight": _weight(point),
        "amount": told.euros(float(each.amount)),
        "between": told.between(_interval(line.share)),
    }


def _weight(point: Point) -> object:
    """Return the weight of a point in the marks, or how it is used without one."""
    return str(point.weight) if point.award_use.scores else words.AWARD_USES[point.award_use]


def _interval(span: Span) -> Interval:
    return Interval(float(span.mean), float(span.low), float(span.high))


urlpatterns = [path("<uuid:uuid>/methode/cout-du-risque/", edit, name="risk")]
