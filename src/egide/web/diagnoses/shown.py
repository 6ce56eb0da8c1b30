"""Levels as pages show them: in percent and in words, beside the average assumed for French hospitals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from egide import reference
from egide.desk.diagnosis import Made
from egide.diagnosis.comparison import Cell, Change, Column, Comparison, Move, Row, changes, comparison
from egide.diagnosis.filled import Reading, Score
from egide.diagnosis.maturity import Maturity
from egide.diagnosis.priorities import Priority
from egide.diagnosis.questionnaire import DEVICE
from egide.family import FAMILIES, MEASURE_BY_CODE
from egide.message import Message, Text, message
from egide.report.diagnosis_view import Diagnosis
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import of_diagnosis
from egide.report.pictures.colours import HIGH, LOW
from egide.report.pictures.picture import Picture
from egide.report.pictures.stacked import Bar, Kind, Stacked, stacked_bars
from egide.risk.parameter import Parameter
from egide.web.design.words import language, said

MOVES = {
    Move.BETTER: ("good", Text("monte", "rises")),
    Move.WORSE: ("doubt", Text("baisse", "falls")),
    Move.SAME: ("plain", Text("stable", "steady")),
}
LOWEST, ASKED_FIRST = 3, 3
"""Measures and questions named in the few lines that sum a result up."""
WHOLE = 0.995
"""From here completeness is shown as whole."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A level as a page shows it: its percent, a word, the tone of the word, and its best when something is blank."""

    percent: Decimal
    word: Text
    tone: str
    best: Decimal | None
    completeness: Message

    @property
    def said(self) -> Message:
        """Return the level, with its bracket when something is blank."""
        if self.best is None:
            return message("{level} %", level=self.percent)
        return message("{level} %, jusqu’à {best} % si tout était répondu", level=self.percent, best=self.best)


@dataclass(frozen=True, slots=True)
class Line:
    """A measure or a family with its levels, one for each column; None where nothing is known."""

    title: Text
    cells: tuple[Shown | None, ...]


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family as declared, before proof and age are weighed: its level, and how many answers it rests on."""

    title: Text
    level: Shown
    asked: int
    answered: int
    proven: int


@dataclass(frozen=True, slots=True)
class First:
    """A measure to work on, and its level as a page shows it."""

    priority: Priority
    level: Shown


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure before and after."""

    title: Text
    before: Decimal
    after: Decimal
    tone: str
    word: Text


def average() -> Parameter:
    """Return the maturity assumed of the average French hospital."""
    return reference.risk_library()["maturity.reference"]


def _average() -> dict[str, Any]:
    """Return the interval of that average in percent, and its mark."""
    its = average()
    low, high = (percent(float(its.value if each is None else each)) for each in (its.low, its.high))
    return {"low": low, "high": high, "grade": its.grade}


def percent(share: float) -> Decimal:
    """Return a share in whole percent."""
    return Decimal(round(100 * share))


def word(level: float) -> tuple[Text, str]:
    """Return what a level is called, and its tone: below, within or above the interval of the assumed average."""
    its = average()
    low, high = (float(its.value if each is None else each) for each in (its.low, its.high))
    if level < low:
        return Text("faible", "low"), "doubt"
    if level > high:
        return Text("bon", "good"), "good"
    return Text("moyen", "middling"), "info"


def complete(share: float) -> Message:
    """Return a completeness in words."""
    if share >= WHOLE:
        return message("tout est répondu")
    if share <= 0:
        return message("rien n’est connu")
    return message("répondu à {share} %", share=min(Decimal(99), max(Decimal(1), percent(share))))


def cell(of: Cell | None) -> Shown | None:
    """Return a level as a page shows it."""
    if of is None:
        return None
    named, tone = word(of.level)
    best = percent(of.best) if percent(of.best) > percent(of.level) else None
    return Shown(percent(of.level), named, tone, best, complete(of.completeness))


def lines(rows: Sequence[Row]) -> list[Line]:
    """Return rows of levels as a page shows them."""
    return [Line(row.title, tuple(cell(each) for each in row.cells)) for row in rows]


def _reference() -> float:
    return float(average().value)


def of_maturity(known: Maturity, key: str) -> dict[str, Any]:
    """Return what a page shows of one maturity: a line for each measure, and its picture."""
    level = comparison((Column("", date.min, known),), _reference())
    return {"measures": lines(level.measures), "average": _average(), "picture": _known(level, key)}


def setter() -> Setter:
    """Return what sets the texts of pictures in the language of the page."""
    return Setter(language(), plain_text)


def _known(level: Comparison, key: str) -> Picture:
    """Return the bars of one maturity: what is known of each measure, and what its blanks could add."""
    kinds = (
        Kind("N", said(message("niveau retenu")), HIGH),
        Kind("?", said(message("inconnu : au mieux, s’y ajouterait")), LOW),
    )
    bars = [
        Bar(
            said(row.title),
            (its.level, max(its.best - its.level, 0.0)),
            said(message("{level} %", level=percent(its.level))),
        )
        for row in level.measures
        if (its := row.cells[0])
    ]
    mark = (_reference(), said(message("hôpital moyen (hypothèse)")))
    title = message("Niveau de chaque mesure, de 0 (rien) à 100 % (tout, prouvé)")
    told = Stacked(said(title), said(message("Mesure")), said(message("Niveau retenu")), kinds, tuple(bars), mark)
    return stacked_bars(told, setter(), key)


def of_result(told: Made) -> dict[str, Any]:
    """Return what a page shows of a diagnosis: its families, its measures, what to do first, what was wrong in it."""
    its = told.shown
    return of_maturity(its.maturity, "resultat") | {
        "picture": stacked_bars(of_diagnosis.levels(its, setter()), setter(), "niveaux"),
        "families": families(its.reading),
        "first": [_priority(each) for each in its.priorities.first],
        "rest": [_priority(each) for each in its.priorities.rest],
        "matters": [each.question for each in its.matters if each.weight > 0][:ASKED_FIRST],
        "lowest": _lowest(its),
        "findings": told.findings,
        "proven": its.reading.proven_count,
    }


def _lowest(its: Diagnosis) -> list[Line]:
    """Return the measures asked about whose level is lowest."""
    rows = comparison((Column("", its.on, its.maturity),), its.reference).measures
    asked = [row for row in rows if row.code in its.reading.measures]
    return lines(sorted(asked, key=lambda row: row.lowest or 0.0)[:LOWEST])


def families(reading: Reading) -> list[FamilyLine]:
    """Return each family asked about, in the order of the families."""
    titles = {**{each.code: each.title for each in FAMILIES}, DEVICE: MEASURE_BY_CODE[DEVICE].title}
    scores = reading.families
    return [_family(title, scores[code]) for code, title in titles.items() if code in scores]


def _family(title: Text, its: Score) -> FamilyLine:
    level, best = percent(its.level.at(_reference())), percent(its.best.at(_reference()))
    named, tone = word(its.level.at(_reference()))
    shown = Shown(level, named, tone, best if best > level else None, complete(its.completeness))
    return FamilyLine(title, shown, its.asked, its.answered, its.proven)


def _priority(each: Priority) -> First:
    named, tone = word(each.level)
    best = percent(each.best) if percent(each.best) > percent(each.level) else None
    return First(each, Shown(percent(each.level), named, tone, best, complete(each.completeness)))


def of_comparison(columns: Sequence[Column], *, by_day: bool) -> dict[str, Any]:
    """Return what a page shows of maturities side by side; by day, also what moved since the one before the last."""
    if not columns:
        return {"columns": ()}
    level = comparison(columns, _reference())
    told: dict[str, Any] = {"columns": [each.on if by_day else each.name for each in columns], "average": _average()}
    told["measures"] = lines(level.measures)
    told["apart"] = [Line(row.title, tuple(cell(each) for each in row.cells)) for row in sorted(level.measures, key=lambda row: -row.spread)[:3] if row.spread > 0]  # fmt: skip
    if by_day and len(columns) > 1:
        told["moved"] = [_moved(each) for each in changes(columns[0], columns[-1], _reference()) if each.move is not Move.SAME]  # fmt: skip
    return told


def _moved(each: Change) -> Moved:
    tone, named = MOVES[each.move]
    return Moved(each.title, percent(each.before), percent(each.after), tone, named)
