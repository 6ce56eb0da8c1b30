"""What a platform may give that is strange, broken or hostile: told with its place and a remedy, nothing lost, nothing half done."""

import os
import stat
import warnings
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from egide import plain
from egide.errors import DataError
from egide.exchange.bids import read_bids
from egide.exchange.deposits import intake
from egide.exchange.deposits.archive import Limits
from egide.exchange.deposits.intake import import_deposits
from egide.exchange.deposits.register import moment, read_register
from egide.exchange.journal_file import read_journal
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.tender.model import BidKey, Lot, Round, Tenderer
from egide.tender.parties import Group, Subcontractor
from egide.tender.procedure.journal import Journal
from exchange.platform_exports import DEADLINE, PARIS, archive
from exchange.small import CLAUSIER, TENDER, workbook

ALPHA, BETA = "73282932000074", "35600000000048"
ONE = replace(TENDER, deadline=DEADLINE, tenderers=(), variants_allowed=True)
TWO = replace(ONE, lots=(Lot("lot-1", "Logiciel"), Lot("lot-2", "Hébergement")))
HEAD = "N° pli;Entreprise;SIRET;Début;Fin du dépôt;Lots;Statut\n"
GOOD = {
    "Pli 1 - ALPHA/Candidature/DC1.pdf": b"dc1",
    "Pli 1 - ALPHA/Offre/Questionnaire.xlsx": b"q",
    "Pli 1 - ALPHA/Offre/BPU.xlsx": b"p",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dossier").mkdir()
    return tmp_path / "dossier"


def bring(folder, files, tender=ONE, register="", **options):
    """Import an archive of files."""
    source = folder.parent / "plis.zip"
    source.write_bytes(files if isinstance(files, bytes) else archive(files))
    given = None
    if register:
        given = folder.parent / "registre.csv"
        given.write_text(HEAD + register, encoding="utf-8")
    return import_deposits(source, folder, tender, given, **options)


def paths(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def filed(folder):
    return [name for name in paths(folder) if not name.endswith(".yaml")]


def codes(done, severity=None):
    return sorted(each.code for each in done.findings if severity is None or each.severity is severity)


def errors(done):
    return codes(done, Severity.ERROR)


def line(
    number=1, company="Alpha", siret=ALPHA, end="04/10/2026 10:00:00", lots="", status="", start="04/10/2026 09:55:00"
):
    return f"{number};{company};{siret};{start};{end};{lots};{status}\n"


# ------------------------------------------------------------------------------------------------------------ what goes well
def test_a_deposit_is_filed_with_its_report_its_tenderer_and_its_line(folder):
    done = bring(folder, GOOD, register=line())
    assert errors(done) == []
    assert paths(folder) == [
        "bids/alpha/lot-1/BPU.xlsx",
        "bids/alpha/lot-1/Questionnaire.xlsx",
        "bids/import.yaml",
        "candidacies/alpha/DC1.pdf",
        "deposits.yaml",
        "register/registre.csv",
        "tenderers.yaml",
    ]
    kept = plain.parse_yaml((folder / "deposits.yaml").read_text(), "deposits.yaml")
    journal = plain.structure(kept, Journal, "deposits.yaml")
    assert journal.deposits[0].ended_at == datetime(2026, 10, 4, 10, tzinfo=PARIS)
    assert (journal.deposits[0].tenderer, journal.deposits[0].lots) == ("alpha", ("lot-1",))
    report = plain.parse_yaml((folder / "bids/import.yaml").read_text(), "import.yaml")
    assert [each["what"] for each in report["deposits"][0]["files"]] == ["candidacy", "offer", "offer"]
    assert all(len(each["sha256"]) == 64 for each in report["deposits"][0]["files"])


def test_the_tender_folder_then_reads_the_proposed_tenderers(folder):
    text = "title: Essai\nbuyer: {name: CH}\nsent_on: 2026-09-01\ndeadline: '2026-10-05T12:00:00+02:00'\nlots: [{id: lot-1}]\n"
    (folder / "tender.yaml").write_text(text + "criteria: [{id: p, weight: 100, kind: price}]\nevaluators: [{id: a}]\n")
    bring(folder, GOOD, register=line())
    assert [(each.id, each.siret, each.lots) for each in read_tender(folder).tender.tenderers] == [
        ("alpha", ALPHA, ("lot-1",))
    ]
    (folder / "tender.yaml").write_text(
        text + "criteria: [{id: p, weight: 100, kind: price}]\nevaluators: [{id: a}]\ntenderers: [{id: other}]\n"
    )
    top = read_tender(folder)
    assert [each.id for each in top.tender.tenderers] == ["other"]
    assert [each.code for each in top.findings] == ["tender.tenderers_twice"]


def test_the_same_source_again_changes_nothing_even_as_a_folder(folder):
    bring(folder, GOOD, register=line())
    before = {name: (folder / name).read_bytes() for name in paths(folder)}
    assert not bring(folder, GOOD, register=line()).new
    plain_folder = folder.parent / "plis"
    with zipfile.ZipFile(folder.parent / "plis.zip") as opened:
        opened.extractall(plain_folder)
    assert not import_deposits(plain_folder, folder, ONE, folder.parent / "registre.csv").new
    assert {name: (folder / name).read_bytes() for name in paths(folder)} == before


def test_another_source_is_refused_with_what_differs_and_nothing_changes(folder):
    bring(folder, GOOD, register=line())
    before = {name: (folder / name).read_bytes() for name in paths(folder)}
    other = {**GOOD, "Pli 1 - ALPHA/Offre/BPU.xlsx": b"other", "Pli 2 - BETA/Offre/q.xlsx": b"new"}
    del other["Pli 1 - ALPHA/Candidature/DC1.pdf"]
    with pytest.raises(DataError) as refused:
        bring(folder, other, register=line())
    assert {each.code for each in refused.value.findings} == {"import.different"}
    assert {each.file for each in refused.value.findings} == {
        "Pli 1 - ALPHA/Offre/BPU.xlsx", "Pli 2 - BETA/Offre/q.xlsx", "Pli 1 - ALPHA/Candidature/DC1.pdf",
    }  # fmt: skip
    with pytest.raises(DataError) as refused:
        bring(folder, GOOD, register=line(end="04/10/2026 11:00:00"))
    assert "registre" in str(refused.value.findings[0].understood)
    assert {name: (folder / name).read_bytes() for name in paths(folder)} == before


def test_offers_already_there_are_never_overwritten(folder):
    (folder / "bids/alpha").mkdir(parents=True)
    (folder / "bids/alpha/own.txt").write_text("mine")
    with pytest.raises(DataError) as refused:
        bring(folder, GOOD)
    assert {each.code for each in refused.value.findings} == {"import.taken"}
    assert paths(folder) == ["bids/alpha/own.txt"]


def test_a_trial_run_writes_nothing(folder):
    done = bring(folder, GOOD, register=line(), dry_run=True)
    assert [each.tenderer for each in done.report.deposits] == ["alpha"]
    assert paths(folder) == []


def test_a_later_round_is_added_beside_the_first(folder):
    tender = replace(ONE, rounds=(Round(2, deadline=DEADLINE + timedelta(days=30)),))
    bring(folder, GOOD, tender, register=line())
    named = replace(tender, tenderers=(Tenderer("alpha", "Alpha", ALPHA),))
    again = {"Pli 1 - ALPHA/Offre finale/Questionnaire.xlsx": b"q2"}
    done = bring(folder, again, named, register=line(end="03/11/2026 10:00:00"), number=2)
    assert errors(done) == []
    assert "bids/alpha/lot-1/round-2/Questionnaire.xlsx" in paths(folder)
    assert {"bids/import-round-2.yaml", "deposits-round-2.yaml"} <= set(paths(folder))
    assert not bring(folder, again, named, register=line(end="03/11/2026 10:00:00"), number=2).new


# ----------------------------------------------------------------------------------------------------- who, which lot
def test_known_tenderers_are_matched_by_siret_then_by_name_and_a_stranger_is_set_aside(folder):
    tender = replace(ONE, tenderers=(Tenderer("a1", "Tout autre nom", ALPHA), Tenderer("b1", "Bêta S.A.S.")))
    files = {**GOOD, "Pli 2 - beta/Offre/q.xlsx": b"b", "Pli 3 - GAMMA/Offre/q.xlsx": b"c"}
    done = bring(folder, files, tender, register=line() + line(2, "BETA", "") + line(3, "Gamma", ""))
    assert [each.tenderer for each in done.report.deposits] == ["a1", "b1", "gamma"]
    assert errors(done) == ["deposit.stranger"]
    assert {"bids/a1/lot-1/BPU.xlsx", "bids/b1/lot-1/q.xlsx", "aside/3/Offre/q.xlsx"} <= set(paths(folder))
    assert "tenderers.yaml" not in paths(folder)


def test_two_companies_with_one_siret_are_an_error_that_names_both(folder):
    files = {**GOOD, "Pli 2 - OMEGA/Offre/q.xlsx": b"b"}
    done = bring(folder, files, register=line() + line(2, "Omega"))
    assert errors(done) == ["deposit.siret_twice"]
    said = next(each for each in done.findings if each.code == "deposit.siret_twice")
    assert said.read == ALPHA
    assert "Alpha" in str(said.understood)
    assert "Omega" in str(said.understood)


def test_one_company_under_two_spellings_is_one_tenderer(folder):
    files = {**GOOD, "Pli 2 - ALPHA SAS/Offre/q.xlsx": b"b"}
    done = bring(folder, files, register=line() + line(2, "Société Alpha", end="05/10/2026 10:00:00"))
    assert {each.tenderer for each in done.report.deposits} == {"alpha"}


def test_a_lot_that_does_not_exist_is_an_error_and_its_files_are_kept_aside(folder):
    done = bring(folder, {**GOOD, "Pli 1 - ALPHA/Offre lot 7/q.xlsx": b"7"}, TWO, register=line(lots="1"))
    assert errors(done) == ["deposit.unknown_lot"]
    assert "aside/1/Offre lot 7/q.xlsx" in paths(folder)


def test_a_lot_may_be_named_by_its_title_and_files_of_no_lot_go_to_each(folder):
    files = {
        "Pli 1 - ALPHA/Offre/Logiciel/q.xlsx": b"1",
        "Pli 1 - ALPHA/Offre/Lot B - Hébergement/q.xlsx": b"2",
        "Pli 1 - ALPHA/Offre/Mémoire.pdf": b"m",
    }
    tender = replace(TWO, lots=(Lot("a", "Logiciel"), Lot("b", "Hébergement")))
    done = bring(folder, files, tender)
    assert filed(folder) == [
        "bids/alpha/a/Mémoire.pdf", "bids/alpha/a/q.xlsx", "bids/alpha/b/Mémoire.pdf", "bids/alpha/b/q.xlsx",
    ]  # fmt: skip
    assert "deposit.common" in codes(done)


def test_the_name_of_a_deposit_may_say_its_lot(folder):
    bring(folder, {"Pli 1 - ALPHA - Lot 2/Offre/q.xlsx": b"1", "Pli 2_BETA (lot n°1)/q.xlsx": b"2"}, TWO)
    assert filed(folder) == ["bids/alpha/lot-2/q.xlsx", "bids/beta/lot-1/q.xlsx"]


def test_files_of_which_nothing_says_the_lot_are_kept_aside(folder):
    done = bring(folder, GOOD, TWO)
    assert errors(done) == ["deposit.no_lot"]
    assert "aside/1/Offre/BPU.xlsx" in paths(folder)


def test_variants_rounds_and_base_are_told_apart(folder):
    top = "1_ALPHA/Offres/Lot 1"
    files = {
        f"{top}/{name}/q.xlsx": name.encode()
        for name in ("Offre de base", "Variante 1", "variante n°2", "Tour 2/Variante 1")
    }
    bring(folder, files)
    assert filed(folder) == [
        "bids/alpha/lot-1/q.xlsx",
        "bids/alpha/lot-1/variant-1/q.xlsx",
        "bids/alpha/lot-1/variant-1/round-2/q.xlsx",
        "bids/alpha/lot-1/variant-2/q.xlsx",
    ]


def test_a_forbidden_variant_is_filed_and_told(folder):
    done = bring(folder, {"1_ALPHA/Offre/Variante 1/q.xlsx": b"v"}, replace(ONE, variants_allowed=False))
    assert "deposit.variant" in codes(done, Severity.DOUBT)


def test_a_group_is_proposed_from_the_register(folder):
    register = folder.parent / "registre.csv"
    register.write_text(
        "Pli;Candidat;SIRET;Date;Heure;Cotraitants;Forme du groupement\n"
        f"1;Alpha;{ALPHA};04/10/2026;10:00:00;Bêta Hébergement {BETA} / Gamma;conjoint\n",
        encoding="utf-8",
    )
    (folder.parent / "plis.zip").write_bytes(archive(GOOD))
    done = import_deposits(folder.parent / "plis.zip", folder, ONE, register)
    alpha = done.tenderers[0]
    assert alpha.group is Group.JOINT
    assert [(each.name, each.siret, each.mandataire) for each in alpha.members] == [
        ("Alpha", ALPHA, True), ("Bêta Hébergement", BETA, False), ("Gamma", "", False),
    ]  # fmt: skip


def test_a_subcontractor_is_proposed_from_a_declaration_in_tables(folder, tmp_path):
    rows = [
        ["A - Identification de l'acheteur", ""], ["Dénomination", "CH d'essai"],
        ["C - Identification du soumissionnaire ou du titulaire"], ["Nom commercial et dénomination sociale", "Alpha"], ["SIRET", ALPHA],
        ["D - Identification du sous-traitant"], ["Nom commercial et dénomination sociale", "Hébergeur fictif"],
        ["Numéro SIRET", "356 000 000 00048"], ["Pays", "France"],
        ["E - Nature des prestations sous-traitées", "Hébergement"], ["Traitement de données à caractère personnel", "OUI"],
    ]  # fmt: skip
    made = workbook(tmp_path / "dc4.xlsx", rows).read_bytes()
    done = bring(
        folder, {**GOOD, "Pli 1 - ALPHA/Candidature/DC4_hebergeur.xlsx": made, "Pli 1 - ALPHA/Offre/DC4 bis.xlsx": made}
    )
    kept = plain.structure(
        yaml.safe_load((folder / "tenderers.yaml").read_text())["tenderers"][0]["subcontractors"],
        tuple[Subcontractor, ...],
        "",
    )
    assert kept == (Subcontractor("Hébergeur fictif", BETA, "Hébergement", processor=True, country="France"),)
    assert codes(done, Severity.DOUBT).count("deposit.subcontractor") == 1


def test_a_declaration_that_is_no_simple_table_proposes_nobody(folder, tmp_path):
    made = workbook(tmp_path / "dc4.xlsx", [["Déclaration"], ["Nom", "Alpha"]]).read_bytes()
    done = bring(folder, {**GOOD, "Pli 1 - ALPHA/Candidature/DC4.xlsx": made})
    assert done.tenderers[0].subcontractors == ()


def test_a_group_known_by_its_folder_only_is_a_doubt(folder):
    done = bring(folder, {"Pli 1 - Groupement ALPHA et BETA/Offre/q.xlsx": b"q"})
    assert "deposit.group_members" in codes(done, Severity.DOUBT)


# -------------------------------------------------------------------------------------------------- in time, several sends
@pytest.mark.parametrize(
    ("end", "late"),
    [("05/10/2026 12:00:00", False), ("05/10/2026 12:00:00.001", True), ("05/10/2026 12:00:01", True),
     ("2026-10-05T11:30:00+01:00", True), ("2026-10-05T09:59:59Z", False)],
)  # fmt: skip
def test_the_end_of_the_upload_decides(folder, end, late):
    done = bring(folder, GOOD, register=line(end=end))
    assert done.report.deposits[0].state == ("late" if late else "imported")
    assert any(name.startswith("bids/alpha") for name in paths(folder)) is not late
    assert ("late/1/Offre/BPU.xlsx" in paths(folder)) is late
    deposits = yaml.safe_load((folder / "deposits.yaml").read_text())["deposits"]
    assert deposits[0].get("opened", True) is not late


def test_said_late_but_received_in_time_stays_closed_and_is_a_doubt(folder):
    done = bring(folder, GOOD, register=line(status="hors délai"))
    assert "deposit.late_unclear" in codes(done, Severity.DOUBT)
    assert done.report.deposits[0].state == "late"


def test_a_safety_copy_stays_closed(folder):
    files = {**GOOD, "Pli 2 - ALPHA/Offre/q.xlsx": b"copy"}
    done = bring(folder, files, register=line() + line(2, status="Copie de sauvegarde"))
    assert [each.state for each in done.report.deposits] == ["imported", "safety_copy"]
    assert "safety-copies/2/Offre/q.xlsx" in paths(folder)


@pytest.mark.parametrize(
    ("start", "code"),
    [("05/10/2026 11:55:00", "deposit.copy_may_open"), ("05/10/2026 12:00:01", "deposit.copy_closed")],
)
def test_the_start_of_a_late_upload_decides_of_its_safety_copy(folder, start, code):
    files = {**GOOD, "Pli 2 - ALPHA/Offre/q.xlsx": b"copy"}
    lines = line(end="05/10/2026 12:01:00", start=start) + line(2, status="Copie de sauvegarde")
    done = bring(folder, files, register=lines)
    assert code in codes(done, Severity.DOUBT)
    assert [name.split("/")[0] for name in filed(folder)] == ["late"] * 3 + ["register", "safety-copies"]


def test_the_source_may_not_hold_the_tender_folder(folder):
    with pytest.raises(DataError) as refused:
        import_deposits(folder.parent, folder, ONE)
    assert refused.value.findings[0].code == "import.source"


def test_the_last_send_in_time_is_proposed_lot_by_lot_and_a_partial_one_is_a_doubt(folder):
    def send(number, lots):
        return {f"Pli {number} - ALPHA/Offre lot {lot}/{name}": f"{number}{lot}{name}".encode() for lot, name in lots}

    files = {
        **send(1, [(1, "Questionnaire.xlsx"), (1, "BPU.xlsx"), (2, "BPU.xlsx")]),
        **send(2, [(1, "Questionnaire.xlsx")]),
        **send(3, [(1, "BPU.xlsx")]),
    }
    lines = line(1, end="01/10/2026 10:00:00") + line(2, end="02/10/2026 10:00:00") + line(3, end="05/10/2026 12:00:01")
    done = bring(folder, files, TWO, register=lines)
    assert filed(folder) == [
        "bids/alpha/lot-1/Questionnaire.xlsx",
        "bids/alpha/lot-2/BPU.xlsx",
        "late/3/Offre lot 1/BPU.xlsx",
        "register/registre.csv",
        "superseded/1/lot-1/BPU.xlsx",
        "superseded/1/lot-1/Questionnaire.xlsx",
    ]
    assert (folder / "bids/alpha/lot-1/Questionnaire.xlsx").read_bytes() == b"21Questionnaire.xlsx"
    partial = next(each for each in done.findings if each.code == "deposit.partial")
    assert "fichier de prix" in str(partial.understood)


def test_sends_without_times_are_ordered_by_number_and_it_is_a_doubt(folder):
    files = {"Pli 2 - ALPHA/Offre/q.xlsx": b"2", "Pli 10 - ALPHA/Offre/q.xlsx": b"10"}
    done = bring(folder, files)
    assert (folder / "bids/alpha/lot-1/q.xlsx").read_bytes() == b"10"
    assert {"deposit.order", "deposit.no_instant", "register.absent"} <= set(codes(done, Severity.DOUBT))


def test_a_line_without_folder_and_a_folder_without_line_are_doubts(folder):
    done = bring(folder, GOOD, register=line(9, "Delta", BETA))
    assert {"deposit.no_folder", "deposit.no_line"} <= set(codes(done, Severity.DOUBT))
    deposits = yaml.safe_load((folder / "deposits.yaml").read_text())["deposits"]
    assert [(each["tenderer"], each["opened"]) for each in deposits] == [("delta", False)]
    assert [each["id"] for each in yaml.safe_load((folder / "tenderers.yaml").read_text())["tenderers"]] == [
        "alpha",
        "delta",
    ]


def test_what_the_journal_reads_is_what_was_imported(folder):
    text = "title: Essai\nbuyer: {name: CH}\nsent_on: 2026-09-01\ndeadline: '2026-10-05T12:00:00+02:00'\nlots: [{id: lot-1}]\n"
    (folder / "tender.yaml").write_text(text + "criteria: [{id: p, weight: 100, kind: price}]\nevaluators: [{id: a}]\n")
    late = line(2, "Beta", BETA, "05/10/2026 12:00:01")
    bring(folder, {**GOOD, "Pli 2 - BETA/Offre/q.xlsx": b"late"}, register=line() + late + line(9, "Delta", ""))
    journal, found = read_journal(folder, read_tender(folder).tender)
    assert found == []
    assert [(each.tenderer, each.opened) for each in journal.deposits] == [
        ("alpha", True),
        ("delta", False),
        ("beta", False),
    ]


def test_a_late_stranger_stays_closed(folder):
    tender = replace(ONE, tenderers=(Tenderer("alpha", "Alpha", ALPHA),))
    late = line(2, "Beta", BETA, "05/10/2026 12:00:01")
    done = bring(folder, {**GOOD, "Pli 2 - BETA/Offre/q.xlsx": b"late"}, tender, register=line() + late)
    assert errors(done) == ["deposit.stranger"]
    assert "late/2/Offre/q.xlsx" in paths(folder)


# ------------------------------------------------------------------------------------------------------------- the register
def test_a_register_in_pdf_is_kept_and_told(folder):
    done = bring(folder, {**GOOD, "Registre des dépôts.pdf": b"%PDF-1.7"})
    assert "register.pdf" in codes(done, Severity.DOUBT)
    assert "register/Registre des dépôts.pdf" in paths(folder)


def test_a_register_inside_the_source_is_found(folder, tmp_path):
    moment_of = datetime(2026, 10, 4, 10, 0)  # noqa: DTZ001 (as a workbook holds it)
    register = workbook(tmp_path / "r.xlsx", [["N°", "Entreprise", "Reçu le"], [1, "Alpha", moment_of]])
    done = bring(folder, {**GOOD, "Registre_depots.xlsx": register.read_bytes()})
    assert done.report.deposits[0].ended_at == datetime(2026, 10, 4, 10, tzinfo=PARIS)
    assert "register.zone" in codes(done, Severity.NOTE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a;b\n1;2\n", "register.no_table"),
        ("Pli;Entreprise;SIRET;Fin\n1;Alpha;123;04/10/2026 10:00\n", "register.siret"),
        ("Pli;Entreprise;Fin\n1;Alpha;hier matin\n", "register.instant"),
        ("Pli;Entreprise;Fin\n1;Alpha;32/10/2026 10:00\n", "register.instant"),
    ],
)
def test_a_register_that_is_not_understood_says_where(tmp_path, text, code):
    path = tmp_path / "r.csv"
    path.write_text(text)
    _, found = read_register(path, "r.csv", PARIS)
    assert code in {each.code for each in found}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("05/10/2026 11:45:02", "2026-10-05T11:45:02"),
        ("05/10/2026 à 11h45", "2026-10-05T11:45:00"),
        ("2026-10-05T11:45:02.123+02:00", "2026-10-05T11:45:02.123000+02:00"),
        ("05/10/2026 11:45:02 (GMT +02:00)", "2026-10-05T11:45:02+02:00"),
        ("5.10.26 9:05", "2026-10-05T09:05:00"),
    ],
)
def test_instants_of_registers(text, read):
    assert moment(text).isoformat() == read


def test_a_day_without_hour_is_no_instant():
    assert moment("05/10/2026") is None


# ----------------------------------------------------------------------------------------------------------- hostile archives
def test_what_is_no_archive_is_refused(folder):
    for body in (b"", b"hello", b"PK\x03\x04 truncated"):
        with pytest.raises(DataError) as refused:
            bring(folder, body)
        assert [each.code for each in refused.value.findings] == ["import.source"]
    with pytest.raises(DataError):
        import_deposits(folder / "nowhere", folder, ONE)
    assert paths(folder) == []


def test_an_archive_without_any_deposit_is_refused(folder):
    with pytest.raises(DataError) as refused:
        bring(folder, {"note.txt": b"x"})
    assert refused.value.findings[0].code == "import.no_deposit"
    assert paths(folder) == []


def test_a_bomb_is_not_opened(folder):
    with pytest.raises(DataError) as refused:
        bring(folder, {"Pli 1 - ALPHA/Offre/zeros.bin": bytes(3_000_000)}, limits=Limits(ratio_from=1_000_000))
    assert [each.code for each in refused.value.findings] == ["import.source"]


@pytest.mark.parametrize(
    "limits",
    [Limits(ratio_from=1_000_000), Limits(total=2_000_000), Limits(one=1_000_000, ratio=10_000), Limits(depth=0)],
)
def test_a_bomb_inside_is_kept_closed_and_the_rest_is_filed(folder, limits):
    inner = archive({"zeros.bin": bytes(3_000_000)})
    outer = folder.parent / "plis"
    (outer / "Pli 1 - ALPHA/Offre").mkdir(parents=True)
    (outer / "Pli 1 - ALPHA/Offre/Annexes.zip").write_bytes(inner)
    (outer / "Pli 1 - ALPHA/Offre/q.xlsx").write_bytes(b"q")
    done = import_deposits(outer, folder, ONE, limits=limits)
    assert set(errors(done)) <= {"import.archive", "import.left"}
    assert errors(done)
    assert {"bids/alpha/lot-1/Annexes.zip", "bids/alpha/lot-1/q.xlsx"} == set(filed(folder))


def test_too_many_entries_inside_leave_no_trace_of_the_part_that_was_read(folder):
    inner = archive({f"{number}.txt": b"x" for number in range(50)})
    done = bring(folder, {**GOOD, "Pli 1 - ALPHA/Offre/Annexes.zip": inner}, limits=Limits(entries=30))
    assert errors(done) == ["import.archive"]
    assert "bids/alpha/lot-1/Annexes.zip" in paths(folder)
    assert len(filed(folder)) == 4


def test_archives_in_archives_are_opened_as_folders(folder):
    inner = archive({"Offre/Lot 1/q.xlsx": b"q"})
    done = bring(folder, {"Plis.zip": archive({"Pli 1 - ALPHA.zip": archive({"Dossier.zip": inner})})})
    assert errors(done) == []
    assert filed(folder) == ["bids/alpha/lot-1/q.xlsx"]


@pytest.mark.parametrize("name", ["a.7z", "a.rar", "a.tar.gz"])
def test_other_archives_are_kept_and_told(folder, name):
    done = bring(folder, {**GOOD, f"Pli 1 - ALPHA/Offre/{name}": b"Rar!\x1a\x07\x00"})
    assert "import.archive" in codes(done, Severity.DOUBT)
    assert f"bids/alpha/lot-1/{name}" in paths(folder)


@pytest.mark.parametrize(
    "name", ["Pli 1 - ALPHA/Offre/../../../../evil.txt", "/Pli 1 - ALPHA/Offre/evil.txt", "C:\\Pli 1 - ALPHA\\Offre\\evil.txt",
             "..\\Pli 1 - ALPHA\\Offre\\evil.txt"]
)  # fmt: skip
def test_no_path_leads_out(folder, name):
    done = bring(folder, {**GOOD, name: b"evil"})
    assert "import.path" in codes(done, Severity.DOUBT)
    assert "bids/alpha/lot-1/evil.txt" in paths(folder)
    assert not list(folder.parent.glob("evil*"))


def test_links_are_not_followed(folder):
    link = zipfile.ZipInfo("Pli 1 - ALPHA/Offre/link.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    source = folder.parent / "plis.zip"
    with zipfile.ZipFile(source, "w") as target:
        target.writestr(link, "/etc/passwd")
        target.writestr("Pli 1 - ALPHA/Offre/q.xlsx", "q")
    done = import_deposits(source, folder, ONE)
    assert errors(done) == ["import.left"]
    assert filed(folder) == ["bids/alpha/lot-1/q.xlsx"]
    assert done.report.left[0].path == "Pli 1 - ALPHA/Offre/link.pdf"


def test_links_and_special_files_of_a_folder_are_not_followed(folder):
    source = folder.parent / "plis" / "Pli 1 - ALPHA" / "Offre"
    source.mkdir(parents=True)
    (source / "q.xlsx").write_bytes(b"q")
    (source / "link").symlink_to("/etc/passwd")
    (source / "loop").symlink_to(source.parent)
    os.mkfifo(source / "pipe")
    done = import_deposits(folder.parent / "plis", folder, ONE)
    assert errors(done) == ["import.left"] * 3
    assert filed(folder) == ["bids/alpha/lot-1/q.xlsx"]


def encrypted(body, name):
    """Return an archive with the flag of encryption set on one entry."""
    data = bytearray(body)
    raw = name.encode()
    for mark, shift, start in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            if data[at + start : at + start + len(raw)] == raw:
                data[at + shift] |= 1
    return bytes(data)


def test_an_encrypted_entry_is_told_and_its_archive_kept(folder):
    inner = encrypted(archive({"secret.pdf": b"x", "clear.pdf": b"y"}), "secret.pdf")
    done = bring(folder, {**GOOD, "Pli 1 - ALPHA/Offre/Annexes.zip": inner})
    assert errors(done) == ["import.left"]
    assert {"bids/alpha/lot-1/Annexes.zip", "bids/alpha/lot-1/Annexes/clear.pdf"} <= set(paths(folder))


def test_a_broken_entry_is_told_and_its_archive_kept(folder):
    inner = bytearray(archive({"a.pdf": b"abcdefgh" * 50}))
    inner[40] ^= 0xFF
    done = bring(folder, {**GOOD, "Pli 1 - ALPHA/Offre/Annexes.zip": bytes(inner)})
    assert errors(done) == ["import.left"]
    assert "bids/alpha/lot-1/Annexes.zip" in paths(folder)


def test_a_deposit_sent_as_a_broken_archive_is_kept_aside(folder):
    inner = encrypted(archive({"Offre/q.xlsx": b"x", "Offre/p.pdf": b"y"}), "Offre/p.pdf")
    bring(folder, {"Pli 1 - ALPHA.zip": inner})
    assert filed(folder) == ["aside/1/Pli 1 - ALPHA.zip", "bids/alpha/lot-1/q.xlsx"]


# ----------------------------------------------------------------------------------------------------------------- names
def test_names_in_an_old_code_page_are_restored(folder):
    done = bring(folder, archive({"Pli 1 - BÊTA/Offre/Mémoire à façon.pdf": b"m"}, old_names=True))
    assert filed(folder) == ["bids/beta/lot-1/Mémoire à façon.pdf"]
    assert "import.name" in codes(done, Severity.NOTE)


def test_names_that_some_system_refuses_are_made_safe_and_the_original_is_kept(folder):
    long = "é" * 200 + ".pdf"
    files = {
        f"Pli 1 - ALPHA/Offre/{name}": name.encode()
        for name in ("CON.pdf", "aux", "a:b?.pdf", "fin. ", long, "\u202eflip.pdf")
    }
    bring(folder, files)
    kept = yaml.safe_load((folder / "bids/import.yaml").read_text())["deposits"][0]["files"]
    assert len(kept) == 6
    for each in kept:
        name = Path(each["path"]).name
        assert len(name.encode()) <= 200
        assert not set(name) & set('<>:"|?*')
        assert name.rstrip(". ") == name
        assert (folder / each["path"]).read_bytes()
    assert {"_CON.pdf", "_aux", "a_b_.pdf", "fin", "_flip.pdf"} <= {Path(each["path"]).name for each in kept}
    assert any(each["original"].endswith(long) for each in kept)


def test_two_entries_of_one_name_and_twins_by_case_are_all_kept(folder):
    source = folder.parent / "plis.zip"
    twins = (("q.xlsx", "2"), ("Q.XLSX", "3"), ("q\u0301.txt", "4"), ("\u0071\u0301.txt", "5"))
    with zipfile.ZipFile(source, "w") as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, body in (("q.xlsx", "1"), *twins):
            target.writestr(f"Pli 1 - ALPHA/Offre/{name}", body)
    done = import_deposits(source, folder, ONE)
    assert {(folder / name).read_text() for name in filed(folder)} == {"1", "2", "3", "4", "5"}
    assert "import.twin" in codes(done, Severity.DOUBT)
    assert codes(done, Severity.DOUBT).count("deposit.twin") == 3


def test_an_empty_deposit_and_an_empty_file_are_told(folder):
    done = bring(
        folder, {**GOOD, "Pli 2 - BETA/": b"", "Pli 3 - GAMMA/Offre/": b"", "Pli 1 - ALPHA/Offre/vide.pdf": b""}
    )
    assert errors(done) == ["deposit.empty", "deposit.empty"]
    assert {each.state for each in done.report.deposits} == {"imported", "empty"}
    assert "import.empty_file" in codes(done, Severity.DOUBT)


def test_a_deposit_without_any_inner_folder_is_sorted_by_the_names_of_its_files(folder):
    files = {
        "1_ALPHA/DC1.pdf": b"1",
        "1_ALPHA/DC2_alpha.pdf": b"2",
        "1_ALPHA/BPU.xlsx": b"3",
        "1_ALPHA/Mémoire.pdf": b"4",
        "lisez-moi.txt": b"5",
    }
    done = bring(folder, files)
    assert filed(folder) == [
        "aside/source/lisez-moi.txt",
        "bids/alpha/lot-1/BPU.xlsx",
        "bids/alpha/lot-1/Mémoire.pdf",
        "candidacies/alpha/DC1.pdf",
        "candidacies/alpha/DC2_alpha.pdf",
    ]
    assert "deposit.stray" in codes(done, Severity.DOUBT)


def test_signatures_are_kept_and_never_read_as_answers(folder):
    text = "ID;Réponse\nEG-066;Oui\n"
    files = {
        "1_ALPHA/Offre/q.csv": text.encode(),
        "1_ALPHA/Offre/q.csv.p7s": text.replace("Oui", "Non").encode(),
        "1_ALPHA/Offre/q - Signature 1.xml": b"<x/>",
        "1_ALPHA/Offre/jeton_horodatage.tsr": text.encode(),
        "1_ALPHA/Offre/prix.zip": archive({"BPU.csv": b"Total HT;100"}),
        "1_ALPHA/Offre/prix.zip.p7s": b"sig",
    }
    done = bring(folder, files)
    assert {"signed/1/Offre/prix.zip", "signed/1/Offre/prix.zip.p7s", "bids/alpha/lot-1/q.csv.p7s"} <= set(
        paths(folder)
    )
    bids, found = read_bids(folder, replace(ONE, tenderers=done.tenderers), CLAUSIER)
    assert bids[0].answers["EG-066"].raw == "Oui"
    assert {
        each.code for each in found if "p7s" in each.file or "Signature" in each.file or "jeton" in each.file
    } == set()
    assert {Path(each.name).name for each in bids[0].files} >= {"q.csv", "q.csv.p7s", "q - Signature 1.xml"}


# ----------------------------------------------------------------------------------------------------------- all or nothing
def test_a_failure_while_writing_leaves_nothing(folder, monkeypatch):
    rename, count = Path.rename, 0

    def failing(self, target):
        nonlocal count
        if Path(target).is_relative_to(folder) and ".import" not in Path(target).parts:
            count += 1
            if count == 3:
                raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        bring(folder, GOOD, register=line())
    monkeypatch.undo()
    assert list(folder.iterdir()) == []
    assert bring(folder, GOOD, register=line()).new


def test_an_import_that_was_cut_short_is_undone_at_the_next_one(folder, monkeypatch):
    class Killed(BaseException):
        pass

    rename, count = Path.rename, 0

    def killed(self, target):
        nonlocal count
        count += Path(target).parent == folder
        if count >= 3:
            raise Killed
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    monkeypatch.setattr(intake.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(Killed):
        bring(folder, GOOD, register=line())
    monkeypatch.undo()
    assert (folder / ".import").is_dir()
    _, found = read_bids(folder, replace(ONE, tenderers=(Tenderer("alpha"),)), CLAUSIER)
    assert "bids.absent" in {each.code for each in found}
    bring(folder, GOOD, register=line())
    assert not (folder / ".import").exists()
    assert "bids/alpha/lot-1/BPU.xlsx" in paths(folder)


def test_a_half_import_is_told_before_any_bid_is_read(folder):
    (folder / "bids/alpha").mkdir(parents=True)
    (folder / ".import").mkdir()
    _, found = read_bids(folder, replace(ONE, tenderers=(Tenderer("alpha"),)), CLAUSIER)
    assert "bids.half_import" in {each.code for each in found if each.severity is Severity.ERROR}


# --------------------------------------------------------------------------------------- two files for one bid: the later
def conflict(folder, first, second, dates):
    rows = "ID;Réponse\nEG-066;{}\n"
    source = folder.parent / "plis.zip"
    with zipfile.ZipFile(source, "w") as target:
        for name, answer, day in ((first, "Oui", dates[0]), (second, "Non", dates[1])):
            target.writestr(zipfile.ZipInfo(f"1_ALPHA/Offre/{name}", (2026, 10, day, 10, 0, 0)), rows.format(answer))
        for name, amount, day in (("prix " + first, 100, dates[0]), ("prix " + second, 200, dates[1])):
            target.writestr(
                zipfile.ZipInfo(f"1_ALPHA/Offre/{name}", (2026, 10, day, 10, 0, 0)),
                f"Licence;{amount}\nTotal HT;{amount}\n",
            )
    done = import_deposits(source, folder, ONE)
    bids, found = read_bids(folder, replace(ONE, tenderers=done.tenderers), CLAUSIER)
    bid = {each.key: each for each in bids}[BidKey("alpha", "lot-1")]
    assert {"answer.conflict", "price.conflict"} <= {each.code for each in found if each.severity is Severity.DOUBT}
    return bid.answers["EG-066"].raw, bid.price.total


def test_the_file_changed_last_is_proposed(folder):
    assert conflict(folder, "b.csv", "a.csv", (2, 3)) == ("Non", 200)


@pytest.mark.parametrize(
    ("early", "late"),
    [("z_v1.csv", "a_v2.csv"), ("z.csv", "a_final.csv"), ("z_v9.csv", "b_v10.csv"), ("z.csv", "a corrigé.csv")],
)
def test_of_the_same_day_the_version_that_says_it_is_later_is_proposed(folder, early, late):
    assert conflict(folder, early, late, (2, 2)) == ("Non", 200)
