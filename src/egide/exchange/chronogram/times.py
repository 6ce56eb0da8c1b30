"""Times of a chronogram as people write them: "T+00:15", "H+2", "J-60", "J+1 08:00", "15 min", "9 h 15", Excel times.

A column is read whole: "09:15" is an hour of the day where the column begins in the morning, a time since the
beginning where it begins at zero.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from egide.exchange.vocabulary import fold

DAY = 1440
"""Minutes."""
MOST = 400 * DAY
MORNING = 300
"""A column of bare times whose first is at 5 o'clock or later tells hours of the day."""


class Kind(StrEnum):
    """What a written time counts from."""

    SINCE = "since"
    """Minutes since the beginning of the exercise."""
    BARE = "bare"
    """Hours and minutes alone: the column decides."""
    DAY = "day"
    """A day of the story, with or without an hour."""
    DATE = "date"
    """A day of the calendar, with an hour."""
    END = "end"
    """The end of the exercise."""


@dataclass(frozen=True, slots=True)
class When:
    """A time that was understood. `minutes` are since the beginning, or of the day; `day` counts days (DAY, DATE).

    `sure` is False where something was left out: seconds, the end of a range, a unit that was not written.
    """

    kind: Kind
    minutes: int | None = 0
    day: int = 0
    sure: bool = True


_NUMBER = re.compile(r"\d{1,5}(?:[.,]0*)?")
_CLOCK = re.compile(r"(?:(\d{1,3}) days?, )?(\d{1,3})\s*(?::|h|heures?|hours?)\s*(\d{1,2})(?:\s*(?::|m|mn|min|minutes?|')\s*(?:(\d{1,2})(?:\.\d+)?)?\s*s?)?")  # fmt: skip
_HOURS = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(?:h|hrs?|heures?|hours?)")
_MINUTES = re.compile(r"(\d{1,5})\s*(?:m|mn|min|mins|minutes?|')\.?")
_DAYS = re.compile(r"(\d{1,3})\s*(?:j|jours?|d|days?)")
_SINCE = re.compile(r"(?:t0?|startex|debex|debut|start|begin(?:ning)?)\s*([+-])\s*(.+)")
_HOURS_SINCE = re.compile(r"h0?\s*([+-])\s*(.+)")
_MINUTES_SINCE = re.compile(r"m(?:in)?\s*([+-])\s*(\d{1,5})")
_STORY = re.compile(r"(?:j|jour|d|day)\.?\s*(?:([+-])?\s*(\d{1,4}))?(?:\s*[,;:/-]?\s*(?:a|at|vers)?\s*(\d{1,2}\s*(?:h|:).*))?")  # fmt: skip
_SIGNED = re.compile(r"([+-])\s*(\d.*)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::(\d{2}))?.*")
_DATE_FR = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})\s*(?:a|at|,|-)?\s*(\d{1,2}\s*[h:]\s*\d{0,2})")
_RANGE = re.compile(r"(.+?\d.*?)\s*(?:-|->|\ba\b|\bto\b|\bau\b)\s*((?:[tjh]\s*\+)?\s*\d.*)")
_DAY_OF_CALENDAR = re.compile(r"\d{4}-\d")
_BEGINS = frozenset({"t", "t0", "h", "h0", "j", "j0", "d0", "startex", "debex", "debut", "start", "begin", "beginning", "debut de l'exercice", "start of exercise"})  # fmt: skip
_ENDS = frozenset({"endex", "finex", "fin", "end", "fin de l'exercice", "end of exercise", "fin d'exercice"})
_WRITTEN_HOUR = re.compile(r"(\d{1,2})\s*(?:h|:|\.)\s*(\d{2})?\s*(am|pm)?")


def parsed(text: str, unit: int = 1, *, is_number: bool = False) -> When | None:
    """Return what a written time means, None when nothing can be made of it.

    `unit` are the minutes of a bare number (what the heading says, else 1); `is_number` tells a cell that holds a
    number: below one it is a part of a day, as spreadsheets keep times.
    """
    said = fold(text).strip(" .")
    if is_number and (part := re.fullmatch(r"0\.\d+", said)):
        return When(Kind.BARE, round(float(part[0]) * DAY), sure=False)
    if said in _BEGINS:
        return When(Kind.SINCE)
    if said in _ENDS:
        return When(Kind.END, None)
    found = _dated(said) or _relative(said, unit) or _bare(said, unit)
    if found is None and not _DAY_OF_CALENDAR.match(said) and (several := _RANGE.fullmatch(said)):
        first = parsed(several[1], unit)
        found = When(first.kind, first.minutes, first.day, sure=False) if first else None
    days = 0 if found is None or found.kind is Kind.DATE else abs(found.day)
    return found if found and abs(found.minutes or 0) + days * DAY <= MOST else None


def _relative(said: str, unit: int) -> When | None:
    if found := _SINCE.fullmatch(said):
        return _since(found[1], _length(found[2], unit))
    if found := _HOURS_SINCE.fullmatch(said):
        return _since(found[1], _length(found[2], 60))
    if found := _MINUTES_SINCE.fullmatch(said):
        return _since(found[1], (int(found[2]), True))
    if found := _STORY.fullmatch(said):
        day = int(found[2] or 0) * (-1 if found[1] == "-" else 1)
        hour = _clock(found[3]) if found[3] else (None, True)
        return When(Kind.DAY, hour[0], day, hour[1]) if hour else None
    if found := _SIGNED.fullmatch(said):
        return _since(found[1], _length(found[2], unit))
    return None


def _since(sign: str, length: tuple[int, bool] | None) -> When | None:
    return When(Kind.SINCE, -length[0] if sign == "-" else length[0], sure=length[1]) if length else None


def _bare(said: str, unit: int) -> When | None:
    if found := _clock(said):
        return When(Kind.BARE, found[0], sure=found[1])
    if found := _length(said, unit):
        return When(Kind.SINCE, found[0], sure=found[1])
    return None


def _dated(said: str) -> When | None:
    try:
        if found := _DATE.fullmatch(said):
            day = datetime.fromisoformat(f"{found[1]}T{found[2]}")
            return When(Kind.DATE, day.hour * 60 + day.minute, day.toordinal(), found[3] in {None, "00"})
        if (found := _DATE_FR.fullmatch(said)) and (hour := _clock(found[4])):
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return When(Kind.DATE, hour[0], datetime(year, int(found[2]), int(found[1])).toordinal(), hour[1])  # noqa: DTZ001 (a day, no instant)
    except ValueError:
        return None
    return None


def _clock(said: str) -> tuple[int, bool] | None:
    """Return hours and minutes ("0:15", "9h15", "1 h 05", "9 h", "00:15:00") as minutes, and whether all was kept."""
    said = said.strip()
    if found := _CLOCK.fullmatch(said):
        minutes = int(found[3])
        whole = (int(found[1] or 0) * 24 + int(found[2])) * 60 + minutes
        return (whole, int(found[4] or 0) == 0) if minutes < 60 else None
    if found := _HOURS.fullmatch(said):
        return round(float(found[1].replace(",", ".")) * 60), True
    return None


def _length(said: str, unit: int) -> tuple[int, bool] | None:
    said = said.strip()
    if _NUMBER.fullmatch(said):
        return int(re.split("[.,]", said)[0]) * unit, True
    if found := _MINUTES.fullmatch(said):
        return int(found[1]), True
    if found := _DAYS.fullmatch(said):
        return int(found[1]) * DAY, True
    return _clock(said)


def unit_of(heading: str) -> int:
    """Return the minutes of a bare number under a heading: "Temps (h)" 60, "Jour" 1440, else 1."""
    said = fold(heading)
    if re.search(r"\((?:en )?(?:h|hrs?|heures?|hours?)\)|\ben heures\b|\bin hours\b", said):
        return 60
    return DAY if re.search(r"\((?:en )?(?:j|jours?|days?)\)|\ben jours\b|\bin days\b|^(?:jours?|days?)$", said) else 1


def hour_of(text: str) -> int | None:
    """Return the hour that a text tells ("un samedi, 7 h 40", "a Saturday, 7.40 am"), in minutes of the day."""
    found = _WRITTEN_HOUR.search(fold(text))
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return (int(found[1]) % 12 + 12 if found[3] == "pm" else int(found[1])) * 60 + int(found[2] or 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of times settled: minutes since the beginning, None where nothing was understood.

    `begins` is the hour of the day (in minutes) taken for the beginning, None where no hour of the day was told.
    """

    minutes: tuple[int | None, ...]
    begins: int | None = None


def settled(column: Sequence[When | None], begins: int | None = None) -> Column:
    """Return a column of times as minutes since the beginning; `begins` is the hour of the story, where it is known."""
    bare = [each.minutes or 0 for each in column if each and each.kind is Kind.BARE]
    dated = [each.day * DAY + (each.minutes or 0) for each in column if each and each.kind is Kind.DATE]
    since = [each for each in column if each and each.kind is Kind.SINCE and each.minutes]
    of_day = bool(bare) and min(bare) >= MORNING and not since
    told = [each.minutes for each in column if each and each.kind is Kind.DAY and each.day == 0 and each.minutes is not None]  # fmt: skip
    start = _start(bare if of_day else [], dated, told, begins)
    first_day = min(dated) // DAY if dated else 0
    found = []
    for each in column:
        minutes: int | None = None
        if each is not None and each.kind is not Kind.END:
            minutes = each.minutes or 0
            if each.kind is Kind.DAY:
                minutes = each.day * DAY + (0 if each.minutes is None else each.minutes - (start or 0))
            elif each.kind is Kind.DATE:
                minutes += (each.day - first_day) * DAY - (start or 0)
            elif each.kind is Kind.BARE and of_day:
                minutes -= start or 0
        found.append(minutes)
    last = max((each for each in found if each is not None), default=0)
    ended = [last if each and each.kind is Kind.END else minutes for each, minutes in zip(column, found, strict=True)]
    hours = of_day or bool(dated) or any(each and each.kind is Kind.DAY and each.minutes is not None for each in column)
    return Column(tuple(ended), (start or 0) if hours else None)


def _start(bare: Iterable[int], dated: Iterable[int], told: Iterable[int], begins: int | None) -> int | None:
    """Return the hour of the day at which the exercise begins: the first told, else that of the story."""
    hours = [*bare, *told]
    if dated := list(dated):
        return min(dated) % DAY
    return min(hours) if hours else begins
