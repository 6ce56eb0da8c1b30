"""The folder of bids: who sent what, and that one bad file touches its own bid only."""

import hashlib
import os
from dataclasses import replace
from decimal import Decimal

import pytest

from egide.exchange.bids import natural, read_bids
from egide.finding import Severity
from egide.tender.model import BidKey, Declared, Lot, Round
from exchange.small import ALL, CLAUSIER, TENDER, workbook

FULL = [
    ["ID", "Réponse", "Preuve"],
    ["EG-066", "Oui", ""],
    ["EG-067", "Décrit", "flux.pdf § 2"],
    ["EG-068", "4 h", ""],
    ["EG-101", "Oui", ""],
    ["EG-X01", "Non", ""],
]


def price(folder, text='{format: 1, total: "1000", currency: EUR}'):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "price.yaml").write_text(text, encoding="utf-8")


def full(folder, rows=FULL, name="q.xlsx"):
    workbook(folder / name, rows)
    (folder / "flux.pdf").write_bytes(b"%PDF-1.7")
    price(folder)


def codes(findings, tenderer=None):
    return sorted(each.code for each in findings if tenderer is None or each.tenderer == tenderer)


@pytest.fixture
def bids(tmp_path):
    full(tmp_path / "bids" / "alpha" / "lot-1")
    full(tmp_path / "bids" / "beta")
    return tmp_path / "bids"


TWO_ROUNDS = replace(TENDER, rounds=(Round(2),))


def read(bids, tender=TENDER):
    found, findings = read_bids(bids.parent, tender, CLAUSIER)
    return {bid.key: bid for bid in found}, findings


def test_two_clean_bids(bids):
    found, findings = read(bids)
    assert list(found) == [BidKey("alpha", "lot-1"), BidKey("beta", "lot-1")]
    assert codes(findings) == ["file.attachment", "file.attachment"]
    bid = found[BidKey("alpha", "lot-1")]
    assert tuple(bid.answers) == ALL
    assert bid.price.total == Decimal(1000)
    assert [file.name for file in bid.files] == [
        f"bids/alpha/lot-1/{name}" for name in ("flux.pdf", "price.yaml", "q.xlsx")
    ]
    assert bid.files[0].sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert bid.answers["EG-066"].file == "bids/alpha/lot-1/q.xlsx"


@pytest.mark.parametrize("name", ["Alpha Santé SAS", "ALPHA-SANTE-SAS", "12345678900011", "123 456 789 00011"])
def test_a_tenderer_is_known_by_name_or_siret(bids, name):
    (bids / "alpha").rename(bids / name)
    found, findings = read(bids)
    assert BidKey("alpha", "lot-1") in found
    assert "bids.matched" in codes(findings, "alpha")


def test_a_stranger_and_a_stray_file_are_told_not_read(bids):
    full(bids / "gamma")
    (bids / "notes.csv").write_text("EG-066;Oui")
    found, findings = read(bids)
    assert len(found) == 2
    assert {(each.code, each.file) for each in findings if each.code.startswith("bids.")} == {
        ("bids.stranger", "bids/gamma"),
        ("bids.stray", "bids/notes.csv"),
    }


def test_a_tenderer_without_bid_is_a_note(tmp_path):
    full(tmp_path / "bids" / "alpha")
    _, findings = read(tmp_path / "bids")
    assert [(each.code, each.severity) for each in findings if each.tenderer == "beta"] == [
        ("bids.absent", Severity.NOTE)
    ]


def test_variants_and_rounds_combine(bids):
    full(bids / "alpha" / "lot-1" / "variant-1")
    full(bids / "alpha" / "lot-1" / "variante 1" / "tour-2")
    full(bids / "alpha" / "round-2")
    found, _ = read(bids, TWO_ROUNDS)
    assert sorted((key.variant, key.round) for key in found if key.tenderer == "alpha") == [
        (0, 1),
        (0, 2),
        (1, 1),
        (1, 2),
    ]


def test_a_round_that_the_consultation_does_not_have_never_replaces_an_offer(bids):
    full(bids / "alpha" / "tour-2")
    found, findings = read(bids)
    assert {key.round for key in found} == {1}
    assert [(each.file, each.severity) for each in findings if each.code == "bids.unknown_round"] == [
        (f"bids/alpha/tour-2/{name}", Severity.ERROR) for name in ("flux.pdf", "price.yaml", "q.xlsx")
    ]


def test_lots(bids):
    tender = replace(
        TENDER,
        lots=(Lot("lot-1"), Lot("lot-2")),
        tenderers=(replace(TENDER.tenderers[0], lots=("lot-1",)), TENDER.tenderers[1]),
    )
    full(bids / "alpha" / "lot-2")
    full(bids / "alpha" / "lot-9")
    found, findings = read(bids, tender)
    assert set(found) == {BidKey("alpha", "lot-1"), BidKey("alpha", "lot-2")}
    assert "bids.unexpected_lot" in codes(findings, "alpha")
    assert "bids.unknown_lot" in codes(findings, "alpha")
    assert set(codes(findings, "beta")) == {"bids.unknown_lot", "bids.absent"}


def test_several_files_make_one_bid_and_the_later_is_proposed(bids):
    folder = bids / "alpha" / "lot-1"
    workbook(folder / "q10-dpo.xlsx", [["ID", "Réponse"], ["EG-101", "Non"], ["EG-066", ""]])
    workbook(folder / "q9-rssi.xlsx", [["ID", "Réponse"], ["EG-101", "Partiel"]])
    found, findings = read(bids)
    bid = found[BidKey("alpha", "lot-1")]
    assert bid.answers["EG-101"].declared is Declared.NO
    assert bid.answers["EG-066"].declared is Declared.YES
    conflicts = [each for each in findings if each.code == "answer.conflict"]
    assert len(conflicts) == 2
    assert "q9-rssi.xlsx" in str(conflicts[1].understood)
    assert conflicts[1].file.endswith("q10-dpo.xlsx")
    assert {each.tenderer for each in conflicts} == {"alpha"}


def test_one_unreadable_file_touches_its_own_bid_only(bids):
    clean = read(bids)[0][BidKey("beta", "lot-1")]
    (bids / "alpha" / "lot-1" / "q.xlsx").write_bytes(b"PK\x03\x04")
    found, findings = read(bids)
    assert found[BidKey("beta", "lot-1")] == clean
    assert codes(findings, "beta") == ["file.attachment"]
    assert codes(findings, "alpha") == ["answer.missing", "file.corrupt", "file.pdf"]
    assert all(
        answer.declared is Declared.BLANK and answer.place == ""
        for answer in found[BidKey("alpha", "lot-1")].answers.values()
    )


def test_missing_points_are_one_finding(bids):
    workbook(bids / "beta" / "q.xlsx", FULL[:3])
    found, findings = read(bids)
    missing = [each for each in findings if each.code == "answer.missing"]
    assert len(missing) == 1
    assert "EG-068, EG-101, EG-X01" in str(missing[0].understood)
    assert set(found[BidKey("beta", "lot-1")].answers) == set(ALL)


def test_a_named_document_that_is_absent_is_told_once(bids):
    (bids / "beta" / "flux.pdf").unlink()
    _, findings = read(bids)
    absent = [each for each in findings if each.code == "proof.absent"]
    assert [(each.tenderer, each.point, each.read) for each in absent] == [("beta", "EG-067", "flux.pdf")]


def test_a_variant_and_a_later_round_may_name_a_document_of_the_base(bids):
    (bids / "beta" / "lot-1" / "variant-1").mkdir(parents=True)
    workbook(bids / "beta" / "lot-1" / "variant-1" / "q.xlsx", FULL)
    (bids / "beta" / "lot-1" / "round-2").mkdir()
    workbook(bids / "beta" / "lot-1" / "round-2" / "q.xlsx", FULL[:2])
    assert "proof.absent" not in codes(read(bids, TWO_ROUNDS)[1])
    (bids / "beta" / "flux.pdf").unlink()
    absent = [each for each in read(bids, TWO_ROUNDS)[1] if each.code == "proof.absent"]
    assert [(each.file, each.read) for each in absent] == [
        ("bids/beta/q.xlsx", "flux.pdf"),
        ("bids/beta/lot-1/variant-1/q.xlsx", "flux.pdf"),
    ]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_links_that_lead_outside_are_not_followed(bids, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    workbook(outside / "secret.xlsx", [["ID", "Réponse"], ["EG-066", "Non"]])
    (bids / "beta" / "link.xlsx").symlink_to(outside / "secret.xlsx")
    (bids / "beta" / "folder").symlink_to(outside)
    (bids / "beta" / "loop").symlink_to(bids / "beta")
    (bids / "gamma").symlink_to(outside)
    found, findings = read(bids)
    assert found[BidKey("beta", "lot-1")].answers["EG-066"].declared is Declared.YES
    assert codes(findings).count("bids.link") == 3
    assert all("secret" not in file.name for bid in found.values() for file in bid.files)


@pytest.mark.parametrize(
    ("text", "code"), [("{total: -1}", "price.negative"), ("{total: NaN}", "price.not_finite"), ("{}", "price.missing")]
)
def test_an_unusable_price_is_an_error_of_its_bid(bids, text, code):
    price(bids / "beta", text)
    found, findings = read(bids)
    assert found[BidKey("beta", "lot-1")].price is None
    assert [
        (each.code, each.severity) for each in findings if each.tenderer == "beta" and each.code.startswith("price")
    ] == [(code, Severity.ERROR)]


def test_a_price_sheet_beside_or_inside_the_questionnaire(bids):
    (bids / "beta" / "price.yaml").unlink()
    workbook(bids / "beta" / "q.xlsx", {"Questionnaire": FULL, "BPU": [["Licence", 10], ["Total HT", 10]]})
    (bids / "alpha" / "lot-1" / "price.yaml").unlink()
    workbook(bids / "alpha" / "lot-1" / "Acte d'engagement.xlsx", [["Total HT", 20]])
    found, findings = read(bids)
    assert [bid.price.total for bid in found.values()] == [20, 10]
    assert not [each for each in findings if each.severity is Severity.ERROR]


def test_two_different_prices_are_a_doubt(bids):
    workbook(bids / "beta" / "prix.xlsx", [["Total HT", 999]])
    found, findings = read(bids)
    assert found[BidKey("beta", "lot-1")].price.total == 1000
    assert "price.conflict" in codes(findings, "beta")


def test_without_the_folder_there_is_one_error(tmp_path):
    found, findings = read_bids(tmp_path, TENDER, CLAUSIER)
    assert found == ()
    assert findings[0].severity is Severity.ERROR


def test_names_sort_as_people_count():
    assert sorted(["q10", "q9", "Q1b", "q1"], key=natural) == ["q1", "Q1b", "q9", "q10"]


def test_a_name_in_an_unknown_encoding_does_not_break_the_record(bids):
    name = os.fsdecode(b"r\xe9ponse.csv")
    (bids / "beta" / name).write_text("ID;Réponse\nEG-066;Oui\n", encoding="utf-8")
    _, findings = read(bids)
    for each in findings:
        each.file.encode("utf-8")
