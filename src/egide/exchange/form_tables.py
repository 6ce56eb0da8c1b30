"""The tables of other people's forms (`data/*.yaml`): how each is known, and what its questions say of our points."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from egide import plain

DATA = Path(__file__).parent / "data"
FORMS = ("mds2", "hecvat")
_QUESTION = re.compile(r"^\W*([A-Za-z]{2,5})\s?[-‐‑–—_. ]\s?(\d{1,3}(?:\.\d{1,3}){0,3})\s*[.*:)]*\s*$")


class Says(StrEnum):
    """What an answer to one question is worth for a point: never a yes."""

    PARTIAL = "partial"
    DESCRIBED = "described"
    NO = "no"


@dataclass(frozen=True)
class Link:
    """Questions, the points about which they say something, and what: `inverse` when "no" is the favourable answer."""

    questions: tuple[str, ...]
    points: tuple[str, ...]
    yes: Says = Says.PARTIAL
    no: Says = Says.DESCRIBED
    inverse: bool = False


@dataclass(frozen=True)
class Edition:
    """One edition of a form: its families of questions, those that mark it, and its links."""

    id: str
    families: tuple[str, ...]
    links: tuple[Link, ...]
    marks: tuple[str, ...] = ()
    by_default: bool = False
    """The edition taken when no family marks one."""

    def links_of(self, question: str) -> tuple[Link, ...]:
        """Return what a question says of our points, by itself or as one of its family."""
        return (*self._links.get(question, ()), *self._links.get(f"{family(question)}-*", ()))

    @cached_property
    def _links(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, tuple[Link, ...]] = {}
        for link in self.links:
            for question in link.questions:
                name = question if question.endswith("-*") else key(question) or question
                found[name] = (*found.get(name, ()), link)
        return found


@dataclass(frozen=True)
class Form:
    """A form: how its columns are headed (folded patterns), the sheets without answers, its editions."""

    id: str
    name: str
    clausier: str
    seen: date
    answer: str
    note: str
    refused: str
    editions: tuple[Edition, ...]
    ignored: str = ""
    unseen: tuple[str, ...] = ()
    form_points: tuple[str, ...] = ()
    """The points that ask for the form itself."""

    @cached_property
    def families(self) -> frozenset[str]:
        """Return the families of all editions."""
        return frozenset(family for edition in self.editions for family in edition.families)


@cache
def forms() -> tuple[Form, ...]:
    """Return the tables of the known forms."""
    return tuple(
        plain.structure(plain.parse_yaml((DATA / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml"), Form, name)
        for name in FORMS
    )


def key(text: str) -> str | None:
    """Return a question identifier as it is compared, None for another text: COMP-01 and comp 1 are the same."""
    found = _QUESTION.match(text[:40]) if text else None
    if found is None:
        return None
    return f"{found[1].upper()}-{'.'.join(str(int(part)) for part in found[2].split('.'))}"


def family(question: str) -> str:
    """Return the family of a question identifier."""
    return question.partition("-")[0]
