"""egide record and egide tender check, why: the house example, its journal written step by step."""

import json
import re
from pathlib import Path
from shutil import copytree

import pytest

from egide.cli import main

EXAMPLE = Path(__file__).parent.parent.parent / "examples/pacs-ght"
JOURNAL = """
format: 1
publication: {on: 2026-09-14, digest: ""}
declarations:
- {evaluator: rssi, on: 2026-10-01, conflict: false}
- {evaluator: dpo, on: 2026-10-01, conflict: false}
- {evaluator: biomedical, on: 2026-10-01, conflict: false}
opening: {at: 2026-11-03T09:00:00+01:00}
awards:
- {lot: lot-1, tenderer: kerzanne, on: 2026-11-20, by: "la directrice"}
proofs:
- {tenderer: kerzanne, lot: lot-1, what: "attestation fiscale", asked_on: 2026-11-20, deadline: 2026-11-30T12:00:00+01:00,
   received_on: 2026-11-22, accepted: true}
sent:
- {tenderer: valtorrel, lot: lot-1, kind: rejection, on: 2026-11-23}
- {tenderer: nuebrume, lot: lot-1, kind: rejection, on: 2026-11-23}
- {tenderer: tarquembe, lot: lot-1, kind: rejection, on: 2026-11-23}
"""


@pytest.fixture(scope="module")
def consultation(tmp_path_factory):
    return Path(copytree(EXAMPLE, tmp_path_factory.mktemp("record") / "pacs", ignore=lambda folder, names: {"marks", "bids"} & set(names)))  # fmt: skip


def run(capsys, *arguments: str) -> tuple[int, str]:
    code = 0
    try:
        main([str(each) for each in arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_rule_says_why_it_exists_with_its_article_and_the_day_it_was_seen(capsys):
    code, said = run(capsys, "tender", "why", "r41", "--date", "2026-10-01")
    assert code == 0
    assert "R2182-1" in said
    assert "Vu le" in said
    code, said = run(capsys, "tender", "why", "R66", "--date", "2025-12-31")
    assert code == 0
    assert "n'est pas en vigueur" in said
    assert "01/01/2026" in said
    assert run(capsys, "tender", "why", "R99")[0] == 2
    code, said = run(capsys, "tender", "why", "--date", "2026-10-01", "--lang", "en")
    assert said.count("\nR") > 30
    assert "Standstill before signing" in said


def test_a_consultation_is_checked_before_publication_at_the_day_meant(capsys, consultation):
    assert run(capsys, "tender", "check", consultation)[0] == 0
    path = consultation / "tender.yaml"
    path.write_text(re.sub(r"allotment:\n  reason:.*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    code, said = run(capsys, "tender", "check", consultation)
    assert code == 1
    assert "publication.allotment" in said
    assert "publication.period" not in said
    code, said = run(capsys, "tender", "check", consultation, "--date", "2026-10-30", "--json")
    found = {(each["code"], each["severity"]) for each in json.loads(said)["findings"]}
    assert ("publication.period", "error") in found


def test_a_journal_is_begun_once_and_never_overwritten(capsys, consultation):
    (consultation / "journal.yaml").unlink(missing_ok=True)
    assert run(capsys, "record", "init", consultation)[0] == 0
    begun = (consultation / "journal.yaml").read_text(encoding="utf-8")
    assert "valtorrel" in begun
    assert run(capsys, "record", "check", consultation, "--date", "2026-10-01")[0] == 0
    assert run(capsys, "record", "init", consultation)[0] == 1
    assert (consultation / "journal.yaml").read_text(encoding="utf-8") == begun


def test_what_was_done_is_checked_and_the_first_day_of_signature_told(capsys, consultation):
    (consultation / "journal.yaml").write_text(JOURNAL, encoding="utf-8")
    code, said = run(capsys, "record", "check", consultation, "--date", "2026-11-25", "--json")
    data = json.loads(said)
    (signing,) = [each for each in data["steps"] if each["stage"] == "sign"]
    assert signing["from"] == "2026-12-04"
    assert signing["blocked_by"] == ["R28"]
    assert code == 1
    code, said = run(capsys, "record", "check", consultation, "--date", "2026-11-25")
    assert "04/12/2026" in said
    code, said = run(capsys, "record", "check", consultation, "--date", "2026-11-25", "--lang", "en")
    assert "2026-12-04" in said
    bid = consultation / "bids/kerzanne/lot-1"
    bid.mkdir(parents=True)
    code, said = run(capsys, "record", "check", consultation, "--date", "2026-11-25")
    assert "record.evaluation" in said
    (consultation / "journal.yaml").write_text("format: 1\nreferals: []\n", encoding="utf-8")
    code, said = run(capsys, "record", "check", consultation, "--date", "2026-11-25")
    assert (code, "referals" in said) == (1, True)
