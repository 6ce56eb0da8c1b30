"""W2 as one writes it with NumPy alone: one scenario after the other, all its events at once, added by year."""

import json
import sys

import numpy as np
from timed import report

W2 = json.load(sys.stdin)
TERMS = W2["programme"]


def own_cost(chance: np.random.Generator, law: dict[str, dict[str, float]], size: int) -> np.ndarray:
    """Return the own costs of `size` events: PERT, lognormal, or a truncated lognormal with a tail above it."""
    kind, p = next(iter(law.items()))
    if kind == "pert":
        width = p["max"] - p["min"]
        shapes = (1 + p["lambda"] * (p["mode"] - p["min"]) / width, 1 + p["lambda"] * (p["max"] - p["mode"]) / width)
        return p["min"] + width * chance.beta(*shapes, size)
    cost = p["median"] * np.exp(p["sigma"] * chance.standard_normal(size))
    if kind == "lognormal_gpd":
        while len(over := np.flatnonzero(cost > p["threshold"])):
            cost[over] = p["median"] * np.exp(p["sigma"] * chance.standard_normal(len(over)))
        tail = np.flatnonzero(chance.random(size) < p["tail_probability"])
        excess = np.expm1(p["xi"] * chance.standard_exponential(len(tail))) / p["xi"]
        cost[tail] = p["threshold"] + p["beta"] * excess
    return cost


def count(chance: np.random.Generator, law: dict[str, dict[str, float]], years: int) -> np.ndarray:
    """Return the number of events of each year."""
    kind, p = next(iter(law.items()))
    if kind == "poisson":
        return chance.poisson(p["mean"], years)
    return chance.negative_binomial(p["shape_r"], p["shape_r"] / (p["shape_r"] + p["mean"]), years)


def drawn(years: int, seed: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    gross, paid = np.zeros(years), np.zeros(years)
    for scenario in W2["scenarios"]:
        counts = count(chance, scenario["frequency"], years)
        year = np.repeat(np.arange(years), counts)
        size = len(year)
        own = own_cost(chance, scenario["own"], size)
        stop, claim = scenario["interruption"], scenario["liability"]
        days = stop["median_days"] * np.exp(stop["sigma"] * chance.standard_normal(size))
        liability = np.zeros(size)
        hit = np.flatnonzero(chance.random(size) < claim["probability"])
        liability[hit] = claim["median"] * np.exp(claim["sigma"] * chance.standard_normal(len(hit)))
        kept = 1 - TERMS["interruption_coinsurance"]
        insured = kept * stop["daily_loss"] * np.maximum(days - TERMS["waiting_period_days"], 0)
        covered = np.minimum(own, TERMS["sublimit_own"]) + np.minimum(insured, TERMS["sublimit_interruption"])
        covered += np.minimum(liability, TERMS["sublimit_liability"])
        event = np.minimum(np.maximum(covered - TERMS["deductible_event"], 0), TERMS["limit_event"])
        gross += np.bincount(year, own + stop["daily_loss"] * days + liability, years)
        paid += np.bincount(year, event, years)
    ceded = np.minimum(paid, TERMS["limit_annual_aggregate"])
    return {"gross": gross, "retained": gross - ceded, "ceded": ceded}


report(drawn)
