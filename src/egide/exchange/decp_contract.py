"""The essential data of the contracts that a consultation led to, made from its tender, its journal and its evaluation."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from egide.errors import DataError
from egide.exchange import decp
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.essential import Essential
from egide.tender.model import Procedure, Tender, Tenderer
from egide.tender.parties import Group
from egide.tender.procedure.award_rules import received
from egide.tender.procedure.journal import Award
from egide.tender.procedure.outcome import awarded_row
from egide.tender.procedure.situation import Situation

NAME = "donnees-essentielles.json"
PROCEDURES: Mapping[Procedure, str] = {
    Procedure.OPEN: "Appel d'offres ouvert",
    Procedure.RESTRICTED: "Appel d'offres restreint",
    Procedure.NEGOTIATED: "Procédure avec négociation",
    Procedure.DIALOGUE: "Dialogue compétitif",
    Procedure.ADAPTED: "Procédure adaptée",
    Procedure.DIRECT: "Marché passé sans publicité ni mise en concurrence préalable",
}
GROUPS = {Group.NONE: "Pas de groupement", Group.JOINT: "Conjoint", Group.SOLIDARY: "Solidaire"}
THRESHOLD = Decimal(40000)
"""Below this amount, excluding tax, nothing has to be published."""


def written(situation: Situation) -> tuple[bytes, list[Finding]]:
    """Return the file of the contracts notified by the day of the situation, and what its checks say.

    Raises DataError, with all that lacks, when no contract can be written.
    """
    lacking: list[Finding] = []
    contracts = []
    for lot in situation.lots:
        award = situation.award(lot)
        if award is None:
            continue
        contract, missing = _contract(situation, lot, award)
        contracts += [contract] if contract else []
        lacking += missing
    if lacking or not contracts:
        raise DataError(
            message("les données essentielles ne peuvent pas être écrites"),
            tuple(lacking)
            or (
                _lacks(
                    "awards",
                    message("aucun marché notifié"),
                    message("Écrire l'attribution et la notification au journal."),
                ),
            ),
        )
    data = {"marches": {"marche": contracts}}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=_number) + "\n"
    return text.encode(), decp.check(data, NAME)


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _lacks(place: str, understood: Message, remedy: Message) -> Finding:
    return Finding("decp.lacking", Severity.ERROR, understood, remedy, "journal.yaml", place)


def _contract(situation: Situation, lot: str, award: Award) -> tuple[dict[str, Any] | None, list[Finding]]:
    tender, known = situation.tender, situation.tender.essential
    signed = next((each for each in situation.journal.signatures if each.lot == lot), None)
    row = awarded_row(situation.evaluation, award) if situation.evaluation else None
    amount = award.amount if award.amount is not None else row.price if row else None
    lacking = []
    if known is None:
        lacking.append(
            _absent("essential", message("les données que l'acheteur seul connaît manquent (CPV, lieu)"), "tender.yaml")
        )
    if signed is None or signed.notified_on is None:
        lacking.append(_absent(f"signatures.{lot}", message("le marché n'est pas notifié")))
    if amount is None:
        lacking.append(_absent(f"awards.{lot}.amount", message("le montant du marché n'est pas connu")))
    if not (tender.contract.months or tender.schedule.months):
        lacking.append(_absent("contract.months", message("la durée du marché manque"), "tender.yaml"))
    if lacking or known is None or signed is None or amount is None or signed.notified_on is None:
        return None, lacking
    if amount < THRESHOLD:
        return None, []
    holder = tender.tenderer[award.tenderer]
    number = _numbered(tender, known, lot)
    return {
        **_fixed(tender, known),
        "id": number,
        "objet": _title(tender, lot),
        "offresRecues": received(situation, lot),
        "typeGroupementOperateurs": GROUPS[holder.group],
        "sousTraitanceDeclaree": bool(holder.subcontractors),
        "dureeMois": tender.contract.months or tender.schedule.months,
        "dateNotification": signed.notified_on.isoformat(),
        "datePublicationDonnees": (signed.data_on or situation.on).isoformat(),
        "montant": amount,
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": each}} for each in _holders(holder)],
    }, []


def _absent(place: str, understood: Message, file: str = "journal.yaml") -> Finding:
    return Finding("decp.lacking", Severity.ERROR, understood, message("Compléter {file}.", file=file), file, place)


def _numbered(tender: Tender, known: Essential, lot: str) -> str:
    """Return the number of a contract: the buyer's, else that of the consultation followed by the rank of the lot."""
    place = [each.id for each in tender.lots].index(lot)
    if place < len(known.numbers):
        return known.numbers[place]
    return tender.reference if len(tender.lots) == 1 else f"{tender.reference}-{place + 1}"


def _title(tender: Tender, lot: str) -> str:
    title = next(each.title for each in tender.lots if each.id == lot)
    return (f"{tender.title} – {title}" if title and title != tender.title else tender.title)[:1000]


def _holders(holder: Tenderer) -> list[str]:
    """Return the SIRET of who holds the contract, the mandataire of a group first."""
    members = sorted(holder.members, key=lambda each: not each.mandataire)
    return [each.siret for each in members if each.siret] or [holder.siret]


def _fixed(tender: Tender, known: Essential) -> dict[str, Any]:
    environment = ["Clause environnementale"] if known.environmental_clause else []
    environment += ["Critère environnemental"] if any(each.environmental for each in tender.criteria) else []
    fixed: dict[str, Any] = {
        "acheteur": {"id": tender.buyer.siret},
        "nature": known.nature,
        "codeCPV": known.cpv,
        "techniques": {
            "technique": list(known.techniques or (("Accord-cadre",) if tender.framework else ("Sans objet",)))
        },
        "modalitesExecution": {"modaliteExecution": list(known.modalities)},
        "marcheInnovant": known.innovative,
        "ccag": known.ccag,
        "attributionAvance": known.advance is not None,
        "procedure": PROCEDURES[tender.kind],
        "lieuExecution": {"code": known.place_code, "typeCode": known.place_type},
        "typesPrix": {"typePrix": list(known.price_types)},
        "formePrix": known.price_form,
        "considerationsSociales": {"considerationSociale": list(known.social)},
        "considerationsEnvironnementales": {
            "considerationEnvironnementale": environment or ["Pas de considération environnementale"]
        },
    }
    optional = {"tauxAvance": known.advance, "origineUE": known.origin_eu, "origineFrance": known.origin_france}
    return fixed | {key: value for key, value in optional.items() if value is not None}
