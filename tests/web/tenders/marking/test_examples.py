"""Both examples, loaded as a user does: what their workbooks say is on the pages, and goes on from there."""

from pathlib import Path

import pytest

from egide.exchange.folder_zip import pack
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.tenders import models
from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import DATA, written

EXAMPLES = Path(__file__).parents[4] / "examples"
AFTER = "2026-12-20T12:00:00+01:00"


@pytest.fixture
def loaded(world, files, monkeypatch):
    """A function: name of an example -> its consultation, whose deadline is past."""
    from datetime import datetime

    from egide.web.tenders import work

    def load(name):
        folder = EXAMPLES / name
        content = pack({path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()})
        kept = store.keep([content])
        place = world.hospital
        stored = StoredFile.objects.create(
            organisation=place.organisation, name=f"{name}.zip", sha256=kept.sha256, size=kept.size
        )
        queue.ask("load_folder", place.organisation, place.buyer, file=str(stored.uuid))
        with monkeypatch.context() as later:
            later.setattr(work.timezone, "now", lambda: datetime.fromisoformat(AFTER))
            queue.work(queue.take())
        job = Job.objects.latest("pk")
        assert job.state == "done", job.result
        return models.Consultation.objects.get(uuid=job.result["consultation"])

    return load


@pytest.mark.parametrize(
    ("name", "evaluators"),
    [("pacs-ght", ("rssi", "biomedical")), pytest.param("soc-ght", ("rssi", "exploitation"), marks=pytest.mark.long)],
)
def test_an_example_goes_on_on_the_pages(loaded, name, evaluators, world, evaluator, buyer):
    row = loaded(name)
    for each in evaluators:
        big.seat(row, world.hospital.evaluator, each)
    if name == "pacs-ght":
        assert evaluator.get(made.address(row, "marking")).context["desks"][0].rows == (), "interests come first"
        for each in evaluators:
            declare = made.address(row, "marking_interests", made.seat(row, each).uuid)
            assert evaluator.post(declare, {"conflict": "no"}).status_code == 302
    overview = evaluator.get(made.address(row, "marking")).context
    assert overview["unmarked"] == 0, "the examples are marked in full"
    for desk in overview["desks"]:
        assert desk.rows or desk.to_note
        for line in desk.rows:
            for cell in line.cells:
                if cell.total:
                    page = evaluator.get(cell.url)
                    assert page.status_code == 200
                    assert len(page.context["lines"]) == min(cell.total, 20)
                    assert all(each.marked for each in page.context["lines"]) is (cell.done == cell.total)
    for address in ("harmonise", "decisions", "marking_workbooks"):
        assert buyer.get(made.address(row, address)).status_code == 200
    assert buyer.get(made.address(row, "harmonise")).context["marked"] > 0
    url = next(cell.url for cell in overview["desks"][0].rows[0].cells if cell.total)
    one = evaluator.get(url).context["lines"][0]
    sent = {"place": one.place, "revision": one.revision, **one.values, "reason": "Relu sur la page (fictif)."}
    [told] = evaluator.post(url, written(sent), headers=DATA).json()["rows"]
    assert told["outcome"] == "saved"
