"""The expected cost of incidents of each bid, as an evaluation keeps it: for information, or added to the price compared.

Plain values, made by `egide.risk` and shown from here, never computed again. Amounts are euros to the cent, over the
life of the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from egide.message import Text
from egide.tender.model import BidKey
from egide.tender.risk_terms import RiskUse


@dataclass(frozen=True)
class Span:
    """A mean over the draws of the parameters, and its interval at 90 % (5 % below, 5 % above)."""

    mean: Decimal
    low: Decimal
    high: Decimal

    @property
    def around_zero(self) -> bool:
        """Whether zero is inside the interval: the model then does not separate the two sides of a difference."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True)
class Line:
    """A part of a difference, attributed to a control point and so to the measure that it feeds."""

    point: str
    measure: str
    share: Span


@dataclass(frozen=True)
class Explained:
    """The difference of cost between two bids, `dearer` less `other` on the same draws, and what it is attributed to.

    `lines` are all the points, the largest first: they add up to the mean of the difference, to the cent.
    `above` is the share of the draws in which the difference is positive: never to be shown as a certainty.
    """

    other: BidKey
    difference: Span
    lines: tuple[Line, ...]
    measures: Mapping[str, Span] = field(default_factory=dict)
    """The same, by measure, the largest first: they add up to the same mean."""
    transfer: Span | None = None
    """What penalties and insurance would change of the difference; beside it, never in it."""


@dataclass(frozen=True)
class BidCost:
    """The cost of a bid; it depends on that bid alone."""

    key: BidKey
    cost: Span
    scenarios: Mapping[str, Span]
    heads: Mapping[str, Span]
    levels: Mapping[str, Span]
    """The level of each measure, from 0 to 1: an accepted N/A depends on the average, hence an interval."""
    proven: int
    declared: int
    blank: int
    """How many points were retained with a proof seen, on a declaration alone, or not retained at all."""
    not_applicable: int = 0
    care_days: Span | None = None
    """Care days lost or postponed; never added to euros."""
    transfer: Span | None = None
    added: Decimal = Decimal(0)
    """What the price criterion adds to the price, after the cap; zero when the cost is an information."""
    explained: Explained | None = None
    """The difference with the bid that the lot is compared with, None for that bid itself."""


@dataclass(frozen=True)
class Landmarks:
    """Three suppliers that do not exist: one at the average of hospitals, one that proved all, one that answered nothing."""

    reference: Span
    proven: Span
    blank: Span


@dataclass(frozen=True)
class Ranks:
    """The ranking of a lot under another amount: first rank first, equal bids together."""

    without: tuple[BidKey, ...]
    low: tuple[BidKey, ...]
    mean: tuple[BidKey, ...]
    high: tuple[BidKey, ...]

    @property
    def changes(self) -> bool:
        """Whether the winner is another one without the cost."""
        return self.without[:1] != self.mean[:1]

    @property
    def uncertain(self) -> bool:
        """Whether the winner changes inside the interval: the criterion decides, the model does not prove."""
        return len({self.low[:1], self.mean[:1], self.high[:1]}) > 1


@dataclass(frozen=True)
class LotCost:
    """The costs of a lot, in the order of the keys of its bids. `order_of_magnitude`: one significant figure only."""

    lot: str
    costs: tuple[BidCost, ...]
    landmarks: Landmarks
    points: Mapping[str, str]
    """The points counted, by identifier, with the measure that each feeds."""
    without_effect: tuple[str, ...] = ()
    """The points that feed a measure on which no scenario of this purchase depends."""
    scenarios: tuple[str, ...] = ()
    order_of_magnitude: bool = False
    compared_with: BidKey | None = None
    ranks: Ranks | None = None
    """Only when the cost is a criterion."""
    cap: Decimal | None = None
    worth: tuple[Line, ...] = ()
    """What each point is worth: its part of what separates nothing answered from all proven, adding up to it."""

    def of(self, key: BidKey) -> BidCost | None:
        """Return the cost of a bid."""
        return next((each for each in self.costs if each.key == key), None)


@dataclass(frozen=True)
class RiskCost:
    """The cost of every lot that has one, what it was computed with, and every parameter that was overridden."""

    lots: tuple[LotCost, ...]
    use: RiskUse
    library: str
    draws: int
    seed: int
    credit: Decimal
    years: Decimal
    overrides: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)
    """What each scenario counted is called."""

    def of_lot(self, lot: str) -> LotCost | None:
        """Return the costs of a lot."""
        return next((each for each in self.lots if each.lot == lot), None)
