"""The tables of the RGPD article 28 annex: controllers, the processing sheets, security measures, the chain of processors."""

from collections.abc import Callable, Mapping, Sequence

from egide.family import BY_CODE
from egide.message import Message, message
from egide.report.dce.draft import Draft, controllers
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE
from egide.tender.contract import Processing
from egide.tender.procedure.publication import written

FAMILIES = ("data", "cryptography", "identity", "detection", "backup")
"""The safeguard families whose clauses answer article 32 first."""
ROWS = 8
"""Lines left to the tenderer for its chain of processors."""


def _controllers(draft: Draft) -> list[Block]:
    say, tender = draft.say, draft.shown
    named = controllers(tender)
    officers = {each.controller: each.dpo for each in tender.processing if each.dpo}
    rows = [
        [draft.or_hole(name, message("établissement")), officer_of(draft, officers.get(name, ""))] for name in named
    ]
    if not rows:
        buyer = draft.or_hole(tender.buyer.name if draft.tender else "", message("établissement"))
        rows = [[buyer, officer_of(draft, next((each.dpo for each in tender.processing if each.dpo), ""))]]
    if "ght" in draft.facts and len(rows) == 1:
        rows.append([draft.hole(message("chaque établissement partie")), officer_of(draft, "")])
    head = [say(message("Responsable du traitement")), say(message("Délégué à la protection des données"))]
    return [blocks.table("1f 1f", head, rows)]


def officer_of(draft: Draft, name: str) -> str:
    """Return the data protection officer, or the place to fill in."""
    return draft.or_hole(name, message("nom et adresse du délégué"))


def _processing(draft: Draft) -> list[Block]:
    sheets = draft.shown.processing
    if not sheets:
        return [*_sheet(draft, Processing("")), blocks.blank(draft.say(message("L'établissement remplit cette fiche avant de publier : après, chaque soumissionnaire chiffre un autre traitement.")))]  # fmt: skip
    made: list[Block] = []
    for sheet in sheets:
        if len(sheets) > 1:
            made.append(
                blocks.heading(" – ".join(draft.say(each) for each in (sheet.purpose, sheet.controller) if each), 2)
            )
        made += _sheet(draft, sheet)
    return made


def _sheet(draft: Draft, sheet: Processing) -> list[Block]:
    """Return a processing sheet; what the hospital did not write is left in a frame, to be written."""
    say = draft.say
    filled: Sequence[tuple[Message, str, Message]] = (
        (message("Finalité"), sheet.purpose, message("à quoi sert le traitement")),
        (message("Nature des opérations"), sheet.nature, message("collecte, conservation, consultation, transmission…")),
        (message("Catégories de données"), "\n".join(sheet.data), message("identité, données de santé, données de connexion…")),
        (message("Personnes concernées"), "\n".join(sheet.persons), message("patients, professionnels, proches…")),
        (message("Durée du traitement et de conservation"), sheet.duration, message("durée du marché, durée de conservation")),
        (message("Destinataires"), "\n".join(sheet.recipients), message("qui reçoit les données")),
        (message("Lieux et transferts"), sheet.transfers, message("pays d'hébergement et d'accès ; transferts hors EEE, ou aucun")),
        (message("Responsable du traitement"), sheet.controller, message("établissement")),
    )  # fmt: skip
    rows = [(say(label), draft.or_hole(value, what)) for label, value, what in filled]
    if sheet.lots:
        names = {lot.id: draft.lot_name(lot) for lot in draft.shown.lots}
        rows.append((say(message("Lots")), " · ".join(names.get(lot, lot) for lot in sheet.lots)))
    missing = [say(label) for label, value, _ in filled if not written(value)]
    made: list[Block] = [blocks.pairs(rows)]
    if missing and written(sheet.purpose):
        made.append(blocks.blank(say(message("À écrire par l'établissement avant publication : {missing}.", missing=tuple(missing)))))  # fmt: skip
    return made


def _measures(draft: Draft) -> list[Block]:
    say = draft.say
    rows = []
    for family in FAMILIES:
        points = [point.id for point in draft.points.values() if point.family == family]
        if points:
            rows.append([say(BY_CODE[family].title), ", ".join(points)])
    if not rows:
        return [blocks.blank(say(message("À compléter : les mesures de sécurité de l'article 32, aucune clause retenue n'en fixe.")))]  # fmt: skip
    return [blocks.table("1f 1.6f", [say(message("Famille de mesures")), say(message("Clauses"))], rows)]


def _tenderer(draft: Draft) -> list[Block]:
    say = draft.say
    labels = (
        message("Raison sociale et SIRET"),
        message("Délégué à la protection des données, ou contact"),
        message("Contact pour les violations de données, jour et nuit"),
        message("Lieux d'hébergement et de sauvegarde"),
        message("Pays d'où un accès est possible"),
        message("Lois de pays tiers applicables au soumissionnaire ou à sa chaîne"),
        message("Mesures de sécurité propres (document joint, section)"),
    )
    return [blocks.pairs([(say(label), WHOLE) for label in labels])]


def _processors(draft: Draft) -> list[Block]:
    say = draft.say
    head = [
        say(message("Rang")),
        say(message("Raison sociale")),
        say(message("Pays")),
        say(message("Prestation")),
        say(message("Données")),
        say(message("Lieux d'accès")),
        say(message("Garantie si hors EEE")),
        say(message("Certificat HDS (n°, activités, fin)")),
        say(message("Aussi sous-traitant (commande publique) ?")),
    ]
    rows = [["\n" + WHOLE, *[""] * (len(head) - 1)] for _ in range(ROWS)]
    return [blocks.landscape([blocks.table("14 1.4f 22 1.2f 1.2f 28 1.1f 1.2f 30", head, rows)])]


def _signatures(draft: Draft) -> list[Block]:
    say = draft.say
    named = controllers(draft.shown) or [draft.shown.buyer.name]
    head = [say(message("Partie")), say(message("Nom et qualité")), say(message("Date")), say(message("Signature"))]
    rows = [[draft.or_hole(name, message("établissement")) + "\n" + WHOLE, "", "", ""] for name in named]
    rows.append([say(message("Le titulaire")) + "\n" + WHOLE, "", "", ""])
    return [blocks.table("1f 1f 28 45", head, rows)]


TABLES: Mapping[str, Callable[[Draft], list[Block]]] = {
    "controllers": _controllers,
    "processing": _processing,
    "measures": _measures,
    "tenderer": _tenderer,
    "processors": _processors,
    "signatures": _signatures,
}
