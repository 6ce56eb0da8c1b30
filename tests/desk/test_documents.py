"""Documents as bytes: those of a tender, of its trials, of its evaluation and of its record are those that commands write."""

import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from egide import report
from egide.desk import consultation, documents, evaluation, procedure
from egide.desk.bench import tried
from egide.desk.consultation import Consultation
from egide.desk.robustness import noted
from egide.errors import DataError
from egide.exchange.journal_file import read_journal
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import record, record_write
from egide.report.record import Record
from egide.tender.evaluation import Evaluation
from egide.tender.trial.law import Law
from egide.tender.trial.robustness import Doubt

ROOT = Path(__file__).parents[2]
PACS, SOC = ROOT / "examples/pacs-ght", ROOT / "examples/soc-ght"
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def pacs() -> Consultation:
    return consultation.of_folder(PACS)


@pytest.fixture(scope="module")
def soc() -> Evaluation:
    return evaluation.evaluated(SOC)[0]


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_tender_documents_from_values_are_those_of_the_folder(pacs):
    made = documents.documents(documents.of_folder(PACS), "fr")
    same = documents.documents(documents.of_tender(pacs.tender, pacs.whole, findings=pacs.of_tender), "fr")
    assert made == same
    assert json.loads(made.files[documents.PUBLICATION])["digest"] == made.digest
    assert {"1-reglement-consultation.docx", "5-cadre-de-reponse.xlsx", documents.CLAUSIER} <= set(made.files)
    assert set(made.left) <= {name.rpartition(".")[0] for name in made.files}
    assert all(made.left.values())


def test_documents_of_a_purchase_freeze_nothing(pacs):
    made = documents.documents(documents.Asked(None, pacs.clausier, {}, DAY), "en")
    assert made.digest == ""
    assert not {documents.PUBLICATION, documents.CLAUSIER} & set(made.files)


def test_a_tender_that_breaks_a_rule_is_not_published(pacs):
    criteria = (replace(pacs.tender.criteria[0], weight=Decimal(99)), *pacs.tender.criteria[1:])
    broken = replace(pacs.tender, criteria=criteria)
    with pytest.raises(DataError) as refusal:
        documents.of_tender(broken)
    codes = {each.code for each in refusal.value.findings}
    assert codes <= {each.code for each in documents.before_publication(broken)}


def test_the_same_finding_is_told_once(pacs):
    said = message("SIRET douteux")
    doubt = Finding("tender.siret", Severity.DOUBT, said, said, "tender.yaml", "buyer.siret")
    alone = documents.of_tender(pacs.tender, findings=(doubt,))
    twice = documents.of_tender(pacs.tender, findings=(doubt, replace(doubt, read="1")))
    assert doubt in alone.findings
    assert twice == alone


def test_each_lot_that_asks_its_own_points_or_prices_has_its_own_sheets():
    top = read_tender(SOC)
    lots = [lot.id for lot in top.tender.lots]
    made = documents.documents(documents.of_tender(top.tender, top.enclosed), "fr")
    assert {f"5-cadre-de-reponse-{lot}.xlsx" for lot in lots} <= set(made.files)
    assert {name for name in made.files if name.startswith("6-")} == {
        f"6-cadre-de-prix-{lot}.xlsx" for lot in lots if top.tender.schedule.of_lot(lot)
    }


def test_what_stands_against_publishing_follows_the_day_and_needs_no_tenderer(pacs):
    found = documents.before_publication(replace(pacs.tender, tenderers=()))
    assert not any(each.code == "tender.tenderers" for each in found)
    sooner = documents.before_publication(pacs.tender, on=pacs.tender.deadline.date())
    assert [each.code for each in sooner] != [each.code for each in documents.before_publication(pacs.tender)]


def test_a_bench_and_a_note_are_the_same_twice_and_say_their_seed(pacs, soc):
    law = Law(tenders=50)
    given = pacs.tender, pacs.clausier, pacs.rules, law
    made = tried(*given, language="fr", on=DAY, seed=7)
    assert made.files == tried(*given, language="fr", on=DAY, seed=7).files
    assert [json.loads(each)["seed"] for name, each in made.files.items() if name.endswith(".json")] == [7]
    assert {name.rpartition(".")[2] for name in made.files} == {"pdf", "docx", "json"}
    assert "Verdict" in made.verdict.text
    seen: list[tuple[int, int]] = []
    note = noted(soc, Doubt(20), language="fr", on=DAY, seed=7, progress=lambda *each: seen.append(each))
    assert note.files == noted(soc, Doubt(20), language="fr", on=DAY, seed=7).files
    assert len(note.short) == len(soc.tender.lots)
    assert seen


def test_a_law_without_meaning_is_refused(pacs):
    with pytest.raises(DataError):
        tried(pacs.tender, pacs.clausier, pacs.rules, Law(tenders=0), language="fr", on=DAY)


def test_the_documents_of_an_evaluation_are_those_that_are_written(soc, tmp_path):
    kept = Record(soc, soc.findings, "fr", DAY, 3)
    made = report.documents(kept)
    report.write_record(kept, tmp_path)
    assert made == files(tmp_path)
    assert {report.RAO, report.RAO_DOCX, report.MATRIX, report.JSON} <= set(made)


def test_the_papers_of_a_record_are_the_same_from_the_folder_and_from_values(soc, tmp_path):
    top = read_tender(SOC)
    journal, found = read_journal(SOC, top.tender)
    of_folder = procedure.papers_of_folder(SOC, "fr")
    day = procedure.last_day(journal, top.tender.deadline.date())
    of_values = procedure.papers(top.tender, journal, soc, "fr", day, [*top.findings, *found])
    assert of_values.letters == of_folder.letters
    assert of_values.procedure == of_folder.procedure
    made, said = record_write.contents(of_values.procedure, of_values.letters[:2], of_values.findings)
    report.write_procedure(of_folder.procedure, of_folder.letters[:2], of_folder.findings, tmp_path)
    assert made == files(tmp_path)
    assert said == []


def test_before_any_bid_a_procedure_has_no_evaluation_and_one_that_cannot_be_made_is_said(tmp_path):
    folder = Path(shutil.copytree(PACS, tmp_path / "pacs"))
    (folder / "marks/stranger.csv").write_text("a;b\n", encoding="utf-8")
    situation, found = procedure.opened(folder, DAY)
    assert situation.evaluation is None
    assert [each.code for each in found] == ["record.evaluation"]
    papers = procedure.papers_of_folder(folder, "fr")
    assert "mark.stranger" in {each.code for each in papers.findings}
    shutil.rmtree(folder / "bids")
    situation, found = procedure.opened(folder, DAY)
    assert (situation.evaluation, found) == (None, [])
    assert procedure.papers_of_folder(folder, "fr").procedure.evaluation is None


def test_a_procedure_is_evaluated_when_nothing_is_kept_and_a_broken_journal_stops_its_papers(soc, tmp_path):
    assert procedure.opened(SOC, date(2027, 2, 1))[0].evaluation == soc
    folder = Path(shutil.copytree(SOC, tmp_path / "soc"))
    (folder / "journal.yaml").write_text("format: 1\nnonsense: true\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        procedure.papers_of_folder(folder, "fr")
    assert {each.file for each in refusal.value.findings} == {"journal.yaml"}


def test_a_procedure_goes_by_the_evaluation_kept_and_says_when_the_tender_changed_since(soc, tmp_path):
    kept = tmp_path / report.JSON
    kept.write_text(record.text(Record(soc, (), "fr", DAY)), encoding="utf-8")
    situation, found = procedure.opened(SOC, date(2027, 2, 1), kept)
    assert situation.evaluation == replace(soc, findings=())
    assert not any(each.code == "record.evaluation" for each in found)
    with pytest.raises(DataError) as refusal:
        procedure.opened(PACS, date(2027, 2, 1), kept)
    assert [each.code for each in refusal.value.findings] == ["evaluation.other"]
    older = replace(soc, tender=replace(soc.tender, reference="ancienne"))
    kept.write_text(record.text(Record(older, (), "fr", DAY)), encoding="utf-8")
    papers = procedure.papers_of_folder(SOC, "fr", kept=kept)
    assert "record.evaluation" in {each.code for each in papers.findings}
