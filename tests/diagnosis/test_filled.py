"""What answers are worth: the cases of the rule, then what must hold of every questionnaire."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.small import DAY, MARKS, filled, hanging, question, questionnaire
from egide import plain, reference
from egide.diagnosis.filled import Answer, Filled, State, read
from egide.diagnosis.level import Level
from egide.diagnosis.maturity import maturity
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.diagnosis.questionnaire import Figure, Otherwise
from egide.finding import Severity
from egide.message import Text

CASES = plain.parse_yaml((Path(__file__).parent / "cases/levels.yaml").read_text(encoding="utf-8"), "levels.yaml")
WEIGHING = reference.weighing()
SMALL = questionnaire(*(question(f"Q{n}", weight=weight) for n, weight in enumerate(CASES["weights"])))
DOORS = questionnaire(*(question(f"M{n}", measure="mfa", family="identity") for n in range(3)))
TREE = questionnaire(
    question("fact", measure="", na=False),
    question("root", na=False),
    hanging("if-fact", "fact", "a"),
    hanging("if-root", "root", "b", "c", otherwise=Otherwise.WORST),
    hanging("deeper", "if-root", "c", otherwise=Otherwise.WORST, na=False),
    question("alone"),
)


def of(asked, marks):
    reading = read(asked, filled(asked, marks))
    return reading, maturity(reading.observations(), DAY, WEIGHING)


@pytest.mark.parametrize(
    ("asked", "measure", "case"),
    [(SMALL, "backup", case) for case in CASES["cases"]] + [(DOORS, "mfa", case) for case in CASES["least"]],
    ids=lambda value: f"{value['answers']}@{value['reference']}" if isinstance(value, dict) else "",
)
def test_the_level_of_a_measure(asked, measure, case):
    reading, known = of(asked, case["answers"])
    average = float(case["reference"])
    assert known.levels[measure].at(average) == pytest.approx(float(case["level"]), abs=1e-5)
    assert known.best[measure].at(average) == pytest.approx(float(case["best"]), abs=1e-5)
    assert known.completeness[measure] == pytest.approx(float(case["completeness"]), abs=1e-5)
    assert reading.measures[measure].completeness == known.completeness[measure]


def test_a_level_reads_one_average_or_many():
    many = np.array([0.1, 0.45, 0.9])
    assert Level(0.2, 0.6).at(many).tolist() == [0.2, 0.45, 0.6]
    assert Level(0.2, None).at(many).tolist() == [0.2, 0.45, 0.9]
    assert [Level(0.2, None).at(each) for each in (0.1, 0.9)] == [0.2, 0.9]
    assert Level(0.2, None).times(0.5) == Level(0.1, None)
    assert Level(0.2, None).lower(Level(0.1, None)) == Level(0.1, None)
    assert Level(0.2, None).lower(Level(0.4, 0.5)) == Level(0.2, 0.5)


# ------------------------------------------------------------------------------------------------------------- branches
def states(marks):
    return [each.state.value for each in read(TREE, filled(TREE, marks)).counted]


def test_a_fact_that_is_not_there_leaves_its_questions_out():
    assert states("hyyyyy") == ["answered", "answered", "branch", "answered", "answered", "answered"]
    assert states("nyyyyy")[2] == "answered"


def test_what_cannot_be_there_counts_at_its_worst_and_so_does_what_hangs_on_it():
    assert states("nnyyyy") == ["answered", "answered", "answered", "implied", "implied", "answered"]
    reading = read(TREE, filled(TREE, "nnyyyy"))
    assert [each.because.id for each in reading.counted if each.because] == ["root", "if-root"]
    assert reading.by_id["if-root"].value == 0.0
    assert [each.question.id for each in reading.asked] == ["fact", "root", "if-fact", "alone"]


def test_what_hangs_on_a_blank_waits_even_if_it_was_answered():
    reading = read(TREE, filled(TREE, "--yyyy"))
    assert [each.state for each in reading.counted[:5]] == [State.BLANK] * 5
    assert [each.question.id for each in reading.shown] == ["fact", "root", "alone"]
    assert [each.question.id for each in reading.blanks] == ["fact", "root", "if-fact", "if-root", "deeper"]
    assert [each.code for each in reading.findings] == ["diagnosis.waits"] * 3
    assert reading.completeness == pytest.approx(1 / 6)


def test_a_safeguard_said_not_applicable_leaves_nothing_else_out():
    assert states("nyyxyy")[3:5] == ["not_applicable", "implied"]


def test_what_hangs_on_a_question_left_out_is_left_out():
    asked = questionnaire(
        question("fact", measure="", na=False),
        hanging("first", "fact", "a"),
        hanging("second", "first", "c", otherwise=Otherwise.WORST),
    )
    assert [each.state.value for each in read(asked, filled(asked, "yyy")).counted][1:] == ["branch", "branch"]


def test_a_question_of_another_depth_opens_everything():
    lone = questionnaire(hanging("late", "elsewhere", "a"))
    assert read(lone, filled(lone, "y")).counted[0].state is State.ANSWERED


# ------------------------------------------------------------------------------------------------------------- findings
def codes(asked, given_):
    return [(each.code.removeprefix("diagnosis."), each.severity, each.place) for each in read(asked, given_).findings]


def test_every_oddity_is_said_and_none_makes_it_fail():
    asked = questionnaire(
        question("A"), question("B", na=False), question("C"), question("D"), question("E", measure="", na=False),
        hanging("F", "E", "a"), question("G"),
    )  # fmt: skip
    asked = replace(
        asked, figures=tuple(Figure(code, Text(code), Text("Parce que."), Text("unité")) for code in ("beds", "places"))
    )
    given_ = Filled(
        "other", DAY, DAY,
        {
            "A": Answer("c", not_applicable=True, reason="?"), "B": Answer(not_applicable=True, reason="?"),
            "C": Answer(not_applicable=True), "D": Answer("zz"), "E": Answer("c"), "F": Answer("c"),
            "G": Answer("c", proven=True), "Z": Answer("a"),
        },
        {"beds": Decimal(-1), "places": Decimal(30), "cats": Decimal(3)},
    )  # fmt: skip
    assert codes(asked, given_) == [
        ("questionnaire", Severity.ERROR, ""), ("question", Severity.DOUBT, "Z"), ("figure", Severity.ERROR, "beds"),
        ("figure", Severity.NOTE, "cats"), ("both", Severity.DOUBT, "A"), ("not_applicable", Severity.DOUBT, "B"),
        ("reason", Severity.DOUBT, "C"), ("level", Severity.DOUBT, "D"), ("unasked", Severity.NOTE, "F"),
        ("proof", Severity.NOTE, "G"),
    ]  # fmt: skip
    reading = read(asked, given_)
    assert reading.measures["backup"].level == Level(1 / 6, 1 / 5)
    assert (reading.answered_count, reading.asked_count, reading.proven_count) == (2, 6, 1)


def test_answers_to_another_version_are_read_with_a_doubt():
    given_ = replace(filled(SMALL, "yyyy"), version=date(2025, 1, 1), figures={})
    assert codes(SMALL, given_) == [("version", Severity.DOUBT, "")]


def test_nothing_asked_is_nothing_known():
    reading = read(questionnaire(), filled(questionnaire(), ""))
    assert (reading.completeness, reading.observations(), reading.families) == (0.0, (), {})


def test_proven_means_all_that_was_asked_was_shown():
    kinds = {marks: of(SMALL, marks)[0].observations()[0].reliability for marks in ("yyyy", "yyyd", "yyy-", "yyyx")}
    assert [each is Reliability.PROVEN for each in kinds.values()] == [True, False, False, False]


def test_a_question_of_devices_is_read_apart_from_its_family():
    asked = questionnaire(question("own"), question("device", measure="device", device=True))
    reading = read(asked, filled(asked, "yn"))
    assert {code: each.level.low for code, each in reading.families.items()} == {"backup": 1.0, "device": 0.0}
    assert asked.measures == ("backup", "device")


def test_answers_go_to_plain_data_and_back():
    given_ = replace(filled(SMALL, "ydx-"), figures={"beds": Decimal(12)}, name="Hôpital fictif")
    assert plain.structure(plain.unstructure(given_), Filled, "answers.json") == given_


# -------------------------------------------------------------------------------------------------- what must always hold
PLACE = st.integers(0, 5)
TREES = st.text("ydhn-x", min_size=6, max_size=6)
AVERAGES = st.floats(0.3, 0.6)
ROUNDING = 1e-12


def level(marks, average):
    return of(TREE, marks)[1].levels["backup"].at(average)


@given(TREES, PLACE, st.sampled_from("ydhnx"), AVERAGES)
def test_a_blank_is_never_above_an_answer(marks, place, mark, average):
    blank, given_ = (marks[:place] + each + marks[place + 1 :] for each in ("-", mark))
    assert level(blank, average) <= level(given_, average) + ROUNDING


@given(TREES, PLACE, AVERAGES)
def test_a_proven_yes_is_never_below_a_not_applicable(marks, place, average):
    yes, left_out = (marks[:place] + mark + marks[place + 1 :] for mark in ("y", "x"))
    assert level(left_out, average) <= level(yes, average) + ROUNDING


@given(TREES, PLACE, AVERAGES)
def test_a_proof_never_lowers_and_more_never_lowers(marks, place, average):
    if place == 0:
        return
    rising = [level(marks[:place] + mark + marks[place + 1 :], average) for mark in "ndy"]
    assert rising[0] <= rising[1] + ROUNDING
    assert rising[1] <= rising[2] + ROUNDING


@given(TREES, AVERAGES)
def test_the_bracket_holds_the_level_and_completeness_is_a_share(marks, average):
    reading, known = of(TREE, marks)
    assert known.levels["backup"].at(average) <= known.best["backup"].at(average) + ROUNDING
    assert 0.0 <= known.completeness["backup"] <= 1.0
    assert (reading.completeness == 1.0) is (not reading.blanks)
    if not reading.blanks:
        assert known.best["backup"] == known.levels["backup"]


@given(st.text("ydhn-x", min_size=4, max_size=4), st.permutations(range(4)), AVERAGES)
def test_the_order_of_the_answers_changes_nothing(marks, order, average):
    given_ = filled(SMALL, marks)
    shuffled = {f"Q{n}": given_.answers[f"Q{n}"] for n in order if f"Q{n}" in given_.answers}
    assert read(SMALL, replace(given_, answers=shuffled)).observations() == read(SMALL, given_).observations()
    turned = questionnaire(*(SMALL.questions[n] for n in order))
    other = read(turned, given_).measures["backup"].level
    assert other == read(SMALL, given_).measures["backup"].level


def test_one_door_less_covered_or_less_proven_never_raises_the_least():
    less = {"y": "dhnx-", "d": "n-", "h": "n-", "n": "-", "x": "-", "-": ""}
    levels = {"".join(marks): of(DOORS, marks)[1].levels["mfa"] for marks in product(less, repeat=3)}
    for marks, its in levels.items():
        for place, mark in enumerate(marks):
            for lower in less[mark]:
                changed = levels[marks[:place] + lower + marks[place + 1 :]]
                assert all(changed.at(average) <= its.at(average) + ROUNDING for average in (0.3, 0.45, 0.6))


@given(TREES, PLACE, st.floats(0, 1), AVERAGES)
def test_an_older_audit_does_not_make_silence_worth_more(marks, place, seen, average):
    day = date(2026, 6, 1)
    exact = Level.exactly(seen)
    audit = Observation("backup", exact, exact, 1.0, Source.AUDIT, Reliability.PROVEN, day)

    def beside(mark):
        changed = marks[:place] + mark + marks[place + 1 :]
        reading = read(TREE, filled(TREE, changed))
        return maturity([audit, *reading.observations()], DAY, WEIGHING).levels["backup"].at(average)

    levels = {mark: beside(mark) for mark in "-ndhyx"}
    assert all(levels["-"] <= each + ROUNDING for each in levels.values())
    assert levels["x"] <= levels["y"] + ROUNDING


def test_the_marks_of_these_tests_are_what_they_say():
    assert MARKS["y"].proven
    assert not MARKS["d"].proven
