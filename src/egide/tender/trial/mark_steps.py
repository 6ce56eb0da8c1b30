"""The single marks of a bid, as steps: a retained level moved to its neighbour, a note moved on its scale. Exact."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from egide.clausier.model import Point
from egide.tender.model import BidKey, Computed, Criterion, Kind
from egide.tender.rules import feeds
from egide.tender.trial.standing import Standing


@dataclass(frozen=True)
class NoteStep:
    """A note of a bid, and what one unit of it is worth in points of the total."""

    bid: BidKey
    criterion: str
    subcriterion: str
    note: Fraction
    scale: Fraction
    unit: Fraction


@dataclass(frozen=True)
class LevelStep:
    """A retained level, its neighbours above and below, and what moving to each is worth in points of the total.

    A neighbour that does not exist, or under a published floor (which proposes an irregularity and is no longer a
    matter of points), is "" and worth nothing; `at_floor` tells the second case.
    """

    bid: BidKey
    criterion: str
    point: str
    level: str
    above: str
    gain: Fraction
    below: str
    loss: Fraction
    at_floor: bool


def note_steps(made: Standing, key: BidKey, computed: Computed) -> Iterator[NoteStep]:
    """Yield the notes of a bid given by people or computed elsewhere."""
    for criterion in made.tender.criteria:
        scale = Fraction(criterion.scale)
        if criterion.kind is Kind.COMPUTED:
            note = Fraction(computed[criterion.id][key.tenderer])
            yield NoteStep(key, criterion.id, "", note, scale, Fraction(criterion.weight) / scale)
        elif criterion.kind is Kind.MARKED:
            for sub, weight in parts(criterion):
                yield NoteStep(key, criterion.id, sub, made.book.notes[key, criterion.id, sub], scale, weight / scale)


def parts(criterion: Criterion) -> list[tuple[str, Fraction]]:
    """Return the sub-criteria with what each carries of the total, or the criterion alone under the name ""."""
    weight = Fraction(criterion.weight)
    if not criterion.subcriteria:
        return [("", weight)]
    total = sum((Fraction(sub.weight) for sub in criterion.subcriteria), Fraction(0))
    return [(sub.id, weight * Fraction(sub.weight) / total) for sub in criterion.subcriteria]


def level_steps(made: Standing, key: BidKey) -> Iterator[LevelStep]:
    """Yield the retained levels of a bid that earn points."""
    levels = made.book.levels.get(key, {})
    for criterion in made.tender.criteria:
        if criterion.kind is not Kind.CLAUSIER:
            continue
        for points, weight in _fed(made, criterion):
            possible = sum(point.weight for point in points)
            for point in points:
                yield _step(key, criterion.id, point, levels[point.id], weight * point.weight / possible)


def _fed(made: Standing, criterion: Criterion) -> Iterator[tuple[list[Point], Fraction]]:
    scored = [point for point in made.clausier.points.values() if point.award_use.scores]
    subs = {sub.id: sub for sub in criterion.subcriteria}
    for name, weight in parts(criterion):
        if name:
            theme_of = made.clausier.theme_of
            own = [point for point in scored if feeds(subs[name], point.id, theme_of[point.id].id, point.family)]
            yield own, weight
        else:
            yield scored, weight


def _step(key: BidKey, criterion: str, point: Point, level: str, carried: Fraction) -> LevelStep:
    """Return the step of a level; `carried` is what the whole point is worth in points of the total."""
    known = point.level_of.get(level)
    if known is None or known.value is None:  # a required piece is absent: worth nothing, no neighbour
        return LevelStep(key, criterion, point.id, level, "", Fraction(0), "", Fraction(0), at_floor=False)
    here = Fraction(known.value)
    worth = sorted((Fraction(each.value), each.code) for each in point.levels if each.value is not None)
    above = next((each for each in worth if each[0] > here), (here, ""))
    below = next((each for each in reversed(worth) if each[0] < here), (here, ""))
    floored = below[1] in point.proposing
    if floored:
        below = (here, "")
    return LevelStep(
        key, criterion, point.id, level, above[1], (above[0] - here) * carried, below[1], (here - below[0]) * carried, floored
    )  # fmt: skip
