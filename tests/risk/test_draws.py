import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from egide.risk.draws import MOST_KEPT, draw, drawn, uniforms
from egide.risk.parameter import Kind
from worlds import LIBRARY, draws

GRID = (np.arange(20_000) + 0.5) / 20_000


def test_the_stream_of_a_parameter_does_not_depend_on_the_count():
    few, many = drawn(LIBRARY, count=16), draws()
    assert list(few) == list(many)
    assert len(few) == len(LIBRARY.parameters)
    for name in few:
        assert few[name].tobytes() == many[name][:16].tobytes(), name


def test_nor_on_the_parameters_beside_it():
    kept = {name: LIBRARY[name] for name in ("H01.days", "effect.hard", "national.declared")}
    alone = drawn(replace(LIBRARY, parameters=MappingProxyType(kept)), count=16)
    for name in kept:
        assert alone[name].tobytes() == draws()[name][:16].tobytes()


def test_same_seed_same_bytes_another_seed_other_draws():
    again = drawn(LIBRARY, count=32, seed=2026)
    other = drawn(LIBRARY, count=32, seed=7)
    assert all(again[name].tobytes() == draws()[name].tobytes() for name in again)
    assert not np.array_equal(other["H01.days"], draws()["H01.days"])


def test_a_changed_interval_moves_a_draw_and_keeps_its_luck():
    changed = drawn(LIBRARY.overridden({"H01.days": {"value": "42", "low": "26", "high": "68"}}), count=32)
    np.testing.assert_allclose(changed["H01.days"], 2 * draws()["H01.days"], rtol=1e-12)
    assert changed["H02.days"].tobytes() == draws()["H02.days"].tobytes()


def test_draws_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        draws()["H01.days"][0] = 1.0


def test_uniforms_are_inside_and_even():
    u = uniforms(2026, "some id", 20_000)
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(u, uniforms(2026, "some other id", 20_000))[0, 1]) < 0.03


@pytest.mark.parametrize("name", ["H01.days", "H01.own", "effect.hard", "frequency.shape"])
def test_what_is_written_is_what_is_drawn(name):
    parameter = LIBRARY[name]
    low, high = (float(each) for each in parameter.interval)
    expected = (low, float(parameter.value), high)
    np.testing.assert_allclose(draw(parameter, np.array([0.05, 0.5, 0.95])), expected, rtol=1e-9)


def test_a_pert_stays_inside_and_has_its_mean():
    parameter = LIBRARY["declaration.minor"]
    drawn_ = draw(parameter, GRID)
    assert 0.25 <= drawn_.min() < drawn_.max() <= 0.80
    assert drawn_.mean() == pytest.approx((0.25 + 4 * 0.50 + 0.80) / 6, rel=1e-5)


def test_a_count_is_a_gamma_rate():
    drawn_ = draw(LIBRARY["national.ransomware"], GRID)
    assert drawn_.mean() == pytest.approx(59.5 / 2, rel=1e-3)
    assert drawn_.var() == pytest.approx(59.5 / 4, rel=1e-2)


def test_a_ratio_is_cut_at_no_effect():
    parameter = replace(LIBRARY["effect.people"], low=Decimal("0.98"))
    drawn_ = draw(parameter, GRID)
    assert drawn_.min() == 1.0
    assert 0.05 < (drawn_ == 1.0).mean() < 0.25


def test_parts_of_a_whole_add_up_to_it():
    names = [name for name, each in LIBRARY.parameters.items() if each.kind is Kind.SPLIT]
    assert len(names) == 4
    np.testing.assert_allclose(sum(draws()[name] for name in names), 1.0, rtol=1e-12)
    many = drawn(replace(LIBRARY, parameters={name: LIBRARY[name] for name in names}), count=4000)
    for name in names:
        assert many[name].mean() == pytest.approx(float(LIBRARY[name].value) / 42, rel=0.05)


@given(st.floats(0.001, 100), st.sampled_from([Kind.PERT, Kind.LOGNORMAL, Kind.RATIO]))
def test_an_interval_of_one_point_is_that_point(value, kind):
    exact = Decimal(repr(max(value, 1.0)))
    drawn_ = draw(replace(LIBRARY["H01.days"], kind=kind, value=exact, low=exact, high=exact), GRID[::1000])
    np.testing.assert_allclose(drawn_, float(exact), rtol=1e-12)


def test_what_was_made_is_kept_and_the_memory_is_bounded():
    few = drawn(replace(LIBRARY, parameters={}), count=1)
    made = [few.once("a", object) for _ in range(2)]
    assert made[0] is made[1]
    for each in range(2 * MOST_KEPT):
        few.once(each, object)
        assert len(few.kept) <= MOST_KEPT
    assert few != drawn(replace(LIBRARY, parameters={}), count=1)
    assert hash(few) == hash(few)


def test_importing_the_model_loads_no_scipy():
    program = "import sys; from egide import reference; reference.risk_library(); import egide.risk.expected; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "egide.risk.expected" in loaded
    assert not {"scipy", "numba"} & set(loaded)
