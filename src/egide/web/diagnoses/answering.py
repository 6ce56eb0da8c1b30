"""Answers that come from a page, put together with those that others gave meanwhile: nobody's are lost in silence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from egide import plain
from egide.diagnosis.filled import BLANK, Answer
from egide.diagnosis.questionnaire import Question
from egide.message import Message, Text, message
from egide.web.design.words import phrase, said
from egide.web.diagnoses import convert

NOT_APPLICABLE = "na"
NONE, BLANK_SAID = message("Sans objet"), message("Pas encore de réponse")
MOST = 2_000
"""Signs of a reason or of the reference of a proof."""


class AnswerForm(forms.Form):
    """One question: its level in words, a reason when it does not apply, the proof seen. `seen` names what was shown."""

    level = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=phrase("Pourquoi la question est sans objet"), required=False, max_length=MOST)
    proven = forms.BooleanField(label=phrase("Une preuve a été vue"), required=False)
    proof = forms.CharField(
        label=phrase("Référence de la preuve"), required=False, max_length=MOST,
        help_text=phrase("Titre, date, endroit où elle est rangée : n’écrivez ni mot de passe ni nom de patient."),
    )  # fmt: skip
    confirmed = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, question: Question, *args: Any, kept: Mapping[str, Any], **options: Any) -> None:
        shown = convert.answer(kept)
        options["initial"] = {
            "level": NOT_APPLICABLE if shown.not_applicable else shown.level,
            "reason": shown.reason, "proven": shown.proven, "proof": shown.proof, "seen": token(kept),
        }  # fmt: skip
        super().__init__(*args, **options)
        self.question, self.kept = question, kept
        level: Any = self.fields["level"]
        level.label = said(question.text)
        level.choices = [(each.code, said(each.text)) for each in question.levels]
        if question.na_allowed:
            level.choices += [(NOT_APPLICABLE, said(NONE))]
            self.fields["reason"].help_text = said(question.na)
        else:
            del self.fields["reason"]
        level.choices += [("", said(BLANK_SAID))]
        if not kept.get("since"):
            del self.fields["confirmed"]

    @property
    def value(self) -> Answer:
        """Return the answer that was given, once the form is valid; the proof of nothing is left out."""
        told = self.cleaned_data
        if told["level"] == NOT_APPLICABLE:
            return Answer(not_applicable=True, reason=told.get("reason", "").strip())
        if not told["level"]:
            return BLANK
        return Answer(told["level"], proven=told["proven"], proof=told["proof"].strip(), note=self.kept.get("note", ""))


def token(kept: Mapping[str, Any]) -> str:
    """Return the name of an answer, whoever gave it and whenever."""
    return _named(convert.answer(kept))


def _named(value: Answer) -> str:
    return plain.digest(plain.unstructure(value))[:16]


def prefix(number: int) -> str:
    """Return what begins the names of the fields of a question, by its place in the questionnaire."""
    return f"q{number}"


def words_of(question: Question, value: Answer) -> Text | Message:
    """Return an answer in words."""
    if value.not_applicable:
        return NONE
    choice = question.level_of.get(value.level)
    return choice.text if choice else BLANK_SAID


@dataclass(frozen=True)
class Conflict:
    """An answer that somebody else changed while this person was changing it: theirs is kept, this one is shown."""

    question: Question
    kept: Mapping[str, Any]
    given: Answer

    @property
    def said(self) -> Text | Message:
        """Return in words the answer that was not kept."""
        return words_of(self.question, self.given)


@dataclass(frozen=True)
class Merged:
    """Answers put together: all of them, what changed (before, after), and what two people changed at once."""

    answers: dict[str, dict[str, Any]]
    changed: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]]
    conflicts: tuple[Conflict, ...]


def merged(
    answers: Mapping[str, dict[str, Any]],
    given: Sequence[tuple[Question, Answer, str, bool]],
    by: object,
    at: datetime,
) -> Merged:
    """Return `answers` with those given: (question, answer, name of what was shown, confirmed as still true).

    What the person did not touch stays as somebody else made it; what both changed stays too, and is a conflict.
    """
    found = dict(answers)
    changed: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {}
    conflicts = []
    for question, value, seen, confirmed in given:
        before = found.get(question.id)
        now, name = token(before or {}), _named(value)
        if name == now and not (confirmed and before and before.get("since")):
            continue
        if now not in {seen, name}:
            if name != seen:
                conflicts.append(Conflict(question, before or {}, value))
            continue
        after = None if value == BLANK else convert.kept(value, by, at)
        changed[question.id] = (before, after)
        if after is None:
            found.pop(question.id, None)
        else:
            found[question.id] = after
    return Merged(found, changed, tuple(conflicts))


def carried(
    answers: Mapping[str, Mapping[str, Any]],
    questions: Mapping[str, Question],
    day_of: Callable[[Mapping[str, Any]], Any],
) -> dict[str, dict[str, Any]]:
    """Return the answers of an earlier diagnosis that still have a meaning here, each with the day it speaks of."""
    return {
        name: {**kept, "since": day_of(kept).isoformat()}
        for name, kept in answers.items()
        if name in questions and _still_means(kept, questions[name])
    }


def _still_means(kept: Mapping[str, Any], question: Question) -> bool:
    if kept.get("not_applicable"):
        return question.na_allowed
    return kept.get("level", "") in question.level_of
