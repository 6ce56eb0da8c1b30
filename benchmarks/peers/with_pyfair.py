"""W1 with pyfair: it knows neither law, so it is given its draws; one magnitude a year, times the count."""

import numpy as np
import pandas as pd
from pyfair import FairModel
from timed import MU, RATE, SIGMA, report


def drawn(years: int, seed: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    model = FairModel(name="W1", n_simulations=years, random_seed=seed)
    model.input_raw_data("Loss Event Frequency", pd.Series(chance.poisson(RATE, years)))
    model.input_raw_data("Loss Magnitude", pd.Series(chance.lognormal(MU, SIGMA, years)))
    model.calculate_all()
    return {"gross": model.export_results()["Risk"].to_numpy()}


report(drawn)
