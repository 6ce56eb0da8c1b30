"""A table on a terminal: columns of words to the left, of figures to the right."""

from collections.abc import Sequence

WIDEST = 36
"""Signs of a column of words; a longer name is cut."""


def lines(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> list[str]:
    """Return the lines of a table, a rule under its head; its first columns, `words` of them, hold words."""
    cells = [[*map(_cut, row[:words]), *row[words:]] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    said = [_line(row, widths, words) for row in cells]
    return [said[0], "─" * (sum(widths) + 2 * (len(widths) - 1)), *said[1:]]


def _line(row: Sequence[str], widths: Sequence[int], words: int) -> str:
    placed = zip(row, widths, strict=True)
    said = (each.ljust(width) if place < words else each.rjust(width) for place, (each, width) in enumerate(placed))
    return "  ".join(said).rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
