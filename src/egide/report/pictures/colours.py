"""The colours of the pictures. Each meaning is also written: a word, a letter or a number stands with every colour.

The hues of `HUES` and `LINE` are neither light nor dark: they stand out by 3 to 1 at least from a white page and from a
dark one, and black text is read on them by 4.5 to 1. Other texts take the colour of the page (`currentColor`).
"""

from dataclasses import dataclass
from decimal import Decimal

BLACK, WHITE = "#000000", "#ffffff"
TEXT = "currentColor"
LINE = "#808080"
HUES = ("#3d85c6", "#c8751a", "#35976a", "#a972cc", "#8a8a2a", "#d0619f", "#1f95a3")
"""For what has no order: criteria, bids. Taken again from the first after the last: a letter or a name tells them apart."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour of a heat map, and the ink that is read on it."""

    fill: str
    ink: str


FULL, HIGH, MIDDLE, LOW, NONE = (
    Shade("#08519c", WHITE),
    Shade("#6baed6", BLACK),
    Shade("#e8e8e8", BLACK),
    Shade("#fdae6b", BLACK),
    Shade("#d95f02", BLACK),
)
"""From a requirement that is met to one that is not: blue, grey, orange, which colour-blind readers tell apart."""
ALERT = Shade("#7f0000", WHITE)
UNKNOWN = Shade("none", TEXT)


def hue(n: int) -> str:
    """Return the colour of the n-th of things without order."""
    return HUES[n % len(HUES)]


def shade(value: Decimal) -> Shade:
    """Return the colour of a value from 0 to 1."""
    if value >= 1:
        return FULL
    if value >= Decimal("0.75"):
        return HIGH
    if value >= Decimal("0.5"):
        return MIDDLE
    return LOW if value > 0 else NONE
