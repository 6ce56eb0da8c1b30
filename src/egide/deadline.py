"""Periods counted in calendar days, and the French calendar of closed days.

Counting a minimum period (marche-public.info, DLRO): calendar days, the count starts the day after the start event,
and a last day that is a Saturday, a Sunday or a public holiday moves to the next open day.
Standstill (CE 2 Aug. 2011, n° 347526): the day of sending counts as the first day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

FIXED_HOLIDAYS = {
    (1, 1): "Jour de l'an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire de 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}
"""Public holidays of the Code du travail, article L3133-1, by month and day."""
EASTER_HOLIDAYS = {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"}
"""Those that follow Easter Sunday, by days after it."""
ALSACE_MOSELLE_FIXED = {(12, 26): "Saint-Étienne"}
ALSACE_MOSELLE_EASTER = {-2: "Vendredi saint"}


@cache
def _holidays(year: int, *, alsace_moselle: bool) -> dict[date, str]:
    fixed = FIXED_HOLIDAYS | (ALSACE_MOSELLE_FIXED if alsace_moselle else {})
    moving = EASTER_HOLIDAYS | (ALSACE_MOSELLE_EASTER if alsace_moselle else {})
    days = {date(year, month, day): name for (month, day), name in fixed.items()}
    return days | {easter(year) + timedelta(days=after): name for after, name in moving.items()}


def closed_day(day: date, *, alsace_moselle: bool = False) -> str | None:
    """Return the French name of what closes `day` (Saturday, Sunday, a public holiday), None if it is open."""
    holiday = _holidays(day.year, alsace_moselle=alsace_moselle).get(day)
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
