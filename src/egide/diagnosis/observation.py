"""What was seen of a measure on a day: the one form in which questionnaires, exercises, audits and incidents meet."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from egide.diagnosis.level import Level


class Source(StrEnum):
    """Where an observation comes from."""

    QUESTIONNAIRE = "questionnaire"
    EXERCISE = "exercise"
    SUPPLIER = "supplier"
    AUDIT = "audit"
    INCIDENT = "incident"


class Reliability(StrEnum):
    """What an observation rests on."""

    PROVEN = "proven"
    DECLARED = "declared"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Observation:
    """The level of one measure as seen on `observed_on`, at face value: nothing is taken off for proof or age yet.

    `level` counts each blank as absent, `best` as the best answer there is. `completeness` is the share answered, 0 to
    1. `proven` is the share of `level` that rests on a proof that was seen, `best_proven` that of `best`; None means
    what `reliability` says: all of it, or none.
    """

    measure: str
    level: Level
    best: Level
    completeness: float
    source: Source
    reliability: Reliability
    observed_on: date
    about: str = ""
    proven: float | None = None
    best_proven: float | None = None

    @property
    def share_proven(self) -> float:
        """Return the share of the level that rests on proof."""
        return float(self.reliability is Reliability.PROVEN) if self.proven is None else self.proven

    @property
    def best_share_proven(self) -> float:
        """Return the same share were each blank answered at best, with its proof."""
        return self.share_proven if self.best_proven is None else self.best_proven
