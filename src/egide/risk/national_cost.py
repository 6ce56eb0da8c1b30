"""What events cost the French population at reference maturity: durations, costs, ranks of known amounts, ceded parts.

Everything is closed form given the duration; the duration is summed at Gauss-Hermite nodes. Amounts in EUR, gross,
fines apart. Arrays end with the axis of draws.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from egide.risk.expected import Prepared, prepared
from egide.risk.exposure import exposed
from egide.risk.national import Mask, Nation
from egide.risk.normal import below

Array = NDArray[np.float64]

NODES, CLAIMS = 12, 5
"""Nodes for the duration and for claims: with 120 and 9 the mean of a ceded cost moves by less than 0.05 %."""
FINE = 40
"""Nodes for the chance to pass one amount, which jumps from node to node where interruption is most of the cost."""
STEPS = 30
"""Halvings of an interval of logarithms: to a hundred-millionth."""
LEAST, MOST = 1e-3, 1e10
"""Between which a quantile is looked for."""


def nodes(count: int) -> tuple[Array, Array]:
    """Return the places and weights that sum a function of a standard normal."""
    places, weights = np.polynomial.hermite_e.hermegauss(count)
    return places, weights / weights.sum()


@dataclass(frozen=True, eq=False)
class Events:
    """Events of one scenario at one category: own cost is lognormal (node, draw) beside `other`, (part, node, draw).

    A part is what a leak brings: none, notices alone, notices and a claim; `weight` is the chance of each part and node.
    """

    mu: Array
    sigma: Array
    other: Array
    weight: Array

    def above(self, amount: Array | float) -> Array:
        """Return the chance that an event costs more than `amount`, (draw,)."""
        room = amount - self.other
        inside = below((self.mu - np.log(np.maximum(room, 1e-300))) / self.sigma)
        return _summed(self.weight * np.where(room > 0, inside, 1.0))

    def beyond(self, amount: float) -> Array:
        """Return the mean of what an event costs beyond `amount`, (draw,)."""
        room = amount - self.other
        score = (self.mu - np.log(np.maximum(room, 1e-300))) / self.sigma
        mean = np.exp(self.mu + self.sigma**2 / 2)
        inside = mean * below(score + self.sigma) - room * below(score)
        return _summed(self.weight * np.where(room > 0, inside, mean - room))

    def layer(self, retention: float, limit: float) -> Array:
        """Return the mean of what an event costs between `retention` and `retention + limit`, (draw,)."""
        return self.beyond(retention) - self.beyond(retention + limit)


def _summed(values: Array) -> Array:
    total: Array = values.sum((0, 1))
    return total


@dataclass(frozen=True, eq=False)
class Costs:
    """What events cost, category by category of a population."""

    nation: Nation

    @cached_property
    def prepared(self) -> Mapping[str, Prepared]:
        """Return rates and severities of an establishment of each category."""
        draws = self.nation.draws
        return {each.id: prepared(exposed(draws.library, each.id), draws) for each in self.nation.categories}

    def events(self, category: str, row: int, count: int = NODES, claims: int = CLAIMS) -> Events:
        """Return the events of the scenario of that row."""
        draws, known = self.nation.draws, self.prepared[category]
        law = known.severities
        z, weights = (each[:, None] for each in nodes(count))
        days = np.minimum(np.exp(law.mu[row] + law.sigma[row] * z), draws["severity.days_cut"])
        rho = draws["severity.correlation"]
        mu = law.own_mu[row] + law.own_sigma[row] * rho * z
        sigma = law.own_sigma[row] * np.sqrt(1 - rho**2)
        leaks, claimed = law.leak[row], np.minimum(draws["claim.probability"], 1.0)
        spread = draws["claim.sd"] * draws["severity.sd_factor"]
        median = known.of_claim / claimed * np.exp(-(spread**2) / 2)
        parts, chances = [np.zeros(draws.count), law.notice[row]], [1 - leaks, leaks * (1 - claimed)]
        for place, weight in zip(*nodes(claims), strict=True):
            parts.append(law.notice[row] + median * np.exp(spread * place))
            chances.append(leaks * claimed * weight)
        kept = len(parts) if leaks.any() else 1
        other = np.stack(parts[:kept])[:, None] + known.of_day * law.full_days[row] * days
        return Events(mu, sigma, other, np.stack(chances[:kept])[:, None] * weights)

    def means(self, category: str) -> tuple[Array, Array, Array]:
        """Return the mean own cost, interruption and liability of an event, each (scenario, draw)."""
        known = self.prepared[category]
        days = known.severities.mean_days(np.ones(1), self.nation.draws["severity.days_cut"])
        interruption = days * known.severities.full_days * known.of_day
        return known.severities.own, interruption, known.severities.leak * (known.severities.notice + known.of_claim)

    # ------------------------------------------------------------------------------------------------- a whole mixture
    def _kinds(self, scenarios: Mask, categories: Mask) -> Iterator[tuple[str, int, Array]]:
        """Yield category, row of the scenario and events a year of the whole category."""
        for column in np.flatnonzero(categories):
            for row in np.flatnonzero(scenarios):
                yield self.nation.categories[column].id, int(row), self.nation.events[row, column]

    def _mixed(self, scenarios: Mask, categories: Mask, of: Callable[[str, int], Array]) -> Array:
        """Return the mean of something over the events of these scenarios and categories, (draw,)."""
        kinds = [(weight, of(category, row)) for category, row, weight in self._kinds(scenarios, categories)]
        mean: Array = sum(weight * value for weight, value in kinds) / np.sum([weight for weight, _ in kinds], axis=0)
        return mean

    def within(self, days: Array | float, scenarios: Mask, categories: Mask) -> Array:
        """Return the chance that a stoppage is not longer than `days`."""
        return self._mixed(scenarios, categories, lambda category, row: self._not_longer(category, row, days))

    def _not_longer(self, category: str, row: int, days: Array | float) -> Array:
        law = self.prepared[category].severities
        return below((np.log(days) - law.mu[row]) / law.sigma[row])

    def mean_days(self, scenarios: Mask, categories: Mask) -> Array:
        """Return the mean stoppage in days."""
        cut = self.nation.draws["severity.days_cut"]
        means = {
            each.id: self.prepared[each.id].severities.mean_days(np.ones(1), cut) for each in self.nation.categories
        }
        return self._mixed(scenarios, categories, lambda category, row: means[category][row])

    def long_days(self, level: float, scenarios: Mask, categories: Mask) -> Array:
        """Return the duration that a stoppage does not pass with chance `level`."""
        return _quantile(level, lambda days: self.within(days, scenarios, categories), self.nation.draws.count)

    def mean_cost(self, scenarios: Mask, categories: Mask) -> Array:
        """Return the mean cost of an event, fines apart."""
        means = {each.id: np.sum(self.means(each.id), axis=0) for each in self.nation.categories}
        return self._mixed(scenarios, categories, lambda category, row: means[category][row])

    def median_cost(self, scenarios: Mask, categories: Mask) -> Array:
        """Return the median cost of an event, fines apart."""
        made = {
            (category, row): self.events(category, row, claims=1)
            for category, row, _ in self._kinds(scenarios, categories)
        }

        def reached(cost: Array) -> Array:
            return 1 - self._mixed(scenarios, categories, lambda category, row: made[category, row].above(cost))

        return _quantile(0.5, reached, self.nation.draws.count)

    def interruption_share(self, scenarios: Mask, categories: Mask) -> Array:
        """Return the part of interruption in the cost of all these events, fines apart."""
        means = {each.id: self.means(each.id) for each in self.nation.categories}
        lost = self._mixed(scenarios, categories, lambda category, row: means[category][1][row])
        return lost / self.mean_cost(scenarios, categories)

    # ----------------------------------------------------------------------------------------------- one establishment
    def rank_own(self, amount: float, category: str, scenario: str) -> Array:
        """Return the chance that the own cost of an event stays below `amount`."""
        law, row = self.prepared[category].severities, self.nation.draws.library.row[scenario]
        return below((np.log(amount) - law.own_mu[row]) / law.own_sigma[row])

    def rank_revenue(self, amount: float, category: str, scenario: str) -> Array:
        """Return the chance that the activity revenue lost by an event, before any catch-up, stays below `amount`."""
        draws, known = self.nation.draws, self.prepared[category]
        row = draws.library.row[scenario]
        kept = (1 - draws["severity.catch_up"]) * (1 - draws["severity.unspent"])
        of_day = known.of_day / kept * known.severities.full_days[row]
        return self._not_longer(category, row, amount / of_day)

    def significant(self, amount: float, category: str) -> Array:
        """Return the chance that an establishment meets at least one event above `amount` in a year."""
        known = self.prepared[category]
        yearly = sum(rate * self.events(category, row, FINE).above(amount) for row, rate in enumerate(known.rate))
        shape = self.nation.shape
        once: Array = 1 - (1 + yearly / shape) ** -shape
        return once

    def ceded(self, category: str, retention: float, limit: float) -> Array:
        """Return what an establishment cedes in a year on average, each event between `retention` and `limit` more."""
        known = self.prepared[category]
        total: Array = sum(
            rate * self.events(category, row).layer(retention, limit) for row, rate in enumerate(known.rate)
        )
        return total

    def loss(self, factor: Array | float = 1.0) -> Array:
        """Return the yearly loss of all hospitals, fines included; `factor` (scenario, 1) multiplies rates."""
        total: Array = sum(
            count * self.of_one(each.id, factor)
            for each, count in zip(self.nation.categories, self.nation.counts, strict=True)
            if each.hospital
        )
        return total

    def of_one(self, category: str, factor: Array | float = 1.0) -> Array:
        """Return the yearly loss of one establishment of a category, fines included, (draw,)."""
        known = self.prepared[category]
        fines = known.severities.leak * known.of_fine
        total: Array = (known.rate * factor * (np.sum(self.means(category), axis=0) + fines)).sum(0)
        return total


def _quantile(level: float, reached: Callable[[Array], Array], count: int) -> Array:
    """Return where an increasing function of an amount reaches `level`, in each draw."""
    low, high = np.full(count, np.log(LEAST)), np.full(count, np.log(MOST))
    for _ in range(STEPS):
        middle = (low + high) / 2
        under = reached(np.exp(middle)) < level
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    found: Array = np.exp((low + high) / 2)
    return found
