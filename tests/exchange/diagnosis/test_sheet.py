"""The workbook of a diagnosis: exact round trip, every cell an answer or a finding, whatever was done to it."""

import csv
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from diagnosis_small import DAY, FILLED, QUESTIONNAIRE, VERSION, edited, written
from small import workbook

from egide import reference
from egide.diagnosis.filled import Answer, Filled
from egide.exchange import diagnosis_form, diagnosis_sheet
from egide.exchange.diagnosis_answers import Answers
from egide.exchange.diagnosis_answers import read as read_file
from egide.exchange.diagnosis_form import Column
from egide.finding import Severity
from egide.locale import say

LATER = date(2027, 1, 1)
ORDER = diagnosis_form.columns(QUESTIONNAIRE)


def cell(column: Column, row: int) -> str:
    return f"{'ABCDEFGHIJKLM'[ORDER.index(column)]}{row}"


ANSWER, SEEN, PROOF, REASON, NOTE = (cell(each, 2) for each in (Column.ANSWER, Column.SEEN, Column.PROOF, Column.REASON, Column.NOTE))  # fmt: skip


def read(path: Path) -> Answers:
    return read_file(path, path.name, [QUESTIONNAIRE], LATER)


def codes(answers: Answers) -> list[str]:
    return [each.code for each in answers.findings]


def read_with(tmp_path: Path, cells: dict[str, object], filled: Filled | None = None) -> Answers:
    return read(edited(written(tmp_path, filled), cells))


# ------------------------------------------------------------------------------------------------------------- round trip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_written_comes_back_exactly(tmp_path, language):
    answers = read(written(tmp_path, language=language))
    assert answers.filled == FILLED
    assert answers.findings == ()
    assert answers.places["BCK-01"] == f"Questions!{ANSWER}"


def test_the_same_inputs_give_the_same_bytes():
    assert len({diagnosis_sheet.content(QUESTIONNAIRE, created=DAY, filled=FILLED) for _ in range(2)}) == 1


def test_an_empty_questionnaire_comes_back_empty_and_undated(tmp_path):
    answers = read(written(tmp_path, None))
    assert answers.filled == Filled(QUESTIONNAIRE.id, VERSION, LATER)
    assert codes(answers) == ["diagnosis.undated"]


def test_the_questionnaires_of_each_depth_come_back_exactly(tmp_path):
    for questionnaire in reference.questionnaires().values():
        given = {each.id: Answer(each.levels[n % len(each.levels)].code, proven=n % 3 == 0, proof="PV" if n % 3 == 0 else "") for n, each in enumerate(questionnaire.questions)}  # fmt: skip
        filled = Filled(questionnaire.id, questionnaire.version, DAY, given)
        path = tmp_path / f"{questionnaire.id}.xlsx"
        diagnosis_sheet.write(questionnaire, path, created=DAY, filled=filled)
        answers = read_file(path, path.name, reference.questionnaires().values(), LATER)
        assert (answers.filled, answers.findings) == (filled, ())


def test_each_row_has_its_list_and_only_answers_are_open(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path, None))["Questions"]
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists[ANSWER] == "'Niveaux'!$B$2:$D$2"
    assert lists[cell(Column.ANSWER, 3)] == "'Niveaux'!$B$3:$E$3"
    assert sheet.protection.sheet
    opened = {ORDER[each.column - 1] for each in sheet[2] if not each.protection.locked}
    assert opened == {Column.ANSWER, Column.SEEN, Column.PROOF, Column.REASON, Column.NOTE}
    condition = sheet[cell(Column.QUESTION, 4)].value
    assert "BCK-01" in condition
    assert "\u202f»" in condition


@pytest.mark.long
@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_gives_it_back(tmp_path):
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    path = written(tmp_path)
    for form in ("xlsx", "ods"):
        command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path / "out"), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        answers = read(tmp_path / "out" / f"diagnostic.{form}")
        assert (answers.filled, answers.findings) == (FILLED, ())


def in_csv(path: Path, encoding: str, separator: str) -> Path:
    sheet = openpyxl.load_workbook(path)["Questions"]
    target = path.with_suffix(".csv")
    with target.open("w", encoding=encoding, newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=separator).writerows([[value or "" for value in row] for row in sheet.values])
    return target


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("utf-8", ","), ("cp1252", ";")])
def test_the_questions_saved_as_csv_keep_their_answers(tmp_path, encoding, separator):
    answers = read(in_csv(written(tmp_path), encoding, separator))
    assert answers.filled.answers == FILLED.answers
    assert answers.filled.version == VERSION


# ------------------------------------------------------------------------------------------------------- what is understood
@pytest.mark.parametrize(
    ("typed", "level", "code"),
    [
        ("2", "all", ""),
        (1, "some", ""),
        ("1.", "some", ""),
        ("niveau 2", "all", ""),
        ("Tout est fait pour BCK-01, et quelqu'un l'a vérifié", "all", ""),
        ("TOUT EST FAIT POUR BCK-01 et quelqu’un l’a verifie", "all", ""),
        ("2 - tout est fait pour bck-01, et quelqu'un l'a verifie", "all", ""),
        ("1 – Some is done", "some", "answer.level"),
        ("2 – Rien n'est fait pour BCK-01", "none", "answer.level"),
        ("Une partie est faite", "some", "answer.level"),
        ("non", "none", "answer.level"),
        ("oui", "", "answer.level"),
        ("7", "", "answer.level"),
        ("je ne sais pas trop", "", "answer.level"),
        ("?", "", "answer.level"),
        ("-", "", ""),
    ],
)
def test_an_answer_as_a_person_types_it(tmp_path, typed, level, code):
    answers = read_with(tmp_path, {ANSWER: typed})
    assert answers.filled.answers.get("BCK-01", Answer()).level == level
    assert [each for each in codes(answers) if each != "diagnosis.undated"] == ([code] if code else [])


def test_yes_and_no_answer_a_question_of_two_levels(tmp_path):
    answers = read_with(tmp_path, {cell(Column.ANSWER, 5): "Non", cell(Column.ANSWER, 6): "OUI"})
    assert (answers.filled.answers["DEV-01"].level, answers.filled.answers["DEV-02"].level) == ("no", "yes")


@pytest.mark.parametrize(
    ("cells", "proven", "code"),
    [
        ({ANSWER: "2", SEEN: "x", PROOF: "PV"}, True, ""),
        ({ANSWER: "2", SEEN: "vrai"}, True, ""),
        ({ANSWER: "2", PROOF: "PV du 3 mars"}, False, "diagnosis.proof"),
        ({ANSWER: "2", SEEN: "par le directeur"}, False, "diagnosis.proof"),
        ({SEEN: "Oui"}, None, "diagnosis.proof"),
        ({ANSWER: "2", REASON: "tout est ailleurs"}, False, "diagnosis.reason"),
        ({REASON: "tout est ailleurs"}, False, "diagnosis.reason"),
    ],
)
def test_a_proof_is_seen_only_if_it_is_said_so(tmp_path, cells, proven, code):
    answers = read_with(tmp_path, cells)
    answer = answers.filled.answers.get("BCK-01")
    assert (answer.proven if answer else None) is proven
    assert [each for each in codes(answers) if each != "diagnosis.undated"] == ([code] if code else [])


# --------------------------------------------------------------------------------------------- what was done to the file
def test_every_finding_has_its_cell_what_was_read_and_a_remedy(tmp_path):
    book = written(tmp_path, None)
    answers = read(edited(book, {ANSWER: "souvent", "N2": "en marge", "A9": "BCK-99", cell(Column.ANSWER, 9): "1", cell(Column.NOTE, 8): "suite"}))  # fmt: skip
    found = {each.code: each for each in answers.findings}
    assert found.keys() == {"answer.level", "cell.unread", "point.unknown", "row.unread", "diagnosis.undated"}
    assert (found["answer.level"].place, found["answer.level"].read) == (f"Questions!{ANSWER}", "souvent")
    assert found["point.unknown"].read == "BCK-99"
    assert "Questions!N2" in say(found["cell.unread"].understood, "fr")
    assert all(each.file == book.name and each.remedy.text for each in answers.findings)


def test_a_formula_gives_its_last_value_or_nothing(tmp_path):
    path = written(tmp_path, None)
    with_formula = edited(path, {ANSWER: '=IF(1=1,"2","1")'})
    answers = read(with_formula)
    assert "BCK-01" not in answers.filled.answers
    assert "cell.no_value" in codes(answers)


def test_a_line_given_twice_keeps_the_lower_answer(tmp_path):
    path = written(tmp_path, None)
    cells = {ANSWER: "2", SEEN: "Oui", PROOF: "PV", "A7": "BCK-01", cell(Column.ANSWER, 7): "1"}
    answers = read(edited(path, cells))
    assert answers.filled.answers["BCK-01"].level == "some"
    assert not answers.filled.answers["BCK-01"].proven
    assert "answer.conflict" in codes(answers)
    answers = read(edited(written(tmp_path, None), {ANSWER: "2", "A7": "BCK-01"}))
    assert answers.filled.answers["BCK-01"].level == "all"
    answers = read(edited(written(tmp_path, None), {ANSWER: "2", "A7": "BCK-01", cell(Column.ANSWER, 7): "2"}))
    assert "answer.repeated" in codes(answers)


def test_an_identifier_typed_otherwise_is_known_and_a_line_removed_is_said(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path))
    book["Questions"]["A2"] = "bck 1"
    book["Questions"].delete_rows(6)
    book.save(tmp_path / "moved.xlsx")
    answers = read(tmp_path / "moved.xlsx")
    assert answers.filled.answers["BCK-01"] == FILLED.answers["BCK-01"]
    assert {"point.approximate", "diagnosis.absent"} <= set(codes(answers))


def test_columns_moved_untitled_or_removed(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path))
    sheet = book["Questions"]
    sheet.move_range(f"{cell(Column.PROOF, 1)}:{cell(Column.PROOF, 6)}", cols=12)
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Rempli par le RSSI"
    book.save(tmp_path / "moved.xlsx")
    answers = read(tmp_path / "moved.xlsx")
    assert answers.filled == FILLED
    rows = [["", "réponses"], *([each, "2"] for each in ("BCK-01", "BCK-02", "BCK-03"))]
    answers = read(workbook(tmp_path / "bare.xlsx", rows))
    assert [each.level for each in answers.filled.answers.values()] == ["all"] * 3
    rows = [["Code", "colonne"], *([each, "1"] for each in ("BCK-01", "BCK-02", "BCK-03"))]
    answers = read(workbook(tmp_path / "guess.xlsx", rows))
    assert "column.guessed" in codes(answers)
    assert [each.level for each in answers.filled.answers.values()] == ["some"] * 3
    answers = read(workbook(tmp_path / "none.xlsx", [["Code", "x"], ["BCK-01", ""], ["BCK-02", ""]]))
    assert "answer.no_column" in codes(answers)
    assert answers.filled.answers == {}


def test_merged_answers_are_extended_and_said(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, None))
    book["Questions"][ANSWER] = "2"
    book["Questions"].merge_cells(f"{ANSWER}:{cell(Column.ANSWER, 4)}")
    book.save(tmp_path / "merged.xlsx")
    answers = read(tmp_path / "merged.xlsx")
    assert [answers.filled.answers[each].level for each in ("BCK-01", "BCK-02", "BCK-03")] == ["all"] * 3
    assert codes(answers).count("answer.merged") == 2


def test_an_older_version_keeps_its_answers_and_says_which_to_confirm(tmp_path):
    first, *others = QUESTIONNAIRE.questions
    changed = replace(
        first, levels=(first.levels[0], replace(first.levels[1], text=first.levels[2].text), first.levels[2])
    )
    known = replace(QUESTIONNAIRE.with_questions({each.id: each for each in (changed, *others)}), version=LATER)
    path = written(tmp_path)
    answers = read_file(path, path.name, [known], LATER)
    assert answers.filled.version == VERSION
    assert answers.filled.answers["BCK-02"] == FILLED.answers["BCK-02"]
    assert [each.point for each in answers.findings if each.code == "diagnosis.to_confirm"] == ["BCK-01"]
    assert answers.filled.answers["BCK-01"].level == "some"


def test_texts_of_ours_that_were_changed_are_noted(tmp_path):
    answers = read(edited(written(tmp_path), {cell(Column.WHY, 2): "autre", cell(Column.CHAPTER, 3): "autre"}))
    assert codes(answers) == ["cell.changed", "cell.changed"]
    answers = read(
        edited(written(tmp_path), {cell(Column.QUESTION, 2): "Autre question ?", cell(Column.DIGEST, 2): None})
    )
    assert codes(answers) == ["diagnosis.to_confirm"]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("B3", "hier", "diagnosis.date"),
        ("B3", "2026", "diagnosis.date"),
        ("B4", "beaucoup", "diagnosis.figure"),
        ("B4", "environ 3 M€", "diagnosis.figure"),
        ("B5", "65", "diagnosis.figure"),
        ("B4", "=1+", "cell.no_value"),
        ("A4", "Date de l'état décrit (jj/mm/aaaa)", "diagnosis.twice"),
    ],
)
def test_the_establishment_is_read_or_said(tmp_path, place, value, code):
    answers = read(edited(written(tmp_path), {place: value}, "Établissement"))
    assert code in codes(answers)


def test_figures_as_people_write_them(tmp_path):
    cells = {"B2": "CH d'essai", "B3": "01/02/2026", "B4": "12,5 M€", "B5": "65 %"}
    answers = read(edited(written(tmp_path, None), cells, "Établissement"))
    assert answers.filled.name == "CH d'essai"
    assert answers.filled.observed_on == date(2026, 2, 1)
    assert {code: str(value) for code, value in answers.filled.figures.items()} == {"revenue": "12500000", "activity_share": "0.65"}  # fmt: skip


# ------------------------------------------------------------------------------------------------------ files of others
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"%PDF-1.7 x", "file.pdf"),
        (b"PK\x03\x04rien", "file.corrupt"),
        (b"<html></html>", "file.html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00" * 50, "file.unknown"),
        (b"a;b\n1;2\n", "diagnosis.unknown"),
        (b"\n\n", "diagnosis.empty"),
        (b'[{"a": 1}]', "diagnosis.unknown"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_said_and_never_fails(tmp_path, content, code):
    path = tmp_path / "fichier.xlsx"
    path.write_bytes(content)
    answers = read(path)
    assert answers.questionnaire is None
    assert [each.code for each in answers.findings if each.severity is Severity.ERROR] == [code]


def test_a_file_that_names_another_questionnaire(tmp_path):
    other = replace(QUESTIONNAIRE, id="autre-questionnaire")
    diagnosis_sheet.write(other, tmp_path / "autre.xlsx", created=DAY, filled=FILLED)
    answers = read(tmp_path / "autre.xlsx")
    assert answers.questionnaire == QUESTIONNAIRE
    assert "diagnosis.other" in codes(answers)


def test_a_sheet_of_another_is_said_and_not_read(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path))
    book.create_sheet("Notes")["B2"] = "à voir en comité"
    book.save(tmp_path / "notes.xlsx")
    answers = read(tmp_path / "notes.xlsx")
    assert answers.filled == FILLED
    assert [(each.code, each.place) for each in answers.findings] == [("diagnosis.sheet", "Notes")]


def test_a_sheet_too_large_is_said(tmp_path):
    path = written(tmp_path)
    answers = read(edited(path, {"A30000": "BCK-01", "XFD2": "loin"}))
    assert {"sheet.too_big", "sheet.too_long"} & set(codes(answers))


def test_a_grid_of_others_carries_itself_and_its_measures(tmp_path):
    grid = replace(QUESTIONNAIRE, id="grille", depth=None, figures=())
    path = tmp_path / "grille.xlsx"
    diagnosis_sheet.write(grid, path, created=DAY, filled=replace(FILLED, questionnaire="grille", figures={}))
    answers = read_file(path, path.name, [], LATER)
    assert answers.questionnaire == grid
    assert answers.filled.answers == FILLED.answers
    column = "ABCDEFGHIJKLM"[diagnosis_form.columns(grid).index(Column.MEASURE)]
    cells = {
        f"{column}2": "Continuité des soins et crise",
        f"{column}3": "Ne compte pas",
        f"{column}4": "n'importe quoi",
    }
    answers = read_file(edited(path, cells), path.name, [], LATER)
    assert answers.questionnaire is not None
    assert [each.measure for each in answers.questionnaire.questions] == ["continuity", "", "", "device", ""]
    assert codes(answers) == ["diagnosis.measure"]
    answers = read_file(edited(path, {"A1": "{"}, diagnosis_form.DATA_SHEET), path.name, [], LATER)
    assert "diagnosis.damaged" in codes(answers)


def test_a_very_long_comment_is_cut_and_said(tmp_path):
    answers = read_with(tmp_path, {ANSWER: "2", NOTE: "long " * 3_000})
    assert len(answers.filled.answers["BCK-01"].note) == 4_000
    assert "cell.long" in codes(answers)


def test_findings_that_come_in_hundreds_are_told_by_the_first_and_by_their_count(tmp_path):
    rows = [["Identifiant", "Réponse"], *([f"BCK-{900 + n}", "2"] for n in range(500)), ["BCK-01", "2"]]
    answers = read(workbook(tmp_path / "long.xlsx", rows))
    alike = [each for each in answers.findings if each.code == "point.unknown"]
    assert len(alike) == 201
    assert alike[-1].understood.values["count"] == 300
    assert answers.filled.answers["BCK-01"].level == "all"
