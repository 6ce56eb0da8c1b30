"""What the establishments of a group are together: only what adds up."""

from collections.abc import Sequence

import numpy as np

from egide.risk.interval import Interval


def added(draws: Sequence[Sequence[float]]) -> Interval:
    """Return the sum of quantities, each known in the same draws of the parameters: its mean and its 90 % interval.

    Means of a year add up, draw by draw; the amounts of rare years do not: members do not have theirs in the same year.
    """
    return Interval.of(np.sum(np.asarray(draws, dtype=np.float64), axis=0))
