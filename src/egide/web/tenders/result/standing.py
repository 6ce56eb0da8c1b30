"""What of an evaluation tells where a procedure stands: little enough to be read by a page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from egide import plain
from egide.desk.consultation import Consultation as Given
from egide.tender.evaluation import Evaluation, Row, Status
from egide.tender.history import Change
from egide.tender.model import CriterionNote, Marks, PointMark

PART = "standing"
_Given = TypeVar("_Given", PointMark, CriterionNote)


@dataclass(frozen=True)
class Standing:
    """The ranking, the changed marks, the decisions and declarations; of the marks, one by evaluator and lot."""

    status: Status
    ranking: tuple[Row, ...]
    history: tuple[Change, ...]
    marks: Marks
    fingerprint: str


def standing(evaluation: Evaluation) -> dict[str, Any]:
    """Return the standing of an evaluation as plain data."""
    marks = evaluation.marks
    some = replace(marks, points=_one_each(marks.points), notes=_one_each(marks.notes), files=())
    ranking = tuple(replace(row, notes=()) for row in evaluation.ranking)
    kept = Standing(evaluation.status, ranking, evaluation.history, some, evaluation.fingerprint)
    data: dict[str, Any] = plain.unstructure(kept)
    return data


def _one_each(marks: Iterable[_Given]) -> tuple[_Given, ...]:
    first: dict[tuple[str, str], _Given] = {}
    for each in marks:
        first.setdefault((each.evaluator, each.bid.lot), each)
    return tuple(first.values())


def evaluation_of(data: Any, given: Given) -> Evaluation:
    """Return an evaluation with that standing, and nothing of its bids."""
    kept = plain.structure(data, Standing, PART)
    return Evaluation(
        kept.status,
        kept.ranking,
        (),
        kept.fingerprint,
        given.tender,
        given.clausier,
        given.rules,
        (),
        kept.marks,
        history=kept.history,
    )
