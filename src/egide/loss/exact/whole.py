"""The exact way to the same figures as the simulation: compound laws of independent parts by fast Fourier transform.

An event is a sum of independent parts, a year the sum of a random number of events: in transforms the first is a
product, the second the generating function of the number of events. Every figure comes with the bound of its error.
What has no such way (a total of several layers that the year bounds, heads that depend on each other ...) is named.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial, reduce
from math import inf, isfinite, sqrt

from egide.finding import Finding, Severity
from egide.loss.estimate import Estimate
from egide.loss.exact.aggregate import Law, Moments
from egide.loss.exact.cases import depends, exposures, heads_of, hits_of, own_events, tied
from egide.loss.exact.ceded import Claims, Infinite
from egide.loss.exact.compound import Exposure, reach
from egide.loss.exact.grid import NOTHING, Bounds, Grid, Spectra, aliasing, step_for
from egide.loss.faults import POSITIVE, Rule, check
from egide.loss.layout import contracts
from egide.loss.model import Model
from egide.loss.moments import infinite_means, infinite_variances, mean
from egide.loss.terms import Policy, Terms
from egide.message import Message, message

BUCKETS = Rule(
    "loss.buckets",
    lambda value: 16 <= value <= 2**24 and value % 2 == 0,
    message("Le nombre de cases doit être pair, entre 16 et 16 777 216."),
    message("Choisir une puissance de 2, comme 65 536."),
)
NO_TERMS = Terms()
STRATA = 64
"""Strata of a common duration on which parts of an event depend; half as many tell the error."""
MOST = 12
"""Heads of events whose parts hang together: each takes about half a second."""
MOST_TIED = 0.95
"""The largest correlation with the duration that strata can hold."""


@dataclass(frozen=True)
class LayerLaw:
    """What one layer of a contract pays in a year."""

    policy: str
    layer: str
    law: Law


@dataclass(frozen=True)
class Exact:
    """Laws of a year, None where there is no exact way, and why; means are known in more cases than laws."""

    gross: Law | None
    ceded: Law | None
    retained: Law | None
    gross_mean: Estimate | None
    ceded_mean: Estimate | None
    layers: tuple[LayerLaw, ...]
    not_covered: tuple[Finding, ...]

    @property
    def retained_mean(self) -> Estimate | None:
        """Return the mean of what is kept."""
        if self.gross_mean is None or self.ceded_mean is None:
            return None
        return Estimate(self.gross_mean.value - self.ceded_mean.value, self.gross_mean.error + self.ceded_mean.error)


def _note(code: str, place: str, understood: Message) -> Finding:
    remedy = message("Lire ce résultat dans la simulation.")
    return Finding(code, Severity.NOTE, understood, remedy, place=place)


@dataclass(frozen=True)
class _Way:
    """How fine the computation is: amounts of the grid, and their step if it was asked."""

    buckets: int
    step: float | None


def _notes(model: Model, policy: Policy | None) -> list[Finding]:
    """Return why there is no exact law of the gross loss, or of what a contract pays."""
    found = []
    events = [
        (f"{risk.name}.{scenario.name}", scenario.frequency, hits)
        for risk in model.risks
        for scenario, hits in own_events(risk)
        if policy is None or (risk.name in policy.members and scenario.name not in policy.excluded)
    ]
    events += [(shock.name, shock.frequency, hits_of(shock, policy)) for shock in model.shocks]
    hanging = [(place, hits) for place, frequency, hits in events if frequency.mean > 0 and depends(hits, policy)]
    for place, hits in hanging:
        if any(not isfinite(h.severity.variance) or abs(h.with_duration) > MOST_TIED for h in tied(heads_of(hits))):
            said = message("Un montant trop lié à la durée, ou de variance infinie : loi non calculée exactement.")
            found.append(_note("loss.exact_tied", place, said))
    if sum(len(heads_of(hits)) for _, hits in hanging) > MOST:
        said = message("Trop de montants dépendent d'une durée commune pour que cette loi soit calculée exactement.")
        found.append(_note("loss.exact_too_many", policy.name if policy else "gross", said))
    return found


def _gross(groups: tuple[Exposure, ...], known: Estimate | None, infinite: Infinite, way: _Way) -> Law:
    grid = Grid(way.step or step_for(reach(groups), way.buckets), way.buckets)
    found = [grid.event(())[0]]
    means = NOTHING
    for exposure in groups:
        laws = [grid.cases([(case.weight, case.parts) for case in event.cases]) for event in exposure.events]
        for event, (_, each) in zip(exposure.events, laws, strict=True):
            means += each * event.frequency.mean if event.frequency.mean > 0 else NOTHING
        found.append(exposure.group.generating([spectra for spectra, _ in laws]))
    masses = grid.masses(reduce(Spectra.__mul__, found))
    variance = sum(exposure.group.variance for exposure in groups)
    sd = sqrt(variance) if isfinite(variance) else inf
    moments = Moments(known or Estimate(inf), means, Estimate(sd), *infinite.of(means.middle if known else inf, sd))
    return Law(grid, masses, moments, aliasing(masses))


def _hanging(groups: Iterable[Exposure]) -> bool:
    """Tell whether dependence was cut into strata."""
    return any(len(event.cases) > 1 for exposure in groups for event in exposure.events)


def _gross_law(model: Model, known: Estimate | None, infinite: Infinite, way: _Way) -> Law:
    fine = exposures(model, None, STRATA)
    law = _gross(fine, known, infinite, way)
    if not _hanging(fine):
        return law
    coarse = _gross(exposures(model, None, STRATA // 2), known, infinite, replace(way, step=law.grid.step))
    return replace(law, coarse=coarse)


def _contract(model: Model, policy: Policy, infinite: Infinite, way: _Way) -> tuple[list[LayerLaw], Law | None]:
    """Return the laws of the layers of a contract, and of their sum where there is a way to it."""
    fine = Claims(policy, exposures(model, policy, STRATA), way.buckets, way.step)
    coarse = Claims(policy, exposures(model, policy, STRATA // 2), way.buckets, fine.spacing)

    def law(of: Callable[[Claims], Law]) -> Law:
        return replace(of(fine), coarse=of(coarse)) if _hanging(fine.exposures) else of(fine)

    laws = [
        LayerLaw(policy.name, layer.name, law(partial(Claims.layer, layer=layer, infinite=infinite)))
        for layer in policy.layers
    ]
    if len(laws) == 1:
        return laws, laws[0].law
    bound = any(layer.aggregate_retention > 0 or layer.aggregate_limit < inf for layer in policy.layers)
    return laws, None if bound else law(partial(Claims.total, infinite=infinite))


def _total(laws: list[Law], buckets: int) -> Law:
    """Return the law of the sum of independent yearly amounts."""
    if len(laws) == 1:
        return laws[0]
    found = _sum_of(laws, buckets)
    if not any(law.coarse for law in laws):
        return found
    return replace(found, coarse=_sum_of([law.coarse or law for law in laws], buckets))


def _sum_of(laws: list[Law], buckets: int) -> Law:
    end = sum(law.grid.end for law in laws)
    grid = Grid(max([step_for(end, buckets), *(law.grid.step for law in laws)]), buckets)
    found = [grid.spectra(grid.placed(law.grid.amounts[:-1], law.masses)) for law in laws]
    masses = grid.masses(reduce(Spectra.__mul__, found, grid.event(())[0]))
    moments = [law.moments for law in laws]
    means = reduce(Bounds.__add__, [each.means for each in moments], NOTHING)
    sd = Estimate(sqrt(sum(each.sd.value**2 for each in moments)), sum(each.sd.error for each in moments))
    no_mean = tuple(finding for each in moments for finding in each.no_mean)
    no_sd = tuple(finding for each in moments for finding in each.no_sd)
    moved = len(laws) * grid.step
    wider = means + Bounds(-moved, 0.0, moved)
    slack = aliasing(masses) + sum(law.aliasing for law in laws)
    return Law(grid, masses, Moments(means.estimate, wider, sd, no_mean, no_sd), slack)


def exact(model: Model, terms: Terms = NO_TERMS, *, buckets: int = 2**16, step: float | None = None) -> Exact:
    """Return the exact laws of the gross loss of a year and of what the contracts pay.

    The gross law lies on `buckets` amounts, those of contracts on half as many at most, one `step` apart; without
    step, each law has a round one that leaves about 1 year in 100,000 beyond. Raises Unfit for a bad argument.
    """
    check(buckets=(buckets, BUCKETS), **({} if step is None else {"step": (step, POSITIVE)}))
    policies = [policy for policy, _ in contracts(terms, model) if policy]
    infinite = Infinite(infinite_means(model), infinite_variances(model))
    way = _Way(buckets, step)
    gross_mean = None if infinite.mean else Estimate(mean(model))
    notes = _notes(model, None)
    gross = None if notes else _gross_law(model, gross_mean, infinite, way)
    layers: list[LayerLaw] = []
    totals: list[Law | None] = []
    known = True
    for policy in policies:
        if why := _notes(model, policy):
            notes += [note for note in why if note not in notes]
            known = False
            continue
        laws, total = _contract(model, policy, infinite, way)
        layers += laws
        totals.append(total)
        if total is None:
            said = message("L'année borne plusieurs tranches : chacune est calculée exactement, pas la loi du total.")
            notes.append(_note("loss.exact_layers", policy.name, said))
    spread = [s for s in model.shocks if sum(bool(hits_of(s, policy)) for policy in policies) > 1]
    said = message("Ce choc commun atteint plusieurs contrats : la loi de leur total n'est pas calculée exactement.")
    notes += [_note("loss.exact_several_contracts", shock.name, said) for shock in spread]
    found = [law for law in totals if law is not None]
    whole = known and len(found) == len(policies) and not spread
    if policies:
        notes.append(_retained_note())
    return Exact(
        gross,
        _total(found, buckets // 2) if whole else None,
        None if policies else gross,
        gross_mean,
        _mean_of(layers) if known else None,
        tuple(layers),
        tuple(notes),
    )


def _mean_of(layers: Iterable[LayerLaw]) -> Estimate | None:
    """Return the mean of what all layers pay, None when one has none."""
    laws = [layer.law for layer in layers]
    if any(law.moments.no_mean for law in laws):
        return None
    means = [law.mean for law in laws]
    return Estimate(sum(each.value for each in means), sum(each.error for each in means))


def _retained_note() -> Finding:
    return _note(
        "loss.exact_retained",
        "retained",
        message("La perte conservée dépend du détail de chaque événement : seule sa moyenne est calculée exactement."),
    )
