"""What the simulation reads of a law, against the law."""

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings

from egide.loss.faults import Unfit
from egide.loss.severity import (
    Constant,
    Discrete,
    Empirical,
    Gamma,
    GeneralisedPareto,
    Lognormal,
    Pert,
    Scaled,
    Spliced,
    Weibull,
)
from egide.loss.tables import GROSS, MEASURED, REACH, TOLERANCE, steps, table
from loss import laws

W2_RANSOM = Spliced(Lognormal(log(400_000), 1.1), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6))
STEEP = Spliced(Lognormal(log(400_000), 0.5), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6))
"""A body that ends far below the threshold: its quantiles rise to it all at once."""
Z = np.linspace(-REACH, REACH, 100_001)
ROUNDING = 1e-14


def error(law, made, z):
    """Return the largest error, relative to the quantile or to a tenth of the mean."""
    exact = law.at(z)
    scale = law.mean if law.mean < inf else law.quantile(0.5)
    return np.max(np.abs(made.evaluate(z) - exact) / np.maximum(exact, scale / 10))


def mean(made):
    """Return the mean of a table over the normal law, interval by interval."""
    node, weight = np.polynomial.legendre.leggauss(8)
    total = 0.0
    for start, step, count in zip(made.starts, made.steps, made.counts, strict=True):
        z = start + (np.arange(count)[:, None] + (node + 1) / 2) / step
        total += (made.evaluate(z) * np.exp(-z * z / 2) * weight).sum() / (2 * step)
    return total / np.sqrt(2 * np.pi)


@settings(max_examples=30, deadline=None)
@given(laws.CONTINUOUS)
def test_a_table_is_the_law(law):
    made = table(law)
    found = made.evaluate(Z)
    assert np.all(found >= 0)
    assert np.all(found <= law.highest)
    assert np.all(np.diff(found) >= -ROUNDING * found[1:])
    assert mean(made) == pytest.approx(law.mean, rel=1e-7)
    assert made.coefficients.shape == (made.counts.sum(), 4)
    if made.error <= TOLERANCE:
        assert error(law, made, Z[np.abs(Z) <= MEASURED]) < 1e-8


@settings(max_examples=30, deadline=None)
@given(laws.WIDE)
def test_any_law_has_a_table_of_numbers_or_is_refused(law):
    try:
        made = steps(law) or table(law)
    except Unfit:
        return
    found = made.evaluate(Z)
    assert np.all(np.isfinite(found))
    assert np.all(found >= 0)
    assert np.all(np.diff(found) >= -ROUNDING * found[1:])


@pytest.mark.parametrize(
    ("law", "intervals"),
    [
        (Lognormal(12.0, 1.65), 520),
        (W2_RANSOM, 580),
        (Pert(2000.0, 15_000.0, 250_000.0), 350),
        (Pert(0.0, 1.0, 1.0), 250),
        (Pert(0.0, 0.5, 1.0, 0.0), 450),
        (Gamma(0.05, 3.0), 1600),
        (Gamma(1e4, 1.0), 40),
        (Weibull(0.5, 3.0), 620),
        (GeneralisedPareto(0.5, 1.0), 1120),
        (GeneralisedPareto(1.0, 1.0), 2100),
        (GeneralisedPareto(-3.0, 1.0), 520),
    ],
    ids=str,
)
def test_a_few_hundred_intervals_are_exact_to_eight_digits(law, intervals):
    made = table(law)
    assert made.error <= TOLERANCE
    assert error(law, made, Z[np.abs(Z) <= MEASURED]) < 1e-8
    assert error(law, made, Z) < 2e-8
    assert made.counts.sum() <= intervals


def test_a_splice_makes_two_pieces_that_meet_at_the_threshold():
    made = table(W2_RANSOM)
    (cut,) = W2_RANSOM.breaks
    assert made.starts.tolist() == [-REACH, cut]
    np.testing.assert_allclose(made.counts / made.steps, [cut + REACH, REACH - cut])
    at, past = made.evaluate(np.array([cut, np.nextafter(cut, inf)]))
    assert at == pytest.approx(2e6, rel=1e-8)
    assert past == pytest.approx(2e6, rel=1e-8)
    apart = table(Spliced(Pert(0.0, 1.0, 2.0), 10.0, 0.25, Constant(5.0)))
    (cut,) = Spliced(Pert(0.0, 1.0, 2.0), 10.0, 0.25, Constant(5.0)).breaks
    at, past = apart.evaluate(np.array([cut, np.nextafter(cut, inf)]))
    assert 1.9 < at <= 2
    assert past == pytest.approx(15)


@pytest.mark.parametrize(
    "law",
    [
        STEEP,
        Spliced(Lognormal(0.0, 1.0), 1000.0, 0.1, Weibull(0.7, 1.0)),
        Spliced(Pert(0.0, 1.0, 5.0), 4.9, 0.1, Weibull(0.7, 1.0)),
    ],
)
def test_where_quantiles_rise_too_steeply_the_mean_is_kept(law):
    made = table(law)
    assert made.error > GROSS
    assert mean(made) == pytest.approx(law.mean, rel=1e-8)
    rough = np.abs(made.evaluate(Z) - law.at(Z)) > GROSS * np.maximum(law.at(Z), law.mean / 10)
    assert rough.mean() < 1e-3
    assert np.all(np.diff(made.evaluate(Z)) >= 0)


def test_values_outside_are_those_of_the_ends():
    made = table(Gamma(2.0, 3.0))
    assert made.evaluate(np.array([-40.0, -inf])).tolist() == [made.evaluate(np.array(-REACH))] * 2
    assert made.evaluate(np.array([[40.0]])) == made.evaluate(np.array(REACH))


def test_more_intervals_are_closer_by_their_fourth_power():
    law = Weibull(0.8, 1.0)
    coarse, fine = (table(law, nodes) for nodes in (100, 200))
    assert (coarse.counts.tolist(), fine.counts.tolist()) == ([100], [200])
    assert coarse.error / fine.error == pytest.approx(16, rel=0.1)
    few = table(Gamma(0.01, 1.0), 8)  # so few that cubics would fall: straight lines instead
    assert np.all(np.diff(few.evaluate(Z)) >= 0)


@given(laws.STEPPED)
def test_steps_are_the_law(law):
    found = steps(law)
    z = np.append(Z[::100], law.breaks)
    assert np.array_equal(found.evaluate(z), law.at(z))
    assert found.scores[0] == -inf
    twice = steps(Scaled(law, 2.0))
    assert np.array_equal(twice.evaluate(z), 2 * law.at(z))


def test_a_law_is_made_of_steps_or_is_not():
    assert steps(Gamma(1.0, 1.0)) is None
    assert steps(Scaled(Gamma(1.0, 1.0), 2.0)) is None
    assert steps(W2_RANSOM) is None
    assert table(Constant(0.0)).evaluate(np.array([0.0, 3.0])).tolist() == [0, 0]
    assert table(Discrete((1.0, 2.0), (0.5, 0.5))).evaluate(np.array([-0.1, 0.0, 0.1])).tolist() == pytest.approx(
        [1, 1, 2]
    )


@pytest.mark.parametrize(
    ("law", "code", "read"),
    [
        (Spliced(Empirical((1.0, 2.0, 4.0)), 10.0, 0.1, GeneralisedPareto(0.2, 3.0)), "loss.table_pieces", "3"),
        (Lognormal(12.0, 110.0), "loss.too_large", "Lognormal"),
    ],
)
def test_what_no_table_can_hold_is_refused(law, code, read):
    with pytest.raises(Unfit) as refused:
        table(law)
    assert [(each.code, each.read) for each in refused.value.findings] == [(code, read)]
