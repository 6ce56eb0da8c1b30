"""W1 with pycrq: one magnitude a year, times the count."""

import warnings

import numpy as np
from pycrq import FAIRSimulator, ScenarioBuilder, lognormal, poisson
from timed import MU, RATE, SIGMA, report

warnings.filterwarnings("ignore", message=".*direct LEF distribution.*")
builder = ScenarioBuilder("W1").asset("SI").threat("T").lef(poisson(RATE)).primary_loss(lognormal(MU, SIGMA))
scenario = builder.build()


def drawn(years: int, seed: int) -> dict[str, np.ndarray]:
    return {"gross": FAIRSimulator(n_simulations=years, seed=seed).simulate(scenario).annual_loss_exposure}


report(drawn)
