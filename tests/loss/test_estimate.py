"""The error of a measure from its values over independent parts of the years."""

from math import exp, sqrt
from statistics import stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.loss.estimate import spread
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Model, Risk, Scenario
from egide.loss.severity import Lognormal
from egide.loss.simulation import simulate


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.integers(1, 10**6))
def test_parts_of_one_length_give_the_usual_error(values, years):
    expected = stdev(values) / sqrt(len(values))
    assert spread(values, [years] * len(values)) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_short_part_weighs_what_it_weighs_in_the_whole():
    years = [8192] * 8 + [1]
    runs = np.random.default_rng(7).normal(100, 50 / np.sqrt(years), (2000, 9))
    found = np.mean([spread(run.tolist(), years) ** 2 for run in runs])
    assert found == pytest.approx(50**2 / sum(years), rel=0.05)


def test_one_year_more_does_not_spoil_the_errors_of_a_stratified_run():
    model = Model((Risk("A", (Scenario("x", Poisson(1.0), (Amount("own", Lognormal(10, 1)),)),)),))
    run = simulate(model, years=2 * 16 * 4096 + 1, stratified=True)
    assert len({part.years for part in run.gross.replicates}) > 1
    assert 0 < run.gross.mean.error < 0.5 * exp(11) / sqrt(run.years)
    assert 0 < run.gross.var(0.99).error < simulate(model, years=run.years).gross.var(0.99).error
