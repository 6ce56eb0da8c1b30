"""What a consultation is made of: the values that `evaluate` reads. Money and marks are Decimal made from text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from egide.clausier.model import AwardUse, Depth, IfBlank
from egide.tender.contract import Contract, Processing
from egide.tender.essential import Essential
from egide.tender.parties import Certificate, Group, Member, RequiredCertificate, Subcontractor
from egide.tender.procedure.journal import Declaration
from egide.tender.risk_terms import RiskTerms
from egide.tender.schedule import Schedule


# ------------------------------------------------------------------------------------------------------- what is bought
@dataclass(frozen=True)
class Buyer:
    """The buyer; in a GHT, the support establishment."""

    name: str
    siret: str = ""
    address: str = ""


@dataclass(frozen=True)
class Purchase:
    """The facets of the purchase; `level` empty follows from the facets; `covered` is what a framework settles."""

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    level: Depth | None = None
    covered: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClausierChoice:
    """The clausier of the tender: one of ours by `id`, or a `file` enclosed in the folder."""

    id: str = ""
    file: str = ""


@dataclass(frozen=True)
class PointUse:
    """What the tender changes of a point before publication; None leaves what the clausier says.

    `lots` names the only lots that the point concerns; empty means all.
    """

    keep: bool | None = None
    lots: tuple[str, ...] = ()
    award_use: AwardUse | None = None
    weight: int | None = None
    if_blank: IfBlank | None = None
    na_allowed: bool | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lot:
    """A lot; `budget` is what was recorded before the launch, `maximum` that of a framework agreement."""

    id: str
    title: str = ""
    budget: Decimal | None = None
    budget_recorded_on: date | None = None
    credits_announced: bool = False
    """Whether the credits were told to the candidates: a framework agreement may then find a price unacceptable."""
    estimate: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Procedure(StrEnum):
    """The procedures of the code, as the buyer names them."""

    OPEN = "open"
    RESTRICTED = "restricted"
    NEGOTIATED = "negotiated"
    DIALOGUE = "dialogue"
    ADAPTED = "adapted"
    DIRECT = "direct"


@dataclass(frozen=True)
class Allotment:
    """Why a consultation has no lots (L2113-11), and the limits on the lots of one tenderer (L2113-10)."""

    reason: str = ""
    most_tendered: int = 0
    most_awarded: int = 0
    order: tuple[str, ...] = ()
    """The order in which lots are awarded when a tenderer reaches the limit; published."""


@dataclass(frozen=True)
class Round:
    """A round after the first: its deadline, and whether offers must be complete (else they complete the earlier ones)."""

    number: int
    title: str = ""
    deadline: datetime | None = None
    complete: bool = False


@dataclass(frozen=True)
class Tenderer:
    """A tenderer, a company or a group of them; `lots` empty means every lot. `siret` is that of the mandataire."""

    id: str
    name: str = ""
    siret: str = ""
    lots: tuple[str, ...] = ()
    group: Group = Group.NONE
    members: tuple[Member, ...] = ()
    subcontractors: tuple[Subcontractor, ...] = ()
    certificates: tuple[Certificate, ...] = ()


class Kind(StrEnum):
    """Where the note of a criterion comes from."""

    PRICE = "price"
    CLAUSIER = "clausier"
    MARKED = "marked"
    COMPUTED = "computed"


@dataclass(frozen=True)
class SubCriterion:
    """A sub-criterion; under a clausier criterion it is fed by the points of its themes, families or list."""

    id: str
    weight: Decimal
    title: str = ""
    themes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """An award criterion, its published weight, and how its note is made on `scale`."""

    id: str
    weight: Decimal
    kind: Kind
    title: str = ""
    environmental: bool = False
    formula: str = "proportional"
    scale: Decimal = Decimal(100)
    subcriteria: tuple[SubCriterion, ...] = ()
    weight_range: tuple[Decimal, ...] = ()
    """The least and the most when a range of weights was published; `weight` is the one used, inside it."""


@dataclass(frozen=True)
class Evaluator:
    """A person or role that marks: the themes and criteria that it reads; neither means everything."""

    id: str
    role: str = ""
    themes: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tender:
    """A consultation as published. `sent_on` decides which rules apply, for ever."""

    title: str
    buyer: Buyer
    sent_on: date
    deadline: datetime
    criteria: tuple[Criterion, ...]
    tenderers: tuple[Tenderer, ...] = ()
    clausier: ClausierChoice = ClausierChoice()
    format: int = 1
    formalised: bool = True
    currency: str = "EUR"
    language: str = "fr"
    purchase: Purchase = Purchase()
    points: Mapping[str, PointUse] = field(default_factory=dict)
    lots: tuple[Lot, ...] = ()
    ties: tuple[str, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    variants_allowed: bool = False
    double_reading: bool = False
    """Whether each point must be marked by all who read it; until then their marks stay hidden from each other."""
    reference: str = ""
    """The number that the buyer gives to the consultation."""
    procedure: Procedure | None = None
    """None follows from `formalised`: open, or adapted."""
    negotiation: bool = False
    """Whether a negotiation was announced."""
    framework: bool = False
    """Whether it is a framework agreement (accord-cadre), which needs a maximum."""
    estimate: Decimal | None = None
    """Over the whole duration and all lots, excluding tax."""
    allotment: Allotment = Allotment()
    rounds: tuple[Round, ...] = ()
    schedule: Schedule = Schedule()
    contract: Contract = Contract()
    processing: tuple[Processing, ...] = ()
    certificates: tuple[RequiredCertificate, ...] = ()
    essential: Essential | None = None
    """What the buyer alone knows of the essential data to be published."""
    weights_published: bool = True
    """Whether the weights are in the tender documents; an adapted procedure may do without."""
    conditions_of_use: str = ""
    """How the criteria are used, as published, when the weights are not."""
    reduction_announced: bool = False
    """Whether the notice said that the number of solutions or bids would be reduced in phases."""
    participants_minimum: int = 0
    """The least number of participants announced, 0 when none was."""
    risk: RiskTerms | None = None
    """How the expected cost of incidents is counted and used; None when it is not."""

    @property
    def kind(self) -> Procedure:
        """Return the procedure followed."""
        return self.procedure or (Procedure.OPEN if self.formalised else Procedure.ADAPTED)

    @cached_property
    def tenderer(self) -> Mapping[str, Tenderer]:
        """Return the tenderers by identifier."""
        return {tenderer.id: tenderer for tenderer in self.tenderers}


# --------------------------------------------------------------------------------------------------------- what came in
@dataclass(frozen=True, order=True)
class BidKey:
    """One bid: a tenderer, a lot, the base (variant 0) or a variant, a round."""

    tenderer: str
    lot: str
    variant: int = 0
    round: int = 1


class Declared(StrEnum):
    """What a tenderer says of a point."""

    YES = "yes"
    NO = "no"
    PARTIAL = "partial"
    DESCRIBED = "described"
    NA = "na"
    BLANK = "blank"


class Condition(StrEnum):
    """What a tenderer's answer hangs on."""

    NONE = "none"
    RESERVE = "reserve"
    FUTURE = "future"
    PAID_OPTION = "paid_option"
    CUSTOMER_DEPENDENCY = "customer_dependency"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where in the bid the answer is written."""

    document: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A declared answer: never scored, only a help to the evaluator.

    `raw` is what the sheet said, `place` where (Feuille1!E12), `wording` the digest of the wording that the sheet
    carried, empty if it carried none.
    """

    point: str
    declared: Declared
    condition: Condition = Condition.NONE
    pointer: Pointer | None = None
    comment: str = ""
    proof: str = ""
    file: str = ""
    place: str = ""
    raw: str = ""
    wording: str = ""


@dataclass(frozen=True)
class PriceLine:
    """One line of a price: `amount` is what the line costs over the duration.

    A line of the published schedule has its `id`, the unit price offered and the quantity counted.
    """

    label: str
    amount: Decimal
    id: str = ""
    unit_price: Decimal | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Price:
    """The price compared, excluding tax, in the currency of the tender, and where it was read.

    `options` (PSE) stand apart: they are never in `total`.
    """

    total: Decimal
    lines: tuple[PriceLine, ...] = ()
    options: tuple[PriceLine, ...] = ()
    file: str = ""
    place: str = ""


@dataclass(frozen=True)
class SourceFile:
    """A file that was read, by its path in the folder and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Bid:
    """A bid as read: declared answers by point, price, files."""

    key: BidKey
    answers: Mapping[str, Answer] = field(default_factory=dict)
    price: Price | None = None
    files: tuple[SourceFile, ...] = ()
    added: Decimal = Decimal(0)
    """A cost borne by the buyer that a price criterion adds to the price, as published: it is no part of the price."""

    @property
    def compared(self) -> Decimal | None:
        """Return the amount that a price criterion compares, None without a price."""
        return None if self.price is None else self.price.total + self.added


# ------------------------------------------------------------------------------------------------------- what people say
class Acceptance(StrEnum):
    """What an evaluator says of an answer "not applicable"."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PointMark:
    """The level that an evaluator retains for a point of a bid, with the reason and the proof seen."""

    evaluator: str
    bid: BidKey
    point: str
    level: str
    reason: str = ""
    proof_seen: str = ""
    na: Acceptance | None = None
    file: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class CriterionNote:
    """The note that an evaluator gives to a criterion (or sub-criterion) marked by hand, on the criterion's scale."""

    evaluator: str
    bid: BidKey
    criterion: str
    note: Decimal
    reason: str = ""
    subcriterion: str = ""
    file: str = ""
    place: str = ""


class BidClass(StrEnum):
    """The legal class of a bid (L2152-2 to L2152-4); the abnormally low price is a flag beside it."""

    REGULAR = "regular"
    IRREGULAR_PROPOSED = "irregular_proposed"
    IRREGULAR = "irregular"
    UNACCEPTABLE = "unacceptable"
    INAPPROPRIATE = "inappropriate"


@dataclass(frozen=True)
class Decision:
    """What a person decided on the class of a bid, when and why."""

    bid: BidKey
    bid_class: BidClass
    person: str
    decided_on: date
    reason: str
    draw: int = 0
    """The rank drawn by lot among equal bids, 0 when none was drawn."""
    file: str = ""
    place: str = ""


HARMONISED = "harmonisation"
"""The evaluator name of marks agreed together: they prevail over the marks of each."""


@dataclass(frozen=True)
class Marks:
    """All that evaluators and deciders wrote."""

    points: tuple[PointMark, ...] = ()
    notes: tuple[CriterionNote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    files: tuple[SourceFile, ...] = ()
    declarations: tuple[Declaration, ...] = ()


Computed = Mapping[str, Mapping[str, Decimal]]
"""Criterion -> tenderer -> note on the scale of the criterion, computed elsewhere from that bid alone."""
