"""Small consultations for tests, made in a line."""

from datetime import UTC, date, datetime
from decimal import Decimal

from egide import reference
from egide.clausier.model import AwardUse, Clausier, IfBlank, Level, Point, Theme
from egide.message import Text
from egide.tender.model import (
    Bid,
    BidKey,
    Buyer,
    Criterion,
    CriterionNote,
    Evaluator,
    Kind,
    Lot,
    Marks,
    PointMark,
    Price,
    Tender,
    Tenderer,
)

OLD = date(2026, 7, 1)
"""Before the environmental criterion: the price/technical vectors are of that time."""

LEVELS = (
    Level("full", Decimal(1), Text("vu en entier", "fully seen")),
    Level("floor", Decimal("0.5"), Text("au plancher", "at the floor")),
    Level("below", Decimal(0), Text("sous le plancher", "under the floor")),
)


def point(identifier: str, weight: int = 1, use: AwardUse = AwardUse.SCORED, blank: IfBlank = IfBlank.ZERO) -> Point:
    return Point(
        identifier,
        Text(f"Le titulaire tient l'exigence {identifier}.", f"The supplier meets requirement {identifier}."),
        Text(f"Exigence {identifier}", f"Requirement {identifier}"),
        levels=LEVELS,
        weight=weight,
        award_use=use,
        if_blank=blank,
        family="network",
    )


def clausier(*points: Point) -> Clausier:
    return Clausier("test", "1", Text("Essai", "Trial"), (Theme("T1", Text("Thème", "Theme"), points),))


def tender(criteria: tuple[Criterion, ...], names: str = "AB", **changes: object) -> Tender:
    values: dict[str, object] = {
        "title": "Essai",
        "buyer": Buyer("GHT fictif"),
        "sent_on": OLD,
        "deadline": datetime(2026, 9, 1, 12, tzinfo=UTC),
        "tenderers": tuple(Tenderer(name, f"Société {name}") for name in names),
        "criteria": criteria,
        "lots": (Lot("lot-1"),),
        "evaluators": (Evaluator("rssi"),),
    }
    return Tender(**(values | changes))  # type: ignore[arg-type]


def price_and_technical(
    price: str = "40", technical: str = "60", formula: str = "proportional"
) -> tuple[Criterion, ...]:
    return (
        Criterion("price", Decimal(price), Kind.PRICE, formula=formula),
        Criterion("technical", Decimal(technical), Kind.MARKED),
    )


def bid(name: str, price: str | None = "100", **answers: object) -> Bid:
    return Bid(BidKey(name, "lot-1"), answers, Price(Decimal(price)) if price is not None else None)  # type: ignore[arg-type]


def note(name: str, value: str, criterion: str = "technical", by: str = "rssi") -> CriterionNote:
    return CriterionNote(by, BidKey(name, "lot-1"), criterion, Decimal(value), "Vu en page 3.")


def mark(name: str, identifier: str, level: str, by: str = "rssi") -> PointMark:
    return PointMark(by, BidKey(name, "lot-1"), identifier, level, "Vu en page 3.")


def marks(*given: PointMark | CriterionNote) -> Marks:
    return Marks(
        tuple(each for each in given if isinstance(each, PointMark)),
        tuple(each for each in given if isinstance(each, CriterionNote)),
    )


def rules(day: date = OLD) -> object:
    return reference.rules().on(day)
