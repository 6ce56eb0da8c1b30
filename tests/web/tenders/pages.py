"""The pages of steps 1 to 5 of a consultation, for its buyer: what is counted by tests and timed by benchmarks."""

from typing import Any

from django.urls import reverse

PLACES: dict[str, tuple[object, ...]] = {
    "purchase": (),
    "lots": (),
    "rounds": (),
    "processing": (),
    "contract": (),
    "essential": (),
    "points": (),
    "described": (),
    "all_points": (),
    "point": ("EG-001",),
    "theme": ("T8",),
    "method": (),
    "criterion": ("prix",),
    "evaluators": (),
    "schedule": (),
    "rules": (),
    "bench": (),
    "documents": (),
    "amendments": (),
    "questions": (),
    "definition": (),
    "bids": (),
    "bids_candidacies": (),
    "deposits": (),
    "bids_files": (),
    "bids_doubts": (),
    "bids_doubts_of": ("s07",),
    "bids_tenderer": ("s07",),
    "bids_answers": ("s07",),
    "bids_findings": ("s07",),
}
"""The name of each page -> what its address names beside the consultation, of fifty bids as big.py makes them."""


def addresses(row: Any) -> dict[str, str]:
    """Return the address of each page; the list of consultations too, and reviewing an answer."""
    one = row.bid_set.get(tenderer="s07")
    return {
        "index": reverse("tenders:index"),
        **{name: reverse(f"tenders:{name}", args=[row.uuid, *places]) for name, places in PLACES.items()},
        "bids_settle": reverse("tenders:bids_settle", args=[row.uuid, one.uuid, "EG-001"]),
    }
