"""Draws of every parameter: one stream for each id, so that the draw j of a parameter depends on nothing else.

Not on how many draws are taken, not on which parameters stand beside it: two bids, two maturities, two libraries that
share a parameter share its draws. Inverse transform of Philox uniforms keyed by SHA-256 of (seed, "param", id).
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray

from egide.loss.special import special
from egide.risk.library import Library
from egide.risk.parameter import Kind, Parameter

Array = NDArray[np.float64]
Made = TypeVar("Made")

MOST_KEPT = 32

SCORE_95 = 1.6448536269514722
"""The normal score of the probability 0.95."""


def uniforms(seed: int, name: str, count: int) -> Array:
    """Return `count` uniforms inside ]0, 1[ of the stream of that name; the first ones do not depend on `count`."""
    key = hashlib.sha256(f"{seed}|param|{name}".encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=np.frombuffer(key[:16], dtype=np.uint64)))
    return generator.random(count) * (1 - 2.0**-52) + 2.0**-53


def _scored(parameter: Parameter, u: Array, *, least: float = -np.inf) -> Array:
    """Return exp of a normal in two halves, so that the three quantiles are those that are written."""
    low, high = (float(each) for each in parameter.interval)
    z = special().ndtri(u) / SCORE_95
    middle = np.log(float(parameter.value))
    logarithm = middle + z * np.where(z < 0, middle - np.log(low), np.log(high) - middle)
    drawn: Array = np.exp(np.maximum(logarithm, least))
    return drawn


def _pert(parameter: Parameter, u: Array) -> Array:
    low, high = (float(each) for each in parameter.interval)
    width, mode = high - low, float(parameter.value)
    if not width:
        return np.full(u.shape, low)
    return low + width * special().betaincinv(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, u)


def draw(parameter: Parameter, u: Array) -> Array:
    """Return the values of a parameter at the probabilities `u`; a part of a whole is not yet divided by the whole."""
    value = float(parameter.value)
    match parameter.kind:
        case Kind.FIXED:
            return np.full(u.shape, value)
        case Kind.LOGNORMAL:
            return _scored(parameter, u)
        case Kind.RATIO:
            return _scored(parameter, u, least=0.0)
        case Kind.PERT:
            return _pert(parameter, u)
        case Kind.COUNT:
            return special().gammaincinv(value + 0.5, u) / float(parameter.over)
        case Kind.SPLIT:
            return special().gammaincinv(value, u)
        case _:
            assert_never(parameter.kind)


@dataclass(frozen=True, eq=False)
class Draws(Mapping[str, Array]):
    """`draws[id]` is an array (count,) of a parameter; read-only, the same bytes for the same seed and library."""

    library: Library
    count: int
    seed: int
    table: Mapping[str, Array] = field(repr=False)
    asked: set[str] = field(default_factory=set, repr=False)
    """The parameters that were read so far."""
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What was made of these draws and may serve again; it goes when they go."""

    def __getitem__(self, name: str) -> Array:
        self.asked.add(name)
        return self.table[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, made once for `key`; nothing is kept beyond `MOST_KEPT` entries."""
        made: Made | None = self.kept.get(key)
        if made is None:
            made = make()
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = made
        return made

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def drawn(library: Library, *, count: int = 200, seed: int = 2026) -> Draws:
    """Return `count` draws of all parameters of `library`."""
    table = {name: draw(each, uniforms(seed, name, count)) for name, each in library.parameters.items()}
    groups: dict[str, list[str]] = {}
    for name, each in library.parameters.items():
        if each.kind is Kind.SPLIT:
            groups.setdefault(each.group, []).append(name)
    for names in groups.values():
        whole = np.sum([table[name] for name in names], axis=0)
        table |= {name: table[name] / whole for name in names}
    for value in table.values():
        value.flags.writeable = False
    return Draws(library, count, seed, table)
