"""A map of values from 0 to 1: points by theme and tenderers side by side, each value written in its coloured cell."""

from dataclasses import dataclass, replace
from decimal import Decimal

from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import ALERT, FULL, HIGH, LINE, LOW, MIDDLE, NONE, UNKNOWN, Shade, shade
from egide.report.pictures.picture import NARROW, NOTHING, SMALL, Picture, Sheet, clean, fitted, length, short

ROW, TITLE, KEYS = 17, 24, 20
LABEL, UPRIGHT, ROOMY = 0.36, 170, 80
"""Share of the names of rows at most, height of the names of columns when they stand up, width of a cell with a word."""
LEAST, WIDEST, TOGETHER = 34, 150, 6
"""Widths of a cell; rows of a group that stand together on a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value from 0 to 1 and its word, "" when it has none; None: nothing was retained. `alert` marks an irregularity."""

    value: Decimal | None = None
    word: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A named row, a cell each column; None where nothing is asked."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together under a title, "" for none: a theme and its points."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A map: what it shows of what, `row` the word for its rows, its columns and its rows in groups."""

    title: str
    row: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]


def heat_map(data: HeatMap, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return the map, wider than `width` when its columns need it; `key` is unique on the page."""
    columns = len(data.columns)
    longest = max((length(clean(row.name), SMALL) for group in data.groups for row in group.rows), default=0)
    label = round(min(longest + 20, width * LABEL))
    cell = min(WIDEST, max(LEAST, (width - label) // max(columns, 1)))
    label = max(label, min(round(longest + 20), width - cell * columns))
    wide = label + cell * columns
    sheet = Sheet(key, wide)
    top = _heads(sheet, data, label, cell)
    places: dict[Shade, list[tuple[float, float]]] = {}
    written: list[tuple[float, Shade, list[tuple[float, str]]]] = []
    for group in data.groups:
        if group.title:
            sheet.text(0, top + 17, group.title, wide, bold=True)
            top += TITLE
        for row in group.rows:
            sheet.text(8 if group.title else 0, top + 12, row.name, label - 14, size=SMALL)
            for ink, texts in _place(setter, row, label, cell, top, places).items():
                written.append((top + 12, ink, texts))
            top += ROW
    for tone in sorted(places, key=lambda each: each.fill):
        sheet.boxes(places[tone], cell - 2, ROW - 2, tone.fill)
    for y, tone, texts in written:
        sheet.texts(y, texts, SMALL, tone.ink)
    height = _legend(sheet, setter, frozenset(places), wide, top + 8)
    said = setter.say(_said(data, setter))
    return Picture(
        sheet.drawn(height, data.title, said), data.title, said, *_table(data, setter), wide, round(height), 2 if _grouped(data) else 1
    )  # fmt: skip


def pages(data: HeatMap, first: int, most: int) -> list[HeatMap]:
    """Return the same map in parts of `first` lines at most, then of `most`; a title counts for two, and never
    stands with few of its rows.
    """
    parts: list[list[Group]] = [[]]
    left = first
    for group in data.groups:
        titled = 2 if group.title else 0
        rows = group.rows
        while rows:
            if left < titled + min(len(rows), TOGETHER) and left < most:
                parts.append([])
                left = most
            room = left - titled
            kept = rows if len(rows) <= room else rows[: max(1, min(room, len(rows) - TOGETHER // 2))]
            parts[-1].append(replace(group, rows=kept))
            left -= titled + len(kept)
            rows = rows[len(kept) :]
    return [replace(data, groups=tuple(part)) for part in parts if part]


def _heads(sheet: Sheet, data: HeatMap, label: int, cell: int) -> float:
    """Write the names of the columns, standing up when they are narrow; return where the rows begin."""
    size = SMALL
    upright = any(length(clean(name), size, bold=True) > cell - 6 for name in data.columns) and cell < ROOMY
    longest = max((length(clean(name), size, bold=True) for name in data.columns), default=0)
    height = min(UPRIGHT, longest + 12) if upright else 20
    for n, name in enumerate(data.columns):
        middle = label + n * cell + cell / 2
        if upright:
            sheet.text(middle + 4, height - 4, name, height - 8, size=size, bold=True, up=True)
        else:
            sheet.text(middle, 14, name, cell - 4, size=size, bold=True, anchor="middle")
    return height


def _place(
    setter: Setter, row: Row, label: int, cell: int, top: float, places: dict[Shade, list[tuple[float, float]]]
) -> dict[Shade, list[tuple[float, str]]]:
    """Add the cells of a row to `places`, by colour; return their texts by a shade of the same ink."""
    inks: dict[str, Shade] = {}
    texts: dict[Shade, list[tuple[float, str]]] = {}
    for n, each in enumerate(row.cells):
        if each is None:
            continue
        tone = _shade(each)
        x = label + n * cell + 1
        places.setdefault(tone, []).append((x, top + 1))
        one = inks.setdefault(tone.ink, tone)
        texts.setdefault(one, []).append((x + cell / 2 - 1, _written(setter, each, cell)))
    return texts


def _shade(cell: Cell) -> Shade:
    if cell.alert:
        return ALERT
    return UNKNOWN if cell.value is None else shade(cell.value)


def _sign(setter: Setter, cell: Cell) -> str:
    if cell.alert:
        return "!"
    return "?" if cell.value is None else short(setter, cell.value)


def _written(setter: Setter, cell: Cell, room: int) -> str:
    sign = _sign(setter, cell)
    if room < ROOMY or not cell.word:
        return sign
    left = room - 10 - length(f" {sign}", SMALL)
    return f"{fitted(clean(cell.word), left, SMALL)} {sign}"


def _legend(sheet: Sheet, setter: Setter, used: frozenset[Shade], width: int, top: float) -> float:
    """Say what the colours mean, the exceptions only when there are some; return where the picture ends."""
    x = 0.0
    for tone, sign, said in _KEYS:
        if tone in {ALERT, UNKNOWN} - used:
            continue
        text = setter.say(said)
        room = 44 + length(clean(text), SMALL)
        if x and x + room > width:
            x, top = 0.0, top + KEYS
        sheet.box(x, top + 1, 32, 15, tone.fill, LINE)
        sheet.text(
            x + 16,
            top + 12,
            sign if isinstance(sign, str) else short(setter, sign),
            size=SMALL,
            anchor="middle",
            fill=tone.ink,
        )
        sheet.text(x + 38, top + 12, text, size=SMALL)
        x += room + 12
    return top + KEYS


_KEYS: tuple[tuple[Shade, Decimal | str, Message], ...] = (
    (FULL, Decimal(1), message("égale à 1")),
    (HIGH, Decimal("0.75"), message("de 0,75 à moins de 1")),
    (MIDDLE, Decimal("0.5"), message("de 0,5 à moins de 0,75")),
    (LOW, Decimal("0.25"), message("plus de 0, moins de 0,5")),
    (NONE, Decimal(0), message("nulle")),
    (ALERT, "!", message("irrégulier")),
    (UNKNOWN, "?", message("rien de retenu")),
)


def _grouped(data: HeatMap) -> bool:
    return any(group.title for group in data.groups)


def _table(data: HeatMap, setter: Setter) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    grouped = _grouped(data)
    head = (*((setter.say(message("Thème")),) if grouped else ()), data.row, *data.columns)
    rows = tuple(
        (*((group.title,) if grouped else ()), row.name, *(_cell(setter, each) for each in row.cells))
        for group in data.groups
        for row in group.rows
    )
    return head, rows


def _cell(setter: Setter, cell: Cell | None) -> str:
    if cell is None:
        return NOTHING
    value = "?" if cell.value is None else short(setter, cell.value)
    return f"{cell.word} {value}" if cell.word else value


def _said(data: HeatMap, setter: Setter) -> Message:
    cells = [each for group in data.groups for row in group.rows for each in row.cells if each is not None]
    known = [each.value for each in cells if each.value is not None]
    return message(
        "{title}. {rows} lignes, {columns} colonnes, {cells} valeurs de 0 à 1 : {full} égales à 1, {none} égales à 0, {unknown} sans niveau retenu, {alerts} irrégulières. Le tableau donne chaque valeur.",
        title=data.title,
        rows=sum(len(group.rows) for group in data.groups),
        columns=len(data.columns),
        cells=len(cells),
        full=sum(value >= 1 for value in known),
        none=sum(value == 0 for value in known),
        unknown=len(cells) - len(known),
        alerts=sum(each.alert for each in cells),
    )
