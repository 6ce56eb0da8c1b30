"""Files of bids: brought in, moved, taken away, sent to who may read them; what came late stays closed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from web.tenders.received import folders
from web.tenders.received.test_import import bring_in, job_after, url
from web.tenders.received.test_settle import answered, read_again, settle


def brought(client, row, **changes):
    """Bring the files of a bid in, and return the job that read them."""
    data = {"tenderer": "+", "name": "Société Nouvelle (fictive)", "lot": "lot-1", "round": "1", "variant": "0"} | changes  # fmt: skip
    return folders.done(job_after(client.post(url("bids_files", row), data)))


def sheet_of(row, tenderer):
    """The files of a bid of the example, as a person sends them."""
    from egide.web.files import store
    from egide.web.tenders.models import FolderFile

    rows = FolderFile.objects.filter(consultation=row, path__startswith=f"bids/{tenderer}/").select_related("stored")
    return [SimpleUploadedFile(each.path.rpartition("/")[2], store.path(each.stored.sha256).read_bytes()) for each in rows]  # fmt: skip


def first_tenderer(row):
    return row.definition["tenderers"][0]["id"]


def test_a_new_tenderer_is_entered_and_read_like_the_one_it_copies(pacs, hospital, sign_in):
    from egide.web.tenders import convert

    client, known = sign_in(hospital.buyer), first_tenderer(pacs)
    job = brought(client, pacs, sheets=sheet_of(pacs, known), siret="732 829 320 00074")
    assert job.state == "done", job.result
    pacs.refresh_from_db()
    new = pacs.definition["tenderers"][-1]
    assert (new["id"], new["name"], new["siret"]) == ("societe-nouvelle-fictive", "Société Nouvelle (fictive)", "73282932000074")  # fmt: skip
    bids = {bid.key.tenderer: bid for bid in convert.bids(pacs)}
    said = {point: (each.declared, each.condition, each.raw) for point, each in bids[known].answers.items()}
    assert {point: (each.declared, each.condition, each.raw) for point, each in bids[new["id"]].answers.items()} == said
    assert bids[new["id"]].price.total == bids[known].price.total


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"siret": "12345678901234"}, "siret"),
        ({"sheets": []}, "sheets"),
        ({"lot": "lot-9"}, "lot"),
        ({"sheets": [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("a.csv", b"b")]}, "sheets"),
    ],
)
def test_what_cannot_be_brought_in(pacs, hospital, sign_in, changes, field):
    data = {"tenderer": "+", "name": "X", "lot": "lot-1", "round": "1", "variant": "0", "sheets": [SimpleUploadedFile("a.csv", b"a")]}  # fmt: skip
    answer = sign_in(hospital.buyer).post(url("bids_files", pacs), data | changes)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_a_file_is_never_replaced(pacs, hospital, sign_in):
    known = first_tenderer(pacs)
    same = sheet_of(pacs, known)[0]
    data = {"tenderer": known, "lot": "lot-1", "round": "1", "variant": "0", "sheets": [same]}
    answer = sign_in(hospital.buyer).post(url("bids_files", pacs), data)
    assert answer.status_code == 400
    assert "Déjà dans cette offre" in answer.content.decode()


def test_files_that_are_not_what_they_say_are_told_and_kept(pacs, hospital, sign_in):
    from egide.web.tenders.models import FolderFile, ReadFinding

    files = [SimpleUploadedFile("cadre.xlsx", b"%PDF-1.7 pas un classeur"), SimpleUploadedFile("vide.ods", b""), SimpleUploadedFile("bombe.xlsx", b"PK\x03\x04" + b"\0" * 400), SimpleUploadedFile("../../evil.csv", b"a;b")]  # fmt: skip
    job = brought(sign_in(hospital.buyer), pacs, sheets=[each for each in files if each.size])
    assert job.state == "done", job.result
    folder = "bids/societe-nouvelle-fictive/lot-1/"
    assert set(FolderFile.objects.filter(path__startswith=folder).values_list("path", flat=True)) == {f"{folder}{name}" for name in ("cadre.xlsx", "bombe.xlsx", "evil.csv")}  # fmt: skip
    told = ReadFinding.objects.filter(consultation=pacs, tenderer="societe-nouvelle-fictive", severity="error")
    assert {each.file for each in told} >= {f"{folder}cadre.xlsx", f"{folder}bombe.xlsx"}
    assert all(each.understood["en"] and each.remedy["fr"] for each in told)


def moved(client, row, path, to, reason="Rangé au mauvais endroit."):
    from egide.web.tenders.models import FolderFile

    own = FolderFile.objects.get(consultation=row, path=path)
    return client.post(url("bids_move", row, own.uuid), {"to": to, "reason": reason})


def test_a_file_goes_to_another_bid_or_out_of_the_bids(pacs, hospital, sign_in):
    from egide.web.audit.models import Entry
    from egide.web.tenders.models import Bid, FolderFile

    client = sign_in(hospital.buyer)
    one, other = (each["id"] for each in pacs.definition["tenderers"][:2])
    brought(client, pacs, tenderer=one, name="", sheets=[SimpleUploadedFile("égaré.txt", b"piece")])
    job = folders.done(job_after(moved(client, pacs, f"bids/{one}/lot-1/égaré.txt", f"bids/{other}/lot-1")))
    assert job.state == "done", job.result
    files = {each.tenderer: {file["name"] for file in each.files} for each in Bid.objects.filter(consultation=pacs)}
    assert f"bids/{other}/lot-1/égaré.txt" in files[other]
    assert not any("égaré" in name for name in files[one])
    job = folders.done(job_after(moved(client, pacs, f"bids/{other}/lot-1/égaré.txt", "+", "N'est pas une offre.")))
    assert job.state == "done", job.result
    kept = FolderFile.objects.get(consultation=pacs, path__endswith="égaré.txt")
    assert kept.path.startswith("removed/")
    assert not any("égaré" in str(each.files) for each in Bid.objects.filter(consultation=pacs))
    assert Entry.objects.filter(action="bids.file_moved").count() == 2
    assert Entry.objects.filter(action="bids.read", details__reason="N'est pas une offre.").exists()
    assert moved(client, pacs, sorted(FolderFile.objects.filter(path__startswith=f"bids/{one}/").values_list("path", flat=True))[0], f"bids/{other}/lot-1", "").status_code == 400  # fmt: skip


def test_a_bid_that_loses_its_files_keeps_marks_and_corrections(pacs, hospital, sign_in):
    from egide.web.tenders.models import Bid, Correction, FolderFile, Mark

    client = sign_in(hospital.buyer)
    answer = answered(pacs)
    settle(client, pacs, answer)
    own, marks = answer.bid, Mark.objects.filter(bid=answer.bid).count()
    paths = sorted(FolderFile.objects.filter(path__startswith=f"bids/{own.tenderer}/").values_list("path", flat=True))
    for path in paths:
        assert folders.done(job_after(moved(client, pacs, path, "+"))).state == "done"
    own = Bid.objects.get(pk=own.pk)
    assert (own.files, own.price) == ([], None)
    assert Mark.objects.filter(bid=own).count() == marks > 0
    assert Correction.objects.filter(bid=own).count() == 1
    assert client.get(url("bids", pacs)).status_code == 200
    assert client.get(url("bids_answers", pacs, own.tenderer)).status_code == 200


# ---------------------------------------------------------------------------------------------------------- who reads them
def closed(response):
    """Close the file that an answer sends, and not the database, as response.close() would."""
    for closes in response._resource_closers:
        closes()


def test_files_are_sent_and_what_came_late_never(opened, hospital, sign_in):
    from egide.web.tenders.models import FolderFile

    client = sign_in(hospital.buyer)
    bring_in(client, opened)
    seen = set()
    for each in FolderFile.objects.filter(consultation=opened).select_related("stored"):
        top = each.path.partition("/")[0]
        seen.add(top)
        sent = client.get(url("bids_file", opened, each.uuid))
        assert sent.status_code == (200 if top in {"bids", "candidacies"} else 404), each.path
        if sent.status_code == 200:
            assert len(b"".join(sent.streaming_content)) == each.stored.size
        closed(sent)
        by_address = client.get(reverse("files:download", args=[each.stored.uuid]))
        assert by_address.status_code == (200 if top == "dce" else 404), each.path
        closed(by_address)
    assert seen >= {"bids", "candidacies", "late", "superseded", "register", "dce"}
    page = client.get(url("bids", opened))
    assert [(name, each.why) for name, each in page.context["closed_deposits"]][-1] == ("OSTRELANE", "reçu hors délai")


def test_an_evaluator_reads_the_lots_of_its_seat_once_it_declared(opened, hospital, sign_in):
    from datetime import date

    from egide.web.tenders.models import FolderFile, Interest, Seat

    bring_in(sign_in(hospital.buyer), opened)
    client = sign_in(hospital.evaluator)
    file = FolderFile.objects.get(path="bids/petitrempart/lot-2/reponses.xlsx")
    assert client.get(url("bids", opened)).context["lines"] == []
    assert client.get(url("bids_answers", opened, "petitrempart")).status_code == 404
    Seat.objects.create(consultation=opened, evaluator="rssi", user=hospital.evaluator)
    assert client.get(url("bids", opened)).context["lines"] == []
    Interest.objects.create(consultation=opened, evaluator="rssi", on=date(2026, 11, 3), conflict=True, lots=["lot-2"])
    page = client.get(url("bids", opened))
    assert [each.name for each in page.context["lines"]] == ["VIGILUNA", "CORALIS", "BRISEFORT"]
    assert all(len(each.bids) <= 2 for each in page.context["lines"])
    assert "lot-2" not in str([each.url for line in page.context["lines"] for each in line.bids])
    assert client.get(url("bids_answers", opened, "petitrempart")).status_code == 404
    assert client.get(url("bids_file", opened, file.uuid)).status_code == 404
    found = client.get(url("bids_findings", opened, "coralis"))
    assert found.status_code == 200
    assert not any("lot-2" in each.file for group in found.context["groups"] for each, _ in group.findings)
    shown = client.get(url("bids_tenderer", opened, "coralis"))
    assert not any("lot-2" in each.download for files in shown.context["groups"].values() for each in files)
    assert client.get(url("deposits", opened)).status_code == 403


def test_a_buyer_with_a_conflict_does_not_read_that_lot(opened, hospital, sign_in):
    from datetime import date

    from egide.web.tenders.models import FolderFile, Interest, Seat

    client = sign_in(hospital.buyer)
    bring_in(client, opened)
    Seat.objects.create(consultation=opened, evaluator="rssi", user=hospital.buyer)
    Interest.objects.create(consultation=opened, evaluator="rssi", on=date(2026, 11, 3), conflict=True, lots=["lot-2"])
    file = FolderFile.objects.get(path="bids/petitrempart/lot-2/reponses.xlsx")
    assert client.get(url("bids_file", opened, file.uuid)).status_code == 404
    assert client.get(url("bids_move", opened, file.uuid)).status_code == 404
    assert client.get(url("bids", opened)).context["hidden"]


# ------------------------------------------------------------------------------------------------------------ robustness
def test_too_large_is_refused_and_nothing_is_left(opened, hospital, sign_in, settings, files):
    from pathlib import Path

    from egide.web.jobs.models import Job

    settings.UPLOAD_BYTES = 300_000
    settings.FILE_UPLOAD_TEMP_DIR = str(files.parent / "envois")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    before = sorted(files.rglob("*")), Job.objects.count()
    data = {"archive": SimpleUploadedFile("plis.zip", b"\0" * 4_000_000), "round": "1"}
    assert sign_in(hospital.buyer).post(url("deposits", opened), data).status_code == 413
    assert (sorted(files.rglob("*")), Job.objects.count()) == before
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_what_changed_meanwhile_refuses_the_reading(pacs, hospital, files, monkeypatch):
    from egide.web.files import store
    from egide.web.files.models import StoredFile
    from egide.web.jobs import queue
    from egide.web.tenders import models, work

    real = work.desk.of_folder

    def slow(*given):
        stored = StoredFile.objects.create(organisation=pacs.organisation, name="a.txt", sha256="0" * 64, size=1)
        models.FolderFile.objects.create(consultation=pacs, path="candidacies/a.txt", stored=stored)
        return real(*given)

    monkeypatch.setattr(work.desk, "of_folder", slow)
    monkeypatch.setattr("egide.web.audit.guard._Watch.reads_only", False, raising=False)
    before = list(models.Answer.objects.order_by("pk").values())
    digest = store.keep([b"texte"]).sha256
    monkeypatch.setattr(queue.guard, "reading", __import__("contextlib").nullcontext)
    job = folders.done(queue.ask("read_workbooks", hospital.organisation, hospital.buyer, pacs, files={"bids/x/lot-1/a.txt": digest}))  # fmt: skip
    assert job.state == "failed"
    assert [each["code"] for each in job.result["findings"]] == ["bids.changed"]
    assert list(models.Answer.objects.order_by("pk").values()) == before


def test_reading_again_what_did_not_change_writes_no_answer(pacs, hospital, django_assert_max_num_queries):
    from egide.web.tenders import models

    before = list(models.Answer.objects.order_by("pk").values()), list(models.Bid.objects.order_by("pk").values())
    marks = list(models.Mark.objects.order_by("pk").values())
    read_again(pacs, hospital)
    assert (list(models.Answer.objects.order_by("pk").values()), list(models.Bid.objects.order_by("pk").values())) == before  # fmt: skip
    assert list(models.Mark.objects.order_by("pk").values()) == marks


def test_the_import_findings_stay_after_a_later_reading(opened, hospital, sign_in):
    from egide.web.tenders.models import ReadFinding

    client = sign_in(hospital.buyer)
    bring_in(client, opened)
    told = sorted(ReadFinding.objects.filter(source="deposits").values_list("code", flat=True))
    assert "deposit.late" in told
    read_again(opened, hospital, **{"bids/coralis/lot-1/note.txt": b"piece"})
    assert sorted(ReadFinding.objects.filter(source="deposits").values_list("code", flat=True)) == told
    from egide.web.tenders import convert

    opened.refresh_from_db()
    assert len(convert.journal(opened).deposits) == 12
    assert not ReadFinding.objects.filter(source="tender", code__contains="twice").exists()


def test_a_file_gone_from_the_store_is_said(opened, hospital, files):
    from egide.web.jobs import queue

    arguments = {"file": "f" * 64, "name": "plis.zip", "round": 1}
    job = folders.done(queue.ask("import_deposits", hospital.organisation, hospital.buyer, opened, **arguments))
    assert [each["code"] for each in job.result["findings"]] == ["file.gone"]
    assert job.result["findings"][0]["file"] == "plis.zip"


def test_a_path_that_leads_out_is_refused(opened, hospital, files):
    from egide.web.files import store
    from egide.web.jobs import queue

    digest = store.keep([b"x"]).sha256
    for path in ("bids/../../../evil.txt", "/tmp/evil.txt"):  # noqa: S108
        job = folders.done(queue.ask("read_workbooks", hospital.organisation, hospital.buyer, opened, files={path: digest}))  # fmt: skip
        assert [each["code"] for each in job.result["findings"]] == ["file.place"]
