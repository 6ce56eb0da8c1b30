"""The documents of the record: what they say, that they can be signed, opened, told apart and found again."""

import hashlib
import io
import json
import shutil
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

import pdf_text
from egide import report
from egide.message import message
from egide.report import figures, record_write
from egide.report.papers.typography import Setter, plain_text
from egide.report.procedure import Procedure
from egide.tender.evaluation import Status
from egide.tender.model import BidClass
from egide.tender.parties import Member
from egide.tender.procedure.journal import Item, NoAward, Question, ReasonsRequest
from report import procedures

OFFICE = shutil.which("soffice")


def text_of(document: bytes) -> str:
    flat = " ".join(" ".join(pdf_text.pages(document)).split())
    return flat.replace("\u200b", "").replace("\u202f", " ").replace("\u00a0", " ").replace("\u00ad", "")


def files_of(procedure: Procedure) -> dict[str, bytes]:
    made, found = procedures.decided(procedure)
    return record_write.contents(procedure, made, found)[0]


@pytest.fixture(scope="module")
def whole() -> Procedure:
    return procedures.procedure(4, 2, split=True)


@pytest.fixture(scope="module")
def files(whole: Procedure) -> dict[str, bytes]:
    return files_of(whole)


# ---------------------------------------------------------------------------------------------------------- the record
def test_the_record_goes_by_number_of_article_and_can_be_signed(files):
    text = text_of(files["rapport-presentation.pdf"])
    numbers = [f"R2184-2, {n}°" for n in range(1, 6)] + [f"R2184-3, {n}°" for n in range(1, 8)]
    places = [text.index(f"{number} –") for number in numbers]
    assert places == sorted(places)
    assert "ce rapport peut être signé" in text
    assert "Autorité signataire" in text
    assert "PROJET" not in text
    assert "15/12/2026" in text
    for said in ("capacités suffisantes", "classée 2e avec", "Certificat HDS absent", "sans suite", "1 rue de l’Exemple", "1 600 000,00 €", "à vérifier"):  # fmt: skip
        assert said in text, said


def test_a_record_to_be_completed_says_so_on_its_first_page_and_has_no_place_to_sign(whole):
    journal = replace(whole.journal, record={"R2184-3-2": Item("Un seul système.")})
    made = files_of(replace(whole, journal=journal))
    assert "PROJET, à ne pas signer" in pdf_text.pages(made["rapport-presentation.pdf"])[0]
    text = text_of(made["rapport-presentation.pdf"])
    assert "Éléments à compléter : 3 (R2184-3, 3° ; R2184-3, 4° ; R2184-3, 5°)" in text
    assert "Autorité signataire" not in text


def test_an_adapted_procedure_has_letters_and_no_record(whole):
    tender = replace(whole.tender, formalised=False)
    adapted = replace(whole, tender=tender, evaluation=replace(whole.evaluation, tender=tender))
    made = files_of(adapted)
    assert "rapport-presentation.pdf" not in made
    text = text_of(made["lettre-rejet-lot-1-t01.pdf"])
    assert "susceptible d’être signé" not in text
    assert "avis d’intention de conclure" in text


def test_a_record_without_evaluation_and_without_questions_is_still_a_record(whole):
    early = replace(whole, evaluation=None, journal=replace(whole.journal, questions=(), awards=(), no_awards=(), reasons=(), proofs=()))  # fmt: skip
    made = files_of(early)
    assert "sans évaluation" in text_of(made["rapport-presentation.pdf"])
    assert json.loads(made["sommaire.json"])["fingerprint"] == ""
    assert not [name for name in made if name.startswith(("questions", "registre"))]


# --------------------------------------------------------------------------------------------------------- the letters
def test_a_rejection_says_all_that_the_code_asks(files):
    text = text_of(files["lettre-rejet-lot-1-t01.pdf"])
    for said in (
        "Rejet de votre offre", "Radiolis Hébergement", "2026-PACS-01", "Lot 1 : Territoire 1", "01/12/2026", "Madame, Monsieur,",
        "classée 3e sur 4 offres classées, avec un total de 74,67 points sur 100", "attribué à Imagys SAS", "classée première, obtient 81,63 points",
        "Les avantages de l’offre retenue", "susceptible d’être signé à compter du 12/12/2026", "R2182-1", "tribunal administratif compétent",
        "considération distinguée", "fait à (lieu), le 01/12/2026", "Annexe Voies et délais de recours", "Points de contrôle où votre offre",
    ):  # fmt: skip
        assert said in text, said
    assert "398 250,50" not in text


def test_the_notes_of_a_rejection_are_those_of_the_ranking(whole, files):
    text = text_of(files["lettre-rejet-lot-1-t01.pdf"])
    rows = {row.key.tenderer: row for row in whole.evaluation.lot("lot-1")}
    setter = Setter("fr", plain_text)
    for mine, best in zip(rows["t01"].notes, rows["t00"].notes, strict=True):
        assert f"{setter.number(mine.weighted)} {setter.number(best.weighted)}" in text


def test_a_variant_has_its_own_column_and_a_group_its_lead_member(whole):
    second = next(row for row in whole.evaluation.ranking if row.key.tenderer == "t01" and row.key.lot == "lot-1")
    variant = replace(second, key=replace(second.key, variant=1), rank=5)
    group = tuple(replace(each, members=(Member("Velmio", mandataire=True), Member("Autre"))) if each.id == "t01" else each for each in whole.tender.tenderers)  # fmt: skip
    tender = replace(whole.tender, tenderers=group)
    evaluation = replace(whole.evaluation, tender=tender, ranking=(*whole.evaluation.ranking, variant))
    made = files_of(replace(whole, tender=tender, evaluation=evaluation))
    text = text_of(made["lettre-rejet-lot-1-t01.pdf"])
    assert "Radiolis Hébergement, variante 1 : classée 5e" in text
    assert "mandataire : Velmio" in text
    assert "Autre" not in text


def test_hostile_texts_stay_texts(whole):
    hostile = "#let x = 1 {name} <b>gras</b> & $a_1$ \u202egnp.exe " + "A" * 300 + " 漢字"
    journal = replace(whole.journal, no_awards=(replace(whole.journal.no_awards[0], reason=hostile),), record={**procedures.SAID, "R2184-3-3": Item(hostile)})  # fmt: skip
    made = files_of(replace(whole, journal=journal))
    for name in ("lettre-non-attribution-lot-2-t00.pdf", "rapport-presentation.pdf"):
        assert "#let x = 1 {name} <b>gras</b> & $a_1$" in text_of(made[name])


def test_who_is_excluded_has_the_law_and_nothing_of_the_winner_but_its_name(whole):
    journal = replace(whole.journal, no_awards=(), awards=tuple(replace(whole.journal.awards[0], lot=lot, tenderer=whole.evaluation.lot(lot)[0].key.tenderer) for lot in ("lot-1", "lot-2")), reasons=(ReasonsRequest("t03", "lot-2", date(2026, 12, 3)),))  # fmt: skip
    made = files_of(replace(whole, journal=journal))
    winner = text_of(made["lettre-rejet-lot-2-t03.pdf"])
    assert "offre irrégulière. Est irrégulière une offre qui" in winner
    assert "L2152-2" in winner
    assert "Motif : Certificat HDS absent, non régularisé dans le délai donné." in winner
    assert "susceptible d’être signé" in winner
    for unsaid in ("points sur 100", "Les avantages de", "Points possibles", "Points de contrôle"):
        assert unsaid not in winner, unsaid
    answer = text_of(made["lettre-motifs-lot-2-t03.pdf"])
    assert "le code ne prévoit pas" in answer
    assert "Le montant total" not in answer


def test_reasons_on_request_add_the_whole_price_of_the_winner(files):
    text = text_of(files["lettre-motifs-lot-1-t02.pdf"])
    assert "R2181-4" in text
    assert "Le montant total de l’offre retenue est de 398 250,50 € hors taxes" in text


def test_the_other_letters_say_what_is_asked_or_decided(files):
    award = text_of(files["lettre-attribution-lot-1-t00.pdf"])
    assert "votre offre est retenue" in award
    assert "Montant retenu : 398 250,50 €" in award
    assert "Attestation de régularité fiscale" in award
    abandoned = text_of(files["lettre-non-attribution-lot-2-t03.pdf"])
    assert "procédure déclarée sans suite" in abandoned
    assert "Le besoin a disparu avec la fusion de deux sites." in abandoned
    assert "R421-1" in abandoned
    request = text_of(files["lettre-regularisation-lot-1-t01.pdf"])
    assert "Joindre la liste signée des intervenants. EG-015" in request
    assert "10/11/2026 à 12 h 00 (UTC)" in request
    price = text_of(files["lettre-justification-prix-lot-1-t02.pdf"])
    assert "semble anormalement bas" in price
    assert "Prix examiné : 453 250,50 €" in price
    assert "envisage de retenir" in text_of(files["lettre-justificatifs-lot-1-t00.pdf"])


def test_letters_of_another_law_have_their_words(whole):
    marks = whole.evaluation.marks
    for kind, article in ((BidClass.UNACCEPTABLE, "L2152-3"), (BidClass.INAPPROPRIATE, "L2152-4")):
        ranking = tuple(replace(row, bid_class=kind) if row.rank is None else row for row in whole.evaluation.ranking)
        evaluation = replace(whole.evaluation, ranking=ranking, marks=marks)
        journal = replace(whole.journal, no_awards=(), awards=(replace(whole.journal.awards[0], lot="lot-2", tenderer=whole.evaluation.lot("lot-2")[0].key.tenderer),))  # fmt: skip
        made = files_of(replace(whole, evaluation=evaluation, journal=journal))
        assert article in text_of(made["lettre-rejet-lot-2-t03.pdf"])


# ------------------------------------------------------------------------------------------------------------ questions
def test_questions_are_public_without_who_asked_and_internal_with(files):
    public, internal = (text_of(files[name]) for name in ("questions-reponses.pdf", "registre-questions.pdf"))
    assert "Le site de secours peut-il être hors de France ?" in public
    assert "Combien de postes" not in public, "a question without answer is not public yet"
    assert "Imagys" not in public
    assert "Imagys SAS" in internal
    assert "sans réponse" in internal


def test_a_question_that_names_somebody_holds_the_public_page_back(whole):
    noon = procedures.NOON
    naming = Question("q", noon, "Imagys SAS demande : quel délai ?", "t00", "Dix jours.", noon)
    unknown = Question("r", noon, "Le cabinet Dupond voudrait le plan.", "Cabinet Dupond", "Le voici.", noon)
    changing = Question("s", noon, "Date ?", "t01", "Reportée.", noon, substantial=True, to=("t00", "t01"))
    for bad in (naming, unknown):
        procedure = replace(whole, journal=replace(whole.journal, questions=(bad,)))
        made = files_of(procedure)
        assert "questions-reponses.pdf" not in made
        assert "registre-questions.pdf" in made
        assert "question.names" in {each["code"] for each in json.loads(made["sommaire.json"])["findings"]}
        assert [each.code for each in record_write.contents(procedure, [], [])[1]] == ["question.names"]
    made = files_of(replace(whole, journal=replace(whole.journal, questions=(changing,))))
    assert "Changement substantiel" in text_of(made["questions-reponses.pdf"])
    assert "Imagys SAS, Radiolis" in text_of(made["registre-questions.pdf"])
    unanswered = replace(changing, answered_at=None)
    made = files_of(replace(whole, journal=replace(whole.journal, questions=(unanswered,))))
    assert "Aucune question n’a reçu de réponse" in text_of(made["questions-reponses.pdf"])


# ------------------------------------------------------------------------------------------------------- files and form
def test_the_register_lists_each_file_with_its_digest_and_the_fingerprint(whole, files):
    register = json.loads(files["sommaire.json"])
    listed = {each["file"]: each["sha256"] for each in register["documents"]}
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "sommaire.json"}  # fmt: skip
    assert register["fingerprint"] == whole.evaluation.fingerprint
    assert {name.rsplit(".", 1)[1] for name in listed} == {"pdf", "docx"}


def test_same_procedure_same_bytes(whole, files):
    assert files_of(whole) == files


def test_documents_are_tagged_and_word_files_say_the_same(files):
    for name in [name for name in files if name.endswith(".pdf")]:
        with pikepdf.open(io.BytesIO(files[name])) as document:
            assert document.Root.MarkInfo.Marked
            assert document.open_metadata()["pdfuaid:part"] == "1"
        with zipfile.ZipFile(io.BytesIO(files[name.replace(".pdf", ".docx")])) as package:
            assert package.testzip() is None
            said = package.read("word/document.xml").decode()
        assert "Madame, Monsieur," in said or not name.startswith("lettre-")


def test_english_is_complete(whole):
    made = files_of(replace(whole, language="en"))
    rejection = text_of(made["lettre-rejet-lot-1-t01.pdf"])
    for said in ("Rejection of your bid", "Dear Sir or Madam,", "ranked 3 of 4", "may be signed from 2026-12-12", "Yours faithfully"):  # fmt: skip
        assert said in rejection, said
    assert "Procedure report" in text_of(made["rapport-presentation.pdf"])
    assert "Your bid" in rejection


def test_files_that_are_due_no_more_are_taken_away(whole, tmp_path: Path):
    made, found = procedures.decided(whole)
    out = tmp_path / "out"
    written, _ = report.write_procedure(whole, made, found, out)
    assert {path.name for path in out.iterdir()} == {path.name for path in written}
    (out / "à moi.pdf").write_bytes(b"x")
    report.write_procedure(whole, made[:2], found, out)
    left = {path.name for path in out.iterdir()}
    assert "à moi.pdf" in left
    assert len([name for name in left if name.startswith("lettre-")]) == 4
    (out / "sommaire.json").write_text('{"documents": [{"file": "../ailleurs.pdf"}]}', encoding="utf-8")
    (tmp_path / "ailleurs.pdf").write_bytes(b"x")
    report.write_procedure(whole, made, found, out)
    assert (tmp_path / "ailleurs.pdf").exists()
    (out / "sommaire.json").write_text("[]", encoding="utf-8")
    assert record_write.stale(out) == []


def test_a_document_that_somebody_filled_in_is_neither_written_over_nor_taken_away(whole, tmp_path: Path):
    made, found = procedures.decided(whole)
    out = tmp_path / "out"
    report.write_procedure(whole, made, found, out)
    filled = [out / "lettre-rejet-lot-1-t01.docx", out / "lettre-rejet-lot-1-t02.docx"]
    for path in filled:
        path.write_bytes(path.read_bytes() + b"le tribunal")
    for _ in range(2):
        _, more = report.write_procedure(whole, made, found, out)
        assert [(each.code, each.file) for each in more] == [("record.edited", path.name) for path in filled]
    report.write_procedure(whole, made[:1], found, out)
    assert all(path.read_bytes().endswith(b"le tribunal") for path in filled)
    assert not (out / "lettre-rejet-lot-1-t01.pdf").exists()


def test_a_provisional_evaluation_gives_no_final_letter_and_a_draft_record(whole):
    provisional = replace(whole, evaluation=replace(whole.evaluation, status=Status.PROVISIONAL))
    made = files_of(provisional)
    assert not [name for name in made if name.startswith(("lettre-rejet", "lettre-attribution", "lettre-motifs"))]
    assert [name for name in made if name.startswith("lettre-regularisation")]
    assert "PROJET" in text_of(made["rapport-presentation.pdf"])


def test_figures_are_set_as_people_write_them():
    setter = Setter("fr", plain_text)
    inner = message("{price} et {note}", price=procedures.Decimal("1234.5"), note=procedures.Decimal("2.345"))
    shown = figures.said(setter, message("{x} {names}", x=inner, names=(procedures.Decimal(3), "y")))
    assert shown.replace("\u202f", " ").replace("\u00a0", " ") == "1 234,50 € et 2,35 3, y"


def test_ten_tenderers_take_less_than_two_seconds_a_document():
    made, found = procedures.decided(procedures.procedure(10, 1))
    assert len(made) >= 12
    procedure = procedures.procedure(10, 1)
    started = time.process_time()
    written = record_write.contents(procedure, made, found)
    assert (time.process_time() - started) / len(written[0]) < 2


def test_a_no_award_of_another_lot_does_not_stop_the_letters_of_the_first(whole):
    journal = replace(whole.journal, no_awards=(NoAward("lot-2", whole.journal.no_awards[0].kind, "", date(2026, 11, 30), "x"),))  # fmt: skip
    made, found = procedures.decided(replace(whole, journal=journal))
    assert {each.lot for each in made if each.kind == "rejection"} == {"lot-1"}
    assert {each.code for each in found} == {"letter.no_award"}


@pytest.mark.long
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_word_files_open_in_the_office_suite(files, tmp_path: Path):
    names = ["rapport-presentation.docx", "lettre-rejet-lot-1-t01.docx", "questions-reponses.docx"]
    for name in names:
        (tmp_path / name).write_bytes(files[name])
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run([str(OFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *[str(tmp_path / name) for name in names]], check=True, capture_output=True, timeout=120)  # fmt: skip
    for name in names:
        assert text_of((tmp_path / name).with_suffix(".pdf").read_bytes())
    assert "Imagys SAS" in text_of((tmp_path / "lettre-rejet-lot-1-t01.pdf").read_bytes())
