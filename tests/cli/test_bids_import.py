"""egide bids import from the command line: exit codes, machine output, English."""

import json

import pytest
import yaml

from egide.cli import main
from exchange.platform_exports import archive

TENDER = """title: "Essai (fictif)"
buyer: {name: "GHT fictif"}
sent_on: 2026-09-01
deadline: 2026-10-05T12:00:00+02:00
lots: [{id: lot-1}]
certificates: [{standard: HDS, activities: [1]}]
criteria:
- {id: prix, title: Prix, weight: 80, kind: price}
- {id: environnement, title: Environnement, weight: 20, kind: marked, environmental: true}
evaluators: [{id: rssi}]
"""
FILES = {"Plis/Pli 1 - ALPHA/Candidature/DC1.pdf": b"1", "Plis/Pli 1 - ALPHA/Offre/BPU.csv": b"Total HT;100"}


def run(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tender.yaml").write_text(TENDER, encoding="utf-8")
    (tmp_path / "plis.zip").write_bytes(archive(FILES))
    return tmp_path


def test_deposits_are_filed_and_the_doubts_are_told(folder, capsys):
    assert run("bids", "import", folder / "plis.zip", folder) == 0
    said = capsys.readouterr().out
    assert "pli 1 · ALPHA · rangé · lot-1 · 2 fichier(s)" in said
    assert "certificate.absent" in said
    assert (folder / "bids/alpha/lot-1/BPU.csv").exists()
    assert run("bids", "import", folder / "plis.zip", folder) == 0
    assert "déjà été importés" in capsys.readouterr().out


def test_machine_output_and_trial_run(folder, capsys):
    assert run("bids", "import", folder / "plis.zip", folder, "--dry-run", "--json", "--lang", "en") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["written"]) == (True, False)
    assert [each["path"] for each in said["report"]["deposits"][0]["files"]] == [
        "candidacies/alpha/DC1.pdf", "bids/alpha/lot-1/BPU.csv",
    ]  # fmt: skip
    assert "register.absent" in {each["code"] for each in said["findings"]}
    assert not (folder / "bids").exists()


def test_errors_exit_with_one(folder, capsys):
    (folder / "plis.zip").write_bytes(archive({**FILES, "Plis/Pli 2 - BETA/Offre lot 8/q.csv": b"x"}))
    assert run("bids", "import", folder / "plis.zip", folder) == 1
    (folder / "plis.zip").write_bytes(b"no archive")
    assert run("bids", "import", folder / "plis.zip", folder, "--json") == 1
    assert "import.source" in capsys.readouterr().out


def test_what_was_imported_is_read_by_the_other_commands(folder, capsys):
    assert run("bids", "import", folder / "plis.zip", folder) == 0
    capsys.readouterr()
    assert run("bids", "doubts", folder, "-o", folder / "out") == 0
    assert [each["id"] for each in yaml.safe_load((folder / "tenderers.yaml").read_text())["tenderers"]] == ["alpha"]
    assert (folder / "out/precisions-alpha.pdf").exists()
