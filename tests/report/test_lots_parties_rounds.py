"""Reports of several lots: points asked on some lots only, a report a lot, who stands behind a bid, earlier rounds."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest

import pdf_text
from egide import reference, report
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import matrix, record
from egide.report.rao import document as rao
from egide.report.record import Record
from egide.tender.evaluation import Status, evaluate
from egide.tender.model import BidKey, Declared, Marks, PointUse, Price, Round, Tenderer
from egide.tender.parties import Certificate, Group, Member, Subcontractor
from report import consultations, office

FEW = consultations.FEW
ONLY = {"EG-001": PointUse(lots=("lot-1",)), "EG-034": PointUse(lots=("lot-2",)), "EG-066": PointUse(lots=("lot-2",))}


def text_of(content: bytes) -> str:
    text = "\n".join(pdf_text.pages(content))
    return text.replace("\u200b", "").replace("\u202f", " ").replace("\u00a0", " ")


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return (
        "\n".join([*(each.text for each in document.paragraphs), *cells]).replace("\u202f", " ").replace("\u00a0", " ")
    )


@pytest.fixture(scope="module")
def by_lot() -> Record:
    return consultations.record(3, 2, split=True, points=FEW | ONLY, exclude=False)


def asked(kept: Record, point: str) -> bool:
    return kept.evaluation.clausier.points[point].award_use.scores


# ------------------------------------------------------------------------------------------------------ points by lot
def test_a_point_is_shown_on_its_lots_only(by_lot: Record) -> None:
    scored = next(point for point in ("EG-034", "EG-066") if asked(by_lot, point))
    for lot, shown in (("lot-1", False), ("lot-2", True)):
        text = docx_text(rao.docx(by_lot, lot))
        assert (f"{scored} " in text) == shown
        assert ("EG-001 " in text) != shown


def test_the_denominator_written_is_that_of_the_lot(by_lot: Record) -> None:
    clausier = by_lot.evaluation.clausier
    weights = {}
    for lot, left in (("lot-1", ("EG-034", "EG-066")), ("lot-2", ("EG-001",))):
        weights[lot] = sum(
            each.weight for each in clausier.points.values() if each.award_use.scores and each.id not in left
        )
        row = by_lot.evaluation.lot(lot)[0]
        note = next(each for each in row.notes if each.id == "securite")
        assert sum(part.possible for part in note.parts) == weights[lot]
    table = next(
        table for table in docx.Document(io.BytesIO(rao.docx(by_lot))).tables
        if table.cell(0, 0).text == "Lot" and table.cell(0, 1).text == "Points"
    )  # fmt: skip
    assert [row.cells[3].text for row in list(table.rows)[1:]] == [str(weights["lot-1"]), str(weights["lot-2"])]


def test_the_matrix_says_what_is_not_asked(by_lot: Record) -> None:
    book = openpyxl.load_workbook(io.BytesIO(matrix.workbook(by_lot)), data_only=True)
    for name in ("T1", "T4"):
        sheet = book[name]
        heads = [str(cell.value) for cell in sheet[4]]
        for row in sheet.iter_rows(min_row=5):
            if row[0].value in ONLY:
                lots = ONLY[row[0].value].lots
                for head, cell in zip(heads, row, strict=True):
                    if head.endswith("Retenu"):
                        here = any(f"({lot})" in head for lot in lots)
                        assert (cell.value == "non demandé sur ce lot") != here, (row[0].value, head)
    assert all("attendu" not in str(cell.value) for name in ("T1", "T4") for row in book[name].iter_rows(min_row=5) for cell in row)  # fmt: skip


@pytest.mark.office
@pytest.mark.long
@office.NEEDS_OFFICE
def test_libreoffice_finds_the_same_totals_with_points_by_lot(by_lot: Record, tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_bytes(matrix.workbook(by_lot))
    made = office.converted(tmp_path, tmp_path / "m.xlsx", to="ods")[0]
    (tmp_path / "again").mkdir()
    made = office.converted(tmp_path / "again", made, to="xlsx")[0]
    rows = list(openpyxl.load_workbook(made, data_only=True)["Recalcul"].iter_rows(values_only=True))
    totals = next(row for row in rows if row[1] == "Total sur 100")[4:]
    expected = [float(row.total) for row in by_lot.evaluation.ranking if row.rank is not None]
    assert [float(str(each)) for each in totals[: len(expected)]] == pytest.approx(expected)


# --------------------------------------------------------------------------------------------------------- one report a lot
def names(count: int) -> tuple[Tenderer, ...]:
    return tuple(
        Tenderer(f"t{n:02}", f"Société fictive {chr(65 + n)}", lots=(f"lot-{1 + n % 2}",)) for n in range(count)
    )


@pytest.fixture(scope="module")
def apart() -> Record:
    """Two lots, nobody bids on both; a finding a lot, one on a tenderer without a lot, one on the consultation."""
    kept = consultations.record(4, 2, split=True, points=FEW, exclude=False)
    evaluation = kept.evaluation
    mine = {tenderer.id: tenderer.lots[0] for tenderer in names(4)}
    rows = tuple(row for row in evaluation.ranking if mine[row.key.tenderer] == row.key.lot)
    bids = tuple(bid for bid in evaluation.bids if mine[bid.key.tenderer] == bid.key.lot)
    found = tuple(
        Finding("x", Severity.DOUBT, message("Doute de lecture."), message("Demander."), file, place, read=read, tenderer=who)
        for file, place, read, who in (
            ("bids/t00/lot-1/q.xlsx", "", "lu-en-lot-1", "t00"), ("bids/t01/lot-2/q.xlsx", "", "lu-en-lot-2", "t01"),
            ("bids/t03/dc1.pdf", "", "lu-sans-lot", "t03"), ("tender.yaml", "", "lu-partout", ""), ("marks/rssi.csv", "t01, lot-2", "note-en-lot-2", ""),
        )
    )  # fmt: skip
    tender = replace(evaluation.tender, tenderers=names(4))
    return replace(kept, evaluation=replace(evaluation, tender=tender, ranking=rows, bids=bids), findings=found)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_report_of_a_lot_holds_nothing_of_the_others(apart: Record, form: str) -> None:
    made = (rao.pdf if form == "pdf" else rao.docx)(apart, "lot-1")
    text = (text_of if form == "pdf" else docx_text)(made)
    flat = " ".join(text.split())
    for said in ("Société fictive A", "Société fictive C", "Territoire 1", "lu-en-lot-1", "lu-partout"):
        assert said in flat, said
    for said in (
        "Société fictive B",
        "Société fictive D",
        "Territoire 2",
        "lu-en-lot-2",
        "lu-sans-lot",
        "note-en-lot-2",
        "t01",
        "t03",
    ):
        assert said not in flat, said
    assert apart.evaluation.fingerprint[:16] in flat
    assert "Rapport d’analyse des offres, Lot 1 : Territoire 1" in flat


def test_the_whole_report_holds_every_lot(apart: Record) -> None:
    whole = " ".join(docx_text(rao.docx(apart)).split())
    assert all(said in whole for said in ("Société fictive A", "Société fictive B", "lu-sans-lot", "note-en-lot-2"))


def test_every_lot_has_its_reports_and_old_ones_go_away(apart: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "rapport-analyse-offres-annoté.pdf").write_text("somebody's")
    report.write_record(apart, out)
    both = {f"rapport-analyse-offres{lot}.{kind}" for lot in ("", "-lot-1", "-lot-2") for kind in ("pdf", "docx")}
    assert {path.name for path in out.iterdir()} == both | {
        "rapport-analyse-offres-annoté.pdf", "matrice.xlsx", "evaluation.json"
    }  # fmt: skip
    provisional = replace(apart, evaluation=replace(apart.evaluation, status=Status.PROVISIONAL))
    report.write_record(provisional, out)
    assert {path.name for path in out.iterdir()} == {
        "rapport-analyse-offres-annoté.pdf", "matrice.xlsx", "evaluation.json"
    }  # fmt: skip


def test_a_document_that_somebody_changed_is_never_written_over_nor_taken_away(apart: Record, tmp_path: Path) -> None:
    report.write_record(apart, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    report.write_record(apart, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / report.RAO_DOCX).write_bytes(b"my work")
    provisional = replace(apart, evaluation=replace(apart.evaluation, status=Status.PROVISIONAL))
    for again in (apart, provisional):
        with pytest.raises(DataError) as caught:
            report.write_record(again, tmp_path)
        assert [(each.code, each.file) for each in caught.value.findings] == [("report.edited", report.RAO_DOCX)]
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before | {report.RAO_DOCX: b"my work"}


@pytest.mark.parametrize("change", [lambda text: text[:-400], lambda text: text.replace('"rank": 1', '"rank": 2', 1), lambda text: text.replace('"digest": "', '"digest": "0')])  # fmt: skip
def test_an_evaluation_changed_by_hand_or_cut_is_refused(change, apart: Record, tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(change(record.text(apart)), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        record.load(path)
    assert {each.code for each in caught.value.findings} <= {"record.altered", "plain.json"}


def test_the_files_that_go_away_are_in_the_folder_and_nowhere_else(apart: Record, tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(record.text(apart, {"../ailleurs.pdf": "0", "ici.pdf": "1"}), encoding="utf-8")
    assert record.documents(path) == {"ici.pdf": "1"}


def test_a_stored_evaluation_gives_the_same_files_again(by_lot: Record, tmp_path: Path) -> None:
    files = report.write_record(by_lot, tmp_path / "one")
    again = report.write_record(record.load(tmp_path / "one" / "evaluation.json"), tmp_path / "two")
    assert [path.name for path in files] == [path.name for path in again]
    for one, two in zip(files, again, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def test_the_docx_says_what_the_pdf_says(by_lot: Record) -> None:
    def squeezed(text: str) -> str:
        return re.sub("[\\s\u00a0\u202f\u00ad\u2010-]", "", text)

    pdf = squeezed(text_of(rao.pdf(by_lot)))
    told = [each.text for each in docx.Document(io.BytesIO(rao.docx(by_lot))).paragraphs if each.text]
    assert len(told) > 40
    assert [text for text in told if squeezed(text) not in pdf] == []
    assert rao.docx(by_lot) == rao.docx(by_lot)


# ------------------------------------------------------------------------------------------------------------- parties
def behind() -> tuple[Tenderer, ...]:
    return (
        Tenderer(
            "t00", "Velmio", "81000000000000", group=Group.SOLIDARY,
            members=(Member("Velmio SAS", "81000000000000", mandataire=True, part="Édition"), Member("Hébergeur du Lac", "82000000000000", part="Hébergement")),
            subcontractors=(Subcontractor("Astreinte Nord", "83000000000000", "Astreinte de nuit", "Velmio SAS", processor=True, country="FR"), Subcontractor("Câblage Sud")),
            certificates=(Certificate("HDS", "Hébergeur du Lac", number="2026-114", version="2024", activities=(1, 2), valid_from=date(2026, 1, 5), valid_until=date(2029, 1, 4)), Certificate("ISO 27001", "Velmio SAS")),
        ),
        Tenderer("t01", "Seule SARL"),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_groups_subcontractors_and_certificates_are_shown_once_a_bid(language: str) -> None:
    kept = consultations.record(2, 1, language, split=True, points=FEW, tenderers=behind(), exclude=False)
    document = docx.Document(io.BytesIO(rao.docx(kept)))
    table = next(
        table for table in document.tables if "Astreinte Nord" in [cell.text for cell in table.columns[1].cells]
    )
    rows = [[cell.text.replace("\u202f", " ") for cell in row.cells] for row in table.rows]
    if language == "fr":
        assert rows[1][0] == "Velmio – groupement solidaire"
        assert rows[2] == ["mandataire", "Velmio SAS", "81000000000000", "Édition"]
        assert rows[3][0] == "cotraitant"
        assert rows[4][0] == "sous-traitant (commande publique), aussi sous-traitant RGPD"
        assert rows[4][3] == "Astreinte de nuit, FR, engagé par Velmio SAS"
        assert rows[5] == ["sous-traitant (commande publique)", "Câblage Sud", "—", "—"]
        assert rows[6] == [
            "certificat présenté",
            "HDS 2024",
            "2026-114",
            "titulaire : Hébergeur du Lac ; activités 1, 2 ; du 05/01/2026 au 04/01/2029",
        ]
        assert rows[7][3].endswith("validité non lue")
    assert len(rows) == 8
    assert (
        sum("Astreinte Nord" in cell.text for each in document.tables for row in each.rows for cell in row.cells) == 1
    )


def test_nobody_behind_the_bids_leaves_no_table() -> None:
    text = docx_text(rao.docx(consultations.record(2, 1, points=FEW)))
    assert "Groupements" not in text
    assert "tour" not in re.findall(r"Le classement de ce lot porte[^.]*", text)


# -------------------------------------------------------------------------------------------------------------- rounds
def two_rounds() -> Record:
    first = consultations.tender(
        2, 1, split=True, points=FEW, rounds=(Round(2, deadline=datetime(2026, 11, 10, 12, tzinfo=UTC)),)
    )
    clausier, rules = reference.load(first)
    received = consultations.bids(first, clausier)
    old = received[0]
    key = BidKey(old.key.tenderer, "lot-1", round=2)
    changed = {"EG-001": Declared.NO, "EG-002": Declared.YES}
    answers = {**old.answers, **{point: replace(old.answers[point], declared=each) for point, each in changed.items()}}
    kept = {
        point: replace(old.answers[point], declared=Declared.YES if each is Declared.NO else Declared.NO)
        for point, each in changed.items()
    }
    received[0] = replace(old, answers={**old.answers, **kept})
    received.append(replace(old, key=key, answers=answers, price=Price(Decimal("350000"), file="x")))
    given: Marks = consultations.marks(first, clausier, received[1:])
    evaluation = evaluate(first, clausier, rules, received, given)
    return Record(evaluation, evaluation.findings, "fr", date(2026, 11, 20))


def test_the_round_used_and_the_earlier_ones_are_shown() -> None:
    kept = two_rounds()
    assert kept.evaluation.status is Status.FINAL
    document = docx.Document(io.BytesIO(rao.docx(kept)))
    assert any(each.text.startswith("Le classement de ce lot porte sur la dernière offre de chacun (tours 1, 2)") for each in document.paragraphs)  # fmt: skip
    table = next(table for table in document.tables if table.cell(0, 1).text == "Tour")
    rows = [[cell.text.replace("\u202f", " ").replace("\u00a0", " ") for cell in row.cells] for row in table.rows][1:]
    assert [row[1:3] for row in rows] == [["2", "350 000,00 €"], ["1", "398 250,50 €"]]
    said = rows[1][3].split("\n")
    assert [line.split(" ")[0] for line in said] == ["EG-001", "EG-002"]
    assert re.match(r"EG-001 : Oui(, [^,]*)?, puis Non", said[0])
    assert re.match(r"EG-002 : Non(, [^,]*)?, puis Oui", said[1])


@pytest.mark.office
@pytest.mark.skipif(
    not shutil.which("soffice") or not shutil.which("pdftotext"), reason="LibreOffice or pdftotext is not installed"
)
@pytest.mark.long
def test_the_report_opens_in_libreoffice(by_lot: Record, tmp_path: Path) -> None:
    (tmp_path / "rao.docx").write_bytes(rao.docx(by_lot))
    made = office.converted(tmp_path, tmp_path / "rao.docx")[0]
    text = subprocess.run(["pdftotext", "-layout", str(made), "-"], check=True, capture_output=True, text=True).stdout
    for said in (
        "1 Synthèse",
        "2 Consultation et méthode",
        "3 Analyse par lot",
        "4 Niveaux et notes retenus, offre par offre",
        "Visa des évaluateurs",
    ):
        assert said in text.replace("\u00a0", " "), said
