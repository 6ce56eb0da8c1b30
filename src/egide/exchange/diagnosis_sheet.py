"""The questionnaire of a diagnosis as a workbook to fill in: how to answer, the establishment, one line a question."""

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TypeAlias

import xlsxwriter

from egide.diagnosis.filled import BLANK, Answer, Filled
from egide.diagnosis.questionnaire import Question, Questionnaire
from egide.exchange.diagnosis_form import (
    DATA_SHEET,
    DATE,
    GRID_GUIDE,
    GUIDE,
    HEADINGS,
    LABELS,
    MOST_CELL,
    NA,
    NAME,
    NO,
    SHARES,
    SHEETS,
    UNCOUNTED,
    YES,
    Column,
    asked,
    choices,
    columns,
    is_foreign,
    marked,
    pieces,
    properties,
    shown,
    typeset,
)  # fmt: skip
from egide.exchange.package import letters
from egide.family import MEASURES
from egide.locale.typography import THIN
from egide.message import Language, Text

_FILL = {"border": 2, "border_color": "#8A6D1F", "bg_color": "#FFF9E0", "locked": False}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15},
    "section": {"bold": True, "font_size": 12, "bottom": 1},
    "guide": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1},
    "asked": {"text_wrap": True, "valign": "top", "border": 1, "font_size": 9},
    "name": {"text_wrap": True, "valign": "top", "border": 1, "bold": True},
    "answer": {"text_wrap": True, "valign": "top", **_FILL},
    "choice": {"text_wrap": True, "valign": "top", "bold": True, **_FILL},
}  # fmt: skip
_ALLOWED = {"select_locked_cells": True, "select_unlocked_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "sort": True}  # fmt: skip
_LINE, _MARGIN, _TALLEST = 12.2, 5, 400
Sheet: TypeAlias = "xlsxwriter.worksheet.Worksheet"


# ------------------------------------------------------------------------------------------------------- the workbook
def content(questionnaire: Questionnaire, language: Language = "fr", *, created: date | datetime, filled: Filled | None = None) -> bytes:  # fmt: skip
    """Return the workbook of a questionnaire, its cells filled with `filled` if given: same inputs, same bytes."""
    memory = io.BytesIO()
    write(questionnaire, memory, language, created=created, filled=filled)
    return memory.getvalue()


def write(
    questionnaire: Questionnaire,
    output: Path | str | IO[bytes],
    language: Language = "fr",
    *,
    created: date | datetime,
    filled: Filled | None = None,
) -> None:
    """Write the workbook of a questionnaire. Same inputs, same bytes."""
    target = str(output) if isinstance(output, Path) else output
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Writer(book, questionnaire, language, filled).write(created)


class _Writer:
    """Fills one workbook."""

    def __init__(
        self, book: xlsxwriter.Workbook, questionnaire: Questionnaire, language: Language, filled: Filled | None
    ):
        self.book, self.asked, self.language = book, questionnaire, language
        self.filled = filled or Filled(questionnaire.id, questionnaire.version, date.min)
        self.dated = filled is not None
        self.style = {
            name: book.add_format({"font_name": "Arial", "font_size": 10, **style}) for name, style in _STYLES.items()
        }

    def say(self, text: Text) -> str:
        return typeset(text, self.language)

    def write(self, created: date | datetime) -> None:
        instant = created.replace(tzinfo=None) if isinstance(created, datetime) else datetime.combine(created, time())
        self.book.set_properties({"title": self.say(self.asked.title), "author": "Égide", "created": instant})
        for name, value in properties(self.asked).items():
            self.book.set_custom_property(name, value, "text")
        sheets = {name: self.book.add_worksheet(title.say(self.language)) for name, title in SHEETS.items() if name != "measures" or is_foreign(self.asked)}  # fmt: skip
        self._guide(sheets["guide"])
        self._establishment(sheets["establishment"])
        self._levels(sheets["levels"])
        if is_foreign(self.asked):
            self._measures(sheets["measures"])
            self._data(self.book.add_worksheet(DATA_SHEET))
        self._questions(sheets["questions"])
        sheets["guide"].activate()

    def _guide(self, sheet: Sheet) -> None:
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 110)
        self._text(sheet, 0, 0, self.say(self.asked.title), "title")
        sheet.set_row(0, 24)
        facts = [
            (LABELS["questions"], str(len(self.asked.questions))),
            (LABELS["minutes"], str(self.asked.minutes) if self.asked.minutes else ""),
            (LABELS["version"], f"{self.asked.id} {self.asked.version.isoformat()}"),
            (LABELS["source"], self.say(self.asked.source)),
        ]
        row = 1
        for label, value in facts:
            if value:
                self._text(sheet, row, 0, self.say(label), "guide")
                self._text(sheet, row, 1, value, "guide")
                row += 1
        said = [self.asked.says, *((GRID_GUIDE,) if is_foreign(self.asked) else ()), *GUIDE, LABELS["meanings"]]
        row += 1
        for number, text in enumerate((self.say(each) for each in said if each != Text()), 1):
            self._text(sheet, row, 0, f"{number}.", "guide")
            self._text(sheet, row, 1, text, "guide")
            sheet.set_row(row, _height((text, 105)))
            row += 1
        self._page(sheet)

    def _establishment(self, sheet: Sheet) -> None:
        for column, (label, width) in enumerate((("fact", 46), ("value", 34), ("unit", 16), ("why", 70), ("code", 12))):
            sheet.set_column(column, column, width, None, {"hidden": label == "code"})
            self._text(sheet, 0, column, self.say(LABELS[label]), "head")
        day = self.filled.observed_on
        lines = [
            (NAME, LABELS[NAME], self.filled.name, Text(), Text()),
            (DATE, LABELS[DATE], _written_day(day, self.language) if self.dated else "", Text(), Text()),
            *((each.code, each.text, _written(each.code, self.filled.figures.get(each.code)), each.unit, each.why) for each in self.asked.figures),
        ]  # fmt: skip
        for row, (code, asked_for, value, unit, why) in enumerate(lines, 1):
            cells = (
                (self.say(asked_for), "name"),
                (value, "answer"),
                (self.say(unit), "asked"),
                (self.say(why), "asked"),
                (code, "asked"),
            )
            for column, (text, style) in enumerate(cells):
                self._text(sheet, row, column, text, style)
            sheet.set_row(row, max(20, _height((cells[0][0], 42), (cells[3][0], 76))))
        sheet.freeze_panes(1, 1)
        self._page(sheet)

    def _levels(self, sheet: Sheet) -> None:
        most = max((len(choices(each, self.language)) for each in self.asked.questions), default=1)
        sheet.set_column(0, 0, 11)
        sheet.set_column(1, most, 40)
        self._text(sheet, 0, 0, self.say(HEADINGS[Column.IDENTIFIER].title), "head")
        for column in range(1, most + 1):
            self._text(sheet, 0, column, f"{self.say(SHEETS['levels'])} {column}", "head")
        for row, question in enumerate(self.asked.questions, 1):
            offered = choices(question, self.language)
            self._text(sheet, row, 0, question.id, "name")
            for column, text in enumerate(offered, 1):
                self._text(sheet, row, column, text, "asked")
            sheet.set_row(row, _height(*((each, 42) for each in offered)))
        sheet.freeze_panes(1, 1)
        self._page(sheet)

    def _measures(self, sheet: Sheet) -> None:
        sheet.set_column(0, 0, 70)
        self._text(sheet, 0, 0, self.say(SHEETS["measures"]), "head")
        for row, title in enumerate((*(each.title for each in MEASURES), UNCOUNTED), 1):
            self._text(sheet, row, 0, self.say(title), "asked")
        self._page(sheet)

    def _data(self, sheet: Sheet) -> None:
        for row, piece in enumerate(pieces(self.asked)):
            sheet.write_string(row, 0, piece)
        sheet.protect("", _ALLOWED)
        sheet.hide()

    def _questions(self, sheet: Sheet) -> None:
        order = columns(self.asked)
        for number, column in enumerate(order):
            heading = HEADINGS[column]
            sheet.set_column(number, number, heading.width, None, {"hidden": column is Column.DIGEST})
            said = marked(self.asked, self.language) if column is Column.DIGEST else self.say(heading.title)
            self._text(sheet, 0, number, said, "head")
        sheet.set_row(0, 42)
        for row, question in enumerate(self.asked.questions, 1):
            self._question(sheet, row, question, order)
        last = len(self.asked.questions)
        sheet.freeze_panes(1, order.index(Column.QUESTION) + 1)
        sheet.autofilter(0, 0, max(last, 1), len(order) - 1)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, max(last, 1), order.index(Column.NOTE))
        self._page(sheet)

    def _question(self, sheet: Sheet, row: int, question: Question, order: tuple[Column, ...]) -> None:
        answer = self.filled.answers.get(question.id, BLANK)
        said = {column: asked(self.asked, question, column, self.language) for column in order} | {
            Column.ANSWER: self._answered(question, answer),
            Column.SEEN: self.say(YES) if answer.proven else "",
            Column.PROOF: answer.proof,
            Column.REASON: answer.reason,
            Column.NOTE: answer.note,
            Column.MEASURE: self._measure(question),
        }
        for number, column in enumerate(order):
            self._text(sheet, row, number, said[column], HEADINGS[column].style)
        shown_in = {column: HEADINGS[column] for column in order if column is not Column.DIGEST}
        rooms = ((said[column], its.width * (1.3 if its.style == "asked" else 1.0)) for column, its in shown_in.items())
        sheet.set_row(row, _height(*rooms))
        width = len(choices(question, self.language))
        levels = self._quoted("levels")
        self._list(sheet, row, order.index(Column.ANSWER), f"={levels}!$B${row + 1}:${letters(width)}${row + 1}")
        self._list(sheet, row, order.index(Column.SEEN), [self.say(YES), self.say(NO)])
        if Column.MEASURE in order:
            source = f"={self._quoted('measures')}!$A$2:$A${len(MEASURES) + 2}"
            self._list(sheet, row, order.index(Column.MEASURE), source)

    def _answered(self, question: Question, answer: Answer) -> str:
        if answer.not_applicable:
            return self.say(NA)
        found = [shown(place, each, self.language) for place, each in enumerate(question.levels) if each.code == answer.level]  # fmt: skip
        return found[0] if found else answer.level

    def _measure(self, question: Question) -> str:
        title = next((each.title for each in MEASURES if each.code == question.measure), UNCOUNTED)
        return self.say(title)

    def _quoted(self, name: str) -> str:
        return f"'{SHEETS[name].say(self.language)}'"

    def _list(self, sheet: Sheet, row: int, column: int, source: str | list[str]) -> None:
        sheet.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_title": "Égide",
                "error_message": self.say(LABELS["choose"]),
            },
        )

    def _text(self, sheet: Sheet, row: int, column: int, text: str, style: str) -> None:
        if text:
            sheet.write_string(row, column, text[:MOST_CELL], self.style[style])
        else:
            sheet.write_blank(row, column, None, self.style[style])

    def _page(self, sheet: Sheet) -> None:
        sheet.protect("", _ALLOWED)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&R&P / &N")


def _written(code: str, value: Decimal | None) -> str:
    if value is None:
        return ""
    if code in SHARES:
        return f"{format((100 * value).normalize(), 'f').replace('.', ',')} %"
    whole = format(value, "f").rstrip("0").rstrip(".") if value % 1 else format(value.to_integral_value(), "f")
    digits, _, decimals = whole.partition(".")
    grouped = f"{int(digits):,}".replace(",", THIN)
    return f"{grouped},{decimals}" if decimals else grouped


def _written_day(day: date, language: Language) -> str:
    return day.strftime("%d/%m/%Y") if language == "fr" else day.isoformat()


def _height(*cells: tuple[str, float]) -> float:
    """Return a row height that shows the whole texts, each in its width: spreadsheets do not all fit rows themselves."""
    lines = max(
        (sum(1 + int(len(line) / room) for line in text.split("\n")) for text, room in cells if text), default=1
    )
    return min(_LINE * lines + _MARGIN, _TALLEST)
