"""A histogram of yearly amounts made in NumPy, apart from the kernel: amounts of a slice share the leading bits."""

import numpy as np

from egide.loss.curve import Curve

TINY = 2.0**-10
"""Amounts below it share one slice."""


def curve(values, *, years=None, bits=8, replicates=()) -> Curve:
    """Return the law of these amounts; `bits` after the leading one tell slices apart."""
    values = np.sort(np.asarray(values, dtype=np.float64))
    exponents = np.frexp(values)[1]
    keys = np.where(
        values < TINY, 0.0, np.floor(np.ldexp(values, bits + 1 - exponents)) * 2.0 ** (exponents - bits - 1)
    )
    first = np.unique(keys, return_index=True)[1] if len(values) else np.zeros(0, np.int64)
    counts = np.diff(np.append(first, len(values)))
    sums = np.add.reduceat(values, first) if len(values) else values
    rows = np.column_stack([counts, sums, values[first + counts - 1], keys[first]])
    return Curve(years or len(values), rows, replicates)
