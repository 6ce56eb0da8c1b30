"""Answers that come from several people at once are put together, and nobody's go in silence."""

from datetime import UTC, date, datetime

from egide import reference
from egide.diagnosis.filled import BLANK, Answer
from egide.diagnosis.questionnaire import Depth
from egide.web.diagnoses.answering import carried, merged, token

QUESTIONS = reference.questionnaires()[Depth.PRACTICE].questions
FIRST, SECOND = QUESTIONS[0], QUESTIONS[1]
NOW, BEFORE = datetime(2026, 11, 20, 9, tzinfo=UTC), "2026-11-19T09:00:00+00:00"


def old(level, **more):
    return {"level": level, "by": "autre", "at": BEFORE} | more


def put(kept, *given):
    return merged(kept, given, "moi", NOW)


def test_a_new_answer_is_kept_with_who_gave_it_and_when():
    made = put({}, (FIRST, Answer("a"), token({}), False))
    assert made.answers == {FIRST.id: {"level": "a", "by": "moi", "at": NOW.isoformat()}}
    assert list(made.changed) == [FIRST.id]


def test_what_was_not_touched_stays_as_somebody_else_made_it_meanwhile():
    made = put({FIRST.id: old("b")}, (FIRST, BLANK, token({}), False))
    assert made.answers == {FIRST.id: old("b")}
    assert not made.changed
    assert not made.conflicts


def test_what_both_changed_stays_and_is_said():
    made = put({FIRST.id: old("b")}, (FIRST, Answer("c"), token({}), False))
    assert made.answers == {FIRST.id: old("b")}
    assert [(each.question, each.given) for each in made.conflicts] == [(FIRST, Answer("c"))]
    assert made.conflicts[0].said == FIRST.level_of["c"].text


def test_two_who_give_the_same_answer_do_not_disturb_each_other():
    made = put({FIRST.id: old("b")}, (FIRST, Answer("b"), token({}), False))
    assert made.answers == {FIRST.id: old("b")}
    assert not made.conflicts


def test_an_answer_that_is_taken_back_goes():
    made = put({FIRST.id: old("b"), SECOND.id: old("a")}, (FIRST, BLANK, token(old("b")), False))
    assert made.answers == {SECOND.id: old("a")}
    assert made.changed == {FIRST.id: (old("b"), None)}


def test_an_earlier_answer_keeps_its_day_until_it_is_confirmed():
    kept = carried({FIRST.id: old("b"), "gone": old("a"), SECOND.id: old("z")}, {each.id: each for each in QUESTIONS}, lambda _: date(2026, 3, 4))  # fmt: skip
    assert kept == {FIRST.id: old("b", since="2026-03-04")}
    untouched = put(kept, (FIRST, Answer("b"), token(kept[FIRST.id]), False))
    assert untouched.answers == kept
    confirmed = put(kept, (FIRST, Answer("b"), token(kept[FIRST.id]), True))
    assert confirmed.answers == {FIRST.id: {"level": "b", "by": "moi", "at": NOW.isoformat()}}


def test_an_answer_not_applicable_is_carried_where_it_still_may_be():
    said = {"not_applicable": True, "reason": "aucun", "by": "autre", "at": BEFORE}
    assert not FIRST.na_allowed
    assert carried({FIRST.id: said}, {FIRST.id: FIRST}, lambda _: date(2026, 3, 4)) == {}
