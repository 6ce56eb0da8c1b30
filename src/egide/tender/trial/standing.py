"""The ranking of a lot as a value that can be asked "what if": exact points by criterion, and who is first.

It is the published method, run by the same functions as the evaluation, and checked against what was decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.message import message
from egide.tender import price
from egide.tender.evaluation import Evaluation
from egide.tender.lots import of_lot
from egide.tender.model import BidKey, Criterion, Kind, Lot, Tender
from egide.tender.notes import Scored, note_criterion, tables_of
from egide.tender.retained import Book

Points = Mapping[str, Fraction]
"""Criterion -> points of the total, exact."""


class Why(StrEnum):
    """Why a lot has no analysis."""

    EMPTY = "empty"
    PROVISIONAL = "provisional"
    SINGLE = "single"
    TIED = "tied"


@dataclass(frozen=True)
class Standing:
    """The bids that a lot compares: prices, and points of every criterion but the price, exact."""

    tender: Tender
    lot: Lot
    clausier: Clausier
    book: Book
    prices: Mapping[BidKey, Fraction]
    fixed: Mapping[BidKey, Points]
    draws: Mapping[BidKey, int]

    @cached_property
    def priced(self) -> tuple[Criterion, ...]:
        """Return the price criteria."""
        return tuple(criterion for criterion in self.tender.criteria if criterion.kind is Kind.PRICE)

    @cached_property
    def points(self) -> Mapping[BidKey, Points]:
        """Return the points of each bid on each criterion."""
        return self._noted(self.prices)

    @cached_property
    def totals(self) -> Mapping[BidKey, Fraction]:
        """Return the total of each bid."""
        return {key: sum(points.values(), Fraction(0)) for key, points in self.points.items()}

    @cached_property
    def first(self) -> frozenset[BidKey]:
        """Return who is first; several when nothing published separates them."""
        return self._first(self.points)

    @cached_property
    def winner(self) -> BidKey:
        """Return who is first, alone."""
        (alone,) = self.first
        return alone

    def gap(self, key: BidKey) -> Fraction:
        """Return by how many points the winner leads a bid."""
        return self.totals[self.winner] - self.totals[key]

    def without(self, key: BidKey) -> frozenset[BidKey]:
        """Return who is first when a bid was never there: the prices compared change, hence the notes."""
        return self._first(self._noted({each: paid for each, paid in self.prices.items() if each != key}))

    def at_price(self, key: BidKey, paid: Fraction) -> frozenset[BidKey]:
        """Return who is first when a bid costs something else."""
        return self._first(self._noted({**self.prices, key: paid}))

    def _noted(self, prices: Mapping[BidKey, Fraction]) -> Mapping[BidKey, Points]:
        """Return the points of these bids at these prices."""
        points = {key: dict(self.fixed[key]) for key in prices}
        for criterion in self.priced:
            weight = Fraction(criterion.weight)
            shares = price.shares(criterion.formula, list(prices.values()))
            for key, share in zip(prices, shares, strict=True):
                points[key][criterion.id] = share * weight
        return points

    def _first(self, points: Mapping[BidKey, Points]) -> frozenset[BidKey]:
        merits = {key: self.merit(key, own) for key, own in points.items()}
        best = max(merits.values())
        return frozenset(key for key, merit in merits.items() if merit == best)

    def merit(self, key: BidKey, points: Points) -> tuple[Fraction, ...]:
        """Return what the ranking compares: the total, then the published tie-breaks."""
        return (sum(points.values(), Fraction(0)), *self.tie_breaks(key, points))

    def tie_breaks(self, key: BidKey, points: Points) -> tuple[Fraction, ...]:
        """Return what separates bids of one total, in the published order."""
        return tuple(points[tie] if tie in points else Fraction(-self.draws.get(key, 0)) for tie in self.tender.ties)


def standing(evaluation: Evaluation, lot: Lot, book: Book) -> Standing | Why:
    """Return the standing of a lot, or why there is none.

    Raises DataError when this program does not find again the ranking that was decided.
    """
    rows = [row for row in evaluation.lot(lot.id) if row.rank is not None]
    if not rows:
        return Why.EMPTY
    if any(row.missing for row in rows):
        return Why.PROVISIONAL
    if len(rows) == 1:
        return Why.SINGLE
    tender = evaluation.tender
    bids = {bid.key: bid for bid in evaluation.bids}
    clausier = of_lot(tender, evaluation.clausier, lot.id)
    tables = tables_of(tender, clausier)
    compared = [Scored(bids[row.key], row.bid_class, 0) for row in sorted(rows, key=lambda row: row.key)]
    for criterion in tender.criteria:
        note_criterion(criterion, tables, compared, compared, book, evaluation.computed)
    unpriced = [criterion.id for criterion in tender.criteria if criterion.kind is not Kind.PRICE]
    made = Standing(
        tender,
        lot,
        clausier,
        book,
        {each.bid.key: Fraction(each.bid.compared) for each in compared if each.bid.compared is not None},
        {each.bid.key: {name: each.exact[name] for name in unpriced} for each in compared},
        {key: decision.draw for key, decision in book.decisions.items()},
    )
    decided = {row.key for row in rows if row.rank == 1}
    if made.first != decided:
        raise DataError(
            message("le classement gardé du lot {lot} n'est pas retrouvé : cette évaluation a été faite par Égide {program}", lot=lot.id, program=evaluation.program)
        )  # fmt: skip
    return Why.TIED if len(decided) > 1 else made


def moved(made: Standing, key: BidKey, criterion: str, gain: Fraction) -> frozenset[BidKey]:
    """Return who is first when a bid earns `gain` more points on a criterion that is not the price."""
    own = {**made.fixed[key], criterion: made.fixed[key][criterion] + gain}
    return replace(made, fixed={**made.fixed, key: own}).first


def ordered(made: Standing, keys: Iterable[BidKey]) -> list[BidKey]:
    """Return bids from the best to the worst, by key where they are equal."""
    return sorted(keys, key=lambda key: (-made.totals[key], key))
