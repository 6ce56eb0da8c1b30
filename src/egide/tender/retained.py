"""What people retained, by bid and point: marks agreed together prevail over those of each."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from egide.clausier.model import IRREGULAR, Clausier
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import HARMONISED, BidKey, CriterionNote, Decision, Marks, PointMark

_Given = TypeVar("_Given", PointMark, CriterionNote)


class Book:
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
