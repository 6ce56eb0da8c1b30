"""Several sources, proof and age: the written rule, and what time and silence can never do."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import plain, reference
from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.diagnosis.maturity import Maturity, counted, maturity, remarks
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.family import MEASURE_BY_CODE

CASES = plain.parse_yaml((Path(__file__).parent / "cases/sources.yaml").read_text(encoding="utf-8"), "sources.yaml")
WEIGHING = reference.weighing()
DAY = date(2026, 11, 2)


def seen(source="audit", reliability="proven", on=DAY, level=0.5, measure="backup", **more):
    exact = Level.exactly(float(level))
    return Observation(measure, exact, exact, 1.0, Source(source), Reliability(reliability), on, **more)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_rule_between_sources(case):
    observations = [
        seen(source, reliability, date.fromisoformat(day), level) for source, reliability, day, level in case["seen"]
    ]
    for order in (observations, observations[::-1]):
        known = maturity(order, date.fromisoformat(case["on"]), WEIGHING)
        assert known.levels["backup"].low == pytest.approx(float(case["level"]), abs=2e-3)


def test_what_nobody_observed_is_at_nothing_and_could_be_everything():
    known = maturity([], DAY, WEIGHING)
    assert set(known.levels) == set(known.best) == set(known.completeness) == set(MEASURE_BY_CODE)
    assert set(known.levels.values()) == {NOTHING}
    assert set(known.at_best().levels.values()) == {EVERYTHING}
    assert known.overall_completeness == 0.0


def test_a_maturity_for_what_ifs():
    known = Maturity.uniform(0.4).with_level("mfa", 1.0)
    assert known.at(0.45) == {code: 1.0 if code == "mfa" else 0.4 for code in MEASURE_BY_CODE}
    assert known.at(np.array([0.2, 0.9]))["mfa"].tolist() == [1.0, 1.0]
    assert known.overall_completeness == 1.0


def test_part_of_a_level_may_rest_on_proof():
    half = replace(seen(reliability="declared", level=0.8), proven=0.5, best_proven=1.0)
    known = maturity([half], DAY, WEIGHING)
    assert known.levels["backup"].low == pytest.approx(0.8 * (0.5 + 0.5 * 0.6))
    assert known.best["backup"].low == pytest.approx(0.8)
    partly = replace(seen(level=0.8), proven=0.5)
    assert maturity([partly], DAY, WEIGHING).levels["backup"].low == pytest.approx(0.64)


def test_sources_that_contradict_each_other_and_old_ones_are_said():
    declared = seen("questionnaire", "declared", DAY, 1.0)
    audit = seen("audit", "proven", date(2026, 10, 1), 0.05)
    assert [each.code for each in remarks([declared, audit], DAY, WEIGHING)] == ["diagnosis.contradiction"]
    assert remarks([declared, replace(audit, level=Level.exactly(0.4))], DAY, WEIGHING) == []
    old = remarks([audit], date(2031, 1, 1), WEIGHING)
    assert [(each.code, each.place) for each in old] == [("diagnosis.stale", "backup")]


def test_an_assumption_can_be_changed_and_keeps_its_mark():
    changed = WEIGHING.with_value("declared", Decimal("0.7"))
    assert changed.credit(Reliability.DECLARED) == 0.7
    assert changed.credit(Reliability.PROVEN) == 1.0
    assert changed.credit(Reliability.ESTIMATED) == WEIGHING.credit(Reliability.ESTIMATED) == 0.4
    assert set(changed.assumptions) == {"declared", "estimated", "fresh_months", "stale_months", "stale"}
    for each in WEIGHING.assumptions.values():
        assert each.grade == "A"
        assert each.low < each.value < each.high


# -------------------------------------------------------------------------------------------------- what must always hold
LEVELS = st.floats(0, 1)
DAYS = st.dates(date(2022, 1, 1), DAY)
SEEN = st.builds(
    seen, st.sampled_from([each.value for each in Source]), st.sampled_from([each.value for each in Reliability]),
    DAYS, LEVELS,
)  # fmt: skip
AVERAGE = 0.45


def low(observations, on=DAY):
    return maturity(observations, on, WEIGHING).levels["backup"].at(AVERAGE)


@given(st.lists(SEEN, max_size=6), st.integers(0, 4000), st.integers(0, 4000))
def test_nothing_rises_because_time_passes(observations, first, more):
    early, late = (DAY + timedelta(days=days) for days in (first, first + more))
    assert low(observations, late) <= low(observations, early) + 1e-12


@given(SEEN, st.integers(0, 2000))
def test_one_observation_never_rises_because_it_is_older(observation, days):
    older = replace(observation, observed_on=observation.observed_on - timedelta(days=days))
    assert low([older]) <= low([observation]) + 1e-12


@given(st.lists(SEEN, min_size=1, max_size=6), st.data())
def test_nothing_rises_because_a_proof_is_missing(observations, data):
    place = data.draw(st.integers(0, len(observations) - 1))
    without = [
        replace(each, reliability=Reliability.DECLARED)
        if n == place and each.reliability is Reliability.PROVEN
        else each
        for n, each in enumerate(observations)
    ]
    assert low(without) <= low(observations) + 1e-12


@given(st.lists(SEEN, min_size=1, max_size=6), st.data(), LEVELS)
def test_nothing_rises_because_a_level_is_lower(observations, data, share):
    place = data.draw(st.integers(0, len(observations) - 1))
    lowered = [
        replace(each, level=each.level.times(share)) if n == place else each for n, each in enumerate(observations)
    ]
    assert low(lowered) <= low(observations) + 1e-12


@given(st.permutations([seen(level=0.2), seen("incident", level=0.4), seen("questionnaire", "declared", level=0.9)]))
def test_the_order_in_which_things_were_seen_changes_nothing(observations):
    assert low(observations) == 0.2
    assert len(counted(observations, DAY, WEIGHING)["backup"]) == 3
