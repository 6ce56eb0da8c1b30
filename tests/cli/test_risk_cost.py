"""egide risk cost: the bids of a consultation, a consultation before any bid, a tenderer's own figure."""

import json
import shutil
from pathlib import Path

import pytest

from egide.cli import main
from egide.desk.evaluation import evaluated

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PACS = EXAMPLES / "pacs-ght"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in arguments])
    return int(end.value.code or 0)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A consultation before any bid, with few draws."""
    text = (
        (PACS / "tender.yaml").read_text("utf-8").replace("  use: information\n", "  use: information\n  draws: 64\n")
    )
    folder = tmp_path / "consultation"
    folder.mkdir()
    (folder / "tender.yaml").write_text(text, "utf-8")
    return folder


def test_the_bids_of_a_consultation(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("risk", "cost", PACS, "-o", tmp_path) == 0
    said = capsys.readouterr().out
    assert "part attribuée à" in said
    assert "due à" not in said
    assert "Pour information" in said
    assert "arrondi" in said
    written = json.loads((tmp_path / "cout-du-risque.json").read_text("utf-8"))
    kept = evaluated(PACS)[0].risk
    assert [each["cost"]["mean"] for each in written["lots"][0]["costs"]] == [
        str(each.cost.mean) for each in kept.lots[0].costs
    ]


def test_machines_read_the_same_figures(capsys: pytest.CaptureFixture[str]):
    assert run("risk", "cost", EXAMPLES / "soc-ght", "--json", "--lot", "lot-2") == 0
    data = json.loads(capsys.readouterr().out)
    assert [each["lot"] for each in data["lots"]] == ["lot-2"]
    assert data["lots"][0]["order_of_magnitude"]
    assert data["opened"]


def test_an_order_of_magnitude_has_one_figure(capsys: pytest.CaptureFixture[str]):
    assert run("--lang", "en", "risk", "cost", EXAMPLES / "soc-ght", "--lot", "lot-2") == 0
    said = capsys.readouterr().out
    assert "Order of magnitude only" in said
    assert "attributed to" in said


def test_before_any_bid_it_tells_what_each_point_is_worth(before: Path, capsys: pytest.CaptureFixture[str]):
    assert run("risk", "cost", before) == 0
    assert "Ce que vaut chaque point" in capsys.readouterr().out


def test_a_tenderer_computes_its_own_figure(before: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", before) == 0
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "Identifiant;Réponse;Preuve\nEG-X31;Oui;annexe, p. 3\nEG-062;Décrit;annexe, p. 4\nEG-053;Sans objet;\nEG-038;Non;\n",
        "utf-8",
    )
    capsys.readouterr()
    publication = tmp_path / "dce" / "publication.json"
    assert run("risk", "cost", "--published", publication, "--answers", answers) == 0
    said = capsys.readouterr().out
    assert "votre coût attendu" in said
    assert "EG-X30" in said
    assert run("risk", "cost", "--published", publication, "--answers", answers, "--json") == 0
    own = json.loads(capsys.readouterr().out)["lots"][0]
    assert float(own["landmarks"]["proven"]["mean"]) < float(own["proven"]["mean"]) < float(own["declared"]["mean"])
    assert "EG-038" not in own["blank"]
    (tmp_path / "dce" / "clausier.json").unlink()
    assert run("risk", "cost", "--published", publication, "--answers", answers, "--json") == 0
    assert json.loads(capsys.readouterr().out)["lots"][0] == own
    assert run("risk", "cost", "--published", publication, "--answers", answers, "--lot", "lot-9") == 1
    assert "lot-9" in capsys.readouterr().err


def test_what_was_not_published_or_has_changed_is_refused(
    before: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", before) == 0
    publication = tmp_path / "dce" / "publication.json"
    answers = tmp_path / "answers.csv"
    answers.write_text("Identifiant;Réponse\nEG-X31;Oui\n", "utf-8")
    kept = json.loads(publication.read_text("utf-8"))
    for change, said in (
        ({"risk": None}, "rien n'y est publié"),
        ({"risk": {**kept["risk"], "library": "0" * 64}}, "ne sont pas ceux de ce programme"),
        ({"risk": {**kept["risk"], "scenarios": ["S99"]}}, "ont été modifiés"),
        ({"risk": {**kept["risk"], "points": {"EG-X31": {"measure": "backup", "weight": 0}}}}, "ont été modifiés"),
    ):
        publication.write_text(json.dumps({**kept, **change}), "utf-8")
        capsys.readouterr()
        assert run("risk", "cost", "--published", publication, "--answers", answers) == 1
        assert said in capsys.readouterr().err
    publication.write_text(json.dumps(kept), "utf-8")
    clausier = tmp_path / "dce" / "clausier.json"
    clausier.write_text(clausier.read_text("utf-8").replace('"id": "egide"', '"id": "other"', 1), "utf-8")
    assert run("risk", "cost", "--published", publication, "--answers", answers) == 1
    assert "risk.clausier" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before_change", "after_change", "code"),
    [
        ('["0.06", "0.15", "0.30"]', '["0.3", "0.1"]', "tender.risk_interval"),
        ('years: "5"', 'years: "0"', "tender.risk_years"),
        ("category: support", "category: palace", "risk.category"),
    ],
)
def test_terms_that_cannot_be_computed_with_are_refused(
    before: Path, before_change: str, after_change: str, code: str, capsys: pytest.CaptureFixture[str]
):
    text = (before / "tender.yaml").read_text("utf-8")
    assert before_change in text
    (before / "tender.yaml").write_text(text.replace(before_change, after_change), "utf-8")
    assert run("risk", "cost", before) == 1
    assert code in capsys.readouterr().err


def test_a_consultation_that_asks_for_nothing_is_told_how(before: Path, capsys: pytest.CaptureFixture[str]):
    text = (before / "tender.yaml").read_text("utf-8")
    (before / "tender.yaml").write_text(text[: text.index("risk:\n")], "utf-8")
    assert run("risk", "cost", before) == 1
    assert "risk.none" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("folder", "--published", "p.json", "--answers", "a.csv"),
        ("--published", "p.json"),
        ("folder", "--answers", "a.csv"),
    ],
)
def test_a_call_that_says_two_things_or_nothing(arguments):
    assert run("risk", "cost", *arguments) == 2


def test_tender_check_and_the_documents_refuse_a_criterion_whose_guard_rails_do_not_hold(
    before: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = (before / "tender.yaml").read_text("utf-8")
    (before / "tender.yaml").write_text(text.replace("use: information", "use: criterion\n  criterion: prix"), "utf-8")
    assert run("tender", "check", before) == 1
    said = capsys.readouterr().out
    assert "risk.guard.documents" in said
    assert "risk.guard.twice" in said
    assert "risk.warning" in said
    assert run("clausier", "export", "--dce", tmp_path / "dce", "--tender", before) == 1
    assert "risk.guard.twice" in capsys.readouterr().err
    assert not (tmp_path / "dce").exists()


def test_evaluate_refuses_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    copy = Path(shutil.copytree(PACS, tmp_path / "pacs"))
    text = (copy / "tender.yaml").read_text("utf-8")
    (copy / "tender.yaml").write_text(text.replace("use: information", "use: criterion\n  criterion: prix"), "utf-8")
    assert run("evaluate", copy, "-o", tmp_path / "out") == 1
    assert "risk.guard.own_figure" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
