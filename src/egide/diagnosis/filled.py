"""A questionnaire as somebody filled it: what each question counts for, what is blank, the level of each measure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import fsum

from egide.diagnosis.level import Level
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.diagnosis.questionnaire import Choice, Otherwise, Question, Questionnaire
from egide.finding import Finding, Severity
from egide.message import Message, message

LEAST = frozenset({"mfa"})
"""Measures whose level is the lowest of their answers, not the mean: one door left open leaves the house open.

One of them without proof leaves the whole level without proof.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a level, or "not applicable" with its reason; empty, it is a blank. `proven` means proof seen."""

    level: str = ""
    not_applicable: bool = False
    reason: str = ""
    proven: bool = False
    proof: str = ""
    note: str = ""


BLANK = Answer()


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers given to one version of one questionnaire on a day; `name` is the establishment's."""

    questionnaire: str
    version: date
    observed_on: date
    answers: Mapping[str, Answer] = field(default_factory=dict)
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    name: str = ""

    def with_answer(self, question: str, answer: Answer) -> "Filled":
        """Return the same answers with one changed: what an answer is worth is the difference that it makes."""
        return replace(self, answers={**self.answers, question: answer})


class State(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    BRANCH = "branch"
    """Not asked: another answer says that it does not concern this establishment."""
    IMPLIED = "implied"
    """Not asked: another answer says that it is at its worst."""
    BLANK = "blank"
    REFUSED = "refused"
    """Answered "not applicable" without the right to, or without a reason: it counts as a blank."""

    @property
    def asked(self) -> bool:
        """Whether somebody has it before his eyes."""
        return self not in {State.BRANCH, State.IMPLIED}

    @property
    def settled(self) -> bool:
        """Whether nothing is left to answer."""
        return self not in {State.BLANK, State.REFUSED}

    @property
    def left_out(self) -> bool:
        """Whether it does not concern this establishment."""
        return self in {State.BRANCH, State.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Counted:
    """A question and what it counts for: its `value` 0 to 1 (a blank: 0; left out: None) and whether on proof."""

    question: Question
    state: State
    value: float | None
    choice: Choice | None = None
    """The level answered, or implied."""
    proven: bool = False
    because: Question | None = None
    """The question whose answer, or whose blank, decided."""

    @property
    def waits(self) -> bool:
        """Whether another question must be answered first."""
        return self.state is State.BLANK and self.because is not None


@dataclass(frozen=True, slots=True)
class Score:
    """The level of some questions together, at face value, and how much of them is answered and proven."""

    level: Level
    best: Level
    completeness: float
    asked: int
    answered: int
    proven: int
    share_proven: float
    best_share_proven: float


@dataclass(frozen=True)
class Reading:
    """A filled questionnaire, read: one `Counted` for each question, in order, and what was wrong in it."""

    questionnaire: Questionnaire
    filled: Filled
    counted: tuple[Counted, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def asked(self) -> tuple[Counted, ...]:
        """Return the questions that an honest count of what is left goes over."""
        return tuple(each for each in self.counted if each.state.asked)

    @cached_property
    def shown(self) -> tuple[Counted, ...]:
        """Return the questions to show now: those asked that wait for no other."""
        return tuple(each for each in self.asked if not each.waits)

    @cached_property
    def blanks(self) -> tuple[Counted, ...]:
        """Return the questions that are not answered."""
        return tuple(each for each in self.counted if not each.state.settled)

    @cached_property
    def by_id(self) -> Mapping[str, Counted]:
        """Return what became of each question, by identifier."""
        return {each.question.id: each for each in self.counted}

    @property
    def answered_count(self) -> int:
        """Return how many questions that were asked have an answer."""
        return sum(each.state.settled for each in self.asked)

    @property
    def asked_count(self) -> int:
        """Return how many questions were asked."""
        return len(self.asked)

    @property
    def proven_count(self) -> int:
        """Return how many answers rest on a proof that was seen."""
        return sum(each.proven for each in self.asked)

    @property
    def completeness(self) -> float:
        """Return the share of the questions asked that are answered, 0 to 1; 0 if there is no question."""
        return self.answered_count / self.asked_count if self.asked else 0.0

    @cached_property
    def measures(self) -> Mapping[str, Score]:
        """Return the score of each measure that the questionnaire feeds."""
        return self._scores(lambda question: question.measure)

    @cached_property
    def families(self) -> Mapping[str, Score]:
        """Return the score of each family that it asks about, and of the device estate apart."""
        return self._scores(lambda question: question.scale)

    def _scores(self, key: Callable[[Question], str]) -> dict[str, Score]:
        groups: dict[str, list[Counted]] = {}
        for each in self.counted:
            if each.question.counts:
                groups.setdefault(key(each.question), []).append(each)
        return {code: score(group, least=code in LEAST) for code, group in groups.items()}

    def observations(self) -> tuple[Observation, ...]:
        """Return one observation for each measure that the questionnaire feeds.

        It is proven when all that was asked is answered with a proof seen: a blank or a "not applicable" is not.
        """
        found = []
        for code, its in self.measures.items():
            reliability = Reliability.PROVEN if its.proven == its.asked > 0 else Reliability.DECLARED
            found.append(
                Observation(
                    code, its.level, its.best, its.completeness, Source.QUESTIONNAIRE, reliability,
                    self.filled.observed_on, self.questionnaire.id, its.share_proven, its.best_share_proven,
                )
            )  # fmt: skip
        return tuple(found)


# --------------------------------------------------------------------------------------------------------------- levels
def score(group: Iterable[Counted], *, least: bool = False) -> Score:
    """Return the level of questions together: their weighted mean, or with `least` the lowest of them."""
    group = tuple(group)
    asked = [each for each in group if each.state.asked]
    whole = fsum(float(each.question.weight) for each in group)
    settled = fsum(float(each.question.weight) for each in group if each.state.settled)
    level, share = _level(group, at_best=False, least=least)
    best, best_share = _level(group, at_best=True, least=least)
    return Score(
        level,
        best,
        settled / whole,
        len(asked),
        sum(each.state.settled for each in asked),
        sum(each.proven for each in asked),
        share,
        best_share,
    )


def _level(group: tuple[Counted, ...], *, at_best: bool, least: bool) -> tuple[Level, float]:
    """Return the level, and the share of it that is proven; `at_best` takes each blank as answered at best."""
    parts = [_part(each, at_best=at_best) for each in group if not each.state.left_out]
    left_out = fsum(float(each.question.weight) for each in group if each.state.left_out)
    if not parts:
        return Level(0.0, None), 0.0
    if least:
        lowest = min(value for _, value, _ in parts)
        return Level(0.0 if left_out else lowest, lowest), float(all(proven for _, _, proven in parts))
    weight = fsum(weight for weight, _, _ in parts)
    total = fsum(weight * value for weight, value, _ in parts)
    share = fsum(weight * value for weight, value, proven in parts if proven) / total if total else 0.0
    return Level(total / (weight + left_out), total / weight), share


def _part(each: Counted, *, at_best: bool) -> tuple[float, float, bool]:
    weight = float(each.question.weight)
    if at_best and not each.state.settled:
        return weight, float(each.question.best.value), True
    return weight, each.value or 0.0, each.proven


# -------------------------------------------------------------------------------------------------------------- reading
def read(questionnaire: Questionnaire, filled: Filled) -> Reading:
    """Return what the answers are worth, question by question, and every finding; no answer makes it fail."""
    found: list[Finding] = list(_of_the_whole(questionnaire, filled))
    counted: dict[str, Counted] = {}
    for question in questionnaire.questions:
        answer = filled.answers.get(question.id, BLANK)
        counted[question.id] = each = _branched(question, counted) or _answered(question, answer)
        found.extend(_findings(each, answer))
    return Reading(questionnaire, filled, tuple(counted.values()), tuple(found))


def _branched(question: Question, counted: Mapping[str, Counted]) -> Counted | None:
    """Return what the branch decides, None when the question is asked.

    Where the deciding answer is missing, what hangs on it is a blank even if it was answered: filling the blank can
    then never lower a level. Where "not applicable" was answered to a safeguard, what hangs on it counts at its worst.
    """
    branch = question.asked_if
    decides = counted.get(branch.question) if branch else None
    if branch is None or decides is None:
        return None
    if not decides.state.settled:
        return Counted(question, State.BLANK, 0.0, because=decides.question)
    if decides.choice and decides.choice.code in branch.levels:
        return None
    if decides.state is State.BRANCH or branch.otherwise is Otherwise.NOT_APPLICABLE:
        return Counted(question, State.BRANCH, None, because=decides.question)
    return Counted(question, State.IMPLIED, float(question.worst.value), question.worst, because=decides.question)


def _answered(question: Question, answer: Answer) -> Counted:
    if answer.not_applicable:
        accepted = question.na_allowed and bool(answer.reason.strip()) and not answer.level
        return Counted(question, State.NOT_APPLICABLE, None) if accepted else Counted(question, State.REFUSED, 0.0)
    choice = question.level_of.get(answer.level)
    if choice is None:
        return Counted(question, State.BLANK, 0.0)
    return Counted(question, State.ANSWERED, float(choice.value), choice, answer.proven)


# ------------------------------------------------------------------------------------------------------------- findings
def _finding(
    code: str, severity: Severity, understood: Message, remedy: Message, place: str, read: str = ""
) -> Finding:
    return Finding(f"diagnosis.{code}", severity, understood, remedy, place=place, read=read)


def _of_the_whole(questionnaire: Questionnaire, filled: Filled) -> Iterator[Finding]:
    if filled.questionnaire != questionnaire.id:
        yield _finding(
            "questionnaire", Severity.ERROR,
            message("ces réponses sont celles d'un autre questionnaire : {id}", id=filled.questionnaire),
            message("Les lire avec le questionnaire auquel elles répondent."), "", filled.questionnaire,
        )  # fmt: skip
    elif filled.version != questionnaire.version:
        yield _finding(
            "version", Severity.DOUBT,
            message("réponses à la version du {old}, lues avec celle du {new}", old=filled.version, new=questionnaire.version),
            message("Relire les réponses : des questions ont pu changer."), "", filled.version.isoformat(),
        )  # fmt: skip
    for code in filled.answers:
        if code not in questionnaire.by_id:
            understood = message("question inconnue de ce questionnaire : {id}", id=code)
            yield _finding("question", Severity.DOUBT, understood, message("Cette réponse n'est pas comptée."), code)
    yield from _figures(questionnaire, filled)


def _figures(questionnaire: Questionnaire, filled: Filled) -> Iterator[Finding]:
    known = {each.code for each in questionnaire.figures}
    for code, value in filled.figures.items():
        if code not in known:
            understood = message("chiffre qui n'est pas demandé : {code}", code=code)
            yield _finding("figure", Severity.NOTE, understood, message("Il n'est pas compté."), code, str(value))
        elif value < 0:
            understood = message("un chiffre négatif n'a pas de sens ici : {value}", value=value)
            yield _finding("figure", Severity.ERROR, understood, message("Corriger ce chiffre."), code, str(value))


def _findings(each: Counted, answer: Answer) -> Iterator[Finding]:
    place = each.question.id
    given = answer != BLANK
    match each.state:
        case State.REFUSED if answer.level:
            understood = message("un niveau et « sans objet » à la fois : compté comme un blanc")
            yield _finding("both", Severity.DOUBT, understood, message("Choisir l'un des deux."), place, answer.level)
        case State.REFUSED if each.question.na_allowed:
            understood = message("« sans objet » sans motif : compté comme un blanc")
            yield _finding("reason", Severity.DOUBT, understood, message("Écrire pourquoi."), place)
        case State.REFUSED:
            understood = message("cette question concerne tout établissement : « sans objet » compte comme un blanc")
            yield _finding("not_applicable", Severity.DOUBT, understood, message("Choisir un niveau."), place)
        case State.BLANK if each.because and given:
            understood = message("réponse en attente de la question {id}, restée blanche", id=each.because.id)
            remedy = message("Répondre d'abord à cette question.")
            yield _finding("waits", Severity.DOUBT, understood, remedy, place, answer.level)
        case State.BLANK if answer.level:
            understood = message("niveau inconnu : « {level} », compté comme un blanc", level=answer.level)
            allowed = [choice.code for choice in each.question.levels]
            remedy = message("Choisir parmi : {levels}.", levels=allowed)
            yield _finding("level", Severity.DOUBT, understood, remedy, place, answer.level)
        case State.BRANCH | State.IMPLIED if each.because and given:
            understood = message(
                "réponse à une question qui ne se pose pas, d'après la question {id}", id=each.because.id
            )
            yield _finding(
                "unasked", Severity.NOTE, understood, message("Elle n'est pas comptée."), place, answer.level
            )
        case State.ANSWERED if answer.proven and not answer.proof.strip():
            understood = message("preuve dite vue, sans dire laquelle")
            yield _finding("proof", Severity.NOTE, understood, message("Nommer la pièce et sa date."), place)
        case _:
            pass
