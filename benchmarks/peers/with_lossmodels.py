"""W1 with lossmodels: a collective risk model, drawn."""

from lossmodels import CollectiveRiskModel, Lognormal, Poisson
from timed import MU, RATE, SIGMA, report

model = CollectiveRiskModel(Poisson(lam=RATE), Lognormal(mu=MU, sigma=SIGMA))
report(lambda years, seed: {"gross": model.sample(years, rng=seed)})
