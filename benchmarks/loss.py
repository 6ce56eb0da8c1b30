"""The promises of the loss engine, all in one run on one core: W1 to W3, our time, that of the other tools, the limit.

The limit is what this machine needs merely to draw the numbers that the workload asks for (limit.py). Seconds are those of
this machine and of this hour: what is promised is a ratio, an error, or a figure told by the digits. A goal that is not
reached yet has a promise of its own, which the run must keep.
`--quick` runs fewer years of W3 and fewer seeds, without the other tools.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import limit
import numpy as np
import rivals
import w3
import yaml
from measured import environment

from egide.exchange.loss_file.study import Study, read_file
from egide.insurance.fit import to_terms
from egide.loss.exact import exact
from egide.loss.model import Amount, Model
from egide.loss.simulation import Simulation, simulate
from egide.loss.terms import Terms

EXAMPLES = Path(__file__).parent.parent / "examples/loss"
YEARS = 1_000_000
LEVELS = (0.95, 0.99, 0.995)
POINTS = tuple(0.3 * (1e-4 / 0.3) ** (n / 63) for n in range(64))

RIGHT = ("lossmodels", "rippy", "prospicio", "gemact")
"""Tools that draw W1 as it is meant: each event its own amount."""
OTHERS = ("gemact_fft", "aggregate", "pyfair", "pycrq")
REMARKS = {
    "gemact_fft": "FFT: one compound law",
    "aggregate": "FFT: one compound law",
    "pyfair": "one amount for all the events of a year",
    "pycrq": "one amount for all the events of a year",
}


@dataclass(frozen=True)
class Promise:
    """A goal, what was found, and the promise: what the run must hold, the goal itself unless told otherwise."""

    text: str
    found: str
    reached: bool
    kept: bool

    def __str__(self) -> str:
        state = "BROKEN" if not self.kept else "goal reached" if self.reached else "kept"
        return f"  {state:12}  {self.text}: {self.found}"


def at_most(text: str, found: float, goal: float, promised: float | None = None, form: str = ".2f") -> Promise:
    most = goal if promised is None else promised
    told = f"{text}, goal at most {goal:{form}}" + ("" if promised is None else f", promised {promised:{form}}")
    return Promise(told, f"{found:{form}}", found <= goal, found <= most)


def at_least(text: str, found: float, goal: float, promised: float | None = None, form: str = ".1f") -> Promise:
    least = goal if promised is None else promised
    told = f"{text}, goal at least {goal:{form}}" + ("" if promised is None else f", promised {promised:{form}}")
    return Promise(told, f"{found:{form}}", found >= goal, found >= least)


def best(turns: int, *calls: Callable[[int], object]) -> list[float]:
    """Return the best seconds of each call, made in turn with a seed of its own: what slows the machine slows all."""
    spent: list[list[float]] = [[] for _ in calls]
    for turn in range(turns + 1):
        for call, each in zip(calls, spent, strict=True):
            start = time.perf_counter()
            call(turn)
            each.append(time.perf_counter() - start)
    return [min(each[1:]) for each in spent]


def loaded(name: str) -> tuple[Model, Terms]:
    """Return a workload as a user gives it: a file."""
    return parts(read_file(EXAMPLES / f"{name}.yaml").study)


def parts(study: Study) -> tuple[Model, Terms]:
    """Return what is simulated of a study."""
    return study.model, to_terms(study.options[0].programmes, study.model) if study.options else Terms()


# --------------------------------------------------------------------------------------------------- what is measured
def work(model: Model, years: int) -> limit.Work:
    """Return what the events of a workload need: one call each, one amount a head that occurs, one a duration."""
    calls = amounts = 0.0
    for risk in model.risks:
        for scenario in risk.scenarios:
            events = scenario.frequency.mean * years
            calls += events
            amounts += events * (_heads(scenario.heads) + (scenario.duration is not None))
    for shock in model.shocks:
        events = shock.frequency.mean * years
        calls += events * (1 + len(shock.hits))
        amounts += events * (1 + sum(_heads(hit.heads) + (hit.duration_factor is not None) for hit in shock.hits))
    return limit.Work(int(calls), int(amounts))


def _heads(heads: tuple[Any, ...]) -> float:
    return sum(head.probability for head in heads if isinstance(head, Amount))


def outputs(found: Simulation) -> list[float]:
    """Read every measure of a simulation, as its page or its JSON would."""
    read = []
    for curve in (found.gross, found.retained, found.ceded):
        read += [curve.mean, curve.sd, *(curve.var(p) for p in LEVELS), *(curve.tvar(p) for p in LEVELS)]
        read += curve.exceedance(POINTS)
    read += found.events.exceedance(POINTS)
    return [each.value for each in read]


def ways(model: Model, terms: Terms, years: int) -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Return the two ways that are timed: the years and the terms alone, and with all measures read."""
    return (
        lambda seed: simulate(model, terms, years=years, seed=seed, detail=False),
        lambda seed: outputs(simulate(model, terms, years=years, seed=seed)),
    )


def law_of(found: Simulation) -> rivals.Law:
    """Return the four measures that are asked of every tool."""
    gross = found.gross
    return {
        "mean": gross.mean.value,
        "var95": gross.var(0.95).value,
        "var99": gross.var(0.99).value,
        "tvar99": gross.tvar(0.99).value,
    }


# ------------------------------------------------------------------------------------------------------ what is shown
def line(
    name: str, years: float | None, whole: float | None, law: rivals.Law, exact_law: rivals.Law, ours: float
) -> str:
    """Return a line of a table of tools: seconds, ratio of the whole to ours, each measure against the exact one."""
    shown = ["    -  " if each is None else f"{each:7.4f}" for each in (years, whole)]
    ratio = "     -" if whole is None else f"{whole / ours:6.1f}"
    apart = " ".join(f"{law[key] / exact_law[key] - 1:+8.2%}" for key in exact_law)
    return f"  {name:22} {shown[0]} {shown[1]} {ratio} {apart} {REMARKS.get(name, '')}".rstrip()


HEAD = f"  {'':22} {'years':>7} {'whole':>7} {'ratio':>6} " + " ".join(
    f"{key:>8}" for key in ("mean", "VaR95", "VaR99", "TVaR99")
)


def exact_measures(model: Model, terms: Terms) -> rivals.Law:
    return law_of(exact(model, terms))


def of_w1(years: int, missing: dict[str, str] | None) -> Iterator[Promise]:
    """Print W1 for us and for the other tools."""
    model, terms = loaded("w1")
    truth = exact_measures(model, terms)
    alone, whole = best(15, *ways(model, terms, years))
    print(
        f"W1, {years:,} years: seconds for the years, with all measures; ratio to ours; difference from the exact value"
    )
    print(HEAD)
    print(line("egide", alone, whole, law_of(simulate(model, terms, years=years, seed=1)), truth, whole))
    rival = []
    for name in () if missing is None else (*RIGHT, *OTHERS):
        told = missing.get(name.split("_")[0]) or rivals.run(f"with_{name}", years)
        if isinstance(told, str):
            print(f"  {name:22} skipped: {told}")
            continue
        print(line(name, told.years, told.whole, told.laws["gross"], truth, whole))
        if name in RIGHT:
            rival.append(told.whole)
    if rival:
        yield at_least(
            "W1 with all outputs, times faster than the best tool that draws the right model",
            min(rival) / whole,
            10,
            8.5,
        )


def of_w2(years: int, missing: dict[str, str] | None) -> Iterator[Promise]:
    """Print W2 for us, for the best tool that can be made to do it, for plain NumPy, and against the limit."""
    model, terms = loaded("w2")
    truth = exact_measures(model, terms)
    alone, whole, least = best(25, *ways(model, terms, years), limit.drawing(work(model, years)))
    events = work(model, years).calls
    print(f"\nW2, {years:,} years, {events:,} events: the same columns, on the gross loss")
    print(HEAD)
    print(line("egide", alone, whole, law_of(simulate(model, terms, years=years, seed=1)), truth, whole))
    print(
        f"  {'limit of sampling':22} {least:7.4f}         {least / whole:6.2f}   {least / events * 1e9:.1f} ns an event"
    )
    parameters = yaml.safe_load((EXAMPLES / "w2.yaml").read_text(encoding="utf-8"))
    yield at_most("W2, years and terms, times the limit of sampling", alone / least, 1.5)
    yield at_most("W2 with all outputs, times the limit of sampling", whole / least, 2.5, 2.7)
    for name, script, ours, goal in (
        ("rippy and glue", "with_rippy_w2", False, 20),
        ("plain NumPy", "with_numpy_w2", True, 18),
    ):
        if missing is None:
            continue
        told = (not ours and missing.get("rippy")) or rivals.run(script, years, parameters, ours=ours)
        if isinstance(told, str):
            print(f"  {name:22} skipped: {told}")
            continue
        print(line(name, told.years, told.whole, told.laws["gross"], truth, whole))
        yield at_least(f"W2, years and terms, times faster than {name}", told.years / alone, goal)


def of_w3(years: int) -> Iterator[Promise]:
    """Print W3, which no other tool expresses, against the limit; its memory when the years double."""
    model, terms = parts(w3.portfolio())
    needed = work(model, years)
    alone, whole, least = best(2, *ways(model, terms, years), limit.drawing(needed))
    print(
        f"\nW3, {years:,} years, {needed.calls:,} events and hits, {len(model.risks)} hospitals, {len(terms.policies)} groups"
    )
    print(
        f"  egide {alone:.2f} s for the years and the terms, {whole:.2f} s with all outputs; limit of sampling {least:.2f} s"
    )
    yield at_most("W3, years and terms, times the limit of sampling", alone / least, 2.0)
    small, large = (min(memory(each) for _ in range(2)) for each in (years // 2, years))
    print(f"  memory of a process: {small:.0f} MB for {years // 2:,} years, {large:.0f} MB for {years:,}")
    yield at_most("W3, memory for twice the years", large / small, 1.1)


def memory(years: int) -> float:
    """Return the peak megabytes of a process of its own that simulates W3."""
    done = subprocess.run(
        [sys.executable, __file__, "--memory", str(years)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    return float(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------------------------------------------------- precision
PRINTED = [("mean", "mean", None), *((f"{kind} {p}", kind, p) for kind in ("var", "tvar") for p in LEVELS)]
VAR99 = 2
LOSSES = ("gross", "retained", "ceded")
FINE = 2**20
"""Buckets of the exact way, whose bound must be small beside the error of many seeds."""
WIDE = 1.96
"""Standard errors on each side that a normal estimate leaves 5 times in 100."""
HELD = {"plain": 0.92, "stratified": 0.90}
"""How often bars must hold: the errors of strata come from 16 replicates, and a Student law says 93 % for them."""


def told(of: object) -> np.ndarray:
    """Return each printed measure of a law and its error."""
    read = [of.mean if p is None else getattr(of, kind)(p) for _, kind, p in PRINTED]
    return np.array([(each.value, each.error) for each in read])


def row(title: str, of: str, values: np.ndarray, form: str) -> str:
    """Return a line with a figure for each printed measure."""
    return f"  {title:32} {of:8} " + " ".join(f"{value:>{form}}" for value in values)


def of_seeds(seeds: int, years: int) -> Iterator[Promise]:
    """Print how far the mean of many seeds of W2 is from the exact value, plain and stratified, and what strata gain."""
    model, terms = loaded("w2")
    truth = exact(model, terms, buckets=FINE)
    print(f"\nW2, {seeds} seeds of {years:,} years: distance of their mean to the exact value, in its standard errors;")
    print("how often the 95 % error bars hold; standard deviation of a run in proportion to its mean")
    print(f"  {'':41} " + " ".join(f"{name:>10}" for name, _, _ in PRINTED))
    variance = {}
    for name, stratified in (("plain", False), ("stratified", True)):
        runs = [_drawn(model, terms, years, seed, stratified=stratified) for seed in range(seeds)]
        worst, inside = 0.0, []
        for of in LOSSES:
            drawn = np.array([told(getattr(run, of)) for run in runs])
            values, errors = drawn[:, :, 0], drawn[:, :, 1]
            variance[name, of] = values.var(0, ddof=1)
            spread = np.sqrt(variance[name, of])
            if law := getattr(truth, of):
                sought, bound = told(law).T
                apart = (values.mean(0) - sought) / (spread / seeds**0.5)
                worst = max(worst, float((np.abs(apart) - bound / (spread / seeds**0.5)).max()))
                held = (np.abs(values - sought) <= WIDE * errors + bound).mean(0)
                inside.append(float(held.mean()))
                print(row(f"{name}: distance", of, apart, "+10.1f"))
                print(row(f"{name}: bars that hold", of, held, "10.0%"))
            print(row(f"{name}: spread of a run", of, spread / values.mean(0), "10.2%"))
        yield at_most(f"W2 {name}, worst distance to the exact value in standard errors", worst, 3.0)
        yield at_least(f"W2 {name}, how often the 95 % error bars hold", min(inside), HELD[name], form=".1%")
    for of in LOSSES:
        print(row("variance, plain over stratified", of, variance["plain", of] / variance["stratified", of], "10.1f"))
    gain = variance["plain", "retained"] / variance["stratified", "retained"]
    yield at_least("W2, variance of the retained VaR99 divided by strata", float(gain[VAR99]), 10)
    plain, strata = best(25, *(partial(_drawn, model, terms, years, stratified=each) for each in (False, True)))
    yield at_most("W2, time of strata over plain draws", strata / plain, 1.15, 1.25)


def _drawn(model: Model, terms: Terms, years: int, seed: int, *, stratified: bool) -> Simulation:
    return simulate(model, terms, years=years, seed=seed, detail=False, stratified=stratified)


def of_digits() -> Iterator[Promise]:
    """Check that two threads give the digits of one."""
    for name, (model, terms), years in (("W2", loaded("w2"), 100_000), ("W3", parts(w3.portfolio()), 10_000)):
        with ThreadPoolExecutor(2) as two:
            found = [outputs(simulate(model, terms, years=years, seed=7, executor=each)) for each in (None, two)]
        same = found[0] == found[1]
        yield Promise(f"{name}, the same digits on one thread and two", str(same).lower(), same, same)


# -------------------------------------------------------------------------------------------------------------- start
IMPORT = """
import sys, time
start = time.perf_counter()
import egide.loss.model, egide.loss.terms, egide.loss.simulation, egide.loss.exact, egide.insurance.programme
print(time.perf_counter() - start, int("numba" in sys.modules or "scipy" in sys.modules))
"""
FIRST = """
import time
start = time.perf_counter()
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Model, Risk, Scenario
from egide.loss.severity import Lognormal
from egide.loss.simulation import simulate
one = Scenario("s", Poisson(0.4), (Amount("own", Lognormal(12.0, 1.6)),))
simulate(Model((Risk("r", (one,)),)), years=100_000)
print(time.perf_counter() - start, 0)
"""


def fresh(text: str) -> tuple[float, bool]:
    """Return the best of three processes that print their seconds, and whether they loaded what they should not."""
    found = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, check=True, env=environment()
        )
        seconds, heavy = done.stdout.split()
        found.append((float(seconds), bool(int(heavy))))
    return min(found)


def of_start() -> Iterator[Promise]:
    """Time the import and the first simulation of a process of its own, the compiled code being in its cache."""
    print()
    seconds, heavy = fresh(IMPORT)
    yield at_most("import, seconds", seconds, 0.5)
    yield Promise("import without Numba nor SciPy", "neither" if not heavy else "one of them", not heavy, not heavy)
    yield at_most("first simulation of a process, seconds", fresh(FIRST)[0], 3.0)


def main() -> int:
    if "--memory" in sys.argv:
        simulate(*parts(w3.portfolio()), years=int(sys.argv[-1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    quick = "--quick" in sys.argv
    missing = None if quick else rivals.installed()
    for name, reason in (missing or {}).items():
        print(f"{name} cannot be installed: {reason}")
    promises: list[Promise] = []
    for part in (
        of_w1(YEARS, missing),
        of_w2(YEARS, missing),
        of_w3(50_000 if quick else 100_000),
        of_seeds(100 if quick else 200, YEARS),
        of_digits(),
        of_start(),
    ):
        promises += part
    print("\nGoals and promises")
    for promise in promises:
        print(promise)
    print("promise kept" if all(each.kept for each in promises) else "PROMISE BROKEN")
    return 0 if all(each.kept for each in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
