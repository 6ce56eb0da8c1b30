"""The rapport d'analyse des offres: what a reader who was not there needs to do every total again by hand."""

from collections.abc import Sequence
from typing import Any

from egide.message import message
from egide.report.papers import blocks
from egide.report.papers import docx as docx_paper
from egide.report.papers import pdf as paper
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE, plain_text, printable
from egide.report.rao import bids, history, lots, method
from egide.report.record import Record
from egide.report.view import View, view


def pdf(kept: Record, lot: str = "") -> bytes:
    """Return the report, of one `lot` only when it is named, as a tagged PDF (PDF/UA-1): same record, same bytes."""
    return paper.compiled(document(view(kept, printable, lot)), kept.date)


def docx(kept: Record, lot: str = "") -> bytes:
    """Return the same report as DOCX: same record, same bytes."""
    return docx_paper.compiled(document(view(kept, plain_text, lot)), kept.date)


def document(seen: View) -> dict[str, Any]:
    """Return the whole report as plain data for the template."""
    evaluation = seen.evaluation
    foot = message(
        "Empreinte {short} · Égide {program} · rapport du {date}",
        short=evaluation.fingerprint[:16],
        program=evaluation.program,
        date=seen.set.day(seen.record.date),
    )
    title = message("Rapport d'analyse des offres")
    if seen.part:
        title = message("Rapport d'analyse des offres, {lot}", lot=seen.lot_name(seen.tender.lots[0]))
    return paper.frame(seen.set, title, seen.tender, foot, _blocks(seen))


def _blocks(seen: View) -> list[Block]:
    return [
        *lots.synthesis(seen),
        blocks.new_page(),
        blocks.contents(1 if len(seen.evaluation.ranking) > bids.MANY else 2),
        blocks.new_page(),
        *method.method(seen),
        *lots.analysis(seen),
        blocks.landscape([*bids.marks(seen), *bids.findings(seen)]),
        *history.history(seen),
        *_signatures(seen),
        *_annex(seen),
    ]


def _signatures(seen: View) -> list[Block]:
    say = seen.set.say
    rows = [[say(each.role or each.id) + "\n" + WHOLE, "", "", ""] for each in seen.tender.evaluators]
    return [
        blocks.heading(say(message("Visa des évaluateurs"))),
        blocks.paragraph(say(message("Chacun signe pour les thèmes et critères qu'il a notés (partie 2). Ce rapport propose un classement ; l'attribution appartient à l'autorité compétente."))),
        blocks.table("1f 1f 30 50", [say(message("Évaluateur")), say(message("Nom")), say(message("Date")), say(message("Signature"))], rows),
    ]  # fmt: skip


def _annex(seen: View) -> list[Block]:
    evaluation, say = seen.evaluation, seen.set.say
    clausier = evaluation.clausier
    identity = [
        (say(message("Empreinte de toutes les entrées")), seen.set.quote(evaluation.fingerprint)),
        (say(message("Programme")), f"Égide {evaluation.program}"),
        (say(message("Format de l'évaluation")), str(evaluation.format)),
        (say(message("Clausier")), seen.set.quote(f"{clausier.id}, {clausier.version}")),
        (say(message("Empreinte du clausier retenu")), seen.set.quote(clausier.digest)),
        (say(message("Règles")), seen.set.quote(evaluation.rules.version)),
        (say(message("Date du rapport")), seen.set.day(seen.record.date)),
    ]
    alone = message("Ce rapport ne montre qu'un lot ; l'empreinte est celle de l'évaluation entière.")
    return [
        blocks.heading(say(message("Annexe : identité de ce qui a été lu"))),
        *([blocks.paragraph(say(alone))] if seen.part else []),
        blocks.paragraph(say(message("L'empreinte couvre toutes les entrées : consultation, clausier, règles, offres, notes et décisions. Deux rapports de même empreinte ont été faits des mêmes données."))),
        blocks.pairs(identity),
        blocks.table("1f 45", [say(message("Fichier")), say(message("SHA-256 (16 premiers signes)"))], _files(seen)),
    ]  # fmt: skip


def _files(seen: View) -> Sequence[Sequence[str]]:
    files = [file for bid in seen.evaluation.bids for file in bid.files] + list(seen.evaluation.marks.files)
    return [
        [seen.set.quote(name), digest[:16]] for name, digest in sorted({(file.name, file.sha256) for file in files})
    ]
