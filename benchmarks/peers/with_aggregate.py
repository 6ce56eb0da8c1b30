"""W1 with aggregate by FFT, 2^18 buckets of 1,000: one compound law in its own language, no event left to insure."""

from aggregate import build
from timed import MEDIAN, RATE, SIGMA, report_whole

BUCKETS, STEP = 18, 1_000.0


def measured(years: int, seed: int) -> dict[str, float]:
    law = build(
        f"agg W1_{seed} {RATE} claims sev {MEDIAN} * lognorm {SIGMA} poisson", log2=BUCKETS, bs=STEP, normalize=False
    )
    return {
        "mean": float(law.est_m),
        "var95": float(law.q(0.95)),
        "var99": float(law.q(0.99)),
        "tvar99": float(law.tvar(0.99)),
    }


report_whole(measured)
