"""The price schedule of a consultation: its lines and quantities as published, and how a total follows from unit prices.

Each line is rounded to the cent, half up, as on a buyer's paper schedule; totals add rounded lines, so that they can be
added again by hand. This is the only rounding before a ranking, and it is published with the schedule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import floor


class Period(StrEnum):
    """How often a line is paid over the duration."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


class Prevails(StrEnum):
    """Which paper holds when two of them give different unit prices."""

    BPU = "bpu"
    DQE = "dqe"


@dataclass(frozen=True)
class ScheduleLine:
    """A published line (BPU) with its estimated quantity (DQE); `optional` lines are shown apart, never in the total.

    `lots` empty means every lot; `months` 0 means the duration of the schedule; `group` gathers lines under a heading;
    a `discount` line is the only one whose unit price may be negative.
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
    discount: bool = False


@dataclass(frozen=True)
class Schedule:
    """The published schedule; the total of a bid is the sum of its lines that are not optional, over `months`."""

    lines: tuple[ScheduleLine, ...] = ()
    months: int = 0
    prevails: Prevails = Prevails.BPU

    @cached_property
    def line(self) -> Mapping[str, ScheduleLine]:
        """Return the lines by identifier."""
        return {line.id: line for line in self.lines}

    def of_lot(self, lot: str) -> tuple[ScheduleLine, ...]:
        """Return the lines that a bid for this lot must price."""
        return tuple(line for line in self.lines if not line.lots or lot in line.lots)

    def duration(self, line: ScheduleLine) -> int:
        """Return over how many months a line is paid."""
        return line.months or self.months

    def times(self, line: ScheduleLine) -> Fraction:
        """Return how many times a line is paid: 1, its months, or its years."""
        months = self.duration(line)
        return {
            Period.ONCE: Fraction(1),
            Period.MONTH: Fraction(months),
            Period.YEAR: Fraction(months, 12),
        }[line.period]

    def exact(self, line: ScheduleLine, unit_price: Decimal) -> Fraction:
        """Return unit price x published quantity x number of payments, before rounding."""
        return Fraction(unit_price) * Fraction(line.quantity) * self.times(line)

    def amount(self, line: ScheduleLine, unit_price: Decimal) -> Decimal:
        """Return what a line costs over the duration, to the cent."""
        return to_cent(self.exact(line, unit_price))


def grouped(lines: Sequence[ScheduleLine]) -> list[tuple[str, list[ScheduleLine]]]:
    """Return the lines by group, groups in the order of their first line."""
    groups: dict[str, list[ScheduleLine]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return list(groups.items())


def to_cent(value: Fraction) -> Decimal:
    """Return a value rounded to the cent, half away from zero, whatever its size."""
    cents = floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal((int(value < 0 and cents > 0), tuple(map(int, str(cents))), -2))
