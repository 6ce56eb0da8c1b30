import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from egide.loss.faults import Unfit
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson

N = np.arange(-2, 60)
RATES = st.floats(0, 10)
SHAPES = st.floats(0.1, 50)
SHARES = st.floats(0, 1)
LAWS = st.one_of(
    st.builds(Poisson, RATES),
    st.builds(NegativeBinomial, RATES, SHAPES),
    st.builds(Binomial, st.integers(0, 40), SHARES),
    st.builds(Fixed, st.integers(0, 40)),
)
MIXABLE = st.one_of(st.builds(Poisson, RATES), st.builds(NegativeBinomial, RATES, SHAPES))
CIRCLE = np.exp(2j * np.pi * np.arange(4096) / 4096)


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (Poisson(0.4), stats.poisson(0.4)),
        (Poisson(0.0), stats.poisson(0)),
        (Poisson(35.0), stats.poisson(35)),
        (NegativeBinomial(0.25, 0.8), stats.nbinom(0.8, 0.8 / 1.05)),
        (NegativeBinomial(12.0, 150.0), stats.nbinom(150, 150 / 162)),
        (NegativeBinomial.mixed(2.0, 0.5), stats.nbinom(4, 4 / 6)),
        (NegativeBinomial(0.0, 1.0), stats.nbinom(1, 1)),
        (Binomial(1, 0.3), stats.bernoulli(0.3)),
        (Binomial(20, 0.7), stats.binom(20, 0.7)),
        (Binomial(5, 1.0), stats.binom(5, 1)),
        (Binomial(0, 0.5), stats.binom(0, 0.5)),
    ],
)
def test_probabilities_are_those_of_another_library(law, expected):
    np.testing.assert_allclose(law.pmf(N), expected.pmf(N), rtol=1e-12, atol=1e-300)
    assert law.mean == pytest.approx(expected.mean(), rel=1e-14)
    assert law.variance == pytest.approx(expected.var(), rel=1e-14)


def test_a_fixed_count_is_certain():
    assert Fixed(3).pmf(np.arange(5)).tolist() == [0, 0, 0, 1, 0]
    assert (Fixed(3).mean, Fixed(3).variance) == (3, 0)


@given(LAWS)
def test_the_generating_function_gives_back_the_probabilities(law):
    found = np.fft.fft(law.generating(CIRCLE)).real / len(CIRCLE)
    np.testing.assert_allclose(found[: len(N) - 2], law.pmf(N)[2:], atol=2e-12)


@given(LAWS)
def test_probabilities_make_one_and_have_the_moments_told(law):
    n = np.arange(20_000)
    chances = law.pmf(n)
    assert np.all(chances >= 0)
    assert chances.sum() == pytest.approx(1, abs=1e-10)
    assert (n * chances).sum() == pytest.approx(law.mean, rel=1e-9, abs=1e-12)
    assert ((n - law.mean) ** 2 * chances).sum() == pytest.approx(law.variance, rel=1e-7, abs=1e-9)


@given(MIXABLE, st.floats(0, 3))
def test_a_year_that_is_twice_as_bad_has_twice_the_rate(law, factor):
    given_year = law.generating_given(CIRCLE, factor)
    np.testing.assert_allclose(given_year, law.scaled(factor).generating(CIRCLE), rtol=1e-12, atol=1e-15)
    both = law.generating_given(CIRCLE[:, None], np.array([factor, 1.0]))
    np.testing.assert_allclose(both[:, 0], given_year, rtol=1e-14)
    np.testing.assert_allclose(both[:, 1], law.generating(CIRCLE), rtol=1e-14)


@given(st.floats(0.01, 1), st.floats(0.2, 1.2))
def test_a_poisson_law_of_gamma_rate_is_negative_binomial(mean, variation):
    """The generating function of the mixture, its integral over the rate taken by Gauss-Laguerre quadrature."""
    law = NegativeBinomial.mixed(mean, variation)
    of = CIRCLE[::256]
    rate, weight = special.roots_genlaguerre(80, law.shape - 1)
    mixture = Poisson(mean).generating_given(of[:, None], rate / law.shape) @ (weight / weight.sum())
    np.testing.assert_allclose(mixture, law.generating(of), atol=1e-9)
    assert law.variance == pytest.approx(mean + (variation * mean) ** 2)


@given(st.floats(0.01, 20))
def test_a_rate_that_hardly_varies_is_poisson(mean):
    below, above = (NegativeBinomial(mean, shape).generating(CIRCLE) for shape in (999.999999999, 1000.0))
    np.testing.assert_allclose(below, above, atol=1e-11)
    near = NegativeBinomial(mean, 1e12)
    np.testing.assert_allclose(near.pmf(N), Poisson(mean).pmf(N), rtol=1e-8, atol=1e-15)
    np.testing.assert_allclose(near.generating(CIRCLE), Poisson(mean).generating(CIRCLE), atol=1e-9)


@given(LAWS, st.floats(0, 1))
def test_a_part_of_the_events_is_a_law_of_the_same_kind(law, factor):
    """Each event kept with that probability: the generating function at 1 - factor + factor s."""
    if isinstance(law, Fixed):
        return
    kept = law.scaled(factor)
    assert type(kept) is type(law)
    np.testing.assert_allclose(kept.generating(CIRCLE), law.generating(1 - factor + factor * CIRCLE), atol=1e-12)


def test_only_what_has_a_rate_can_be_scaled_or_mixed():
    assert Fixed(2).scaled(1.0) == Fixed(2)
    with pytest.raises(Unfit) as refused:
        Fixed(2).scaled(2.0)
    assert [(each.code, each.place, each.read) for each in refused.value.findings] == [
        ("loss.fixed_scaled", "factor", "2")
    ]
    with pytest.raises(Unfit) as refused:
        Binomial(1, 0.6).scaled(2.0)
    assert [each.code for each in refused.value.findings] == ["loss.not_a_share"]
    for law in (Poisson(1.0), NegativeBinomial(1.0, 1.0), Binomial(1, 0.5)):
        with pytest.raises(Unfit) as refused:
            law.scaled(-1.0)
        assert [each.code for each in refused.value.findings] == ["loss.negative"]
    assert (Poisson.mixable, NegativeBinomial.mixable, Binomial.mixable, Fixed.mixable) == (True, True, False, False)
