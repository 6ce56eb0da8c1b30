"""A consultation of fifty bids on our whole clausier, made in a moment: what pages are measured on. All fictitious."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from egide import reference
from egide.clausier.model import AwardUse
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import (
    Answer,
    Bid,
    BidKey,
    Buyer,
    ClausierChoice,
    Condition,
    Criterion,
    CriterionNote,
    Declared,
    Evaluator,
    Kind,
    Lot,
    Marks,
    Pointer,
    PointMark,
    Price,
    SubCriterion,
    Tender,
    Tenderer,
)
from egide.tender.procedure.journal import Declaration

EVALUATORS = (
    Evaluator("rssi", "RSSI (fictif)", themes=("T1", "T3", "T4", "T5", "T6", "T7", "T9", "T10")),
    Evaluator("dpo", "Déléguée à la protection des données (fictive)", themes=("T2", "T9")),
    Evaluator("biomedical", "Ingénieure biomédicale (fictive)", themes=("T7", "T8"), criteria=("fonctionnel", "environnement")),
)  # fmt: skip
DECLARED = (Declared.YES, Declared.YES, Declared.PARTIAL, Declared.NO, Declared.DESCRIBED, Declared.NA, Declared.BLANK)
CONDITIONS = (Condition.NONE, Condition.NONE, Condition.NONE, Condition.FUTURE, Condition.PAID_OPTION)


def tender(tenderers: int = 50, **changes: Any) -> Tender:
    """Return the definition: one lot, a price, our clausier, two criteria marked by hand, three evaluators."""
    values: dict[str, Any] = {
        "title": "Dossier patient informatisé (fictif)",
        "buyer": Buyer("GHT fictif des Monts", "26750045200011"),
        "reference": "2026-DPI-01",
        "sent_on": date(2026, 9, 1),
        "deadline": datetime(2026, 10, 15, 12, tzinfo=UTC),
        "clausier": ClausierChoice(reference.clausier().id),
        "lots": (Lot("lot-1", "Dossier patient"),),
        "tenderers": tuple(Tenderer(f"s{n:02}", f"Société fictive {n:02}") for n in range(1, tenderers + 1)),
        "criteria": (
            Criterion("prix", Decimal(40), Kind.PRICE, "Prix"),
            Criterion("securite", Decimal(30), Kind.CLAUSIER, "Sécurité"),
            Criterion("fonctionnel", Decimal(20), Kind.MARKED, "Valeur fonctionnelle", scale=Decimal(20), subcriteria=(
                SubCriterion("soins", Decimal(60), "Dossier de soins"), SubCriterion("pilotage", Decimal(40), "Pilotage"),
            )),
            Criterion("environnement", Decimal(10), Kind.MARKED, "Environnement", environmental=True, scale=Decimal(10)),
        ),
        "evaluators": EVALUATORS,
    }  # fmt: skip
    return Tender(**(values | changes))


def points() -> list[Any]:
    """Return the points of our clausier that are marked."""
    return [each for each in reference.clausier().points.values() if each.award_use is not AwardUse.NONE]


def bids(asked: Tender) -> tuple[Bid, ...]:
    """Return a bid of each tenderer on each lot, answering every point; different from one another, always the same."""
    made = []
    for number, one in enumerate(asked.tenderers):
        for lot in asked.lots:
            answers = {
                point.id: _answer(point.id, number, rank, f"bids/{one.id}/{lot.id}/cadre.xlsx")
                for rank, point in enumerate(reference.clausier().points.values())
            }
            price = Price(Decimal(900_000 + 7_919 * number), file=f"bids/{one.id}/{lot.id}/prix.xlsx")
            made.append(Bid(BidKey(one.id, lot.id), answers, price))
    return tuple(made)


def _answer(point: str, number: int, rank: int, file: str) -> Answer:
    declared = DECLARED[(number * 3 + rank) % len(DECLARED)]
    blank = declared is Declared.BLANK
    return Answer(
        point,
        declared,
        Condition.NONE if blank else CONDITIONS[(number + rank) % len(CONDITIONS)],
        None if blank else Pointer("Mémoire technique.pdf", f"§ {rank % 9 + 1}.{number % 7 + 1}"),
        "" if blank else f"Réponse fictive {number + 1} au point {point} : décrite au mémoire, avec ses limites.",
        "" if rank % 3 else "Certificat fictif",
        file,
        f"Réponses!D{rank + 4}",
        {Declared.YES: "oui", Declared.NO: "non"}.get(declared, "voir mémoire"),
    )


def marks(asked: Tender, read: Sequence[Bid], share: int = 10) -> Marks:
    """Return what each evaluator retains on `share` tenths of its points, with differences on the themes read by two."""
    clausier = reference.clausier()
    given, noted = [], []
    for evaluator in asked.evaluators:
        for bid in read:
            for rank, point in enumerate(points()):
                if clausier.theme_of[point.id].id in evaluator.themes and rank % 10 < share:
                    at = (rank + len(bid.key.tenderer) + int(bid.key.tenderer[1:]) + (evaluator.id == "dpo")) % len(
                        point.levels
                    )
                    level = point.levels[at].code
                    given.append(PointMark(evaluator.id, bid.key, point.id, level, "Vu au mémoire (fictif)."))
            if evaluator.criteria:
                value = Decimal(int(bid.key.tenderer[1:]) % 10)
                noted += [
                    CriterionNote(evaluator.id, bid.key, criterion, value, "Vu en démonstration (fictif).", sub)
                    for criterion, sub in (("fonctionnel", "soins"), ("fonctionnel", "pilotage"), ("environnement", ""))
                ]
    declared = tuple(Declaration(each.id, date(2026, 10, 16), conflict=False) for each in asked.evaluators)
    return Marks(tuple(given), tuple(noted), declarations=declared)


def doubts(asked: Tender) -> list[Finding]:
    """Return a few doubts of reading, on points of some tenderers."""
    return [
        Finding(
            "answer.condition", Severity.DOUBT, message("réponse sous condition : à apprécier"),
            message("Lire le commentaire."), f"bids/{one.id}/lot-1/cadre.xlsx", "D4", point.id, "oui, en option", one.id,
        )
        for number, one in enumerate(asked.tenderers)
        for point in points()[number % 5 :: 17]
    ]  # fmt: skip


def consultation(
    organisation: Any,
    by: Any,
    asked: Tender | None = None,
    *,
    share: int = 10,
    declared: bool = True,
    opened: bool = True,
) -> Any:
    """Keep the consultation in rows, its bids read and `share` tenths of the points marked; return its row."""
    from egide import plain
    from egide.web.clauses.convert import published
    from egide.web.tenders import convert, models

    asked = asked or tender()
    row = models.Consultation.objects.create(
        organisation=organisation,
        title=asked.title,
        reference=asked.reference,
        state=models.State.OPENED if opened else models.State.PUBLISHED,
        deadline=asked.deadline,
        definition=plain.unstructure(asked),
        journal={},
        clausier=published(reference.clausier()),
        created_by=by,
    )
    if opened:
        read = bids(asked)
        convert.store_bids(row, read, doubts(asked))
        given = marks(asked, read, share)
        convert.store_marks(row, given if declared else Marks(given.points, given.notes), [], by)
    return row


def fifty(place: Any, **changes: Any) -> Any:
    """Return the row of fifty bids read and marked, made once for all tests."""
    from web import kept

    made = tender(50, **changes)
    return kept.given(f"fifty bids, {made.deadline}", lambda: consultation(place.organisation, place.buyer, made))


def seat(row: Any, user: Any, evaluator: str = "rssi") -> Any:
    """Let an account mark as an evaluator."""
    from egide.web.tenders import models

    return models.Seat.objects.create(consultation=row, evaluator=evaluator, user=user)
