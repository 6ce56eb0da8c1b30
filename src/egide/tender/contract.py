"""What the contract texts need besides the clauses: the processing of personal data, penalties, audits, notices.

The fixed texts of the tender documents are data too: clauses made of passages, each kept when what it speaks of is in the
consultation. A default that no text imposes is a choice of Égide, which the documents mark as such.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from egide.clausier.model import PLACE, Reference
from egide.message import Text


@dataclass(frozen=True)
class Processing:
    """The processing sheet of RGPD article 28(3), written by the hospital before publication."""

    purpose: str
    nature: str = ""
    data: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    duration: str = ""
    recipients: tuple[str, ...] = ()
    transfers: str = ""
    controller: str = ""
    dpo: str = ""
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Penalty:
    """A penalty: `amount` in euros for each `unit` of what is not done."""

    subject: str
    amount: Decimal
    unit: str = ""
    points: tuple[str, ...] = ()


CEILING = Decimal(10)
"""The ceiling of penalties of the CCAG-TIC, in percent of the amount: another one is a derogation."""


@dataclass(frozen=True)
class Contract:
    """The parameters of the contract texts."""

    start: date | None = None
    months: int = 0
    renewals: int = 0
    incident_notice_hours: int = 24
    audits_per_year: int = 1
    audit_notice_days: int = 15
    penalty_ceiling_percent: Decimal = CEILING
    penalties: tuple[Penalty, ...] = field(default_factory=tuple)


# ------------------------------------------------------------------------------------------- the texts of the documents
class Document(StrEnum):
    """The documents of a consultation that are made of clauses."""

    RC = "rc"
    CCTP = "cctp"
    CCAP = "ccap"
    GDPR = "gdpr"


class Shape(StrEnum):
    """How a passage is set: `blank` is for the hospital to write, `table` names a table made from the consultation."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    REMARK = "remark"
    BLANK = "blank"
    TITLE = "title"
    TABLE = "table"


@dataclass(frozen=True)
class Passage:
    """A piece of a clause, with places in braces; kept when all of `when` holds and nothing of `unless`."""

    text: Text = Text()
    shape: Shape = Shape.PARAGRAPH
    table: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derogation:
    """What a clause changes of the CCAG-TIC: the article derogated from, and in what; `seen` or `to_check`."""

    article: str
    subject: Text
    seen: date | None = None
    to_check: bool = False
    source: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """A clause of a document, with the texts it rests on and what it derogates from."""

    id: str
    document: Document
    title: Text
    passages: tuple[Passage, ...]
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    derogations: tuple[Derogation, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Texts:
    """The fixed texts of the tender documents, of one version."""

    version: str
    clauses: tuple[Clause, ...]


Part = TypeVar("Part", Clause, Passage, Derogation)


def chosen(texts: Texts, document: Document, facts: Collection[str]) -> list[Clause]:
    """Return the clauses of a document that `facts` call for, their passages and derogations narrowed to the same."""
    return [
        replace(
            clause,
            passages=tuple(_kept(clause.passages, facts)),
            derogations=tuple(_kept(clause.derogations, facts)),
        )
        for clause in _kept(texts.clauses, facts)
        if clause.document is document
    ]


def _kept(parts: Iterable[Part], facts: Collection[str]) -> Iterable[Part]:
    return (part for part in parts if set(part.when) <= set(facts) and not set(part.unless) & set(facts))


def derogations(clauses: Iterable[Clause]) -> list[tuple[int, Clause, Derogation]]:
    """Return what numbered clauses derogate from: the number of the clause, the clause, the derogation."""
    return [
        (number, clause, derogation) for number, clause in enumerate(clauses, 1) for derogation in clause.derogations
    ]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with its places filled. Raises KeyError on a place that nobody knows."""
    return PLACE.sub(lambda found: values[found[1]], text)
