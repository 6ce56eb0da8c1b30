"""Marks workbooks: prepared, filled, read back; every fault of every file."""

import csv
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from builders import bid, clausier, point, tender
from egide.clausier.model import AwardUse, Level
from egide.errors import DataError
from egide.exchange import marks_workbook
from egide.exchange.marks import read_marks
from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.tender.model import (
    Acceptance,
    Answer,
    BidClass,
    BidKey,
    Condition,
    Criterion,
    Declared,
    Evaluator,
    Kind,
    Lot,
    Pointer,
    PointUse,
    SubCriterion,
)
from egide.tender.retained import retained_marks

POINTS = clausier(replace(point("P1", 3), na_allowed=False), point("P2", 2), point("P3", 0, AwardUse.NONE))
CRITERIA = (
    Criterion("price", Decimal(40), Kind.PRICE),
    Criterion("security", Decimal(30), Kind.CLAUSIER),
    Criterion(
        "use",
        Decimal(30),
        Kind.MARKED,
        "Usage",
        scale=Decimal(20),
        subcriteria=(SubCriterion("a", Decimal(50), "Écran"), SubCriterion("b", Decimal(50))),
    ),
)
TENDER = tender(
    CRITERIA, evaluators=(Evaluator("rssi", "RSSI", themes=("T1",)), Evaluator("ward", "Service", criteria=("use",)))
)
ANSWERS = {
    "P1": Answer(
        "P1", Declared.YES, Condition.FUTURE, Pointer("Mémoire technique", "§ 4.2"), "=1+1", file="q.xlsx", place="F!A1"
    ),
    "P2": Answer("P2", Declared.NA, proof="annexe 3"),
}


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    doubts = [Finding("x", Severity.DOUBT, message("réponse floue"), message("préciser"), point="P1", tenderer="A")]
    marks_workbook.prepare(tmp_path, TENDER, POINTS, [bid("A", **ANSWERS), bid("B")], doubts)
    return tmp_path


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    head, *lines = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def fill(path: Path, sheet: str, **by_heading: object) -> None:
    """Write the same values in every line of a sheet."""
    book = openpyxl.load_workbook(path)
    head = {cell.value: cell.column for cell in book[sheet][1]}
    for line in range(2, book[sheet].max_row + 1):
        for heading, value in by_heading.items():
            book[sheet].cell(line, head[heading.replace("_", " ")]).value = value
    book.save(path)


def test_each_evaluator_gets_what_he_reads_and_nothing_else(prepared):
    assert sorted(path.name for path in (prepared / "marks").iterdir()) == ["decisions.csv", "rssi.xlsx", "ward.xlsx"]
    points = rows(prepared / "marks/rssi.xlsx", "Points")
    assert [(line["Point"], line["Soumissionnaire"]) for line in points] == [
        ("P1", "A"),
        ("P1", "B"),
        ("P2", "A"),
        ("P2", "B"),
    ]
    assert "Points" not in openpyxl.load_workbook(prepared / "marks/ward.xlsx").sheetnames
    notes = rows(prepared / "marks/ward.xlsx", "Notes")
    assert [(line["Critère"], line["Sous-critère"], line["Intitulé"]) for line in notes][::2] == [
        ("use", "a", "Écran"),
        ("use", "b", "Usage"),
    ]


def test_declarations_are_shown_and_nothing_is_retained_for_the_evaluator(prepared):
    first, blank, na, _ = rows(prepared / "marks/rssi.xlsx", "Points")
    assert (first["Déclaré"], first["Condition"], first["Justificatif annoncé"]) == (
        "Oui",
        "à venir",
        "Mémoire technique, § 4.2",
    )
    assert (first["Commentaire du soumissionnaire"], first["Doutes de lecture"]) == ("=1+1", "réponse floue")
    assert na["Justificatif annoncé"] == "annexe 3"
    assert blank["Déclaré"] == "Sans réponse"
    assert "Insuffisant" in str(blank["Proposition"])
    assert all(line["Niveau retenu"] is None for line in (first, blank, na))
    assert read_marks(prepared, TENDER, POINTS)[0].points == ()


def test_nothing_is_overwritten(prepared):
    with pytest.raises(DataError, match="contient déjà"):
        marks_workbook.prepare(prepared, TENDER, POINTS, [bid("A")], [])


def test_the_workbook_exists_in_english(tmp_path):
    marks_workbook.prepare(tmp_path, TENDER, POINTS, [bid("A", **ANSWERS)], [], "en")
    fill(tmp_path / "marks/rssi.xlsx", "Points", Retained_level="Floor", Reason="Seen page 3.")
    marks, _ = read_marks(tmp_path, TENDER, POINTS)
    assert {mark.level for mark in marks.points} == {"floor"}


def test_what_people_retain_comes_back(prepared):
    fill(
        prepared / "marks/rssi.xlsx",
        "Points",
        Niveau_retenu="Plancher",
        Motif="Vu page 3.",
        Preuve_vue="Annexe 3",
        Sans_objet_accepté="Non",
    )
    fill(prepared / "marks/ward.xlsx", "Notes", Note="12,5", Motif="Essai du 3 octobre.")
    with (prepared / "marks/decisions.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerow(
            ["A", "lot-1", "", "", "Irrégulière", "Responsable fictif", "02/10/2026", "Plancher non tenu.", ""]
        )
    marks, found = read_marks(prepared, TENDER, POINTS)
    assert found == []
    mark = marks.points[0]
    assert (mark.evaluator, mark.bid, mark.point, mark.level) == ("rssi", BidKey("A", "lot-1"), "P1", "floor")
    assert (mark.reason, mark.proof_seen, mark.na, mark.file) == (
        "Vu page 3.",
        "Annexe 3",
        Acceptance.REFUSED,
        "marks/rssi.xlsx",
    )
    assert {note.note for note in marks.notes} == {Decimal("12.5")}
    decision = marks.decisions[0]
    assert (decision.bid_class, decision.decided_on, decision.person) == (
        BidClass.IRREGULAR,
        date(2026, 10, 2),
        "Responsable fictif",
    )
    assert len(marks.files) == 3


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_survives_libreoffice(prepared, tmp_path_factory):
    fill(prepared / "marks/rssi.xlsx", "Points", Niveau_retenu="Plancher", Motif="Vu page 3.")
    before = read_marks(prepared, TENDER, POINTS)[0].points
    out = tmp_path_factory.mktemp("ods")
    profile = f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}"
    source = prepared / "marks/rssi.xlsx"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    source.unlink()
    shutil.copy(out / "rssi.ods", prepared / "marks/rssi.ods")
    after = read_marks(prepared, TENDER, POINTS)[0].points
    assert [(mark.bid, mark.point, mark.level, mark.reason) for mark in after] == [
        (mark.bid, mark.point, mark.level, mark.reason) for mark in before
    ]


# -------------------------------------------------------------------------------------------------------------- faults
HEAD = "Soumissionnaire;Lot;Variante;Tour;Point;Niveau retenu;Motif;Preuve vue;Sans objet accepté\n"
NOTES = "Soumissionnaire;Lot;Critère;Sous-critère;Note;Motif\n"
DECISIONS = "Soumissionnaire;Lot;Classe;Personne;Date;Motif\n"


def found(tmp_path: Path, name: str, text: str) -> list[str]:
    (tmp_path / "marks").mkdir(exist_ok=True)
    (tmp_path / "marks" / name).write_text(text, encoding="utf-8")
    return [finding.code for finding in read_marks(tmp_path, TENDER, POINTS)[1]]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Z;lot-1;;;P1;full;m;;", "mark.tenderer"),
        ("A;lot-9;;;P1;full;m;;", "mark.lot"),
        ("A;lot-1;x;;P1;full;m;;", "mark.number"),
        ("A;lot-1;;;P9;full;m;;", "mark.point"),
        ("A;lot-1;;;P1;superbe;m;;", "mark.level"),
        ("A;lot-1;;;P1;good;m;;", "mark.level"),
        ("A;lot-1;;;P2;full;m;;peut-être", "mark.word"),
        ("A;lot-1;;;P1;full;;;", "mark.no_reason"),
        ("A;lot-1;;;P1;full;m;;Oui", "mark.na_not_allowed"),
        ("A;lot-1;;;P2;;;;Oui", "mark.na_no_level"),
        ("A;lot-1;;;P2;full;m;;\nA;lot-1;;;P2;below;m;;", "mark.twice"),
    ],
)
def test_each_fault_of_a_mark_is_named(tmp_path, line, code):
    assert found(tmp_path, "rssi.csv", HEAD + line) == [code]


def test_a_single_lot_may_be_left_out_and_zero_variants_written(tmp_path):
    assert found(tmp_path, "rssi.csv", HEAD + "A;;0.0;1;P2;Complet;Vu.;;Oui") == []


def test_a_level_to_clarify_waits(tmp_path):

    waiting = clausier(
        replace(point("P1"), levels=(*point("P1").levels[:2], Level("to_clarify", None, Text()), point("P1").levels[2]))
    )
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks/rssi.csv").write_text(HEAD + "A;lot-1;;;P1;à préciser;m;;", encoding="utf-8")
    assert [finding.code for finding in read_marks(tmp_path, TENDER, waiting)[1]] == ["mark.to_clarify"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A;lot-1;price;;10;m", "mark.criterion"),
        ("A;lot-1;use;;10;m", "mark.criterion"),
        ("A;lot-1;use;a;21;m", "mark.note"),
        ("A;lot-1;use;a;NaN;m", "mark.note"),
        ("A;lot-1;use;a;bien;m", "mark.note"),
        ("Z;lot-1;use;a;10;m", "mark.tenderer"),
    ],
)
def test_each_fault_of_a_note_is_named(tmp_path, line, code):
    assert found(tmp_path, "ward.csv", NOTES + line) == [code]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A;lot-1;Irrégulière;;02/10/2026;m", "mark.decision"),
        ("A;lot-1;Irrégulière;P;demain;m", "mark.decision"),
        ("A;lot-1;Mauvaise;P;02/10/2026;m", "mark.word"),
        ("Z;lot-1;Irrégulière;P;2026-10-02;m", "mark.tenderer"),
    ],
)
def test_each_fault_of_a_decision_is_named(tmp_path, line, code):
    assert found(tmp_path, "decisions.csv", DECISIONS + line) == [code]


def test_a_line_not_yet_filled_is_no_fault(tmp_path):
    assert found(tmp_path, "decisions.csv", DECISIONS + "A;lot-1;;;;") == []
    assert found(tmp_path, "ward.csv", NOTES + "A;lot-1;use;a;;") == []


def test_a_file_of_nobody_and_a_file_without_table_are_named(tmp_path):
    assert found(tmp_path, "inconnu.csv", HEAD) == ["mark.stranger"]
    (tmp_path / "marks/inconnu.csv").unlink()
    assert found(tmp_path, "rssi.csv", "a;b\n1;2\n") == ["mark.headings"]


def test_marks_may_be_written_in_yaml(tmp_path):
    text = """
points: [{tenderer: A, lot: lot-1, point: P1, level: full, reason: "Vu page 3."}]
notes: [{tenderer: A, lot: lot-1, criterion: use, subcriterion: a, note: "12", reason: "Vu."}]
decisions: [{tenderer: A, lot: lot-1, class: regular, person: P, date: 2026-10-02, reason: "Régularisée."}]
"""
    assert found(tmp_path, "rssi.yaml", text) == []
    marks, _ = read_marks(tmp_path, TENDER, POINTS)
    assert (len(marks.points), len(marks.notes), len(marks.decisions)) == (1, 1, 1)


@pytest.mark.parametrize("text", ["points: 3", "autre: []", "a: [", "\ufffe"])
def test_yaml_that_says_nothing_known_is_named(tmp_path, text):
    assert found(tmp_path, "rssi.yaml", text)


def test_no_marks_yet_is_no_fault(tmp_path):
    assert read_marks(tmp_path, TENDER, POINTS)[1] == []


# ------------------------------------------------------------------------------------------- interests, rounds, agreement
DECLARED = "Évaluateur;Date;Conflit d'intérêts;Lots concernés;Nature;Mesure prise\n"


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("rssi;01/09/2026;Non;;;", []),
        ("rssi;01/09/2026;Oui;lot-1;Actionnaire;Écarté du lot", []),
        ("rssi;;;;;", []),
        ("rssi;;Non;;;", ["mark.declaration"]),
        ("rssi;01/09/2026;Oui;;;", ["mark.declaration"]),
        ("rssi;01/09/2026;peut-être;;;", ["mark.word"]),
        ("inconnu;01/09/2026;Non;;;", ["mark.declaration"]),
        ("rssi;01/09/2026;Non;lot-9;;", ["mark.declaration"]),
    ],
)
def test_each_fault_of_a_declaration_is_named(tmp_path, line, codes):
    assert found(tmp_path, "declarations.csv", DECLARED + line) == codes


def test_declarations_are_written_once_and_read_back(tmp_path):
    (path,) = marks_workbook.declare(tmp_path, TENDER)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["rssi", "ward"]
    path.write_text(
        "\r\n".join([lines[0], "rssi;01/09/2026;Non;;;", "ward;2026-09-01;Oui;;Actionnaire;"]), encoding="utf-8"
    )
    marks, faults = read_marks(tmp_path, TENDER, POINTS)
    assert faults == []
    assert [(each.evaluator, each.conflict) for each in marks.declarations] == [("rssi", False), ("ward", True)]
    with pytest.raises(DataError, match="déclarations"):
        marks_workbook.declare(tmp_path, TENDER)


def test_no_workbook_for_a_conflict_nor_without_a_declaration(tmp_path):
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks/declarations.csv").write_text(DECLARED + "rssi;01/09/2026;Non;;;\n", encoding="utf-8")
    given, _ = read_marks(tmp_path, TENDER, POINTS)
    written = marks_workbook.prepare(tmp_path, TENDER, POINTS, [bid("A"), bid("B")], [], given=given)
    assert [path.name for path in written] == ["rssi.xlsx", "decisions.csv"]
    with (tmp_path / "marks/declarations.csv").open("a", encoding="utf-8") as file:
        file.write("ward;02/09/2026;Non;;;\n")
    given, _ = read_marks(tmp_path, TENDER, POINTS)
    written = marks_workbook.prepare(tmp_path, TENDER, POINTS, [bid("A"), bid("B")], [], given=given)
    assert [path.name for path in written] == ["ward.xlsx"]


def test_a_later_round_starts_from_what_was_retained_of_the_same_answer(tmp_path):
    first = bid("A", **ANSWERS)
    marks_workbook.prepare(tmp_path, TENDER, POINTS, [first], [])
    fill(tmp_path / "marks/rssi.xlsx", "Points", Niveau_retenu="Plancher", Motif="Vu page 3.")
    given, _ = read_marks(tmp_path, TENDER, POINTS)
    new = Answer("P2", Declared.YES, file="bids/A/lot-1/round-2/q.xlsx", place="F!A2", raw="oui")
    second = replace(first, key=replace(first.key, round=2), answers={**ANSWERS, "P2": new})
    written = marks_workbook.prepare(tmp_path, TENDER, POINTS, [first, second], [], given=given)
    assert [path.name for path in written] == ["rssi@tour-2.xlsx", "ward@tour-2.xlsx"]
    same, changed = rows(tmp_path / "marks/rssi@tour-2.xlsx", "Points")
    assert (same["Tour"], same["Niveau retenu"], same["Motif"]) == ("2", "Plancher", "Vu page 3.")
    assert changed["Niveau retenu"] is None
    assert "retenu au tour 1 : Plancher" in str(changed["Proposition"])
    marks, _ = read_marks(tmp_path, TENDER, POINTS)
    assert {(mark.evaluator, mark.bid.round, mark.point) for mark in marks.points} == {
        ("rssi", 1, "P1"), ("rssi", 1, "P2"), ("rssi", 2, "P1"),
    }  # fmt: skip


def test_points_of_another_lot_are_not_asked(tmp_path):
    lots = (Lot("lot-1"), Lot("lot-2"))
    only = replace(TENDER, lots=lots, points={"P2": PointUse(lots=("lot-2",))})
    marks_workbook.prepare(tmp_path, only, POINTS, [bid("A", **ANSWERS)], [])
    assert [line["Point"] for line in rows(tmp_path / "marks/rssi.xlsx", "Points")] == ["P1"]


def test_what_differs_is_agreed_side_by_side(tmp_path):
    twice = replace(
        TENDER, evaluators=(Evaluator("rssi", themes=("T1",)), Evaluator("ward", themes=("T1",), criteria=("use",)))
    )
    (tmp_path / "marks").mkdir()
    for name, level, note in (("rssi", "full", "12"), ("ward", "floor", "12")):
        (tmp_path / f"marks/{name}.csv").write_text(HEAD + f"A;lot-1;;;P1;{level};Vu par {name}.;;\n", encoding="utf-8")
        (tmp_path / f"marks/{name}@notes.csv").write_text(NOTES + f"A;lot-1;use;a;{note};Vu.\n", encoding="utf-8")
    given, faults = read_marks(tmp_path, twice, POINTS)
    assert faults == []
    marks_workbook.harmonise(tmp_path, twice, POINTS, [bid("A", **ANSWERS)], given)
    (line,) = rows(tmp_path / "marks/harmonisation.xlsx", "Points")
    assert line["Retenu par chacun"] == "rssi : Complet – Vu par rssi.\nward : Plancher – Vu par ward."
    fill(tmp_path / "marks/harmonisation.xlsx", "Points", Niveau_retenu="Plancher", Motif="Preuve partielle.")
    agreed, _ = read_marks(tmp_path, twice, POINTS)
    assert [mark.level for mark in retained_marks(agreed.points)[BidKey("A", "lot-1"), "P1"]] == ["floor"]
    with pytest.raises(DataError, match="harmonisation"):
        marks_workbook.harmonise(tmp_path, twice, POINTS, [bid("A")], agreed)


def test_notes_that_differ_are_agreed_too_and_nothing_is_shown_before_all_are_in(tmp_path):
    both = (Evaluator("rssi", criteria=("use",)), Evaluator("ward", criteria=("use",)))
    twice = replace(TENDER, evaluators=both, double_reading=True)
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks/rssi.csv").write_text(NOTES + "A;lot-1;use;a;12;Vu.\n", encoding="utf-8")
    with pytest.raises(DataError, match="attendues") as refusal:
        marks_workbook.harmonise(tmp_path, twice, POINTS, [bid("A")], read_marks(tmp_path, twice, POINTS)[0])
    assert [finding.place for finding in refusal.value.findings] == ["ward"]
    (tmp_path / "marks/ward.csv").write_text(NOTES + "A;lot-1;use;a;12;Vu.\n", encoding="utf-8")
    with pytest.raises(DataError, match="rien à harmoniser"):
        marks_workbook.harmonise(tmp_path, twice, POINTS, [bid("A")], read_marks(tmp_path, twice, POINTS)[0])
    (tmp_path / "marks/ward.csv").write_text(NOTES + "A;lot-1;use;a;15;Vu.\n", encoding="utf-8")
    marks_workbook.harmonise(tmp_path, twice, POINTS, [bid("A")], read_marks(tmp_path, twice, POINTS)[0])
    (line,) = rows(tmp_path / "marks/harmonisation.xlsx", "Notes")
    assert (line["Critère"], line["Sous-critère"]) == ("use", "a")


def test_a_table_of_declarations_that_nobody_filled_gives_no_workbook(tmp_path):
    marks_workbook.declare(tmp_path, TENDER)
    given, _ = read_marks(tmp_path, TENDER, POINTS)
    written = marks_workbook.prepare(tmp_path, TENDER, POINTS, [bid("A"), bid("B")], [], given=given)
    assert [path.name for path in written] == ["decisions.csv"]
