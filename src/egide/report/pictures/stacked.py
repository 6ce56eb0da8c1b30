"""Bars in parts on one scale, from 0 to 100 %: what is proven, what is only said, what nobody answered; and a mark."""

from dataclasses import dataclass
from decimal import Decimal

from egide.message import message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import LINE, TEXT, Shade
from egide.report.pictures.picture import NARROW, NOTHING, SIZE, SMALL, Picture, Sheet, clean, length, listed

BAR, GAP, NAME, KEYS, MARK = 15, 5, 18, 20, 22
LABEL = 0.42
"""Share of the width that names of bars may take beside them."""
LEAST = 0.0005
"""A part smaller than this is not drawn."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part: its sign in the bars, its name, its colour."""

    sign: str
    name: str
    shade: Shade


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its parts from 0 to 1 in the order of the kinds, and what is written at its end."""

    name: str
    parts: tuple[float, ...]
    end: str = ""


@dataclass(frozen=True, slots=True)
class Stacked:
    """Bars one under the other; `mark` is a place of the scale with its name, None for none.

    `row` names what a bar is, `ends` what is written at their ends, in the table.
    """

    title: str
    row: str
    ends: str
    kinds: tuple[Kind, ...]
    bars: tuple[Bar, ...]
    mark: tuple[float, str] | None = None


def stacked_bars(data: Stacked, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return the bars, their names beside them where there is room, else above; `key` is unique on the page."""
    beside = width > NARROW * 1.6
    longest = max((length(clean(bar.name), SMALL) for bar in data.bars), default=0.0)
    names = min(width * LABEL, longest + 14) if beside else 0.0
    ends = 10 + max((length(clean(bar.end), SMALL) for bar in data.bars), default=0.0)
    full = width - names - ends
    tall = BAR + GAP + (0 if beside else NAME)
    sheet = Sheet(key, width)
    top = float(MARK if data.mark else 4)
    for n, bar in enumerate(data.bars):
        y = top + n * tall
        if beside:
            sheet.text(0, y + 12, bar.name, names - 8, size=SMALL)
        else:
            sheet.text(0, y + 12, bar.name, width, size=SMALL)
            y += NAME
        _bar(sheet, data.kinds, bar, (names, y, full))
        sheet.text(width, y + 12, bar.end, size=SMALL, anchor="end", bold=True)
    bottom = top + len(data.bars) * tall
    if data.mark:
        tops = [0.0] if beside else [top + n * tall + NAME for n in range(len(data.bars))]
        _mark(sheet, data.mark, (names, full), bottom, tops)
    height = _legend(sheet, data.kinds, width, bottom + 4)
    head = (data.row, *(kind.name for kind in data.kinds), data.ends)
    rows = tuple((bar.name, *(_percent(setter, part) for part in bar.parts), bar.end or NOTHING) for bar in data.bars)
    said = _said(data, setter, rows)
    return Picture(sheet.drawn(height, data.title, said), data.title, said, head, rows, width, round(height))


def _bar(sheet: Sheet, kinds: tuple[Kind, ...], bar: Bar, place: tuple[float, float, float]) -> None:
    left, top, full = place
    x = left
    for kind, part in zip(kinds, bar.parts, strict=True):
        room = full * min(max(part, 0.0), 1.0)
        if part > LEAST:
            sheet.box(x, top, room, BAR, kind.shade.fill, LINE)
            if room > 8 + length(kind.sign, SMALL):
                sheet.text(x + room / 2, top + 12, kind.sign, size=SMALL, anchor="middle", fill=kind.shade.ink)
        x += room
    sheet.box(left, top, full, BAR, "none", LINE)


def _mark(sheet: Sheet, mark: tuple[float, str], place: tuple[float, float], bottom: float, tops: list[float]) -> None:
    """Draw the mark across all bars where names stand beside them, else on each bar: it crosses no name."""
    (value, name), (left, full) = mark, place
    x = left + full * value
    if tops == [0.0]:
        sheet.line((x, MARK - 6), (x, bottom - GAP + 3), TEXT, 2)
    else:
        for top in tops:
            sheet.line((x, top - 2), (x, top + BAR + 2), TEXT, 2)
    sheet.text(x, 12, name, size=SMALL, anchor="middle", bold=True)


def _legend(sheet: Sheet, kinds: tuple[Kind, ...], width: int, top: float) -> float:
    """Draw the kinds with their names, as many a line as there is room for; return where the picture ends."""
    x = 0.0
    for kind in kinds:
        room = 44 + length(clean(kind.name), SMALL)
        if x and x + room > width:
            x, top = 0.0, top + KEYS
        sheet.box(x, top + 1, 28, BAR, kind.shade.fill, LINE)
        sheet.text(x + 14, top + 13, kind.sign, size=SMALL, anchor="middle", fill=kind.shade.ink)
        sheet.text(x + 34, top + 13, kind.name, width - 34, size=SMALL)
        x += room
    return top + KEYS + SIZE / 2


def _percent(setter: Setter, share: float) -> str:
    return setter.say(message("{value} %", value=setter.number(Decimal(format(100 * share, ".6f")), 0)))


def _said(data: Stacked, setter: Setter, rows: tuple[tuple[str, ...], ...]) -> str:
    told = [
        setter.say(message("{name} : {notes}", name=row[0], notes=listed(setter, (f"{name} {value}" for name, value in zip(data_names(data), row[1:], strict=True)))))
        for row in rows
    ]  # fmt: skip
    mark = setter.say(message(" Un trait marque : {name}.", name=data.mark[1])) if data.mark else ""
    return setter.say(message("{title}. Barres de 0 à 100 %. {bars}.{mark}", title=data.title, bars=". ".join(told), mark=mark))  # fmt: skip


def data_names(data: Stacked) -> tuple[str, ...]:
    """Return the names of the columns of figures of the table."""
    return (*(kind.name for kind in data.kinds), data.ends)
