"""Example (b): two lots, a variant, a group, two rounds; the import gives what is committed, the record can be signed."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from egide import reference
from egide.cli import main
from egide.desk.evaluation import evaluated
from egide.desk.procedure import opened
from egide.exchange import decp_contract, published
from egide.exchange.deposits.intake import import_deposits
from egide.exchange.journal_file import read_journal
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.tender.evaluation import Evaluation, Status
from egide.tender.model import BidClass
from egide.tender.procedure import presentation
from egide.tender.procedure.award_rules import received
from egide.tender.procedure.letter import Kind
from egide.tender.procedure.letters import letters
from egide.tender.procedure.publication_rules import check as before_publication
from egide.tender.procedure.situation import Situation, Stage
from egide.tender.procedure.steps import State, check, next_steps

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "soc-ght"
WAITING, FREE, AFTER = date(2026, 12, 20), date(2026, 12, 28), date(2027, 2, 1)
Result = tuple[Evaluation, list[Finding]]


@pytest.fixture(scope="module")
def result() -> Result:
    return evaluated(EXAMPLE)


@pytest.fixture(scope="module")
def record() -> tuple[Situation, list[Finding]]:
    return opened(EXAMPLE, AFTER)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The consultation as it was at the opening: nothing came in yet."""
    for name in ("tender.yaml", "journal.yaml"):
        shutil.copy(EXAMPLE / name, tmp_path)
    return tmp_path


def readme(title: str) -> Iterator[list[str]]:
    """Read the rows of the table under a title of the README."""
    part = (EXAMPLE / "README.md").read_text(encoding="utf-8").split(f"## {title}")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")][2:]
    for row in rows:
        yield [cell.strip() for cell in row.strip("|").split("|")]


def test_nothing_is_to_be_said_before_publication() -> None:
    tender = read_tender(EXAMPLE).tender
    assert before_publication(tender, reference.load(tender)[1]) == []


def test_a_criterion_that_speaks_of_the_firm_is_told(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (empty / "tender.yaml").read_text("utf-8")
    assert "Équipe affectée au marché : composition" in text
    (empty / "tender.yaml").write_text(re.sub('title: "Équipe affectée[^"]*"', 'title: "Références"', text), "utf-8")
    with pytest.raises(SystemExit) as end:
        main(["tender", "check", str(empty)])
    assert end.value.code == 0
    assert "tender.firm_not_offer" in capsys.readouterr().out


def test_a_candidacy_refused_later_takes_the_bid_out(tmp_path: Path, result: Result) -> None:
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / "soc-ght", ignore=shutil.ignore_patterns("plateforme")))
    text = (copy / "journal.yaml").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("- {tenderer: coralis, admitted: true"))
    refused = '- {tenderer: coralis, admitted: false, on: 2026-12-02, reason: "exclu"}'
    (copy / "journal.yaml").write_text(text.replace(line, f"{line}\n{refused}"), "utf-8")
    evaluation, found = evaluated(copy)
    assert [row.key.tenderer for row in evaluation.lot("lot-2")] == ["petitrempart", "vigiluna"]
    assert [each.code for each in found if each.tenderer == "coralis" and each.file.startswith("bids/")] == []
    assert len([each for each in found if each.code == "bid.candidacy_refused"]) == 4


def test_both_lots_have_their_winner(result: Result) -> None:
    evaluation, found = result
    assert evaluation.status is Status.FINAL
    rows = [(row.key.lot, row.key.tenderer, row.key.variant, row.key.round, row.rank) for row in evaluation.ranking]
    assert rows == [
        ("lot-1", "vigiluna", 0, 2, 1),
        ("lot-1", "brisefort", 1, 2, 2),
        ("lot-1", "brisefort", 0, 2, 3),
        ("lot-1", "coralis", 0, 2, None),
        ("lot-2", "petitrempart", 0, 2, 1),
        ("lot-2", "vigiluna", 0, 2, 2),
        ("lot-2", "coralis", 0, 2, 3),
    ]
    assert [row.key.tenderer for row in evaluation.ranking if row.abnormally_low] == ["petitrempart"]
    assert [row.bid_class for row in evaluation.ranking if row.rank is None] == [BidClass.IRREGULAR]
    assert not [finding for finding in found if finding.severity is Severity.ERROR]


def test_the_readme_says_the_totals_of_the_result(result: Result) -> None:
    said = {(row[0], row[2]): row[4] for row in readme("Qui l'emporte, et pourquoi")}
    for row in result[0].ranking:
        name = row.key.tenderer + (" (variante)" if row.key.variant else "")
        total = f"{row.total:.2f}".replace(".", ",")
        assert said[row.key.lot, name] == (total if row.rank else "hors classement")


@pytest.mark.parametrize(("bid", "place", "point", "holds", "code"), [tuple(row) for row in readme("Chaque désordre")])
def test_each_mess_gives_its_finding_at_its_place(
    result: Result, bid: str, place: str, point: str, holds: str, code: str
) -> None:
    here = [(each.code, each.point) for each in result[1] if each.tenderer == bid and each.place == place]
    assert (code, point) in here


def test_each_kind_of_doubt_is_described(result: Result) -> None:
    described = {row[4] for row in readme("Chaque désordre")}
    assert {each.code for each in result[1] if each.severity is Severity.DOUBT} <= described


def test_a_neat_bid_gives_no_doubt(result: Result) -> None:
    assert {each.severity for each in result[1] if each.tenderer == "vigiluna"} == {Severity.NOTE}


def test_the_import_gives_what_is_committed(empty: Path) -> None:
    for number, name in ((1, "export-depots"), (2, "offres-finales")):
        register = EXAMPLE / "plateforme" / f"registre-{name.removeprefix('export-')}.xlsx"
        tender = read_tender(empty).tender
        done = import_deposits(EXAMPLE / "plateforme" / f"{name}.zip", empty, tender, register, number)
        assert not [each for each in done.findings if each.severity is Severity.ERROR]
    for part in ("bids", "candidacies", "late", "superseded", "signed", "register"):
        assert files(empty / part) == files(EXAMPLE / part)
    for name in ("deposits.yaml", "deposits-round-2.yaml"):
        assert (empty / name).read_bytes() == (EXAMPLE / name).read_bytes()
    proposed, completed = (
        {each["id"]: each for each in yaml.safe_load((folder / "tenderers.yaml").read_text("utf-8"))["tenderers"]}
        for folder in (empty, EXAMPLE)
    )
    assert [(name, each["siret"], each["lots"]) for name, each in proposed.items()] == [
        (name, each["siret"], each["lots"]) for name, each in completed.items()
    ]
    assert proposed["vigiluna"]["group"] == "solidary"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_what_is_published_is_what_is_evaluated() -> None:
    tender = read_tender(EXAMPLE).tender
    found = published.check(EXAMPLE, tender, reference.load(tender)[0], read_journal(EXAMPLE, tender)[0])
    assert [(each.code, each.severity) for each in found] == [("publication.amended", Severity.NOTE)]


def test_a_weight_changed_in_silence_is_told(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / "soc-ght", ignore=shutil.ignore_patterns("plateforme")))
    text = (copy / "tender.yaml").read_text("utf-8")
    lowered = text.replace('weight: "35", kind: price', 'weight: "34", kind: price')
    (copy / "tender.yaml").write_text(lowered.replace("EG-047: {weight: 3}", "EG-047: {weight: 1}"), "utf-8")
    tender = read_tender(copy).tender
    found = published.check(copy, tender, reference.load(tender)[0], read_journal(copy, tender)[0])
    assert {each.code for each in found} == {"publication.changed"}
    assert {each.place for each in found} == {"criteria.prix.weight", "points.EG-047.weight"}


def test_the_record_holds_and_the_day_of_signature_is_told(record: tuple[Situation, list[Finding]]) -> None:
    situation, found = record
    said = [*found, *check(situation), *presentation.owed(situation)]
    assert [each.code for each in said if each.severity is not Severity.NOTE] == []
    assert {step.state for step in next_steps(situation)} == {State.DONE}
    for day, state in ((WAITING, State.WAITING), (FREE, State.POSSIBLE)):
        signs = [step for step in next_steps(opened(EXAMPLE, day)[0]) if step.stage is Stage.SIGN]
        assert [(step.state, step.from_day) for step in signs] == [(state, date(2026, 12, 27))] * 2


def test_each_tenderer_has_its_letter(record: tuple[Situation, list[Finding]]) -> None:
    made, refused = letters(record[0])
    assert refused == []
    assert {(each.kind, each.lot, each.tenderer) for each in made} == {
        (Kind.REGULARISATION, "lot-1", "coralis"),
        (Kind.JUSTIFICATION, "lot-2", "petitrempart"),
        (Kind.PROOFS, "lot-1", "vigiluna"),
        (Kind.PROOFS, "lot-2", "petitrempart"),
        (Kind.CANDIDACY, "lot-2", "quillevent"),
        (Kind.AWARD, "lot-1", "vigiluna"),
        (Kind.REJECTION, "lot-1", "brisefort"),
        (Kind.REJECTION, "lot-1", "coralis"),
        (Kind.AWARD, "lot-2", "petitrempart"),
        (Kind.REJECTION, "lot-2", "vigiluna"),
        (Kind.REJECTION, "lot-2", "coralis"),
        (Kind.REJECTION, "lot-2", "ostrelane"),
        (Kind.REASONS, "lot-2", "coralis"),
    }


def test_the_essential_data_count_the_bids_and_not_the_candidacies(record: tuple[Situation, list[Finding]]) -> None:
    assert [received(record[0], lot) for lot in ("lot-1", "lot-2")] == [3, 3]
    text, found = decp_contract.written(record[0])
    assert found == []
    contracts = json.loads(text)["marches"]["marche"]
    assert [(each["id"], each["typeGroupementOperateurs"], each["sousTraitanceDeclaree"]) for each in contracts] == [
        ("2026SOC01", "Solidaire", False),
        ("2026SOC02", "Pas de groupement", True),
    ]


def test_who_declared_a_conflict_marked_nothing_of_that_lot(result: Result) -> None:
    marks = result[0].marks
    assert {each.bid.lot for each in (*marks.points, *marks.notes) if each.evaluator == "dsi"} == {"lot-1"}


def test_it_stays_small_and_says_that_it_is_fictitious() -> None:
    paths = [path for path in EXAMPLE.rglob("*") if path.is_file()]
    assert len(paths) < 120
    assert sum(path.stat().st_size for path in paths) < 3_000_000
    for name in ("README.md", "tender.yaml", "journal.yaml"):
        assert re.search("fictif", (EXAMPLE / name).read_text("utf-8"), re.I)
    assert all("(fictif)" in each.name for each in read_tender(EXAMPLE).tender.tenderers)
