"""The card of an inject on the page of who received it or watches, drawn once for all who see the same."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from egide.exercise.record import Event
from egide.exercise.script import Item
from egide.exercise.words import CHANNELS
from egide.message import Text
from egide.web.design.words import language
from egide.web.exercises import convert, models
from egide.web.exercises.drawing import Drawn, drawn
from egide.web.exercises.live import room
from egide.web.exercises.models import Done, NoteKind, Role, State

KEPT = 2048
"""Cards kept in memory: when an inject goes to two hundred telephones, it alone is drawn, once."""
ONCE = re.compile("00000000-0000-4000-8000-000000000000")
"""Stands in what is kept for the name, new in each page, of what a form sends."""
TEMPLATES = {Role.OBSERVER: "exercises/live/observed.html"}
Told = Sequence[tuple[str, int | None, int, str]]
"""Notes of a participant: kind, key of the event, second, text."""
Ticks = Sequence[tuple[int, str, int | None, str, str]]
"""Ticks of an observer: key of the event, expected reaction, site, how far it was seen, note."""
_kept: OrderedDict[tuple[object, ...], str] = OrderedDict()


@dataclass(frozen=True)
class Mark:
    """One expected reaction at one site, as an observer has ticked it so far; `place` is shown where there are several."""

    id: str
    site: int | None
    place: models.Site | None
    text: Text
    by: Text
    minutes: int | None
    done: str
    note: str


@dataclass(frozen=True)
class Card:
    """An inject that was sent, and what this participant said of it."""

    key: str
    item: Item
    channel: Text
    hour: str
    document: Drawn | None
    read: bool
    answers: Sequence[str]
    marks: Sequence[Mark]

    @property
    def left(self) -> int:
        """Return how many expected reactions are still without a tick."""
        return sum(not each.done for each in self.marks)

    @property
    def version(self) -> str:
        """Return what changes when anything of it does."""
        ticked = "".join(f"{each.done[:1]}{len(each.note)}." for each in self.marks)
        return f"{int(self.read)}-{len(self.answers)}-{ticked}"


def flow(row: models.Participant, its: room.Now, events: Sequence[Event], own: Told, ticks: Ticks) -> SafeString:
    """Return the cards of what was sent to a participant, the last one first."""
    keys = convert.known(row.exercise).events
    written = NoteKind.OBSERVATION if row.role == Role.OBSERVER else NoteKind.ANSWER
    read = {event for kind, event, _, _ in own if kind == NoteKind.READ}
    answers: dict[int | None, list[str]] = {}
    for kind, event, _, text in own:
        if kind == written:
            answers.setdefault(event, []).append(text)
    ticked = {(event, expectation, site): (done, note) for event, expectation, site, done, note in ticks}
    drawn_ones = []
    for each in reversed(events):
        key = keys[each.id]
        marks = _ticked(row, its, each, key, ticked) if row.role == Role.OBSERVER else ()
        drawn_ones.append(_card(row, its, each, key in read, tuple(answers.get(key, ())), marks))
    return SafeString("".join(drawn_ones))


def named(text: str) -> SafeString:
    """Return what was drawn with a new name for each form, so that what is sent twice counts once."""
    return SafeString(ONCE.sub(lambda found: str(uuid4()), text))


def _ticked(
    row: models.Participant, its: room.Now, event: Event, key: int, ticked: dict[Any, tuple[str, str]]
) -> tuple[tuple[str, int | None, str, str], ...]:
    """Return for each expected reaction and site of an event what the observer has said: reaction, site, done, note."""
    places: list[models.Site | None] = [row.site] if row.site and its.sites else [*its.sites.values()] or [None]
    here = [each for each in places if each is None or not event.sites or each.code in event.sites]
    marks = [(one.id, site.pk if site else None) for one in event.item.expectations for site in here]
    return tuple((one, site, *ticked.get((key, one, site), ("", ""))) for one, site in marks)


def _card(
    row: models.Participant, its: room.Now, event: Event, read: bool, answers: tuple[str, ...],
    marks: tuple[tuple[str, int | None, str, str], ...],
) -> str:  # fmt: skip
    exercise = row.exercise
    is_open = exercise.state != State.CLOSED
    several = row.site_id is None
    name = (exercise.uuid, exercise.digest, event.id, event.sent, row.role, several, is_open, language(), read, answers, marks)  # fmt: skip
    found = _kept.get(name)
    if found is None:
        context = {
            "each": _whole(its, event, read, answers, marks, several=several),
            "participant": row,
            "open": is_open,
            "done": [each for each in Done if each is not Done.UNSEEN],
            "once": ONCE.pattern,
        }
        found = _kept[name] = render_to_string(TEMPLATES.get(Role(row.role), "exercises/live/inject.html"), context)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _whole(
    its: room.Now, event: Event, read: bool, answers: Sequence[str], marks: Sequence[tuple[str, int | None, str, str]],
    *, several: bool,
) -> Card:  # fmt: skip
    own = next((each for each in its.script.documents if each.id == event.item.document), None)
    titles = {each.code: each.title for each in its.script.functions}
    expected = {each.id: each for each in event.item.expectations}
    return Card(
        key=event.id,
        item=event.item,
        channel=CHANNELS[event.item.channel],
        hour=room.hour(event.at if event.sent is None else event.sent),
        document=drawn(own) if own else None,
        read=read,
        answers=answers,
        marks=[
            Mark(
                one, site, its.sites.get(site or 0) if several else None, expected[one].text,
                titles.get(expected[one].by, Text(expected[one].by)), expected[one].minutes,
                "" if done == Done.UNSEEN else done, note,
            )
            for one, site, done, note in marks
        ],
    )  # fmt: skip
