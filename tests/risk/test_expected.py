"""The invariants of the expected loss, in each parameter draw (RISK_MODEL 3.4 and 11)."""

import time
from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnosis.level import Level
from egide.diagnosis.maturity import Maturity
from egide.family import MEASURES
from egide.loss.severity.smooth import Lognormal
from egide.risk.draws import drawn
from egide.risk.expected import HEADS, expected_loss, prepared, told
from egide.risk.exposure import Declared, exposed
from egide.risk.multipliers import multipliers
from egide.risk.rates import national
from worlds import AVERAGE, EXPOSURES, FEW, LIBRARY, Levels, draws, leveled, uniform

CODES = [each.code for each in MEASURES]
LEVEL = st.floats(0, 1)
MATURITY = st.fixed_dictionaries(dict.fromkeys(CODES, LEVEL))
JUST_ABOVE = 1 + 1e-11
"""Rounding: sums of some hundred numbers, the normal law to 1e-13 of a cut at 730 days."""
WITH_EMERGENCIES = replace(EXPOSURES["university"], emergencies_per_day=150.0)


@cache
def extreme():
    """A library in which segmentation, detection and backups are said to be enormous: what comes in again matters."""
    overlay = {
        "effect.network": {"value": "40", "low": "20", "high": "90"},
        "effect.detection": {"value": "40", "low": "20", "high": "90"},
        "effect.backup": {"value": "60", "low": "40", "high": "90"},
        "effect.cap": {"value": "0.99", "low": "0.98", "high": "0.995"},
        "H03.days": {"value": "1.1", "low": "1", "high": "1.2"},
    }
    return drawn(LIBRARY.overridden(overlay), count=FEW)


def outcomes(found):
    """Return all that a safeguard may not raise, one array for each quantity."""
    care = found.care
    return [
        found.total,
        *(found.of_head(head) for head in HEADS),
        care.days.values,
        care.patient_days.values,
        care.endangerment.values,
        *([care.emergencies.values] if care.emergencies else []),
    ]


def never_raised(better, worse):
    for after, before in zip(outcomes(better), outcomes(worse), strict=True):
        assert np.all(after <= before * JUST_ABOVE)


# ------------------------------------------------------------------------------------------------------ safeguards
@settings(max_examples=80)
@given(MATURITY, st.sampled_from(CODES), LEVEL, st.sampled_from(sorted(EXPOSURES)), st.booleans())
def test_adding_a_safeguard_never_raises_the_loss_nor_what_patients_bear(levels, code, level, where, strong):
    exposure = replace(EXPOSURES[where], emergencies_per_day=20.0, declared=Declared(3, 2.0))
    known = extreme() if strong else draws()
    worse = expected_loss(exposure, leveled(levels), known)
    better = expected_loss(exposure, leveled(levels | {code: max(level, levels[code])}), known)
    never_raised(better, worse)


@settings(max_examples=40)
@given(MATURITY, MATURITY, st.sampled_from(CODES), LEVEL)
def test_nor_does_a_safeguard_of_the_supplier(levels, supplier, code, level):
    raised = supplier | {code: max(level, supplier[code])}
    worse, better = (
        expected_loss(WITH_EMERGENCIES, leveled(levels), draws(), supplier=leveled(each).levels)
        for each in (supplier, raised)
    )
    never_raised(better, worse)


@settings(max_examples=40)
@given(MATURITY, st.sampled_from(CODES), LEVEL, LEVEL)
def test_a_proven_yes_that_becomes_not_applicable_never_lowers_the_loss(levels, code, one, other):
    """The level with N/A: m0 with it at nothing, m1 without it; m0 is at most what was there with the yes."""
    before = leveled(levels | {code: max(one, other)})
    for after in (Level(min(one, other), max(one, other)), Level(min(one, other), min(one, other))):
        never_raised(
            expected_loss(WITH_EMERGENCIES, before, draws()),
            expected_loss(WITH_EMERGENCIES, Levels(before.levels | {code: after}), draws()),
        )


@settings(max_examples=40)
@given(MATURITY, st.sampled_from(CODES), LEVEL | st.none())
def test_what_does_not_apply_brings_a_measure_at_most_to_the_average(levels, code, high):
    base = leveled(levels).levels
    not_applicable = expected_loss(WITH_EMERGENCIES, Levels(base | {code: Level(0.0, high)}), draws())
    average = expected_loss(WITH_EMERGENCIES, Levels({**base, code: Level(0.0, None)}), draws())
    never_raised(average, not_applicable)
    if high is None:
        without = {name: level for name, level in base.items() if name != code}
        assert np.array_equal(not_applicable.total, expected_loss(WITH_EMERGENCIES, Levels(without), draws()).total)


def test_what_nobody_answered_is_a_no_and_all_at_best_is_the_other_end():
    blank = Maturity(
        dict.fromkeys(CODES, Level(0.0, 0.0)), dict.fromkeys(CODES, Level(1.0, 1.0)), dict.fromkeys(CODES, 0.0)
    )
    for exposure in EXPOSURES.values():
        assert np.array_equal(
            expected_loss(exposure, blank, draws()).total, expected_loss(exposure, uniform(0.0), draws()).total
        )
        never_raised(expected_loss(exposure, blank.at_best(), draws()), expected_loss(exposure, blank, draws()))


def test_what_segmentation_and_detection_stop_is_seen_again_on_a_workstation():
    exposure = EXPOSURES["university"]
    reference = expected_loss(exposure, AVERAGE, draws())
    better = expected_loss(exposure, leveled({"network": 1.0}), draws())
    grave, mild = LIBRARY.row["H01"], LIBRARY.row["H03"]
    np.testing.assert_allclose(
        better.events[grave] + better.events[mild], reference.events[grave] + reference.events[mild], rtol=1e-12
    )
    assert np.all(better.events[mild] >= reference.events[mild])
    assert better.events[mild].mean() > reference.events[mild].mean()
    assert np.all(better.of_scenario("H03") >= reference.of_scenario("H03"))
    weaker = expected_loss(exposure, leveled({"network": 0.0}), draws())
    assert np.array_equal(weaker.events[mild], reference.events[mild])


@pytest.mark.parametrize(
    ("measure", "head"), [("backup", 0), ("backup", 1), ("continuity", 1), ("data", 2), ("data", 3)]
)
def test_what_comes_in_again_keeps_the_other_safeguards_of_the_grave_form(measure, head):
    """So that it stays milder under any maturity: H03 itself has no effect of backups, of continuity, of data."""
    row = LIBRARY.row["H03"]

    def again(level):
        stopped, not_stopped = (
            expected_loss(EXPOSURES["university"], leveled({measure: level} | network), draws()).amounts[:, row, head]
            for network in ({"network": 1.0}, {})
        )
        return stopped - not_stopped

    channel = {0: "C", 1: "D", 2: "L", 3: "L"}[head]
    none, full = (multipliers(draws(), leveled({measure: each}).levels)["H01", channel] for each in (0.0, 1.0))
    effective = draws()["effect.network"] > 1.001
    assert effective.sum() > FEW / 2
    np.testing.assert_allclose((again(1.0) * none)[effective], (again(0.0) * full)[effective], rtol=0.02)


def test_what_comes_in_again_is_milder_in_every_draw_even_out_of_its_interval():
    known = extreme()
    table = dict(known.table) | {"H03.days": known["H01.days"] * 2, "H03.leak": np.ones(FEW), "H03.lost": np.ones(FEW)}
    (again,) = prepared(EXPOSURES["local"], replace(known, table=table, kept={})).again
    grave = prepared(EXPOSURES["local"], known).severities
    for z in (-8.3, 0.0, 8.3):
        assert np.all(
            again.milder.mu + again.milder.sigma * z <= grave.mu[again.grave] + grave.sigma[again.grave] * z + 1e-12
        )
    for name in ("leak", "full_days", "notice"):
        assert np.all(getattr(again.milder, name) <= getattr(grave, name)[again.grave])


# ------------------------------------------------------------------------------------------------------- exposure
@settings(max_examples=40)
@given(st.sampled_from([each.id for each in LIBRARY.categories]), st.floats(1e4, 5e9), MATURITY)
def test_doubling_revenue_never_lowers_a_loss(category, revenue, levels):
    once, twice = (
        expected_loss(exposed(LIBRARY, category, revenue=size), leveled(levels), draws())
        for size in (revenue, 2 * revenue)
    )
    never_raised(once, twice)
    assert np.all(once.events <= twice.events * JUST_ABOVE)


@pytest.mark.parametrize("where", EXPOSURES)
@pytest.mark.parametrize("factor", ["0.01", "655.957"])
def test_another_currency_scales_the_loss_and_nothing_else(where, factor):
    scale = Decimal(factor)
    overlay = {}
    for each in LIBRARY.parameters.values():
        if each.unit == "EUR" and each.value:
            low, high = each.interval
            overlay[each.id] = {"value": each.value * scale}
            if each.low is not None:
                overlay[each.id] |= {"low": low * scale, "high": high * scale}
    exposure = EXPOSURES[where]
    other = replace(exposure, revenue=exposure.revenue * float(scale))
    here = expected_loss(exposure, uniform(0.4), draws())
    there = expected_loss(other, uniform(0.4), drawn(LIBRARY.overridden(overlay), count=FEW))
    np.testing.assert_allclose(there.amounts, here.amounts * float(scale), rtol=1e-9)
    np.testing.assert_allclose(there.events, here.events, rtol=1e-9)
    np.testing.assert_allclose(there.care.days.values, here.care.days.values, rtol=1e-9)


def test_the_order_of_the_scenarios_does_not_matter():
    turned = drawn(replace(LIBRARY, scenarios=LIBRARY.scenarios[::-1]), count=FEW)
    here, there = (expected_loss(WITH_EMERGENCIES, uniform(0.7), each) for each in (draws(), turned))
    np.testing.assert_allclose(there.total, here.total, rtol=1e-12)
    np.testing.assert_allclose(there.care.emergencies.values, here.care.emergencies.values, rtol=1e-12)
    for scenario in here.scenarios:
        np.testing.assert_allclose(there.of_scenario(scenario), here.of_scenario(scenario), rtol=1e-12)


def test_same_seed_same_bytes_and_the_first_draws_do_not_depend_on_their_number():
    here = expected_loss(WITH_EMERGENCIES, uniform(0.3), draws())
    again = expected_loss(WITH_EMERGENCIES, uniform(0.3), drawn(LIBRARY, count=FEW))
    assert again.amounts.tobytes() == here.amounts.tobytes()
    few = expected_loss(WITH_EMERGENCIES, uniform(0.3), drawn(LIBRARY, count=7))
    np.testing.assert_allclose(few.amounts, here.amounts[:7], rtol=1e-13)


def test_what_is_told_is_sure_and_a_default_is_drawn():
    known = exposed(LIBRARY, "hospital", revenue=80e6)
    assert set(told(known, draws(), "revenue")) == {80e6}
    assert told(known, draws(), "activity_share") is draws()["category.hospital.activity_share"]


# -------------------------------------------------------------------------------------------------- own experience
def test_own_incidents_move_the_rate_by_their_credibility():
    exposure = EXPOSURES["university"]
    known = prepared(exposure, draws())
    usual = (known.rate * national(draws()).reported).sum(axis=0)
    shape = draws()["frequency.shape"]
    for events, years in ((0, 10.0), (4, 2.5)):
        moved = prepared(replace(exposure, declared=Declared(events, years)), draws())
        np.testing.assert_allclose(moved.rate, known.rate * (shape + events) / (shape + usual * years), rtol=1e-12)
    assert moved.exposure.without_experience() == exposure
    assert np.array_equal(prepared(moved.exposure.without_experience(), draws()).rate, known.rate)


@given(st.integers(0, 30), st.integers(1, 5))
def test_more_declared_incidents_never_lower_a_loss(events, more):
    fewer, many = (
        expected_loss(replace(WITH_EMERGENCIES, declared=Declared(each, 3.0)), AVERAGE, draws())
        for each in (events, events + more)
    )
    never_raised(fewer, many)


# ----------------------------------------------------------------------------------------------------------- form
def test_the_parts_add_up():
    found = expected_loss(WITH_EMERGENCIES, uniform(0.6), draws())
    assert found.amounts.shape == (FEW, 20, 4)
    assert found.heads == HEADS
    np.testing.assert_allclose(found.amounts.sum(axis=(1, 2)), found.total, rtol=1e-12)
    np.testing.assert_allclose(sum(found.of_head(head) for head in HEADS), found.total, rtol=1e-12)
    np.testing.assert_allclose(sum(found.of_scenario(each) for each in found.scenarios), found.total, rtol=1e-12)
    assert np.all(found.amounts >= 0)
    assert np.array_equal(found.once_in("H01"), 1 / found.events[0])


def test_durations_are_cut_at_two_years_exactly():
    severities = prepared(EXPOSURES["university"], draws()).severities
    multiplier = multipliers(draws(), uniform(0.0).levels).channel("D")
    found = severities.mean_days(multiplier, draws()["severity.days_cut"])
    for row in range(20):
        for draw in (0, FEW - 1):
            law = Lognormal(severities.mu[row, draw] + np.log(multiplier[row, draw]), severities.sigma[row, draw])
            assert found[row, draw] == pytest.approx(law.limited(730.0), rel=1e-10)
    assert np.all(severities.mean_days(np.full((20, FEW), 1e9), draws()["severity.days_cut"]) <= 730 * JUST_ABOVE)


def test_the_closed_form_is_what_a_simulation_of_events_gives():
    """H01 at a university hospital, one draw, 400,000 events: cost, days and leaks against their mean."""
    known = prepared(EXPOSURES["university"], draws())
    factors = multipliers(draws(), uniform(0.1).levels)
    found = known.expected(factors)
    s, draw, row = known.severities, 3, LIBRARY.row["H01"]
    rng = np.random.default_rng(1)
    z1, z2 = rng.standard_normal((2, 400_000))
    rho = draws()["severity.correlation"][draw]
    days = np.minimum(np.exp(s.mu[row, draw] + s.sigma[row, draw] * z1) * factors["H01", "D"][draw], 730.0)
    own = factors["H01", "C"][draw] * np.exp(
        s.own_mu[row, draw] + s.own_sigma[row, draw] * (rho * z1 + np.sqrt(1 - rho**2) * z2)
    )
    leak = min(s.leak[row, draw] * factors["H01", "L"][draw], 1.0)
    per_event = (
        own.mean(),
        days.mean() * s.full_days[row, draw] * known.of_day[draw],
        leak * (s.notice[row, draw] + known.of_claim[draw]),
        leak * known.of_fine[draw],
    )
    for head, amount in enumerate(per_event):
        rate = known.rate[row, draw] * factors["H01", "F"][draw]
        assert found.amounts[draw, row, head] == pytest.approx(rate * amount, rel=0.02), HEADS[head]


def test_a_leak_is_at_most_certain():
    worst = expected_loss(EXPOSURES["local"], leveled({"data": 0.0, "cryptography": 0.0}), draws())
    known = prepared(EXPOSURES["local"], draws())
    row = LIBRARY.row["H05"]
    per_event = worst.amounts[:, row, 2] / worst.events[row]
    np.testing.assert_allclose(per_event, known.severities.notice[row] + known.of_claim, rtol=1e-12)


def test_care_is_counted_in_its_own_units():
    found = expected_loss(WITH_EMERGENCIES, AVERAGE, draws()).care
    known = prepared(WITH_EMERGENCIES, draws())
    assert np.all(known.care_of_day == 1614 * draws()["care.occupancy"] + 386)
    assert found.emergencies is not None
    assert expected_loss(EXPOSURES["local"], AVERAGE, draws()).care.emergencies is None
    assert np.all((found.endangerment.values > 0) & (found.endangerment.values < 1))
    home = expected_loss(EXPOSURES["care_home"], AVERAGE, draws()).care
    assert np.all(home.patient_days.values > home.days.values)


def test_a_practice_loses_more_of_its_activity_and_at_most_all_of_it():
    practice = replace(EXPOSURES["local"], category="practice")
    alone, other = (prepared(each, draws()).severities.full_days for each in (practice, EXPOSURES["local"]))
    row = LIBRARY.row["H02"]
    assert np.all(alone[row] > other[row])
    assert np.all(alone <= other * draws()["practice.lost_factor"] * JUST_ABOVE)
    assert np.all(alone <= 1 + draws()["severity.recovery"] / 2)


def test_a_call_takes_less_than_a_millisecond_for_two_hundred_draws():
    known = drawn(LIBRARY, count=200)
    maturity = uniform(0.37)
    taken = []
    for _ in range(60):
        start = time.perf_counter()
        assert expected_loss(EXPOSURES["university"], maturity, known).total.shape == (200,)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.001
