"""The tender documents: fixed texts chosen by the facts of the consultation, filled with its values, with its tables."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

import egide
from egide.clausier.model import Reference
from egide.message import Message, message
from egide.report.dce import ccap, cctp, gdpr, rc
from egide.report.dce.draft import FILES, Draft
from egide.report.papers import blocks, docx, odt, pdf
from egide.report.papers.blocks import Block
from egide.tender.contract import Clause, Document, Passage, Shape, chosen, filled

TITLES: Mapping[Document, Message] = {
    Document.RC: message("Règlement de la consultation"),
    Document.CCTP: message("Annexe « sécurité numérique » du CCTP"),
    Document.CCAP: message("Clauses du CCAP : sécurité numérique"),
    Document.GDPR: message("Annexe « article 28 du RGPD »"),
}
TABLES: Mapping[str, Callable[[Draft], list[Block]]] = {
    **rc.TABLES,
    **cctp.TABLES,
    **ccap.TABLES,
    **gdpr.TABLES,
}
WRITERS: Mapping[str, Callable[[Mapping[str, Any], date], bytes]] = {
    "docx": docx.compiled,
    "odt": odt.compiled,
}


def frames(draft: Draft) -> dict[Document, dict[str, Any]]:
    """Return the documents as plain data: all, the RGPD annex only when the supplier processes data for the hospital."""
    asked = [document for document in Document if document is not Document.GDPR or "processor" in draft.facts]
    return {document: framed(draft, document) for document in asked}


def files(made: Mapping[Document, Mapping[str, Any]], on: date) -> dict[str, bytes]:
    """Return the documents by file name, in DOCX and in ODT: same data, same day, same bytes."""
    return {
        f"{FILES[document]}.{ending}": write(data, on)
        for document, data in made.items()
        for ending, write in WRITERS.items()
    }


def left(data: Mapping[str, Any]) -> int:
    """Return how many places of a document a person must still fill in or check."""
    said = json.dumps([data["subject"], data["blocks"]], ensure_ascii=False)
    return said.count('"kind": "blank"') + sum(said.count(mark) for mark in MARKS)


MARKS = ("[à compléter", "[to be filled in", "[à vérifier]", "[to be checked]")


def framed(draft: Draft, document: Document) -> dict[str, Any]:
    """Return a document as plain data for its writer."""
    foot = message(
        "{clausier}, version {version} · Égide {program} · {date}",
        clausier=draft.clausier.title,
        version=draft.clausier.version,
        program=egide.__version__,
        date=draft.set.day(draft.on),
    )
    clauses = chosen(draft.texts, document, draft.facts)
    body: list[Block] = [blocks.contents(2 if document is Document.CCTP else 1), blocks.new_page()]
    for clause in clauses:
        body += _clause(draft, clause)
    return pdf.frame(draft.set, TITLES[document], draft.shown, foot, body)


def _clause(draft: Draft, clause: Clause) -> list[Block]:
    made = [blocks.heading(draft.say(clause.title))]
    for shape, run in groupby(clause.passages, lambda passage: passage.shape):
        made += _run(draft, shape, list(run))
    return [*made, *_sources(draft, clause.references)]


def _run(draft: Draft, shape: Shape, passages: Sequence[Passage]) -> list[Block]:
    if shape is Shape.TABLE:
        return [block for passage in passages for block in TABLES[passage.table](draft)]
    said = [draft.say(filled(passage.text.say(draft.language), draft.values)) for passage in passages]
    if shape is Shape.ITEM:
        return [blocks.items(said)]
    return [SHAPES[shape](text) for text in said]


SHAPES: Mapping[Shape, Callable[[str], Block]] = {
    Shape.PARAGRAPH: blocks.paragraph,
    Shape.REMARK: blocks.remark,
    Shape.BLANK: blocks.blank,
    Shape.TITLE: partial(blocks.heading, level=2),
}


def _sources(draft: Draft, references: Sequence[Reference]) -> list[Block]:
    """Return the articles that a clause rests on; one that nobody read yet says so. Case law founds, and is not quoted."""
    said = []
    for each in references:
        if each.article:
            where = draft.say(message("{text}, art. {article}", text=each.text, article=each.article))
            said.append(draft.checked(where, to_check=each.to_check))
    return [blocks.remark(draft.say(message("Textes : {sources}.", sources=" ; ".join(said))))] if said else []
