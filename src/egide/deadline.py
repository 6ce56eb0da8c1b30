"""Periods counted in calendar days, and the French calendar of closed days.

Counting a minimum period (marche-public.info, DLRO): calendar days, the count starts the day after the start event,
and a last day that is a Saturday, a Sunday or a public holiday moves to the next open day.
Standstill (CE 2 Aug. 2011, n° 347526): the day of sending counts as the first day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays


@cache
def _calendar(year: int, *, alsace_moselle: bool) -> dict[date, str]:
    return dict(holidays.country_holidays("FR", subdiv="57" if alsace_moselle else None, years=year, language="fr"))


def closed_day(day: date, *, alsace_moselle: bool = False) -> str | None:
    """Return the French name of what closes `day` (Saturday, Sunday, a public holiday), None if it is open."""
    holiday = _calendar(day.year, alsace_moselle=alsace_moselle).get(day)
    return holiday or {5: "samedi", 6: "dimanche"}.get(day.weekday())


def next_open_day(day: date, *, alsace_moselle: bool = False) -> date:
    """Return `day` itself when it is open, else the first open day after it."""
    while closed_day(day, alsace_moselle=alsace_moselle):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Period:
    """A minimum period in calendar days; `start_counts` when the day of the start event is day one."""

    days: int
    start_counts: bool = False
    rolls: bool = True
    """Whether a last day that is closed moves to the next open day."""

    def last_day(self, start: date, *, alsace_moselle: bool = False) -> date:
        """Return the last day of the period that begins with an event on `start`."""
        last = start + timedelta(days=self.days - (1 if self.start_counts else 0))
        return next_open_day(last, alsace_moselle=alsace_moselle) if self.rolls else last
