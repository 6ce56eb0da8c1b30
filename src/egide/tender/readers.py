"""Who may mark what: interests declared first, and marks that stay hidden from each other until all are in (R32)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from egide.clausier.model import Clausier
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import HARMONISED, BidKey, CriterionNote, Marks, PointMark, Tender
from egide.tender.rules import notes, reads

_Mark = TypeVar("_Mark", PointMark, CriterionNote)


def countable(tender: Tender, clausier: Clausier, marks: Marks) -> tuple[Marks, list[Finding]]:
    """Return the marks that may count and be shown, and what is said of the others.

    A mark on a lot on which its evaluator declared a conflict of interest does not count. With `double_reading`, the
    marks of a point stay hidden until each evaluator who reads it has given its own, unless they agreed together.
    """
    conflicts = _conflicts(tender, marks)
    points, refused = _without(conflicts, marks.points)
    given, more = _without(conflicts, marks.notes)
    found = [*_undeclared(marks), *_refused(refused + more)]
    if tender.double_reading:
        readers = _Readers(tender, clausier, conflicts)
        points, awaited = _complete(points, readers.of_point)
        given, others = _complete(given, readers.of_note)
        found += _awaited(awaited + others)
    return replace(marks, points=points, notes=given), found


def _conflicts(tender: Tender, marks: Marks) -> frozenset[tuple[str, str]]:
    """Return the evaluators and lots that a declared conflict keeps apart."""
    lots = tuple(lot.id for lot in tender.lots)
    return frozenset(
        (each.evaluator, lot) for each in marks.declarations if each.conflict for lot in (each.lots or lots)
    )


def may_read(tender: Tender, marks: Marks, evaluator: str, lot: str) -> bool:
    """Whether an evaluator declared its interests, and no conflict on that lot."""
    declared = any(each.evaluator == evaluator for each in marks.declarations)
    return declared and (evaluator, lot) not in _conflicts(tender, marks)


def _without(
    conflicts: frozenset[tuple[str, str]], marks: tuple[_Mark, ...]
) -> tuple[tuple[_Mark, ...], Counter[tuple[str, str, str]]]:
    if not conflicts:
        return marks, Counter()
    refused = Counter(
        (mark.evaluator, mark.bid.lot, mark.file) for mark in marks if (mark.evaluator, mark.bid.lot) in conflicts
    )
    return tuple(mark for mark in marks if (mark.evaluator, mark.bid.lot) not in conflicts), refused


def _refused(refused: Mapping[tuple[str, str, str], int]) -> list[Finding]:
    return [
        Finding(
            "mark.conflict",
            Severity.DOUBT,
            message("{evaluator} a déclaré un conflit d'intérêts : {count} notes ne comptent pas", evaluator=evaluator, count=count),
            message("Faire noter ce lot par un autre évaluateur."),
            file,
            lot,
        )
        for (evaluator, lot, file), count in sorted(refused.items())
    ]  # fmt: skip


def _undeclared(marks: Marks) -> list[Finding]:
    """Once one evaluator declared its interests, each who marks must have done so."""
    declared = {each.evaluator for each in marks.declarations} | {HARMONISED}
    marked = {mark.evaluator for mark in marks.points} | {note.evaluator for note in marks.notes}
    if len(declared) == 1:
        return []
    return [
        Finding(
            "mark.undeclared",
            Severity.DOUBT,
            message("{evaluator} a noté sans avoir déclaré ses intérêts", evaluator=evaluator),
            message("Compléter marks/declarations.csv : une ligne par évaluateur, datée, avant l'accès aux offres."),
            "marks/declarations.csv",
            evaluator,
        )
        for evaluator in sorted(marked - declared)
    ]


class _Readers:
    """Who must mark each point and note of each lot."""

    def __init__(self, tender: Tender, clausier: Clausier, conflicts: frozenset[tuple[str, str]]):
        self.conflicts = conflicts
        themes = {
            theme.id: {each.id for each in tender.evaluators if reads(each, tender, theme.id)}
            for theme in clausier.themes
        }
        self.points = {point: themes[theme.id] for point, theme in clausier.theme_of.items()}
        self.criteria = {
            criterion.id: {each.id for each in tender.evaluators if notes(each, criterion)}
            for criterion in tender.criteria
        }

    def of_point(self, mark: PointMark) -> frozenset[str]:
        return self._free(self.points[mark.point], mark.bid)

    def of_note(self, mark: CriterionNote) -> frozenset[str]:
        return self._free(self.criteria[mark.criterion], mark.bid)

    def _free(self, evaluators: Iterable[str], bid: BidKey) -> frozenset[str]:
        return frozenset(each for each in evaluators if (each, bid.lot) not in self.conflicts)


def _complete(
    marks: tuple[_Mark, ...], readers: Callable[[_Mark], frozenset[str]]
) -> tuple[tuple[_Mark, ...], Counter[str]]:
    """Keep the marks of the places that all their readers have marked; count what is awaited from whom."""
    given: dict[object, set[str]] = defaultdict(set)
    wanted: dict[object, frozenset[str]] = {}
    for mark in marks:
        given[_place(mark)].add(mark.evaluator)
        wanted[_place(mark)] = readers(mark)
    lacking = {place: wanted[place] - names for place, names in given.items() if HARMONISED not in names}
    awaited = Counter(each for names in lacking.values() for each in names)
    return tuple(mark for mark in marks if not lacking.get(_place(mark))), awaited


def _place(mark: PointMark | CriterionNote) -> object:
    if isinstance(mark, PointMark):
        return mark.bid, mark.point
    return mark.bid, mark.criterion, mark.subcriterion


def _awaited(awaited: Mapping[str, int]) -> list[Finding]:
    return [
        Finding(
            "mark.awaited",
            Severity.DOUBT,
            message("{evaluator} n'a pas encore noté {count} places déjà notées par un autre, dont les notes restent cachées", evaluator=evaluator, count=count),
            message("Attendre sa notation : les notes se découvrent quand tous ont rendu la leur."),
            "marks",
            evaluator,
        )
        for evaluator, count in sorted(awaited.items())
    ]  # fmt: skip
