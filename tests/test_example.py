"""The shipped example: the main job gives its known conclusion, and each mess that its README describes is found."""

import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from egide.desk.evaluation import evaluated
from egide.finding import Finding, Severity
from egide.tender.evaluation import Evaluation, Row, Status, evaluate
from egide.tender.model import Answer, BidClass, Condition, Declared

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "pacs-ght"
Result = tuple[Evaluation, list[Finding]]


@pytest.fixture(scope="module")
def result() -> Result:
    return evaluated(EXAMPLE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "pacs-ght"))


def messes() -> Iterator[tuple[str, ...]]:
    """Read the table of the README: bid, place, point, what the cell holds, code."""
    table = (EXAMPLE / "README.md").read_text(encoding="utf-8").split("## Chaque désordre")[1]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    for row in rows:
        yield tuple(cell.strip() for cell in row.strip("|").split("|"))


def standing(rows: tuple[Row, ...]) -> list[tuple[str, int | None, Decimal]]:
    return [(row.key.tenderer, row.rank, row.total) for row in rows]


def test_the_result_is_final_and_the_cheapest_is_not_first(result: Result) -> None:
    evaluation, found = result
    assert evaluation.status is Status.FINAL
    assert [(row.key.tenderer, row.rank) for row in evaluation.ranking] == [
        ("kerzanne", 1),
        ("nuebrume", 2),
        ("valtorrel", 3),
        ("tarquembe", None),
    ]
    assert evaluation.ranking[-1].bid_class is BidClass.IRREGULAR
    assert not [finding for finding in found if finding.severity is Severity.ERROR]
    ranked = [row for row in evaluation.ranking if row.rank]
    assert ranked[0].price == max(row.price for row in ranked if row.price)
    assert 1 < ranked[0].total - ranked[-1].total < 10


def test_the_readme_says_the_totals_of_the_result(result: Result) -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    for row in result[0].ranking:
        if row.rank:
            assert f"| {row.total:.2f} |".replace(".", ",") in readme


@pytest.mark.parametrize(("bid", "place", "point", "holds", "code"), list(messes()))
def test_each_mess_gives_its_finding_at_its_place(
    result: Result, bid: str, place: str, point: str, holds: str, code: str
) -> None:
    here = [(each.code, each.point) for each in result[1] if each.tenderer == bid and each.place == place]
    assert (code, point) in here


def test_each_kind_of_doubt_is_described(result: Result) -> None:
    described = {mess[4] for mess in messes()}
    doubts = {each.code for each in result[1] if each.severity is Severity.DOUBT}
    assert doubts - described <= {"answer.no_document"}


def test_a_neat_questionnaire_gives_no_doubt(result: Result) -> None:
    evaluation, found = result
    assert {each.severity for each in found if each.tenderer == "kerzanne"} == {Severity.NOTE}
    answers = next(bid for bid in evaluation.bids if bid.key.tenderer == "kerzanne").answers
    assert set(evaluation.clausier.points) == set(answers)
    assert not [answer for answer in answers.values() if answer.declared is Declared.BLANK]


def test_declared_answers_alone_never_change_the_ranking(result: Result) -> None:
    evaluation = result[0]
    chance = random.Random(1)  # noqa: S311
    for _ in range(20):
        bids = [
            replace(
                bid,
                answers={
                    point: Answer(point, chance.choice(list(Declared)), chance.choice(list(Condition)))
                    for point in evaluation.clausier.points
                },
            )
            for bid in evaluation.bids
        ]
        again = evaluate(evaluation.tender, evaluation.clausier, evaluation.rules, bids, evaluation.marks)
        assert again.status is Status.FINAL
        assert again.ranking == evaluation.ranking


def test_other_questionnaires_leave_the_ranking(copy: Path, result: Result) -> None:
    answers = copy / "bids/valtorrel/lot-1/réponses DPO.csv"
    answers.write_bytes(answers.read_bytes().replace(b";Oui;", b";Non;"))
    (copy / "bids/nuebrume/lot-1/reponse-clausier.docx").unlink()
    evaluation, _ = evaluated(copy)
    assert standing(evaluation.ranking) == standing(result[0].ranking)
    assert evaluation.fingerprint != result[0].fingerprint


def test_without_a_decision_the_result_is_provisional(copy: Path) -> None:
    (copy / "marks/decisions.csv").unlink()
    evaluation, _ = evaluated(copy)
    assert evaluation.status is Status.PROVISIONAL
    classes = {row.key.tenderer: row.bid_class for row in evaluation.ranking}
    assert classes["tarquembe"] is BidClass.IRREGULAR_PROPOSED


def test_without_harmonisation_a_disagreement_holds_the_result(copy: Path) -> None:
    (copy / "marks/harmonisation.csv").unlink()
    evaluation, found = evaluated(copy)
    assert evaluation.status is Status.PROVISIONAL
    assert {each.point for each in found if each.code == "mark.disagreement"} == {"EG-072", "EG-096"}


def test_marks_are_motivated_and_mostly_by_hand_where_bids_differ(result: Result) -> None:
    marks = result[0].marks
    assert all(mark.reason for mark in (*marks.points, *marks.notes))
    by_hand = yaml.safe_load((ROOT / "tools/example_pacs.yaml").read_text(encoding="utf-8"))["marks"]
    reasons = {mark.reason for mark in marks.points}
    written = [reason for given in by_hand.values() for _, reason in given.values()]
    assert len(written) > 100
    assert reasons >= set(written)
    assert {(mark.bid.tenderer, mark.point, mark.na) for mark in marks.points if mark.na} == {
        ("nuebrume", "EG-023", "accepted"),
        ("nuebrume", "EG-085", "refused"),
    }


def test_all_is_said_to_be_fictitious_and_small(result: Result) -> None:
    tender = result[0].tender
    assert "fictif" in tender.buyer.name
    assert all("fictif" in tenderer.name for tenderer in tender.tenderers)
    assert sum(path.stat().st_size for path in EXAMPLE.rglob("*") if path.is_file()) < 1_500_000


@pytest.mark.office
@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_example_can_be_rebuilt(copy: Path, result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.delitem(sys.modules, "example_pacs", raising=False)
    import example_pacs

    example_pacs.build(copy)
    evaluation, _ = evaluated(copy)
    assert standing(evaluation.ranking) == standing(result[0].ranking)
