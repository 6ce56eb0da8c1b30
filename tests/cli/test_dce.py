"""The tender documents from the command line: all written or none, nobody's work written over, and read again before evaluating."""

import json
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest

from egide.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples/pacs-ght"
NAMES = ("1-reglement-consultation", "2-cctp-annexe-securite", "3-ccap-clauses", "4-annexe-rgpd-article-28")
WRITTEN = {f"{name}.{end}" for name in NAMES for end in ("docx", "odt")}
SHEETS = {"5-cadre-de-reponse.xlsx", "5-cadre-de-reponse.ods"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "pacs")
    return tmp_path / "pacs"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(each) for each in arguments])
    return int(stop.value.code or 0)


def names(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


def test_documents_of_a_consultation(folder, tmp_path, capsys):
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", folder) == 0
    assert names(tmp_path / "dce") == WRITTEN | SHEETS | {"publication.json", "clausier.json"}
    kept = json.loads((tmp_path / "dce/publication.json").read_text(encoding="utf-8"))
    assert (kept["format"], kept["day"], len(kept["digest"])) == (1, "2026-09-14", 64)
    said = capsys.readouterr().out
    assert "1-reglement-consultation : " in said
    assert "à compléter ou à vérifier" in said
    path = folder / "tender.yaml"
    shutil.copy(tmp_path / "dce/clausier.json", folder / "clausier.json")
    path.write_text(
        path.read_text(encoding="utf-8").replace("clausier: {id: egide}", "clausier: {file: clausier.json}"),
        encoding="utf-8",
    )
    assert run("clausier", "export", "--dce", tmp_path / "again", "--tender", folder) == 0
    assert json.loads((tmp_path / "again/publication.json").read_text(encoding="utf-8"))["digest"] == kept["digest"]
    sheet = openpyxl.load_workbook(tmp_path / "dce/5-cadre-de-reponse.xlsx")["Questionnaire"]
    assert sheet.max_row == len(kept["terms"]["points"]) + 1


def test_the_same_export_again_changes_nothing_but_an_edited_document_is_never_written_over(folder, tmp_path, capsys):
    out = tmp_path / "dce"
    command = ("clausier", "export", "--dce", out, "--tender", folder)
    assert run(*command) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(*command) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    (out / "3-ccap-clauses.docx").write_bytes(b"mon travail")
    assert run(*command) == 1
    assert (out / "3-ccap-clauses.docx").read_bytes() == b"mon travail"
    assert "3-ccap-clauses.docx" in capsys.readouterr().err


def test_a_purchase_described_by_its_profile_gives_documents_to_fill_in(tmp_path, capsys):
    out = tmp_path / "dce"
    assert (
        run("clausier", "export", "--dce", out, "--profile", "saas_health", "--value", "300000", "--date", "2026-09-14")
        == 0
    )
    assert names(out) == WRITTEN | SHEETS
    assert "Sans --tender" in capsys.readouterr().out


def test_english(folder, tmp_path, capsys):
    assert run("--lang", "en", "clausier", "export", "--dce", tmp_path / "dce", "--tender", folder) == 0
    text = "\n".join(each.text for each in docx.Document(str(tmp_path / "dce/3-ccap-clauses.docx")).paragraphs)
    assert "order of precedence" in text
    assert "Le titulaire" not in text
    assert "to fill in or check" in capsys.readouterr().out
    run("--lang", "fr", "clausier", "show", "EG-001")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--tender", "x"),
        ("--dce", "out", "--tender", "x", "--profile", "saas_health"),
        ("--dce", "out", "--profile", "zzz"),
    ],
)
def test_wrong_usage(tmp_path, monkeypatch, arguments, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("clausier", "export", *arguments) == 2
    assert not (tmp_path / "out").exists()
    capsys.readouterr()


def test_a_consultation_that_breaks_a_rule_writes_nothing(folder, tmp_path, capsys):
    path = folder / "tender.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('weight: "20"\n  kind: marked', 'weight: "25"\n  kind: marked'),
        encoding="utf-8",
    )
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", folder) == 1
    assert not (tmp_path / "dce").exists()
    assert "tender.weights" in capsys.readouterr().err


def test_a_criterion_on_the_firm_is_told_with_its_case_law(folder, tmp_path, capsys):
    path = folder / "tender.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "Valeur fonctionnelle pour les services de soins", "Références de la société"
        ),
        encoding="utf-8",
    )
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", folder) == 0
    said = capsys.readouterr().out
    assert "tender.firm_not_offer" in said
    assert "273783" in said


def test_evaluate_refuses_an_rc_edited_by_hand(folder, tmp_path, capsys):
    assert run("clausier", "export", "--dce", folder / "dce", "--tender", folder) == 0
    path = folder / "dce/1-reglement-consultation.docx"
    document = docx.Document(str(path))
    criteria = next(each for each in document.tables if each.rows[0].cells[0].text == "Repère du critère")
    criteria.rows[1].cells[2].text = "40"
    document.save(str(path))
    capsys.readouterr()
    assert run("evaluate", folder, "-o", tmp_path / "other") == 1
    assert not (tmp_path / "other").exists()
    said = capsys.readouterr().err
    assert "publication.rc_edited" in said
    assert "« 40 »" in said
