"""What the papers of an exercise say of its lines: times, lengths, who receives, what is handed over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import egide
from egide.exercise.making import digest
from egide.exercise.module import EVERYBODY, Channel, Document
from egide.exercise.script import Item, Script
from egide.exercise.words import CHANNELS
from egide.message import Message, Text, message
from egide.report.papers import pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter

SPOKEN = frozenset({Channel.CALL, Channel.VISIT, Channel.ANIMATOR})
"""What is said aloud; the rest is handed over, as a card or on a screen."""
OPENING = message("Exercice, exercice, exercice.")
"""What everything that is read in a room begins with."""
MARK = message("EXERCICE")


def clock(minutes: int) -> str:
    """Return a time of the chronogram as it is written everywhere: "T+00:35", "T-60:00" before the beginning."""
    hours, rest = divmod(abs(minutes), 60)
    return f"T{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def length(minutes: int) -> Message:
    """Return how long something takes: "1 h 30", "25 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return message("{minutes} min", minutes=rest)
    return message("{hours} h {minutes}", hours=hours, minutes=f"{rest:02}") if rest else message("{hours} h", hours=hours)  # fmt: skip


def title(said: str) -> str:
    """Return a text that begins with a capital letter."""
    return said[:1].upper() + said[1:]


def seats(script: Script, codes: Iterable[str]) -> tuple[Text, ...]:
    """Return the titles of seats by their codes, in the order of the table; those that are not in the script are left out."""
    wanted = set(codes)
    return tuple(each.title for each in script.seats if each.code in wanted)


def functions(script: Script, codes: Iterable[str]) -> tuple[Text | Message, ...]:
    """Return the titles of functions by their codes, as they stand; everybody is said so, an unknown code stays itself."""
    known = {each.code: each.title for each in script.functions}
    return tuple(message("tout le monde") if code == EVERYBODY else known.get(code, Text(code, code)) for code in codes)


def everybody(script: Script, item: Item) -> bool:
    """Whether an inject goes to every seat."""
    return {each.code for each in script.seats} <= set(item.seats)


class Words:
    """What the papers of one exercise say of its lines, in one language."""

    def __init__(self, script: Script, setter: Setter):
        self.script, self.setter, self.say = script, setter, setter.say
        self.number: Mapping[str, int] = {each.id: n for n, each in enumerate(script.items, 1)}
        self.document: Mapping[str, Document] = {each.id: each for each in script.documents}
        self.title: Mapping[str, Text] = {each.code: each.title for each in script.functions}

    @property
    def establishment(self) -> str:
        """Return the name of the establishment as it stands in the texts."""
        return self.say(self.script.values.get("establishment", Text()))

    def called(self, item: Item) -> str:
        """Return the title of an inject, or its id where it has none: a heading is never empty."""
        return self.say(item.title).strip() or item.id

    def channel(self, item: Item) -> str:
        """Return how an inject arrives, as a title."""
        return title(self.say(CHANNELS[item.channel]))

    def seats(self, item: Item) -> str:
        """Return who receives an inject: seats, or everybody."""
        if everybody(self.script, item):
            return self.say(message("toutes les places"))
        return ", ".join(map(self.say, seats(self.script, item.seats)))

    def functions(self, item: Item) -> str:
        """Return the functions that an inject is meant for, empty for a line that people added."""
        return ", ".join(map(self.say, functions(self.script, item.to)))

    def apart(self, item: Item) -> bool:
        """Whether the functions of an inject say more than its seats: the seats that get it hold others too."""
        return bool(item.to) and EVERYBODY not in item.to and self.functions(item) != self.seats(item)

    def by(self, code: str) -> str:
        """Return the title of a function, or its code when the script does not know it."""
        return self.say(self.title.get(code, Text(code, code)))

    def before(self, item: Item, minutes: int | None) -> str:
        """Return the time by which a reaction is expected, empty when there is none."""
        return clock(item.at + minutes) if minutes is not None else ""

    def attached(self, item: Item) -> str:
        """Return what is handed over with an inject, empty when there is nothing."""
        found = self.document.get(item.document)
        if found is None:
            return item.document
        return self.say(message("{id} – {title}", id=found.id, title=found.title))

    def data(self, title: Message, blocks: Sequence[Block]) -> dict[str, Any]:
        """Return a paper of the exercise as plain data for its template."""
        foot = message("{establishment} · empreinte {digest} · Égide {program}", establishment=self.establishment, digest=digest(self.script)[:12], program=egide.__version__)  # fmt: skip
        made = pdf.page(self.setter, title, self.say(self.script.title), self.establishment, foot, blocks)
        return {**made, "mark": self.say(MARK)}
