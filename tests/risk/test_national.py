"""The population of France: its means are the national counts, its years spread as the laws say."""

import numpy as np
import pytest

from egide import reference
from egide.risk.draws import drawn
from egide.risk.national import CLASSES, chances, generator, nation, structures, year, year_factor
from risk.plain_france import Plain

LIBRARY = reference.risk_library()
DRAWS = drawn(LIBRARY, count=24)
PEOPLE = nation(DRAWS)


@pytest.fixture(scope="module")
def many():
    return nation(drawn(LIBRARY, count=3000))


def test_all_establishments_together_declare_the_national_counts():
    np.testing.assert_allclose(PEOPLE.reports.sum((0, 1)), DRAWS["national.declared"])
    total = DRAWS["national.ransomware"] * (1 - DRAWS["national.ransomware_supplier"])
    np.testing.assert_allclose(PEOPLE.reports[PEOPLE.ransomware].sum((0, 1)), total)
    np.testing.assert_allclose(PEOPLE.isolated + PEOPLE.shared, PEOPLE.reports)
    assert not PEOPLE.shared[~PEOPLE.supplied].any()


@pytest.mark.parametrize("j", [0, 5, 23])
def test_reports_and_events_are_those_of_the_plain_way(j):
    plain = Plain(DRAWS, j)
    for row, scenario in enumerate(LIBRARY.scenarios):
        for column, category in enumerate(PEOPLE.categories):
            pair = scenario.id, category.id
            assert PEOPLE.reports[row, column, j] == pytest.approx(plain.reports[pair])
            assert PEOPLE.events[row, column, j] == pytest.approx(plain.events[pair])


def test_categories_are_those_that_are_counted():
    assert [each.id for each in PEOPLE.categories][-2:] == ["care_home", "social"]
    assert PEOPLE.counts[PEOPLE.hospitals].sum() == 2400
    assert PEOPLE.counts[~PEOPLE.hospitals].sum() == 35000
    assert PEOPLE.counts[PEOPLE.public].sum() == 767


def test_the_year_has_mean_one():
    chance = generator(1, "x")
    factor = np.concatenate([year_factor(PEOPLE, chance) for _ in range(800)])
    assert factor.mean() == pytest.approx(1, abs=0.004)
    assert np.log(factor).std() == pytest.approx(0.15, rel=0.03)


def test_a_year_has_the_mean_of_its_law(many):
    lived = year(many, "mean", 3)
    alone = many.isolated.sum((0, 1))
    assert (lived.alone.sum((0, 1)) / alone).mean() == pytest.approx(1, abs=0.015)
    np.testing.assert_array_equal(lived.by_scenario.sum(0), lived.reports)
    assert (lived.shocks.reached <= 1500).all()
    shocks = lived.shocks.reached.sum(0) / many.shared.sum((0, 1))
    assert 0.8 < shocks.mean() < 1.15
    reached = lived.shocks.reached > 0
    assert {LIBRARY.scenarios[row].id[0] for row in np.unique(lived.shocks.scenario[reached])} == {"S"}


def test_ransomware_times_two_doubles_that_of_establishments_alone(many):
    usual, worse = year(many, "usual", 1), year(many, "worse", 1, 2.0)
    assert worse.of(many.ransomware).mean() / usual.of(many.ransomware).mean() == pytest.approx(2, rel=0.05)
    others = ~many.ransomware & ~many.supplied
    assert worse.of(others).mean() / usual.of(others).mean() == pytest.approx(1, rel=0.03)


def test_chances_are_those_of_establishments_told_one_by_one():
    made = chances(PEOPLE, np.ones(DRAWS.count))
    assert made.shape == (CLASSES, 9, DRAWS.count)
    np.testing.assert_allclose(made.sum(0), 1)
    rng, count = np.random.default_rng(4), 60000
    for j in (2, 11):
        column = PEOPLE.column("university")
        theta, shape = PEOPLE.series[j], PEOPLE.shape[j]
        grave, minor = (
            PEOPLE.isolated[rows, column, j].sum() / PEOPLE.counts[column] for rows in (PEOPLE.severe, ~PEOPLE.severe)
        )
        own = rng.gamma(shape, 1 / shape, count)
        affairs = rng.poisson(minor * (1 - theta) * -np.log1p(-theta) / theta * own)
        told = np.bincount(np.repeat(np.arange(count), affairs), rng.logseries(theta, affairs.sum()), count)
        told = np.minimum(told + rng.poisson(grave * own), CLASSES - 1)
        seen = np.bincount(told.astype(int), minlength=CLASSES) / count
        assert np.abs(seen - made[:, column, j]).max() < 0.009


def test_every_establishment_is_counted_once():
    counted = structures(year(PEOPLE, "a", 1), "a", 1)
    np.testing.assert_array_equal(counted.sum(0), np.broadcast_to(PEOPLE.counts[:, None], counted.shape[1:]))
    assert (counted >= 0).all()


def test_the_same_seed_gives_the_same_year_and_another_name_another_one():
    same = [year(PEOPLE, "a", 1).by_scenario.tobytes() for _ in range(2)]
    assert same[0] == same[1]
    assert year(PEOPLE, "b", 1).by_scenario.tobytes() != same[0]
    assert year(PEOPLE, "a", 2).by_scenario.tobytes() != same[0]
