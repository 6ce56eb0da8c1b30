"""The measures of a histogram against those of the very values that it was made of."""

from math import isfinite

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.faults import Unfit
from loss.histogram import TINY, curve

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault."""
WIDTH = 1 / 256
"""A slice, relative to its lowest amount."""

AMOUNTS = st.one_of(
    st.just(0.0),
    st.floats(0.01, 1e12),
    st.floats(0.99, 1.01),
    st.sampled_from([1.0, 5e6, 1e7]),
    st.integers(0, 50).map(float),
)
SAMPLES = st.lists(AMOUNTS, min_size=1, max_size=120)
LEVELS = st.one_of(st.floats(0, 0.9999), st.sampled_from([0.0, 0.5, 0.9, 0.95, 0.99, 0.995]))


def near(value, width=WIDTH):
    return pytest.approx(value, rel=width, abs=TINY)


def told(estimate: Estimate) -> float:
    assert isfinite(estimate.value)
    assert isfinite(estimate.error)
    assert estimate.error >= 0
    return estimate.value


def tvar_of(values, level):
    """Return the mean of the worst share of the values, the last one in proportion."""
    rank = len(values) * (1 - level)
    weights = np.clip(rank - np.arange(len(values)), 0, 1)
    return float((np.sort(values)[::-1] * weights).sum() / rank)


@CALM
@given(SAMPLES, LEVELS)
@example([0.0] * 7, 0.99)
@example([5.0], 0.5)
@example([1e7] * 20 + [0.0] * 80, 0.95)
def test_quantiles_and_means_of_the_worst_years(values, level):
    law = curve(values)
    rank = int(np.floor(len(values) * (1 - level) + 1e-9)) + 1
    expected = np.sort(values)[-rank] if rank <= len(values) else 0.0
    assert told(law.var(level)) == near(expected)
    assert told(law.tvar(level)) == near(tvar_of(values, level))
    assert law.tvar(level).value >= law.var(level).value * (1 - WIDTH)


@CALM
@given(SAMPLES)
def test_moments_and_the_largest(values):
    law = curve(values)
    assert told(law.mean) == pytest.approx(np.mean(values))
    assert law.most == max(values)
    squares = float(np.sqrt(np.mean(np.square(values))))
    assert told(law.sd) == pytest.approx(np.std(values), abs=2 * WIDTH * squares + TINY)
    assert law.mean.error == pytest.approx(np.std(values) / np.sqrt(len(values)), abs=2 * WIDTH * squares + TINY)


@CALM
@given(SAMPLES, AMOUNTS)
@example([1e7] * 20 + [0.0] * 80, 1e7)
@example([3.0], 3.0)
def test_how_often_an_amount_is_passed(values, amount):
    found = told(curve(values).passed(amount))
    slack = 1 + 2 * WIDTH
    assert found <= np.mean(np.array(values) > amount / slack - TINY) + 1e-12
    assert found >= np.mean(np.array(values) > amount * slack + TINY) - 1e-12


@CALM
@given(st.lists(AMOUNTS, min_size=1, max_size=60), AMOUNTS, AMOUNTS)
def test_a_larger_amount_is_not_passed_more_often(values, one, other):
    law = curve(values)
    low, high = sorted((one, other))
    assert law.passed(low).value >= law.passed(high).value - 1e-12


@CALM
@given(SAMPLES, LEVELS, LEVELS)
def test_a_higher_level_is_not_a_smaller_amount(values, one, other):
    law = curve(values)
    low, high = sorted((one, other))
    assert law.var(low).value <= law.var(high).value
    assert law.tvar(low).value <= law.tvar(high).value * (1 + 1e-9)


@CALM
@given(st.lists(AMOUNTS, min_size=1, max_size=300), st.lists(st.floats(1e-4, 3), min_size=1, max_size=5))
def test_the_curve_of_events_counts_them_by_year(values, frequencies):
    years = 100
    law = curve(values, years=years)
    down = np.sort(values)[::-1]
    for frequency, found in zip(frequencies, law.exceedance(frequencies), strict=True):
        rank = max(int(np.ceil(years * frequency - 1e-9)), 1)
        assert told(found) == near(down[rank - 1] if rank <= len(down) else 0.0)
    assert told(law.passed(-1.0)) == pytest.approx(len(values) / years)
    assert told(law.mean) == pytest.approx(sum(values) / years)


def test_an_amount_that_returns_is_exact():
    law = curve([0.0] * 900 + [1234.5] * 60 + [1e7] * 40)
    assert law.var(0.89) == Estimate(0.0, 0.0)
    assert law.var(0.95).value == 1234.5
    assert law.var(0.97).value == 1e7
    assert law.var(0.97).error == 0
    assert law.tvar(0.97).value == pytest.approx(1e7, rel=1e-12)
    assert law.tvar(0.95).value == pytest.approx((40 * 1e7 + 10 * 1234.5) / 50)
    assert law.passed(0).value == 0.1
    assert law.passed(1234.5).value == 0.04
    assert law.passed(1e7).value == 0
    assert [each.value for each in law.exceedance([0.04, 0.05, 0.1, 0.11])] == [1e7, 1234.5, 1234.5, 0]


def test_a_quantile_of_a_smooth_law_is_far_finer_than_a_slice():
    values = np.random.default_rng(5).lognormal(12, 1.6, 1_000_000)
    law = curve(values)
    down = np.sort(values)[::-1]
    for level in (0.5, 0.9, 0.95, 0.99, 0.995):
        rank = round(1_000_000 * (1 - level))
        assert law.var(level).value == pytest.approx(down[rank], rel=3e-4)
        assert law.tvar(level).value == pytest.approx(down[:rank].mean(), rel=1e-6)
    coarse = curve(values, bits=5)
    assert coarse.var(0.95).value == pytest.approx(down[50_000], rel=3e-3)


def test_errors_are_those_of_the_values():
    rng = np.random.default_rng(6)
    runs = [curve(rng.lognormal(10, 0.5, 20_000)) for _ in range(200)]

    def fair(measure):
        estimates = [measure(run) for run in runs]
        seen = np.std([each.value for each in estimates])
        assert np.mean([each.error for each in estimates]) == pytest.approx(seen, rel=0.25)

    fair(lambda run: run.mean)
    fair(lambda run: run.sd)
    fair(lambda run: run.var(0.9))
    fair(lambda run: run.tvar(0.9))
    fair(lambda run: run.passed(40_000.0))
    fair(lambda run: run.exceedance([0.05])[0])


def test_errors_of_a_stratified_run_come_from_its_parts():
    parts = [curve([float(k)] * 10) for k in (1, 2, 3, 6)]
    law = curve([1.0] * 10 + [2.0] * 10 + [3.0] * 10 + [6.0] * 10, replicates=tuple(parts))
    error = np.std([1, 2, 3, 6], ddof=1) / 2
    assert law.mean == Estimate(3.0, pytest.approx(error))
    assert law.var(0.5).error == pytest.approx(error)
    assert law.tvar(0.5).error == pytest.approx(error)
    assert law.exceedance([0.5])[0].error == pytest.approx(error)
    assert law.sd.error == 0
    assert law.passed(2.5) == Estimate(0.5, pytest.approx(np.std([0, 0, 1, 1], ddof=1) / 2))


def test_many_ranks_at_once_are_read_as_one_by_one():
    values = np.exp(np.random.default_rng(5).normal(8, 2, 3_000))
    law = curve(np.concatenate([values, np.full(40, 1e4), [0.0] * 500]), years=5_000, bits=5)
    ranks = np.concatenate([np.arange(-1.0, 4_000.0, 7.3), [1.0, 2.5, 3_540.0, 3_541.0, 5_000.0]])
    assert law.at_ranks(ranks).tolist() == [law._at(rank) for rank in ranks]
    at_their_floor = Curve(9, np.array([[3.0, 0.1 * 3, 0.3, 0.1 * 3 / 3]]))
    assert at_their_floor.at_ranks(np.array([1.0, 3.0])).tolist() == [at_their_floor._at(rank) for rank in (1.0, 3.0)]
    assert Curve(1000, np.zeros((0, 4))).at_ranks(np.array([1.0, 10.0])).tolist() == [0.0, 0.0]


def test_nothing_happened():
    law = Curve(1000, np.zeros((0, 4)))
    assert (law.mean, law.sd, law.most) == (Estimate(0.0), Estimate(0.0), 0.0)
    assert law.var(0.99) == law.tvar(0.99) == Estimate(0.0)
    assert law.passed(0.0).value == 0
    assert law.exceedance([0.01, 2.0]) == [Estimate(0.0)] * 2


def test_amounts_below_a_thousandth_stay_below_it():
    law = curve([1e-9] * 50 + [9e-4])
    assert 0 <= law.var(0.01).value < TINY


def findings(call):
    with pytest.raises(Unfit) as caught:
        call()
    return [(each.code, each.place, each.read) for each in caught.value.findings]


def test_a_level_or_a_probability_without_meaning():
    law = curve([1.0, 2.0])
    nan = float("nan")
    for measure in (law.var, law.tvar):
        assert findings(lambda of=measure: of(1.0)) == [("loss.level", "level", "1")]
        assert findings(lambda of=measure: of(-0.1)) == [("loss.level", "level", "-0.1")]
        assert findings(lambda of=measure: of(nan)) == [("loss.level", "level", "nan")]
    assert findings(lambda: law.exceedance([0.1, 0.0, nan])) == [
        ("loss.not_positive", "probabilities[1]", "0"),
        ("loss.not_positive", "probabilities[2]", "nan"),
    ]
