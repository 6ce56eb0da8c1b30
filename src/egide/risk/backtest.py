"""The model tried against published national figures: each worked out anew, with its interval and a verdict.

A published figure is inside when it lies in the 90 % predictive interval of the model (parameters, year, sampling); a
published range, when the two overlap. Nothing is fitted here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from egide.risk.draws import Draws, drawn
from egide.risk.library import Library
from egide.risk.national import Mask, Nation, Year, generator, nation, structures, year, year_factor
from egide.risk.national_cost import Costs
from egide.risk.outcome import BackTest, Heavier, Line, Modelled, rounded
from egide.risk.published import Figure, Published

Array = NDArray[np.float64]

DRAWS, SEED = 12000, 2026
COSTED = 4
"""Counts are read on all draws, which are cheap, what events cost on the first quarter of them."""
ENDS = (0.05, 0.95)
SERVERS = ("H01", "H02")
SERIOUS = ("H01", "H02", "S03")
MAJOR = ("H01", "H02", "S03", "S04")
COMPROMISE = "H04"
HOSTED = "S01"
YEARS = 5
"""Years of the count of university hospitals."""
FROM_SUPPLIERS = 0.4
"""Share of reports that came from suppliers in 2021."""
UNIVERSITY, LARGE, WORST = "university", "support", "H01"


# ------------------------------------------------------------------------------------------------- one year of France
@dataclass(frozen=True, eq=False)
class Trial:
    """What the measures need, worked out once: the population, a year of it, what its events cost."""

    people: Nation
    costs: Costs
    published: Published
    seed: int

    @cached_property
    def year(self) -> Year:
        """Return the year on which all yearly figures are read."""
        return year(self.people, "year", self.seed)

    @cached_property
    def structures(self) -> Array:
        """Return the establishments by number of reports of that year, (class, category, draw)."""
        return structures(self.year, "year", self.seed)

    @cached_property
    def reporting(self) -> Array:
        """Return the establishments that report at least once, (category, draw)."""
        some: Array = self.structures[1:].sum(0)
        return some

    def ransomware(self, lived: Year, factor: Array | float = 1.0) -> Array:
        """Return the ransomware reports of a year, those of suppliers included."""
        draws = self.people.draws
        mean = draws["national.ransomware"] * draws["national.ransomware_supplier"] * lived.factor * factor
        at_suppliers = self.chance(f"supplier ransomware {np.max(factor):g}").poisson(mean)
        return lived.of(self.people.ransomware) + at_suppliers

    @cached_property
    def operation(self) -> tuple[Array, Array]:
        """Return the reports with degraded care and those without effect, each (scenario, draw)."""
        people, chance = self.people, self.chance("operation")
        reports = self.year.by_scenario.astype(np.int64)
        degraded, untouched = np.zeros_like(reports), np.zeros_like(reports)
        for each in self.published.operations:
            rows = people.named(*each.scenarios)
            touched = people.draws[f"operation.{each.id}.degraded"]
            degraded[rows] = chance.binomial(reports[rows], touched)
            left = np.clip(people.draws[f"operation.{each.id}.untouched"] / (1 - touched), 0, 1)
            untouched[rows] = chance.binomial(reports[rows] - degraded[rows], left)
        return degraded.astype(np.float64), untouched.astype(np.float64)

    def chance(self, name: str) -> np.random.Generator:
        """Return a source of chance of that name."""
        return generator(self.seed, name)

    def share_reporting(self, *categories: str) -> Array:
        """Return the share of some categories that reports at least once."""
        places = [self.people.column(each) for each in categories]
        share: Array = self.reporting[places].sum(0) / self.people.counts[places].sum()
        return share


def _hospitals_hit(trial: Trial, _: Figure) -> Array:
    people = trial.people
    both = (trial.year, year(people, "second year", trial.seed))
    total: Array = sum(each.alone[people.named(*SERVERS)][:, people.hospitals].sum((0, 1)) for each in both)
    return total


def _public(trial: Trial, figure: Figure) -> Array:
    people = trial.people
    grave = people.reports[people.named(*SERVERS)].sum(0)
    share = grave[people.public].sum(0) / grave[people.hospitals].sum(0)
    among: Array = trial.chance(figure.id).binomial(figure.cases, share) / figure.cases
    return among


def _endangered(trial: Trial, _: Figure) -> Array:
    degraded = trial.operation[0].sum(0).astype(np.int64)
    share = trial.people.draws["care.endangerment_degraded"]
    part: Array = trial.chance("endangered").binomial(degraded, share) / trial.year.reports
    return part


def _university_hit(trial: Trial, _: Figure) -> Array:
    people, chance = trial.people, trial.chance("university")
    place = people.column(UNIVERSITY)
    mean = people.events[people.named(*SERVERS), place].sum(0)
    shape = people.shape * people.counts[place]
    years = [mean * year_factor(people, chance) * chance.gamma(shape) / shape for _ in range(YEARS)]
    hit: Array = chance.poisson(np.sum(years, axis=0)).astype(np.float64)
    return hit


def _struck(trial: Trial, _: Figure) -> Array:
    people, chance = trial.people, trial.chance("struck")
    counts = people.counts[people.hospitals, None]
    mean = people.events[people.malicious][:, people.hospitals].sum(0) / counts * year_factor(people, chance)
    hit = chance.binomial(counts.astype(np.int64), 1 - (1 + mean / people.shape) ** -people.shape)
    part: Array = hit.sum(0) / counts.sum()
    return part


def _of(measure: Callable[[Costs, Mask, Mask], Array], *scenarios: str) -> Callable[[Trial, Figure], Array]:
    """Return a measure of the events of some scenarios at all hospitals."""
    return lambda trial, _: measure(trial.costs, trial.people.named(*scenarios), trial.people.hospitals)


MEASURES: Mapping[str, Callable[[Trial, Figure], Array]] = {
    "declarations": lambda trial, _: trial.year.reports,
    "structures": lambda trial, _: trial.reporting.sum(0),
    "hospitals": lambda trial, _: trial.reporting[trial.people.hospitals].sum(0),
    "homes": lambda trial, _: trial.reporting[~trial.people.hospitals].sum(0),
    "single": lambda trial, _: trial.structures[1].sum(0) / trial.reporting.sum(0),
    "four_or_more": lambda trial, _: trial.structures[-1].sum(0) / trial.reporting.sum(0),
    "malicious": lambda trial, _: trial.year.of(trial.people.malicious) / trial.year.reports,
    "degraded": lambda trial, _: trial.operation[0].sum(0) / trial.year.reports,
    "untouched": lambda trial, _: trial.operation[1].sum(0) / trial.year.reports,
    "ransomware": lambda trial, _: trial.ransomware(trial.year),
    "ransomware_degraded": lambda trial, _: (
        trial.operation[0][trial.people.ransomware].sum(0) / np.maximum(trial.year.of(trial.people.ransomware), 1)
    ),
    "hospitals_hit": _hospitals_hit,
    "major": lambda trial, _: trial.year.alone[trial.people.named(*MAJOR)].sum((0, 1)),
    "several_servers": lambda trial, _: (
        trial.year.of(trial.people.named(WORST)) / np.maximum(trial.ransomware(trial.year), 1)
    ),
    "public": _public,
    "compromises": lambda trial, _: trial.year.of(trial.people.ransomware | trial.people.named(COMPROMISE)),
    "endangered": _endangered,
    "university_hit": _university_hit,
    "week": _of(lambda costs, scenarios, places: costs.within(7, scenarios, places), *SERVERS),
    "mean_days": _of(Costs.mean_days, *SERVERS),
    "long_days": _of(lambda costs, scenarios, places: costs.long_days(0.9, scenarios, places), *SERVERS),
    "median_cost": _of(Costs.median_cost, *SERIOUS),
    "mean_cost": _of(Costs.mean_cost, *SERIOUS),
    "position_own": lambda trial, figure: trial.costs.rank_own(float(figure.amount), LARGE, WORST),
    "position_revenue": lambda trial, figure: trial.costs.rank_revenue(float(figure.amount), LARGE, WORST),
    "interruption_share": lambda trial, _: trial.costs.interruption_share(
        trial.people.malicious, trial.people.hospitals
    ),
    "struck": _struck,
    "significant": lambda trial, figure: trial.costs.significant(float(figure.amount), figure.category),
    "ceded": lambda trial, figure: trial.costs.ceded(figure.category, float(figure.retention), float(figure.limit)),
    "reporting_large": lambda trial, _: trial.share_reporting(UNIVERSITY, LARGE),
}
"""What stands beside a published figure: one value for each draw."""


def modelled(values: Array) -> Modelled:
    """Return the median and the 90 % interval of values, one for each draw."""
    low, high = np.quantile(values, ENDS)
    return Modelled(*(rounded(float(each)) for each in (np.median(values), low, high)))


def trial(library: Library, published: Published, *, count: int = DRAWS, seed: int = SEED) -> Trial:
    """Return the population of the library, ready to be measured."""
    draws = drawn(library, count=count, seed=seed)
    fewer = -(-count // COSTED)
    first = Draws(library, fewer, seed, {name: values[:fewer] for name, values in draws.items()})
    return Trial(nation(draws), Costs(nation(first)), published, seed)


def backtest(library: Library, published: Published, *, count: int = DRAWS, seed: int = SEED) -> BackTest:
    """Return what the library gives beside every published figure, on `count` draws; the same for the same seed."""
    made = trial(library, published, count=count, seed=seed)
    people, costs = made.people, made.costs
    lines = []
    for figure in published.figures:
        found = modelled(MEASURES[figure.measure](made, figure))
        lines.append(Line(figure.id, found, found.verdict(figure), found.by_a_hair(figure)))
    factor, costed = people.draws["stress.ransomware"], costs.nation.draws
    struck = people.ransomware | people.named(HOSTED)
    rates = np.where(struck[:, None], costed["stress.ransomware"], 1.0)
    worse = year(people, "stress", seed, factor)
    revenue = sum(
        count * costed[f"category.{each.id}.revenue"]
        for each, count in zip(people.categories, people.counts, strict=True)
        if each.hospital
    )
    usual = costs.loss()
    return BackTest(
        library.digest,
        published.digest,
        people.draws.count,
        seed,
        tuple(lines),
        rounded(float(np.mean(made.year.of(people.supplied) >= FROM_SUPPLIERS * made.year.reports))),
        modelled(made.ransomware(worse, factor)),
        tuple(
            Heavier(each.id, *(rounded(float(costs.of_one(each.id, by).mean())) for by in (1.0, rates)))
            for each in people.categories
        ),
        modelled(usual),
        modelled(costs.loss(rates)),
        rounded(float(np.median(usual / revenue))),
    )
