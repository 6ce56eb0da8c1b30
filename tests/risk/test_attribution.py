"""The difference of two costs split over control points: exact, antisymmetric, without order."""

from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnosis.level import Level
from egide.risk.attribution import OTHERS, ROUNDING, Product, by_point, by_term, shown, significant, to_the_cent
from egide.risk.supplier import Retained, attributed, levels, supplier_cost
from risk.suppliers import ASKED, CREDIT, A, B, bought

PARTS = st.floats(0, 1).map(lambda value: round(value, 3))
VALUES = st.sampled_from([None, 0.0, 0.25, 0.5, 1.0])
ANSWERS = st.dictionaries(st.sampled_from(sorted(ASKED)), st.builds(Retained, VALUES, st.booleans()))


def product(rows: int, terms: int, cells: int, seed: int) -> Product:
    chance = np.random.default_rng(seed)
    uses = (chance.random((cells, rows)) < 0.5).astype(float)
    return Product(
        chance.random((cells, 4)) * 1e5 * (chance.random((cells, 1)) < 0.9),
        uses,
        (chance.random((rows, terms)) < 0.6).astype(float),
        chance.random((terms, 4)) * 1.5,
        1.6 + chance.random(4),
        np.full((terms, 4), 0.4),
    )


@given(
    seed=st.integers(0, 10_000),
    left=st.lists(PARTS, min_size=5, max_size=5),
    right=st.lists(PARTS, min_size=5, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_the_shares_add_up_in_every_draw_and_change_sign_with_the_two_sides(seed, left, right):
    made = product(4, 5, 6, seed)
    here, there = (np.repeat(np.array(each)[:, None], 4, axis=1) for each in (left, right))
    shares = by_term(made, here, there)
    difference = made.costs(here).sum(axis=0) - made.costs(there).sum(axis=0)
    scale = made.costs(here).sum(axis=0) + made.costs(there).sum(axis=0) + 1
    assert np.all(np.abs(shares.sum(axis=0) - difference) <= 1e-9 * scale)
    assert np.all(np.abs(shares + by_term(made, there, here)) <= 1e-9 * scale)
    assert np.all(shares[np.array(left) == np.array(right)] == 0)


@given(one=ANSWERS, two=ANSWERS)
@settings(max_examples=40, deadline=None)
def test_points_add_up_to_the_difference_whatever_was_retained(one, two):
    first, second = (supplier_cost(bought(), levels(ASKED, each, CREDIT)) for each in (one, two))
    shares = attributed(first, second, ASKED, (one, two), CREDIT)
    difference = first.total - second.total
    scale = first.total + second.total
    assert list(shares) == list(ASKED)
    assert np.all(np.abs(sum(shares.values()) - difference) <= 1e-6 * scale)
    back = attributed(second, first, ASKED, (two, one), CREDIT)
    for name, share in shares.items():
        assert np.all(np.abs(share + back[name]) <= 1e-6 * scale)
        if one.get(name) == two.get(name) and not any(each.value is None for each in (*one.values(), *two.values())):
            assert np.all(share == 0)


def test_the_order_of_points_changes_no_share():
    first, second = (supplier_cost(bought(), levels(ASKED, each, CREDIT)) for each in (B, A))
    shares = attributed(first, second, ASKED, (B, A), CREDIT)
    turned = dict(reversed(ASKED.items()))
    again = attributed(first, second, turned, (B, A), CREDIT)
    for name, share in shares.items():
        assert np.allclose(share, again[name], rtol=1e-9, atol=1e-9)


def test_a_currency_worth_less_scales_every_share():
    made = product(4, 5, 6, 3)
    here, there = np.full((5, 4), 0.9), np.full((5, 4), 0.1)
    dear = Product(made.reference * 7, made.uses, made.on, made.coefficient, made.ceiling, made.at_reference)
    assert np.allclose(by_term(dear, here, there), 7 * by_term(made, here, there))


def test_shapley_over_the_measures_gives_nearly_the_same():
    """Exact too and without order, but 2^k costs: the largest gap stays small beside the largest share (RISK_MODEL 7.2)."""
    of = {name: levels(ASKED, each, CREDIT) for name, each in (("A", A), ("B", B))}
    moving = [measure for measure in of["A"] if of["A"][measure] != of["B"][measure] and measure != "people"]
    cost = {
        frozenset(taken): supplier_cost(
            bought(), {**of["A"], "people": of["B"]["people"], **{each: of["B"][each] for each in taken}}
        ).total.mean()
        for taken in chain.from_iterable(combinations(moving, size) for size in range(len(moving) + 1))
    }
    count = len(moving)
    shapley = {
        each: sum(
            factorial(len(taken))
            * factorial(count - len(taken) - 1)
            / factorial(count)
            * (cost[taken | {each}] - cost[taken])
            for taken in cost
            if each not in taken
        )
        for each in moving
    }
    dearer, other = (supplier_cost(bought(), of[name]) for name in ("B", "A"))
    shares = attributed(dearer, other, ASKED, (B, A), CREDIT)
    by_measure = {each: sum(shares[name].mean() for name in ASKED if ASKED[name].measure == each) for each in moving}
    largest = max(abs(each) for each in by_measure.values())
    assert count == 11
    assert max(abs(shapley[each] - by_measure[each]) for each in moving) < 0.03 * largest


def test_points_that_balance_each_other_in_a_measure_take_nothing():
    share = np.array([0.0, 10.0])
    made = by_point(share, {"up": np.array([1.0, 3.0]), "down": np.array([-1.0, -1.0])})
    assert made["up"].tolist() == [0.0, 15.0]
    assert made["down"].tolist() == [0.0, -5.0]


@given(
    amounts=st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(-1e6, 1e6), min_size=1, max_size=12),
)
def test_cents_add_up_and_change_sign_with_the_amounts(amounts):
    total = Decimal(sum(amounts.values())).quantize(Decimal("0.01"))
    made = to_the_cent(amounts, total)
    assert sum(made.values()) == total
    assert all(abs(float(made[name]) - amount) <= 0.011 for name, amount in amounts.items())
    opposite = to_the_cent({name: -amount for name, amount in amounts.items()}, -total)
    assert sum(opposite.values()) == -total


def test_nothing_to_share_stays_nothing():
    assert to_the_cent({}, Decimal("0.00")) == {}


@pytest.mark.parametrize(
    ("amount", "figures", "said"),
    [
        ("93550.12", 2, "94000"),
        ("-1234", 2, "-1200"),
        ("0", 2, "0"),
        ("99.7", 2, "100"),
        ("0.01234", 2, "0.012"),
        ("3838", 1, "4000"),
    ],
)
def test_significant_figures(amount, figures, said):
    made = significant(Decimal(amount), figures)
    assert f"{made:f}" == said


@given(st.lists(st.decimals(-100_000, 100_000, places=2), min_size=1, max_size=8), st.sampled_from([1, 2]))
def test_what_is_shown_adds_up_to_the_total_as_it_is_shown(amounts, figures):
    total = sum(amounts, Decimal(0))
    lines = shown([(str(place), amount) for place, amount in enumerate(amounts)], total, figures)
    assert sum((each.amount for each in lines), Decimal(0)) == significant(total, figures)
    named = min(3, len(amounts))
    assert [each.name for each in lines[:named]] == [str(place) for place in range(named)]
    assert (OTHERS in {each.name for each in lines}) is (len(amounts) > 3)
    assert all(each.amount for each in lines if each.name == ROUNDING)


def test_a_level_known_in_each_draw_is_the_mean_of_its_points():
    """Points not applicable share what the level has beyond the others: the split stays exact."""
    left = {**A, "restore test": Retained(None), "logs": Retained(None)}
    cost = supplier_cost(bought(), levels(ASKED, left, CREDIT))
    assert isinstance(cost.levels["backup"], Level)
    shares = attributed(cost, supplier_cost(bought(), levels(ASKED, A, CREDIT)), ASKED, (left, A), CREDIT)
    assert np.any(shares["restore test"] != 0)
    assert np.all(shares["patch delays"] == 0)


def test_answers_that_change_places_in_a_measure_move_nothing():
    """The level stays, its sum over points is rounding alone: no point is given amounts that rounding made."""
    thirds = [Retained(1 / 3), Retained(0.75), Retained(0.25, proven=False)]
    asked = {f"p{place}": replace(next(iter(ASKED.values())), measure="hard", weight=2) for place in range(3)}
    one = dict(zip(asked, thirds, strict=True))
    for turn in (1, 2):
        two = dict(zip(asked, thirds[turn:] + thirds[:turn], strict=True))
        first, second = (supplier_cost(bought(), levels(asked, each, CREDIT)) for each in (one, two))
        shares = attributed(first, second, asked, (one, two), CREDIT)
        assert all(np.all(np.abs(each) < 1e-6) for each in shares.values())
