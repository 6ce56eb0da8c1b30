"""egide risk estimate and egide risk parameters: tables and figures, refusals with their remedy, exit codes."""

import json
from pathlib import Path

import pytest

from egide.cli import console, main

EXAMPLES = Path(__file__).parents[2] / "examples/risk"
FEW = ("--years", 100, "--draws", 20)


def run(*arguments: object) -> int:
    try:
        main(["risk", *map(str, arguments)])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    finally:
        console.take_language([])
    return 0


@pytest.fixture
def said(capsys):
    """Return a function that runs a command that succeeds and gives what it printed, its spaces made plain."""

    def told(*arguments: object) -> str:
        assert run(*arguments) == 0
        return capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")

    return told


def test_an_estimate_as_tables(said):
    text = said("estimate", EXAMPLES / "chu.yaml", *FEW, "--seed", 3)
    for words in (
        "CHU de Val-Cendré (fictif)",
        "20 tirages de 100 années · graine 3",
        "Une année sur 100",
        "Conservée",
        "Cédé à l’assurance « Programme du CHU (fictif) »",
        "une fois tous les",
        "Soins, jamais comptés en euros",
        "H01 Rançongiciel généralisé",
        "Ce qui aiderait le plus",
        "A*",
        "Passages aux urgences détournés",
        "grandeur raisonné, pas un tarif.",
    ):
        assert words in text, words
    english = said("estimate", EXAMPLES / "chu.yaml", *FEW, "--lang", "en")
    assert "One year in 100" in english
    assert "Whole-system ransomware" in english


def test_a_home_is_told_with_one_figure_and_its_words(said):
    text = said("estimate", EXAMPLES / "ehpad.yaml", *FEW)
    assert "n'est qu'un ordre de grandeur" in text.replace("’", "'")
    mean = next(line for line in text.splitlines() if line.startswith("Moyenne "))
    figures = mean.split("[")[0].removeprefix("Moyenne").strip().removesuffix("€").replace(" ", "")
    assert len(figures.rstrip("0")) == 1
    assert "−0 " not in text
    assert "−0]" not in text


def test_figures_of_a_home_are_told_beside_those_for_machines_and_in_the_picture(said, tmp_path):
    file = tmp_path / "home.yaml"
    text = "category: care_home\nmaturity: {all: reference}\nassumptions: {size.days: 0.2, size.malicious: 0.25%s}\n"
    file.write_text(text % "")
    told = json.loads(said("estimate", file, *FEW, "--json", "--out", tmp_path))
    mean = told["shown"]["gross"]["mean"].split(" €")[0].replace(" ", "").replace(",", "")
    assert len(mean.strip("0")) == 1
    assert told["shown"]["retained"] is None
    assert set(told["shown"]["gross"]) == {"mean", "one_year_in_20", "one_year_in_100", "one_year_in_200", "worst_1_percent"}  # fmt: skip
    picture = drawn(tmp_path)
    for words in (
        "Ordre de grandeur",
        "Hypothèses modifiées : 2 (liste dans estimation.json)",
        "] devient 0,2",
        "] devient 0,25",
    ):
        assert words in picture, words
    file.write_text(text % ", size.accidental: 0.3")
    said("estimate", file, *FEW, "--json", "--out", tmp_path, "--lang", "en")
    assert "Changed assumptions: 3 (listed in estimation.json)" in drawn(tmp_path)
    assert "becomes" not in drawn(tmp_path)


def drawn(folder: Path) -> str:
    """Return the curve that was written, its spaces made plain."""
    return (folder / "courbe.svg").read_text(encoding="utf-8").replace("\u202f", " ").replace("\u00a0", " ")


def test_the_same_figures_on_any_crew_in_a_file_and_on_the_output(said, tmp_path):
    file = EXAMPLES / "hopital-local.yaml"
    one = said("estimate", file, *FEW, "--json", "--workers", 1)
    two = said("estimate", file, *FEW, "--json", "--workers", 3, "--out", tmp_path / "out")
    assert one == two
    assert json.loads((tmp_path / "out/estimation.json").read_text(encoding="utf-8")) == json.loads(two)
    assert json.loads(one)["shown"] is None
    assert drawn(tmp_path / "out").startswith("<svg")
    assert "Ordre de grandeur" not in drawn(tmp_path / "out")
    assert (tmp_path / "out/courbe.png").read_bytes().startswith(b"\x89PNG")
    assert {each["code"] for each in json.loads(two)["cautions"]} == {
        "risk.no_condition",
        "risk.default_programme",
        "risk.few_years",
    }


def test_blanks_declared_events_and_changed_assumptions_are_told(said, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(
        "category: local\nmaturity: {mfa: 1}\ndeclared: {events: 2, years: 5}\nassumptions: {size.days: 0.2}\n"
        "programme: default\nconditions: {backup: 0.5}\n"
    )
    text = said("estimate", file, *FEW, "--out", tmp_path)
    for words in (
        "Modifié : size.days",
        "À répondre d’abord",
        "Sans les 2 incidents",
        "L'assurance ne paie rien",
        "Écrit : ",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("options", "expected"),
    [(("--years", 3), 2), (("--draws", 5), 2), (("--seed", -1), 2), (("--workers", 0), 2), ((), 0)],
)
def test_usage(options, expected, capsys):
    assert run("estimate", EXAMPLES / "cabinet.yaml", *(options or FEW)) == expected


def test_refusals_are_listed_at_once(capsys, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("exposure: {beds: deux}\nmaturity: {mfaa: 1}\n")
    assert run("estimate", file, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["findings"]] == ["risk.not_a_number", "risk.category", "risk.unknown_key"]
    assert run("estimate", tmp_path / "absent.yaml") == 1


def test_parameters_bear_their_marks_and_what_was_changed(said, tmp_path):
    overlay = tmp_path / "hypotheses.yaml"
    overlay.write_text("size.malicious: {value: 0.2, low: 0.1, high: 0.3}\n")
    text = said("parameters")
    assert "size.malicious" in text
    assert "A*" in text
    assert "Modifié : size.malicious" in said("parameters", "--overlay", overlay)
    known = json.loads(said("parameters", "--json"))
    changed = json.loads(said("parameters", "--json", "--overlay", overlay))
    assert len(known["parameters"]) > 300
    assert all(each["marked"] == (each["grade"] in {"M", "A"}) for each in known["parameters"])
    assert known["digest"] != changed["digest"]
    assert [each["before"] for each in changed["parameters"] if each["before"]] == ["0.3 [0.1 ; 0.5]"]
    overlay.write_text("nope: 1\n")
    assert run("parameters", "--overlay", overlay) == 1
