"""The questions and answers: a public page, the same for all, which never says who asked, and an internal register."""

from datetime import date
from typing import Any

from egide.finding import Finding, Severity
from egide.message import message
from egide.report.papers import blocks, pdf
from egide.report.papers.typography import Setter
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal, Question
from egide.tender.procedure.outcome import named_in, tenderer_name
from egide.tender.procedure.situation import JOURNAL


def telling(tender: Tender, journal: Journal) -> list[Finding]:
    """Return an error for each question or answer whose own words tell who asked: the public page then waits (R63)."""
    found = []
    for question in journal.questions:
        texts = [question.text, question.answer]
        names = named_in(texts, tender)
        asker = question.asked_by
        if asker and asker not in tender.tenderer and len(asker) > 3 and asker.casefold() in " ".join(texts).casefold():
            names.append(asker)
        if names:
            found.append(
                Finding(
                    "question.names",
                    Severity.ERROR,
                    message("la question ou sa réponse nomme une entreprise ({names}) : la page publique n'est pas écrite", names=tuple(names)),
                    message("Récrire la question sans dire qui la pose ; le texte d'origine reste au registre de la plateforme."),
                    JOURNAL,
                    f"questions.{question.id}",
                )
            )  # fmt: skip
    return found


def public(setter: Setter, tender: Tender, journal: Journal, on: date) -> dict[str, Any]:
    """Return the page that all receive: answered questions, with the day of the answer."""
    say = setter.say
    answered = [question for question in journal.questions if question.answer and question.answered_at]
    rows = [[str(n), say(each.text), say(each.answer), setter.day(each.answered_at)] for n, each in enumerate(answered, 1) if each.answered_at]  # fmt: skip
    head = [say(message("N°")), say(message("Question")), say(message("Réponse")), say(message("Répondu le"))]
    body = [
        blocks.lead(say(message("Ces réponses sont communiquées à tous au même instant. Elles complètent les documents de la consultation."))),
        blocks.table("10 1f 1.2f 34", head, rows) if rows else blocks.paragraph(say(message("Aucune question n'a reçu de réponse à cette date."))),
    ]  # fmt: skip
    changing = [str(n) for n, each in enumerate(answered, 1) if each.substantial]
    if changing:
        body.append(
            blocks.remark(
                say(
                    message(
                        "Changement substantiel, la date limite de remise des offres est reportée. Réponses concernées : {numbers}.",
                        numbers=", ".join(changing),
                    )
                )
            )
        )
    foot = message("Questions et réponses au {day}", day=setter.day(on))
    return pdf.frame(setter, message("Questions et réponses"), tender, foot, body)


def register(setter: Setter, tender: Tender, journal: Journal, on: date) -> dict[str, Any]:
    """Return the internal register: every question with who asked, when, and to whom the answer went."""
    say = setter.say
    rows = [
        [
            f"{setter.quote(each.id)}\n{setter.quote(tenderer_name(tender, each.asked_by))}\n{setter.day(each.received_on)}",
            say(each.text),
            say(each.answer) or say(message("sans réponse")),
            _answered(setter, tender, each),
        ]
        for each in journal.questions
    ]
    head = [message("N°, posée par, reçue le"), message("Question"), message("Réponse"), message("Répondu")]
    body = [
        blocks.lead(say(message("Document interne : il dit qui a posé chaque question. Ne pas le communiquer."))),
        blocks.table("38 1f 1f 36", [say(each) for each in head], rows)
        if rows
        else blocks.paragraph(say(message("Aucune question n'a été reçue."))),
    ]
    foot = message("Registre interne des questions au {day}", day=setter.day(on))
    return pdf.frame(setter, message("Registre des questions"), tender, foot, body)


def _answered(setter: Setter, tender: Tender, question: Question) -> str:
    if question.answered_at is None:
        return "—"
    who = ", ".join(tenderer_name(tender, each) for each in question.to)
    to = setter.quote(who) if who else setter.say(message("à tous"))
    return f"{setter.day(question.answered_at)}\n{to}"
