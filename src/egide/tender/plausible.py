"""Numbers and names of a consultation that nobody can mean: below zero, a scale of zero, a lot that is not there."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender import risk_terms
from egide.tender.model import Tender


def faults(tender: Tender) -> Iterator[Finding]:
    """Return every number out of its bounds, every lot that is not in the list and every round out of order."""
    for place, value in _not_negative(tender):
        if value is not None and value < 0:
            yield _fault(
                "negative",
                place,
                message("un nombre négatif n'a pas de sens ici"),
                message("Écrire zéro ou un nombre positif."),
                str(value),
            )
    for criterion in tender.criteria:
        if criterion.scale <= 0:
            yield _fault(
                "scale",
                f"criteria.{criterion.id}.scale",
                message("l'échelle d'une note est un nombre supérieur à zéro"),
                message("Écrire la plus haute note possible, par exemple 20 ou 100."),
                str(criterion.scale),
            )
    lots = {lot.id for lot in tender.lots}
    for place, named in _lots_named(tender):
        for lot in named:
            if lot not in lots:
                yield _fault(
                    "lot_unknown", place, message("lot inconnu"), message("Prendre un lot de la liste lots."), lot
                )
    yield from _rounds(tender)
    if tender.risk is not None:
        yield from risk_terms.faults(tender.risk, [lot.id for lot in tender.lots], tender.contract.months)


def _not_negative(tender: Tender) -> Iterator[tuple[str, Decimal | int | None]]:
    yield "estimate", tender.estimate
    yield "participants_minimum", tender.participants_minimum
    for name in ("most_tendered", "most_awarded"):
        yield f"allotment.{name}", getattr(tender.allotment, name)
    for lot in tender.lots:
        for name in ("budget", "estimate", "minimum", "maximum"):
            yield f"lots.{lot.id}.{name}", getattr(lot, name)
    terms = tender.contract
    for name in ("months", "renewals", "incident_notice_hours", "audits_per_year", "audit_notice_days", "penalty_ceiling_percent"):  # fmt: skip
        yield f"contract.{name}", getattr(terms, name)
    for number, penalty in enumerate(terms.penalties):
        yield f"contract.penalties[{number}].amount", penalty.amount


def _lots_named(tender: Tender) -> Iterator[tuple[str, tuple[str, ...]]]:
    for tenderer in tender.tenderers:
        yield f"tenderers.{tenderer.id}.lots", tenderer.lots
    for number, certificate in enumerate(tender.certificates):
        yield f"certificates[{number}].lots", certificate.lots
    for number, sheet in enumerate(tender.processing):
        yield f"processing[{number}].lots", sheet.lots


def _rounds(tender: Tender) -> Iterator[Finding]:
    before: datetime = tender.deadline
    for each in tender.rounds:
        if each.deadline is None:
            continue
        if each.deadline <= before:
            yield _fault(
                "round_before",
                f"rounds.{each.number}.deadline",
                message("la date limite de ce tour ne suit pas celle du tour d'avant"),
                message("Corriger la date limite du tour."),
                each.deadline.isoformat(),
            )
        before = each.deadline


def _fault(code: str, place: str, understood: Message, remedy: Message, read: str) -> Finding:
    return Finding(f"tender.{code}", Severity.ERROR, understood, remedy, "tender.yaml", place, read=read)
