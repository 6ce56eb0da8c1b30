"""What one letter to one tenderer may say, and nothing else: a document made from it cannot tell more (R44).

What is told of the winning bid is its name, its notes by published criterion, its total and, on request, its whole price:
the ranking, notes and name suffice as reasons (CE, 15 February 2013, n° 363854), the whole price is among what may be
told and the detailed price is not (CE, 30 March 2016, n° 375529; L2132-1). What evaluators wrote in their own words is
never told: it may speak of others.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from egide.message import Message, Text
from egide.tender.model import BidClass


class Kind(StrEnum):
    """The letters of a procedure."""

    REGULARISATION = "regularisation"
    JUSTIFICATION = "justification"
    PROOFS = "proofs"
    CANDIDACY = "candidacy"
    REJECTION = "rejection"
    AWARD = "award"
    NO_AWARD = "no_award"
    REASONS = "reasons"


@dataclass(frozen=True)
class Part:
    """What a bid earned on a criterion or, in `parts`, on a sub-criterion: points out of `weight`."""

    title: Text | str
    earned: Decimal
    weight: Decimal
    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True)
class Told:
    """What is told of a bid. `price` is its whole price, None where it is not told."""

    name: Message
    rank: int | None
    total: Decimal
    parts: tuple[Part, ...] = ()
    price: Decimal | None = None


@dataclass(frozen=True)
class Excluded:
    """A bid out of the ranking, with the reason that a person gave of it."""

    name: Message
    bid_class: BidClass
    reason: str


@dataclass(frozen=True)
class Lost:
    """A point on which the bid has not the best level, and what this cost: weight x difference of worth."""

    point: str
    title: Text | str
    level: Text
    cost: Decimal
    bid: Message | None = None
    """Which bid, when the tenderer has several on the lot."""


@dataclass(frozen=True)
class Asked:
    """Something that a tenderer must send or do, by when, and the points that it concerns."""

    what: str
    deadline: datetime
    points: tuple[tuple[str, Text | str], ...] = ()


@dataclass(frozen=True)
class Letter:
    """One letter. What its kind does not need stays empty."""

    kind: Kind
    tenderer: str
    lot: str
    on: date
    formalised: bool = True
    reason: str = ""
    """What the buyer decided and wrote to this tenderer, or to all when the lot is not awarded."""
    late: tuple[datetime, datetime] | None = None
    """When a bid that came too late was received, and the deadline."""
    gone: Text | None = None
    """Why this tenderer, first retained, could not go on."""
    own: tuple[Told, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    lost: tuple[Lost, ...] = ()
    ranked: int = 0
    """How many bids the ranking of the lot holds."""
    winner: str = ""
    best: Told | None = None
    """The winning bid, where its characteristics and advantages may be told."""
    first_day: date | None = None
    """The first day on which the buyer may sign; None where the law asks for none."""
    asked: tuple[Asked, ...] = ()
    amount: Decimal | None = None
    requested_on: date | None = None
    """The day on which the tenderer asked for reasons."""
    ending: str = ""
    """How a lot ended without an award."""

    @property
    def name(self) -> str:
        """Return the name of its file, without its ending."""
        return f"lettre-{FILES[self.kind]}-{self.lot}-{self.tenderer}"


FILES = {
    Kind.REGULARISATION: "regularisation",
    Kind.JUSTIFICATION: "justification-prix",
    Kind.PROOFS: "justificatifs",
    Kind.CANDIDACY: "rejet-candidature",
    Kind.REJECTION: "rejet",
    Kind.AWARD: "attribution",
    Kind.NO_AWARD: "non-attribution",
    Kind.REASONS: "motifs",
}
