"""Files as tenderers send them back: what must be read of each, written before the reader saw it."""

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from egide.clausier.model import Clausier, Theme
from egide.exchange import questionnaire
from egide.exchange.answers import Reading, read_answers, read_with
from egide.exchange.identifiers import Identifiers
from egide.exchange.layout import Reader
from egide.finding import Severity
from egide.message import Text
from egide.tender.model import Condition, Pointer
from exchange.small import ALL, CLAUSIER, FLOWS, PATH, PEOPLE, TIME, WATCH, point, workbook

HEAD = ["Identifiant", "Exigence", "Réponse attendue", "Réponse du candidat", "Observations", "Justificatif"]


def said(reading: Reading) -> dict[str, str]:
    return {point: answer.declared.value for point, answer in reading.answers.items()}


def codes(reading: Reading, point: str | None = None) -> list[str]:
    return [each.code for each in reading.findings if point is None or each.point == point]


def read(path: Path) -> Reading:
    return read_answers(path, path.name, CLAUSIER)


# --------------------------------------------------------------------------------------------------------- identifiers
@pytest.mark.parametrize(
    ("typed", "expected", "sure"),
    [
        ("EG-066", "EG-066", True), ("eg 066", "EG-066", True), ("EG‑66", "EG-066", True), ("EG – 066", "EG-066", True),
        ("EG066", "EG-066", True), (" eg-0066. ", "EG-066", True), ("EG−066", "EG-066", True), ("O – 9.2", "EG-066", True),
        ("o-9.2.", "EG-066", True), ("O9.2", "EG-066", True), ("0-9.2", "EG-066", False), ("O-12.3.9", "EG-068", True),
        ("O-9.2 : Un seul chemin", "EG-066", True), ("[EG-066] Un seul chemin", "EG-066", True), ("EG-066 - Un seul", "EG-066", True),
        ("EG-X01", "EG-X01", True), ("eg x 1", "EG-X01", True), ("EG\u00a0–\u00a0066", "EG-066", True),
    ],
)  # fmt: skip
def test_an_identifier_is_recognised_however_typed(typed, expected, sure):
    named = Identifiers(CLAUSIER).named(typed)
    assert named is not None
    assert (named.point, named.sure) == (expected, sure)


@pytest.mark.parametrize(
    "typed", ["EG-999", "O-9.2.1", "EG-0661", "066", "9.2", "O-12", "Voir EG-066", "EG-066bis", "", "Thème 9"]
)
def test_nothing_else_is_taken_for_an_identifier(typed):
    assert Identifiers(CLAUSIER).named(typed) is None


# ------------------------------------------------------------------------------------------------------------- columns
def test_the_buyer_s_columns_are_never_answers(tmp_path):
    rows = [
        ["Questionnaire de sécurité"],
        ["Lot 1"],
        HEAD,
        ["EG-066", PATH, "Oui", "Non", "pas possible", ""],
        ["Maintenance"],
        ["EG-067", FLOWS, "Document", "Oui", "", "Flux.pdf, § 2"],
        HEAD,
        ["EG-068", TIME, "Valeur", "4 h", "", ""],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    assert said(reading) == {"EG-066": "no", "EG-067": "yes", "EG-068": "described"}
    assert reading.answers["EG-066"].comment == "pas possible"
    assert reading.answers["EG-067"].pointer == Pointer("Flux.pdf", "2")
    assert reading.answers["EG-068"].place == "Feuille1!D8"
    assert codes(reading) == []


def test_columns_without_headings_are_told_by_their_content(tmp_path):
    rows = [["EG-066", "Un seul chemin", "oui"], ["EG-067", "Matrice", "non"], ["EG-101", "Formation", "Conforme"]]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    assert said(reading) == {"EG-066": "yes", "EG-067": "no", "EG-101": "yes"}
    assert "column.guessed" in codes(reading)


def test_ticked_columns_under_a_merged_heading(tmp_path):
    rows = [
        ["Réf.", "Exigence", "Réponse", "", "", "Remarques"],
        ["", "", "Oui", "Non", "NC", ""],
        ["O-9.2", PATH, "x", "", "", ""],
        ["O-9.3", FLOWS, "", "X", "", "jamais"],
        ["O-12.3.9", TIME, "", "", "✔", ""],
        ["O-11.1", PEOPLE, "x", "x", "", ""],
        ["EG-X01", WATCH, "", "", "", ""],
        ["NC : non concerné"],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows, merged=["C1:E1"]))
    assert said(reading) == {"EG-066": "yes", "EG-067": "no", "EG-068": "na", "EG-101": "blank", "EG-X01": "blank"}
    assert reading.answers["EG-101"].condition is Condition.UNKNOWN
    assert codes(reading, "EG-101") == ["answer.ambiguous"]
    assert reading.answers["EG-068"].raw == "NC : ✔"


def test_one_sheet_a_chapter_is_one_answer_sheet(tmp_path):
    sheets = {
        "Lisez-moi": [["Répondre avant le 5 octobre"]],
        "Télémaintenance": [["ID", "Conforme (O/N)"], ["EG-066", "O"], ["EG-067", "N"]],
        "Personnes": [["ID", "Conforme (O/N)"], ["EG-101", "O"]],
    }
    assert said(read(workbook(tmp_path / "q.xlsx", sheets))) == {"EG-066": "yes", "EG-067": "no", "EG-101": "yes"}


def test_a_vertically_merged_answer_is_extended_and_doubted(tmp_path):
    rows = [["ID", "Réponse"], ["EG-066", "Oui"], ["EG-101", ""], ["EG-X01", "Non"]]
    reading = read(workbook(tmp_path / "q.xlsx", rows, merged=["B2:B3"]))
    assert said(reading) == {"EG-066": "yes", "EG-101": "yes", "EG-X01": "no"}
    assert codes(reading, "EG-101") == ["answer.merged"]


def test_nothing_is_lost_silently(tmp_path):
    rows = [
        ["ID", "Réponse", "Zzz", ""],
        ["EG-066", "Oui", "un texte perdu", ""],
        ["", "suite de la réponse", "", ""],
        ["EG-101", "Oui", "", "autre texte"],
        ["EG-999", "Oui", "", ""],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    found = {(each.code, each.place) for each in reading.findings}
    assert found == {
        ("cell.unread", "Feuille1!C"),
        ("cell.unread", "Feuille1!D"),
        ("row.unread", "Feuille1"),
        ("point.unknown", "Feuille1!A5"),
    }


def test_identifiers_without_any_answer_column_are_a_doubt_and_an_error(tmp_path):
    reading = read(workbook(tmp_path / "q.xlsx", [["EG-066", "Un seul chemin"], ["EG-101", "Formation"]]))
    assert reading.answers == {}
    assert codes(reading) == ["answer.no_column", "file.no_points"]


def test_many_unknown_identifiers_make_one_finding(tmp_path):
    rows = [["ID", "Réponse"], ["EG-066", "Oui"], *([f"EG-5{number:02}", "Oui"] for number in range(15))]
    found = [each for each in read(workbook(tmp_path / "q.xlsx", rows)).findings if each.code == "point.unknown"]
    assert len(found) == 1
    assert "EG-514" in str(found[0].understood)


# --------------------------------------------------------------------------------------------- two answers to one point
def test_two_rows_for_one_point(tmp_path):
    rows = [
        ["ID", "Réponse"],
        ["EG-066", "Oui"],
        ["EG-101", "Oui"],
        ["O-9.2", "Non"],
        ["EG-101", "oui"],
        ["EG-066", ""],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    assert said(reading) == {"EG-066": "no", "EG-101": "yes"}
    conflict = next(each for each in reading.findings if each.code == "answer.conflict")
    assert "Feuille1!B2" in str(conflict.understood)
    assert "Feuille1!B4" in str(conflict.understood)
    assert codes(reading, "EG-101") == ["answer.repeated"]


# ------------------------------------------------------------------------------------------------------------- wording
def test_an_answer_to_another_wording_is_to_be_confirmed(tmp_path):
    other = PATH.replace("fermé", "ouvert")
    rows = [
        HEAD,
        ["EG-066", other, "", "Oui"],
        ["EG-067", FLOWS.replace("'", "’"), "", "Non"],
        ["EG-101", f" {PEOPLE}\n", "", "Oui"],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    assert codes(reading) == ["answer.other_wording"]
    assert codes(reading, "EG-066") == ["answer.other_wording"]
    assert reading.answers["EG-066"].wording not in {"", CLAUSIER.points["EG-066"].wording_digest}
    assert reading.answers["EG-067"].wording == CLAUSIER.points["EG-067"].wording_digest


def test_a_wording_in_english_is_ours_too(tmp_path):
    rows = [
        ["Identifier", "Requirement", "Answer"],
        ["EG-066", f"{PATH} (EN)", "Yes"],
        ["EG-101", f"{PEOPLE} (EN)", "No"],
    ]
    reading = read(workbook(tmp_path / "q.xlsx", rows))
    assert said(reading) == {"EG-066": "yes", "EG-101": "no"}
    assert codes(reading) == []


# ------------------------------------------------------------------------------------------------------------ formulas
def test_formulas_are_told_and_their_lack_of_value_too(tmp_path):
    reading = read(workbook(tmp_path / "q.xlsx", [["ID", "Réponse"], ["EG-066", '="Ou"&"i"'], ["EG-101", "Oui"]]))
    assert said(reading) == {"EG-066": "blank", "EG-101": "yes"}
    assert codes(reading) == ["cell.no_value"]


# --------------------------------------------------------------------------------------------------------- other formats
LINES = [
    ["Identifiant", "Réponse", "Commentaire"],
    ["EG-066", "Oui", "accès ; fermé\npar défaut"],
    ["EG-101", "Non", "été, à l'œuvre"],
]


def _csv(separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in LINES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_table_in_any_dress(tmp_path, separator, encoding):
    path = tmp_path / "q.csv"
    path.write_bytes(_csv(separator).encode(encoding))
    reading = read(path)
    assert said(reading) == {"EG-066": "yes", "EG-101": "no"}
    assert reading.answers["EG-101"].comment == "été, à l'œuvre"
    assert reading.answers["EG-066"].place == "ligne 2, colonne 2"
    assert reading.answers["EG-101"].place == "ligne 4, colonne 2"


def test_tables_of_a_text_document(tmp_path):
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "Sans rapport"
    table = document.add_table(3, 3)
    for row, cells in enumerate(
        [["Réf.", "Votre réponse", "Preuve"], ["EG-066", "☒ Oui ☐ Non", ""], ["EG-067", "cf. annexe 3", ""]]
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.save(str(tmp_path / "q.docx"))
    reading = read(tmp_path / "q.docx")
    assert said(reading) == {"EG-066": "yes", "EG-067": "described"}
    assert reading.answers["EG-067"].place == "tableau 2, ligne 3, colonne 2"


@pytest.mark.parametrize(
    "data",
    [
        [{"point": "EG-066", "answer": "Oui"}, {"point": "EG-067", "answer": "Non", "comment": "non"}],
        {"answers": [{"id": "EG-066", "réponse": "oui"}, {"id": "EG-067", "réponse": "non"}]},
        {"EG-066": "Oui", "EG-067": "Non"},
        {"reponses": {"EG-066": {"réponse": "Oui"}, "EG-067": {"réponse": "Non", "preuve": "a.pdf"}}},
        {
            "soumissionnaire": "Alpha",
            "themes": [{"titre": "T7", "points": [{"id": "EG-066", "answer": True}, {"id": "O-9.3", "answer": False}]}],
        },
    ],
)
def test_json_in_reasonable_shapes(tmp_path, data):
    path = tmp_path / "q.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert said(read(path)) == {"EG-066": "yes", "EG-067": "no"}


# ---------------------------------------------------------------------------------------------------------- our own sheet
def test_our_own_questionnaire_comes_back_clean(tmp_path):
    path = tmp_path / "q.xlsx"
    questionnaire.write(CLAUSIER, None, path, created=date(2026, 9, 1))
    book = openpyxl.load_workbook(path)
    filled = {
        2: ("Oui", "", ""),
        3: ("Décrit", "", "flux.pdf, § 2"),
        4: ("Décrit", "4 h", ""),
        5: ("Sans objet", "aucun intervenant", ""),
    }
    for row, cells in filled.items():
        for column, text in enumerate(cells, 7):
            book["Questionnaire"].cell(row, column, text)
    book.save(path)
    reading = read(path)
    assert tuple(reading.answers) == ALL
    assert said(reading) == {
        "EG-066": "yes",
        "EG-067": "described",
        "EG-068": "described",
        "EG-101": "na",
        "EG-X01": "blank",
    }
    assert codes(reading) == ["answer.missing"]
    assert all(answer.wording == CLAUSIER.points[point].wording_digest for point, answer in reading.answers.items())


def test_an_answered_point_of_another_version_is_told(tmp_path):
    path = tmp_path / "q.xlsx"
    theme = CLAUSIER.themes[0]
    old = replace(
        theme.points[0], text=replace(theme.points[0].text, fr="Une tout autre exigence, rédigée voici longtemps.")
    )
    questionnaire.write(
        replace(CLAUSIER, version="0.9", themes=(replace(theme, points=(old, *theme.points[1:])),)),
        None,
        path,
        created=date(2026, 1, 1),
    )
    reading = read(path)
    assert "file.other_clausier" in codes(reading)
    assert codes(reading, "EG-066") == ["answer.other_wording"]


def test_fifty_files_are_read_in_about_a_second(tmp_path):
    points = tuple(
        point(f"EG-{n:03}", f"O-{n // 10}.{n % 10}", f"Titre {n}", f"{PATH} Variante numéro {n}.") for n in range(118)
    )
    clausier = Clausier("grand", "1", Text("Grand"), (Theme("T1", Text("Un"), points),))
    rows = [HEAD, *([each.id, each.wording(), "Oui", "Oui", "un commentaire", "annexe 3"] for each in points)]
    path = workbook(tmp_path / "q.xlsx", rows)
    reader = Reader(clausier)
    start = time.process_time()
    for _ in range(50):
        assert len(read_with(reader, path, "q.xlsx").answers) == 118
    assert time.process_time() - start < 4, "five times what is expected of a slow machine"


def test_findings_are_complete_and_in_words(tmp_path):
    rows = [["ID", "Réponse"], ["EG-066", "NC"], ["0-9.3", "Oui"], ["EG-999", "Oui"]]
    for each in read(workbook(tmp_path / "q.xlsx", rows)).findings:
        assert str(each.understood)
        assert str(each.remedy).endswith(".")
        assert each.file == "q.xlsx"
        assert each.place
        assert each.severity is Severity.DOUBT


def test_a_fault_of_ours_costs_one_file(tmp_path, monkeypatch):
    def fail(*_):
        raise KeyError

    monkeypatch.setattr("egide.exchange.layout.table_of", fail)
    reading = read(workbook(tmp_path / "q.xlsx", [["ID", "Réponse"], ["EG-066", "Oui"]]))
    assert codes(reading) == ["file.reader_failed"]
    assert not reading.readable


def test_a_row_of_an_unknown_point_is_no_heading(tmp_path):
    rows = [["ID", "A", "B"], ["EG-999", "Oui", "Non"], ["EG-066", "un mot", "Oui"], ["EG-101", "un autre", "Non"]]
    assert said(read(workbook(tmp_path / "q.xlsx", rows))) == {"EG-066": "yes", "EG-101": "no"}
