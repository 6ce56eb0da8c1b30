"""What the incidents of an establishment may cost in a year, gross and retained, with what is not known said.

Means are closed forms; quantiles come from one simulation in which each draw of the parameters is one risk. The result
is plain data: stored, then shown later without computing anything. Care days stand apart, in a class of their own.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import egide
from egide import plain
from egide.diagnosis.maturity import Maturity
from egide.finding import Finding, Severity
from egide.loss.curve import Curve
from egide.loss.faults import refuse
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Terms
from egide.message import Text, message
from egide.progress import Progress, silent
from egide.risk import ceded
from egide.risk import contract as cover
from egide.risk.contract import Contract
from egide.risk.draws import Draws
from egide.risk.expected import HEADS, Expected, Prepared
from egide.risk.exposure import AMOUNTS, Exposure
from egide.risk.interval import Interval
from egide.risk.law import Law, Point, law
from egide.risk.model import AGAIN, INTERRUPTION, daily, loss_model
from egide.risk.multipliers import Multipliers, multipliers
from egide.risk.sensitivity import Help, Narrowing, Weight, helps, narrowing, tornado
from egide.risk.year import USUAL, expected, year

Array = NDArray[np.float64]

FORMAT = 1
YEARS = 50_000
SERIOUS = ("H01", "H02")
"""Ransomware that stops a server at least: what « once in so many years » is said of."""
ONE_IN_100 = 0.99
MOST_EVENTS = 200
"""Incidents a year, of all kinds, in the worst draw: a large hospital expects two."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the exposure, and whether it is only the default of the category."""

    name: str
    value: float
    default: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a scenario, or a head, weighs in the mean year: EUR gross and ceded, its part of the gross mean.

    `ceded` is a mean over all draws, by simulation. Of a scenario also its `events` a year and its `care_days`, which are
    not euros and add to nothing here.
    """

    id: str
    mean: Interval
    share: float
    ceded: float
    events: Interval | None = None
    care_days: Interval | None = None


@dataclass(frozen=True, slots=True)
class CareFigures:
    """What patients bear in a year: never in euros, and in no sum of them.

    `days` of care lost or postponed on average, `days_one_in_100` the same in one year in 100 (median across draws), its
    `curve` by rarity,
    `patient_days` in degraded mode, `endangerment` the probability of an event with potential endangerment, `diverted`
    emergencies where the visits of a day are told.
    """

    days: Interval
    days_one_in_100: Interval
    patient_days: Interval
    endangerment: Interval
    diverted: Interval | None
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Insured:
    """The contract of an estimate in figures; `unmet` are the measures for want of which it pays nothing.

    `default` names the programme by size when the user told none; `paid` is how often a malicious event is paid;
    `monotone` is false where a franchise disappears: the guarantee of RISK_MODEL 3.4 does not hold for what is retained.
    """

    name: str
    default: str
    conditions: tuple[cover.Condition, ...]
    unmet: tuple[cover.Condition, ...]
    paid: Interval
    state_attack: Interval
    monotone: bool


@dataclass(frozen=True, slots=True)
class Unaided:
    """The same figures as if the establishment's own declared incidents were not known."""

    events: int
    years: float
    mean: Interval
    serious_once_in: Interval


@dataclass(frozen=True, slots=True)
class Bracket:
    """Mean gross loss were every blank answered at best, and as they count (absent); how complete the answers are."""

    best: Interval
    worst: Interval
    completeness: float


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that the user changed: it is printed on every result."""

    id: str
    title: Text
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """The whole result, as stored and shown. Amounts in EUR of a year; `draws` of the parameters, `years` simulated of each."""

    format: int
    version: str
    library: str
    fingerprint: str
    seed: int
    draws: int
    years: int
    category: str
    exposure: tuple[Told, ...]
    order_of_magnitude: bool
    ransomware: float
    overrides: tuple[Change, ...]
    reference: Interval
    """The mean gross loss were every safeguard at the average of French hospitals."""
    gross: Law
    retained: Law | None
    ceded: Law | None
    insured: Insured | None
    scenarios: tuple[Part, ...]
    heads: tuple[Part, ...]
    serious_once_in: Interval
    care: CareFigures
    unaided: Unaided | None
    bracket: Bracket
    tornado: tuple[Weight, ...]
    helps: tuple[Help, ...]
    narrowing: tuple[Narrowing, ...]
    means: tuple[float, ...]
    """The mean gross loss in each draw: those of several establishments on the same draws add up one by one."""
    care_means: tuple[float, ...]
    """The days of care in each draw, apart."""


def estimate(
    exposure: Exposure,
    maturity: Maturity,
    draws: Draws,
    contract: Contract | None = None,
    *,
    years: int = YEARS,
    ransomware: float = USUAL,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Estimate:
    """Return what an establishment risks: same inputs, same digits, on any executor.

    `ransomware` multiplies the rates of ransomware (`stress.ransomware`: a year like 2021). Raises Unfit for a contract
    that does not fit or for more events than any establishment has, Cancelled from `progress`.
    """
    library = draws.library
    ready = year(exposure, draws, ransomware)
    factors = multipliers(draws, maturity.levels)
    mean = ready.expected(factors)
    refuse(_too_many(mean))
    model = loss_model(ready, factors)
    unmet = contract.unmet(maturity) if contract else ()
    paying = cover.terms(contract, model, draws) if contract and not unmet else None
    sharing = ceded.begun(executor, model, paying, draws.seed) if paying else None
    run = simulate(
        model, paying or Terms(), years=years, seed=draws.seed, executor=executor, detail=False, aside=INTERRUPTION, progress=progress
    )  # fmt: skip
    total = mean.total
    paid = total * ceded.share(run) if paying else np.zeros(draws.count)
    shared = sharing() if sharing else None
    category = library.category_by_id[exposure.category]
    return Estimate(
        format=FORMAT,
        version=egide.__version__,
        library=library.digest,
        fingerprint=fingerprint(exposure, maturity, draws, contract, years, ransomware),
        seed=draws.seed,
        draws=draws.count,
        years=years,
        category=exposure.category,
        exposure=_told(exposure),
        order_of_magnitude=category.order_of_magnitude,
        ransomware=ransomware,
        overrides=tuple(Change(each.id, each.title, each.before, each.after) for each in library.overrides),
        reference=Interval.of(ready.expected(multipliers(draws, {})).total),
        gross=law(run.of_risks, total, exact=True),
        retained=law(_kept(run, paying), total - paid, exact=paying is None) if contract else None,
        ceded=law([each.ceded for each in run.policies], paid) if paying else None,
        insured=_insured(contract, maturity, draws),
        scenarios=_scenarios(mean, _care_days(ready, factors), float(paid.mean()), shared),
        heads=_heads(mean, float(paid.mean()), shared),
        serious_once_in=Interval.of(mean.once_in(*SERIOUS)),
        care=_care(ready, mean, run),
        unaided=_unaided(exposure, maturity, draws, ransomware),
        bracket=Bracket(
            Interval.of(expected(exposure, maturity.at_best(), draws, ransomware).total),
            Interval.of(total),
            maturity.overall_completeness,
        ),
        tornado=tornado(exposure, maturity, draws, ransomware),
        helps=helps(exposure, maturity, draws, ransomware),
        narrowing=narrowing(exposure, maturity, draws, ransomware=ransomware),
        means=tuple(total.tolist()),
        care_means=tuple(mean.care.days.values.tolist()),
    )


def _too_many(mean: Expected) -> list[Finding]:
    """Return the finding of a draw with more events a year than any establishment has: hours of simulation."""
    most = float(mean.events.sum(axis=0).max())
    if most <= MOST_EVENTS:
        return []
    understood = message(
        "Dans un tirage au moins, plus de {most} incidents par an : aucun établissement n'en a autant.",
        most=MOST_EVENTS,
    )
    remedy = message("Vérifier les incidents déclarés, leur nombre d'années, les recettes et les hypothèses modifiées.")
    return [Finding("risk.events", Severity.ERROR, understood, remedy, place="declared", read=f"{most:.3g}")]


def fingerprint(
    exposure: Exposure,
    maturity: Maturity,
    draws: Draws,
    contract: Contract | None = None,
    years: int = YEARS,
    ransomware: float = USUAL,
) -> str:
    """Return the digest of all that an estimate is made of: the same one, the same figures."""
    made_of = [
        [exposure.category, *(getattr(exposure, each) for each in AMOUNTS), exposure.emergencies_per_day],
        sorted(exposure.defaults),
        [exposure.declared.events, exposure.declared.years] if exposure.declared else None,
        {code: [level.low, level.high] for code, level in maturity.levels.items()},
        {code: [level.low, level.high] for code, level in maturity.best.items()},
        [draws.library.digest, draws.seed, draws.count, years, ransomware],
        _contract(contract),
    ]
    return plain.digest(made_of)


def _contract(contract: Contract | None) -> object:
    if contract is None:
        return None
    programme = plain.unstructure(contract.programme)
    programme["excluded_scenarios"] = sorted(contract.programme.excluded_scenarios)
    return [programme, plain.unstructure(contract.conditions)]


def _kept(run: Simulation, paying: Terms | None) -> Sequence[Curve]:
    return [each.retained for each in run.policies] if paying else run.of_risks


def _told(exposure: Exposure) -> tuple[Told, ...]:
    told = [Told(each, float(getattr(exposure, each)), each in exposure.defaults) for each in AMOUNTS]
    if exposure.emergencies_per_day is not None:
        told.append(Told("emergencies_per_day", float(exposure.emergencies_per_day), default=False))
    return tuple(told)


def _insured(contract: Contract | None, maturity: Maturity, draws: Draws) -> Insured | None:
    if contract is None:
        return None
    often = contract.programme.paid
    return Insured(
        contract.programme.name,
        contract.default,
        contract.conditions,
        contract.unmet(maturity),
        Interval.of(draws["insurance.complaint"]) if often == 1 else Interval(often, often, often),
        Interval.of(draws["insurance.state_attack"]),
        contract.monotone,
    )


def _care_days(ready: Prepared, factors: Multipliers) -> Array:
    """Return the days of care that each scenario costs on average, (scenario, draw): a day of activity at one EUR tells."""
    one = replace(ready, of_day=np.ones(ready.draws.count))
    days: Array = one.expected(factors).by_head[HEADS.index(INTERRUPTION)] * ready.care_of_day
    return days


def _scenarios(mean: Expected, care_days: Array, paid: float, shared: Simulation | None) -> tuple[Part, ...]:
    """Return the scenarios, heaviest first."""
    weights = dict.fromkeys(mean.scenarios, 0.0)
    for each in shared.scenarios if shared else ():
        weights[each.name.rpartition(AGAIN)[2]] += each.ceded.value
    parts = ceded.parts(weights, paid)
    whole = float(mean.total.mean())
    found = [
        Part(
            name,
            *_mean(mean.of_scenario(name), whole),
            parts[name],
            Interval.of(mean.events[row]),
            Interval.of(care_days[row]),
        )
        for row, name in enumerate(mean.scenarios)
    ]
    return tuple(sorted(found, key=lambda each: (-each.mean.value, each.id)))


HEAD_OF = {"notification": "liability"}
"""Heads of the loss model that are part of another one here."""


def _heads(mean: Expected, paid: float, shared: Simulation | None) -> tuple[Part, ...]:
    weights = dict.fromkeys(HEADS, 0.0)
    for each in shared.heads if shared else ():
        weights[HEAD_OF.get(each.name, each.name)] += each.ceded.value
    parts = ceded.parts(weights, paid)
    whole = float(mean.total.mean())
    return tuple(Part(name, *_mean(mean.of_head(name), whole), parts[name]) for name in HEADS)


def _mean(amounts: Array, whole: float) -> tuple[Interval, float]:
    return Interval.of(amounts), float(amounts.mean()) / whole if whole else 0.0


def _care(ready: Prepared, mean: Expected, run: Simulation) -> CareFigures:
    care = mean.care
    days = law(run.aside, scale=ready.care_of_day / daily(ready))
    return CareFigures(
        care.days.interval,
        days.at(ONE_IN_100).across,
        care.patient_days.interval,
        care.endangerment.interval,
        care.emergencies.interval if care.emergencies else None,
        days.curve,
    )


def _unaided(exposure: Exposure, maturity: Maturity, draws: Draws, ransomware: float) -> Unaided | None:
    if exposure.declared is None:
        return None
    without = expected(exposure.without_experience(), maturity, draws, ransomware)
    return Unaided(
        exposure.declared.events,
        exposure.declared.years,
        Interval.of(without.total),
        Interval.of(without.once_in(*SERIOUS)),
    )
