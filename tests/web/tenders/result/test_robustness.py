"""The internal note: who decides reads it, nobody else; it enters nothing that can be communicated."""

import html
import io
import zipfile

import pytest
from django.urls import reverse

from egide.web.audit.models import Entry
from egide.web.jobs.models import Job
from egide.web.tenders import models
from web.tenders.result import made

pytestmark = pytest.mark.once

ASKED = {"draws": "50", "slip": "10", "spread": "5", "seed": "3"}


@pytest.fixture
def noted(world, files, sign_in):
    """The example, its result, and a note on it asked from the page."""
    row = made.example(world)
    answer = sign_in(world.hospital.buyer).post(reverse("tenders:robustness", args=[row.uuid]), ASKED)
    job = Job.objects.get(kind="robustness")
    assert answer["Location"] == reverse("jobs:one", args=[job.uuid])
    made.queue.work(made.queue.take())
    job.refresh_from_db()
    assert job.state == "done", job.result
    assert job.result["next"] == reverse("tenders:robustness", args=[row.uuid])
    return row


def shown(client, row, name="robustness", *places):
    return html.unescape(client.get(reverse(f"tenders:{name}", args=[row.uuid, *places])).content.decode())


def test_the_page_shows_the_note_and_its_files(noted, world, sign_in):
    client = sign_in(world.hospital.buyer)
    text = shown(client, noted)
    for said in ("Document interne", "Si une offre n’avait pas été là", "50 tirages, graine 3", "<svg"):
        assert said in text, said
    note = models.FirmnessNote.objects.get()
    assert note.assumptions == {"draws": "50", "slip": "0.1", "spread": "0.05"}
    names = {each.name for each in models.Document.objects.filter(group="robustness")}
    assert names == {f"note-robustesse-interne.{kind}" for kind in ("pdf", "docx", "json")}
    assert all(name in text for name in names)
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "robustness.asked",
        "robustness.made",
    ]


def test_its_files_are_those_of_the_command_line(noted, world, tmp_path):
    kept = tmp_path / "evaluation.json"
    kept.write_bytes(made.contents(models.Result.objects.get())["evaluation.json"])
    made.run(
        "tender",
        "robustness",
        kept,
        "-o",
        tmp_path / "out",
        "--draws",
        50,
        "--slip",
        "0.1",
        "--seed",
        3,
        "--date",
        "2026-12-01",
    )
    rows = models.Document.objects.filter(group="robustness").select_related("stored")
    assert made.bytes_of(rows) == {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("who", ["director", "evaluator", "reader", "administrator"])
def test_nobody_else_reads_it_nor_its_files(who, noted, world, sign_in):
    client = sign_in(getattr(world.hospital, who))
    assert client.get(reverse("tenders:robustness", args=[noted.uuid])).status_code == 403
    for each in models.Document.objects.filter(group="robustness").select_related("stored"):
        assert client.get(reverse("files:download", args=[each.stored.uuid])).status_code == 404


def test_it_is_never_with_what_can_be_communicated(noted, world, sign_in):
    """Neither listed, nor linked, nor packed with the documents; the pages of the result say nothing of it."""
    client = sign_in(world.hospital.buyer)
    link = reverse("tenders:robustness", args=[noted.uuid])
    for name, places in (
        ("result_documents", (1,)),
        ("record", ()),
        ("result_bid", (1, "lot-1", 1)),
        ("result_pictures", (1, "lot-1")),
    ):
        text = shown(client, noted, name, *places)
        assert "robustesse" not in text
        assert link not in text
    archive = client.get(reverse("tenders:result_archive", args=[noted.uuid, 1]))
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as pack:
        assert not [name for name in pack.namelist() if "robustesse" in name]
    assert "robustesse" not in shown(sign_in(world.hospital.director), noted, "result")


def test_a_note_on_an_older_result_says_so(noted, world, sign_in):
    made.evaluated(noted, world.hospital.buyer, "2026-12-01")
    assert "porte sur un résultat plus ancien" in shown(sign_in(world.hospital.buyer), noted)


def test_without_a_result_there_is_nothing_to_try(world, files, sign_in):
    row = made.consultation(world.hospital, 1, 0)
    client = sign_in(world.hospital.buyer)
    assert "pas encore de résultat" in shown(client, row)
    client.post(reverse("tenders:robustness", args=[row.uuid]), ASKED)
    assert Job.objects.count() == 0
    job = made.tried(
        "robustness", row.organisation, world.hospital.buyer, row, draws=10, slip="0.1", spread="0.05", seed=0
    )
    assert (job.state, job.result["findings"][0]["code"]) == ("failed", "robustness.none")


@pytest.mark.parametrize(("field", "value"), [("draws", "999999"), ("slip", "101"), ("spread", "douze")])
def test_assumptions_without_meaning_are_refused_on_the_page(field, value, world, files, sign_in):
    row = made.quick(world.hospital, 1, 1)
    response = sign_in(world.hospital.buyer).post(
        reverse("tenders:robustness", args=[row.uuid]), {**ASKED, field: value}
    )
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Job.objects.count() == 0
