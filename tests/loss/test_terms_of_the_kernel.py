"""The compiled terms against the plain reference, on years that hold no chance: fixed counts, constant sizes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.loss.frequency import Fixed
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Policy, Terms
from loss.plain_terms import Event, Year, year_of
from loss.test_plain_terms import FRANCHISES, RETENTIONS, amounts, policies

MEMBERS = ("A", "B", "C")
HEADS = ("own", "fines", "stop", "slow")


@st.composite
def heads(draw: st.DrawFn) -> tuple[Head, ...]:
    """Some heads of loss, each of a size without chance."""
    made: dict[str, Head] = {
        "own": Amount("own", Constant(draw(amounts()))),
        "fines": Amount("fines", Constant(draw(amounts(10))), insurable=False),
        "stop": Interruption("stop", 10.0),
        "slow": Interruption("slow", 4.0, share=0.5, recovery=1.5, longest=20.0),
    }
    return tuple(made[name] for name in draw(st.lists(st.sampled_from(HEADS), min_size=1, max_size=4, unique=True)))


COUNTS = st.integers(0, 2).map(Fixed)
DAYS = amounts(30).map(Constant)
OWN = st.lists(
    st.builds(Scenario, st.sampled_from("stu"), COUNTS, heads(), DAYS), max_size=2, unique_by=lambda each: each.name
)
SHOCKS = st.lists(
    st.builds(
        Shock,
        st.sampled_from("svw"),
        COUNTS,
        DAYS,
        st.dictionaries(st.sampled_from(MEMBERS), heads(), min_size=1).map(
            lambda hit: tuple(Hit(risk, of) for risk, of in hit.items())
        ),
    ),
    max_size=2,
    unique_by=lambda each: each.name,
)
MODELS = st.builds(
    lambda own, shocks: Model(
        tuple(Risk(name, tuple(of)) for name, of in zip(MEMBERS, own, strict=True)), tuple(shocks)
    ),
    st.tuples(OWN, OWN, OWN),
    SHOCKS,
)


def certain(policy: Policy) -> Policy:
    """The policy with no chance in what is paid."""
    return replace(policy, paid={name: float(share >= 0.5) for name, share in policy.paid.items()})


def number(head: Head, days: float) -> float:
    return days if isinstance(head, Interruption) else head.severity.mean


def events(model: Model) -> list[Event]:
    """The events of any year of a model without chance."""
    found = []
    for risk in model.risks:
        for each in risk.scenarios:
            assert each.duration
            lines = [(head, number(head, each.duration.mean)) for head in each.heads]
            found += [Event(each.name, {risk.name: lines})] * int(each.frequency.mean)
    for shock in model.shocks:
        hits = {hit.risk: [(head, number(head, shock.duration.mean)) for head in hit.heads] for hit in shock.hits}
        found += [Event(shock.name, hits)] * int(shock.frequency.mean)
    return found


def same(run: Simulation, year: Year) -> None:
    def near(value: float):
        return pytest.approx(value, rel=1e-9, abs=1e-6)

    assert run.gross.mean.value == near(year.gross)
    assert run.ceded.mean.value == near(year.ceded)
    assert run.retained.mean.value == near(year.retained)
    assert run.gross.most - run.ceded.most == near(year.retained)
    for place, shares in enumerate((run.scenarios, run.risks, run.heads)):
        for share in shares:
            assert share.gross.value == near(year.gross_by(place, share.name))
            assert share.ceded.value == near(year.ceded_by(place, share.name))
    for layer in run.layers:
        assert layer.ceded.value == near(year.paid[layer.policy, layer.name])


@settings(max_examples=60, deadline=None)
@given(MODELS, policies(st.one_of(RETENTIONS, FRANCHISES)))
def test_a_year_without_chance_costs_what_the_plain_reference_says(model, policy):
    policy = certain(policy)
    same(simulate(model, Terms((policy,)), years=100), year_of(Terms((policy,)), events(model)))


@settings(max_examples=40, deadline=None)
@given(MODELS, policies(), policies())
def test_two_contracts_side_by_side(model, one, other):
    terms = Terms((certain(replace(one, members=("A", "C"))), certain(replace(other, name="q", members=("B",)))))
    same(simulate(model, terms, years=100), year_of(terms, events(model)))
