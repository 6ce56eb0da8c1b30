"""The law of a yearly amount whose parameters are not known: pooled, across draws, with the error of its sampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.risk.interval import Interval
from egide.risk.law import LEVELS, PROBABILITIES, law, pooled
from loss.histogram import curve

YEARS = 4_000


def amounts(draw: int, *, size: int = 800) -> np.ndarray:
    return np.exp(np.random.default_rng(draw).normal(9 + draw / 10, 1.5, size))


CURVES = [curve(amounts(draw), years=YEARS, bits=5) for draw in range(12)]


def test_the_pooled_law_is_that_of_all_years_together():
    together = pooled(CURVES)
    values = np.concatenate([amounts(draw) for draw in range(12)])
    assert together.years == 12 * YEARS
    assert together.mean.value == pytest.approx(values.sum() / together.years)
    assert together.most == values.max()
    ranked = np.sort(values)[::-1]
    for level in LEVELS:
        assert together.var(level).value == pytest.approx(ranked[round(together.years * (1 - level))], rel=0.03)


def test_each_reading_of_a_quantile():
    told = law(CURVES)
    for level, quantile in zip(LEVELS, told.var, strict=True):
        by_draw = np.array([each.var(level).value for each in CURVES])
        assert told.at(level) is quantile
        assert quantile.across == Interval.median_of(by_draw)
        assert quantile.pooled == pytest.approx(pooled(CURVES).var(level).value, rel=1e-12)
        errors = [each.var(level).error for each in CURVES]
        assert quantile.error == pytest.approx(float(np.median(errors)), rel=1e-9)
    tails = np.array([each.tvar(0.99).value for each in CURVES])
    assert told.tvar.across == Interval.median_of(tails)
    assert told.tvar.pooled == pooled(CURVES).tvar(0.99).value
    assert told.tvar.error > 0
    assert [each.probability for each in told.curve] == sorted(PROBABILITIES, reverse=True)
    at = next(each for each in told.curve if each.probability == 0.01)
    assert at.across == Interval.median_of(np.array([each.exceedance([0.01])[0].value for each in CURVES]))
    amounts_passed = [each.across.value for each in told.curve]
    assert amounts_passed == sorted(amounts_passed)


def test_means_in_closed_form_have_no_error_and_simulated_ones_have():
    means = np.linspace(1, 3, 12)
    assert law(CURVES, means).mean == Interval.of(means)
    assert law(CURVES, means, exact=True).mean_error == 0
    assert law(CURVES, means).mean_error > 0
    simulated = law(CURVES)
    assert simulated.mean == Interval.of(np.array([each.mean.value for each in CURVES]))
    assert simulated.mean_error == pytest.approx(np.sqrt(sum(each.mean.error**2 for each in CURVES)) / 12)


def test_draws_that_agree_leave_no_interval():
    told = law([CURVES[3]] * 5)
    assert told.mean.low == told.mean.high
    assert all(each.across.low == each.across.high for each in told.curve)


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-3, 1e3))
def test_another_unit_scales_every_figure(factor):
    one, other = law(CURVES), law(CURVES, scale=np.full(len(CURVES), factor))
    assert other.mean.value == pytest.approx(factor * one.mean.value)
    assert other.tvar.pooled == pytest.approx(factor * one.tvar.pooled)
    for level in LEVELS:
        assert other.at(level).across.high == pytest.approx(factor * one.at(level).across.high)
        assert other.at(level).pooled == pytest.approx(factor * one.at(level).pooled)
        assert other.at(level).error == pytest.approx(factor * one.at(level).error)


def test_years_without_any_loss():
    told = law([curve([0.0] * 100, years=100)] * 3)
    assert told.mean == Interval(0.0, 0.0, 0.0)
    assert {each.pooled for each in told.curve} == {0.0}
