"""The pictures in the documents: where each stands, and what a document without pictures shows instead."""

import io
from decimal import Decimal

import docx
import pytest

from egide.report import robustness as robustness_paper
from egide.report.papers import odt as odt_paper
from egide.report.papers import office, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import printable
from egide.report.pictures.heat import Cell, Group, HeatMap, Row
from egide.report.pictures.on_paper import map_blocks
from egide.report.rao import document
from egide.report.rao.bids import MANY
from egide.report.record import Record
from egide.report.view import view
from egide.tender.trial.robustness import Doubt, robustness
from report import consultations


def pictures(kept: Record, lot: str = "") -> list[Block]:
    return [each for each in document.document(view(kept, printable, lot))["blocks"] if each["kind"] == "picture"]


def captions(kept: Record, lot: str = "") -> list[str]:
    return [each["caption"].split(" –")[0].split(",")[0] for each in pictures(kept, lot)]


def ids(blocks: list[Block]) -> list[str]:
    return [each["svg"].split('aria-labelledby="')[1].split('"')[0] for each in blocks]


def test_the_report_shows_each_lot() -> None:
    shown = pictures(consultations.record(4, 2))
    named = [each["caption"].split(" –")[0] for each in shown]
    assert named.count("Points par critère, sur 100") == 2
    assert named.count("Note par thème, sur 100") == 2
    assert len(set(ids(shown))) == len(shown)
    assert all(each["alt"] and each["width"] <= office.PORTRAIT.room for each in shown)


def test_many_bids_are_shown_by_theme_only() -> None:
    few, many = (
        captions(consultations.record(MANY, exclude=False)),
        captions(consultations.record(MANY + 1, exclude=False)),
    )
    assert "Valeur du niveau retenu" in few
    assert "Valeur du niveau retenu" not in many
    assert "Note par thème" not in few
    assert few.count("Part obtenue de chaque thème") == many.count("Part obtenue de chaque thème") == 1
    assert [few.count("Points par critère"), many.count("Points par critère")] == [2, 2]


def test_a_report_of_one_lot_shows_nothing_of_the_others() -> None:
    for made in pictures(consultations.record(4, 2), "lot-2"):
        assert "Territoire 1" not in made["svg"] + made["alt"] + made["caption"]


def test_an_office_document_has_the_tables_that_do_not_stand_elsewhere() -> None:
    kept = consultations.record(4)
    shown = docx.Document(io.BytesIO(document.docx(kept)))
    heads = [[cell.text for cell in table.rows[0].cells] for table in shown.tables]
    assert sum(head[0] == "Soumissionnaire" and head[-1] == "Total sur 100" and len(head) == 6 for head in heads) == 1
    assert ["Thème", "Imagys SAS", "Nordic Imaging France", "Radiolis Hébergement"] in heads
    assert not any("EG-001" in cell.text and "Complet" in cell.text for table in shown.tables for cell in table.rows[0].cells)  # fmt: skip
    data = document.document(view(kept, printable))
    assert "Note par thème" in odt_text(data)
    assert "Valeur du niveau retenu" not in odt_text(data)


def odt_text(data: dict) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(odt_paper.compiled(data, consultations.SENT))) as package:
        return package.read("content.xml").decode()


def test_the_table_behind_keeps_its_figures_where_its_heads_are_shorter() -> None:
    made = next(
        each for each in pictures(consultations.record(13, exclude=False)) if each["caption"].startswith("Part")
    )
    assert made["head"][1:] == [f"T{n}" for n in range(1, 11)]
    assert all(len(row) == len(made["head"]) for row in made["rows"])


def test_the_robustness_note_shows_the_weights() -> None:
    kept = consultations.record(4)
    data = robustness_paper.document(robustness(kept.evaluation, Doubt(draws=10)), "fr", kept.date)
    shown = [each for each in data["blocks"] if each["kind"] == "picture"]
    assert len(shown) == 1
    assert not shown[0]["tabled"]
    assert "Imagys SAS" in shown[0]["alt"]
    assert pdf.compiled(data, kept.date).startswith(b"%PDF")


@pytest.mark.parametrize("columns", [3, 20, 60])
def test_a_map_goes_from_page_to_page(columns: int) -> None:
    names = tuple(f"Société fictive numéro {n}" for n in range(columns))
    rows = tuple(Row(f"EG-{n:03} Un point", tuple(Cell(Decimal(1)) for _ in names)) for n in range(118))
    groups = tuple(Group(f"T{n}", rows[n * 12 : n * 12 + 12]) for n in range(10))
    kept = consultations.record(3)
    seen = view(kept, printable)
    made = map_blocks(HeatMap("Carte", "Point", names, groups), seen.set, "k")
    room = office.PORTRAIT.size[1] - office.PORTRAIT.top - office.PORTRAIT.bottom
    for each in made:
        box = each["svg"].split('viewBox="0 0 ')[1].split('"')[0].split(" ")
        assert float(box[1]) / float(box[0]) * each["width"] < room - 8
    assert [row[1] for each in made for row in each["rows"]] == [row.name for row in rows]
    assert len(set(ids(made))) == len(made)
