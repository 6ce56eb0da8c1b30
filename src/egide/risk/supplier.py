"""What the retained answers of a supplier are worth: the expected cost of its incidents over the contract (RISK_MODEL 7.1).

The cost of a bid depends on that bid alone, and on draws that all bids share. It is gross: neither penalties nor the
supplier's insurance are taken off. Care days are counted beside, never added.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from egide.clausier.model import AwardUse, Clausier, Point, Responsible
from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.family import BY_CODE, MEASURE_BY_CODE, MEASURES, measure_of
from egide.message import Text
from egide.risk.attribution import Product, by_point, by_term
from egide.risk.care import CareDays
from egide.risk.draws import Draws, draw, uniforms
from egide.risk.expected import prepared
from egide.risk.exposure import Exposure
from egide.risk.library import Side
from egide.risk.multipliers import Acting, acting
from egide.risk.parameter import Design, Grade, Kind, Parameter
from egide.tender.risk_terms import SheetPoint

Array = NDArray[np.float64]

# ------------------------------------------------------------------------------------------ which scenarios, which points
WITHOUT: Mapping[str, tuple[str, frozenset[str]]] = {
    "S01": ("hosting", frozenset({"none", "hospital", "hospital_by_supplier"})),
    "S02": ("data", frozenset({"none"})),
    "S03": ("access", frozenset({"none", "on_site"})),
    "S04": ("object", frozenset({"intellectual_service"})),
    "S05": ("hosting", frozenset({"none", "hospital", "hospital_by_supplier"})),
}
"""Supplier scenario -> the facet and the answers with which, alone, it cannot happen."""
CRITICAL = frozenset({"S01", "S05"})
"""Scenarios in which the service bought is out: the share of activity lost is the criticality of the purchase."""


def possible(scenarios: Iterable[str], facets: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the scenarios that can happen to a purchase; a facet that nobody told excludes nothing."""
    return tuple(each for each in scenarios if not _excluded(each, facets))


def _excluded(scenario: str, facets: Mapping[str, Collection[str]]) -> bool:
    facet, alone = WITHOUT.get(scenario, ("", frozenset[str]()))
    told = facets.get(facet, ())
    return bool(told) and set(told) <= alone


DEVICES = frozenset({"medical_device", "laboratory", "dispensing", "building", "telephony"})
"""Objects that are connected equipment."""


def asked_of_devices(point: Point) -> bool:
    """Whether a point is asked only because connected equipment is bought: each of its alternatives names one.

    Its answer tells how that equipment is kept, not how the supplier keeps its own house: it feeds the measure `device`.
    """
    return bool(point.facets) and all(
        "device_class" in rule or ("object" in rule and set(rule["object"]) <= DEVICES) for rule in point.facets
    )


def counted(clausier: Clausier) -> dict[str, SheetPoint]:
    """Return the points that the model counts, each with its measure and weight.

    Left out: duties of the hospital, points that nobody marks, points whose family is not known. A floor that earns no
    points weighs 1.
    """
    return {
        point.id: SheetPoint(measure_of(point.family, _named(point), asked_of_devices(point)), point.weight or 1)
        for point in clausier.points.values()
        if point.responsible is not Responsible.HOSPITAL
        and point.award_use is not AwardUse.NONE
        and point.family in BY_CODE
    }


def _named(point: Point) -> str:
    """Return the measure that a point names, nothing when its family has none of that name."""
    known = MEASURE_BY_CODE.get(point.measure)
    return point.measure if known is not None and point.family in known.families else ""


# ------------------------------------------------------------------------------------------------------- the levels of a bid
@dataclass(frozen=True, slots=True)
class Retained:
    """What is retained of a point: a value from 0 to 1, None for an accepted N/A; whether a proof was seen."""

    value: float | None
    proven: bool = True


def worth(retained: Retained | None, credit: float) -> float | None:
    """Return what a point counts for: nothing when nothing is retained, None for an accepted N/A."""
    if retained is None:
        return 0.0
    if retained.value is None:
        return None
    return retained.value if retained.proven else retained.value * credit


def levels(points: Mapping[str, SheetPoint], retained: Mapping[str, Retained], credit: float) -> dict[str, Level]:
    """Return the level of each measure that the points ask for (RISK_MODEL 3.1).

    A measure that no point asks for is left out: it stands at the average for every bid, and moves nothing.
    """
    made = {}
    for measure, members in by_measure(points).items():
        values = [(points[each].weight, worth(retained.get(each), credit)) for each in members]
        applicable = [(weight, value) for weight, value in values if value is not None]
        reached = sum(weight * value for weight, value in applicable)
        whole, part = sum(weight for weight, _ in values), sum(weight for weight, _ in applicable)
        made[measure] = Level(reached / whole, reached / part if part else None)
    return made


def by_measure(points: Mapping[str, SheetPoint]) -> dict[str, list[str]]:
    """Return the points of each measure, in their order."""
    members: dict[str, list[str]] = {}
    for point, each in points.items():
        members.setdefault(each.measure, []).append(point)
    return members


# ------------------------------------------------------------------------------------------------------------ the purchase
HEADS = ("own", "interruption", "liability", "fine")
CHANNEL_OF = {"own": "C", "interruption": "D", "liability": "L", "fine": "L"}
CONTRACTS = {
    "S01": "contract.hosted",
    "S02": "contract.data",
    "S03": "contract.remote",
    "S04": "contract.product",
    "S05": "contract.hosted",
    "S06": "contract.product",
}
"""Supplier scenario -> the parameter that tells how many comparable contracts share a hospital's rate."""


@dataclass(frozen=True)
class Profile:
    """A purchase: who bears the loss, for how many years, what can happen, how much activity hangs on the service.

    `criticality` is low, most likely, high; `heads` are those that count: a criterion leaves fines out.
    """

    exposure: Exposure
    years: float
    criticality: tuple[float, float, float]
    scenarios: tuple[str, ...]
    heads: tuple[str, ...] = HEADS


@dataclass(frozen=True, eq=False)
class Purchase:
    """A profile with its draws, ready to cost any supplier."""

    profile: Profile
    draws: Draws
    product: Product
    cells: tuple[tuple[str, str], ...]
    """Scenario and head of each cell."""
    measures: tuple[str, ...]
    """The measure of each term, "" for those of the hospital, which do not move."""
    care: Array
    """Care days of each scenario over the contract for the supplier of reference, (scenario, draw)."""
    care_uses: Array
    """1 where a row multiplies them, (scenario, row)."""

    @property
    def effective(self) -> frozenset[str]:
        """Return the measures on which a scenario of this purchase depends."""
        acts = np.asarray(self.product.on.any(axis=0))
        return frozenset(each for place, each in enumerate(self.measures) if each and acts[place])


def purchase(profile: Profile, draws: Draws) -> Purchase:
    """Return a purchase ready to cost suppliers, its hospital at the reference maturity.

    The base rate of a contract is that of the hospital divided by the comparable contracts: over all contracts of a
    hospital nothing is counted twice. The cut of long durations is that of the reference supplier. Euros are discounted at
    `contract.discount`, care days never are. P(leak) times the multiplier of leaks is not cut at 1 here, as it is for an
    establishment (`expected`): what passes it stands for more records, and the split over points stays exact.
    """
    known, effects = prepared(profile.exposure, draws), acting(draws)
    library = draws.library
    rows = {key[:2]: row for row, key in enumerate(effects.keys) if key[2] is Side.SUPPLIER}
    used: dict[int, int] = {}
    cells = [(scenario, head) for scenario in profile.scenarios for head in profile.heads]

    def places(scenario: str, channels: str) -> list[int]:
        wanted = [rows[scenario, each] for each in channels if (scenario, each) in rows]
        return [used.setdefault(row, len(used)) for row in wanted]

    of_cells = [places(scenario, "F" + CHANNEL_OF[head]) for scenario, head in cells]
    of_care = [places(scenario, "FD") for scenario in profile.scenarios]
    days = known.severities.mean_days(np.ones_like(known.rate), draws["severity.days_cut"])
    years = discounted(profile.years, draws["contract.discount"])
    amounts, care = [], []
    for scenario in profile.scenarios:
        place = library.row[scenario]
        yearly = known.rate[place] / draws[CONTRACTS[scenario]]
        events = yearly * years
        full = known.severities.full_days[place]
        if scenario in CRITICAL:
            full = pert_of("purchase.criticality", profile.criticality, draws) * (
                1.0 + library.scenarios[place].tail * draws["severity.recovery"] / 2.0
            )
        leaks = events * known.severities.leak[place]
        of_head = {
            "own": events * known.severities.own[place],
            "interruption": events * days[place] * full * known.of_day,
            "liability": leaks * (known.severities.notice[place] + known.of_claim),
            "fine": leaks * known.of_fine,
        }
        amounts += [of_head[head] for head in profile.heads]
        care.append(yearly * profile.years * days[place] * full * known.care_of_day)
    product = Product(
        _stacked(amounts, draws.count),
        _marked(of_cells, len(used)),
        effects.on[list(used)],
        effects.coefficient,
        effects.ceiling,
        effects.reference,
    )
    supplied = dict(_terms(effects))
    measures = tuple(supplied.get(place, "") for place in range(len(effects.coefficient)))
    return Purchase(
        profile, draws, product, tuple(cells), measures, _stacked(care, draws.count), _marked(of_care, len(used))
    )


def discounted(years: float, rate: Array) -> Array:
    """Return what a euro a year, spread evenly, is worth today over so many years, in each draw; the years at rate 0."""
    force = np.log1p(rate)
    still = force == 0
    whole: Array = np.where(still, years, -np.expm1(-years * force) / np.where(still, 1.0, force))
    return whole


def _stacked(arrays: Sequence[Array], count: int) -> Array:
    return np.stack(arrays) if arrays else np.zeros((0, count))


def _marked(places: Sequence[Sequence[int]], width: int) -> Array:
    marked = np.zeros((len(places), width))
    for row, columns in enumerate(places):
        marked[row, columns] = 1.0
    return marked


def _terms(effects: Acting) -> Iterator[tuple[int, str]]:
    """Yield the place and the measure of each term of the supplier's side."""
    concave, measures, threshold, sharp = effects.sides[Side.SUPPLIER]
    codes = [each.code for each in MEASURES]
    yield from ((int(place), codes[measure]) for place, measure in zip(concave, measures, strict=True))
    yield from ((int(place), codes[measure]) for place, measure in zip(threshold, sharp, strict=True))


def pert_of(name: str, given: tuple[float, float, float], draws: Draws) -> Array:
    """Return a number given by the buyer (low, most likely, high) in each draw, from the stream of that name."""
    low, mode, high = given
    if low == high:
        return np.full(draws.count, low)
    told = Parameter(
        name, Text(), Decimal(str(mode)), Kind.PERT, "share", Grade.ASSUMPTION, Design.EXPERT, Text(),
        Decimal(str(low)), Decimal(str(high)),
    )  # fmt: skip
    return draw(told, uniforms(draws.seed, name, draws.count))


# ------------------------------------------------------------------------------------------------------------- the cost
@dataclass(frozen=True, eq=False)
class SupplierCost:
    """The cost of one supplier over the contract: `amounts` is (cell, draw) in euros, care days apart."""

    purchase: Purchase
    levels: Mapping[str, Level]
    growth: Array
    amounts: Array

    @property
    def total(self) -> Array:
        """Return the cost in each draw."""
        return np.asarray(self.amounts.sum(axis=0))

    def of_scenario(self, scenario: str) -> Array:
        """Return the cost by one scenario, in each draw."""
        return self._of([each == scenario for each, _ in self.purchase.cells])

    def of_head(self, head: str) -> Array:
        """Return the cost under one head, in each draw."""
        return self._of([each == head for _, each in self.purchase.cells])

    def _of(self, chosen: Sequence[bool]) -> Array:
        return np.asarray(self.amounts[np.array(chosen, dtype=bool)].sum(axis=0))

    @property
    def care(self) -> CareDays:
        """Return the care days lost or postponed over the contract, in each draw."""
        product = self.purchase.product
        fallen = product.height(product.strength(product.at_reference)) - product.height(product.strength(self.growth))
        return CareDays((self.purchase.care * np.exp(self.purchase.care_uses @ fallen)).sum(axis=0))


def supplier_cost(bought: Purchase, of_measure: Mapping[str, Level]) -> SupplierCost:
    """Return the cost of a supplier with these levels; a measure that is not told stands at the average.

    It depends on these levels alone: not on the other bids, nor on who the supplier is.
    """
    growth = acting(bought.draws).growth({}, of_measure)
    return SupplierCost(bought, of_measure, growth, bought.product.costs(growth))


def landmarks(bought: Purchase, points: Mapping[str, SheetPoint]) -> dict[str, SupplierCost]:
    """Return three suppliers that do not exist: at the average, with every point proven, with nothing answered."""
    asked = by_measure(points)
    return {
        "reference": supplier_cost(bought, {}),
        "proven": supplier_cost(bought, dict.fromkeys(asked, EVERYTHING)),
        "blank": supplier_cost(bought, dict.fromkeys(asked, NOTHING)),
    }


# ------------------------------------------------------------------------------------------------------- the explanation
def attributed(
    dearer: SupplierCost,
    other: SupplierCost,
    points: Mapping[str, SheetPoint],
    answers: tuple[Mapping[str, Retained], Mapping[str, Retained]],
    credit: float,
) -> dict[str, Array]:
    """Return the share of each point in the cost of `dearer` less that of `other`, in each draw.

    `answers` are what is retained of `dearer`, then of `other`. The shares add up to the difference in every draw.
    """
    bought = dearer.purchase
    shares: dict[str, Array] = {}
    for measure, share in zip(bought.measures, by_term(bought.product, dearer.growth, other.growth), strict=True):
        if measure:
            shares[measure] = shares[measure] + share if measure in shares else share
    average = bought.draws["maturity.reference"]
    made: dict[str, Array] = {}
    for measure, members in by_measure(points).items():
        weights = {each: points[each].weight for each in members}
        values = [
            _values(weights, retained, of.levels[measure], average, credit)
            for of, retained in zip((dearer, other), answers, strict=True)
        ]
        moved = {each: weights[each] * (values[0][each] - values[1][each]) for each in members}
        made |= by_point(shares.get(measure, np.zeros(bought.draws.count)), moved)
    return {point: made[point] for point in points}


def _values(
    weights: Mapping[str, int], retained: Mapping[str, Retained], level: Level, average: Array, credit: float
) -> dict[str, Array]:
    """Return what each point of a measure counts for, in each draw: their weighted mean is the level of the measure.

    Points that are not applicable share what the level has beyond the others.
    """
    values = {each: worth(retained.get(each), credit) for each in weights}
    apart = sum(weights[each] for each, value in values.items() if value is None)
    beyond = (level.at(average) - level.low) * sum(weights.values()) / apart if apart else np.zeros_like(average)
    return {each: beyond if value is None else np.full_like(average, value) for each, value in values.items()}
