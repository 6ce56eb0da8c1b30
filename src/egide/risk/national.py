"""The French population of the model: what all its establishments declare in a year, and how many of them do.

A year: each establishment has a factor of its own (gamma, mean 1) for all its scenarios; the year has one for all
(lognormal, mean 1); minor affairs come with further reports (logarithmic law); part of what suppliers cause comes in
shocks that reach many establishments at once. Conditional on its factor an establishment is a Poisson source, so sums
over a category and numbers of establishments by number of reports are drawn at once, without going through them.
Arrays end with the axis of draws.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from egide.risk.draws import Draws
from egide.risk.library import Category, Scenario
from egide.risk.rates import RANSOMWARE, National, compared, national, seen, size

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLASSES = 5
"""Establishments by number of reports in a year: 0, 1, 2, 3, 4 or more."""


def generator(seed: int, name: str) -> np.random.Generator:
    """Return the source of chance of that name: a figure does not change when another one is added."""
    key = hashlib.sha256(f"{seed}|national|{name}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(key[:16], dtype=np.uint64)))


@dataclass(frozen=True, eq=False)
class Nation:
    """The categories that are counted, (category,) of them, and yearly means (scenario, category, draw).

    `reports` are the declarations of a whole category, `events` what really happens there.
    """

    draws: Draws
    figures: National
    categories: tuple[Category, ...]
    counts: Array
    reports: Array
    events: Array

    def rows(self, wanted: Callable[[Scenario], bool]) -> Mask:
        """Return which scenarios are wanted, (scenario,)."""
        return np.array([wanted(each) for each in self.draws.library.scenarios])

    def named(self, *ids: str) -> Mask:
        """Return the scenarios of those identifiers, (scenario,)."""
        return self.rows(lambda scenario: scenario.id in ids)

    @cached_property
    def hospitals(self) -> Mask:
        """Return which categories are hospitals, (category,)."""
        return np.array([each.hospital for each in self.categories])

    @cached_property
    def public(self) -> Mask:
        """Return which categories are public hospitals, (category,)."""
        return np.array([each.exposed == "public" for each in self.categories])

    @cached_property
    def ransomware(self) -> Mask:
        """Return the scenarios that share the national count of ransomware, (scenario,)."""
        library = self.draws.library
        return self.rows(lambda scenario: library[f"{scenario.id}.declared"].group == RANSOMWARE)

    @cached_property
    def malicious(self) -> Mask:
        """Return the malicious scenarios, (scenario,)."""
        return self.rows(lambda scenario: scenario.malicious)

    @cached_property
    def supplied(self) -> Mask:
        """Return the scenarios that come through a supplier, (scenario,)."""
        return self.rows(lambda scenario: scenario.supplied)

    @cached_property
    def isolated(self) -> Array:
        """Return the mean reports that do not come in shocks, (scenario, category, draw)."""
        kept = np.where(self.supplied[:, None], 1 - self.draws["shock.share"], 1.0)
        return self.reports * kept[:, None, :]

    @cached_property
    def shared(self) -> Array:
        """Return the mean reports a year that come in shocks, (scenario, category, draw)."""
        return self.reports - self.isolated

    @cached_property
    def series(self) -> Array:
        """Return the parameter of the logarithmic law of further reports, (draw,), above 0."""
        return np.maximum(self.draws["frequency.series"], 1e-9)

    @cached_property
    def shape(self) -> Array:
        """Return the shape of the factor of an establishment, (draw,)."""
        return self.draws["frequency.shape"]

    @property
    def severe(self) -> Mask:
        """Return the scenarios of which an affair makes one report only, (scenario,)."""
        return self.rows(lambda scenario: scenario.severe)

    def column(self, category: str) -> int:
        """Return the place of a category."""
        return [each.id for each in self.categories].index(category)


def nation(draws: Draws) -> Nation:
    """Return the population of `draws.library`, each category at its own size and rates."""
    library, figures = draws.library, national(draws)
    categories = tuple(each for each in library.categories if library[f"category.{each.id}.count"].value)
    counts = np.array([float(library[f"category.{each.id}.count"].value) for each in categories])
    hospitals = np.array([each.hospital for each in categories])
    shape = (len(library.scenarios), len(categories), draws.count)
    visible, real = np.empty(shape), np.empty(shape)
    for row, scenario in enumerate(library.scenarios):
        for column, category in enumerate(categories):
            alone = counts[column] * size(draws, scenario, draws[f"category.{category.id}.revenue"])
            visible[row, column] = alone * seen(draws, scenario, category)
            real[row, column] = alone * compared(draws, scenario, category)
    reports = np.empty(shape)
    reports[:, hospitals] = (figures.reference * figures.reported)[:, None] * visible[:, hospitals]
    others = visible[:, ~hospitals]
    reports[:, ~hospitals] = (
        (figures.declared * (1 - figures.hospital_share))[:, None] * others / others.sum(1)[:, None]
    )
    return Nation(draws, figures, categories, counts, reports, figures.reference[:, None] * real)


# ------------------------------------------------------------------------------------------------------------- a year
@dataclass(frozen=True, eq=False)
class Shocks:
    """Common shocks of a year: establishments reached and scenario of each, (shock, draw); 0 where there is none."""

    reached: Array
    scenario: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Year:
    """A year in each draw: factor of the year (draw,), reports one by one (scenario, category, draw), shocks."""

    nation: Nation
    factor: Array
    alone: Array
    shocks: Shocks

    @cached_property
    def by_scenario(self) -> Array:
        """Return all reports of the year, (scenario, draw)."""
        made: Array = self.alone.sum(1)
        for reached, scenario in zip(self.shocks.reached, self.shocks.scenario, strict=True):
            made[scenario, np.arange(made.shape[1])] += reached
        return made

    @cached_property
    def reports(self) -> Array:
        """Return the number of reports of the year, (draw,)."""
        total: Array = self.by_scenario.sum(0)
        return total

    def of(self, scenarios: Mask) -> Array:
        """Return the number of reports of some scenarios, (draw,)."""
        total: Array = self.by_scenario[scenarios].sum(0)
        return total


def year(people: Nation, name: str, seed: int, ransomware: Array | float = 1.0) -> Year:
    """Return a year in each draw; `name` tells two years apart, `ransomware` multiplies that of the establishments."""
    chance = generator(seed, name)
    factor = year_factor(people, chance)
    own = chance.gamma(people.shape * people.counts[:, None]) / (people.shape * people.counts[:, None])
    worse = np.where(people.ransomware[:, None], ransomware, 1.0)
    mean = people.isolated * worse[:, None] * factor * own
    odds = people.series / (1 - people.series)
    minor = chance.poisson(chance.gamma(mean / odds) * odds)
    alone = np.where(people.severe[:, None, None], chance.poisson(mean), minor).astype(np.float64)
    return Year(people, factor, alone, _shocks(people, chance))


def year_factor(people: Nation, chance: np.random.Generator) -> Array:
    """Return the factor that a year has for all, (draw,), of mean 1."""
    spread = people.draws["frequency.year_sd"]
    drawn: Array = np.exp(spread * chance.standard_normal(people.draws.count) - spread**2 / 2)
    return drawn


def _shocks(people: Nation, chance: np.random.Generator) -> Shocks:
    """Return shocks whose mean number of reports is the part of suppliers' that comes so; the cut is not made up for."""
    draws, spread = people.draws, people.draws["shock.sd"]
    happened = chance.poisson(draws["shock.rate"])
    by_scenario = people.shared.sum(1)
    mean = by_scenario.sum(0) / draws["shock.rate"]
    most = max(int(happened.max()), 1)
    places = np.arange(most)[:, None]
    reached = np.rint(mean * np.exp(spread * chance.standard_normal((most, draws.count)) - spread**2 / 2))
    reached = np.where(places < happened, np.minimum(reached, draws["shock.most"]), 0.0)
    upto = by_scenario.cumsum(0) / by_scenario.sum(0)
    u = chance.random((most, draws.count))
    scenario = (u[:, None, :] >= upto[None, :-1, :]).sum(1)
    return Shocks(reached, scenario)


# ------------------------------------------------------------------------------------------------------- structures
def chances(people: Nation, factor: Array) -> Array:
    """Return the chance that an establishment makes 0, 1, 2, 3, 4 or more reports, shocks apart: (class, category, draw).

    Affairs are negative binomial (Poisson with a gamma factor), their reports logarithmic or single: Panjer's recursion.
    """
    theta = people.series
    minor = people.isolated[~people.severe].sum(0) * factor / people.counts[:, None]
    affairs = minor * (1 - theta) / theta * -np.log1p(-theta)
    severe = people.isolated[people.severe].sum(0) * factor / people.counts[:, None]
    every = affairs + severe
    sizes = [(affairs / every) * theta**number / (number * -np.log1p(-theta)) for number in range(1, CLASSES - 1)]
    sizes[0] = sizes[0] + severe / every
    a = every / (people.shape + every)
    b = (people.shape - 1) * a
    made = [(1 + every / people.shape) ** -people.shape]
    for number in range(1, CLASSES - 1):
        made.append(sum((a + b * j / number) * sizes[j - 1] * made[number - j] for j in range(1, number + 1)))
    return np.stack([*made, np.maximum(1 - sum(made), 0.0)])


def structures(lived: Year, name: str, seed: int) -> Array:
    """Return the number of establishments by number of reports of the year, shocks included: (class, category, draw).

    A shock reaches establishments at random, categories in proportion to what their suppliers make them declare.
    """
    people, chance = lived.nation, generator(seed, f"{name}|structures")
    probabilities = chances(people, lived.factor)
    left = np.broadcast_to(people.counts[:, None], probabilities.shape[1:]).astype(np.int64)
    remaining = np.ones_like(probabilities[0])
    counted = np.zeros(probabilities.shape, dtype=np.int64)
    for number in range(CLASSES - 1, 0, -1):
        counted[number] = chance.binomial(left, np.clip(probabilities[number] / remaining, 0, 1))
        left = left - counted[number]
        remaining = np.maximum(remaining - probabilities[number], 1e-300)
    counted[0] = left
    share = people.shared.sum(0) / people.shared.sum((0, 1))
    for reached in lived.shocks.reached:
        hit = np.clip(reached * share / people.counts[:, None], 0, 1)
        moved = chance.binomial(counted[:-1], hit)
        counted[:-1] -= moved
        counted[1:] += moved
    return counted.astype(np.float64)
