"""Groups, subcontractors, certificates: what must be said, and nothing when all is in order."""

from dataclasses import replace
from datetime import date

import pytest

from builders import price_and_technical
from builders import tender as consultation
from egide import reference
from egide.finding import Severity
from egide.tender.contract import Contract
from egide.tender.model import Lot, Tender, Tenderer
from egide.tender.parties import Certificate, Group, Member, RequiredCertificate, Subcontractor
from egide.tender.procedure.candidacies import certificates, looked_at, parties, rank

A, B, C = "73282932000074", "35600000000048", "55210055400013"
STANDARDS = reference.certificates()
LOTS = (Lot("lot-1"), Lot("lot-2"))


def tender(*tenderers: Tenderer, **changes: object) -> Tender:
    return consultation(price_and_technical(), tenderers=tenderers, lots=LOTS, **changes)


def codes(*tenderers: Tenderer) -> list[str]:
    return [each.code for each in parties(tender(*tenderers))]


GROUP = Tenderer(
    "g",
    "Groupement Alpha",
    A,
    group=Group.SOLIDARY,
    members=(Member("Alpha", A, mandataire=True), Member("Bêta", B)),
    subcontractors=(
        Subcontractor("Hébergeur", C, of="Bêta", processor=True, country="FR"),
        Subcontractor("Sauvegardeur", country="DE", of="hebergeur"),
    ),
)


def test_a_group_in_order_has_no_finding():
    assert codes(GROUP, Tenderer("c", "Seul", "78467169500087")) == []


@pytest.mark.parametrize(
    ("tenderer", "code"),
    [
        (Tenderer("a", "Alpha"), "party.siret"),
        (replace(GROUP, members=(Member("Alpha", A, mandataire=True), Member("Bêta"))), "party.siret"),
        (replace(GROUP, subcontractors=(Subcontractor("Hébergeur", of="Bêta"),)), "party.siret"),
        (replace(GROUP, group=Group.NONE), "group.form"),
        (replace(GROUP, members=(Member("Alpha", A), Member("Bêta", B))), "group.mandataire"),
        (replace(GROUP, members=tuple(replace(each, mandataire=True) for each in GROUP.members)), "group.mandataire"),
        (replace(GROUP, siret=B), "group.mandataire"),
        (replace(GROUP, members=GROUP.members[:1], subcontractors=()), "group.members"),
        (replace(GROUP, subcontractors=(Subcontractor("Hébergeur", C),)), "subcontractor.of"),
        (replace(GROUP, subcontractors=(Subcontractor("Hébergeur", C, of="Inconnu"),)), "subcontractor.of"),
        (replace(GROUP, subcontractors=(Subcontractor("Hébergeur", C, of="HEBERGEUR"),)), "subcontractor.of"),
        (replace(GROUP, subcontractors=(Subcontractor("Hébergeur", C, of="Bêta", processor=True),)), "subcontractor.country"),
    ],
)  # fmt: skip
def test_each_fault_of_a_candidacy_is_one_finding_of_its_tenderer(tenderer, code):
    found = parties(tender(tenderer))
    assert [each.code for each in found] == [code]
    assert found[0].tenderer == tenderer.id
    assert found[0].severity is not Severity.ERROR


def test_a_subcontractor_of_a_company_alone_is_engaged_by_it():
    assert codes(Tenderer("a", "Alpha", A, subcontractors=(Subcontractor("Hébergeur", C),))) == []


def test_one_siret_for_two_tenderers_is_an_error_that_names_both():
    found = parties(tender(Tenderer("a", "Alpha", A), Tenderer("b", siret=A)))
    assert [(each.code, each.severity) for each in found] == [("party.siret_twice", Severity.ERROR)]
    assert "Alpha, b" in str(found[0].understood)


def other_group(**changes: object) -> Tenderer:
    members = (Member("Gamma", C, mandataire=True), Member("BETA", B[:9] + "00055"))
    return replace(Tenderer("h", "Groupement Gamma", C, group=Group.JOINT, members=members), **changes)


def test_a_company_in_two_groups_for_a_lot_is_told_by_its_siren():
    found = parties(tender(GROUP, other_group()))
    assert [each.code for each in found] == ["group.twice"]
    assert "R2142-21" in str(found[0].remedy)
    assert "Bêta" in str(found[0].understood)


def test_alone_and_in_a_group_is_told_too_and_by_name_without_siret():
    found = parties(tender(GROUP, Tenderer("b", "BÊTA", B)))
    assert [each.code for each in found] == ["group.twice"]
    members = (Member("Alpha", A, mandataire=True), Member("Bêta"))
    named = parties(tender(replace(GROUP, members=members, subcontractors=()), Tenderer("b", "Beta")))
    assert "group.twice" in [each.code for each in named]


def test_two_groups_on_different_lots_are_lawful():
    assert codes(replace(GROUP, lots=("lot-1",)), other_group(lots=("lot-2",))) == []


def test_a_mandataire_of_two_groups_is_told_whatever_the_lots():
    one = replace(GROUP, lots=("lot-1",))
    members = (Member("Alpha", A, mandataire=True), Member("Gamma", C))
    found = parties(tender(one, other_group(siret="", lots=("lot-2",), members=members)))
    assert [each.code for each in found if each.code.startswith("group")] == ["group.mandataire_twice"]


def test_the_rank_of_a_subcontractor_follows_who_engages_it():
    assert (rank(GROUP, "Hébergeur"), rank(GROUP, "Sauvegardeur"), rank(GROUP, "Inconnu")) == (1, 2, 0)
    looped = replace(GROUP, subcontractors=(Subcontractor("X", of="Y"), Subcontractor("Y", of="X")))
    assert rank(looped, "X") == 0
    assert codes(looped).count("subcontractor.of") == 2


# --------------------------------------------------------------------------------------------------------- certificates
HDS = Certificate("HDS", "Alpha", A, "HDS-1", "2", (1, 2, 3, 4, 5, 6), date(2025, 1, 1), date(2028, 1, 1))
ASKED = (RequiredCertificate("HDS", (1, 5), ("lot-1",)),)


def said(*shown: Certificate, asked: tuple[RequiredCertificate, ...] = ASKED, **changes: object) -> list[str]:
    holder = Tenderer("a", "Alpha", A, subcontractors=(Subcontractor("Hébergeur", C),), certificates=shown)
    found = certificates(tender(holder, certificates=asked, contract=Contract(date(2026, 11, 1)), **changes), STANDARDS)
    assert all(each.tenderer == "a" and each.severity is Severity.DOUBT for each in found)
    return [each.code for each in found]


def test_a_certificate_in_order_has_no_finding():
    assert said(HDS) == []
    assert said(replace(HDS, standard="Hébergeur de données de santé", version="v2.0")) == []
    assert said(replace(HDS, holder="Hébergeur", holder_siret=C)) == []
    assert said(replace(HDS, holder="ALPHA", holder_siret="")) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holder": "Autre", "holder_siret": B}, "certificate.holder"),
        ({"holder": "Autre", "holder_siret": ""}, "certificate.holder"),
        ({"valid_until": None}, "certificate.end"),
        ({"valid_until": date(2026, 10, 1)}, "certificate.ends_early"),
        ({"valid_from": date(2027, 1, 1)}, "certificate.begins_late"),
        ({"activities": (1, 5, 7)}, "certificate.unknown_activity"),
        ({"activities": (1, 2)}, "certificate.activity"),
        ({"version": ""}, "certificate.version"),
        ({"version": "3"}, "certificate.version"),
        ({"version": "v1.1"}, "certificate.old_version"),
    ],
)
def test_each_fault_of_a_certificate_is_one_finding(changes, code):
    assert said(replace(HDS, **changes)) == [code]


def test_an_expired_certificate_covers_nothing():
    assert said(replace(HDS, valid_until=date(2026, 8, 31))) == ["certificate.expired", "certificate.activity"]
    assert said(replace(HDS, valid_until=date(2026, 9, 1)), asked=()) == ["certificate.ends_early"]


def test_the_old_version_held_until_its_last_day():
    assert STANDARDS.named("hds").versions[0].until == date(2026, 5, 16)
    early = {"deadline": consultation(()).deadline.replace(month=5, day=16)}
    holder = Tenderer("a", "Alpha", A, certificates=(replace(HDS, version="1"),))
    assert certificates(tender(holder, **early), STANDARDS) == ()
    later = {"deadline": early["deadline"].replace(day=17)}
    assert [each.code for each in certificates(tender(holder, **later), STANDARDS)] == ["certificate.old_version"]


@pytest.mark.parametrize(
    ("asked", "lots", "expected"),
    [
        (ASKED, (), ["certificate.absent"]),
        (ASKED, ("lot-2",), []),
        ((RequiredCertificate("HDS"),), ("lot-2",), ["certificate.absent"]),
    ],
)
def test_a_certificate_is_asked_on_its_lots_only(asked, lots, expected):
    found = certificates(tender(Tenderer("a", "Alpha", A, lots), certificates=asked), STANDARDS)
    assert [each.code for each in found] == expected


def test_two_links_of_the_chain_may_cover_the_activities_together():
    assert said(replace(HDS, activities=(1,)), replace(HDS, holder="Hébergeur", holder_siret=C, activities=(5,))) == []


def test_a_standard_of_which_nothing_is_known_is_compared_by_its_name():
    asked = (RequiredCertificate("ISO 27001", (9,)),)
    shown = replace(HDS, standard="iso-27001", version="")
    assert said(shown, asked=asked) == ["certificate.activity"]
    assert said(HDS, asked=asked) == ["certificate.absent"]


def test_a_standard_without_activities_or_versions_asks_for_none():
    bare = replace(STANDARDS, standards=(replace(STANDARDS.standards[0], activities=(), versions=()),))
    holder = Tenderer("a", "Alpha", A, certificates=(replace(HDS, activities=(12,), version=""),))
    assert certificates(tender(holder, certificates=(RequiredCertificate("HDS", (12,)),)), bare) == ()


def test_our_facts_are_dated_and_sourced():
    hds = STANDARDS.named("HDS")
    assert [each.number for each in hds.activities] == [1, 2, 3, 4, 5, 6]
    assert hds.seen
    assert hds.source
    assert hds.article


def test_a_finding_names_the_file_in_which_the_tenderers_are():
    twins = tender(Tenderer("A", siret=A), Tenderer("B", siret=A))
    assert {finding.file for finding in looked_at(twins, STANDARDS, "tenderers.yaml")} == {"tenderers.yaml"}
    shown = Certificate("HDS", "A", A, file="bids/A/lot-1/hds.pdf")
    kept = looked_at(tender(Tenderer("A", siret=A, certificates=(shown,))), STANDARDS, "tenderers.yaml")
    assert "bids/A/lot-1/hds.pdf" in {finding.file for finding in kept}
