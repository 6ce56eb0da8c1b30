"""The simulation of years of losses, block by block, on any executor: same digits whatever the threads and the workers."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide.finding import Finding
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.faults import fault, refuse
from egide.loss.layout import NEGATIVE_BINOMIAL, POISSON, Layout, Names, laid_out
from egide.loss.model import Model
from egide.loss.task import CURVES, Floats, Part, Task, Total, lines_of, span_of, work
from egide.loss.terms import Terms
from egide.message import message
from egide.progress import Progress, silent

FEWEST_YEARS, MOST_YEARS = 100, 2**32
MOST_TASKS = 256
EVENTS_OF_A_TASK, MOST_YEARS_OF_A_TASK = 1_500_000, 2**20
REPLICATES = 16
MOST_GIVEN = 25_000_000
"""Counts and places that a stratified run may plan: 400 MB."""
MOST_PLACE = 2**60
"""The first places of sequences of events are drawn below."""
RARE_YEARS = 1e-3
"""The share of the years that may cost more than what histograms tell apart."""
TAIL_LEVELS = (0.95, 0.99, 0.995)
PILOT_MARGIN = 5.0
"""The worst years of which the causes are kept: those past the first of these levels in the first block, less so many errors of its rank."""


@dataclass(frozen=True)
class Share:
    """What a scenario, a risk, a head or a layer weighs: mean gross and ceded a year; its part in the worst years.

    `tail` gives, by level, its part of the TVaR of the gross loss (co-TVaR): over all scenarios, or all risks, they sum to it.
    """

    name: str
    gross: Estimate
    ceded: Estimate
    tail: Mapping[float, Estimate]

    @property
    def retained(self) -> float:
        """Return the mean that is kept."""
        return self.gross.value - self.ceded.value


@dataclass(frozen=True)
class LayerShare:
    """What a layer of a contract pays, mean of a year."""

    policy: str
    name: str
    ceded: Estimate


@dataclass(frozen=True)
class Cover:
    """The years of one contract (empty name: the risks that none covers)."""

    name: str
    gross: Curve
    retained: Curve
    ceded: Curve


@dataclass(frozen=True)
class Simulation:
    """The years simulated: laws of the year, of single events, and who weighs what. Parts are in the order of names."""

    years: int
    seed: int
    stratified: bool
    gross: Curve
    retained: Curve
    ceded: Curve
    events: Curve
    scenarios: tuple[Share, ...]
    risks: tuple[Share, ...]
    heads: tuple[Share, ...]
    layers: tuple[LayerShare, ...]
    policies: tuple[Cover, ...]
    of_risks: tuple[Curve, ...]
    """The gross law of each risk, in the order of `risks`."""
    aside: tuple[Curve, ...] = ()
    """The gross law of the head asked for, of each risk."""


# --------------------------------------------------------------------------------------------------------- planning
def _planned(layout: Layout, groups: Sequence[tuple[int, int]], span: int, seed: int) -> NDArray[np.int64]:
    """Return, for each block and stream of a stratified run, its number of events and the place of the first in its sequence.

    In each group of blocks the total of a stream is its expectation, rounded at random; blocks share it as chance would, and
    their events follow one another in a sequence that begins at random. -2 stands where the count cannot be fixed (year
    factors, binomial and fixed laws): each block then begins anew.
    """
    frequencies = np.concatenate([layout.frequencies, layout.shock_frequencies])
    streams = [*layout.streams.tolist(), *layout.shock_streams.tolist()]
    blocks = groups[-1][1]
    own, entries = int(layout.entry_first[-1]), len(layout.streams)
    refuse(
        [
            fault(
                "loss.stratified_size",
                "stratified",
                blocks * len(streams),
                message("Un tirage stratifié de cette taille ne tiendrait pas en mémoire."),
                message("Simuler moins d'années, ou sans tirage stratifié."),
            )
        ]
        if blocks * len(streams) > MOST_GIVEN
        else []
    )
    given = np.full((blocks, len(streams), 2), -2, dtype=np.int64)
    shapes = layout.year_shapes[layout.risk]
    lengths = np.array([last - first for first, last in groups])
    there = np.arange(lengths.max()) < lengths[:, None]
    counted_with = np.arange(len(streams))
    for shock, low, high in layout.bundles:
        counted_with[low:high] = entries + shock
    # Shocks first: those that they hit have as many events.
    for at in (*range(entries, len(streams)), *range(entries)):
        kind, a, b = frequencies[counted_with[at]]
        chance = np.random.Generator(np.random.Philox(key=np.array([seed, streams[at]], dtype=np.uint64)))
        if kind not in {POISSON, NEGATIVE_BINOMIAL} or (at < own and shapes[at] > 0):
            given[:, at, 1] = chance.integers(MOST_PLACE, size=blocks)
            continue
        if counted_with[at] == at:
            totals = (a * span * lengths + chance.random(len(groups))).astype(np.int64)
            shares = there / lengths[:, None]
            if kind == NEGATIVE_BINOMIAL:
                for row, length in zip(shares, lengths, strict=True):
                    row[:length] = chance.dirichlet(np.full(length, b * span))
            given[:, at, 0] = chance.multinomial(totals, shares)[there]
        counts = np.zeros(there.shape, np.int64)
        counts[there] = given[:, counted_with[at], 0]
        places = chance.integers(MOST_PLACE, size=(len(groups), 1)) + np.cumsum(counts, axis=1) - counts
        given[:, at, 1] = places[there]
    return given


def _shared(blocks: int, groups: int) -> list[tuple[int, int]]:
    """Share blocks between so many groups, or as many as there are blocks."""
    ends = [blocks * group // groups for group in range(groups + 1)] if blocks > groups else range(blocks + 1)
    return list(pairwise(ends))


def _cut(blocks: int, size: int) -> list[tuple[int, int]]:
    return [(first, min(first + size, blocks)) for first in range(0, blocks, size)]


def _events_of_a_year(layout: Layout) -> float:
    """Return how many events, hits included, a year holds on average."""

    def of(rows: Floats) -> Floats:
        return np.where(rows[:, 0] == 2, rows[:, 1] * rows[:, 2], rows[:, 1])

    hits = np.zeros(len(layout.shock_streams))
    for shock, low, high in layout.bundles:
        hits[shock] += high - low
    return float(of(layout.frequencies).sum() + (of(layout.shock_frequencies) * hits).sum())


def _years_faults(years: int, seed: int) -> None:
    found = []
    if not FEWEST_YEARS <= years <= MOST_YEARS:
        found.append(
            fault(
                "loss.years",
                "years",
                years,
                message(
                    "Le nombre d'années simulées doit être compris entre {least} et {most}.",
                    least=FEWEST_YEARS,
                    most=MOST_YEARS,
                ),
                message("Un million d'années suffit d'ordinaire pour une année sur deux cents."),
            )
        )
    if not 0 <= seed < 2**64:
        found.append(
            fault(
                "loss.seed",
                "seed",
                seed,
                message("La graine du tirage est un entier positif de 64 bits au plus."),
                message("Écrire un entier comme 0 ou 2027."),
            )
        )
    refuse(found)


def _too_large(beyond: float) -> list[Finding]:
    """Return the finding of amounts that the histograms do not tell apart, when they are not the rarest ones."""
    if beyond <= RARE_YEARS:
        return []
    return [
        fault(
            "loss.too_large",
            "severity",
            f"{beyond:g}",
            message("Plus d'une année sur mille coûte si cher que la simulation n'en distingue plus le montant."),
            message("Vérifier l'unité et le nombre de zéros."),
        )
    ]


# --------------------------------------------------------------------------------------------------------- running
class _Here:
    """Run a task where it is asked for, as an executor of one would."""

    def __init__(self, task: Task):
        self.task = task

    def result(self) -> Part:
        return work(self.task)

    def cancel(self) -> None:
        """Do nothing: it has not begun."""


def _parts(tasks: Sequence[Task], executor: Executor | None, progress: Progress) -> Iterator[Part]:
    """Give the parts in the order of the tasks, a few under way at once; tell the progress, which may stop it all."""
    waiting: deque[Any] = deque()
    left = iter(tasks)
    done = 0
    try:
        while True:
            while len(waiting) < (32 if executor else 1) and (task := next(left, None)) is not None:
                waiting.append(executor.submit(work, task) if executor else _Here(task))
            if not waiting:
                return
            part = waiting.popleft().result()
            done += 1
            progress(done, len(tasks))
            yield part
    finally:
        for each in waiting:
            each.cancel()


def simulate(  # noqa: PLR0913 (each is one choice of the caller)
    model: Model,
    terms: Terms = Terms(),  # noqa: B008 (an immutable value)
    *,
    years: int,
    seed: int = 0,
    executor: Executor | None = None,
    stratified: bool = False,
    detail: bool = True,
    beside: Sequence[Terms] = (),
    aside: str = "",
    progress: Progress = silent,
) -> Simulation:
    """Simulate `years` of a model under its terms: same model, terms, years and seed, same digits on any executor.

    `stratified` spreads counts and sizes evenly (Richtmyer sequences, never the axis of years): smaller errors for the same
    work, but two models are then no longer compared event by event. `detail` adds who weighs what (scenario, head, risk) and
    the curve of single events. `beside` are the terms of other runs of the same years: with the same ones on both sides the
    gross figures are the same to the last digit. `aside` names a head whose gross law is kept for each risk. Raises Unfit for a model, a term, years or a seed without meaning, Cancelled from `progress`.
    """
    _years_faults(years, seed)
    layout, names = laid_out(model, terms, beside, aside, years)
    span = span_of(years, len(names.risks), REPLICATES if stratified else 1)
    blocks = -(-years // span)
    size = max(
        min(int(EVENTS_OF_A_TASK // max(_events_of_a_year(layout) * span, 1.0)), MOST_YEARS_OF_A_TASK // span),
        1 + len(names.risks) // 200,
        -(-blocks // MOST_TASKS),
    )
    groups = _shared(blocks, REPLICATES if stratified else 1)
    given = _planned(layout, groups, span, seed) if stratified else np.zeros((0, 0, 2), np.int64)
    portfolio = len(names.risks) > 1
    task = Task(layout, names, 0, 1, span, years, seed, given, threshold=inf, detail=False, portfolio=False)
    threshold = inf
    if detail and lines_of(names.risks) + lines_of(names.scenarios):
        pilot = Total(layout.scale)
        pilot.add({"gross": work(task)["gross"]})
        held, level = min(years, span), TAIL_LEVELS[0]
        apart = PILOT_MARGIN * sqrt(level * (1 - level) / held)
        threshold = pilot.curve("gross", held).var(max(level - apart, 0.0)).value
    task = task._replace(threshold=threshold, detail=detail, portfolio=portfolio)
    tasks, of_group = [], []
    for group, (low, high) in enumerate(groups):
        for first, last in _cut(high - low, size):
            tasks.append(task._replace(first=low + first, last=low + last))
            of_group.append(group)
    total = Total(layout.scale)
    of_groups = [Total(layout.scale) for _ in groups] if len(groups) > 1 else []
    for group, part in zip(of_group, _parts(tasks, executor, progress), strict=True):
        total.add(part, lent=bool(of_groups))
        if of_groups:
            of_groups[group].add({key: part[key] for key in CURVES})
    refuse(_too_large(total.beyond / years))
    lengths = [min(high * span, years) - low * span for low, high in groups]
    return _told(total, list(zip(lengths, of_groups, strict=False)), names, years, seed, stratified, detail)


# ---------------------------------------------------------------------------------------------------------- telling
def _mean(line: Floats, years: int) -> Estimate:
    mean = line[0] / years
    return Estimate(float(mean), sqrt(max(line[1] / years - mean**2, 0.0) / years))


class _Tail:
    """The worst years by slice of their total: what each column weighs in the worst share of them, by level."""

    def __init__(self, counts: Floats, tail: Floats, gross: Curve):
        self.columns = tail.shape[1]
        self.counts, self.sums, self.gross = counts, tail.transpose(2, 1, 0).copy(), gross
        self.above = np.concatenate([np.cumsum(counts[:0:-1, 0])[::-1], [0.0]])
        self.known = {level: self._at(level) for level in TAIL_LEVELS} if len(counts) else {}

    @cached_property
    def of_all(self) -> dict[float, Estimate]:
        """Return what the whole weighs in them, and so a part that is alone."""
        return {level: self.gross.tvar(level) for level in TAIL_LEVELS}

    def of(self, column: int) -> dict[float, Estimate]:
        return {level: found[column] for level, found in self.known.items()}

    def _at(self, level: float) -> list[Estimate]:
        rank = self.gross.years * (1 - level)
        counts = self.counts[:, 0]
        taken = np.minimum(np.maximum(rank - self.above, 0.0), counts) / counts
        known = float((taken * self.counts[:, 1]).sum())
        if known == 0:
            return [Estimate(0.0)] * self.columns
        scale = self.gross._tvar(level) * rank / known
        last = int((taken != 0).argmax())
        means, squares = (taken * self.sums).sum(-1) / rank
        spread = np.maximum(squares - means**2, 0.0)
        errors = np.sqrt((spread + level * (means - self.sums[0, :, last] / counts[last]) ** 2) / rank)
        return [Estimate(*pair) for pair in zip((means * scale).tolist(), errors.tolist(), strict=True)]


class _Replicates(Sequence[Curve]):
    """The curves of the independent parts of a run, worked out when an error is asked for."""

    def __init__(self, groups: Sequence[tuple[int, Total]], key: str):
        self.groups, self.key = groups, key

    @cached_property
    def _curves(self) -> list[Curve]:
        return [part.curve(self.key, years) for years, part in self.groups]

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, place: Any) -> Any:
        return self._curves[place]


def _told(
    total: Total,
    groups: Sequence[tuple[int, Total]],
    names: Names,
    years: int,
    seed: int,
    stratified: bool,
    detail: bool,
) -> Simulation:
    """Return what was simulated in the words of the model."""

    def curve(key: str) -> Curve:
        return replace(total.curve(key, years), replicates=_Replicates(groups, key))

    whole = total.whole
    gross, ceded = curve("gross"), curve("ceded")
    retained = curve("retained") if names.layers else gross
    counts = whole["tail_count"].rows
    held = np.flatnonzero(counts[:, 0] != 0)
    tail = _Tail(counts[held], whole["tail"].rows[held], gross)

    def shares(of: Sequence[str], sums: str, of_ceded: str, column: int | None) -> tuple[Share, ...]:
        if not detail:
            return ()
        if not lines_of(of):
            return tuple(Share(name, gross.mean, ceded.mean, {} if column is None else tail.of_all) for name in of)
        return tuple(
            Share(
                name,
                _mean(whole[sums][i], years),
                _mean(whole[of_ceded][i], years),
                {} if column is None else tail.of(column + i),
            )
            for i, name in enumerate(of)
        )

    def of_layer(place: int) -> Estimate:
        if not detail:
            return Estimate(0.0)
        return _mean(whole["layer"][place], years) if lines_of(names.layers) else ceded.mean

    if len(names.risks) > 1:
        covers = [
            Cover(name, *(total.coarse(lines, years) for lines in three))
            for name, three in zip(names.policies, whole["policy"], strict=True)
        ]
    else:
        covers = [Cover(names.policies[0], gross, retained, ceded)]
    return Simulation(
        years,
        seed,
        stratified,
        gross,
        retained,
        ceded,
        curve("events"),
        shares(names.scenarios, "scenario", "ceded_scenario", lines_of(names.risks)),
        shares(names.risks, "gross_risk", "ceded_risk", 0),
        shares(names.heads, "head", "ceded_head", None),
        tuple(LayerShare(*pair, of_layer(place)) for place, pair in enumerate(names.layers)),
        tuple(covers),
        tuple(total.coarse(lines, years) for lines in whole["risk"]) if len(names.risks) > 1 else (gross,),
        tuple(total.coarse(lines, years) for lines in whole["aside"]),
    )


# ---------------------------------------------------------------------------------------------------------- warming
_warm = threading.Event()


def ready() -> bool:
    """Tell whether the simulation is compiled in this process."""
    return _warm.is_set()


def warm() -> None:
    """Compile the simulation, or read it from the cache, in this process: some seconds the first time."""
    from egide.loss.frequency import Poisson  # noqa: PLC0415 (only to warm)
    from egide.loss.model import Amount, Risk, Scenario  # noqa: PLC0415
    from egide.loss.severity import Lognormal  # noqa: PLC0415

    one = Scenario("warm", Poisson(0.1), (Amount("own", Lognormal(0.0, 1.0)),))
    simulate(Model((Risk("warm", (one,)),)), years=FEWEST_YEARS)
    _warm.set()
