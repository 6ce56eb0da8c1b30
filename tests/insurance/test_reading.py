"""A simulation read back by contract, layer and insurer."""

from dataclasses import replace

import pytest

from egide.insurance.fit import to_terms
from egide.insurance.programme import Layer, Programme
from egide.insurance.reading import by_insurer, expected_ceded, of_contracts, of_exact_layers, of_insurers, of_layers
from egide.loss.exact import exact
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Interruption, Scenario
from egide.loss.severity import Lognormal
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Retention
from insurance.exposed import MODEL, W2

NORTH = Programme(
    "north",
    members=("A",),
    retention=Retention(flat=5e4),
    layers=(
        Layer("low", 0, 2e5, annual_limit=4e5, insurers={"X": 0.5, "Y": 0.25}),
        Layer("high", 2e5, 1e6, insurers={"Y": 1.0}),
    ),
)
SOUTH = replace(W2, name="south", members=("B",))


def run(*programmes: Programme, stratified: bool = False) -> Simulation:
    return simulate(MODEL, to_terms(programmes, MODEL), years=20_000, seed=7, stratified=stratified)


@pytest.fixture(scope="module")
def both() -> Simulation:
    return run(NORTH, SOUTH)


def test_the_premium_of_each_contract(both):
    south, north = of_contracts((SOUTH, NORTH), both)
    assert (south.name, north.name) == ("south", "north")
    assert south.expected.value + north.expected.value == pytest.approx(both.ceded.mean.value)
    assert south.line == 5e6
    assert north.line == pytest.approx(0.75 * 2e5 + 1e6)


@pytest.mark.parametrize("stratified", [False, True])
def test_the_premium_of_each_layer(stratified):
    whole = run(NORTH, SOUTH, stratified=stratified)
    told = []
    found = of_layers(MODEL, (NORTH, SOUTH), whole, progress=lambda done, total: told.append(done / total))
    assert [(each.programme, each.layer.name) for each in found] == [
        ("north", "low"),
        ("north", "high"),
        ("south", "south"),
    ]
    paid = {(layer.policy, layer.name): layer.ceded.value for layer in whole.layers}
    for each in found:
        assert each.premium.expected.value == pytest.approx(paid[each.programme, each.layer.name])
        assert each.premium.by_deviation.value > each.premium.expected.value
    assert [each.premium.line for each in found] == [1.5e5, 1e6, 5e6]
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_run_of_single_layers_serves_itself(both):
    alone = run(SOUTH)
    told = []
    (found,) = of_layers(MODEL, (SOUTH,), alone, progress=lambda *step: told.append(step))
    assert not told
    assert found.premium == replace(of_contracts((SOUTH,), alone)[0], name="south")
    assert of_layers(MODEL, (), both) == ()


def test_the_exact_premium_of_each_layer_is_that_of_the_simulation():
    laws = exact(MODEL, to_terms((SOUTH, NORTH), MODEL))
    found = of_exact_layers((NORTH, SOUTH), laws)
    run_of_all = simulate(MODEL, to_terms((NORTH, SOUTH), MODEL), years=200_000, seed=11)
    simulated = of_layers(MODEL, (NORTH, SOUTH), run_of_all)
    assert [(each.programme, each.layer) for each in found] == [(each.programme, each.layer) for each in simulated]
    for one, other in zip(found, simulated, strict=True):
        assert one.premium.line == other.premium.line
        for kind in ("expected", "by_deviation", "by_tail"):
            sure, drawn = getattr(one.premium, kind), getattr(other.premium, kind)
            assert abs(sure.value - drawn.value) < 4 * drawn.error + sure.error
    total = expected_ceded(MODEL, (NORTH, SOUTH))
    assert total is not None
    assert total.value == pytest.approx(sum(each.premium.expected.value for each in found))


def test_a_group_has_exact_layers_too():
    together = replace(W2, members=("A", "B"))
    (layer,) = of_exact_layers((together,), exact(MODEL, to_terms((together,), MODEL)))
    mean = expected_ceded(MODEL, (together,))
    assert mean is not None
    assert layer.premium.expected.value == pytest.approx(mean.value, rel=1e-6)


def test_what_has_no_exact_law_is_left_out():
    tied = Amount("own", Lognormal(10.0, 1.0), with_duration=0.99)
    scenario = Scenario("s", Poisson(0.1), (tied, Interruption("interruption", 1e4)), Lognormal(0.0, 1.0))
    shaken = replace(MODEL, risks=tuple(replace(risk, scenarios=(scenario,)) for risk in MODEL.risks))
    together = replace(W2, members=("A", "B"), heads={})
    assert of_exact_layers((together,), exact(shaken, to_terms((together,), shaken))) == ()
    assert expected_ceded(shaken, (together,)) is None


def test_what_each_insurer_carries(both):
    carried = of_insurers((NORTH, SOUTH), both)
    assert [(each.insurer, each.programme, each.layer, each.share) for each in carried] == [
        ("X", "north", "low", 0.5),
        ("Y", "north", "low", 0.25),
        ("Y", "north", "high", 1.0),
    ]
    low, high = (next(x.ceded for x in both.layers if x.name == name) for name in ("low", "high"))
    assert carried[0].ceded.value == pytest.approx(low.value * 2 / 3)
    total = by_insurer(carried)
    assert list(total) == ["X", "Y"]
    assert total["Y"].value == pytest.approx(low.value / 3 + high.value)
    assert total["Y"].error == pytest.approx(low.error / 3 + high.error)
    assert of_insurers((replace(NORTH, layers=(Layer("low", 0, 2e5, insurers={"X": 0.0}),)),), both) == ()
    assert by_insurer(()) == {}
