"""The expected loss of a year in closed form, draw by draw: no simulation, under a millisecond for 200 draws.

RISK_MODEL 2.3, 3.2 and 5. The correlation of durations and costs, the differences between establishments and the year
do not move a mean. Durations are cut at `severity.days_cut` exactly (limited mean of the lognormal). What does not
depend on maturity is prepared once for an exposure and a set of draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from egide.diagnosis.level import Level
from egide.risk import rates
from egide.risk.care import Care, CareDays, Emergencies, Endangerment, PatientDays
from egide.risk.draws import Draws
from egide.risk.exposure import Exposure
from egide.risk.library import Library
from egide.risk.multipliers import SPREAD, Multipliers, multipliers
from egide.risk.normal import below
from egide.risk.order import EXTREME

Array = NDArray[np.float64]

HEADS = ("own", "interruption", "liability", "fine")


class Mature(Protocol):
    """What has a level for each measure: `egide.diagnosis.maturity.Maturity`."""

    @property
    def levels(self) -> Mapping[str, Level]:
        """Return the level of each measure."""
        ...


@dataclass(frozen=True, eq=False)
class Expected:
    """Expected EUR a year: `amounts` is (draw, scenario, head); scenarios as in the library, heads as in `HEADS`."""

    scenarios: tuple[str, ...]
    by_head: Array
    """The same amounts, (head, scenario, draw), as they are stored."""
    events: Array
    """Expected events of a year, (scenario, draw)."""
    care: Care
    heads: tuple[str, ...] = HEADS

    @property
    def amounts(self) -> Array:
        """Return the amounts, (draw, scenario, head)."""
        return self.by_head.transpose(2, 1, 0)

    @property
    def total(self) -> Array:
        """Return the loss of each draw."""
        total: Array = np.einsum("hsn->n", self.by_head)
        return total

    def of_scenario(self, scenario: str) -> Array:
        """Return the loss of each draw by one scenario."""
        total: Array = np.einsum("hn->n", self.by_head[:, self.scenarios.index(scenario)])
        return total

    def of_head(self, head: str) -> Array:
        """Return the loss of each draw under one head."""
        total: Array = np.einsum("sn->n", self.by_head[self.heads.index(head)])
        return total

    def once_in(self, *scenarios: str) -> Array:
        """Return the mean number of years between two events of these scenarios, for each draw."""
        places = [self.scenarios.index(each) for each in scenarios]
        years: Array = 1.0 / np.einsum("sn->n", self.events[places])
        return years


@dataclass(frozen=True, eq=False)
class Severities:
    """Events of each scenario at reference maturity for one exposure, arrays (scenario, draw).

    `mu` and `sigma` of the logarithm of the days down; `own` the mean own cost; `full_days` full days of activity lost
    for one day down; `leak` the probability of a leak, `notice` what notifying it costs.
    """

    mu: Array
    sigma: Array
    own: Array
    own_mu: Array
    own_sigma: Array
    full_days: Array
    leak: Array
    notice: Array

    def mean_days(self, multiplier: Array, cut: Array) -> Array:
        """Return the mean days down of an event, cut at `cut` days."""
        mu = self.mu + np.log(multiplier)
        score = (np.log(cut) - mu) / self.sigma
        return np.exp(mu + 0.5 * self.sigma**2) * below(score - self.sigma) + cut * below(-score)


class Again(NamedTuple):
    """Events of a scenario that come in again as a milder one: its id, its place, the milder one's, its severity."""

    id: str
    grave: int
    mild: int
    milder: Severities


@dataclass(frozen=True, eq=False)
class Prepared:
    """What an exposure and a set of draws give before any maturity is known; `rate` is (scenario, draw) a year."""

    draws: Draws
    exposure: Exposure
    rate: Array
    severities: Severities
    again: tuple[Again, ...]
    of_day: Array
    """Interruption in EUR of a full day of activity lost."""
    of_claim: Array
    """Claims in EUR after a leak, on average."""
    of_fine: Array
    """Fines in EUR after a leak, on average."""
    beds: Array
    """Beds in use."""
    care_of_day: Array
    """Days of care of a full day of activity."""
    reported: Array
    """Chance that an occurrence is declared, (scenario, draw)."""
    tail: Array
    """1 where activity comes back little by little, (scenario, 1)."""

    def expected(self, factors: Multipliers) -> Expected:
        """Return the expected loss under these multipliers."""
        scenarios = self.draws.library.scenarios
        amounts = np.empty((len(HEADS), len(scenarios), self.draws.count))
        cut = self.draws["severity.days_cut"]
        events = self.rate * factors.channel("F")
        down = events * self.severities.mean_days(factors.channel("D"), cut)
        full = down * self.severities.full_days
        leaks = events * np.minimum(self.severities.leak * factors.channel("L"), 1.0)
        np.multiply(events * self.severities.own, factors.channel("C"), out=amounts[0])
        np.multiply(leaks, self.severities.notice + self.of_claim, out=amounts[2])
        np.multiply(leaks, self.of_fine, out=amounts[3])
        for name, grave, mild, milder in self.again:
            more = self.rate[grave] * factors[name, SPREAD]
            days = more * milder.mean_days(factors[name, "D"], cut)
            leaked = more * np.minimum(milder.leak * factors[name, "L"], 1.0)
            events[mild] += more
            down[mild] += days
            full[mild] += days * milder.full_days
            amounts[0, mild] += more * milder.own * factors[name, "C"]
            amounts[2, mild] += leaked * (milder.notice + self.of_claim)
            amounts[3, mild] += leaked * self.of_fine
        np.multiply(full, self.of_day, out=amounts[1])
        return Expected(tuple(each.id for each in scenarios), amounts, events, self._care(events, down, full))

    def _care(self, events: Array, down: Array, full: Array) -> Care:
        shape = self.draws["frequency.shape"]
        endangered = self.draws["care.endangerment"] * np.einsum("sn,sn->n", events, self.reported)
        days = full.sum(axis=0) * self.care_of_day
        visits = self.exposure.emergencies_per_day
        diverted = None
        if visits is not None:
            diverted = Emergencies(visits * self.draws["care.diverted"] * (down * self.tail).sum(axis=0))
        return Care(
            CareDays(days),
            PatientDays(down.sum(axis=0) * self.beds),
            Endangerment(1.0 - np.exp(-shape * np.log1p(endangered / shape))),
            diverted,
        )


def expected_loss(
    exposure: Exposure, maturity: Mature, draws: Draws, *, supplier: Mapping[str, Level] | None = None
) -> Expected:
    """Return the expected loss of a year, gross, in each draw.

    The hospital's own declared incidents move all its rates where `exposure.declared` tells them;
    `exposure.without_experience()` gives the figure without. Suppliers stand at the reference unless told.
    """
    return prepared(exposure, draws).expected(multipliers(draws, maturity.levels, supplier))


def prepared(exposure: Exposure, draws: Draws) -> Prepared:
    """Return what does not depend on maturity, kept for the next call."""
    return draws.once(exposure, lambda: _prepared(exposure, draws))


def _prepared(exposure: Exposure, draws: Draws) -> Prepared:
    library = draws.library
    known = rates.national(draws)
    revenue = told(exposure, draws, "revenue")
    relative = revenue / draws["reference.revenue"]
    category = library.category_by_id[exposure.category]
    rate = np.stack(
        [
            row * rates.size(draws, each, revenue) * rates.compared(draws, each, category)
            for row, each in zip(known.reference, library.scenarios, strict=True)
        ]
    )
    if exposure.declared is not None:
        shape = draws["frequency.shape"]
        usual = exposure.declared.years * (rate * known.reported).sum(axis=0)
        rate = rate * (shape + exposure.declared.events) / (shape + usual)
    severities = _severities(exposure, draws, relative)
    larger = relative ** draws["size.cost"]
    spread = draws["severity.sd_factor"]
    after_leak = {
        name: np.minimum(draws[f"{name}.probability"], 1.0)
        * draws[f"{name}.amount"]
        * larger
        * np.exp(0.5 * (draws[f"{name}.sd"] * spread) ** 2)
        for name in ("claim", "fine")
    }
    kept = (1.0 - draws["severity.catch_up"]) * (1.0 - draws["severity.unspent"])
    beds = told(exposure, draws, "beds") * draws["care.occupancy"]
    return Prepared(
        draws=draws,
        exposure=exposure,
        rate=rate,
        severities=severities,
        again=tuple(_again(each.id, each.spread.to, library, severities) for each in library.scenarios if each.spread),
        of_day=revenue / 365.0 * told(exposure, draws, "activity_share") * kept,
        of_claim=after_leak["claim"],
        of_fine=after_leak["fine"],
        beds=beds,
        care_of_day=beds + told(exposure, draws, "places"),
        reported=known.reported,
        tail=np.array([[float(each.tail)] for each in library.scenarios]),
    )


def told(exposure: Exposure, draws: Draws, name: str) -> Array:
    """Return a figure of the exposure in each draw: the one that was told, or the category's with its interval."""
    if name in exposure.defaults:
        return draws[f"category.{exposure.category}.{name}"]
    return np.full(draws.count, float(getattr(exposure, name)))


def _severities(exposure: Exposure, draws: Draws, relative: Array) -> Severities:
    scenarios = draws.library.scenarios

    def each(name: str) -> Array:
        return np.stack([draws[f"{scenario.id}.{name}"] for scenario in scenarios])

    spread = draws["severity.sd_factor"]
    tail = np.array([[float(scenario.tail)] for scenario in scenarios])
    lost = each("lost")
    if exposure.category == "practice":
        lost = lost * draws["practice.lost_factor"]
    own_mu = np.log(each("own")) + draws["size.cost"] * np.log(relative)
    own_sigma = each("own_sd") * spread
    return Severities(
        np.log(each("days")) + draws["size.days"] * np.log(relative),
        each("days_sd") * spread,
        np.exp(own_mu + 0.5 * own_sigma**2),
        own_mu,
        own_sigma,
        np.minimum(lost, 1.0) * (1.0 + tail * draws["severity.recovery"] / 2.0),
        np.minimum(each("leak"), 1.0),
        told(exposure, draws, "persons") * np.minimum(each("records"), 1.0) * draws["leak.notification"],
    )


def _again(name: str, to: str, library: Library, of: Severities) -> Again:
    """Return the events of a scenario that come in again as a milder one: never worse, whatever their luck.

    The check of the library makes that so within the intervals; draws outside them are cut to it.
    """
    grave, mild = library.row[name], library.row[to]
    mu = np.minimum(of.mu[mild], of.mu[grave] - EXTREME * np.abs(of.sigma[mild] - of.sigma[grave]))
    own_mu = np.minimum(of.own_mu[mild], of.own_mu[grave] - EXTREME * np.abs(of.own_sigma[mild] - of.own_sigma[grave]))
    milder = Severities(
        mu,
        of.sigma[mild],
        np.exp(own_mu + 0.5 * of.own_sigma[mild] ** 2),
        own_mu,
        of.own_sigma[mild],
        np.minimum(of.full_days[mild], of.full_days[grave]),
        np.minimum(of.leak[mild], of.leak[grave]),
        np.minimum(of.notice[mild], of.notice[grave]),
    )
    return Again(name, grave, mild, milder)
