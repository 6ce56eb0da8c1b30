import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnosis.level import Level
from egide.family import MEASURES
from egide.risk.library import CHANNELS
from egide.risk.multipliers import acting, multipliers, saturated
from worlds import AVERAGE, LIBRARY, draws, leveled, uniform

CODES = [each.code for each in MEASURES]
LEVEL = st.floats(0, 1)
MATURITY = st.fixed_dictionaries(dict.fromkeys(CODES, LEVEL))
JUST_ABOVE = 1 + 1e-12
"""Rounding: sums and exponentials of numbers of order 1."""


def test_at_reference_every_multiplier_is_exactly_one_in_every_draw():
    applies_to_nothing = {code: Level(0.0, None) for code in CODES}
    for levels, supplier in (
        (AVERAGE.levels, None),
        (applies_to_nothing, None),
        (applies_to_nothing, applies_to_nothing),
    ):
        found = multipliers(draws(), levels, supplier)
        assert len(found) == 20 * len(CHANNELS) + 1
        for (_, channel), values in found.items():
            assert set(values) == {0.0 if channel == "S" else 1.0}


def test_channels_are_rows_of_the_same_table():
    found = multipliers(draws(), uniform(0.7).levels)
    for channel in CHANNELS:
        for row, scenario in enumerate(LIBRARY.scenarios):
            assert np.array_equal(found.channel(channel)[row], found[scenario.id, channel])
    assert found != multipliers(draws(), uniform(0.7).levels)
    assert hash(found) == hash(found)


def test_the_formula_by_hand():
    known = draws()
    gamma, ceiling = known["effect.concavity"], -np.log(1 - known["effect.cap"])
    found = multipliers(known, leveled({"continuity": 0.8}).levels)["H11", "D"]
    logarithm = np.log(known["effect.continuity"])
    x, average = (logarithm * (1 - (1 - m) ** gamma) for m in (0.8, known["maturity.reference"]))
    np.testing.assert_allclose(found, np.exp(saturated(average, ceiling) - saturated(x, ceiling)), rtol=1e-12)


def test_applicability_shrinkage_and_both_sides():
    known = draws()
    gamma, ceiling, average = known["effect.concavity"], -np.log(1 - known["effect.cap"]), known["maturity.reference"]

    def gain(*x):
        return saturated(sum(x), ceiling)

    def x(name, level, weight=1.0, shrunk=1.0):
        return np.log(known[f"effect.{name}"]) * weight * shrunk * (1 - (1 - level) ** gamma)

    z, half = known["effect.shrinkage"], known["applicability.half"]
    found = multipliers(known, {"components": Level(1.0, 1.0)}, {"development": Level(0.0, 0.0)})["S04", "F"]
    others = [x("detection", average, shrunk=z), x("development", average)]
    hospital = gain(x("components", average, half, z), *others) - gain(x("components", 1.0, half, z), *others)
    patches = x("components", average, 1.0, z)
    supplier = gain(patches, x("development", average)) - gain(patches)
    np.testing.assert_allclose(found, np.exp(hospital + supplier), rtol=1e-12)


def test_partial_authentication_has_no_effect_and_full_one_has():
    none, partial, full = (multipliers(draws(), leveled({"mfa": each}).levels)["H07", "F"] for each in (0.0, 0.89, 1.0))
    assert np.array_equal(none, partial)
    assert np.all(full <= none)
    assert full.mean() < 0.95


@pytest.mark.parametrize("supplied", [False, True])
def test_nothing_acts_on_a_denial_of_service(supplied):
    found = multipliers(draws(), uniform(1.0).levels, uniform(1.0).levels if supplied else None)
    assert set(np.concatenate([found["H06", channel] for channel in CHANNELS])) == {1.0}


def test_a_hospital_scenario_does_not_see_the_supplier():
    alone, other = (multipliers(draws(), uniform(0.3).levels, supplier) for supplier in (None, uniform(1.0).levels))
    for each in LIBRARY.scenarios:
        same = np.array_equal(alone[each.id, "F"], other[each.id, "F"])
        assert same is not each.supplied


@settings(max_examples=60)
@given(MATURITY, MATURITY, st.sampled_from(CODES), LEVEL, st.booleans())
def test_more_of_a_safeguard_never_raises_a_multiplier(hospital, supplier, code, level, at_the_supplier):
    def found(*, more):
        raised = {code: max(level, (supplier if at_the_supplier else hospital)[code])} if more else {}
        return multipliers(
            draws(), leveled(hospital | ({} if at_the_supplier else raised)).levels,
            leveled(supplier | (raised if at_the_supplier else {})).levels,
        )  # fmt: skip

    less, more = found(more=False), found(more=True)
    for channel in CHANNELS:
        assert np.all(more.channel(channel) <= less.channel(channel) * JUST_ABOVE)


@settings(max_examples=30)
@given(MATURITY)
def test_no_reduction_passes_the_cap_of_its_side(levels):
    known = acting(draws())
    gain = saturated(known.on @ (known.coefficient * known.growth(leveled(levels).levels)), known.ceiling)
    assert np.all(gain >= 0)
    assert np.all(gain < known.ceiling)


@settings(max_examples=60)
@given(MATURITY)
def test_events_that_come_in_again_were_taken_from_the_grave_ones(levels):
    found = multipliers(draws(), leveled(levels).levels)
    average = draws()["maturity.reference"]
    without = multipliers(
        draws(), leveled({code: v for code, v in levels.items() if code not in {"network", "detection"}}).levels
    )
    expected = np.maximum(without["H01", "F"] - found["H01", "F"], 0.0)
    np.testing.assert_allclose(found["H01", "S"], expected, rtol=1e-9, atol=1e-13)
    below = (levels["network"] <= average) & (levels["detection"] <= average)
    assert np.all(found["H01", "S"][below] <= 1e-13)
