"""The terms of one year of events in plain Python, slowly: what the kernel must answer, written apart from it.

An event names its scenario and, for each establishment that it hits, what each head gives: an amount, or a duration in
days for an interruption. `luck` gives the draw of each establishment, uniform, that decides whether its conditions of
payment are met (each lodges its own complaint): they are when luck < paid; no draw given counts as 0.

Conventions, per event and establishment:
  interruption  D = min(duration, longest); `share` of the daily loss is lost for t in [0, D], then less and less, to
                nothing at D + recovery x D; gross = daily x integral of that share over t >= 0; covered = daily x its
                integral over waiting_days <= t <= indemnity_days (t from the start of the event)
  heads         covered part of each insurable head after coinsurance, then sub-limit, summed: the claim
  retention     min(max(flat + share x claim, least), most), deducted from the claim; a franchise is not deducted, and
                nothing is owed up to it
Per event: the members' claims after retention are summed, then cut by each layer. Per year and layer: the sum of events,
less the aggregate retention, capped by the aggregate limit, times the share carried.

Allocation of what a contract pays for a year: to events in proportion of what its layers owe for each in their shares, so
that the bounds of the year cut all events alike; inside an event to establishments in proportion of their claims after
retention; inside an establishment to heads in proportion of their covered amounts after sub-limits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from egide.loss.model import Head, Interruption
from egide.loss.terms import Layer, Policy, Retention, Terms

Key = tuple[str, str, str]
"""Scenario, establishment, head."""


@dataclass(frozen=True)
class Event:
    """`losses`: establishment -> [(head, amount or days)]; `luck`: establishment -> draw."""

    scenario: str
    losses: Mapping[str, Sequence[tuple[Head, float]]]
    luck: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Year:
    """What a year costs; `owed` and `paid` by layer are keyed by (policy, layer)."""

    gross: float = 0.0
    ceded: float = 0.0
    gross_of: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    ceded_of: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    paid: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))

    @property
    def retained(self) -> float:
        return self.gross - self.ceded

    def gross_by(self, place: int, name: str) -> float:
        """Gross of a scenario (place 0), an establishment (1) or a head (2)."""
        return sum(value for key, value in self.gross_of.items() if key[place] == name)

    def ceded_by(self, place: int, name: str) -> float:
        return sum(value for key, value in self.ceded_of.items() if key[place] == name)


def lost_days(head: Interruption, duration: float, start: float, end: float) -> float:
    """Days of full stop lost between two times, by adding the two pieces of the curve."""
    plateau = min(duration, head.longest)
    tail = head.recovery * plateau
    flat = max(min(end, plateau) - max(start, 0.0), 0.0)
    low, high = max(start, plateau), min(end, plateau + tail)
    falling = 0.0
    if tail > 0 and high > low:
        height = ((plateau + tail - low) / tail + (plateau + tail - high) / tail) / 2
        falling = (high - low) * height
    return head.share * (flat + falling)


def gross_of(head: Head, number: float) -> float:
    if isinstance(head, Interruption):
        return head.daily * lost_days(head, number, 0.0, float("inf"))
    return number


def covered_of(policy: Policy, head: Head, number: float) -> float:
    """What enters the claim: after waiting and indemnity periods, coinsurance and sub-limit."""
    terms = policy.of_head(head.name)
    if terms is None or not head.insurable:
        return 0.0
    amount = number
    if isinstance(head, Interruption):
        amount = head.daily * lost_days(head, number, policy.waiting_days, policy.indemnity_days)
    return min(terms.covered * amount, terms.sublimit)


def after_retention(retention: Retention, claim: float) -> float:
    kept = min(max(retention.flat + retention.share * claim, retention.least), retention.most)
    if retention.franchise:
        return claim if claim > kept else 0.0
    return max(claim - kept, 0.0)


def in_layer(layer: Layer, amount: float) -> float:
    return min(max(amount - layer.attachment, 0.0), layer.limit)


def met(policy: Policy, event: Event, member: str) -> bool:
    """Whether the event is paid at all for a member."""
    return event.scenario not in policy.excluded and event.luck.get(member, 0.0) < policy.paid.get(event.scenario, 1.0)


def shares_of(policy: Policy, event: Event) -> tuple[float, dict[Key, float]]:
    """What one event brings to the layers, and which part of it comes from each establishment and head."""
    net: dict[Key, float] = {}
    for member in policy.members:
        if not met(policy, event, member):
            continue
        covered = [(head.name, covered_of(policy, head, number)) for head, number in event.losses.get(member, ())]
        claim = sum(amount for _, amount in covered)
        left = after_retention(policy.retention, claim)
        for name, amount in covered:
            if left > 0 and amount > 0:
                net[event.scenario, member, name] = net.get((event.scenario, member, name), 0.0) + left * amount / claim
    return sum(net.values()), net


def year_of(terms: Terms, events: Sequence[Event]) -> Year:
    """One year of events through all the policies."""
    year = Year()
    for event in events:
        for member, lines in event.losses.items():
            for head, number in lines:
                year.gross_of[event.scenario, member, head.name] += gross_of(head, number)
    year.gross = sum(year.gross_of.values())
    for policy in terms.policies:
        brought = [shares_of(policy, event) for event in events]
        owed = [[in_layer(layer, amount) for layer in policy.layers] for amount, _ in brought]
        for number, layer in enumerate(policy.layers):
            kept = max(sum(dues[number] for dues in owed) - layer.aggregate_retention, 0.0)
            year.paid[policy.name, layer.name] = layer.share * min(kept, layer.aggregate_limit)
        carried = [sum(layer.share * due for layer, due in zip(policy.layers, dues, strict=True)) for dues in owed]
        paid = sum(year.paid[policy.name, layer.name] for layer in policy.layers)
        for (amount, net), due in zip(brought, carried, strict=True):
            for key, part in net.items():
                if due > 0:
                    year.ceded_of[key] += paid * due / sum(carried) * part / amount
    year.ceded = sum(year.paid.values())
    return year
