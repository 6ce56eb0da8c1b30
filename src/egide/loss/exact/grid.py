"""Laws on an even grid of amounts, in three roundings: all amounts down, in the middle, all up.

The law sought lies between the first and the last, at every amount; the middle one keeps the mean. Sums of independent
amounts are products of Fourier transforms. Masses are damped before the transform, so that what falls beyond the grid
comes back, wrapped around, exp(-DAMPING) times smaller (Grübel and Hermesmeier, ASTIN Bulletin 29, 1999).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from math import ceil, exp, floor, log10
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from egide.loss.estimate import Estimate
from egide.loss.exact.part import Part
from egide.loss.special import Array

Complex = NDArray[np.complex128]
Number = TypeVar("Number", np.float64, np.complex128)

DAMPING = 15.0
"""By how much (natural logarithm) the last bucket is damped: aliasing 3e-7 of what is beyond."""
ROUNDING = 2e-9
"""What the arithmetic of doubles may add to a probability, once the damping is undone."""
ON_GRID = 1e-9
"""How near a grid amount (share of it) an amount counts as on it."""


@dataclass(frozen=True)
class Bounds:
    """A number known between two others."""

    down: float
    middle: float
    up: float

    @property
    def estimate(self) -> Estimate:
        """Return the number with the larger of its distances to its bounds."""
        return Estimate(self.middle, max(self.middle - self.down, self.up - self.middle, 0.0))

    @property
    def all(self) -> tuple[float, float, float]:
        """Return the three numbers."""
        return self.down, self.middle, self.up

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.down + other.down, self.middle + other.middle, self.up + other.up)

    def __mul__(self, factor: float) -> "Bounds":
        return Bounds(self.down * factor, self.middle * factor, self.up * factor)


NOTHING = Bounds(0.0, 0.0, 0.0)


def dot(one: Array, other: Array) -> float:
    """Return the sum of products, the same on every machine: no threads of a linear algebra library."""
    return float((one * other).sum())


@dataclass(frozen=True, eq=False)
class Masses:
    """The probabilities of the amounts of a grid in each rounding; the same array three times when nothing is rounded."""

    down: Array
    middle: Array
    up: Array

    def each(self, change: Callable[[Array], Array]) -> "Masses":
        """Return the three arrays changed."""
        if self.down is self.up:
            same = change(self.down)
            return Masses(same, same, same)
        return Masses(change(self.down), change(self.middle), change(self.up))

    @property
    def all(self) -> tuple[Array, Array, Array]:
        """Return the three arrays."""
        return self.down, self.middle, self.up

    def told(self, measure: Callable[[Array], float]) -> Bounds:
        """Return a number of each of the three."""
        return Bounds(measure(self.down), measure(self.middle), measure(self.up))


def aliasing(masses: Masses) -> float:
    """Return the bound of what is left, on a probability, of amounts past the end of a grid and of doubles."""
    return exp(-DAMPING) * max(1 - float(masses.up.sum()), 0.0) + ROUNDING


@dataclass(frozen=True, eq=False)
class Spectra:
    """The damped transforms of one law in each rounding."""

    down: Complex
    middle: Complex
    up: Complex

    def __mul__(self, other: "Spectra") -> "Spectra":
        return joined([self, other], lambda pair: pair[0] * pair[1])

    def __add__(self, other: "Spectra") -> "Spectra":
        return joined([self, other], lambda pair: pair[0] + pair[1])

    def each(self, change: Callable[[Complex], Complex]) -> "Spectra":
        """Return the three transforms changed."""
        return joined([self], lambda one: change(one[0]))


def joined(spectra: Sequence[Spectra], change: Callable[[Sequence[Complex]], Complex]) -> Spectra:
    """Return a function of several laws, rounding by rounding; once only when nothing is rounded."""
    down = change([each.down for each in spectra])
    if all(each.down is each.up for each in spectra):
        return Spectra(down, down, down)
    return Spectra(down, change([each.middle for each in spectra]), change([each.up for each in spectra]))


Known = dict[Part, tuple[Spectra, Bounds]]
"""Transforms and means of parts met before, on one grid."""


def round_step(least: float) -> float:
    """Return the least of 1, 2, 2.5 and 5 times a power of ten that is not below `least`."""
    power = 10.0 ** floor(log10(least))
    return next(digit * power for digit in (1.0, 2.0, 2.5, 5.0, 10.0) if digit * power >= least * (1 - ON_GRID))


def step_for(reach: float, buckets: int) -> float:
    """Return a round step with which so many buckets hold all amounts up to `reach`."""
    return round_step(reach / buckets) if reach > 0 else 1.0


def fast_size(least: int) -> int:
    """Return the least even size not below `least` that has no prime factor above 5."""
    best = 1 << max(least - 1, 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            best = min(best, three << max(ceil(least / three) - 1, 1).bit_length())
            three *= 3
        five *= 5
    return best


@dataclass(frozen=True)
class Grid:
    """Amounts 0, step, 2 step ... of which there are `size`."""

    step: float
    size: int

    @property
    def end(self) -> float:
        """Return the first amount past the grid."""
        return self.step * self.size

    @cached_property
    def amounts(self) -> Array:
        """Return the amounts of the grid, and the first past it."""
        return self.step * np.arange(self.size + 1, dtype=np.float64)

    @cached_property
    def _damped(self) -> Array:
        return np.asarray(np.exp(np.arange(self.size) * (-DAMPING / self.size)), dtype=np.float64)

    @cached_property
    def _raised(self) -> Array:
        return 1 / self._damped

    @cached_property
    def _next(self) -> Complex:
        """Return the factor that moves a law up by one step, less 1."""
        turn = np.exp(np.arange(self.size // 2 + 1) * (-2j * np.pi / self.size))
        return np.asarray(turn * exp(-DAMPING / self.size) - 1, dtype=np.complex128)

    def masses(self, spectra: Spectra) -> Masses:
        """Return the masses whose damped transforms these are."""
        down = self._masses(spectra.down)
        if spectra.down is spectra.up:
            return Masses(down, down, down)
        return Masses(down, self._masses(spectra.middle), self._masses(spectra.up))

    def _masses(self, spectrum: Complex) -> Array:
        return np.asarray(np.fft.irfft(spectrum, self.size) * self._raised, dtype=np.float64)

    def spectra(self, masses: Masses) -> Spectra:
        """Return the transforms of a law already on the grid."""
        down = self._spectrum(masses.down)
        if masses.down is masses.up:
            return Spectra(down, down, down)
        return Spectra(down, self._spectrum(masses.middle), self._spectrum(masses.up))

    def _spectrum(self, masses: Array) -> Complex:
        return np.fft.rfft(masses * self._damped)

    def placed(self, amounts: Array, chances: Array | Masses) -> Masses:
        """Return the masses of a law of finitely many amounts; what is beyond the grid is left out.

        In the middle rounding an amount between two of the grid is shared by them, and its mean kept.
        """
        steps = np.minimum(amounts / self.step, self.size + 1.0)
        near = np.rint(steps)
        steps = np.where(np.abs(steps - near) <= ON_GRID * np.maximum(near, 1.0), near, steps)
        below = np.floor(steps).astype(np.int64)
        rest = steps - below
        above = below + (rest > 0)
        if not isinstance(chances, Masses) and not rest.any():
            same = self._sum(below, chances)
            return Masses(same, same, same)
        given = chances if isinstance(chances, Masses) else Masses(chances, chances, chances)
        middle = self._sum(below, given.middle * (1 - rest)) + self._sum(above, given.middle * rest)
        return Masses(self._sum(below, given.down), middle, self._sum(above, given.up))

    def _sum(self, places: NDArray[np.int64], weights: Array) -> Array:
        return np.asarray(np.bincount(places, weights, minlength=self.size + 3)[: self.size], dtype=np.float64)

    def _moved(self, amounts: Array, chances: Array) -> Bounds:
        """Return by how much each rounding moves the mean of amounts that are on the grid."""
        masses = self.placed(amounts, chances)
        inside = float((amounts * chances)[amounts < self.end].sum())
        return masses.told(lambda each: dot(each, self.amounts[:-1]) - inside)

    def part(self, part: Part) -> tuple[Spectra, Bounds]:
        """Return the transforms of a part of an event, and its mean in each rounding (exact past the grid)."""
        nothing = 1 - part.occurs
        mean = part.mean
        if part.points is not None:
            values, chances = part.points
            moved = self._moved(values, chances) * part.occurs
            found = self.spectra(self.placed(values, chances)).each(lambda each: nothing + part.occurs * each)
            return found, Bounds(mean + moved.down, mean + moved.middle, mean + moved.up)
        above = part.survival(np.minimum(self.amounts, part.top))
        if part.top < self.end:
            above[ceil(part.top / self.step - ON_GRID) :] = part.at_top
        nothing += part.occurs * (1 - float(above[0]))
        cells = part.occurs * (above[:-1] - above[1:])
        weight = float(cells.sum())
        share = self._share(part, above, weight)
        below = self._spectrum(cells)
        rise = self._next * below
        below += nothing
        found = Spectra(below, below + share * rise, below + rise)
        means = Bounds(mean - share * weight * self.step, mean, mean + (1 - share) * weight * self.step)
        if part.at_top > 0 and part.top < self.end:
            cut = np.array([part.top]), np.array([part.occurs * part.at_top])
            return found + self.spectra(self.placed(*cut)), means + self._moved(*cut)
        return found, means

    def _share(self, part: Part, above: Array, weight: float) -> float:
        """Return the share of the amounts inside buckets to round up for the mean to be kept."""
        if weight <= 0:
            return 0.0
        until = min(part.top, self.end)
        beyond = float(above[-1])
        mean = part.moment(1, until) - until * beyond
        spare = mean - self.step * (float(above[1:].sum()) - self.size * beyond)
        return min(max(part.occurs * spare / (self.step * weight), 0.0), 1.0)

    def event(self, parts: tuple[Part, ...], known: Known | None = None) -> tuple[Spectra, Bounds]:
        """Return the transforms of the sum of independent parts, and its mean in each rounding.

        Parts met before are found in `known`, where new ones are put.
        """
        if not parts:
            one = np.ones(self.size // 2 + 1, dtype=np.complex128)
            return Spectra(one, one, one), NOTHING
        before = {} if known is None else known
        found = [before[part] if part in before else self.part(part) for part in parts]
        before.update((part, law) for part, law in zip(parts, found, strict=True) if part.shared)
        return reduce(Spectra.__mul__, [s for s, _ in found]), reduce(Bounds.__add__, [mean for _, mean in found])

    def cases(self, cases: Sequence[tuple[float, tuple[Part, ...]]]) -> tuple[Spectra, Bounds]:
        """Return the transforms of an event, and its means, given the weight and the parts of each of its cases."""
        known: Known = {}
        found, means = self.event(cases[0][1], known)
        if len(cases) == 1:
            return found, means
        found, means = found.each(partial(np.multiply, cases[0][0])), means * cases[0][0]
        for weight, parts in cases[1:]:
            spectra, mean = self.event(parts, known)
            found, means = joined([found, spectra], partial(weighted, (1.0, weight))), means + mean * weight
        return found, means


def weighted(weights: Sequence[float], each: Sequence[NDArray[Number]]) -> NDArray[Number]:
    """Return the sum of arrays times their weights."""
    found = np.zeros_like(each[0])
    for weight, one in zip(weights, each, strict=True):
        found += weight * one
    return found
