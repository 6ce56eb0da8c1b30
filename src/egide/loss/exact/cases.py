"""The kinds of events of a model, and the cases of each in which its parts are independent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from egide.loss.exact.compound import Case, Event, Exposure
from egide.loss.exact.part import Part, parts_of
from egide.loss.exact.strata import Stratum, given, lasting, strata
from egide.loss.frequency import Frequency
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Severity
from egide.loss.terms import Policy


def tied(heads: Iterable[Head]) -> list[Amount]:
    """Return the amounts that depend on the duration."""
    return [head for head in heads if isinstance(head, Amount) and head.with_duration and head.probability > 0]


def heads_of(hits: Iterable[Hit]) -> list[Head]:
    """Return the heads of all hits."""
    return [head for hit in hits for head in hit.heads]


def depends(hits: Sequence[Hit], policy: Policy | None) -> bool:
    """Tell whether parts of an event hang together by its duration."""
    apart = policy is not None and len(hits) > 1
    return apart or any(hit.duration_factor for hit in hits) or bool(tied(heads_of(hits)))


def cases_of(hits: Sequence[Hit], duration: Severity | None, policy: Policy | None, number: int) -> tuple[Case, ...]:
    """Return the strata of an event in which its parts are independent: one, when they are anyway."""
    if not depends(hits, policy):
        return (Case(1.0, (parts_of(heads_of(hits), duration, policy),)),)
    together = [] if policy else [hit for hit in hits if not hit.duration_factor]
    groups = [(hit.heads, hit.duration_factor) for hit in hits if hit not in together]
    if together:
        groups.append((tuple(heads_of(together)), None))
    free = [tuple(head for head in heads if not _hangs(head)) for heads, _ in groups]
    hanging = [(tuple(head for head in heads if _hangs(head)), factor) for heads, factor in groups]
    shared = [tuple(replace(part, shared=True) for part in parts_of(heads, None, policy)) for heads in free]

    def members(each: Stratum) -> tuple[tuple[Part, ...], ...]:
        laws = [parts_of(given(heads, each), lasting(duration, factor, each), policy) for heads, factor in hanging]
        return tuple(alone + law for alone, law in zip(shared, laws, strict=True))

    return tuple(Case(each.weight, members(each)) for each in strata(number))


def _hangs(head: Head) -> bool:
    return isinstance(head, Interruption) or head.with_duration != 0


def own_events(risk: Risk) -> Iterator[tuple[Scenario, list[Hit]]]:
    """Return the scenarios of a risk as events that hit it alone."""
    return ((scenario, [Hit(risk.name, scenario.heads)]) for scenario in risk.scenarios)


def exposures(model: Model, policy: Policy | None, number: int) -> tuple[Exposure, ...]:
    """Return the events of each risk, then the common shocks: their gross cost, or the claims under a contract."""
    excluded = policy.excluded if policy else frozenset()

    def event(frequency: Frequency, name: str, hits: list[Hit], duration: Severity | None) -> Event:
        counted = policy.paid.get(name, 1.0) if policy else 1.0
        return Event(frequency, cases_of(hits, duration, policy, number), counted)

    own = [
        Exposure(
            tuple(event(s.frequency, s.name, hit, s.duration) for s, hit in own_events(risk) if s.name not in excluded),
            risk.year_shape,
        )
        for risk in sorted(model.risks, key=lambda each: each.name)
        if policy is None or risk.name in policy.members
    ]
    common = [
        Exposure((event(shock.frequency, shock.name, hits, shock.duration),))
        for shock in sorted(model.shocks, key=lambda each: each.name)
        if (hits := hits_of(shock, policy))
    ]
    return tuple(each for each in [*own, *common] if each.events)


def hits_of(shock: Shock, policy: Policy | None) -> list[Hit]:
    """Return where a common shock hits, or hits what a contract covers."""
    if shock.frequency.mean == 0 or (policy and shock.name in policy.excluded):
        return []
    return [hit for hit in shock.hits if policy is None or hit.risk in policy.members]
