"""The tables in which tenderers write prices line by line: which column holds what, which row is a line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath

from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.prices.frame import PROPERTY
from egide.exchange.prices.sheet import GROSS, NET, SUBTOTAL, TOTAL, Total, best_totals, totals
from egide.exchange.vocabulary import fold, names_price
from egide.tender.schedule import Period


class Kind(StrEnum):
    """What a table is: unit prices, quantities with amounts, both at once, or the acte d'engagement."""

    BPU = "bpu"
    BOTH = "both"
    DQE = "dqe"
    ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, where it stands, and whether the cell held a number."""

    text: str = ""
    place: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of one line; a cell that the table has not is empty."""

    id: Cell = Cell()
    title: Cell = Cell()
    unit: Cell = Cell()
    quantity: Cell = Cell()
    period: Cell = Cell()
    price: Cell = Cell()
    amount: Cell = Cell()


@dataclass(frozen=True)
class Paper:
    """One table of prices: its rows, the totals excluding tax that it states, the totals of the acte d'engagement.

    `gross` tells that its only unit prices or totals include tax; `period` what its heading says of unit prices;
    `digest` the schedule that our own frame was made from.
    """

    file: str
    kind: Kind
    rows: tuple[Row, ...] = ()
    totals: tuple[Cell, ...] = ()
    engagement: tuple[Cell, ...] = ()
    gross: Cell | None = None
    period: Period | None = None
    says_net: bool = False
    digest: str = ""
    place: str = ""
    heading: Cell = Cell()


class Role(StrEnum):
    """What a column holds."""

    TIMES = "times"
    PERIOD = "period"
    PRICE = "price"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    UNIT = "unit"
    ID = "id"
    TITLE = "title"


_IGNORED = re.compile(r"lettres|in words|\btva\b|\bvat\b|\btaux\b|commentaire|observation|comment\b")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.ID, r"^(n°|no|num|numero|ref\.?|reference|code|identifiant|prix n°)( d[eu']| des)? ?(prix)?$"),
        (Role.TITLE, r"^(designation|libelle|intitule|description)\b"),
        (Role.UNIT, r"^unites?\b"),
        (Role.TIMES, r"nombre de (periodes|mois|annees)|number of (periods|months|years)|\bnb (de )?(mois|periodes|annees)|^duree"),
        (Role.PERIOD, r"periodicite|^period\b|frequence|frequency"),
        (Role.PRICE, r"unitaire|\bunit (price|cost)|\bp\.? ?u\.?\b|\bpuht\b|\bbpu\b"),
        (Role.AMOUNT, r"montant|\btotal|\bamount|\bp\.? ?t\.?\b|sur la duree|cout global"),
        (Role.PRICE, r"\bprix\b|\bprice\b|\btarif|\bcout\b|\bcost\b"),
        (Role.QUANTITY, r"quantite|\bqte|\bqty|\bquantity|^nombre( d.*)?$|^nb\b|\bvolume"),
        (Role.UNIT, r"^unites?\b|^unit\b|^u\.?$"),
        (Role.ID, r"^ref|^n°|^no\b|^num|identif|^id$|^code|^article|^poste$|^ligne$|^line$"),
        (Role.TITLE, r"designation|libelle|intitule|description|prestation|^title|descriptif|^objet|^item|^label|^service"),
    )
)  # fmt: skip
HEADING_ROWS = 40
MOST_HEADING = 90


def role_of(text: str) -> Role | None:
    """Return what a heading announces."""
    folded = fold(text).strip(" *:")
    if not folded or len(folded) > MOST_HEADING or _IGNORED.search(folded):
        return None
    return next((role for role, words in _ROLES if words.search(folded)), None)


_MONTH = re.compile(r"\bmois\b|\bmensuel|\bmonth")
_YEAR = re.compile(r"\ban\b|\bans\b|\bannee|\bannuel|\byear|\bannual")


def period_of(text: str) -> Period | None:
    """Return the period that a text names, None when it names none or both."""
    folded = fold(text)
    month, year = bool(_MONTH.search(folded)), bool(_YEAR.search(folded))
    return None if month == year else Period.MONTH if month else Period.YEAR


_SAID = re.compile(r"(\bpar|\bper|/) ?(mois|an|annee|month|year)\b|\b(mensuel|annuel|monthly|yearly|annual)")


def period_said(text: str) -> Period | None:
    """Return the period that a heading or a unit says in so many words: "par mois", not "sur 4 ans"."""
    found = _SAID.search(fold(text))
    return period_of(found[0]) if found else None


# ---------------------------------------------------------------------------------------------------------- the papers
_ENGAGEMENT = re.compile(r"\b(acte|ae|attri ?\d*)\b|^engagement\b")
_BPU = re.compile(r"\b(bpu|bordereau)\b")
_DQE = re.compile(r"\b(dqe|detail|quantitatif|estimatif|dpgf)\b")
_OPTIONS = re.compile(r"\b(options?|pse)\b")
_WITHOUT = re.compile(
    r"(hors|sans|excluding|without|excl\.) (les )?(options?|pse)|\b(options?|pse) (non|not) (comprises?|incluses?|comptees?|included)"
)


def names_engagement(text: str) -> bool:
    """Tell whether the name of a file or a sheet is that of an acte d'engagement."""
    return bool(_ENGAGEMENT.search(_words(text)))


def _words(text: str) -> str:
    return re.sub(r"[_\-.]+", " ", fold(text))


def papers(sheets: Sequence[Sheet], file: str) -> Iterator[Paper]:
    """Give the tables of prices of a file; a file that has none but states totals gives its totals."""
    stem = PurePosixPath(file).stem
    for sheet in sheets:
        columns = _columns(sheet)
        named = f"{stem} {sheet.name}" if not names_price(sheet.name) else sheet.name
        engagement = names_engagement(sheet.name) or (names_engagement(stem) and not _BPU.search(_words(sheet.name)))
        found = [(sheet, total) for total in totals(sheet) if _of_the_bid(total)]
        best = best_totals(found)
        cells = tuple(_cell(sheet, total.row, total.column) for _, total in best)
        gross = _cell(sheet, found[-1][1].row, found[-1][1].column) if found and not best else None
        net = any(total.with_tax is False for _, total in best)
        if columns is None or (engagement and Role.PRICE not in columns.of):
            if cells or gross:
                kind = Kind.ENGAGEMENT if engagement else Kind.DQE
                paper = Paper(file, kind, gross=gross, says_net=net, place=sheet.name)
                yield replace(paper, engagement=cells) if engagement else replace(paper, totals=cells)
            continue
        rows = tuple(_row(sheet, number, columns) for number in range(columns.row + 1, len(sheet.rows)))
        yield Paper(
            file,
            _kind(named, columns),
            rows,
            () if engagement else cells,
            cells if engagement else (),
            columns.gross or gross,
            columns.period,
            net or columns.net,
            sheet.properties.get(PROPERTY, ""),
            sheet.name,
            _cell(sheet, columns.row, columns.of.get(Role.PRICE, columns.of.get(Role.AMOUNT))),
        )


def _of_the_bid(total: Total) -> bool:
    label = fold(total.label)
    return not _OPTIONS.search(label) or bool(_WITHOUT.search(label))


def _kind(named: str, columns: "_Columns") -> Kind:
    words = _words(named)
    bpu, dqe = bool(_BPU.search(words)), bool(_DQE.search(words))
    if bpu != dqe:
        return Kind.BPU if bpu else Kind.DQE
    if Role.AMOUNT not in columns.of:
        return Kind.BPU
    return Kind.BOTH if Role.PRICE in columns.of else Kind.DQE


@dataclass(frozen=True)
class _Columns:
    """The heading row, the column of each role, and what headings say of tax and period."""

    row: int
    of: Mapping[Role, int] = field(default_factory=dict)
    gross: Cell | None = None
    net: bool = False
    period: Period | None = None


def _columns(sheet: Sheet) -> _Columns | None:
    """Return the columns of the first row that announces prices line by line."""
    best: tuple[int, int] | None = None
    for number in range(min(len(sheet.rows), HEADING_ROWS)):
        roles = {role_of(text) for text in sheet.rows[number]} - {None}
        if (Role.PRICE in roles or Role.AMOUNT in roles) and roles & {Role.ID, Role.TITLE}:
            best = max(best or (0, 0), (len(roles), -number))
    if best is None:
        return None
    return _assigned(sheet, -best[1])


def _assigned(sheet: Sheet, row: int) -> _Columns:
    headings = {column: fold(_heading(sheet, row, column)) for column in range(len(sheet.rows[row]))}
    of: dict[Role, int] = {}
    gross: Cell | None = None
    for role in Role:
        columns = [column for column, text in headings.items() if role_of(text) is role]
        net = [column for column in columns if not GROSS.search(headings[column]) or NET.search(headings[column])]
        if net:
            stated = [column for column in net if NET.search(headings[column])]
            of[role] = (stated or net)[0] if role is not Role.AMOUNT else (stated or net)[-1]
        elif columns and role in {Role.PRICE, Role.AMOUNT}:
            gross = gross or Cell(sheet.rows[row][columns[0]], sheet.place(row, columns[0]))
    priced = headings.get(of[Role.PRICE], "") if Role.PRICE in of else ""
    said_net = any(NET.search(headings[of[role]]) for role in (Role.PRICE, Role.AMOUNT) if role in of)
    return _Columns(row, of, gross if Role.PRICE not in of else None, said_net, period_said(priced))


def _heading(sheet: Sheet, row: int, column: int) -> str:
    """Return a heading with what stands above it when it is on two rows, as in "Prix" over "HT" and "TTC"."""
    own = text_at(sheet, row, column)
    if role_of(own) is not None or row == 0:
        return own
    above = next((text for each in range(column, -1, -1) if (text := text_at(sheet, row - 1, each))), "")
    return f"{above} {own}" if own and (GROSS.search(fold(own)) or NET.search(fold(own))) else own


def _cell(sheet: Sheet, row: int, column: int | None) -> Cell:
    if column is None:
        return Cell()
    return Cell(text_at(sheet, row, column), sheet.place(row, column), (row, column) in sheet.numbers)


def _row(sheet: Sheet, number: int, columns: _Columns) -> Row:
    cells = {role: _cell(sheet, number, columns.of.get(role)) for role in Role}
    return Row(
        cells[Role.ID],
        cells[Role.TITLE],
        cells[Role.UNIT],
        cells[Role.QUANTITY],
        cells[Role.PERIOD],
        cells[Role.PRICE],
        cells[Role.AMOUNT],
    )


def is_sum(row: Row) -> bool:
    """Tell whether a row adds other rows, or states a tax, rather than being a line."""
    label = fold(f"{row.id.text} {row.title.text}")
    return bool(TOTAL.search(label) or SUBTOTAL.search(label) or re.search(r"\b(tva|vat|ttc)\b", label))
