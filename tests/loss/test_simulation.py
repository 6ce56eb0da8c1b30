"""The simulation as its callers see it: the same digits everywhere, bad input, edges, progress, import and cache."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from math import isfinite
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree, ignore_patterns

import numpy as np
import pytest

import egide
from egide.errors import Cancelled
from egide.loss import kernel, simulation, task
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, Discrete, Lognormal, Pert
from egide.loss.simulation import Simulation, ready, simulate, warm
from egide.loss.terms import Layer, Policy, Terms
from egide.message import message
from loss.busy import DAYS, GROUP, PORTFOLIO, STOP, SUPPLIER, TERMS, A, B, C, D, one, yearly
from loss.histogram import curve
from loss.test_layout import shuffled
from loss.test_model import refused

YEARS = 30_000


YEARS_ASIDE = 5_000


def digits(value):
    """Return all that a simulation says, down to the last bit."""
    if is_dataclass(value):
        return tuple(digits(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(map(digits, value))
    return sorted(value.items()) if isinstance(value, dict) else repr(value)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "stratified"])
def stratified(request) -> bool:
    return request.param


@pytest.fixture(scope="module")
def reference(stratified) -> Simulation:
    return simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified)


# ------------------------------------------------------------------------------------------------------ the same digits
def test_the_same_call_gives_the_same_digits_and_another_seed_others(reference, stratified):
    again, other = (simulate(PORTFOLIO, TERMS, years=YEARS, seed=seed, stratified=stratified) for seed in (7, 8))
    assert digits(again) == digits(reference)
    assert digits(other.gross) != digits(reference.gross)


def test_the_order_of_what_is_given_does_not_change_a_digit(reference, stratified):
    for seed in (0, 1):
        found = simulate(*shuffled(PORTFOLIO, TERMS, seed), years=YEARS, seed=7, stratified=stratified)
        assert digits(found) == digits(reference)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_change_a_digit(reference, stratified, threads, monkeypatch):
    monkeypatch.setattr(simulation, "EVENTS_OF_A_TASK", 1)
    alone = simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified)
    with ThreadPoolExecutor(threads) as executor:
        found = simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified, executor=executor)
    assert digits(found) == digits(alone)


@pytest.mark.long
def test_processes_do_not_change_a_digit(reference, stratified):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified, executor=executor)
    assert digits(found) == digits(reference)


def test_how_years_are_cut_into_tasks_changes_roundings_only(reference, stratified, monkeypatch):
    monkeypatch.setattr(simulation, "EVENTS_OF_A_TASK", 1)
    found = simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified)
    for cut, whole in ((found.gross, reference.gross), (found.events, reference.events)):
        assert cut.most == whole.most
        assert cut.mean.value == pytest.approx(whole.mean.value, rel=1e-12)
        for level in (0.5, 0.9, 0.99, 0.995):
            assert cut.var(level).value == pytest.approx(whole.var(level).value, rel=1e-4)
            assert cut.tvar(level).value == pytest.approx(whole.tvar(level).value, rel=1e-6)
    for cut, whole in zip(found.scenarios, reference.scenarios, strict=True):
        assert cut.gross.value == pytest.approx(whole.gross.value, rel=1e-12)
        assert cut.tail[0.99].value == pytest.approx(whole.tail[0.99].value, rel=1e-9)


def test_detail_changes_no_law(reference, stratified):
    found = simulate(PORTFOLIO, TERMS, years=YEARS, seed=7, stratified=stratified, detail=False)
    for name in ("gross", "retained", "ceded", "policies", "of_risks"):
        assert digits(getattr(found, name)) == digits(getattr(reference, name))
    assert found.scenarios == found.risks == found.heads == ()
    assert found.events.most == 0


def test_the_law_of_one_head_is_kept_aside_for_each_risk():
    others = tuple(
        replace(risk, scenarios=tuple(replace(s, heads=tuple(h for h in s.heads if h == STOP)) for s in risk.scenarios))
        for risk in (A, C, D)
    )
    run = simulate(
        Model((A, C, D)), Terms((replace(GROUP, members=("A",)),)), years=YEARS_ASIDE, aside="stop", detail=False
    )
    alone = simulate(Model(others), beside=(Terms((replace(GROUP, members=("A",)),)),), years=YEARS_ASIDE, detail=False)
    assert [each.slices.tolist() for each in run.aside] == [each.slices.tolist() for each in alone.of_risks]
    assert run.aside[0].mean.value > 0
    assert len(run.aside[2].slices) == 1
    whole = simulate(Model((A, C, D)), Terms((replace(GROUP, members=("A",)),)), years=YEARS_ASIDE, detail=False)
    assert digits(replace(run, aside=())) == digits(whole)


def test_the_law_of_a_head_counts_what_shocks_cost_and_needs_no_other_risk():
    run = simulate(PORTFOLIO, TERMS, years=YEARS_ASIDE, aside="slow", detail=False)
    assert [each.mean.value > 0 for each in run.aside] == [
        False,
        False,
        True,
        True,
    ]  # C, A, B, D: in the order of contracts
    assert len(simulate(Model((A,)), years=YEARS_ASIDE, aside="stop").aside) == 1


def test_a_head_that_is_not_there_cannot_be_kept_aside():
    assert refused(lambda: simulate(PORTFOLIO, years=100, aside="stops")) == [("loss.unknown_head", "aside", "stops")]


def test_years_are_those_of_their_blocks_whatever_their_number():
    blocks = [yearly(Model((C,)), seed=3, block=block)[0] for block in range(3)]
    for years in (100, 4096, 9_000, 12_000):
        found, expected = simulate(Model((C,)), years=years, seed=3).gross, curve(np.concatenate(blocks)[:years])
        assert found.slices[:, 0].sum() == years
        assert found.most == expected.most
        assert found.mean.value == pytest.approx(expected.mean.value, rel=1e-12)
        for level in (0.5, 0.9, 0.99):
            assert found.var(level).value == pytest.approx(expected.var(level).value, rel=1 / 256)
            assert found.tvar(level).value == pytest.approx(expected.tvar(level).value, rel=1e-4)


def test_another_risk_or_scenario_does_not_change_the_draws_of_the_first():
    alone, both = (simulate(Model(risks), years=YEARS, seed=7) for risks in ((A,), (A, B)))
    found = next(share for share in both.risks if share.name == "A")
    assert found.gross.value == pytest.approx(alone.gross.mean.value, rel=1e-12)


# ------------------------------------------------------------------------------------------------------------- currency
def scaled(factor: float) -> tuple[Model, Terms]:
    heads = (
        Amount("own", Pert(1e3, 8e3, 9e4).scaled(factor)),
        Amount("claim", Lognormal(9.0, 1.2).scaled(factor), 0.4),
        Amount("fine", Discrete((5e3, 5e4), (0.9, 0.1)).scaled(factor), 0.7),
        Interruption("stop", 9e3 * factor),
    )
    policy = Policy("p", ("a",), (Layer("l", 5e3 * factor, 5e4 * factor),))
    return Model((Risk("a", (Scenario("s", Poisson(1.2), heads, Lognormal(0.5, 0.9)),)),)), Terms((policy,))


@pytest.mark.parametrize(("factor", "near"), [(1024.0, 1e-10), (0.87, 1e-10), (655.957, 1e-10)])
def test_another_currency_gives_the_same_years(factor, near):
    here, there = (simulate(*scaled(each), years=YEARS, seed=4) for each in (1.0, factor))
    for one_law, other in ((here.gross, there.gross), (here.retained, there.retained), (here.ceded, there.ceded)):
        assert other.mean.value == pytest.approx(factor * one_law.mean.value, rel=near)
        assert other.most == pytest.approx(factor * one_law.most, rel=near)
        for level in (0.5, 0.9, 0.99, 0.995):
            fine = near if factor == 1024 else 1e-3
            assert other.var(level).value == pytest.approx(factor * one_law.var(level).value, rel=fine)
            assert other.tvar(level).value == pytest.approx(factor * one_law.tvar(level).value, rel=fine / 10)


def test_a_power_of_two_scales_every_digit_where_no_logarithm_stands_between():
    def years(factor):
        heads = (Amount("own", Pert(1e3, 8e3, 9e4).scaled(factor)), Interruption("stop", 9e3 * factor))
        return simulate(Model((Risk("a", (Scenario("s", Poisson(1.2), heads, Lognormal(0.5, 0.9)),)),)), years=YEARS)

    here, there = years(1.0), years(8.0)
    assert np.array_equal(here.gross.slices[1:] * [1, 8, 8, 8], there.gross.slices[1:])
    assert there.gross.var(0.99).value == 8 * here.gross.var(0.99).value


# ----------------------------------------------------------------------------------------------------------- accounting
def test_gross_is_what_is_kept_and_what_is_ceded_in_every_part(reference):
    run = reference
    for shares in (run.scenarios, run.risks, run.heads):
        assert sum(each.gross.value for each in shares) == pytest.approx(run.gross.mean.value)
        assert sum(each.ceded.value for each in shares) == pytest.approx(run.ceded.mean.value)
        assert sum(each.retained for each in shares) == pytest.approx(run.retained.mean.value)
    assert sum(each.ceded.value for each in run.layers) == pytest.approx(run.ceded.mean.value)
    for name in ("gross", "retained", "ceded"):
        laws = [getattr(each, name) for each in run.policies]
        assert sum(law.mean.value for law in laws) == pytest.approx(getattr(run, name).mean.value)
    assert [each.name for each in run.policies] == ["alone", "group", ""]
    assert [(each.policy, each.name) for each in run.layers] == [
        ("alone", "only"),
        ("group", "first"),
        ("group", "second"),
    ]
    assert next(each for each in run.heads if each.name == "fine").ceded == Estimate(0.0)
    for law, share in zip(run.of_risks, run.risks, strict=True):
        assert law.mean.value == pytest.approx(share.gross.value)
    assert run.events._mean == pytest.approx(run.gross.mean.value)


def test_parts_of_the_worst_years_sum_to_their_mean(reference):
    for level in simulation.TAIL_LEVELS:
        for shares in (reference.scenarios, reference.risks):
            parts = [share.tail[level] for share in shares]
            assert sum(part.value for part in parts) == pytest.approx(reference.gross.tvar(level).value, rel=1e-9)
            assert all(part.error > 0 for part in parts)
    assert all(share.tail == {} for share in reference.heads)


def test_every_figure_is_finite(reference):
    def numbers(value):
        if isinstance(value, Curve):
            measures = [
                value.mean,
                value.sd,
                value.var(0.99),
                value.tvar(0.99),
                value.passed(1e5),
                *value.exceedance([1e-3]),
            ]
            return [number for each in measures for number in numbers(each)]
        if is_dataclass(value):
            return [number for each in fields(value) for number in numbers(getattr(value, each.name))]
        if isinstance(value, tuple | dict):
            return [
                number for each in (value.values() if isinstance(value, dict) else value) for number in numbers(each)
            ]
        return [value] if isinstance(value, float) else []

    found = numbers(reference)
    assert len(found) > 100
    assert all(isfinite(number) for number in found)


# ---------------------------------------------------------------------------------------------------------------- edges
def alone(frequency, severity=Constant(1.0), **more) -> Model:
    return Model((Risk("a", (Scenario("s", frequency, (Amount("own", severity, **more),)),)),))


NOTHING = [
    Model(()),
    Model((Risk("a", ()),)),
    Model((Risk("a", ()), Risk("b", ()))),
    alone(Poisson(0.0)),
    alone(NegativeBinomial(0.0, 2.0)),
    alone(Binomial(3, 0.0)),
    alone(Fixed(0)),
    alone(Poisson(5.0), Constant(0.0)),
    alone(Poisson(5.0), probability=0.0),
    Model((Risk("a", (Scenario("s", Poisson(2.0), ()),), 1.5),)),
    Model((Risk("a", ()),), (Shock("s", Poisson(0.0), Constant(1.0), (Hit("a", (STOP,)),)),)),
    Model((Risk("a", ()),), (Shock("s", Fixed(1), Constant(1.0), ()),)),
    Model((Risk("a", ()),), (Shock("s", Fixed(1), Constant(0.0), (Hit("a", (STOP,)),)),)),
]


@pytest.mark.parametrize("model", NOTHING)
def test_years_without_loss(model, stratified):
    run = simulate(model, years=5_000, stratified=stratified)
    for law in (run.gross, run.retained, run.ceded):
        assert law.slices[:, 0].sum() == 5_000
        for told in (law.mean, law.sd, law.var(0.99), law.tvar(0.99), law.passed(0.0), *law.exceedance([0.1])):
            assert told.value == 0
            assert isfinite(told.error)
    for share in (*run.scenarios, *run.risks, *run.heads):
        assert share.gross == share.ceded == Estimate(0.0)
        assert all(part == Estimate(0.0) for part in share.tail.values())


@pytest.mark.parametrize("years", [100, 101, 4095, 4096, 4097, 70_000])
def test_any_number_of_years(years, stratified):
    run = simulate(alone(Fixed(2), Constant(3.0)), years=years, stratified=stratified)
    assert run.years == years
    assert run.gross.slices[:, :3].tolist() == [[years, 6 * years, 6]]
    assert run.events.slices[:, :3].tolist() == [[2 * years, 6 * years, 3]]
    assert sum(part.years for part in run.gross.replicates) in {0, years}
    for law in (run.gross, run.events):
        assert law.var(0.5).error == 0
    assert run.gross.mean == Estimate(6.0, 0.0)
    assert run.scenarios[0].gross.value == 6
    assert run.scenarios[0].tail[0.995].value == pytest.approx(6)


@pytest.mark.parametrize(
    "frequency",
    [Poisson(300.0), NegativeBinomial(300.0, 2.0), NegativeBinomial(3.0, 0.01), Fixed(20), Binomial(40, 0.5)],
)
def test_many_events_a_year(frequency, stratified):
    run = simulate(alone(frequency, Constant(2.0)), years=5_000, seed=1, stratified=stratified, detail=False)
    assert run.gross.mean.value == pytest.approx(2 * frequency.mean, abs=8 * np.sqrt(frequency.variance / 4_000) + 1e-9)


def test_many_events_in_years_that_differ_and_in_shocks():
    crowd = Model(
        (Risk("a", (Scenario("s", Poisson(40.0), (Amount("own", Constant(1.0)),)),), 0.5),),
        (Shock("t", Poisson(30.0), Constant(1.0), (Hit("a", (Interruption("stop", 1.0),)),)),),
    )
    found = simulate(crowd, years=4_096, detail=False).gross
    assert found.mean.value == pytest.approx(70, abs=4 * np.sqrt((40 + 40**2 / 0.5 + 30) / 4_096))


def test_one_executor_serves_a_run_of_one_task():
    with ThreadPoolExecutor(1) as executor:
        found = simulate(alone(Poisson(1.0)), years=100, executor=executor)
    assert digits(found) == digits(simulate(alone(Poisson(1.0)), years=100))


# ------------------------------------------------------------------------------------------------------------ bad input
@pytest.mark.parametrize("years", [0, 99, -1, 2**32 + 1, 10**30, float("nan"), float("inf")])
def test_years_without_meaning(years):
    assert refused(lambda: simulate(alone(Poisson(1.0)), years=years)) == [("loss.years", "years", str(years))]


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seeds_without_meaning_and_all_faults_at_once(seed):
    assert refused(lambda: simulate(alone(Poisson(1.0)), years=100, seed=seed)) == [("loss.seed", "seed", str(seed))]
    assert len(refused(lambda: simulate(alone(Poisson(1.0)), years=1, seed=seed))) == 2


def test_terms_on_a_risk_that_is_not_there():
    terms = Terms((replace(GROUP, members=("A", "nowhere")),))
    assert refused(lambda: simulate(Model((A,)), terms, years=100)) == [
        ("loss.unknown_risk", "group.members", "nowhere")
    ]


def test_a_stratified_run_that_would_not_fit_in_memory():
    risks = tuple(replace(C, name=str(i)) for i in range(65))
    found = refused(lambda: simulate(Model(risks), years=2**32, stratified=True))
    assert found == [("loss.stratified_size", "stratified", str(65 * 2**20))]


def test_amounts_that_histograms_would_not_tell_apart():
    found = refused(lambda: simulate(alone(Binomial(1, 0.25), Constant(2e13)), years=100_000, seed=3, detail=False))
    assert [each[:2] for each in found] == [("loss.too_large", "severity")]
    assert float(found[0][2]) == pytest.approx(0.25, abs=0.01)
    rare = simulate(alone(Binomial(1, 1e-4), Constant(2e13)), years=100_000, seed=3, detail=False).gross
    assert rare.most == 2e13
    assert simulate(alone(Fixed(1), Constant(1.7e13)), years=100).gross.var(0.5).value == pytest.approx(1.7e13)


def test_a_seed_of_64_bits_serves_a_stratified_run():
    high, other = (simulate(Model((C,)), years=9_000, seed=2**64 - k, stratified=True) for k in (1, 2))
    assert high.gross.mean.value != other.gross.mean.value
    assert high.gross.mean.value == pytest.approx(other.gross.mean.value, rel=0.2)


def test_counts_of_a_stratified_run_are_planned_for_each_stream_and_block():
    layout, _ = simulation.laid_out(Model((A, B, C, D), (SUPPLIER,)), Terms())
    given = simulation._planned(layout, [(0, 40), (40, 80)], 4096, 5)
    own, hits, frequencies = layout.entry_first[-1], len(layout.streams), layout.frequencies
    counts, places = given[..., 0], given[..., 1]
    assert counts.shape == (80, hits + 1)
    assert places.min() >= 0
    for at in range(own):
        fixed = frequencies[at, 0] < 2 and not layout.year_shapes[layout.risk[at]]
        assert np.all(counts[:, at] >= 0) if fixed else np.all(counts[:, at] == -2)
    for first, last in ((0, 40), (40, 80)):
        assert abs(counts[first:last, hits].sum() - 0.2 * 4096 * 40) < 1
        # Events follow one another, those of the risks hit as those of the shock.
        for at in range(own, hits + 1):
            assert np.array_equal(np.diff(places[first:last, at]), counts[first : last - 1, hits])
    assert len({*places[0], *places[40]}) == 2 * (hits + 1)
    assert counts[:, hits].std() == pytest.approx(np.sqrt(0.2 * 4096), rel=0.4)


def test_counts_that_no_law_fixes_leave_each_block_a_sequence_of_its_own():
    layout, _ = simulation.laid_out(Model((B,)), Terms())
    given = simulation._planned(layout, [(0, 3), (3, 5)], 4096, 5)
    assert np.all(given[..., 0] == -2)
    assert len(set(given[..., 1].ravel())) == given[..., 1].size


@pytest.mark.parametrize("shape", [1e-3, 0.7, 1e9])
def test_blocks_share_the_events_of_a_negative_binomial_law_as_chance_would(shape):
    layout, _ = simulation.laid_out(alone(NegativeBinomial(1.0, shape)), Terms())
    groups = [(first, min(first + 40, 1_990)) for first in range(0, 1_990, 40)]
    counts = simulation._planned(layout, groups, 4096, 5)[:, 0, 0]
    for first, last in groups:
        assert abs(counts[first:last].sum() - 4096 * (last - first)) < 1
    # The total of a group being fixed takes one part in forty of the variance.
    assert counts.var() == pytest.approx(4096 * (1 + 1 / shape) * 39 / 40, rel=0.3 if shape > 0.1 else 0.6)


# ---------------------------------------------------------------------------------------------------- progress, cancel
def test_progress_is_told_step_by_step(stratified, monkeypatch):
    monkeypatch.setattr(simulation, "EVENTS_OF_A_TASK", 1)
    for threads in (None, 2):
        told: list[tuple[int, int]] = []
        executor = ThreadPoolExecutor(threads) if threads else None
        simulate(
            Model((C,)),
            years=50_000,
            executor=executor,
            stratified=stratified,
            progress=lambda done, total, told=told: told.append((done, total)),
        )
        if executor:
            executor.shutdown()
        assert told == [(done, 13) for done in range(1, 14)]


def test_cancelling_leaves_nothing_to_run(monkeypatch):
    monkeypatch.setattr(simulation, "EVENTS_OF_A_TASK", 1)
    submitted = []
    stopped = threading.Event()

    class Watched(ThreadPoolExecutor):
        """Hold its fourth task until all is stopped, so that those behind it have not begun."""

        def submit(self, function, *args):
            if len(submitted) == 3:
                submitted.append(super().submit(stopped.wait, 30))
            else:
                submitted.append(super().submit(function, *args))
            return submitted[-1]

    def stop(done, total):
        if done == 3:
            raise Cancelled(message("Arrêté."))

    with pytest.raises(Cancelled):
        simulate(Model((C,)), years=1_000_000, progress=stop)
    with Watched(1) as executor:
        with pytest.raises(Cancelled):
            simulate(Model((C,)), years=1_000_000, executor=executor, progress=stop)
        stopped.set()
        assert 3 + 20 < len(submitted) <= 3 + 32
    assert all(each.done() for each in submitted)
    assert [each.cancelled() for each in submitted] == [False] * 4 + [True] * (len(submitted) - 4)


# --------------------------------------------------------------------------------------------------------- kept arrays
def in_a_new_thread(*args, **options) -> Simulation:
    """Return a run of a thread that has kept nothing."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(simulate, *args, **options).result()


def test_what_a_thread_worked_on_before_changes_no_digit(monkeypatch, stratified):
    monkeypatch.setattr(simulation, "EVENTS_OF_A_TASK", 1)
    crowd = alone(Poisson(9.0), Lognormal(3.0, 2.0))
    runs = [
        ((PORTFOLIO, TERMS), {"detail": True}),
        ((PORTFOLIO, TERMS), {"detail": False, "aside": "stop"}),
        (one(C), {"detail": True}),
        ((crowd,), {"detail": True}),
        ((crowd,), {"detail": False}),
    ]
    for _ in range(2):
        for args, more in runs:
            options = {"years": 9_000, "stratified": stratified} | more
            assert digits(simulate(*args, **options)) == digits(in_a_new_thread(*args, **options))


def test_what_a_thread_keeps_is_empty_and_bounded():
    def kept():
        for mean in (0.5, 1.0, 40.0):
            simulate(alone(Poisson(mean), Lognormal(5.0, 1.0)), years=5_000)
        simulate(PORTFOLIO, TERMS, years=5_000)
        simulate(Model(tuple(replace(C, name=str(i)) for i in range(200))), years=100)
        return list(vars(task._kept).values())

    with ThreadPoolExecutor(1) as executor:
        found = executor.submit(kept).result()
    assert len(found) == task.KEPT_SPACES
    for space in found:
        assert space.size <= task.LARGEST_KEPT
        assert not any(getattr(space.out, key)[..., : -task.SINKS, :].any() for key in task.HISTOGRAMS)
        assert not any(getattr(space.out, key).any() for key in (*task.SUMS, "tail_count", "tail"))


@pytest.mark.parametrize("failure", [MemoryError, KeyboardInterrupt])
def test_a_task_that_fails_leaves_nothing_for_the_next(monkeypatch, failure):
    run = kernel.run

    def fails(*given):
        assert run(*given)
        raise failure

    model = alone(Poisson(2.0), Lognormal(5.0, 1.0))
    expected = digits(simulate(model, years=9_000))
    with monkeypatch.context() as broken:
        broken.setattr(kernel, "run", fails)
        with pytest.raises(failure):
            simulate(model, years=9_000, seed=1)
    assert digits(simulate(model, years=9_000)) == expected


def test_a_pool_found_too_small_half_way_leaves_nothing():
    model = Model(
        (
            Risk(
                "a",
                (
                    Scenario("few", Poisson(1.0), (Amount("own", Constant(2.0)),)),
                    Scenario("many", Fixed(9), (Amount("own", Constant(1.0)),)),
                ),
            ),
        )
    )
    first, again = (simulate(model, years=9_000) for _ in range(2))
    assert digits(first) == digits(again)
    assert first.gross.slices[:, 0].sum() == 9_000


# ------------------------------------------------------------------------------------------------------ import, warming
def python(code: str, *path: Path) -> str:
    """Run a line in a fresh process, with a package of its own."""
    run = [sys.executable, "-c", code]
    environment = {"PYTHONPATH": ":".join(map(str, path)), "PATH": ""}
    return subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stdout.strip()


def test_importing_the_engine_loads_neither_numba_nor_scipy():
    modules = "egide.loss, egide.loss.simulation, egide.loss.exact, egide.loss.terms, sys"
    assert python(f"import {modules}; print({{'numba', 'llvmlite', 'scipy'}} & set(sys.modules))") == "set()"


def test_all_that_is_compiled_stands_in_one_module():
    root = Path(egide.__file__).parent
    users = [
        path for path in root.rglob("*.py") if "import numba" in path.read_text() or "from numba" in path.read_text()
    ]
    assert {path.relative_to(root).as_posix() for path in users} == {"loss/kernel.py"}


def test_warming_makes_ready():
    warm()
    assert ready()


ONE = (
    "from egide.loss.simulation import *; from egide.loss.model import *; from egide.loss.frequency import Fixed;"
    "from egide.loss.severity import Constant;"
    "m = Model((Risk('a', (Scenario('s', Fixed(2), (Amount('own', Constant(3.0)),)),)),));"
    "print(ready(), simulate(m, years=100).gross.mean.value, ready())"
)


@pytest.mark.long
def test_an_edited_callee_is_never_read_from_the_cache(tmp_path):
    simulate(alone(Poisson(1.0)), years=100)
    copytree(Path(egide.__file__).parent, tmp_path / "egide", ignore=ignore_patterns("web", "*.pyc"))
    assert any((tmp_path / "egide" / "loss" / "__pycache__").glob("kernel.run-*.nbc"))
    assert python(ONE, tmp_path) == "False 6.0 False"
    kernel = tmp_path / "egide" / "loss" / "kernel.py"
    line = "        room[GROSS, i] += amount\n"
    assert kernel.read_text().count(line) == 1
    kernel.write_text(kernel.read_text().replace(line, line.replace("amount", "2 * amount")))
    assert python(ONE, tmp_path) == "False 12.0 False"


def test_parts_of_an_error_are_told_for_a_portfolio_without_terms():
    run = simulate(Model((A, B), (replace(SUPPLIER, hits=SUPPLIER.hits[:2]),)), years=10_000)
    assert [each.name for each in run.policies] == [""]
    assert run.ceded.mean == Estimate(0.0)
    assert run.policies[0].gross.mean.value == pytest.approx(run.gross.mean.value)
    assert simulate(*one(C), years=10_000).policies[0].name == "group"


@pytest.mark.parametrize("members", [(), ("A",), ("A", "B", "C")])
def test_a_shock_is_one_event_for_all_that_it_hits_however_they_are_insured(members, stratified):
    heads = (Amount("own", Constant(100.0)),)
    shock = Shock("panne", Fixed(1), Constant(1.0), tuple(Hit(name, heads) for name in "ABC"))
    own = Scenario("propre", Fixed(1), (Amount("own", Constant(10.0)),))
    model = Model((Risk("A", (own,)), Risk("B", ()), Risk("C", ())), (shock,))
    terms = Terms((Policy("P", members, (Layer("L", limit=50.0),)),)) if members else Terms()
    events = simulate(model, terms, years=5000, stratified=stratified).events
    assert events.passed(0.0).value == pytest.approx(2.0)
    assert events.passed(10.0).value == pytest.approx(1.0)
    assert events.most == 300.0


def test_what_a_shock_costs_each_is_independent_in_a_stratified_run_too():
    """Hits stand in the same places as their shock: with the same steps, their amounts would follow one another."""
    amount = Amount("own", Discrete((1.0, 100.0), (0.5, 0.5)))
    model = Model(
        tuple(Risk(each, ()) for each in "AB"),
        (Shock("one", Poisson(1.0), DAYS, tuple(Hit(each, (amount,)) for each in "AB")),),
    )
    for seed in range(4):
        both = simulate(model, years=100_000, seed=seed, stratified=True).events.passed(150.0).value
        assert both == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("frequency", [Poisson(1.0), NegativeBinomial(1.0, 0.5), Binomial(1, 0.9)])
def test_heads_past_those_that_sequences_fill_are_drawn(frequency):
    heads = tuple(Amount(f"{number:02d}", Discrete((1.0, 2.0), (0.5, 0.5))) for number in range(12))
    model = Model((Risk("a", (Scenario("s", frequency, heads),)),))
    run = simulate(model, years=100_000, seed=3, stratified=True)
    assert [each.gross.value for each in run.heads] == pytest.approx([1.5 * frequency.mean] * 12, rel=0.02)
    # Twelve independent halves: an event costs 18 on average, with a variance of 3.
    told = frequency.mean * 3 + frequency.variance * 18**2
    assert run.gross.sd.value == pytest.approx(np.sqrt(told), rel=0.02)
    events = run.events.slices
    spread = (events[:, 1] ** 2 / events[:, 0]).sum() / events[:, 0].sum() - 18**2
    assert spread == pytest.approx(3, abs=0.15)


def test_runs_of_the_same_years_tell_the_same_gross(stratified):
    low, high = (Terms((Policy("P", ("A",), (Layer("L", limit=limit),)),)) for limit in (70_000.0, 1e6 + 1))
    runs = [
        simulate(PORTFOLIO, terms, years=20_000, stratified=stratified, beside=(low, high)) for terms in (low, high)
    ]
    assert runs[0].gross.slices.tobytes() == runs[1].gross.slices.tobytes()
    assert runs[0].ceded.mean.value < runs[1].ceded.mean.value
