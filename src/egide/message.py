"""Texts for people, carried as text and values and rendered only at the edge.

French is the source language; `Message.text` is the key of the one gettext catalogue of the project.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Language = Literal["fr", "en"]
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A datum written in both languages; a source known in one language only leaves the other empty."""

    fr: str = ""
    en: str = ""

    def say(self, language: Language) -> str:
        """Return the text in `language`, else in the language that there is."""
        return (self.en or self.fr) if language == "en" else (self.fr or self.en)


@dataclass(frozen=True, slots=True)
class Message:
    """A French sentence with named places in braces, and the values for them."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return render(self)


def message(text: str, /, **values: object) -> Message:
    """Make a message; the literal first argument is what the catalogue extracts."""
    return Message(text, values)


def render(said: Message, language: Language = "fr", translate: Translate = str) -> str:
    """Return the sentence in `language`, its values written as people of that language write them."""
    return translate(said.text).format_map(
        {name: _value(value, language, translate) for name, value in said.values.items()}
    )


def _value(value: object, language: Language, translate: Translate) -> str:
    match value:
        case Message():
            return render(value, language, translate)
        case Text():
            return value.say(language)
        case Decimal():
            grouped = f"{value:,f}"
            return grouped.replace(",", "\u202f").replace(".", ",") if language == "fr" else grouped
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M" if language == "fr" else "%Y-%m-%d %H:%M")
        case date():
            return value.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")
        case list() | tuple() | set() | frozenset():
            return ", ".join(_value(each, language, translate) for each in value)
        case _:
            return str(value)
