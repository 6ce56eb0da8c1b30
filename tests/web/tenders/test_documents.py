"""Step 4: blockers, documents, publication, amendments, questions."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from egide.cli import main
from egide.exchange.published import check
from egide.tender.procedure.publication import frozen
from egide.web.tenders import convert, folder
from egide.web.tenders.models import Document, FolderFile, State
from web.tenders.prepared import address, begin, complete, fields, published, read, send, texts, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(buyer, world):
    return begin(buyer, world.hospital.organisation)


def test_all_that_blocks_is_listed_at_once_with_a_link_to_each(buyer, row):
    page = read(buyer.get(address("documents", row)))
    assert "des textes restent à écrire" in page
    assert f'href="{address("lots", row)}#id_allotment__reason"' in page
    assert f'href="{address("processing", row)}#id_processing-0-dpo"' in page
    assert address("publish", row) not in page


def test_a_consultation_with_errors_is_not_published(buyer, row):
    response = buyer.post(address("publish", row), {"revision": row.revision})
    assert response["Location"] == address("documents", row)
    row.refresh_from_db()
    assert row.state == State.PREPARING


def test_from_empty_to_published_and_the_folder_says_the_same(buyer, row, tmp_path):
    complete(buyer, row)
    published(buyer, row)
    assert row.state == State.PUBLISHED
    publication = convert.journal(row).publication
    assert publication.notice == "26-123456"
    assert publication.on == convert.tender(row).sent_on
    with folder.laid_out(row) as place:
        out = tmp_path / "dce"
        with pytest.raises(SystemExit) as stop:
            main(["clausier", "export", "--tender", str(place), "--dce", str(out)])
        assert not stop.value.code
        assert json.loads((out / "publication.json").read_text())["digest"] == publication.digest
        given = convert.prepared(row)
        assert check(place, given.tender, given.clausier, given.journal) == []


def test_documents_can_be_taken_one_by_one_or_together(buyer, row):
    complete(buyer, row)
    buyer.post(address("write_documents", row))
    assert work().state == "done"
    names = set(Document.objects.filter(consultation=row).values_list("name", flat=True))
    pack = zipfile.ZipFile(io.BytesIO(b"".join(buyer.get(address("documents_archive", row)))))
    assert set(pack.namelist()) == names >= {"publication.json", "1-reglement-consultation.docx"}
    one = Document.objects.get(consultation=row, name="publication.json")
    sent = b"".join(buyer.get(reverse("files:download", args=[one.stored.uuid])))
    assert json.loads(sent)["digest"]


def test_documents_of_an_older_definition_are_not_published(buyer, row):
    complete(buyer, row)
    buyer.post(address("write_documents", row))
    work()
    send(buyer, address("purchase", row), title="Autre intitulé")
    assert "a changé depuis que ces pièces" in read(buyer.get(address("documents", row)))
    row.refresh_from_db()
    assert buyer.get(address("publish", row)).status_code == 302
    assert not FolderFile.objects.filter(consultation=row).exists()


def test_a_published_consultation_changes_only_by_a_dated_amendment(buyer, row):
    complete(buyer, row)
    published(buyer, row)
    url = address("criterion", row, "prix")
    data = fields(buyer.get(url)) | {"weight": "35"}
    response = buyer.post(url, data)
    assert response.status_code == 200
    assert "Ce qui change et pourquoi" in " ".join(texts(response, "error-summary"))
    before = convert.journal(row).publication.digest
    response = buyer.post(url, data | {"amendment-what": "Poids du prix ramené à 35", "amendment-substantial": "on"})
    assert response.status_code == 200, "a substantial change moves the deadline"
    changed = {
        "amendment-what": "Poids du prix ramené à 35",
        "amendment-substantial": "on",
        "amendment-deadline": "22/01/2027 12:00",
    }
    assert buyer.post(url, data | changed).status_code == 302
    row.refresh_from_db()
    [amendment] = convert.journal(row).amendments
    given = convert.prepared(row)
    assert amendment.digest == frozen(given.tender, given.clausier) != before
    assert row.deadline.isoformat().startswith("2027-01-22")
    with folder.laid_out(row) as place:
        found = check(place, given.tender, given.clausier, given.journal)
    assert {each.code for each in found} == {"publication.amended"}
    page = read(buyer.get(address("amendments", row)))
    assert "Poids du prix ramené à 35" in page
    assert buyer.post(address("amendment_told", row, 0), {"told_on": "15/12/2026"}).status_code == 302
    row.refresh_from_db()
    assert convert.journal(row).amendments[0].told_on.isoformat() == "2026-12-15"


def test_evaluators_change_without_an_amendment(buyer, row):
    complete(buyer, row)
    published(buyer, row)
    response = send(buyer, address("evaluators", row), evaluators___0___role="RSSI du groupement")
    assert response.status_code == 302
    row.refresh_from_db()
    assert convert.journal(row).amendments == ()


def test_only_the_deadline_moves_by_an_amendment_alone(buyer, row):
    complete(buyer, row)
    published(buyer, row)
    data = fields(buyer.get(address("amendments", row)))
    data |= {"amendment-what": "Report", "amendment-deadline": "29/01/2027 12:00"}
    assert buyer.post(address("amendments", row), data).status_code == 302
    row.refresh_from_db()
    assert convert.tender(row).deadline.isoformat().startswith("2027-01-29")


def test_nothing_changes_once_bids_are_opened(buyer, row):
    type(row).objects.filter(pk=row.pk).update(state=State.OPENED)
    before = row.definition
    for name in ("purchase", "lots", "method", "rules", "described", "definition"):
        assert buyer.post(address(name, row), {"title": "x", "revision": "1"}).status_code == 302
        assert "Enregistrer" not in read(buyer.get(address(name, row)))
    row.refresh_from_db()
    assert row.definition == before


def test_questions_are_answered_to_all_without_saying_who_asks(buyer, row):
    data = {
        "received_at": "05/12/2026 10:00",
        "asked_by": "Kerzanne Imagerie",
        "text": "Combien de sites ?",
        "answer": "",
        "answered_at": "",
    }
    assert buyer.post(address("questions", row), data).status_code == 302
    data |= {"answer": "Quatre.", "answered_at": "07/12/2026 09:00"}
    assert buyer.post(address("question", row, "Q1"), data).status_code == 302
    row.refresh_from_db()
    [question] = convert.journal(row).questions
    assert (question.answer, question.asked_by) == ("Quatre.", "Kerzanne Imagerie")
    assert buyer.get(address("questions_public", row)).content.startswith(b"%PDF")
    buyer.post(address("question", row, "Q1"), data | {"answer": "Kerzanne Imagerie le sait."})
    assert buyer.get(address("questions_public", row)).status_code == 302
    assert buyer.post(address("question", row, "Q9"), data).status_code == 404
