"""The exercises of a hospital group as a workbook: a member a line, nothing in it that a spreadsheet would compute."""

import io
from datetime import date, datetime, time

import xlsxwriter

from egide.exercise.group import Sheet
from egide.locale import say
from egide.message import Language, Text, message

WIDE, NARROW = 36, 16
"""Characters across the first columns, and across those of numbers and days."""
TITLE = message("Exercices")


def content(told: Sheet, name: str, language: Language, on: date) -> bytes:
    """Return the workbook of a group named `name`, as known on the day `on`."""
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    font = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    with xlsxwriter.Workbook(memory, options) as book:
        book.set_properties({"author": "Égide", "title": name, "created": datetime.combine(on, time())})
        head = book.add_format({**font, "bold": True, "text_wrap": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1})  # fmt: skip
        cell = book.add_format({**font, "text_wrap": True, "border": 1})
        day = book.add_format({**font, "border": 1, "num_format": "dd/mm/yyyy" if language == "fr" else "yyyy-mm-dd"})
        sheet = book.add_worksheet(say(TITLE, language))
        sheet.set_row(0, 42)
        for column, each in enumerate(told.heads):
            sheet.set_column(column, column, WIDE if column == 0 else NARROW)
            sheet.write_string(0, column, say(each, language), head)
        for row, line in enumerate(told.rows, 1):
            for column, value in enumerate(line):
                match value:
                    case None:
                        sheet.write_blank(row, column, None, cell)
                    case date():
                        sheet.write_datetime(row, column, datetime.combine(value, time()), day)
                    case int():
                        sheet.write_number(row, column, value, cell)
                    case _:
                        sheet.write_string(
                            row, column, say(value, language) if isinstance(value, Text) else value, cell
                        )
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return memory.getvalue()
