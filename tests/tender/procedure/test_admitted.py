"""The bids of a refused candidacy are left out, on the lots of the refusal only."""

from dataclasses import replace
from datetime import date

import pytest

from builders import bid
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.procedure.admitted import examined, refused
from egide.tender.procedure.journal import Candidacy, Journal

DAY = date(2026, 11, 2)
REFUSED = Candidacy("A", admitted=False, on=DAY, reason="sans capacité")


@pytest.mark.parametrize(
    ("candidacies", "expected"),
    [
        ((), False),
        ((REFUSED,), True),
        ((replace(REFUSED, tenderer="B"),), False),
        ((replace(REFUSED, lots=("lot-1",)),), True),
        ((replace(REFUSED, lots=("lot-2",)),), False),
        ((REFUSED, replace(REFUSED, admitted=True)), False),
        ((replace(REFUSED, admitted=True), REFUSED), True),
    ],
)
def test_the_last_decision_on_a_lot_counts(candidacies: tuple[Candidacy, ...], expected: bool) -> None:
    assert refused(Journal(candidacies=candidacies), "A", "lot-1") is expected


def test_a_refused_candidacy_leaves_its_bids_and_what_was_read_of_them() -> None:
    both = replace(bid("A", "1"), key=replace(bid("A", "1").key, lot="lot-2"))
    doubt = Finding("x", Severity.DOUBT, message("doute"), message("rien"), tenderer="A")
    other = replace(doubt, tenderer="B")
    given = (bid("A", "1"), both, bid("B", "2"))
    kept, found = examined(given, [doubt, other], Journal(candidacies=(replace(REFUSED, lots=("lot-1",)),)))
    assert [(each.key.tenderer, each.key.lot) for each in kept] == [("A", "lot-2"), ("B", "lot-1")]
    assert [(each.code, each.place) for each in found] == [("x", ""), ("x", ""), ("bid.candidacy_refused", "A, lot-1")]
    kept, found = examined(given, [doubt, other], Journal(candidacies=(REFUSED,)))
    assert [each.key.tenderer for each in kept] == ["B"]
    assert [(each.code, each.tenderer) for each in found] == [
        ("x", "B"),
        ("bid.candidacy_refused", "A"),
        ("bid.candidacy_refused", "A"),
    ]
    assert examined(given, [doubt], Journal()) == (given, [doubt])
