"""What the script of each tool shares: the clock, the measures of the years, and the JSON that it prints.

Run in the tools' own environment, which knows nothing of Égide: `python with_rippy.py 1000000`.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np

# W1 in numbers
RATE = 0.4
MEDIAN = 200_000.0
SIGMA = math.log(3_000_000.0 / MEDIAN) / 1.6448536269514722  # the 95 % quantile is 3,000,000
MU = math.log(MEDIAN)

Law = dict[str, float]


def measures(totals: np.ndarray) -> Law:
    """Return mean, VaR95, VaR99 and TVaR99 of years of equal weight, with one partial sort."""
    tail = np.sort(np.partition(totals, -len(totals) // 20 - 1)[-len(totals) // 20 - 1 :])
    worst = len(totals) // 100
    return {
        "mean": float(totals.mean()),
        "var95": float(tail[0]),
        "var99": float(tail[-worst - 1]),
        "tvar99": float(tail[-worst:].mean()),
    }


def report(drawn: Callable[[int, int], Mapping[str, np.ndarray]], turns: int = 5) -> None:
    """Time `drawn(years, seed)`, the losses of the years by name, then their measures; print the best of a few turns."""
    years = int(sys.argv[1])
    drawn(years // 10, 1)
    bare, whole, laws = math.inf, math.inf, {}
    for turn in range(turns):
        start = time.perf_counter()
        losses = drawn(years, 42 + turn)
        bare = min(bare, time.perf_counter() - start)
        laws = {name: measures(values) for name, values in losses.items()}
        whole = min(whole, time.perf_counter() - start)
    print(json.dumps({"years": bare, "whole": whole, "laws": laws}))


def report_whole(measured: Callable[[int, int], Law], turns: int = 5) -> None:
    """Time a tool that gives the measures itself, and not the years."""
    years = int(sys.argv[1])
    measured(years // 10, 1)
    whole, law = math.inf, {}
    for turn in range(turns):
        start = time.perf_counter()
        law = measured(years, 42 + turn)
        whole = min(whole, time.perf_counter() - start)
    print(json.dumps({"years": None, "whole": whole, "laws": {"gross": law}}))
