"""What to do first: six measures, each with why, how, and the answers that would change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from egide.diagnosis.filled import LEAST, Counted, Reading
from egide.diagnosis.maturity import Maturity
from egide.diagnosis.questionnaire import Choice, Question
from egide.message import Text

FIRST = 6
MOST_STEPS = 3
WORTHWHILE = Decimal("0.7")
"""A step aims at the next level of at least this value: nobody is advised a half measure on the way."""


class Effort(StrEnum):
    """The order of cost of a measure, least first."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Way:
    """How to go about a measure, what it costs in order, how long it takes."""

    how: tuple[Text, ...]
    effort: Effort
    cost: Text
    time: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say of one measure: why it matters, how to go about it, what it costs in order, how long it takes.

    `rank` orders the measures when nobody computed what each would take off the loss: an assumption. `practice` says
    the same for a place without an IT department.
    """

    measure: str
    title: Text
    why: Text
    how: tuple[Text, ...]
    effort: Effort
    cost: Text
    time: Text
    rank: Decimal
    practice: Way

    def plainly(self) -> "Advice":
        """Return the advice as it is given to a practice."""
        its = self.practice
        return replace(self, how=its.how, effort=its.effort, cost=its.cost, time=its.time)


@dataclass(frozen=True, slots=True)
class Step:
    """One answer to improve: the level there is now (None: blank) and the one to aim at.

    `prove` means that the level is already the best: what is missing is a proof that somebody saw.
    """

    question: Question
    now: Choice | None
    next: Choice
    prove: bool = False


@dataclass(frozen=True, slots=True)
class Priority:
    """A measure to work on: its level beside the average, the level if each blank were at best, and the next steps."""

    advice: Advice
    level: float
    best: float
    completeness: float
    worth: float | None
    """What it would take off the expected loss, in the caller's unit; None when nobody computed it."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Priorities:
    """The measures to show at once, and those to fold."""

    first: tuple[Priority, ...]
    rest: tuple[Priority, ...]


def priorities(
    maturity: Maturity,
    advice: Mapping[str, Advice],
    reference: float,
    *,
    worth: Mapping[str, float] | None = None,
    reading: Reading | None = None,
    count: int = FIRST,
) -> Priorities:
    """Return the `count` measures worth most, then the others in the same order.

    `worth` is what each measure brought to its best takes off the expected loss; without it the gap to the best level,
    times the rank of the measure, stands for it. A measure that leaves nothing to gain is never among the first.
    """
    levels = maturity.at(reference)
    best = maturity.at_best().at(reference)
    found = [
        Priority(
            each,
            levels[code],
            best[code],
            maturity.completeness[code],
            None if worth is None else worth.get(code, 0.0),
            _steps(reading, code),
        )
        for code, each in advice.items()
    ]
    found.sort(key=lambda each: (-_weight(each), -each.advice.rank, each.advice.measure))
    first = tuple(each for each in found if _weight(each) > 0)[:count]
    return Priorities(first, tuple(each for each in found if each not in first))


def _weight(priority: Priority) -> float:
    if priority.worth is not None:
        return priority.worth
    return float(priority.advice.rank) * (1.0 - priority.level)


def _steps(reading: Reading | None, measure: str) -> tuple[Step, ...]:
    asked = (
        [each for each in reading.shown if each.question.measure == measure and each.question.counts] if reading else []
    )
    steps = [(_gain(each), number, _step(each)) for number, each in enumerate(asked)]
    steps.sort(key=lambda entry: (-entry[0], entry[1]))
    return tuple(step for gain, _, step in steps if gain > 0)[:MOST_STEPS]


def _gain(each: Counted) -> float:
    """Return what the next step on this question is worth in its measure; a missing proof is worth less than a level."""
    lacking = float(each.question.best.value) - (each.value or 0.0) if each.choice or not each.state.settled else 0.0
    unproven = 0.25 * (each.value or 0.0) if not each.proven else 0.0
    return float(each.question.weight) * (lacking + unproven)


def _step(each: Counted) -> Step:
    value = each.choice.value if each.choice else Decimal(-1)
    best = each.question.best
    if value >= best.value:
        return Step(each.question, each.choice, best, prove=True)
    enough = best.value if each.question.measure in LEAST else WORTHWHILE
    above = [choice for choice in each.question.levels if choice.value > value and choice.value >= enough]
    return Step(each.question, each.choice, min(above, key=lambda choice: choice.value, default=best))
