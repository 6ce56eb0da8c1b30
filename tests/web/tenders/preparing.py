"""Consultations in preparation, made without a page. Everything is fictitious."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from egide import plain, reference
from egide.desk.new_tender import begun
from egide.tender.model import Purchase
from egide.tender.procedure.journal import Amendment, Journal, Publication, Question
from egide.tender.risk_terms import Beneficiaries, RiskTerms, RiskUse
from egide.web.clauses.convert import published
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.tenders import convert
from egide.web.tenders.models import Consultation, Document, Seat, State
from web.tenders.prepared import fields

REASON = "L2113-11 2° : une seule base d'images ; des lots distincts rendraient l'exploitation plus coûteuse."


def consultation(world, **changes):
    """Make a consultation that nothing stands against publishing but its documents."""
    tender = begun(Purchase(profiles=("saas_health",)), date(2026, 12, 1), "fr", title="Archivage (fictif)", buyer="CH fictif", estimate="500000").tender  # fmt: skip
    sheet = replace(tender.processing[0], purpose="Soins", nature="Hébergement", duration="4 ans", transfers="Aucun", controller="CH",
                    dpo="DPO", data=("Images",), persons=("Patients",), recipients=("Soins",))  # fmt: skip
    tender = replace(tender, processing=(sheet,), allotment=replace(tender.allotment, reason=REASON))
    return Consultation.objects.create(**{
        "organisation": world.hospital.organisation,
        "title": tender.title,
        "deadline": tender.deadline,
        "definition": plain.parse_json(plain.canonical(tender).decode(), "tender"),
        "clausier": published(reference.clausier()),
        "created_by": world.hospital.buyer,
        **changes,
    })  # fmt: skip


def last():
    """The consultation made last."""
    return Consultation.objects.latest("pk")


def journal(**values):
    return plain.unstructure(Journal(**values))


def published_one(world):
    """A consultation published, with an amendment that nobody was sent."""
    amendments = (Amendment(date(2026, 12, 10), "Report"),)
    written = journal(publication=Publication(date(2026, 12, 1), digest="0" * 64), amendments=amendments)
    return consultation(world, state=State.PUBLISHED, journal=written)


BENEFICIARY = "risk__beneficiaries-0-"
COSTED = {
    f"{BENEFICIARY}{name}": value
    for name, value in {
        "category": "hospital", "revenue": "120 000 000", "persons": "300 000", "criticality": "6", "likely": "15", "highest": "30 %",
        "activity_share": "62,5", "beds": "400", "places": "40",
    }.items()
}  # fmt: skip
"""What a buyer types to ask for the cost of risk."""


def costed(world):
    """A consultation whose cost of risk would be a criterion, refused as it stands."""
    row = consultation(world)
    who = Beneficiaries(
        "hospital", Decimal(120_000_000), Decimal(300_000), (Decimal("0.06"), Decimal("0.15"), Decimal("0.3"))
    )
    row.definition["risk"] = plain.unstructure(RiskTerms((who,), use=RiskUse.CRITERION, criterion="prix"))
    row.save()
    return row


def questioned(world):
    """A consultation with a question."""
    return consultation(
        world, journal=journal(questions=(Question("Q1", datetime(2026, 12, 5, 9, tzinfo=UTC), "Combien ?"),))
    )


def documented(world):
    """A consultation whose documents are written."""
    row = consultation(world)
    from egide.desk import documents

    made = documents.of_tender(convert.tender(row), convert.whole_clausier(row))
    frozen = documents._publication(made, "fr")
    for name, content in frozen.items():
        kept = store.keep([content])
        stored = StoredFile.objects.create(organisation=row.organisation, name=name, sha256=kept.sha256, size=kept.size)
        Document.objects.create(
            consultation=row, group="dce", name=name, stored=stored, revision=row.revision, made_by=row.created_by
        )
    return row


def seated(world):
    """A seat in a consultation."""
    return Seat.objects.create(consultation=consultation(world), evaluator="rssi", user=world.hospital.evaluator)


def typed(world, name, *more, **changes):
    """What the buyer's browser sends from a page of the last consultation, some fields changed."""
    client = Client()
    client.force_login(world.hospital.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return fields(client.get(reverse(f"tenders:{name}", args=[last().uuid, *more]))) | changes
