"""A price as tenderers write it: an amount, its lines, and the doubts that a person must settle."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from egide import plain
from egide.errors import DataError
from egide.exchange import grid
from egide.exchange.grid import Sheet, decoded
from egide.exchange.layout import text_at
from egide.exchange.safety import Refused, read_bytes, refusal
from egide.exchange.vocabulary import fold, names_price
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Price, PriceLine

_CURRENCIES: Mapping[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF",
    "cad": "CAD", "xpf": "XPF", "f cfp": "XPF",
}  # fmt: skip

_AGAIN = message("Indiquer le prix total hors taxes en chiffres, par exemple 1234567,89.")
PROBLEMS: Mapping[str, tuple[Severity, Message, Message]] = {
    "price.missing": (Severity.ERROR, message("aucun prix n'a été trouvé"), _AGAIN),
    "price.text": (Severity.ERROR, message("« {read} » n'est pas un montant"), _AGAIN),
    "price.not_finite": (Severity.ERROR, message("« {read} » n'est pas un nombre fini"), _AGAIN),
    "price.negative": (Severity.ERROR, message("le prix « {read} » est négatif"), _AGAIN),
    "price.currency": (
        Severity.ERROR,
        message("le prix « {read} » n'est pas dans la monnaie de la consultation ({currency})"),
        message("Donner le prix dans la monnaie de la consultation."),
    ),
    "price.zero": (
        Severity.DOUBT,
        message("le prix total est nul"),
        message("Confirmer et justifier le prix nul, ou donner le prix (procédure de l'offre anormalement basse)."),
    ),
    "price.ambiguous": (
        Severity.DOUBT,
        message("« {read} » peut se lire de deux façons : compris comme {amount}"),
        message("Confirmer le montant, sans séparateur de milliers."),
    ),
    "price.sum": (
        Severity.DOUBT,
        message("la somme des lignes ({sum}) diffère du total ({amount})"),
        message("Dire lequel des deux vaut et corriger l'autre."),
    ),
    "price.line": (
        Severity.DOUBT,
        message("la ligne « {label} » n'a pas de montant lisible : « {read} »"),
        message("Donner le montant de la ligne en chiffres."),
    ),
    "price.basis": (
        Severity.DOUBT,
        message("le total ne dit pas s'il est hors taxes : compris comme hors taxes"),
        message("Confirmer que le total est hors taxes."),
    ),
    "price.tax_included": (
        Severity.ERROR,
        message("seul un total toutes taxes comprises a été trouvé : « {read} »"),
        message("Donner le total hors taxes."),
    ),
    "price.several": (
        Severity.DOUBT,
        message("plusieurs totaux hors taxes différents : le dernier est proposé ({amount})"),
        message("Dire quel total est celui de l'offre."),
    ),
}


def problem(code: str, file: str, place: str = "", read: str = "", **values: object) -> Finding:
    """Return the finding of one thing wrong with a price."""
    severity, said, remedy = PROBLEMS[code]
    return Finding(code, severity, Message(said.text, {"read": read, **values}), remedy, file, place, read=read)


# ------------------------------------------------------------------------------------------------------------- amounts
@dataclass(frozen=True, slots=True)
class Amount:
    """A text read as an amount: `problem` is a key of PROBLEMS; an ambiguous amount still has a value."""

    value: Decimal | None = None
    currency: str = ""
    problem: str = ""


_NUMBER = re.compile(r"[-+]?\d[\d.,']*")
_NOT_FINITE = re.compile(r"^[-+]?(nan|inf|infini|infinity|∞|#.+)$")


def amount(text: str, *, number: bool = False) -> Amount:
    """Return the amount written in a text, in French or English; `number` tells that the cell held a number."""
    folded = fold(text)
    if not folded or folded in {"-", "/"}:
        return Amount(problem="price.missing")
    if _NOT_FINITE.match(folded):
        return Amount(problem="price.not_finite")
    currency = next((code for sign, code in _CURRENCIES.items() if re.search(_sign(sign), folded)), "")
    bare = re.sub(r"\b(eur(os?)?|usd|gbp|chf|cad|xpf|ht|h\.t\.?|hors taxes?)\b|[€$£]", "", folded)
    bare = re.sub(r"[\s_]", "", bare).strip(".:")
    negative = bare.startswith("-") or bare.endswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("()+-")
    if number:
        return (
            Amount(_signed(Decimal(bare), negative=negative), currency)
            if _is_decimal(bare)
            else Amount(problem="price.text")
        )
    if not _NUMBER.fullmatch(bare):
        return Amount(problem="price.text")
    digits, ambiguous = _digits(bare)
    if digits is None:
        return Amount(problem="price.text")
    return Amount(_signed(Decimal(digits), negative=negative), currency, "price.ambiguous" if ambiguous else "")


def _sign(sign: str) -> str:
    return re.escape(sign) if not sign.isalpha() else rf"(?<![a-z]){sign}(?![a-z])"


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d*)?(e[-+]?\d{1,3})?", text) is not None


def _signed(value: Decimal, *, negative: bool) -> Decimal:
    return -value if negative else value


def _digits(text: str) -> tuple[str | None, bool]:
    """Return a number without separators, its decimals after a dot; and whether it could be read otherwise."""
    text = text.replace("'", "")
    marks = [char for char in text if char in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        whole, _, decimals = text.rpartition(last)
        other = "," if last == "." else "."
        groups = whole.split(other)
        regular = last not in whole and all(len(group) == 3 for group in groups[1:])
        return (f"{''.join(groups)}.{decimals}" if regular else None), False
    if len(marks) > 1:
        groups = text.split(marks[0])
        return ("".join(groups) if all(len(group) == 3 for group in groups[1:]) else None), False
    if not marks:
        return text, False
    whole, _, decimals = text.partition(marks[0])
    if len(decimals) == 3 and len(whole) <= 3 and whole.strip("0"):
        return whole + decimals, True
    return f"{whole}.{decimals}", False


# ----------------------------------------------------------------------------------------------------------- price.yaml
YAML_NAMES = ("price.yaml", "price.yml", "prix.yaml", "prix.yml")


@dataclass(frozen=True)
class _WrittenLine:
    label: str = ""
    amount: str = ""


@dataclass(frozen=True)
class _Written:
    total: str = ""
    currency: str = ""
    lines: tuple[_WrittenLine, ...] = ()
    format: int = 1


def read_price(path: Path, name: str, currency: str = "EUR") -> tuple[Price | None, list[Finding]]:
    """Read the price of a bid from price.yaml or from any table. Never raises on its content."""
    if path.name.lower() in YAML_NAMES:
        return _from_yaml(path, name, currency)
    sheets, findings = grid.read(path, name)
    if not sheets:
        return None, findings
    price, more = from_sheets(sheets, name, currency)
    return price, [*findings, *more]


def _from_yaml(path: Path, name: str, currency: str) -> tuple[Price | None, list[Finding]]:
    try:
        written = plain.structure(plain.parse_yaml(decoded(read_bytes(path)), name), _Written, name)
    except DataError as fault:
        return None, list(fault.findings)
    except Refused as refused:
        return None, [refusal(refused.code, name)]
    findings: list[Finding] = []
    lines = []
    for number, line in enumerate(written.lines):
        place = f"lines[{number}]"
        value = _checked_line(line.label, amount(line.amount), name, place, line.amount, findings)
        lines += [PriceLine(line.label, value)] if value is not None else []
    total = amount(written.total)
    stated = _CURRENCIES.get(fold(written.currency), written.currency.upper())
    if stated and stated != currency:
        return None, [*findings, problem("price.currency", name, "currency", written.currency, currency=currency)]
    return _settled(total, tuple(lines), name, "total", written.total, currency, findings)


def _checked_line(
    label: str, read: Amount, file: str, place: str, text: str, findings: list[Finding]
) -> Decimal | None:
    if read.value is None and read.problem != "price.missing":
        findings.append(problem("price.line", file, place, text, label=label))
    return read.value


def _settled(
    total: Amount,
    lines: tuple[PriceLine, ...],
    file: str,
    place: str,
    text: str,
    currency: str,
    findings: list[Finding],
) -> tuple[Price | None, list[Finding]]:
    """Judge a total: return the price if it may be used, and all that is said of it."""
    if total.value is None:
        return None, [*findings, problem(total.problem, file, place, text)]
    if total.currency and total.currency != currency:
        return None, [*findings, problem("price.currency", file, place, text, currency=currency)]
    if total.value < 0:
        return None, [*findings, problem("price.negative", file, place, text)]
    if total.problem:
        findings.append(problem(total.problem, file, place, text, amount=total.value))
    if total.value == 0:
        findings.append(problem("price.zero", file, place, text))
    summed = sum((line.amount for line in lines), Decimal(0))
    if lines and summed != total.value:
        findings.append(problem("price.sum", file, place, text, sum=summed, amount=total.value))
    return Price(total.value, lines, file=file, place=place), findings


# -------------------------------------------------------------------------------------------------------- price sheets
@dataclass(frozen=True, slots=True)
class _Total:
    row: int
    column: int
    with_tax: bool | None
    general: bool


_TOTAL = re.compile(r"\b(total|totaux|montant (global|de l'offre|du marche))\b")
_SUBTOTAL = re.compile(r"\b(sous[ -]total|subtotal|sub-total|total partiel|total (poste|partie|chapitre|annee|an)\b)")
_GENERAL = re.compile(r"\b(general|global|grand total|offre|marche|toutes annees|sur \d+ ans)\b")
_NET, _GROSS = (
    re.compile(r"\b(ht|h\.t|hors taxes?|excl|excluding|net)\b"),
    re.compile(r"\b(ttc|t\.t\.c|taxes comprises|incl|including)\b"),
)


def from_sheets(sheets: Sequence[Sheet], file: str, currency: str) -> tuple[Price | None, list[Finding]]:
    """Return the price of the sheets: the total excluding tax of the last sheet that states one."""
    found = [(sheet, total) for sheet in sheets for total in _totals(sheet)]
    net = [(sheet, total) for sheet, total in found if total.with_tax is not True]
    if not net:
        if not found:
            return None, [problem("price.missing", file)]
        sheet, total = found[-1]
        return None, [
            problem(
                "price.tax_included",
                file,
                sheet.place(total.row, total.column),
                text_at(sheet, total.row, total.column),
            )
        ]
    stated = [(sheet, total) for sheet, total in net if total.with_tax is False] or net
    best = [(sheet, total) for sheet, total in stated if total.general] or stated
    sheet, total = best[-1]
    return _price(sheet, total, {_read(each, one.row, one.column).value for each, one in best}, file, currency)


def _price(
    sheet: Sheet, total: _Total, totals: set[Decimal | None], file: str, currency: str
) -> tuple[Price | None, list[Finding]]:
    place, text = sheet.place(total.row, total.column), text_at(sheet, total.row, total.column)
    read = _read(sheet, total.row, total.column)
    findings: list[Finding] = []
    if total.with_tax is None:
        findings.append(problem("price.basis", file, place, text))
    if len(totals) > 1:
        findings.append(problem("price.several", file, place, text, amount=read.value))
    lines = tuple(_lines(sheet, total, file, findings))
    return _settled(read, lines, file, place, text, currency, findings)


def _read(sheet: Sheet, row: int, column: int) -> Amount:
    return amount(text_at(sheet, row, column), number=(row, column) in sheet.numbers)


def _totals(sheet: Sheet) -> Iterator[_Total]:
    for row, cells in enumerate(sheet.rows):
        label = next((text for text in cells if _TOTAL.search(fold(text)) and len(text) <= 120), "")
        if not label or _SUBTOTAL.search(fold(label)):
            continue
        folded = fold(label)
        start = cells.index(label) + 1
        filled = [each for each in range(start, len(cells)) if cells[each]]
        said = True if _GROSS.search(folded) else False if _NET.search(folded) else None
        amounts = [each for each in filled if _read(sheet, row, each).problem != "price.text"]
        if not amounts and not any(cells[: start - 1]):
            amounts = filled[-1:]
        for column in amounts if said is None else amounts[-1:]:
            with_tax = said if said is not None else _by_heading(sheet, row, column)
            if said is None and with_tax is None and column != amounts[-1]:
                continue
            yield _Total(row, column, with_tax, bool(_GENERAL.search(folded)))


def _by_heading(sheet: Sheet, row: int, column: int) -> bool | None:
    """Return what the headings above a cell say of tax."""
    for above in range(row - 1, -1, -1):
        text = fold(text_at(sheet, above, column))
        if _GROSS.search(text):
            return True
        if _NET.search(text):
            return False
    return None


def _lines(sheet: Sheet, total: _Total, file: str, findings: list[Finding]) -> Iterator[PriceLine]:
    """Return the labelled amounts above the total, in its column."""
    for row in range(total.row):
        cells = sheet.rows[row]
        label = next((text for text in cells[: total.column] if re.search(r"[^\W\d]{2}", text)), "")
        text = text_at(sheet, row, total.column)
        if not label or not text or _TOTAL.search(fold(label)):
            continue
        read = _read(sheet, row, total.column)
        if read.value is not None and (read.currency or (row, total.column) in sheet.numbers or re.search(r"\d", text)):
            yield PriceLine(label, read.value)
        elif read.problem == "price.not_finite":
            findings.append(problem("price.line", file, sheet.place(row, total.column), text, label=label))


def is_price_sheet(sheet: Sheet) -> bool:
    """Tell whether the name of a sheet announces prices."""
    return names_price(sheet.name)
