"""The rapport de présentation of a formalised procedure: item by item of R2184-2 to R2184-4, signed once all is filled."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from egide.message import Message, Text, message
from egide.report import figures
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE, Setter
from egide.tender.evaluation import Evaluation
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.outcome import PROCEDURES, lot_name
from egide.tender.procedure.presentation import ItemState, RecordItem, RecordItems, State

STATES = {
    State.FILLED: Text("Rempli", "Filled"),
    State.NONE: Text("Sans objet", "No object"),
    State.MISSING: Text("À compléter", "To be completed"),
}


def document(
    setter: Setter, tender: Tender, evaluation: Evaluation | None, journal: Journal, states: Sequence[ItemState], asked: RecordItems, on: date
) -> dict[str, Any]:  # fmt: skip
    """Return the whole report as plain data for the template."""
    foot = message(
        "Rapport de présentation du {date} · empreinte {short}",
        date=setter.day(on),
        short=evaluation.fingerprint[:16] if evaluation else message("sans évaluation"),
    )
    named = {item.id: item for item in asked.items}
    body = [
        *_head(setter, states, named),
        *_procedure(setter, tender, journal, on),
        *_summary(setter, states, named),
        *_items(setter, tender, states, named),
        *_signature(setter, states),
        *_sources(setter, asked),
    ]
    return pdf.frame(setter, message("Rapport de présentation"), tender, foot, body)


def number(item: RecordItem) -> str:
    """Return the number of an item as the code gives it."""
    return f"{item.article}, {item.number}" if item.number else item.article


def _head(setter: Setter, states: Sequence[ItemState], named: dict[str, RecordItem]) -> list[Block]:
    say = setter.say
    left = [number(named[each.id]) for each in states if each.state is State.MISSING]
    if not left:
        return [blocks.lead(say(message("Tous les éléments demandés par le code de la commande publique sont remplis ou sans objet, avec leur motif : ce rapport peut être signé.")))]  # fmt: skip
    return [
        blocks.blank(say(message("PROJET, à ne pas signer. Éléments à compléter : {count} ({items}).", count=len(left), items=" ; ".join(left)))),
    ]  # fmt: skip


def _procedure(setter: Setter, tender: Tender, journal: Journal, on: date) -> list[Block]:
    say = setter.say
    published = journal.publication
    rows: list[tuple[Message, object]] = [
        (message("Acheteur"), tender.buyer.name),
        (message("Consultation"), tender.title),
        (message("Référence"), tender.reference),
        (message("Procédure"), PROCEDURES[tender.kind]),
        (message("Lots"), "\n".join(say(lot_name(tender, lot.id)) for lot in tender.lots)),
        (message("Envoi à la publication"), setter.day(tender.sent_on)),
        (message("Avis"), published.notice if published else ""),
        (message("Date limite de remise des offres"), setter.day(tender.deadline)),
        (message("Ouverture des offres"), setter.day(journal.opening.at) if journal.opening else ""),
        (message("Date du rapport"), setter.day(on)),
    ]
    shown = [(say(label), say(value) if isinstance(value, str | Text) else str(value)) for label, value in rows]
    return [blocks.pairs([(label, value) for label, value in shown if value])]


def _summary(setter: Setter, states: Sequence[ItemState], named: dict[str, RecordItem]) -> list[Block]:
    say = setter.say
    rows = [[number(named[each.id]), say(named[each.id].title), say(STATES[each.state])] for each in states]
    strong = [n for n, each in enumerate(states) if each.state is State.MISSING]
    head = [say(message("Article")), say(message("Élément")), say(message("État"))]
    return [blocks.heading(say(message("Éléments du rapport"))), blocks.table("26 1f 30", head, rows, strong)]


def _items(setter: Setter, tender: Tender, states: Sequence[ItemState], named: dict[str, RecordItem]) -> list[Block]:
    say = setter.say
    result: list[Block] = []
    article = ""
    for state in states:
        item = named[state.id]
        if item.article != article:
            article = item.article
            result.append(blocks.heading(say(message("Article {article}", article=article))))
        title = f"{number(item)} – {say(item.title)}"
        result.append(blocks.heading(title, 2))
        lines = [figures.said(setter, each, tender.currency) for each in state.said]
        if state.state is State.NONE:
            result.append(blocks.paragraph(say(message("Sans objet : {reason}.", reason=lines[0].rstrip(".")))))
        elif len(lines) == 1:
            result.append(blocks.paragraph(lines[0]))
        elif lines:
            result.append(blocks.items(lines))
        result += [blocks.blank(say(message("À compléter : {missing}.", missing=each))) for each in state.missing]
    return result


def _signature(setter: Setter, states: Sequence[ItemState]) -> list[Block]:
    say = setter.say
    title = blocks.heading(say(message("Signature")))
    if any(each.state is State.MISSING for each in states):
        return [title, blocks.paragraph(say(message("Ce rapport se signe lorsque tous ses éléments sont remplis ou sans objet.")))]  # fmt: skip
    head = [
        say(message("Autorité signataire : nom et qualité")),
        say(message("Lieu et date")),
        say(message("Signature")),
    ]
    return [title, blocks.table("1f 45 55", head, [[f"{WHOLE}\n{WHOLE}\n{WHOLE}", "", ""]])]


def _sources(setter: Setter, asked: RecordItems) -> list[Block]:
    say = setter.say
    rows = [
        [
            number(item),
            say(message("à vérifier")) if item.seen == "to_check" else setter.day(date.fromisoformat(item.seen)),
            setter.quote(item.read_at),
            say(item.source),
        ]
        for item in asked.items
    ]
    head = [
        say(message("Article")),
        say(message("Texte vu le")),
        say(message("Lu sur")),
        say(message("D'où vient le contenu")),
    ]
    return [
        blocks.heading(say(message("Annexe : sources des éléments"))),
        blocks.paragraph(say(message("Code de la commande publique. Un texte « à vérifier » n'a pas pu être lu : le contrôler avant de signer."))),
        blocks.table("26 26 48 1f", head, rows),
    ]  # fmt: skip
