"""W1 with GEMAct, drawn (its Monte Carlo way) and its own distribution."""

import numpy as np
from gemact.lossmodel import Frequency, LossModel, Severity
from timed import MEDIAN, RATE, SIGMA, report_whole


def measured(years: int, seed: int) -> dict[str, float]:
    model = LossModel(
        frequency=Frequency(dist="poisson", par={"mu": RATE}),
        severity=Severity(dist="lognormal", par={"scale": MEDIAN, "shape": SIGMA}),
        aggr_loss_dist_method="mc",
        n_sim=years,
        random_state=seed,
    )
    law = model.dist[0]
    nodes, mass = np.asarray(law.nodes), np.diff(law.cumprobs, prepend=0.0)
    worst = law.cumprobs > 0.99
    return {
        "mean": float(nodes @ mass),
        "var95": float(model.ppf(0.95)),
        "var99": float(model.ppf(0.99)),
        "tvar99": float(nodes[worst] @ mass[worst] / mass[worst].sum()),
    }


report_whole(measured, turns=1)
