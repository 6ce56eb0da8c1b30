"""Maturities side by side: one establishment over time, or the members of a group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from egide.diagnosis.filled import Score
from egide.diagnosis.maturity import Maturity, Weighing, maturity
from egide.diagnosis.observation import Observation
from egide.diagnosis.questionnaire import DEVICE
from egide.family import FAMILIES, MEASURE_BY_CODE, MEASURES
from egide.message import Text

SAME = 0.005
"""Two levels closer than this are shown as the same."""


@dataclass(frozen=True, slots=True)
class Column:
    """One establishment on one day; `families` are the scores of its questionnaire, if it has one."""

    name: str
    on: date
    maturity: Maturity
    families: Mapping[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """A level, the same with each blank at best, and how much of it is answered."""

    level: float
    best: float
    completeness: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measure or family across the columns; a cell is None where nothing is known of it."""

    code: str
    title: Text
    cells: tuple[Cell | None, ...]

    @property
    def lowest(self) -> float | None:
        """Return the lowest level of the row, None if it is empty."""
        return min((cell.level for cell in self.cells if cell), default=None)

    @property
    def spread(self) -> float:
        """Return how far apart the highest and the lowest level are."""
        levels = [cell.level for cell in self.cells if cell]
        return max(levels) - min(levels) if levels else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns side by side, by measure and by family."""

    columns: tuple[Column, ...]
    measures: tuple[Row, ...]
    families: tuple[Row, ...]


def comparison(columns: Iterable[Column], reference: float) -> Comparison:
    """Return the table of `columns`, each level read beside an average of `reference`."""
    columns = tuple(columns)
    measures = tuple(
        Row(code, each.title, tuple(_of_measure(column, code, reference) for column in columns))
        for code, each in MEASURE_BY_CODE.items()
    )
    titles = {**{each.code: each.title for each in FAMILIES}, DEVICE: MEASURE_BY_CODE[DEVICE].title}
    families = tuple(
        Row(code, title, tuple(_of_family(column, code, reference) for column in columns))
        for code, title in titles.items()
        if any(code in column.families for column in columns)
    )
    return Comparison(columns, measures, families)


def _of_measure(column: Column, code: str, reference: float) -> Cell:
    known = column.maturity
    return Cell(known.levels[code].at(reference), known.best[code].at(reference), known.completeness[code])


def _of_family(column: Column, code: str, reference: float) -> Cell | None:
    its = column.families.get(code)
    return Cell(its.level.at(reference), its.best.at(reference), its.completeness) if its else None


def course(
    name: str, observations: Sequence[Observation], days: Iterable[date], weighing: Weighing
) -> tuple[Column, ...]:
    """Return one establishment as it was known on each day, with what had been observed by then."""
    return tuple(Column(name, day, maturity(observations, day, weighing)) for day in days)


class Move(StrEnum):
    """How a measure moved between two days."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after."""

    measure: str
    title: Text
    before: float
    after: float

    @property
    def difference(self) -> float:
        """Return how far the level rose."""
        return self.after - self.before

    @property
    def move(self) -> Move:
        """Return which way it went."""
        if abs(self.difference) < SAME:
            return Move.SAME
        return Move.BETTER if self.difference > 0 else Move.WORSE


def changes(before: Column, after: Column, reference: float) -> tuple[Change, ...]:
    """Return every measure before and after, those that moved most first."""
    old, new = before.maturity.at(reference), after.maturity.at(reference)
    found = [Change(each.code, each.title, old[each.code], new[each.code]) for each in MEASURES]
    return tuple(sorted(found, key=lambda each: -abs(each.difference)))
