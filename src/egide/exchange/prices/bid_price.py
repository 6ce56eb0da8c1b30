"""A price as tenderers write it: an amount, its lines, and the doubts that a person must settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath

from egide import plain
from egide.errors import DataError
from egide.exchange import grid
from egide.exchange.answers import Reading
from egide.exchange.grid import Sheet, decoded
from egide.exchange.layout import text_at
from egide.exchange.prices import schedule
from egide.exchange.prices.amount import CURRENCIES, Amount, amount, problem
from egide.exchange.prices.frame import PROPERTY
from egide.exchange.prices.sheet import Total, best_totals, lines_above, read_cell, totals
from egide.exchange.prices.table import Cell, Kind, Paper, Row, names_engagement, papers
from egide.exchange.safety import Refused, read_bytes, refusal
from egide.exchange.vocabulary import fold, names_price
from egide.finding import Finding
from egide.tender.model import Price, PriceLine, Tender

__all__ = (
    "YAML_NAMES",
    "amount",
    "from_schedule",
    "from_sheets",
    "names_price_file",
    "price_sheets",
    "problem",
    "read_price",
)

YAML_NAMES = ("price.yaml", "price.yml", "prix.yaml", "prix.yml")


def read_price(path: Path, name: str, currency: str = "EUR") -> tuple[Price | None, list[Finding]]:
    """Read the price of a bid from price.yaml or from any table. Never raises on its content."""
    if path.name.lower() in YAML_NAMES:
        return _from_yaml(path, name, currency)
    sheets, findings = grid.read(path, name)
    if not sheets:
        return None, findings
    price, more = from_sheets(sheets, name, currency)
    return price, [*findings, *more]


# ----------------------------------------------------------------------------------------------------------- price.yaml
@dataclass(frozen=True)
class _WrittenLine:
    label: str = ""
    amount: str = ""
    id: str = ""
    unit_price: str = ""
    quantity: str = ""


@dataclass(frozen=True)
class _Written:
    total: str = ""
    currency: str = ""
    lines: tuple[_WrittenLine, ...] = ()
    engagement: str = ""
    format: int = 1


def _written(path: Path, name: str, currency: str) -> tuple[_Written | None, list[Finding]]:
    """Return what price.yaml says, unless it cannot be used."""
    try:
        written = plain.structure(plain.parse_yaml(decoded(read_bytes(path)), name), _Written, name)
    except DataError as fault:
        return None, list(fault.findings)
    except Refused as refused:
        return None, [refusal(refused.code, name)]
    stated = CURRENCIES.get(fold(written.currency), written.currency.upper())
    if stated and stated != currency:
        return None, [problem("price.currency", name, "currency", written.currency, currency=currency)]
    return written, []


def _from_yaml(path: Path, name: str, currency: str) -> tuple[Price | None, list[Finding]]:
    written, findings = _written(path, name, currency)
    if written is None:
        return None, findings
    lines = []
    for number, line in enumerate(written.lines):
        place = f"lines[{number}]"
        if line.unit_price and not line.amount:
            label = line.label or line.id
            findings.append(problem("price.no_schedule", name, place, line.unit_price, label=label))
        read = amount(line.amount)
        if read.value is None and read.problem != "price.missing":
            findings.append(problem("price.line", name, place, line.amount, label=line.label or line.id))
        lines += [PriceLine(line.label or line.id, read.value)] if read.value is not None else []
    return _settled(amount(written.total), tuple(lines), name, "total", written.total, currency, findings)


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
def from_sheets(sheets: Sequence[Sheet], file: str, currency: str) -> tuple[Price | None, list[Finding]]:
    """Return the price of the sheets: the total excluding tax of the last sheet that states one."""
    found = [(sheet, total) for sheet in sheets for total in totals(sheet)]
    best = best_totals(found)
    if not found:
        return None, [problem("price.missing", file)]
    sheet, total = (best or found)[-1]
    place, text = sheet.place(total.row, total.column), text_at(sheet, total.row, total.column)
    if not best:
        return None, [problem("price.tax_included", file, place, text)]
    return _price(sheet, total, {read_cell(each, one.row, one.column).value for each, one in best}, file, currency)


def _price(
    sheet: Sheet, total: Total, stated: set[Decimal | None], file: str, currency: str
) -> tuple[Price | None, list[Finding]]:
    place, text = sheet.place(total.row, total.column), text_at(sheet, total.row, total.column)
    read = read_cell(sheet, total.row, total.column)
    findings: list[Finding] = []
    if total.with_tax is None:
        findings.append(problem("price.basis", file, place, text))
    if len(stated) > 1:
        findings.append(problem("price.several", file, place, text, amount=read.value))
    lines = tuple(lines_above(sheet, total, file, findings))
    return _settled(read, lines, file, place, text, currency, findings)


def names_price_file(stem: str, *, scheduled: bool) -> bool:
    """Tell whether a file name announces prices; with a published schedule an acte d'engagement does too."""
    return names_price(stem) or (scheduled and names_engagement(stem))


def price_sheets(reading: Reading, *, scheduled: bool) -> list[Sheet]:
    """Return the sheets of a file that may hold prices: those of a file or of a sheet named so, never a questionnaire."""
    named = names_price_file(PurePosixPath(reading.name).stem, scheduled=scheduled)

    def is_named(sheet: Sheet) -> bool:
        return names_price_file(sheet.name, scheduled=scheduled) or (scheduled and PROPERTY in sheet.properties)

    sheets = [sheet for sheet in reading.sheets if named or is_named(sheet)]
    return [] if reading.answers and not any(map(is_named, sheets)) else sheets


# ------------------------------------------------------------------------------------------------ the published schedule
def from_schedule(
    yamls: Sequence[tuple[Path, str]],
    sheets: Sequence[tuple[str, Sequence[Sheet]]],
    tender: Tender,
    lot: str,
    earlier: Price | None = None,
) -> tuple[Price | None, list[Finding]]:
    """Return the price of a bid by the published schedule of its lot, from all that it says of prices.

    `yamls` and `sheets` name each file; a line that nothing prices again stands as `earlier`, the price of the same bid
    at the round before, gave it. Of two papers of one kind the later is proposed, price.yaml last. None when a line that is not optional has no usable price.
    """
    findings: list[Finding] = []
    read = [paper for name, each in sheets for paper in papers(each, name)]
    for path, name in yamls:
        written, said = _written(path, name, tender.currency)
        findings += said
        read += [_paper(written, name)] if written else []
    if not read and findings:
        return None, findings
    price, more = schedule.settled(read, tender, lot, earlier)
    return price, [*findings, *more]


def _paper(written: _Written, name: str) -> Paper:
    rows = []
    for number, line in enumerate(written.lines):
        place = f"lines[{number}]"
        texts = {
            "id": line.id,
            "label": line.label,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "amount": line.amount,
        }
        cells = {key: Cell(text, f"{place}.{key}") for key, text in texts.items()}
        rows.append(
            Row(
                cells["id"],
                cells["label"],
                quantity=cells["quantity"],
                price=cells["unit_price"],
                amount=cells["amount"],
            )
        )
    stated = tuple(Cell(text, place) for text, place in ((written.total, "total"),) if text)
    engagement = (Cell(written.engagement, "engagement"),) if written.engagement else ()
    return Paper(name, Kind.BOTH, tuple(rows), stated, engagement, says_net=True)
