"""W1 with rippy: frequency and severity, drawn and added by year."""

import numpy as np
from rippy import Distributions, FrequencySeverityModel
from timed import MU, RATE, SIGMA, report

model = FrequencySeverityModel(Distributions.Poisson(RATE), Distributions.LogNormal(MU, SIGMA))
report(lambda years, seed: {"gross": model.generate(years, np.random.default_rng(seed)).aggregate()})
