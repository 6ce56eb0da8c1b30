"""What screens show of a result: said in both languages at once, the sums those of the report."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.report import summary as made
from egide.report.summary import BID, PICTURES, THEME, both, spoken, summary
from egide.tender.evaluation import Status
from report import consultations

FINAL = consultations.record(4, exclude=True)
PROVISIONAL = consultations.record(3, exclude=False, provisional=True)


def plain_data() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=3, max_size=5), inner, max_size=3))  # fmt: skip


@given(plain_data(), st.text(max_size=5), st.text(max_size=5))
def test_what_was_said_in_two_languages_is_given_back_in_each(data: Any, french: str, english: str) -> None:
    known = both({"data": data, "said": [french]}, {"data": data, "said": [english]})
    assert spoken(known, "fr") == {"data": data, "said": [french]}
    assert spoken(known, "en") == {"data": data, "said": [english]}


@pytest.mark.parametrize("record", [FINAL, PROVISIONAL], ids=["final", "provisional"])
def test_the_ranking_is_that_of_the_evaluation(record: Any) -> None:
    kept = summary(record)
    for lot in kept.data["lots"]:
        rows = record.evaluation.lot(lot["id"])
        assert [(each["tenderer"], each["rank"], each["missing"]) for each in lot["bids"]] == [
            (row.key.tenderer, row.rank, row.missing) for row in rows
        ]
        for each, row in zip(lot["bids"], rows, strict=True):
            assert each["excluded"] == (row.rank is None)
            if each["total"]:
                assert number(spoken(each, "en")["total"]) == row.total.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def parts(record: Any, kind: str) -> list[Mapping[str, Any]]:
    return [spoken(each.data, "en") for each in summary(record).parts if each.kind == kind]


@pytest.mark.parametrize("record", [FINAL, PROVISIONAL], ids=["final", "provisional"])
def test_points_won_by_theme_add_up_to_the_criterion_of_the_points(record: Any) -> None:
    fed = next(each.id for each in record.evaluation.tender.criteria if each.kind == "clausier")
    for bid in parts(record, BID):
        if not bid["criteria"]:
            continue
        whole = next(each for each in bid["criteria"] if each["id"] == fed)
        won = sum(number(each["won"]) for each in bid["themes"] if each["won"])
        lost = sum(number(each["lost"]) for each in bid["themes"] if each["lost"])
        off = Decimal("0.005") * 2 * len(bid["themes"])
        assert abs(won - number(whole["points"])) <= off
        assert abs(lost - number(whole["lost"])) <= off


def test_a_final_result_awaits_nothing_a_provisional_one_says_what() -> None:
    assert FINAL.evaluation.status is Status.FINAL
    assert not any(each["waiting"] for each in [summary(FINAL).data, *summary(FINAL).data["lots"]])
    data = summary(PROVISIONAL).data
    groups = [*data["waiting"], *(each for lot in data["lots"] for each in lot["waiting"])]
    assert "bid.awaited" in {each["code"] for each in groups}
    assert all(0 < len(each["said"]) <= each["count"] for each in groups)


def test_every_bid_and_every_theme_has_its_part_and_every_lot_its_pictures() -> None:
    kept = summary(FINAL)
    names = {(each.kind, each.lot, each.name) for each in kept.parts}
    for lot in kept.data["lots"]:
        assert {(BID, lot["id"], str(each["place"])) for each in lot["bids"]} <= names
        assert {(THEME, lot["id"], each["id"]) for each in lot["themes"]} <= names
        assert (PICTURES, lot["id"], "") in names
    assert len(names) == len(kept.parts)


def test_a_level_awaited_is_said_with_what_counts_meanwhile() -> None:
    cells = [cell for theme in parts(PROVISIONAL, THEME) for bid in theme["bids"] for cell in bid["cells"]]
    awaited = [each for each in cells if each["grade"] == "missing" and not each["marks"]]
    assert awaited
    assert all(each["word"] == "awaited" for each in awaited)
    assert any(each["meanwhile"].startswith("counted: ") for each in awaited)


def test_the_same_record_gives_the_same_data_whatever_its_language() -> None:
    from dataclasses import replace

    assert summary(FINAL) == summary(replace(FINAL, language="en"))


def test_only_so_many_findings_are_kept_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "MOST", 1)
    data = summary(PROVISIONAL).data
    groups = [each for lot in data["lots"] for each in lot["waiting"]]
    assert all(len(each["said"]) == 1 for each in groups)
    assert any(each["count"] > 1 for each in groups)
