"""Each of the ten guard rails of a cost of risk used as a criterion is a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import builders
from egide.clausier.model import AwardUse
from egide.finding import Severity
from egide.risk.guard_rails import RAILS, before_evaluation, before_publication, of_marks, of_result
from egide.tender.model import Answer, BidKey, Declared, Lot, PointMark
from egide.tender.procedure.journal import Journal, Regularisation
from egide.tender.risk_cost import BidCost, Landmarks, LotCost, Ranks, RiskCost, Span
from egide.tender.risk_terms import Beneficiaries, RiskSheet, RiskTerms, RiskUse, SheetPoint, Transfer

DIGEST = "d" * 64
WHO = Beneficiaries("support", Decimal(1), Decimal(1), (Decimal(0), Decimal(0), Decimal(1)))
TERMS = RiskTerms((WHO,), Decimal(5), library=DIGEST, use=RiskUse.CRITERION, criterion="price")
FLOOR = builders.point("floor", 0, AwardUse.MINIMUM)
SCORED = builders.point("scored")
FIRM = builders.point("firm", 0, AwardUse.CANDIDACY)
SHEET = RiskSheet(DIGEST, ("S01",), {"floor": SheetPoint("network", 1)}, {"lot-1": Decimal(300)})
KEY = BidKey("A", "lot-1")


def tender(terms: RiskTerms | None = TERMS, **changes: object):
    return builders.tender(builders.price_and_technical(), risk=terms, **changes)


def refused(found) -> list[str]:
    return [each.code for each in found if each.severity is Severity.ERROR]


def before(terms: RiskTerms | None = TERMS, sheet: RiskSheet = SHEET, points=(FLOOR,), effective=("floor",), **more):
    values = {"overridden": False} | more
    return before_publication(tender(terms), builders.clausier(*points), sheet, effective, **values)


def test_an_information_and_no_block_at_all_ask_for_nothing():
    assert before(None) == before(replace(TERMS, use=RiskUse.INFORMATION, library="")) == []
    assert of_result(RiskCost((), RiskUse.INFORMATION, "", 32, 0, Decimal(1), Decimal(5))) == []


def test_when_all_hold_only_the_warning_remains():
    found = before()
    assert [each.code for each in found] == ["risk.warning"]
    assert "aucune décision de justice connue" in str(found[0].understood)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("risk.criterion", {"terms": replace(TERMS, criterion="technical")}),
        ("risk.guard.documents", {"terms": replace(TERMS, library="")}),
        ("risk.guard.documents", {"terms": replace(TERMS, library="e" * 64)}),
        ("risk.guard.own_figure", {"overridden": True}),
        ("risk.guard.gross", {"terms": replace(TERMS, transfer=Transfer((Decimal(0),) * 3, ("floor",)))}),
        ("risk.guard.twice", {"points": (FLOOR, SCORED), "effective": ("floor", "scored")}),
        ("risk.guard.cap", {"terms": replace(TERMS, cap=Decimal(0))}),
        ("risk.guard.cap", {"sheet": replace(SHEET, caps={})}),
        ("risk.guard.equal", {"points": (FIRM,), "sheet": replace(SHEET, points={"firm": SheetPoint("data", 1)})}),
    ],
)
def test_each_guard_rail_before_publication(code, asked):
    found = before(**asked)
    assert refused(found) == [code]
    assert all(each.remedy.text for each in found)


def test_a_scored_point_that_no_scenario_depends_on_may_be_scored():
    assert refused(before(points=(FLOOR, SCORED))) == []


def test_two_price_criteria_cannot_both_bear_the_cost():
    twice = replace(tender(), criteria=(*tender().criteria, replace(tender().criteria[0], id="other")))
    assert refused(before_publication(twice, builders.clausier(FLOOR), SHEET, (), overridden=False)) == [
        "risk.criterion"
    ]


def test_the_sheet_is_published_and_still_the_same():
    assert refused(before_evaluation(None, SHEET)) == ["risk.guard.own_figure"]
    assert before_evaluation(SHEET, SHEET) == []
    other = replace(SHEET, caps={"lot-1": Decimal(400)})
    assert refused(before_evaluation(other, SHEET)) == ["risk.guard.frozen"]


# ------------------------------------------------------------------------------------------------------------- the marks
def marked(mark: PointMark | None, answer: Answer | None, journal: Journal | None = None):
    bid = builders.bid("A", **({"floor": answer} if answer else {}))
    marks = {} if mark is None else {(KEY, "floor"): [mark]}
    return of_marks([bid], marks, {"lot-1": ["floor"]}, journal or Journal())


MARK = builders.mark("A", "floor", "full")
YES, BLANK = Answer("floor", Declared.YES), Answer("floor", Declared.BLANK)


def test_an_answer_retained_with_its_reason():
    assert marked(MARK, YES) == []
    assert of_marks([builders.bid("A")], {}, {}, Journal()) == []


@pytest.mark.parametrize(
    ("mark", "answer"), [(None, YES), (replace(MARK, reason=" "), YES), (MARK, BLANK), (MARK, None)]
)
def test_no_mark_no_reason_or_a_blank_never_asked_about(mark, answer):
    assert refused(marked(mark, answer)) == ["risk.guard.retained"]


def test_a_blank_that_was_asked_about():
    when = datetime(2026, 9, 9, tzinfo=UTC)
    asked = Regularisation("A", "lot-1", "Répondre.", date(2026, 9, 3), when, points=("floor",))
    assert marked(MARK, BLANK, Journal(regularisations=(asked,))) == []
    elsewhere = replace(asked, lot="lot-2")
    assert refused(marked(MARK, BLANK, Journal(regularisations=(elsewhere,)))) == ["risk.guard.retained"]


# ------------------------------------------------------------------------------------------------------------ the result
def span(mean: str) -> Span:
    return Span(Decimal(mean), Decimal(mean) / 2, Decimal(mean) * 2)


def bid_cost(name: str = "A", mean: str = "100", added: str = "100", level: str = "0.5", **changes: object) -> BidCost:
    made = BidCost(
        BidKey(name, "lot-1"), span(mean), {"S01": span(mean)}, {"own": span(mean)}, {"backup": span(level)}, 1, 0, 0,
        added=Decimal(added),
    )  # fmt: skip
    return replace(made, **changes)


RANKS = Ranks((KEY,), (KEY,), (KEY,), (KEY,))
LOT = LotCost("lot-1", (bid_cost(),), Landmarks(span("1"), span("1"), span("1")), {}, ranks=RANKS, cap=Decimal(300))


@pytest.mark.parametrize(
    ("code", "lot"),
    [
        ("", LOT),
        ("", replace(LOT, costs=(bid_cost(mean="900", added="300"),))),
        ("risk.guard.gross", replace(LOT, costs=(bid_cost(heads={"fine": span("1")}),))),
        ("risk.guard.cap", replace(LOT, cap=None)),
        ("risk.guard.cap", replace(LOT, costs=(bid_cost(mean="900", added="400"),))),
        ("risk.guard.mean", replace(LOT, costs=(bid_cost(added="200"),))),
        ("risk.guard.ranks", replace(LOT, ranks=None)),
        ("risk.guard.equal", replace(LOT, costs=(bid_cost(), bid_cost("B", "120", "120")))),
        ("", replace(LOT, costs=(bid_cost(), bid_cost("B", "120", "120", "0.4")))),
    ],
)
def test_each_guard_rail_of_a_result(code, lot):
    cost = RiskCost((lot,), RiskUse.CRITERION, DIGEST, 32, 0, Decimal(1), Decimal(5))
    assert refused(of_result(cost)) == ([code] if code else [])


def test_ranks_tell_whether_the_winner_changes():
    other = BidKey("B", "lot-1")
    assert (RANKS.changes, RANKS.uncertain) == (False, False)
    assert replace(RANKS, without=(other, KEY)).changes
    assert replace(RANKS, high=(other, KEY)).uncertain


def test_the_rails_are_the_ten_of_the_model():
    assert [rail.number for rail in RAILS] == list(range(1, 11))
    assert len({rail.code for rail in RAILS}) == 10
    assert all(rail.title.fr and rail.title.en for rail in RAILS)


def test_a_lot_without_beneficiaries_needs_no_estimate():
    terms = replace(TERMS, beneficiaries=(replace(WHO, lots=("lot-1",)),))
    two = tender(terms, lots=(Lot("lot-1"), Lot("lot-2")))
    assert refused(before_publication(two, builders.clausier(FLOOR), SHEET, (), overridden=False)) == []
