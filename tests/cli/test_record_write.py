"""egide record write: the documents of the house example, whose bids and marks are fictitious."""

import json
from pathlib import Path
from shutil import copytree

import pytest

import pdf_text
from egide.cli import main

EXAMPLE = Path(__file__).parent.parent.parent / "examples/pacs-ght"
JOURNAL = """
format: 1
sourcing: ["Trois éditeurs rencontrés en mai 2026 ; leurs questions et nos réponses sont jointes au dossier publié."]
declarations:
- {evaluator: rssi, on: 2026-10-01, conflict: false}
- {evaluator: dpo, on: 2026-10-01, conflict: false}
- {evaluator: biomedical, on: 2026-10-01, conflict: false}
questions:
- {id: "1", received_on: 2026-10-02T09:00:00+02:00, asked_by: nuebrume, text: "Combien de postes ?", answer: "Quatre-vingts.",
   answered_at: 2026-10-06T09:00:00+02:00}
candidacies:
- {tenderer: kerzanne, admitted: true, on: 2026-11-03, reason: "capacités suffisantes"}
- {tenderer: nuebrume, admitted: true, on: 2026-11-03, reason: "capacités suffisantes"}
- {tenderer: valtorrel, admitted: true, on: 2026-11-03, reason: "capacités suffisantes"}
- {tenderer: tarquembe, admitted: true, on: 2026-11-03, reason: "capacités suffisantes"}
awards:
- {lot: lot-1, tenderer: WINNER, on: 2026-11-20, by: "la directrice (fictive)"}
record:
  "R. 2184-3, 2°": {text: "Une seule chaîne d'images : la séparer rendrait l'exécution techniquement difficile."}
  R2184-3-3: {none: "aucun chiffre d'affaires minimal n'est exigé"}
  R2184-3-4: {none: "toutes les offres sont remises par voie électronique"}
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> tuple[Path, str]:
    """Return the example with its evaluation kept, and the winner."""
    home = tmp_path_factory.mktemp("record-write")
    folder = Path(copytree(EXAMPLE, home / "pacs"))
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", str(folder), "-o", str(home / "out")])
    assert not stop.value.code
    ranking = json.loads((home / "out/evaluation.json").read_text(encoding="utf-8"))["ranking"]
    winner = next(row["tenderer"] for row in ranking if row["rank"] == 1)
    (folder / "journal.yaml").write_text(JOURNAL.replace("WINNER", winner), encoding="utf-8")
    return folder, winner


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = 0
    try:
        main([str(each) for each in arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def text_of(path: Path) -> str:
    return (
        " ".join(" ".join(pdf_text.pages(path)).split())
        .replace("\u200b", "")
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )


def test_a_kept_evaluation_gives_the_record_and_a_letter_to_each(kept, tmp_path, capsys):
    folder, winner = kept
    evaluation = folder.parent / "out/evaluation.json"
    code, said = run(capsys, "record", "write", folder, "-o", tmp_path / "d", "--evaluation", evaluation)
    assert code == 0, said
    register = json.loads((tmp_path / "d/sommaire.json").read_text(encoding="utf-8"))
    assert register["date"] == "2026-11-20", "the last day of the journal, never the clock"
    letters = {(each["kind"], each["tenderer"]) for each in register["documents"] if each["tenderer"]}
    others = {"kerzanne", "nuebrume", "valtorrel", "tarquembe"} - {winner}
    assert letters == {("letter.award", winner)} | {("letter.rejection", other) for other in others}
    assert (tmp_path / "d/questions-reponses.docx").exists()
    assert "Trois éditeurs rencontrés" in text_of(tmp_path / "d/rapport-presentation.pdf")
    assert "à compter du 01/12/2026" in text_of(tmp_path / f"d/lettre-rejet-lot-1-{min(others)}.pdf")


def test_without_a_kept_evaluation_the_folder_is_evaluated_and_english_is_written(kept, tmp_path, capsys):
    folder, winner = kept
    code, said = run(capsys, "record", "write", folder, "-o", tmp_path / "d", "--date", "2026-11-25", "--json", "--lang", "en")  # fmt: skip
    assert code == 0, said
    assert json.loads(said)["date"] == "2026-11-25"
    assert "Award of the contract" in text_of(tmp_path / f"d/lettre-attribution-lot-1-{winner}.pdf")


def test_what_is_refused_is_listed_and_the_rest_is_written(kept, tmp_path, capsys):
    folder, winner = kept
    alone = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks"} & set(names)))
    (alone / "journal.yaml").write_text(JOURNAL.replace("WINNER", winner).replace("R2184-3-3:", "R2184-9:"), encoding="utf-8")  # fmt: skip
    code, said = run(capsys, "record", "write", alone, "-o", tmp_path / "d")
    assert code == 1
    assert "letter.rejection" in said
    assert "record.unknown" in said
    assert "record.item" in said
    assert (tmp_path / "d/questions-reponses.pdf").exists()
    assert "PROJET" in text_of(tmp_path / "d/rapport-presentation.pdf")
    assert not list((tmp_path / "d").glob("lettre-*"))


def test_a_tender_that_changed_since_its_evaluation_is_said(kept, tmp_path, capsys):
    folder, _ = kept
    other = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks", "bids"} & set(names)))
    tender = (other / "tender.yaml").read_text(encoding="utf-8").replace("exemple fictif", "exemple changé")
    (other / "tender.yaml").write_text(tender, encoding="utf-8")
    evaluation = folder.parent / "out/evaluation.json"
    code, said = run(capsys, "record", "write", other, "-o", tmp_path / "d", "--evaluation", evaluation)
    assert code == 0
    assert "record.evaluation" in said


def test_before_the_opening_there_are_questions_and_no_letter(kept, tmp_path, capsys):
    folder, _ = kept
    early = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks", "bids"} & set(names)))
    questions = JOURNAL[: JOURNAL.index("candidacies:")]
    (early / "journal.yaml").write_text(questions, encoding="utf-8")
    code, said = run(capsys, "record", "write", early, "-o", tmp_path / "d")
    assert code == 0, said
    assert (tmp_path / "d/questions-reponses.pdf").exists()
    assert not list((tmp_path / "d").glob("lettre-*"))


def test_a_folder_that_cannot_be_evaluated_still_has_its_questions(kept, tmp_path, capsys):
    folder, winner = kept
    broken = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks"} & set(names)))
    (broken / "bids" / winner / "lot-1" / "price.yaml").write_text("total: {", encoding="utf-8")
    for other in (broken / "bids").glob("*/lot-1/price*"):
        other.unlink() if other.suffix != ".yaml" else None
    code, said = run(capsys, "record", "write", broken, "-o", tmp_path / "d")
    assert code == 1, said
    assert (tmp_path / "d/questions-reponses.pdf").exists()


def test_a_journal_with_an_error_writes_nothing_and_takes_nothing_away(kept, tmp_path, capsys):
    folder, winner = kept
    early = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks", "bids"} & set(names)))
    assert run(capsys, "record", "write", early, "-o", tmp_path / "d")[0] == 1
    before = {path.name: path.read_bytes() for path in (tmp_path / "d").iterdir()}
    (early / "journal.yaml").write_text(
        JOURNAL.replace("WINNER", winner).replace("awards:", "award:"), encoding="utf-8"
    )
    code, said = run(capsys, "record", "write", early, "-o", tmp_path / "d")
    assert (code, "rien n'a été écrit" in said) == (1, True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "d").iterdir()} == before


def test_check_knows_what_the_record_lacks(kept, tmp_path, capsys):
    folder, _ = kept
    early = Path(copytree(folder, tmp_path / "pacs", ignore=lambda _, names: {"marks", "bids"} & set(names)))
    path = early / "tender.yaml"
    without = (line for line in path.read_text(encoding="utf-8").splitlines() if "address:" not in line)
    path.write_text("\n".join(without), encoding="utf-8")
    _, said = run(capsys, "record", "check", early, "--date", "2026-11-25")
    assert "record.item" in said
    assert "R2184-2-1" in said
