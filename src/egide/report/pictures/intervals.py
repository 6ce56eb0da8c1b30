"""Quantities beside each other, each with the interval in which it lies: bars from zero, or dots where sizes differ much."""

from dataclasses import dataclass
from math import floor, log10

from egide.report.papers.typography import Setter
from egide.report.pictures.colours import LINE, TEXT, hue
from egide.report.pictures.picture import NARROW, SIZE, SMALL, Picture, Sheet, clean, fitted, length

BAR, GAP, TEXT_LINE, MARGIN = 16, 10, 18, 8
NAMES = 0.42
"""Share of a wide picture that names may take."""
CAP, DOT, THICK = 8, 5, 1.6
"""Height of the ends of an interval, half the side of a dot, thickness of the line of an interval."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named quantity, from `low` to `high` (both are its value when it is exact), and both in words.

    `cells` are what the table says of it after its name.
    """

    name: str
    value: float
    low: float
    high: float
    said: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intervals:
    """Quantities in the order to show; `head` names the columns of the table, `key` says how to read a bar.

    `full` is the end of the scale when it is known; `mark` a value to compare with and its name; `spread` asks for dots
    on a scale of ratios: a bar would lie there.
    """

    title: str
    said: str
    head: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    key: str = ""
    full: float = 0.0
    mark: tuple[float, str] | None = None
    spread: bool = False


def interval_bars(data: Intervals, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return a bar a quantity and the line of its interval, its name and its value written; `key` is unique on the page."""
    sheet = Sheet(key, width)
    place = _Place.of(data, width)
    top = float(MARGIN)
    if data.mark is not None:
        top = _mark(sheet, place, data.mark, len(data.quantities))
    for n, each in enumerate(data.quantities):
        _row(sheet, place, each, top + n * place.tall, data.spread)
    height = top + len(data.quantities) * place.tall
    if data.key:
        for said in _lines(data.key, width):
            height += TEXT_LINE
            sheet.text(0, height - 2, said, size=SMALL)
        height += MARGIN
    rows = tuple((each.name, *each.cells) for each in data.quantities)
    drawn = sheet.drawn(height, data.title, data.said)
    return Picture(drawn, data.title, data.said, data.head, rows, width, round(height))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where names, bars and values stand."""

    width: float
    names: float
    left: float
    right: float
    tall: float
    beside: bool
    least: float
    most: float
    spread: bool

    @classmethod
    def of(cls, data: Intervals, width: int) -> "_Place":
        beside = width > NARROW * 1.8
        every = data.quantities
        most = data.full or max((max(each.value, each.high) for each in every), default=0.0) or 1.0
        seen = [each for one in every for each in (one.low, one.value) if each > 0]
        least = min(seen, default=most / 10) if data.spread else 0.0
        if data.spread:
            least, most = 10.0 ** floor(log10(least)), most * 1.1
        if not beside:
            return cls(width, width, 2, width - 2, TEXT_LINE + BAR + GAP, beside, least, most, data.spread)
        names = min(width * NAMES, MARGIN + max((length(clean(each.name), SIZE) for each in every), default=0.0))
        values = MARGIN + max((length(clean(each.said), SMALL) for each in every), default=0.0)
        return cls(width, names, names, width - values, BAR + GAP, beside, least, most, data.spread)

    def across(self, value: float) -> float:
        """Return where a value stands."""
        if self.spread:
            part = log10(max(value, self.least) / self.least) / log10(self.most / self.least)
        else:
            part = value / self.most
        return self.left + (self.right - self.left) * min(max(part, 0.0), 1.0)


def _mark(sheet: Sheet, place: _Place, mark: tuple[float, str], count: int) -> float:
    """Draw what quantities are compared with, its name above it; return where the first quantity begins."""
    value, name = mark
    x, top = place.across(value), TEXT_LINE + MARGIN
    half = length(clean(name), SMALL) / 2
    sheet.text(min(max(x, half), place.width - half), SMALL, name, size=SMALL, anchor="middle")
    sheet.curve([(x, SMALL + 4), (x, top + count * place.tall - GAP)], LINE, 1.2, "4 3")
    return top


def _row(sheet: Sheet, place: _Place, each: Quantity, top: float, spread: bool) -> None:
    bar = top if place.beside else top + TEXT_LINE
    middle = bar + BAR / 2
    if place.beside:
        sheet.text(0, middle + 5, each.name, place.names - MARGIN)
        sheet.text(place.width, middle + 4, each.said, size=SMALL, anchor="end")
    else:
        room = length(clean(each.said), SMALL, bold=True) + MARGIN
        sheet.text(0, top + 13, each.name, place.width - room, size=SMALL)
        sheet.text(place.width, top + 13, each.said, size=SMALL, anchor="end", bold=True)
    x, low, high = (place.across(value) for value in (each.value, each.low, each.high))
    if spread:
        sheet.line((place.left, middle), (place.right, middle), width=0.5)
        sheet.box(x - DOT, middle - DOT, 2 * DOT, 2 * DOT, hue(0))
    elif each.value > 0:
        sheet.box(place.left, bar, max(x - place.left, 1.0), BAR, hue(0))
    sheet.line((place.left, bar - 2), (place.left, bar + BAR + 2), LINE, 1)
    if each.low != each.high:
        for end in (low, high):
            sheet.line((end, middle - CAP / 2), (end, middle + CAP / 2), TEXT, THICK)
        sheet.line((low, middle), (high, middle), TEXT, THICK)


def _lines(said: str, width: float) -> list[str]:
    """Return a text cut at its spaces so that each line stands in the width."""
    lines = [""]
    for word in clean(said).split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and fitted(longer, width, SMALL) != longer:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
