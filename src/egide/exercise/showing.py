"""What an exercise shows of the measures of a diagnosis: observations that move a measure by their share, never more.

An exercise sees part of a measure. `maturity` believes the lowest of several sources, and a proven observation replaces
all the earlier ones; so, for every measure of which something was observed:

- what an observer saw is seen: it is worth all of itself (`proven`), but the observation as a whole stays declared, so
  that it never replaces an audit or a questionnaire;
- it weighs `share`, the number of its reactions that somebody observed out of `WHOLE`; the rest of the measure is what
  the other sources say of it, with what they prove, and absent if there are none. So an exercise that went well never
  lowers what others hold, three failed reactions lower it by a quarter at most, and three good ones never make a whole;
- where nobody else observed the measure and less than half of it was played, the exercise says nothing of its level:
  its constats are in the action plan.

A reaction that nobody observed is as one that was not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.diagnosis.maturity import Assumption, Weighing, counted
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.exercise.debrief import Debrief, measure
from egide.exercise.outcome import Outcome, result
from egide.family import MEASURES
from egide.message import Text

WHOLE = Assumption(
    value=Decimal(12),
    low=Decimal(8),
    high=Decimal(20),
    unit=Text("réactions attendues", "expected reactions"),
    note=Text(
        "Nombre de réactions observées à partir duquel un exercice montre toute une mesure. Hypothèse.",
        "Number of reactions observed from which an exercise shows the whole of a measure. Assumption.",
    ),
)
LEAST = 0.5
"""The share of a measure under which an exercise that is alone says nothing of it."""


def observations(
    debrief: Debrief,
    weighing: Weighing,
    others: Iterable[Observation] = (),
    about: str = "",
    whole: Assumption = WHOLE,
) -> tuple[Observation, ...]:
    """Return the observations, in the order of the measures, dated from the play.

    `others` are the observations that the establishment already has, of any date; those of exercises are left out, so
    that one exercise never leans on another. `weighing` says which of them counts. `about` is written in each.
    """
    standing = _standing(others, weighing)
    seen: dict[str, list[Outcome]] = defaultdict(list)
    for each in debrief.outcomes:
        if each.done is not None:
            seen[measure(each.expectation)].append(each)
    found = []
    for code in (each.code for each in MEASURES if each.code in seen):
        different = {(each.inject, each.expectation.id) for each in seen[code]}
        share = min(1.0, len(different) / float(whole.value))
        if code in standing or share >= LEAST:
            rest = _lowest(standing.get(code, ()), weighing)
            found.append(_observation(code, result(seen[code]).low, share, rest, debrief.held_on, about))
    return tuple(found)


def _standing(others: Iterable[Observation], weighing: Weighing) -> Mapping[str, tuple[Observation, ...]]:
    known = [each for each in others if each.source is not Source.EXERCISE]
    return counted(known, max((each.observed_on for each in known), default=date.min), weighing)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is held of a measure beside the exercise: level and best, and how much of each is proven."""

    level: Level = NOTHING
    best: Level = EVERYTHING
    proven: float = 0.0
    best_proven: float = 1.0
    completeness: float = 0.0


def _lowest(others: Sequence[Observation], weighing: Weighing) -> _Rest:
    if not others:
        return _Rest()
    level = min(others, key=lambda each: _worth(each, each.level.low, each.share_proven, weighing))
    best = min(others, key=lambda each: _worth(each, each.best.low, each.best_share_proven, weighing))
    return _Rest(
        level.level,
        best.best,
        level.level.low * level.share_proven,
        best.best.low * best.best_share_proven,
        min(each.completeness for each in others),
    )


def _worth(seen: Observation, level: float, proven: float, weighing: Weighing) -> float:
    unproven = Reliability.DECLARED if seen.reliability is Reliability.PROVEN else seen.reliability
    return level * (proven + (1.0 - proven) * weighing.credit(unproven))


def _observation(code: str, shown: float, share: float, rest: _Rest, held_on: date, about: str) -> Observation:
    """Return `share` of what was seen and, for the remainder, what the others say at their lowest."""
    level, best = _mixed(shown, share, rest.level), _mixed(shown, share, rest.best)
    return Observation(
        measure=code,
        level=level,
        best=best,
        completeness=share + (1.0 - share) * rest.completeness,
        source=Source.EXERCISE,
        reliability=Reliability.DECLARED,
        observed_on=held_on,
        about=about,
        proven=_part(share * shown + (1.0 - share) * rest.proven, level.low),
        best_proven=_part(share * shown + (1.0 - share) * rest.best_proven, best.low),
    )


def _mixed(shown: float, share: float, rest: Level) -> Level:
    high = shown if rest.high is None else share * shown + (1.0 - share) * rest.high
    return Level(share * shown + (1.0 - share) * rest.low, high)


def _part(proven: float, level: float) -> float:
    return min(1.0, proven / level) if level else 0.0
