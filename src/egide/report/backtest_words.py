"""The words of a back-test: figures in their unit, as they are read in a table, a picture and a sentence."""

from decimal import ROUND_HALF_UP, Decimal

from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import between, compact
from egide.risk.outcome import Line, Verdict
from egide.risk.published import Figure, Unit

FIGURES = 3
"""Significant digits of what the model gives."""


def value(setter: Setter, unit: Unit, number: Decimal) -> str:
    """Return a number in its unit, to the digits that it has."""
    match unit:
        case Unit.COUNT:
            return setter.number(number.quantize(Decimal(1), ROUND_HALF_UP), 0)
        case Unit.SHARE:
            return setter.say(message("{value} %", value=setter.number(number * 100, None)))
        case Unit.RANK:
            return f"P{setter.number(number * 100, None)}"
        case Unit.DAYS:
            return setter.say(message("{value} jours", value=setter.number(number, None)))
        case Unit.EUROS:
            return compact(setter, float(number))


def published(setter: Setter, figure: Figure) -> str:
    """Return what was published: a value, or a range."""
    return _ends(setter, figure.unit, figure.published[0], figure.published[-1])


def modelled(setter: Setter, figure: Figure, line: Line) -> str:
    """Return the median of the model."""
    return value(setter, figure.unit, short(line.found.modelled))


def interval(setter: Setter, figure: Figure, line: Line) -> str:
    """Return the 90 % interval of the model."""
    return _ends(setter, figure.unit, short(line.found.low), short(line.found.high))


def verdict(line: Line) -> Message:
    """Return the verdict in words, with "by a hair" where it is so."""
    if not line.by_a_hair:
        return line.verdict.said
    inside = line.verdict is Verdict.INSIDE
    return message("dans l'intervalle, de peu") if inside else message("hors de l'intervalle, de peu")


def short(number: Decimal) -> Decimal:
    """Return a number to `FIGURES` significant digits, whole numbers kept whole."""
    if not number:
        return Decimal(0)
    return number.quantize(Decimal(1).scaleb(min(number.adjusted() - FIGURES + 1, 0)), ROUND_HALF_UP).normalize()


def _ends(setter: Setter, unit: Unit, low: Decimal, high: Decimal) -> str:
    if low == high:
        return value(setter, unit, low)
    if unit is Unit.EUROS:
        return between(setter, (float(low), float(high)), figures=FIGURES)
    if unit in {Unit.SHARE, Unit.DAYS}:
        factor = 100 if unit is Unit.SHARE else 1
        bare = setter.number(low * factor, None)
        return setter.say(message("{low} à {high}", low=bare, high=value(setter, unit, high)))
    return setter.say(message("{low} à {high}", low=value(setter, unit, low), high=value(setter, unit, high)))
