"""The words by which the parts of a maturity grid are recognised, from `data/maturity_grid.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from egide import plain
from egide.diagnosis.questionnaire import Choice
from egide.exchange.vocabulary import fold
from egide.message import Text

FILE = Path(__file__).parent / "data" / "maturity_grid.yaml"


class Role(StrEnum):
    """What a tag, a key or an attribute holds."""

    SECTION = "section"
    QUESTION = "question"
    LEVEL = "level"
    IDENTIFIER = "identifier"
    TITLE = "title"
    TEXT = "text"
    WHY = "why"
    PROOF = "proof"
    SCORE = "score"
    WEIGHT = "weight"
    VERSION = "version"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Words:
    """The file as it is written."""

    roles: Mapping[str, tuple[str, ...]]
    numbered: tuple[str, ...]
    not_applicable: tuple[str, ...]
    worth: Mapping[str, tuple[str, ...]]
    default: tuple[Choice, ...] = field(default=())


@cache
def words() -> Words:
    """Return the vocabulary."""
    return plain.structure(plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name), Words, FILE.name)


@cache
def _roles() -> Mapping[str, Role]:
    found: dict[str, Role] = {}
    for name, its in words().roles.items():
        for word in its:
            found.setdefault(word, Role(name))
    return found


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(rf"^({'|'.join(words().numbered)}) ?(\d{{1,2}})$")


def role(tag: str) -> Role | None:
    """Return what a folded tag holds, None when no list knows it."""
    return Role.LEVEL if _numbered().match(tag) else _roles().get(tag)


def rung(tag: str) -> Decimal | None:
    """Return the place in the scale that a tag carries in its name (desc0, level 2), None when it carries none."""
    found = _numbered().match(tag)
    return Decimal(found[2]) if found else None


def known(tag: str) -> bool:
    """Tell whether some list knows a folded tag."""
    return role(tag) is not None


def is_not_applicable(text: Text) -> bool:
    """Tell whether a choice means that the question does not apply."""
    return any(fold(each).strip(" .") in words().not_applicable for each in (text.fr, text.en) if each)


def worth(text: Text) -> Decimal | None:
    """Return what the words of a choice say it is worth, None when they do not say it."""
    for value, its in words().worth.items():
        for said in (text.fr, text.en):
            folded = fold(said).strip(" .!")
            if folded and (folded in its or any(re.match(rf"{re.escape(word)}[\s,.:;(]", folded) for word in its)):
                return Decimal(value)
    return None


def default_scale() -> tuple[Choice, ...]:
    """Return the scale given to a question that has none, from worst to best."""
    return words().default
