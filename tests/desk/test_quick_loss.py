"""A study answered while a page loads: few years, the same events for all that is compared, nothing too heavy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.desk import quick_loss
from egide.insurance.programme import Programme
from egide.loss.faults import Unfit
from egide.loss.frequency import Binomial, Poisson
from egide.loss.model import Amount, Hit, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, GeneralisedPareto, Lognormal
from egide.loss.terms import Retention

HEADS = (Amount("own", Lognormal(10.0, 1.0)),)


def model(mean, risks=1, shock=0.0):
    names = [f"R{n}" for n in range(risks)]
    alone = tuple(Risk(name, (Scenario("s", Poisson(mean), HEADS),)) for name in names)
    shared = (Shock("c", Poisson(shock), Constant(1.0), tuple(Hit(name, HEADS) for name in names)),) if shock else ()
    return Model(alone, shared)


@given(st.floats(0, 5_000), st.integers(1, 5), st.floats(0, 1))
def test_the_years_are_those_that_a_page_has_time_for(mean, risks, shock):
    some, events = model(mean, risks, shock), risks * (mean + shock)
    if events * quick_loss.FEWEST_YEARS > quick_loss.MOST_LOAD:
        with pytest.raises(Unfit) as refused:
            quick_loss.years_for(some)
        assert [each.code for each in refused.value.findings] == ["loss.heavy"]
    elif events * quick_loss.FEWEST_YEARS < quick_loss.MOST_LOAD * 0.9:
        years = quick_loss.years_for(some)
        assert quick_loss.FEWEST_YEARS <= years <= quick_loss.MOST_YEARS
        assert years * events <= quick_loss.MOST_LOAD


def test_many_scenarios_many_heads_and_many_establishments_have_fewer_years():
    heads = tuple(Amount(f"h{n}", Constant(1.0)) for n in range(600))
    many_heads = Model((Risk("R", (Scenario("s", Poisson(1.0), heads),)),))
    scenarios = tuple(Scenario(f"s{n}", Poisson(0.001), HEADS) for n in range(1_000))
    for some in (many_heads, Model((Risk("R", scenarios),)), model(0.001, 400)):
        assert quick_loss.years_for(some) < quick_loss.MOST_YEARS / 10
    assert quick_loss.years_for(model(2.0)) == quick_loss.MOST_YEARS


def test_the_programmes_change_what_is_ceded_and_not_the_events():
    quick_loss.warm()
    assert quick_loss.ready()
    some = model(1.0)
    low, high = (
        quick_loss.answered(some, [Programme("P", retention=Retention(flat=flat), event_limit=1e6)])
        for flat in (1e4, 2e4)
    )
    bare = quick_loss.answered(some)
    assert low.gross.slices.tobytes() == high.gross.slices.tobytes()
    assert bare.gross.mean.value == pytest.approx(low.gross.mean.value, rel=1e-12)
    assert bare.gross.var(0.99).value == pytest.approx(low.gross.var(0.99).value, rel=2e-3)
    assert high.retained.mean.value > low.retained.mean.value
    assert low.retained.mean.value + low.ceded.mean.value == pytest.approx(low.gross.mean.value)
    assert bare.ceded.mean.value == 0
    again = quick_loss.answered(some)
    assert again.retained.slices.tobytes() == bare.retained.slices.tobytes()


def test_who_weighs_what_is_told_when_it_is_asked():
    some = model(1.0, 2)
    assert quick_loss.answered(some).risks == ()
    assert [each.name for each in quick_loss.answered(some, detail=True).risks] == ["R0", "R1"]


def test_an_infinite_mean_is_refused():
    endless = Model((Risk("R", (Scenario("s", Poisson(1.0), (Amount("own", GeneralisedPareto(1.5, 1.0)),)),)),))
    with pytest.raises(Unfit) as refused:
        quick_loss.answered(endless)
    assert "loss.infinite_mean" in {each.code for each in refused.value.findings}


def test_a_page_does_not_hold_more_events_than_memory_can():
    trials = Scenario("s", Binomial(10**6, 1e-6), (Amount("own", Constant(1.0)),))
    with pytest.raises(Unfit) as caught:
        quick_loss.answered(Model((Risk("A", (trials,)),)))
    assert [each.code for each in caught.value.findings] == ["loss.events_at_once"]
