"""A person puts the reading of an answer right: the first reading stays, marks do not move, later readings keep it."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from web.tenders.received import folders
from web.tenders.received.test_import import job_after, url

GIVEN = {"declared": "partial", "condition": "future", "comment": "Livré en mars (fictif).", "where": "Mémoire, § 2", "reason": "Précision reçue le 18/11."}  # fmt: skip


def answered(row, declared="yes"):
    from egide.web.tenders.models import Answer

    return Answer.objects.filter(bid__consultation=row, declared=declared).exclude(raw="").select_related("bid").first()


def settle(client, row, answer, **changes):
    return client.post(url("bids_settle", row, answer.bid.uuid, answer.point), GIVEN | changes)


def read_again(row, hospital, **files):
    """Read the bids again, as when a file is brought in."""
    from egide.web.files import store
    from egide.web.jobs import queue

    brought = {path: store.keep([content]).sha256 for path, content in files.items()}
    job = folders.done(queue.ask("read_workbooks", hospital.organisation, hospital.buyer, row, files=brought))
    assert job.state == "done", job.result
    return job


def test_the_reading_the_correction_and_the_raw_text_are_kept(pacs, hospital, sign_in):
    from egide.web.tenders import convert, models

    client, before = sign_in(hospital.buyer), answered(pacs)
    assert settle(client, pacs, before).status_code == 302
    now = models.Answer.objects.get(pk=before.pk)
    assert (now.declared, now.condition, now.comment, now.raw) == ("partial", "future", GIVEN["comment"], before.raw)
    assert now.first == {"declared": "yes", "condition": before.condition, "comment": before.comment}
    made = models.Correction.objects.get()
    assert (made.made_by, made.where, made.reason) == (hospital.buyer, GIVEN["where"], GIVEN["reason"])
    assert made.read["raw"] == before.raw
    value = next(bid for bid in convert.bids(pacs) if bid.key == convert.key(before.bid)).answers[before.point]
    assert value.declared == "partial"
    found = [each for each in convert.opened(pacs).of_bids if each.code == "answer.settled"]
    assert [(each.point, each.severity, each.tenderer) for each in found] == [(before.point, "note", before.bid.tenderer)]  # fmt: skip
    page = client.get(url("bids_answers", pacs, before.bid.tenderer))
    assert "revue par une personne" in page.content.decode()


def test_the_answer_is_settled_after_every_reading(pacs, hospital, sign_in):
    from egide.web.tenders import models

    client, before = sign_in(hospital.buyer), answered(pacs)
    marks = list(models.Mark.objects.order_by("pk").values_list("pk", "level", "revision", "reason"))
    settle(client, pacs, before)
    read_again(pacs, hospital)
    again = models.Answer.objects.get(bid=before.bid, point=before.point)
    assert (again.declared, again.first["declared"]) == ("partial", "yes")
    settle(client, pacs, before, declared="no", condition="none", reason="Seconde précision.")
    read_again(pacs, hospital, **{f"bids/{before.bid.tenderer}/lot-1/note.txt": b"sans point"})
    again = models.Answer.objects.get(bid=before.bid, point=before.point)
    assert (again.declared, again.first["declared"]) == ("no", "yes")
    assert models.Correction.objects.count() == 2
    assert list(models.Mark.objects.order_by("pk").values_list("pk", "level", "revision", "reason")) == marks


def test_marks_do_not_move_and_who_corrects_is_told(pacs, hospital, sign_in):
    from egide.web.tenders import models

    mark = models.Mark.objects.exclude(level="").select_related("bid").first()
    answer = models.Answer.objects.get(bid=mark.bid, point=mark.point)
    before = pacs.marks_revision
    client = sign_in(hospital.buyer)
    settle(client, pacs, answer, declared="no" if answer.declared != "no" else "yes")
    page = client.get(url("bids", pacs)).content.decode()
    assert "n’ont pas changé" in page
    assert models.Mark.objects.get(pk=mark.pk).level == mark.level
    pacs.refresh_from_db()
    assert pacs.marks_revision == before + 1


def test_what_the_bid_does_not_say_cannot_be_added(pacs, hospital, sign_in):
    from egide.web.tenders import models

    client, before = sign_in(hospital.buyer), answered(pacs)
    refused = settle(client, pacs, before, where="")
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["where"]
    assert list(settle(client, pacs, before, reason="").context["form"].errors) == ["reason"]
    same = {"declared": before.declared, "condition": before.condition, "comment": before.comment, "where": ""}
    assert settle(client, pacs, before, **same).status_code == 302  # confirming needs no place
    assert models.Correction.objects.count() == 1
    assert models.Answer.objects.get(pk=before.pk).first["declared"] == before.declared


def test_a_file_that_says_something_else_since_is_told(pacs, hospital, sign_in):
    from egide.web.tenders import convert, models

    before = answered(pacs)
    settle(sign_in(hospital.buyer), pacs, before)
    models.Answer.objects.filter(pk=before.pk).update(first={"declared": "no", "condition": "none", "comment": ""})
    found = [each for each in convert.opened(pacs).of_bids if each.code == "answer.settled_before"]
    assert [(each.severity, each.point, each.tenderer) for each in found] == [("doubt", before.point, "")]


def test_a_settled_doubt_is_no_longer_asked(pacs, hospital, sign_in):
    from egide.web.tenders import convert, models, settled
    from egide.web.tenders.received.doubts import asked_of

    given = convert.prepared(pacs)
    asked = asked_of(pacs, given)
    doubt = next(each for own in asked.values() for each in own if each.code == "answer.condition")
    answer = models.Answer.objects.get(bid__tenderer=doubt.tenderer, point=doubt.point, file=doubt.file)
    same = {name: getattr(answer, name) for name in settled.READ}
    settle(sign_in(hospital.buyer), pacs, answer, **same)
    left = asked_of(pacs, given).get(doubt.tenderer, [])
    assert doubt.point not in {each.point for each in left if each.code == "answer.condition"}


def test_findings_are_filtered_and_lead_to_the_answer(pacs, hospital, sign_in):
    client = sign_in(hospital.buyer)
    name = next(each["id"] for each in pacs.definition["tenderers"] if client.get(url("bids_findings", pacs, each["id"])).context["whole"] > 2)  # fmt: skip
    page = client.get(url("bids_findings", pacs, name))
    every = [each for group in page.context["groups"] for each, _ in group.findings]
    assert len(every) == page.context["whole"]
    doubts = client.get(url("bids_findings", pacs, name) + "?severity=doubt").context["groups"]
    assert {each.severity for group in doubts for each, _ in group.findings} == {"doubt"}
    file = next(each.file for each in every if each.file)
    of_file = client.get(url("bids_findings", pacs, name), {"file": file}).context["groups"]
    assert {each.file for group in of_file for each, _ in group.findings} == {file}
    led = [(each, address) for group in page.context["groups"] for each, address in group.findings if address]
    assert led
    for each, address in led:
        shown = client.get(address)
        assert shown.status_code == 200
        assert shown.context["point"] == each.point


def test_a_correction_never_changes(pacs, hospital, sign_in):
    from egide.web.tenders.models import Correction

    settle(sign_in(hospital.buyer), pacs, answered(pacs))
    for change in (lambda: Correction.objects.update(reason="autre"), lambda: Correction.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_concluded_consultation_no_longer_changes(pacs, hospital, sign_in):
    from egide.web.tenders import models

    models.Consultation.objects.filter(pk=pacs.pk).update(state="concluded")
    client = sign_in(hospital.buyer)
    assert settle(client, pacs, answered(pacs)).status_code == 409
    assert not models.Correction.objects.exists()
    assert client.get(url("deposits", pacs)).status_code == 302
    assert client.get(url("bids", pacs)).status_code == 200


# ------------------------------------------------------------------------------------------------------------- precisions
def test_the_pages_to_send_are_those_of_the_command_line(pacs, hospital, sign_in):
    from datetime import date
    from io import BytesIO
    from zipfile import ZipFile

    from egide import reference
    from egide.desk import consultation as desk
    from egide.report import precisions
    from egide.tender.procedure.candidacies import looked_at
    from egide.web.files import store
    from egide.web.tenders import models

    client = sign_in(hospital.buyer)
    assert client.get(url("bids_doubts_archive", pacs)).status_code == 404
    job = folders.done(job_after(client.post(url("bids_doubts", pacs), {"date": "18/11/2026"})))
    assert job.state == "done", job.result
    given = desk.of_folder(folders.EXAMPLES / "pacs-ght")
    found = [*given.of_bids, *looked_at(given.tender, reference.certificates(), given.tenderers_in)]
    wanted = precisions.pages(found, given.tender, date(2026, 11, 18), "fr")
    made = {each.name: each for each in models.Document.objects.filter(group="precisions").select_related("stored")}
    assert {name: store.path(each.stored.sha256).read_bytes() for name, each in made.items()} == wanted
    page = client.get(url("bids_doubts", pacs))
    assert [each.document.name for each in page.context["lines"]] == sorted(wanted, key=list(wanted).index)
    sent = client.get(url("bids_doubts_archive", pacs))
    with ZipFile(BytesIO(b"".join(sent.streaming_content))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == wanted
    first = page.context["lines"][0]
    address = reverse("files:download", args=[first.document.stored.uuid])
    assert b"".join(client.get(address).streaming_content) == wanted[first.document.name]
    assert sign_in(hospital.evaluator).get(address).status_code == 404
    assert sign_in(hospital.evaluator).get(url("bids_doubts", pacs)).status_code == 403
    preview = client.get(url("bids_doubts_of", pacs, first.id))
    assert len(preview.context["lines"]) == first.count
    assert client.post(url("bids_doubts_sent", pacs, first.id), {"sent_on": "19/11/2026"}).status_code == 302
    assert models.Document.objects.get(pk=first.document.pk).sent_on == date(2026, 11, 19)
    assert client.post(url("bids_doubts_sent", pacs, first.id), {"sent_on": "jeudi"}).status_code == 409
