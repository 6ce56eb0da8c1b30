"""Prices read line by line against a published schedule: what is understood, what is said, and our own frame."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import plain
from egide.clausier.model import Clausier
from egide.exchange import grid
from egide.exchange.answers import Reading
from egide.exchange.bids import read_bids
from egide.exchange.prices import bid_price
from egide.exchange.prices import frame as price_frame
from egide.finding import Severity
from egide.message import Text
from egide.tender.model import BidKey, Buyer, Criterion, Kind, Lot, Tender, Tenderer
from egide.tender.schedule import Period, Prevails, Schedule, ScheduleLine

CASES = Path(__file__).parent.parent.parent / "cases/prices.yaml"
DATA = plain.parse_yaml(CASES.read_text(encoding="utf-8"), "prices.yaml")
SCHEDULE = plain.structure(DATA["schedule"], Schedule, "prices.yaml")
TENDER = Tender(
    title="Supervision managée (fictive)",
    buyer=Buyer("CHU fictif"),
    sent_on=date(2026, 9, 1),
    deadline=datetime(2026, 10, 5, 10, tzinfo=UTC),
    criteria=(Criterion("price", Decimal(100), Kind.PRICE),),
    tenderers=(Tenderer("alpha", "Alpha"),),
    lots=(Lot("lot-1", "Supervision"),),
    schedule=SCHEDULE,
)
NOTHING_ASKED = Clausier("essai", "1", Text("Essai", "Trial"), ())


def table(case):
    """Return the rows of the filled frame, changed as the case says."""
    heading = case.get("heading", DATA["heading"])
    rows = [list(row) for row in DATA["frame"] if row[0] not in case.get("drop", ())]
    change = case.get("change", {})
    for row in rows:
        if row[1] == "Total HT":
            row[5] = change.get("Total", row[5])
            row[1] = case.get("rename", row[1])
        for column, text in change.get(row[0], {}).items() if row[0] else ():
            row[DATA["heading"].index(column)] = text
    rows += case.get("add", [])
    return [heading, *(reversed(rows) if case.get("reverse") else rows)]


def written(folder, name, content):
    path = folder / name
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    book.active.title = "BPU" if name == "offre de prix.xlsx" else "Feuille1"
    for number, row in enumerate(content, 1):
        for column, text in enumerate(row, 1):
            if text not in {"", None}:
                numeric = re.fullmatch(r"-?\d+(\.\d+)?", text)
                book.active.cell(number, column, float(text) if numeric else text.removeprefix("'"))
    book.save(path)
    return path


def read(paths, tender=TENDER, lot="lot-1", earlier=None):
    """Return the price of the files, as `read_bids` gathers them."""
    yamls = [(path, path.name) for path in paths if path.suffix == ".yaml"]
    tables = []
    for path in paths:
        if path.suffix != ".yaml":
            sheets, findings = grid.read(path, path.name)
            assert not findings
            tables.append(
                (
                    path.name,
                    bid_price.price_sheets(Reading(path.name, {}, (), readable=True, sheets=sheets), scheduled=True),
                )
            )
    return bid_price.from_schedule(yamls, tables, tender, lot, earlier)


@pytest.mark.parametrize("case", DATA["cases"], ids=[case["name"] for case in DATA["cases"]])
def test_cases(tmp_path, case):
    files = case.get("files") or {"offre de prix.xlsx": table(case)} | case.get("with", {})
    tender = replace(TENDER, schedule=replace(SCHEDULE, prevails=Prevails(case.get("prevails", "bpu"))))
    found, findings = read([written(tmp_path, name, content) for name, content in files.items()], tender)
    assert (str(found.total) if found else None) == case.get("total", DATA["total"])
    assert {each.code: each.place for each in findings} == (case["codes"] or {})
    for each in findings:
        assert each.file in files or each.code == "price.schedule_absent"
        assert str(each.understood)
        assert str(each.remedy)
        assert "{" not in str(each.understood)


def test_options_stand_apart_and_lines_say_how_they_are_counted(tmp_path):
    found, _ = read([written(tmp_path, "prix.xlsx", table({}))])
    assert [(line.id, line.amount) for line in found.options] == [
        ("O1", Decimal("3600.00")),
        ("O2", Decimal("2000.00")),
    ]
    assert found.total == sum(line.amount for line in found.lines)
    assert [(line.unit_price, line.quantity) for line in found.lines if line.id == "B1"] == [(500, 8)]


def test_a_later_round_completes_the_prices_of_the_one_before(tmp_path):
    before, _ = read([written(tmp_path, "prix.xlsx", table({}))])
    later, findings = read([written(tmp_path, "price.yaml", "{lines: [{id: B1, unit_price: 450}]}")], earlier=before)
    assert later.total == before.total - 50 * 8 * 48
    assert [each.code for each in findings] == ["price.line_carried"]


def test_read_bids_takes_the_schedule_and_names_the_tenderer(tmp_path):
    folder = tmp_path / "bids/alpha/lot-1"
    folder.mkdir(parents=True)
    written(folder, "offre de prix.xlsx", table({"change": {"C1": {"Prix unitaire HT": "inclus", "Montant HT": ""}}}))
    written(folder, "ATTRI1.xlsx", [["Montant total HT", "300 000 €"]])
    (bid,), findings = read_bids(tmp_path, TENDER, NOTHING_ASKED)
    assert bid.key == BidKey("alpha", "lot-1")
    assert bid.price.total == Decimal("201000.00")
    said = {each.code: (each.tenderer, each.file) for each in findings if each.code.startswith("price.")}
    assert said["price.line_word"] == ("alpha", "bids/alpha/lot-1/offre de prix.xlsx")
    assert said["price.engagement"] == ("alpha", "bids/alpha/lot-1/ATTRI1.xlsx")
    assert "file.no_points" not in {each.code for each in findings}


# -------------------------------------------------------------------------------------------------------- our own frame
UNITS = {"A1": 10000, "B1": 500, "C1": 1200, "R1": -1000, "O1": 900, "O2": 2000}


def frame(path, language="fr", tender=TENDER):
    price_frame.write(tender, "lot-1", path, language, date(2026, 9, 1))
    return path


def fill(path):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    for row in sheet.iter_rows(min_row=6):
        if row[0].value in UNITS:
            row[6].value = UNITS[row[0].value]
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_frame_filled_is_read_back_without_a_finding(tmp_path, language):
    found, findings = read([fill(frame(tmp_path / "6-cadre-de-prix-lot-1.xlsx", language))])
    assert findings == []
    assert str(found.total) == DATA["total"]


def test_our_frame_is_the_same_bytes_twice_and_refuses_a_lot_without_line(tmp_path):
    assert frame(tmp_path / "a.xlsx").read_bytes() == frame(tmp_path / "b.xlsx").read_bytes()
    with pytest.raises(ValueError, match="lot-1"):
        frame(tmp_path / "c.xlsx", tender=replace(TENDER, schedule=Schedule()))


def test_our_frame_left_empty_is_as_many_missing_lines(tmp_path):
    found, findings = read([frame(tmp_path / "prix.xlsx")])
    assert found is None
    assert [each.code for each in findings] == ["price.line_missing"] * 4 + ["price.option_missing"] * 2


def test_a_frame_of_an_older_schedule_is_told(tmp_path):
    older = replace(TENDER, schedule=replace(SCHEDULE, months=36))
    found, findings = read([fill(frame(tmp_path / "prix.xlsx", tender=older))])
    assert "price.frame_old" in {each.code for each in findings}
    assert str(found.total) == DATA["total"]


def test_a_hostile_sheet_costs_little_and_loses_nothing(tmp_path):
    rows = [[f"X{n}", f"Supervision d'un établissement numéro {n}", "u", "1", "5", "5"] for n in range(3_000)]
    found, findings = read([written(tmp_path, "prix.xlsx", [*table({}), *rows])])
    assert str(found.total) == DATA["total"]
    assert [each.code for each in findings] == ["price.lines_unknown"]
    assert findings[0].understood.values["count"] == 3_000


WORDS = ("", "A1", "Total HT", "inclus", "sur devis", "12 k€", "1,2 M€", "100 à 120", "-5", "(3)", "1e400", "9" * 40, "NaN", "#REF!", "12,5 €/mois",
         "6000 par an", "1.234", "Prix unitaire HT", "Montant TTC", "Option", "٣", "²", "½", "1 2 3", "12-", "0,0000001", "{x}", "12 000 $", "à", "/", "−5")  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.sampled_from(WORDS)), max_size=8),
    st.sampled_from(["BPU", "DQE", "Prix", "AE"]),
    st.booleans(),
)
def test_whatever_is_written_nothing_breaks_and_no_price_is_lost_in_silence(changes, name, with_dqe):
    rows = [list(row) for row in table({})]
    for row, column, text in changes:
        rows[row][column] = text
    sheets = [grid.Sheet(name, tuple(map(tuple, rows)))]
    sheets += [grid.Sheet("DQE", tuple(map(tuple, table({}))))] if with_dqe else []
    found, findings = bid_price.from_schedule([], [("prix.xlsx", sheets)], TENDER, "lot-1")
    if found is None:
        assert Severity.ERROR in {each.severity for each in findings}
    else:
        assert found.total == sum(line.amount for line in found.lines) >= 0
        assert [line.id for line in found.lines] == ["A1", "B1", "C1", "R1"]
        assert findings or str(found.total) == DATA["total"]
    assert all("{" not in str(each.understood).replace("{x}", "") for each in findings)


def test_references_that_differ_by_a_dot_only_are_not_confused(tmp_path):
    lines = tuple(ScheduleLine(name, f"Ligne {name}") for name in ("1.1", "11", "2"))
    path = written(tmp_path, "prix.xlsx", [["Réf", "Prix unitaire HT"], ["'11", "7"], ["'1.1", "5"], ["'2", "1"]])
    found, findings = read([path], replace(TENDER, schedule=Schedule(lines)))
    assert findings == []
    assert [(line.id, line.unit_price) for line in found.lines] == [("1.1", 5), ("11", 7), ("2", 1)]


def test_a_line_that_speaks_of_a_total_is_a_line(tmp_path):
    lines = (ScheduleLine("A", "Reprise totale des données"), ScheduleLine("B", "Coût total de la formation"))
    rows = [
        ["Réf", "Désignation", "Prix unitaire HT", "Montant HT"],
        ["A", lines[0].title, "7", "7"],
        ["B", lines[1].title, "5", "5"],
    ]
    total = [["", "Total général HT", "", "12"]]
    for each in (rows, [*rows, *total]):
        found, findings = read([written(tmp_path, "prix.xlsx", each)], replace(TENDER, schedule=Schedule(lines)))
        assert (found.total, findings) == (12, [])


def test_lines_of_another_lot_are_a_note(tmp_path):
    lines = (ScheduleLine("A", "Un", lots=("lot-1",)), ScheduleLine("B", "Deux", lots=("lot-2",)))
    path = written(tmp_path, "prix.xlsx", [["Réf", "Prix unitaire HT"], ["A", "7"], ["B", "5"]])
    found, findings = read([path], replace(TENDER, schedule=Schedule(lines)))
    assert (found.total, [each.code for each in findings]) == (7, ["price.line_elsewhere"])


def test_a_schedule_without_duration_is_read_all_the_same(tmp_path):
    line = ScheduleLine("B", "Abonnement", period=Period.MONTH)
    path = written(tmp_path, "prix.xlsx", [["Réf", "Prix unitaire HT", "Montant HT"], ["B", "2", "96"]])
    found, findings = read([path], replace(TENDER, schedule=Schedule((line,))))
    assert found.total == 0
    assert "price.line_amount" in {each.code for each in findings}


def test_many_missing_lines_are_one_finding(tmp_path):
    lines = tuple(ScheduleLine(f"L{n}", f"Ligne {n}") for n in range(30))
    path = written(tmp_path, "prix.xlsx", [["Réf", "Prix unitaire HT"], ["L0", "5"]])
    found, findings = read([path], replace(TENDER, schedule=Schedule(lines)))
    assert found is None
    assert [(each.code, each.understood.values["count"]) for each in findings] == [("price.lines_missing", 29)]
    many = tuple(ScheduleLine(f"L{n}", f"Ligne {n}") for n in range(10_000))
    told = read([path], replace(TENDER, schedule=Schedule(many)))[1][0].understood.values
    assert (told["count"], len(told["lines"]), told["lines"][-1]) == (9999, 41, "…")


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_our_frame_computed_by_a_spreadsheet_is_read_back_without_a_finding(tmp_path, suffix):
    path = fill(frame(tmp_path / "prix.xlsx"))
    out = tmp_path / "out"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", suffix, "--outdir", str(out), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found, findings = read([out / f"prix.{suffix}"])
    assert findings == []
    assert str(found.total) == DATA["total"]
    sheets, _ = grid.read(out / f"prix.{suffix}", "prix")
    assert "205800" in {cell for sheet in sheets for row in sheet.rows for cell in row}
