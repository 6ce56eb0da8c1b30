"""Whether an exercise counts for the yearly duty, with every reason, good or bad.

It counts if it is a continuity-of-care exercise set off by a cyber event, with management and care functions there, and
really played (instruction of 17/01/2025, DNS/2025/12; what does not count: ARS Occitanie). The year of the duty is the
calendar year of the play.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from egide.exercise.module import Nature
from egide.exercise.outcome import outcomes
from egide.exercise.record import Facts, Record, Scope, State, Trigger
from egide.exercise.script import Script
from egide.message import Message, Text, message

SCOPES: Mapping[Scope, Text] = {
    Scope.CARE: Text("continuité des soins", "continuity of care"),
    Scope.IT_CONTINUITY: Text("exercice de continuité informatique", "IT-continuity exercise"),
    Scope.IT_RECOVERY: Text("test de reprise informatique du groupement", "IT-recovery test of the hospital group"),
    Scope.MAINTENANCE: Text("fonctionnement dégradé pendant une maintenance", "degraded operation during maintenance"),
    Scope.STANDBY: Text("bascule sur un système de secours", "switch-over to a standby system"),
    Scope.RESTORE: Text("test de restauration de données", "data-restore test"),
    Scope.DIRECTORY: Text(
        "restauration de l'annuaire ou de la messagerie", "restoration of the directory or of the mail system"
    ),
}
"""All but the first do not count."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition, whether it is met, what was found, and what would meet it (None where it is met)."""

    code: str
    met: bool
    said: Message
    remedy: Message | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it counts, for which year, and each reason."""

    counts: bool
    year: int
    reasons: tuple[Reason, ...]


class Duty(StrEnum):
    """Where an establishment stands with its yearly exercise."""

    DONE = "done"
    """A counted exercise in this calendar year."""
    DUE = "due"
    """One last year, none yet this year: there is time until 31 December."""
    LATE = "late"
    """None this year nor last year."""


def validity(script: Script, record: Record) -> Verdict:
    """Return whether the play counts for the yearly duty, and why: every condition, those that are met too."""
    management, care = _present(script, (each.function for each in record.presence if each.people > 0))
    sent = sum(each.state is State.SENT for each in record.events)
    observed = sum(each.done is not None for each in outcomes(record))
    reasons = (
        _reason(
            "scope",
            record.facts.scope is Scope.CARE,
            message("C'est un exercice de continuité des soins."),
            message("Ce qui a été joué ne compte pas : {scope}.", scope=SCOPES[record.facts.scope]),
            message(
                "Le garder au dossier, et jouer dans l'année un exercice où les soins continuent sans l'informatique : "
                "le niveau 1 dure une heure et demie."
            ),
        ),
        _trigger(record.facts),
        _reason(
            "management",
            bool(management),
            message("La direction y était : {functions}.", functions=management),
            message("La direction n'y était pas."),
            message("Y faire participer la direction, ou qui la remplace d'astreinte, et noter sa présence."),
        ),
        _reason(
            "care",
            bool(care),
            message("Les soins y étaient : {functions}.", functions=care),
            message("Aucune fonction de soin n'y était."),
            message("Y faire participer au moins un soignant, et noter sa présence."),
        ),
        _reason(
            "ended",
            record.lasted is not None,
            message("Il a été joué jusqu'au bout."),
            message("Il n'est pas terminé."),
            message("Le jouer, puis le terminer (ENDEX)."),
        ),
        _reason(
            "sent",
            sent > 0,
            message("Stimulus envoyés : {sent}.", sent=sent),
            message("Aucun stimulus n'a été envoyé."),
            message("Le jouer vraiment : lire ou préparer le scénario ne suffit pas."),
        ),
        _reason(
            "observed",
            observed > 0,
            message("Réactions observées : {observed}.", observed=observed),
            message("Aucune réaction n'a été observée."),
            message("Cocher ce que font les joueurs, pendant l'exercice ou juste après, de mémoire."),
        ),
    )
    return Verdict(all(each.met for each in reasons), record.held_on.year, reasons)


def foreseen(script: Script, functions: Iterable[str], facts: Facts, held_on: date) -> Verdict:
    """Return whether the exercise will count if it is played as prepared, with people of these functions.

    Only what can be known beforehand is asked: not that it is played to its end, nor that somebody observes.
    """
    management, care = _present(script, functions)
    reasons = (
        _reason(
            "scope",
            facts.scope is Scope.CARE,
            message("C'est un exercice de continuité des soins."),
            message("Ce qui est prévu ne compte pas : {scope}.", scope=SCOPES[facts.scope]),
            message(
                "Jouer dans l'année un exercice où les soins continuent sans l'informatique : "
                "le niveau 1 dure une heure et demie."
            ),
        ),
        _trigger(facts),
        _reason(
            "management",
            bool(management),
            message("La direction est prévue : {functions}.", functions=management),
            message("Personne de la direction n'est prévu."),
            message("Inviter la direction, ou qui la remplace d'astreinte."),
        ),
        _reason(
            "care",
            bool(care),
            message("Les soins sont prévus : {functions}.", functions=care),
            message("Aucun soignant n'est prévu."),
            message("Inviter au moins un soignant qui décide."),
        ),
        _reason(
            "sent",
            bool(script.items),
            message("Stimulus prévus : {planned}.", planned=len(script.items)),
            message("Le chronogramme est vide."),
            message("Garder au moins une ligne à jouer."),
        ),
    )
    return Verdict(all(each.met for each in reasons), held_on.year, reasons)


def duty(counted: Iterable[date], on: date) -> Duty:
    """Return where somebody stands on the day `on`, from the days of the exercises that counted."""
    years = {each.year for each in counted if each <= on}
    return Duty.DONE if on.year in years else Duty.DUE if on.year - 1 in years else Duty.LATE


def _present(script: Script, functions: Iterable[str]) -> tuple[list[Text], list[Text]]:
    """Return the titles of the functions of management and of care among these."""
    here = set(functions)
    there = [each for each in script.functions if each.code in here]
    return (
        [each.title for each in there if each.nature is Nature.MANAGEMENT],
        [each.title for each in there if each.nature is Nature.CARE],
    )


def _trigger(facts: Facts) -> Reason:
    return _reason(
        "trigger",
        facts.trigger is Trigger.CYBER,
        message("Il part d'une attaque ou d'une panne numérique."),
        message("Il ne part pas d'un événement numérique."),
        message("Partir d'une attaque ou d'une panne du système d'information, comme le font nos trois exercices."),
    )


def _reason(code: str, met: bool, well: Message, ill: Message, remedy: Message) -> Reason:
    return Reason(code, met, well if met else ill, None if met else remedy)
