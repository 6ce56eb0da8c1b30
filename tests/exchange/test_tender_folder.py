"""tender.yaml and what stands beside it: every fault at once, with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from builders import clausier, point
from egide.errors import DataError
from egide.exchange.clausiers import native
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity

TENDER = """format: 1
title: "Essai (fictif)"
buyer: {name: "GHT fictif"}
sent_on: 2026-07-01
deadline: 2026-09-01T12:00:00+02:00
lots: [{id: lot-1}]
tenderers: [{id: alpha, name: "Alpha (fictif)"}]
criteria:
- {id: prix, weight: 40, kind: price}
- {id: ailleurs, weight: 60, kind: computed, scale: 20}
evaluators: [{id: rssi}]
"""


def folder(tmp_path: Path, text: str = TENDER, **files: str) -> Path:
    (tmp_path / "tender.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return tmp_path


def refused(path: Path) -> dict[str, str]:
    with pytest.raises(DataError) as caught:
        read_tender(path)
    return {finding.place or finding.file: finding.code for finding in caught.value.findings}


def test_a_tender_is_read_with_its_defaults(tmp_path):
    top = read_tender(folder(tmp_path))
    assert top.tender.criteria[0].formula == "proportional"
    assert (top.tender.formalised, top.tender.currency, top.enclosed, top.computed) == (True, "EUR", None, {})


def test_a_byte_order_mark_and_a_single_tie_rule_are_accepted(tmp_path):
    assert read_tender(folder(tmp_path, "\ufeff" + TENDER + "ties: draw\n")).tender.ties == ("draw",)


def test_what_is_absent_or_unreadable_is_named(tmp_path):
    assert refused(tmp_path / "nowhere")
    assert refused(tmp_path) == {"tender.yaml": "tender.absent"}
    (tmp_path / "tender.yaml").write_bytes(b"\xff\xfe\x00bad")
    assert refused(tmp_path) == {"tender.yaml": "tender.unreadable"}


def test_every_fault_of_the_file_comes_at_once(tmp_path):
    broken = TENDER.replace("weight: 40", "weight: beaucoup").replace("title:", "titre:").replace("+02:00", "")
    assert set(refused(folder(tmp_path, broken))) == {"title", "titre", "deadline", "criteria[0].weight"}


def test_another_format_is_not_guessed(tmp_path):
    assert refused(folder(tmp_path, TENDER.replace("format: 1", "format: 2"))) == {"format": "tender.format"}


@pytest.mark.parametrize("name", ["../ailleurs", "/etc", ".cache", "a\\\\b", ""])
def test_an_identifier_cannot_lead_out_of_its_folder(tmp_path, name):
    assert refused(folder(tmp_path, TENDER.replace("id: alpha", f'id: "{name}"'))) == {"tenderers": "tender.name"}


def test_a_wrong_siret_is_a_doubt(tmp_path):
    text = TENDER.replace('{name: "GHT fictif"}', '{name: "GHT fictif", siret: "12345678901234"}')
    findings = read_tender(folder(tmp_path, text)).findings
    assert [(finding.place, finding.severity) for finding in findings] == [("buyer.siret", Severity.DOUBT)]


def test_notes_computed_elsewhere_are_read_and_checked(tmp_path):
    top = read_tender(folder(tmp_path, computed__yaml="ailleurs: {alpha: '12.5'}"))
    assert top.computed == {"ailleurs": {"alpha": Decimal("12.5")}}
    wrong = "prix: {alpha: '1'}\nailleurs: {beta: '1', alpha: '21'}"
    assert set(refused(folder(tmp_path, computed__yaml=wrong))) == {"prix", "ailleurs.beta", "ailleurs.alpha"}


def test_an_enclosed_clausier_is_read_and_stays_in_the_folder(tmp_path):
    mine = clausier(point("P1"), point("P2"))
    text = TENDER + "clausier: {file: mien.json}\n"
    assert read_tender(folder(tmp_path, text, mien__json=native.text(mine))).enclosed == mine
    outside = TENDER + "clausier: {file: ../mien.json}\n"
    assert refused(folder(tmp_path, outside)) == {"clausier.file": "tender.clausier"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "clausier.absent"),
        ("{", "plain.json"),
        ('{"a": 1}', "clausier.form"),
        ('{"id": "x", "version": "1", "title": {}, "themes": [], "format": 2}', "clausier.format"),
        ('{"id": "x", "version": "1", "title": {}, "themes": 3}', "plain.value"),
    ],
)
def test_an_enclosed_clausier_that_cannot_be_read_is_named(tmp_path, content, code):
    files = {} if content is None else {"mien__json": content}
    assert code in refused(folder(tmp_path, TENDER + "clausier: {file: mien.json}\n", **files)).values()


def test_a_clausier_with_an_identifier_twice_or_without_points_is_refused(tmp_path):
    (tmp_path / "c.json").write_text(native.text(clausier(point("P1"), point("P1"))), encoding="utf-8")
    with pytest.raises(DataError, match="deux fois"):
        native.read(tmp_path / "c.json", "c.json")
    (tmp_path / "c.json").write_text(native.text(clausier()), encoding="utf-8")
    with pytest.raises(DataError, match="aucun point"):
        native.read(tmp_path / "c.json", "c.json")
    (tmp_path / "c.json").write_bytes(b"\xff\xff")
    with pytest.raises(DataError):
        native.read(tmp_path / "c.json", "c.json")


@pytest.mark.parametrize(
    ("lots", "tenderers", "evaluators", "code"),
    [
        (["lot-1"], ["alpha", "Alpha"], ["rssi"], "tender.name_twice"),
        (["lot-1"], ["été", "ete"], ["rssi"], "tender.name_twice"),
        (["lot-1", "Lot-1"], ["alpha"], ["rssi"], "tender.name_twice"),
        (["lot-1"], ["alpha"], ["rssi", "RSSI"], "tender.name_twice"),
        (["a", "a-b"], ["b-c", "c"], ["rssi"], "tender.name_twice"),
        (["lot-1"], ["CON"], ["rssi"], "tender.name"),
        (["lot-1"], ["nul.txt"], ["rssi"], "tender.name"),
        (["lot-1"], ["alpha."], ["rssi"], "tender.name"),
        (["x" * 61], ["alpha"], ["rssi"], "tender.name"),
        (["lot-1"], ["alpha"], ["harmonisation"], "tender.name"),
        (["lot-1"], ["alpha"], ["Decisions"], "tender.name"),
    ],
)
def test_no_two_identifiers_name_one_file_and_none_is_taken(tmp_path, lots, tenderers, evaluators, code):
    listed = {key: "[" + ", ".join(f"{{id: '{each}'}}" for each in names) + "]" for key, names in (("lots", lots), ("tenderers", tenderers), ("evaluators", evaluators))}  # fmt: skip
    text = TENDER.replace("[{id: lot-1}]", listed["lots"]).replace('[{id: alpha, name: "Alpha (fictif)"}]', listed["tenderers"]).replace("[{id: rssi}]", listed["evaluators"])  # fmt: skip
    assert set(refused(folder(tmp_path, text)).values()) == {code}


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "fichier").write_text("x", encoding="utf-8")
    assert refused(tmp_path / "fichier") == {str(tmp_path / "fichier"): "tender.folder"}
