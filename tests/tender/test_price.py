"""Each formula passes its own tests; those that the judge struck down cannot be chosen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.errors import DataError
from egide.tender import price

ALLOWED = ("proportional", "linear_gap", "linear_min_max", "mean_based")
prices = st.lists(st.integers(1, 10**9).map(Fraction), min_size=1, max_size=8)


def test_the_allowed_formulas_are_those_that_pass_and_no_other():
    assert tuple(price.allowed()) == ALLOWED


@pytest.mark.parametrize("code", ["distance_to_mean", "rank", "inconnue"])
def test_an_unlawful_or_unknown_formula_says_why(code):
    assert price.faults(code)


def test_rank_based_notes_are_refused_for_that_reason():
    assert any("489404" in str(fault) for fault in price.faults("rank"))


@pytest.mark.parametrize("code", ["linear_min_max", "mean_based"])
def test_fragile_formulas_carry_their_case_law(code):
    assert price.FORMULAS[code].warning is not None


@pytest.mark.parametrize("code", ALLOWED)
@given(given_prices=prices)
def test_notes_stay_in_range_and_the_cheapest_has_the_best(code, given_prices):
    shares = price.shares(code, given_prices)
    assert all(0 <= share <= 1 for share in shares)
    assert shares[given_prices.index(min(given_prices))] == max(shares) == 1


@pytest.mark.parametrize("code", ALLOWED)
@given(given_prices=prices, cut=st.fractions(0, 1))
def test_lowering_a_price_never_lowers_its_own_note(code, given_prices, cut):
    lower = [max(Fraction(1), given_prices[0] * cut), *given_prices[1:]]
    assert price.shares(code, lower)[0] >= price.shares(code, given_prices)[0] or lower[0] >= given_prices[0]


@pytest.mark.parametrize("code", ALLOWED)
@given(given_prices=prices)
def test_the_unit_of_money_does_not_matter(code, given_prices):
    assert price.shares(code, given_prices) == price.shares(code, [each / 1000 for each in given_prices])


@pytest.mark.parametrize("code", ["proportional", "linear_gap"])
def test_a_lowest_price_of_zero_is_said_not_divided(code):
    with pytest.raises(DataError, match="prix le plus bas de 0"):
        price.shares(code, [Fraction(0), Fraction(10)])


def test_min_max_stands_a_zero_and_equal_prices():
    assert price.shares("linear_min_max", [Fraction(0), Fraction(10)]) == [1, 0]
    assert price.shares("linear_min_max", [Fraction(5), Fraction(5)]) == [1, 1]
    assert price.shares("proportional", []) == []


def test_a_formula_out_of_range_is_caught(monkeypatch):
    wild = price.Formula("wild", price.Text(), "", lambda each, _: Fraction(-1))
    monkeypatch.setitem(price.FORMULAS, "wild", wild)
    assert any("intervalle" in str(fault) for fault in price.faults("wild"))
