"""Who receives an inject and how it arrives, as people write it in a cell."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from egide.exchange.chronogram.words import words
from egide.exchange.vocabulary import fold
from egide.exercise.making import routed
from egide.exercise.module import Channel
from egide.exercise.script import Script
from egide.exercise.words import CHANNELS
from egide.message import Text

_PARTS = re.compile(r"[,;/+&\n|]|\bet\b|\band\b|\bpuis\b", re.IGNORECASE)


def plain_name(text: str) -> str:
    """Return a name as it is compared: lower case, no accents, no punctuation."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


@dataclass(frozen=True)
class Receivers:
    """What a cell says of who receives: `seats` reached, and the names that nobody here bears."""

    seats: tuple[str, ...]
    unknown: tuple[str, ...] = ()


class People:
    """The seats of a script by every name that people give them."""

    def __init__(self, script: Script):
        self.script = script
        self.all = tuple(each.code for each in script.seats)
        functions = {each.code: each for each in script.functions}
        self.names: dict[str, tuple[str, ...]] = {}
        for function in script.functions:
            reached = routed((function.code,), script.seats, functions)
            for name in _names(function.code, function.title):
                self.names.setdefault(name, reached)
        for seat in script.seats:
            for name in _names(seat.code, seat.title):
                self.names[name] = (seat.code,)
        self.patterns = [
            (pattern, routed((code,), script.seats, functions))
            for code, patterns in _functions().items()
            if code in functions
            for pattern in patterns
        ]

    def read(self, text: str) -> Receivers:
        """Return the seats that a cell names; all of them for everybody."""
        whole = self._one(text)
        if whole:
            return Receivers(whole)
        reached: set[str] = set()
        unknown = []
        for part in filter(None, (each.strip(" .-()") for each in _PARTS.split(text))):
            found = self._one(part)
            reached.update(found)
            if not found:
                unknown.append(part)
        return Receivers(tuple(each for each in self.all if each in reached), tuple(unknown))

    def function(self, text: str) -> str:
        """Return the code of the function that a text names, empty if none."""
        name = plain_name(text)
        by_title = {one: each.code for each in self.script.functions for one in _names(each.code, each.title)}
        if name in by_title:
            return by_title[name]
        here = {each.code for each in self.script.functions}
        patterns = ((code, one) for code, several in _functions().items() if code in here for one in several)
        return next((code for code, one in patterns if one.fullmatch(name)), "")

    def _one(self, text: str) -> tuple[str, ...]:
        name = plain_name(text)
        if not name and fold(text) != "*":
            return ()
        if any(each.fullmatch(name or "*") for each in _everybody()):
            return self.all
        if name in self.names:
            return self.names[name]
        return next((reached for pattern, reached in self.patterns if pattern.fullmatch(name)), ())


def channel(text: str) -> tuple[Channel | None, bool]:
    """Return the channel that a cell names, None if none, and whether it could be another."""
    name = plain_name(text)
    for each, said in CHANNELS.items():
        if name in _names(each.value, said):
            return each, True
    found = [each for each, patterns in _channels().items() if any(one.search(name) for one in patterns)]
    return (found[0], len(found) == 1) if found else (None, True)


def _names(code: str, title: Text) -> Iterable[str]:
    return filter(None, (plain_name(each) for each in (code, code.replace("_", " "), title.fr, title.en)))


@cache
def _everybody() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in words().words.everybody)


@cache
def _functions() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {code: tuple(re.compile(each) for each in several) for code, several in words().words.functions.items()}


@cache
def _channels() -> Mapping[Channel, tuple[re.Pattern[str], ...]]:
    known = words().words.channel
    return {Channel(code): tuple(re.compile(rf"\b(?:{each})\b") for each in known[code]) for code in known}
