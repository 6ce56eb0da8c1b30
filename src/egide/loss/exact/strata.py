"""Events whose parts hang on a common duration, cut into strata of its normal score in which they are independent.

In a stratum the duration keeps its exact law; an amount tied to it follows its law given the mean and the variance of
the score there; a duration multiplied by a factor of its own is its mean times that factor. What is left out falls with
the square of the number of strata: the exact way computes with two numbers and tells the difference as an error.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, inf, isfinite, pi, sqrt

import numpy as np

from egide.loss.model import Amount, Head
from egide.loss.severity import Scaled, Severity
from egide.loss.special import Array, special

WIDEST = 4.0
"""The strata are even between this normal score and its opposite; the two ends hold 3e-5 each."""


@dataclass(frozen=True)
class Stratum:
    """Normal scores from `low` to `high`."""

    low: float
    high: float

    @cached_property
    def weight(self) -> float:
        """Return its probability."""
        return float(self._above(self.low) - self._above(self.high))

    @cached_property
    def centre(self) -> float:
        """Return the mean score."""
        return (_density(self.low) - _density(self.high)) / self.weight

    @cached_property
    def spread(self) -> float:
        """Return the variance of the score."""
        ends = sum(sign * z * _density(z) for sign, z in ((1, self.low), (-1, self.high)) if isfinite(z))
        return max(1 + ends / self.weight - self.centre**2, 0.0)

    @staticmethod
    def _above(z: float) -> float:
        return float(special().ndtr(-z))


def _density(z: float) -> float:
    return exp(-z * z / 2) / sqrt(2 * pi) if isfinite(z) else 0.0


def strata(number: int) -> list[Stratum]:
    """Return so many strata that cover all scores."""
    inner = np.linspace(-WIDEST, WIDEST, number - 1).tolist()
    return [Stratum(low, high) for low, high in zip([-inf, *inner], [*inner, inf], strict=True)]


@dataclass(frozen=True)
class Within(Severity):
    """A law given that its normal score lies in a stratum."""

    base: Severity
    stratum: Stratum

    @property
    def mean(self) -> float:
        """Return the mean; inf when there is none."""
        return self._whole(1)

    @property
    def variance(self) -> float:
        """Return the variance; inf when there is none."""
        mean = self.mean
        return max(self._whole(2) - mean * mean, 0.0) if isfinite(mean) else inf

    @property
    def highest(self) -> float:
        """Return the amount that is never passed."""
        return self.base.at(self.stratum.high) if isfinite(self.stratum.high) else self.base.highest

    def _whole(self, power: int) -> float:
        return (self._below(power, self.stratum.high) - self._below(power, self.stratum.low)) / self.stratum.weight

    def _below(self, power: int, z: float) -> float:
        """Return E[X^power; score <= z]."""
        if z == inf:
            return [1.0, self.base.mean, self.base.variance + self.base.mean**2][power]
        if z == -inf:
            return 0.0
        amount = self.base.at(z)
        spare = self.base.survival(amount) - float(special().ndtr(-z))
        return self.base.partial(power, amount) + amount**power * spare

    def _at(self, z: Array) -> Array:
        low, high = special().ndtr(-np.array([self.stratum.low, self.stratum.high]))
        return self.base._at(-special().ndtri(high + special().ndtr(-z) * (low - high)))

    def _cdf(self, x: Array) -> Array:
        return 1 - self._survival(x)

    def _survival(self, x: Array) -> Array:
        high = float(special().ndtr(-self.stratum.high))
        return np.clip((self.base._survival(x) - high) / self.stratum.weight, 0.0, 1.0)

    def _partial(self, power: int, x: Array) -> Array:
        first, last = (self._below(power, z) for z in (self.stratum.low, self.stratum.high))
        return (np.clip(self.base._partial(power, x), first, last) - first) / self.stratum.weight


NODES = np.polynomial.legendre.leggauss(160)
REACH = 8.25


@dataclass(frozen=True)
class Tied(Severity):
    """A law whose normal score has another mean and standard deviation: what is known of it is a common score."""

    base: Severity
    centre: float
    spread: float

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self._integral(1, REACH)

    @property
    def variance(self) -> float:
        """Return the variance."""
        return max(self._integral(2, REACH) - self.mean**2, 0.0)

    @property
    def highest(self) -> float:
        """Return the amount that is never passed."""
        return self.base.highest

    def _integral(self, power: int, until: float) -> float:
        """Return E[X^power; score <= until], the score being that of this law."""
        half = (min(max(until, -REACH), REACH) + REACH) / 2
        scores = half * NODES[0] + half - REACH
        density = np.exp(-(scores**2) / 2) / sqrt(2 * pi)
        return float((half * NODES[1] * density * self._at(scores) ** power).sum())

    def _scores(self, x: Array) -> Array:
        """Return the scores of amounts in this law, from the smaller of the two probabilities."""
        below, above = self.base._cdf(x), self.base._survival(x)
        scores = np.where(below < above, special().ndtri(below), -special().ndtri(above))
        return (scores - self.centre) / self.spread

    def _at(self, z: Array) -> Array:
        return self.base._at(self.centre + self.spread * z)

    def _cdf(self, x: Array) -> Array:
        return special().ndtr(self._scores(x))

    def _survival(self, x: Array) -> Array:
        return special().ndtr(-self._scores(x))

    def _partial(self, power: int, x: Array) -> Array:
        scores = self._scores(x)
        return np.array([self._integral(power, float(z)) for z in scores.ravel()]).reshape(scores.shape)


def given(heads: Iterable[Head], stratum: Stratum) -> Iterator[Head]:
    """Return the heads of an event whose duration lies in a stratum."""
    for head in heads:
        if isinstance(head, Amount) and head.with_duration:
            tie = head.with_duration
            spread = sqrt(1 - tie**2 * (1 - stratum.spread))
            yield replace(head, severity=Tied(head.severity, tie * stratum.centre, spread), with_duration=0.0)
        else:
            yield head


def lasting(duration: Severity | None, factor: Severity | None, stratum: Stratum) -> Severity | None:
    """Return the law of a duration in a stratum, or of its mean there times a factor."""
    if duration is None:
        return None
    within = Within(duration, stratum)
    if factor is None:
        return within
    mean = within.mean
    return Scaled(factor, mean if isfinite(mean) else duration.at(stratum.centre))
