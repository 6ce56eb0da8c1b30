"""The price schedule of a consultation: its lines and quantities as published, and how a total follows from unit prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property


class Period(StrEnum):
    """How often a line is paid over the duration."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class ScheduleLine:
    """A published line (BPU) with its estimated quantity (DQE); `optional` lines are shown apart, never in the total.

    `lots` empty means every lot; `months` 0 means the duration of the schedule; `group` gathers lines under a heading.
    """

    id: str
    title: str
    unit: str = ""
    quantity: Decimal = Decimal(1)
    period: Period = Period.ONCE
    optional: bool = False
    lots: tuple[str, ...] = ()
    months: int = 0
    group: str = ""


@dataclass(frozen=True)
class Schedule:
    """The published schedule; the total of a bid is the sum of its lines that are not optional, over `months`."""

    lines: tuple[ScheduleLine, ...] = ()
    months: int = 0

    @cached_property
    def line(self) -> Mapping[str, ScheduleLine]:
        """Return the lines by identifier."""
        return {line.id: line for line in self.lines}

    def of_lot(self, lot: str) -> tuple[ScheduleLine, ...]:
        """Return the lines that a bid for this lot must price."""
        return tuple(line for line in self.lines if not line.lots or lot in line.lots)

    def times(self, line: ScheduleLine) -> Fraction:
        """Return how many times a line is paid: 1, its months, or its years."""
        months = line.months or self.months
        return {
            Period.ONCE: Fraction(1),
            Period.MONTH: Fraction(months),
            Period.YEAR: Fraction(months, 12),
        }[line.period]
