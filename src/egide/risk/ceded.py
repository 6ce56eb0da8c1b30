"""What a contract takes of a loss: its part of the mean in each draw, and how that is shared between scenarios and heads."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from egide.loss.model import Model
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Terms

Array = NDArray[np.float64]

DRAWS, YEARS = 100, 4096
"""Draws and years of each from which what is ceded is shared out between scenarios and heads: 400,000 years."""


def share(run: Simulation) -> Array:
    """Return the part of the mean loss that each draw cedes: simulated gross and ceded err together, their ratio much less."""
    gross, ceded = (
        np.array([curve.mean.value for curve in curves])
        for curves in (run.of_risks, [each.ceded for each in run.policies])
    )
    part: Array = np.divide(ceded, gross, out=np.zeros_like(gross), where=gross > 0)
    return part


def begun(executor: Executor | None, model: Model, paying: Terms, seed: int) -> Callable[[], Simulation]:
    """Begin to find who weighs what in what is ceded, beside the rest if there is an executor; return what gives it."""
    if executor is None:
        return partial(_shared, model, paying, seed)
    return executor.submit(_shared, model, paying, seed).result


def _shared(model: Model, paying: Terms, seed: int) -> Simulation:
    some = slice(None, None, max(len(model.risks) // DRAWS, 1))
    return simulate(Model(model.risks[some]), Terms(paying.policies[some]), years=YEARS, seed=seed)


def parts(weights: Mapping[str, float], ceded: float) -> dict[str, float]:
    """Return what is ceded on average, shared out as the weights say."""
    whole = sum(weights.values())
    return {name: ceded * weight / whole if whole else 0.0 for name, weight in weights.items()}
