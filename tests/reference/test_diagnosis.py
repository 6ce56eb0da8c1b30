"""The pool of questions: complete, in words, without a dead branch, and nothing that changes no result."""

import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from diagnosis.answers import answered, matured
from egide import reference
from egide.diagnosis.filled import Answer
from egide.diagnosis.questionnaire import Depth, Otherwise
from egide.family import BY_CODE, FAMILIES, MEASURE_BY_CODE, measure_of
from egide.message import Text

POOL = reference.questionnaire()
EDITIONS = reference.questionnaires()
ADVICE = reference.advice()
PLAIN = reference.advice(Depth.PRACTICE)
SIZES = {Depth.PRACTICE: range(20, 27), Depth.HOSPITAL: range(45, 61), Depth.UNIVERSITY: range(80, 101)}
MINUTES = {Depth.PRACTICE: 20, Depth.HOSPITAL: 60, Depth.UNIVERSITY: 120}
CATEGORIES = {Depth.PRACTICE: "practice", Depth.HOSPITAL: "hospital", Depth.UNIVERSITY: "university"}
VAGUE = (
    "régulièrement", "approprié", "adéquat", "suffisant", "si possible", "raisonnable", "le cas échéant", "notamment",
    "état de l'art", "bonnes pratiques", "et/ou",
)  # fmt: skip


def texts(question):
    yield from (question.text, question.why)
    yield from (each.text for each in question.levels)
    yield from question.proofs
    yield from (each for each in (question.na, question.help) if each != Text())


def every_text():
    yield from ((POOL.id, each) for each in (POOL.title, POOL.says))
    for edition in EDITIONS.values():
        yield from ((edition.id, each) for each in (edition.title, edition.says))
    for figure in POOL.figures:
        yield from ((figure.code, each) for each in (figure.text, figure.why, figure.unit))
    for chapter in POOL.chapters:
        yield from ((chapter.code, each) for each in (chapter.title, chapter.says) if each != Text())
        for question in chapter.questions:
            yield from ((question.id, each) for each in texts(question))
    for code, advice in (*ADVICE.items(), *PLAIN.items()):
        yield from ((code, each) for each in (advice.title, advice.why, *advice.how, advice.cost, advice.time))
    for name, assumption in reference.weighing().assumptions.items():
        yield from ((name, each) for each in (assumption.unit, assumption.note))


# ------------------------------------------------------------------------------------------------------- each question
@pytest.mark.parametrize("question", POOL.questions, ids=lambda question: question.id)
def test_a_question_is_complete(question):
    assert question.family in BY_CODE
    assert question.depths
    assert question.proofs
    assert question.minutes > 0
    values = [level.value for level in question.levels]
    assert 2 <= len(values) <= 5
    assert values == sorted(set(values)), "from worst to best, all different"
    assert (values[0], values[-1]) == (0, 1)
    assert [level.code for level in question.levels] == list("abcde")[: len(values)]
    if question.counts:
        named = "" if question.device else question.measure
        assert question.measure == measure_of(question.family, named, question.device)
        assert question.text.fr.endswith("?")
    assert len({level.text.fr for level in question.levels}) == len(values)
    assert len(question.text.fr.split()) <= 40


def test_identifiers_are_unique_and_every_question_is_in_some_depth():
    assert max(Counter(question.id for question in POOL.questions).values()) == 1
    asked = {question.id for edition in EDITIONS.values() for question in edition.questions}
    assert asked == set(POOL.by_id)
    assert len({chapter.code for chapter in POOL.chapters}) == len(POOL.chapters)


def test_what_the_hospital_is_asked_the_university_is_asked_too():
    hospital, university = (set(EDITIONS[depth].by_id) for depth in (Depth.HOSPITAL, Depth.UNIVERSITY))
    assert hospital < university


@pytest.mark.parametrize("depth", Depth)
def test_a_depth_feeds_all_sixteen_measures_within_its_size_and_time(depth):
    edition = EDITIONS[depth]
    assert set(edition.measures) == set(MEASURE_BY_CODE)
    assert len(edition.questions) in SIZES[depth]
    assert edition.minutes == MINUTES[depth]
    assert sum(question.minutes for question in edition.questions) <= edition.minutes
    assert {chapter.code for chapter in edition.chapters} <= {chapter.code for chapter in POOL.chapters}
    assert {figure.code for figure in edition.figures} >= {"revenue", "persons"}


def test_the_longer_diagnoses_ask_about_every_family():
    for depth in (Depth.HOSPITAL, Depth.UNIVERSITY):
        assert {question.family for question in EDITIONS[depth].questions} == {family.code for family in FAMILIES}


@pytest.mark.parametrize("depth", Depth)
def test_multi_factor_authentication_is_asked_of_three_populations_and_admits_no_exception(depth):
    asked = [question for question in EDITIONS[depth].questions if question.measure == "mfa"]
    assert len(asked) == 3
    assert all(question.levels[-2].value < 0.9 for question in asked), "below full coverage it has no effect"
    assert not any(question.na_allowed for question in asked)


# ------------------------------------------------------------------------------------------------------------ branches
@pytest.mark.parametrize("depth", Depth)
def test_no_branch_is_dead(depth):
    edition = EDITIONS[depth]
    before = set()
    for question in edition.questions:
        branch = question.asked_if
        if branch:
            assert branch.question in before, "the deciding question comes first, at this depth too"
            decides = edition.by_id[branch.question]
            assert set(branch.levels) < set(decides.level_of), "some answers open it, others do not"
            assert not decides.na_allowed
            if branch.otherwise is Otherwise.NOT_APPLICABLE:
                assert not decides.counts, "saying no to a safeguard never leaves its questions out"
            else:
                assert decides.worst.code not in branch.levels
        before.add(question.id)


def test_what_does_not_count_opens_a_branch():
    opening = {question.asked_if.question for question in POOL.questions if question.asked_if}
    assert all(question.id in opening for question in POOL.questions if not question.counts)


# --------------------------------------------------------------------------------- nothing that changes no result
@pytest.mark.parametrize("depth", Depth)
def test_each_question_moves_the_expected_loss(depth):
    from egide.risk.draws import drawn
    from egide.risk.expected import expected_loss
    from egide.risk.exposure import exposed

    library = reference.risk_library()
    draws = drawn(library, count=8)
    exposure = exposed(library, CATEGORIES[depth])
    edition, weighing = EDITIONS[depth], reference.weighing()
    best = answered(edition, "best")

    def loss(filled):
        return float(np.mean(expected_loss(exposure, matured(edition, filled, weighing), draws).total))

    least = loss(best)
    opened = {question.asked_if.question for question in edition.questions if question.asked_if}
    for question in edition.questions:
        answers = dict(best.answers)
        answers[question.id] = Answer(question.worst.code, proven=True, proof="vue") if question.counts else Answer()
        changed = loss(type(best)(best.questionnaire, best.version, best.observed_on, answers))
        assert changed > least, question.id
        assert question.counts or question.id in opened


# --------------------------------------------------------------------------------------------------------------- words
def test_both_languages_are_there_and_not_the_same():
    same = {"usb", "%", "€", "places", "Égide", "personnes"}
    for place, text in every_text():
        assert text.fr.strip(), place
        assert text.en.strip(), place
        assert text.fr != text.en or text.fr in same, place


def test_french_is_typed_with_care():
    for place, text in every_text():
        for french in re.findall(r".+", text.fr):
            assert not re.search(r"\S[?!;:»](?!\w)", french), (place, french)
            assert not re.search(r"«\S|  |\s[,.]|\.\.|…\w", french), (place, french)
            assert '"' not in french, (place, french)
            assert not re.search(r"\d%", french), (place, french)
            assert french[0].isupper() or french[0] in "«€%" or len(french.split()) <= 4, (place, french)
        for english in re.findall(r".+", text.en):
            assert not re.search(r"\s[?!;:,.]|  ", english), (place, english)
            assert "«" not in english, (place, english)


def test_sentences_end_and_say_something_that_can_be_seen():
    for question in POOL.questions:
        for text in (question.why, *(level.text for level in question.levels), *question.proofs):
            assert text.fr.endswith("."), question.id
            assert text.en.endswith("."), question.id
        spoken = " ".join(text.fr.lower() for text in texts(question))
        assert not any(word in spoken for word in VAGUE), question.id
        assert "sous-traitant" not in spoken, question.id


def test_no_two_questions_ask_the_same():
    bags = {question.id: set(re.findall(r"\w{4,}", question.text.fr.lower())) for question in POOL.questions}
    for one, other in combinations(bags, 2):
        together = {Depth.PRACTICE} & {*POOL.by_id[one].depths, *POOL.by_id[other].depths}
        shared = len(bags[one] & bags[other]) / max(1, min(len(bags[one]), len(bags[other])))
        assert shared < (1.01 if together else 0.75), (one, other)


def test_a_practice_meets_no_sigle_without_its_meaning():
    for question in EDITIONS[Depth.PRACTICE].questions:
        whole = " ".join(text.fr for text in texts(question))
        for sigle in set(
            re.findall(r"\b[A-Z]{2,}\b", question.text.fr + " ".join(level.text.fr for level in question.levels))
        ):
            assert sigle in {"USB", "RIB"} or f"({sigle})" in whole or question.help != Text(), (question.id, sigle)


# --------------------------------------------------------------------------------------------------------------- advice
def test_each_measure_has_why_how_cost_and_time():
    assert set(ADVICE) == set(PLAIN) == set(MEASURE_BY_CODE)
    assert reference.advice(Depth.HOSPITAL) == ADVICE
    for code, advice in (*ADVICE.items(), *PLAIN.items()):
        assert 3 <= len(advice.how) <= 5, code
        assert 0 < advice.rank < 10, code
        assert all(
            text.fr.endswith(".") and text.en.endswith(".")
            for text in (advice.why, *advice.how, advice.cost, advice.time)
        )


def test_a_practice_is_told_the_same_without_an_it_department():
    for code, advice in PLAIN.items():
        assert (advice.title, advice.why, advice.rank) == (ADVICE[code].title, ADVICE[code].why, ADVICE[code].rank)
        spoken = " ".join(text.fr.lower() for text in advice.how)
        assert not any(word in spoken for word in ("annuaire", "bastion", "administrateur", "journaux", "vpn")), code


def test_fictitious_answers_are_chosen_as_they_are_named():
    edition = EDITIONS[Depth.HOSPITAL]
    question = next(each for each in edition.questions if each.counts and len(each.levels) == 4)
    codes = [answered(edition, at).answers[question.id].level for at in ("worst", "middle", "best")]
    assert codes == ["a", "c", "d"]
    assert answered(edition, "any", seed=1) == answered(edition, "any", seed=1) != answered(edition, "any", seed=2)
