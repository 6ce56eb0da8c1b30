"""The law of a yearly amount when its parameters are themselves not known: one curve for each draw of them.

Three readings of a quantile: its median across draws with its 90 % interval (what is not known), its pooled value (the
quantile of all years of all draws together, the prediction), and the sampling error of one draw's figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from egide.loss.curve import COUNT, FLOOR, MOST, SUM, Curve
from egide.risk.interval import Interval

Array = NDArray[np.float64]

LEVELS = (0.95, 0.99, 0.995)
"""Levels of VaR; one year in 20, in 100, in 200."""
TAIL = 0.99
"""The level of TVaR."""
ROUND = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
PROBABILITIES = tuple(
    sorted({*(1 / each for each in ROUND), *(0.5 * 500 ** (-n / 20) for n in range(1, 20))}, reverse=True)
)
"""Where exceedance curves are read: one year in 2 to one in 1,000, round numbers of years among them."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A measure of the worst years: `across` the draws (median, 5-95 %), `pooled` over all, `error` of one draw by sampling."""

    level: float
    across: Interval
    pooled: float
    error: float


@dataclass(frozen=True, slots=True)
class Point:
    """An amount passed with `probability` in a year: across the draws (median, 5-95 %) and pooled."""

    probability: float
    across: Interval
    pooled: float


@dataclass(frozen=True, slots=True)
class Law:
    """What a year costs: mean of the means with its interval, quantiles, and the exceedance curve with its band.

    `mean_error` is the sampling error of the mean: 0 when it is a closed form.
    """

    mean: Interval
    mean_error: float
    var: tuple[Quantile, ...]
    tvar: Quantile
    curve: tuple[Point, ...]

    def at(self, level: float) -> Quantile:
        """Return the VaR of one of the levels told."""
        return next(each for each in self.var if each.level == level)


def pooled(curves: Sequence[Curve]) -> Curve:
    """Return the law of all the years of curves of as many years each, taken together."""
    rows = np.concatenate([each.slices for each in curves])
    floors, place = np.unique(rows[:, FLOOR], return_inverse=True)
    slices = np.zeros((len(floors), 4))
    for column in (COUNT, SUM):
        slices[:, column] = np.bincount(place, rows[:, column], len(floors))
    np.maximum.at(slices[:, MOST], place, rows[:, MOST])
    slices[:, FLOOR] = floors
    return Curve(sum(each.years for each in curves), slices)


def law(curves: Sequence[Curve], means: Array | None = None, *, exact: bool = False, scale: Array | None = None) -> Law:
    """Return the law that the curves of the draws make, all of as many years; `scale` multiplies the amounts of each draw.

    `means` are those of the draws when they are known better than by simulation, without any error if `exact`.
    """
    years = curves[0].years
    factors = np.ones(len(curves)) if scale is None else scale
    scaled = curves if scale is None else [_scaled(each, factor) for each, factor in zip(curves, scale, strict=True)]
    together = pooled(scaled)
    spread = [sqrt(level * (1 - level) / years) for level in LEVELS]
    levels = [*LEVELS, *(a + s * b for s in (1, -1) for a, b in zip(LEVELS, spread, strict=True))]
    ranks = np.array([*(_rank(years, min(each, 1.0)) for each in levels), *(_passed(years, p) for p in PROBABILITIES)])
    read = np.stack([each.at_ranks(ranks) for each in curves]) * factors[:, None]
    all_ranks = np.array(
        [*(_rank(together.years, each) for each in LEVELS), *(_passed(together.years, p) for p in PROBABILITIES)]
    )
    of_all = together.at_ranks(all_ranks).tolist()
    count = len(LEVELS)
    errors = np.median((read[:, count : 2 * count] - read[:, 2 * count : 3 * count]) / 2, axis=0).tolist()
    tails = [each.tvar(TAIL) for each in curves]
    tail = np.array([each.value for each in tails]) * factors
    simulated = np.array([each.mean.value for each in curves]) * factors
    error = (
        0.0
        if exact
        else sqrt(sum((each.mean.error * f) ** 2 for each, f in zip(curves, factors, strict=True))) / len(curves)
    )
    return Law(
        Interval.of(simulated if means is None else means),
        error,
        tuple(
            Quantile(level, Interval.median_of(read[:, at]), of_all[at], errors[at]) for at, level in enumerate(LEVELS)
        ),
        Quantile(
            TAIL,
            Interval.median_of(tail),
            together.tvar(TAIL).value,
            float(np.median(np.array([each.error for each in tails]) * factors)),
        ),
        tuple(
            Point(probability, Interval.median_of(read[:, 3 * count + at]), of_all[count + at])
            for at, probability in enumerate(PROBABILITIES)
        ),
    )


def _rank(years: int, level: float) -> float:
    return floor(years * (1 - level) + 1e-9) + 1


def _passed(years: int, probability: float) -> float:
    return float(np.ceil(years * probability - 1e-9))


def _scaled(curve: Curve, factor: float) -> Curve:
    return Curve(curve.years, curve.slices * np.array([1.0, factor, factor, factor]))
