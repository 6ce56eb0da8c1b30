"""The test bench of an award method, before publication: what it does on simulated bids of a stated law.

Nothing here sees a real bid. All alternatives are compared on the same draws; each frequency bears its standard error.
20,000 consultations of four bids take a few seconds; the time grows with consultations x bids x formulas (the square of
the bids for a formula that uses the mean).
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from operator import itemgetter

from egide.clausier.model import Clausier, Point
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.progress import Progress, silent
from egide.tender import price
from egide.tender.lots import of_lot
from egide.tender.model import Criterion, Kind, Tender
from egide.tender.rules import Rules, check
from egide.tender.trial import law as simulated
from egide.tender.trial.chance import Frequency, stream
from egide.tender.trial.fast_price import FAST, Pricing, pricing
from egide.tender.trial.law import Law, Leaf

STEP = 200
"""Simulated consultations between two calls of `progress`."""


@dataclass(frozen=True)
class Line:
    """A criterion or a sub-criterion. Points are those of the total of 100, over the draws.

    `spread` is the standard deviation of its points between the bids of one consultation, `span` the mean gap between
    the best and the worst, `mean` the mean points. `effective` is its share of the spreads of all criteria, times 100:
    the weight that it really has when its notes are as scattered as the law says. `decides` (criteria only): how often
    the winner would be another without it. `price_cut`: what share of its price a bid in the middle would have to give
    up to gain as much as one point of note on the scale of this criterion; None when no cut is enough.
    """

    criterion: str
    subcriterion: str
    weight: float
    scale: Decimal
    mean: float
    spread: float
    span: float
    effective: float
    decides: Frequency | None = None
    price_cut: float | None = None


@dataclass(frozen=True)
class FormulaLine:
    """What a formula does on the same draws: `turned` when removing a losing bid changes the winner, `shared` when the
    cheapest bid is not alone with the best price note, `same` when the winner is that of the published formula.
    """

    code: str
    published: bool
    turned: Frequency
    shared: Frequency
    same: Frequency
    effective: float
    span: float


@dataclass(frozen=True)
class MarkLine:
    """One step of a mark: a note moved by one on its scale, or one level of a point of that weight (0: a note).

    `gain` is what the largest such step is worth, `count` how many points have that weight, `flips` how often the step
    is enough to change the winner when it goes the right way (the second raised, or the first lowered).
    """

    criterion: str
    subcriterion: str
    point_weight: int
    count: int
    gain: float
    flips: Frequency


@dataclass(frozen=True)
class Trial:
    """The bench of the lots that share the same points."""

    lots: tuple[str, ...]
    lines: tuple[Line, ...]
    formulas: tuple[FormulaLine, ...]
    marks: tuple[MarkLine, ...]


@dataclass(frozen=True)
class Bench:
    """The whole bench, with what founds it: same tender, clausier, law and seed, same result."""

    tender: Tender
    law: Law
    seed: int
    trials: tuple[Trial, ...]


BLOCKING = frozenset({
    "tender.weights", "tender.subweights", "tender.lots", "tender.twice", "tender.clausier_unused", "tender.clausier_twice",
    "tender.clausier_empty", "tender.subcriterion_empty", "tender.point_subcriterion",
})  # fmt: skip
"""Faults of a tender without which nothing can be simulated; the others do not matter here."""


def bench(
    tender: Tender, clausier: Clausier, rules: Rules, law: Law, seed: int = 0, progress: Progress = silent
) -> Bench:
    """Return the bench of a consultation. `clausier` is already narrowed to its points.

    Raises DataError, with all findings, when the method is not complete or the law has no meaning.
    """
    wrong = [finding for finding in check(tender, clausier, rules) if finding.code in BLOCKING]
    wrong += [_unknown(criterion) for criterion in tender.criteria if criterion.formula not in FAST]
    wrong += simulated.faults(law, tender)
    if wrong:
        raise DataError(message("le banc d'essai n'est pas possible"), tuple(wrong))
    grouped = _grouped(tender, clausier)
    total = law.tenders * len(grouped)
    trials = []
    for rank, (lots, own) in enumerate(grouped):

        def follow(done: int, before: int = rank * law.tenders) -> None:
            progress(before + done, total)

        trials.append(_Run(tender, own, law, seed).trial(lots, follow))
    return Bench(tender, law, seed, tuple(trials))


def _unknown(criterion: Criterion) -> Finding:
    return Finding(
        "bench.formula_unknown",
        Severity.ERROR,
        message("formule de prix inconnue"),
        message("Choisir une formule parmi : {codes}.", codes=tuple(price.allowed())),
        "tender.yaml",
        criterion.id,
        read=criterion.formula,
    )


def _grouped(tender: Tender, clausier: Clausier) -> list[tuple[tuple[str, ...], Clausier]]:
    """Return the lots that are asked the same points, with those points."""
    groups: dict[tuple[str, ...], tuple[list[str], Clausier]] = {}
    for lot in tender.lots:
        own = of_lot(tender, clausier, lot.id)
        groups.setdefault(tuple(own.points), ([], own))[0].append(lot.id)
    return [(tuple(lots), own) for lots, own in groups.values()]


# --------------------------------------------------------------------------------------------------------- one simulation
@dataclass
class _Scatter:
    """Running sums of what a note does within each consultation."""

    mean: float = 0.0
    variance: float = 0.0
    span: float = 0.0

    def add(self, points: Sequence[float]) -> None:
        mean = sum(points) / len(points)
        self.mean += mean
        self.variance += sum([(each - mean) ** 2 for each in points]) / len(points)
        self.span += max(points) - min(points)


@dataclass
class _Count:
    """What is counted of one formula."""

    pricing: Pricing
    turned: int = 0
    shared: int = 0
    same: int = 0
    scatter: _Scatter = field(default_factory=_Scatter)


class _Run:
    """The simulation of one group of lots."""

    def __init__(self, tender: Tender, clausier: Clausier, law: Law, seed: int):
        self.tender, self.law = tender, law
        self.leaves = simulated.leaves_of(tender, clausier, law)
        self.priced = [criterion for criterion in tender.criteria if criterion.kind is Kind.PRICE]
        self.published = pricing(self.priced)
        self.chance = stream(seed, "bench")
        codes = dict.fromkeys([*(each.formula for each in self.priced), *price.allowed()]) if self.priced else {}
        self.formulas = {code: _Count(pricing(self.priced, code)) for code in codes}
        self.of_leaf = [_Scatter() for _ in self.leaves]
        self.of_criterion = {criterion.id: _Scatter() for criterion in tender.criteria}
        self.parts = {
            criterion.id: [place for place, leaf in enumerate(self.leaves) if leaf.criterion == criterion.id]
            for criterion in tender.criteria
        }
        self.decides = dict.fromkeys(self.of_criterion, 0)
        self.margins: list[float] = []
        self.market = [0.0] * law.bids

    def trial(self, lots: tuple[str, ...], follow: Callable[[int], None]) -> Trial:
        for done, (prices, shares) in enumerate(simulated.draws(self.law, self.leaves, self.chance), 1):
            self._one(prices, shares)
            if done % STEP == 0 or done == self.law.tenders:
                follow(done)
        self.margins.sort()
        return Trial(lots, self._lines(), self._formula_lines(), self._marks())

    def _one(self, prices: list[float], shares: list[list[float]]) -> None:
        """Add one simulated consultation to all the counts."""
        notes = [[leaf.weight * each for each in own] for leaf, own in zip(self.leaves, shares, strict=True)]
        technical = [sum(column) for column in zip(*notes, strict=True)] if notes else [0.0] * len(prices)
        paid = self.published.points(prices)
        totals = [each + earned for each, earned in zip(technical, paid, strict=True)]
        winner = totals.index(max(totals))
        first, second = sorted(totals, reverse=True)[:2]
        self.margins.append(first - second)
        self.market = [sofar + each for sofar, each in zip(self.market, sorted(prices), strict=True)]
        for scatter, own in zip(self.of_leaf, notes, strict=True):
            scatter.add(own)
        for criterion in self.tender.criteria:
            places = self.parts[criterion.id]
            if criterion.kind is Kind.PRICE:
                weight, fast = float(criterion.weight), FAST[criterion.formula]
                own = [weight * share for share in fast.shares(prices)]
            else:
                own = (
                    notes[places[0]]
                    if len(places) == 1
                    else [sum(column) for column in zip(*itemgetter(*places)(notes), strict=True)]
                )
            self.of_criterion[criterion.id].add(own)
            without = [total - points for total, points in zip(totals, own, strict=True)]
            self.decides[criterion.id] += without.index(max(without)) != winner
        for count in self.formulas.values():
            self._formula(count, prices, technical, winner)

    def _formula(self, count: _Count, prices: list[float], technical: list[float], published: int) -> None:
        points = count.pricing.points(prices)
        totals = [each + earned for each, earned in zip(technical, points, strict=True)]
        winner = totals.index(max(totals))
        best = max(points)
        count.scatter.add(points)
        count.same += winner == published
        count.shared += points.count(best) > 1 or points[prices.index(min(prices))] != best
        count.turned += count.pricing.turned(prices, technical, winner)

    # --------------------------------------------------------------------------------------------------- what it gives
    def _frequency(self, count: int) -> Frequency:
        return Frequency(count, self.law.tenders)

    def _lines(self) -> tuple[Line, ...]:
        tenders = self.law.tenders
        spread = {name: sqrt(scatter.variance / tenders) for name, scatter in self.of_criterion.items()}
        whole = sum(spread.values()) or 1.0
        lines = []
        for criterion in self.tender.criteria:
            scatter = self.of_criterion[criterion.id]
            decides = self._frequency(self.decides[criterion.id])
            weight = float(criterion.weight)
            cut = None if criterion.kind is Kind.PRICE else self._cut(weight / float(criterion.scale))
            lines.append(Line(criterion.id, "", weight, criterion.scale, scatter.mean / tenders, spread[criterion.id], scatter.span / tenders, 100 * spread[criterion.id] / whole, decides, cut))  # fmt: skip
            own = [(self.leaves[place], self.of_leaf[place]) for place in self.parts[criterion.id]]
            inner = sum(sqrt(part.variance / tenders) for _, part in own) or 1.0
            for leaf, part in own if criterion.subcriteria else []:
                alone = sqrt(part.variance / tenders)
                effective = 100 * spread[criterion.id] / whole * alone / inner
                lines.append(Line(leaf.criterion, leaf.subcriterion, leaf.weight, leaf.scale, part.mean / tenders, alone, part.span / tenders, effective, None, self._cut(leaf.weight / float(leaf.scale))))  # fmt: skip
        return tuple(lines)

    def _cut(self, points: float) -> float | None:
        """Return what share of its price the bid in the middle of the mean market gives up for so many points."""
        typical = [each / self.law.tenders for each in self.market]
        return self.published.cut_for(typical, len(typical) // 2, points)

    def _formula_lines(self) -> tuple[FormulaLine, ...]:
        tenders = self.law.tenders
        others = sum(
            sqrt(scatter.variance / tenders) for name, scatter in self.of_criterion.items() if self.parts[name]
        )
        lines = []
        for code, count in self.formulas.items():
            alone = sqrt(count.scatter.variance / tenders)
            published = all(each.formula == code for each in self.priced)
            effective = 100 * alone / ((others + alone) or 1.0)
            turned, shared, same = (self._frequency(each) for each in (count.turned, count.shared, count.same))
            lines.append(FormulaLine(code, published, turned, shared, same, effective, count.scatter.span / tenders))
        return tuple(lines)

    def _marks(self) -> tuple[MarkLine, ...]:
        return tuple(line for leaf in self.leaves for line in self._steps(leaf))

    def _steps(self, leaf: Leaf) -> list[MarkLine]:
        if not leaf.points:
            gain = leaf.weight / float(leaf.scale)
            return [MarkLine(leaf.criterion, leaf.subcriterion, 0, 1, gain, self._flips(gain))]
        possible = sum(point.weight for point in leaf.points)
        lines = []
        for weight in sorted({point.weight for point in leaf.points}, reverse=True):
            own = [point for point in leaf.points if point.weight == weight]
            gain = leaf.weight * weight * max(_step(point) for point in own) / possible
            lines.append(MarkLine(leaf.criterion, leaf.subcriterion, weight, len(own), gain, self._flips(gain)))
        return lines

    def _flips(self, gain: float) -> Frequency:
        return self._frequency(bisect_right(self.margins, gain))


def _step(point: Point) -> float:
    """Return the largest gap between two neighbouring levels that can be retained without irregularity."""
    values = sorted(float(value) for _, value in simulated.worths(point))
    return max((upper - lower for lower, upper in pairwise(values)), default=0.0)
