"""Where a table states its total, whether it excludes tax, and the labelled amounts above it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.prices.amount import Amount, amount, problem
from egide.exchange.vocabulary import fold
from egide.finding import Finding
from egide.tender.model import PriceLine

TOTAL = re.compile(r"\b(total|totaux|montant (global|de l'offre|du marche))\b")
SUBTOTAL = re.compile(r"\b(sous[ -]total|subtotal|sub-total|total partiel|total (poste|partie|chapitre|annee|an)\b)")
_GENERAL = re.compile(r"\b(general|global|grand total|offre|marche|toutes annees|sur \d+ ans)\b")
NET = re.compile(r"\b(ht|h\.t|hors taxes?|excl|excluding|net)\b")
GROSS = re.compile(r"\b(ttc|t\.t\.c|taxes comprises|incl|including)\b")


@dataclass(frozen=True, slots=True)
class Total:
    """A cell that states a total; `with_tax` None when nothing says it."""

    row: int
    column: int
    with_tax: bool | None
    general: bool
    label: str = ""


def best_totals(found: Sequence[tuple[Sheet, Total]]) -> list[tuple[Sheet, Total]]:
    """Return the totals excluding tax that may be that of the bid, the likeliest last; none when all include tax."""
    net = [(sheet, total) for sheet, total in found if total.with_tax is not True]
    stated = [(sheet, total) for sheet, total in net if total.with_tax is False] or net
    return [(sheet, total) for sheet, total in stated if total.general] or stated


def read_cell(sheet: Sheet, row: int, column: int) -> Amount:
    """Return the amount that a cell holds."""
    return amount(text_at(sheet, row, column), number=(row, column) in sheet.numbers)


def totals(sheet: Sheet) -> Iterator[Total]:
    """Give the totals that a sheet states, subtotals left out."""
    for row, cells in enumerate(sheet.rows):
        label = next((text for text in cells if TOTAL.search(fold(text)) and len(text) <= 120), "")
        if not label or SUBTOTAL.search(fold(label)):
            continue
        folded = fold(label)
        start = cells.index(label) + 1
        filled = [each for each in range(start, len(cells)) if cells[each]]
        said = True if GROSS.search(folded) else False if NET.search(folded) else None
        amounts = [each for each in filled if read_cell(sheet, row, each).problem != "price.text"]
        if not amounts and not any(cells[: start - 1]):
            amounts = filled[-1:]
        for column in amounts if said is None else amounts[-1:]:
            with_tax = said if said is not None else _by_heading(sheet, row, column)
            if said is None and with_tax is None and column != amounts[-1]:
                continue
            yield Total(row, column, with_tax, bool(_GENERAL.search(folded)), label)


def _by_heading(sheet: Sheet, row: int, column: int) -> bool | None:
    """Return what the headings above a cell say of tax."""
    for above in range(row - 1, -1, -1):
        text = fold(text_at(sheet, above, column))
        if GROSS.search(text):
            return True
        if NET.search(text):
            return False
    return None


def lines_above(sheet: Sheet, total: Total, file: str, findings: list[Finding]) -> Iterator[PriceLine]:
    """Give the labelled amounts above a total, in its column."""
    for row in range(total.row):
        cells = sheet.rows[row]
        label = next((text for text in cells[: total.column] if re.search(r"[^\W\d]{2}", text)), "")
        text = text_at(sheet, row, total.column)
        if not label or not text or TOTAL.search(fold(label)):
            continue
        read = read_cell(sheet, row, total.column)
        if read.value is not None and (read.currency or (row, total.column) in sheet.numbers or re.search(r"\d", text)):
            yield PriceLine(label, read.value)
        elif read.problem == "price.not_finite":
            findings.append(problem("price.line", file, sheet.place(row, total.column), text, label=label))
