"""What the simulation reads of a law that it draws often, against the law; and which laws these are."""

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import special

from egide.loss import kernel, layout
from egide.loss.frequency import Poisson
from egide.loss.layout import MANY, laid_out
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.quantiles import CLOSE, FINENESS, NARROW, quantiles
from egide.loss.severity import Constant, Gamma, GeneralisedPareto, Lognormal, Pert, Severity, Spliced, Weibull
from egide.loss.tables import GROSS, MEASURED, table, typical
from egide.loss.terms import Terms
from loss import laws

NEARER = np.concatenate([np.geomspace(2.0**-36, 0.5, 20_001), 0.5 * np.random.default_rng(3).random(100_000)])
P = np.sort(np.concatenate([NEARER, 1 - NEARER]))
SCORES = np.where(P < 0.5, 1, -1) * special.ndtri(np.minimum(P, 1 - P))


def made(law: Severity):
    """Return the table of a law as the layout makes it."""
    at = law.at if isinstance(law, Lognormal) else table(law).evaluate
    return quantiles(at, typical(law), *law.breaks)


def read(found, probabilities, *, scale=1.0, occurs=1.0):
    """Return what the kernel reads of a table at these probabilities, for a head that occurs with probability `occurs`."""
    n = len(probabilities)
    room, marks = np.zeros((2, n)), np.zeros((4, n), np.int32)
    room[0] = probabilities * occurs
    often = np.array([[0.0, 2.0 * found.side, found.cut, found.bits]])
    kernel.drawn_often(n, room, marks, often, 0, found.coefficients, scale, 0, occurs, 1)
    return room[1]


def error(law, found):
    """Return the largest error, relative to the quantile or to a tenth of the scale, and the law itself."""
    exact = law.at(SCORES)
    apart = np.abs(read(found, P) - exact) / np.maximum(exact, typical(law) / 10)
    return apart[np.abs(SCORES) <= MEASURED].max()


@pytest.mark.parametrize(
    ("law", "bits"),
    [
        (Lognormal(0.0, 0.5), 4),
        (Lognormal(0.0, 1.65), 5),
        (Lognormal(0.0, 3.0), 6),
        (Pert(2000.0, 15_000.0, 250_000.0), 4),
        (Pert(0.0, 1.0, 1.0), 4),
        (Pert(0.0, 0.5, 1.0, 0.0), 4),
        (Gamma(0.05, 3.0), 6),
        (Gamma(1e4, 1.0), 4),
        (Weibull(0.5, 3.0), 5),
        (GeneralisedPareto(0.5, 1.0), 4),
        (GeneralisedPareto(0.9, 1.0), 5),
        (GeneralisedPareto(-3.0, 1.0), 5),
        (Spliced(Lognormal(log(400_000), 1.1), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6)), 4),
        (Spliced(Lognormal(log(400_000), 1.1), 3e5, 0.9, GeneralisedPareto(0.35, 1.2e6)), 4),
    ],
    ids=str,
)
def test_a_table_is_exact_to_seven_digits(law, bits):
    found = made(law)
    assert found is not None
    assert found.bits <= bits
    assert error(law, found) < 2 * CLOSE
    assert len(found.coefficients) == (4 if law.breaks else 2) * found.side
    assert np.all(np.diff(read(found, P)) >= -1e-12 * read(found, P)[1:])


@settings(max_examples=30, deadline=None)
@given(laws.CONTINUOUS)
def test_a_table_is_the_law_or_there_is_none(law):
    if len(law.breaks) < 2 and table(law).error < GROSS and (found := made(law)):
        assert found.bits in FINENESS
        assert error(law, found) < 3 * CLOSE


@pytest.mark.parametrize("place", [NARROW / 3, 0.2, 0.5, 0.9, 1 - NARROW / 3])
@pytest.mark.parametrize("side", [1, -1])
def test_a_break_anywhere_in_an_interval_leaves_both_parts_exact(place, side):
    probability = 0.0625 * (1 + (3 + place) / 16)
    broken = side * float(special.ndtri(probability))

    def at(z):
        return np.where(z > broken, 7.0 + np.exp(z), np.exp(0.5 * z))

    found = quantiles(at, 1.0, broken)
    assert found.cut == pytest.approx(special.ndtr(broken), rel=1e-14)
    near = found.cut + np.array([-1e-3, -1e-4, -1e-6, -1e-9, 1e-9, 1e-6, 1e-4, 1e-3]) * 0.05
    assert read(found, near) == pytest.approx(at(special.ndtri(near)), rel=2 * CLOSE)


def test_a_break_at_the_edge_of_an_interval_leaves_nothing_to_mend():
    broken = float(special.ndtri(0.25))
    found = quantiles(lambda z: np.where(z > broken, 2.0, 1.0), 1.0, broken)
    assert read(found, np.array([0.2, 0.2499, 0.2501, 0.8])).tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "law",
    [
        Lognormal(0.0, 40.0),
        Spliced(Lognormal(log(400_000), 0.5), 2e6, 0.06, GeneralisedPareto(0.35, 1.2e6)),
        Spliced(Pert(0.0, 1.0, 2.0), 10.0, 0.25, Constant(5.0)),
    ],
    ids=str,
)
def test_what_no_table_is_close_to_has_none(law):
    assert made(law) is None


def test_a_head_that_is_rare_and_a_scale_read_the_same_table():
    law = Lognormal(0.0, 1.0)
    np.testing.assert_allclose(read(made(law), P, scale=3.0, occurs=0.25), 3 * law.at(SCORES), rtol=3 * CLOSE)


def test_past_the_last_halving_the_end_of_the_table_is_read():
    found = made(Lognormal(0.0, 1.0))
    low, high = read(found, np.array([2.0**-50, 1 - 2.0**-50]))
    assert [low, high] == pytest.approx([Lognormal(0.0, 1.0).at(-7.05), Lognormal(0.0, 1.0).at(7.05)], rel=0.02)


# ------------------------------------------------------------------------------------------------- laws drawn often
LENGTH, COST, CLAIM, FACTOR, LASTING = (Lognormal(float(i), 1.0 + i / 8) for i in range(5))
STOP = Interruption("stop", 10.0)


def kinds(*, tied, hit_tied=0.0, years=10_000):
    """Return the kinds of the laws of a busy scenario and of a busy shock: durations, costs, common duration."""
    heads = (Amount("own", COST, with_duration=tied), Amount("claim", CLAIM, 0.5), STOP)
    shock = Shock("z", Poisson(90.0), LASTING, (Hit("a", (STOP, Amount("own", COST, 1.0, hit_tied)), FACTOR),))
    model = Model((Risk("a", (Scenario("s", Poisson(90.0), heads, LENGTH),)),), (shock,))
    lay, _ = laid_out(model, Terms(), years=years)
    own, factor = lay.durations[:, 0].tolist()
    cost, claim, hit_cost = lay.heads[[0, 1, 4], 4].tolist()
    return own, factor, cost, claim, hit_cost, lay.shock_durations[0, 0]


def test_only_laws_drawn_often_and_tied_to_nothing_are_read_by_probability():
    often, one_by_one = layout.OFTEN, layout.LOGNORMAL
    assert kinds(tied=0.0) == (often,) * 6
    assert kinds(tied=0.0, years=10) == (one_by_one,) * 6
    assert kinds(tied=0.5) == (one_by_one, often, one_by_one, often, often, often)
    assert kinds(tied=0.0, hit_tied=0.5) == (often, often, often, often, one_by_one, one_by_one)


def test_a_law_drawn_often_is_laid_once_whatever_its_scale():
    heads = tuple(Amount(name, Lognormal(mu, 1.5), 0.5) for name, mu in (("a", 2.0), ("b", 3.0)))
    model = Model((Risk("r", (Scenario("s", Poisson(1.0), heads),)),))
    enough, few = (laid_out(model, Terms(), years=int(years))[0] for years in (MANY, MANY - 1))
    assert enough.heads[:, 4:7] == pytest.approx(np.array([[layout.OFTEN, 0, np.exp(2)], [layout.OFTEN, 0, np.exp(3)]]))
    assert enough.often.tolist() == [[0, len(enough.coefficients), inf, 5]]
    assert len(few.often) == 0
