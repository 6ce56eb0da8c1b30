"""A consultation with a cost of risk: what stands against it before publication, and its evaluation.

For information the cost changes nothing else; as a criterion it is added to the price, when every guard rail holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from egide import reference
from egide.clausier.model import Clausier
from egide.desk.consultation import Consultation
from egide.desk.supplier_cost import compared, cost_of, effective, sheet
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.risk import guard_rails
from egide.risk.library import Library
from egide.tender.classing import OUT_OF_RANKING
from egide.tender.evaluation import Evaluation, Row, evaluate, score
from egide.tender.history import View
from egide.tender.lots import of_lot
from egide.tender.model import Bid, Marks, Tender
from egide.tender.readers import countable
from egide.tender.retained import retained_marks
from egide.tender.risk_cost import Ranks, RiskCost
from egide.tender.risk_terms import RiskUse
from egide.tender.rules import FILE


# ----------------------------------------------------------------------------------------------------- before publication
def checked(tender: Tender, clausier: Clausier, library: Library | None = None) -> list[Finding]:
    """Return what stands against the block `risk:` of a consultation; nothing when it has none."""
    terms = tender.risk
    if terms is None:
        return []
    known = library or reference.risk_library()
    found = [
        Finding(
            "risk.category",
            Severity.ERROR,
            message("catégorie d'établissement inconnue"),
            message("Choisir parmi : {known}.", known=tuple(known.category_by_id)),
            FILE,
            f"risk.beneficiaries[{number}].category",
            read=who.category,
        )
        for number, who in enumerate(terms.beneficiaries)
        if who.category not in known.category_by_id
    ]
    if found:
        return found
    today = sheet(tender, clausier, known)
    unknown = [each for each in (terms.transfer.points if terms.transfer else ()) if each not in today.points]
    found += [
        Finding(
            "risk.transfer_point",
            Severity.ERROR,
            message("point inconnu de la consultation"),
            message("Nommer un point gardé, qui engage le titulaire à indemniser."),
            FILE,
            "risk.transfer.points",
            point=point,
            read=point,
        )
        for point in unknown
    ]
    if not effective(today, known):
        found.append(
            Finding(
                "risk.no_points",
                Severity.DOUBT,
                message("aucun point de la consultation ne nourrit le modèle : toutes les offres auront le même coût"),
                message("Donner une famille aux points du clausier, ou retirer le bloc « risk »."),
                FILE,
                "risk",
            )
        )
    return [
        *found,
        *guard_rails.before_publication(
            tender, clausier, today, effective(today, known), overridden=bool(known.overrides)
        ),
    ]


# ------------------------------------------------------------------------------------------------------------- evaluation
def evaluated(given: Consultation, bids: Sequence[Bid], seen: View | None = None) -> Evaluation:
    """Return the evaluation of a consultation that has a cost of risk, with that of each bid.

    For information it changes nothing else. As a criterion it is added to the price compared, when every guard rail
    holds: raises DataError with those that do not.
    """
    terms = given.tender.risk
    if terms is None:
        raise DataError(message("la consultation n'a pas de bloc « risk »"))
    parts = (given.tender, given.clausier, given.rules)
    if terms.use is RiskUse.INFORMATION:
        told = tuple(checked(given.tender, given.clausier))
        if any(finding.severity is Severity.ERROR for finding in told):
            raise DataError(message("le coût du risque ne peut pas être calculé"), told)
        evaluation = evaluate(*parts, bids, given.marks, given.computed, seen)
        cost = cost_of(given.tender, given.clausier, bids, evaluation.marks, evaluation.ranking)
        return replace(evaluation, risk=cost, findings=(*evaluation.findings, *told, *_since(given, cost)))
    marks, _ = countable(given.tender, given.clausier, given.marks)
    told = _held(given, bids, marks)
    alone = cost_of(given.tender, given.clausier, bids, marks)
    evaluation = evaluate(*parts, _with_added(bids, alone, "mean"), given.marks, given.computed, seen)
    cost = cost_of(given.tender, given.clausier, bids, marks, evaluation.ranking)
    orders = {
        name: score(*parts, _with_added(bids, alone, name), marks, given.computed)[0]
        for name in ("low", "mean", "high")
    }
    orders["without"] = score(*parts, bids, marks, given.computed)[0]
    ranked = replace(cost, lots=tuple(replace(lot, ranks=_ranks(lot.lot, orders)) for lot in cost.lots))
    broken = guard_rails.of_result(ranked)
    if broken:
        raise DataError(message("le coût du risque ne peut pas servir de critère"), (*told, *broken))
    return replace(evaluation, risk=ranked, findings=(*evaluation.findings, *told))


def _since(given: Consultation, cost: RiskCost) -> Iterator[Finding]:
    """Yield a note when the parameters are no longer those that were published for information."""
    if given.sheet is not None and given.sheet.library != cost.library:
        yield Finding(
            "risk.changed",
            Severity.NOTE,
            message("les paramètres du coût du risque ont changé depuis la publication : il n'est donné que pour information"),
            message("Rien à faire ; pour retrouver les chiffres du jour de la publication, prendre la version du programme de ce jour."),
            guard_rails.PUBLICATION,
            "risk.library",
            read=given.sheet.library,
        )  # fmt: skip


def _held(given: Consultation, bids: Sequence[Bid], marks: Marks) -> tuple[Finding, ...]:
    """Return the warning that goes with a criterion. Raises DataError with the guard rails that do not hold."""
    tender, clausier = given.tender, given.clausier
    known = reference.risk_library()
    today = sheet(tender, clausier, known)
    counted = {
        lot.id: [point for point in effective(today, known) if point in of_lot(tender, clausier, lot.id).points]
        for lot in tender.lots
        if tender.risk and tender.risk.of_lot(lot.id)
    }
    found = [*checked(tender, clausier, known), *guard_rails.before_evaluation(given.sheet, today)]
    out = {each.bid for each in marks.decisions if each.bid_class in OUT_OF_RANKING}
    last = [bid for lot in counted for bid in compared(bids, lot) if bid.key not in out]
    found += guard_rails.of_marks(
        last, retained_marks(marks.points), {lot: sorted(points) for lot, points in counted.items()}, given.journal
    )
    if any(finding.severity is Severity.ERROR for finding in found):
        raise DataError(message("le coût du risque ne peut pas servir de critère"), tuple(found))
    return tuple(found)


def _with_added(bids: Sequence[Bid], cost: RiskCost, bound: str) -> list[Bid]:
    """Return the bids with what the price criterion adds: the mean, or one bound of the interval, after the cap."""
    added = {
        each.key: min(getattr(each.cost, bound), lot.cap)
        for lot in cost.lots
        if lot.cap is not None
        for each in lot.costs
    }
    return [replace(bid, added=added.get(bid.key, Decimal(0))) for bid in bids]


def _ranks(lot: str, orders: Mapping[str, Sequence[Row]]) -> Ranks:
    return Ranks(
        **{name: tuple(row.key for row in rows if row.key.lot == lot and row.rank) for name, rows in orders.items()}
    )
