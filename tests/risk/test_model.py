"""An establishment as a loss model: the means of the closed form, and years that never cost more with a safeguard more."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnosis.level import Level
from egide.diagnosis.maturity import Maturity
from egide.family import MEASURES
from egide.loss.model import Model
from egide.loss.moments import mean
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Terms
from egide.risk.contract import default_contract, terms
from egide.risk.expected import prepared
from egide.risk.model import INTERRUPTION, LEAST_DAY, daily, flows, loss_model, name
from egide.risk.multipliers import multipliers
from egide.risk.year import STRESS, expected, year
from risk.establishments import KNOWN, LIBRARY, average, draws, exposure, never_more, nothing

DRAWS = draws()
IN_LAW = ("network", "detection", "data", "cryptography")
"""Measures whose gain is not seen event by event: milder forms of events, leaks that are fewer."""
COUPLED = [each.code for each in MEASURES if each.code not in IN_LAW]


def model(maturity: Maturity, category: str = "university") -> Model:
    return loss_model(prepared(exposure(category), DRAWS), multipliers(DRAWS, maturity.levels))


@pytest.mark.parametrize("category", KNOWN)
@settings(max_examples=6, deadline=None)
@given(st.floats(0, 1))
def test_the_mean_of_each_draw_is_that_of_the_closed_form(category, level):
    maturity = Maturity.uniform(level)
    made = model(maturity, category)
    closed = expected(exposure(category), maturity, DRAWS).total
    for draw in (0, 7, 23):
        alone = Model((made.risks[draw],))
        assert mean(alone) == pytest.approx(closed[draw], rel=2e-6)


def test_each_draw_is_one_risk_in_order_and_heads_stand_alike():
    made = model(average())
    assert [each.name for each in made.risks] == sorted(name(draw) for draw in range(DRAWS.count))
    assert set(made.scenarios) == set(flows(LIBRARY))
    assert made.uninsurable == {"fine"}
    for risk, shape in zip(made.risks, DRAWS["frequency.shape"], strict=True):
        assert risk.year_shape == shape


def test_nobody_in_the_data_and_no_activity_paid_cost_nothing_there():
    nobody = exposure("practice", persons=0, activity_share=0.0)
    ready = prepared(nobody, DRAWS)
    made = loss_model(ready, multipliers(DRAWS, {}))
    assert mean(made) == pytest.approx(ready.expected(multipliers(DRAWS, {})).total.sum(), rel=1e-3)
    assert set(daily(ready)) == {LEAST_DAY}


def test_a_year_with_more_ransomware_has_more_of_it_and_nothing_else():
    times = float(LIBRARY[STRESS].value)
    usual, more = (year(exposure(), DRAWS, each).rate for each in (1.0, times))
    hit = [each.id for each, one, other in zip(LIBRARY.scenarios, usual, more, strict=True) if np.any(one != other)]
    assert hit == ["H01", "H02", "H03"]
    assert np.allclose(more[[LIBRARY.row[each] for each in hit]], times * usual[[LIBRARY.row[each] for each in hit]])
    assert year(exposure(), DRAWS) is prepared(exposure(), DRAWS)


# ------------------------------------------------------------------------------------------------ years never cost more
def years_of(maturity: Maturity, *, insured: bool = True) -> Simulation:
    made = model(maturity)
    covered = terms(default_contract(LIBRARY, 1.2e9), made, DRAWS) if insured else Terms()
    return simulate(made, covered, years=4096, seed=1, detail=False, aside=INTERRUPTION)


@pytest.fixture(scope="module")
def weak() -> Simulation:
    return years_of(Maturity.uniform(0.3))


@pytest.mark.parametrize("measure", COUPLED)
def test_a_safeguard_more_never_raises_a_quantile_of_any_draw(weak, measure):
    better = years_of(Maturity.uniform(0.3).with_level(measure, 1.0))
    for one, other in zip(better.of_risks, weak.of_risks, strict=True):
        assert never_more(one, other)
        assert one.mean.value <= other.mean.value
    for one, other in zip(better.aside, weak.aside, strict=True):
        assert never_more(one, other)
    for one, other in zip(better.policies, weak.policies, strict=True):
        assert never_more(one.retained, other.retained)
        assert one.retained.mean.value <= other.retained.mean.value * (1 + 1e-12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_better_answers_never_raise_a_quantile_in_any_of_many_draws(seed):
    rng = np.random.default_rng(seed)
    wide = draws(200)
    category = list(KNOWN)[seed % len(KNOWN)]
    worse = {each.code: Level.exactly(float(rng.choice([0.0, rng.random(), 1.0]))) for each in MEASURES}
    higher = {
        code: Level.exactly(level.low + (1 - level.low) * float(rng.choice([0.0, rng.random(), 1.0])))
        for code, level in worse.items()
        if code in COUPLED
    }

    def law(levels: Mapping[str, Level]) -> Simulation:
        made = loss_model(prepared(exposure(category), wide), multipliers(wide, levels))
        covered = terms(default_contract(LIBRARY, exposure(category).revenue), made, wide)
        return simulate(made, covered, years=16_384, seed=seed, detail=False, aside=INTERRUPTION)

    one, other = law({**worse, **higher}), law(worse)
    for better, weaker in zip((*one.of_risks, *one.aside), (*other.of_risks, *other.aside), strict=True):
        assert never_more(better, weaker)
    for better, weaker in zip(one.policies, other.policies, strict=True):
        assert never_more(better.retained, weaker.retained)


@pytest.mark.parametrize("measure", IN_LAW)
def test_other_safeguards_lower_the_law_within_what_chance_moves(weak, measure):
    better = years_of(Maturity.uniform(0.3).with_level(measure, 1.0))
    for one, other in zip(better.of_risks, weak.of_risks, strict=True):
        assert one.mean.value <= other.mean.value + other.mean.error
        assert one.var(0.99).value <= other.var(0.99).value + 3 * other.var(0.99).error
    for one, other in zip(better.aside, weak.aside, strict=True):
        assert one.mean.value <= other.mean.value * (1 + 1e-3)


def test_a_blank_never_costs_less_than_an_answer():
    blank, half = (years_of(each, insured=False) for each in (nothing(), Maturity.uniform(0.5)))
    for one, other in zip(half.of_risks, blank.of_risks, strict=True):
        assert never_more(one, other)


def test_what_is_kept_and_what_is_ceded_make_the_whole_and_a_contract_changes_no_gross_year(weak):
    without = years_of(Maturity.uniform(0.3), insured=False)
    for one, other, cover in zip(weak.of_risks, without.of_risks, weak.policies, strict=True):
        assert one.mean.value == pytest.approx(other.mean.value, rel=1e-12)
        assert cover.retained.mean.value + cover.ceded.mean.value == pytest.approx(cover.gross.mean.value, rel=1e-12)
        assert cover.ceded.mean.value > 0


def test_a_larger_establishment_never_loses_less():
    def laws(revenue: float) -> Simulation:
        ready = prepared(exposure(revenue=revenue), DRAWS)
        return simulate(loss_model(ready, multipliers(DRAWS, {})), years=4096, detail=False)

    for one, other in zip(laws(3e8).of_risks, laws(6e8).of_risks, strict=True):
        assert never_more(one, other)


def test_the_same_years_whatever_the_number_of_draws():
    ready = prepared(exposure(), draws(8))
    few = simulate(loss_model(ready, multipliers(draws(8), {})), years=4096, detail=False)
    many = simulate(model(average()), years=4096, detail=False)
    assert [each.slices.tolist() for each in few.of_risks] == [each.slices.tolist() for each in many.of_risks[:8]]


def test_a_model_without_events_of_a_kind_is_still_one():
    ready = prepared(exposure(), DRAWS)
    none = replace(ready, rate=np.zeros_like(ready.rate))
    assert mean(loss_model(none, multipliers(DRAWS, {}))) == 0
