"""A figure with its 90 % interval: never a bare point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean (or a median, where said) over the draws, and the quantiles at 5 and 95 %."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: NDArray[np.float64]) -> "Interval":
        """Return the mean of the draws and their interval."""
        low, high = np.quantile(draws, (0.05, 0.95))
        return cls(float(draws.mean()), float(low), float(high))

    @classmethod
    def median_of(cls, draws: NDArray[np.float64]) -> "Interval":
        """Return the median of the draws and their interval."""
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
        return cls(float(middle), float(low), float(high))
