"""The self-assessment that chooses a level of exercise, and says why.

The rule is data: each answer brings points, a level begins at a share of the points that could be had, and some
answers keep the level low whatever the rest ("never exercised": level 1). Not all answered: level 1, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from egide.errors import UsageError
from egide.exercise.module import Setting
from egide.message import Message, Text, message

LOWEST = 1
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that may be chosen. `cap` is the highest level that it allows, `because` why it decides."""

    id: str
    text: Text
    points: int
    because: Text
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question, its answers from the lowest to the highest; `settings` where it is asked, empty: everywhere."""

    id: str
    text: Text
    answers: tuple[Answer, ...]
    help: Text = Text()
    settings: tuple[Setting, ...] = ()

    @property
    def most(self) -> int:
        """Return the points of its best answer."""
        return max(each.points for each in self.answers)


@dataclass(frozen=True, slots=True)
class Step:
    """A level, and the share of the points, in percent, at which it begins; level 1 begins at 0."""

    level: int
    percent: int
    title: Text


@dataclass(frozen=True, slots=True)
class Assessment:
    """The file of the self-assessment: `steps` from the lowest level up."""

    version: str
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]

    def asked(self, setting: Setting) -> tuple[Question, ...]:
        """Return the questions of that setting."""
        return tuple(each for each in self.questions if not each.settings or setting in each.settings)


@dataclass(frozen=True, slots=True)
class Reply:
    """A question and the answer that was given to it."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Advised:
    """The level advised: `why` in a sentence, `decided` the answers that made it so, `missing` what is not answered."""

    level: int
    title: Text
    points: int
    most: int
    why: Message
    decided: tuple[Reply, ...]
    missing: tuple[Question, ...]


def advised(assessment: Assessment, setting: Setting, answers: Mapping[str, str]) -> Advised:
    """Return the level for these answers (answer ids by question id; an empty id: not answered) and what decided it.

    What decides: the answers that keep the level down, whatever the points; else those that lost the most points
    towards the next level; else, at the highest level, those that brought the most.
    Raises UsageError for a question that is not asked in that setting or an answer that it does not have.
    """
    asked = assessment.asked(setting)
    _known(asked, answers)
    replies = [
        Reply(question, answer) for question in asked for answer in question.answers if answers.get(question.id) == answer.id
    ]  # fmt: skip
    points, most = sum(each.answer.points for each in replies), sum(each.most for each in asked)
    steps = {each.level: each for each in assessment.steps}
    missing = tuple(each for each in asked if not answers.get(each.id))
    if missing:
        why = message(
            "Questions sans réponse : {missing} sur {asked}. Le niveau 1 est proposé en attendant.",
            missing=len(missing), asked=len(asked),
        )  # fmt: skip
        return Advised(LOWEST, steps[LOWEST].title, points, most, why, (), missing)
    earned = max(each.level for each in assessment.steps if points * 100 >= each.percent * most)
    capped = min((each.answer.cap for each in replies if each.answer.cap), default=earned)
    level = min(earned, capped)
    values = {"points": points, "most": most, "level": level}
    if capped < earned:
        why = message(
            "{points} points sur {most}, mais une réponse limite au niveau {level} : elle compte plus que les points.",
            **values,
        )
        decided = [each for each in replies if each.answer.cap == level]
    elif level + 1 in steps:
        needed = -(-steps[level + 1].percent * most // 100)
        why = message(
            "{points} points sur {most} : le niveau {level}. Le suivant commence à {needed} points.",
            **values, needed=needed,
        )  # fmt: skip
        binding = [each for each in replies if each.answer.cap == level]
        lost = _most([(each.question.most - each.answer.points, each) for each in replies])
        decided = [*binding, *(each for each in lost if each not in binding)][:MOST_REASONS]
    else:
        why = message("{points} points sur {most} : le niveau {level}, le plus haut.", **values)
        decided = _most([(each.answer.points, each) for each in replies])
    return Advised(level, steps[level].title, points, most, why, tuple(decided), ())


def _known(asked: tuple[Question, ...], answers: Mapping[str, str]) -> None:
    known = {each.id: {"", *(answer.id for answer in each.answers)} for each in asked}
    for question, answer in answers.items():
        if question not in known:
            raise UsageError(message("Question inconnue : {question}.", question=question))
        if answer not in known[question]:
            raise UsageError(
                message("Réponse inconnue à la question {question} : {answer}.", question=question, answer=answer)
            )


def _most(weighed: list[tuple[int, Reply]]) -> list[Reply]:
    kept = sorted((pair for pair in weighed if pair[0] > 0), key=lambda pair: -pair[0])
    return [each for _, each in kept[:MOST_REASONS]]
