"""A simulation read back in the words of its programmes: what each contract, layer and insurer pays, and for what premium.

What is ceded by head, scenario and establishment is in the simulation itself, as is what each retains. What a contract
pays for a year is split so: between events in proportion of what its layers owe for each in their shares (so the bounds
of the year cut all events alike), inside an event between establishments in proportion of their claims after retention,
inside an establishment between heads in proportion of their covered amounts after sub-limits.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import fsum, inf

from egide.insurance.fit import to_terms
from egide.insurance.premium import STANDARD, Loading, Premium, line, line_of, premium
from egide.insurance.programme import Layer, Programme
from egide.loss.estimate import Estimate
from egide.loss.exact import Exact, exact
from egide.loss.model import Model
from egide.loss.simulation import Simulation, simulate
from egide.progress import Progress, silent, within


@dataclass(frozen=True)
class LayerPremium:
    """The indications of premium of a layer of a programme."""

    programme: str
    layer: Layer
    premium: Premium


@dataclass(frozen=True)
class Carried:
    """What an insurer carries of a layer: its share, and the mean that it pays a year."""

    insurer: str
    programme: str
    layer: str
    share: float
    ceded: Estimate


def of_contracts(programmes: Sequence[Programme], run: Simulation, loading: Loading = STANDARD) -> tuple[Premium, ...]:
    """Return the indications of premium of each programme, in the order given, from the run of all of them."""
    ceded = {cover.name: cover.ceded for cover in run.policies}
    return tuple(premium(each.name, ceded[each.name], line(each), loading) for each in programmes)


def of_layers(
    model: Model,
    programmes: Sequence[Programme],
    run: Simulation,
    loading: Loading = STANDARD,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> tuple[LayerPremium, ...]:
    """Return the indications of premium of each layer, programme by programme, from the bottom of its tower as written.

    The law of a layer is that of a programme made of it alone: the first layers of all programmes are simulated together,
    then the second ones, on the draws of `run`, which serves itself when no programme has two.
    """
    height = max((len(each.tower) for each in programmes), default=0)
    found: dict[tuple[int, int], LayerPremium] = {}
    for floor in range(height):
        alone = {place: _alone(each, floor) for place, each in enumerate(programmes) if len(each.tower) > floor}
        told = within(progress, floor, height)
        laid = run if height == 1 else _rerun(model, tuple(alone.values()), run, executor, told)
        ceded = {cover.name: cover.ceded for cover in laid.policies}
        for place, each in alone.items():
            layer = each.tower[0]
            made = premium(layer.name, ceded[each.name], line_of(layer), loading)
            found[place, floor] = LayerPremium(each.name, layer, made)
    return tuple(found[key] for key in sorted(found))


def of_exact_layers(
    programmes: Sequence[Programme], laws: Exact, loading: Loading = STANDARD
) -> tuple[LayerPremium, ...]:
    """Return the indications of premium of each layer whose law is known exactly, in the order of `of_layers`.

    Raises Unfit when what a layer pays has no mean or no standard deviation.
    """
    known = {(each.policy, each.layer): each.law for each in laws.layers}
    return tuple(
        LayerPremium(
            programme.name, layer, premium(layer.name, known[programme.name, layer.name], line_of(layer), loading)
        )
        for programme in programmes
        for layer in programme.tower
        if (programme.name, layer.name) in known
    )


def expected_ceded(model: Model, programmes: Sequence[Programme]) -> Estimate | None:
    """Return the exact mean that programmes in force together pay a year, None where there is no exact way to it."""
    return exact(model, to_terms(programmes, model)).ceded_mean


def of_insurers(programmes: Sequence[Programme], run: Simulation) -> tuple[Carried, ...]:
    """Return what each insurer named carries of each layer, in the order of the programmes."""
    ceded = {(layer.policy, layer.name): layer.ceded for layer in run.layers}
    return tuple(
        Carried(insurer, programme.name, layer.name, share, _part(ceded[programme.name, layer.name], share / placed))
        for programme in programmes
        for layer in programme.tower
        if (placed := fsum(layer.insurers.values())) > 0
        for insurer, share in layer.insurers.items()
    )


def by_insurer(carried: Sequence[Carried]) -> dict[str, Estimate]:
    """Return the mean that each insurer pays a year over all its layers; errors are added, an upper bound."""
    names = dict.fromkeys(each.insurer for each in carried)
    return {
        name: Estimate(
            fsum(each.ceded.value for each in carried if each.insurer == name),
            fsum(each.ceded.error for each in carried if each.insurer == name),
        )
        for name in names
    }


def _part(whole: Estimate, share: float) -> Estimate:
    return Estimate(whole.value * share, whole.error * share)


def _alone(programme: Programme, floor: int) -> Programme:
    """Return the programme with one of its layers only."""
    return replace(
        programme,
        event_limit=inf,
        annual_limit=inf,
        annual_retention=0.0,
        reinstatements=None,
        insurers={},
        layers=(programme.tower[floor],),
    )


def _rerun(
    model: Model, programmes: tuple[Programme, ...], run: Simulation, executor: Executor | None, progress: Progress
) -> Simulation:
    return simulate(
        model,
        to_terms(programmes, model),
        years=run.years,
        seed=run.seed,
        stratified=run.stratified,
        executor=executor,
        detail=False,
        progress=progress,
    )
