"""What holds of every exact law: order, scale, sums, bounds; and what is refused."""

from dataclasses import replace
from math import inf, isclose, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.loss.duration import added, cost
from egide.loss.exact import exact
from egide.loss.exact.aggregate import Law
from egide.loss.exact.compound import Group, Kind, factors
from egide.loss.exact.grid import ROUNDING, Grid, fast_size, round_step
from egide.loss.exact.panjer import panjer
from egide.loss.faults import Unfit
from egide.loss.frequency import Binomial, Fixed, Frequency, NegativeBinomial, Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.moments import mean
from egide.loss.severity import (
    Constant,
    Discrete,
    Empirical,
    Gamma,
    GeneralisedPareto,
    Lognormal,
    Pert,
    Scaled,
    Severity,
    Spliced,
    Weibull,
)
from egide.loss.terms import HeadTerms, Layer, Policy, Retention, Terms
from loss.plain_terms import lost_days

BUCKETS = 2**11


def codes(error: pytest.ExceptionInfo[Unfit]) -> list[str]:
    return [finding.code for finding in error.value.findings]


FREQUENCIES: st.SearchStrategy[Frequency] = st.one_of(
    st.builds(Poisson, st.floats(0.01, 5)),
    st.builds(NegativeBinomial, st.floats(0.01, 5), st.floats(0.3, 5)),
    st.builds(Binomial, st.integers(0, 5), st.sampled_from([0.0, 0.1, 0.6, 1.0])),
    st.builds(Fixed, st.integers(0, 3)),
)
SEVERITIES: st.SearchStrategy[Severity] = st.one_of(
    st.builds(Lognormal, st.floats(0.1, 3), st.floats(0.2, 1.5)),
    st.builds(Gamma, st.floats(0.3, 4), st.floats(0.5, 9)),
    st.builds(Weibull, st.floats(0.6, 3), st.floats(0.5, 9)),
    st.builds(lambda width: Pert(1.0, 1.0 + width / 3, 1.0 + width), st.floats(0.5, 30)),
    st.builds(GeneralisedPareto, st.sampled_from([-0.3, 0.0, 0.1, 0.4]), st.floats(0.5, 9)),
    st.builds(lambda sigma: Spliced(Lognormal(1.0, sigma), 9.0, 0.1, GeneralisedPareto(0.3, 4.0)), st.floats(0.3, 1.5)),
    st.just(Empirical((1.0, 1.0, 2.5, 7.0))),
    st.just(Scaled(Discrete((0.0, 3.0), (0.25, 0.75)), 2.0)),
    st.builds(Constant, st.floats(0.1, 20)),
)


@st.composite
def scenarios(draw: st.DrawFn, name: str = "s") -> Scenario:
    heads = (
        Amount("own", draw(SEVERITIES), draw(st.sampled_from([0.0, 0.3, 1.0]))),
        Interruption("stop", draw(st.sampled_from([0.0, 0.7, 5.0])), longest=draw(st.sampled_from([inf, 4.0]))),
    )
    return Scenario(name, draw(FREQUENCIES), heads, draw(SEVERITIES))


def model(*given: Scenario, year_shape: float | None = None) -> Model:
    return Model((Risk("A", tuple(given), year_shape),))


def gross(*given: Scenario, year_shape: float | None = None) -> Law:
    found = exact(model(*given, year_shape=year_shape), buckets=BUCKETS).gross
    assert found is not None
    return found


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_the_mean_is_the_closed_form_and_the_grid_agrees_with_it(scenario: Scenario) -> None:
    law = gross(scenario)
    closed = mean(model(scenario))
    assert law.mean.value == pytest.approx(closed)
    assert law.tvar(0.0).value == pytest.approx(closed, rel=1e-6)
    inside = law.masses.told(lambda each: float((each * law.grid.amounts[:-1]).sum()))
    assert law.beyond < 1e-4
    slack = (1e-7 + 2 * law.beyond) * law.grid.end
    assert inside.down <= closed + slack
    assert inside.down <= inside.middle + slack
    assert inside.middle <= inside.up + slack


@settings(max_examples=25, deadline=None)
@given(scenarios("s"), scenarios("t"))
def test_independent_scenarios_add_means_and_variances_in_any_order(one: Scenario, other: Scenario) -> None:
    both, reverse = gross(one, other), gross(other, one)
    assert both.mean.value == pytest.approx(gross(one).mean.value + gross(other).mean.value)
    assert both.sd.value**2 == pytest.approx(gross(one).sd.value ** 2 + gross(other).sd.value ** 2)
    assert both.grid == reverse.grid
    for p in (0.1, 0.5, 0.9, 0.99):
        assert both.var(p).value == pytest.approx(reverse.var(p).value, rel=1e-6, abs=1e-6 * both.grid.end)


@settings(max_examples=25, deadline=None)
@given(scenarios(), st.sampled_from([0.01, 10.0, 1000.0]))
def test_another_currency_is_the_same_law(scenario: Scenario, rate: float) -> None:
    own, stop = scenario.heads
    assert isinstance(own, Amount)
    assert isinstance(stop, Interruption)
    heads = (replace(own, severity=Scaled(own.severity, rate)), replace(stop, daily=stop.daily * rate))
    here, there = gross(scenario), gross(replace(scenario, heads=heads))
    assert there.grid.step == pytest.approx(here.grid.step * rate) or there.mean.value == 0
    for p in (0.1, 0.5, 0.9, 0.99):
        told, other = here.var(p), there.var(p)
        assert abs(other.value / rate - told.value) <= 1e-5 * here.grid.end
        assert isclose(here.tvar(p).value, there.tvar(p).value / rate, rel_tol=1e-5, abs_tol=1e-9)


@settings(max_examples=25, deadline=None)
@given(scenarios(), st.floats(0.2, 5))
def test_a_common_factor_keeps_the_mean_and_widens_the_law(scenario: Scenario, shape: float) -> None:
    if not scenario.frequency.mixable:
        return
    plain, mixed = gross(scenario), gross(scenario, year_shape=shape)
    assert mixed.mean.value == pytest.approx(plain.mean.value)
    assert mixed.sd.value >= plain.sd.value * (1 - 1e-9)
    held = float((mixed.masses.middle * mixed.grid.amounts[:-1] ** 2).sum())
    assert held <= (mixed.sd.value**2 + mixed.mean.value**2) * (1 + 1e-3) + mixed.grid.step**2


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.integers(0, 99), st.integers(0, 99))
def test_measures_keep_their_order(scenario: Scenario, p: int, q: int) -> None:
    law = gross(scenario)
    low, high = sorted((p / 100, q / 100))
    tiny = 1e-6 * law.grid.end
    assert law.var(low).value <= law.var(high).value + tiny
    assert law.tvar(low).value <= law.tvar(high).value + tiny
    assert law.var(high).value <= law.tvar(high).value + tiny
    at = law.var(low)
    assert law.passed(at.value).value - law.passed(at.value).error <= 1 - low + 1e-9
    assert [each.value for each in law.exceedance([0.5, 0.1])] == [law.var(0.5).value, law.var(0.9).value]


def test_more_cover_pays_more_and_more_retention_less() -> None:
    one = model(Scenario("s", Poisson(0.8), (Amount("own", Lognormal(1.0, 1.2)),)))

    def ceded(limit: float, flat: float) -> float:
        terms = Terms((Policy("P", ("A",), (Layer("L", limit=limit),), Retention(flat=flat)),))
        found = exact(one, terms, buckets=BUCKETS).ceded_mean
        assert found is not None
        return found.value

    by_limit = [ceded(limit, 1.0) for limit in (2.0, 5.0, 20.0, 1e9, inf)]
    assert by_limit == sorted(by_limit)
    assert by_limit[3] == pytest.approx(by_limit[4], rel=1e-3)
    by_flat = [ceded(5.0, flat) for flat in (0.0, 1.0, 3.0, 20.0)]
    assert by_flat == sorted(by_flat, reverse=True)
    x, d = Lognormal(1.0, 1.2), 1.0
    assert by_limit[4] == pytest.approx(0.8 * (x.mean - x.limited(d)), rel=2e-3)


def test_a_limit_far_past_the_grid_still_bounds_the_mean_of_a_heavy_tail() -> None:
    heavy = model(Scenario("s", Poisson(0.01), (Amount("own", GeneralisedPareto(0.9, 1.0)),)))
    terms = Terms((Policy("P", ("A",), (Layer("L", limit=1e9, aggregate_limit=1e9),)),))
    found = exact(heavy, terms, buckets=2**12).ceded
    assert found is not None
    true = 0.01 * GeneralisedPareto(0.9, 1.0).limited(1e9)
    assert abs(found.mean.value - true) <= found.mean.error
    assert found.beyond > 0
    assert found.passed(1e8).value <= found.beyond
    with pytest.raises(Unfit) as error:
        found.var(1 - 1e-9)
    assert codes(error) == ["loss.beyond_grid"]


def test_infinite_moments_are_named_where_they_are_asked() -> None:
    heads = (Amount("own", GeneralisedPareto(1.2, 1.0)), Interruption("stop", 2.0))
    endless = Scenario("s", Poisson(0.5), heads, GeneralisedPareto(0.7, 1.0))
    found = exact(model(endless), Terms((Policy("P", ("A",), (Layer("L"),)),)), buckets=BUCKETS)
    for law in (found.gross, found.ceded):
        assert law is not None
        assert law.var(0.9).value > 0
        for measure in ("mean", "tvar"):
            with pytest.raises(Unfit) as error:
                _ = law.mean if measure == "mean" else law.tvar(0.9)
            assert codes(error) == ["loss.infinite_mean"]
            assert error.value.findings[0].place == "A.s.own"
        with pytest.raises(Unfit) as error:
            _ = law.sd
        assert codes(error) == ["loss.infinite_variance", "loss.infinite_variance"]
        assert [finding.place for finding in error.value.findings] == ["A.s.own", "A.s.duration"]
    assert found.gross_mean is None
    assert found.ceded_mean is None
    assert found.retained_mean is None
    with pytest.raises(Unfit) as error:
        mean(model(endless))
    assert codes(error) == ["loss.infinite_mean"]


def test_what_never_happens_has_no_infinite_mean() -> None:
    law = GeneralisedPareto(1.2, 1.0)
    heads = (Amount("own", law, 0.0), Interruption("stop", 0.0), Interruption("care", 2.0, longest=3.0))
    never = Scenario("t", Poisson(0.0), (Amount("own", law),))
    assert mean(model(Scenario("s", Poisson(1.0), heads, law), never)) == pytest.approx(2 * law.limited(3.0))
    assert gross(never).mean.value == 0
    assert gross(never).passed(0.0).value == pytest.approx(0.0, abs=1e-8)


def test_a_heavy_but_finite_mean_has_no_standard_deviation() -> None:
    law = gross(Scenario("s", Poisson(0.5), (Amount("own", GeneralisedPareto(0.7, 1.0)),)))
    assert law.mean.value == pytest.approx(0.5 / 0.3)
    with pytest.raises(Unfit) as error:
        _ = law.sd
    assert codes(error) == ["loss.infinite_variance"]


def test_the_mean_of_shocks_is_that_of_all_they_hit() -> None:
    hits = (
        Hit("A", (Amount("own", Gamma(2.0, 3.0), 0.5), Interruption("stop", 10.0, 0.5, 0.2)), Lognormal(0.0, 0.5)),
        Hit("B", (Interruption("stop", 10.0, longest=2.0),), Lognormal(0.0, 0.5)),
    )
    risks = (Risk("A", ()), Risk("B", ()))
    shock = Shock("cloud", Poisson(0.2), Lognormal(0.3, 1.0), hits)
    plain, both = Lognormal(0.3, 1.0), Lognormal(0.3, sqrt(1.25))
    by_hand = 0.2 * (3.0 + 5 * 1.1 * plain.mean * Lognormal(0.0, 0.5).mean + 10 * both.limited(2.0))
    assert mean(Model(risks, (shock,))) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"buckets": 7}, "loss.buckets"),
        ({"buckets": 2**25}, "loss.buckets"),
        ({"step": 0.0}, "loss.not_positive"),
        ({"step": float("nan")}, "loss.not_positive"),
    ],
)
def test_a_grid_that_is_none_is_refused(arguments: dict[str, float], code: str) -> None:
    with pytest.raises(Unfit) as error:
        exact(model(), **arguments)  # type: ignore[arg-type]
    assert codes(error) == [code]


def test_levels_and_amounts_that_are_none_are_refused() -> None:
    law = gross(Scenario("s", Poisson(0.5), (Amount("own", Constant(1.0)),)))
    for level in (1.0, -0.1, float("nan")):
        for ask in (law.var, law.tvar):
            with pytest.raises(Unfit) as error:
                ask(level)
            assert codes(error) == ["loss.level"]
    with pytest.raises(Unfit) as error:
        law.passed(float("nan"))
    assert codes(error) == ["loss.not_a_number"]
    assert law.passed(-1.0).value == 1
    assert law.passed(1e12).value == pytest.approx(0, abs=1e-5)


def test_a_contract_without_layer_or_member_pays_nothing() -> None:
    one = model(Scenario("s", Poisson(0.5), (Amount("own", Constant(1.0)),)))
    for policy in (Policy("P", ("A",), ()), Policy("P", (), (Layer("L"),))):
        found = exact(one, Terms((policy,)), buckets=BUCKETS)
        assert found.ceded is not None
        assert found.ceded.mean.value == 0
        assert found.retained_mean is not None
        assert found.retained_mean.value == pytest.approx(0.5)
    with pytest.raises(Unfit) as error:
        exact(one, Terms((Policy("P", ("Z",), ()),)))
    assert codes(error) == ["loss.unknown_risk"]


@given(
    st.floats(0, 30),
    st.floats(0, 20),
    st.floats(0, 20),
    st.sampled_from([0.0, 0.3, 2.0]),
    st.sampled_from([inf, 5.0]),
)
def test_a_broken_line_is_the_integral_of_the_activity_lost(
    days: float, start: float, more: float, recovery: float, longest: float
) -> None:
    head = Interruption("stop", 7.0, 0.4, recovery, longest)
    for begin, end in ((0.0, inf), (start, inf), (start, start + more)):
        line = cost(head, begin, end)
        expected = 7 * lost_days(head, days, begin, end)
        assert float(line.at(np.array([days]))[0]) == pytest.approx(expected, abs=1e-4)
        back = float(line.back(np.array([expected]))[0])
        assert back == inf or float(line.at(np.array([back]))[0]) == pytest.approx(expected, abs=1e-3)


@given(st.floats(0.5, 30), st.sampled_from([0.0, 1.0]), st.floats(0.5, 20))
def test_moments_of_a_broken_line_are_those_of_its_points(limit: float, recovery: float, end: float) -> None:
    law = Empirical((0.0, 0.5, 1.0, 2.0, 7.0, 30.0))
    heads = (Interruption("a", 2.0, recovery=recovery, longest=5.0), Interruption("b", 1.0, recovery=recovery))
    line = added([cost(head, 0.25, end) for head in heads])
    values = np.minimum(line.at(np.array(law.values)), limit)
    assert line.moment(1, law, limit) == pytest.approx(values.mean(), abs=1e-9)
    assert line.moment(2, law, limit) == pytest.approx((values**2).mean(), abs=1e-9)
    assert line.capped(limit).most <= max(limit, 0)
    assert line.reached <= max(end, 5.0)


def test_a_flat_piece_inside_a_line_is_kept() -> None:
    line = added([cost(Interruption("a", 2.0, longest=1.0)), cost(Interruption("b", 1.0), 2.0, inf)])
    assert line.at(np.array([1.0, 1.5, 2.0, 3.0])) == pytest.approx([2.0, 2.0, 2.0, 3.0])
    assert line.back(np.array([1.0, 2.0, 2.5])) == pytest.approx([0.5, 2.0, 2.5])
    assert float(line.back(np.array([np.nextafter(2.0, 0)]))[0]) == pytest.approx(1.0)
    assert line.reached == inf


@given(st.floats(1e-6, 1e12))
def test_a_round_step_is_just_above(least: float) -> None:
    step = round_step(least)
    assert least * (1 - 1e-8) <= step <= 2.6 * least
    assert any(isclose(step / 10.0**power % 1, 0, abs_tol=1e-9) for power in range(-9, 14))


@given(st.integers(1, 10**7))
def test_a_fast_size_has_small_factors(least: int) -> None:
    size = fast_size(least)
    assert least <= size < 1.25 * least + 4
    assert size % 2 == 0
    for prime in (2, 3, 5):
        while size % prime == 0:
            size //= prime
    assert size == 1


def test_aliasing_stays_below_what_is_told() -> None:
    # Half of the years pass the grid: what is below it must not feel them.
    claims = model(Scenario("s", Poisson(10.0), (Amount("own", Constant(1.0)),)))
    short = exact(claims, buckets=16, step=1.0).gross
    assert short is not None
    assert short.beyond == pytest.approx(0.0487, abs=1e-3)
    whole = panjer(Poisson(10.0), np.array([0.0, 1.0]), 16)
    assert np.abs(np.cumsum(short.masses.middle) - np.cumsum(whole)).max() <= short.aliasing


def test_a_grid_that_holds_no_event_at_all_says_so() -> None:
    short = exact(model(Scenario("s", Poisson(1.0), (Amount("own", Pert(100.0, 150.0, 200.0)),))), buckets=16, step=1.0)
    assert short.gross is not None
    assert short.gross.mean.value == pytest.approx(150)
    assert short.gross.beyond == pytest.approx(1 - np.exp(-1), abs=1e-6)
    assert short.gross.var(0.3).value == 0
    with pytest.raises(Unfit) as error:
        short.gross.var(0.5)
    assert codes(error) == ["loss.beyond_grid"]


def test_an_amount_off_the_grid_is_shared_by_its_neighbours() -> None:
    masses = Grid(1.0, 8).placed(np.array([0.0, 2.25, 9.0]), np.array([0.5, 0.4, 0.1]))
    assert masses.down == pytest.approx([0.5, 0, 0.4, 0, 0, 0, 0, 0])
    assert masses.middle == pytest.approx([0.5, 0, 0.3, 0.1, 0, 0, 0, 0])
    assert masses.up == pytest.approx([0.5, 0, 0, 0.4, 0, 0, 0, 0])


@pytest.mark.parametrize("shape", [0.2, 1.0, 30.0, 5000.0])
def test_factors_of_the_year_have_the_moments_of_their_law(shape: float) -> None:
    nodes, weights = factors(shape)
    assert weights.sum() == pytest.approx(1)
    assert (weights * nodes).sum() == pytest.approx(1)
    assert (weights * nodes**2).sum() == pytest.approx(1 + 1 / shape)
    assert (weights * np.exp(-nodes)).sum() == pytest.approx((1 + 1 / shape) ** -shape, rel=1e-6)


def test_the_variance_of_a_group_is_that_of_mixed_sums() -> None:
    # Given the factor g, negative binomial counts of mean 2 g and shape 4, amounts of mean 3 and variance 5.
    group = Group((Kind(NegativeBinomial(2.0, 4.0), 3.0, 5.0), Kind(Poisson(0.0), inf, inf)), 2.0)
    nodes, weights = factors(2.0)
    given = 2 * nodes * (5 + 9) + (2 * nodes) ** 2 / 4 * 9
    assert group.variance == pytest.approx((weights * (given + (6 * nodes) ** 2)).sum() - 36)
    assert Group((Kind(Poisson(1.0), inf, inf),)).variance == inf


MASSES = st.lists(st.integers(0, 9), min_size=2, max_size=12).filter(lambda given: sum(given) > 0)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.builds(Poisson, st.floats(0.01, 20)),
        st.builds(NegativeBinomial, st.floats(0.01, 9), st.floats(0.2, 9)),
        st.builds(Binomial, st.integers(1, 9), st.floats(0.01, 0.45)),
    ),
    MASSES,
)
def test_panjer_and_fourier_agree(frequency: Frequency, weights: list[int]) -> None:
    chances = np.array(weights) / sum(weights)
    grid = Grid(1.0, 2048)
    event = np.zeros(8192)  # so wide that what a widely spread frequency puts beyond does not come back as the start
    event[: len(chances)] = chances
    spectrum = np.fft.rfft(event)
    direct = np.fft.irfft(frequency.generating(spectrum), 8192)[:2048]
    recursive = panjer(frequency, chances, 2048)
    assert recursive == pytest.approx(direct, abs=1e-10)
    one = grid.spectra(grid.placed(np.arange(float(len(chances))), chances))
    damped = grid.masses(Group((Kind(frequency, 0.0, 0.0),)).generating([one])).middle
    assert np.abs(np.cumsum(damped) - np.cumsum(recursive)).max() < ROUNDING


@pytest.mark.parametrize(
    ("frequency", "masses", "code"),
    [
        (Fixed(2), [0.5, 0.5], "loss.not_panjer"),
        (Binomial(2, 0.75), [0.5, 0.5], "loss.not_panjer"),
        (Poisson(1e4), [0.0, 1.0], "loss.too_many_events"),
        (Poisson(1.0), [0.5, 0.6], "loss.masses"),
        (Poisson(1.0), [-0.5, 1.5], "loss.negative_mass"),
    ],
)
def test_panjer_refuses_what_it_cannot_do(frequency: Frequency, masses: list[float], code: str) -> None:
    with pytest.raises(Unfit) as error:
        panjer(frequency, np.array(masses), 8)
    assert codes(error) == [code]


def test_panjer_cuts_an_event_longer_than_its_answer() -> None:
    assert panjer(Poisson(log(2)), np.array([0.0, 0.5, 0.5]), 2) == pytest.approx([0.5, log(2) / 4])


def test_a_head_that_is_not_covered_is_not_ceded() -> None:
    heads = (Amount("own", Constant(4.0)), Interruption("stop", 2.0))
    one = model(Scenario("s", Poisson(0.5), heads, Constant(3.0)))
    terms = Terms((Policy("P", ("A",), (Layer("L"),), heads={"own": HeadTerms(0.5, 1.5)}, other_heads=None),))
    found = exact(one, terms, buckets=BUCKETS, step=0.25).ceded_mean
    assert found is not None
    assert found.value == pytest.approx(0.75)
