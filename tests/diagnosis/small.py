"""Small questionnaires made by hand."""

from datetime import date
from decimal import Decimal

from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.questionnaire import Branch, Chapter, Choice, Otherwise, Question, Questionnaire
from egide.message import Text

DAY = date(2026, 11, 2)
LEVELS = tuple(Choice(code, Decimal(value), Text(code)) for code, value in (("a", "0"), ("b", "0.5"), ("c", "1")))
MARKS = {
    "y": Answer("c", proven=True, proof="vue"),
    "d": Answer("c"),
    "h": Answer("b", proven=True, proof="vue"),
    "n": Answer("a"),
    "-": Answer(),
    "x": Answer(not_applicable=True, reason="rien de tel ici"),
    "!": Answer(not_applicable=True),
}


def question(code, measure="backup", family="backup", weight="1", branch=None, na=True, **more):
    return Question(
        code, family, Text(f"Question {code} ?"), Text("Parce que."), LEVELS, measure=measure,
        weight=Decimal(weight), asked_if=branch, na=Text("Si rien de tel.") if na else Text(), **more,
    )  # fmt: skip


def hanging(code, on, *levels, otherwise=Otherwise.NOT_APPLICABLE, **more):
    return question(code, branch=Branch(on, levels, otherwise), **more)


def questionnaire(*questions):
    return Questionnaire("small", DAY, Text("Petit"), chapters=(Chapter("one", Text("Un"), questions=questions),))


def filled(asked, marks, on=DAY):
    answers = {each.id: MARKS[mark] for each, mark in zip(asked.questions, marks, strict=True) if mark != "-"}
    return Filled(asked.id, asked.version, on, answers)
