"""The sheet "Prix" of the matrix: lines of the schedule x bids of a lot, amounts, subtotals and totals as live formulas."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from egide.message import message
from egide.report.rao.prices import lines_of
from egide.report.view import NOTHING
from egide.tender.evaluation import Row
from egide.tender.model import Lot, PriceLine
from egide.tender.schedule import ScheduleLine, grouped

if TYPE_CHECKING:
    from egide.report.matrix import _Book

FIRST = 5
"""The first column of bids: reference, title, unit, quantity and number of payments stand before."""
QUANTITY, TIMES = 3, 4


def write(made: "_Book", head: int) -> None:
    """Add a sheet for each lot that has a schedule and bids priced by it; headings stand on row `head`."""
    for lot in made.seen.tender.lots:
        rows = [row for row in made.rows if row.key.lot == lot.id and lines_of(made.seen, row)]
        if rows and made.seen.tender.schedule.of_lot(lot.id):
            _Prices(made, lot, rows, head).write()


class _Prices:
    """The sheet of one lot."""

    def __init__(self, made: "_Book", lot: Lot, rows: Sequence[Row], head: int) -> None:
        self.made, self.seen, self.rows, self.head = made, made.seen, rows, head
        self.schedule = self.seen.tender.schedule
        self.asked = self.schedule.of_lot(lot.id)
        self.priced = [lines_of(self.seen, row) for row in rows]
        say = made.say
        self.heads = [(say(message("Réf.")), 10.0), (say(message("Désignation")), 40.0), (say(message("Unité")), 14.0), (say(message("Quantité")), 11.0), (say(message("Périodes")), 10.0)]  # fmt: skip
        unit, amount = say(message("Prix unitaire HT")), say(message("Montant HT"))
        for name in (self.seen.name(row.key) for row in rows):
            self.heads += [(f"{name}\n{unit}", 14.0), (f"{name}\n{amount}", 17.0)]
        name = say(message("Prix"))
        several = len(self.seen.tender.lots) > 1
        title = say(message("Prix par ligne du cadre de prix, {lot}", lot=self.seen.lot_name(lot)))
        legend = say(
            message("Montant = prix unitaire × quantité × périodes, arrondi au centime. Les montants, sous-totaux et totaux sont des formules ; les options n'y entrent pas.")
        )  # fmt: skip
        self.sheet = made.sheet(f"{name} {lot.id}" if several else name, title, legend, self.heads, 2)
        self.unit = made.book.add_format({**made.base, "num_format": "#,##0.00####"})
        self.total = made.book.add_format({**made.base, "num_format": "#,##0.00", "bold": True, "top": 2})
        self.at = head + 1

    def write(self) -> None:
        kept = [line for line in self.asked if not line.optional]
        groups = grouped(kept)
        spans = [self._group(name, members, several=len(groups) > 1) for name, members in groups]
        self._sums(self.made.say(message("Prix comparé HT")), spans, [row.price for row in self.rows], self.total)
        options = [line for line in self.asked if line.optional]
        if options:
            self.at += 1
            self._heading(self.made.say(message("Options (PSE), hors total")))
            self._lines(options)

    def _group(self, name: str, lines: Sequence[ScheduleLine], *, several: bool) -> tuple[int, int]:
        title = self.seen.set.say(name) if name else self.made.say(message("Autres lignes"))
        if several:
            self._heading(title)
        span = self._lines(lines)
        if several:
            amounts = [
                sum((each[line.id].amount for line in lines if line.id in each), Decimal(0)) for each in self.priced
            ]
            label = self.made.say(message("Sous-total : {group}", group=title))
            self._sums(label, [span], amounts, self.made.money)
        return span

    def _heading(self, text: str) -> None:
        self.sheet.write_string(self.at, 1, text, self.made.strong)
        self.at += 1

    def _lines(self, lines: Sequence[ScheduleLine]) -> tuple[int, int]:
        first = self.at
        for line in lines:
            self._line(line)
        return first, self.at - 1

    def _line(self, line: ScheduleLine) -> None:
        texts = [self.seen.set.quote(line.id), self.seen.set.say(line.title), self.seen.set.say(line.unit)]
        for column, text in enumerate(texts):
            self.sheet.write_string(self.at, column, text, self.made.text)
        self.sheet.write_number(self.at, QUANTITY, float(line.quantity), self.made.plain)
        times = self.schedule.times(line)
        if times.denominator == 1:
            self.sheet.write_number(self.at, TIMES, int(times), self.made.plain)
        else:
            self.sheet.write_formula(self.at, TIMES, f"={times.numerator}/{times.denominator}", self.made.two, float(times))  # fmt: skip
        for n, each in enumerate(self.priced):
            self._offered(FIRST + 2 * n, each, line)
        self.made.height(
            self.sheet, self.at, [(text, width) for text, (_, width) in zip(texts, self.heads, strict=False)]
        )
        self.at += 1

    def _offered(self, column: int, priced: Mapping[str, PriceLine], line: ScheduleLine) -> None:
        found = priced.get(line.id)
        if found is None or found.unit_price is None:
            for each in (column, column + 1):
                self.sheet.write_string(self.at, each, NOTHING, self.made.text)
            return
        self.sheet.write_number(self.at, column, float(found.unit_price), self.unit)
        cells = [str(xl_rowcol_to_cell(self.at, each)) for each in (column, QUANTITY, TIMES)]
        self.sheet.write_formula(
            self.at, column + 1, f"=ROUND({'*'.join(cells)},2)", self.made.money, float(found.amount)
        )

    def _sums(self, label: str, spans: Sequence[tuple[int, int]], values: Sequence[Decimal | None], style: Any) -> None:
        self.sheet.write_string(self.at, 1, label, self.made.strong)
        for n, value in enumerate(values):
            column = xl_col_to_name(FIRST + 2 * n + 1)
            summed = "+".join(f"SUM({column}{first + 1}:{column}{last + 1})" for first, last in spans)
            self.sheet.write_formula(self.at, FIRST + 2 * n + 1, f"={summed}", style, float(value or 0))
        self.at += 1
