"""What an exercise shows of the measures: by its share, never more, and never instead of an audit."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import reference
from egide.diagnosis.level import EVERYTHING, Level
from egide.diagnosis.maturity import maturity
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.exercise.debrief import debrief
from egide.exercise.showing import WHOLE, observations
from exercise.plays import DAY, event, expectation, record, script, tick

WEIGHING = reference.weighing()
SAID = {"y": "yes", "h": "partial", "n": "no"}


def played(marks, family="backup"):
    """An exercise of one measure: yes, half, no, and "-" for what nobody observed."""
    events = [event(f"I-{n}", expectation(family=family)) for n, _ in enumerate(marks)]
    ticks = [tick(n, SAID[mark], on=f"I-{n}") for n, mark in enumerate(marks) if mark != "-"]
    return debrief(script(), record(*events, ticks=tuple(ticks)))


def seen(level, source=Source.AUDIT, reliability=Reliability.PROVEN, on=DAY - timedelta(days=30), **other):
    exactly = Level.exactly(level)
    return Observation("backup", exactly, other.pop("best", exactly), 1.0, source, reliability, on, **other)


def counts(others, marks, on=DAY):
    """What backup is worth with the others alone, then with the exercise too."""
    made = observations(played(marks), WEIGHING, others)
    both = [maturity(several, on, WEIGHING).levels["backup"].low for several in (others, [*others, *made])]
    return tuple(round(each, 4) for each in both)


def test_three_good_reactions_say_nothing_of_a_measure_that_nobody_else_observed():
    assert observations(played("yyy"), WEIGHING) == ()


def test_alone_an_exercise_counts_by_its_share_the_rest_is_absent_and_at_best_in_the_best():
    (made,) = observations(played("yyyyyn---"), WEIGHING, about="Exercice débutant")
    assert (made.measure, made.source, made.observed_on, made.about) == (
        "backup",
        Source.EXERCISE,
        DAY,
        "Exercice débutant",
    )
    assert (made.level.low, made.best.low, made.completeness) == pytest.approx((5 / 12, 11 / 12, 0.5))
    assert (made.reliability, made.proven, made.best_proven) == (Reliability.DECLARED, 1.0, 1.0)


def test_an_exercise_of_three_questions_neither_raises_nor_erases_an_audit():
    assert counts([seen(0.4)], "yyy") == (0.4, 0.4)
    assert counts([seen(0.8)], "yyy") == (0.8, 0.8)
    assert counts([seen(0.8)], "nnn") == (0.8, 0.6)


def test_a_declared_answer_keeps_its_discount_and_is_not_replaced():
    declared = seen(0.8, Source.QUESTIONNAIRE, Reliability.DECLARED)
    assert counts([declared], "yyyyyyyyyyyy") == (0.48, 0.48)
    assert counts([declared], "nnnnnnnnnnnn") == (0.48, 0.0)
    assert counts([declared], "nnnnnn") == (0.48, 0.24)


def test_an_earlier_exercise_is_not_leant_on():
    earlier = seen(1.0, Source.EXERCISE, Reliability.DECLARED, on=DAY - timedelta(days=300), proven=1.0)
    (made,) = observations(played("nnnnnn"), WEIGHING, [earlier])
    assert made.level.low == 0.0


def test_without_anything_proven_in_a_level_of_nothing_the_share_is_zero():
    (made,) = observations(played("nnnnnnnnnnnn"), WEIGHING)
    assert (made.level, made.proven) == (Level.exactly(0.0), 0.0)


def test_what_is_not_applicable_for_the_others_stays_so():
    nothing = Observation("backup", Level(0.0, None), EVERYTHING, 1.0, Source.AUDIT, Reliability.PROVEN, DAY)
    (made,) = observations(played("yyynnn"), WEIGHING, [nothing])
    assert made.level == Level(0.25, 0.5)


def test_the_same_reaction_at_two_sites_is_one_and_families_of_others_feed_nothing():
    assert observations(played("y" * 12, family=""), WEIGHING) == ()
    assert float(WHOLE.value) == 12
    assert WHOLE.grade == "A"


MARKS = st.text("yhn-", max_size=16)
OTHERS = st.lists(
    st.builds(
        seen,
        st.integers(0, 10).map(lambda tenths: tenths / 10),
        st.sampled_from([Source.AUDIT, Source.QUESTIONNAIRE, Source.INCIDENT]),
        st.sampled_from(Reliability),
        st.just(date(2026, 10, 1)),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60)
@given(OTHERS, MARKS)
def test_an_exercise_never_raises_what_others_hold_and_lowers_it_by_its_share_at_most(others, marks):
    before, after = counts(others, marks)
    share = min(1.0, len(marks.replace("-", "")) / 12)
    assert after <= before
    assert after >= before * (1 - share) - 0.0002


@settings(max_examples=40)
@given(OTHERS, st.integers(0, 16))
def test_an_exercise_that_went_well_never_lowers_what_others_hold(others, number):
    before, after = counts(others, "y" * number)
    assert after == before


@settings(max_examples=40)
@given(MARKS, MARKS)
def test_alone_it_never_reaches_more_than_its_share(marks, more):
    for each in observations(played(marks + more), WEIGHING):
        assert each.level.low <= len(marks + more) / 12 + 1e-9
        assert each.level.low <= each.best.low <= 1.0
