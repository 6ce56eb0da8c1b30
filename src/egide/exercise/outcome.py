"""What observers saw, reconciled: one outcome for each expected reaction, at each site where its inject was sent.

Silence counts the same whatever anybody else did: a reaction nobody ticked is "not observed", worth nothing at worst
and everything at best. Observers who disagree make it partial, with both shown, until a person settles it.
An inject sent again is asked once: its ticks count together, its time runs from its first sending. Nobody fails what
was not sent; what players did before they were asked counts for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from egide.exercise.module import Expectation
from egide.exercise.record import Decision, Done, Event, Record, State, Tick
from egide.message import Text

WORTH: Mapping[Done, float] = {Done.YES: 1.0, Done.PARTIAL: 0.5, Done.NO: 0.0}
REACTED = frozenset({Done.YES, Done.PARTIAL})

Asked = tuple[str, str, str]
"""An inject, one of its expectations, a site."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expected reaction at one site. `done` is None where nobody observed it.

    `said` is what each observer holds, by name; `disputed` when they disagree and nobody has settled it; `settled` is
    the decision that did, and that wins. `sent` and `reacted` are seconds of play: first sending (None: not sent, they
    did it unasked), first tick of a reaction (None: none, or ticked from memory after the end). `notes` are the
    observers', in the order of the log.
    """

    inject: str
    expectation: Expectation
    module: str
    title: Text
    """Of the inject."""
    site: str
    done: Done | None
    said: Mapping[str, Done]
    sent: int | None
    reacted: int | None = None
    disputed: bool = False
    settled: Decision | None = None
    notes: tuple[str, ...] = ()

    @property
    def low(self) -> float:
        """Return what it is worth, 0 to 1, nothing if nobody observed it."""
        return WORTH[self.done] if self.done else 0.0

    @property
    def best(self) -> float:
        """Return what it is worth at best."""
        return WORTH[self.done] if self.done else 1.0

    @property
    def delay(self) -> int | None:
        """Return the seconds from the first sending to the reaction, None if there was none or nothing was sent."""
        return None if self.sent is None or self.reacted is None else max(0, self.reacted - self.sent)

    @property
    def late(self) -> int:
        """Return by how many seconds the reaction came after the minutes expected; 0 in time, or without a time."""
        if self.delay is None or self.expectation.minutes is None:
            return 0
        return max(0, self.delay - 60 * self.expectation.minutes)


@dataclass(frozen=True, slots=True)
class Result:
    """Several outcomes together: `low` to `best`, 0 to 1, and the share observed of what was asked.

    Each site weighs the same. The counts are of outcomes. Without any, low and best are 0 and 1: nothing is known.
    """

    low: float
    best: float
    completeness: float
    yes: int = 0
    partial: int = 0
    no: int = 0
    unseen: int = 0

    @property
    def asked(self) -> int:
        """Return how many reactions were asked for."""
        return self.yes + self.partial + self.no + self.unseen


def outcomes(record: Record) -> tuple[Outcome, ...]:
    """Return one outcome for each expected reaction of what was sent, at each site that received it.

    In the order of the record's events, then of the expectations, then of the sites.
    """
    sites = _sites(record)
    injects = {each.id: each.item.id for each in record.events}
    ticks: dict[Asked, list[Tick]] = defaultdict(list)
    for tick in record.ticks:
        ticks[injects.get(tick.event, ""), tick.expectation, tick.site].append(tick)
    decisions: dict[Asked, Decision] = {}
    for decision in sorted(record.decisions, key=lambda each: each.number):
        decisions[injects.get(decision.event, ""), decision.expectation, decision.site] = decision
    sent = _sent(record.events, sites)
    found: dict[Asked, Outcome] = {}
    for event in record.events:
        for expectation in event.item.expectations:
            for site in sites:
                key = (event.item.id, expectation.id, site)
                first = sent.get((event.item.id, site))
                if key not in found and (first is not None or _reactions(ticks[key])):
                    seen = [each for each in ticks[key] if record.lasted is None or each.at < record.lasted]
                    found[key] = _outcome(event, expectation, site, first, ticks[key], decisions.get(key), _since(seen))
    return tuple(found.values())


def stray(record: Record) -> tuple[Tick, ...]:
    """Return the ticks that speak of an event, an expectation or a site that the record does not have."""
    expected = {(each.id, one.id) for each in record.events for one in each.item.expectations}
    sites = _sites(record)
    return tuple(
        each for each in record.ticks if (each.event, each.expectation) not in expected or each.site not in sites
    )


def result(several: Iterable[Outcome]) -> Result:
    """Return what these outcomes come to: the mean of each site, then the mean of the sites."""
    by_site: dict[str, list[Outcome]] = defaultdict(list)
    counts: dict[Done | None, int] = defaultdict(int)
    for each in several:
        by_site[each.site].append(each)
        counts[each.done] += 1
    if not by_site:
        return Result(0.0, 1.0, 0.0)
    groups = [by_site[site] for site in sorted(by_site)]
    asked = [[each for each in group if each.sent is not None] for group in groups]
    shares = [_mean(float(each.done is not None) for each in group) for group in asked if group]
    return Result(
        low=_mean(_mean(each.low for each in group) for group in groups),
        best=_mean(_mean(each.best for each in group) for group in groups),
        completeness=_mean(shares) if shares else 0.0,
        yes=counts[Done.YES],
        partial=counts[Done.PARTIAL],
        no=counts[Done.NO],
        unseen=counts[None],
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _sites(record: Record) -> tuple[str, ...]:
    return tuple(each.code for each in record.sites) or ("",)


def _sent(events: Iterable[Event], sites: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return when each inject first went out, by inject and site."""
    first: dict[tuple[str, str], int] = {}
    for each in events:
        if each.state is not State.SENT or each.sent is None:
            continue
        for site in sites:
            if not each.sites or site in each.sites:
                key = (each.item.id, site)
                first[key] = min(first.get(key, each.sent), each.sent)
    return first


def _last(ticks: Iterable[Tick]) -> dict[str, Tick]:
    """Return by observer the tick that counts: the highest in the log; of two at one rank, the more careful."""
    order = sorted(ticks, key=lambda each: (each.observer, each.number, each.at, -WORTH.get(each.done, -1.0)))
    return {each.observer: each for each in order}


def _reactions(ticks: Iterable[Tick]) -> bool:
    return any(each.done in REACTED for each in _last(ticks).values())


def _since(ticks: Iterable[Tick]) -> dict[str, int]:
    """Return since when each observer holds that there was a reaction; what was ticked before a "no" was a mistake."""
    found: dict[str, int] = {}
    for each in sorted(ticks, key=lambda each: (each.number, each.at)):
        if each.done in REACTED:
            found.setdefault(each.observer, each.at)
        else:
            found.pop(each.observer, None)
    return found


def _outcome(
    event: Event,
    expectation: Expectation,
    site: str,
    sent: int | None,
    ticks: list[Tick],
    decision: Decision | None,
    since: Mapping[str, int],
) -> Outcome:
    last = {name: each for name, each in _last(ticks).items() if each.done is not Done.UNSEEN}
    if sent is None:
        last = {name: each for name, each in last.items() if each.done in REACTED}
    said = {name: each.done for name, each in last.items()}
    held = set(said.values())
    done = held.pop() if len(held) == 1 else Done.PARTIAL if held else None
    disputed = len(set(said.values())) > 1
    if decision:
        done, disputed = None if decision.done is Done.UNSEEN else decision.done, False
    moments = [since[name] for name, each in said.items() if each in REACTED and name in since]
    noted = sorted((each for each in last.values() if each.note), key=lambda each: (each.number, each.observer))
    return Outcome(
        inject=event.item.id,
        expectation=expectation,
        module=event.item.module,
        title=event.item.title,
        site=site,
        done=done,
        said=said,
        sent=sent,
        reacted=min(moments, default=None) if done in REACTED else None,
        disputed=disputed,
        settled=decision,
        notes=tuple(each.note for each in noted),
    )
