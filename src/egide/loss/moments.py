"""The exact mean gross loss of a year, head by head, and where it is infinite."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite, pi

import numpy as np

from egide.finding import Finding
from egide.loss.faults import fault, refuse
from egide.loss.model import Amount, Head, Model
from egide.loss.severity import Severity
from egide.message import message

SCORES = np.linspace(-8.25, 8.25, 661)
WEIGHTS = np.exp(-(SCORES**2) / 2) / np.sqrt(2 * pi) * (SCORES[1] - SCORES[0])
"""A rule for means over a standard normal score: the even rule, which for smooth integrands is exact to 1e-12."""

TINY = 1e-200


@dataclass(frozen=True)
class Term:
    """A head of one kind of event: its place in words, how often a year it is asked, and the laws that it depends on."""

    place: str
    rate: float
    head: Head
    duration: Severity | None
    factor: Severity | None = None

    @property
    def heavy(self) -> tuple[tuple[str, Severity], ...]:
        """Return the laws whose infinite moments are those of the head, by field."""
        if self.rate == 0:
            return ()
        if isinstance(self.head, Amount):
            return ((f"{self.place}.{self.head.name}", self.head.severity),) if self.head.probability > 0 else ()
        if self.head.longest < inf or self.head.daily * self.head.share == 0:
            return ()
        found = [("duration", self.duration), ("duration_factor", self.factor)]
        return tuple((f"{self.place}.{field}", law) for field, law in found if law is not None)

    @property
    def mean(self) -> float:
        """Return the mean of the head for one event, inf when there is none."""
        if isinstance(self.head, Amount):
            return self.head.probability * self.head.severity.mean if self.head.probability > 0 else 0.0
        daily = self.head.daily * self.head.share * (1 + self.head.recovery / 2)
        if self.duration is None or daily == 0:
            return 0.0
        longest = self.head.longest
        if self.factor is None:
            return daily * self.duration.limited(longest)
        if longest == inf:
            return daily * self.duration.mean * self.factor.mean
        days = np.maximum(self.duration.at(SCORES), TINY)
        return daily * float((WEIGHTS * days * self.factor.limited(longest / days)).sum())


def terms_of(model: Model) -> Iterator[Term]:
    """Return the heads of all kinds of events of a model."""
    for risk in model.risks:
        for scenario in risk.scenarios:
            for head in scenario.heads:
                yield Term(f"{risk.name}.{scenario.name}", scenario.frequency.mean, head, scenario.duration)
    for shock in model.shocks:
        for hit in shock.hits:
            for head in hit.heads:
                place = f"{shock.name}.{hit.risk}"
                yield Term(place, shock.frequency.mean, head, shock.duration, hit.duration_factor)


def infinite_means(model: Model) -> tuple[Finding, ...]:
    """Return a finding for each head whose mean is infinite."""
    return tuple(
        fault(
            "loss.infinite_mean",
            field,
            type(law).__name__,
            message("La moyenne de cette loi est infinie : aucune perte moyenne ne peut en être tirée."),
            message("Choisir une queue moins lourde (xi < 1), ou plafonner le montant."),
        )
        for term in terms_of(model)
        for field, law in term.heavy
        if not isfinite(law.mean)
    )


def infinite_variances(model: Model) -> tuple[Finding, ...]:
    """Return a finding for each head whose variance is infinite."""
    return tuple(
        fault(
            "loss.infinite_variance",
            field,
            type(law).__name__,
            message("La variance de cette loi est infinie : aucun écart-type ne peut en être tiré."),
            message("Choisir une queue moins lourde (xi < 1/2), ou plafonner le montant."),
        )
        for term in terms_of(model)
        for field, law in term.heavy
        if not isfinite(law.variance)
    )


def mean(model: Model) -> float:
    """Return the mean gross loss of a year; raise Unfit, naming each head, where it is infinite."""
    refuse(infinite_means(model))
    return sum(term.rate * term.mean for term in terms_of(model) if term.rate > 0)
