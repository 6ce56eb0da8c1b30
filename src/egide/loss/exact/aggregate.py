"""The exact law of a yearly amount, between two bounds, and its measures: each value with the bound of its error.

The two bounds are the same law with all amounts rounded down, and up; values come from the rounding that keeps means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from egide.finding import Finding
from egide.loss.estimate import Estimate
from egide.loss.exact.grid import ON_GRID, Bounds, Grid, Masses
from egide.loss.faults import LEVEL, NUMBER, check, fault, refuse
from egide.loss.special import Array
from egide.message import message


def beyond_grid(level: float, reached: float) -> Finding:
    """Return the finding of a level that the grid does not reach."""
    return fault(
        "loss.beyond_grid",
        "level",
        f"{level:g}",
        message("Ce niveau est au-delà des montants calculés, qui vont jusqu'à {reached}.", reached=f"{reached:.7f}"),
        message("Demander un niveau plus bas, ou calculer avec un pas plus grand ou plus de cases."),
    )


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of a year; `means` are the means of the three roundings.

    `no_mean` and `no_sd` say why there is none.
    """

    mean: Estimate
    means: Bounds
    sd: Estimate
    no_mean: tuple[Finding, ...] = ()
    no_sd: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Law:
    """The law of a yearly amount on a grid, the exact counterpart of a simulated curve.

    `masses` are those of the amounts below the end of the grid; the moments are known apart from it; `aliasing` bounds
    what is left, on a probability, of years past the end of the grid and of the arithmetic of doubles. `coarse` is the
    same law from half as many strata, when dependence was cut into strata: the difference is added to each error.
    """

    grid: Grid
    masses: Masses
    moments: Moments
    aliasing: float
    coarse: "Law | None" = None

    def _told(self, told: Estimate, measure: Callable[["Law"], Estimate]) -> Estimate:
        """Return a measure, its error widened by what the coarse law says."""
        if self.coarse is None:
            return told
        return Estimate(told.value, told.error + abs(told.value - measure(self.coarse).value))

    @property
    def mean(self) -> Estimate:
        """Return the mean of a year; raise Unfit when it is infinite."""
        refuse(self.moments.no_mean)
        return self._told(self.moments.mean, lambda law: law.mean)

    @property
    def sd(self) -> Estimate:
        """Return the standard deviation of a year; raise Unfit when it is infinite."""
        refuse(self.moments.no_sd)
        return self._told(self.moments.sd, lambda law: law.sd)

    @cached_property
    def below(self) -> Masses:
        """Return the probabilities of each amount of the grid at most."""
        return self.masses.each(lambda each: np.clip(np.maximum.accumulate(np.cumsum(each)), 0.0, 1.0))

    @property
    def beyond(self) -> float:
        """Return the probability of a year past the end of the grid, at most."""
        return float(1 - self.below.up[-1])

    @cached_property
    def _line(self) -> tuple[Array, Array]:
        """Return amounts and their probabilities, between which the law is drawn straight: each mass lies around it."""
        first = self.below.up[:1]
        half = self.grid.amounts[:-1] + self.grid.step / 2
        return np.concatenate([[0.0], half]), np.concatenate([first, np.maximum(self.below.middle, first)])

    @cached_property
    def _limited(self) -> Masses:
        """Return E[min(S, x)] at the amounts of the grid and the first past it."""
        return self.below.each(lambda each: np.concatenate([[0.0], self.grid.step * np.cumsum(1 - each)]))

    def _var(self, level: float) -> Bounds:
        check(level=(level, LEVEL))
        if level + self.aliasing > self.below.up[-1]:
            refuse([beyond_grid(level, float(self.below.up[-1]))])
        down = self.grid.step * int(np.searchsorted(self.below.down, level - self.aliasing))
        least = self.grid.step * int(np.searchsorted(self.below.up, level - self.aliasing))
        up = self.grid.step * int(np.searchsorted(self.below.up, level + self.aliasing))
        amounts, chances = self._line
        after = max(int(np.searchsorted(chances, level)), 1)
        rise = float(chances[after] - chances[after - 1])
        inside = min(max((level - float(chances[after - 1])) / rise, 0.0), 1.0) if rise > 0 else 0.0
        value = float(amounts[after - 1] + inside * (amounts[after] - amounts[after - 1]))
        return Bounds(down, min(max(value, down), least), up)

    def var(self, level: float) -> Estimate:
        """Return the amount not passed with probability `level`."""
        return self._told(self._var(level).estimate, lambda law: law.var(level))

    def _above(self, kind: int, amount: float, mean: float) -> float:
        """Return E[max(S - amount, 0)] in one rounding (0 down, 1 middle, 2 up)."""
        limited = (self._limited.down, self._limited.middle, self._limited.up)[kind]
        return mean - float(np.interp(amount, self.grid.amounts, limited))

    def tvar(self, level: float) -> Estimate:
        """Return the mean of the worst (1 - level) share of the years; raise Unfit when it is infinite.

        It is the least, over amounts v, of v + E[max(S - v, 0)] / (1 - level): Rockafellar and Uryasev, 2000.
        """
        refuse(self.moments.no_mean)
        at, means = self._var(level), self.moments.means
        slack = at.up * self.aliasing

        def worst(kind: int, amount: float, mean: float) -> float:
            return amount + self._above(kind, amount, mean) / (1 - level)

        least = self.grid.step * int(np.searchsorted(self.below.middle, level - self.aliasing))
        middle = max(worst(1, least, means.middle), at.middle)
        down = worst(0, at.down, means.down) - slack / (1 - level)
        up = worst(2, at.up, means.up) + slack / (1 - level)
        told = Bounds(min(down, middle), middle, max(up, middle)).estimate
        return self._told(told, lambda law: law.tvar(level))

    def passed(self, amount: float) -> Estimate:
        """Return the probability that a year passes `amount`."""
        check(amount=(amount, NUMBER))
        if amount < 0:
            return Estimate(1.0)
        if amount >= self.grid.end:
            return Estimate(self.beyond / 2, self.beyond / 2)
        place = int(amount / self.grid.step * (1 + ON_GRID))
        down = 1 - float(self.below.down[place]) - self.aliasing
        up = 1 - float(self.below.up[place]) + self.aliasing
        middle = 1 - float(np.interp(amount, *self._line))
        told = Bounds(max(down, 0.0), min(max(middle, down, 0.0), up, 1.0), min(up, 1.0)).estimate
        return self._told(told, lambda law: law.passed(amount))

    def exceedance(self, probabilities: Sequence[float]) -> list[Estimate]:
        """Return the amount passed with each probability."""
        return [self.var(1 - each) for each in probabilities]
