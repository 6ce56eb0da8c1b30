"""The level advised and the answers that made it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import reference
from egide.errors import UsageError
from egide.exercise.assessment import Answer, Assessment, Question, Step, advised
from egide.exercise.module import Setting
from egide.message import Text


def question(code, *caps, settings=()):
    """Answers 0, 1, 2 of as many points; `caps` by answer."""
    limits = (*caps, None, None, None)
    answers = tuple(Answer(str(n), Text(f"{code}{n}"), n, Text(f"car {code}{n}"), limits[n]) for n in range(3))
    return Question(code, Text(code), answers, settings=settings)


STEPS = (Step(1, 0, Text("Débutant")), Step(2, 40, Text("Intermédiaire")), Step(3, 80, Text("Confirmé")))
SMALL = Assessment(
    "1",
    (question("last", 1, 2), question("cell"), question("time", 1), question("ward", settings=(Setting.HOSPITAL,)), question("x")),
    STEPS,
)  # fmt: skip


def given_answers(marks, setting=Setting.HOSPITAL):
    asked = SMALL.asked(setting)
    return advised(SMALL, setting, {each.id: mark for each, mark in zip(asked, marks, strict=True) if mark != "-"})


@pytest.mark.parametrize(
    ("marks", "level", "why", "decided"),
    [
        ("22222", 3, "10 points sur 10 : le niveau 3, le plus haut.", ["last2", "cell2", "time2"]),
        ("20222", 3, "8 points sur 10 : le niveau 3, le plus haut.", ["last2", "time2", "ward2"]),
        ("20122", 2, "7 points sur 10 : le niveau 2. Le suivant commence à 8 points.", ["cell0", "time1"]),
        ("02222", 1, "8 points sur 10, mais une réponse limite au niveau 1 : elle compte plus que les points.", ["last0"]),
        ("12222", 2, "9 points sur 10, mais une réponse limite au niveau 2 : elle compte plus que les points.", ["last1"]),
        ("02022", 1, "6 points sur 10, mais une réponse limite au niveau 1 : elle compte plus que les points.", ["last0", "time0"]),
        ("11111", 2, "5 points sur 10 : le niveau 2. Le suivant commence à 8 points.", ["last1", "cell1", "time1"]),
        ("00000", 1, "0 points sur 10 : le niveau 1. Le suivant commence à 4 points.", ["last0", "time0", "cell0"]),
        ("2222-", 1, "Questions sans réponse : 1 sur 5. Le niveau 1 est proposé en attendant.", []),
    ],
)  # fmt: skip
def test_the_level_and_what_decided_it(marks, level, why, decided):
    found = given_answers(marks)
    assert (found.level, str(found.why)) == (level, why)
    assert [each.answer.text.fr for each in found.decided] == decided
    assert found.title == STEPS[level - 1].title
    assert [each.id for each in found.missing] == (["x"] if "-" in marks else [])


def test_another_setting_is_asked_its_own_questions():
    assert given_answers("2222", Setting.HOME).most == 8
    with pytest.raises(UsageError, match="Question inconnue : ward"):
        advised(SMALL, Setting.HOME, {"ward": "2"})


def test_an_answer_that_is_not_there_is_refused_and_an_empty_one_is_none():
    with pytest.raises(UsageError, match="Réponse inconnue à la question last : 9"):
        advised(SMALL, Setting.HOSPITAL, {"last": "9"})
    assert [each.id for each in advised(SMALL, Setting.HOSPITAL, {"last": ""}).missing] == [
        "last",
        "cell",
        "time",
        "ward",
        "x",
    ]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2), min_size=5, max_size=5), st.integers(0, 4))
def test_a_better_answer_never_lowers_the_level(marks, which):
    better = [min(2, mark + (n == which)) for n, mark in enumerate(marks)]
    assert given_answers([str(each) for each in better]).level >= given_answers([str(each) for each in marks]).level


@pytest.mark.parametrize("setting", Setting)
def test_ours_gives_every_level_somewhere_and_one_to_whoever_never_played(setting):
    ours = reference.assessment()
    asked = ours.asked(setting)
    worst, best = (advised(ours, setting, {each.id: each.answers[n].id for each in asked}) for n in (0, -1))
    assert (worst.level, best.level) == (1, 3)
    assert worst.decided
    assert best.decided
    never = {each.id: each.answers[-1].id for each in asked} | {"last": "never"}
    assert advised(ours, setting, never).level == 1
