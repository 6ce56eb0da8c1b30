"""One play and its log: the same form for a live play and for what the page without network brings back.

Moments are whole seconds of play since STARTEX, pauses not counted. Instants are aware; those of a live play are made
by the server alone. The plain form (`plain.unstructure`) writes every field, the empty ones too.

The fingerprint is the SHA-256, in hexadecimal, of the plain form without its key `fingerprint`, written as JSON in
UTF-8: keys sorted by code point, no blank between tokens, nothing escaped but `"`, `\\` and control characters. There
is no float in it. In JavaScript that is `JSON.stringify` of the same object with its keys sorted at every level.
Instants are written as Python writes them: `2026-11-23T14:00:00+00:00`. A test vector is in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from egide import plain
from egide.exercise.script import Item

FORMAT = 1


class Origin(StrEnum):
    """Where a play was recorded."""

    LIVE = "live"
    OFFLINE = "offline"
    """In the page without network: its instants are those of the animator's computer."""


class State(StrEnum):
    """What became of a line of the chronogram."""

    PLANNED = "planned"
    SENT = "sent"
    SKIPPED = "skipped"


class Done(StrEnum):
    """What an observer saw of an expected reaction."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    UNSEEN = "unseen"
    """An earlier tick taken back: as if nothing had been ticked."""


class Jot(StrEnum):
    """What a note is."""

    LOG = "log"
    """A line of the log of the crisis cell."""
    ANSWER = "answer"
    """What players answered to an inject."""
    OBSERVATION = "observation"
    ANIMATOR = "animator"
    WELL = "well"
    """Hot debrief: what went well."""
    BETTER = "better"
    """Hot debrief: what is to be bettered."""


class Act(StrEnum):
    """What an animator did; kept for the story of the play."""

    BEGUN = "begun"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    SENT = "sent"
    """Sent by hand, before or after its time."""
    SKIPPED = "skipped"
    RESTORED = "restored"
    """Skipped, or marked as sent by mistake, then put back."""
    IMPROVISED = "improvised"
    AGAIN = "again"
    MOVED = "moved"
    EDITED = "edited"


class Scope(StrEnum):
    """What was really played: the first counts for the yearly duty, the others do not (see `validity`)."""

    CARE = "care"
    """Continuity of care."""
    IT_CONTINUITY = "it_continuity"
    IT_RECOVERY = "it_recovery"
    MAINTENANCE = "maintenance"
    STANDBY = "standby"
    RESTORE = "restore"
    DIRECTORY = "directory"


class Trigger(StrEnum):
    """What sets off the story."""

    CYBER = "cyber"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the animator declares of the exercise, for the rule of validity; a kit of ours is both of the defaults."""

    scope: Scope = Scope.CARE
    trigger: Trigger = Trigger.CYBER


@dataclass(frozen=True, slots=True)
class Site:
    """A place where it is played; a play on one site has none in its record, and every `site` in it is empty."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that ended: at which second of play it began, and how many seconds of real time it lasted."""

    at: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the chronogram as played: `at` is its planned second, `sent` the second at which it went out.

    `sites` are the codes of the sites that receive it; empty: all of them. The same inject sent again is another event
    with the same item.
    """

    id: str
    item: Item
    at: int
    state: State = State.PLANNED
    sent: int | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """What one observer saw of one expected reaction. Of several by the same observer, the highest `number` counts.

    `number` is the rank of the tick in the log, given by whoever records; `observer` is a name or a label, unique in
    the play.
    """

    number: int
    event: str
    expectation: str
    observer: str
    done: Done
    at: int
    site: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A disagreement of observers settled by a person; of several on one reaction, the highest `number` counts."""

    number: int
    event: str
    expectation: str
    by: str
    done: Done
    at: int
    site: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something written during or just after the play; `event` where it is about one."""

    number: int
    at: int
    kind: Jot
    by: str
    text: str
    site: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What an animator did, at which second; `event` where it is about one, `seconds` by how much it was moved."""

    number: int
    at: int
    act: Act
    by: str = ""
    event: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """How many people of a function took part, at a site."""

    function: str
    people: int = 1
    site: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One play. `play` is its id, `script` the digest of the script, `lasted` the seconds played, None while it runs.

    `started` and `ended` are None when nobody knows them (results typed in afterwards). `fingerprint` is empty until
    `sealed`.
    """

    format: int
    play: str
    script: str
    origin: Origin
    held_on: date
    started: datetime | None = None
    ended: datetime | None = None
    lasted: int | None = None
    pauses: tuple[Pause, ...] = ()
    sites: tuple[Site, ...] = ()
    events: tuple[Event, ...] = ()
    ticks: tuple[Tick, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    actions: tuple[Action, ...] = ()
    presence: tuple[Presence, ...] = ()
    facts: Facts = Facts()
    fingerprint: str = ""

    def wall(self, at: int) -> datetime | None:
        """Return the instant of the second of play `at`: the pauses begun before it are added."""
        if self.started is None:
            return None
        return self.started + timedelta(seconds=at + sum(each.seconds for each in self.pauses if each.at < at))


class Arrival(StrEnum):
    """What results that are brought are, beside those that are there already."""

    NEW = "new"
    TWICE = "twice"
    """The very same as one that is there: nothing to do."""
    OTHER = "other"
    """The same play, with something more or other in it (another observer's page, a later save): kept beside."""


def fingerprint(record: Record) -> str:
    """Return what `fingerprint` must be: 64 hexadecimal digits (definition at the head of this module)."""
    data = plain.unstructure(record)
    del data["fingerprint"]
    return plain.digest(data)


def sealed(record: Record) -> Record:
    """Return the record with its fingerprint."""
    return replace(record, fingerprint=fingerprint(record))


def intact(record: Record) -> bool:
    """Say whether the record is what its fingerprint says: False after an edition by hand, or without fingerprint."""
    return record.fingerprint == fingerprint(record)


def arrival(record: Record, known: Iterable[Record]) -> Arrival:
    """Return what `record` is beside the records that are `known`, whatever their fingerprints say."""
    own = fingerprint(record)
    same = [fingerprint(each) for each in known if each.play == record.play]
    return Arrival.TWICE if own in same else Arrival.OTHER if same else Arrival.NEW
