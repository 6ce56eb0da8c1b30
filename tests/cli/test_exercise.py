"""egide exercise: from the self-assessment to a kit, a chronogram, results and a crisis kit."""

import json
import zipfile
from pathlib import Path

import pytest

from egide.cli import main
from egide.desk import exercise as desk
from egide.exercise.module import Setting

EXAMPLE = Path(__file__).parents[2] / "examples" / "exercise" / "ehpad-les-cedres.yaml"


def run(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def test_a_level_is_advised_with_its_reasons(tmp_path, capsys):
    template, answers = tmp_path / "t.yaml", tmp_path / "a.yaml"
    assert run("exercise", "assess", "--setting", "home", "--template", template) == 0
    assert template.read_text(encoding="utf-8") == desk.answers_template(Setting.HOME, "fr")
    answers.write_text("setting: home\nlast: never\n", encoding="utf-8")
    capsys.readouterr()
    assert run("exercise", "assess", "--answers", answers) == 0
    assert "Niveau conseillé : 1" in capsys.readouterr().out
    assert run("exercise", "assess", "--answers", answers, "--json") == 0
    assert json.loads(capsys.readouterr().out)["level"] == 1
    assert run("exercise", "assess", "--template", template) == 2
    assert run("exercise", "assess", "--setting", "moon") == 2


def test_modules_are_listed(capsys):
    assert run("exercise", "modules", "--setting", "practice") == 0
    told = capsys.readouterr().out
    assert "alert" in told
    assert "theatre" not in told
    assert run("exercise", "modules", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["modules"]) >= 10


def test_a_kit_a_chronogram_and_their_refusals(tmp_path, capsys):
    out = tmp_path / "kit.zip"
    assert run("exercise", "kit", "--level", 1, "--for", EXAMPLE, "--out", out, "--date", "2026-11-23") == 0
    assert b"Les C\xc3\xa8dres" in zipfile.ZipFile(out).read("jouer-sans-reseau.html")
    assert run("exercise", "kit", "--out", out) == 2
    assert run("exercise", "kit", "--setting", "hospital", "--for", EXAMPLE, "--out", tmp_path / "b.zip") == 2
    assert run("exercise", "kit", "--modules", "nope", "--out", tmp_path / "b.zip") == 2
    sheet = tmp_path / "c.xlsx"
    sheet.write_bytes(zipfile.ZipFile(out).read("chronogramme.xlsx"))
    capsys.readouterr()
    assert run("exercise", "chronogram", sheet, "--for", EXAMPLE, "--out", tmp_path / "again.xlsx") == 0
    assert (tmp_path / "again.xlsx").read_bytes() == sheet.read_bytes()
    assert "T+00:00" in capsys.readouterr().out
    assert run("exercise", "chronogram", sheet, "--json") == 0
    assert json.loads(capsys.readouterr().out)["injects"]
    assert run("exercise", "chronogram", EXAMPLE) == 1
    assert run("exercise", "chronogram", sheet, "--out", tmp_path / "c.pdf") == 2
    assert not (tmp_path / "b.zip").exists()


def test_a_file_of_an_establishment_and_its_crisis_kit(tmp_path, capsys):
    out = tmp_path / "e.yaml"
    assert run("exercise", "establishment", "--out", out, "--lang", "en") == 0
    assert "Your words" in out.read_text(encoding="utf-8")
    assert run("exercise", "crisis", "--for", out, "--out", tmp_path / "c") == 1
    assert "establishment.name" in capsys.readouterr().err
    assert run("exercise", "crisis", "--for", EXAMPLE, "--out", tmp_path / "c", "--date", "2026-11-23") == 0
    assert sorted(each.name for each in (tmp_path / "c").iterdir()) == ["kit-de-crise.docx", "kit-de-crise.pdf"]


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_what_is_no_result_is_refused(tmp_path, content, capsys):
    path = tmp_path / "r.json"
    path.write_text(content)
    assert run("exercise", "results", path, "--out", tmp_path / "out") == 1
    assert not (tmp_path / "out").exists()
    assert "r.json" in capsys.readouterr().err
