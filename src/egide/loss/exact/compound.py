"""Sums of a random number of events: generating functions and moments of a year, from those of its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, log, sqrt

import numpy as np

from egide.loss.exact.grid import Complex, Spectra, joined
from egide.loss.exact.part import Part
from egide.loss.frequency import Frequency, NegativeBinomial, Poisson
from egide.loss.special import Array

NODES = 48
"""Nodes of the quadrature over the factor of the year, where there is no closed form."""


@dataclass(frozen=True)
class Kind:
    """A kind of event of a year: how many there are, mean and variance of what one costs."""

    frequency: Frequency
    mean: float
    variance: float


@dataclass(frozen=True)
class Group:
    """Kinds of events made more or less frequent by one gamma factor of the year (`shape` None: years are alike)."""

    kinds: tuple[Kind, ...]
    shape: float | None = None

    @property
    def mean(self) -> float:
        """Return the mean of a year."""
        return sum(kind.frequency.mean * kind.mean for kind in self.kinds if kind.frequency.mean > 0)

    @property
    def variance(self) -> float:
        """Return the variance of a year: that of sums of random numbers of events, and that of the common factor."""
        spread = 1 / self.shape if self.shape else 0.0
        found = 0.0
        for kind in self.kinds:
            rate, extra = kind.frequency.mean, kind.frequency.variance - kind.frequency.mean
            if rate > 0 and kind.mean < inf:
                found += rate * (kind.variance + kind.mean**2) + extra * (1 + spread) * kind.mean**2
            elif rate > 0:
                return inf
        return max(found + spread * self.mean**2, 0.0)

    @property
    def fading(self) -> float:
        """Return the scale of the exponential law by which large years fade, where counts vary from year to year."""
        own = [
            kind.mean * (kind.frequency.variance - kind.frequency.mean) / kind.frequency.mean
            for kind in self.kinds
            if kind.frequency.mean > 0
        ]
        return max([*own, self.mean / self.shape if self.shape else 0.0])

    def generating(self, events: Sequence[Spectra]) -> Spectra:
        """Return the transforms of the sum of a year, given those of one event of each kind."""
        laws = [kind.frequency for kind in self.kinds]
        if self.shape is None:
            return joined(events, lambda of: _alike(laws, of))
        shape = self.shape
        if all(isinstance(law, Poisson) for law in laws):
            return joined(events, lambda of: np.exp(-shape * np.log1p(_missing(laws, of) / shape)))
        years = factors(shape)
        return joined(events, lambda of: _varying(laws, of, years))


def factors(shape: float) -> tuple[Array, Array]:
    """Return nodes and weights of the Gauss rule of a gamma law of that shape and mean 1 (Golub and Welsch, 1969)."""
    order = np.arange(NODES)
    beside = np.sqrt(order[1:] * (order[1:] + shape - 1))
    nodes, vectors = np.linalg.eigh(np.diag(2 * order + shape) + np.diag(beside, 1) + np.diag(beside, -1))
    return np.maximum(nodes, 0.0) / shape, vectors[0] ** 2


def _missing(laws: Sequence[Frequency], of: Sequence[Complex]) -> Complex:
    """Return the sum of mean x (1 - transform)."""
    found = np.zeros_like(of[0])
    for law, each in zip(laws, of, strict=True):
        found += law.mean * (1 - each)
    return found


def _alike(laws: Sequence[Frequency], of: Sequence[Complex]) -> Complex:
    """Return the product of generating functions, with one exponential for all that are exponentials."""
    power = np.zeros_like(of[0])
    others = []
    for law, each in zip(laws, of, strict=True):
        if isinstance(law, Poisson):
            power += law.mean * (each - 1)
        elif isinstance(law, NegativeBinomial):
            power -= law.shape * np.log1p(law.mean / law.shape * (1 - each))
        else:
            others.append(law.generating(each))
    found: Complex = np.exp(power)
    for other in others:
        found = found * other
    return found


def _varying(laws: Sequence[Frequency], of: Sequence[Complex], years: tuple[Array, Array]) -> Complex:
    """Return the mean, over factors of the year with their weights, of the product of generating functions."""
    found = np.zeros_like(of[0])
    for factor, weight in zip(*years, strict=True):
        found += weight * _alike([law.scaled(float(factor)) for law in laws], of)
    return found


@dataclass(frozen=True)
class Case:
    """A stratum of an event: its probability, and for each member hit the independent parts of its cost."""

    weight: float
    members: tuple[tuple[Part, ...], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts of all members."""
        return tuple(part for parts in self.members for part in parts)


@dataclass(frozen=True)
class Event:
    """A kind of event: how many a year, its cases, the chance that it counts for a member."""

    frequency: Frequency
    cases: tuple[Case, ...]
    counted: float = 1.0

    @property
    def kind(self) -> Kind:
        """Return its moments, when it counts."""
        sums = [(c.weight, sum(p.mean for p in c.parts), sum(p.variance for p in c.parts)) for c in self.cases]
        return mixed(self.frequency, sums)

    @property
    def tails(self) -> list[list[float]]:
        """Return, by case, the amount of each part that a year passes with probability `TAIL`."""
        rate = self.frequency.mean
        if rate == 0:
            return [[] for _ in self.cases]
        return [[part.tail(TAIL / (rate * case.weight)) for part in case.parts] for case in self.cases]


def mixed(frequency: Frequency, cases: Sequence[tuple[float, float, float]]) -> Kind:
    """Return the moments of an event from the weight, the mean and the variance of each case."""
    mean = sum(weight * first for weight, first, _ in cases)
    if mean == inf:
        return Kind(frequency, inf, inf)
    return Kind(frequency, mean, sum(weight * (variance + (first - mean) ** 2) for weight, first, variance in cases))


@dataclass(frozen=True)
class Exposure:
    """The kinds of events of one risk, and the shape of the factor of the year that they share."""

    events: tuple[Event, ...]
    shape: float | None = None

    @cached_property
    def group(self) -> Group:
        """Return its moments."""
        return Group(tuple(event.kind for event in self.events), self.shape)

    def group_of(self, kinds: Sequence[Kind]) -> Group:
        """Return the group of other amounts of the same events."""
        return Group(tuple(kinds), self.shape)


TAIL = 1e-5
"""How often a year an amount may pass what a grid is made to hold, when no step is asked."""
SPREADS = 6.0


def reach(exposures: Sequence[Exposure], most: float = inf) -> float:
    """Return an amount that a year all but never passes, when an event gives no more than `most`.

    It is the largest single amount, plus what the years without larger ones may reach: their mean, six standard
    deviations, and the slow fading of laws whose rate varies.
    """
    largest = 0.0
    groups = []
    for exposure in exposures:
        kinds = []
        for event in exposure.events:
            cases = []
            for case, tails in zip(event.cases, event.tails, strict=True):
                cut = [(part, min(top, most)) for part, top in zip(case.parts, tails, strict=bool(tails))]
                largest = max([largest, *(top for _, top in cut)])
                first = sum(part.occurs * part.moment(1, top) for part, top in cut)
                cases.append((case.weight, first, sum(part.occurs * part.moment(2, top) for part, top in cut)))
            kinds.append(mixed(event.frequency, cases))
        groups.append(exposure.group_of(kinds))
    fading = max((group.fading for group in groups), default=0.0)
    spread = sqrt(sum(group.variance for group in groups))
    return largest + sum(group.mean for group in groups) + SPREADS * spread + log(1 / TAIL) * fading


def count_spread(exposures: Sequence[Exposure]) -> float:
    """Return the root of the mean square of the number of parts of events of a year."""

    def parts(event: Event) -> int:
        return max(len(case.parts) for case in event.cases)

    groups = [e.group_of([Kind(each.frequency, parts(each), 0.0) for each in e.events]) for e in exposures]
    return sqrt(sum(g.variance for g in groups) + sum(g.mean for g in groups) ** 2)
