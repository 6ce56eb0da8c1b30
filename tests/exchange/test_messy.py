"""Questionnaires as messy as life, read and compared with a truth that the reader had no part in."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from builders import tender
from egide.exchange.bids import read_bids
from egide.tender.model import Declared
from exchange.judge import disagreements
from exchange.messy import Messy, generate

QUICK = 60
LONG = 1500
OFFICE = 24
"""How many messy workbooks go through LibreOffice."""


@pytest.mark.parametrize("seed", range(QUICK))
def test_a_messy_file_is_read_as_its_writer_meant(seed: int, tmp_path: Path) -> None:
    assert not _told(disagreements(generate(seed, tmp_path)))


@pytest.mark.long
def test_many_messy_files_are_read_as_their_writers_meant(tmp_path: Path) -> None:
    wrong = [each for seed in range(QUICK, LONG) for each in disagreements(generate(seed, tmp_path))]
    assert not _told(wrong)


@pytest.mark.parametrize("seed", range(2000, 2030))
def test_a_bid_lists_the_points_that_its_files_leave_out(seed: int, tmp_path: Path) -> None:
    folder = tmp_path / "bids" / "A" / "lot-1"
    folder.mkdir(parents=True)
    messy = generate(seed, folder)
    (bid,), findings = read_bids(tmp_path, tender(()), messy.clausier)
    said = {point for point, answer in bid.answers.items() if answer.declared is not Declared.BLANK}
    assert not said & set(messy.missing)
    for point in messy.missing:
        assert any(each.point == point or point in f"{each.read} {each.understood}" for each in findings), point


def test_the_generator_is_repeatable(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    for seed in range(12):
        first, second = generate(seed, one), generate(seed, two)
        assert first.truth == second.truth
        assert first.unknown == second.unknown
        assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.long
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: no round trip")
@pytest.mark.parametrize("route", [("ods",), pytest.param(("ods", "xlsx"), marks=pytest.mark.long)], ids=">".join)
def test_a_round_trip_through_libreoffice_changes_nothing(route: tuple[str, ...], tmp_path: Path) -> None:
    books = _workbooks(tmp_path)
    paths = [messy.path for messy in books]
    for step, kind in enumerate(route):
        paths = _converted(paths, kind, tmp_path / f"{step}-{kind}", tmp_path / "profile")
    wrong = [
        each
        for messy, path in zip(books, paths, strict=True)
        for each in disagreements(messy, path)
        if not (messy.truth.get(each.point) and messy.truth[each.point].doubt and messy.has("formulas"))
    ]
    assert not _told(wrong)


def _workbooks(folder: Path) -> list[Messy]:
    drawn = (generate(seed, folder) for seed in range(1000, 1200))
    return [messy for messy in drawn if messy.kind == "xlsx"][:OFFICE]


def _converted(paths: list[Path], kind: str, out: Path, profile: Path) -> list[Path]:
    """Convert all the files with one call of LibreOffice, in a profile of its own."""
    out.mkdir()
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        kind,
    ]
    subprocess.run([*command, "--outdir", str(out), *map(str, paths)], check=True, capture_output=True, timeout=400)
    return [out / f"{path.stem}.{kind}" for path in paths]


def _told(wrong: Iterable[object]) -> str:
    return "\n".join(str(each) for each in wrong)
