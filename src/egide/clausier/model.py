"""The clausier: themes and control points, the native plain form of every clausier, ours or imported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from egide import plain
from egide.message import Language, Text


class Expects(StrEnum):
    """What a good answer is made of."""

    STATEMENT = "statement"
    VALUE = "value"
    DOCUMENT = "document"


class Depth(StrEnum):
    """The level of requirement from which a point is kept, from the lightest to the most demanding."""

    ESSENTIEL = "essentiel"
    STANDARD = "standard"
    RENFORCE = "renforce"


class AwardUse(StrEnum):
    """How the point serves the award, apart from whether it binds."""

    CANDIDACY = "candidacy"
    MINIMUM = "minimum"
    SCORED = "scored"
    MINIMUM_THEN_SCORED = "minimum_then_scored"
    NONE = "none"

    @property
    def scores(self) -> bool:
        """Whether the retained level earns points."""
        return self in {AwardUse.SCORED, AwardUse.MINIMUM_THEN_SCORED}

    @property
    def floors(self) -> bool:
        """Whether a retained level under the floor proposes the bid as irregular."""
        return self in {AwardUse.CANDIDACY, AwardUse.MINIMUM, AwardUse.MINIMUM_THEN_SCORED}


class IfBlank(StrEnum):
    """What a blank is worth, as published in the tender documents."""

    IRREGULAR = "irregular"
    ZERO = "zero"


class ProofKind(StrEnum):
    """What a proof is."""

    DOCUMENT = "document"
    EXTRACT = "extract"
    CERTIFICATE = "certificate"
    DEMONSTRATION = "demonstration"
    TEST = "test"
    DECLARATION = "declaration"


class Moment(StrEnum):
    """When a proof is asked for."""

    WITH_BID = "with_bid"
    FROM_PRESUMED_WINNER = "from_presumed_winner"
    AT_ACCEPTANCE = "at_acceptance"
    EACH_YEAR = "each_year"
    ON_REQUEST = "on_request"


class Responsible(StrEnum):
    """Who does what the point asks."""

    SUPPLIER = "supplier"
    HOSPITAL = "hospital"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold of the clause: its default, its unit, who may set it, and where the default comes from."""

    default: str
    unit: Text = Text()
    set_by: str = ""
    source: str = ""
    egide_default: bool = False
    """True when the default is a proposal of this project and comes from no published source."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level that can be retained: what is seen, and what it is worth from 0 to 1.

    `value` None means that the answer must be made precise before it can be retained.
    """

    code: str
    value: Decimal | None
    text: Text


@dataclass(frozen=True, slots=True)
class Proof:
    """An expected proof: what, when, and the roles that check it."""

    kind: ProofKind
    when: Moment
    what: Text
    checked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference at article level: either `seen` on a day, or `to_check`, never both."""

    text: str
    article: str = ""
    seen: date | None = None
    to_check: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """The contract side of a point: how it is followed up, and the penalty that may be set."""

    follow_up: Text = Text()
    penalty_hint: Text = Text()


DEFAULT_LEVELS = (
    Level("full", Decimal(1), Text("Exigence tenue.", "Requirement met.")),
    Level("partial", Decimal("0.5"), Text("Exigence tenue en partie.", "Requirement partly met.")),
    Level("below", Decimal(0), Text("Exigence non tenue.", "Requirement not met.")),
)

IRREGULAR = "irregular"
"""A level that may be retained for any point: a required piece is absent; worth nothing, proposes irregularity."""

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Point:
    """A control point.

    `facets` is the rule that makes it apply: a list of alternatives, each a mapping facet -> accepted values that
    must all be met; an empty list applies always. `levels` go from the best to the worst; "floor" is the least that
    a minimum accepts.
    """

    id: str
    text: Text
    title: Text = Text()
    xref: tuple[str, ...] = ()
    extra: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    facets: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    level: Depth = Depth.STANDARD
    expects: Expects = Expects.STATEMENT
    levels: tuple[Level, ...] = DEFAULT_LEVELS
    na_allowed: bool = True
    if_blank: IfBlank = IfBlank.ZERO
    award_use: AwardUse = AwardUse.SCORED
    weight: int = 1
    binding: Binding | None = None
    proofs: tuple[Proof, ...] = ()
    objects: tuple[str, ...] = ()
    family: str = ""
    measure: str = ""
    references: tuple[Reference, ...] = ()
    responsible: Responsible = Responsible.SUPPLIER
    why: Text = Text()
    how_to_prove: Text = Text()

    def wording(self, language: Language = "fr") -> str:
        """Return the clause with its thresholds written in."""
        return self.say(self.text, language)

    def say(self, text: Text, language: Language = "fr") -> str:
        """Return one of the point's own texts (a level, a proof) with its thresholds written in."""
        return filled(text.say(language), self.parameters)

    @cached_property
    def wording_digest(self) -> str:
        """Return the digest of the French wording, thresholds included: what an answer answers."""
        return plain.digest(" ".join(self.wording().split()))[:16]

    @cached_property
    def level_of(self) -> Mapping[str, Level]:
        """Return the levels by code."""
        return {level.code: level for level in self.levels}

    @cached_property
    def under_floor(self) -> frozenset[str]:
        """Return the codes of the levels under the floor; without a floor, those worth nothing."""
        codes = [level.code for level in self.levels]
        if "floor" in codes:
            return frozenset(level.code for level in self.levels[codes.index("floor") + 1 :] if level.value is not None)
        return frozenset(level.code for level in self.levels if level.value == 0)

    @cached_property
    def proposing(self) -> frozenset[str]:
        """Return the levels that, once retained, propose the bid as irregular."""
        return frozenset({IRREGULAR}) | (self.under_floor if self.award_use.floors else frozenset())


def filled(text: str, parameters: Mapping[str, Parameter]) -> str:
    """Return `text` with each {name} replaced by the value of that parameter."""
    return PLACE.sub(lambda found: parameters[found[1]].default if found[1] in parameters else found[0], text)


@dataclass(frozen=True)
class Theme:
    """A theme: what one evaluator reads. `readers` are the roles that read it first."""

    id: str
    title: Text
    points: tuple[Point, ...] = ()
    readers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clausier:
    """A versioned clausier; a shipped one and an imported one are the same to all that follow."""

    id: str
    version: str
    title: Text
    themes: tuple[Theme, ...]
    format: int = 1
    published: date | None = None
    licence: str = ""
    source: str = ""

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """Return the points by identifier, in the order of the themes."""
        return {point.id: point for theme in self.themes for point in theme.points}

    @cached_property
    def theme_of(self) -> Mapping[str, Theme]:
        """Return the theme of each point identifier."""
        return {point.id: theme for theme in self.themes for point in theme.points}

    @cached_property
    def digest(self) -> str:
        """Return the digest of the whole clausier."""
        return plain.digest(self)
