"""egide diagnose: from the sheet to fill in to the document for a board."""

import json
from datetime import date

import openpyxl
import pytest

from egide import reference
from egide.cli import main
from egide.desk import diagnosis as desk
from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.questionnaire import Depth

DAY = date(2026, 11, 20)
ASKED = reference.questionnaires()[Depth.PRACTICE]


def run(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


@pytest.fixture
def filled(tmp_path):
    answers = {each.id: Answer(each.levels[-1].code) for each in ASKED.questions[::2]}
    path = tmp_path / "rempli.xlsx"
    path.write_bytes(desk.sheet(Depth.PRACTICE, "fr", DAY, Filled(ASKED.id, ASKED.version, DAY, answers, name="Cabinet fictif")))  # fmt: skip
    return path


def test_a_sheet_is_written_once_in_either_language(tmp_path, capsys):
    for language, title in (("fr", "Mode d'emploi"), ("en", "How to answer")):
        out = tmp_path / f"{language}.xlsx"
        order = ("diagnose", "sheet", "--depth", "practice", "--out", out, "--date", "2026-11-20", "--lang", language)
        assert run(*order) == 0
        assert out.read_bytes() == desk.sheet(Depth.PRACTICE, language, DAY)  # type: ignore[arg-type]
        assert title in openpyxl.load_workbook(out).sheetnames
        assert run(*order) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert run("diagnose", "sheet", "--depth", "village", "--out", tmp_path / "x.xlsx") == 2
    assert not (tmp_path / "x.xlsx").exists()


def test_a_filled_sheet_is_told_to_a_person_and_to_a_program(filled, capsys):
    assert run("diagnose", "read", filled, "--category", "practice", "--proofs") == 0
    out = capsys.readouterr().out.replace("\u202f", " ").replace("\xa0", " ")
    assert "Cabinet fictif" in out
    assert "Six mesures à prendre d’abord :" in out
    assert "ordre de grandeur" in out
    assert "Preuves à montrer :" in out
    assert run("diagnose", "read", filled, "--json", "--date", "2026-12-01", "--lang", "en") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["date"] == "2026-12-01"
    assert data["cost"] is None
    assert data["answers"]["name"] == "Cabinet fictif"


def test_what_cannot_be_read_is_refused_with_its_findings(tmp_path, capsys):
    path = tmp_path / "rien.csv"
    path.write_text("a;b\n1;2\n")
    assert run("diagnose", "read", path) == 1
    assert "diagnosis.unknown" in capsys.readouterr().err
    assert run("diagnose", "read", path, "--json") == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "diagnosis.unknown"
    assert run("diagnose", "read", tmp_path / "absent.xlsx") == 1
    assert run("diagnose", "read", path, "--date", "hier") == 2


def test_the_documents_are_written_together(filled, tmp_path, capsys):
    out = tmp_path / "documents"
    assert run("diagnose", "report", filled, "--out", out) == 0
    assert {each.name for each in out.iterdir()} == {desk.PDF, desk.JSON}
    assert (out / desk.PDF).read_bytes().startswith(b"%PDF")


def test_two_sheets_side_by_side(filled, capsys):
    assert run("diagnose", "compare", filled, filled) == 0
    out = capsys.readouterr().out
    assert "Écart" in out
    assert run("diagnose", "compare", filled, filled, filled, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["columns"]) == 3
    assert run("diagnose", "compare", filled) == 2


def test_the_grid_of_another_tool_becomes_a_sheet(tmp_path, capsys):
    grid = tmp_path / "grille.xml"
    grid.write_text('<grille><question id="1"><texte>Des sauvegardes ?</texte></question></grille>')
    out = tmp_path / "grille.xlsx"
    assert run("diagnose", "import", grid, "--out", out) == 0
    said = capsys.readouterr().out
    assert "diagnosis.mapping" in said
    assert run("diagnose", "read", out) == 0
    assert run("diagnose", "import", grid, "--out", out) == 2


def test_a_map_is_written_then_read(tmp_path, capsys):
    out = tmp_path / "carte.xlsx"
    assert run("diagnose", "map", "--out", out) == 0
    assert run("diagnose", "map", out) == 0
    assert "cartography.example" in capsys.readouterr().out
    path = tmp_path / "apps.csv"
    path.write_text("Application;Fournisseur;RTO\nDPI;Alpha;4 h\n")
    assert run("diagnose", "map", path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["applications"][0]["recovery_time_hours"] == "4"
    assert run("diagnose", "map") == 2
