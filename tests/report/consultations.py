"""Made-up evaluations at the size of real ones, on the shipped clausier, for the tests and the benchmark of reports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from egide import reference
from egide.clausier.model import AwardUse, Clausier
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report.record import Record
from egide.tender.evaluation import evaluate
from egide.tender.model import (
    Answer,
    Bid,
    BidClass,
    BidKey,
    Buyer,
    Condition,
    Criterion,
    CriterionNote,
    Decision,
    Declared,
    Evaluator,
    Kind,
    Lot,
    Marks,
    PointMark,
    PointUse,
    Price,
    PriceLine,
    SourceFile,
    SubCriterion,
    Tender,
    Tenderer,
)

NAMES = ("Imagys SAS", "Radiolis Hébergement", "Nordic Imaging France", "Groupement Alpes PACS (mandataire Velmio)")
SENT = date(2026, 9, 7)
REASONS = (
    "Vu au mémoire technique, § 4.2 : délai, horaires et personnes nommées ; engagement repris au contrat.",
    "Procédure datée et signée, mais un périmètre sur deux seulement ; l'autre est annoncé pour 2027.",
    "Réponse générale, sans seuil ni liste.",
    "Démonstration faite le 12 octobre sur l'environnement d'essai, compte rendu joint.",
)
PROOFS = (
    "",
    "Mémoire technique, § 4.2",
    "Certificat HDS n° 2026-114, activités 1 à 6",
    "Extrait de configuration du 02/10/2026",
)

FEW = {
    point.id: PointUse(keep=False)
    for theme in reference.clausier().themes
    for point in theme.points
    if theme.id not in {"T1", "T4", "T7"}
}
"""Three themes are enough for most tests, and quick."""


def criteria(*, split: bool = False) -> tuple[Criterion, ...]:
    subs = (
        SubCriterion("organisation", Decimal(40), "Organisation, contrat et données", themes=("T1", "T2", "T3", "T10")),
        SubCriterion("technique", Decimal(60), "Mesures techniques", themes=("T4", "T5", "T6", "T7", "T8", "T9")),
    )
    return (
        Criterion("prix", Decimal(40), Kind.PRICE, "Prix sur la durée du marché"),
        Criterion("securite", Decimal(35), Kind.CLAUSIER, "Sécurité numérique", subcriteria=subs if split else ()),
        Criterion(
            "fonctions", Decimal(15), Kind.MARKED, "Fonctions et ergonomie", scale=Decimal(20),
            subcriteria=(SubCriterion("usage", Decimal(10), "Usage au poste"), SubCriterion("reprise", Decimal(5), "Reprise des données")),
        ),
        Criterion("environnement", Decimal(10), Kind.MARKED, "Énergie de l'hébergement et durée de support", environmental=True, scale=Decimal(10)),
    )  # fmt: skip


def tender(count: int, lots: int = 1, *, split: bool = False, **changes: object) -> Tender:
    values: dict[str, object] = {
        "title": "Système d'imagerie (PACS/RIS) hébergé en service pour le GHT fictif des Deux Vallées",
        "buyer": Buyer("Centre hospitalier fictif des Deux Vallées", "26740000100017"),
        "sent_on": SENT,
        "deadline": datetime(2026, 10, 19, 12, tzinfo=timezone(timedelta(hours=2))),
        "tenderers": tuple(Tenderer(f"t{n:02}", name(n), f"{81000000000000 + 37 * n}") for n in range(count)),
        "criteria": criteria(split=split),
        "lots": tuple(Lot(f"lot-{n + 1}", "" if lots == 1 else f"Territoire {n + 1}") for n in range(lots)),
        "evaluators": (
            Evaluator("rssi", "RSSI du GHT", ("T1", "T3", "T4", "T5", "T6", "T7", "T9", "T10")),
            Evaluator("dpo", "Déléguée à la protection des données", ("T2",)),
            Evaluator("biomed", "Ingénieure biomédicale", ("T8",), ("fonctions", "environnement")),
        ),
        "ties": ("securite", "draw"),
    }
    return Tender(**(values | changes))  # type: ignore[arg-type]


def name(n: int) -> str:
    return NAMES[n] if n < len(NAMES) else f"Société fictive {n + 1}"


def bids(tender: Tender, clausier: Clausier, seed: int = 1) -> list[Bid]:
    draw = Random(seed)  # noqa: S311 (made-up data)
    return [
        _bid(draw, BidKey(tenderer.id, lot.id), clausier, 380_000 + 27_500 * n)
        for lot in tender.lots
        for n, tenderer in enumerate(tender.tenderers)
    ]


def _bid(draw: Random, key: BidKey, clausier: Clausier, base: int) -> Bid:
    file = f"bids/{key.tenderer}/{key.lot}/questionnaire_securite.xlsx"
    answers = {}
    for n, point in enumerate(clausier.points):
        declared = draw.choices(list(Declared), [6, 1, 2, 2, 1, 1])[0]
        condition = (
            draw.choices(list(Condition), [12, 1, 1, 1, 1, 1])[0] if declared is Declared.YES else Condition.NONE
        )
        answers[point] = Answer(
            point, declared, condition, comment="Voir mémoire.", file=file, place=f"Questionnaire!E{n + 4}", raw="oui"
        )
    lines = (PriceLine("Abonnement, 48 mois", Decimal(base)), PriceLine("Reprise des données", Decimal("18250.50")))
    total = sum((line.amount for line in lines), Decimal(0))
    return Bid(key, answers, Price(total, lines, file=file), (SourceFile(file, f"{draw.getrandbits(256):064x}"),))


def marks(tender: Tender, clausier: Clausier, given: Sequence[Bid], seed: int = 2) -> Marks:
    draw = Random(seed)  # noqa: S311 (made-up data)
    points, notes = [], []
    for bid in given:
        for point in clausier.points.values():
            if point.award_use is AwardUse.NONE:
                continue
            allowed = [
                level.code for level in point.levels if level.value is not None and level.code not in point.under_floor
            ]
            allowed = allowed or [level.code for level in point.levels if level.value is not None]
            by = (
                "dpo"
                if clausier.theme_of[point.id].id == "T2"
                else "biomed"
                if clausier.theme_of[point.id].id == "T8"
                else "rssi"
            )
            points.append(
                PointMark(by, bid.key, point.id, draw.choice(allowed), draw.choice(REASONS), draw.choice(PROOFS))
            )
        for criterion in tender.criteria:
            if criterion.kind is Kind.MARKED:
                for sub in criterion.subcriteria or (None,):
                    note = Decimal(draw.randrange(4, int(criterion.scale) * 2 + 1)) / 2
                    notes.append(
                        CriterionNote(
                            "biomed", bid.key, criterion.id, note, draw.choice(REASONS), sub.id if sub else ""
                        )
                    )
    return Marks(tuple(points), tuple(notes), files=(SourceFile("marks/rssi.xlsx", "ab" * 32),))


def doubts(given: Sequence[Bid], each: int = 2) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "answer.condition", Severity.DOUBT, message("réponse sous condition : à apprécier"), message("Demander une précision."),
            bid.files[0].name, f"Questionnaire!E{n + 4}", point, "oui, sauf le week-end", bid.key.tenderer,
        )
        for bid in given
        for n, point in enumerate(list(bid.answers)[:each])
    )  # fmt: skip


def record(
    count: int = 4, lots: int = 1, language: Language = "fr", *, split: bool = False, provisional: bool = False, exclude: bool = True, **changes: object
) -> Record:  # fmt: skip
    asked = tender(count, lots, split=split, **changes)
    clausier, rules = reference.load(asked)
    received = bids(asked, clausier)
    written = marks(asked, clausier, received)
    if exclude:
        last = received[-1]
        decision = Decision(
            last.key,
            BidClass.IRREGULAR,
            "A. Martin, directrice des achats",
            date(2026, 11, 2),
            "Certificat HDS absent, non régularisé dans le délai donné.",
        )
        written = replace(
            written, decisions=(decision,), points=tuple(mark for mark in written.points if mark.bid != last.key)
        )
    if provisional:
        written = replace(written, points=written.points[: len(written.points) // 2])
    evaluation = evaluate(asked, clausier, rules, received, written)
    return Record(evaluation, (*doubts(received), *evaluation.findings), language, date(2026, 11, 20))
