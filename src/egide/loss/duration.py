"""What an interruption costs as a function of its duration: a broken line that never falls.

An event of D days (cut at `longest`, D' from here) stops `share` of the activity until D', then less and less, to
nothing at D' x (1 + recovery). The cost between two times is the daily cost times the integral of that share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite

import numpy as np

from egide.loss.model import Interruption
from egide.loss.severity import Severity
from egide.loss.special import Array

CURVED = 513
"""Nodes on each curved piece (a linear recovery cut by a waiting or an indemnity period): out by 1e-6 of its rise."""


@dataclass(frozen=True, eq=False)
class Rising:
    """Amounts at increasing durations `days` (both begin at 0), straight between them, then of `slope` a day."""

    days: Array
    amounts: Array
    slope: float

    @property
    def most(self) -> float:
        """Return the amount that is never passed, inf when there is none."""
        return inf if self.slope > 0 else float(self.amounts[-1])

    @property
    def reached(self) -> float:
        """Return the least duration that costs the most, inf when there is none."""
        return inf if self.slope > 0 else float(self.days[int(np.searchsorted(self.amounts, self.amounts[-1]))])

    def at(self, days: Array) -> Array:
        """Return the amounts of durations."""
        past = self.slope * np.maximum(days - self.days[-1], 0.0) if self.slope > 0 else 0.0
        return np.asarray(np.interp(days, self.days, self.amounts) + past, dtype=np.float64)

    @cached_property
    def _rises(self) -> tuple[Array, Array]:
        """Return days and amounts as strictly rising: of a flat piece its ends, the first one a hair lower."""
        same = np.diff(self.amounts) == 0
        first, last = np.append(same, False), np.append(False, same)
        kept = ~(first & last)
        amounts = np.where(first, np.nextafter(self.amounts, -inf), self.amounts)
        return self.days[kept], amounts[kept]

    def back(self, amounts: Array) -> Array:
        """Return the longest duration that costs no more than each amount, inf when all do."""
        past = amounts - self.amounts[-1]
        days, rises = self._rises
        inside = np.interp(amounts, rises, days)
        if self.slope > 0:
            return np.asarray(inside + np.maximum(past, 0.0) / self.slope, dtype=np.float64)
        return np.where(past >= 0, inf, inside)

    def moment(self, power: int, duration: Severity, limit: float = inf) -> float:
        """Return E[min(amount, limit)^power], power 1 or 2, over a law of the duration; inf when there is none."""
        line = self.capped(limit)
        days = np.append(line.days, inf)
        slopes = np.append(np.diff(line.amounts) / np.diff(line.days), line.slope)
        starts = line.amounts - slopes * line.days
        whole = [1.0, duration.mean, duration.variance + duration.mean**2]
        spent = starts**power * -np.diff(duration.survival(days))
        for order in range(1, power + 1):
            known = np.append(duration.partial(order, line.days), whole[order] if line.slope > 0 else 0.0)
            factors = starts ** (power - order) * slopes**order * (2.0 if (power, order) == (2, 1) else 1.0)
            counted = factors != 0
            spent[counted] += factors[counted] * np.diff(known)[counted]
        return float(spent.sum())

    def capped(self, limit: float) -> "Rising":
        """Return the line cut at an amount."""
        if limit >= self.most:
            return self
        at = float(self.back(np.array([limit]))[0])
        kept = self.days < at
        return Rising(np.append(self.days[kept], at), np.append(self.amounts[kept], limit), 0.0)

    def scaled(self, factor: float) -> "Rising":
        """Return the line times a factor."""
        return Rising(self.days, self.amounts * factor, self.slope * factor)


def added(lines: Sequence[Rising]) -> Rising:
    """Return the sum of lines of one duration."""
    days = np.unique(np.concatenate([line.days for line in lines]))
    return Rising(days, np.sum([line.at(days) for line in lines], axis=0), sum(line.slope for line in lines))


def _integral(until: float, days: Array, recovery: float) -> Array:
    """Return the days of full stop lost before a time, for each duration."""
    tail = np.maximum(recovery * days, 1e-300)
    into = np.clip(until - days, 0.0, tail)
    return np.asarray(np.minimum(until, days) + into - into * into / (2 * tail), dtype=np.float64)


def cost(head: Interruption, start: float = 0.0, end: float = inf) -> Rising:
    """Return what an interruption costs between two times (days from the start of the event)."""
    nodes = [np.array([0.0])]
    for time in (start, end):
        if 0 < time < inf:
            first = time / (1 + head.recovery)
            nodes.append(np.linspace(first, time, CURVED) if head.recovery else np.array([time]))
    days = np.unique(np.concatenate(nodes))
    if head.longest < inf:
        days = np.append(days[days < head.longest], head.longest)
    lost = np.maximum(_integral(end, days, head.recovery) - _integral(start, days, head.recovery), 0.0)
    grows = not isfinite(end) and not isfinite(head.longest)
    daily = head.daily * head.share
    return Rising(days, np.maximum.accumulate(daily * lost), daily * (1 + head.recovery / 2) if grows else 0.0)
