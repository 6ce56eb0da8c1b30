"""The workbook of a light map: a template with one fictitious line a sheet, or what a map holds."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from egide.diagnosis.cartography import Cartography, DataKind, Hosting
from egide.exchange.cartography_words import Column, Table, words
from egide.message import Language, Text

_LISTS: Mapping[str, tuple[Text, ...]] = {
    **dict.fromkeys(("care_critical", "fallback", "remote_access", "reachable"), (Text("Oui", "Yes"), Text("Non", "No"))),
    "hosting": (Text("Chez nous", "In house"), Text("Hébergeur certifié (HDS)", "Certified host"), Text("Service en ligne du fournisseur", "Online service of the supplier"), Text("Autre membre du GHT", "Another member of the group")),
    "data": (Text("Santé", "Health"), Text("Personnelles", "Personal"), Text("Aucune donnée personnelle : technique", "No such data: technique")),
}  # fmt: skip
_SAID: Mapping[str, Mapping[str, int]] = {
    "hosting": {"internal": 0, "certified_host": 1, "service": 2, "group": 3},
    "data": {"health": 0, "personal": 1, "none": 2},
}
LINES = 60


def content(language: Language, *, created: date | datetime, cartography: Cartography | None = None) -> bytes:
    """Return the workbook of a map: with what it holds, else with one fictitious line of example a sheet."""
    memory = io.BytesIO()
    instant = created.replace(tzinfo=None) if isinstance(created, datetime) else datetime.combine(created, time())
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(memory, options) as book:
        book.set_properties({"author": "Égide", "created": instant})
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1, "valign": "vcenter", "font_name": "Arial", "font_size": 10})  # fmt: skip
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_name": "Arial", "font_size": 10})
        for kind, table in words().tables.items():
            sheet = book.add_worksheet(table.title.say(language))
            order = _order(table)
            lines = _lines(kind, cartography, order, language)
            sheet.set_row(0, 42)
            for column, each in enumerate(order):
                sheet.set_column(column, column, 34 if each.field in {"name", "supplier"} else 20)
                sheet.write_string(0, column, each.title.say(language), head)
                if each.field in _LISTS:
                    source = [one.say(language) for one in _LISTS[each.field]]
                    sheet.data_validation(1, column, max(len(lines), LINES), column, {"validate": "list", "source": source, "error_type": "warning"})  # fmt: skip
            for row, line in enumerate(lines, 1):
                for column, text in enumerate(line):
                    sheet.write_string(row, column, text, cell) if text else sheet.write_blank(row, column, None, cell)
            sheet.freeze_panes(1, 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
    return memory.getvalue()


def _order(table: Table) -> tuple[Column, ...]:
    """Return the columns as people read them: the name first, the most precise last."""
    return tuple(reversed(table.columns))


def _lines(kind: str, cartography: Cartography | None, order: Sequence[Column], language: Language) -> list[list[str]]:
    if cartography is None:
        return [[each.example.say(language) for each in order]]
    return [[_written(getattr(entry, each.field), each.field, language) for each in order] for entry in getattr(cartography, kind)]  # fmt: skip


def _written(value: Any, name: str, language: Language) -> str:
    match value:
        case None | "unknown":
            return ""
        case bool():
            return _LISTS["fallback"][0 if value else 1].say(language)
        case date():
            return value.strftime("%d/%m/%Y") if language == "fr" else value.isoformat()
        case Hosting() | DataKind():
            return _LISTS[name][_SAID[name][value]].say(language)
        case _ if name.endswith("_hours"):
            number = format(value.normalize(), "f")
            return f"{number.replace('.', ',') if language == 'fr' else number} h"
        case _:
            return str(value)
