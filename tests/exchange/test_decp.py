"""The essential data: written from a consultation, valid against the official schema and the stricter rules (R46, R47)."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from builders import bid, clausier, marks, note, price_and_technical, rules, tender
from egide.errors import DataError
from egide.exchange import decp, decp_contract
from egide.tender.contract import Contract
from egide.tender.essential import Essential
from egide.tender.evaluation import evaluate
from egide.tender.model import Buyer, Tenderer
from egide.tender.parties import Group, Member
from egide.tender.procedure.journal import Award, Deposit, Journal, Signature
from egide.tender.procedure.situation import Situation

GOOD, OTHER = "73282932000074", "35600000000048"
ESSENTIAL = Essential("72000000", "29")
TENDER = tender(
    price_and_technical(),
    buyer=Buyer("GHT fictif", GOOD),
    reference="2026-01",
    contract=Contract(months=48),
    essential=ESSENTIAL,
    tenderers=(
        Tenderer(
            "A",
            "Société A",
            GOOD,
            group=Group.SOLIDARY,
            members=(Member("B", OTHER), Member("A", GOOD, mandataire=True)),
        ),
        Tenderer("B", "Société B", OTHER),
    ),
)
AT = datetime(2026, 8, 30, tzinfo=UTC)
JOURNAL = Journal(
    awards=(Award("lot-1", "A", date(2026, 10, 1), "Directrice (fictive)", amount=Decimal("120000.50")),),
    signatures=(Signature("lot-1", date(2026, 10, 20), "Directrice (fictive)", date(2026, 10, 22)),),
    deposits=(Deposit("A", AT), Deposit("B", AT), Deposit("C", datetime(2026, 9, 2, tzinfo=UTC))),
)


def situation(consultation=TENDER, journal: Journal = JOURNAL) -> Situation:
    evaluation = evaluate(TENDER, clausier(), rules(), [bid("A"), bid("B")], marks(note("A", "70"), note("B", "60")))
    return Situation(consultation, rules(), journal, date(2026, 11, 1), evaluation)


def made() -> dict[str, object]:
    return json.loads(decp_contract.written(situation())[0])


def test_R46_what_is_written_is_valid_and_says_what_happened():
    text, found = decp_contract.written(situation())
    assert found == []
    (contract,) = json.loads(text)["marches"]["marche"]
    assert contract["montant"] == 120000.5
    assert contract["dateNotification"] == "2026-10-22"
    assert contract["typeGroupementOperateurs"] == "Solidaire"
    assert [each["titulaire"]["id"] for each in contract["titulaires"]] == [GOOD, OTHER]
    assert contract["procedure"] == "Appel d'offres ouvert"


def test_R47_bids_received_in_time_count_and_the_late_one_does_not():
    assert made()["marches"]["marche"][0]["offresRecues"] == 2


def test_an_advance_and_origins_are_written_when_known():
    known = replace(
        ESSENTIAL, advance=Decimal("0.3"), origin_eu=Decimal("0.9"), origin_france=Decimal("0.5"), numbers=("M26-7",)
    )
    text, found = decp_contract.written(situation(replace(TENDER, essential=known)))
    (contract,) = json.loads(text)["marches"]["marche"]
    assert found == []
    assert (contract["id"], contract["attributionAvance"], contract["tauxAvance"]) == ("M26-7", True, 0.3)


@pytest.mark.parametrize(
    ("consultation", "journal", "place"),
    [
        (replace(TENDER, essential=None), JOURNAL, "essential"),
        (replace(TENDER, contract=Contract()), JOURNAL, "contract.months"),
        (TENDER, replace(JOURNAL, signatures=()), "signatures.lot-1"),
        (TENDER, Journal(), "awards"),
    ],
)
def test_what_lacks_is_said_and_nothing_is_written(consultation, journal, place):
    with pytest.raises(DataError) as refusal:
        decp_contract.written(situation(consultation, journal))
    assert [finding.place for finding in refusal.value.findings] == [place]


def test_below_forty_thousand_euros_nothing_is_published():
    small = replace(JOURNAL, awards=(replace(JOURNAL.awards[0], amount=Decimal("39999.99")),))
    with pytest.raises(DataError, match="données essentielles"):
        decp_contract.written(situation(journal=small))
    just = replace(JOURNAL, awards=(replace(JOURNAL.awards[0], amount=Decimal(40000)),))
    assert decp_contract.written(situation(journal=just))[1] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"dateNotification": "2024-99-99"}, "dateNotification"),
        ({"dateNotification": "xx2024-01-01yy"}, "dateNotification"),
        ({"datePublicationDonnees": "2026-10-21"}, "datePublicationDonnees"),
        ({"datePublicationDonnees": "2026-12-23"}, "datePublicationDonnees"),
        ({"origineUE": 0.1, "origineFrance": 0.9}, "origineUE"),
        ({"tauxAvance": 0.3}, "tauxAvance"),
        ({"attributionAvance": True}, "tauxAvance"),
        ({"acheteur": {"id": "73282932000075"}}, "acheteur.id"),
        ({"titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": "1"}}]}, "titulaires[0].titulaire.id"),
        ({"montant": float("nan")}, "montant"),
        ({"offresRecues": 0}, "offresRecues"),
        ({"nature": "marché"}, "nature"),
        ({"id": "12345678901234567"}, "id"),
        ({"ccag": None}, "ccag"),
        ({"inconnu": 1}, ""),
        ({"modifications": [{"modification": {"id": n, "dateNotificationModification": "2026-11-02", "datePublicationDonneesModification": "2026-11-03"}} for n in (2, 1)]}, "modifications"),
    ],
)  # fmt: skip
def test_R46_each_fault_has_its_place_and_its_remedy(tmp_path: Path, change, place):
    data = copy.deepcopy(made())
    data["marches"]["marche"][0] |= change
    (tmp_path / "d.json").write_text(json.dumps(data), encoding="utf-8")
    _, found = decp.read(tmp_path / "d.json")
    assert found
    assert {finding.place for finding in found} == {f"marches.marche[0].{place}".strip(".")}
    assert all(str(finding.remedy) and str(finding.understood) for finding in found)


def test_two_months_to_the_day_is_still_in_time(tmp_path):
    data = made()
    data["marches"]["marche"][0]["datePublicationDonnees"] = "2026-12-22"
    (tmp_path / "d.json").write_text(json.dumps(data), encoding="utf-8")
    assert decp.read(tmp_path / "d.json")[1] == []


def test_a_missing_field_is_named(tmp_path):
    data = made()
    del data["marches"]["marche"][0]["montant"]
    (tmp_path / "d.json").write_text(json.dumps(data), encoding="utf-8")
    (finding,) = decp.read(tmp_path / "d.json")[1]
    assert "montant" in str(finding.remedy)


@pytest.mark.parametrize("text", ["", "[]", "[1, 2", '{"marches": 3}', '{"marches": {"marche": [1]}}', "\x00", "12"])
def test_what_is_no_such_file_is_said(tmp_path, text):
    (tmp_path / "d.json").write_text(text, encoding="utf-8")
    try:
        _, found = decp.read(tmp_path / "d.json")
    except DataError as refusal:
        found = list(refusal.findings)
    assert found
    with pytest.raises(DataError):
        decp.read(tmp_path / "absent.json")
