"""Which level of a question an answer cell means: as its list writes it, or as a person typed it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from egide.diagnosis.questionnaire import Choice, Question
from egide.exchange import quantities, vocabulary
from egide.exchange.diagnosis_form import NA
from egide.exchange.layout import squashed
from egide.exchange.vocabulary import fold
from egide.message import Message, message
from egide.tender.model import Declared

LEAST = 8
"""Letters and digits by which the beginning of a level's words names it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a cell says: a level, "not applicable", or nothing; `doubt` says what a person must confirm."""

    choice: Choice | None = None
    not_applicable: bool = False
    doubt: Message | None = None


_NUMBERED = re.compile(r"^(?:niveau|level|n)?\s*(\d{1,2})(?:\s*[-.):/]\s*|\s+|$)(.*)$", re.S)
_UNREAD = message("aucun niveau de cette question n'est reconnu : elle compte comme laissée vide")


def understood(question: Question, text: str) -> Understood:
    """Return what an answer cell of a question means. When two levels are named, the lower one is taken, in doubt."""
    folded = fold(text)
    if folded in vocabulary.NOTHING or folded in _UNKNOWN:
        return Understood(doubt=None if folded in vocabulary.NOTHING else message("réponse en suspens : la question compte comme laissée vide"))  # fmt: skip
    if squashed(text) in {squashed(NA.fr), squashed(NA.en)} or vocabulary.WORDS.get(folded) is Declared.NA:
        return Understood(not_applicable=True)
    if exact := _by_words(question, text):
        return Understood(exact)
    numbered = _NUMBERED.match(folded)
    if numbered and int(numbered[1]) < len(question.levels):
        return _numbered(question, question.levels[int(numbered[1])], numbered[2])
    return _approximate(question, folded)


_UNKNOWN = quantities.NOTHING - {"", "na", "n/a", "sans objet", "aucun", "aucune", "none"} - vocabulary.NOTHING


def _words(choice: Choice) -> set[str]:
    return {squashed(choice.text.fr), squashed(choice.text.en)} - {""}


def _by_words(question: Question, text: str) -> Choice | None:
    said = squashed(text)
    for place, choice in enumerate(question.levels):
        if said in {f"{place}{words}" for words in _words(choice)} or said in _words(choice) or _is_code(choice, said):  # fmt: skip
            return choice
    return None


def _is_code(choice: Choice, said: str) -> bool:
    """Tell whether a text is the code of a level; a number is its place in the list, whatever the codes are."""
    return said == squashed(choice.code) and not said.isdecimal()


def _numbered(question: Question, choice: Choice, rest: str) -> Understood:
    """Return the level of a number, minding the words that follow it."""
    said = squashed(rest)
    if not said:
        return Understood(choice)
    named = [each for each in question.levels if said in _words(each) or _begins(each, said)]
    if choice in named:
        return Understood(choice)
    if len(named) == 1:
        lower = min((choice, named[0]), key=lambda each: each.value)
        return Understood(lower, doubt=message("le numéro et les mots désignent deux niveaux : le plus bas est retenu, « {level} »", level=lower.text))  # fmt: skip
    return Understood(choice, doubt=message("les mots qui suivent le numéro ne sont pas ceux du niveau : compris comme « {level} »", level=choice.text))  # fmt: skip


def _begins(choice: Choice, said: str) -> bool:
    return len(said) >= LEAST and any(words.startswith(said) or said.startswith(words) for words in _words(choice))


def _approximate(question: Question, folded: str) -> Understood:
    said = squashed(folded)
    named = [each for each in question.levels if _begins(each, said)]
    if len(named) == 1:
        return Understood(named[0], doubt=message("compris comme « {level} »", level=named[0].text))
    if len(question.levels) == 2 and (yes := _yes_no(folded)) is not None:
        return Understood(question.best if yes else question.worst)
    if folded in vocabulary.WORDS and vocabulary.WORDS[folded] is Declared.NO:
        return Understood(question.worst, doubt=message("« non » compris comme « {level} »", level=question.worst.text))
    return Understood(doubt=_UNREAD)


@lru_cache(64)
def _yes_no(folded: str) -> bool | None:
    return {Declared.YES: True, Declared.NO: False}.get(vocabulary.WORDS.get(folded, Declared.BLANK))
