"""Verdicts: inside when published and interval meet, and told to be by a hair when they hardly do."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import reference
from egide.risk.outcome import Modelled, Verdict, rounded

FIGURE = reference.national_figures().figures[0]


def published(*values):
    return replace(FIGURE, published=tuple(map(Decimal, values)))


@pytest.mark.parametrize(
    ("values", "verdict", "hair"),
    [
        (["15"], "inside", False),
        (["10"], "inside", True),
        (["20"], "inside", True),
        (["9.99"], "outside", True),
        (["20.01"], "outside", True),
        (["5"], "outside", False),
        (["30"], "outside", False),
        (["5", "12"], "inside", False),
        (["5", "9"], "outside", False),
        (["19.9", "30"], "inside", True),
        (["1", "50"], "inside", False),
    ],
)
def test_a_verdict_is_that_of_the_specification(values, verdict, hair):
    found = Modelled(Decimal(15), Decimal(10), Decimal(20))
    assert found.verdict(published(*values)) == verdict
    assert found.by_a_hair(published(*values)) is hair


@given(st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_a_verdict_is_the_same_from_both_sides(values):
    first, second = sorted(values[:2]), sorted(values[2:])
    one = Modelled(Decimal(first[0]), Decimal(first[0]), Decimal(first[1])).verdict(published(*second))
    other = Modelled(Decimal(second[0]), Decimal(second[0]), Decimal(second[1])).verdict(published(*first))
    assert one is other


def test_a_width_is_a_ratio_and_none_from_zero():
    assert Modelled(Decimal(15), Decimal(10), Decimal(20)).width == 2
    assert Modelled(Decimal(1), Decimal(0), Decimal(2)).width is None


def test_numbers_keep_five_digits():
    assert [str(rounded(each)) for each in (123456.7, 0.000123456, 0.0)] == ["1.2346E+5", "0.00012346", "0"]


def test_verdicts_are_said_in_words():
    assert {str(each.said) for each in Verdict} == {"dans l'intervalle", "hors de l'intervalle"}
