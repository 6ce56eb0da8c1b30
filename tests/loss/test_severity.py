"""Laws of an amount: against another library, against quadrature, against what is printed."""

import subprocess
import sys
from math import inf, isinf, log
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import special, stats

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
    stepped,
)
from loss import laws

CASES = Path(__file__).parent / "cases"
PRINTED = yaml.safe_load((CASES / "laws.yaml").read_text("utf-8"))
FAULTS = yaml.safe_load((CASES / "faults.yaml").read_text("utf-8"))
P = np.array([1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.75, 0.99, 0.9999])
Z = np.linspace(-8.5, 8.5, 171)
W2_RANSOM = Spliced(Lognormal(log(400_000), 1.1), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6))


def expected_over(law, function, highest=8.5):
    """Return E[function(X)] for normal scores up to `highest`, by quadrature, cut where the law is not smooth."""
    node, weight = np.polynomial.legendre.leggauss(10)
    cuts = np.unique(np.clip([*np.linspace(-8.5, highest, 120), *law.breaks], -8.5, highest))
    width = np.diff(cuts)[:, None]
    z = cuts[:-1, None] + width * (node + 1) / 2
    return float((function(law.at(z)) * np.exp(-z * z / 2) * weight * width).sum() / 2 / np.sqrt(2 * np.pi))


# ------------------------------------------------------------------------------------------------- published examples
@pytest.mark.parametrize("case", PRINTED, ids=[case["name"] for case in PRINTED])
def test_published_examples(case):
    law, times = laws.law(case["law"]), case.get("times", 1)
    close = {"rel": case["within"]}
    for count, value in case.get("pmf", {}).items():
        assert times * law.pmf(np.array(count)) == pytest.approx(value, abs=case["within"])  # printed to that digit
    if "mean" in case:
        assert times * law.mean == pytest.approx(case["mean"], **close)
    for p, value in case.get("quantile", {}).items():
        assert law.quantile(p) == pytest.approx(value, **close)
    for p, value in case.get("beyond", {}).items():
        quantile = law.quantile(p)
        assert quantile + (law.mean - law.limited(quantile)) / (1 - p) == pytest.approx(value, **close)
    for limit, value in case.get("limited", {}).items():
        assert law.limited(float(limit)) == pytest.approx(value, **close)
    for low, (high, value) in case.get("between", {}).items():
        assert law.limited(float(high)) - law.limited(float(low)) == pytest.approx(value, **close)


def test_the_body_of_a_splice_is_truncated():
    """The year of workload W2 in closed form; an untruncated mixture would give 774,246."""
    scenarios = yaml.safe_load((CASES / "w2_gross.yaml").read_text("utf-8"))
    total = sum(
        each["rate"]
        * (
            laws.law(each["own"]).mean
            + each["daily"] * laws.law(each["days"]).mean
            + each["liable"] * laws.law(each["liability"]).mean
        )
        for each in scenarios
    )
    assert total == pytest.approx(728_018.8, abs=0.05)


# ------------------------------------------------------------------------------------------------- another library
@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (Lognormal(10.0, 1.2), stats.lognorm(1.2, scale=np.exp(10))),
        (Gamma(2.5, 3.0), stats.gamma(2.5, scale=3)),
        (Gamma(0.3, 1e5), stats.gamma(0.3, scale=1e5)),
        (Weibull(0.7, 1000.0), stats.weibull_min(0.7, scale=1000)),
        (Weibull(4.0, 2.0), stats.weibull_min(4, scale=2)),
        (Pert(2000.0, 15_000.0, 250_000.0), stats.beta(1 + 4 * 13 / 248, 1 + 4 * 235 / 248, 2000, 248_000)),
        (Pert(0.0, 0.0, 1.0, 0.0), stats.uniform()),
        (Pert(1.0, 3.0, 3.0, 2.0), stats.beta(3, 1, 1, 2)),
        (GeneralisedPareto(0.3, 2.0, 5.0), stats.genpareto(0.3, 5, 2)),
        (GeneralisedPareto(0.0, 2.0, 5.0), stats.expon(5, 2)),
        (GeneralisedPareto(-0.4, 2.0), stats.genpareto(-0.4, 0, 2)),
        (GeneralisedPareto(0.01, 2.0), stats.genpareto(0.01, 0, 2)),
    ],
    ids=lambda each: str(each) if type(each).__module__.startswith("egide") else "",
)
def test_laws_are_those_of_another_library(law, expected):
    x = expected.ppf(P)
    np.testing.assert_allclose(law.quantile(P), x, rtol=1e-11)
    np.testing.assert_allclose(law.cdf(x), expected.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(law.survival(x), expected.sf(x), rtol=1e-9)
    np.testing.assert_allclose(law.at(-special.ndtri(P)), expected.isf(P), rtol=1e-10)
    assert law.mean == pytest.approx(expected.mean(), rel=1e-12)
    assert law.variance == pytest.approx(expected.var(), rel=1e-12)
    assert law.highest == pytest.approx(expected.support()[1])


# ------------------------------------------------------------------------------------------------- properties
@given(laws.CONTINUOUS)
def test_scores_probabilities_and_amounts_agree(law):
    x = law.at(Z)
    assert np.all(np.isfinite(x))
    assert np.all(x >= 0)
    assert np.all(x <= law.highest)
    assert np.all(np.diff(x) >= -1e-12 * x[1:])
    inner = np.abs(Z) < 5
    spread = np.diff(law.at(Z[inner][:, None] + np.array([-1e-6, 1e-6])), axis=1)[:, 0]
    sure = spread > 1e-8 * x[inner]  # where rounding of the amount does not hide the probability
    np.testing.assert_allclose(law.cdf(x[inner][sure]), special.ndtr(Z[inner][sure]), rtol=1e-6)
    np.testing.assert_allclose(law.survival(x[inner][sure]), special.ndtr(-Z[inner][sure]), rtol=1e-6)


@given(laws.ANY, laws.amounts(0, 1))
@example(Pert(0.0, 1.0, 2.0), 1e-240)
def test_probabilities_are_those_of_the_same_event(law, p):
    x = law.quantile(p)
    assert law.cdf(x) + law.survival(x) == pytest.approx(1, abs=1e-12)
    assert law.cdf(x * (1 + 1e-9)) >= p - 1e-6
    assert (law.cdf(-1.0), law.survival(-1.0), law.limited(-1.0)) == (0, pytest.approx(1), pytest.approx(-1))
    assert (law.cdf(inf), law.survival(inf)) == (pytest.approx(1), pytest.approx(0))


@pytest.mark.parametrize("law", [Pert(0.0, 1.0, 2.0), Pert(0.0, 0.0, 1.0), Pert(0.0, 0.5, 1.0, 9.0)])
def test_the_quantiles_of_a_beta_law_go_down_to_the_least_probabilities(law):
    p = np.append(10.0 ** -np.arange(1.0, 300), 0.0)
    np.testing.assert_allclose(law.cdf(law.quantile(p)), p, rtol=1e-6)


@given(laws.ANY)
def test_moments_are_those_of_the_quantiles(law):
    assert law.mean == pytest.approx(expected_over(law, lambda x: x), rel=1e-6, abs=1e-300)
    square = expected_over(law, lambda x: (x - law.mean) ** 2)
    assume(law.variance > 1e-9 * law.mean**2)
    assert square <= law.variance * (1 + 1e-6)


@given(laws.CONTINUOUS, laws.amounts(0.001, 0.9999))
def test_partial_moments_are_those_of_the_quantiles(law, p):
    limit = law.quantile(p)
    z = float(special.ndtri(p))
    cut = SimpleNamespace(at=law.at, breaks=(*law.breaks, z))
    assert law.limited(limit) == pytest.approx(expected_over(cut, lambda x: np.minimum(x, limit)), rel=1e-6)
    assert law.partial(0, limit) == pytest.approx(p, rel=1e-6)
    assert law.partial(1, limit) == pytest.approx(expected_over(law, lambda x: x, highest=z), rel=1e-6)
    assert law.partial(2, limit) == pytest.approx(expected_over(law, np.square, highest=z), rel=1e-6)


@given(laws.STEPPED, laws.amounts(0, 1e6))
def test_partial_moments_are_those_of_the_steps(law, limit):
    values, chances = law.points
    below = values <= limit * (1 + stepped.SAME)
    assert law.limited(limit) == pytest.approx((np.minimum(values, limit) * chances).sum(), rel=1e-12)
    for power in (0, 1, 2):
        assert law.partial(power, limit) == pytest.approx((values**power * chances)[below].sum(), rel=1e-12)


@given(laws.ANY, st.lists(laws.amounts(0, 3), min_size=2, max_size=2).map(sorted))
def test_a_limit_costs_no_more_than_its_width_where_it_is_passed(law, factors):
    low, high = (law.mean * factor for factor in factors)
    between = law.limited(high) - law.limited(low)
    rounding = 1e-9 * law.mean
    assert (high - low) * law.survival(high) - rounding <= between <= (high - low) * law.survival(low) + rounding
    assert law.limited(inf) == pytest.approx(law.mean, rel=1e-12)
    assert law.limited(0.0) == pytest.approx(0, abs=1e-300)


@given(laws.ANY, laws.amounts(0.01, 100))
def test_another_currency_changes_nothing_but_the_unit(law, factor):
    other = law.scaled(factor)
    x = law.at(Z)
    np.testing.assert_allclose(other.at(Z), factor * x, rtol=1e-9)
    assert other.mean == pytest.approx(factor * law.mean, rel=1e-9)
    assert other.variance == pytest.approx(factor**2 * law.variance, rel=1e-6)
    assert other.highest == pytest.approx(factor * law.highest)
    assert other.limited(factor * law.mean) == pytest.approx(factor * law.limited(law.mean), rel=1e-9)
    assert other.breaks == law.breaks


@given(laws.ANY, laws.amounts(0.01, 100), laws.amounts(0.01, 0.99))
def test_another_currency_keeps_probabilities(law, factor, p):
    """Also at an amount that has a probability of its own, whatever the rounding of the factor."""
    other, x = law.scaled(factor), law.quantile(p)
    assert other.quantile(p) == pytest.approx(factor * x, rel=1e-12)
    assert other.cdf(factor * x) == pytest.approx(law.cdf(x), rel=1e-6)
    assert other.survival(factor * x) == pytest.approx(law.survival(x), rel=1e-6, abs=1e-12)
    for power in (0, 1, 2):
        assert other.partial(power, factor * x) == pytest.approx(factor**power * law.partial(power, x), rel=1e-6)


def test_nested_factors_become_one():
    law = Gamma(2.0, 3.0)
    assert Scaled(Scaled(law, 2.0), 3.0) == law.scaled(2.0).scaled(3.0) == Scaled(law, 6.0)
    assert Lognormal(0.0, 1.0).scaled(2.0) == Lognormal(log(2), 1.0)


@given(laws.amounts(1, 1e6), laws.amounts(0.01, 0.99), laws.amounts(1.001, 100))
def test_a_lognormal_law_has_the_quantiles_it_was_given(median, p, ratio):
    assume(abs(p - 0.5) > 0.01)
    x = median * ratio if p > 0.5 else median / ratio
    law = Lognormal.from_median(median, p, x)
    assert law.quantile(0.5) == pytest.approx(median, rel=1e-12)
    assert law.quantile(p) == pytest.approx(x, rel=1e-12)
    two = Lognormal.from_quantiles(0.5, median, p, x)
    assert (two.mu, two.sigma) == (pytest.approx(law.mu), pytest.approx(law.sigma))


# ------------------------------------------------------------------------------------------------- splice
def test_a_splice_is_its_body_below_and_its_tail_above():
    body, tail = Lognormal(log(400_000), 1.1), stats.genpareto(0.35, 2e6, 1.2e6)
    x = np.array([1e4, 4e5, 1.9e6])
    np.testing.assert_allclose(W2_RANSOM.cdf(x), 0.94 * body.cdf(x) / body.cdf(2e6), rtol=1e-13)
    np.testing.assert_allclose(1 - W2_RANSOM.survival(x), W2_RANSOM.cdf(x), rtol=1e-12)
    y = np.array([2e6, 3e6, 5e7])
    np.testing.assert_allclose(W2_RANSOM.survival(y), 0.06 * tail.sf(y), rtol=1e-13)
    assert W2_RANSOM.cdf(2e6) == pytest.approx(0.94, rel=1e-14)
    assert W2_RANSOM.quantile(0.94) == pytest.approx(2e6, rel=1e-9)
    assert W2_RANSOM.breaks == (pytest.approx(special.ndtri(0.94)),)
    assert W2_RANSOM.highest == inf


def test_the_threshold_may_be_written_in_the_tail():
    assert Spliced(Lognormal(log(400_000), 1.1), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6, 2e6)) == W2_RANSOM


def test_a_tail_may_be_any_law_of_an_excess():
    law = Spliced(Pert(0.0, 1.0, 5.0), 4.0, 0.1, Spliced(Gamma(2.0, 1.0), 3.0, 0.2, Constant(1.0)))
    assert law.highest == 4 + 3 + 1
    assert law.breaks == (pytest.approx(special.ndtri(0.9)), pytest.approx(-special.ndtri(0.02)))
    assert law.survival(7.5) == pytest.approx(0.02)
    assert law.mean == pytest.approx(expected_over(law, lambda x: x), rel=1e-6)


def test_a_body_may_be_what_was_seen():
    law = Spliced(Empirical((1.0, 2.0, 4.0, 50.0)), 10.0, 0.1, GeneralisedPareto(0.2, 3.0))
    assert [law.quantile(p) for p in (0.2, 0.3, 0.31, 0.6, 0.9)] == [1, 1, 2, 2, 4]
    assert law.quantile(0.91) > 10
    assert law.breaks == pytest.approx(special.ndtri([0.3, 0.6, 0.9]))
    assert law.mean == pytest.approx(0.9 * 7 / 3 + 0.1 * (10 + 3 / 0.8))


# ------------------------------------------------------------------------------------------------- finitely many amounts
@given(laws.STEPPED)
def test_steps_begin_at_their_own_probabilities(law):
    values, chances = law.points
    assert np.all(np.diff(values) > 0)
    assert chances.sum() == pytest.approx(1)
    assert law.scores[0] == -inf
    assert np.all(np.diff(law.scores) >= 0)
    below = np.cumsum(chances)
    np.testing.assert_allclose(law.cdf(values), below, atol=1e-15)
    np.testing.assert_allclose(law.survival(values), 1 - below, atol=1e-15)
    clear = chances > 1e-9
    assert np.array_equal(law.quantile(below - chances / 2)[clear], values[clear])
    assert law.highest == values[-1]


def test_ten_equal_chances_are_cut_at_tenths():
    law = Discrete(tuple(map(float, range(10))), (0.1,) * 10)
    assert [law.quantile(each / 10) for each in range(1, 11)] == list(range(10))
    assert Discrete((2.0, 1.0, 2.0, 9.0), (0.25, 0.5, 0.25, 0.0)).points[0].tolist() == [1, 2]
    assert Discrete((1.0, 2.0), (1.0, 1e-12)).at(np.array([7.0, 7.1])).tolist() == [1, 2]
    assert Constant(3.0).breaks == ()
    assert (Constant(3.0).mean, Constant(3.0).variance) == (3, 0)


# ------------------------------------------------------------------------------------------------- extremes
@pytest.mark.parametrize("xi", [-0.5, -1e-3, -1e-9, 0.0, 1e-17, 1e-9, 1e-3, 0.0199, 0.0201, 0.3, 0.5, 0.75, 1.0, 1.5])
def test_partial_moments_of_a_heavy_tail(xi):
    """Near xi = 0, where the closed form loses digits, the series goes on where it stops."""
    law = GeneralisedPareto(xi, 2.0)
    tail = stats.genpareto(xi, 0, 2)
    ends = law.quantile(np.array([0, 0.1, 0.5, 0.9, 0.99, 0.999]))
    node, weight = np.polynomial.legendre.leggauss(60)
    y = ends[:-1, None] + np.diff(ends)[:, None] * (node + 1) / 2
    width = np.diff(ends)[:, None] * weight / 2
    np.testing.assert_allclose(law.limited(ends[1:]), np.cumsum((tail.sf(y) * width).sum(axis=1)), rtol=1e-9)
    for power in (1, 2):
        exact = np.cumsum((y**power * tail.pdf(y) * width).sum(axis=1))
        np.testing.assert_allclose(law.partial(power, ends[1:]), exact, rtol=1e-9)
    if xi < 0.5:
        assert law.partial(2, inf) - law.mean**2 == pytest.approx(law.variance, rel=1e-9)
    else:
        assert isinf(law.variance)
        assert isinf(law.partial(2, inf))
    if xi < 1:
        assert law.limited(inf) == pytest.approx(law.mean)
    else:
        assert isinf(law.limited(inf))


def test_a_mean_may_be_infinite_and_a_capped_one_is_not():
    law = GeneralisedPareto(1.0, 1.0)
    assert (law.mean, law.variance) == (inf, inf)
    assert law.limited(10.0) == pytest.approx(log(11))
    spliced = Spliced(Gamma(1.0, 1.0), 1.0, 0.1, law)
    assert (spliced.mean, spliced.variance) == (inf, inf)


@pytest.mark.parametrize(
    "law", [Lognormal(12.0, 40.0), Lognormal(-1e4, 1.0), Lognormal(800.0, 1e-9), Weibull(1e-3, 1.0)], ids=str
)
def test_absurd_parameters_never_give_a_number_that_is_none(law):
    with np.errstate(invalid="raise"):
        found = [
            law.mean,
            law.variance,
            *law.limited(np.array([0.0, 1.0, 1e9, inf])),
            *law.at(Z),
            *law.cdf(np.array([0.0, 1.0, inf])),
        ]
    assert not np.any(np.isnan(found))


@given(laws.WIDE, laws.POSITIVE)
def test_no_parameter_that_is_accepted_gives_a_number_that_is_none(law, x):
    found = [law.mean, law.variance, law.quantile(0.3), law.at(-8.0), law.at(8.0)]
    for amount in (0.0, x, inf):
        found += [law.cdf(amount), law.survival(amount), law.limited(amount), law.partial(1, amount)]
    assert not np.any(np.isnan(found))
    assert np.all(np.array(found) >= 0)


def test_what_is_no_probability_has_no_quantile():
    for law in (Gamma(2.0, 3.0), W2_RANSOM, Constant(1.0)):
        assert np.isnan(law.quantile(1.5))


def test_numbers_are_answered_by_numbers_and_arrays_by_arrays():
    for law in (W2_RANSOM, Pert(0.0, 1.0, 2.0), Empirical((1.0, 2.0)), Scaled(Weibull(2.0, 1.0), 3.0)):
        for member in (law.at, law.quantile, law.cdf, law.survival, law.limited):
            assert type(member(0.3)) is float
            square = member(np.full((2, 3), 0.3))
            assert square.shape == (2, 3)
            assert square[1, 2] == member(0.3)


# ------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize("case", FAULTS, ids=[str(case["law"]) for case in FAULTS])
def test_what_has_no_meaning_is_told_field_by_field(case):
    with pytest.raises(Unfit) as refused:
        laws.law(case["law"])
    assert {each.place: each.code for each in refused.value.findings} == case["told"]
    assert all(str(each.understood) and str(each.remedy) for each in refused.value.findings)


def test_the_laws_are_read_without_a_heavy_library():
    code = "import sys, egide.loss.severity, egide.loss.frequency; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"scipy", "numba"} & set(loaded)
