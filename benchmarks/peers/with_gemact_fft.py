"""W1 with GEMAct by FFT, 2^18 buckets of 1,000: exact to the bucket for one compound law, no event left to insure."""

import numpy as np
from gemact.lossmodel import Frequency, LossModel, Severity
from timed import MEDIAN, RATE, SIGMA, report_whole

BUCKETS, STEP = 2**18, 1_000.0


def measured(years: int, seed: int) -> dict[str, float]:
    model = LossModel(
        frequency=Frequency(dist="poisson", par={"mu": RATE}),
        severity=Severity(dist="lognormal", par={"scale": MEDIAN, "shape": SIGMA}),
        aggr_loss_dist_method="fft",
        n_aggr_dist_nodes=BUCKETS,
        n_sev_discr_nodes=BUCKETS,
        sev_discr_step=STEP,
        sev_discr_method="massdispersal",
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


report_whole(measured)
