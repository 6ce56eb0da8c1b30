"""The price frame that tenderers fill (BPU and DQE in one sheet): published lines locked, unit prices open, live totals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO

import xlsxwriter

from egide import plain
from egide.message import Language, Text
from egide.tender.model import Tender
from egide.tender.schedule import Period, Schedule, ScheduleLine, grouped

PROPERTY = "egide_schedule"
"""The document property that bears the digest of the schedule that the frame was made from."""
PERIODS: Mapping[Period, Text] = {
    Period.ONCE: Text("Une fois", "Once"),
    Period.MONTH: Text("Par mois", "Per month"),
    Period.YEAR: Text("Par an", "Per year"),
}
_TITLES = {
    "guide": Text("Mode d'emploi", "How to answer"),
    "sheet": Text("Cadre de prix", "Price schedule"),
    "tenderer": Text("Soumissionnaire :", "Tenderer:"),
    "lot": Text("Lot", "Lot"),
    "single": Text("Lot unique", "Single lot"),
    "duration": Text("Durée : {months} mois", "Duration: {months} months"),
    "currency": Text("Prix hors taxes, monnaie : {currency}", "Prices excluding tax, currency: {currency}"),
    "subtotal": Text("Sous-total HT : {group}", "Subtotal excl. tax: {group}"),
    "other": Text("Autres lignes", "Other lines"),
    "total": Text("Total HT sur la durée du marché", "Total excl. tax over the contract"),
    "options": Text("Options (PSE) : à chiffrer, jamais comptées dans le total", "Options: to be priced, never counted in the total"),
    "left": Text("à compléter", "to be filled"),
    "number": Text("Un nombre, hors taxes, sans unité.", "A number, excluding tax, without unit."),
    "positive": Text("Un nombre positif ou nul, hors taxes, sans unité ; une remise n'est admise que sur une ligne prévue pour elle.", "A number, zero or more, excluding tax, without unit; a discount only on a line meant for it."),
}  # fmt: skip
_GUIDE: tuple[Text, ...] = (
    Text(
        "Remplissez les seules cellules à fond clair et cadre épais de la feuille « Cadre de prix » : votre nom, puis un prix unitaire hors taxes par ligne. Les montants se calculent seuls.",
        'Fill only the cells with a light background and a thick frame in the sheet "Price schedule": your name, then one unit price excluding tax a line. Amounts compute themselves.',
    ),
    Text(
        "Le prix unitaire est celui de l'unité et de la périodicité écrites sur la ligne : « Par mois » demande le prix d'un mois, pour une seule unité.",
        'The unit price is that of the unit and period written on the line: "Per month" asks for the price of one month, for one unit.',
    ),
    Text(
        "Montant de la ligne = prix unitaire × quantité × nombre de périodes, arrondi au centime, au plus proche (un demi-centime compte pour un centime). Le total additionne les lignes arrondies.",
        "Amount of the line = unit price × quantity × number of periods, rounded to the nearest cent (half a cent counts as one). The total adds the rounded lines.",
    ),
    Text(
        "Les quantités sont estimées et servent à comparer les offres : ne les changez pas. Une quantité changée n'est pas retenue.",
        "Quantities are estimates used to compare bids: do not change them. A changed quantity is not used.",
    ),
    Text(
        "Une ligne offerte s'écrit 0 ; une cellule vide est une ligne sans prix : l'offre ne peut pas être comparée. N'écrivez ni « inclus », ni « sur devis », ni fourchette.",
        'A free line is written 0; an empty cell is a line without price: the bid cannot be compared. Do not write "included", "on quotation" or a range.',
    ),
    Text(
        "Les options (PSE) se chiffrent à part et ne sont jamais comptées dans le total. Un prix qui n'a pas de ligne n'est pas compté.",
        "Options are priced apart and are never counted in the total. A price without a line is not counted.",
    ),
    Text(
        "Reportez le total à l'acte d'engagement. Gardez le format tableur (.xlsx ou .ods), sans ajouter, ôter ni déplacer de ligne ou de colonne ; un PDF ne peut pas être lu.",
        "Copy the total to the form of tender. Keep a spreadsheet format (.xlsx or .ods), without adding, removing or moving lines or columns; a PDF cannot be read.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Column:
    title: Text
    width: float
    style: str


_COLUMNS = (
    _Column(Text("Référence", "Reference"), 17, "name"),
    _Column(Text("Désignation", "Description"), 46, "text"),
    _Column(Text("Unité", "Unit"), 16, "text"),
    _Column(Text("Quantité estimée", "Estimated quantity"), 11, "quantity"),
    _Column(Text("Périodicité", "Period"), 11, "text"),
    _Column(Text("Nombre de périodes", "Number of periods"), 11, "quantity"),
    _Column(Text("Prix unitaire HT", "Unit price excl. tax"), 16, "price"),
    _Column(Text("Montant HT sur la durée", "Amount excl. tax over the contract"), 18, "amount"),
)
_QUANTITY, _TIMES, _PRICE, _AMOUNT = 3, 5, 6, 7
_HEAD = 5
_FRAMED: Mapping[str, object] = {"border": 1, "valign": "vcenter", "text_wrap": True}
_OPEN: Mapping[str, object] = {**_FRAMED, "border": 2, "bg_color": "#FFF9E0", "locked": False}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "said": {},
    "guide": {"text_wrap": True, "valign": "top"},
    "head": {**_FRAMED, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"},
    "group": {**_FRAMED, "bold": True, "bg_color": "#DCE5EF", "text_wrap": False},
    "name": {**_FRAMED, "bold": True},
    "text": _FRAMED,
    "quantity": {**_FRAMED, "num_format": "#,##0.######"},
    "whole": {**_FRAMED, "num_format": "#,##0"},
    "price": {**_OPEN, "num_format": "#,##0.00####"},
    "open": {**_OPEN, "text_wrap": False},
    "amount": {**_FRAMED, "num_format": "#,##0.00"},
    "subtotal": {**_FRAMED, "num_format": "#,##0.00", "bold": True},
    "total": {**_FRAMED, "num_format": "#,##0.00", "bold": True, "top": 2, "font_size": 12},
}


def digest(schedule: Schedule, lot: str) -> str:
    """Return the digest of the lines of a lot, their duration included: it tells an older frame from the published one."""
    return plain.digest([plain.unstructure(schedule.of_lot(lot)), str(schedule.months)])


def write(
    tender: Tender, lot: str, output: Path | str | IO[bytes], language: Language, created: date | datetime
) -> None:
    """Write the price frame of a lot. Same inputs, same bytes. Raises ValueError when the lot has no line to price."""
    if not tender.schedule.of_lot(lot):
        raise ValueError(lot)
    target = str(output) if isinstance(output, Path) else output
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        instant = created.replace(tzinfo=None) if isinstance(created, datetime) else datetime.combine(created, time())
        book.set_properties({"title": tender.title, "author": tender.buyer.name, "created": instant})
        book.set_custom_property(PROPERTY, digest(tender.schedule, lot), "text")
        _Frame(book, tender, lot, language).write()


class _Frame:
    """The workbook being written."""

    def __init__(self, book: xlsxwriter.Workbook, tender: Tender, lot: str, language: Language) -> None:
        self.tender, self.schedule, self.lot, self.language = tender, tender.schedule, lot, language
        face = {"font_name": "Arial", "font_size": 10}
        self.styles = {name: book.add_format({**face, **style}) for name, style in _STYLES.items()}
        self.guide = book.add_worksheet(self.say("guide"))
        self.sheet = book.add_worksheet(self.say("sheet"))
        self.at = _HEAD + 1

    def say(self, title: str, **values: object) -> str:
        return _TITLES[title].say(self.language).format(**values)

    def write(self) -> None:
        self._write_guide()
        self._write_top()
        lines = self.schedule.of_lot(self.lot)
        kept = [line for line in lines if not line.optional]
        parts = [self._write_group(name, members, several=len(grouped(kept)) > 1) for name, members in grouped(kept)]
        cells = [cell for part in parts for cell in part]
        self._foot(
            self.say("total"), "+".join(f"SUM({_span(part)})" for part in parts), cells, "total"
        ) if parts else None
        options = [line for line in lines if line.optional]
        if options:
            self.at += 1
            self._heading(self.say("options"))
            for line in options:
                self._write_line(line)
        self._set_page()

    # ------------------------------------------------------------------------------------------------------- the top
    def _lot_name(self) -> str:
        lot = next((each for each in self.tender.lots if each.id == self.lot), None)
        if len(self.tender.lots) < 2 and not (lot and lot.title):
            return self.say("single")
        name = f"{self.say('lot')} {self.lot.lower().removeprefix('lot').strip(' -_') or self.lot}"
        return f"{name} : {lot.title}" if lot and lot.title else name

    def _write_top(self) -> None:
        for number, column in enumerate(_COLUMNS):
            self.sheet.set_column(number, number, column.width)
            self.sheet.write_string(_HEAD, number, column.title.say(self.language), self.styles["head"])
        self.sheet.set_row(_HEAD, 32)
        self.sheet.write_string(0, 0, self.tender.title, self.styles["title"])
        self.sheet.write_string(1, 0, self._lot_name(), self.styles["title"])
        facts = [self.say("currency", currency=self.tender.currency)]
        facts += [self.say("duration", months=self.schedule.months)] if self.schedule.months else []
        self.sheet.write_string(2, 0, " · ".join(facts), self.styles["said"])
        self.sheet.write_string(3, 0, self.say("tenderer"), self.styles["said"])
        self.sheet.merge_range(3, 1, 3, 4, "", self.styles["open"])

    def _write_guide(self) -> None:
        self.guide.set_column(0, 0, 4)
        self.guide.set_column(1, 1, 118)
        self.guide.write_string(0, 0, self.tender.title, self.styles["title"])
        self.guide.write_string(1, 0, self._lot_name(), self.styles["said"])
        for number, text in enumerate(_GUIDE, 1):
            said = text.say(self.language)
            self.guide.write_string(number + 2, 0, f"{number}.", self.styles["guide"])
            self.guide.write_string(number + 2, 1, said, self.styles["guide"])
            self.guide.set_row(number + 2, 14 * (len(said) // 112 + 1) + 4)
        self.guide.protect("", {"select_locked_cells": True})
        self.guide.hide_gridlines(2)
        self.guide.set_landscape()
        self.guide.set_paper(9)
        self.guide.fit_to_pages(1, 0)

    # ------------------------------------------------------------------------------------------------------ the lines
    def _write_group(self, name: str, lines: Sequence[ScheduleLine], *, several: bool) -> list[str]:
        """Write the lines under their heading, with a subtotal when there are several groups; return their amounts."""
        title = name or (self.say("other") if several else "")
        if title:
            self._heading(title)
        cells = [self._write_line(line) for line in lines]
        if several:
            self._foot(self.say("subtotal", group=title), f"SUM({_span(cells)})", cells, "subtotal")
        return cells

    def _heading(self, text: str) -> None:
        self.sheet.merge_range(self.at, 0, self.at, _AMOUNT, text, self.styles["group"])
        self.at += 1

    def _write_line(self, line: ScheduleLine) -> str:
        """Write a line; return the cell of its amount."""
        row, styles = self.at, self.styles
        for column, text in (
            (0, line.id),
            (1, line.title),
            (2, line.unit),
            (4, PERIODS[line.period].say(self.language)),
        ):
            self.sheet.write_string(row, column, text, styles[_COLUMNS[column].style])
        self._number(row, _QUANTITY, Fraction(line.quantity))
        self._number(row, _TIMES, self.schedule.times(line))
        self.sheet.write_blank(row, _PRICE, None, styles["price"])
        price = f"G{row + 1}"
        formula = f'=IF(ISNUMBER({price}),ROUND({price}*D{row + 1}*F{row + 1},2),"")'
        self.sheet.write_formula(row, _AMOUNT, formula, styles["amount"], "")
        kind = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -(10**12) if line.discount else 0,
            "maximum": 10**12,
        }
        said = self.say("number" if line.discount else "positive")
        self.sheet.data_validation(row, _PRICE, row, _PRICE, {**kind, "error_title": "Égide", "error_message": said})
        self.sheet.set_row(row, 14 * max(len(line.title) // 44 + 1, len(line.unit) // 14 + 1) + 4)
        self.at += 1
        return f"H{row + 1}"

    def _number(self, row: int, column: int, value: Fraction) -> None:
        """Write an exact number; one that has no finite decimals as its division."""
        if value.denominator == 1:
            self.sheet.write_number(row, column, int(value), self.styles["whole"])
        elif Fraction(Decimal(str(float(value)))) == value:
            self.sheet.write_number(row, column, float(value), self.styles["quantity"])
        else:
            division = f"={value.numerator}/{value.denominator}"
            self.sheet.write_formula(row, column, division, self.styles["quantity"], float(value))

    def _foot(self, text: str, formula: str, cells: Sequence[str], style: str) -> None:
        """Write a sum, which shows only when all its lines have an amount."""
        self.sheet.merge_range(self.at, 0, self.at, _PRICE, text, self.styles[style])
        counted = "+".join(f"COUNT({span})" for span in _spans(cells))
        shown = f'=IF({counted}<{len(cells)},"{self.say("left")}",{formula})'
        self.sheet.write_formula(self.at, _AMOUNT, shown, self.styles[style], self.say("left"))
        self.sheet.set_row(self.at, 20)
        self.at += 1

    def _set_page(self) -> None:
        allowed = {
            "select_locked_cells": True,
            "select_unlocked_cells": True,
            "format_columns": True,
            "format_rows": True,
        }
        self.sheet.protect("", allowed)
        self.sheet.freeze_panes(_HEAD + 1, 2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.repeat_rows(_HEAD)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&A&R&P / &N")
        self.sheet.print_area(0, 0, self.at - 1, _AMOUNT)
        self.sheet.hide_gridlines(2)
        self.sheet.activate()


def _span(cells: Sequence[str]) -> str:
    return f"{cells[0]}:{cells[-1]}"


def _spans(cells: Sequence[str]) -> Iterator[str]:
    """Give the unbroken runs of cells of a column."""
    start = previous = cells[0]
    for cell in cells[1:]:
        if int(cell[1:]) != int(previous[1:]) + 1:
            yield f"{start}:{previous}"
            start = cell
        previous = cell
    yield f"{start}:{previous}"
