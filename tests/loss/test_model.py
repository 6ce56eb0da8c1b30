"""A model that has no meaning is refused where it is written, with the field, the value and the remedy of each fault."""

from math import inf, isfinite, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.loss.estimate import Estimate
from egide.loss.faults import CORRELATION, INSIDE, LIMIT, NOT_NEGATIVE, NUMBER, POSITIVE, SHARE, WHOLE, Unfit, broken
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, Lognormal
from egide.loss.terms import HeadTerms, Policy

LAW = Constant(10.0)
DAYS = Lognormal(0.0, 1.0)
OWN = Amount("own", LAW)
STOP = Interruption("stop", 100.0)
EVENT = Scenario("event", Poisson(1.0), (OWN,))


def refused(make):
    """Return the faults found, once told that each has a remedy."""
    with pytest.raises(Unfit) as caught:
        make()
    assert all(each.understood and each.remedy for each in caught.value.findings)
    return sorted((each.code, each.place, each.read) for each in caught.value.findings)


@pytest.mark.parametrize("number", [nan, inf, -inf, -1.0, 2.0, 1e60])
def test_an_amount_is_refused_all_its_fields_at_once(number):
    expected = [
        ("loss.not_a_correlation", "with_duration", f"{number:g}"),
        ("loss.not_a_share", "probability", f"{number:g}"),
    ]
    if number == -1.0:
        expected = expected[1:]
    assert refused(lambda: Amount("own", LAW, number, number)) == expected


@pytest.mark.parametrize("number", [nan, -inf, -1.0])
def test_an_interruption_is_refused_all_its_fields_at_once(number):
    assert refused(lambda: Interruption("stop", number, number, number, number)) == [
        ("loss.limit", "longest", f"{number:g}"),
        ("loss.negative", "daily", f"{number:g}"),
        ("loss.negative", "recovery", f"{number:g}"),
        ("loss.not_a_share", "share", f"{number:g}"),
    ]


def test_numbers_out_of_reach():
    assert refused(lambda: Interruption("stop", 1e51)) == [("loss.out_of_reach", "daily", "1e+51")]
    assert refused(lambda: Risk("a", (), 1e-51)) == [("loss.out_of_reach", "year_shape", "1e-51")]
    assert Interruption("stop", 0.0).longest == inf


@settings(deadline=None)
@given(st.floats())
def test_no_rule_takes_what_is_not_a_number(value):
    rules = {"p": POSITIVE, "n": NOT_NEGATIVE, "s": SHARE, "i": INSIDE, "c": CORRELATION, "x": NUMBER, "w": WHOLE}
    found = {each.place for each in broken({key: (value, rule) for key, rule in rules.items()})}
    if not isfinite(value):
        assert found == set(rules)
    assert (broken({"limit": (value, LIMIT)}) == []) == (value == inf or 1e-50 <= value <= 1e50)


def test_a_name_given_twice():
    twice = (OWN, Interruption("own", 1.0), OWN)
    fault = ("loss.name_twice", "heads", "own")
    assert refused(lambda: Scenario("s", Poisson(1.0), twice, DAYS)) == [fault, fault]
    assert refused(lambda: Hit("a", (OWN, OWN))) == [fault]
    assert refused(lambda: Risk("a", (EVENT, EVENT))) == [("loss.name_twice", "scenarios", "event")]
    shock = Shock("s", Poisson(1.0), DAYS, (Hit("a", (OWN,)),))
    hits = (Hit("a", (OWN,)), Hit("a", (OWN,)))
    assert refused(lambda: Shock("s", Poisson(1.0), DAYS, hits)) == [("loss.name_twice", "hits", "a")]
    assert refused(lambda: Model((Risk("a", ()), Risk("a", ())), (shock, shock))) == [
        ("loss.name_twice", "risks", "a"),
        ("loss.name_twice", "shocks", "s"),
    ]


def test_a_head_that_depends_on_a_duration_that_is_not_there():
    heads = (OWN, STOP, Amount("claim", LAW, with_duration=0.2))
    assert refused(lambda: Scenario("s", Poisson(1.0), heads)) == [
        ("loss.no_duration", "duration", "claim"),
        ("loss.no_duration", "duration", "stop"),
    ]
    assert Scenario("s", Poisson(1.0), heads, DAYS).heads == heads


def test_a_factor_of_the_year_on_what_cannot_vary():
    own = tuple(
        Scenario(str(law), law, (OWN,)) for law in (Fixed(1), Binomial(1, 0.5), Poisson(1), NegativeBinomial(1, 1))
    )
    assert refused(lambda: Risk("a", own, year_shape=nan)) == [
        ("loss.mixing", "year_shape", str(Binomial(1, 0.5))),
        ("loss.mixing", "year_shape", str(Fixed(1))),
        ("loss.not_positive", "year_shape", "nan"),
    ]
    assert Risk("a", own).year_shape is None
    assert Risk("a", own[2:], 0.5).year_shape == 0.5


def test_a_shock_on_a_risk_that_is_not_there():
    shock = Shock("outage", Poisson(1.0), DAYS, (Hit("b", (OWN,)), Hit("a", (OWN,))))
    assert refused(lambda: Model((Risk("a", ()),), (shock,))) == [("loss.unknown_risk", "outage.hits", "b")]


def test_heads_and_scenarios_are_told_once_in_the_order_met():
    shock = Shock("outage", Poisson(1.0), DAYS, (Hit("a", (STOP, OWN)),))
    model = Model((Risk("a", (EVENT,)), Risk("b", (EVENT, Scenario("other", Poisson(1.0), (OWN,))))), (shock,))
    assert model.heads == ("own", "stop")
    assert model.scenarios == ("event", "other", "outage")


def test_the_cover_of_a_head_is_its_own_else_that_of_others():
    policy = Policy("p", ("a",), (), heads={"own": HeadTerms(0.5)})
    assert policy.of_head("own") == HeadTerms(0.5)
    assert policy.of_head("fines") == HeadTerms()
    assert Policy("p", ("a",), (), other_heads=None).of_head("own") is None


def test_an_estimate_is_exact_unless_told():
    assert Estimate(3.0).error == 0


def test_a_head_is_uninsurable_when_it_is_so_everywhere():
    fines, sometimes = Amount("fines", LAW, insurable=False), Interruption("stop", 1.0, insurable=False)
    events = (Scenario("a", Poisson(1.0), (OWN, fines, STOP), DAYS), Scenario("b", Poisson(1.0), (sometimes,), DAYS))
    assert Model((Risk("r", events),)).uninsurable == {"fines"}
