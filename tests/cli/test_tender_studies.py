"""egide tender bench and robustness: files that say their seed, one internal and kept apart, nothing half-written."""

import json
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

import pdf_text
from egide.cli import main

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples/pacs-ght"
NOTE = ("note-robustesse-interne.docx", "note-robustesse-interne.json", "note-robustesse-interne.pdf")
BENCH = ("banc-d-essai.docx", "banc-d-essai.json", "banc-d-essai.pdf")
TENDER = """format: 1
title: "Essai (fictif)"
buyer: {name: "GHT fictif"}
sent_on: 2026-09-01
deadline: 2026-10-05T12:00:00+02:00
lots: [{id: lot-1}]
tenderers: []
criteria:
- {id: prix, title: Prix, weight: 40, kind: price, formula: FORMULA}
- {id: technique, title: Technique, weight: 40, kind: clausier}
- {id: environnement, title: Environnement, weight: 20, kind: marked, scale: 20, environmental: true}
"""


def run(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "consultation", "proportional")


def written(folder: Path, formula: str) -> Path:
    folder.mkdir()
    (folder / "tender.yaml").write_text(TENDER.replace("FORMULA", formula), encoding="utf-8")
    return folder


def names(out: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in out.iterdir()))


def read(path: Path) -> str:
    return " ".join(pdf_text.pages(path))


def opened(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return " ".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))


# --------------------------------------------------------------------------------------------------------------- bench
def test_a_bench_needs_no_tenderer_and_says_its_seed_and_its_law(folder, tmp_path, capsys):
    one, two = tmp_path / "un", tmp_path / "deux"
    options = (
        "--tenders",
        300,
        "--seed",
        3,
        "--bids",
        5,
        "--low",
        "90,5",
        "--high",
        "120",
        "--notes",
        "technique=20:80",
    )
    assert run("tender", "bench", folder, "-o", one, *options) == 0
    assert "Verdict" in capsys.readouterr().out
    assert run("tender", "bench", folder, "-o", two, *options, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert names(one) == BENCH
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in BENCH)
    assert (data["seed"], data["law"]["bids"], data["law"]["low"]) == (3, 5, "90.5")
    assert data["law"]["by_criterion"] == {"technique": {"low": "20", "high": "80"}}
    assert data["trials"][0]["formulas"][0]["turned"].keys() == {"count", "of", "share", "error"}
    text = read(one / "banc-d-essai.pdf")
    assert all(said in text for said in ("Verdict", "graine 3", "90,5", "Environnement"))
    paragraphs = " ".join(each.text for each in docx.Document(str(one / "banc-d-essai.docx")).paragraphs)
    assert "Verdict" in paragraphs


def test_the_document_is_two_to_four_pages(tmp_path):
    assert run("tender", "bench", EXAMPLE, "-o", tmp_path / "out", "--tenders", 200) == 0
    assert 2 <= len(pypdf.PdfReader(tmp_path / "out/banc-d-essai.pdf").pages) <= 4


def test_a_fragile_method_is_red_and_a_refused_one_is_written_and_told_by_the_exit_code(tmp_path, capsys):
    fragile = written(tmp_path / "fragile", "linear_min_max")
    assert run("tender", "bench", fragile, "-o", tmp_path / "a", "--tenders", 500) == 0
    assert "ROUGE" in capsys.readouterr().out
    refused = written(tmp_path / "refused", "rank")
    assert run("tender", "bench", refused, "-o", tmp_path / "b", "--tenders", 500) == 1
    assert json.loads((tmp_path / "b/banc-d-essai.json").read_text())["verdict"] == "red"


def test_an_english_bench_is_in_english(folder, tmp_path, capsys):
    assert (
        run("--lang", "en", "tender", "bench", folder, "-o", tmp_path / "out", "--tenders", 200, "--spread", "0.2") == 0
    )
    text = read(tmp_path / "out/banc-d-essai.pdf")
    assert "offres" not in text
    assert "lognormal" in text


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (("--bids", 1), 1),
        (("--notes", "inconnu=1:2"), 1),
        (("--notes", "40"), 2),
        (("--low", "x"), 2),
        (("--low", "inf"), 2),
    ],
)
def test_what_has_no_meaning_is_said_and_nothing_is_written(folder, tmp_path, capsys, option, code):
    assert run("tender", "bench", folder, "-o", tmp_path / "out", *option) == code
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------- robustness
@pytest.fixture(scope="module")
def evaluated(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("evaluated") / "out"
    assert run("evaluate", EXAMPLE, "-o", out) == 0
    return out


def test_the_note_is_the_same_from_the_folder_and_from_the_record(evaluated, tmp_path, capsys):
    one, two = tmp_path / "un", tmp_path / "deux"
    options = ("--seed", 5, "--draws", 50)
    assert run("tender", "robustness", EXAMPLE, "-o", one, *options) == 0
    assert "en tête" in capsys.readouterr().out
    assert run("tender", "robustness", evaluated / "evaluation.json", "-o", two, *options, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert names(one) == NOTE
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in NOTE)
    assert data["seed"] == 5
    assert data["lots"][0]["strength"]["chances"]["winner"]["of"] == 50
    assert [each["tenderer"] for each in data["lots"][0]["excluded"]] == ["tarquembe"]


def test_every_page_says_that_it_is_internal(tmp_path):
    assert run("tender", "robustness", EXAMPLE, "-o", tmp_path / "out", "--draws", 50) == 0
    banner = "n’est pas joint au rapport d’analyse des offres ni aux lettres"
    for page in pdf_text.pages(tmp_path / "out/note-robustesse-interne.pdf"):
        assert banner in " ".join(page.split())
    assert opened(tmp_path / "out/note-robustesse-interne.docx").count(banner) >= 2  # in the text, and in the footer


def test_it_is_never_filed_with_the_report(evaluated, capsys):
    before = {path.name: path.read_bytes() for path in evaluated.iterdir()}
    assert run("tender", "robustness", EXAMPLE, "-o", evaluated) == 1
    assert "interne" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in evaluated.iterdir()} == before


@pytest.mark.long
def test_nothing_of_it_is_in_what_can_be_communicated(evaluated, tmp_path):
    """The canary: the same bytes with or without a note, and none of its words in any of them."""
    assert run("tender", "robustness", EXAMPLE, "-o", tmp_path / "note", "--draws", 50) == 0
    again = tmp_path / "again"
    assert run("evaluate", EXAMPLE, "-o", again) == 0
    assert names(again) == names(evaluated)
    assert all((again / name).read_bytes() == (evaluated / name).read_bytes() for name in names(again))
    book = openpyxl.load_workbook(again / "matrice.xlsx", read_only=True)
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    said = [read(again / "rapport-analyse-offres.pdf"), (again / "evaluation.json").read_text(encoding="utf-8"), cells]
    said.append(opened(again / "rapport-analyse-offres.docx"))
    for word in ("obustesse", "obustness", "document interne", "reste en tête", "banc d"):
        assert not any(word in text for text in said), word


def test_no_other_document_can_read_it():
    """Only what is named after it and its command know the note: the report, the matrix, the letters cannot."""
    allowed = {
        "tender/trial/standing.py",
        "tender/trial/mark_steps.py",
        "cli/tender.py",
    }
    source = ROOT / "src/egide"
    reading = re.compile(
        r"egide\.tender(?:\.trial)?(?:\.| import .*)(?:robustness|standing|mark_steps)|(?:report|desk)(?:\.| import .*)robustness"
    )
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if path.stem != "robustness" and reading.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


def test_a_provisional_lot_is_said_and_not_guessed(folder, tmp_path, capsys):
    text = (folder / "tender.yaml").read_text(encoding="utf-8")
    text = text.replace("tenderers: []", "tenderers: [{id: a}]\nevaluators: [{id: e}]")
    (folder / "tender.yaml").write_text(text, encoding="utf-8")
    bid = folder / "bids/a/lot-1"
    bid.mkdir(parents=True)
    (bid / "price.yaml").write_text('format: 1\ntotal: "100"\n', encoding="utf-8")
    assert run("tender", "robustness", folder, "-o", tmp_path / "out", "--json") == 0
    lot = json.loads(capsys.readouterr().out)["lots"][0]
    assert (lot["none"]["code"], lot["strength"]) == ("provisional", None)
    assert "provisoire" in read(tmp_path / "out/note-robustesse-interne.pdf")


def test_a_record_that_is_none_is_refused(tmp_path, capsys):
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    assert run("tender", "robustness", tmp_path / "x.json", "-o", tmp_path / "out") == 1
    assert not (tmp_path / "out").exists()
