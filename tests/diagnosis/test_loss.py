"""From answers to euros: no answer that says less ever lowers the loss or the care days, in any draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.answers import DAY, answered, matured
from egide import reference
from egide.diagnosis.filled import BLANK, Answer, Filled
from egide.diagnosis.questionnaire import Depth
from egide.risk.draws import drawn
from egide.risk.expected import expected_loss
from egide.risk.exposure import exposed

LIBRARY = reference.risk_library()
DRAWS = drawn(LIBRARY, count=16)
EXPOSURE = exposed(LIBRARY, "hospital")
WEIGHING = reference.weighing()
ASKED = reference.questionnaires()[Depth.HOSPITAL]
COUNTED = [each for each in ASKED.questions if each.counts]
LEFT_OUT = [each for each in COUNTED if each.na_allowed]
ROUNDING = 1e-9


def suffered(filled):
    """Return the euros and the care days of a year, draw by draw."""
    its = expected_loss(EXPOSURE, matured(ASKED, filled, WEIGHING), DRAWS)
    return its.total, its.care.days.values


def never_lower(before, after):
    return all(np.all(now >= then * (1 - ROUNDING)) for then, now in zip(before, after, strict=True))


def proven(question):
    return Answer(question.best.code, proven=True, proof="vue")


@given(st.integers(0, 10**6), st.sampled_from(COUNTED))
def test_a_blank_in_place_of_any_answer_never_lowers(seed, question):
    filled = answered(ASKED, "any", proven=bool(seed % 2), seed=seed)
    assert never_lower(suffered(filled), suffered(filled.with_answer(question.id, BLANK)))


@given(st.integers(0, 10**6), st.sampled_from(LEFT_OUT))
def test_not_applicable_in_place_of_a_proven_yes_never_lowers(seed, question):
    filled = answered(ASKED, "any", seed=seed).with_answer(question.id, proven(question))
    left_out = Answer(not_applicable=True, reason="rien de tel ici")
    assert never_lower(suffered(filled), suffered(filled.with_answer(question.id, left_out)))


@given(st.integers(0, 10**6), st.sampled_from(COUNTED))
def test_a_proven_best_never_raises(seed, question):
    filled = answered(ASKED, "any", seed=seed)
    assert never_lower(suffered(filled.with_answer(question.id, proven(question))), suffered(filled))


@pytest.mark.parametrize("fact", ["DV-01", "DM-01"])
def test_what_does_not_exist_brings_a_measure_at_most_to_the_average(fact):
    worst, best = answered(ASKED, "worst"), answered(ASKED, "best")
    absent = Answer("b")
    assert never_lower(suffered(worst.with_answer(fact, absent)), suffered(worst))
    assert never_lower(suffered(best), suffered(best.with_answer(fact, absent)))


def test_nothing_answered_costs_what_the_worst_answers_cost():
    nothing = Filled(ASKED.id, ASKED.version, DAY)
    for one, other in zip(suffered(nothing), suffered(answered(ASKED, "worst")), strict=True):
        assert np.allclose(one, other)
