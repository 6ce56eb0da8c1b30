"""The block `risk:` of a consultation: what is wrong in it, what is published of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

import builders
from egide import plain
from egide.finding import Severity
from egide.tender import plausible
from egide.tender.evaluation import evaluate
from egide.tender.model import Bid, BidKey, Lot, Marks, Price, Tender
from egide.tender.procedure.publication import Change, changes, digest, frozen, terms, written_terms
from egide.tender.risk_cost import BidCost, Landmarks, LotCost, RiskCost, Span
from egide.tender.risk_terms import Beneficiaries, RiskTerms, RiskUse, Transfer, faults

LOTS = ("lot-1", "lot-2")
SHARES = (Decimal("0.06"), Decimal("0.15"), Decimal("0.30"))
WHO = Beneficiaries("support", Decimal(600_000_000), Decimal(1_000_000), SHARES)
TERMS = RiskTerms((WHO,), Decimal(5))


def told(made: RiskTerms, months: int = 0) -> dict[str, Severity]:
    return {
        each.code.removeprefix("tender.risk_") + " " + each.place: each.severity for each in faults(made, LOTS, months)
    }


def test_a_block_that_can_be_used():
    assert told(TERMS) == {}
    assert told(replace(TERMS, years=None), months=48) == {}
    assert replace(TERMS, years=None).lasting(48).years == 4
    assert TERMS.lasting(48) is TERMS


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (replace(TERMS, years=None), "years risk.years"),
        (replace(TERMS, years=Decimal(31)), "years risk.years"),
        (replace(TERMS, credit=Decimal("1.2")), "share risk.credit"),
        (replace(TERMS, cap=Decimal(-1)), "share risk.cap"),
        (replace(TERMS, draws=10), "draws risk.draws"),
        (replace(TERMS, seed=-1), "seed risk.seed"),
        (replace(TERMS, beneficiaries=()), "beneficiaries risk.beneficiaries"),
        (replace(TERMS, beneficiaries=(replace(WHO, revenue=Decimal(0)),)), "revenue risk.beneficiaries[0].revenue"),
        (replace(TERMS, beneficiaries=(replace(WHO, persons=Decimal(-1)),)), "negative risk.beneficiaries[0].persons"),
        (replace(TERMS, beneficiaries=(replace(WHO, beds=Decimal(-1)),)), "negative risk.beneficiaries[0].beds"),
        (replace(TERMS, beneficiaries=(replace(WHO, activity_share=Decimal(2)),)), "share risk.beneficiaries[0].activity_share"),
        (replace(TERMS, beneficiaries=(replace(WHO, criticality=SHARES[:2]),)), "interval risk.beneficiaries[0].criticality"),
        (replace(TERMS, beneficiaries=(replace(WHO, criticality=SHARES[::-1]),)), "interval risk.beneficiaries[0].criticality"),
        (replace(TERMS, beneficiaries=(WHO, replace(WHO, lots=("lot-2",)))), "lot_twice risk.beneficiaries"),
        (replace(TERMS, beneficiaries=(replace(WHO, lots=("lot-1", "lot-2", "lot-3")),)), "lot_unknown risk.beneficiaries"),
        (replace(TERMS, transfer=Transfer((Decimal(2),) * 3, ())), "interval risk.transfer.share"),
    ],
)  # fmt: skip
def test_each_number_or_name_that_nobody_can_mean_is_refused(made, said):
    assert told(made) == {said: Severity.ERROR}


def test_a_lot_left_out_is_noted_and_a_criterion_not_used_is_a_doubt():
    assert told(replace(TERMS, beneficiaries=(replace(WHO, lots=("lot-1",)),))) == {
        "lot_without risk.beneficiaries": Severity.NOTE
    }
    assert told(replace(TERMS, criterion="price")) == {"criterion_unused risk.criterion": Severity.DOUBT}
    assert told(replace(TERMS, criterion="price", use=RiskUse.CRITERION)) == {}


def test_each_lot_has_its_beneficiaries():
    second = replace(WHO, lots=("lot-2",))
    made = replace(TERMS, beneficiaries=(second, replace(WHO, lots=("lot-1",))))
    assert made.of_lot("lot-2") is second
    assert made.of_lot("lot-3") is None
    assert TERMS.of_lot("lot-3") is WHO


def consultation(risk: RiskTerms | None = TERMS) -> Tender:
    return builders.tender(builders.price_and_technical(), risk=risk)


def test_its_faults_are_those_of_the_consultation():
    assert list(plausible.faults(consultation())) == []
    assert [each.code for each in plausible.faults(consultation(replace(TERMS, seed=-1)))] == ["tender.risk_seed"]


def test_a_consultation_without_the_block_keeps_its_digest():
    clausier = builders.clausier(builders.point("P1"))
    without = terms(consultation(None), clausier)
    assert "risk" not in written_terms(without)
    assert digest(without) == frozen(consultation(None), clausier)
    assert frozen(consultation(), clausier) != digest(without)
    old = {name: each for name, each in plain.unstructure(consultation(None)).items() if name != "risk"}
    assert plain.structure(old, Tender, "tender.yaml") == consultation(None)


def test_what_changes_in_the_block_is_told_place_by_place():
    clausier = builders.clausier(builders.point("P1"))
    before = terms(consultation(), clausier)
    after = terms(consultation(replace(TERMS, seed=7)), clausier)
    without = terms(consultation(None), clausier)
    assert changes(before, after) == [Change("risk.seed", "2026", "7")]
    assert [(each.place, each.after) for each in changes(before, without)] == [("risk", "")]
    assert plain.structure(written_terms(before), type(before), "publication.json") == before


def test_what_a_price_criterion_adds_is_no_part_of_the_price():
    tender = consultation(None)
    one, two = builders.bid("A", "100"), builders.bid("B", "110")
    marks = builders.marks(builders.note("A", "50"), builders.note("B", "50"))
    clausier, rules = builders.clausier(), builders.rules()
    rows = {
        row.key.tenderer: row
        for row in evaluate(tender, clausier, rules, (replace(one, added=Decimal(40)), two), marks).ranking
    }
    assert rows["A"].price == Decimal(100)
    assert (rows["A"].added, rows["A"].compared) == (40, 140)
    assert replace(rows["A"], price=None).compared is None
    assert rows["B"].rank == 1
    assert one.compared == 100
    assert Bid(BidKey("C", "lot-1")).compared is None
    assert Bid(BidKey("C", "lot-1"), price=Price(Decimal(3)), added=Decimal(2)).compared == 5
    assert marks != Marks()
    assert tender.lots == (Lot("lot-1"),)


def test_zero_inside_the_interval():
    assert Span(Decimal(1), Decimal(-1), Decimal(3)).around_zero
    assert not Span(Decimal(2), Decimal(1), Decimal(3)).around_zero


def test_costs_are_found_by_lot_and_by_bid():
    key = BidKey("A", "lot-1")
    one = Span(Decimal(1), Decimal(1), Decimal(1))
    cost = BidCost(key, one, {}, {}, {}, 0, 0, 0)
    lot = LotCost("lot-1", (cost,), Landmarks(one, one, one), {})
    whole = RiskCost((lot,), RiskUse.INFORMATION, "", 32, 0, Decimal("0.6"), Decimal(5))
    assert whole.of_lot("lot-1") is lot
    assert whole.of_lot("lot-2") is None
    assert lot.of(key) is cost
    assert lot.of(replace(key, variant=1)) is None
    assert plain.structure(plain.unstructure(whole), RiskCost, "evaluation.json") == whole
