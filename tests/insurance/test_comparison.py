"""Ways to be insured, on the same years."""

from dataclasses import replace
from math import sqrt

import pytest

from egide.insurance.comparison import Comparison, compare, compared, difference
from egide.insurance.fit import to_terms
from egide.insurance.premium import Loading
from egide.loss.faults import Unfit
from egide.loss.simulation import simulate
from egide.loss.terms import Retention
from insurance.exposed import MODEL, W2

LOWER = replace(W2, name="lower", retention=Retention(flat=5e4))
OPTIONS = {"none": (), "w2": (W2,), "lower": (LOWER,)}
YEARS = 40_000


@pytest.fixture(scope="module")
def plain() -> Comparison:
    return compare(MODEL, OPTIONS, years=YEARS, seed=3, stratified=False, prices={"w2": 60_000.0})


@pytest.fixture(scope="module")
def paired() -> Comparison:
    return compare(MODEL, OPTIONS, years=YEARS, seed=3)


def test_each_way_is_what_its_own_simulation_says(plain):
    alone = simulate(MODEL, to_terms((W2,), MODEL), years=YEARS, seed=3)
    none, w2, lower = plain.rows
    assert [row.name for row in plain.rows] == list(OPTIONS)
    assert w2.retained.mean == alone.retained.mean
    assert w2.retained.var[0.99] == alone.retained.var(0.99)
    assert w2.ceded.tvar[0.995] == alone.ceded.tvar(0.995)
    for row in (w2, lower):
        assert row.gross.mean.value == pytest.approx(none.gross.mean.value, rel=1e-12)
        assert row.gross.tvar[0.99].value == pytest.approx(none.gross.tvar[0.99].value, rel=1e-6)
    assert none.retained == none.gross == none.worth
    assert none.paid.value == 0
    assert none.ceded.mean.value == 0


def test_the_worth_is_what_is_retained_and_the_premium(plain):
    _, w2, lower = plain.rows
    assert w2.paid.value == 60_000
    assert w2.worth.mean.value == w2.retained.mean.value + 60_000
    assert w2.worth.var[0.95].value == w2.retained.var[0.95].value + 60_000
    assert lower.paid == plain.standings[2].premium.by_deviation
    assert lower.worth.tvar[0.99].error == lower.retained.tvar[0.99].error + lower.paid.error


def test_differences_are_from_the_first(plain, paired):
    for comparison in (plain, paired):
        none, *others = comparison.rows
        assert [row.name for row in comparison.differences] == ["w2", "lower"]
        for row, apart in zip(others, comparison.differences, strict=True):
            assert apart.gross.mean.value == pytest.approx(0, abs=1e-6)
            assert apart.retained.mean.value == row.retained.mean.value - none.retained.mean.value
            assert apart.retained.tvar[0.99].value == row.retained.tvar[0.99].value - none.retained.tvar[0.99].value
            assert apart.worth.mean.value == row.worth.mean.value - none.worth.mean.value
            assert apart.paid.value == row.paid.value


def test_a_lower_retention_retains_less_whatever_the_measure(plain):
    _, w2, lower = plain.rows
    assert lower.retained.mean.value < w2.retained.mean.value
    for level in w2.retained.var:
        assert lower.retained.var[level].value <= w2.retained.var[level].value
        assert lower.retained.tvar[level].value <= w2.retained.tvar[level].value


def test_on_the_same_years_a_difference_is_known_better_than_its_terms(paired):
    _, w2, lower = paired.standings
    for measure in (lambda s: s.retained.mean, lambda s: s.ceded.tvar(0.99), lambda s: s.retained.var(0.99)):
        apart = difference(w2, lower, measure)
        assert 0 < apart.error < sqrt(measure(w2).error ** 2 + measure(lower).error ** 2)
    assert difference(w2, w2, lambda s: s.gross.mean).error == 0


def test_the_error_of_a_difference_is_its_spread_over_seeds():
    runs = [compare(MODEL, {"w2": (W2,), "lower": (LOWER,)}, years=17 * 4096, seed=seed) for seed in range(12)]
    found = [run.differences[0].retained.mean for run in runs]
    centre = sum(each.value for each in found) / len(found)
    spread = sqrt(sum((each.value - centre) ** 2 for each in found) / (len(found) - 1))
    told = sqrt(sum(each.error**2 for each in found) / len(found))
    assert 0.5 < spread / told < 2


def test_other_levels_and_loadings(plain):
    again = compared(plain.standings[1:], levels=(0.9,))
    assert list(again.rows[0].retained.var) == [0.9]
    assert len(again.differences) == 1
    dear = compare(MODEL, {"w2": (W2,)}, years=4096, stratified=False, loading=Loading(deviation=1.0))
    cheap = compare(MODEL, {"w2": (W2,)}, years=4096, stratified=False, loading=Loading(deviation=0.0))
    assert dear.rows[0].paid.value > cheap.rows[0].paid.value == cheap.rows[0].ceded.mean.value


def test_it_tells_how_far_it_is():
    told = []
    compare(MODEL, OPTIONS, years=8192, progress=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[-1] == 1


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(Unfit) as caught:
        compare(MODEL, {}, years=4096, prices={"w2": -1.0})
    assert [(finding.code, finding.place) for finding in caught.value.findings] == [
        ("insurance.negative", "prices.w2"),
        ("insurance.unknown_option", "prices"),
        ("insurance.nothing_to_compare", "options"),
    ]
