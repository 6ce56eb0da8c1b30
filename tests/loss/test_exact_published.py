"""Published examples recomputed, and compound laws that have a formula.

The examples are those of Klugman, Panjer and Willmot, Loss Models: from data to decisions, chapter 9; each answer is
written here as the formula that gives it by hand.
"""

from math import e, exp, factorial, sqrt

import numpy as np
import pytest
from scipy.special import gammainc, ive

from egide.loss.exact import Exact, exact
from egide.loss.exact.panjer import panjer
from egide.loss.frequency import Binomial, Frequency, NegativeBinomial, Poisson
from egide.loss.model import Amount, Model, Risk, Scenario
from egide.loss.severity import Constant, Discrete, Gamma, GeneralisedPareto, Severity
from egide.loss.terms import Layer, Policy, Terms


def model(*kinds: tuple[Frequency, Severity], year_shape: float | None = None) -> Model:
    scenarios = tuple(
        Scenario(f"s{number}", frequency, (Amount("own", severity),))
        for number, (frequency, severity) in enumerate(kinds)
    )
    return Model((Risk("hospital", scenarios, year_shape),))


def layer(**terms: float) -> Terms:
    return Terms((Policy("contract", ("hospital",), (Layer("layer", **terms),)),))


def masses(found: Exact) -> np.ndarray:
    assert found.gross is not None
    return found.gross.masses.middle


def test_example_9_9_and_9_10_two_compound_poisson_policies() -> None:
    policies = (Poisson(2.0), Discrete((1.0, 2.0), (0.6, 0.4))), (Poisson(1.0), Discrete((1.0, 3.0), (0.7, 0.3)))
    by_hand = [1, 1.9, 1.9**2 / 2 + 0.8, 1.9**3 / 6 + 1.9 * 0.8 + 0.3]
    found = masses(exact(model(*policies), buckets=64, step=1.0))
    assert found[:4] == pytest.approx(exp(-3) * np.array(by_hand), abs=1e-9)
    merged = panjer(Poisson(3.0), np.array([0.0, 1.9, 0.8, 0.3]) / 3, 40)
    assert merged[:4] == pytest.approx(exp(-3) * np.array(by_hand), abs=1e-14)
    assert found[:40] == pytest.approx(merged, abs=1e-9)


def test_exercise_9_24_stop_loss_of_a_year() -> None:
    # 2 or 3 thousand with probability 0.4 and 0.6, binomial number of claims; stop-loss above 5 thousand.
    claims = model((Binomial(4, 0.5), Discrete((2.0, 3.0), (0.4, 0.6))))
    found = exact(claims, layer(aggregate_retention=5.0), buckets=64, step=1.0)
    kept = (2.6 / 4) + 3 / 8 * (0.16 * 4 + 0.84 * 5) + 5 * 5 / 16
    assert found.gross is not None
    assert found.gross.mean.value == pytest.approx(5.2)
    assert found.retained_mean is not None
    assert found.retained_mean.value == pytest.approx(kept, abs=1e-7)


def test_exercise_9_34_probability_of_exactly_600() -> None:
    claims = model((Poisson(5.0), Discrete((100.0, 500.0, 1000.0), (0.8, 0.16, 0.04))))
    by_hand = exp(-5) * (4**6 / factorial(6) + 4 * 0.8)
    assert masses(exact(claims, buckets=128, step=100.0))[6] == pytest.approx(by_hand, abs=1e-9)
    assert panjer(Poisson(5.0), np.array([0, 0.8, 0, 0, 0, 0.16, 0, 0, 0, 0, 0.04]), 7)[6] == pytest.approx(by_hand)


def test_exercise_9_39_binomial_exponential() -> None:
    found = exact(model((Binomial(3, 0.4), Gamma(1.0, 100.0))))
    assert found.gross is not None
    passed = found.gross.passed(300.0)
    by_hand = exp(-3) * (0.432 + 0.288 * 4 + 0.064 * 8.5)
    assert abs(passed.value - by_hand) <= passed.error
    assert passed.value == pytest.approx(by_hand, rel=1e-6)


def test_exercise_9_40_three_kinds_of_policies() -> None:
    kinds = (Poisson(50.0), Constant(10.0)), (Poisson(60.0), Constant(20.0)), (Poisson(30.0), Constant(40.0))
    found = exact(model(*kinds), buckets=1024, step=10.0).gross
    assert found is not None
    assert found.mean.value == pytest.approx(2900)
    assert found.sd.value == pytest.approx(sqrt(50 * 100 + 60 * 400 + 30 * 1600))


def test_example_9_14_deductible_coinsurance_and_limit() -> None:
    # Pareto of shape 4 and scale 10, deductible 6, 75 % above, losses counted up to 24, 3 losses a year.
    losses = model((Poisson(3.0), GeneralisedPareto(0.25, 2.5)))
    found = exact(losses, layer(attachment=6.0, limit=18.0, share=0.75))
    by_hand = 3 * 0.75 * 10 / 3 * ((10 / 16) ** 3 - (10 / 34) ** 3)
    assert found.ceded is not None
    assert abs(found.ceded.mean.value - by_hand) <= found.ceded.mean.error
    assert found.ceded.mean.value == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("rate", [0.3, 4.0, 30.0])
def test_poisson_exponential_has_a_bessel_density(rate: float) -> None:
    found = exact(model((Poisson(rate), Gamma(1.0, 1.0)))).gross
    assert found is not None
    # P(S > x) = sum over n of the Poisson mass times the Erlang tail; density sqrt(rate / x) e^-(rate + x) I1(...)
    step, centre = 0.01, rate + 1
    density = sqrt(rate / centre) * ive(1, 2 * sqrt(rate * centre)) * exp(2 * sqrt(rate * centre) - rate - centre)
    slope = (found.passed(centre - step).value - found.passed(centre + step).value) / (2 * step)
    assert slope == pytest.approx(density, rel=2e-4)
    for x in (0.5, rate, 2 * rate + 5):
        n = np.arange(1, 200)
        weights = np.exp(n * np.log(rate) - rate - np.cumsum(np.log(n)))
        tail = float((weights * (1 - gammainc(n, x))).sum())
        told = found.passed(x)
        assert abs(told.value - tail) <= told.error
        assert told.value == pytest.approx(tail, abs=2e-6)


def test_geometric_exponential_is_an_exponential_with_a_mass_at_zero() -> None:
    found = exact(model((NegativeBinomial(3.0, 1.0), Gamma(1.0, 2.0))), buckets=2**14).gross
    assert found is not None
    assert found.passed(0.0).value == pytest.approx(0.75, abs=1e-7)
    for level in (0.5, 0.9, 0.99, 0.999):
        told = found.var(level)
        by_hand = -8 * np.log((1 - level) / 0.75)
        assert abs(told.value - by_hand) <= told.error
        assert told.value == pytest.approx(by_hand, rel=1e-5)
        assert found.tvar(level).value == pytest.approx(by_hand + 8, rel=1e-5)
        assert abs(found.tvar(level).value - by_hand - 8) <= found.tvar(level).error


def test_a_gamma_factor_on_poisson_events_is_a_negative_binomial() -> None:
    mixed = exact(model((Poisson(3.0), Constant(1.0)), year_shape=1.0), buckets=256, step=1.0)
    assert masses(mixed)[:50] == pytest.approx(0.25 * 0.75 ** np.arange(50), abs=1e-9)
    assert mixed.gross is not None
    assert mixed.gross.sd.value == pytest.approx(sqrt(12))


def test_a_gamma_factor_on_negative_binomial_events_by_quadrature() -> None:
    # One event a year, if any, is not enough to tell: compare with the mean over a fine grid of factors.
    kinds = (NegativeBinomial(0.7, 1.5), Constant(1.0)), (Poisson(0.4), Constant(3.0))
    found = masses(exact(model(*kinds, year_shape=2.0), buckets=128, step=1.0))
    factors = np.linspace(0, 30, 300_001)[1:]
    weights = factors * np.exp(-2 * factors) * 4 * (factors[1] - factors[0])
    nothing = (1 + 0.7 / 1.5 * factors) ** -1.5 * np.exp(-0.4 * factors)
    assert found[0] == pytest.approx(float((weights * nothing).sum()), abs=1e-8)
    one = nothing * 0.7 * factors / (1 + 0.7 / 1.5 * factors)
    assert found[1] == pytest.approx(float((weights * one).sum()), abs=1e-8)


def test_bernoulli_gives_the_law_of_one_event() -> None:
    found = exact(model((Binomial(1, 0.3), Gamma(2.0, 5.0)))).gross
    assert found is not None
    assert found.passed(20.0).value == pytest.approx(0.3 * 5 * e**-4, rel=1e-6)
