"""A mark changed after the ranking was seen keeps both values and its reason; a round lowers nothing in silence."""

from dataclasses import replace
from datetime import date

import pytest

from builders import bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.finding import Severity
from egide.tender.evaluation import evaluate
from egide.tender.history import View, changes, lowered, since
from egide.tender.model import HARMONISED, Marks

DAY = date(2026, 9, 10)
POINTS = clausier(point("P1"))


def because(one: object, reason: str) -> object:
    return replace(one, reason=reason)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("before", "after", "made", "doubts"),
    [
        (note("A", "70"), note("A", "70"), 0, 0),
        (note("A", "70"), note("A", "75"), 1, 1),
        (note("A", "70"), because(note("A", "75"), "Erreur de lecture page 4."), 1, 0),
        (note("A", "70"), because(note("A", "75"), "  "), 1, 1),
        (note("A", "70"), None, 1, 1),
        (None, note("A", "70"), 0, 0),
        (mark("A", "P1", "full"), mark("A", "P1", "below"), 1, 1),
        (mark("A", "P1", "full"), because(mark("A", "P1", "below"), "Preuve absente à la relecture."), 1, 0),
        (mark("A", "P1", ""), mark("A", "P1", "full"), 0, 0),
    ],
)
def test_R33_a_change_needs_its_reason_and_both_are_kept(before, after, made, doubts):
    old, new = (marks(*([one] if one else [])) for one in (before, after))
    history, found = since(View(DAY, old), new)
    assert (len(history), len(found)) == (made, doubts)
    assert all((finding.code, finding.severity) == ("mark.changed", Severity.DOUBT) for finding in found)
    for change in history:
        assert (change.seen_on, change.reason_before) == (DAY, "Vu en page 3.")
        assert change.before


def test_R33_an_agreement_after_the_view_is_part_of_the_history():
    alone, agreed = note("A", "70"), because(note("A", "60", by=HARMONISED), "Lecture commune.")
    history, found = since(View(DAY, marks(alone)), marks(alone, agreed))
    assert [(change.evaluator, change.before, change.after) for change in history] == [(HARMONISED, "", "60")]
    assert found == []
    assert changes(Marks(), marks(agreed), DAY) == ()


def test_the_history_grows_from_view_to_view_and_the_doubt_stays_until_the_reason_is_written():
    first, silent = marks(note("A", "70")), marks(note("A", "75"))
    history, found = since(View(DAY, first), silent)
    assert len(found) == 1
    again, found = since(View(DAY, silent, history), silent)
    assert (again, len(found)) == (history, 1)
    said = marks(because(note("A", "75"), "Relu."))
    explained, found = since(View(DAY, silent, history), said)
    assert ([change.reason for change in explained], found) == (["Relu."], [])
    assert since(None, said) == ((), [])


def test_what_was_taken_away_may_be_put_back_as_it_was():
    first = marks(note("A", "70"))
    history, found = since(View(DAY, first), Marks())
    assert [finding.read for finding in found] == ["70 → "]
    assert since(View(DAY, Marks(), history), first) == ((), [])
    otherwise, found = since(View(DAY, Marks(), history), marks(note("A", "71")))
    assert (otherwise, len(found)) == (history, 1)


def test_R33_an_evaluation_keeps_both_marks_and_asks_for_the_reason():
    consultation, bids = tender(price_and_technical()), [bid("A"), bid("B")]
    seen = View(DAY, marks(note("A", "70"), note("B", "60")))
    silent = evaluate(consultation, clausier(), rules(), bids, marks(note("A", "40"), note("B", "60")), seen=seen)
    assert [finding.code for finding in silent.findings] == ["mark.changed"]
    said = marks(because(note("A", "40"), "La démonstration du 9 a échoué."), note("B", "60"))
    kept = evaluate(consultation, clausier(), rules(), bids, said, seen=seen)
    assert [(change.before, change.after) for change in kept.history] == [("70", "40")]
    assert kept.findings == ()


def second_round(one: object) -> object:
    return replace(one, bid=replace(one.bid, round=2))  # type: ignore[attr-defined, type-var]


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (note("A", "70"), note("A", "60"), True),
        (note("A", "70"), because(note("A", "60"), "Le délai de reprise passe de 4 à 8 h."), False),
        (note("A", "70"), note("A", "80"), False),
        (mark("A", "P1", "full"), mark("A", "P1", "floor"), True),
        (mark("A", "P1", "floor"), mark("A", "P1", "full"), False),
        (mark("A", "P1", "floor"), mark("A", "P1", "irregular"), True),
        (note("B", "70"), note("A", "60"), False),
    ],
)
def test_a_round_that_lowers_a_mark_says_why(first, second, refused):
    found = lowered(marks(first, second_round(second)), POINTS)
    assert [finding.code for finding in found] == (["mark.lowered"] if refused else [])
