"""W1 with prospicio: events of the years drawn by its Rust core, and its own measures."""

from prospicio.aggregate import simulate_events
from prospicio.distributions import Lognormal, Poisson
from timed import MU, RATE, SIGMA, report_whole


def measured(years: int, seed: int) -> dict[str, float]:
    totals = simulate_events(Poisson(RATE), Lognormal(MU, SIGMA), years, seed).totals()
    return {
        "mean": totals.mean(),
        "var95": totals.var(0.95),
        "var99": totals.var(0.99),
        "tvar99": totals.tvar(0.99),
    }


report_whole(measured)
