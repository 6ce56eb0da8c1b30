"""What the platform gave, brought in on the page: the same as the command line, tried first, all or nothing."""

import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from egide.desk import consultation as desk
from egide.exchange.deposits import intake
from egide.exchange.tender_folder import read_tender
from web.tenders.received import folders


def url(name, row, *more):
    return reverse(f"tenders:{name}", args=[row.uuid, *more])


def sent(name="export-depots.zip", register="registre-depots.xlsx", **more):
    data = {"archive": SimpleUploadedFile(name, (folders.PLATFORM / name).read_bytes()), "round": "1", **more}
    if register:
        data["register"] = SimpleUploadedFile(register, (folders.PLATFORM / register).read_bytes())
    return data


def job_after(response):
    from egide.web.jobs.models import Job

    assert response.status_code == 302, response.content.decode()
    return Job.objects.get(uuid=response["Location"].rstrip("/").rpartition("/")[2])


def bring_in(client, row, **more):
    """Try the import, look at what it would do, confirm it."""
    tried = folders.done(job_after(client.post(url("deposits", row), sent(**more))))
    assert tried.state == "done", tried.result
    page = client.get(tried.result["next"])
    assert page.status_code == 200
    return tried, page, folders.done(job_after(client.post(tried.result["next"])))


@pytest.fixture
def by_command_line(tmp_path):
    """A folder where the command line imported the same."""
    folder = tmp_path / "ligne-de-commande"
    for path, content in folders.published().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    tender = read_tender(folder).tender
    intake.import_deposits(
        folders.PLATFORM / "export-depots.zip", folder, tender, folders.PLATFORM / "registre-depots.xlsx"
    )
    return folder


def test_the_import_is_that_of_the_command_line(opened, hospital, sign_in, by_command_line):
    from egide.web.tenders import convert, folder, models

    client = sign_in(hospital.buyer)
    _, page, done = bring_in(client, opened)
    assert {str(each.state.fr) for each in page.context["deposits"]} >= {"à ranger", "hors délai, gardé fermé"}
    assert done.state == "done", done.result
    row = models.Consultation.objects.select_related("clausier").get(pk=opened.pk)
    wanted = desk.of_folder(by_command_line)
    given = convert.opened(row)
    assert len(given.bids) > 4
    assert given.bids == wanted.bids
    assert [(each.code, each.file, each.place, each.tenderer) for each in given.of_bids] == [
        (each.code, each.file, each.place, each.tenderer) for each in wanted.of_bids
    ]
    assert given.tender.tenderers == wanted.tender.tenderers
    assert given.journal.deposits == wanted.journal.deposits
    kept = dict(models.FolderFile.objects.filter(consultation=row).values_list("path", "stored__sha256"))
    laid = {each.relative_to(by_command_line).as_posix() for each in by_command_line.rglob("*") if each.is_file()}
    assert kept.keys() == laid - folder.OWN
    assert row.state == models.State.OPENED


def test_a_try_keeps_nothing(opened, hospital, sign_in):
    from egide.web.tenders import models

    before = models.FolderFile.objects.count()
    folders.done(job_after(sign_in(hospital.buyer).post(url("deposits", opened), sent())))
    assert models.FolderFile.objects.count() == before
    assert not models.Bid.objects.exists()
    assert not models.ReadFinding.objects.filter(source="bids").exists()


def test_the_same_deposits_twice_change_nothing_and_others_are_refused(opened, hospital, sign_in, tmp_path):
    from egide.web.tenders import models

    client = sign_in(hospital.buyer)
    bring_in(client, opened)

    def rows():
        files = list(models.FolderFile.objects.order_by("path").values_list("path", "stored__sha256"))
        return files, list(models.Answer.objects.order_by("pk").values()), list(models.ReadFinding.objects.values())

    before = rows()
    _, page, done = bring_in(client, opened)
    assert not page.context["new"]
    assert done.state == "done"
    assert rows() == before
    other = tmp_path / "autre.zip"
    shutil.copy(folders.PLATFORM / "offres-finales.zip", other)
    changed = sent() | {"archive": SimpleUploadedFile("export-depots.zip", other.read_bytes())}
    refused = folders.done(job_after(client.post(url("deposits", opened), changed)))
    assert refused.state == "failed"
    assert {each["code"] for each in refused.result["findings"]} == {"import.different"}
    assert rows() == before
