"""Whether an exercise counts for the year: every reason told, the good ones too."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.exercise.record import Facts, Presence, Scope, Trigger
from egide.exercise.validity import SCOPES, Duty, duty, foreseen, validity
from exercise.plays import DAY, event, item, record, script, tick

GOOD = record(event("ALE-01"), ticks=(tick(1, "no"),))
CONDITIONS = ["scope", "trigger", "management", "care", "ended", "sent", "observed"]


def test_a_played_exercise_of_care_with_management_and_care_counts_for_its_calendar_year():
    found = validity(script(), GOOD)
    assert (found.counts, found.year) == (True, 2026)
    assert [each.code for each in found.reasons] == CONDITIONS
    assert [str(each.said) for each in found.reasons] == [
        "C'est un exercice de continuité des soins.",
        "Il part d'une attaque ou d'une panne numérique.",
        "La direction y était : Direction.",
        "Les soins y étaient : Services.",
        "Il a été joué jusqu'au bout.",
        "Stimulus envoyés : 1.",
        "Réactions observées : 1.",
    ]
    assert all(each.met and each.remedy is None for each in found.reasons)


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({"facts": Facts(trigger=Trigger.OTHER)}, ["trigger"]),
        ({"presence": ()}, ["management", "care"]),
        ({"presence": (Presence("director"), Presence("wards", 0), Presence("it", 3))}, ["care"]),
        ({"presence": (Presence("wards"), Presence("unknown"))}, ["management"]),
        ({"lasted": None}, ["ended"]),
        ({"ticks": ()}, ["observed"]),
        ({"events": (event("ALE-01", sent=None),), "ticks": ()}, ["sent", "observed"]),
        *(({"facts": Facts(scope)}, ["scope"]) for scope in Scope if scope is not Scope.CARE),
    ],
)
def test_what_is_missing_is_told_with_its_remedy_and_the_rest_as_well(changed, failed):
    found = validity(script(), replace(GOOD, **changed))
    assert not found.counts
    assert [each.code for each in found.reasons if not each.met] == failed
    assert [each.code for each in found.reasons] == CONDITIONS
    assert all(each.remedy for each in found.reasons if not each.met)


def test_six_things_do_not_count_and_each_has_its_name():
    assert set(SCOPES) == set(Scope)
    assert len(SCOPES) == 7
    found = validity(script(), replace(GOOD, facts=Facts(Scope.RESTORE)))
    assert "test de restauration de données" in str(found.reasons[0].said)


@pytest.mark.parametrize(
    ("items", "functions", "facts", "failed"),
    [
        (1, ["director", "wards"], Facts(), []),
        (0, ["director", "wards"], Facts(), ["sent"]),
        (1, ["it"], Facts(Scope.DIRECTORY, Trigger.OTHER), ["scope", "trigger", "management", "care"]),
    ],
)
def test_what_will_not_count_is_told_before_it_is_played(items, functions, facts, failed):
    found = foreseen(script(*[item("ALE-01")] * items), functions, facts, DAY)
    assert (found.counts, found.year) == (not failed, 2026)
    assert [each.code for each in found.reasons if not each.met] == failed
    assert [each.code for each in found.reasons] == ["scope", "trigger", "management", "care", "sent"]


@pytest.mark.parametrize(
    ("counted", "on", "stands"),
    [
        ([], "2026-11-23", Duty.LATE),
        (["2026-01-01"], "2026-11-23", Duty.DONE),
        (["2025-01-01"], "2026-12-31", Duty.DUE),
        (["2025-01-01"], "2027-01-01", Duty.LATE),
        (["2026-12-01"], "2026-11-23", Duty.LATE),
        (["2024-05-01", "2026-05-01"], "2026-11-23", Duty.DONE),
    ],
)
def test_the_duty_is_of_the_calendar_year(counted, on, stands):
    assert duty([date.fromisoformat(each) for each in counted], date.fromisoformat(on)) is stands


@given(
    st.lists(st.dates(date(2023, 1, 1), date(2027, 12, 31)), max_size=4), st.dates(date(2023, 1, 1), date(2027, 12, 31))
)
def test_one_more_exercise_never_makes_anybody_later(counted, more):
    on = date(2026, 11, 23)
    order = list(Duty)
    assert order.index(duty([*counted, more], on)) <= order.index(duty(counted, on))
