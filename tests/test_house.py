"""The house keeps its word: documents say what the program does, trials say what the clausier does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from egide import plain, reference
from egide.cli import COMMANDS

ROOT = Path(__file__).parent.parent
TRIALS = sorted((ROOT / "tests/cases/trials").glob("T*.yaml"))
GUIDES = [(ROOT / f"docs/guide.{language}.md").read_text(encoding="utf-8") for language in ("fr", "en")]


def test_reference_pages_are_those_of_the_data():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import reference_docs
    finally:
        sys.path.pop(0)
    for name, text in reference_docs.pages().items():
        assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == text, "run make docs"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_guides(command):
    assert all(f"egide {command}" in guide for guide in GUIDES)


def test_every_key_of_a_tender_and_of_a_point_is_in_the_formats():
    from dataclasses import fields

    from egide.clausier.model import Point
    from egide.tender.model import Criterion, Tender

    formats = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    for kind in (Tender, Criterion, Point):
        missing = [
            each.name for each in fields(kind) if f"`{each.name}" not in formats and f" {each.name}" not in formats
        ]
        assert not missing, kind.__name__


def test_the_readme_says_what_for_whom_and_the_two_commands_in_its_first_thirty_lines():
    head = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:30])
    assert all(word in head for word in ("make demo", "make test", "docs/images/resultat.png", "acheteurs"))


def test_links_of_the_documents_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/README.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["run", "dev"])
def test_what_is_installed_is_locked_hashed_and_names_no_index(name):
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-zA-Z0-9._-]+)==", text, re.M)
    assert len(pinned) > 10
    assert all(re.search(rf"^{re.escape(each)}==[^\n]*\\\n\s+--hash=sha256:", text, re.M) for each in pinned)
    assert "http" not in text
    assert "index-url" not in text


def test_no_text_hides_from_the_catalogue_inside_an_f_string():
    hidden = re.compile(r"""\bf(["'])[^"'\n]*\b(?:message|phrase)\(""")
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]:
        assert not hidden.search(path.read_text(encoding="utf-8")), path.name


def test_importing_the_program_costs_nothing_heavy():
    code = "import sys, egide.cli; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    )
    assert not loaded & {"numpy", "typst", "xlsxwriter", "docx", "lxml", "python_calamine", "holidays"}


# ------------------------------------------------------------------------------------------------------------- trials
@pytest.mark.parametrize("path", TRIALS, ids=[path.stem for path in TRIALS])
def test_a_theme_was_tried_on_two_fictitious_products_and_told_them_apart(path):
    trial = plain.parse_yaml(path.read_text(encoding="utf-8"), path.name)
    points = reference.clausier().points
    assert len(trial["trials"]) == 5
    different = 0
    for each in trial["trials"]:
        levels = points[each["point"]].level_of
        assert reference.clausier().theme_of[each["point"]].id == trial["theme"]
        assert {each["A"]["retained"], each["B"]["retained"]} <= set(levels)
        different += each["A"]["retained"] != each["B"]["retained"]
    assert different >= 4


def test_ten_themes_were_tried():
    assert [path.stem for path in TRIALS] == [f"T{number:02d}" for number in range(1, 11)]


def test_a_second_blind_reading_agrees_on_eighteen_of_twenty():
    path = ROOT / "tests/cases/trials/second-reading.yaml"
    reading = plain.parse_yaml(path.read_text(encoding="utf-8"), path.name)
    agreed = sum(each["first"] == each["second"] for each in reading["points"])
    assert (len(reading["points"]), str(agreed)) == (20, reading["agreed"])
    assert agreed >= 18


def test_every_folder_of_tests_is_run():
    """`make test` names its folders: one that is new must be in one of its two lists."""
    named = {word for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(("CORE :=", "AROUND :=")) for word in line.split()}  # fmt: skip
    folders = {
        f"tests/{path.name}" for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.rglob("test_*.py"))
    }
    assert folders <= named
