"""Indications of a technical premium."""

from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.insurance.premium import Loading, line, line_of, premium
from egide.insurance.programme import Layer, Programme
from egide.loss.estimate import Estimate
from egide.loss.faults import Unfit


@dataclass(frozen=True)
class Known:
    """A law with given measures."""

    mean: Estimate
    sd: Estimate
    tail: Estimate

    def tvar(self, level: float) -> Estimate:
        return self.tail if level == 0.99 else Estimate(0)


LAW = Known(Estimate(100, 1), Estimate(400, 2), Estimate(3000, 50))


def test_the_three_principles():
    made = premium("P", LAW, 5000, Loading(deviation=0.25, capital=0.06, level=0.99))
    assert made.expected == Estimate(100, 1)
    assert made.by_deviation == Estimate(200, 1.5)
    assert made.by_tail == Estimate(100 + 0.06 * 2900, 0.94 + 3)


def test_without_loading_all_are_the_expected_loss():
    made = premium("P", LAW, loading=Loading(0, 0, 0.99))
    assert made.expected == made.by_deviation == made.by_tail


@given(st.integers(0, 1000).map(lambda n: n / 100), st.integers(0, 100).map(lambda n: n / 100))
def test_a_premium_is_never_below_the_expected_loss(deviation, capital):
    made = premium("P", LAW, loading=Loading(deviation, capital))
    assert min(made.by_deviation.value, made.by_tail.value) >= made.expected.value
    assert made.by_tail.value <= LAW.tail.value + 1e-9


def test_the_rate_on_line():
    made = premium("P", LAW, 5000)
    assert made.on_line(made.by_deviation) == Estimate(0.04, 0.0003)
    assert made.on_line(1000.0) == Estimate(0.2, 0)
    assert premium("P", LAW).on_line(100) is None
    assert premium("P", LAW, 0).on_line(100) is None


def test_the_line_is_the_most_that_an_event_is_paid():
    assert line(Programme("P", event_limit=4.6e6)) == 4.6e6
    assert line(Programme("P", annual_limit=3e6)) == 3e6
    assert line(Programme("P")) == inf
    assert line_of(Layer("L", 0, 4, insurers={"X": 0.5, "Y": 0.25})) == 3
    assert line(Programme("P", layers=(Layer("a", 0, 4), Layer("b", 4, 6, insurers={"X": 0.5})))) == 7


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (lambda: Loading(deviation=-1), "deviation"),
        (lambda: Loading(capital=2), "capital"),
        (lambda: Loading(level=1), "level"),
    ],
)
def test_a_loading_without_meaning_is_refused(made, field):
    with pytest.raises(Unfit) as caught:
        made()
    assert [finding.place for finding in caught.value.findings] == [field]
