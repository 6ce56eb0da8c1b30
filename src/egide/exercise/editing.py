"""A chronogram changed by people: what they changed, kept apart from what the library says, so that either can change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from egide.exercise.module import Channel
from egide.exercise.script import Item, Script
from egide.message import Text

FIELDS = ("at", "title", "channel", "sender", "seats", "text", "what_if")
"""What people change of a line; its expectations and its document stay those of its inject."""


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the library changed by people: each value is None where it stays the library's."""

    at: int | None = None
    title: Text | None = None
    channel: Channel | None = None
    sender: Text | None = None
    seats: tuple[str, ...] | None = None
    text: Text | None = None
    what_if: Text | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """All that people changed of a chronogram: lines changed and dropped, by id, and lines of their own."""

    changed: Mapping[str, Change] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    added: tuple[Item, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.dropped or self.added)


def edited(made: Script, edits: Edits) -> Script:
    """Return a script as people changed it, its lines in the order of their times.

    A seat that this exercise does not have is left out, and a line that then reaches nobody goes to all; a change of a
    line that it does not have is without effect: choosing another level or another module never fails.
    """
    seats = tuple(each.code for each in made.seats)
    kept = [each for each in made.items if each.id not in edits.dropped]
    own = {each.id for each in made.items}
    lines = [_changed(each, edits.changed[each.id]) if each.id in edits.changed else each for each in kept]
    lines += [each for each in edits.added if each.id not in own]
    heard = [replace(each, seats=tuple(code for code in seats if code in each.seats) or seats) for each in lines]
    heard.sort(key=lambda item: item.at)
    named = {each.document for each in heard}
    return replace(
        made,
        items=tuple(heard),
        documents=tuple(each for each in made.documents if each.id in named),
        play=max(made.play, *(each.at + 1 for each in heard)) if heard else made.play,
    )


def edits(made: Script, lines: Iterable[Item]) -> Edits:
    """Return what people changed to come from a script to these lines; the last one of an id counts."""
    own = {each.id: each for each in made.items}
    given = {each.id: each for each in lines}
    changed = {name: change for name, each in given.items() if name in own and (change := _change(own[name], each))}
    return Edits(
        changed,
        tuple(name for name in own if name not in given),
        tuple(each for name, each in given.items() if name not in own),
    )


def free(lines: Iterable[Item]) -> str:
    """Return an id that no line has, for one that somebody adds."""
    taken = {each.id for each in lines}
    return next(name for number in count(1) if (name := f"PLUS-{number:02d}") not in taken)


def _changed(item: Item, change: Change) -> Item:
    told = {name: getattr(change, name) for name in FIELDS if getattr(change, name) is not None}
    return replace(item, **told)


def _change(before: Item, after: Item) -> Change | None:
    told = {name: getattr(after, name) for name in FIELDS if getattr(after, name) != getattr(before, name)}
    return Change(**told) if told else None
