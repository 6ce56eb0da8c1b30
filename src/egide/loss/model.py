"""A loss model in numbers: who is exposed, to what events, and what each event costs under each head.

Amounts in one currency, durations in days, frequencies in events a year. Nothing here knows a hospital or a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf

from egide.finding import Finding
from egide.loss.faults import CORRELATION, LIMIT, NOT_NEGATIVE, POSITIVE, SHARE, broken, check, fault, refuse
from egide.loss.frequency import Frequency
from egide.loss.severity import Severity
from egide.message import message


@dataclass(frozen=True)
class Amount:
    """A head of loss that is an amount of money: own costs, liability, fines...

    It occurs with `probability`; its size follows `severity`, tied to the duration of the event by a Gaussian copula of
    correlation `with_duration`. What is not `insurable` (fines) is never ceded.
    """

    name: str
    severity: Severity
    probability: float = 1.0
    with_duration: float = 0.0
    insurable: bool = True

    def __post_init__(self) -> None:
        check(probability=(self.probability, SHARE), with_duration=(self.with_duration, CORRELATION))


@dataclass(frozen=True)
class Interruption:
    """A head of loss that is activity lost while an event lasts.

    `daily` is what a full day of stop costs; `share` of it is lost for the duration D of the event (cut at `longest`
    days), then falls linearly to nothing over `recovery` x D days.
    """

    name: str
    daily: float
    share: float = 1.0
    recovery: float = 0.0
    longest: float = inf
    insurable: bool = True

    def __post_init__(self) -> None:
        check(
            daily=(self.daily, NOT_NEGATIVE),
            share=(self.share, SHARE),
            recovery=(self.recovery, NOT_NEGATIVE),
            longest=(self.longest, LIMIT),
        )


Head = Amount | Interruption


def _doubled(names: Iterable[str], field: str) -> list[Finding]:
    """Return a finding for each name that is given twice."""
    seen: set[str] = set()
    found = []
    for name in names:
        if name in seen:
            found.append(
                fault(
                    "loss.name_twice",
                    field,
                    name,
                    message("Ce nom est donné deux fois."),
                    message("Donner à chacun un nom différent."),
                )
            )
        seen.add(name)
    return found


def _heads_faults(heads: tuple[Head, ...], duration: Severity | None) -> list[Finding]:
    found = _doubled((head.name for head in heads), "heads")
    lasting = [h for h in heads if isinstance(h, Interruption) or h.with_duration]
    if duration is None and lasting:
        found += [
            fault(
                "loss.no_duration",
                "duration",
                head.name,
                message("Ce poste dépend de la durée de l'événement, qui n'est pas donnée."),
                message("Donner la loi de la durée de l'événement, en jours."),
            )
            for head in lasting
        ]
    return found


@dataclass(frozen=True)
class Scenario:
    """A kind of event: how often a year, how long (days), and what it costs under each head."""

    name: str
    frequency: Frequency
    heads: tuple[Head, ...]
    duration: Severity | None = None

    def __post_init__(self) -> None:
        refuse(_heads_faults(self.heads, self.duration))


@dataclass(frozen=True)
class Risk:
    """One establishment: its scenarios, all made more or less frequent in a year by one gamma factor of mean 1.

    `year_shape` is the shape of that factor (variance 1 / shape); None when years are alike.
    """

    name: str
    scenarios: tuple[Scenario, ...]
    year_shape: float | None = None

    def __post_init__(self) -> None:
        found = _doubled((scenario.name for scenario in self.scenarios), "scenarios")
        if self.year_shape is not None:
            found += broken({"year_shape": (self.year_shape, POSITIVE)})
            found += [
                fault(
                    "loss.mixing",
                    "year_shape",
                    scenario.name,
                    message("Une fréquence fixe ou binomiale ne peut pas varier avec l'année."),
                    message("Choisir une loi de Poisson ou binomiale négative, ou retirer le facteur de l'année."),
                )
                for scenario in self.scenarios
                if not scenario.frequency.mixable
            ]
        refuse(found)


@dataclass(frozen=True)
class Hit:
    """What a common shock costs one risk: its heads, and the law that multiplies the common duration for it."""

    risk: str
    heads: tuple[Head, ...]
    duration_factor: Severity | None = None

    def __post_init__(self) -> None:
        refuse(_doubled((head.name for head in self.heads), "heads"))


@dataclass(frozen=True)
class Shock:
    """One event that hits several risks at once, for one common duration: the failure of a shared supplier."""

    name: str
    frequency: Frequency
    duration: Severity
    hits: tuple[Hit, ...]

    def __post_init__(self) -> None:
        refuse(_doubled((hit.risk for hit in self.hits), "hits"))


@dataclass(frozen=True)
class Model:
    """All that is exposed. Raises Unfit for a name given twice or a shock on a risk that is not there."""

    risks: tuple[Risk, ...]
    shocks: tuple[Shock, ...] = ()

    def __post_init__(self) -> None:
        found = _doubled((risk.name for risk in self.risks), "risks")
        found += _doubled((shock.name for shock in self.shocks), "shocks")
        known = {risk.name for risk in self.risks}
        found += [
            fault(
                "loss.unknown_risk",
                f"{shock.name}.hits",
                hit.risk,
                message("Ce choc atteint un risque qui n'est pas dans le modèle."),
                message("Ajouter ce risque au modèle, ou corriger son nom."),
            )
            for shock in self.shocks
            for hit in shock.hits
            if hit.risk not in known
        ]
        refuse(found)

    @cached_property
    def _all_heads(self) -> tuple[Head, ...]:
        groups = [s.heads for risk in self.risks for s in risk.scenarios]
        groups += [hit.heads for shock in self.shocks for hit in shock.hits]
        return tuple(head for heads in groups for head in heads)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Return the names of all heads, each once, in the order in which they are met."""
        return tuple(dict.fromkeys(head.name for head in self._all_heads))

    @cached_property
    def uninsurable(self) -> frozenset[str]:
        """Return the names of the heads that can nowhere be insured."""
        return frozenset(self.heads) - {head.name for head in self._all_heads if head.insurable}

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Return the names of all scenarios and shocks, each once, in the order in which they are met."""
        own = [scenario.name for risk in self.risks for scenario in risk.scenarios]
        return tuple(dict.fromkeys([*own, *(shock.name for shock in self.shocks)]))
