"""What can be moved in a programme, its writing in a link, and the programme that results."""

from dataclasses import replace
from math import inf, isfinite
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.exchange.prices.amount import amount
from egide.insurance.programme import Cover, Layer, Programme
from egide.loss.faults import Unfit
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant
from egide.loss.terms import Retention
from egide.web.risk import moved
from egide.web.risk.moved import Unit

FEES = Amount("Frais", Constant(10.0))
FINES = Amount("Amendes", Constant(10.0), insurable=False)
STOP = Interruption("Arrêt", 100.0)
MODEL = Model(
    (Risk("A", (Scenario("s", Poisson(1.0), (FEES, FINES)),)),),
    (Shock("c", Poisson(0.1), Constant(1.0), (Hit("A", (STOP, FEES)),)),),
)
ALONE = Programme(
    "P",
    retention=Retention(flat=1e5),
    waiting_hours=12,
    heads={"Arrêt": Cover(0.1, 4e6)},
    event_limit=5e6,
    annual_limit=1e7,
    reinstatements=4,
    insurers={"A": 0.5},
    paid=0.9,
)
TOWER = Programme(
    "T", retention=Retention(flat=1e5), layers=(Layer("1", 0, 2e6, 6e6), Layer("2", 3e6, 3e6, insurers={"B": 0.8}), Layer("3", 6e6))
)  # fmt: skip


def values(programme):
    return {knob.name: knob.value for knob in moved.knobs(programme, MODEL)}


@pytest.mark.parametrize("programme", [ALONE, TOWER, moved.START, Programme("Sans rien")])
def test_nothing_moved_is_the_same_programme(programme):
    assert moved.moved(programme, MODEL, values(programme)) == programme
    assert moved.moved(programme, MODEL, {}) == programme


def test_what_is_insurable_has_its_own_limits_and_the_rest_has_none():
    assert moved.insurable(MODEL) == ("Frais", "Arrêt")
    assert [knob.name for knob in moved.knobs(ALONE, MODEL)] == [
        "franchise",
        "heures",
        "plafond",
        "annee",
        "sous0",
        "part0",
        "sous1",
        "part1",
    ]
    excluded = replace(ALONE, heads={"Frais": Cover(excluded=True)})
    assert not {"sous0", "part0"} & values(excluded).keys()
    uncovered = replace(ALONE, other_heads=Cover(excluded=True))
    assert {"sous0", "part0"}.isdisjoint(values(uncovered))
    assert {"sous1", "part1"} <= values(uncovered).keys()


def test_each_value_moves_what_it_names_and_nothing_else():
    changed = {"franchise": 2e5, "heures": 24.0, "plafond": 4e6, "annee": 8e6, "sous0": 1e6, "part0": 20.0, "sous1": inf, "part1": 0.0}  # fmt: skip
    made = moved.moved(ALONE, MODEL, changed)
    assert made == replace(
        ALONE,
        retention=Retention(flat=2e5),
        waiting_hours=24.0,
        event_limit=4e6,
        annual_limit=8e6,
        heads={"Frais": Cover(0.2, 1e6), "Arrêt": Cover(0.0, inf)},
    )
    assert values(made) == changed


def test_both_limits_move_together_past_each_other():
    made = moved.moved(ALONE, MODEL, {"plafond": 2e7, "annee": 3e7})
    assert (made.event_limit, made.annual_limit) == (2e7, 3e7)
    made = moved.moved(made, MODEL, {"plafond": 1e6, "annee": 2e6})
    assert (made.event_limit, made.annual_limit) == (1e6, 2e6)


def test_limits_that_do_not_go_together_are_refused():
    with pytest.raises(Unfit) as refused:
        moved.moved(ALONE, MODEL, {"plafond": 5e6, "annee": 1e6})
    assert [each.code for each in refused.value.findings] == ["insurance.annual_below_event"]
    with pytest.raises(Unfit):
        moved.moved(ALONE, MODEL, {"plafond": 0.0})


def test_the_layers_above_follow_the_one_that_moves():
    made = moved.moved(TOWER, MODEL, {"plafond0": 1e6, "annee1": 9e6})
    assert [(each.attachment, each.limit, each.annual_limit) for each in made.layers] == [(0, 1e6, 6e6), (2e6, 3e6, 9e6), (5e6, inf, inf)]  # fmt: skip
    assert made.layers[1].insurers == {"B": 0.8}
    made = moved.moved(TOWER, MODEL, {"plafond1": 5e6})
    assert [(each.attachment, each.limit) for each in made.layers] == [(0, 2e6), (3e6, 5e6), (8e6, inf)]
    with pytest.raises(Unfit):
        moved.moved(TOWER, MODEL, {"plafond0": inf})


amounts = st.floats(1, 1e11)


@given(amounts, amounts, amounts, st.integers(0, 8784), st.integers(0, 10**6).map(lambda n: n / 10**4))
def test_any_values_come_back_as_they_were_given(flat, one, other, hours, part):
    given_ = {
        "franchise": flat,
        "heures": hours,
        "plafond": min(one, other),
        "annee": max(one, other),
        "sous0": one,
        "part1": part,
    }
    made = moved.moved(replace(ALONE, reinstatements=None), MODEL, given_)
    again = values(made)
    assert {name: again[name] for name in given_} == pytest.approx(given_, abs=1e-4)


# --------------------------------------------------------------------------------------------------------------- steps
def knob(unit, *, bounded=False):
    return moved.Knob("k", moved.EVENT, unit, 0.0, moved.EVENT, lambda programme, value: programme, bounded)


@pytest.mark.parametrize(
    ("unit", "value", "down", "up"),
    [
        (Unit.AMOUNT, 0, 0, 1e3),
        (Unit.AMOUNT, 1e5, 8e4, 1.5e5),
        (Unit.AMOUNT, 123_456, 1e5, 1.5e5),
        (Unit.AMOUNT, 1e15, 8e11, 8e11),
        (Unit.HOURS, 12, 8, 18),
        (Unit.PERCENT, 100, 95, 100),
        (Unit.PERCENT, 12, 10, 15),
    ],
)
def test_a_button_goes_to_the_next_round_value(unit, value, down, up):
    assert moved.stepped(knob(unit), value, up=False) == down
    assert moved.stepped(knob(unit), value, up=True) == up


def test_a_limit_is_never_brought_down_to_nothing_and_none_stays_above_all():
    bounded = knob(Unit.AMOUNT, bounded=True)
    assert moved.stepped(bounded, 1_000, up=False) == 1_000
    assert moved.stepped(bounded, inf, up=True) == inf
    assert moved.stepped(bounded, inf, up=False) == 8e11


@given(st.sampled_from(Unit), st.floats(0, 1e12))
def test_a_step_up_never_lowers_and_a_step_down_never_raises(unit, value):
    last = moved.STEPS[unit][-1]
    assert moved.stepped(knob(unit), value, up=True) >= min(value, last)
    assert moved.stepped(knob(unit), value, up=False) <= value


# --------------------------------------------------------------------------------------------------------------- links
def test_a_link_says_all_in_one_writing():
    said = moved.link(1, 0, {"franchise": 1e5, "plafond": inf, "part1": 12.5}, "a" * 64)
    assert said == f"v={'a' * 12}&choix=1&franchise=100000&plafond=&part1=12.5"


@given(st.floats(0, 1e12) | st.integers(0, 10**9).map(lambda n: n / 1000))
def test_a_value_of_a_link_is_read_back_to_four_decimals(value):
    written = moved.written(value)
    assert amount(written).value is not None, written
    assert float(amount(written).value) == round(value, 4)
    assert isfinite(float(parse_qs(f"a={written}")["a"][0]))
