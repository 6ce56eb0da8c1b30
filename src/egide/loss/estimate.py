"""A figure with its own error."""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import NamedTuple


class Estimate(NamedTuple):
    """A value and its error: a standard error when it was simulated, a bound when it was computed."""

    value: float
    error: float = 0.0


def spread(values: Sequence[float], years: Sequence[int]) -> float:
    """Return the standard error of a measure, from its values over two independent parts or more of so many years.

    Each part counts for its share w of the years: the root of the sum of (w x gap from the mean)^2 / (1 - w), which is
    the usual s / sqrt(R) for R parts of the same length and lets a short last part weigh what it weighs in the whole.
    """
    whole = fsum(years)
    mean = fsum(n * value for n, value in zip(years, values, strict=True)) / whole
    return sqrt(
        fsum((n / whole * (value - mean)) ** 2 / (1 - n / whole) for n, value in zip(years, values, strict=True))
    )
