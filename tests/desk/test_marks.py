"""The files in which people mark outside of a page, for one evaluator at a time."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import builders
from egide.desk import marks
from egide.tender.model import Evaluator, Lot, Marks
from egide.tender.procedure.journal import Declaration

CLAUSIER = builders.clausier(builders.point("P1"))
RSSI, DPO = Evaluator("rssi", "RSSI"), Evaluator("dpo", "DPO")
TENDER = builders.tender(builders.price_and_technical(), lots=(Lot("lot-1"), Lot("lot-2")), evaluators=(RSSI, DPO))
FIRST = builders.bid("A")
SECOND = replace(FIRST, key=replace(FIRST.key, round=2))


def declared(*lots: str, conflict: bool = True) -> Marks:
    return Marks(declarations=(Declaration("rssi", date(2026, 9, 2), conflict, lots),))


def test_one_workbook_a_round_of_that_evaluator_only():
    given = declared(conflict=False)
    made = marks.workbooks(TENDER, CLAUSIER, RSSI, (FIRST, SECOND), (), given, "fr")
    assert list(made) == ["rssi.xlsx", "rssi@tour-2.xlsx"]
    assert all(zipfile.is_zipfile(BytesIO(content)) for content in made.values())
    assert made == marks.workbooks(TENDER, CLAUSIER, RSSI, (FIRST, SECOND), (), given, "fr"), "same inputs, same bytes"


def test_no_workbook_for_who_may_not_read():
    assert marks.workbooks(TENDER, CLAUSIER, RSSI, (FIRST,), (), declared("lot-1"), "fr") == {}
    assert marks.workbooks(TENDER, CLAUSIER, DPO, (FIRST,), (), declared(conflict=False), "fr") == {}, "not declared"


def test_the_tables_to_fill():
    lines = marks.declarations(TENDER, "fr").decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Évaluateur", "rssi", "dpo"]
    assert marks.decisions(TENDER, CLAUSIER, "en").decode("utf-8-sig").startswith("Tenderer;Lot;")
