"""Each bid before the award: its class, its regularisation, its price; and the rules that the evaluation itself keeps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from builders import OLD, bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide import reference
from egide.clausier.model import AwardUse
from egide.errors import DataError
from egide.tender.evaluation import Status, evaluate
from egide.tender.history import View, since
from egide.tender.model import BidClass, BidKey, Criterion, Decision, Kind, Lot, Price, Procedure
from egide.tender.procedure.journal import Justification, Regularisation
from egide.tender.procedure.situation import Stage
from procedures import at, blocked_by, codes, evaluated, journal, situation, three

ASKED = date(2026, 9, 5)
ENDS = at(date(2026, 9, 12))


def decision(name: str, bid_class: BidClass, on: date = date(2026, 9, 15)) -> Decision:
    return Decision(BidKey(name, "lot-1"), bid_class, "la directrice", on, "Motif écrit.")


def decided(*decisions: Decision, **changes: object):
    buying = three(**changes)
    return {"buying": buying, "evaluation": evaluated(buying, *decisions)}


# ------------------------------------------------------------------------------------------------------------------ R25
SENT_ON = OLD


@pytest.mark.parametrize(
    ("lot", "wrong"),
    [
        ({"budget": Decimal(115), "budget_recorded_on": SENT_ON - timedelta(days=1)}, False),
        ({"budget": Decimal(115), "budget_recorded_on": SENT_ON}, True),
        ({"budget": Decimal(115)}, True),
        ({}, True),
        ({"budget": Decimal(120), "budget_recorded_on": SENT_ON - timedelta(days=1)}, True),
        ({"budget": Decimal("119.99"), "budget_recorded_on": SENT_ON - timedelta(days=1)}, False),
    ],
)
def test_r25_unacceptable_needs_credits_dated_before_the_launch_and_a_price_over_them(lot, wrong):
    where = decided(decision("C", BidClass.UNACCEPTABLE), lots=(Lot("lot-1", **lot),))
    assert codes(situation(**where)) == ({"unacceptable"} if wrong else set())
    before = replace(journal(), awards=(), proofs=(), sent=())
    assert blocked_by(situation(before, date(2026, 9, 16), **where), Stage.AWARD) == (("R25",) if wrong else ())


@pytest.mark.parametrize(
    ("sent_on", "announced", "wrong"),
    [
        (date(2024, 6, 11), False, False),
        (date(2024, 6, 12), False, True),
        (date(2024, 6, 12), True, False),
    ],
)
def test_r25_in_a_framework_the_credits_were_announced_since_12_june_2024(sent_on, announced, wrong):
    lot = Lot("lot-1", budget=Decimal(115), budget_recorded_on=date(2024, 1, 1), credits_announced=announced, maximum=Decimal(500))  # fmt: skip
    where = decided(decision("C", BidClass.UNACCEPTABLE), lots=(lot,), framework=True, sent_on=sent_on)
    assert ("unacceptable" in codes(situation(**where))) is wrong


def test_r25_a_bid_has_one_class():
    twice = decided(decision("C", BidClass.IRREGULAR), decision("C", BidClass.INAPPROPRIATE))
    assert codes(situation(**twice)) == {"two_classes"}
    assert codes(situation(**decided(decision("C", BidClass.IRREGULAR)))) == set()


# ------------------------------------------------------------------------------------------------------------------ R26
def asked(name: str = "B", **changes: object) -> Regularisation:
    given = Regularisation(name, "lot-1", "acte d'engagement non daté", ASKED, ENDS, answered_at=ENDS, accepted=True)
    return replace(given, **changes)  # type: ignore[arg-type]


PRICE_MOVED = {"price_before": Decimal(110), "price_after": Decimal(108)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"answered_at": ENDS + timedelta(seconds=1)}, {"regularised_late"}),
        ({"answered_at": None}, {"regularised_late"}),
        ({"answered_at": None, "accepted": False}, set()),
        ({"accepted": None}, {"undecided"}),
        (PRICE_MOVED, {"price_changed"}),
        ({**PRICE_MOVED, "accepted": False}, set()),
        ({**PRICE_MOVED, "material_error": "virgule du BPU, ligne 4"}, {"price_changed"}),
        ({**PRICE_MOVED, "material_error": "virgule du BPU, ligne 4", "decided_by": "la directrice"}, set()),
        ({**PRICE_MOVED, "price_after": Decimal("110.00")}, set()),
    ],
)
def test_r26_a_regularisation_keeps_the_price_and_its_deadline(changes, expected):
    assert codes(situation(journal(regularisations=(asked(**changes),)))) == expected


def test_r26_an_answer_is_awaited_until_its_deadline():
    waiting = journal(regularisations=(asked(answered_at=None, accepted=None),), awards=(), proofs=(), sent=())
    assert codes(situation(waiting, date(2026, 9, 12))) == set()
    assert codes(situation(waiting, date(2026, 9, 13))) == {"undecided"}


def test_r26_all_the_bids_concerned_are_asked_with_the_same_deadline():
    same = (asked("B"), asked("C"))
    assert codes(situation(journal(regularisations=same))) == set()
    longer = (asked("B"), asked("C", deadline=ENDS + timedelta(hours=1)))
    assert codes(situation(journal(regularisations=longer))) == {"deadlines_differ"}
    other_round = (asked("B"), asked("C", round=2, deadline=ENDS + timedelta(hours=1)))
    assert codes(situation(journal(regularisations=other_round))) == set()
    given = journal(regularisations=(asked("B"),))
    assert "not_asked" in codes(situation(given, **decided(decision("C", BidClass.IRREGULAR))))
    assert "not_asked" not in codes(situation(given, **decided(decision("C", BidClass.INAPPROPRIATE))))
    assert "not_asked" not in codes(situation(given, **decided(decision("B", BidClass.IRREGULAR))))


def test_r26_one_proposed_irregular_and_not_asked_holds_the_award_back():
    points = clausier(point("P1", use=AwardUse.MINIMUM_THEN_SCORED))
    criteria = (Criterion("price", Decimal(40), Kind.PRICE), Criterion("security", Decimal(60), Kind.CLAUSIER))
    buying = tender(criteria, "ABC")
    levels = marks(mark("A", "P1", "full"), mark("B", "P1", "full"), mark("C", "P1", "below"))
    made = evaluate(buying, points, rules(), [bid("A"), bid("B"), bid("C")], levels)
    before = {"awards": (), "proofs": (), "sent": ()}
    where = situation(journal(regularisations=(asked("B"),), **before), date(2026, 9, 16), buying, made)
    assert {"not_asked", "class_awaited"} <= codes(where)
    assert set(blocked_by(where, Stage.AWARD)) == {"R26", "R31"}
    alone = situation(journal(**before), date(2026, 9, 16), buying, made)
    assert blocked_by(alone, Stage.AWARD) == ("R31",)


@pytest.mark.parametrize(
    ("level", "decided_as", "held", "ranked"),
    [
        ("full", None, (), True),
        ("below", None, ("R31",), True),
        ("below", BidClass.REGULAR, (), True),
        ("below", BidClass.IRREGULAR, (), False),
    ],
)
def test_r31_under_a_minimum_irregularity_is_proposed_and_a_person_decides(level, decided_as, held, ranked):
    points = clausier(point("P1", use=AwardUse.MINIMUM_THEN_SCORED))
    criteria = (Criterion("price", Decimal(40), Kind.PRICE), Criterion("security", Decimal(60), Kind.CLAUSIER))
    buying = tender(criteria, "ABC")
    levels = marks(mark("A", "P1", "full"), mark("B", "P1", "floor"), mark("C", "P1", level))
    decisions = (decision("C", decided_as),) if decided_as else ()
    bids = [bid("A", "100"), bid("B", "110"), bid("C", "120")]
    made = evaluate(buying, points, rules(), bids, replace(levels, decisions=decisions))
    where = situation(journal(awards=(), proofs=(), sent=()), date(2026, 9, 16), buying, made)
    assert blocked_by(where, Stage.AWARD) == held
    (rank,) = [row.rank for row in made.ranking if row.key.tenderer == "C"]
    assert (rank is not None) is ranked


def test_r26_an_abnormally_low_bid_is_never_regularised():
    refused = Justification("B", "lot-1", ASKED, ENDS, answered_at=ENDS, analysis="Aucun coût expliqué.", accepted=False, decided_by="la directrice")  # fmt: skip
    given = journal(regularisations=(asked("B"),), justifications=(refused,))
    assert codes(situation(given)) == {"regularised_low"}
    low = evaluated(three(), prices={"B": "30"})
    assert "regularised_low" in codes(situation(journal(regularisations=(asked("B"),)), evaluation=low))
    settled = replace(refused, accepted=True)
    given = journal(regularisations=(asked("B"),), justifications=(settled,))
    assert "regularised_low" not in codes(situation(given, evaluation=low))


# ------------------------------------------------------------------------------------------------------------------ R27
def justification(**changes: object) -> Justification:
    given = Justification("B", "lot-1", ASKED, ENDS, answered_at=ENDS, analysis="Poste par poste.", accepted=False, decided_by="la directrice")  # fmt: skip
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "on", "expected"),
    [
        ({}, date(2026, 9, 13), set()),
        ({"answered_at": None}, date(2026, 9, 12), {"rejected_early"}),
        ({"answered_at": None}, date(2026, 9, 13), set()),
        ({"analysis": ""}, date(2026, 9, 13), {"rejected_unexplained"}),
        ({"decided_by": ""}, date(2026, 9, 13), {"rejected_unexplained"}),
        ({"accepted": None}, date(2026, 9, 12), set()),
        ({"accepted": None}, date(2026, 9, 13), {"undecided"}),
        ({"accepted": True}, date(2026, 9, 13), set()),
    ],
)
def test_r27_no_price_is_rejected_without_asking_waiting_and_analysing(changes, on, expected):
    given = journal(justifications=(justification(**changes),), awards=(), proofs=(), sent=())
    assert codes(situation(given, on)) == expected


def test_r27_a_price_that_looks_too_low_and_is_chosen_without_asking_is_a_doubt():
    low = evaluated(three(), prices={"A": "50"})
    assert codes(situation(evaluation=low)) == {"low_unasked"}
    asked_first = journal(justifications=(justification(tenderer="A", accepted=True),))
    assert codes(situation(asked_first, evaluation=low)) == set()


# ----------------------------------------------------------------------------------------------------------- R28, R31
@pytest.mark.parametrize(
    ("changes", "bid_class", "closed_on", "wrong"),
    [
        ({}, BidClass.IRREGULAR, None, False),
        ({"procedure": Procedure.DIALOGUE}, BidClass.IRREGULAR, None, True),
        ({"procedure": Procedure.DIALOGUE}, BidClass.IRREGULAR, date(2026, 9, 16), True),
        ({"procedure": Procedure.DIALOGUE}, BidClass.IRREGULAR, date(2026, 9, 15), False),
        ({"procedure": Procedure.DIALOGUE}, BidClass.INAPPROPRIATE, None, False),
        ({"procedure": Procedure.NEGOTIATED}, BidClass.IRREGULAR, None, True),
        ({"formalised": False, "negotiation": True}, BidClass.IRREGULAR, None, True),
        ({"formalised": False}, BidClass.IRREGULAR, None, False),
    ],
)
def test_r28_in_a_negotiation_or_a_dialogue_a_bid_is_eliminated_only_at_the_close(changes, bid_class, closed_on, wrong):
    where = decided(decision("C", bid_class), **changes)
    assert ("eliminated_early" in codes(situation(journal(closed_on=closed_on), **where))) is wrong
    assert "eliminated_early" not in codes(
        situation(journal(closed_on=closed_on), buying=where["buying"], unevaluated=True)
    )
    assert "eliminated_early" not in codes(situation(journal(closed_on=closed_on), date(2026, 9, 14), **where))


# ------------------------------------------------------------------------------------------------------------------ R36
def test_r36_a_zero_total_is_a_question_with_a_justification():
    buying = replace(three(), criteria=price_and_technical(formula="linear_min_max"))
    free = evaluated(buying, prices={"C": "0"})
    assert "zero_price" in codes(situation(buying=buying, evaluation=free))
    accepted = journal(justifications=(justification(tenderer="C", accepted=True),))
    assert "zero_price" not in codes(situation(accepted, buying=buying, evaluation=free))


@pytest.mark.parametrize("price", ["-1", None])
def test_r36_a_negative_or_missing_price_is_refused_with_a_message(price):
    with pytest.raises(DataError) as refusal:
        evaluate(tender(price_and_technical()), clausier(), rules(), [bid("A", price), bid("B")], marks(note("A", "50"), note("B", "50")))  # fmt: skip
    assert "price.missing" in {each.code for each in refusal.value.findings}


# ------------------------------------------------------------------------------- what the evaluation keeps by itself
def test_r29_zero_and_no_are_answers_and_blank_is_none():
    points = clausier(point("P1"))
    criteria = (Criterion("price", Decimal(40), Kind.PRICE), Criterion("security", Decimal(60), Kind.CLAUSIER))
    buying = tender(criteria)
    below = marks(mark("A", "P1", "below"), mark("B", "P1", "full"))
    said_no = evaluate(buying, points, rules(), [bid("A"), bid("B")], below)
    silent = evaluate(buying, points, rules(), [bid("A"), bid("B")], marks(mark("B", "P1", "full")))
    assert (said_no.status, silent.status) == (Status.FINAL, Status.PROVISIONAL)
    zero = evaluate(tender(price_and_technical()), clausier(), rules(), [bid("A"), bid("B")], marks(note("A", "0"), note("B", "1")))  # fmt: skip
    assert zero.status is Status.FINAL


def test_r33_a_mark_changed_after_the_ranking_was_seen_has_its_reason_and_both_are_kept():
    seen, after = View(date(2026, 9, 10), marks(note("A", "50"))), marks(note("A", "60"))
    kept, found = since(seen, after)
    assert [(each.before, each.after) for each in kept] == [("50", "60")]
    assert found
    said = replace(after, notes=(replace(after.notes[0], reason="Annexe 3 relue : le module est compris."),))
    assert since(seen, said)[1] == []


def totals(prices: dict[str, str], technical: dict[str, str], order: tuple[str, ...] = ()):
    buying = tender(price_and_technical(), "".join(prices))
    bids = [bid(name, prices[name]) for name in order or prices]
    given = marks(*(note(name, technical[name]) for name in order or prices))
    made = evaluate(buying, clausier(), rules(), bids, given)
    return {row.key.tenderer: (row.rank, row.total) for row in made.ranking}


def test_r34_nothing_is_rounded_before_the_ranking():
    made = totals({"A": "100", "B": "120", "C": "70"}, {"A": "70", "B": "78.5", "C": "30"})
    assert {name: str(total.quantize(Decimal("0.01"))) for name, (_, total) in made.items()} == {"A": "70.00", "B": "70.43", "C": "58.00"}  # fmt: skip
    close = totals({"A": "100", "B": "100.1"}, {"A": "50", "B": "50"})
    assert (close["A"][0], close["B"][0]) == (1, 2)


def test_r38_neither_the_order_of_entry_nor_the_unit_of_money_changes_the_ranking():
    prices, technical = {"A": "100", "B": "120", "C": "70"}, {"A": "70", "B": "78.5", "C": "30"}
    expected = totals(prices, technical)
    for order in permutations("ABC"):
        assert totals(prices, technical, order) == expected
    thousands = {name: str(Decimal(price) / 1000) for name, price in prices.items()}
    assert totals(thousands, technical) == expected


def test_r40_each_lot_has_its_own_ranking_and_no_mean_of_lots_is_made():
    buying = tender(price_and_technical(), "AB", lots=(Lot("lot-1"), Lot("lot-2")))
    prices = {("A", "lot-1"): "100", ("B", "lot-1"): "200", ("A", "lot-2"): "3000", ("B", "lot-2"): "1000"}
    bids = [
        replace(bid(name), key=BidKey(name, lot), price=Price(Decimal(price))) for (name, lot), price in prices.items()
    ]
    given = marks(*(replace(note(name, "50"), bid=BidKey(name, lot)) for name, lot in prices))
    made = evaluate(buying, clausier(), rules(), bids, given)
    assert [(row.key.lot, row.key.tenderer) for row in made.ranking if row.rank == 1] == [
        ("lot-1", "A"),
        ("lot-2", "B"),
    ]
    alone = evaluate(replace(buying, lots=(Lot("lot-1"),)), clausier(), rules(), bids[:2], marks(*given.notes[:2]))
    assert [row.total for row in alone.ranking] == [row.total for row in made.lot("lot-1")]


def test_r59_a_rule_not_in_force_says_nothing():
    where = situation(journal(justifications=(justification(analysis=""),)))
    without = replace(
        where, rules=replace(where.rules, rules=tuple(each for each in where.rules.rules if each.id != "R27"))
    )
    assert (codes(where), codes(without)) == ({"rejected_unexplained"}, set())
    assert {each.id for each in reference.rules().on(date(2025, 12, 31)).rules} == {each.id for each in reference.rules().on(OLD).rules} - {"R66"}  # fmt: skip
