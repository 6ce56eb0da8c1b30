"""Sentences of the core, set for paper: an amount becomes money, a note a number with its decimals."""

from decimal import Decimal

from egide.message import Message
from egide.report.papers.typography import Setter

MONEY = frozenset({"amount", "price"})
"""The places of a sentence that hold amounts; every other number is a note or a weight."""


def said(setter: Setter, sentence: Message, currency: str = "EUR") -> str:
    """Return a sentence with its figures set in the manner of the language."""
    return setter.say(_set(setter, sentence, currency))


def _set(setter: Setter, sentence: Message, currency: str) -> Message:
    return Message(
        sentence.text, {name: _value(setter, name, value, currency) for name, value in sentence.values.items()}
    )


def _value(setter: Setter, name: str, value: object, currency: str) -> object:
    match value:
        case Decimal():
            return setter.money(value, currency) if name in MONEY else note(setter, value)
        case Message():
            return _set(setter, value, currency)
        case tuple() | list():
            return tuple(_value(setter, name, each, currency) for each in value)
        case _:
            return value


def note(setter: Setter, value: Decimal) -> str:
    """Return a note or a weight: a whole number as it is, any other with two decimals."""
    return setter.number(value, 0 if value == value.to_integral_value() else 2)
