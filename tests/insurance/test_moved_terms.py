"""A term that is moved, on the same years: what is ceded moves the way it must."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.insurance.fit import to_terms
from egide.insurance.programme import Cover, Programme
from egide.loss.simulation import Simulation, simulate
from insurance.exposed import MODEL, W2

YEARS = 8_192
HISTOGRAM = 0.003
"""What the slices of a curve may blur of a quantile, relatively."""


def run(programme: Programme) -> Simulation:
    return simulate(MODEL, to_terms((programme,), MODEL), years=YEARS, seed=5, detail=False)


MOVES = {
    "flat": lambda p, x: replace(p, retention=replace(p.retention, flat=p.retention.flat + 1e5 * x)),
    "share": lambda p, x: replace(p, retention=replace(p.retention, share=x)),
    "waiting": lambda p, x: replace(p, waiting_hours=p.waiting_hours + 48 * x),
    "coinsurance": lambda p, x: replace(p, heads={**p.heads, "own": Cover(coinsurance=x)}),
    "annual_retention": lambda p, x: replace(p, annual_retention=3e5 * x),
    "event_limit": lambda p, x: replace(p, event_limit=p.event_limit * (1 - 0.9 * x)),
    "annual_limit": lambda p, x: replace(p, annual_limit=p.annual_limit * (1 - 0.4 * x)),
    "sublimit": lambda p, x: replace(p, heads={**p.heads, "interruption": Cover(0.1, 4e6 * (1 - 0.95 * x))}),
    "indemnity": lambda p, x: replace(p, indemnity_days=60 * (1 - 0.95 * x)),
    "placed": lambda p, x: replace(p, insurers={"X": 1 - x}),
    "paid": lambda p, x: replace(p, paid=1 - x),
}
"""What cedes less when it grows from 0 to 1."""
SIZES = st.integers(0, 20).map(lambda size: size / 20)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MOVES)), SIZES, SIZES)
def test_what_cedes_less_cedes_less_in_every_measure(move, x, y):
    little, much = (run(MOVES[move](W2, size)) for size in sorted((x, y)))
    assert much.ceded.mean.value <= little.ceded.mean.value * (1 + 1e-12)
    assert much.retained.mean.value >= little.retained.mean.value * (1 - 1e-12)
    for level in (0.9, 0.99):
        assert much.ceded.var(level).value <= little.ceded.var(level).value * (1 + HISTOGRAM)
        assert much.retained.var(level).value >= little.retained.var(level).value * (1 - HISTOGRAM)
        assert much.ceded.tvar(level).value <= little.ceded.tvar(level).value * (1 + HISTOGRAM)
    for each in (little, much):
        assert each.gross.mean.value == pytest.approx(each.retained.mean.value + each.ceded.mean.value)


@pytest.mark.parametrize("paid", [0.0, 0.3, 0.9])
def test_a_share_of_the_events_is_paid(paid):
    free = replace(W2, annual_limit=inf)
    whole, part = run(free).ceded.mean, run(replace(free, paid=paid)).ceded.mean
    assert abs(part.value - paid * whole.value) <= 4 * (part.error + paid * whole.error)
    assert (part.value == 0) == (paid == 0)


def test_an_excluded_scenario_is_never_ceded():
    programme = replace(W2, excluded_scenarios=frozenset({"ransom"}))
    found = simulate(MODEL, to_terms((programme,), MODEL), years=YEARS, seed=5)
    ceded = {share.name: share.ceded.value for share in found.scenarios}
    assert ceded["ransom"] == 0
    assert ceded["leak"] > 0
    assert {share.name: share.ceded.value for share in found.heads}["fines"] == 0
