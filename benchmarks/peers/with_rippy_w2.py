"""W2 with rippy: its frequencies, laws and event sets; PERT, the splice and the heads of an event are glue of ours."""

import json
import math
import sys

import numpy as np
from rippy import Distributions as Laws
from rippy import FreqSevSims, FrequencySeverityModel
from timed import report

W2 = json.load(sys.stdin)
TERMS = W2["programme"]


class Pert:
    """A beta law on [min, max], drawn as such: inverting it would cost ten times more."""

    def __init__(self, p: dict[str, float]):
        self.least, self.width = p["min"], p["max"] - p["min"]
        low, high = (p["mode"] - p["min"]) / self.width, (p["max"] - p["mode"]) / self.width
        self.shapes = (1 + p["lambda"] * low, 1 + p["lambda"] * high)

    def generate(self, size: int, chance: np.random.Generator) -> np.ndarray:
        """Return `size` draws."""
        return self.least + self.width * chance.beta(*self.shapes, size)


class Spliced:
    """A lognormal truncated at the threshold, with a given probability a generalised Pareto law above it."""

    def __init__(self, p: dict[str, float]):
        self.body = Laws.LogNormal(math.log(p["median"]), p["sigma"])
        self.tail = Laws.GPD(p["xi"], p["beta"], p["threshold"])
        self.above, self.most = p["tail_probability"], self.body.cdf(p["threshold"])

    def generate(self, size: int, chance: np.random.Generator) -> np.ndarray:
        """Return `size` draws."""
        drawn = self.body.invcdf(chance.uniform(0.0, self.most, size))
        above = np.flatnonzero(chance.random(size) < self.above)
        drawn[above] = self.tail.generate(len(above), chance)
        return drawn


def frequency(law: dict[str, dict[str, float]]) -> Laws.DiscreteDistribution:
    kind, p = next(iter(law.items()))
    if kind == "poisson":
        return Laws.Poisson(p["mean"])
    return Laws.NegBinomial(p["shape_r"], p["shape_r"] / (p["shape_r"] + p["mean"]))


def lognormal(p: dict[str, float], median: str = "median") -> Laws.Distribution:
    return Laws.LogNormal(math.log(p[median]), p["sigma"])


OWN = {"pert": Pert, "lognormal": lognormal, "lognormal_gpd": Spliced}
MODELS = [
    (
        FrequencySeverityModel(frequency(s["frequency"]), next(OWN[kind](p) for kind, p in s["own"].items())),
        lognormal(s["interruption"], "median_days"),
        s["interruption"]["daily_loss"],
        lognormal(s["liability"]),
        s["liability"]["probability"],
    )
    for s in W2["scenarios"]
]


def drawn(years: int, seed: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    gross, paid = np.zeros(years), np.zeros(years)
    for model, duration, daily, liability, probability in MODELS:
        own = model.generate(years, chance)
        size = len(own.values)
        days = FreqSevSims(own.sim_index, duration.generate(size, chance), years)
        claimed = np.zeros(size)
        hit = np.flatnonzero(chance.random(size) < probability)
        claimed[hit] = liability.generate(len(hit), chance)
        claims = FreqSevSims(own.sim_index, claimed, years)
        insured = np.maximum(days - TERMS["waiting_period_days"], 0.0)
        insured = insured * ((1 - TERMS["interruption_coinsurance"]) * daily)
        covered = np.minimum(own, TERMS["sublimit_own"]) + np.minimum(insured, TERMS["sublimit_interruption"])
        covered = covered + np.minimum(claims, TERMS["sublimit_liability"])
        event = np.minimum(np.maximum(covered - TERMS["deductible_event"], 0.0), TERMS["limit_event"])
        gross += (own + days * daily + claims).aggregate()
        paid += event.aggregate()
    ceded = np.minimum(paid, TERMS["limit_annual_aggregate"])
    return {"gross": gross, "retained": gross - ceded, "ceded": ceded}


report(drawn)
