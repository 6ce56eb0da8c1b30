"""egide risk backtest: misses in words, JSON for machines, overrides and departures from the freeze printed."""

import json

import pytest

from egide import reference
from egide.cli import main

FEW = ("--draws", 20)


def run(*arguments: object) -> int:
    try:
        main(["risk", "backtest", *(str(each) for each in arguments)])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def test_the_table_says_roles_verdicts_reasons_and_what_cannot_be_tried(capsys):
    assert run(*FEW) == 0
    told = capsys.readouterr().out.replace("\u202f", " ").replace("’", "'")
    for figure in reference.national_figures().figures:
        assert figure.name.fr in told
    for words in ("mis de côté", "servi au calage", "hors de l'intervalle", "Une année comme 2021", "ne peut pas être éprouvé"):  # fmt: skip
        assert words in told
    assert "figés le" not in told
    assert reference.risk_library().digest[:12] in told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_machines_get_every_figure_with_its_role_and_its_verdict(capsys, language):
    assert run("--json", *FEW, "--seed", 3, "--lang", language) == 0
    given = json.loads(capsys.readouterr().out)
    assert (given["draws"], given["seed"], given["digest"]) == (20, 3, reference.risk_library().digest)
    assert given["frozen"]["same"] is True
    for each in given["figures"]:
        ends = each["published"] if isinstance(each["published"], list) else [each["published"]] * 2
        assert (each["verdict"] == "inside") is (max(ends[0], each["low"]) <= min(ends[1], each["high"]))
        assert each["role"] in {"calibrated", "held_out"}
        assert each["low"] <= each["modelled"] <= each["high"]
        assert each["source"]
        assert each["name"] in {figure.name.say(language) for figure in reference.national_figures().figures}
    assert given["inside"] + given["outside"] == len(given["figures"])


def test_what_was_changed_is_printed_and_said_not_to_be_frozen(capsys, tmp_path):
    overlay = tmp_path / "h.yaml"
    overlay.write_text("declaration.minor: {value: 0.6, low: 0.4, high: 0.8}\n")
    assert run("--overlay", overlay, *FEW) == 0
    told = capsys.readouterr().out
    assert "declaration.minor" in told
    assert "figés le" in told
    assert run("--overlay", overlay, "--json", *FEW) == 0
    given = json.loads(capsys.readouterr().out)
    assert given["frozen"]["same"] is False
    assert [each["id"] for each in given["overrides"]] == ["declaration.minor"]
    assert given["digest"] != given["frozen"]["digest"]


def test_a_miss_without_a_known_reason_is_said_so(capsys, tmp_path):
    overlay = tmp_path / "h.yaml"
    overlay.write_text("national.declared: 4000\n")
    assert run("--overlay", overlay, *FEW) == 0
    assert "raison inconnue" in capsys.readouterr().out


@pytest.mark.parametrize("draws", [19, 100_001])
def test_too_few_or_too_many_draws_are_refused(capsys, draws):
    assert run("--draws", draws) == 2
    assert "--draws" in capsys.readouterr().err
