"""The parts of the analysis report on how marks came to be: what was agreed together, what changed after a view."""

from collections import defaultdict
from collections.abc import Container, Sequence

from egide.message import message
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.view import NOTHING, View
from egide.tender import words
from egide.tender.history import Change
from egide.tender.model import HARMONISED, BidKey, CriterionNote, PointMark

Place = tuple[BidKey, str, str]


def history(seen: View) -> list[Block]:
    """Return the agreements and the changes on the lots shown: nothing when there are none."""
    lots = {lot.id for lot in seen.tender.lots}
    return [*_agreements(seen, lots), *_changes(seen, lots)]


def _agreements(seen: View, lots: Container[str]) -> list[Block]:
    say = seen.set.say
    rows = [
        [seen.name(place[0]), _subject(seen, place[1], place[2]), _each(seen, given), _value(seen, agreed), seen.set.quote(agreed.reason)]
        for place, given in sorted(_agreed(seen, lots).items())
        for agreed in given
        if agreed.evaluator == HARMONISED
    ]  # fmt: skip
    if not rows:
        return []
    head = [message("Offre"), message("Point ou critère"), message("Retenu par chacun"), message("Retenu ensemble"), message("Motif")]  # fmt: skip
    return [
        blocks.heading(say(message("Harmonisation des notes"))),
        blocks.paragraph(say(message("Chaque évaluateur a noté sans voir les notes des autres ; ce qui différait a été discuté, puis retenu ensemble avec son motif."))),
        blocks.table("34 30 40 24 1f", [say(each) for each in head], rows),
    ]  # fmt: skip


def _each(seen: View, given: Sequence[PointMark | CriterionNote]) -> str:
    own = [
        f"{_evaluator(seen, mark.evaluator)} : {_value(seen, mark)}" for mark in given if mark.evaluator != HARMONISED
    ]
    return "\n".join(own) or NOTHING


def _agreed(seen: View, lots: Container[str]) -> dict[Place, list[PointMark | CriterionNote]]:
    """Return all that was given wherever something was agreed together: few places of many."""
    every: tuple[PointMark | CriterionNote, ...] = (*seen.evaluation.marks.points, *seen.evaluation.marks.notes)
    agreed = {_place(mark) for mark in every if mark.evaluator == HARMONISED and mark.bid.lot in lots}
    given: dict[Place, list[PointMark | CriterionNote]] = defaultdict(list)
    for mark in every if agreed else ():
        if (place := _place(mark)) in agreed:
            given[place].append(mark)
    return given


def _place(mark: PointMark | CriterionNote) -> Place:
    if isinstance(mark, PointMark):
        return mark.bid, mark.point, ""
    return mark.bid, mark.criterion, mark.subcriterion


def _changes(seen: View, lots: Container[str]) -> list[Block]:
    say = seen.set.say
    made = [change for change in seen.evaluation.history if change.bid.lot in lots]
    if not made:
        return []
    head = [message("Évaluateur"), message("Offre"), message("Point ou critère"), message("Avant"), message("Après"), message("Motif du changement"), message("Motif d'avant")]  # fmt: skip
    return [
        blocks.heading(say(message("Notes modifiées après la première vue du classement"))),
        blocks.paragraph(say(message("Les deux notes et les deux motifs sont gardés ; la date est celle de la vue du classement qui précède le changement."))),
        blocks.landscape([blocks.table("26 34 30 28 28 1f 1f", [say(each) for each in head], _rows(seen, made))]),
    ]  # fmt: skip


def _rows(seen: View, made: Sequence[Change]) -> list[list[str]]:
    return [
        [
            _evaluator(seen, change.evaluator),
            seen.name(change.bid),
            _subject(seen, change.subject, change.subcriterion),
            f"{_written(seen, change.before)}\n{seen.set.day(change.seen_on)}",
            _written(seen, change.after),
            seen.set.quote(change.reason),
            seen.set.quote(change.reason_before),
        ]
        for change in made
    ]


def _evaluator(seen: View, identifier: str) -> str:
    if identifier == HARMONISED:
        return seen.set.say(message("Harmonisation"))
    role = next((each.role for each in seen.tender.evaluators if each.id == identifier), "")
    return seen.set.say(role or identifier)


def _subject(seen: View, subject: str, subcriterion: str) -> str:
    criterion = next((each for each in seen.tender.criteria if each.id == subject), None)
    if criterion is None:
        return subject
    sub = next((each for each in criterion.subcriteria if each.id == subcriterion), None)
    return seen.criterion_title(sub or criterion)


def _value(seen: View, mark: PointMark | CriterionNote) -> str:
    return _written(seen, mark.level if isinstance(mark, PointMark) else str(mark.note))


def _written(seen: View, value: str) -> str:
    """Return a level in words, or a note as it is written in the language."""
    if not value:
        return NOTHING
    if value in words.LEVELS:
        return seen.set.say(words.level(value))
    return seen.set.say(value.replace(".", ",") if seen.set.language == "fr" else value)
