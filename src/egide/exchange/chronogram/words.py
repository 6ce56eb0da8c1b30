"""The words by which a chronogram is recognised and written, from `data/chronogram.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from egide import plain
from egide.exercise.module import Expectation
from egide.exercise.script import Item, Script
from egide.message import Language, Text

FILE = Path(__file__).parent.parent / "data" / "chronogram.yaml"
ORDER = ("time", "hour", "moment", "channel", "sender", "to", "title", "text", "document", "expected", "what_if", "id")
"""The columns of our workbook from left to right; those of the file of words are in the order in which they are looked for."""


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, its heading and width in our workbook, the headings by which it is known."""

    field: str
    title: Text
    width: float
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """How people write channels, everybody, and functions (by code)."""

    channel: Mapping[str, tuple[str, ...]]
    everybody: tuple[str, ...]
    functions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Words:
    """The file of words as it is written."""

    columns: tuple[Column, ...]
    words: Known
    guide: tuple[Text, ...]
    titles: Mapping[str, Text]


@cache
def words() -> Words:
    """Return the vocabulary of chronograms."""
    return plain.structure(plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name), Words, FILE.name)


def clock(minutes: int) -> str:
    """Return minutes since the beginning as people write them: T+00:15."""
    hours, rest = divmod(abs(minutes), 60)
    return f"T{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def receivers(item: Item, script: Script, language: Language) -> str:
    """Return who receives an inject, as our workbook writes it and reads it again."""
    if {each.code for each in script.seats} <= set(item.seats):
        return words().titles["everybody"].say(language)
    return ", ".join(each.title.say(language).replace(",", " ") for each in script.seats if each.code in item.seats)


def reactions(item: Item, script: Script, language: Language) -> str:
    """Return the expected reactions of an inject, one a line."""
    return "\n".join(_reaction(each, script, language) for each in item.expectations)


def _reaction(expectation: Expectation, script: Script, language: Language) -> str:
    title = next((each.title.say(language) for each in script.functions if each.code == expectation.by), expectation.by)
    within = words().titles["within"].say(language).format(minutes=expectation.minutes)
    return f"- {expectation.text.say(language)} ({title}{f', {within}' if expectation.minutes else ''})"
