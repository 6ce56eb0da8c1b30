"""Numbers, lots and rounds that nobody can mean are said before they can mislead."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from builders import price_and_technical, tender
from egide.tender.contract import Contract, Penalty, Processing
from egide.tender.model import Allotment, Lot, Round
from egide.tender.parties import RequiredCertificate
from egide.tender.plausible import faults

TENDER = tender(price_and_technical())


def found(**changes):
    return [(each.code, each.place, each.read) for each in faults(replace(TENDER, **changes))]


def test_a_consultation_in_order_has_no_fault():
    rounds = tuple(Round(number, deadline=TENDER.deadline + timedelta(days=number)) for number in (2, 3))
    assert found(rounds=(*rounds, Round(4)), contract=Contract(months=48)) == []


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("estimate", {"estimate": Decimal(-1)}),
        ("participants_minimum", {"participants_minimum": -1}),
        ("allotment.most_awarded", {"allotment": Allotment(most_awarded=-1)}),
        ("lots.lot-1.maximum", {"lots": (Lot("lot-1", maximum=Decimal(-1)),)}),
        ("contract.incident_notice_hours", {"contract": Contract(incident_notice_hours=-1)}),
        ("contract.penalties[0].amount", {"contract": Contract(penalties=(Penalty("retard", Decimal(-1)),))}),
    ],
)
def test_a_negative_number_is_named(place, changes):
    assert found(**changes) == [("tender.negative", place, "-1")]


@pytest.mark.parametrize("scale", ["0", "-20"])
def test_a_note_needs_a_scale(scale):
    criteria = (replace(TENDER.criteria[0], scale=Decimal(scale)), *TENDER.criteria[1:])
    assert found(criteria=criteria) == [("tender.scale", f"criteria.{criteria[0].id}.scale", scale)]


def test_a_lot_that_is_not_there_is_never_silently_nobody():
    assert found(
        tenderers=(replace(TENDER.tenderers[0], lots=("lot-1", "lot-7")),),
        certificates=(RequiredCertificate("HDS", lots=("lot-8",)),),
        processing=(Processing("p", lots=("lot-9",)),),
    ) == [
        ("tender.lot_unknown", f"tenderers.{TENDER.tenderers[0].id}.lots", "lot-7"),
        ("tender.lot_unknown", "certificates[0].lots", "lot-8"),
        ("tender.lot_unknown", "processing[0].lots", "lot-9"),
    ]


def test_rounds_follow_each_other():
    late = TENDER.deadline + timedelta(days=9)
    rounds = (Round(2, deadline=TENDER.deadline), Round(3, deadline=late), Round(4, deadline=late))
    assert [place for _, place, _ in found(rounds=rounds)] == ["rounds.2.deadline", "rounds.4.deadline"]
