"""The exercises of a hospital group: who did which when, who is late, which functions took part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from egide.exercise.record import Origin, Presence
from egide.exercise.validity import Duty, Verdict, duty
from egide.exercise.words import DUTIES
from egide.message import Message, Text, message


@dataclass(frozen=True, slots=True)
class Held:
    """An exercise that an establishment played."""

    play: str
    title: Text
    level: int
    held_on: date
    origin: Origin
    verdict: Verdict
    presence: tuple[Presence, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An establishment of the group and its exercises; `id` is the caller's own."""

    id: str
    name: str
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Where a member stands: its last exercise, the last that counted, and by when the next is due.

    `level` is the highest level among those that counted, None without any. `people` are by function, over all its
    exercises of the period; `exercises` how many there were in it.
    """

    member: Member
    last: Held | None
    counted: Held | None
    level: int | None
    duty: Duty
    due: date
    exercises: int
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """The members in the order given, on the day `on`; participation counts what was played from `since` on.

    `functions` are the codes that somebody held, `exercises` in how many exercises, `people` how many persons in all.
    """

    on: date
    since: date
    rows: tuple[Row, ...]
    exercises: Mapping[str, int]
    people: Mapping[str, int]

    @property
    def late(self) -> tuple[Row, ...]:
        """Return the members that are late."""
        return tuple(each for each in self.rows if each.duty is Duty.LATE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written as it stands: headings, then one line for each member; a cell may be empty (None)."""

    heads: tuple[Message | Text, ...]
    rows: tuple[tuple[str | int | date | Text | None, ...], ...]


def group(members: Iterable[Member], on: date, since: date) -> Group:
    """Return the view of the group on the day `on`; what was played after that day is not counted."""
    rows = tuple(_row(each, on, since) for each in members)
    exercises: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    for row in rows:
        for held in _period(row.member, on, since):
            for function, number in _people([held]).items():
                exercises[function] += 1
                people[function] += number
    return Group(on, since, rows, dict(exercises), dict(people))


def sheet(view: Group, functions: Mapping[str, Text]) -> Sheet:
    """Return the group as a table: a member a line, then how many people of each function took part.

    `functions` are titles by code, in the order wanted; those that nobody held have no column.
    """
    held = [code for code in functions if code in view.people]
    heads: tuple[Message | Text, ...] = (
        message("Établissement"),
        message("Situation"),
        message("Échéance"),
        message("Dernier exercice qui compte"),
        message("Niveau le plus haut"),
        message("Dernier exercice, compté ou non"),
        message("Exercices sur la période"),
        *(functions[code] for code in held),
    )
    rows = tuple(
        (
            row.member.name,
            DUTIES[row.duty],
            row.due,
            row.counted.held_on if row.counted else None,
            row.level,
            row.last.held_on if row.last else None,
            row.exercises,
            *(row.people.get(code, 0) for code in held),
        )
        for row in view.rows
    )
    return Sheet(heads, rows)


def _row(member: Member, on: date, since: date) -> Row:
    held = sorted((each for each in member.held if each.held_on <= on), key=lambda each: each.held_on)
    counted = [each for each in held if each.verdict.counts]
    stands = duty((each.held_on for each in counted), on)
    period = _period(member, on, since)
    return Row(
        member=member,
        last=held[-1] if held else None,
        counted=counted[-1] if counted else None,
        level=max((each.level for each in counted), default=None),
        duty=stands,
        due=date(on.year + _YEARS[stands], 12, 31),
        exercises=len(period),
        people=_people(period),
    )


_YEARS = {Duty.DONE: 1, Duty.DUE: 0, Duty.LATE: -1}


def _period(member: Member, on: date, since: date) -> list[Held]:
    return [each for each in member.held if since <= each.held_on <= on]


def _people(several: Iterable[Held]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for held in several:
        for each in held.presence:
            if each.people > 0:
                found[each.function] += each.people
    return dict(found)
