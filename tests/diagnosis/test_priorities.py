"""Six measures first, and the answers that would change."""

from diagnosis.answers import DAY, answered, matured
from diagnosis.small import filled, question, questionnaire
from egide import reference
from egide.diagnosis.filled import Answer, Filled, read
from egide.diagnosis.maturity import Maturity, maturity
from egide.diagnosis.priorities import priorities
from egide.diagnosis.questionnaire import Depth
from egide.family import MEASURE_BY_CODE

ADVICE = reference.advice()
WEIGHING = reference.weighing()
ASKED = reference.questionnaires()[Depth.HOSPITAL]


def order(found):
    return [each.advice.measure for each in (*found.first, *found.rest)]


def test_six_first_and_every_measure_once():
    found = priorities(Maturity.uniform(0.3), ADVICE, 0.45)
    assert len(found.first) == 6
    assert sorted(order(found)) == sorted(MEASURE_BY_CODE)
    assert order(found)[:3] == ["backup", "hard", "pam"]
    assert all(each.worth is None and each.level == 0.3 for each in found.first)


def test_what_the_loss_says_goes_before_the_usual_order():
    found = priorities(Maturity.uniform(0.3), ADVICE, 0.45, worth={"device": 900.0, "data": 40.0, "people": 0.0})
    assert [each.advice.measure for each in found.first] == ["device", "data"]
    assert found.first[0].worth == 900.0
    assert found.rest[0].worth == 0.0


def test_a_measure_at_its_best_is_never_first():
    known = Maturity.uniform(1.0).with_level("people", 0.0)
    assert [each.advice.measure for each in priorities(known, ADVICE, 0.45).first] == ["people"]
    assert priorities(Maturity.uniform(1.0), ADVICE, 0.45).first == ()


def test_the_next_step_of_each_answer():
    given_ = answered(ASKED, "worst")
    reading = read(ASKED, given_)
    found = priorities(matured(ASKED, given_, WEIGHING), ADVICE, 0.45, reading=reading)
    backup = next(each for each in (*found.first, *found.rest) if each.advice.measure == "backup")
    assert [each.question.id for each in backup.steps] == ["SA-02", "SA-04", "SA-01"]
    assert [(step.now.code, step.next.code) for step in backup.steps] == [("a", "c")] * 3
    assert [step.next.text.fr for step in backup.steps][1] == "Il y a moins de douze mois, chronométrée."


def test_a_blank_begins_at_the_first_level_and_the_best_asks_for_its_proof():
    asked = questionnaire(question("blank"), question("said", na=False), question("shown"), question("out"))
    reading = read(asked, filled(asked, "-dyx"))
    found = priorities(maturity(reading.observations(), DAY, WEIGHING), ADVICE, 0.45, reading=reading)
    steps = {step.question.id: step for each in (*found.first, *found.rest) for step in each.steps}
    assert {code: (step.now and step.now.code, step.next.code, step.prove) for code, step in steps.items()} == {
        "blank": (None, "c", False),
        "said": ("c", "c", True),
    }


def test_multi_factor_authentication_aims_at_full_coverage_only():
    reading = read(ASKED, answered(ASKED, "worst"))
    found = priorities(Maturity.uniform(0.3), ADVICE, 0.45, worth={"mfa": 1.0}, reading=reading).first[0]
    assert all(step.next == step.question.best for step in found.steps)
    assert len(found.steps) == 3


def test_everything_at_best_and_proven_leaves_no_step():
    reading = read(ASKED, answered(ASKED, "best"))
    found = priorities(Maturity.uniform(0.5), ADVICE, 0.45, reading=reading)
    assert all(each.steps == () for each in found.first)
    declared = Filled(ASKED.id, ASKED.version, DAY, {"SA-01": Answer("d")})
    assert read(ASKED, declared).by_id["SA-01"].value == 1.0
