"""Fictitious filled questionnaires."""

import random
from datetime import date

from egide.diagnosis.filled import Answer, Filled, read
from egide.diagnosis.maturity import maturity
from egide.diagnosis.questionnaire import Question, Questionnaire

DAY = date(2026, 11, 2)


def chosen(question: Question, at: str, chance: random.Random) -> str:
    """Return the code of a level of `question`; what only opens branches opens them."""
    if not question.counts:
        return question.levels[0].code
    ordered = sorted(question.levels, key=lambda level: level.value)
    index = {"worst": 0, "best": -1, "middle": len(ordered) // 2}.get(at)
    return (chance.choice(ordered) if index is None else ordered[index]).code


def answered(
    questionnaire: Questionnaire,
    at: str = "best",
    *,
    proven: bool = True,
    seed: int = 0,
    on: date = DAY,
    name: str = "",
) -> Filled:
    """Return every question answered `at` best, worst, middle or (with `seed`) random; branches are open."""
    chance = random.Random(seed)  # noqa: S311 (the same answers each time)
    answers = {
        each.id: Answer(chosen(each, at, chance), proven=proven, proof="pièce fictive, vue" if proven else "")
        for each in questionnaire.questions
    }
    return Filled(questionnaire.id, questionnaire.version, on, answers, {}, name)


def matured(questionnaire, filled, weighing, on=None):
    """Return the maturity of one filled questionnaire on its own day, or on another."""
    return maturity(read(questionnaire, filled).observations(), on or filled.observed_on, weighing)
