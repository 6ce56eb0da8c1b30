"""Damaged questionnaires: the reader never crashes, never hangs and always says something."""

import importlib.util
import re
import sys
import zipfile
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from exchange.messy import generate, small_clausier

POINTS = tuple(small_clausier().points)
TOOL = Path(__file__).resolve().parents[2] / "tools" / "mutate.py"


@pytest.fixture(scope="module")
def mutate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("count", "seed"), [(80, 7), pytest.param(3000, 8, marks=pytest.mark.long)])
def test_a_damaged_file_never_crashes_the_reader(count: int, seed: int, mutate: ModuleType, tmp_path: Path) -> None:
    tally = mutate.run(count, seed, mutate.seed_files(tmp_path, 40), tmp_path)
    assert tally.read == count
    assert not tally.crashes
    assert not tally.failures


def _with_far_cell(reference: str, source: Path, path: Path) -> Path:
    """Copy a workbook with one more cell, very far."""
    row = re.sub("[A-Z]", "", reference)
    more = f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            copy.writestr(name, book.read(name).replace(b"</sheetData>", more.encode()))
    return path


@pytest.mark.long
@pytest.mark.parametrize("reference", ["XFD1048576", "ZZZ60000", "ZZZZ60", "ZZZZ9"])
def test_one_far_cell_costs_no_memory(reference: str, mutate: ModuleType, tmp_path: Path) -> None:
    source = generate(3, tmp_path).path
    far = _with_far_cell(reference, source, tmp_path / "far.xlsx")
    tally = mutate.Tally()
    assert mutate.read(far, reference, small_clausier(), tally), tally.failures


@pytest.mark.long
@pytest.mark.parametrize("text", ["a." * 16000, "." * 32000, "?!" * 16000, "oui" + " " * 32000 + "x", "O-9." * 8000])
def test_long_cells_are_read_in_time(text: str, mutate: ModuleType, tmp_path: Path) -> None:
    rows = [["Identifiant", "Réponse", "Commentaire", "Preuve"], *([point, text, text, text] for point in POINTS)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    tally = mutate.Tally()
    assert mutate.read(path, text[:9], small_clausier(), tally), tally.failures


def test_the_mutations_are_repeatable(mutate: ModuleType, tmp_path: Path) -> None:
    contents = [(path.name, path.read_bytes()) for path in mutate.seed_files(tmp_path, 12)]
    once, again = ([mutate.mutated(Random(number), contents) for number in range(40)] for _ in range(2))  # noqa: S311
    assert once == again
