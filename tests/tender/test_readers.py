"""Who may mark: conflicts keep a person away from a lot, and marks stay hidden until all who read have given theirs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders import bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.tender.evaluation import Status, evaluate
from egide.tender.model import HARMONISED, Criterion, Evaluator, Kind, Marks
from egide.tender.procedure.journal import Declaration
from egide.tender.readers import countable, may_read

POINTS = clausier(point("P1"))
BOTH = (Evaluator("rssi"), Evaluator("dpo"))
CRITERIA = (
    Criterion("price", Decimal(40), Kind.PRICE),
    Criterion("security", Decimal(30), Kind.CLAUSIER),
    Criterion("use", Decimal(30), Kind.MARKED),
)
DOUBLE = tender(CRITERIA, evaluators=BOTH, double_reading=True)


USE = {"A": "80", "B": "70"}


def declared(*conflicts: str, lots: tuple[str, ...] = ()) -> tuple[Declaration, ...]:
    return tuple(
        Declaration(each.id, date(2026, 8, 1), each.id in conflicts, lots, "ancien employeur") for each in BOTH
    )


def given(*by: str, **changes: object) -> Marks:
    every = [
        one for who in by for name in "AB" for one in (mark(name, "P1", "full", who), note(name, USE[name], "use", who))
    ]
    return replace(marks(*every), **changes)


def codes(found: object) -> list[str]:
    return [finding.code for finding in found]


def test_R32_a_declared_conflict_keeps_the_marks_of_that_lot_out():
    known = given("rssi", "dpo", declarations=declared("dpo"))
    kept, found = countable(replace(DOUBLE, double_reading=False), POINTS, known)
    assert {each.evaluator for each in (*kept.points, *kept.notes)} == {"rssi"}
    assert codes(found) == ["mark.conflict"]
    assert found[0].understood.values["count"] == 4
    elsewhere = given("rssi", "dpo", declarations=declared("dpo", lots=("lot-2",)))
    assert countable(DOUBLE, POINTS, elsewhere)[0].points == elsewhere.points


def test_R32_access_needs_a_declaration_without_conflict():
    known = Marks(declarations=declared("dpo"))
    assert may_read(DOUBLE, known, "rssi", "lot-1")
    assert not may_read(DOUBLE, known, "dpo", "lot-1")
    assert not may_read(DOUBLE, Marks(), "rssi", "lot-1")


def test_R32_who_marks_without_declaring_is_named():
    known = given("rssi", "dpo", declarations=declared()[:1])
    assert codes(countable(DOUBLE, POINTS, known)[1]) == ["mark.undeclared"]
    assert countable(DOUBLE, POINTS, given("rssi", "dpo"))[1] == []


@pytest.mark.parametrize(("by", "shown"), [(("rssi",), 0), (("rssi", "dpo"), 4), (("rssi", HARMONISED), 4)])
def test_R32_marks_stay_hidden_until_all_are_in(by, shown):
    kept, found = countable(DOUBLE, POINTS, given(*by))
    assert len(kept.points) == shown
    assert len(kept.notes) == shown
    assert codes(found) == ([] if shown else ["mark.awaited"])


def test_a_reader_in_conflict_is_not_awaited():
    known = given("rssi", declarations=declared("dpo"))
    assert len(countable(DOUBLE, POINTS, known)[0].points) == 2


def test_the_result_is_provisional_and_shows_nothing_while_marks_are_awaited():
    bids = [bid("A"), bid("B")]
    half = evaluate(DOUBLE, POINTS, rules(), bids, given("rssi"))
    assert half.status is Status.PROVISIONAL
    assert half.marks.points == ()
    assert evaluate(DOUBLE, POINTS, rules(), bids, given("rssi", "dpo")).status is Status.FINAL


def test_one_reading_is_enough_unless_two_are_published():
    simple = tender(price_and_technical(), evaluators=BOTH)
    one = marks(note("A", "70"), note("B", "60"))
    assert evaluate(simple, clausier(), rules(), [bid("A"), bid("B")], one).status is Status.FINAL
