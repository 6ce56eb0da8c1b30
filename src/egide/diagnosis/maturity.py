"""From observations to the maturity of the sixteen measures: the one place where blank, proof and age are weighed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, overload

from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.family import MEASURE_BY_CODE, MEASURES
from egide.finding import Finding, Severity
from egide.message import Text, message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAYS_A_MONTH = 365.25 / 12
FAR_APART = 0.4
"""Two sources whose levels differ by more than this contradict each other, and a person should look."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure of ours with the interval in which it is held to be, and its grade: A, an assumption."""

    value: Decimal
    low: Decimal
    high: Decimal
    unit: Text
    note: Text
    grade: str = "A"


@dataclass(frozen=True, slots=True)
class Weighing:
    """What an observation is worth by what it rests on and by its age: five assumptions.

    `declared` and `estimated` are the credit given without proof. An observation keeps its whole worth for
    `fresh_months`, then loses it evenly until `stale_months`, from where it keeps the share `stale`.
    """

    declared: Assumption
    estimated: Assumption
    fresh_months: Assumption
    stale_months: Assumption
    stale: Assumption

    @property
    def assumptions(self) -> dict[str, Assumption]:
        """Return the five assumptions by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def with_value(self, name: str, value: Decimal) -> Weighing:
        """Return the same weighing with one assumption changed."""
        return replace(self, **{name: replace(self.assumptions[name], value=value)})

    def credit(self, reliability: Reliability) -> float:
        """Return what a level is multiplied by for what it rests on."""
        if reliability is Reliability.PROVEN:
            return 1.0
        return float((self.declared if reliability is Reliability.DECLARED else self.estimated).value)

    def freshness(self, observed_on: date, on: date) -> float:
        """Return what a level is multiplied by for its age on the day `on`: 1 when recent, never growing with age."""
        months = (on - observed_on).days / DAYS_A_MONTH
        fresh, stale, least = (float(each.value) for each in (self.fresh_months, self.stale_months, self.stale))
        if months <= fresh:
            return 1.0
        if months >= stale:
            return least
        return 1.0 - (1.0 - least) * (months - fresh) / (stale - fresh)


@dataclass(frozen=True, slots=True)
class Maturity:
    """The level of each of the sixteen measures; what nobody observed is at nothing, and its best at everything."""

    levels: Mapping[str, Level]
    best: Mapping[str, Level]
    completeness: Mapping[str, float]

    @classmethod
    def uniform(cls, value: float) -> Maturity:
        """Return the maturity of an establishment that is fully known and at `value` everywhere."""
        levels = {each.code: Level.exactly(value) for each in MEASURES}
        return cls(levels, levels, {each.code: 1.0 for each in MEASURES})

    def with_level(self, measure: str, value: float) -> Maturity:
        """Return the same maturity with one measure known to be at `value`."""
        level = Level.exactly(value)
        return Maturity(
            {**self.levels, measure: level}, {**self.best, measure: level}, {**self.completeness, measure: 1.0}
        )

    def at_best(self) -> Maturity:
        """Return the other end of the bracket: every blank answered at best, with its proof."""
        return replace(self, levels=self.best)

    @overload
    def at(self, reference: float) -> dict[str, float]: ...

    @overload
    def at(self, reference: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]: ...

    def at(self, reference: float | NDArray[np.float64]) -> dict[str, float] | dict[str, NDArray[np.float64]]:
        """Return the level of each measure beside an average of `reference`, one number or one for each draw."""
        return {code: level.at(reference) for code, level in self.levels.items()}  # type: ignore[return-value]

    @property
    def overall_completeness(self) -> float:
        """Return the mean completeness over the sixteen measures."""
        return sum(self.completeness.values()) / len(self.completeness)


def maturity(observations: Iterable[Observation], on: date, weighing: Weighing) -> Maturity:
    """Return what is known of each measure on the day `on`.

    The rule, measure by measure, in the words of a security officer:
    1. what is observed after that day is not known yet;
    2. of each source (questionnaire, audit, exercise, supplier, incident) the last observation counts, blanks included:
       a question left blank in a new questionnaire is not answered by the old one;
    3. an observation that is proven throughout replaces all that was seen before it; a declaration does not: a bad
       audit is not erased by saying that it was put right, it is by showing it;
    4. each of those that remain is worth its credit (whole if proven, less if only declared, less still if estimated),
       and less as it ages;
    5. of several, the lowest counts.
    So nothing is ever worth more because time passes, because a proof is missing or because an answer is left blank.
    """
    kept = counted(observations, on, weighing)
    levels, best, completeness = {}, {}, {}
    for code in MEASURE_BY_CODE:
        seen = kept.get(code, ())
        levels[code] = reduce(Level.lower, (_worth(each, on, weighing) for each in seen)) if seen else NOTHING
        best[code] = reduce(Level.lower, (_best(each, on, weighing) for each in seen)) if seen else EVERYTHING
        completeness[code] = min((each.completeness for each in seen), default=0.0)
    return Maturity(levels, best, completeness)


def counted(observations: Iterable[Observation], on: date, weighing: Weighing) -> dict[str, tuple[Observation, ...]]:
    """Return by measure the observations that count on the day `on`, oldest first (rules 1 to 3 of `maturity`)."""
    last: dict[str, dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for each in observations:
        if each.observed_on > on:
            continue
        same = last[each.measure][each.source]
        if same and each.observed_on > same[0].observed_on:
            same.clear()
        if not same or each.observed_on == same[0].observed_on:
            same.append(each)
    return {
        measure: _not_replaced([each for same in sources.values() for each in same])
        for measure, sources in last.items()
    }


def _not_replaced(seen: list[Observation]) -> tuple[Observation, ...]:
    proven_on = max((each.observed_on for each in seen if each.reliability is Reliability.PROVEN), default=date.min)
    kept = [each for each in seen if each.observed_on >= proven_on]
    return tuple(sorted(kept, key=lambda each: (each.observed_on, each.source, each.about, each.level.low)))


def _worth(seen: Observation, on: date, weighing: Weighing) -> Level:
    return seen.level.times(_factor(seen, seen.share_proven, on, weighing))


def _best(seen: Observation, on: date, weighing: Weighing) -> Level:
    return seen.best.times(_factor(seen, seen.best_share_proven, on, weighing))


def _factor(seen: Observation, share: float, on: date, weighing: Weighing) -> float:
    unproven = Reliability.DECLARED if seen.reliability is Reliability.PROVEN else seen.reliability
    credit = share + (1.0 - share) * weighing.credit(unproven)
    return credit * weighing.freshness(seen.observed_on, on)


def remarks(observations: Iterable[Observation], on: date, weighing: Weighing) -> list[Finding]:
    """Return what a person should look at: sources that contradict each other, and what has grown too old."""
    found = []
    for code, seen in counted(observations, on, weighing).items():
        title = MEASURE_BY_CODE[code].title
        lowest: dict[Source, tuple[float, date]] = {}
        for each in seen:
            worth = (_worth(each, on, weighing).low, each.observed_on)
            lowest[each.source] = min(lowest.get(each.source, worth), worth)
        low, high = min(lowest.values()), max(lowest.values())
        if high[0] - low[0] > FAR_APART:
            understood = message(
                "{measure} : deux sources se contredisent, celle du {high} et celle du {low} ; la plus basse compte",
                measure=title, high=high[1], low=low[1],
            )  # fmt: skip
            remedy = message("Vérifier sur pièces, puis retirer l'observation fausse ou en ajouter une prouvée.")
            found.append(Finding("diagnosis.contradiction", Severity.DOUBT, understood, remedy, place=code))
        oldest = seen[0].observed_on
        if weighing.freshness(oldest, on) <= float(weighing.stale.value):
            understood = message("{measure} : la dernière observation date du {day}", measure=title, day=oldest)
            remedy = message("Répondre de nouveau aux questions de cette mesure.")
            found.append(Finding("diagnosis.stale", Severity.NOTE, understood, remedy, place=code))
    return sorted(found, key=lambda each: (each.place, each.code))
