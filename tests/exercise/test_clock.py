"""Legal clocks: hours are hours, months are months, a bill is never counted, each starts with its own event."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import plain, reference
from egide.exercise.clock import Delay, LegalClock, LegalClocks, Standing, Start, deadline, running
from egide.exercise.module import Setting
from egide.message import Text

FILE = Path(__file__).parent / "cases" / "clocks.yaml"
CASES = plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAID = Text("x")
INSTANTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))


def clock(code="c", starts="known", state=Standing.IN_FORCE, settings=(), **delay):
    return LegalClock(
        code, SAID, SAID, state, date(2026, 11, 23), SAID, SAID, starts, SAID, SAID, Delay(**delay), settings=settings
    )


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_a_delay_runs_out(case):
    delay = plain.structure(case["delay"], Delay, FILE.name)
    found = deadline(replace(clock(), delay=delay), datetime.fromisoformat(case["started"]))
    assert (found.isoformat(timespec="minutes") if found else "") == case["ends"]


def test_a_bill_is_never_counted_down_and_is_shown_apart():
    bill = clock("bill", state=Standing.BILL, hours=24)
    law = clock("law", hours=72)
    both = LegalClocks("2026-11-23", (Start("known", SAID),), (bill, law))
    assert deadline(bill, NOW) is None
    assert [each.clock for each in running(both.clocks, {"known": NOW}, NOW)] == [law]
    assert (both.in_force, both.bills, both.start["known"].title) == ((law,), (bill,), SAID)


def test_each_clock_starts_with_its_own_event_the_most_pressing_first():
    clocks = (
        clock("b", "breach", hours=72),
        clock("a", "attack", hours=72),
        clock("now", "attack"),
        clock("no", "never"),
    )
    starts = {"attack": NOW - timedelta(hours=80), "breach": NOW - timedelta(hours=10)}
    found = running(clocks, starts, NOW)
    assert [each.clock.id for each in found] == ["now", "a", "b"]
    assert [each.past for each in found] == [False, True, False]
    assert [each.left for each in found] == [None, timedelta(hours=-8), timedelta(hours=62)]


def test_an_event_still_to_come_starts_nothing():
    assert running((clock(hours=72),), {"known": NOW + timedelta(seconds=1)}, NOW) == ()


def test_a_setting_keeps_what_may_concern_it():
    ours, all_of_us = clock("h", settings=(Setting.HOSPITAL,)), clock("a")
    both = LegalClocks("1", (), (ours, all_of_us))
    assert both.of(Setting.HOME).clocks == (all_of_us,)
    assert both.of(Setting.HOSPITAL).clocks == (ours, all_of_us)


def test_our_clocks_name_events_that_exist_their_law_and_the_day_they_were_seen():
    ours = reference.clocks()
    assert {each.starts for each in ours.clocks} == set(ours.start)
    assert len({each.id for each in ours.clocks}) == len(ours.clocks)
    assert all(
        each.law.fr and each.law.en and each.source.fr and each.seen_on <= date(2026, 12, 31) for each in ours.clocks
    )
    hours = {each.starts for each in ours.clocks if each.delay.hours == 72}
    assert len(hours) == 3


@settings(max_examples=40)
@given(INSTANTS, st.integers(1, 800))
def test_hours_are_hours_whatever_the_calendar(started, hours):
    assert deadline(clock(hours=hours), started) - started == timedelta(hours=hours)


@settings(max_examples=40)
@given(INSTANTS)
def test_a_month_is_28_to_31_days_give_or_take_the_change_of_hour(started):
    lasted = deadline(clock(months=1), started) - started
    assert timedelta(days=28, hours=-1) <= lasted <= timedelta(days=31, hours=1)
