"""The page to send to each tenderer: what remains in doubt in its own files, where, and what to say of it.

It is sent after the deadline: a tenderer may make its bid precise, never complete or change it (R2161-5). So what is
asked is where and how its bid says a thing, whatever would have cleared the doubt before the deadline, and an answer that
is not there is not asked for: the published rule says what it is worth.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from egide.finding import Finding, Severity
from egide.message import Language, Message, message
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, printable
from egide.tender.model import Tender, Tenderer

UNSAID = frozenset(
    {"answer.missing", "price.missing", "price.line_missing", "price.line_on_quote", "price.option_missing"}
)
"""What no clarification can clear."""
_MEANING = message("Dire le sens de cette réponse, tel qu'il ressort de votre offre.")
_WHERE = message("Dire dans quel document déjà remis, et à quelle section, cela se trouve.")
ASKED: Mapping[str, Message] = {
    "answer": _MEANING,
    "point": _MEANING,
    "sheet": _MEANING,
    "cell": _MEANING,
    "proof": _WHERE,
    "certificate": _WHERE,
    "party": message("Dire quel numéro SIRET vaut."),
    "price": message("Dire quel montant fait foi et où il figure dans votre offre, sans le changer."),
    "answer.condition": message("Dire la condition telle que votre offre la pose : termes, délai, prix, périmètre."),
    "answer.pointer_only": message("Dire quelle réponse donne le passage auquel vous renvoyez."),
    "answer.no_document": _WHERE,
    "answer.no_figure": _WHERE,
    "answer.na_reason": message("Dire pourquoi la question ne concerne pas votre offre."),
}
"""What is asked for a code of finding, or for all those of its family; else, what the reading itself advises."""


def pages(findings: Iterable[Finding], tender: Tender, on: date, language: Language) -> dict[str, bytes]:
    """Return one PDF by tenderer, named after it, for those whose reading left a doubt or an error.

    `findings` are those of reading the bids and nothing else: what evaluators and rules say stays with the buyer. A page
    holds only what concerns the files of its own tenderer.
    """
    sent = to_send(findings, tender)
    return {
        name(tenderer.id): _page(sent[tenderer.id], tender, tenderer, on, Setter(language, printable))
        for tenderer in tender.tenderers
        if tenderer.id in sent
    }


def name(tenderer: str) -> str:
    """Return the name of the page of a tenderer."""
    return f"precisions-{tenderer}.pdf"


def to_send(findings: Iterable[Finding], tender: Tender) -> dict[str, list[Finding]]:
    """Return what is asked of each tenderer of whom something is, in the order of the consultation."""
    doubtful = [
        finding
        for finding in findings
        if finding.tenderer and finding.severity is not Severity.NOTE and finding.code not in UNSAID
    ]
    return {
        tenderer.id: own
        for tenderer in tender.tenderers
        if (own := [finding for finding in doubtful if finding.tenderer == tenderer.id])
    }


def _page(findings: list[Finding], tender: Tender, tenderer: Tenderer, on: date, setter: Setter) -> bytes:
    foot = message("{tenderer} · {day}", tenderer=tenderer.name or tenderer.id, day=setter.day(on))
    body = _body(findings, tenderer, setter)
    return pdf.compiled(pdf.frame(setter, message("Demande de précisions"), tender, foot, body), on)


def _body(findings: list[Finding], tenderer: Tenderer, setter: Setter) -> list[Block]:
    say = setter.say
    head = [
        message("Fichier et place"),
        message("Point"),
        message("Lu"),
        message("Compris"),
        message("Ce que nous vous demandons"),
    ]
    rows = [
        [
            setter.quote("\n".join(where(finding, tenderer))),
            setter.quote(finding.point),
            setter.quote(finding.read[:400]),
            say(finding.understood),
            say(asked(finding)),
        ]
        for finding in findings
    ]
    return [
        blocks.paragraph(say(message("À l'attention de {name}.", name=tenderer.name or tenderer.id))),
        blocks.paragraph(
            say(
                message(
                    "La lecture de votre offre laisse les doutes ci-dessous. Merci d'y répondre point par point, par la messagerie "
                    "du profil d'acheteur, dans le délai que dit le message joint. Une précision éclaire l'offre ; elle ne la "
                    "complète pas et ne la change pas. Un document, une réponse ou un prix qui n'y étaient pas ne sont pas lus."
                )
            )
        ),
        blocks.landscape([blocks.table("45 18 50 1f 1f", [say(each) for each in head], rows)]),
    ]


def asked(finding: Finding) -> Message:
    """Return what a tenderer is asked about a finding."""
    return ASKED.get(finding.code) or ASKED.get(finding.code.partition(".")[0], finding.remedy)


def where(finding: Finding, tenderer: Tenderer) -> list[str]:
    """Return the file and the place of a finding as its tenderer knows them."""
    return [part for part in (_own(finding.file, tenderer), finding.place) if part]


def _own(file: str, tenderer: Tenderer) -> str:
    """Return the path of a file as its tenderer knows it, nothing for a file of the buyer."""
    return file.removeprefix(f"bids/{tenderer.id}/") if file.startswith("bids/") else ""
