"""The log of a play: what animators did, what was said, seen and decided, in one order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from egide.message import Message, Text, message
from egide.web.exercises import models
from egide.web.exercises.live import room
from egide.web.exercises.models import NoteKind


@dataclass(frozen=True)
class Entry:
    """One line of the log, the place it was said from."""

    at: str
    made_at: datetime
    who: str
    what: str
    about: Message | Text | None
    text: str
    site: str


def lines(row: models.Exercise, its: room.Now, names: dict[int, str], most: int | None = None) -> list[Entry]:
    """Return the last lines of a log, or all of them, the last first: four queries."""
    titles = {each.id: each.item.title for each in its.play.timeline.events}
    found = [
        *(_acted(each, titles) for each in _last(row.actions.select_related("user", "event"), most)),
        *(_noted(each, titles, names) for each in _last(row.notes.exclude(kind=NoteKind.READ).select_related("user", "event", "site"), most)),
        *(_ticked(each, its, names) for each in _last(row.ticks.select_related("event", "site"), most)),
        *(_decided(each, its) for each in _last(row.decisions.select_related("user", "event", "site"), most)),
    ]  # fmt: skip
    found.sort(key=lambda entry: entry.made_at, reverse=True)
    return found[:most]


def _last(rows: "QuerySet[Any]", most: int | None) -> "QuerySet[Any]":
    return rows.order_by("-pk")[:most]


def _entry(row: Any, who: str, what: str, about: Message | Text | None, text: str) -> Entry:
    site = getattr(row, "site", None)
    return Entry(
        room.hour(row.at) if row.at >= 0 else "", row.made_at, who, what, about, text, site.name if site else ""
    )


def _acted(row: models.Action, titles: dict[str, Text]) -> Entry:
    about: Message | Text | None = titles.get(row.event.key) if row.event else None
    if row.seconds and about:
        about = message("{title}, de {minutes} min", title=about, minutes=f"{row.seconds // 60:+d}")
    return _entry(row, str(row.user or ""), row.get_act_display(), about, "")


def _noted(row: models.Note, titles: dict[str, Text], names: dict[int, str]) -> Entry:
    who = str(row.user) if row.user else names.get(row.participant_id or 0, "")
    return _entry(row, who, row.get_kind_display(), titles.get(row.event.key) if row.event else None, row.text)


def _ticked(row: models.Tick, its: room.Now, names: dict[int, str]) -> Entry:
    return _entry(row, names.get(row.observer_id, ""), row.get_done_display(), _expected(row, its), row.note)


def _decided(row: models.Decision, its: room.Now) -> Entry:
    done = message("Tranché : {done}", done=row.get_done_display())
    return _entry(row, str(row.user), str(done), _expected(row, its), row.why)


def _expected(row: models.Tick | models.Decision, its: room.Now) -> Text | None:
    for event in its.play.timeline.events:
        if event.id == row.event.key:
            return next((each.text for each in event.item.expectations if each.id == row.expectation), None)
    return None
