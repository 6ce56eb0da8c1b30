"""Prices by the schedule in the report and in the matrix: lines, options, variants, differences, lots added up."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from egide import reference
from egide.exchange.prices.amount import problem
from egide.report import matrix
from egide.report.papers.typography import plain_text
from egide.report.rao import prices
from egide.report.record import Record
from egide.report.view import View, view
from egide.tender.evaluation import evaluate
from egide.tender.model import Price
from egide.tender.pricing import priced
from egide.tender.schedule import Period, Schedule, ScheduleLine
from report import consultations

SCHEDULE = Schedule(
    (
        ScheduleLine("P1", "Mise en service", "forfait", group="Mise en place"),
        ScheduleLine("S1", "Supervision d'un lit", "lit", Decimal(1200), Period.MONTH, group="Abonnement"),
        ScheduleLine("M1", "Maintien des règles", "an", period=Period.YEAR, months=43, group="Abonnement"),
        ScheduleLine("O1", "Astreinte sur site", quantity=Decimal(4), optional=True),
    ),
    48,
)
UNITS = ({"P1": "10000", "S1": "2.505", "M1": "1000", "O1": "300"}, {"P1": "11000", "S1": "2.5", "M1": "1000", "O1": "350"},
         {"P1": "9000", "S1": "2.6", "M1": "300"})  # fmt: skip


def record(lots: int = 2, language: str = "fr", count: int = 3) -> Record:
    asked = consultations.tender(count, lots, schedule=SCHEDULE, variants_allowed=True)
    clausier, rules = reference.load(asked)
    received = []
    for bid in consultations.bids(asked, clausier):
        units = {line: Decimal(unit) for line, unit in UNITS[int(bid.key.tenderer[1:]) % 3].items()}
        for variant in (0, 1) if bid.key.tenderer == "t01" else (0,):
            made = priced(SCHEDULE, bid.key.lot, units | ({"P1": Decimal(8000)} if variant else {}))
            price = Price(made.total, made.lines, made.options, f"bids/{bid.key.tenderer}/{bid.key.lot}/prix.xlsx")
            received.append(replace(bid, key=replace(bid.key, variant=variant), price=price))
    evaluation = evaluate(asked, clausier, rules, received, consultations.marks(asked, clausier, received))
    said = replace(problem("price.zero", "bids/t02/lot-1/prix.xlsx", "BPU!E3", "0"), tenderer="t02")
    return Record(evaluation, (said, *evaluation.findings), language, date(2026, 11, 20))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def kept() -> Record:
    return record()


def seen_of(kept: Record) -> View:
    return view(kept, plain_text)


def blocks_of(kept: Record, lot: str = "lot-1") -> list:
    seen = seen_of(kept)
    return prices.detail(seen, seen.evaluation.lot(lot))


def text_of(blocks: list) -> str:
    return json.dumps(blocks, ensure_ascii=False).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def table_with(blocks: list, head: str) -> list[list[str]]:
    found = next(each for each in blocks if each["kind"] == "table" and each["head"][0] == head)
    return [
        [cell.replace("\u202f", " ").replace("\u00a0", " ") for cell in row] for row in (found["head"], *found["rows"])
    ]


def test_lines_are_side_by_side_with_subtotals_and_the_price_compared(kept):
    rows = table_with(blocks_of(kept), "Ligne")
    by_label = {row[0].split("\n")[0]: row[1:] for row in rows}
    imagys = rows[0].index("Imagys SAS") - 1
    assert by_label["S1 – Supervision d’un lit"][imagys] == "2,505\n144 288,00 €"
    assert by_label["M1 – Maintien des règles"][imagys] == "1 000,00\n3 583,33 €"
    assert by_label["Sous-total : Abonnement"][imagys] == "147 871,33 €"
    assert by_label["Prix comparé HT"][imagys] == "157 871,33 €"
    assert "pendant 48 mois" in text_of(rows)
    assert "nombre d'années : 3,58" in text_of(rows)


def test_options_stand_apart_and_a_missing_one_is_a_dash(kept):
    (head, option) = table_with(blocks_of(kept), "Option")
    assert option[head.index("Imagys SAS")] == "300,00\n1 200,00 €"
    assert option[head.index("Nordic Imaging France")] == "—"


def test_a_variant_stands_beside_its_base(kept):
    heads = [each["head"] for each in blocks_of(kept) if each["kind"] == "table" and each["head"][0] == "Ligne"]
    assert [len(head) for head in heads] == [4, 3]
    assert heads[1][1] == "Radiolis Hébergement"
    assert "variante 1" in heads[1][2]


def test_differences_are_written_with_their_place(kept):
    assert ["Nordic Imaging France", "prix.xlsx, BPU!E3", "le prix total est nul"] in table_with(
        blocks_of(kept), "Soumissionnaire"
    )
    assert "Aucun écart entre les pièces de prix" in text_of(blocks_of(kept, "lot-2"))


def test_low_lines_are_written_with_the_figures_that_note_them(kept):
    rows = table_with(blocks_of(kept), "Offre")
    assert rows[1:] == [["Nordic Imaging France", "M1", "300,00", "1 000,00", "−70,0 %", "1 000,00", "−70,0 %"]]


def test_lots_are_added_up_and_their_marks_are_not(kept):
    seen = seen_of(kept)
    found = prices.global_prices(seen)
    rows = table_with(found, "Soumissionnaire")
    assert rows[1] == ["Imagys SAS", "157 871,33 €", "157 871,33 €", "315 742,66 €", "2"]
    assert "jamais moyennées" in text_of(found)
    assert prices.global_prices(seen_of(record(1))) == []
    assert prices.global_prices(replace(seen, part=True)) == []


def test_many_bids_show_groups_and_send_to_the_matrix():
    found = blocks_of(record(1, count=18))
    assert "feuille « Prix »" in text_of(found)
    assert not any("S1 –" in row[0] for row in table_with(found, "Ligne"))


def test_a_lot_without_schedule_has_nothing_here():
    seen = seen_of(consultations.record(3, 1))
    assert prices.detail(seen, seen.evaluation.lot("lot-1")) == []
    assert prices.detail(seen, ()) == []
    assert "Prix" not in openpyxl.load_workbook(io.BytesIO(matrix.workbook(consultations.record(2, 1)))).sheetnames


def test_english_has_no_french_left():
    found = text_of(blocks_of(record(1, "en"))) + text_of(prices.global_prices(seen_of(record(2, "en"))))
    assert "Price compared" in found
    for french in ("Prix", "Ligne", "Quantité", "Sous-total", "Écart", "pendant"):
        assert french not in found.replace("Prix sur la durée", "")


def test_the_matrix_has_a_sheet_of_prices_whose_formulas_hold_their_values(kept):
    book = matrix.workbook(kept)
    values = openpyxl.load_workbook(io.BytesIO(book), data_only=True)["Prix lot-1"]
    formulas = openpyxl.load_workbook(io.BytesIO(book))["Prix lot-1"]
    totals = {row[1].value: row for row in values.iter_rows()}["Prix comparé HT"]
    rows = [row for row in kept.evaluation.ranking if row.key.lot == "lot-1"]
    assert [cell.value for cell in totals[6::2]] == [float(row.price) for row in rows]
    written = {row[1].value: row for row in formulas.iter_rows()}
    assert str(written["Prix comparé HT"][6].value).startswith("=SUM(")
    assert str(written["Maintien des règles"][4].value) == "=43/12"
    assert str(written["Maintien des règles"][6].value).startswith("=ROUND(")


@pytest.mark.long
@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same_prices(tmp_path: Path, kept: Record) -> None:
    from report.test_documents import _without_cached_values

    file = tmp_path / "matrice.xlsx"
    file.write_bytes(_without_cached_values(matrix.workbook(kept)))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "ods:calc8", "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=120
    )
    subprocess.run([*command, "xlsx", "--outdir", str(tmp_path / "out"), str(tmp_path / "matrice.ods")], check=True, capture_output=True, timeout=120)  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "out/matrice.xlsx", data_only=True)["Prix lot-2"]
    totals = {row[1].value: row for row in sheet.iter_rows()}["Prix comparé HT"]
    rows = [row for row in kept.evaluation.ranking if row.key.lot == "lot-2"]
    assert [cell.value for cell in totals[6::2]] == pytest.approx([float(row.price) for row in rows])
