"""The journal of a procedure: what was done, when and by whom, besides what was published and what came in.

It is what the record of R2184-1 and the letters are made from, and what the rules of each step look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class Publication:
    """What was published: where, when, and the digest of the criteria, formula and clausier frozen that day (R19)."""

    on: date
    notice: str = ""
    digest: str = ""
    withdrawals: tuple[str, ...] = ()
    """Who withdrew the tender documents, to be told of any change."""


@dataclass(frozen=True)
class Amendment:
    """A change of the tender documents after publication; a substantial one moves the deadline."""

    on: date
    what: str
    substantial: bool = False
    told_on: date | None = None
    deadline: datetime | None = None
    digest: str = ""


@dataclass(frozen=True)
class Question:
    """A question of a tenderer; the answer goes to all at the same instant, and never says who asked (R63)."""

    id: str
    received_on: datetime
    text: str
    asked_by: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    to: tuple[str, ...] = ()
    """Who received the answer; empty: everybody."""
    substantial: bool = False


@dataclass(frozen=True)
class Declaration:
    """What an evaluator declares of its interests before any bid is opened to it (R32); `lots` empty means all."""

    evaluator: str
    on: date
    conflict: bool
    lots: tuple[str, ...] = ()
    nature: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Deposit:
    """A line of the register of deposits. The end of the upload decides lateness, its start the safety copy."""

    tenderer: str
    ended_at: datetime
    lots: tuple[str, ...] = ()
    number: str = ""
    started_at: datetime | None = None
    opened: bool = True
    why: str = ""
    """Why it was not opened, or was although late."""
    decided_by: str = ""


class Order(StrEnum):
    """What is examined first; chosen and published (R14)."""

    CANDIDACIES = "candidacies"
    OFFERS = "offers"


@dataclass(frozen=True)
class Opening:
    """The opening of the bids."""

    at: datetime
    persons: tuple[str, ...] = ()
    order: Order = Order.CANDIDACIES
    order_published: bool = False
    """Whether the order was in the tender documents; offers first needs it."""


@dataclass(frozen=True)
class Candidacy:
    """What was decided of a candidacy."""

    tenderer: str
    admitted: bool
    on: date
    reason: str = ""
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Regularisation:
    """A request to regularise a bid (R2152-2). `price_after` differs only for a material error, with its evidence."""

    tenderer: str
    lot: str
    what: str
    asked_on: date
    deadline: datetime
    variant: int = 0
    round: int = 1
    points: tuple[str, ...] = ()
    answered_at: datetime | None = None
    answer: str = ""
    accepted: bool | None = None
    price_before: Decimal | None = None
    price_after: Decimal | None = None
    material_error: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class Justification:
    """A request to justify a price that seems abnormally low (L2152-6), its answer and what was made of it."""

    tenderer: str
    lot: str
    asked_on: date
    deadline: datetime
    variant: int = 0
    round: int = 1
    answered_at: datetime | None = None
    answer: str = ""
    analysis: str = ""
    accepted: bool | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Negotiation:
    """A round of negotiation or of dialogue: who was invited, when, and what was said that all may know."""

    round: int
    on: date
    lots: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    summary: str = ""
    why: str = ""
    """Why fewer were invited than the minimum announced (R2161-27)."""


@dataclass(frozen=True)
class Trial:
    """A demonstration or trial: its grid is published before, the same for all, and signed by users (R64)."""

    lot: str
    on: date
    tenderers: tuple[str, ...] = ()
    grid_published_on: date | None = None
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Award:
    """The decision to award a lot. `reason` is due when it is not the first of the ranking."""

    lot: str
    tenderer: str
    on: date
    by: str
    variant: int = 0
    round: int = 1
    reason: str = ""
    amount: Decimal | None = None
    subcontracted: str = ""


@dataclass(frozen=True)
class Proof:
    """A proof asked of the presumed winner alone (R45)."""

    tenderer: str
    lot: str
    what: str
    asked_on: date
    deadline: datetime
    received_on: date | None = None
    valid_until: date | None = None
    accepted: bool | None = None


class LetterKind(StrEnum):
    """The letters of the end of a procedure."""

    REJECTION = "rejection"
    AWARD = "award"
    NO_AWARD = "no_award"
    REASONS = "reasons"


@dataclass(frozen=True)
class Sent:
    """A letter that was sent; `electronic` decides the standstill."""

    tenderer: str
    lot: str
    kind: LetterKind
    on: date
    electronic: bool = True


@dataclass(frozen=True)
class ReasonsRequest:
    """A request of reasons by a rejected tenderer, to be answered within fifteen days (R2181-4)."""

    tenderer: str
    lot: str
    received_on: date
    answered_on: date | None = None


class Outcome(StrEnum):
    """What the judge decided of a référé; only the first two let the buyer sign."""

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RESUME = "resume"
    """The procedure is taken again from a step that the judge names."""
    ANNULLED = "annulled"


@dataclass(frozen=True)
class Referral:
    """A référé: the contract cannot be signed until its decision is notified (L551-4 CJA). `lot` empty means all."""

    lot: str
    received_on: date
    notified_on: date | None = None
    outcome: Outcome | None = None


class Ending(StrEnum):
    """How a lot ends without an award."""

    SANS_SUITE = "sans_suite"
    INFRUCTUEUX = "infructueux"


@dataclass(frozen=True)
class NoAward:
    """The decision not to award a lot: a reason, and everybody is told (R65)."""

    lot: str
    kind: Ending
    reason: str
    on: date
    by: str
    told_on: date | None = None


class Cause(StrEnum):
    """Why a winner cannot go on."""

    FORCE_MAJEURE = "force_majeure"
    FORTUITOUS = "fortuitous"
    PROOFS = "proofs"


@dataclass(frozen=True)
class Withdrawal:
    """A winner who cannot go on after the award: fortuitous event or force majeure (R2181-7), or proofs not given (R45)."""

    lot: str
    tenderer: str
    on: date
    cause: Cause
    evidence: str = ""


@dataclass(frozen=True)
class Signature:
    """The signature of the contract of a lot and its notification."""

    lot: str
    on: date
    by: str
    notified_on: date | None = None
    data_on: date | None = None
    """The day on which the essential data were published."""


@dataclass(frozen=True)
class Item:
    """An item of the record of R2184-1 to -4: filled, or said to have no object with the reason."""

    text: str = ""
    none: str = ""
    """Why the item has no object."""


@dataclass(frozen=True)
class Journal:
    """All that happened, in the order in which people wrote it."""

    format: int = 1
    publication: Publication | None = None
    sourcing: tuple[str, ...] = ()
    """Studies and meetings before the tender, and what was done so that nobody had an advantage (R2111-1)."""
    amendments: tuple[Amendment, ...] = ()
    questions: tuple[Question, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    opening: Opening | None = None
    candidacies: tuple[Candidacy, ...] = ()
    regularisations: tuple[Regularisation, ...] = ()
    justifications: tuple[Justification, ...] = ()
    negotiations: tuple[Negotiation, ...] = ()
    closed_on: date | None = None
    """The day on which the end of the negotiation or of the dialogue was told to those who remained (R2161-28)."""
    trials: tuple[Trial, ...] = ()
    awards: tuple[Award, ...] = ()
    proofs: tuple[Proof, ...] = ()
    intention_notice: date | None = None
    """The voluntary notice of an adapted procedure (L551-15 CJA, R62)."""
    sent: tuple[Sent, ...] = ()
    reasons: tuple[ReasonsRequest, ...] = ()
    referrals: tuple[Referral, ...] = ()
    no_awards: tuple[NoAward, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    signatures: tuple[Signature, ...] = ()
    record: Mapping[str, Item] = field(default_factory=dict)
    """Items of the record by the number of their article."""
