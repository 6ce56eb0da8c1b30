"""From what evaluators retain to notes, classes and a ranking. Exact arithmetic; rounding is for display only.

A declared answer never enters a final result: while something that a person must say is missing, the result is
provisional, and only then do declarations order it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import egide
from egide import plain
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.classing import OUT_OF_RANKING, awaited_marks, classed, flag_low, low_price, named, unusable_prices
from egide.tender.history import Change, View, lowered, since
from egide.tender.lots import of_lot
from egide.tender.low_lines import low_lines
from egide.tender.model import Bid, BidClass, BidKey, Computed, Lot, Marks, Tender
from egide.tender.notes import Note, Scored, earned_of, exact, note_criterion, tables_of
from egide.tender.readers import countable
from egide.tender.retained import Book
from egide.tender.risk_cost import RiskCost
from egide.tender.rules import Rules, check


class Status(StrEnum):
    """Whether the result can found an award."""

    FINAL = "final"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class Row:
    """One bid in the ranking of its lot. `total` of an excluded bid is for information; its `rank` is None."""

    key: BidKey
    rank: int | None
    total: Decimal
    bid_class: BidClass
    abnormally_low: bool
    notes: tuple[Note, ...]
    missing: int
    """How many retained levels, notes and decisions are awaited for this bid."""
    price: Decimal | None = None
    added: Decimal = Decimal(0)
    """What a price criterion adds to the price, as published."""

    @property
    def compared(self) -> Decimal | None:
        """Return the amount that a price criterion compares, None without a price."""
        return None if self.price is None else self.price + self.added


@dataclass(frozen=True)
class Evaluation:
    """The result and all that founds it, as it is kept for ever: shown from here, never computed again."""

    status: Status
    ranking: tuple[Row, ...]
    findings: tuple[Finding, ...]
    fingerprint: str
    tender: Tender
    clausier: Clausier
    rules: Rules
    bids: tuple[Bid, ...]
    marks: Marks
    computed: Computed = field(default_factory=dict)
    program: str = egide.__version__
    format: int = 1
    history: tuple[Change, ...] = ()
    """The marks that changed after the ranking was first seen."""
    risk: RiskCost | None = None
    """The expected cost of incidents of each bid, when the consultation asks for it."""

    def lot(self, lot: str) -> tuple[Row, ...]:
        """Return the rows of a lot, ranked bids first."""
        return tuple(row for row in self.ranking if row.key.lot == lot)


def evaluate(
    tender: Tender,
    clausier: Clausier,
    rules: Rules,
    bids: Sequence[Bid],
    marks: Marks,
    computed: Computed | None = None,
    seen: View | None = None,
) -> Evaluation:
    """Return the evaluation of every lot. `clausier` is that of the consultation, already narrowed to its points.

    `seen` is how the ranking was last seen: a mark changed since then needs its reason, and both are kept.
    Raises DataError, with all findings, when the tender breaks a rule of its own date or a price cannot be used.
    """
    computed = computed or {}
    found = check(tender, clausier, rules)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise DataError(message("la consultation ne peut pas être évaluée"), tuple(found))
    printed = fingerprint(tender, clausier, rules, bids, marks, computed)
    marks, hidden = countable(tender, clausier, marks)
    history, changed = since(seen, marks)
    rows, more = score(tender, clausier, rules, bids, marks, computed)
    found += [*hidden, *lowered(marks, clausier), *changed, *more]
    if not bids:
        found.append(_nothing())
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise DataError(message("l'évaluation n'est pas possible"), tuple(found))
    provisional = any(row.missing for row in rows) or any(finding.code in HOLDING for finding in found)
    return Evaluation(
        Status.PROVISIONAL if provisional else Status.FINAL,
        rows,
        tuple(found),
        printed,
        tender,
        clausier,
        rules,
        tuple(bids),
        marks,
        computed,
        history=history,
    )


AWAITED = frozenset({
    "bid.awaited", "bid.irregular_proposed", "bid.over_budget", "mark.awaited", "mark.conflict", "mark.disagreement", "rank.tie",
})  # fmt: skip
"""Findings that tell what keeps a result provisional."""
HOLDING = frozenset({"rank.tie", "mark.awaited"})
"""Findings that hold a result provisional although no mark is missing."""


def _nothing() -> Finding:
    return Finding(
        "bids.none",
        Severity.ERROR,
        message("aucune offre n'a été reçue : il n'y a rien à évaluer"),
        message("Déposer les offres dans bids/<soumissionnaire>/<lot>/, ou déclarer la procédure infructueuse."),
        "bids",
    )


def fingerprint(*inputs: object) -> str:
    """Return the digest of all inputs of an evaluation."""
    return plain.digest([plain.unstructure(each) for each in inputs])


def score(
    tender: Tender, clausier: Clausier, rules: Rules, bids: Sequence[Bid], marks: Marks, computed: Computed
) -> tuple[tuple[Row, ...], list[Finding]]:
    """Return the rows of all lots and the findings: the pure arithmetic of an evaluation."""
    book = Book(clausier, marks)
    found = list(book.findings)
    rows: list[Row] = []
    for lot in tender.lots:
        present = _last_rounds([bid for bid in bids if bid.key.lot == lot.id])
        lot_rows, more = _lot(tender, clausier, rules, lot, present, book, computed)
        rows += lot_rows
        found += more
    return tuple(rows), found


def _last_rounds(bids: Iterable[Bid]) -> list[Bid]:
    """Keep the last round of each tenderer and variant, in the order of their names: never the order of entry."""
    last: dict[tuple[str, int], Bid] = {}
    for bid in sorted(bids, key=lambda bid: bid.key):
        last[bid.key.tenderer, bid.key.variant] = bid
    return list(last.values())


# ------------------------------------------------------------------------------------------------------------- one lot
def _lot(
    tender: Tender, clausier: Clausier, rules: Rules, lot: Lot, bids: list[Bid], book: Book, computed: Computed
) -> tuple[list[Row], list[Finding]]:
    found: list[Finding] = []
    scored = []
    clausier = of_lot(tender, clausier, lot.id)
    tables = tables_of(tender, clausier)
    for bid in bids:
        bid_class, decision_awaited, more = classed(tender, clausier, lot, bid, book)
        scored.append(Scored(bid, bid_class, int(decision_awaited) + earned_of(tables.floors, bid, book)[1]))
        found += more
    compared = [each for each in scored if each.bid_class not in OUT_OF_RANKING]
    found += unusable_prices(lot, compared)
    if any(finding.severity is Severity.ERROR for finding in found):
        return [], found
    flag_low(rules, compared)
    for criterion in tender.criteria:
        found += note_criterion(criterion, tables, scored, compared, book, computed)
    found += [awaited_marks(each) for each in compared if each.awaited]
    found += [low_price(each) for each in compared if each.low]
    found += low_lines(rules, tender.schedule, [each.bid for each in compared])
    ranks, more = _ranks(tender, lot, compared, book)
    return _rows(scored, ranks), found + more


# ------------------------------------------------------------------------------------------------------------- ranking
def _ranks(tender: Tender, lot: Lot, compared: list[Scored], book: Book) -> tuple[dict[BidKey, int], list[Finding]]:
    def merit(each: Scored) -> tuple[Fraction, ...]:
        tie_breaks = (each.exact[tie] if tie in each.exact else _drawn(each, book) for tie in tender.ties)
        return (each.total, *tie_breaks)

    by_merit: dict[tuple[Fraction, ...], list[BidKey]] = defaultdict(list)
    for each in compared:
        by_merit[merit(each)].append(each.bid.key)
    ranks: dict[BidKey, int] = {}
    found: list[Finding] = []
    for value in sorted(by_merit, reverse=True):
        rank, equal = len(ranks) + 1, by_merit[value]
        ranks |= dict.fromkeys(equal, rank)
        if len(equal) > 1:
            found.append(_tie(tender, lot, equal))
    return ranks, found


def _drawn(each: Scored, book: Book) -> Fraction:
    decision = book.decisions.get(each.bid.key)
    return Fraction(-decision.draw) if decision and decision.draw else Fraction(0)


def _tie(tender: Tender, lot: Lot, keys: list[BidKey]) -> Finding:
    remedy = (
        message("Procéder au tirage au sort publié et écrire le rang tiré dans marks/decisions.csv (colonne tirage).")
        if "draw" in tender.ties
        else message(
            "Aucune règle publiée ne départage ces offres : un choix doit être fait et motivé (ties dans tender.yaml si elle était publiée)."
        )
    )
    return Finding(
        "rank.tie",
        Severity.DOUBT,
        message("offres à égalité : {keys}", keys=tuple(named(key) for key in keys)),
        remedy,
        place=lot.id,
    )


def _rows(scored: list[Scored], ranks: Mapping[BidKey, int]) -> list[Row]:
    rows = [
        Row(
            each.bid.key,
            ranks.get(each.bid.key),
            exact(each.total),
            each.bid_class,
            each.low,
            tuple(each.notes),
            each.awaited if each.bid.key in ranks else 0,
            each.bid.price.total if each.bid.price else None,
            each.bid.added,
        )
        for each in scored
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.key))
