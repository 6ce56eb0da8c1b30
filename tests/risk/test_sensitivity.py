"""What a result hangs on: parameters, safeguards, answers."""

from dataclasses import replace

import numpy as np
import pytest

from egide.diagnosis.maturity import Maturity
from egide.family import MEASURES
from egide.risk.library import UNREAD
from egide.risk.parameter import Kind
from egide.risk.rates import RANSOMWARE
from egide.risk.sensitivity import ENOUGH, OTHERS, helps, narrowing, tornado, uncertain, worth_of_knowing
from egide.risk.year import expected
from risk.establishments import LIBRARY, average, draws, exposure, nothing

DRAWS = draws()


def test_the_tornado_names_what_weighs_and_adds_up_to_the_whole():
    weights = tornado(exposure(), average(), DRAWS)
    assert weights[-1].id == OTHERS
    assert sum(each.share for each in weights) == pytest.approx(1)
    shares = [each.share for each in weights[:-1]]
    assert shares == sorted(shares, reverse=True)
    assert weights[0].id == "size.malicious"
    assert weights[0].marked
    assert weights[0].low < weights[0].high
    home = tornado(exposure("care_home"), average(), DRAWS)
    assert home[0].id == "social.rate"
    assert home[0].share > 0.4


def test_what_an_establishment_is_not_computed_from_is_not_named():
    home = {each.id for each in tornado(exposure("care_home"), average(), DRAWS)}
    assert not [each for each in home if each.startswith(("category.hospital.", "category.local.", "operation."))]


def test_draws_beyond_those_given_are_taken_when_they_are_too_few():
    assert tornado(exposure(), average(), DRAWS) == tornado(exposure(), average(), draws(ENOUGH))


def test_what_is_sure_weighs_nothing():
    sure = LIBRARY.overridden(
        {
            name: each.value
            for name, each in LIBRARY.parameters.items()
            if each.kind not in {Kind.COUNT, Kind.SPLIT, Kind.FIXED} and each.group != RANSOMWARE and name not in UNREAD
        }
    )
    left = set(uncertain(sure)) - UNREAD
    assert left
    assert all(sure[name].kind in {Kind.COUNT, Kind.SPLIT} for name in left)
    known = tornado(exposure(), average(), replace(DRAWS, library=sure))
    assert {each.id for each in known} <= {*left, OTHERS}


def test_a_mean_without_doubt_has_no_tornado(monkeypatch):
    still = replace(expected(exposure(), average(), DRAWS), by_head=np.ones((4, 20, ENOUGH)))
    monkeypatch.setattr("egide.risk.sensitivity.expected", lambda *_: still)
    (only,) = tornado(exposure(), average(), DRAWS)
    assert (only.id, only.share) == (OTHERS, 1.0)


@pytest.mark.parametrize("maturity", [average(), nothing(), Maturity.uniform(0.7)])
def test_a_measure_at_its_best_never_costs_more_nor_loses_care(maturity):
    found = helps(exposure(), maturity, DRAWS)
    assert {each.measure for each in found} == {each.code for each in MEASURES}
    for each in found:
        assert each.loss.high <= 1e-6
        assert each.care_days.high <= 1e-9
        assert each.share <= 0
    losses = [each.loss.value for each in found]
    assert losses == sorted(losses)


def test_levels_are_told_beside_the_average_hospital():
    assert {each.level for each in helps(exposure(), average(), DRAWS)} == {0.45}
    assert {each.level for each in helps(exposure(), nothing(), DRAWS)} == {0.0}
    nobody = helps(exposure("practice", persons=0), Maturity.uniform(1.0), DRAWS)
    assert {each.share for each in nobody} == {0.0}


def test_the_answer_that_narrows_most_comes_first():
    partly = Maturity.uniform(0.5)
    partly = replace(
        partly, best={**partly.best, "backup": average().levels["backup"], "hard": Maturity.uniform(1.0).best["hard"]}
    )
    found = narrowing(exposure(), partly, DRAWS)
    assert [each.id for each in found] == ["hard"]
    assert narrowing(exposure(), average(), DRAWS) == ()
    blank = narrowing(exposure(), nothing(), DRAWS)
    widths = [each.width.value for each in blank]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0


def test_questions_are_compared_like_measures():
    best = nothing()
    asked = {"q1": best.with_level("mfa", 1.0), "q2": best.with_level("backup", 1.0), "q3": best}
    found = narrowing(exposure(), best, DRAWS, asked)
    assert {each.id for each in found} == {"q1", "q2"}


def test_knowing_more_is_worth_something_only_where_it_may_change_the_choice():
    known = draws(400)
    base = expected(exposure(), average(), known).total
    same = worth_of_knowing(np.stack([base, base + 1e5]), known)
    assert all(each.value == pytest.approx(0, abs=1e-6) for each in same)
    z = known["size.malicious"]
    torn = worth_of_knowing(np.stack([1e6 * (z - np.median(z)), np.zeros(400)]), known)
    assert torn[0].id == "size.malicious"
    assert torn[0].value > 0
    assert torn[0].title == LIBRARY["size.malicious"].title
