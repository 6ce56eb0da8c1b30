"""The law of a yearly amount, kept as a fine histogram: its size does not depend on the number of years.

Each doubling of the amount is cut into equal slices in number (256; 128 for single events; 32 for the many curves of a
portfolio). A slice keeps how many years fell in it, their sum and the most: sums and extremes are exact. Inside a slice, values are taken as
spread evenly from its floor to the most, but for a share at one of these two ends, which their mean tells: an amount that
returns (a retention, a limit: slices begin there) is exact, and any other quantile is out by far less than a slice
(0.4 % of its value at 256).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from egide.loss.estimate import Estimate, spread
from egide.loss.faults import LARGEST, LEVEL, POSITIVE, SMALLEST, check

Array = NDArray[np.float64]

COUNT, SUM, MOST, FLOOR = range(4)
"""The columns of a slice."""
AROUND = 2.0
"""Deviations of a rank on each side over which the errors of a whole curve are read: in its far end, one holds few values."""


Slices = tuple[NDArray[np.int64], Array]
"""The lines of a histogram that are not empty: their places in increasing order, their columns."""


@dataclass(frozen=True)
class _Slice:
    """The values of a slice: a share `low` at its floor, a share `high` at its most, the others spread evenly between."""

    count: float
    floor: float
    most: float
    low: float
    high: float

    @property
    def _spread(self) -> float:
        return 1 - self.low - self.high

    def at(self, rank: float) -> float:
        """Return the value of a rank from the top, 0 to the count."""
        down = rank / self.count - self.high
        if down <= 0:
            return self.most
        return self.most - (self.most - self.floor) * min(down / self._spread, 1.0) if self._spread else self.floor

    def top(self, rank: float) -> float:
        """Return the sum of the `rank` largest values."""
        share = rank / self.count
        high = min(share, self.high)
        even = min(share - high, self._spread)
        fall = even * even / (2 * self._spread) if self._spread else 0.0
        width = self.most - self.floor
        return self.count * (share * self.most - width * (fall + share - high - even))

    def over(self, amount: float) -> float:
        """Return how many values are larger than an amount below the most."""
        if amount < self.floor or not self.most > self.floor:
            return self.count
        return self.count * (self.high + self._spread * (self.most - amount) / (self.most - self.floor))


@dataclass(frozen=True, eq=False)
class Curve:
    """The law of an amount over `years` simulated years; `slices` in increasing order, none empty.

    For the curve of single events the counts sum to the number of events, not of years: probabilities are then
    frequencies a year, and `sd` has no meaning. `replicates` are the curves of independent parts of a stratified run: errors come from them.
    """

    years: int
    slices: Array
    replicates: Sequence["Curve"] = ()

    # ------------------------------------------------------------------------------------------------- ranks
    def _over(self, column: int) -> Array:
        """Return what a column sums to in the slices above each slice."""
        found = np.zeros(len(self.slices))
        np.cumsum(self.slices[:0:-1, column], out=found[1:])
        return found[::-1]

    @cached_property
    def _above(self) -> Array:
        """Return how many values lie in the slices above each slice."""
        return self._over(COUNT)

    @cached_property
    def _sums_above(self) -> Array:
        return self._over(SUM)

    @cached_property
    def _means(self) -> Array:
        """Return the mean of each slice."""
        return self.slices[:, SUM] / self.slices[:, COUNT]

    def _place(self, rank: float) -> int:
        """Return the slice that holds a positive rank from the top, the first one for those past the last."""
        return len(self._above) - int(self._above[::-1].searchsorted(rank))

    def _slice(self, place: int) -> "_Slice":
        count, total, most, floor_at = self.slices[place].tolist()
        width = max(most - floor_at, 0.0)
        mean = min(max((total / count - floor_at) / width, 0.0), 1.0) if count > 1 and width else 1.0
        return _Slice(count, floor_at if count > 1 else most, most, max(1 - 2 * mean, 0.0), max(2 * mean - 1, 0.0))

    def _at(self, rank: float) -> float:
        """Return the value of this rank from the top, interpolated inside its slice; 0 past the last."""
        if not len(self.slices) or rank > self._above[0] + self.slices[0, COUNT]:
            return 0.0
        rank = max(rank, 1.0)
        place = self._place(rank)
        return self._slice(place).at(rank - float(self._above[place]) - 0.5)

    def at_ranks(self, ranks: Array) -> Array:
        """Return the values of many ranks from the top (1: the largest), as `var` and `exceedance` read them; 0 past the last."""
        found = np.zeros(len(ranks))
        if not len(self.slices):
            return found
        asked = np.maximum(ranks, 1.0)
        inside = np.flatnonzero(ranks <= self._above[0] + self.slices[0, COUNT])
        place = len(self._above) - self._above[::-1].searchsorted(asked[inside])
        count, total, most, start = self.slices[place].T
        several = count > 1
        width = np.where(several, np.maximum(most - start, 0.0), 0.0)
        mean = np.clip(np.divide(total / count - start, width, out=np.ones(len(place)), where=width > 0), 0.0, 1.0)
        low, high = np.maximum(1 - 2 * mean, 0.0), np.maximum(2 * mean - 1, 0.0)
        spread = 1 - low - high
        down = (asked[inside] - self._above[place] - 0.5) / count - high
        fallen = np.divide(down, spread, out=np.ones(len(place)), where=spread > 0)
        below = np.where(spread > 0, most - width * np.minimum(fallen, 1.0), start)
        found[inside] = np.where(down > 0, below, most)
        return found

    def _top(self, rank: float) -> float:
        """Return the sum of the `rank` largest values, the last one in proportion."""
        if not len(self.slices) or rank <= 0:
            return 0.0
        place = self._place(rank)
        inside = min(rank - float(self._above[place]), float(self.slices[place, COUNT]))
        return float(self._sums_above[place]) + self._slice(place).top(inside)

    # ---------------------------------------------------------------------------------------------- measures
    def _told(self, measure: Callable[["Curve"], float], plain: Callable[[float], float]) -> Estimate:
        """Return a measure with its error: from the replicates when there are, else from `plain`."""
        value = measure(self)
        if not self.replicates:
            return Estimate(value, plain(value))
        return Estimate(
            value, spread([measure(each) for each in self.replicates], [each.years for each in self.replicates])
        )

    @cached_property
    def _mean(self) -> float:
        return float(self.slices[:, SUM].sum() / self.years)

    def _moment(self, order: int) -> float:
        """Return the central moment of order 2 or 4: values of a slice are taken at their mean."""
        counts = self.slices[:, COUNT]
        none = max(self.years - counts.sum(), 0.0)
        powers = np.square(self._means - self._mean)
        if order == 4:
            powers = np.square(powers)
        return float(((counts * powers).sum() + none * (-self._mean) ** order) / self.years)

    @cached_property
    def _variance(self) -> float:
        return self._moment(2)

    @property
    def mean(self) -> Estimate:
        """Return the mean of a year."""
        return self._told(lambda c: c._mean, lambda _: sqrt(self._variance / self.years))

    @property
    def sd(self) -> Estimate:
        """Return the standard deviation of a year; its error by the fourth moment."""

        def plain(value: float) -> float:
            return sqrt(max(self._moment(4) - value**4, 0.0) / self.years) / (2 * value) if value else 0.0

        return self._told(lambda c: sqrt(c._variance), plain)

    @property
    def most(self) -> float:
        """Return the largest value met."""
        return float(self.slices[-1, MOST]) if len(self.slices) else 0.0

    def _var(self, level: float) -> float:
        return self._at(floor(self.years * (1 - level) + 1e-9) + 1)

    def var(self, level: float) -> Estimate:
        """Return the amount not passed with probability `level`; its error by order statistics."""
        check(level=(level, LEVEL))

        def plain(_: float) -> float:
            apart = sqrt(level * (1 - level) / self.years)
            low, high = max(level - apart, 0.0), min(level + apart, 1.0)
            return (self._var(high) - self._var(low)) / 2

        return self._told(lambda c: c._var(level), plain)

    def _tvar(self, level: float) -> float:
        rank = self.years * (1 - level)
        return self._top(rank) / rank

    def tvar(self, level: float) -> Estimate:
        """Return the mean of the worst (1 - level) share of the years; error after Manistre and Hancock (2005)."""
        check(level=(level, LEVEL))

        def plain(value: float) -> float:
            rank = self.years * (1 - level)
            at = self._var(level)
            worst = slice(self._place(rank), None)
            taken = np.minimum(rank - self._above[worst], self.slices[worst, COUNT])
            spread = float((taken * (self._means[worst] - value) ** 2).sum() / rank)
            return sqrt((spread + level * (value - at) ** 2) / rank)

        return self._told(lambda c: c._tvar(level), plain)

    def _passed(self, amount: float) -> float:
        place = int(np.searchsorted(self.slices[:, MOST], amount, side="right"))
        if place == len(self.slices):
            return 0.0
        return (float(self._above[place]) + self._slice(place).over(amount)) / self.years

    def passed(self, amount: float) -> Estimate:
        """Return the probability that a year passes `amount` (for events: how many a year do)."""

        def plain(share: float) -> float:
            shrunk = (share * self.years + 1) / (self.years + 2)
            of_years = self.slices[:, COUNT].sum() == self.years
            return sqrt(shrunk * (max(1 - shrunk, 0.0) if of_years else 1.0) / self.years)

        return self._told(lambda c: c._passed(amount), plain)

    def exceedance(self, probabilities: Sequence[float]) -> list[Estimate]:
        """Return the amount passed with each probability (for events: with each frequency a year)."""
        check(
            **{
                f"probabilities[{place}]": (each, POSITIVE)
                for place, each in enumerate(probabilities)
                if not SMALLEST <= each <= LARGEST
            }
        )
        asked = np.array(probabilities, dtype=np.float64)

        def ranks(years: int) -> Array:
            return np.ceil(years * asked - 1e-9)

        if self.replicates:
            years = [each.years for each in self.replicates]
            values, *parts = (each.at_ranks(ranks(each.years)).tolist() for each in (self, *self.replicates))
            return [
                Estimate(value, spread(each, years))
                for value, each in zip(values, zip(*parts, strict=True), strict=True)
            ]
        apart = np.sqrt(asked / self.years)
        above, below = np.minimum(AROUND * apart, asked), AROUND * apart
        high, low = self.years * (asked - above) + 0.5, self.years * (asked + below) + 0.5
        values, most, least = self.at_ranks(np.concatenate([ranks(self.years), high, low])).reshape(3, -1)
        errors = (most - least) * apart / (above + below)
        return list(map(Estimate, values.tolist(), errors.tolist()))
