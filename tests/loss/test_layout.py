"""A model as arrays: the same ones whatever the order of what is given, and what has no meaning refused."""

from dataclasses import replace
from math import inf
from random import Random

import numpy as np
import pytest

from egide.loss import layout
from egide.loss.frequency import NegativeBinomial, Poisson
from egide.loss.layout import Layout, laid_out, stream
from egide.loss.model import Amount, Hit, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, Discrete, GeneralisedPareto, Lognormal, Pert, Scaled, Spliced
from egide.loss.terms import Layer, Policy, Retention, Terms
from loss.busy import PORTFOLIO, TERMS, A, B, C
from loss.test_model import refused


def same(one: Layout, other: Layout):
    return all(
        np.array_equal(a, b) and np.asarray(a).dtype == np.asarray(b).dtype for a, b in zip(one, other, strict=True)
    )


def shuffled(model: Model, terms: Terms, seed: int) -> tuple[Model, Terms]:
    """Return the same in another order: risks, scenarios, shocks, hits, contracts and members. Heads keep theirs."""
    chance = Random(seed)  # noqa: S311 (an order to try)

    def mixed(items):
        return tuple(chance.sample(items, len(items)))

    risks = tuple(replace(risk, scenarios=mixed(risk.scenarios)) for risk in mixed(model.risks))
    shocks = tuple(replace(shock, hits=mixed(shock.hits)) for shock in mixed(model.shocks))
    return Model(risks, shocks), Terms(
        tuple(replace(each, members=mixed(each.members)) for each in mixed(terms.policies))
    )


@pytest.mark.parametrize("seed", range(6))
def test_order_does_not_matter(seed):
    (one, names), (other, same_names) = laid_out(PORTFOLIO, TERMS), laid_out(*shuffled(PORTFOLIO, TERMS, seed))
    assert same(one, other)
    assert names == same_names


def test_names_stand_by_contract_and_those_that_none_covers_come_last():
    lay, names = laid_out(PORTFOLIO, TERMS)
    assert names.policies == ("alone", "group", "")
    assert names.risks == ("C", "A", "B", "D")
    assert names.scenarios == ("fraud", "inspection", "network", "outage", "ransom", "supplier")
    assert names.heads == ("claim", "fine", "own", "slow", "stop")
    assert names.layers == (("alone", "only"), ("group", "first"), ("group", "second"))
    assert lay.risk_first.tolist() == [0, 1, 3, 4]
    assert lay.layer_first.tolist() == [0, 1, 3, 3]
    assert lay.layers[1].tolist() == [0, 100_000, 1, 10_000, 300_000]
    assert lay.layers[2].tolist() == [100_000, 400_000, 0.8, 0, inf]
    assert lay.policies.tolist() == [[1_000, 0, 0, inf, 1], [2_000, 0.05, 0, 20_000, 0], [0, 0, 0, inf, 0]]
    assert lay.year_shapes.tolist() == [0, 2.0, 0, 0]


def test_the_members_of_a_contract_take_a_shock_together_and_others_alone():
    hits = tuple(Hit(name, (Amount("own", Constant(1.0)),)) for name in "abcd")
    shock = Shock("s", Poisson(1.0), Constant(1.0), hits)
    lay, _ = laid_out(Model(tuple(Risk(name, ()) for name in "abcd"), (shock,)), Terms((Policy("p", ("a", "c"), ()),)))
    assert lay.bundles.tolist() == [[0, 0, 2], [0, 2, 3], [0, 3, 4]]
    assert lay.bundle_first.tolist() == [0, 1, 3]


def test_each_stream_has_its_name():
    lay, _ = laid_out(PORTFOLIO, TERMS)
    streams = [*lay.streams, *lay.risk_streams, *lay.shock_streams]
    assert len({int(each) for each in streams}) == len(streams)
    assert stream("a", "bc") != stream("ab", "c")
    assert 0 <= stream("a") < 2**64


def test_a_scenario_that_has_the_name_of_a_shock_draws_apart_from_it():
    scenario = Scenario("outage", Poisson(1.0), (Amount("own", Lognormal(0.0, 1.0)),))
    shock = Shock("outage", Poisson(1.0), Constant(1.0), (Hit("a", scenario.heads),))
    lay, names = laid_out(Model((Risk("a", (scenario,)),), (shock,)), Terms())
    assert names.scenarios == ("outage",)
    assert len({*lay.streams.tolist(), *lay.shock_streams.tolist()}) == 3


def test_a_shock_is_excluded_and_paid_by_its_name():
    scenario = Scenario("own", Poisson(1.0), (Amount("own", Constant(1.0)),))
    shock = Shock("outage", Poisson(1.0), Constant(1.0), (Hit("a", scenario.heads),))
    model = Model((Risk("a", (scenario,)),), (shock,))
    lay, _ = laid_out(model, Terms((Policy("p", ("a",), (), paid={"outage": 0.5}),)))
    assert lay.paid.tolist() == [1.0, 0.5]
    assert lay.slots.tolist() == [1, 2]
    assert lay.heads[:, 10].tolist() == [1.0, 1.0]
    lay, _ = laid_out(model, Terms((Policy("p", ("a",), (), excluded=frozenset({"outage"})),)))
    assert lay.heads[:, 10].tolist() == [1.0, 0.0]


def test_a_law_is_laid_once_whatever_its_scale():
    pert, two = Pert(1.0, 2.0, 9.0), Discrete((1.0, 5.0), (0.5, 0.5))
    tail = Spliced(Lognormal(0.0, 1.0), 3.0, 0.1, GeneralisedPareto(0.2, 2.0))
    laws = [pert, two, Scaled(pert, 3.0), Scaled(two, 0.5), tail, Lognormal(1.0, 0.5), Constant(4.0), pert]
    heads = tuple(Amount(f"h{i}", law) for i, law in enumerate(laws))
    lay, _ = laid_out(Model((Risk("a", (Scenario("s", Poisson(1.0), heads),)),)), Terms())
    assert lay.heads[:, 4:7].tolist() == [
        [layout.TABLE, 0, 1],
        [layout.STEPS, 0, 1],
        [layout.TABLE, 0, 3],
        [layout.STEPS, 0, 0.5],
        [layout.TABLE, 1, 1],
        [layout.LOGNORMAL, 1, 0.5],
        [layout.STEPS, 1, 1],
        [layout.TABLE, 0, 1],
    ]
    assert lay.calls == 3
    assert lay.steps_first.tolist() == [0, 2, 3]
    assert lay.step_values.tolist() == [1, 5, 4]
    assert lay.tables[0, 0] == inf
    assert lay.tables[1, 0] == pytest.approx(1.2816, abs=1e-4)
    assert lay.tables[1, 7] == lay.tables[1, 3] + lay.tables[1, 4] + 1
    assert len(lay.coefficients) == lay.tables[1, 7] + lay.tables[1, 8] + 1


def test_what_never_happens_takes_no_room():
    heads = (Amount("own", Constant(1.0)), Amount("never", Lognormal(0.0, 1.0), probability=0.0))
    lay, names = laid_out(Model((Risk("a", (Scenario("s", NegativeBinomial(0.0, 2.0), heads),)),)), Terms())
    assert names.heads == ("never", "own")
    assert lay.heads[:, 1].tolist() == [1]
    assert lay.frequencies.tolist() == [[layout.POISSON, 0, 0]]


def test_an_empty_model():
    lay, names = laid_out(Model(()), Terms())
    assert names.policies == ("",)
    assert [len(getattr(lay, name)) for name in ("streams", "heads", "tables", "bundles", "step_scores")] == [0] * 5


def test_a_contract_without_retention_keeps_nothing():
    lay, _ = laid_out(Model((C,)), Terms((Policy("p", ("C",), (Layer("l"),), Retention()),)))
    assert lay.policies.tolist() == [[0, 0, 0, inf, 0]]


def test_bad_members_are_all_told():
    terms = Terms((Policy("p", ("A", "Z"), ()), Policy("q", ("B", "A"), ()), Policy("r", ("C", "C", "Y"), ())))
    assert refused(lambda: laid_out(Model((A, B, C)), terms)) == [
        ("loss.covered_twice", "q.members", "A"),
        ("loss.covered_twice", "r.members", "C"),
        ("loss.unknown_risk", "p.members", "Z"),
        ("loss.unknown_risk", "r.members", "Y"),
    ]


@pytest.mark.parametrize(
    ("retention", "limit", "expected"),
    [(100_000.0, 5e6, 100_000.0), (0.0, 4_096.0, 4_096.0), (0.5, 1e9, 0.5), (0.0, inf, None), (1e20, inf, None)],
)
def test_all_bounds_are_multiples_of_the_unit_up_to_a_power_of_two(retention, limit, expected):
    policy = Policy("p", ("C",), (Layer("l", limit=limit),), Retention(flat=retention))
    found = layout.unit(Terms((policy,)))
    if expected is None:
        assert found == 1000.0
    else:
        assert 1024 <= found < 2048
        assert np.log2(found / expected) % 1 == 0
