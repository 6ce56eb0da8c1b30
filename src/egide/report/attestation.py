"""The attestation of an exercise, on one page to be signed: who, when, which level, who was there, whether it counts."""

from datetime import date
from typing import Any

import egide
from egide.exercise.making import digest
from egide.exercise.validity import Reason
from egide.message import Language, Message, Text, message
from egide.report.exercise_debrief import ORIGINS, Report
from egide.report.exercise_words import length
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, printable

SIGNED = "\n\n\n\n"


def pdf_of(report: Report, language: Language, on: date) -> bytes:
    """Return the attestation as a tagged PDF dated `on`: same inputs, same bytes. Raises EgideError.

    It says that the exercise counts for the yearly duty only where the verdict does.
    """
    return pdf.compiled(document(report, Setter(language, printable), on), on)


def document(report: Report, setter: Setter, on: date) -> dict[str, Any]:
    """Return the page as plain data for the template."""
    verdict = report.verdict
    title = message("Attestation d’exercice de crise cyber")
    if not verdict.counts:
        title = message("Compte rendu d’exercice (ne compte pas pour l’obligation annuelle)")
    foot = message("Scénario {digest} · partie {play} · Égide {program} · écrit le {on}", digest=digest(report.script)[:12], play=report.record.play[:40], program=egide.__version__, on=setter.day(on))  # fmt: skip
    return pdf.page(setter, title, setter.say(report.script.title), report.establishment, foot, _body(report, setter))


def _body(report: Report, setter: Setter) -> list[Block]:
    say, verdict = setter.say, report.verdict
    counts = message("Cet exercice compte pour l’obligation annuelle d’exercice de crise cyber de {year}.", year=verdict.year)  # fmt: skip
    if not verdict.counts:
        counts = message("Cet exercice ne compte pas pour l’obligation annuelle d’exercice de crise cyber de {year}.", year=verdict.year)  # fmt: skip
    head = [message("Condition"), message("Constatée"), message("Ce qui la remplirait")]
    rows = [_reason(each, setter) for each in verdict.reasons]
    signed = [message("Pour l’établissement (nom, qualité)"), message("Date"), message("Signature")]
    return [
        blocks.lead(say(counts)),
        blocks.pairs([(say(label), say(said)) for label, said in _identity(report, setter)]),
        blocks.heading(say(message("Pourquoi"))),
        blocks.table("1f 22 1f", [say(each) for each in head], rows),
        blocks.remark(say(message("Compte un exercice de continuité des soins déclenché par un événement cyber, avec la direction et les services de soins, réellement joué. Un test de reprise informatique, de restauration ou de bascule ne compte pas."))),
        blocks.heading(say(message("Signature"))),
        blocks.paragraph(say(message("L’établissement atteste ce qui précède, d’après ce qui a été enregistré pendant l’exercice. Égide ne certifie rien."))),
        blocks.table("1f 34 1f", [say(each) for each in signed], [[SIGNED, "", ""]]),
    ]  # fmt: skip


def _reason(each: Reason, setter: Setter) -> list[str]:
    met = message("oui") if each.met else message("non")
    return [setter.say(each.said), setter.say(met), setter.say(each.remedy) if each.remedy else ""]


def _identity(report: Report, setter: Setter) -> list[tuple[Message, str | Message]]:
    record, script = report.record, report.script
    level = message("niveau {level} sur 3", level=script.level) if script.level else message("modules à la carte")
    known = {each.code: each.title for each in script.functions}
    there: dict[str, int] = {}
    for each in record.presence:
        there[each.function] = there.get(each.function, 0) + each.people
    present = [setter.say(message("{function} ({people})", function=known.get(code, Text(code, code)), people=people)) for code, people in there.items() if people]  # fmt: skip
    found: list[tuple[Message, str | Message]] = [
        (message("Établissement"), setter.quote(report.establishment)),
        (message("Joué le"), setter.day(record.held_on)),
        (message("Exercice"), message("{title}, {level}", title=script.title, level=level)),
        (message("Modules"), ", ".join(map(setter.say, script.modules.values()))),
        (message("Joué"), ORIGINS[record.origin]),
    ]
    if record.lasted is not None:
        found.append((message("Durée de jeu"), length(record.lasted // 60)))
    if record.sites:
        found.append((message("Sites"), ", ".join(setter.quote(each.name) for each in record.sites)))
    found.append((message("Fonctions présentes (personnes)"), ", ".join(present) or message("non relevées")))
    return found
