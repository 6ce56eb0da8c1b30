"""The report shows what was agreed together and what changed after the ranking was seen, on its own lots only."""

from dataclasses import replace
from datetime import date

from builders import bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.clausier.model import AwardUse
from egide.report.papers.typography import printable
from egide.report.rao import history as rao_history
from egide.report.record import Record
from egide.report.view import View, view
from egide.tender import history
from egide.tender.evaluation import evaluate
from egide.tender.model import HARMONISED, Evaluator, Marks

BOTH = (Evaluator("rssi", "RSSI"), Evaluator("dpo", "DPO"))
TENDER = tender(price_and_technical(), evaluators=BOTH)
POINTS = clausier(point("P1", 0, AwardUse.MINIMUM))
TECHNICAL = (note("A", "70"), note("B", "60"))


def seen(given: Marks, before: Marks | None = None) -> View:
    last = history.View(date(2026, 9, 10), before) if before else None
    made = evaluate(TENDER, POINTS, rules(), [bid("A"), bid("B")], given, seen=last)
    return view(Record(made, (), "fr", date(2026, 9, 20)), printable)


def tables(shown: View) -> list[list[list[str]]]:
    flat = [inner for block in rao_history.history(shown) for inner in block.get("blocks", [block])]
    return [block["rows"] for block in flat if block["kind"] == "table"]


def test_nothing_is_said_when_nothing_was_agreed_nor_changed():
    assert rao_history.history(seen(marks(*TECHNICAL))) == []


def test_an_agreement_shows_what_each_retained_and_the_reason():
    agreed = replace(mark("A", "P1", "floor", HARMONISED), reason="Preuve partielle.")
    given = marks(mark("A", "P1", "full", "rssi"), mark("A", "P1", "below", "dpo"), agreed, *TECHNICAL)
    ((row,),) = tables(seen(given))
    assert row == ["Société A", "P1", "RSSI : Complet\nDPO : Insuffisant", "Plancher", "Preuve partielle."]


def test_a_change_shows_both_notes_and_both_reasons():
    later = replace(note("A", "40.5"), reason="La démonstration a échoué.")
    ((row,),) = tables(seen(marks(later, TECHNICAL[1]), marks(*TECHNICAL)))
    assert row == [
        "RSSI",
        "Société A",
        "technical",
        "70\n10/09/2026",
        "40,5",
        "La démonstration a échoué.",
        "Vu en page 3.",
    ]
