"""What this machine needs merely to draw: the same generator, normal scores and exponentials, no law, no term, no year.

Compiled in the process that measures, with the very functions of the product, on one core.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from egide.loss import kernel

_compiled: Any = numba.njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
CHUNK = 512
Row = Any
"""A row of numbers, for the compiler to type."""


@dataclass(frozen=True)
class Work:
    """What a workload asks of the generator: calls of it, and amounts (one normal score and one exponential each)."""

    calls: int
    amounts: int


@_compiled
def _uniforms(first: int, a: Row, b: Row, c: Row, year: Row) -> None:
    """Fill three rows of uniforms and one of years with a call of the generator each."""
    one, two, key = np.uint64(1), np.uint64(2), np.uint64(0xFACADE)
    for i in range(len(a)):
        w0, w1, w2, w3 = kernel.philox(np.uint64(first + i) & kernel.LOW, one, two, one, key, two)
        x = (w0 << kernel.HALF) | w1
        y = (w2 << kernel.HALF) | w3
        a[i] = (np.float64(np.int64(x >> np.uint64(26))) + 0.5) * 2.0**-38
        b[i] = (np.float64(np.int64(y >> np.uint64(26))) + 0.5) * 2.0**-38
        c[i] = (np.float64(np.int64((x ^ y) & np.uint64(0xFFFFFFFFFF))) + 0.5) * 2.0**-40
        year[i] = np.int32(y & np.uint64(0xFFF))


@_compiled
def _amounts(uniforms: Row) -> float:
    """Turn uniforms into lognormal amounts and return their sum."""
    total = 0.0
    for i in range(len(uniforms)):
        uniforms[i] = kernel.exponential(1.5 * kernel.normal(uniforms[i]))
    for i in range(len(uniforms)):
        total += uniforms[i]
    return total


@_compiled
def _drawn(calls: int, amounts: int, a: Row, b: Row, c: Row, year: Row) -> float:
    size = len(a)
    total = 0.0
    left = amounts
    for start in range(0, calls, size):
        n = min(size, calls - start)
        _uniforms(start, a[:n], b[:n], c[:n], year)
        share = left / (calls - start)
        for row in (a, b, c):
            wanted = min(int(share * n + 0.5), n)
            share = max(share - 1.0, 0.0)
            left -= wanted
            total += _amounts(row[:wanted])
    return total


def drawing(work: Work) -> Callable[[int], float]:
    """Return what draws so many numbers when it is called (with a seed that it ignores), compiled beforehand."""
    rows = [np.empty(CHUNK) for _ in range(3)]
    year = np.empty(CHUNK, np.int32)
    _drawn(CHUNK, CHUNK, *rows, year)
    return lambda _: float(_drawn(work.calls, work.amounts, *rows, year))
