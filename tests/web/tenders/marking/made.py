"""A small consultation being marked, and what a page of it sends."""

from functools import partial
from typing import Any

from django.urls import reverse

from web.tenders import big

DATA = {"Accept": "application/json"}


def consultation(place: Any, tenderers: int = 2, *, share: int = 0, declared: bool = True, **changes: Any) -> Any:
    """Return a consultation of an organisation of the world: its evaluator sits as the RSSI."""
    row = big.consultation(
        place.organisation, place.buyer, big.tender(tenderers, **changes), share=share, declared=declared
    )
    big.seat(row, place.evaluator)
    return row


def seat(row: Any, evaluator: str = "rssi") -> Any:
    return row.seat_set.get(evaluator=evaluator)


def bid(row: Any, tenderer: str = "s01") -> Any:
    return row.bid_set.get(tenderer=tenderer)


def address(row: Any, name: str, *more: Any, query: str = "") -> str:
    return reverse(f"tenders:{name}", args=[row.uuid, *more]) + query


def bid_page(row: Any, tenderer: str = "s01", query: str = "", evaluator: str = "rssi") -> str:
    return address(row, "mark_bid", seat(row, evaluator).uuid, bid(row, tenderer).uuid, query=query)


def written(*rows: dict[str, Any], **more: str) -> dict[str, Any]:
    """Return what a form sends: each row with its place, its revision and what is written."""
    data: dict[str, Any] = {"row": [str(number) for number in range(len(rows))], **more}
    for number, row in enumerate(rows):
        data |= {f"{name}-{number}": str(value) for name, value in row.items()}
    return data


def line(row: Any, point: str = "EG-001", tenderer: str = "s01", revision: int = 0, **values: Any) -> dict[str, Any]:
    """Return a row of a grid."""
    return {"place": f"{bid(row, tenderer).uuid}/{point}", "revision": revision, "level": "", "reason": "", **values}


def mark(row: Any, point: str = "EG-001", tenderer: str = "s01", evaluator: str = "rssi") -> Any:
    from egide.web.tenders import models

    return models.Mark.objects.filter(bid=bid(row, tenderer), point=point, evaluator=evaluator).first()


sent = partial(dict, headers=DATA)
