"""The legal clocks of an incident: dated data, and when each of them runs out.

A clock starts with an event of its own: knowledge of the attack, of the data breach, of the significant incident are
three events, and so there are three different 72 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from egide.exercise.module import Setting
from egide.message import Text

PARIS = ZoneInfo("Europe/Paris")


class Standing(StrEnum):
    """Whether the duty binds anybody on the day it was seen."""

    IN_FORCE = "in_force"
    BILL = "bill"
    """Not law yet: shown apart, never counted down."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long: hours by the clock, or calendar days or months. All at 0: at once, "sans délai"."""

    hours: int = 0
    days: int = 0
    months: int = 0

    @property
    def at_once(self) -> bool:
        """Say whether there is no number to count: it is due as soon as the event is known."""
        return not (self.hours or self.days or self.months)


@dataclass(frozen=True, slots=True)
class Start:
    """An event that starts clocks: "knowledge of the attack"."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class LegalClock:
    """One duty with its delay, as seen on `seen_on` in `source`.

    `law` is the article, `concerned` who must do it, `starts` the code of the event, `exception` when it need not be
    done, `to` who receives it, `how` by which way. `settings` where it may concern somebody; empty: everywhere.
    """

    id: str
    title: Text
    law: Text
    state: Standing
    seen_on: date
    source: Text
    concerned: Text
    starts: str
    to: Text
    how: Text
    delay: Delay = Delay()
    exception: Text = Text()
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class LegalClocks:
    """The file of the clocks; `version` is the day of its last change."""

    version: str
    starts: tuple[Start, ...]
    clocks: tuple[LegalClock, ...]

    @cached_property
    def start(self) -> Mapping[str, Start]:
        """Return the events by code."""
        return {each.code: each for each in self.starts}

    @property
    def in_force(self) -> tuple[LegalClock, ...]:
        """Return what binds."""
        return tuple(each for each in self.clocks if each.state is Standing.IN_FORCE)

    @property
    def bills(self) -> tuple[LegalClock, ...]:
        """Return what is announced only: to be shown apart, as such."""
        return tuple(each for each in self.clocks if each.state is Standing.BILL)

    def of(self, setting: Setting) -> LegalClocks:
        """Return the same without the clocks that never concern this setting."""
        kept = tuple(each for each in self.clocks if not each.settings or setting in each.settings)
        return LegalClocks(self.version, self.starts, kept)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that has started. `deadline` and `left` are None when it is due at once; `left` below zero: it is past."""

    clock: LegalClock
    started: datetime
    deadline: datetime | None
    left: timedelta | None

    @property
    def past(self) -> bool:
        """Say whether the deadline is over."""
        return self.left is not None and self.left < timedelta(0)


def deadline(clock: LegalClock, started: datetime, zone: tzinfo = PARIS) -> datetime | None:
    """Return the instant at which the delay ends, in `zone`; None where there is no delay to count, or for a bill.

    Hours are hours, over a week-end and over the change of hour. A month or a day is one of the calendar of `zone`, at
    the same hour; from a 31st, the last day of a shorter month.
    """
    if clock.delay.at_once or clock.state is Standing.BILL:
        return None
    moved = started.astimezone(zone) + relativedelta(months=clock.delay.months, days=clock.delay.days)
    return (moved.astimezone(UTC) + timedelta(hours=clock.delay.hours)).astimezone(zone)


def running(
    clocks: Iterable[LegalClock], starts: Mapping[str, datetime], now: datetime, zone: tzinfo = PARIS
) -> tuple[Running, ...]:
    """Return the clocks in force whose event has happened (`starts`: instants by event), the most pressing first."""
    found = []
    for each in clocks:
        started = starts.get(each.starts)
        if each.state is Standing.BILL or started is None or started > now:
            continue
        ends = deadline(each, started, zone)
        found.append(Running(each, started.astimezone(zone), ends, ends - now if ends else None))
    return tuple(sorted(found, key=lambda each: (each.deadline or each.started, each.clock.id)))
