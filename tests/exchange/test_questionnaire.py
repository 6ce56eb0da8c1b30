"""Our own questionnaire: same bytes, locked where it must be, read back identically, LibreOffice included."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest

from egide.exchange import grid, questionnaire
from egide.exchange.answers import read_answers
from exchange.small import ALL, CLAUSIER, PATH

CREATED = date(2026, 9, 1)


def written(language="fr", points=None, created=CREATED):
    buffer = io.BytesIO()
    questionnaire.write(CLAUSIER, points, buffer, language, created=created)
    return buffer.getvalue()


def test_same_inputs_same_bytes(tmp_path):
    assert written() == written()
    questionnaire.write(CLAUSIER, None, tmp_path / "q.xlsx", created=CREATED)
    assert (tmp_path / "q.xlsx").read_bytes() == written()
    assert written(created=datetime(2026, 9, 1, 12, tzinfo=UTC)) != written()


def test_the_sheet_is_ready_to_send():
    book = openpyxl.load_workbook(io.BytesIO(written()))
    assert book.sheetnames == ["Mode d'emploi", "Questionnaire"]
    sheet = book["Questionnaire"]
    assert [cell.value for cell in sheet[1]][:9] == [
        "Identifiant", "Réf. officielle", "Thème", "Intitulé", "Exigence", "Réponse attendue", "Réponse", "Commentaire",
        "Justificatif (document, section)",
    ]  # fmt: skip
    assert [sheet.cell(2, column).value for column in range(1, 7)] == [
        "EG-066", "O-9.2", "Télémaintenance", "Un seul chemin", PATH, "Prise de position (sans réponse : zéro)",
    ]  # fmt: skip
    assert sheet.protection.sheet
    assert [sheet.cell(2, column).protection.locked for column in range(4, 10)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:I6"
    assert sheet.column_dimensions["J"].hidden
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.formula1, str(rule.sqref)) == ('"Oui,Non,Partiel,Décrit,Sans objet"', "G2:G6")
    guide = " ".join(str(cell.value) for row in book["Mode d'emploi"] for cell in row if cell.value)
    assert "« Sans objet » demande une raison" in guide
    properties = {each.name: each.value for each in book.custom_doc_props.props}
    assert properties == {"egide_clausier": "essai", "egide_version": "1.0", "egide_digest": CLAUSIER.digest}


def test_in_english_and_for_chosen_points():
    book = openpyxl.load_workbook(io.BytesIO(written("en", [CLAUSIER.points["EG-101"]])))
    sheet = book["Questionnaire"]
    assert sheet.max_row == 2
    assert sheet["A2"].value == "EG-101"
    assert sheet["G1"].value == "Answer"
    assert book.sheetnames[0] == "How to answer"


def test_a_text_that_looks_like_a_formula_stays_a_text():
    theme = CLAUSIER.themes[0]
    bad = replace(theme.points[0], text=replace(theme.points[0].text, fr="=1+1"))
    buffer = io.BytesIO()
    questionnaire.write(replace(CLAUSIER, themes=(replace(theme, points=(bad,)),)), None, buffer, created=CREATED)
    assert openpyxl.load_workbook(buffer)["Questionnaire"]["E2"].data_type == "s"


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: no round trip")
def test_libreoffice_changes_nothing(tmp_path):
    path = tmp_path / "q.xlsx"
    path.write_bytes(written())
    book = openpyxl.load_workbook(path)
    for row, cells in enumerate(
        [
            ("Oui", "", ""),
            ("Décrit", "deux\nlignes", "flux.pdf, § 2"),
            ("4 h", "", ""),
            ("Sans objet", "raison « x »", ""),
        ],
        2,
    ):
        for column, text in enumerate(cells, 7):
            book["Questionnaire"].cell(row, column, text)
    book.save(path)
    before = read_answers(path, "q", CLAUSIER)
    for kind in ("ods", "xlsx", "xls"):
        out = tmp_path / f"to-{kind}"
        command = [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
        ]
        subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=200)
        path = out / f"q.{kind}"
        after = read_answers(path, "q", CLAUSIER)
        assert after.answers == before.answers
        if kind != "xls":
            assert after.findings == before.findings
            assert grid.read(path, "q")[0][0].properties["egide_digest"] == CLAUSIER.digest
    assert tuple(before.answers) == ALL
