"""From retained levels and notes to the note of each criterion. Sums stay whole numbers, shares exact fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from math import lcm

from egide.clausier.model import IRREGULAR, Clausier, Point
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender import price
from egide.tender.model import Bid, BidClass, Computed, Criterion, Kind, SubCriterion, Tender
from egide.tender.points import proposal
from egide.tender.retained import Book
from egide.tender.rules import feeds

DIGITS = Context(prec=30)


@dataclass(frozen=True)
class Note:
    """The note of a criterion or sub-criterion on its scale, exact to thirty digits, and what it is made of.

    For points, `earned` over `possible` is the sum of weight x value over the sum of weights. `complete` is False when
    the note counts something that nobody retained.
    """

    id: str
    note: Decimal
    weighted: Decimal
    complete: bool = True
    earned: Decimal | None = None
    possible: Decimal | None = None
    parts: "tuple[Note, ...]" = ()


@dataclass
class Scored:
    """A bid while its lot is being ranked."""

    bid: Bid
    bid_class: BidClass
    awaited: int
    notes: list[Note] = field(default_factory=list)
    exact: dict[str, Fraction] = field(default_factory=dict)
    """Points earned by criterion, exact: what the ranking compares."""
    low: bool = False

    @property
    def total(self) -> Fraction:
        """Return the points earned on all criteria."""
        return sum(self.exact.values(), Fraction(0))


@dataclass(frozen=True)
class _Table:
    """The points that feed a note, with the worth of each level in whole units of 1/unit: sums stay in integers."""

    points: tuple[Point, ...]
    worth: tuple[Mapping[str, int], ...]
    unit: int
    possible: int


def _table(points: Sequence[Point]) -> _Table:
    values = [
        [(level.code, Fraction(level.value)) for level in point.levels if level.value is not None] for point in points
    ]
    unit = lcm(*(value.denominator for each in values for _, value in each)) if points else 1
    worth = tuple(
        {IRREGULAR: 0, **{code: int(value * unit) * point.weight for code, value in each}}
        for point, each in zip(points, values, strict=True)
    )
    return _Table(tuple(points), worth, unit, sum(point.weight for point in points))


@dataclass(frozen=True)
class Tables:
    """The points scored all together, those of each sub-criterion, and those that are a floor only."""

    scored: _Table
    subcriteria: Mapping[str, _Table]
    floors: _Table


def tables_of(tender: Tender, clausier: Clausier) -> Tables:
    """Return the tables of a consultation, made once for all its bids."""
    points = clausier.points.values()
    scored = [point for point in points if point.award_use.scores]
    subcriteria = {
        sub.id: _table(
            [point for point in scored if feeds(sub, point.id, clausier.theme_of[point.id].id, point.family)]
        )
        for criterion in tender.criteria
        if criterion.kind is Kind.CLAUSIER
        for sub in criterion.subcriteria
    }
    return Tables(
        _table(scored),
        subcriteria,
        _table([point for point in points if point.award_use.floors and not point.award_use.scores]),
    )


def note_criterion(
    criterion: Criterion,
    tables: Tables,
    scored: list[Scored],
    compared: list[Scored],
    book: Book,
    computed: Computed,
) -> list[Finding]:
    """Add the note of a criterion to each bid; `compared` are those whose prices count. Return what was found."""
    match criterion.kind:
        case Kind.PRICE:
            return _price_notes(criterion, scored, compared)
        case Kind.CLAUSIER:
            for each in scored:
                _clausier_note(criterion, tables, each, book)
        case Kind.MARKED:
            for each in scored:
                _marked_note(criterion, each, book)
        case _:
            values = computed.get(criterion.id, {})
            for each in scored:
                _plain_note(criterion, each, values.get(each.bid.key.tenderer))
    return []


def _add(criterion: Criterion, each: Scored, share: Fraction, *, awaited: int = 0, **made_of: object) -> None:
    each.awaited += awaited
    each.exact[criterion.id] = share * Fraction(criterion.weight)
    each.notes.append(
        Note(
            criterion.id,
            exact(share * Fraction(criterion.scale)),
            exact(each.exact[criterion.id]),
            not awaited,
            **made_of,  # type: ignore[arg-type]
        )
    )


def exact(value: Fraction) -> Decimal:
    """Return a fraction as a decimal of thirty digits."""
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _price_notes(criterion: Criterion, scored: list[Scored], compared: list[Scored]) -> list[Finding]:
    totals = [Fraction(each.bid.compared) for each in compared if each.bid.compared is not None]
    try:
        market = price.market(criterion.formula, totals)
    except DataError as refusal:
        for each in scored:
            _add(criterion, each, Fraction(0), awaited=1)
        return [
            Finding(
                "price.formula",
                Severity.DOUBT,
                refusal.message,
                message("Régler le cas du prix nul dans marks/decisions.csv, ou publier une formule qui l'admet."),
                place=criterion.id,
            )
        ]
    for each in scored:
        if each.bid.compared is None or not totals:
            _add(criterion, each, Fraction(0))
            continue
        share = price.FORMULAS[criterion.formula].share(Fraction(each.bid.compared), market)
        _add(criterion, each, min(Fraction(1), max(Fraction(0), share)))
    return []


def _clausier_note(criterion: Criterion, tables: Tables, each: Scored, book: Book) -> None:
    if not criterion.subcriteria:
        table = tables.scored
        earned, awaited = earned_of(table, each.bid, book)
        share = Fraction(earned, table.unit * table.possible)
        _add(
            criterion,
            each,
            share,
            awaited=awaited,
            earned=exact(Fraction(earned, table.unit)),
            possible=Decimal(table.possible),
        )
        return
    parts, share, awaited = [], Fraction(0), 0
    for sub, part in _shared(criterion):
        table = tables.subcriteria[sub.id]
        earned, missing = earned_of(table, each.bid, book)
        ratio = Fraction(earned, table.unit * table.possible)
        share += part * ratio
        awaited += missing
        parts.append(
            _part(criterion, sub, part, ratio, missing, exact(Fraction(earned, table.unit)), Decimal(table.possible))
        )
    _add(criterion, each, share, awaited=awaited, parts=tuple(parts))


def _shared(criterion: Criterion) -> list[tuple[SubCriterion, Fraction]]:
    total = sum((Fraction(sub.weight) for sub in criterion.subcriteria), Fraction(0))
    return [(sub, Fraction(sub.weight) / total) for sub in criterion.subcriteria]


def _part(
    criterion: Criterion,
    sub: SubCriterion,
    part: Fraction,
    ratio: Fraction,
    missing: int,
    earned: Decimal | None = None,
    possible: Decimal | None = None,
) -> Note:
    return Note(
        sub.id,
        exact(ratio * Fraction(criterion.scale)),
        exact(ratio * part * Fraction(criterion.weight)),
        not missing,
        earned,
        possible,
    )


def earned_of(table: _Table, bid: Bid, book: Book) -> tuple[int, int]:
    """Return what the retained levels earn, and how many are awaited; an awaited one counts what is declared."""
    earned = awaited = 0
    levels, answers = book.levels.get(bid.key, {}), bid.answers
    for point, worth in zip(table.points, table.worth, strict=True):
        level = levels.get(point.id)
        if level is None:
            awaited += 1
            level = proposal(point, answers.get(point.id))[0]
        earned += worth.get(level, 0)
    return earned, awaited


def _marked_note(criterion: Criterion, each: Scored, book: Book) -> None:
    if not criterion.subcriteria:
        note = book.notes.get((each.bid.key, criterion.id, ""))
        _add(criterion, each, (note or Fraction(0)) / Fraction(criterion.scale), awaited=int(note is None))
        return
    parts, share, awaited = [], Fraction(0), 0
    for sub, part in _shared(criterion):
        note = book.notes.get((each.bid.key, criterion.id, sub.id))
        ratio = (note or Fraction(0)) / Fraction(criterion.scale)
        share += part * ratio
        awaited += note is None
        parts.append(_part(criterion, sub, part, ratio, int(note is None)))
    _add(criterion, each, share, awaited=awaited, parts=tuple(parts))


def _plain_note(criterion: Criterion, each: Scored, value: Decimal | None) -> None:
    _add(criterion, each, Fraction(value or 0) / Fraction(criterion.scale), awaited=int(value is None))
