"""What events cost, closed form against events drawn one by one, in each draw."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from egide import reference
from egide.risk.draws import drawn
from egide.risk.expected import expected_loss
from egide.risk.exposure import exposed
from egide.risk.national import nation
from egide.risk.national_cost import FINE, NODES, Costs, nodes
from risk.plain_france import Plain

LIBRARY = reference.risk_library()
DRAWS = drawn(LIBRARY, count=6)
PEOPLE = nation(DRAWS)
COSTS = Costs(PEOPLE)
MANY = 40_000
KINDS = [("H01", "university"), ("H10", "clinic"), ("S01", "hospital"), ("H05", "care_home")]


def plain_costs(scenario, category, j):
    own, interruption, liability, _ = Plain(DRAWS, j).costs(np.random.default_rng(j), scenario, category, MANY)
    return own + interruption + liability


@pytest.mark.parametrize(("scenario", "category"), KINDS)
def test_exceedance_and_layers_are_those_of_events_drawn_one_by_one(scenario, category):
    events, fine = (COSTS.events(category, LIBRARY.row[scenario], count) for count in (NODES, FINE))
    for j in range(DRAWS.count):
        cost = plain_costs(scenario, category, j)
        for amount in np.quantile(cost, [0.2, 0.5, 0.9, 0.99]):
            chance = (cost > amount).mean()
            assert fine.above(float(amount))[j] == pytest.approx(chance, abs=0.03)
        retention = float(np.quantile(cost, 0.7))
        beyond = np.clip(cost - retention, 0, 5 * retention)
        error = 4 * beyond.std() / np.sqrt(MANY)
        assert events.layer(retention, 5 * retention)[j] == pytest.approx(beyond.mean(), abs=error, rel=0.03)


def test_a_layer_is_never_negative_nor_above_its_limit_and_layers_add_up():
    events = COSTS.events("hospital", LIBRARY.row["H02"])
    first, second, both = events.layer(1e5, 2e5), events.layer(3e5, 4e5), events.layer(1e5, 6e5)
    np.testing.assert_allclose(first + second, both)
    assert (first >= 0).all()
    assert (first <= 2e5).all()
    np.testing.assert_allclose(events.beyond(0), (events.weight * (np.exp(events.mu + events.sigma**2 / 2) + events.other)).sum((0, 1)))  # fmt: skip


@pytest.mark.parametrize("category", ["university", "clinic", "social"])
def test_a_loss_is_the_expected_loss_of_an_establishment_of_which_nothing_is_told(category):
    average = SimpleNamespace(levels={})
    loss = expected_loss(exposed(LIBRARY, category), average, DRAWS).total
    np.testing.assert_allclose(COSTS.of_one(category), loss)


def test_all_hospitals_lose_the_sum_of_each():
    alone = sum(
        count * COSTS.of_one(each.id)
        for each, count in zip(PEOPLE.categories, PEOPLE.counts, strict=True)
        if each.hospital
    )
    np.testing.assert_allclose(COSTS.loss(), alone)
    np.testing.assert_allclose(COSTS.loss(2.0), 2 * alone)


def test_a_long_stoppage_is_where_its_chance_says():
    servers = PEOPLE.named("H01", "H02")
    days = COSTS.long_days(0.9, servers, PEOPLE.hospitals)
    np.testing.assert_allclose(COSTS.within(days, servers, PEOPLE.hospitals), 0.9, atol=1e-6)
    assert (COSTS.long_days(0.5, servers, PEOPLE.hospitals) < days).all()


def test_more_retention_cedes_less_and_a_higher_amount_is_rarer():
    ceded = [COSTS.ceded("hospital", retention, 4.6e6) for retention in (5e4, 1.1e5, 5e5)]
    assert all((more > less).all() for more, less in itertools.pairwise(ceded))
    rare = [COSTS.significant(amount, "hospital") for amount in (1e4, 1e5, 1e6)]
    assert all((more > less).all() for more, less in itertools.pairwise(rare))
    assert all(((each > 0) & (each < 1)).all() for each in rare)


def test_nodes_sum_polynomials_exactly():
    places, weights = nodes(7)
    assert (weights * places**4).sum() == pytest.approx(3)
    assert weights.sum() == pytest.approx(1)
