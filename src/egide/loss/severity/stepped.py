"""Laws of a few amounts: what was seen, what an expert lists, one amount always."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np
from numpy.typing import NDArray

from egide.finding import Finding
from egide.loss.faults import NOT_NEGATIVE, SHARE, Rule, broken, check, fault, refuse
from egide.loss.severity.law import Severity
from egide.loss.special import Array, special
from egide.message import message

ROUNDING = 1e-9
"""How far from 1 the sum of given probabilities may be."""


SAME = 1e-15
"""Two amounts that differ by less, relatively, are the same: the rounding of a change of unit."""


class Stepped(Severity):
    """A law of finitely many amounts."""

    @property
    @abstractmethod
    def points(self) -> tuple[Array, Array]:
        """Return the amounts, increasing, and their probabilities."""

    @cached_property
    def scores(self) -> Array:
        """Return the normal scores past which each amount begins: the first is -inf."""
        below, above = self._sums
        low = below < 0.5
        found = np.where(low, special().ndtri(below), -special().ndtri(above))
        return np.asarray(found[:-1], dtype=np.float64)

    @cached_property
    def _sums(self) -> tuple[Array, Array]:
        """Return the probabilities below and from each amount on; one more of each at the end."""
        chances = self.points[1].astype(np.longdouble)
        below = np.concatenate([[0], np.cumsum(chances)])
        above = np.concatenate([np.cumsum(chances[::-1])[::-1], [0]])
        total = below[-1]
        return (below / total).astype(np.float64), (above / total).astype(np.float64)

    @property
    def mean(self) -> float:
        """Return the mean."""
        values, chances = self.points
        return fsum(values * chances)

    @property
    def variance(self) -> float:
        """Return the variance."""
        values, chances = self.points
        return fsum((values - self.mean) ** 2 * chances)

    @property
    def breaks(self) -> tuple[float, ...]:
        """Return the normal scores at which the next amount begins."""
        return tuple(float(score) for score in self.scores[1:])

    @property
    def highest(self) -> float:
        """Return the largest amount."""
        return float(self.points[0][-1])

    def _at(self, z: Array) -> Array:
        found = self.points[0][np.searchsorted(self.scores[1:], z, side="left")]
        return np.where(np.isnan(z), np.nan, found)

    def _quantile(self, p: Array) -> Array:
        found = self.points[0][np.searchsorted(self._sums[0][1:-1], p, side="left")]
        return np.where((p >= 0) & (p <= 1), found, np.nan)

    def _below(self, x: Array) -> NDArray[np.intp]:
        return np.searchsorted(self.points[0], x * (1 + SAME), side="right")

    def _cdf(self, x: Array) -> Array:
        return self._sums[0][self._below(x)]

    def _survival(self, x: Array) -> Array:
        return self._sums[1][self._below(x)]

    def _partial(self, power: int, x: Array) -> Array:
        values, chances = self.points
        sums = np.concatenate([[0.0], np.cumsum(values**power * chances)])
        return np.asarray(sums[self._below(x)], dtype=np.float64)


def _each(field: str, values: Sequence[float], rule: Rule) -> list[Finding]:
    return broken({f"{field}[{place}]": (value, rule) for place, value in enumerate(values)})


def _none(field: str) -> Finding:
    return fault(
        "loss.empty",
        field,
        "",
        message("Il n'y a aucune valeur."),
        message("Donner au moins une valeur."),
    )


@dataclass(frozen=True)
class Empirical(Stepped):
    """One of the `values` seen, each as probable as the others."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        refuse(_each("values", self.values, NOT_NEGATIVE) if self.values else [_none("values")])

    @cached_property
    def points(self) -> tuple[Array, Array]:
        """Return the amounts, increasing, and their probabilities."""
        found, times = np.unique(np.asarray(self.values, dtype=np.float64), return_counts=True)
        return found, times / len(self.values)


@dataclass(frozen=True)
class Discrete(Stepped):
    """One of the `values`, each with its own probability."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        found = _each("values", self.values, NOT_NEGATIVE) if self.values else [_none("values")]
        found += _each("probabilities", self.probabilities, SHARE)
        if len(self.values) != len(self.probabilities):
            found.append(
                fault(
                    "loss.lengths",
                    "probabilities",
                    str(len(self.probabilities)),
                    message("Il n'y a pas autant de probabilités que de valeurs ({count}).", count=len(self.values)),
                    message("Donner une probabilité par valeur."),
                )
            )
        refuse(found or self._sum())

    def _sum(self) -> list[Finding]:
        total = fsum(self.probabilities)
        if abs(total - 1) <= ROUNDING:
            return []
        return [
            fault(
                "loss.probabilities_sum",
                "probabilities",
                f"{total:g}",
                message("La somme des probabilités n'est pas 1."),
                message("Corriger les probabilités pour que leur somme soit 1."),
            )
        ]

    @cached_property
    def points(self) -> tuple[Array, Array]:
        """Return the amounts, increasing, and their probabilities, whose sum is brought to 1."""
        chances = np.asarray(self.probabilities, dtype=np.float64)
        kept = chances > 0
        found, group = np.unique(np.asarray(self.values, dtype=np.float64)[kept], return_inverse=True)
        return found, np.bincount(group, chances[kept]) / fsum(self.probabilities)


@dataclass(frozen=True)
class Constant(Stepped):
    """The same amount always."""

    value: float

    def __post_init__(self) -> None:
        check(value=(self.value, NOT_NEGATIVE))

    @cached_property
    def points(self) -> tuple[Array, Array]:
        """Return the amount and its probability, 1."""
        return np.array([self.value], dtype=np.float64), np.ones(1)
