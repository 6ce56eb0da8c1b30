"""Notes of criteria, what is agreed together, what is decided, workbooks, and what a seen result asks."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from egide.tender.model import HARMONISED, BidClass
from egide.tender.retained import Book
from egide.web.audit.models import Entry
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.tenders import convert, models
from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import DATA, line, written


@pytest.fixture
def noting(world):
    """The evaluator sits as the biomedical engineer too."""
    row = made.consultation(world.hospital)
    models.Note.objects.all().delete()
    big.seat(row, world.hospital.evaluator, "biomedical")
    return row


def notes_page(row, criterion="fonctionnel"):
    return made.address(row, "mark_notes", made.seat(row, "biomedical").uuid, query=f"?critere={criterion}")


def note(row, value, criterion="fonctionnel/soins", tenderer="s01", revision=0, reason="Vu en démonstration."):
    return {
        "place": f"{made.bid(row, tenderer).uuid}/{criterion}",
        "note": value,
        "reason": reason,
        "revision": revision,
    }


# ------------------------------------------------------------------------------------------------------ notes of criteria
@pytest.mark.parametrize(
    ("typed", "kept"), [("12,5", "12.5"), ("12.50", "12.50"), ("0", "0"), ("20", "20"), (" 7 ", "7")]
)
def test_a_note_is_an_exact_decimal(noting, evaluator, typed, kept):
    assert evaluator.post(notes_page(noting), written(note(noting, typed))).status_code == 302
    assert models.Note.objects.get().note == kept
    assert convert.marks(noting).notes[0].note == Decimal(kept)


@pytest.mark.parametrize("typed", ["21", "-1", "douze", "1e3", "NaN", "Infinity", "1,2,3"])
def test_a_note_out_of_its_scale_is_refused_and_stays_on_the_page(noting, evaluator, typed):
    answer = evaluator.post(notes_page(noting), written(note(noting, typed), note(noting, "8", tenderer="s02")))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "la note doit être un nombre de 0 à 20" in page
    assert f'value="{typed}"' in page
    assert [each.bid.tenderer for each in models.Note.objects.select_related("bid")] == ["s02"]


def test_a_note_of_another_criterion_is_refused(noting, evaluator):
    [told] = evaluator.post(notes_page(noting), written(note(noting, "8", "environnement")), headers=DATA).json()[
        "rows"
    ]
    assert told["outcome"] == "refused"
    assert evaluator.get(notes_page(noting, "prix")).status_code == 404
    assert (
        evaluator.post(notes_page(noting, "environnement"), written(note(noting, "8", "environnement"))).status_code
        == 302
    )


def test_a_note_written_by_two_is_told(noting, evaluator):
    evaluator.post(notes_page(noting), written(note(noting, "12,5")))
    [told] = evaluator.post(notes_page(noting), written(note(noting, "9", reason="Autre.")), headers=DATA).json()[
        "rows"
    ]
    assert (told["outcome"], told["other"]["words"]) == ("conflict", "12,5")


# ---------------------------------------------------------------------------------------------------------- harmonisation
def test_what_is_agreed_prevails(world, buyer, evaluator):
    row = made.consultation(world.hospital, share=10)
    url = made.address(row, "harmonise")
    lines = buyer.get(url).context["lines"]
    assert lines
    assert all(len({said.level for said in each.others}) > 1 for each in lines)
    one = lines[0]
    code = one.asked.choices[0].code
    sent = {"place": one.place, "revision": 0, "level": code, "reason": "Relu ensemble."}
    assert evaluator.post(url, written(sent)).status_code == 403
    assert buyer.post(url, written(sent)).status_code == 302
    kept = models.Mark.objects.get(evaluator=HARMONISED)
    given = convert.opened(row)
    book = Book(given.clausier, given.marks)
    assert book.levels[convert.key(kept.bid)][kept.point] == code
    assert kept.point not in {each.point for each in book.findings if each.place == kept.bid.tenderer}
    assert Entry.objects.filter(action="mark.written").latest("pk").details["evaluator"] == HARMONISED
    again = buyer.get(url).context
    assert again["marked"] == 1
    assert one.place in {each.place for each in again["lines"]}


def test_a_point_without_difference_is_not_harmonised(row, buyer):
    [told] = buyer.post(made.address(row, "harmonise"), written(line(row, level="full")), headers=DATA).json()["rows"]
    assert told["outcome"] == "refused"


def test_notes_are_harmonised_too(world, buyer):
    row = made.consultation(world.hospital)
    models.Note.objects.create(bid=made.bid(row), evaluator="rssi", criterion="environnement", note="9", reason="Bien.")
    url = made.address(row, "harmonise", query="?quoi=notes")
    [one] = buyer.get(url).context["lines"]
    assert {said.level for said in one.others} == {"9", "1"}
    assert (
        buyer.post(url, written({"place": one.place, "note": "8,5", "reason": "Ensemble.", "revision": 0})).status_code
        == 302
    )
    assert models.Note.objects.get(evaluator=HARMONISED).note == "8.5"


# -------------------------------------------------------------------------------------------------------------- decisions
DECIDED = {
    "bid_class": "irregular",
    "person": "Directrice fictive",
    "decided_on": "20/10/2026",
    "reason": "Pièce absente malgré demande.",
}


def test_a_decision_is_kept_with_who_when_why(row, buyer):
    url = made.address(row, "decide", made.bid(row).uuid)
    assert buyer.get(url).status_code == 200
    assert buyer.post(url, {**DECIDED, "seen": "0"}).status_code == 302
    kept = convert.marks(row).decisions[0]
    assert (kept.bid_class, kept.person, kept.decided_on, kept.reason) == (
        BidClass.IRREGULAR, "Directrice fictive", date(2026, 10, 20), "Pièce absente malgré demande.",
    )  # fmt: skip
    told = Entry.objects.get(action="decision.written").details
    assert told["bid_class"] == ["", "irregular"]


def test_a_decision_over_one_not_seen_is_told(row, buyer):
    url = made.address(row, "decide", made.bid(row).uuid)
    buyer.post(url, {**DECIDED, "seen": "0"})
    answer = buyer.post(url, {**DECIDED, "bid_class": "regular", "reason": "Régularisée.", "seen": "0"})
    assert answer.status_code == 409
    assert "Quelqu'un a décidé entre-temps" in answer.content.decode().replace("’", "'")
    assert models.Decision.objects.get().bid_class == "irregular"
    assert (
        buyer.post(url, {**DECIDED, "bid_class": "regular", "reason": "Régularisée.", "seen": "1"}).status_code == 302
    )
    assert models.Decision.objects.get().bid_class == "regular"


@pytest.mark.parametrize("lacking", ["bid_class", "person", "decided_on", "reason"])
def test_a_decision_says_everything(row, buyer, lacking):
    url = made.address(row, "decide", made.bid(row).uuid)
    assert buyer.post(url, {name: value for name, value in DECIDED.items() if name != lacking}).status_code == 400
    assert not models.Decision.objects.exists()


def test_what_is_proposed_is_shown(world, buyer):
    from egide.tender.model import Lot

    row = made.consultation(
        world.hospital,
        3,
        lots=(Lot("lot-1", "Dossier patient", budget=Decimal(900_001), budget_recorded_on=date(2026, 8, 1)),),
    )
    models.Mark.objects.create(bid=made.bid(row), evaluator="rssi", point="EG-001", level="irregular", reason="Absent.")
    by_name = {each.name: each for each in buyer.get(made.address(row, "decisions")).context["lots"][0][1]}
    codes = {name: {each.code for each in row.findings} for name, row in by_name.items()}
    assert codes["Société fictive 01"] == {"bid.irregular_proposed"}
    assert codes["Société fictive 02"] == {"bid.over_budget"}
    assert by_name["Société fictive 01"].awaited


# -------------------------------------------------------------------------------------------------------------- workbooks
def filled(content, levels):
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["Points"]
    heads = {cell.value: number for number, cell in enumerate(sheet[1])}
    for cells in sheet.iter_rows(min_row=2):
        key = (cells[heads["Soumissionnaire"]].value, cells[heads["Point"]].value)
        if key in levels:
            cells[heads["Niveau retenu"]].value = levels[key]
            cells[heads["Motif"]].value = "Vu dans le tableur."
    memory = BytesIO()
    book.save(memory)
    return memory.getvalue()


def bring(client, row, *files):
    return client.post(made.address(row, "marking_workbooks"), {"workbooks": list(files)})


@pytest.mark.usefixtures("files")
def test_a_workbook_goes_out_and_comes_back(row, evaluator):
    answer = evaluator.get(made.address(row, "marking_workbook", made.seat(row).uuid, "rssi.xlsx"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rssi.xlsx"'
    content = filled(answer.content, {("s01", "EG-001"): "Complet", ("s02", "EG-001"): "Insuffisant"})
    asked = bring(evaluator, row, SimpleUploadedFile("rssi.xlsx", content))
    assert asked.status_code == 302
    queue.work(queue.take())
    job = Job.objects.get()
    assert job.state == "done", job.result
    marks = {(each.bid.tenderer, each.level, each.reason) for each in models.Mark.objects.select_related("bid")}
    assert marks == {("s01", "full", "Vu dans le tableur."), ("s02", "below", "Vu dans le tableur.")}
    assert StoredFile.objects.get(name="rssi.xlsx").right == "decide"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "name", ["dpo.xlsx", "decisions.csv", "harmonisation.xlsx", "rssi.exe", "../rssi.xlsx.sh", "autre.xlsx"]
)
def test_an_evaluator_brings_only_its_own(row, evaluator, name):
    answer = bring(evaluator, row, SimpleUploadedFile(name, b"x"))
    assert answer.status_code == 400
    assert not Job.objects.exists()


@pytest.mark.usefixtures("files")
def test_a_buyer_brings_all_at_once(row, buyer):
    names = ("rssi.csv", "dpo.csv", "decisions.csv", "declarations.csv")
    assert (
        bring(buyer, row, *(SimpleUploadedFile(name, b"Soumissionnaire;Point\r\n") for name in names)).status_code
        == 302
    )
    assert set(Job.objects.get().arguments["files"]) == {f"marks/{name}" for name in names}


@pytest.mark.parametrize("name", ["decisions.csv", "declarations.csv"])
def test_the_tables_to_fill(row, buyer, name):
    content = buyer.get(made.address(row, "marking_table", name)).content.decode("utf-8-sig")
    assert ";" in content.splitlines()[0]
    assert buyer.get(made.address(row, "marking_table", "tender.yaml")).status_code == 404


# -------------------------------------------------------------------------------------------------------- a result was seen
@pytest.fixture
def seen(row, world):
    """The point EG-001 of the first bid was marked, then a result was seen."""
    models.Mark.objects.create(bid=made.bid(row), evaluator="rssi", point="EG-001", level="full", reason="Vu page 3.")
    stored = StoredFile.objects.create(organisation=row.organisation, name="evaluation.json", sha256="0" * 64, size=1)
    models.Result.objects.create(
        consultation=row, number=1, status="provisional", marks_revision=0, revision=1, dated=date(2026, 10, 30),
        made_by=world.hospital.buyer, summary={}, evaluation=stored,
    )  # fmt: skip
    return row


def test_a_change_after_a_result_asks_why(seen, evaluator):
    url = made.bid_page(seen)
    assert "30/10/2026" in evaluator.get(url).content.decode()
    [told] = evaluator.post(
        url, written(line(seen, level="below", reason="Vu page 3.", revision=1)), headers=DATA
    ).json()["rows"]
    assert told["outcome"] == "saved"
    assert any("première vue du classement" in each for each in told["advice"])
    [told] = evaluator.post(
        url, written(line(seen, level="full", reason="Relu : tenu.", revision=2)), headers=DATA
    ).json()["rows"]
    assert not any("première vue du classement" in each for each in told["advice"])


def test_a_mark_given_for_the_first_time_asks_nothing(seen, evaluator):
    [told] = evaluator.post(
        made.bid_page(seen), written(line(seen, "EG-002", level="below", reason="Non.")), headers=DATA
    ).json()["rows"]
    assert not any("première vue du classement" in each for each in told["advice"])


def test_without_a_script_the_change_is_told_on_the_page(seen, evaluator):
    url = made.bid_page(seen)
    answer = evaluator.post(url, written(line(seen, level="below", reason="", revision=1)), follow=True)
    assert "première vue du classement" in answer.content.decode()
