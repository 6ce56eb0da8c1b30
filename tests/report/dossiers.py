"""A made-up consultation that has everything the tender documents speak of, for their tests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from egide import reference
from egide.clausier.model import Clausier
from egide.clausier.purchase import combined
from egide.message import Language
from egide.report.dce.draft import Draft
from egide.report.papers.typography import Setter, plain_text
from egide.tender.contract import Contract, Penalty, Processing
from egide.tender.model import (
    Allotment,
    Buyer,
    Criterion,
    Evaluator,
    Kind,
    Lot,
    PointUse,
    Procedure,
    Purchase,
    Round,
    SubCriterion,
    Tender,
    Tenderer,
)
from egide.tender.parties import RequiredCertificate
from egide.tender.schedule import Period, Schedule, ScheduleLine

ON = date(2026, 9, 14)
PARIS = timezone(timedelta(hours=2))
PURCHASE = Purchase(profiles=("saas_health",), facets={"value": ("formalised",)})
CRITERIA = (
    Criterion("prix", Decimal("37.5"), Kind.PRICE, "Prix sur quatre ans", formula="linear_gap", scale=Decimal(20)),
    Criterion(
        "securite",
        Decimal("32.5"),
        Kind.CLAUSIER,
        "Sécurité numérique",
        subcriteria=(
            SubCriterion("donnees", Decimal(40), "Contrat et données", themes=("T1", "T2", "T3", "T10")),
            SubCriterion("technique", Decimal(60), "Technique", themes=("T4", "T5", "T6", "T7", "T8", "T9")),
        ),
    ),
    Criterion("equipe", Decimal(20), Kind.MARKED, "Expérience de l'équipe affectée", scale=Decimal(10)),
    Criterion("energie", Decimal(10), Kind.MARKED, "Énergie de l'hébergement", environmental=True, scale=Decimal(10)),
)


def tender(**changes: object) -> Tender:
    values: dict[str, object] = {
        "title": "Détection gérée, jour et nuit, pour le GHT fictif des Trois Rivières",
        "buyer": Buyer("GHT fictif des Trois Rivières", "26740000100017"),
        "reference": "2026-SI-014",
        "sent_on": ON,
        "deadline": datetime(2026, 11, 2, 12, tzinfo=PARIS),
        "tenderers": (Tenderer("a", "Société A"), Tenderer("b", "Société B")),
        "criteria": CRITERIA,
        "purchase": PURCHASE,
        "points": {
            "EG-098": PointUse(lots=("lot-2",)),
            "EG-X34": PointUse(lots=("lot-2",), parameters={"hours": "6"}),
            "EG-017": PointUse(parameters={"hours": "12"}),
        },
        "lots": (
            Lot("lot-1", "CHU et hôpitaux", maximum=Decimal(900_000)),
            Lot("lot-2", "Petites structures", minimum=Decimal(10_000), maximum=Decimal(200_000)),
        ),
        "ties": ("securite", "draw"),
        "evaluators": (Evaluator("rssi", "RSSI"),),
        "variants_allowed": True,
        "negotiation": True,
        "framework": True,
        "procedure": Procedure.NEGOTIATED,
        "allotment": Allotment(most_tendered=2, most_awarded=1, order=("lot-1", "lot-2")),
        "rounds": (Round(2, "Offre finale", datetime(2026, 12, 1, 12, tzinfo=UTC), complete=True),),
        "schedule": Schedule(
            (
                ScheduleLine("mise", "Mise en service", "forfait", group="Installation"),
                ScheduleLine("abo", "Abonnement par établissement", "établissement", Decimal(12), Period.MONTH),
                ScheduleLine("pse", "Veille sur le dark web", "forfait", optional=True, lots=("lot-2",)),
            ),
            48,
        ),
        "contract": Contract(
            date(2027, 1, 1),
            48,
            1,
            incident_notice_hours=4,
            audits_per_year=2,
            penalty_ceiling_percent=Decimal(15),
            penalties=(Penalty("Avis d'incident en retard", Decimal(500), "heure de retard", ("EG-017",)),),
        ),
        "processing": (
            Processing(
                "Détecter et traiter les incidents",
                "Collecte et analyse de journaux",
                ("identifiants", "journaux de connexion"),
                ("agents", "prestataires"),
                "Durée du marché ; journaux un an",
                ("RSSI",),
                "Aucun transfert hors de l'EEE",
                "CHU fictif",
                "dpo@chu.example",
            ),
            Processing("Détecter et traiter les incidents", controller="EHPAD fictif", lots=("lot-2",)),
        ),
        "certificates": (RequiredCertificate("HDS", (3, 5), ("lot-2",)), RequiredCertificate("ISO/IEC 27001")),
    }
    return Tender(**(values | changes))  # type: ignore[arg-type]


def plain_tender() -> Tender:
    """A consultation with nothing more than it must have."""
    return replace(
        tender(),
        title="Logiciel de gestion (fictif)",
        buyer=Buyer("Centre hospitalier fictif"),
        reference="",
        points={},
        lots=(Lot("lot-1"),),
        variants_allowed=False,
        negotiation=False,
        framework=False,
        procedure=None,
        formalised=False,
        allotment=Allotment(),
        rounds=(),
        schedule=Schedule(),
        contract=Contract(),
        processing=(),
        certificates=(),
        ties=(),
    )


def narrowed(of: Tender) -> Clausier:
    return reference.load(of)[0]


def draft(of: Tender | None, clausier: Clausier | None = None, language: Language = "fr") -> Draft:
    vocabulary = reference.vocabulary()
    facets: Mapping[str, tuple[str, ...]] = {}
    if of is not None:
        facets = combined([vocabulary.profile[each] for each in of.purchase.profiles], of.purchase.facets)
    known = clausier or (narrowed(of) if of is not None else reference.clausier())
    texts = reference.texts()
    return Draft(of, known, texts, facets, vocabulary.roles, ON, language, Setter(language, plain_text))
