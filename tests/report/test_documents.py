"""The report and the matrix: read back, inert, accessible, the same from one process to the next."""

import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pikepdf
import pypdf
import pytest

import pdf_text
from egide.finding import Finding, Severity
from egide.locale import translator
from egide.message import Message, message
from egide.report import matrix, record
from egide.report.papers import font, typography
from egide.report.rao import document as rao
from egide.report.record import Record, rounded
from egide.tender.evaluation import Status
from egide.tender.model import Answer, Declared
from report import consultations, office

HOSTILE = ("=1+1", "#let x = 1", "@SUM(1)", "+cmd|' /C calc'!A0", "$a_1$ *gras* `code` <b>", "A" * 400, "😀🚑 漢字", "مرحبا بكم", "\u202egnp.exe", "a\x07b\ud800c", "{name} {0}")  # fmt: skip


def text_of(document: bytes) -> str:
    return "\n".join(pdf_text.pages(document)).replace("\u200b", "").replace("\u202f", " ").replace("\u00a0", " ")


def cells_of(book: bytes) -> dict[str, list[list[object]]]:
    sheets = openpyxl.load_workbook(io.BytesIO(book), data_only=True).worksheets
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in sheets}


@pytest.fixture(
    scope="module", params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["one-note", "sub-criteria"]
)
def kept(request: pytest.FixtureRequest) -> Record:
    return consultations.record(4, 2, split=request.param)


@pytest.fixture(scope="module")
def written(kept: Record) -> bytes:
    return rao.pdf(kept)


@pytest.fixture(scope="module")
def report(written: bytes) -> str:
    return text_of(written)


def number(written: str) -> Decimal:
    return Decimal(written.replace(" ", "").replace(",", ".").replace("−", "-"))


def test_totals_read_back_are_those_of_the_json(kept: Record, report: str) -> None:
    ranking = json.loads(record.text(kept))["ranking"]
    assert len(ranking) == 8
    shown = [number(each) for each in re.findall(r"(\d+,\d\d)\n", report)]
    for row in ranking:
        complete = row["rank"] is not None or all(note["complete"] for note in row["notes"])
        assert (rounded(Decimal(row["total"])) in shown) == complete, row["tenderer"]


def test_each_total_is_the_sum_of_the_points_written_beside_it(kept: Record, report: str) -> None:
    flat = " ".join(report.split())
    additions = re.findall(r"((?:\d+,\d{4} \+ )+\d+,\d{4}) (\d+,\d\d)(?!\d)", flat)
    assert len(additions) == len([row for row in kept.evaluation.ranking if row.rank is not None])
    for written, total in additions:
        assert abs(sum(number(part) for part in written.split("+")) - number(total)) <= Decimal("0.0052")


def test_points_add_up_to_the_notes_by_hand(kept: Record, report: str) -> None:
    """Add each "poids × valeur = produit" of the first bid: its sum is that written under each theme and of its note."""
    flat = " ".join(report.split())
    first = kept.evaluation.ranking[0]
    part = flat[flat.index("Niveaux et notes retenus, offre par offre", flat.index("Analyse par lot", 4000)) :]
    sums = [number(each) for each in re.findall(r"Σ\(poids × valeur\) = (\d+(?:,\d+)?)", part)]
    products = re.findall(r": (\d) × (\d(?:,\d+)?) = (\d(?:,\d+)?)(?!\d)", part)
    assert all(number(weight) * number(value) == number(product) for weight, value, product in products)
    scored = len([point for point in kept.evaluation.clausier.points.values() if point.award_use.scores])
    themes = len(kept.evaluation.clausier.themes)
    assert len(products) >= scored
    mine = sum(number(product) for _, _, product in products[:scored])
    note = next(each for each in first.notes if each.id == "securite")
    earned = note.earned if note.earned is not None else sum(each.earned or Decimal(0) for each in note.parts)
    assert mine == earned == sum(sums[:themes])


def test_price_notes_are_written_with_their_figures(report: str) -> None:
    assert re.search(r"Pmin = [\d ]+,\d\d € \(Imagys SAS\)", report)
    assert re.search(r"100 × 398 250,50 ÷ 425 750,50", report)


def test_nothing_of_robustness_nor_a_bare_sous_traitant(report: str) -> None:
    for word in ("sensibilité", "robustesse", "sous-traitant"):
        assert word not in report.lower()


def test_an_excluded_bid_keeps_its_line_and_its_decision(kept: Record, report: str) -> None:
    assert "exclue" in report
    assert "Certificat HDS absent" in report
    assert "A. Martin" in report
    assert kept.evaluation.status is Status.FINAL


def test_the_pdf_is_tagged_named_and_has_text_for_its_charts(written: bytes) -> None:
    with pikepdf.open(io.BytesIO(written)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("fr")
        assert "/StructTreeRoot" in document.Root
        assert "Rapport d’analyse des offres" in str(document.docinfo["/Title"])
        assert document.open_metadata()["pdfuaid:part"] == "1"
        alternatives = [
            str(each.Alt) for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure" and "/Alt" in each
        ]  # fmt: skip
        roles = {
            str(each.S)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and "/S" in each and "/P" in each
        }
        fonts = {
            str(each.FontName)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        }
    kinds = ("Barres des points par critère", "Barres de la note de chaque thème", "Valeur du niveau retenu")
    by_kind = {kind: [each for each in alternatives if each.startswith(kind)] for kind in kinds}
    assert sum(map(len, by_kind.values())) == len(alternatives)
    assert [len(by_kind[kind]) for kind in kinds[:2]] == [2, 2]
    assert len(by_kind[kinds[2]]) >= 4
    assert all("Imagys SAS" in each for kind in kinds[:2] for each in by_kind[kind])
    assert all("Sécurité numérique" in each for each in by_kind[kinds[0]])
    assert {"/TH", "/TD", "/H1", "/H2", "/TOC", "/Figure"} <= roles
    assert all("OpenSans" in each for each in fonts)


def test_pages_are_counted_and_headed(kept: Record, written: bytes) -> None:
    pages = pdf_text.pages(written)
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    assert kept.evaluation.fingerprint[:16] in pages[2]
    assert "Système d’imagerie" in pages[2]


def test_english_has_no_french_left() -> None:
    kept = consultations.record(3, 1, "en", split=True)
    sayings = translator("en")
    english = text_of(rao.pdf(kept)) + "\n".join(
        str(cell) for rows in cells_of(matrix.workbook(kept)).values() for row in rows for cell in row if cell
    )
    assert "Bid analysis report" in english
    source = "".join(path.read_text() for path in Path(record.__file__).parent.rglob("*.py"))
    french_data = " ".join((*consultations.REASONS, *consultations.PROOFS))
    texts = re.findall(r'message\(\s*"((?:[^"\\]|\\.)+)"', source)
    assert len(texts) > 150
    for text in texts:
        assert sayings(text), text
        plain = text.split("{")[0].strip()
        if sayings(text) != text and len(plain) > 9 and plain not in french_data and plain in english:
            assert not re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", english), text


def hostile(**changes: object) -> Record:
    kept = consultations.record(3, 1, **changes)
    evaluation = kept.evaluation
    tenderers = tuple(replace(each, name=HOSTILE[n]) for n, each in enumerate(evaluation.tender.tenderers))
    bids = tuple(
        replace(bid, answers={point: Answer(point, Declared.YES, comment=HOSTILE[n % 11], raw=HOSTILE[n % 11]) for n, point in enumerate(bid.answers)})
        for bid in evaluation.bids
    )  # fmt: skip
    marks = replace(
        evaluation.marks,
        points=tuple(replace(mark, reason=HOSTILE[n % 11], proof_seen=HOSTILE[(n + 3) % 11]) for n, mark in enumerate(evaluation.marks.points)),
    )  # fmt: skip
    findings = tuple(
        Finding(
            "x",
            Severity.DOUBT,
            Message("{said}", {"said": text}),
            message("Corriger la note."),
            text,
            text,
            "EG-001",
            text,
            "t00",
        )
        for text in HOSTILE
    )
    tender = replace(evaluation.tender, tenderers=tenderers, title='#import "x" =HYPERLINK(1) 😀')
    return replace(kept, evaluation=replace(evaluation, tender=tender, bids=bids, marks=marks), findings=findings)


def test_texts_of_strangers_are_inert_in_the_pdf() -> None:
    text = text_of(rao.pdf(hostile(points=consultations.FEW)))
    for said in ("=1+1", "#let x = 1", "@SUM(1)", "*gras* `code` <b>", "[U+1F600]", "[U+0645]", '#import "x"'):
        assert said in text, said
    assert "A" * 400 in text.replace("\n", "").replace(" ", "")
    assert "\u202e" not in text


def test_texts_of_strangers_are_inert_in_the_matrix() -> None:
    kept = hostile()
    book = openpyxl.load_workbook(io.BytesIO(matrix.workbook(kept)))
    own = [sheet for sheet in book.worksheets if sheet.title != "Recalcul"]
    assert not [
        cell for sheet in own for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink
    ]
    texts = {str(cell.value) for cell in next(book["Constats"].columns, ())} | {
        str(row[6].value) for row in book["Constats"].iter_rows()
    }
    assert {"=1+1", "@SUM(1)", "#let x = 1"} <= texts
    formulas = [str(cell.value) for row in book["Recalcul"].iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert not [each for each in formulas if "HYPERLINK" in each or "cmd" in each]


@pytest.mark.long
def test_text_in_no_column_is_wider_than_the_page() -> None:
    """No text leaves its page: what was drawn stands inside the media box."""
    document = pypdf.PdfReader(io.BytesIO(rao.pdf(hostile())))
    for page in document.pages:
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, places=places: (
                places.append(tm[4] * cm[0] + cm[4]) if text.strip() else None
            )
        )
        assert max(places) < float(page.mediabox.width) - 20


def test_a_provisional_matrix_is_watermarked_and_has_no_report() -> None:
    kept = consultations.record(3, 1, provisional=True, exclude=False)
    assert kept.evaluation.status is Status.PROVISIONAL
    book = openpyxl.load_workbook(io.BytesIO(matrix.workbook(kept)))
    warning = "classement provisoire sur déclarations, ne peut fonder une attribution"
    assert len(book.worksheets) == 14
    for sheet in book.worksheets:
        assert sheet["A1"].value == warning
        assert warning in sheet.oddHeader.center.text
    final = openpyxl.load_workbook(io.BytesIO(matrix.workbook(consultations.record(3, 1))))
    assert all("provisoire" not in str(sheet["A1"].value) for sheet in final.worksheets)


def test_the_matrix_shows_each_total_and_its_formulas_have_their_values(kept: Record) -> None:
    cells = cells_of(matrix.workbook(kept))
    shown = [row for row in kept.evaluation.ranking if row.rank is not None]
    synthesis = [row for row in cells["Synthèse"][4:] if row[0]]
    assert len(synthesis) == len(kept.evaluation.ranking)
    totals = [row[-2] for row in synthesis if row[-2] != "—"]
    assert totals == pytest.approx([float(row.total) for row in shown])
    assert list(cells)[:3] == ["Synthèse", "T1", "T2"]
    assert list(cells)[-3:] == ["Notes", "Constats", "Recalcul"]
    last = next(row for row in cells["Recalcul"] if row[1] == "Total sur 100")
    assert last[4:] == pytest.approx([float(row.total) for row in shown])


def test_the_matrix_can_be_read_and_printed(kept: Record) -> None:
    book = openpyxl.load_workbook(io.BytesIO(matrix.workbook(kept)))
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
    assert all(book[name].auto_filter.ref for name in ("Synthèse", "T1", "Notes", "Constats"))


@pytest.mark.office
@pytest.mark.long
@office.NEEDS_OFFICE
def test_libreoffice_finds_the_same_totals(tmp_path: Path) -> None:
    """The four formulas go through one run of LibreOffice, to ODS and back."""
    kept, files = {}, []
    for formula in ("proportional", "linear_gap", "linear_min_max", "mean_based"):
        criteria = tuple(
            replace(each, formula=formula) if each.id == "prix" else each for each in consultations.criteria(split=True)
        )
        kept[formula] = consultations.record(4, 2, criteria=criteria)
        files.append(tmp_path / f"{formula}.xlsx")
        files[-1].write_bytes(_without_cached_values(matrix.workbook(kept[formula])))
    sheets = office.converted(tmp_path, *files, to="ods")
    for file in files:
        file.unlink()
    for formula, file in zip(kept, office.converted(tmp_path, *sheets, to="xlsx"), strict=True):
        _same_totals(kept[formula], file)


def _same_totals(kept: Record, file: Path) -> None:
    rows = cells_of(file.read_bytes())["Recalcul"]
    totals = next(row for row in rows if row[1] == "Total sur 100")[4:]
    expected = [float(row.total) for row in kept.evaluation.ranking if row.rank is not None]
    assert [float(str(each)) for each in totals[: len(expected)]] == pytest.approx(expected)


def _without_cached_values(book: bytes) -> bytes:
    """Take away the values kept beside formulas, so that the reader has to calculate."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            target.writestr(name, content)
    return made.getvalue()


def test_same_bytes_from_two_processes_two_seconds_apart() -> None:
    program = (
        "import hashlib, sys, time; sys.path.insert(0, 'tests'); time.sleep({wait});"
        "from report import consultations; from egide.report import matrix, record; from egide.report.rao import document as rao;"
        "kept = consultations.record(2, 1, split=True);"
        "print([hashlib.sha256(each).hexdigest() for each in (rao.pdf(kept), rao.docx(kept), matrix.workbook(kept), record.text(kept).encode())])"
    )
    root = Path(__file__).parents[2]
    runs = [
        subprocess.Popen([sys.executable, "-c", program.format(wait=wait)], cwd=root, stdout=subprocess.PIPE, text=True, env={"PYTHONHASHSEED": str(wait)})
        for wait in (0, 2)
    ]  # fmt: skip
    first, second = (run.communicate(timeout=120)[0] for run in runs)
    assert first.count("'") == 8
    assert first == second


def test_a_record_read_back_gives_the_same_documents(tmp_path: Path) -> None:
    kept = consultations.record(2, 1, split=True)
    (tmp_path / "evaluation.json").write_text(record.text(kept), encoding="utf-8")
    again = record.load(tmp_path / "evaluation.json")
    assert matrix.workbook(again) == matrix.workbook(kept)
    assert rao.pdf(again) == rao.pdf(kept)


def test_a_consultation_without_clausier_bid_or_doubt_still_has_its_report() -> None:
    kept = consultations.record(2, 2, points=consultations.FEW)
    nobody = replace(kept.evaluation, ranking=kept.evaluation.lot("lot-1"))
    assert "Aucune offre n’a été remise pour ce lot." in text_of(rao.pdf(replace(kept, evaluation=nobody, findings=())))


def test_french_typography() -> None:
    assert (
        typography.french("C'est « ok » : oui ? 12 500 € ; 50 %")
        == "C’est «\u202fok\u202f»\u202f: oui\u202f? 12\u202f500\u202f€\u202f; 50\u202f%"
    )
    assert typography.french("https://a.fr/b?c=1 12:30 bids/a") == "https://a.fr/b?c=1 12:30 bids/a"


def test_numbers_in_each_language() -> None:
    french, english = typography.Setter("fr", str), typography.Setter("en", str)
    assert french.money(Decimal("-1234567.895")) == "−1\u202f234\u202f567,90\u00a0€"
    assert english.money(Decimal("1234567.895")) == "€1,234,567.90"
    assert (french.number(Decimal("3.50"), None), english.number(Decimal(100), None)) == ("3,5", "100")


def test_the_font_says_what_it_covers() -> None:
    assert set("Éœ×÷−Σ≤«»’…") <= font.covered()
    assert not {"😀", "漢", "→"} & font.covered()
    assert typography.printable("→ ✓ ①") == "-> [x] 1"
    assert font.lines("un deux trois", 5.0, typography.BREAK) == 2


def test_names_of_themes_never_break_the_sheets() -> None:
    kept = consultations.record(2, 1)
    themes = tuple(replace(theme, id="T:[1]/*?" + "x" * 40) for theme in kept.evaluation.clausier.themes)
    clausier = replace(kept.evaluation.clausier, themes=themes)
    book = openpyxl.load_workbook(
        io.BytesIO(matrix.workbook(replace(kept, evaluation=replace(kept.evaluation, clausier=clausier))))
    )
    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 14


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-02T12:00:00+01:00", "02/11/2026 à 12 h 00 (heure de Paris)"),
        ("2026-10-25T02:30:00+02:00", "25/10/2026 à 02 h 30 (heure de Paris)"),
        ("2026-10-25T02:30:00+01:00", "25/10/2026 à 02 h 30 (heure de Paris)"),
        ("2026-07-01T12:00:00+01:00", "01/07/2026 à 12 h 00 (UTC+01:00)"),
        ("2027-03-28T03:00:00+02:00", "28/03/2027 à 03 h 00 (heure de Paris)"),
        ("2027-03-28T01:59:00+02:00", "28/03/2027 à 01 h 59 (UTC+02:00)"),
        ("2026-07-01T12:00:00-04:00", "01/07/2026 à 12 h 00 (UTC-04:00)"),
    ],
)
def test_an_hour_of_paris_is_said_so_and_any_other_by_its_distance_to_utc(instant, said):
    shown = typography.Setter("fr", str).day(datetime.fromisoformat(instant))
    assert shown.replace(typography.WHOLE, " ") == said
