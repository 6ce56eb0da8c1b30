"""What every law of an amount or of a duration answers, and the same law in other units."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TypeVar

import numpy as np

from egide.loss.faults import POSITIVE, check
from egide.loss.special import Array, special

Real = TypeVar("Real", float, Array)
"""A number, answered by a number, or an array, answered by an array of the same shape."""


def pointwise(law: Callable[[Array], Array], value: Real) -> Real:
    """Return a function of arrays at `value`, as a number if it is one."""
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        found = law(np.asarray(value, dtype=np.float64))
    if isinstance(value, np.ndarray):
        return found
    return float(found)


def from_tails(z: Array, left: Callable[[Array], Array], right: Callable[[Array], Array]) -> Array:
    """Return quantiles at normal scores: `left` of the probability below where z < 0, `right` of that above elsewhere."""
    found = np.empty_like(z)
    low = z < 0
    found[low] = left(special().ndtr(z[low]))
    found[~low] = right(special().ndtr(-z[~low]))
    return found


class Severity(ABC):
    """A law on amounts (or days) >= 0. All members are exact, but for the rounding of doubles."""

    def at(self, z: Real) -> Real:
        """Return the quantiles at standard normal scores: at(ndtri(p)) = quantile(p), precise in both tails."""
        return pointwise(self._at, z)

    def quantile(self, p: Real) -> Real:
        """Return the least amount not passed with probability `p`; NaN where p is no probability."""
        return pointwise(self._quantile, p)

    def cdf(self, x: Real) -> Real:
        """Return the probability of an amount of `x` at most."""
        return pointwise(self._cdf, x)

    def survival(self, x: Real) -> Real:
        """Return the probability of an amount above `x`, precise in the right tail."""
        return pointwise(self._survival, x)

    def limited(self, limit: Real) -> Real:
        """Return the limited expected value, E[min(X, limit)]; the mean where the limit is infinite."""
        return pointwise(self._limited, limit)

    def partial(self, power: int, x: Real) -> Real:
        """Return the partial moment E[X^power; X <= x], power 0, 1 or 2."""
        return pointwise(lambda each: self._partial(power, each), x)

    @property
    @abstractmethod
    def mean(self) -> float:
        """Return the mean; inf when there is none."""

    @property
    @abstractmethod
    def variance(self) -> float:
        """Return the variance; inf when there is none."""

    @property
    def breaks(self) -> tuple[float, ...]:
        """Return the normal scores at which `at` is not smooth, increasing."""
        return ()

    @property
    def highest(self) -> float:
        """Return the amount that is never passed, inf when there is none."""
        return inf

    def scaled(self, factor: float) -> "Severity":
        """Return the law of `factor` times the amount."""
        return Scaled(self, factor)

    @abstractmethod
    def _at(self, z: Array) -> Array: ...

    def _quantile(self, p: Array) -> Array:
        return self._at(special().ndtri(p))

    @abstractmethod
    def _cdf(self, x: Array) -> Array: ...

    @abstractmethod
    def _survival(self, x: Array) -> Array: ...

    @abstractmethod
    def _partial(self, power: int, x: Array) -> Array: ...

    def _limited(self, x: Array) -> Array:
        return self._partial(1, x) + np.where(np.isinf(x), 0.0, x) * self._survival(x)


@dataclass(frozen=True)
class Scaled(Severity):
    """`factor` times the amount of a law: another currency, a larger hospital. Nested factors become one."""

    base: Severity
    factor: float

    def __post_init__(self) -> None:
        check(factor=(self.factor, POSITIVE))
        if isinstance(self.base, Scaled):
            object.__setattr__(self, "factor", self.factor * self.base.factor)
            object.__setattr__(self, "base", self.base.base)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.factor * self.base.mean

    @property
    def variance(self) -> float:
        """Return the variance."""
        return self.factor**2 * self.base.variance

    @property
    def breaks(self) -> tuple[float, ...]:
        """Return the normal scores at which `at` is not smooth."""
        return self.base.breaks

    @property
    def highest(self) -> float:
        """Return the amount that is never passed."""
        return self.factor * self.base.highest

    def scaled(self, factor: float) -> "Scaled":
        """Return the law of `factor` times the amount."""
        return Scaled(self, factor)

    def _at(self, z: Array) -> Array:
        return self.factor * self.base._at(z)

    def _quantile(self, p: Array) -> Array:
        return self.factor * self.base._quantile(p)

    def _cdf(self, x: Array) -> Array:
        return self.base._cdf(x / self.factor)

    def _survival(self, x: Array) -> Array:
        return self.base._survival(x / self.factor)

    def _partial(self, power: int, x: Array) -> Array:
        return self.factor**power * self.base._partial(power, x / self.factor)

    def _limited(self, x: Array) -> Array:
        return self.factor * self.base._limited(x / self.factor)
