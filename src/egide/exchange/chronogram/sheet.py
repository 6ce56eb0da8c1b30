"""A chronogram as a workbook: how to use it, one line an inject, and who sits where."""

import io
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import xlsxwriter

from egide.exchange.chronogram.times import DAY
from egide.exchange.chronogram.words import ORDER, clock, reactions, receivers, words
from egide.exercise.making import digest
from egide.exercise.script import Item, Script
from egide.exercise.words import CHANNELS
from egide.message import Language

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (a script holds no day: the same script gives the same bytes)
SPARE = 200
"""Empty lines under the last inject that can be filled in."""
LOCKED = frozenset({"id", "hour", "document"})
_LOOK: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15},
    "guide": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1},
    "open": {"text_wrap": True, "valign": "top", "border": 1, "locked": False},
    "locked": {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#EEF2F6", "font_color": "#4A5B6D"},
}  # fmt: skip
_ALLOWED = dict.fromkeys(("select_locked_cells", "select_unlocked_cells", "format_columns", "format_rows", "format_cells", "insert_rows", "delete_rows", "autofilter", "sort"), True)  # fmt: skip


def content(script: Script, language: Language, *, start: time | None = None) -> bytes:
    """Return the workbook of a script; with `start`, also the hour of each inject. Same inputs, same bytes."""
    memory = io.BytesIO()
    said = words()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(memory, options) as book:
        title = f"{said.titles['sheet'].say(language)} · {script.title.say(language)}"
        book.set_properties({"title": title, "author": "Égide", "created": CREATED})
        for name, value in {"egide_script": digest(script), "egide_language": language}.items():
            book.set_custom_property(name, value, "text")
        look = {name: book.add_format({"font_name": "Arial", "font_size": 10, **each}) for name, each in _LOOK.items()}
        sheet = book.add_worksheet(said.titles["sheet"].say(language))
        _lines(sheet, script, language, start, look)
        _guide(book.add_worksheet(said.titles["guide"].say(language)), script, language, look)
        _seats(book.add_worksheet(said.titles["seats"].say(language)), script, language, look)
    return memory.getvalue()


def _lines(sheet: Any, script: Script, language: Language, start: time | None, look: Mapping[str, Any]) -> None:
    known = {each.field: each for each in words().columns}
    columns = [known[each] for each in ORDER if each != "hour" or start is not None]
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title.say(language), look["head"])
    sheet.set_row(0, 32)
    for row, item in enumerate(script.items, 1):
        cells = _cells(item, script, language, start)
        for number, column in enumerate(columns):
            style = look["locked" if column.field in LOCKED else "open"]
            text = cells[column.field]
            sheet.write_string(row, number, text, style) if text else sheet.write_blank(row, number, None, style)
        deep = max(_lines_of(cells[each.field], each.width) for each in columns)
        sheet.set_row(row, min(13 * deep + 4, 400))
    last = len(script.items) + SPARE
    for row in range(len(script.items) + 1, last + 1):
        for number in range(len(columns)):
            sheet.write_blank(row, number, None, look["open"])
    of = next(number for number, each in enumerate(columns) if each.field == "channel")
    choices = [text.say(language) for text in CHANNELS.values()]
    said = words().titles["channel"].say(language)
    sheet.data_validation(1, of, last, of, {"validate": "list", "source": choices, "error_type": "warning", "error_title": "Égide", "error_message": said})  # fmt: skip
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(script.items), 1), len(columns) - 1)
    sheet.protect("", _ALLOWED)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, max(len(script.items), 1), len(columns) - 1)
    sheet.set_header(f"&L{words().titles['exercise'].say(language)}")
    sheet.set_footer("&L&A&R&P / &N")


def _lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: spreadsheets do not all fit rows by themselves."""
    return sum(-(-len(each) // int(1.05 * width)) or 1 for each in text.split("\n"))


def _cells(item: Item, script: Script, language: Language, start: time | None) -> Mapping[str, str]:
    held = next((each.title.say(language) for each in script.documents if each.id == item.document), "")
    hour = ((start.hour * 60 + start.minute if start else 0) + item.at) % DAY
    return {
        "time": clock(item.at),
        "hour": f"{hour // 60:02}:{hour % 60:02}",
        "moment": item.moment.say(language),
        "id": item.id,
        "channel": CHANNELS[item.channel].say(language),
        "sender": item.sender.say(language),
        "to": receivers(item, script, language),
        "what_if": item.what_if.say(language),
        "expected": reactions(item, script, language),
        "document": held,
        "title": item.title.say(language),
        "text": item.text.say(language),
    }


def _guide(sheet: Any, script: Script, language: Language, look: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 120)
    sheet.write_string(0, 0, script.title.say(language), look["title"])
    sheet.write_string(1, 0, f"{words().titles['begins'].say(language)} : {script.begins.say(language)}", look["guide"])
    for number, text in enumerate(words().guide, 1):
        sheet.write_string(number + 2, 0, f"{number}.", look["guide"])
        sheet.write_string(number + 2, 1, text.say(language), look["guide"])
        sheet.set_row(number + 2, 30)
    _page(sheet)


def _seats(sheet: Any, script: Script, language: Language, look: Mapping[str, Any]) -> None:
    titles = {each.code: each.title.say(language) for each in script.functions}
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 90)
    for number, name in enumerate(("seat", "functions")):
        sheet.write_string(0, number, words().titles[name].say(language), look["head"])
    for row, seat in enumerate(script.seats, 1):
        sheet.write_string(row, 0, seat.title.say(language), look["open"])
        sheet.write_string(row, 1, ", ".join(titles.get(each, each) for each in seat.functions), look["open"])
    _page(sheet)


def _page(sheet: Any) -> None:
    sheet.protect("", _ALLOWED)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
