"""The cost of risk on paper and on screens: what the evaluation kept, in words; nothing is computed on the way."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from egide.desk import evaluation as desk
from egide.report import risk_cost
from egide.report.papers.typography import plain_text
from egide.report.record import Record
from egide.report.summary import RISK, spoken, summary
from egide.report.view import view
from egide.tender.risk_cost import Ranks
from egide.tender.risk_terms import RiskUse

EXAMPLE = Path(__file__).parents[2] / "examples" / "pacs-ght"
DAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def record():
    """The evaluation of the example of an imaging service."""
    made, found = desk.evaluated(EXAMPLE)
    return Record(made, tuple(found), "fr", DAY, 0)


@pytest.fixture
def cost(record):
    """The costs of its only lot."""
    return record.evaluation.risk.lots[0]


def text(pdf: bytes) -> str:
    """Return the words of a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_explanation_is_of_two_pages_and_names_each_bid(record):
    files = risk_cost.files(record)
    assert set(files) == {"cout-du-risque.pdf", "cout-du-risque.docx"}
    assert len(PdfReader(io.BytesIO(files["cout-du-risque.pdf"])).pages) == 2
    said = text(files["cout-du-risque.pdf"])
    for each in record.evaluation.tender.tenderers:
        assert each.name.split(" (")[0] in said
    assert "aucune note, aucun rang n’en dépend" in said
    assert "due à" not in said
    assert record.evaluation.risk.library[:16] in said.replace("\u200b", "")


def test_both_files_say_the_same_and_always_the_same(record):
    files = risk_cost.files(record)
    assert files == risk_cost.files(record)
    paper = Document(io.BytesIO(files["cout-du-risque.docx"]))
    written = {bare(cell.text) for table in paper.tables for row in table.rows for cell in row.cells}
    printed = bare(text(files["cout-du-risque.pdf"]))
    told = risk_cost.of_lot(view(record, plain_text), record.evaluation.tender.lots[0])
    for cell in [cell for bid in told.bids for row in (*told.shares(bid), *told.rows()) for cell in row]:
        assert bare(cell) in printed
        assert bare(cell) in written


def bare(said: str) -> str:
    """Return a text without spaces nor hyphens, which lines add."""
    return re.sub(r"[\s\u200b\u2010\u00ad-]", "", said)


def test_english_has_no_french_left(record):
    said = text(risk_cost.files(replace(record, language="en"))["cout-du-risque.pdf"])
    assert "Share attributed to" in said
    assert not re.search(r"\b(offre|écart|coût|risque|neuf)\b", said.replace(record.evaluation.tender.title, ""), re.I)


def test_what_is_shown_adds_up(record, cost):
    told = risk_cost.of_lot(view(record, plain_text), record.evaluation.tender.lots[0])
    explained = [bid for bid in told.bids if bid.explained]
    assert len(explained) == len(cost.costs) - 1
    for bid in explained:
        assert sum(line.share.mean for line in bid.explained.lines) == bid.explained.difference.mean
        amounts = [Decimal(re.sub(r"[^\d,−-]", "", row[1].partition("(")[0]).replace("−", "-").replace(",", ".")) for row in told.shares(bid)]  # fmt: skip
        assert sum(amounts) == risk_cost.shown([], bid.explained.difference.mean)[0].amount


def test_bids_stand_in_the_order_of_the_ranking(record):
    told = risk_cost.of_lot(view(record, plain_text), record.evaluation.tender.lots[0])
    assert [bid.key for bid in told.bids] == [row.key for row in record.evaluation.lot("lot-1")]


def test_a_difference_that_contains_zero_is_said_not_to_separate(record, cost):
    bid = next(each for each in cost.costs if each.explained)
    around = replace(bid.explained.difference, low=Decimal(-1))
    unsure = replace(bid, explained=replace(bid.explained, difference=around))
    told = risk_cost.of_lot(view(record, plain_text), record.evaluation.tender.lots[0])
    assert "ne départage pas" in told.difference(unsure)
    assert "ne départage pas" not in told.difference(bid)


def test_a_criterion_says_its_warning_and_the_ranking_without_it(record, cost):
    keys = tuple(row.key for row in record.evaluation.lot("lot-1"))[:2]
    ranks = Ranks(without=keys[::-1], low=keys, mean=keys, high=keys[::-1])
    lots = (replace(cost, ranks=ranks),)
    kept = replace(record.evaluation, risk=replace(record.evaluation.risk, use=RiskUse.CRITERION, lots=lots))
    told = risk_cost.of_lot(view(replace(record, evaluation=kept), plain_text), kept.tender.lots[0])
    said = " ".join(told.use())
    assert "Aucune décision de justice connue" in said
    assert "ne serait pas la même sans ce coût" in said
    assert "le critère départage ; le modèle ne prouve pas" in said.replace("\u202f", " ")
    assert len(told.head) == len(told.rows()[0]) == 5


def test_an_order_of_magnitude_shows_one_figure(record, cost):
    rough = replace(record.evaluation.risk, lots=(replace(cost, order_of_magnitude=True),))
    told = risk_cost.of_lot(view(replace(record, evaluation=replace(record.evaluation, risk=rough)), plain_text), record.evaluation.tender.lots[0])  # fmt: skip
    assert "Ordre de grandeur" in " ".join(told.use())
    for row in told.rows():
        assert re.match(r"[1-9]0*\s€ \(", re.sub(r"(?<=\d)\s(?=\d)", "", row[1]))


def test_without_the_block_nothing_is_added(record):
    bare = replace(record, evaluation=replace(record.evaluation, risk=None))
    assert risk_cost.files(bare) == {}
    assert not [part for part in summary(bare).parts if part.kind == RISK]
    assert "risk" in summary(record).data["lots"][0]
    told = next(part for part in summary(record).parts if part.kind == RISK)
    assert spoken(told.data, "fr")["head"][0] == "Offre"
    assert spoken(told.data, "en")["head"][0] == "Bid"


def test_the_report_holds_a_section_only_when_there_is_a_cost(record):
    bare = replace(record, evaluation=replace(record.evaluation, risk=None))
    lot = record.evaluation.tender.lots[0]
    assert [each["kind"] for each in risk_cost.in_report(view(record, plain_text), lot)] == [
        "heading", "paragraph", "table", "remark",
    ]  # fmt: skip
    assert risk_cost.in_report(view(bare, plain_text), lot) == []
