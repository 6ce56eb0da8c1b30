"""The main job from the command line: exit codes, machine output, bad input, nothing half-written."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import pdf_text
from builders import clausier, point
from egide.clausier.model import AwardUse
from egide.cli import main
from egide.exchange import questionnaire
from egide.exchange.clausiers import native

TENDER = """format: 1
title: "Essai (fictif)"
buyer: {name: "GHT fictif"}
sent_on: 2026-09-01
deadline: 2026-10-05T12:00:00+02:00
clausier: {file: mien.json}
lots: [{id: lot-1}]
tenderers: [{id: alpha, name: "Alpha (fictif)"}, {id: beta, name: "Bêta (fictif)"}]
criteria:
- {id: prix, title: Prix, weight: 40, kind: price}
- {id: securite, title: Sécurité, weight: 40, kind: clausier}
- {id: environnement, title: Environnement, weight: 20, kind: marked, scale: 20, environmental: true}
evaluators: [{id: rssi, role: RSSI}]
"""
POINTS = clausier(point("P1", 3), point("P2", 2, AwardUse.MINIMUM_THEN_SCORED))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tender.yaml").write_text(TENDER, encoding="utf-8")
    (tmp_path / "mien.json").write_text(native.text(POINTS), encoding="utf-8")
    for name, price in (("alpha", "100000"), ("beta", "120000")):
        bid = tmp_path / "bids" / name / "lot-1"
        bid.mkdir(parents=True)
        questionnaire.write(POINTS, None, bid / "q.xlsx", created=date(2026, 9, 1))
        (bid / "price.yaml").write_text(f'format: 1\ntotal: "{price}.00"\n', encoding="utf-8")
        answer(bid / "q.xlsx", P1="Oui", P2="Oui")
    return tmp_path


def answer(path: Path, **answers: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Questionnaire"]
    column = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "Réponse")
    for row in sheet.iter_rows():
        if row[0].value in answers:
            sheet.cell(row[0].row, column).value = answers[str(row[0].value)]
    book.save(path)


def retain(folder: Path, levels: dict[str, tuple[str, str]], notes: dict[str, str]) -> None:
    (folder / "marks").mkdir(exist_ok=True)
    lines = [
        [name, "lot-1", f"P{n}", level, "Vu page 3."]
        for name, pair in levels.items()
        for n, level in enumerate(pair, 1)
    ]
    with (folder / "marks/rssi.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [["Soumissionnaire", "Lot", "Point", "Niveau retenu", "Motif"], *lines]
        )
    book = openpyxl.Workbook()
    book.active.append(["Soumissionnaire", "Lot", "Critère", "Note", "Motif"])
    for name, note in notes.items():
        book.active.append([name, "lot-1", "environnement", note, "Vu."])
    book.save(folder / "marks/rssi.xlsx")


def complete(folder: Path) -> None:
    retain(folder, {"alpha": ("full", "floor"), "beta": ("full", "full")}, {"alpha": "10", "beta": "20"})


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(each) for each in arguments])
    return caught.value.code or 0


def result(folder: Path, capsys, *more: str) -> tuple[int, dict]:
    code = run("evaluate", folder, "-o", folder / "out", "--json", *more)
    return code, json.loads(capsys.readouterr().out)


def test_a_complete_folder_gives_a_final_ranking_and_its_files(folder, capsys):
    complete(folder)
    code, said = result(folder, capsys, "--seed", "7", "--date", "2026-10-20")
    assert (code, said["status"], said["seed"], said["date"]) == (0, "final", 7, "2026-10-20")
    ranked = [
        (row["tenderer"], row["lot"], row["rank"], row["class"], row["abnormally_low"]) for row in said["ranking"]
    ]
    assert ranked == [("beta", "lot-1", 1, "regular", False), ("alpha", "lot-1", 2, "regular", False)]
    assert [row["total_displayed"] for row in said["ranking"]] == ["93.33", "82.00"]
    assert abs(Decimal(said["ranking"][0]["total"]) - Decimal("93.3333333333")) < Decimal("1e-9")
    assert len(said["fingerprint"]) == 64
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "evaluation.json",
        "matrice.xlsx",
        "rapport-analyse-offres.docx",
        "rapport-analyse-offres.pdf",
    ]
    assert json.loads((folder / "out/evaluation.json").read_text(encoding="utf-8")) == said


def test_without_marks_the_result_is_provisional_and_exits_with_0(folder, capsys):
    complete(folder)
    run("evaluate", folder, "-o", folder / "out")
    (folder / "marks/rssi.csv").unlink()
    capsys.readouterr()
    code, said = result(folder, capsys)
    assert (code, said["status"]) == (0, "provisional")
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["evaluation.json", "matrice.xlsx"]


def test_the_person_at_the_terminal_reads_the_conclusion_and_the_places(folder, capsys):
    complete(folder)
    assert run("evaluate", folder, "-o", folder / "out") == 0
    said = capsys.readouterr().out
    assert "1er · Bêta (fictif) · 93,33 / 100" in said
    assert "rapport-analyse-offres.pdf" in said
    assert run("evaluate", folder, "-o", folder / "out", "--lang", "en") == 0
    assert "93.33 / 100" in capsys.readouterr().out


def test_same_inputs_same_bytes(folder):
    complete(folder)
    run("evaluate", folder, "-o", folder / "one")
    run("evaluate", folder, "-o", folder / "two")
    for path in (folder / "one").iterdir():
        assert path.read_bytes() == (folder / "two" / path.name).read_bytes(), path.name


def test_a_stored_evaluation_is_shown_from_what_was_kept(folder, tmp_path_factory):
    complete(folder)
    run("evaluate", folder, "-o", folder / "one")
    other = tmp_path_factory.mktemp("later")
    assert run("report", folder / "one/evaluation.json", "-o", other / "two") == 0
    for path in (folder / "one").iterdir():
        assert path.read_bytes() == (other / "two" / path.name).read_bytes(), path.name


def test_each_kind_of_input_changes_what_depends_on_it(folder):
    complete(folder)

    def outputs() -> dict[str, bytes]:
        run("evaluate", folder, "-o", folder / "out")
        return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}

    def edit(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    before = outputs()
    assert outputs() == before
    changes = [
        lambda: edit("tender.yaml", "Essai (fictif)", "Autre essai (fictif)"),
        lambda: edit("mien.json", "Exigence P1", "Exigence P1 bis"),
        lambda: edit("bids/alpha/lot-1/price.yaml", "100000", "100001"),
        lambda: edit("marks/rssi.csv", "Vu page 3.", "Vu page 4."),
        lambda: answer(folder / "bids/alpha/lot-1/q.xlsx", P1="Non"),
    ]
    for change in changes:
        change()
        after = outputs()
        assert {name for name in before if before[name] == after[name]} == set()
        before = after


# ----------------------------------------------------------------------------------------------------------- bad input
def replace(name: str, old: str, new: str):
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def stranger(folder: Path) -> None:
    (folder / "bids/inconnu/lot-1").mkdir(parents=True)
    (folder / "bids/inconnu/lot-1/q.csv").write_text("Point;Réponse\nP1;Oui\n", encoding="utf-8")


def unknown_point(folder: Path) -> None:
    with (folder / "marks/rssi.csv").open("a", encoding="utf-8") as file:
        file.write("alpha;lot-1;P9;full;Vu.\r\n")


PRICE = "bids/alpha/lot-1/price.yaml"
FAULTS = {
    "unknown clausier": (replace("tender.yaml", "{file: mien.json}", "{id: autre}"), "tender.yaml"),
    "absent clausier": (replace("tender.yaml", "mien.json", "absent.json"), "absent.json"),
    "weights": (replace("tender.yaml", "weight: 20", "weight: 19.99"), "tender.yaml"),
    "no lots": (replace("tender.yaml", "lots: [{id: lot-1}]\n", ""), "tender.yaml"),
    "negative price": (replace(PRICE, '"100000.00"', '"-5"'), PRICE),
    "NaN price": (replace(PRICE, '"100000.00"', '"NaN"'), PRICE),
    "missing price": (lambda folder: (folder / PRICE).unlink(), "bids/alpha/lot-1"),
    "stranger": (stranger, "bids/inconnu"),
    "unknown point": (unknown_point, "marks/rssi.csv"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_names_file_place_and_remedy_and_writes_nothing(folder, capsys, name):
    change, file = FAULTS[name]
    complete(folder)
    change(folder)
    code, said = result(folder, capsys)
    assert code == 1
    errors = [finding for finding in said["findings"] if finding["severity"] == "error"]
    assert any(finding["file"].startswith(file) for finding in errors), errors
    assert all(finding["understood"] and finding["remedy"] for finding in errors)
    assert not (folder / "out").exists()
    assert not list(folder.glob(".out-*"))


def test_a_zero_total_is_a_question(folder, capsys):
    complete(folder)
    replace(PRICE, "100000.00", "0")(folder)
    code, said = result(folder, capsys)
    assert (code, said["status"]) == (0, "provisional")
    assert "price.zero" in {finding["code"] for finding in said["findings"]}


def test_one_unreadable_file_touches_its_own_bid_only(folder, capsys):
    complete(folder)
    (folder / "bids/alpha/lot-1/q.xlsx").write_bytes(b"PK\x03\x04 tronqu")
    code, said = result(folder, capsys)
    assert code == 1
    assert {row["tenderer"] for row in said["ranking"]} == {"alpha", "beta"}
    errors = [finding for finding in said["findings"] if finding["severity"] == "error"]
    assert {finding["tenderer"] for finding in errors} == {"alpha"}
    assert (folder / "out/evaluation.json").exists()


def test_wrong_usage_is_2(folder, capsys):
    assert run("evaluate", folder) == 2
    assert run("evaluate", folder, "-o", folder / "out", "--date", "demain") == 2
    assert run("evaluate", folder, "-o", folder / "out", "--lang", "de") == 2
    assert run("report", folder / "absent.json", "-o", folder / "out") == 1
    capsys.readouterr()


def test_a_place_that_cannot_be_written_is_said(folder, capsys):
    complete(folder)
    (folder / "out").write_text("un fichier, pas un dossier")
    assert run("evaluate", folder, "-o", folder / "out") == 1
    said = capsys.readouterr().err
    assert "un fichier est là où un dossier est attendu" in said
    assert "→ Choisir un autre dossier" in said
    assert (folder / "out").read_text() == "un fichier, pas un dossier"
    assert not list(folder.glob(".egide-*"))


def test_the_evaluation_of_another_consultation_is_never_written_over(folder, capsys):
    complete(folder)
    assert run("evaluate", folder, "-o", folder / "out") == 0
    kept = (folder / "out" / "evaluation.json").read_bytes()
    other = TENDER.replace("Essai (fictif)", "Autre (fictif)").replace("2026-09-01", "2026-09-02")
    (folder / "tender.yaml").write_text(other, encoding="utf-8")
    assert run("evaluate", folder, "-o", folder / "out") == 1
    assert "evaluation.other" in capsys.readouterr().err
    assert (folder / "out" / "evaluation.json").read_bytes() == kept


def test_a_name_cannot_command_the_terminal(folder, capsys):
    complete(folder)
    text = TENDER.replace("Alpha (fictif)", "\\e[31mAlpha\\a \u202e(fictif)")
    (folder / "tender.yaml").write_text(text, encoding="utf-8")
    assert run("evaluate", folder, "-o", folder / "out") == 0
    said = capsys.readouterr().out
    assert "\ufffd[31mAlpha\ufffd \ufffd(fictif)" in said
    assert not {"\x1b", "\a", "\u202e"} & set(said)


def test_machine_output_tells_a_wrong_usage_too(folder, capsys):
    assert run("evaluate", folder, "-o", folder / "out", "--date", "hier", "--json") in {1, 2}
    assert json.loads(capsys.readouterr().out)["status"] == "refused"


def test_marks_are_prepared_and_never_overwritten(folder, capsys):
    assert run("marks", "prepare", folder) == 0
    assert (folder / "marks/rssi.xlsx").exists()
    assert run("marks", "prepare", folder) == 1
    assert "contient déjà" in capsys.readouterr().err
    (folder / "tender.yaml").write_text(TENDER.replace("weight: 20", "weight: 21"), encoding="utf-8")
    assert run("marks", "prepare", folder) == 1


def test_each_tenderer_gets_a_page_of_its_own_doubts_and_of_nobody_else(folder, capsys):
    answer(folder / "bids/alpha/lot-1/q.xlsx", P1="à voir")
    answer(folder / "bids/beta/lot-1/q.xlsx", P2="Oui, sauf CANARI")
    assert run("bids", "doubts", folder, "-o", folder / "precisions", "--date", "2026-10-06") == 0
    pages = {path.name: text(path) for path in (folder / "precisions").iterdir()}
    assert set(pages) == {"precisions-alpha.pdf", "precisions-beta.pdf"}
    assert "CANARI" in pages["precisions-beta.pdf"]
    assert "CANARI" not in pages["precisions-alpha.pdf"]
    assert "Bêta" not in pages["precisions-alpha.pdf"]
    capsys.readouterr()


def text(path: Path) -> str:
    return " ".join(pdf_text.pages(path))


def test_check_says_what_is_understood_and_exits_with_0_doubts_included(folder, capsys):
    sheet = folder / "q.csv"
    sheet.write_text("Point;Réponse\nP1;Oui, sauf la nuit\nP2;à voir\n", encoding="utf-8")
    assert run("check", sheet, "--clausier", folder / "mien.json", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [each["point"] for each in said["answers"]] == ["P1", "P2"]
    assert said["answers"][0]["condition"] == "reserve"
    assert {finding["point"] for finding in said["findings"]} >= {"P1", "P2"}
    assert set(said["answers"][0]) >= {"point", "declared", "condition", "pointer", "place", "raw"}


def test_check_of_an_unreadable_file_or_an_unknown_clausier_is_1(folder, capsys):
    (folder / "vide.pdf").write_bytes(b"%PDF-1.7 rien")
    assert run("check", folder / "vide.pdf") == 1
    assert run("check", folder / "absent.xlsx") == 1
    assert run("check", folder / "vide.pdf", "--clausier", "inconnu") == 1
    capsys.readouterr()


def test_an_excluded_bid_needs_no_price(folder, capsys):
    complete(folder)
    replace(PRICE, '"100000.00"', '"-5"')(folder)
    decision = "Soumissionnaire;Lot;Classe;Personne;Date;Motif\nalpha;lot-1;Irrégulière;Personne fictive;06/10/2026;Prix négatif.\n"
    (folder / "marks/decisions.csv").write_text(decision, encoding="utf-8")
    code, said = result(folder, capsys)
    assert (code, said["status"]) == (1, "final")
    assert [(row["tenderer"], row["rank"]) for row in said["ranking"]] == [("beta", 1), ("alpha", None)]


@pytest.mark.parametrize(
    "written", ["total: 100000", "total: 100 000,50 €", "format: 1\ntotal: 100000.5\ncurrency: EUR"]
)
def test_a_price_may_be_written_as_people_write_it(folder, capsys, written):
    complete(folder)
    (folder / PRICE).write_text(written + "\n", encoding="utf-8")
    code, said = result(folder, capsys)
    assert (code, said["status"]) == (0, "final"), said["findings"]
