"""A consultation read whole, from a folder or from values kept elsewhere: the same, and nothing stops at the first fault."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from egide import reference
from egide.desk import consultation, evaluation
from egide.desk.consultation import Consultation
from egide.errors import DataError
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.tender.evaluation import Status
from egide.tender.history import View
from egide.tender.procedure.journal import Candidacy

ROOT = Path(__file__).parents[2]
PACS, SOC = ROOT / "examples/pacs-ght", ROOT / "examples/soc-ght"


@pytest.fixture(scope="module")
def pacs() -> Consultation:
    return consultation.of_folder(PACS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACS, tmp_path / "pacs"))


def again(given: Consultation, **changed: object) -> Consultation:
    """Give the same consultation as values, as one that keeps it in rows would."""
    names = ("journal", "bids", "marks", "computed", "of_tender", "of_journal", "of_publication", "of_bids", "of_marks")
    parts = {name: getattr(given, name) for name in names} | changed
    return consultation.of_values(given.tender, given.whole, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", [PACS, SOC], ids=["pacs", "soc"])
def test_a_consultation_given_as_values_is_evaluated_as_its_folder(folder):
    given = consultation.of_folder(folder)
    made, found = evaluation.evaluated(folder)
    same, also_found = evaluation.of_consultation(replace(again(given), tenderers_in=given.tenderers_in))
    assert same.fingerprint == made.fingerprint
    assert same == made
    assert also_found == found
    assert made.status is Status.FINAL


def test_a_folder_before_any_bid_is_read_with_what_it_has(copy):
    for name in ("bids", "marks"):
        shutil.rmtree(copy / name)
    given = consultation.of_folder(copy)
    assert given.bids == ()
    assert given.marks.points == given.marks.notes == ()
    assert {each.code for each in given.of_bids} == {"bids.absent"}
    assert given.whole is reference.clausier()
    assert 0 < len(given.clausier.points) < len(given.whole.points)


def test_faults_of_several_files_are_all_told(copy):
    (copy / "journal.yaml").write_text("format: 1\nnonsense: true\n", encoding="utf-8")
    (copy / "marks/stranger.csv").write_text("a;b\n", encoding="utf-8")
    sheet = next(path for path in sorted((copy / "bids").rglob("*.xlsx")))
    sheet.write_bytes(b"PK\x03\x04broken")
    given = consultation.of_folder(copy)
    assert any(each.severity is Severity.ERROR for each in given.of_journal)
    assert "mark.stranger" in {each.code for each in given.of_marks}
    assert any(each.code.startswith("file.") and each.file.endswith(sheet.name) for each in given.of_bids)
    assert all(each in given.findings for each in (*given.of_journal, *given.of_marks))
    with pytest.raises(DataError) as refusal:
        evaluation.of_consultation(given)
    assert refusal.value.findings[: len(given.findings)] == given.findings


def test_an_unknown_clausier_is_refused_with_what_reading_the_tender_found(copy):
    path = copy / "tender.yaml"
    text = path.read_text(encoding="utf-8").replace("clausier: {id: egide}", "clausier: {id: other}")
    path.write_text(text.replace("siret: ", "siret: 1", 1), encoding="utf-8")
    found = read_tender(copy).findings
    assert [each.code for each in found] == ["tender.siret"]
    with pytest.raises(DataError) as refusal:
        consultation.of_folder(copy)
    assert [each.code for each in refusal.value.findings] == ["tender.siret", "tender.clausier"]


def test_who_is_no_longer_a_candidate_is_not_examined_but_its_bid_is_kept(pacs):
    out = pacs.bids[0].key.tenderer
    decision = Candidacy(out, admitted=False, on=pacs.tender.deadline.date())
    given = again(pacs, journal=replace(pacs.journal, candidacies=(decision,)))
    assert out in {bid.key.tenderer for bid in given.bids}
    bids, found = given.examined
    assert out not in {bid.key.tenderer for bid in bids}
    assert {each.code for each in found if each.tenderer == out} == {"bid.candidacy_refused"}
    made, _ = evaluation.of_consultation(given)
    assert out not in {row.key.tenderer for row in made.ranking}


def test_a_mark_changed_since_the_ranking_was_seen_is_told(pacs):
    made, _ = evaluation.of_consultation(pacs)
    mark = pacs.marks.points[0]
    other = next(level for level in ("full", "below") if level != mark.level)
    marks = replace(pacs.marks, points=(replace(mark, level=other), *pacs.marks.points[1:]))
    day = pacs.tender.deadline.date()
    changed, _ = evaluation.of_consultation(replace(pacs, marks=marks), View(day, made.marks, made.history))
    assert changed.history != made.history


def test_a_method_that_cannot_be_applied_is_refused_after_what_reading_found(pacs):
    criteria = tuple(replace(each, weight=each.weight + 1) for each in pacs.tender.criteria)
    with pytest.raises(DataError) as refusal:
        evaluation.of_consultation(replace(pacs, tender=replace(pacs.tender, criteria=criteria)))
    read = len(pacs.findings)
    assert refusal.value.findings[:read] == pacs.findings
    assert any(each.severity is Severity.ERROR for each in refusal.value.findings[read:])


def test_the_evaluation_of_another_consultation_is_refused(pacs):
    evaluation.same_consultation(pacs.tender, replace(pacs.tender, title="Autre titre"), "evaluation.json")
    with pytest.raises(DataError) as refusal:
        evaluation.same_consultation(pacs.tender, read_tender(SOC).tender, "evaluation.json")
    assert [each.code for each in refusal.value.findings] == ["evaluation.other"]
