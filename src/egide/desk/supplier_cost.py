"""The expected cost of incidents of each bid of a consultation: what is retained of it, its cost, its explanation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from egide import reference
from egide.clausier.model import Clausier
from egide.clausier.purchase import combined
from egide.errors import DataError
from egide.finding import Severity
from egide.message import message
from egide.risk import attribution, supplier
from egide.risk.draws import Draws, drawn
from egide.risk.exposure import exposed
from egide.risk.interval import Interval
from egide.risk.library import Library
from egide.risk.supplier import Profile, Purchase, Retained, SupplierCost
from egide.tender.evaluation import Row
from egide.tender.lots import of_lot
from egide.tender.model import Acceptance, Answer, Bid, BidKey, Lot, Marks, PointMark, Tender
from egide.tender.points import proposal
from egide.tender.retained import retained_marks
from egide.tender.risk_cost import BidCost, Explained, Landmarks, Line, LotCost, RiskCost, Span
from egide.tender.risk_terms import Beneficiaries, RiskSheet, RiskTerms, RiskUse, SheetPoint, faults

Array = NDArray[np.float64]
Marked = Mapping[tuple[BidKey, str], Sequence[PointMark]]


# ------------------------------------------------------------------------------------------------------------ the model
@lru_cache(maxsize=4)
def draws_of(library: Library, count: int, seed: int) -> Draws:
    """Return the draws that all bids share, kept for the next call."""
    return drawn(library, count=count, seed=seed)


def sheet(tender: Tender, clausier: Clausier, library: Library | None = None) -> RiskSheet:
    """Return what is published of the cost of risk of a consultation that has one. `clausier` is narrowed to its points."""
    vocabulary, known = reference.vocabulary(), library or reference.risk_library()
    profiles = [vocabulary.profile[each] for each in tender.purchase.profiles if each in vocabulary.profile]
    facets = combined(profiles, tender.purchase.facets)
    supplied = [each.id for each in known.scenarios if each.supplied]
    return RiskSheet(known.digest, supplier.possible(supplied, facets), supplier.counted(clausier), dict(_caps(tender)))


def _caps(tender: Tender) -> Iterable[tuple[str, Decimal]]:
    if tender.risk is None or tender.risk.use is RiskUse.INFORMATION:
        return
    for lot in tender.lots:
        value = lot.estimate if lot.estimate is not None or len(tender.lots) > 1 else tender.estimate
        if value is not None and tender.risk.of_lot(lot.id) is not None:
            yield lot.id, (value * tender.risk.cap).quantize(attribution.CENT, ROUND_FLOOR)


def refuse_faults(terms: RiskTerms, lots: Sequence[str]) -> None:
    """Refuse terms that cannot be computed with. Raises DataError with all that is wrong in them."""
    found = [each for each in faults(terms, lots, 0) if each.severity is Severity.ERROR]
    if found:
        raise DataError(message("le coût du risque ne peut pas être calculé"), tuple(found))


def bought(terms: RiskTerms, who: Beneficiaries, scenarios: Sequence[str], library: Library) -> Purchase:
    """Return the purchase ready to cost suppliers; `terms` tell their years. Raises DataError on an unknown category."""
    exposure = exposed(
        library,
        who.category,
        revenue=float(who.revenue),
        activity_share=None if who.activity_share is None else float(who.activity_share),
        beds=float(who.beds),
        places=float(who.places),
        persons=float(who.persons),
    )
    heads = supplier.HEADS if terms.use is RiskUse.INFORMATION else supplier.HEADS[:-1]
    low, mode, high = (float(each) for each in who.criticality)
    profile = Profile(exposure, float(terms.years or 0), (low, mode, high), tuple(scenarios), heads)
    return supplier.purchase(profile, draws_of(library, terms.draws, terms.seed))


def effective(published_sheet: RiskSheet, library: Library) -> frozenset[str]:
    """Return the points of a sheet on which a scenario of the purchase depends."""
    measures = {
        effect.measure
        for effect in library.effects
        for act in effect.acts
        if act.side == "supplier" and set(act.scenarios) & set(published_sheet.scenarios)
    }
    return frozenset(point for point, each in published_sheet.points.items() if each.measure in measures)


# ------------------------------------------------------------------------------------------------------- what is retained
def retained(
    clausier: Clausier,
    points: Mapping[str, SheetPoint],
    answers: Mapping[str, Answer],
    marks: Mapping[str, Sequence[PointMark]],
) -> dict[str, Retained]:
    """Return what is retained of each point of one bid.

    A mark counts as proven when a proof was seen. Evaluators who do not agree leave a doubt, which counts for nothing.
    Before any mark the answer counts as declared: the result is then provisional.
    """
    made = {}
    for identifier in points:
        given = marks.get(identifier, ())
        if given:
            kept = _of_marks(clausier, identifier, given)
        else:
            level = proposal(clausier.points[identifier], answers.get(identifier))[0]
            kept = _valued(clausier, identifier, level, proven=False)
        if kept is not None:
            made[identifier] = kept
    return made


def _of_marks(clausier: Clausier, point: str, given: Sequence[PointMark]) -> Retained | None:
    if len({(mark.level, mark.na) for mark in given}) > 1:
        return None
    if given[0].na is Acceptance.ACCEPTED:
        return Retained(None)
    if given[0].na is Acceptance.REFUSED:
        return None
    return _valued(clausier, point, given[0].level, proven=any(mark.proof_seen.strip() for mark in given))


def _valued(clausier: Clausier, point: str, level: str, *, proven: bool) -> Retained | None:
    known = clausier.points[point].level_of.get(level)
    return None if known is None or known.value is None else Retained(float(known.value), proven)


# ---------------------------------------------------------------------------------------------------------------- the cost
@dataclass(frozen=True)
class _Costed:
    """A bid with its cost in every draw."""

    bid: Bid
    answers: Mapping[str, Retained]
    cost: SupplierCost


def cost_of(
    tender: Tender,
    clausier: Clausier,
    bids: Sequence[Bid],
    marks: Marks,
    ranking: Sequence[Row] = (),
    library: Library | None = None,
) -> RiskCost:
    """Return the costs of all bids. Each lot is compared with the first of its ranking, else with its first bid by key."""
    known = library or reference.risk_library()
    if tender.risk is None:
        raise DataError(message("la consultation n'a pas de bloc « risk »"))
    terms = tender.risk.lasting(tender.contract.months)
    refuse_faults(terms, [lot.id for lot in tender.lots])
    today = sheet(tender, clausier, known)
    marked = retained_marks(marks.points)
    lots = []
    for lot in tender.lots:
        who = terms.of_lot(lot.id)
        if who is not None:
            first = next((row.key for row in ranking if row.key.lot == lot.id and row.rank == 1), None)
            lots.append(_lot(terms, who, lot, of_lot(tender, clausier, lot.id), bids, marked, today, first, known))
    return RiskCost(
        tuple(lots),
        terms.use,
        known.digest,
        terms.draws,
        terms.seed,
        terms.credit,
        terms.years or Decimal(0),
        {each.id: f"{each.before} -> {each.after}" for each in known.overrides},
        _marks(known, today.scenarios),
        {each.id: each.title for each in known.scenarios if each.id in today.scenarios},
    )


def _marks(library: Library, scenarios: Sequence[str]) -> dict[str, str]:
    """Return the parameters of supplier scenarios and effects that may be shown only with their mark, and that mark."""
    beginnings = (
        *(f"{each}." for each in scenarios),
        "effect.",
        "contract.",
        "severity.",
        "claim.",
        "fine.",
        "leak.",
        "size.",
    )
    return {
        name: each.grade.value
        for name, each in library.parameters.items()
        if each.grade.marked and name.startswith(beginnings)
    }


def _lot(
    terms: RiskTerms,
    who: Beneficiaries,
    lot: Lot,
    clausier: Clausier,
    bids: Sequence[Bid],
    marked: Marked,
    today: RiskSheet,
    first: BidKey | None,
    library: Library,
) -> LotCost:
    points = {point: each for point, each in today.points.items() if point in clausier.points}
    purchase = bought(terms, who, today.scenarios, library)
    costed = []
    for bid in sorted(compared(bids, lot.id), key=lambda each: each.key):
        of_bid = {point: marked[bid.key, point] for point in points if (bid.key, point) in marked}
        answers = retained(clausier, points, bid.answers, of_bid)
        levels = supplier.levels(points, answers, float(terms.credit))
        costed.append(_Costed(bid, answers, supplier.supplier_cost(purchase, levels)))
    base = next((each for each in costed if each.bid.key == first), costed[0] if costed else None)
    cap = today.caps.get(lot.id)
    stones = supplier.landmarks(purchase, points)
    return LotCost(
        lot.id,
        tuple(_bid(each, base, points, terms, cap) for each in costed),
        Landmarks(**{name: span(each.total) for name, each in stones.items()}),
        {point: each.measure for point, each in points.items()},
        tuple(point for point, each in points.items() if each.measure not in purchase.effective),
        tuple(today.scenarios),
        library.category_by_id[who.category].order_of_magnitude,
        base.bid.key if base else None,
        cap=cap,
        worth=_worth(stones["blank"], stones["proven"], points, terms),
    )


def compared(bids: Iterable[Bid], lot: str) -> Iterable[Bid]:
    """Return the last round of each bid of a lot: those that are ranked."""
    last: dict[tuple[str, int], Bid] = {}
    for bid in sorted((each for each in bids if each.key.lot == lot), key=lambda each: each.key):
        last[bid.key.tenderer, bid.key.variant] = bid
    return last.values()


def span(draws: Array, digits: int = 2) -> Span:
    """Return the mean of the draws and their interval, rounded to so many decimals."""
    interval = Interval.of(draws)
    unit = Decimal(1).scaleb(-digits)
    return Span(*(Decimal(each).quantize(unit) for each in (interval.value, interval.low, interval.high)))


def _worth(
    blank: SupplierCost, proven: SupplierCost, points: Mapping[str, SheetPoint], terms: RiskTerms
) -> tuple[Line, ...]:
    """Return the share of each point in what separates a supplier that answers nothing from one that proves all."""
    answers: tuple[Mapping[str, Retained], Mapping[str, Retained]] = ({}, dict.fromkeys(points, Retained(1.0)))
    shares = supplier.attributed(blank, proven, points, answers, float(terms.credit))
    return _lines(shares, span(blank.total).mean - span(proven.total).mean, points)


def _lines(shares: Mapping[str, Array], total: Decimal, points: Mapping[str, SheetPoint]) -> tuple[Line, ...]:
    """Return the shares of the points that are not nothing, the largest first, adding up to `total` to the cent."""
    return tuple(Line(point, points[point].measure, share) for point, share in _largest_first(shares, total).items())


def _by_measure(shares: Mapping[str, Array], total: Decimal, points: Mapping[str, SheetPoint]) -> dict[str, Span]:
    """Return the same shares gathered by measure."""
    gathered: dict[str, Array] = {}
    for point, draws in shares.items():
        measure = points[point].measure
        gathered[measure] = gathered[measure] + draws if measure in gathered else draws
    return _largest_first(gathered, total)


def _largest_first(shares: Mapping[str, Array], total: Decimal) -> dict[str, Span]:
    moved = {name: draws for name, draws in shares.items() if np.any(draws != 0)}
    amounts = attribution.to_the_cent({name: float(draws.mean()) for name, draws in moved.items()}, total)
    order = sorted(amounts, key=lambda name: (-abs(amounts[name]), name))
    return {name: replace(span(moved[name]), mean=amounts[name]) for name in order}


def _bid(
    each: _Costed, base: _Costed | None, points: Mapping[str, SheetPoint], terms: RiskTerms, cap: Decimal | None
) -> BidCost:
    cost, purchase = each.cost, each.cost.purchase
    reference_level = purchase.draws["maturity.reference"]
    told = each.answers.values()
    whole = span(cost.total)
    care = cost.care.values
    has_beds = purchase.profile.exposure.beds or purchase.profile.exposure.places
    return BidCost(
        each.bid.key,
        whole,
        {scenario: span(cost.of_scenario(scenario)) for scenario in purchase.profile.scenarios},
        {head: span(cost.of_head(head)) for head in purchase.profile.heads},
        {measure: span(np.full_like(reference_level, 1.0) * level.at(reference_level), 6) for measure, level in cost.levels.items()},
        sum(1 for held in told if held.value is not None and held.proven),
        sum(1 for held in told if held.value is not None and not held.proven),
        len(points) - len(each.answers),
        sum(1 for held in told if held.value is None),
        span(care, 1) if has_beds else None,
        span(_transfer(each, terms)) if terms.transfer else None,
        min(whole.mean, cap) if cap is not None else Decimal(0),
        None if base is None or base is each else _explained(each, base, points, terms, whole.mean - span(base.cost.total).mean),
    )  # fmt: skip


def _explained(
    each: _Costed, base: _Costed, points: Mapping[str, SheetPoint], terms: RiskTerms, difference: Decimal
) -> Explained:
    """Return what the difference with the bid that all are compared with is attributed to, to the cent."""
    shares = supplier.attributed(each.cost, base.cost, points, (each.answers, base.answers), float(terms.credit))
    apart = span(each.cost.total - base.cost.total)
    return Explained(
        base.bid.key,
        replace(apart, mean=difference),
        _lines(shares, difference, points),
        _by_measure(shares, difference, points),
        span(_transfer(each, terms) - _transfer(base, terms)) if terms.transfer else None,
    )


def _transfer(each: _Costed, terms: RiskTerms) -> Array:
    """Return what penalties and insurance would change of the cost in each draw: below zero, a part of it given back."""
    purchase = each.cost.purchase
    if terms.transfer is None:
        return np.zeros(purchase.draws.count)
    low, mode, high = (float(part) for part in terms.transfer.share)
    share = supplier.pert_of("purchase.transfer", (low, mode, high), purchase.draws)
    credit = float(terms.credit)
    promised = [supplier.worth(each.answers.get(point), credit) or 0.0 for point in terms.transfer.points]
    insurable = each.cost.total - (each.cost.of_head("fine") if "fine" in purchase.profile.heads else 0.0)
    return np.asarray(-share * insurable * (sum(promised) / len(promised)))
