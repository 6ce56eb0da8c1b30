"""A model and its terms as plain arrays, in an order of its own: the form that the compiled simulation reads.

The order of what is given never matters: contracts, risks, scenarios and shocks are sorted by name, and each stream of
random numbers is named after its risk and scenario.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import exp, floor, gcd, inf, log2
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from egide.finding import Finding
from egide.loss.faults import fault, refuse
from egide.loss.frequency import Binomial, Frequency, NegativeBinomial, Poisson
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Scenario, Shock
from egide.loss.quantiles import Quantiles, quantiles
from egide.loss.severity import Lognormal, Scaled, Severity
from egide.loss.tables import Table, steps, table, typical
from egide.loss.terms import HeadTerms, Policy, Terms
from egide.message import message

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

POISSON, NEGATIVE_BINOMIAL, BINOMIAL, FIXED = range(4)
LOGNORMAL, TABLE, STEPS, OFTEN = range(4)
MANY = 2.0**16
"""Draws of a law from which a table of its quantiles by probability saves more time than it takes to make."""
AMOUNT, INTERRUPTION = range(2)
EDGE = 1 + 2.0**-44
"""What keeps an amount that returns, but for its rounding, on the right side of the edge of a slice."""
NO_LAW = -1
MOST_CENTS = 2.0**50
"""Bounds past which cents are no longer whole numbers: they set no unit."""


class Layout(NamedTuple):
    """The arrays of a model: entries are (risk, scenario) pairs, then the (shock, risk) pairs in bundles by contract.

    `calls` is the most calls of the generator that an event needs; `scale` is one over the unit of the histograms; `aside`
    is the head whose law is kept for each risk, NO_LAW for none.
    """

    calls: int
    scale: float
    aside: int
    streams: NDArray[np.uint64]
    risk: Wholes
    scenario: Wholes
    policy: Wholes
    frequencies: Floats
    durations: Floats
    paid: Floats
    slots: Wholes
    head_first: Wholes
    heads: Floats
    policies: Floats
    layer_first: Wholes
    layers: Floats
    risk_first: Wholes
    entry_first: Wholes
    year_shapes: Floats
    risk_streams: NDArray[np.uint64]
    bundle_first: Wholes
    bundles: Wholes
    shock_streams: NDArray[np.uint64]
    shock_frequencies: Floats
    shock_durations: Floats
    tables: Floats
    often: Floats
    coefficients: Floats
    steps_first: Wholes
    step_scores: Floats
    step_values: Floats


@dataclass(frozen=True)
class Names:
    """What the numbers of a layout stand for."""

    policies: tuple[str, ...]
    risks: tuple[str, ...]
    scenarios: tuple[str, ...]
    heads: tuple[str, ...]
    layers: tuple[tuple[str, str], ...]
    """Contract and layer."""


def stream(*names: str) -> int:
    """Return the 64 bits that name a stream of random numbers."""
    return int.from_bytes(blake2b("\x1f".join(names).encode(), digest_size=8).digest())


def _frequency(law: Frequency) -> tuple[float, float, float]:
    match law:
        case Poisson():
            return POISSON, law.mean, 0.0
        case NegativeBinomial():
            return (NEGATIVE_BINOMIAL, law.mean, law.shape) if law.mean else (POISSON, 0.0, 0.0)
        case Binomial():
            return BINOMIAL, law.trials, law.probability
        case _:
            return FIXED, law.count, 0.0


@lru_cache(maxsize=256)
def _table(severity: Severity) -> Table:
    return table(severity)


@lru_cache(maxsize=256)
def _often(severity: Severity) -> Quantiles | None:
    if isinstance(severity, Lognormal):
        return quantiles(severity.at, typical(severity))
    return quantiles(_table(severity).evaluate, typical(severity), *severity.breaks)


@lru_cache(maxsize=4096)
def _of_median_1(sigma: float) -> Lognormal:
    return Lognormal(0.0, sigma)


def _base(severity: Severity) -> tuple[Severity, float]:
    """Return the law of a law but for its scale, and this scale."""
    match severity:
        case Lognormal():
            return _of_median_1(severity.sigma), exp(min(severity.mu, 700.0))
        case Scaled():
            return severity.base, severity.factor
        case _:
            return severity, 1.0


def _untied(model: Model) -> Iterator[tuple[Severity, float]]:
    """Give each law of which no normal score is asked, with how often a year it is drawn."""
    for risk in model.risks:
        for scenario in risk.scenarios:
            yield from _untied_of(scenario.heads, scenario.frequency.mean)
            if scenario.duration and not _tied(scenario.heads):
                yield scenario.duration, scenario.frequency.mean
    for shock in model.shocks:
        for hit in shock.hits:
            yield from _untied_of(hit.heads, shock.frequency.mean)
            if hit.duration_factor:
                yield hit.duration_factor, shock.frequency.mean
        if not any(_tied(hit.heads) for hit in shock.hits):
            yield shock.duration, shock.frequency.mean


def _untied_of(heads: Iterable[Head], rate: float) -> Iterator[tuple[Severity, float]]:
    for head in heads:
        if isinstance(head, Amount) and not head.with_duration:
            yield head.severity, rate * head.probability


def _tied(heads: Iterable[Head]) -> bool:
    """Tell whether a head is tied to the duration of its event."""
    return any(isinstance(head, Amount) and head.with_duration for head in heads)


class _Laws:
    """The laws met so far: tables and steps are made once, whatever their scale; `years` tell which are drawn often."""

    def __init__(self, model: Model, years: int) -> None:
        self.draws: dict[Severity, float] = defaultdict(float)
        for severity, rate in _untied(model):
            self.draws[_base(severity)[0]] += rate * years
        self.known: dict[tuple[Severity, bool], tuple[int, int]] = {}
        self.tables: list[list[float]] = []
        self.often: list[list[float]] = []
        self.coefficients: list[Floats] = []
        self.scores: list[Floats] = []
        self.values: list[Floats] = []
        self.rows = 0

    def of(self, severity: Severity, *, tied: bool) -> tuple[float, float, float]:
        """Return the kind of a law and its two numbers; `tied` tells that its normal scores are asked for."""
        base, scale = _base(severity)
        frequent = not tied and self.draws[base] >= MANY
        if (base, frequent) not in self.known:
            self.known[base, frequent] = self._laid(base, frequent)
        kind, number = self.known[base, frequent]
        if isinstance(severity, Lognormal) and kind == LOGNORMAL:
            return kind, severity.mu, severity.sigma
        return kind, number, scale

    def _laid(self, base: Severity, frequent: bool) -> tuple[int, int]:
        by_steps = steps(base)
        if by_steps is not None:
            self.scores.append(by_steps.scores)
            self.values.append(by_steps.values)
            return STEPS, len(self.scores) - 1
        made = _often(base) if frequent else None
        if made is not None:
            self.often.append([self.rows, 2 * made.side, made.cut, made.bits])
            self._keep(made.coefficients)
            return OFTEN, len(self.often) - 1
        if isinstance(base, Lognormal):
            return LOGNORMAL, 0
        by_score = _table(base)
        pieces = []
        first = 0
        for start, step, count in zip(by_score.starts, by_score.steps, by_score.counts, strict=True):
            pieces.append([float(start), float(step), float(self.rows + first), float(count - 1)])
            first += int(count)
        cut = pieces[1][0] if len(pieces) > 1 else inf
        self.tables.append([cut, *pieces[0], *pieces[-1]])
        self._keep(by_score.coefficients)
        return TABLE, len(self.tables) - 1

    def _keep(self, coefficients: Floats) -> None:
        self.coefficients.append(coefficients)
        self.rows += len(coefficients)


def _head_row(head: Head, number: int, policy: Policy | None, excluded: bool, laws: _Laws) -> list[float]:
    terms = policy.of_head(head.name) if policy and head.insurable and not excluded else None
    cover = terms or HeadTerms(0.0)
    waiting, indemnity = (policy.waiting_days, policy.indemnity_days) if policy else (0.0, inf)
    last = [cover.covered, cover.sublimit, waiting, indemnity]
    if isinstance(head, Interruption):
        return [INTERRUPTION, number, 1, 0, NO_LAW, 0, 0, head.daily * head.share, head.recovery, head.longest, *last]
    law = laws.of(head.severity, tied=head.with_duration != 0)
    return [AMOUNT, number, head.probability, head.with_duration, *law, 0, 0, 0, *last]


@dataclass
class _Entries:
    """The entries, as they are laid down one after the other."""

    laws: _Laws
    heads: dict[str, int]
    rows: dict[str, list[Any]]

    def add(
        self,
        names: tuple[str, ...],
        numbers: tuple[int, int, int],
        frequency: tuple[float, float, float],
        duration: Severity | None,
        heads: Sequence[Head],
        policy: Policy | None,
        *,
        tied: bool,
    ) -> None:
        excluded = bool(policy) and names[-1] in policy.excluded  # type: ignore[union-attr]
        paid = policy.paid.get(names[-1], 1.0) if policy else 1.0
        rows = self.rows
        rows["streams"].append(stream(*names))
        for key, number in zip(("risk", "scenario", "policy"), numbers, strict=True):
            rows[key].append(number)
        rows["frequencies"].append(frequency)
        rows["durations"].append(self.laws.of(duration, tied=tied) if duration else (NO_LAW, 0.0, 0.0))
        rows["paid"].append(paid)
        kept = [h for h in heads if not (isinstance(h, Amount) and h.probability == 0)]
        rows["slots"].append(max(1, (duration is not None) + sum(isinstance(h, Amount) for h in kept) + (paid < 1)))
        rows["heads"] += [_head_row(h, self.heads[h.name], policy, excluded, self.laws) for h in kept]
        rows["head_first"].append(len(rows["heads"]))


def contracts(terms: Terms, model: Model) -> list[tuple[Policy | None, list[str]]]:
    """Return each contract with its risks, by name; last, the risks that none covers. Raises Unfit for a bad member."""
    known = {risk.name for risk in model.risks}
    taken: dict[str, str] = {}
    found = []
    for policy in terms.policies:
        for member in policy.members:
            if member not in known:
                found.append(
                    fault(
                        "loss.unknown_risk",
                        f"{policy.name}.members",
                        member,
                        message("Ce contrat couvre un risque qui n'est pas dans le modèle."),
                        message("Ajouter ce risque au modèle, ou corriger son nom."),
                    )
                )
            elif member in taken:
                found.append(
                    fault(
                        "loss.covered_twice",
                        f"{policy.name}.members",
                        member,
                        message("Ce risque est déjà couvert par un autre contrat."),
                        message("Ne garder ce risque que dans un contrat."),
                    )
                )
            taken[member] = policy.name
    refuse(found)
    covered: list[tuple[Policy | None, list[str]]] = [
        (policy, sorted(policy.members)) for policy in sorted(terms.policies, key=lambda each: each.name)
    ]
    left = sorted(known - set(taken))
    return [*covered, (None, left)] if left or not covered else covered


def _policy_row(policy: Policy | None) -> list[float]:
    if policy is None:
        return [0.0, 0.0, 0.0, inf, 0.0]
    kept = policy.retention
    return [kept.flat, kept.share, kept.least, kept.most, float(kept.franchise)]


def _array(rows: Sequence[Any], width: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _joined(parts: Sequence[Floats], shape: tuple[int, ...]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(shape)


def unit(*of: Terms) -> float:
    """Return the amount of which all bounds of some terms are multiples, times a power of two: from 1024 to 2048.

    Histograms count in it, so that the amounts that return (a retention, a limit, twice a limit) stand at the edge of a
    slice and are told exactly.
    """
    bounds = [
        bound
        for terms in of
        for policy in terms.policies
        for bound in (
            policy.retention.flat, policy.retention.least, policy.retention.most,
            *(head.sublimit for head in policy.heads.values()),
            *(each * layer.share for layer in policy.layers for each in (layer.limit, layer.aggregate_limit)),
            *(layer.attachment for layer in policy.layers),
        )
    ]  # fmt: skip
    common = gcd(*(round(bound * 100) for bound in bounds if bound < MOST_CENTS)) / 100
    return common * 2.0 ** (10 - floor(log2(common))) if common else 1000.0


def laid_out(
    model: Model, terms: Terms, beside: Sequence[Terms] = (), aside: str = "", years: int = 0
) -> tuple[Layout, Names]:
    """Return the arrays of a model under its terms, and the names of what they number; `beside`, `aside`: see `simulate`.

    `years` are those to be simulated: they tell which laws are worth a table by probability.
    """
    shared = contracts(terms, model)
    by_name = {risk.name: risk for risk in model.risks}
    risks = [by_name[name] for _, names in shared for name in names]
    risk_number = {risk.name: i for i, risk in enumerate(risks)}
    policy_of = {name: i for i, (_, names) in enumerate(shared) for name in names}
    scenarios = sorted(model.scenarios)
    scenario_number = {name: i for i, name in enumerate(scenarios)}
    heads = sorted(model.heads)
    laws = _Laws(model, years)
    keys = ("streams", "risk", "scenario", "policy", "frequencies", "durations", "paid", "slots", "heads")
    entries = _Entries(laws, {name: i for i, name in enumerate(heads)}, {key: [] for key in keys} | {"head_first": [0]})
    entry_first = [0]
    for risk in risks:
        number = policy_of[risk.name]
        own: Iterable[Scenario] = sorted(risk.scenarios, key=lambda each: each.name)
        for each in own:
            numbers = (risk_number[risk.name], scenario_number[each.name], number)
            frequency = _frequency(each.frequency)
            policy, tied = shared[number][0], _tied(each.heads)
            entries.add((risk.name, each.name), numbers, frequency, each.duration, each.heads, policy, tied=tied)
        entry_first.append(len(entries.rows["streams"]))
    shocks = sorted(model.shocks, key=lambda each: each.name)
    bundles: list[tuple[int, int, int]] = []
    bundle_first = [0]
    struck: dict[tuple[int, int], list[Hit]] = defaultdict(list)
    for s, shock in enumerate(shocks):
        for hit in sorted(shock.hits, key=lambda each: each.risk):
            struck[policy_of[hit.risk], s].append(hit)
    for number, (policy, _) in enumerate(shared):
        for s, shock in enumerate(shocks):
            low = len(entries.rows["streams"])
            for hit in struck[number, s]:
                _add_hit(entries, shock, hit, (risk_number[hit.risk], scenario_number[shock.name], number), policy)
            high = len(entries.rows["streams"])
            if high > low:
                # A contract takes the event as one; without contract, each risk is alone.
                bundles += [(s, low, high)] if policy else [(s, at, at + 1) for at in range(low, high)]
        bundle_first.append(len(bundles))
    layers = [(policy, layer) for policy, _ in shared if policy for layer in policy.layers]
    layer_first = np.cumsum([0, *(len(policy.layers) if policy else 0 for policy, _ in shared)])
    rows = entries.rows
    whole = {key: np.array(rows[key], dtype=np.int64) for key in ("risk", "scenario", "policy", "slots", "head_first")}
    refuse(_unknown_head(aside, heads))
    layout = Layout(
        aside=heads.index(aside) if aside else NO_LAW,
        scale=EDGE / unit(terms, *beside),
        calls=-(-int(whole["slots"].max(initial=1)) // 3),
        streams=np.array(rows["streams"], dtype=np.uint64),
        **whole,
        frequencies=_array(rows["frequencies"], 3),
        durations=_array(rows["durations"], 3),
        paid=np.array(rows["paid"], dtype=np.float64),
        heads=_array(rows["heads"], 14),
        policies=_array([_policy_row(policy) for policy, _ in shared], 5),
        layer_first=layer_first.astype(np.int64),
        layers=_array(
            [(x.attachment, x.limit, x.share, x.aggregate_retention, x.aggregate_limit) for _, x in layers], 5
        ),
        risk_first=np.cumsum([0, *(len(names) for _, names in shared)]).astype(np.int64),
        entry_first=np.array(entry_first, dtype=np.int64),
        year_shapes=np.array([risk.year_shape or 0.0 for risk in risks], dtype=np.float64),
        risk_streams=np.array([stream(risk.name) for risk in risks], dtype=np.uint64),
        bundle_first=np.array(bundle_first, dtype=np.int64),
        bundles=np.array(bundles, dtype=np.int64).reshape(len(bundles), 3),
        shock_streams=np.array([stream("", shock.name) for shock in shocks], dtype=np.uint64),
        shock_frequencies=_array([_frequency(shock.frequency) for shock in shocks], 3),
        shock_durations=_array(
            [laws.of(shock.duration, tied=any(_tied(hit.heads) for hit in shock.hits)) for shock in shocks], 3
        ),
        tables=_array(laws.tables, 9),
        often=_array(laws.often, 4),
        coefficients=_joined(laws.coefficients, (0, 4)),
        steps_first=np.cumsum([0, *map(len, laws.scores)]).astype(np.int64),
        step_scores=_joined(laws.scores, (0,)),
        step_values=_joined(laws.values, (0,)),
    )
    names = Names(
        tuple(policy.name if policy else "" for policy, _ in shared),
        tuple(risk.name for risk in risks),
        tuple(scenarios),
        tuple(heads),
        tuple((policy.name, layer.name) for policy, layer in layers),
    )
    return layout, names


def _unknown_head(aside: str, heads: Sequence[str]) -> list[Finding]:
    return [
        fault(
            "loss.unknown_head",
            "aside",
            aside,
            message("Ce poste de perte n'est pas dans le modèle."),
            message("Écrire l'un de ceux-ci : {names}.", names=tuple(heads)),
        )
        for _ in range(bool(aside) and aside not in heads)
    ]


def _add_hit(entries: _Entries, shock: Shock, hit: Hit, numbers: tuple[int, int, int], policy: Policy | None) -> None:
    names = ("", hit.risk, shock.name)  # apart from a scenario of the risk that has the name of the shock
    # Heads are tied to the common duration, not to the factor that multiplies it.
    entries.add(names, numbers, (POISSON, 0.0, 0.0), hit.duration_factor, hit.heads, policy, tied=False)
