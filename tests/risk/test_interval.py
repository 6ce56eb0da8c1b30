import numpy as np

from egide.risk.interval import Interval


def test_a_mean_with_the_quantiles_at_five_and_ninety_five_per_cent():
    draws = np.arange(101.0) ** 2
    assert Interval.of(draws) == Interval(3350.0, 25.0, 9025.0)
    assert Interval.median_of(draws) == Interval(2500.0, 25.0, 9025.0)
