"""A diagnosis in one call: the sheet to fill in, what a filled one is worth, its documents, two of them side by side."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import egide
from egide import plain, reference
from egide.diagnosis import comparison as sides
from egide.diagnosis import filled as answers
from egide.diagnosis import mapping
from egide.diagnosis.comparison import Comparison
from egide.diagnosis.filled import Answer, Filled, Reading
from egide.diagnosis.mapping import Proposal
from egide.diagnosis.maturity import Maturity, maturity, remarks
from egide.diagnosis.priorities import priorities
from egide.diagnosis.questionnaire import Depth, Question, Questionnaire
from egide.errors import DataError, UsageError
from egide.exchange import diagnosis_answers, diagnosis_sheet
from egide.family import MEASURE_BY_CODE, MEASURES
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report import record
from egide.report.diagnosis_view import Cost, Diagnosis, Matter
from egide.risk.interval import Interval

DRAWS = 200
"""Draws of the parameters of the expected loss: means are exact in each, the interval is that of what is not known."""
SHOWN = 12
"""Blanks that matter, at most."""


@dataclass(frozen=True)
class Made:
    """A filled questionnaire with all that follows from it; `findings` are of the file and of its answers."""

    shown: Diagnosis
    findings: tuple[Finding, ...]

    @property
    def questionnaire(self) -> Questionnaire:
        """Return what was asked."""
        return self.shown.reading.questionnaire

    @property
    def filled(self) -> Filled:
        """Return what was answered."""
        return self.shown.reading.filled


# --------------------------------------------------------------------------------------------------------------- sheet
def sheet(depth: Depth, language: Language, on: date, filled: Filled | None = None) -> bytes:
    """Return the workbook of a depth, written on a day, its cells filled with `filled` if given."""
    return diagnosis_sheet.content(reference.questionnaires()[depth], language, created=on, filled=filled)


def depth_of(name: str) -> Depth:
    """Return a depth by its name. Raises UsageError."""
    if name not in set(Depth):
        names = tuple(each.value for each in Depth)
        raise UsageError(message("profondeur inconnue : {name} (possibles : {names})", name=name, names=names))
    return Depth(name)


# ---------------------------------------------------------------------------------------------------------------- read
def read(
    path: Path, name: str, today: date, *, on: date | None = None, category: str = "", revenue: float | None = None
) -> Made:
    """Return what a filled questionnaire is worth, `name` being how people know its file.

    `on` is the day of the answers, else that of the file, else `today`. With a `category` of establishment, also its
    expected loss. Raises DataError with all findings when the file cannot be used.
    """
    found = diagnosis_answers.read(path, name, reference.questionnaires().values(), on or today)
    errors = tuple(each for each in found.findings if each.severity is Severity.ERROR)
    if found.questionnaire is None or errors:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), found.findings)
    filled = replace(found.filled, observed_on=on) if on else found.filled
    made = diagnosed(found.questionnaire, filled, category=category, revenue=revenue)
    placed = tuple(_placed(each, name, found.places) for each in made.findings)
    return replace(made, findings=(*found.findings, *placed))


def diagnosed(
    questionnaire: Questionnaire,
    filled: Filled,
    *,
    on: date | None = None,
    category: str = "",
    revenue: float | None = None,
) -> Made:
    """Return what answers are worth on a day, by default that of the answers. Raises DataError: an impossible exposure."""
    reading = answers.read(questionnaire, filled)
    weighing = reference.weighing()
    day = on or filled.observed_on
    level = float(reference.risk_library()["maturity.reference"].value)
    known = maturity(reading.observations(), day, weighing)
    loss = _Loss(category, filled, revenue, level) if category else None
    cost = loss.cost(known) if loss else None
    worth = {code: each.value for code, each in cost.worth.items()} if cost else None
    first = priorities(known, reference.advice(questionnaire.depth), level, worth=worth, reading=reading)
    matters = _matters(reading, known, day, loss)
    found = (*reading.findings, *remarks(reading.observations(), day, weighing))
    return Made(Diagnosis(reading, known, first, level, matters, weighing, day, cost), found)


def _placed(finding: Finding, name: str, places: Mapping[str, str]) -> Finding:
    """Return a finding on an answer with the cell where the answer stands."""
    if finding.place in places:
        return replace(finding, file=name, place=places[finding.place], point=finding.point or finding.place)
    return replace(finding, file=name)


# ----------------------------------------------------------------------------------------------------------- expected loss
class _Loss:
    """The expected loss of an establishment at any maturity, on the same draws."""

    def __init__(self, category: str, filled: Filled, revenue: float | None, level: float):
        from egide.risk.draws import drawn  # noqa: PLC0415 (NumPy and SciPy only where they serve)
        from egide.risk.expected import expected_loss  # noqa: PLC0415
        from egide.risk.exposure import exposed  # noqa: PLC0415

        self.library = reference.risk_library()
        self.level, self.category = level, category
        told = {code: float(value) for code, value in filled.figures.items()}
        emergencies = told.pop("emergencies", None)
        if revenue is not None:
            told["revenue"] = revenue
        if emergencies is not None:
            told["emergencies_per_day"] = emergencies / 365
        self.exposure = exposed(self.library, category, **told)  # type: ignore[arg-type]
        self._draws = drawn(self.library, count=DRAWS)
        self._expected = expected_loss

    def at(self, known: Maturity) -> Any:
        """Return the expected loss at a maturity, draw by draw."""
        return self._expected(self.exposure, known, self._draws)

    def cost(self, known: Maturity) -> Cost:
        """Return what the documents show of it."""
        now = self.at(known)
        chosen = self.library.category_by_id[self.category]
        worth = {
            each.code: Interval.of(now.total - self.at(known.with_level(each.code, 1.0)).total) for each in MEASURES
        }
        return Cost(
            chosen.id,
            chosen.title,
            chosen.order_of_magnitude,
            Interval.of(now.total),
            Interval.of(self.at(known.at_best()).total),
            Interval.of(self.at(Maturity.uniform(self.level)).total),
            now.care.days.interval,
            worth,
            tuple(sorted(self.exposure.defaults)),
            self.library.overrides,
            self.library.digest,
        )


def _matters(reading: Reading, known: Maturity, day: date, loss: _Loss | None) -> tuple[Matter, ...]:
    """Return the blanks whose answer would narrow the bracket most, the most telling first."""
    weight = {code: float(each.rank) for code, each in reference.advice().items()}
    level = float(reference.risk_library()["maturity.reference"].value)

    def bad(found: Maturity) -> float:
        if loss is not None:
            return float(loss.at(found).total.mean())
        return -sum(weight.get(code, 1.0) * value for code, value in found.at(level).items())

    start = bad(known)
    found = []
    for blank in reading.blanks:
        if blank.because is None:
            best = Answer(blank.question.best.code, proven=True)
            tried = replace(reading.filled, answers={**reading.filled.answers, blank.question.id: best})
            again = answers.read(reading.questionnaire, tried)
            gain = start - bad(maturity(again.observations(), day, reference.weighing()))
            found.append(Matter(blank.question, max(gain, 0.0)))
    found.sort(key=lambda each: (-each.weight, each.question.id))
    return tuple(found[:SHOWN])


# ------------------------------------------------------------------------------------------------------------ plain data
def data(made: Made, language: Language) -> dict[str, Any]:
    """Return a diagnosis as plain data with stable keys: shares from 0 to 1 as text, texts in the language asked."""
    shown, reading = made.shown, made.shown.reading
    levels, best = shown.maturity.at(shown.reference), shown.maturity.at_best().at(shown.reference)
    return {
        "format": 1,
        "program": egide.__version__,
        "questionnaire": {"id": made.questionnaire.id, "version": made.questionnaire.version.isoformat()},
        "name": made.filled.name,
        "date": shown.on.isoformat(),
        "reference": _share(shown.reference),
        "asked": reading.asked_count,
        "answered": reading.answered_count,
        "proven": reading.proven_count,
        "completeness": _share(reading.completeness),
        "measures": [
            {
                "code": each.code,
                "title": each.title.say(language),
                "level": _share(levels[each.code]),
                "best": _share(best[each.code]),
                "completeness": _share(shown.maturity.completeness[each.code]),
                "asked": each.code in reading.measures,
            }
            for each in MEASURES
        ],
        "families": [
            {
                "code": code,
                "level": _share(its.level.at(shown.reference)),
                "best": _share(its.best.at(shown.reference)),
                "completeness": _share(its.completeness),
                "asked": its.asked,
                "answered": its.answered,
                "proven": its.proven,
            }
            for code, its in reading.families.items()
        ],
        "priorities": [
            {
                "measure": each.advice.measure,
                "title": each.advice.title.say(language),
                "why": each.advice.why.say(language),
                "how": [one.say(language) for one in each.advice.how],
                "level": _share(each.level),
                "worth": None if each.worth is None else round(each.worth),
            }
            for each in shown.priorities.first
        ],
        "blanks": [
            {
                "question": each.question.id,
                "text": each.question.text.say(language),
                "weight": format(each.weight, ".4g"),
            }
            for each in shown.matters
        ],
        "cost": _cost(shown.cost, language),
        "findings": record.findings(made.findings, language),
        "answers": plain.unstructure(made.filled),
    }


def _share(value: float) -> str:
    return format(value, ".4f")


def _cost(cost: Cost | None, language: Language) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "category": cost.category,
        "order_of_magnitude": cost.order_of_magnitude,
        "currency": "EUR",
        "now": _interval(cost.now),
        "blanks_at_best": _interval(cost.best),
        "average_maturity": _interval(cost.average),
        "care_days": _interval(cost.care),
        "worth": {code: _interval(each) for code, each in cost.worth.items()},
        "defaults": list(cost.defaults),
        "overrides": [{"id": each.id, "title": each.title.say(language), "before": str(each.before), "after": str(each.after)} for each in cost.overrides],
        "library": cost.digest,
    }  # fmt: skip


def _interval(found: Interval) -> dict[str, str]:
    return {name: format(getattr(found, name), ".2f") for name in ("value", "low", "high")}


# ------------------------------------------------------------------------------------------------------------ documents
PDF, JSON = "diagnostic.pdf", "diagnostic.json"


def documents(made: Made, language: Language, on: date) -> dict[str, bytes]:
    """Return the documents of a diagnosis by file name, dated `on`: same inputs, same bytes."""
    from egide.report import diagnosis  # noqa: PLC0415 (the typesetter only where it serves)

    text = plain.indented(data(made, language)) + "\n"
    return {PDF: diagnosis.pdf_of(made.shown, language, on), JSON: text.encode()}


# ----------------------------------------------------------------------------------------------------------- comparison
def compared(made: Iterable[Made]) -> Comparison:
    """Return diagnoses side by side, in their order: one establishment over time, or the members of a group."""
    several = tuple(made)
    columns = [
        sides.Column(each.filled.name or each.questionnaire.id, each.shown.on, each.shown.maturity, each.shown.reading.families)
        for each in several
    ]  # fmt: skip
    return sides.comparison(columns, several[0].shown.reference)


def compared_data(found: Comparison, language: Language) -> dict[str, Any]:
    """Return a comparison as plain data with stable keys."""

    def cells(row: sides.Row) -> list[dict[str, str] | None]:
        return [
            None
            if each is None
            else {"level": _share(each.level), "best": _share(each.best), "completeness": _share(each.completeness)}
            for each in row.cells
        ]

    return {
        "format": 1,
        "program": egide.__version__,
        "columns": [{"name": each.name, "date": each.on.isoformat()} for each in found.columns],
        "measures": [
            {"code": row.code, "title": row.title.say(language), "cells": cells(row)} for row in found.measures
        ],
        "families": [
            {"code": row.code, "title": row.title.say(language), "cells": cells(row)} for row in found.families
        ],
    }


# ------------------------------------------------------------------------------------------------------ foreign grids
def _by_chapter(question: Question, its: Proposal, name: str) -> Finding:
    understood = message("d'après le titre de son chapitre ({words}), cette question observe : {measure}", words=list(its.words), measure=MEASURE_BY_CODE[its.measure].title)  # fmt: skip
    remedy = message("Confirmer, ou choisir une autre mesure.")
    return Finding("diagnosis.mapping", Severity.DOUBT, understood, remedy, name, question.id, question.id)


def imported(path: Path, name: str, language: Language, on: date) -> tuple[bytes, Questionnaire, list[Finding]]:
    """Return the grid of another tool as a workbook to fill in, each question with the measure that its words propose.

    Each proposal is said: a person confirms it in the workbook. Raises DataError with all findings.
    """
    from egide.exchange import maturity_grid  # noqa: PLC0415 (only where it serves)

    grid, found = maturity_grid.read(path, name)
    said = [replace(each, file=name) for each in mapping.doubts(grid)]
    proposed = {question.id: its.measure for question, its in mapping.proposals(grid) if its is not None}
    for chapter in grid.chapters:
        for question in chapter.questions:
            its = None if question.id in proposed else mapping.propose(replace(question, text=chapter.title))
            if its is not None:
                proposed[question.id] = its.measure
                said = [each for each in said if each.point != question.id]
                said.append(_by_chapter(question, its, name))
    grid = mapping.mapped(grid, proposed)
    memory = io.BytesIO()
    diagnosis_sheet.write(grid, memory, language, created=on)
    return memory.getvalue(), grid, [*found, *said]
