"""The few kinds of block that a document is made of, as plain data for PDF, DOCX and ODT alike: they know nothing else.

Texts are already set; each writer shows them and never reads them as code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from egide.report.papers import font
from egide.report.papers.typography import BREAK

Block = Mapping[str, Any]
Cells = Sequence[str]


def heading(text: str, level: int = 1) -> Block:
    """Return a numbered heading."""
    return {"kind": "heading", "text": text, "level": level}


def paragraph(text: str) -> Block:
    """Return a paragraph."""
    return {"kind": "paragraph", "text": text}


def lead(text: str) -> Block:
    """Return a paragraph that is read first."""
    return {"kind": "lead", "text": text}


def remark(text: str) -> Block:
    """Return a small remark under a table."""
    return {"kind": "remark", "text": text}


def blank(text: str) -> Block:
    """Return a frame that a person must still fill in: `text` says what to write there."""
    return {"kind": "blank", "text": text}


def items(texts: Cells) -> Block:
    """Return a list of short texts."""
    return {"kind": "items", "texts": list(texts)}


def pairs(rows: Sequence[tuple[str, str]]) -> Block:
    """Return labels and their values."""
    return {"kind": "pairs", "rows": [list(row) for row in rows]}


def table(columns: str, head: Cells, rows: Sequence[Cells], strong: Sequence[int] = ()) -> Block:
    """Return a table.

    `columns` gives each width: a number of millimetres, or a share followed by "f"; then ">" aligns right.
    `strong` are the numbers of the rows to be read first.
    """
    return {
        "kind": "table",
        **_columns(columns),
        "head": list(head),
        "rows": [list(row) for row in rows],
        "short": _short(rows),
        "strong": sorted(set(strong)),
    }


def groups(columns: str, head: Cells, parts: Sequence[tuple[str, Sequence[Cells], str]], span: int = 0) -> Block:
    """Return a table in parts: the title of each, repeated on each page, its rows, and its last row, in bold.

    That last row stands at the right of the first `span` columns, of all of them by default.

    The height of its rows is reckoned here when all columns are given in millimetres: the template then lays each cell
    out once, which halves the time and memory of a long table.
    """
    spec = _columns(columns)
    return {
        "kind": "groups",
        **spec,
        "head": list(head),
        "size": SIZE,
        "span": span or len(head),
        "short": all(_short(rows) for _, rows, _ in parts),
        "parts": [
            {
                "title": title,
                "rows": [list(row) for row in rows],
                "foot": foot,
                "heights": _heights(spec["columns"], title, rows, foot),
            }
            for title, rows, foot in parts
        ],
    }


def lines(head: Cells, parts: Sequence[tuple[str, Sequence[Cells], str]]) -> Block:
    """Return the same parts as `groups`, a line of text a row, in the order of `head`: a third of the memory."""
    return {
        "kind": "lines",
        "size": SIZE,
        "head": " · ".join(head),
        "parts": [
            {"title": title, "foot": foot, "rows": [[row[0], " · ".join(row[1:])] for row in rows]}
            for title, rows, foot in parts
        ],
    }


def _short(rows: Sequence[Cells]) -> bool:
    """Whether each row surely stands on one page, even in a narrow column."""
    return all(len(cell) <= 400 for row in rows for cell in row)


SIZE, LINE, LEADING, INSET = 7.2, 1.0, 0.28, 2.2
"""Of the long tables: size of the text in points, height of a line and space between lines in its units, cell margin."""
SIDE = 3.0
POINTS = 72 / 25.4
TALL = 45
BOLD = 1.12
"""How much wider than the regular face the bold one is, at most."""


def _heights(columns: Sequence[Sequence[Any]], title: str, rows: Sequence[Cells], foot: str) -> list[float | None]:
    """Return the height in points of the title, each row and the last row; None where the template has to see."""
    count = 1 + len(rows) + bool(foot)
    if any(unit != "mm" for unit, _ in columns):
        return [None] * count
    wide = sum(width for _, width in columns) * POINTS / SIZE / BOLD
    ends = [_height(font.lines(title, wide, BREAK)), *([_height(font.lines(foot, wide / 2, BREAK))] if foot else [])]
    rooms = [(width * POINTS - 2 * SIDE) / SIZE * 0.995 for _, width in columns]
    inner = [_height(max(font.lines(cell, room, BREAK) for cell, room in zip(row, rooms, strict=True))) for row in rows]
    return [ends[0], *inner, *ends[1:]]


def _height(lines: int) -> float | None:
    return None if lines > TALL else round((lines * LINE + (lines - 1) * LEADING) * SIZE + 2 * INSET, 2)


def picture(
    svg: str, width: float, alt: str, caption: str, head: Cells, rows: Sequence[Cells], *, texts: int = 1, tabled: bool = True
) -> Block:  # fmt: skip
    """Return a picture of `width` millimetres, with the table behind it, whose first `texts` columns are words.

    Where pictures are not shown, that table stands for it, when `tabled`.
    """
    return {
        "kind": "picture",
        "svg": svg,
        "width": round(width, 2),
        "alt": alt,
        "caption": caption,
        "head": list(head),
        "rows": [list(row) for row in rows],
        "texts": texts,
        "tabled": tabled,
    }


def contents(depth: int = 2) -> Block:
    """Return the table of contents, down to headings of that depth."""
    return {"kind": "contents", "depth": depth}


def landscape(blocks: Sequence[Block]) -> Block:
    """Return blocks on pages lying on their long side."""
    return {"kind": "landscape", "blocks": list(blocks)}


def new_page() -> Block:
    """Return a page break."""
    return {"kind": "new_page"}


def _columns(columns: str) -> dict[str, list[Any]]:
    widths: list[list[Any]] = []
    sides = []
    for column in columns.split():
        width = column.rstrip(">")
        widths.append(["fr", float(width[:-1] or 1)] if width.endswith("f") else ["mm", float(width)])
        sides.append("right" if column.endswith(">") else "left")
    return {"columns": widths, "sides": sides}
