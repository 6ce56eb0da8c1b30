"""Quantiles of a law as the simulation reads them when it draws from it often: a table of cubics over the probability.

Intervals are equal within each halving of the probability of the nearer tail, so that both tails are as fine as the
middle, and so that the bits of a number tell its interval. No normal score is needed: reading is twice as fast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf

import numpy as np

from egide.loss.special import Array, special
from egide.loss.tables import CHECKS, HUGE, MEASURED, NODES, TINY, cubics

HALVINGS = 39
"""The nearer tail goes from 2 ** -40, past which nothing is drawn, to 1/2."""
FINENESS = (4, 5, 6, 7)
"""Intervals of a halving, as powers of two."""
CLOSE = 1e-7
"""The error that is borne, relative to the quantile, or to a tenth of the scale where the quantile is less: far below that of
any number of years, while a finer table would no longer be near when it is read."""
NARROW = 1 / 64
"""The part of an interval in which a cubic would be mere rounding: a straight line instead."""


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles by probability: the lines of the lower tail, then those of the upper tail; twice when the law is broken.

    With t the nearer tail, in [2^k, 2^(k + 1)), t = 2^k (1 + (i + f) / 2^bits): line (k + 40) 2^bits + i of its side holds
    c0 to c3 of the quantile ((c3 f + c2) f + c1) f + c0. Strictly above the probability `cut`, the second half serves.
    """

    bits: int
    cut: float
    coefficients: Array

    @property
    def side(self) -> int:
        """Return how many lines a side has."""
        return (HALVINGS << self.bits) + 1


@lru_cache(maxsize=len(FINENESS))
def _scores(bits: int) -> tuple[Array, Array, Array]:
    """Return the normal scores of the lower side at the nodes of each interval, at its checks, and the ends in tails."""
    lines = np.arange(HALVINGS << bits)
    halving = lines // 2**bits - 40
    start, step = np.ldexp(1.0 + (lines % 2**bits) / 2**bits, halving), np.ldexp(1.0, halving - bits)

    def at(places: Array) -> Array:
        return special().ndtri(start[:, None] + step[:, None] * places)

    return at(NODES), at(CHECKS), np.append(start, 0.5)


def quantiles(at: Callable[[Array], Array], scale: float, broken: float = inf) -> Quantiles | None:
    """Return the table of a law given by its quantiles at normal scores, None when no table is close enough.

    `scale` is that of the errors; `broken` is the score after which another smooth law begins.
    """
    cut = float(special().ndtr(broken))
    for bits in FINENESS:
        nodes, inner, tails = _scores(bits)
        sides, worst = [], 0.0
        for past in (False, True) if cut < 1 else (False,):
            for sign in (1.0, -1.0):
                found = sign * at(sign * nodes)
                if not np.all(np.abs(found) <= HUGE):
                    return None
                made = cubics(found) * sign
                if cut < 1:
                    _mended(made, at, sign, broken, past, tails)
                z = sign * inner
                exact, f = at(z), CHECKS
                c0, c1, c2, c3 = made.T[:, :, None]
                apart = np.abs(((c3 * f + c2) * f + c1) * f + c0 - exact) / np.maximum(exact, scale / 10 + TINY)
                told = (np.abs(z) <= MEASURED) & ((z > broken) == past)
                worst = max(worst, float(np.max(apart, where=told, initial=0.0)))
                sides.append(np.vstack([made, [at(np.zeros(1))[0], 0.0, 0.0, 0.0]]))
        if worst <= CLOSE:
            return Quantiles(bits, cut if cut < 1 else inf, np.concatenate(sides))
    return None


def _mended(made: Array, at: Callable[[Array], Array], sign: float, broken: float, past: bool, tails: Array) -> None:
    """Put in place of the cubic across the break, if it is on this side, the one of the part before it, or past it."""
    tail = float(special().ndtr(sign * broken))
    line = int(np.searchsorted(tails, tail, side="right")) - 1
    if not 0 <= line < len(made):
        return
    step = tails[line + 1] - tails[line]
    place = (tail - tails[line]) / step
    low, high = (place, 1.0) if past == (sign > 0) else (0.0, place)
    if high <= low:
        return
    z = sign * special().ndtri(tails[line] + step * (low + (high - low) * NODES))
    z = np.maximum(z, np.nextafter(broken, inf)) if past else np.minimum(z, broken)
    c = cubics(sign * at(z)[None])[0] * sign
    if high - low < NARROW:
        c = np.array([c[0], c[1] + c[2] + c[3], 0.0, 0.0])
    within = np.polynomial.Polynomial(c)(np.polynomial.Polynomial([-low, 1.0]) / (high - low)).coef
    made[line] = np.pad(within, (0, 4 - len(within)))
