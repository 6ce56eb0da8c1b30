"""The page to send to each tenderer: what remains in doubt in its own files, where, and how to clear it."""

from collections.abc import Iterable
from datetime import date

from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report import blocks, paper
from egide.report.blocks import Block
from egide.report.typography import Setter, printable
from egide.tender.model import Tender, Tenderer


def pages(findings: Iterable[Finding], tender: Tender, on: date, language: Language) -> dict[str, bytes]:
    """Return one PDF by tenderer, named after it, for those whose reading left a doubt or an error.

    `findings` are those of reading the bids and nothing else: what evaluators and rules say stays with the buyer. A page
    holds only what concerns the files of its own tenderer.
    """
    kept = [finding for finding in findings if finding.tenderer and finding.severity is not Severity.NOTE]
    return {
        f"precisions-{tenderer.id}.pdf": _page(own, tender, tenderer, on, Setter(language, printable))
        for tenderer in tender.tenderers
        if (own := [finding for finding in kept if finding.tenderer == tenderer.id])
    }


def _page(findings: list[Finding], tender: Tender, tenderer: Tenderer, on: date, setter: Setter) -> bytes:
    foot = message("{tenderer} · {day}", tenderer=tenderer.name or tenderer.id, day=setter.day(on))
    body = _body(findings, tenderer, setter)
    return paper.compiled(paper.frame(setter, message("Demande de précisions"), tender, foot, body), on)


def _body(findings: list[Finding], tenderer: Tenderer, setter: Setter) -> list[Block]:
    say = setter.say
    head = [message("Fichier et place"), message("Point"), message("Lu"), message("Compris"), message("Ce qui le lève")]
    rows = [
        [
            setter.quote("\n".join(part for part in (_own(finding.file, tenderer), finding.place) if part)),
            setter.quote(finding.point),
            setter.quote(finding.read[:400]),
            say(finding.understood),
            say(finding.remedy),
        ]
        for finding in findings
    ]
    return [
        blocks.paragraph(say(message("À l'attention de {name}.", name=tenderer.name or tenderer.id))),
        blocks.paragraph(
            say(
                message(
                    "La lecture de votre réponse laisse les doutes ci-dessous. Merci d'y répondre point par point, sans modifier "
                    "votre offre : une précision éclaire une réponse, elle ne la change pas."
                )
            )
        ),
        blocks.landscape([blocks.table("45 18 50 1f 1f", [say(each) for each in head], rows)]),
    ]


def _own(file: str, tenderer: Tenderer) -> str:
    """Return the path of a file as its tenderer knows it."""
    return file.removeprefix(f"bids/{tenderer.id}/")
