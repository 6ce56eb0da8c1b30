"""The risk of an establishment from what is known of it, with the figures that its pages keep and show."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from egide import reference
from egide.diagnosis import maturity as weighed
from egide.diagnosis.filled import Answer, Filled, read
from egide.diagnosis.maturity import Maturity
from egide.diagnosis.observation import Observation, Source
from egide.diagnosis.questionnaire import Questionnaire
from egide.insurance.programme import Programme
from egide.loss.terms import Retention
from egide.progress import Progress, silent
from egide.report.risk_figures import Figures, Question
from egide.report.risk_reading import About, figures
from egide.risk.contract import Contract, default_contract
from egide.risk.draws import Draws, drawn
from egide.risk.estimate import YEARS, Estimate, estimate
from egide.risk.expected import Expected
from egide.risk.exposure import Exposure, exposed
from egide.risk.interval import Interval
from egide.risk.sensitivity import narrowing
from egide.risk.year import STRESS, expected

DRAWS, SEED = 200, 2026
FALL = "S01"
"""The event in which a supplier falls and takes its clients with it: ransomware at the host."""
INFINITE = float("inf")


@dataclass(frozen=True)
class Insurance:
    """A contract of one's own in a few words: amounts in EUR, None without a limit."""

    retention: float = 0.0
    waiting_hours: float = 0.0
    event_limit: float | None = None
    annual_limit: float | None = None


@dataclass(frozen=True)
class Given:
    """What is known of an establishment on a day.

    `told` is what the core takes of its exposure, `years` of which year each is, `overlay` what it sets otherwise than
    the library, `reasons` why. `insurance` None is the average of its size; `uninsured` is none at all. `diagnosis` is
    its last finished one, whose blanks are asked for; its observations are among those `observed`.
    """

    name: str
    category: str
    on: date
    told: Mapping[str, Any] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    observed: Sequence[Observation] = ()
    overlay: Mapping[str, object] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    insurance: Insurance | None = None
    uninsured: bool = False
    diagnosis: tuple[Questionnaire, Filled] | None = None


@dataclass(frozen=True)
class Made:
    """An estimate, the figures that are shown of it, and what one fall of a supplier costs on average in each draw."""

    estimate: Estimate
    figures: Figures
    falls: tuple[float, ...]
    maturity: Maturity
    exposure: Exposure


def of_establishment(
    given: Given,
    *,
    count: int = DRAWS,
    years: int = YEARS,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Made:
    """Return the risk of an establishment: same inputs, same digits.

    Raises DataError with all that is wrong with what was given, Cancelled from `progress`.
    """
    progress(0, years)
    library = reference.risk_library()
    changed = library.overridden(given.overlay) if given.overlay else library
    exposure = exposed(changed, given.category, **given.told)
    weighing = reference.weighing()
    known = weighed.maturity(given.observed, given.on, weighing)
    draws = drawn(changed, count=count, seed=SEED)
    made = estimate(exposure, known, draws, _contract(given, exposure, draws), years=years, executor=executor, progress=progress)  # fmt: skip
    mean = expected(exposure, known, draws)
    stress = expected(exposure, known, draws, float(changed[STRESS].value)).total
    about = About(
        given.name,
        given.on,
        known,
        library,
        mean.total.tolist(),
        mean.care.days.values.tolist(),
        Interval.of(stress),
        given.years,
        given.reasons,
        _first(given, exposure, known, draws),
        weighed.remarks(given.observed, given.on, weighing),
    )
    return Made(made, figures(made, changed, about), _falls(mean), known, exposure)


def _contract(given: Given, exposure: Exposure, draws: Draws) -> Contract | None:
    if given.uninsured:
        return None
    if given.insurance is None:
        return default_contract(draws.library, exposure.revenue)
    own = given.insurance
    limits = [INFINITE if each is None else each for each in (own.event_limit, own.annual_limit)]
    programme = Programme(
        "own", retention=Retention(flat=own.retention), waiting_hours=own.waiting_hours, event_limit=limits[0], annual_limit=limits[1]
    )  # fmt: skip
    return Contract(programme)


def _falls(mean: Expected) -> tuple[float, ...]:
    events = mean.events[mean.scenarios.index(FALL)]
    return tuple(float(f"{each:.6g}") for each in (mean.of_scenario(FALL) / events).tolist())


def _first(given: Given, exposure: Exposure, known: Maturity, draws: Draws) -> Question | None:
    """Return the question left blank whose answer would narrow the bracket most, None without a diagnosis."""
    if given.diagnosis is None:
        return None
    questionnaire, filled = given.diagnosis
    blanks = {each.question.id: each.question for each in read(questionnaire, filled).blanks if each.question.counts}
    answered = {
        code: _answered(given, questionnaire, _best(filled, code, question.best.code))
        for code, question in blanks.items()
    }
    found = narrowing(exposure, known, draws, answered)
    if not found:
        return None
    first = blanks[found[0].id]
    return Question(first.id, first.text, found[0].width.value)


def _best(filled: Filled, question: str, level: str) -> Filled:
    return replace(filled, answers={**filled.answers, question: Answer(level, proven=True)})


def _answered(given: Given, questionnaire: Questionnaire, filled: Filled) -> Maturity:
    """Return the maturity with these answers in the place of those of the diagnosis."""
    new = read(questionnaire, filled).observations()
    asked = {each.measure for each in new}
    kept = [each for each in given.observed if each.source is not Source.QUESTIONNAIRE or each.measure not in asked]
    return weighed.maturity([*kept, *new], given.on, reference.weighing())
