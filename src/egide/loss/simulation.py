"""The simulation of years of losses, block by block, on any executor: same digits whatever the threads and the workers."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import inf, log1p, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide.finding import Finding
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.faults import fault, refuse
from egide.loss.layout import NEGATIVE_BINOMIAL, POISSON, Layout, Names, laid_out
from egide.loss.model import Model
from egide.loss.task import CURVES, YEARS, Floats, Part, Task, Total, work
from egide.loss.terms import Terms
from egide.message import message
from egide.progress import Progress, silent

FEWEST_YEARS, MOST_YEARS = 100, 2**32
MOST_TASKS = 256
EVENTS_OF_A_TASK = 1_500_000
REPLICATES = 16
MOST_GIVEN = 50_000_000
"""Counts of events that a stratified run may plan: 400 MB."""
RARE_YEARS = 1e-3
"""The share of the years that may cost more than what histograms tell apart."""
TAIL_LEVELS = (0.95, 0.99, 0.995)
PILOT_LEVEL = 0.93
"""The worst years of which the causes are kept: those past this level of the first block."""


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
def _planned(layout: Layout, groups: Sequence[tuple[int, int]], seed: int) -> NDArray[np.int64]:
    """Return the number of events (or clusters) of each stream in each block of a stratified run.

    In each group of blocks the total of a stream is its expectation, rounded at random; blocks share it as chance would.
    -2 stands where the count cannot be fixed: year factors, binomial and fixed laws.
    """
    frequencies = np.concatenate([layout.frequencies, layout.shock_frequencies])
    streams = [*layout.streams.tolist(), *layout.shock_streams.tolist()]
    blocks = groups[-1][1]
    own = int(layout.entry_first[-1])
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
    given = np.full((blocks, len(streams)), -2, dtype=np.int64)
    shapes = layout.year_shapes[layout.risk]
    for at, (kind, a, b) in enumerate(frequencies):
        mixed = at < own and shapes[at] > 0
        if kind not in {POISSON, NEGATIVE_BINOMIAL} or mixed:
            continue
        rate = (a if kind == POISSON else b * log1p(a / b)) * YEARS
        chance = np.random.Generator(np.random.Philox(key=np.array([seed, streams[at]], dtype=np.uint64)))
        for first, last in groups:
            total = int(rate * (last - first) + chance.random())
            given[first:last, at] = chance.multinomial(total, np.full(last - first, 1 / (last - first)))
    return given


def _cut(blocks: int, size: int) -> list[tuple[int, int]]:
    return [(first, min(first + size, blocks)) for first in range(0, blocks, size)]


def _events_of_a_block(layout: Layout) -> float:
    """Return how many events, hits included, a block holds on average."""

    def of(rows: Floats) -> Floats:
        return np.where(rows[:, 0] == 2, rows[:, 1] * rows[:, 2], rows[:, 1])

    hits = np.zeros(len(layout.shock_streams))
    for shock, low, high in layout.bundles:
        hits[shock] += high - low
    return float((of(layout.frequencies).sum() + (of(layout.shock_frequencies) * hits).sum()) * YEARS)


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

    `stratified` spreads counts and sizes evenly (Latin hypercube, never on the axis of years): smaller errors for the same
    work, but two models are then no longer compared event by event. `detail` adds who weighs what (scenario, head, risk) and
    the curve of single events. `beside` are the terms of other runs of the same years: with the same ones on both sides the
    gross figures are the same to the last digit. `aside` names a head whose gross law is kept for each risk. Raises Unfit for a model, a term, years or a seed without meaning, Cancelled from `progress`.
    """
    _years_faults(years, seed)
    layout, names = laid_out(model, terms, beside, aside, years)
    blocks = -(-years // YEARS)
    size = max(
        min(int(EVENTS_OF_A_TASK // max(_events_of_a_block(layout), 1.0)), 256),
        1 + len(names.risks) // 200,
        -(-blocks // MOST_TASKS),
    )
    groups = _cut(blocks, -(-blocks // REPLICATES)) if stratified else [(0, blocks)]
    given = _planned(layout, groups, seed) if stratified else np.zeros((0, 0), np.int64)
    portfolio = len(names.risks) > 1
    task = Task(layout, names, 0, 1, years, seed, given, threshold=inf, detail=False, portfolio=False)
    threshold = inf
    if detail:
        pilot = Total(layout.scale)
        pilot.add({"gross": work(task)["gross"]})
        threshold = pilot.curve("gross", min(years, YEARS)).var(PILOT_LEVEL).value
    task = task._replace(threshold=threshold, detail=detail, portfolio=portfolio)
    tasks, of_group = [], []
    for group, (low, high) in enumerate(groups):
        for first, last in _cut(high - low, size):
            tasks.append(task._replace(first=low + first, last=low + last))
            of_group.append(group)
    total = Total(layout.scale)
    of_groups = [Total(layout.scale) for _ in groups] if len(groups) > 1 else []
    for group, part in zip(of_group, _parts(tasks, executor, progress), strict=True):
        if of_groups:
            of_groups[group].add({key: part[key].copy() for key in CURVES})
        total.add(part)
    refuse(_too_large(total.beyond / years))
    lengths = [min(high * YEARS, years) - low * YEARS for low, high in groups]
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
        return replace(total.curve(key, years), replicates=tuple(part.curve(key, n) for n, part in groups))

    whole = total.whole
    gross = curve("gross")
    counts = whole["tail_count"].rows
    held = np.flatnonzero(counts[:, 0] != 0)
    tail = _Tail(counts[held], whole["tail"].rows[held], gross)

    def shares(of: Sequence[str], sums: str, ceded: str, column: int | None) -> tuple[Share, ...]:
        if not detail:
            return ()
        return tuple(
            Share(
                name,
                _mean(whole[sums][i], years),
                _mean(whole[ceded][i], years),
                {} if column is None else tail.of(column + i),
            )
            for i, name in enumerate(of)
        )

    retained, ceded = curve("retained"), curve("ceded")
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
        shares(names.scenarios, "scenario", "ceded_scenario", len(names.risks)),
        shares(names.risks, "gross_risk", "ceded_risk", 0),
        shares(names.heads, "head", "ceded_head", None),
        tuple(LayerShare(*pair, _mean(whole["layer"][i], years)) for i, pair in enumerate(names.layers)),
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
