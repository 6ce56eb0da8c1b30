"""The columns of a chronogram, found by their headings whatever they are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from egide.exchange.chronogram.words import words
from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.vocabulary import fold
from egide.message import Language

HEADER_DEPTH = 30


@dataclass(frozen=True)
class Layout:
    """Where a sheet keeps its chronogram: the line of its headings, the column of each field, its language."""

    header: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    language: Language


def layout_of(sheet: Sheet) -> Layout | None:
    """Return the layout of a sheet, None if it holds no chronogram: times, and a title or a text."""
    best: tuple[int, Layout] | None = None
    for number in range(min(len(sheet.rows), HEADER_DEPTH)):
        headings = _headings(sheet, number)
        if len(headings) < 2:
            continue
        columns, language = _columns(headings)
        if "time" in columns and columns.keys() & {"title", "text"} and (best is None or len(columns) > best[0]):
            best = len(columns), Layout(number, columns, headings, language)
    return best[1] if best else None


def _headings(sheet: Sheet, number: int) -> dict[int, str]:
    """Return the headings of a row; under a merged head, those of the row, else the head itself for each column."""
    texts = {column: text for column, text in enumerate(sheet.rows[number]) if text and len(text) < 120}
    for (top, left), (bottom, right) in sheet.merged:
        if top <= number <= bottom and right - left < 20 and top < len(sheet.rows):
            head = text_at(sheet, top, left)
            for column in range(left, right + 1):
                if head and (column == left or top < bottom):
                    texts.setdefault(column, head)
    return texts


def _columns(headings: Mapping[int, str]) -> tuple[dict[str, int], Language]:
    found: dict[str, int] = {}
    titles = {fold(said): each.field for each in words().columns for said in (each.title.fr, each.title.en)}
    for column, text in headings.items():
        exact = titles.get(fold(text))
        if exact and exact not in found:
            found[exact] = column
    for each in words().columns:
        for pattern in each.headings:
            for column, text in headings.items():
                if each.field not in found and column not in found.values() and re.search(pattern, fold(text)):
                    found[each.field] = column
    if "hour" in found and "time" not in found:
        found["time"] = found.pop("hour")  # the only column of times, whatever it is called
    french = sum(fold(each.title.fr) in map(fold, headings.values()) for each in words().columns)
    english = sum(fold(each.title.en) in map(fold, headings.values()) for each in words().columns)
    return found, "en" if english > french else "fr"
