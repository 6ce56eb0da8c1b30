"""From what evaluators retain to notes, classes and a ranking. Exact arithmetic; rounding is for display only.

A declared answer never enters a final result: while something that a person must say is missing, the result is
provisional, and only then do declarations order it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import TypeVar

import egide
from egide import plain
from egide.clausier.model import IRREGULAR, AwardUse, Clausier, Point
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender import price
from egide.tender.model import (
    HARMONISED,
    Bid,
    BidClass,
    BidKey,
    Computed,
    Criterion,
    CriterionNote,
    Decision,
    Kind,
    Lot,
    Marks,
    PointMark,
    SubCriterion,
    Tender,
)
from egide.tender.points import proposal
from egide.tender.rules import Rules, check, feeds

DIGITS = Context(prec=30)
_Given = TypeVar("_Given", PointMark, CriterionNote)
OUT_OF_RANKING = frozenset({BidClass.IRREGULAR, BidClass.UNACCEPTABLE, BidClass.INAPPROPRIATE})


class Status(StrEnum):
    """Whether the result can found an award."""

    FINAL = "final"
    PROVISIONAL = "provisional"


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
) -> Evaluation:
    """Return the evaluation of every lot. `clausier` is that of the consultation, already narrowed to its points.

    Raises DataError, with all findings, when the tender breaks a rule of its own date or a price cannot be used.
    """
    computed = computed or {}
    found = check(tender, clausier, rules)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise DataError(message("la consultation ne peut pas être évaluée"), tuple(found))
    rows, more = score(tender, clausier, rules, bids, marks, computed)
    found += more
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
        fingerprint(tender, clausier, rules, bids, marks, computed),
        tender,
        clausier,
        rules,
        tuple(bids),
        marks,
        computed,
    )


HOLDING = frozenset({"rank.tie"})
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
    book = _Book(clausier, marks)
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


# ------------------------------------------------------------------------------------------------- what people retained
class _Book:
    """The marks by bid and point, harmonised ones first; what contradicts or cannot be used becomes a finding."""

    def __init__(self, clausier: Clausier, marks: Marks):
        self.findings: list[Finding] = []
        self.levels: dict[BidKey, dict[str, str]] = {}
        self.notes: dict[tuple[BidKey, str, str], Fraction] = {}
        self.decisions: dict[BidKey, Decision] = {decision.bid: decision for decision in marks.decisions}
        self._read_points(clausier, marks.points)
        self._read_notes(marks.notes)

    def _read_points(self, clausier: Clausier, marks: Iterable[PointMark]) -> None:
        usable = {
            point.id: {IRREGULAR} | {level.code for level in point.levels if level.value is not None}
            for point in clausier.points.values()
        }
        for bid, given in _by_bid(marks).items():
            levels = self.levels[bid] = {}
            for point, mark in given.items():
                if isinstance(mark, list):
                    self._agree(point, _agreed(mark), levels)
                else:
                    levels[point] = mark.level
            for point in [point for point, level in levels.items() if level not in usable.get(point, ())]:
                del levels[point]

    def _agree(self, point: str, agreed: list[PointMark], levels: dict[str, str]) -> None:
        if len({mark.level for mark in agreed}) > 1:
            self.findings.append(_disagreement(agreed[0], [f"{mark.evaluator} : {mark.level}" for mark in agreed]))
        else:
            levels[point] = agreed[0].level

    def _read_notes(self, notes: Iterable[CriterionNote]) -> None:
        for place, agreed in retained_notes(notes).items():
            if len({note.note for note in agreed}) > 1:
                self.findings.append(_disagreement(agreed[0], [f"{note.evaluator} : {note.note}" for note in agreed]))
                continue
            self.notes[place] = Fraction(agreed[0].note)


def _by_bid(marks: Iterable[PointMark]) -> dict[BidKey, dict[str, PointMark | list[PointMark]]]:
    """Gather the marks by bid and point: one mark alone, nearly always, else all that were given."""
    gathered: dict[BidKey, dict[str, PointMark | list[PointMark]]] = defaultdict(dict)
    for mark in marks:
        if not mark.level:
            continue
        given = gathered[mark.bid]
        first = given.setdefault(mark.point, mark)
        if first is not mark:
            given[mark.point] = [*(first if isinstance(first, list) else [first]), mark]
    return gathered


def retained_marks(marks: Iterable[PointMark]) -> dict[tuple[BidKey, str], list[PointMark]]:
    """Return the marks that count for each bid and point: those agreed together, else those of each evaluator."""
    by_place: dict[tuple[BidKey, str], list[PointMark]] = defaultdict(list)
    for mark in marks:
        if mark.level:
            by_place[mark.bid, mark.point].append(mark)
    return {place: _agreed(given) for place, given in by_place.items()}


def retained_notes(notes: Iterable[CriterionNote]) -> dict[tuple[BidKey, str, str], list[CriterionNote]]:
    """Return the notes that count for each bid, criterion and sub-criterion, in the same way."""
    by_place: dict[tuple[BidKey, str, str], list[CriterionNote]] = defaultdict(list)
    for note in notes:
        by_place[note.bid, note.criterion, note.subcriterion].append(note)
    return {place: _agreed(given) for place, given in by_place.items()}


def _agreed(given: list[_Given]) -> list[_Given]:
    return [mark for mark in given if mark.evaluator == HARMONISED] or given


def _disagreement(mark: PointMark | CriterionNote, said: list[str]) -> Finding:
    what = mark.point if isinstance(mark, PointMark) else mark.subcriterion or mark.criterion
    return Finding(
        "mark.disagreement",
        Severity.DOUBT,
        message("les évaluateurs ne retiennent pas la même chose pour {what} ({said})", what=what, said=tuple(said)),
        message("Harmoniser : écrire ce qui est retenu ensemble dans marks/{name}.", name=f"{HARMONISED}.csv"),
        mark.file,
        mark.place,
        mark.point if isinstance(mark, PointMark) else "",
        read=" / ".join(said),
    )


# ------------------------------------------------------------------------------------------------------------- one lot
@dataclass
class _Scored:
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
        return sum(self.exact.values(), Fraction(0))


def _lot(
    tender: Tender, clausier: Clausier, rules: Rules, lot: Lot, bids: list[Bid], book: _Book, computed: Computed
) -> tuple[list[Row], list[Finding]]:
    found: list[Finding] = []
    scored = []
    tables = _tables(tender, clausier)
    for bid in bids:
        bid_class, decision_awaited, more = _class(tender, clausier, lot, bid, book)
        scored.append(_Scored(bid, bid_class, int(decision_awaited) + _earned(tables.floors, bid, book)[1]))
        found += more
    compared = [each for each in scored if each.bid_class not in OUT_OF_RANKING]
    found += _prices(lot, compared)
    if any(finding.severity is Severity.ERROR for finding in found):
        return [], found
    _flag_low(rules, compared)
    for criterion in tender.criteria:
        found += _criterion(criterion, tables, scored, compared, book, computed)
    found += [_awaited(each) for each in compared if each.awaited]
    found += [_low(each) for each in compared if each.low]
    ranks, more = _ranks(tender, lot, compared, book)
    return _rows(scored, ranks), found + more


def _class(tender: Tender, clausier: Clausier, lot: Lot, bid: Bid, book: _Book) -> tuple[BidClass, bool, list[Finding]]:
    """Return the class, whether a decision is awaited, and the findings that propose it."""
    proposed = _proposals(tender, clausier, lot, bid, book)
    decision = book.decisions.get(bid.key)
    if decision and decision.bid_class is not BidClass.IRREGULAR_PROPOSED:
        return decision.bid_class, False, [_decided(finding, decision) for finding in proposed]
    if any(finding.code == "bid.irregular_proposed" for finding in proposed):
        return BidClass.IRREGULAR_PROPOSED, True, proposed
    return BidClass.REGULAR, False, proposed


def _decided(finding: Finding, decision: Decision) -> Finding:
    """Return what proposed a class once a person has decided: kept for the record, nothing more is asked."""
    remedy = message("Décidé le {day} par {person}.", day=decision.decided_on, person=decision.person)
    return replace(finding, severity=Severity.NOTE, remedy=remedy)


def _proposals(tender: Tender, clausier: Clausier, lot: Lot, bid: Bid, book: _Book) -> list[Finding]:
    def propose(understood: Message, point: str = "") -> Finding:
        return Finding(
            "bid.irregular_proposed",
            Severity.DOUBT,
            understood,
            message(
                "Décider, après régularisation si elle est permise (R2152-2), et l'écrire dans marks/decisions.csv."
            ),
            place=_said(bid.key),
            point=point,
            tenderer=bid.key.tenderer,
        )

    found = []
    levels = book.levels.get(bid.key, {})
    for point in [each for each in clausier.points.values() if levels.get(each.id) in each.proposing]:
        if levels[point.id] == IRREGULAR:
            found.append(propose(message("une pièce ou une réponse exigée est absente"), point.id))
        elif point.award_use is AwardUse.CANDIDACY:
            found.append(propose(message("condition de candidature non tenue"), point.id))
        else:
            found.append(propose(message("niveau retenu sous le plancher publié"), point.id))
    if bid.key.variant and not tender.variants_allowed:
        found.append(propose(message("variante remise alors que la consultation n'en autorise pas")))
    if lot.budget is not None and bid.price is not None and bid.price.total > lot.budget:
        found.append(
            Finding(
                "bid.over_budget",
                Severity.DOUBT,
                message("le prix dépasse les crédits fixés avant le lancement ({budget})", budget=lot.budget),
                message(
                    "Décider si l'offre est inacceptable (L2152-3) ; dans un accord-cadre, seulement si les crédits ont été annoncés (CE, 12 juin 2024, n° 475214)."
                ),
                place=_said(bid.key),
                read=str(bid.price.total),
                tenderer=bid.key.tenderer,
            )
        )
    return found


def _said(key: BidKey) -> str:
    parts = [key.tenderer, key.lot]
    parts += [f"variante {key.variant}"] if key.variant else []
    parts += [f"tour {key.round}"] if key.round > 1 else []
    return ", ".join(parts)


def _prices(lot: Lot, compared: list[_Scored]) -> list[Finding]:
    return [
        Finding(
            "price.missing",
            Severity.ERROR,
            message("aucun prix utilisable pour cette offre"),
            message(
                "Donner un prix (price.yaml ou une feuille de prix, total HT), ou classer l'offre dans marks/decisions.csv."
            ),
            f"bids/{each.bid.key.tenderer}/{lot.id}",
            _said(each.bid.key),
            tenderer=each.bid.key.tenderer,
        )
        for each in compared
        if each.bid.price is None or each.bid.price.total < 0
    ]


def _flag_low(rules: Rules, compared: list[_Scored]) -> None:
    """Flag a price that asks for a justification (L2152-5): a detector, never a rejection."""
    rule = rules.by_id.get("R27")
    totals = [Fraction(each.bid.price.total) for each in compared if each.bid.price]
    if rule is None or len(totals) < 2:
        return
    under_mean, under_next = (1 - Fraction(rule.parameters[name]) for name in ("under_mean", "under_next"))
    whole, (lowest, following) = sum(totals, Fraction(0)), sorted(totals)[:2]
    for each, total in zip(compared, totals, strict=True):
        far_from_mean = total * (len(totals) - 1) < (whole - total) * under_mean
        far_from_next = total == lowest < following * under_next
        each.low = total == 0 or far_from_mean or far_from_next


def _low(each: _Scored) -> Finding:
    return Finding(
        "bid.abnormally_low",
        Severity.DOUBT,
        message("prix très inférieur à celui des autres offres"),
        message(
            "Demander la justification du prix (L2152-6, R2152-3) ; l'écart seul ne permet pas de rejeter (CE, 29 mai 2013, n° 366606)."
        ),
        place=_said(each.bid.key),
        read=str(each.bid.price.total if each.bid.price else ""),
        tenderer=each.bid.key.tenderer,
    )


def _awaited(each: _Scored) -> Finding:
    return Finding(
        "bid.awaited",
        Severity.DOUBT,
        message("{count} niveaux, notes ou décisions manquent : résultat provisoire", count=each.awaited),
        message("Compléter les classeurs de marks/ (egide marks prepare les écrit)."),
        place=_said(each.bid.key),
        tenderer=each.bid.key.tenderer,
    )


# ----------------------------------------------------------------------------------------------------------- criteria
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
class _Tables:
    """The points scored all together, those of each sub-criterion, and those that are a floor only."""

    scored: _Table
    subcriteria: Mapping[str, _Table]
    floors: _Table


def _tables(tender: Tender, clausier: Clausier) -> _Tables:
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
    return _Tables(
        _table(scored),
        subcriteria,
        _table([point for point in points if point.award_use.floors and not point.award_use.scores]),
    )


def _criterion(
    criterion: Criterion,
    tables: _Tables,
    scored: list[_Scored],
    compared: list[_Scored],
    book: _Book,
    computed: Computed,
) -> list[Finding]:
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


def _add(criterion: Criterion, each: _Scored, share: Fraction, *, awaited: int = 0, **made_of: object) -> None:
    each.awaited += awaited
    each.exact[criterion.id] = share * Fraction(criterion.weight)
    each.notes.append(
        Note(
            criterion.id,
            _exact(share * Fraction(criterion.scale)),
            _exact(each.exact[criterion.id]),
            not awaited,
            **made_of,  # type: ignore[arg-type]
        )
    )


def _exact(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _price_notes(criterion: Criterion, scored: list[_Scored], compared: list[_Scored]) -> list[Finding]:
    totals = [Fraction(each.bid.price.total) for each in compared if each.bid.price]
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
        if each.bid.price is None or not totals:
            _add(criterion, each, Fraction(0))
            continue
        share = price.FORMULAS[criterion.formula].share(Fraction(each.bid.price.total), market)
        _add(criterion, each, min(Fraction(1), max(Fraction(0), share)))
    return []


def _clausier_note(criterion: Criterion, tables: _Tables, each: _Scored, book: _Book) -> None:
    if not criterion.subcriteria:
        table = tables.scored
        earned, awaited = _earned(table, each.bid, book)
        share = Fraction(earned, table.unit * table.possible)
        _add(
            criterion,
            each,
            share,
            awaited=awaited,
            earned=_exact(Fraction(earned, table.unit)),
            possible=Decimal(table.possible),
        )
        return
    parts, share, awaited = [], Fraction(0), 0
    for sub, part in _shared(criterion):
        table = tables.subcriteria[sub.id]
        earned, missing = _earned(table, each.bid, book)
        ratio = Fraction(earned, table.unit * table.possible)
        share += part * ratio
        awaited += missing
        parts.append(
            _part(criterion, sub, part, ratio, missing, _exact(Fraction(earned, table.unit)), Decimal(table.possible))
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
        _exact(ratio * Fraction(criterion.scale)),
        _exact(ratio * part * Fraction(criterion.weight)),
        not missing,
        earned,
        possible,
    )


def _earned(table: _Table, bid: Bid, book: _Book) -> tuple[int, int]:
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


def _marked_note(criterion: Criterion, each: _Scored, book: _Book) -> None:
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


def _plain_note(criterion: Criterion, each: _Scored, value: Decimal | None) -> None:
    _add(criterion, each, Fraction(value or 0) / Fraction(criterion.scale), awaited=int(value is None))


# ------------------------------------------------------------------------------------------------------------- ranking
def _ranks(tender: Tender, lot: Lot, compared: list[_Scored], book: _Book) -> tuple[dict[BidKey, int], list[Finding]]:
    def merit(each: _Scored) -> tuple[Fraction, ...]:
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


def _drawn(each: _Scored, book: _Book) -> Fraction:
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
        message("offres à égalité : {keys}", keys=tuple(_said(key) for key in keys)),
        remedy,
        place=lot.id,
    )


def _rows(scored: list[_Scored], ranks: Mapping[BidKey, int]) -> list[Row]:
    rows = [
        Row(
            each.bid.key,
            ranks.get(each.bid.key),
            _exact(each.total),
            each.bid_class,
            each.low,
            tuple(each.notes),
            each.awaited if each.bid.key in ranks else 0,
            each.bid.price.total if each.bid.price else None,
        )
        for each in scored
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.key))
