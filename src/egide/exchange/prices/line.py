"""What a tenderer writes in the cells of one line of the schedule: a unit price, a quantity, an amount."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from egide.exchange.prices.amount import Amount, Problem, amount, finding
from egide.exchange.prices.table import Cell, Paper, Row, period_of, period_said
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.schedule import Period, Schedule, ScheduleLine, to_cent

_ANEW = message("Donner le prix unitaire hors taxes de cette ligne, en chiffres.")
PROBLEMS: Mapping[str, Problem] = {
    "price.line_text": (Severity.ERROR, message("ligne {line} : « {read} » n'est pas un prix unitaire"), _ANEW),
    "price.line_on_quote": (
        Severity.ERROR,
        message("ligne {line} : « {read} » ne donne pas de prix, l'offre ne peut pas être comparée"),
        _ANEW,
    ),
    "price.line_range": (
        Severity.ERROR,
        message("ligne {line} : « {read} » est une fourchette, pas un prix"),
        message("Donner un seul prix unitaire hors taxes."),
    ),
    "price.line_negative": (
        Severity.ERROR,
        message("ligne {line} : le prix « {read} » est négatif, et la ligne n'est pas une remise publiée"),
        message("Donner un prix positif ; une remise s'applique aux prix unitaires."),
    ),
    "price.line_tax": (
        Severity.ERROR,
        message("les prix unitaires sont toutes taxes comprises : « {read} »"),
        message("Donner les prix unitaires hors taxes."),
    ),
    "price.line_currency": (
        Severity.ERROR,
        message("ligne {line} : « {read} » n'est pas dans la monnaie de la consultation ({currency})"),
        message("Donner le prix dans la monnaie de la consultation."),
    ),
    "price.line_understood": (
        Severity.DOUBT,
        message("ligne {line} : « {read} » est compris comme {amount}"),
        message("Confirmer le prix unitaire, écrit en entier et sans séparateur de milliers."),
    ),
    "price.line_word": (
        Severity.DOUBT,
        message("ligne {line} : « {read} » est compris comme un prix nul"),
        message("Confirmer que la prestation est due sans supplément de prix."),
    ),
    "price.line_zero": (
        Severity.DOUBT,
        message("ligne {line} : le prix unitaire est nul"),
        message("Confirmer que la prestation est due sans supplément de prix."),
    ),
    "price.line_discount": (
        Severity.DOUBT,
        message("ligne {line} : la remise « {read} » est écrite sans signe moins, comprise comme {amount}"),
        message("Confirmer que ce montant vient en déduction."),
    ),
    "price.line_unit": (
        Severity.DOUBT,
        message("ligne {line} : « {read} » semble compter une autre unité que « {unit} » ; le prix est pris pour celui de l'unité publiée"),
        message("Confirmer le prix de l'unité publiée."),
    ),
    "price.line_period": (
        Severity.DOUBT,
        message("ligne {line} : « {read} » semble donné {given} alors que la ligne se paie {asked} ; compris comme {amount}"),
        message("Confirmer le prix unitaire pour la périodicité publiée."),
    ),
    "price.line_one_period": (
        Severity.DOUBT,
        message("ligne {line} : le montant « {read} » ne compte qu'une période ; sur la durée publiée, la ligne vaut {amount}"),
        message("Confirmer le prix unitaire et le montant sur toute la durée."),
    ),
    "price.line_amount": (
        Severity.DOUBT,
        message("ligne {line} : le montant « {read} » n'est pas prix unitaire × quantité × périodes, qui fait {amount} : ce calcul est proposé"),
        message("Dire si le prix unitaire est juste et corriger le montant."),
    ),
    "price.quantity": (
        Severity.ERROR,
        message("ligne {line} : la quantité « {read} » remplace celle qui est publiée ({quantity}) ; la quantité publiée est utilisée"),
        message("Confirmer le prix unitaire pour la quantité publiée ; elle ne peut pas être changée."),
    ),
}  # fmt: skip
PAID = {
    Period.ONCE: message("une seule fois"),
    Period.MONTH: message("par mois"),
    Period.YEAR: message("par an"),
}

_FREE = re.compile(
    r"^(gratuit|inclus|compris|offert|included|free\b|no charge|sans (cout|frais|supplement)|a titre gracieux)[^\d]*$"
)
_QUOTE = re.compile(
    r"\b(devis|nous consulter|a (definir|chiffrer|etudier|preciser)|on (request|quotation)|quotation|tbd|au reel|n\.?c\.?)\b"
)
_RANGE = re.compile(r"\d\s*(?:k?€|eur|euros?)?\s*(?:a|-|et|ou|to|and|jusqu'a|\.\.\.?|…)\s*\d")
_PER_PERIOD = re.compile(
    r"\s*(?:(?:/|\bpar|\bper)\s*(?:mois|an|annee|month|year)\b|\b(?:mensuel|annuel|monthly|yearly)\w*\b)"
)
_PER_UNIT = re.compile(r"\s*(?:/|\bpar\b|\bper\b|\bl'unite\b)\s*(?P<unit>[a-z' -]*)$")


@dataclass(frozen=True)
class Given:
    """What one paper says of one line: its unit price for the published period, its amount; None where it is silent."""

    line: ScheduleLine
    paper: Paper
    row: Row
    unit: Decimal | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    refused: bool = False
    """Whether a price was written that cannot be used."""


class LineReader:
    """Reads the cells of lines, and keeps what there is to say of them."""

    def __init__(self, schedule: Schedule, currency: str) -> None:
        self.schedule, self.currency = schedule, currency
        self.findings: list[Finding] = []

    def given(self, line: ScheduleLine, paper: Paper, row: Row) -> Given:
        """Return what a row says of its line."""
        before = len(self.findings)
        quantity = self._quantity(line, paper, row.quantity)
        cell = row.price if row.price.text or not _is_word(row.amount.text) else row.amount
        unit = self._unit(line, paper, row, cell) if cell.text else None
        refused = unit is None and any(each.severity is Severity.ERROR for each in self.findings[before:] if each.code != "price.quantity")  # fmt: skip
        amount_ = amount(row.amount.text, number=row.amount.number).value
        if unit is not None and amount_ is not None:
            unit = self._checked(Given(line, paper, row, unit, quantity, amount_))
        return Given(line, paper, row, unit, quantity, amount_, refused)

    def _say(self, code: str, of: ScheduleLine, paper: Paper, cell: Cell, **values: object) -> None:
        self.findings.append(finding(PROBLEMS[code], code, paper.file, cell.place, cell.text, line=of.id, **values))

    # ---------------------------------------------------------------------------------------------------- unit price
    def _unit(self, line: ScheduleLine, paper: Paper, row: Row, cell: Cell) -> Decimal | None:
        folded = fold(cell.text)
        if _FREE.search(folded):
            self._say("price.line_word", line, paper, cell)
            return Decimal(0)
        bare = _PER_PERIOD.sub("", folded)
        said = period_of(folded) if bare != folded else None
        unit = None if cell.number else _PER_UNIT.search(bare)
        bare = bare[: unit.start()] if unit else bare
        read = amount(bare, number=cell.number)
        if read.value is None or (read.currency and read.currency != self.currency) or _RANGE.search(folded):
            if code := self._refusal(folded, cell, read):
                self._say(code, line, paper, cell, currency=self.currency)
            return None
        if read.problem:
            self._say("price.line_understood", line, paper, cell, amount=read.value)
        if unit and unit["unit"].strip() and not _same_unit(unit["unit"], line.unit):
            self._say("price.line_unit", line, paper, cell, unit=line.unit)
        value = self._signed(line, paper, cell, read.value)
        if value == 0:
            self._say("price.line_zero", line, paper, cell)
        said = said or period_of(row.period.text) or paper.period or self._by_unit(line, row)
        return value if value is None else self._by_period(line, paper, cell, value, said)

    def _refusal(self, folded: str, cell: Cell, read: Amount) -> str:
        """Return why a text is no price; empty when it says nothing."""
        if _QUOTE.search(folded):
            return "price.line_on_quote"
        if not cell.number and _RANGE.search(folded):
            return "price.line_range"
        if read.value is not None:
            return "price.line_currency"
        return {"price.missing": "", "price.tax_included": "price.line_tax"}.get(read.problem, "price.line_text")

    def _signed(self, line: ScheduleLine, paper: Paper, cell: Cell, value: Decimal) -> Decimal | None:
        if value < 0 and not line.discount:
            self._say("price.line_negative", line, paper, cell)
            return None
        if value > 0 and line.discount:
            self._say("price.line_discount", line, paper, cell, amount=-value)
            return -value
        return value

    def _by_unit(self, line: ScheduleLine, row: Row) -> Period | None:
        return period_said(row.unit.text) if fold(row.unit.text) != fold(line.unit) else None

    def _by_period(self, line: ScheduleLine, paper: Paper, cell: Cell, value: Decimal, given: Period | None) -> Decimal:
        """Return the price of the published period from that of another one, in doubt."""
        if given is None or line.period is Period.ONCE or given is line.period:
            return value
        turned = per_month(value) if line.period is Period.MONTH else value * 12
        self._say("price.line_period", line, paper, cell, given=PAID[given], asked=PAID[line.period], amount=turned)
        return turned

    # --------------------------------------------------------------------------------------------- quantity and amount
    def _quantity(self, line: ScheduleLine, paper: Paper, cell: Cell) -> Decimal | None:
        read = amount(cell.text, number=cell.number)
        if read.value is None or read.value == line.quantity:
            return read.value
        if read.problem == "price.ambiguous" and _plain(cell.text) == line.quantity:
            return line.quantity
        self._say("price.quantity", line, paper, cell, quantity=line.quantity)
        return read.value

    def _checked(self, given: Given) -> Decimal | None:
        """Compare the amount with unit price x quantity x payments; return the unit price, turned if it is of a year."""
        line, unit, stated = given.line, given.unit, given.amount
        if unit is None or stated is None:
            return unit
        quantity = line.quantity if given.quantity is None else given.quantity
        times = self.schedule.times(line)
        exact = Fraction(unit) * Fraction(quantity) * times
        if abs(Fraction(stated) - exact) <= Fraction(1, 100):
            return unit
        counted = self.schedule.amount(line, unit)
        if abs(Fraction(stated) - Fraction(counted)) <= Fraction(1, 100):
            return unit
        if times not in {0, 1} and to_cent(exact / times) == to_cent(Fraction(stated)):
            self._say("price.line_one_period", line, given.paper, given.row.amount, amount=counted)
            return unit
        for factor, turned, other in (
            (Fraction(1, 12), per_month(unit), Period.YEAR),
            (Fraction(12), unit * 12, Period.MONTH),
        ):
            fits = line.period is (Period.MONTH if other is Period.YEAR else Period.YEAR)
            if fits and stated and abs(Fraction(stated) - exact * factor) <= Fraction(1, 100):
                self._say("price.line_period", line, given.paper, given.row.price, given=PAID[other], asked=PAID[line.period], amount=turned)  # fmt: skip
                return turned
        self._say("price.line_amount", line, given.paper, given.row.amount, amount=counted)
        return unit


def per_month(value: Decimal) -> Decimal:
    """Return a twelfth of a yearly price, to a millionth when it does not divide."""
    twelfth = Fraction(value) / 12
    rounded = round(twelfth * 10**6)
    return Decimal(rounded).scaleb(-6).normalize() + Decimal(0)


def _is_word(text: str) -> bool:
    return bool(_FREE.search(fold(text)) or _QUOTE.search(fold(text)))


def _same_unit(given: str, published: str) -> bool:
    one, other = given.strip().rstrip("s"), fold(published)
    return not other or one in other or other.rstrip("s") in one


def _plain(text: str) -> Decimal | None:
    """Return a number of at most three decimals after a lone comma or dot, as quantities such as 1.500 may be meant."""
    found = re.fullmatch(r"(\d+)[.,](\d{3})", text.strip())
    return Decimal(f"{found[1]}.{found[2]}") if found else None
