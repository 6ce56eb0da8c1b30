"""Between which weights of each criterion the first offer stays first, with the weight that was published."""

from dataclasses import dataclass
from decimal import Decimal

from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import HUES, LINE, TEXT
from egide.report.pictures.picture import NARROW, NOTHING, SMALL, Picture, Sheet, listed, short

ROW, BAND, EDGE = 68, 14, 20
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Interval:
    """The weights of a criterion, in percent, from `low` to `high`, between which the first stays first.

    `low_by` and `high_by` are who would be first beyond each bound, "" when nobody would.
    """

    criterion: str
    weight: Decimal
    low: Decimal
    high: Decimal
    low_by: str = ""
    high_by: str = ""


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of all criteria of a lot; `first` is the offer that is first."""

    subject: str
    first: str
    criteria: tuple[Interval, ...]


def weight_intervals(data: Intervals, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return a band a criterion on a scale from 0 to 100 %, and a mark at the published weight; `key` is unique."""
    title = setter.say(message("Poids qui laissent « {first} » en tête – {lot}", first=data.first, lot=data.subject))
    sheet = Sheet(key, width)
    full = width - 2 * EDGE
    foot = len(data.criteria) * ROW
    for tick in TICKS:
        x = EDGE + full * tick / 100
        for n in range(len(data.criteria)):
            sheet.line((x, n * ROW + 36), (x, n * ROW + 58), width=0.6)
        sheet.text(x, foot + 14, _percent(setter, Decimal(tick)), size=SMALL, anchor="middle")
    for n, each in enumerate(data.criteria):
        _row(sheet, setter, each, n * ROW, full)
    head = (
        message("Critère"),
        message("Poids publié"),
        message("Reste en tête de"),
        message("jusqu'à"),
        message("Sous cette borne"),
        message("Au-delà"),
    )
    rows = tuple(
        (
            each.criterion,
            _percent(setter, each.weight),
            _percent(setter, each.low),
            _percent(setter, each.high),
            each.low_by or NOTHING,
            each.high_by or NOTHING,
        )
        for each in data.criteria
    )
    said = _said(data, setter)
    height = foot + 22
    return Picture(sheet.drawn(height, title, said), title, said, tuple(map(setter.say, head)), rows, width, height)


def _row(sheet: Sheet, setter: Setter, each: Interval, top: float, full: float) -> None:
    said = setter.say(_range(setter, each))
    sheet.text(EDGE, top + 14, each.criterion, full)
    sheet.text(EDGE, top + 29, said, full, size=SMALL)
    low, high, published = (EDGE + full * float(value) / 100 for value in (each.low, each.high, each.weight))
    y = top + 40
    sheet.line((EDGE, y + BAND / 2), (EDGE + full, y + BAND / 2), LINE, 1)
    sheet.box(low, y, max(high - low, 1), BAND, HUES[0])
    sheet.line((published, y - 5), (published, y + BAND + 5), TEXT, 3)


def _range(setter: Setter, each: Interval) -> Message:
    return message(
        "publié {weight} ; en tête de {low} à {high}",
        weight=_percent(setter, each.weight),
        low=_percent(setter, each.low),
        high=_percent(setter, each.high),
    )


def _percent(setter: Setter, value: Decimal) -> str:
    return setter.say(message("{value} %", value=short(setter, value)))


def _said(data: Intervals, setter: Setter) -> str:
    of_criteria = (
        message("{name} : {notes}", name=each.criterion, notes=_range(setter, each)) for each in data.criteria
    )
    said = listed(setter, map(setter.say, of_criteria))
    return setter.say(
        message(
            "Une bande par critère va du plus petit au plus grand poids qui laisse « {first} » en tête ; un trait marque le poids publié. {said}.",
            first=data.first,
            said=said,
        )
    )
