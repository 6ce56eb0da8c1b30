"""A questionnaire: one pool of questions in chapters, narrowed to a depth; a foreign grid takes the same form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from egide.message import Text

DEVICE = "device"
"""The measure, and the scale shown, of what is asked of the device estate instead of the family's own."""


class Depth(StrEnum):
    """How far a diagnosis goes, by the kind of establishment."""

    PRACTICE = "practice"
    HOSPITAL = "hospital"
    UNIVERSITY = "university"


class Otherwise(StrEnum):
    """What a question is worth when another answer leaves nothing to ask."""

    NOT_APPLICABLE = "not_applicable"
    """What it speaks of does not exist here."""
    WORST = "worst"
    """What it asks cannot be there: it counts at its worst level."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A level in words that say what is seen, and what it is worth, 0 to 1."""

    code: str
    value: Decimal
    text: Text


@dataclass(frozen=True, slots=True)
class Branch:
    """The question is asked when `question` was answered with one of `levels`; `otherwise` says what it is worth."""

    question: str
    levels: tuple[str, ...]
    otherwise: Otherwise = Otherwise.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `measure` is one of the sixteen, or empty: then it only opens branches, or nobody mapped it yet.

    `levels` go from worst to best. `na` says when "not applicable" is accepted; empty, it is not. `minutes` is our
    estimate of the time that an honest answer takes.
    """

    id: str
    family: str
    text: Text
    why: Text
    levels: tuple[Choice, ...]
    proofs: tuple[Text, ...] = ()
    measure: str = ""
    depths: tuple[Depth, ...] = ()
    weight: Decimal = Decimal(1)
    na: Text = Text()
    asked_if: Branch | None = None
    device: bool = False
    minutes: Decimal = Decimal(1)
    help: Text = Text()

    @property
    def na_allowed(self) -> bool:
        """Whether "not applicable" may be answered, with a reason."""
        return self.na != Text()

    @property
    def counts(self) -> bool:
        """Whether the answer goes into a level."""
        return bool(self.measure) and self.weight > 0

    @property
    def scale(self) -> str:
        """Return under which heading a person reads the answer: its family, or the device estate."""
        return DEVICE if self.device else self.family

    @property
    def level_of(self) -> Mapping[str, Choice]:
        """Return the levels by code."""
        return {each.code: each for each in self.levels}

    @property
    def best(self) -> Choice:
        """Return the best level."""
        return max(self.levels, key=lambda each: each.value)

    @property
    def worst(self) -> Choice:
        """Return the worst level."""
        return min(self.levels, key=lambda each: each.value)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the establishment that the loss depends on; `code` is the fact of that name; a share is kept 0 to 1."""

    code: str
    text: Text
    why: Text
    unit: Text
    depths: tuple[Depth, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Questions asked together."""

    code: str
    title: Text
    says: Text = Text()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """Questions in the order in which they are asked; `minutes` is the time announced for the whole."""

    id: str
    version: date
    title: Text
    says: Text = Text()
    chapters: tuple[Chapter, ...] = ()
    figures: tuple[Figure, ...] = ()
    depth: Depth | None = None
    source: Text = Text()
    minutes: int = 0

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return every question in order."""
        return tuple(question for chapter in self.chapters for question in chapter.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Return the questions by identifier."""
        return {question.id: question for question in self.questions}

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Return the measures that some question feeds, in the order of the questions."""
        return tuple(dict.fromkeys(question.measure for question in self.questions if question.counts))

    def with_questions(self, questions: Mapping[str, Question]) -> "Questionnaire":
        """Return the same chapters holding only the questions of `questions`, as they are there."""
        chapters = [
            replace(each, questions=tuple(questions[one.id] for one in each.questions if one.id in questions))
            for each in self.chapters
        ]
        return replace(self, chapters=tuple(each for each in chapters if each.questions))


@dataclass(frozen=True, slots=True)
class Edition:
    """How the pool is asked at one depth: its name, what it is for, the time announced."""

    depth: Depth
    id: str
    title: Text
    says: Text
    minutes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the pool."""

    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What opens the pool: its name, its figures, the files of its chapters in order, how each depth is asked."""

    pool: Questionnaire
    files: tuple[str, ...]
    editions: tuple[Edition, ...]


def edition_of(pool: Questionnaire, edition: Edition) -> Questionnaire:
    """Return the questionnaire of one depth: the questions and figures of the pool that are asked there."""
    kept = {each.id: each for each in pool.questions if edition.depth in each.depths}
    return replace(
        pool.with_questions(kept),
        id=edition.id,
        title=edition.title,
        says=edition.says,
        figures=tuple(each for each in pool.figures if edition.depth in each.depths),
        depth=edition.depth,
        minutes=edition.minutes,
    )
