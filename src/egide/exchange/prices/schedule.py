"""A bid priced by the published schedule: lines recognised, papers compared, each difference said, none settled in silence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import combinations

from egide.exchange.layout import squashed
from egide.exchange.prices.amount import amount, finding, problem
from egide.exchange.prices.frame import digest
from egide.exchange.prices.line import PAID, Given, LineReader, per_month
from egide.exchange.prices.line import PROBLEMS as OF_LINES
from egide.exchange.prices.problems import PROBLEMS, WHY
from egide.exchange.prices.table import Cell, Kind, Paper, Row, is_sum
from egide.exchange.vocabulary import fold
from egide.finding import Finding
from egide.message import Message, message
from egide.tender.model import Price, PriceLine, Tender
from egide.tender.pricing import Priced, priced
from egide.tender.schedule import Period, Prevails, ScheduleLine

_ORDER = {
    Prevails.BPU: (Kind.BPU, Kind.BOTH, Kind.DQE),
    Prevails.DQE: (Kind.DQE, Kind.BOTH, Kind.BPU),
}
_TAX_RATES = (Decimal("20"), Decimal("10"), Decimal("8.5"), Decimal("5.5"), Decimal("2.1"))
CLOSE, ALIKE = 0.85, 0.5
MOST_SAID = 10
"""Lines unknown or missing that are said one by one; more of them are one finding."""
MOST_COMPARED, LONGEST = 300, 300
"""Rows compared by title in a bid, and the letters compared: a sheet of thousands of rows must not cost minutes."""
CENT = Fraction(1, 100)


def settled(papers: Sequence[Paper], tender: Tender, lot: str, earlier: Price | None = None) -> tuple[Price | None, list[Finding]]:  # fmt: skip
    """Return the price that the papers of a bid give by the schedule of its lot, and all that is to be said of it."""
    return _Settling(papers, tender, lot, earlier).price()


class _Settling:
    """One bid being priced."""

    def __init__(self, papers: Sequence[Paper], tender: Tender, lot: str, earlier: Price | None) -> None:
        self.tender, self.lot, self.schedule = tender, lot, tender.schedule
        self.asked = self.schedule.of_lot(lot)
        order = _ORDER[self.schedule.prevails]
        later_first = reversed(papers)
        self.papers = sorted(
            later_first, key=lambda paper: order.index(paper.kind) if paper.kind in order else len(order)
        )
        self.earlier = earlier
        self.reader = LineReader(self.schedule, tender.currency)
        self.findings = self.reader.findings
        self.given: dict[str, list[Given]] = defaultdict(list)
        self.compared = 0

    def price(self) -> tuple[Price | None, list[Finding]]:
        for paper in self.papers:
            self._read(paper)
        units = self._units()
        carried = self._carried(units)
        if not self.given and (not self.earlier or not any(paper.rows for paper in self.papers)):
            if self.asked:
                file = self.papers[0].file if self.papers else ""
                self._say("price.schedule_absent", file, "", "", count=len(self.asked))
            return None, self.findings
        self._missing({**carried, **units})
        made = priced(self.schedule, self.lot, {**carried, **units})
        if made.missing:
            return None, self.findings
        if made.total < 0:
            self.findings.append(problem("price.negative", self._first().file, "", f"{made.total}"))
            return None, self.findings
        self._totals(made)
        if made.total == 0:
            self.findings.append(problem("price.zero", self._first().file, self._first().place, "0"))
        return Price(made.total, made.lines, made.options, self._first().file, self._first().place), self.findings

    def _first(self) -> Paper:
        """Return the paper that gives most unit prices, the first by precedence among equals."""
        with_rows = [paper for paper in self.papers if paper.rows] or self.papers
        return max(
            with_rows, key=lambda paper: sum(each.paper is paper for of_line in self.given.values() for each in of_line)
        )

    def _say(self, code: str, file: str, place: str, read: str, **values: object) -> None:
        self.findings.append(finding(PROBLEMS[code], code, file, place, read, **values))

    # ----------------------------------------------------------------------------------------------------- what is read
    def _read(self, paper: Paper) -> None:
        self._judge(paper)
        named_rows = [(row, self._line(row)) for row in paper.rows]
        exact = [(row, line) for row, line in named_rows if line or not is_sum(row)]
        taken = {line.id for _, line in exact if line}
        seen: dict[str, Given] = {}
        unknown: list[Row] = []
        elsewhere: list[str] = []
        for row, named in exact:
            other = "" if named else self._of_another_lot(row)
            line = named or (None if other else self._close(paper, row, taken))
            if line is not None:
                taken.add(line.id)
                self._take(paper, row, line, seen)
            elif other:
                elsewhere.append(other)
            elif _holds_price(row):
                unknown.append(row)
        self._unknown(paper, unknown)
        if elsewhere:
            self._say("price.line_elsewhere", paper.file, paper.place, "", lines=tuple(elsewhere))

    def _judge(self, paper: Paper) -> None:
        """Say what is wrong with a whole paper: tax, an older schedule."""
        if paper.gross:
            of, cell = OF_LINES["price.line_tax"], paper.gross
            self.findings.append(finding(of, "price.line_tax", paper.file, cell.place, cell.text))
        elif not paper.says_net and paper.heading.text:
            self._say("price.basis", paper.file, paper.heading.place, paper.heading.text)
        if paper.digest and paper.digest != digest(self.schedule, self.lot):
            self._say("price.frame_old", paper.file, paper.place, "")

    def _take(self, paper: Paper, row: Row, line: ScheduleLine, seen: dict[str, Given]) -> None:
        """Keep what a row gives of its line; the first row of a paper that has a price holds."""
        self._retitled(paper, row, line)
        given = self.reader.given(line, paper, row)
        before = seen.get(line.id)
        if before is None or (before.unit is None and given.unit is not None):
            seen[line.id] = given
            self.given[line.id].append(given)
        elif given.unit is not None and given.unit != before.unit:
            place, text = row.price.place, row.price.text
            self._say("price.line_twice", paper.file, place, text, line=line.id, amount=before.unit)

    def _line(self, row: Row) -> ScheduleLine | None:
        """Return the line that a row names by its reference, else by its title."""
        written = [each.text for each in (row.id, row.title) if each.text]
        for key in (fold, squashed):
            keys = {key(text) for text in written}
            found = [line for line in self.asked if key(line.id) in keys]
            if len(found) == 1:
                return found[0]
        titled = [line for line in self.asked if row.title.text and squashed(line.title) == squashed(row.title.text)]
        return titled[0] if len(titled) == 1 else None

    def _of_another_lot(self, row: Row) -> str:
        """Return the identifier of the line of another lot that a row names."""
        named = {fold(each.text) for each in (row.id, row.title) if each.text}
        return next((line.id for line in self.schedule.lines if fold(line.id) in named), "")

    def _close(self, paper: Paper, row: Row, taken: set[str]) -> ScheduleLine | None:
        """Return the one line, not named by another row, whose title is close to that of the row; say it."""
        label = _label(row)
        if not label or not (row.price.text or row.amount.text) or self.compared >= MOST_COMPARED:
            return None
        self.compared += 1
        likes = [(_likeness(label, line.title), line) for line in self.asked if line.id not in taken]
        close = [line for likeness, line in sorted(likes, key=lambda each: -each[0]) if likeness >= CLOSE]
        if not close:
            return None
        cell = row.title if row.title.text else row.id
        self._say(
            "price.line_close", paper.file, cell.place, cell.text, label=label, line=close[0].id, title=close[0].title
        )
        return close[0]

    def _retitled(self, paper: Paper, row: Row, line: ScheduleLine) -> None:
        label = row.title.text
        if label and squashed(row.id.text) == squashed(line.id) and _likeness(label, line.title) < ALIKE:
            self._say(
                "price.line_title", paper.file, row.title.place, label, line=line.id, title=line.title, label=label
            )

    def _unknown(self, paper: Paper, rows: Sequence[Row]) -> None:
        if len(rows) > MOST_SAID:
            labels, cell = tuple(map(_label, rows[:MOST_SAID])), _priced_cell(rows[0])
            self._say("price.lines_unknown", paper.file, cell.place, cell.text, count=len(rows), labels=labels)
            return
        for row in rows:
            cell = _priced_cell(row)
            self._say("price.line_unknown", paper.file, cell.place, cell.text, label=_label(row))

    # ------------------------------------------------------------------------------------------------------ unit prices
    def _units(self) -> dict[str, Decimal]:
        """Return the unit price proposed for each line, from the paper that prevails."""
        units = {}
        for line in self.asked:
            said = [each for each in self.given.get(line.id, ()) if each.unit is not None or each.refused]
            with_unit = [each for each in said if each.unit is not None]
            if said and said[0].refused:  # the paper that prevails gives no usable price: no other one replaces it
                continue
            for other in with_unit[1:]:
                with_unit[0] = self._between(line, with_unit[0], other)
            if with_unit and with_unit[0].unit is not None:
                units[line.id] = with_unit[0].unit
            elif (derived := self._derived(line)) is not None:
                units[line.id] = derived
        return units

    def _between(self, line: ScheduleLine, first: Given, other: Given) -> Given:
        """Return which of two different unit prices is proposed: the first, unless it is that of a year instead of a month."""
        one, two = first.unit, other.unit
        if one is None or two is None or one == two:
            return first
        low, high = (first, other) if abs(one) < abs(two) else (other, first)
        if line.period is not Period.ONCE and low.unit and high.unit and per_month(high.unit) == low.unit:
            kept, left = (low, high) if line.period is Period.MONTH else (high, low)
            wrong = Period.YEAR if line.period is Period.MONTH else Period.MONTH
            said = OF_LINES["price.line_period"]
            cell = left.row.price
            self.findings.append(
                finding(said, "price.line_period", left.paper.file, cell.place, cell.text, line=line.id, given=PAID[wrong], asked=PAID[line.period], amount=kept.unit)
            )  # fmt: skip
            return kept
        same = first.paper.kind is other.paper.kind
        why = message("c'est la dernière des deux pièces lues") if same else WHY[self.schedule.prevails]
        self._say("price.unit_differs", other.paper.file, other.row.price.place, other.row.price.text, line=line.id,
                  first=one, where=_where(first), second=two, there=_where(other), why=why)  # fmt: skip
        return first

    def _derived(self, line: ScheduleLine) -> Decimal | None:
        """Return the unit price that the amount of a line gives when no paper states it."""
        for given in self.given.get(line.id, ()):
            counted = Fraction(line.quantity if given.quantity is None else given.quantity) * self.schedule.times(line)
            usable = given.amount is not None and (given.amount >= 0 or line.discount) and counted > 0
            if usable and not given.refused and not given.row.price.text and given.amount is not None:
                unit = _decimal(Fraction(given.amount) / counted)
                cell = given.row.amount
                self._say("price.line_derived", given.paper.file, cell.place, cell.text, line=line.id, amount=unit)
                return unit
        return None

    def _carried(self, units: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Return the unit prices of the round before for the lines that this round leaves unpriced."""
        before = (*self.earlier.lines, *self.earlier.options) if self.earlier else ()
        known = {line.id for line in self.asked}
        silent = {
            line.id: line.unit_price
            for line in before
            if line.id in known and line.unit_price is not None and line.id not in units and not self._refused(line.id)
        }
        if silent and units:
            self._say("price.line_carried", self.papers[0].file, "", "", lines=tuple(silent))
        return silent

    def _refused(self, line: str) -> bool:
        return any(each.refused for each in self.given.get(line, ()))

    def _missing(self, units: Mapping[str, Decimal]) -> None:
        if not units and any(paper.gross for paper in self.papers):
            return
        silent = [line for line in self.asked if line.id not in units and not self._refused(line.id)]
        required = [line for line in silent if not line.optional]
        if len(required) > MOST_SAID:
            lines = (
                *(line.id for line in required[:MOST_NAMED]),
                *("…" for _ in required[MOST_NAMED : MOST_NAMED + 1]),
            )
            self._say(
                "price.lines_missing", self._first().file, self._first().place, "", count=len(required), lines=lines
            )
            silent = [line for line in silent if line.optional]
        for line in silent:
            given = next(iter(self.given.get(line.id, ())), None)
            file = given.paper.file if given else self._first().file
            cell = Cell() if given is None else given.row.price if given.row.price.place else given.row.amount
            code = "price.option_missing" if line.optional else "price.line_missing"
            self._say(code, file, cell.place, cell.text, line=line.id, title=line.title)

    # ----------------------------------------------------------------------------------------------------------- totals
    def _totals(self, made: Priced) -> None:
        details = [stated for paper in self.papers if (stated := self._detail(paper, made)) is not None]
        for paper in self.papers:
            for cell in dict.fromkeys(paper.engagement[-1:]):
                self._engagement(paper, cell, made, details)

    def _detail(self, paper: Paper, made: Priced) -> Decimal | None:
        """Compare the total that a table states with its lines; return it."""
        rows = [each.row for of_line in self.given.values() for each in of_line if each.paper is paper]
        of_lines = {cell.place for row in rows for cell in (row.price, row.amount)}
        stated = [cell for cell in paper.totals if cell.place not in of_lines]
        cells = [(cell, value) for cell in stated if (value := self._value(paper, cell)) is not None]
        if not cells:
            return None
        expected = self._sum(paper, made)
        if any(
            abs(Fraction(value) - sum_) <= CENT / 2 for _, value in cells for sum_ in {expected, Fraction(made.total)}
        ):
            return next((value for _, value in cells if Fraction(value) == expected), cells[-1][1])
        cell, value = cells[-1]
        if abs(Fraction(value) - expected) <= CENT * len(made.lines):
            self._say("price.rounding", paper.file, cell.place, cell.text, sum=made.total)
        elif not self._explained(paper, cell, value, made):
            self._say("price.dqe_total", paper.file, cell.place, cell.text, amount=made.total, why=self._why())
        return value

    def _sum(self, paper: Paper, made: Priced) -> Fraction:
        """Return what the lines of a table add up to: the amounts that it states, else those that follow from its prices."""
        stated = {id_: each.amount for id_, of_line in self.given.items() for each in of_line if each.paper is paper}
        amounts = (line.amount if (said := stated.get(line.id)) is None else said for line in made.lines)
        return sum(map(Fraction, amounts), Fraction(0))

    def _explained(self, paper: Paper, cell: Cell, value: Decimal, made: Priced) -> bool:
        """Say why a total is not the sum when the reason shows: options counted, tax included."""
        if options := _within(value - made.total, made.options):
            self._say("price.option_in_total", paper.file, cell.place, cell.text,
                      options=tuple(line.id for line in options), amount=made.total)  # fmt: skip
            return True
        for rate in _TAX_RATES:
            taxed = Fraction(made.total) * (1 + Fraction(rate) / 100)
            if made.total and abs(Fraction(value) - taxed) <= CENT * len(made.lines):
                self._say("price.total_tax", paper.file, cell.place, cell.text, rate=rate, amount=made.total)
                return True
        return False

    def _engagement(self, paper: Paper, cell: Cell, made: Priced, details: Sequence[Decimal]) -> None:
        value = self._value(paper, cell)
        if value is None or value in {made.total, *details}:
            return
        detail = details[0] if details else made.total
        if abs(Fraction(value) - Fraction(made.total)) <= CENT * len(made.lines):
            self._say("price.rounding", paper.file, cell.place, cell.text, sum=made.total)
        elif not self._explained(paper, cell, value, made):
            self._say(
                "price.engagement", paper.file, cell.place, cell.text, detail=detail, amount=made.total, why=self._why()
            )

    def _why(self) -> Message:
        return message(
            "il suit des prix unitaires et des quantités publiées, et {rule}", rule=WHY[self.schedule.prevails]
        )

    def _value(self, paper: Paper, cell: Cell) -> Decimal | None:
        """Return a stated total; say what is wrong with it."""
        read = amount(cell.text, number=cell.number)
        if read.currency and read.currency != self.tender.currency:
            self.findings.append(problem("price.currency", paper.file, cell.place, cell.text, currency=self.tender.currency))  # fmt: skip
            return None
        if read.value is not None and read.problem:
            self.findings.append(problem(read.problem, paper.file, cell.place, cell.text, amount=read.value))
        return read.value


def _label(row: Row) -> str:
    return row.title.text or row.id.text


def _priced_cell(row: Row) -> Cell:
    return row.price if row.price.text else row.amount


def _holds_price(row: Row) -> bool:
    cell = _priced_cell(row)
    return bool(_label(row)) and (cell.number or any(char.isdigit() for char in cell.text))


def _where(given: Given) -> str:
    return f"{given.paper.file}, {given.row.price.place}"


def _likeness(one: str, other: str) -> float:
    """Return how alike two titles are, from 0 to 1; what is surely far is not measured."""
    matcher = SequenceMatcher(None, squashed(one)[:LONGEST], squashed(other)[:LONGEST], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction as a number of at most ten decimals, none in excess."""
    rounded = round(value * 10**10)
    return Decimal(rounded).scaleb(-10).normalize() + Decimal(0)


MOST_OPTIONS = 10
"""Options among which those counted in a total are looked for."""


def _within(excess: Decimal, options: Sequence[PriceLine]) -> tuple[PriceLine, ...]:
    """Return the fewest options whose amounts make up what a total has in excess."""
    if excess <= 0:
        return ()
    return next(_sets(excess, options), ())


def _sets(excess: Decimal, options: Sequence[PriceLine]) -> Iterator[tuple[PriceLine, ...]]:
    few = [line for line in options if line.amount][:MOST_OPTIONS]
    for count in range(1, len(few) + 1):
        for chosen in combinations(few, count):
            if sum((line.amount for line in chosen), Decimal(0)) == excess:
                yield chosen


MOST_NAMED = 40
"""Lines without a price that one sentence names."""
