"""What a back-test found: beside each published figure what the model gives, its interval and the verdict.

Names, sources and reasons are those of `Published`; numbers only stand here, as they are stored.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from egide.message import Message, message
from egide.risk.published import Figure

DIGITS = 5
"""Significant digits that are kept: far more than the model is worth, few enough to be the same everywhere."""
NEAR = Decimal("0.03")
"""A verdict is by a hair when the nearest end of the interval is within this part of what was published."""


class Verdict(StrEnum):
    """Whether what was published lies in the interval of the model."""

    INSIDE = "inside"
    OUTSIDE = "outside"

    @property
    def said(self) -> Message:
        """Return the verdict in words."""
        return message("dans l'intervalle") if self is Verdict.INSIDE else message("hors de l'intervalle")


@dataclass(frozen=True)
class Modelled:
    """The median of the model and the ends of its 90 % predictive interval, rounded to `DIGITS` digits."""

    modelled: Decimal
    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal | None:
        """Return how many times the low end the high end is, None when the low end is 0."""
        return rounded(float(self.high / self.low)) if self.low else None

    def verdict(self, figure: Figure) -> Verdict:
        """Return whether the interval meets what was published."""
        low, high = figure.published[0], figure.published[-1]
        return Verdict.INSIDE if max(low, self.low) <= min(high, self.high) else Verdict.OUTSIDE

    def by_a_hair(self, figure: Figure) -> bool:
        """Return whether another seed, or another rounding of the published figure, could change the verdict."""
        low, high = figure.published[0], figure.published[-1]
        return abs(high - self.low) <= NEAR * high or abs(low - self.high) <= NEAR * low


def rounded(value: float) -> Decimal:
    """Return a number with `DIGITS` significant digits."""
    return Decimal(f"{value:.{DIGITS}g}").normalize()


@dataclass(frozen=True)
class Line:
    """A published figure, by its id, worked out by the model."""

    id: str
    found: Modelled
    verdict: Verdict
    by_a_hair: bool


@dataclass(frozen=True)
class Heavier:
    """The yearly loss of an establishment of a category, in EUR on average: usual, and in a year like 2021."""

    category: str
    usual: Decimal
    stressed: Decimal


@dataclass(frozen=True)
class BackTest:
    """What the model gives beside every published figure; names and sources are those of `Published`.

    `library` and `figures` are the digests of what was used. `revenue_share` is the loss of all hospitals on their
    revenue; `supplier_years` the share of years in which suppliers cause at least 40 % of reports.
    """

    library: str
    figures: str
    draws: int
    seed: int
    lines: tuple[Line, ...]
    supplier_years: Decimal
    stressed_ransomware: Modelled
    heavier: tuple[Heavier, ...]
    loss: Modelled
    stressed_loss: Modelled
    revenue_share: Decimal

    @property
    def missed(self) -> tuple[Line, ...]:
        """Return the lines outside."""
        return tuple(each for each in self.lines if each.verdict is Verdict.OUTSIDE)
