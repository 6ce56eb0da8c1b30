"""The exact law of what one contract pays in a year: claims of events, layers, then the bounds of the year."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from math import ceil, inf, isfinite, sqrt

import numpy as np

from egide.finding import Finding
from egide.loss.estimate import Estimate
from egide.loss.exact.aggregate import Law, Moments
from egide.loss.exact.compound import Event, Exposure, Kind, count_spread, reach
from egide.loss.exact.grid import (
    NOTHING,
    Bounds,
    Grid,
    Known,
    Masses,
    Spectra,
    aliasing,
    dot,
    fast_size,
    step_for,
    weighted,
)
from egide.loss.exact.part import Part
from egide.loss.special import Array
from egide.loss.terms import Layer, Policy, Retention

Change = Callable[[Array], Array]
"""A function of amounts that never falls, straight past the grid."""


@dataclass(frozen=True)
class Infinite:
    """Why there may be no mean, and no standard deviation."""

    mean: tuple[Finding, ...] = ()
    sd: tuple[Finding, ...] = ()

    def of(self, mean: float, sd: float) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return what is to be said of these two numbers."""
        return (() if isfinite(mean) else self.mean, () if isfinite(sd) else self.sd or self.mean)


NO_FAULT = Infinite()


@dataclass(frozen=True, eq=False)
class Sum:
    """The law of an amount, below the end of a grid, with its moments known apart: mean of each rounding, square.

    `slack` bounds what aliasing did to the probabilities.
    """

    grid: Grid
    masses: Masses
    means: Bounds
    square: float
    slack: float = 0.0

    def through(self, change: Change, cap: float, grid: Grid) -> "Sum":
        """Return the law of min(change(amount), cap) on another grid."""
        ends = change(np.array([self.grid.end, 2 * self.grid.end]))
        inside = np.minimum(change(self.grid.amounts[:-1]), cap)
        masses = grid.placed(inside, self.masses)
        off = np.where(inside < grid.end, 0.0, inside)
        pairs = zip(masses.all, self.masses.all, strict=True)
        means = Bounds(*(dot(new, grid.amounts[:-1]) + (dot(old, off) if off.any() else 0.0) for new, old in pairs))
        square = dot(self.masses.middle, inside**2)
        rest = self.masses.told(lambda each: max(1 - float(each.sum()), 0.0))
        if ends[0] >= cap:
            top = grid.placed(np.array([cap]), Masses(*(np.array([each]) for each in rest.all)))
            masses = Masses(*(low + high for low, high in zip(masses.all, top.all, strict=True)))
            wider = means + rest * cap + Bounds(-cap * self.slack, 0.0, cap * self.slack)
            return Sum(grid, masses, wider, square + cap**2 * rest.middle, self.slack)
        line = self._past(rest, float(ends[0]), float(ends[1] - ends[0]) / self.grid.end)
        if cap == inf:
            return Sum(grid, masses, means + line.means, square + line.square, self.slack)
        most = rest * cap
        past = Bounds(float(ends[0]) * rest.down, min(line.means.middle, most.middle), min(line.means.up, most.up))
        return Sum(grid, masses, means + past, square + min(line.square, cap * most.middle), self.slack)

    def scaled(self, factor: float) -> "Sum":
        """Return the law of a multiple of the amount."""
        return Sum(
            Grid(self.grid.step * factor, self.grid.size),
            self.masses,
            self.means * factor,
            self.square * factor**2,
            self.slack,
        )

    def counted(self, chance: float) -> "Sum":
        """Return the law of an amount that counts with a probability, else is nothing."""
        if chance == 1:
            return self

        def thinned(masses: Array) -> Array:
            found = chance * masses
            found[0] += 1 - chance
            return found

        masses = self.masses.each(thinned)
        return Sum(self.grid, masses, self.means * chance, self.square * chance, self.slack * chance)

    def _past(self, rest: Bounds, at_end: float, slope: float) -> "Past":
        """Return what amounts past the grid bring to the moments of a function, straight there."""
        if slope <= 0:
            return Past(rest * at_end, at_end**2 * rest.middle)
        steps, end = self.grid.amounts[:-1], self.grid.end
        inside = self.masses.told(lambda each: dot(each, steps))
        excess = [max(m - i - end * r, 0.0) for m, i, r in zip(self.means.all, inside.all, rest.all, strict=True)]
        means = Bounds(*(at_end * r + slope * e for r, e in zip(rest.all, excess, strict=True)))
        square = max(self.square - dot(self.masses.middle, steps**2) - end**2 * rest.middle, 0.0)
        start = at_end - slope * end
        return Past(means, at_end**2 * rest.middle + 2 * start * slope * excess[1] + slope**2 * square)


@dataclass(frozen=True)
class Past:
    """Moments of what is past a grid."""

    means: Bounds
    square: float


def nothing() -> Law:
    """Return the law of a year that costs nothing."""
    masses = np.array([1.0, 0.0])
    return law_of(Sum(Grid(1.0, 2), Masses(masses, masses, masses), NOTHING, 0.0), 0.0, NO_FAULT)


def after_retention(retention: Retention, claims: Array) -> Array:
    """Return what is left of the claim of an event after its retention."""
    kept = np.minimum(np.maximum(retention.flat + retention.share * claims, retention.least), retention.most)
    if retention.franchise:
        return np.where(claims > kept, claims, 0.0)
    return np.maximum(claims - kept, 0.0)


def claim_for(retention: Retention, left: float) -> float:
    """Return a claim past which no less than `left` is left after its retention, inf when there is none."""
    sloped = (left + retention.flat) / (1 - retention.share) if retention.share < 1 else inf
    return min(left + retention.most, max(sloped, left + retention.least))


@dataclass(frozen=True)
class Claims:
    """The claims of a contract: kinds of events by member, on a grid that all its layers can use."""

    policy: Policy
    exposures: tuple[Exposure, ...]
    buckets: int
    step: float | None = None

    @cached_property
    def _largest(self) -> float:
        """Return a claim that a year all but never passes."""
        return max(
            (sum(t) for exposure in self.exposures for event in exposure.events for t in event.tails), default=0.0
        )

    def _reach(self, layer: Layer) -> tuple[float, float]:
        """Return the claim that exhausts a layer, and what the year of a layer is worth computing up to."""
        largest = float(after_retention(self.policy.retention, np.array([self._largest]))[0])
        owed = min(layer.limit, max(largest - layer.attachment, 0.0))
        year = min(layer.aggregate_retention + layer.aggregate_limit, reach(self.exposures, owed))
        return claim_for(self.policy.retention, layer.attachment + min(owed, year)), year

    @cached_property
    def _paying(self) -> list[Layer]:
        """Return the layers that can pay."""
        return [each for each in self.policy.layers if each.share > 0 and self._reach(each)[0] < inf]

    @cached_property
    def spacing(self) -> float:
        """Return the step of the grids."""
        farthest = max((max(self._reach(layer)) for layer in self._paying), default=0.0)
        return self.step or step_for(farthest, self.buckets // 2)

    def _grid(self, until: float) -> Grid:
        return Grid(self.spacing, min(fast_size(ceil(until / self.spacing) + 2), self.buckets))

    @cached_property
    def _left(self) -> list[list[Sum]]:
        """Return the laws of what is left of the claims of each kind of event after retentions."""
        grid = self._grid(max(self._reach(layer)[0] for layer in self._paying))
        return [[self._after(event, grid) for event in exposure.events] for exposure in self.exposures]

    def _after(self, event: Event, grid: Grid) -> Sum:
        """Return the law of what is left of an event: over its cases, the sum over members, each after its retention."""
        cases = []
        known: Known = {}
        for case in event.cases:
            claims = [_claim(parts, grid, known) for parts in case.members]
            members = [claim.through(self._retention, inf, grid) for claim in claims] if self._retains else claims
            cases.append((case.weight, summed([each.counted(event.counted) for each in members])))
        return cases[0][1] if len(cases) == 1 else mixture(cases)

    @property
    def _retains(self) -> bool:
        return self.policy.retention != Retention()

    def _retention(self, claims: Array) -> Array:
        return after_retention(self.policy.retention, claims)

    def _year(self, change: Change, cap: float, grid: Grid) -> Sum:
        """Return the sum over a year of a function of claims."""
        found = [grid.event(())[0]]
        means, variance, slack = NOTHING, 0.0, 0.0
        for exposure, lefts in zip(self.exposures, self._left, strict=True):
            kinds, spectra = [], []
            for event, left in zip(exposure.events, lefts, strict=True):
                owed = left.through(change, cap, grid)
                spectra.append(grid.spectra(owed.masses))
                rate, first = event.frequency.mean, owed.means.middle
                kinds.append(Kind(event.frequency, first, max(owed.square - first**2, 0.0)))
                means += owed.means * rate if rate > 0 else NOTHING
                slack += owed.slack * rate
            group = exposure.group_of(kinds)
            found.append(group.generating(spectra))
            variance += group.variance
        masses = grid.masses(reduce(Spectra.__mul__, found))
        slack += aliasing(masses)
        return Sum(grid, masses, means, variance + means.middle**2, slack)

    def layer(self, layer: Layer, infinite: Infinite = NO_FAULT) -> Law:
        """Return the law of what a layer pays in a year."""
        if layer not in self._paying:
            return nothing()
        grid = self._grid(self._reach(layer)[1])
        year = self._year(lambda left: np.maximum(left - layer.attachment, 0.0), layer.limit, grid)
        if layer.aggregate_retention > 0 or layer.aggregate_limit < inf:
            year = year.through(lambda x: np.maximum(x - layer.aggregate_retention, 0.0), layer.aggregate_limit, grid)
        return law_of(year.scaled(layer.share), self._moved * layer.share, infinite)

    def total(self, infinite: Infinite = NO_FAULT) -> Law:
        """Return the law of what layers without any bound of the year pay together."""
        layers = self._paying
        if not layers:
            return nothing()
        grid = self._grid(sum(layer.share * self._reach(layer)[1] for layer in layers))
        cap = sum(layer.share * layer.limit for layer in layers)

        def owed(left: Array) -> Array:
            slices = [each.share * np.clip(left - each.attachment, 0.0, each.limit) for each in layers]
            return np.asarray(np.sum(slices, axis=0))

        return law_of(self._year(owed, cap, grid), self._moved, infinite)

    @cached_property
    def _moved(self) -> float:
        """Return the root of the mean square of what rounding may move a year."""
        return self.spacing * (2 * count_spread(self.exposures) + 1)


def _claim(parts: tuple[Part, ...], grid: Grid, known: Known) -> Sum:
    spectra, means = grid.event(parts, known)
    mean, variance = sum(part.mean for part in parts), sum(part.variance for part in parts)
    masses = grid.masses(spectra)
    return Sum(grid, masses, means, variance + mean**2, aliasing(masses))


def summed(each: list[Sum]) -> Sum:
    """Return the law of the sum of independent amounts on one grid."""
    if len(each) == 1:
        return each[0]
    grid = each[0].grid
    masses = grid.masses(reduce(Spectra.__mul__, [grid.spectra(one.masses) for one in each], grid.event(())[0]))
    means = reduce(Bounds.__add__, [one.means for one in each], NOTHING)
    variance = sum(one.square - one.means.middle**2 for one in each)
    return Sum(grid, masses, means, variance + means.middle**2, sum(one.slack for one in each) + aliasing(masses))


def mixture(cases: list[tuple[float, Sum]]) -> Sum:
    """Return the law of an amount given the weight and the law of each case."""
    first = cases[0][1]
    weights = [weight for weight, _ in cases]
    masses = Masses(*(weighted(weights, each) for each in zip(*(case.masses.all for _, case in cases), strict=True)))
    means = reduce(Bounds.__add__, [case.means * weight for weight, case in cases])
    square = sum(weight * case.square for weight, case in cases)
    return Sum(first.grid, masses, means, square, sum(weight * case.slack for weight, case in cases))


def law_of(year: Sum, moved: float, infinite: Infinite) -> Law:
    """Return the law of a yearly amount; `moved` bounds what rounding does to its standard deviation."""
    variance = year.square - year.means.middle**2 if isfinite(year.square) else inf
    sd = sqrt(max(variance, 0.0)) if isfinite(variance) else inf
    faults = infinite.of(year.means.middle, sd)
    moments = Moments(year.means.estimate, year.means, Estimate(sd, moved), *faults)
    return Law(year.grid, year.masses, moments, year.slack)
