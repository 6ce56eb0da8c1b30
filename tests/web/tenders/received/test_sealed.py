"""Before the opening nobody sees anything, and nothing is kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from web.tenders.received import folders
from web.tenders.received.test_import import sent, url


@pytest.fixture
def sealed(soc, today):
    """A published consultation whose deadline is to come."""
    today(folders.BEFORE)
    return soc


def kept(files: Path) -> list[Path]:
    return [each for each in files.rglob("*") if each.is_file() and each.name != ".lock"]


WHO = ("administrator", "buyer", "evaluator", "director", "reader")


def test_everybody_gets_the_same_page_that_says_nothing(sealed, hospital, sign_in):
    for who in WHO:
        page = sign_in(getattr(hospital, who)).get(url("bids", sealed))
        text = page.content.decode()
        assert page.status_code == 200
        assert "Les plis sont fermés" in text
        assert "mardi 3 novembre 2026" in text.lower()
        assert "C’est dans 54 jours." in text
        assert "vigiluna" not in text.lower()


@pytest.mark.parametrize("name", ["bids_tenderer", "bids_answers", "bids_findings", "bids_doubts_of"])
def test_a_name_guessed_says_nothing(sealed, hospital, sign_in, name):
    client = sign_in(hospital.buyer)
    known, unknown = (client.get(url(name, sealed, each)) for each in ("vigiluna", "personne"))
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"] == url("bids", sealed)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deposits", sent),
        ("bids_files", lambda: {"tenderer": "+", "name": "X", "lot": "lot-1", "sheets": SimpleUploadedFile("a.csv", b"a")}),
        ("bids_opening", lambda: {"at": "01/09/2026 10:00", "persons": "Moi", "order": "candidacies"}),
        ("bids_candidacies", lambda: {"tenderer": "vigiluna", "admitted": "yes", "on": "01/09/2026"}),
        ("bids_doubts", lambda: {"date": "01/09/2026"}),
    ],
)  # fmt: skip
def test_nothing_can_be_brought_in_or_written(sealed, hospital, sign_in, files, name, data):
    from egide.web.audit.models import Entry
    from egide.web.jobs.models import Job

    before = kept(files), Entry.objects.count(), Job.objects.count()
    answer = sign_in(hospital.buyer).post(url(name, sealed), data())
    assert answer.status_code == 409
    assert "Les plis sont fermés" in answer.content.decode()
    assert (kept(files), Entry.objects.count(), Job.objects.count()) == before
    sealed.refresh_from_db()
    assert sealed.state == "published"
    assert sealed.journal.get("opening") is None


def test_a_folder_with_bids_is_refused_and_forgotten(hospital, files, today):
    from egide.web.tenders.models import Consultation

    today(folders.BEFORE)
    job = folders.load(hospital, folders.files_of("soc-ght"))
    assert job.state == "failed"
    assert [each["code"] for each in job.result["findings"]] == ["bids.sealed"]
    assert "brisefort" not in str(job.result).lower()
    assert kept(files) == []
    assert not Consultation.objects.exists()


def test_final_bids_are_not_read_before_their_own_deadline(hospital, files, today):
    from datetime import timedelta

    job = folders.load(hospital, folders.files_of("soc-ght"))
    assert [each["code"] for each in job.result["findings"]] == ["bids.sealed"]
    assert "27/11/2026 12:00" in job.result["said"]["fr"]
    assert kept(files) == []
    today(folders.AFTER + timedelta(days=8))
    assert folders.load(hospital, folders.files_of("soc-ght")).state == "done"


def test_deposits_of_a_round_to_come_are_refused_before_they_are_kept(opened, hospital, sign_in, files):
    before = kept(files)
    refused = sign_in(hospital.buyer).post(url("deposits", opened), sent(round="2"))
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["round"]
    assert kept(files) == before


def test_a_job_that_waited_is_refused_too(sealed, hospital):
    from egide.web.jobs import queue

    for kind, arguments in (("import_deposits", {"file": "0" * 64, "name": "a.zip"}), ("read_workbooks", {"files": {"bids/x/a.csv": "0" * 64}})):  # fmt: skip
        job = folders.done(queue.ask(kind, hospital.organisation, hospital.buyer, sealed, **arguments))
        assert job.state == "failed"
        assert [each["code"] for each in job.result["findings"]] == ["bids.sealed"]


def test_after_the_deadline_the_opening_comes_first(soc, hospital, sign_in):
    client = sign_in(hospital.buyer)
    assert "Consigner l’ouverture" in client.get(url("bids", soc)).content.decode()
    assert client.post(url("deposits", soc), sent()).status_code == 409
    assert client.get(url("deposits", soc)).status_code == 302


# ---------------------------------------------------------------------------------------------------------- the opening
def given(**changes):
    return {"at": "03/11/2026 14:00", "persons": "Acheteuse (fictive)\n\nRSSI (fictif)", "order": "candidacies"} | changes  # fmt: skip


def test_the_opening_is_written_once_with_who_and_when(soc, hospital, sign_in):
    from egide.web.audit.models import Entry
    from egide.web.tenders import convert

    client = sign_in(hospital.buyer)
    assert client.post(url("bids_opening", soc), given()).status_code == 302
    soc.refresh_from_db()
    opening = convert.journal(soc).opening
    assert (opening.at.isoformat(), opening.persons) == ("2026-11-03T14:00:00+01:00", ("Acheteuse (fictive)", "RSSI (fictif)"))  # fmt: skip
    assert soc.state == "opened"
    entry = Entry.objects.get(action="bids.opened")
    assert entry.actor == hospital.buyer
    assert client.post(url("bids_opening", soc), given()).status_code == 409
    assert Entry.objects.filter(action="bids.opened").count() == 1
    assert client.get(url("purchase", soc)).status_code == 200
    assert client.post(url("purchase", soc), {}).status_code == 302  # the definition no longer changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": "03/11/2026 11:59"}, "at"),
        ({"at": "30/11/2026 10:00"}, "at"),
        ({"at": "hier"}, "at"),
        ({"persons": " "}, "persons"),
        ({"order": "offers"}, "order_published"),
    ],
)
def test_an_opening_that_cannot_be(soc, hospital, sign_in, changes, field):
    answer = sign_in(hospital.buyer).post(url("bids_opening", soc), given(**changes))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_a_candidacy_refused_leaves_the_bid_out(pacs, hospital, sign_in):
    from egide.web.tenders import convert

    client = sign_in(hospital.buyer)
    first = pacs.definition["tenderers"][0]["id"]
    wrong = {"tenderer": first, "admitted": "no", "on": "04/11/2026"}
    assert list(client.post(url("bids_candidacies", pacs), wrong).context["form"].errors) == ["reason"]
    assert client.post(url("bids_candidacies", pacs), wrong | {"reason": "Capacités non montrées."}).status_code == 302
    pacs.refresh_from_db()
    given = convert.opened(pacs)
    assert first not in {bid.key.tenderer for bid in given.examined[0]}
    assert first in {bid.key.tenderer for bid in given.bids}
    page = client.get(url("bids", pacs))
    line = next(each for each in page.context["lines"] if each.url == url("bids_tenderer", pacs, first))
    assert line.candidacy.fr == "rejetée"
    assert client.get(url("bids_doubts_of", pacs, first)).status_code == 404


def test_a_folder_that_is_none_says_all_that_is_wrong(hospital, files, today):
    for content, code in ((b"pas un zip", "folder.zip"), (folders.zipped({"lisez-moi.txt": b"x"}), "folder.zip")):
        from egide.web.files import store
        from egide.web.jobs import queue

        digest = store.keep([content]).sha256
        job = folders.done(queue.ask("load_folder", hospital.organisation, hospital.buyer, file=digest, name="mon.zip"))
        assert job.state == "failed"
        found = job.result["findings"][0]
        assert (found["code"], found["file"]) == (code, "mon.zip")
        assert found["remedy"]["en"] != found["remedy"]["fr"]
    broken = folders.files_of("pacs-ght") | {"tender.yaml": b"format: 1\ntitle: 3\nlots: {}\n"}
    job = folders.load(hospital, broken)
    assert job.state == "failed"
    assert len(job.result["findings"]) > 3


def test_the_load_page_takes_a_zip(hospital, sign_in, files, today):
    client = sign_in(hospital.buyer)
    answer = client.post(
        reverse("tenders:load"),
        {
            "organisation": str(hospital.organisation.uuid),
            "archive": SimpleUploadedFile("pacs.zip", folders.zipped(folders.files_of("pacs-ght"))),
        },
    )
    from web.tenders.received.test_import import job_after

    job = folders.done(job_after(answer))
    assert job.state == "done"
    page = client.get(job.result["next"])
    assert len(page.context["lines"]) == 4
    assert page.context["unseated"]
    assert "offres" in client.get(reverse("jobs:one", args=[job.uuid])).content.decode()


def test_a_folder_chosen_in_the_browser_is_the_same_as_its_zip(hospital, sign_in, files, today):
    import json

    from egide.web.tenders import convert
    from web.tenders.received.test_import import job_after

    whole = folders.files_of("pacs-ght")
    data = {
        "organisation": str(hospital.organisation.uuid),
        "folder": [SimpleUploadedFile(path.rpartition("/")[2], content) for path, content in whole.items()],
        "paths": json.dumps([f"pacs-ght/{path}" for path in whole]),
    }
    client = sign_in(hospital.buyer)
    row = folders.row_of(folders.done(job_after(client.post(reverse("tenders:load"), data))))
    other = folders.row_of(folders.load(hospital, whole))
    assert convert.bids(row) == convert.bids(other)
    assert row.definition == other.definition
    for wrong in ({"paths": ""}, {"paths": "[1]"}, {"paths": "{"}, {"paths": json.dumps(["a"])}):
        files_again = {"folder": [SimpleUploadedFile("a", b"a"), SimpleUploadedFile("b", b"b")]}
        refused = client.post(reverse("tenders:load"), data | files_again | wrong)
        assert refused.status_code == 400
