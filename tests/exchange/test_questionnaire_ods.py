"""The questionnaire as ODS, written natively: same bytes, same answers read back as of the XLSX, LibreOffice included."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from lxml import etree

from egide.exchange import grid, questionnaire, questionnaire_ods
from egide.exchange.answers import read_answers
from exchange.small import ALL, CLAUSIER

CREATED = date(2026, 9, 1)
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def part(content, name="content.xml"):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def sheets(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    found, findings = grid.read(path, name)
    assert findings == []
    return found


def test_same_inputs_same_bytes():
    made = questionnaire_ods.content(CLAUSIER, None, created=CREATED)
    assert made == questionnaire_ods.content(CLAUSIER, None, created=CREATED)
    assert made != questionnaire_ods.content(CLAUSIER, None, created=datetime(2026, 9, 1, 12, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_same_cells_and_properties_as_the_workbook(tmp_path, language):
    buffer = io.BytesIO()
    questionnaire.write(CLAUSIER, None, buffer, language, created=CREATED)
    workbook = sheets(tmp_path, buffer.getvalue(), "q.xlsx")
    ours = sheets(tmp_path, questionnaire_ods.content(CLAUSIER, None, language, created=CREATED), "q.ods")
    for one, other in zip(workbook, ours, strict=True):
        assert one.name == other.name
        assert dict(one.properties) == dict(other.properties)
        filled = [[cell for cell in row if cell] for row in one.rows if any(row)]
        assert filled == [[cell for cell in row if cell] for row in other.rows if any(row)]


def test_read_back_as_the_workbook(tmp_path):
    path = tmp_path / "q.ods"
    path.write_bytes(questionnaire_ods.content(CLAUSIER, None, created=CREATED))
    read = read_answers(path, "q", CLAUSIER)
    assert tuple(read.answers) == ALL
    assert {each.wording for each in read.answers.values()} == {
        point.wording_digest for point in CLAUSIER.points.values()
    }
    assert "answer.other_wording" not in {each.code for each in read.findings}


def test_lists_locks_and_the_hidden_digest():
    root = part(questionnaire_ods.content(CLAUSIER, None, created=CREATED))
    rule = root.find(f".//{TABLE}content-validation")
    assert rule.get(f"{TABLE}condition") == 'of:cell-content-is-in-list("Oui";"Non";"Partiel";"Décrit";"Sans objet")'
    guide, sheet = root.iter(f"{TABLE}table")
    assert {each.get(f"{TABLE}protected") for each in (guide, sheet)} == {"true"}
    columns = list(sheet.iter(f"{TABLE}table-column"))
    assert [column.get(f"{TABLE}visibility") for column in columns] == [None] * 9 + ["collapse"]
    open_ = {each.get(f"{STYLE}name") for each in root.iter(f"{STYLE}style") if any(child.get(f"{STYLE}cell-protect") == "none" for child in each)}  # fmt: skip
    assert open_ == {"answer", "choice"}
    rows = [row for row in sheet.iter(f"{TABLE}table-row") if row.getparent().tag != f"{TABLE}table-header-rows"]
    assert len(rows) == len(ALL)
    for row in rows:
        styles = [cell.get(f"{TABLE}style-name") for cell in row]
        assert styles[6:9] == ["choice", "answer", "answer"]
        assert row[6].get(f"{TABLE}content-validation-name") == "answers"


def test_texts_of_strangers_stay_texts(tmp_path):
    theme = CLAUSIER.themes[0]
    said = '=1+1 <text:p> & "x"  deux\nligne\x07 😀'
    bad = replace(theme.points[0], text=replace(theme.points[0].text, fr=said))
    clausier = replace(CLAUSIER, themes=(replace(theme, points=(bad,)),))
    content = questionnaire_ods.content(clausier, None, created=CREATED)
    cell = sheets(tmp_path, content, "q.ods")[1].rows[1][4]
    assert cell == said.replace("\x07", "")
    assert not [each for each in part(content).iter(f"{TABLE}table-cell") if each.get(f"{TABLE}formula")]


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: no round trip")
def test_libreoffice_reads_it_all(tmp_path):
    path = tmp_path / "q.ods"
    path.write_bytes(questionnaire_ods.content(CLAUSIER, None, created=CREATED))
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=200)
    sheet = openpyxl.load_workbook(tmp_path / "q.xlsx")["Questionnaire"]
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.formula1, str(rule.sqref)) == ('"Oui,Non,Partiel,Décrit,Sans objet"', "G2:G6")
    assert sheet.protection.sheet
    assert [sheet.cell(2, column).protection.locked for column in (5, 7, 8, 9)] == [True, False, False, False]
    assert sheet.column_dimensions["J"].hidden
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    again = read_answers(tmp_path / "q.xlsx", "q", CLAUSIER)
    assert tuple(again.answers) == ALL
