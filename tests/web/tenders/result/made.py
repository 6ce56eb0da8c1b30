"""Consultations with a result: as the jobs of the web make them, or at once without documents. All fictitious."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from egide import plain
from egide.cli import main
from egide.desk.evaluation import of_consultation
from egide.report import record
from egide.report.record import Record
from egide.report.summary import summary
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.tenders import convert, models
from egide.web.tenders.result.work import keep_result
from web import kept
from web.tenders import big

EXAMPLES = Path(__file__).parents[4] / "examples"
ON = "2026-11-30"
PAST = {"sent_on": date(2026, 1, 8), "deadline": datetime(2026, 3, 2, 12, tzinfo=UTC)}


def loaded(place, example="pacs-ght"):
    """The consultation of an example, loaded from the ZIP of its folder."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as pack:
        for each in sorted((EXAMPLES / example).rglob("*")):
            if each.is_file():
                pack.write(each, each.relative_to(EXAMPLES / example))
    held = store.keep([memory.getvalue()])
    file = StoredFile.objects.create(
        organisation=place.organisation, name="dossier.zip", sha256=held.sha256, size=held.size, brought_by=place.buyer
    )
    done = worked("load_folder", place.organisation, place.buyer, file=str(file.uuid))
    return models.Consultation.objects.get(uuid=done.result["consultation"])


def worked(kind, organisation, owner, subject=None, **arguments):
    """A job asked and done; it must succeed."""
    job = tried(kind, organisation, owner, subject, **arguments)
    assert job.state == "done", job.result
    return job


def tried(kind, organisation, owner, subject=None, **arguments):
    """A job asked, and done or refused."""
    queue.ask(kind, organisation, owner, subject, **arguments)
    job = queue.take()
    queue.work(job)
    job.refresh_from_db()
    return job


def evaluated(row, by, on=""):
    """A result of the consultation as it is."""
    worked("evaluate", row.organisation, by, row, date=on)
    return models.Result.objects.filter(consultation=row).first()


def contents(result):
    """The documents of a result: name -> bytes."""
    return bytes_of(models.Document.objects.filter(result=result, group="evaluation").select_related("stored"))


def bytes_of(rows):
    """The bytes of documents: name -> bytes."""
    return {each.name: store.path(each.stored.sha256).read_bytes() for each in rows}


def command_line(example, on, out):
    """What `egide evaluate` writes: name -> bytes."""
    run("evaluate", EXAMPLES / example, "-o", out, "--date", on)
    return {each.name: each.read_bytes() for each in out.iterdir()}


def run(*arguments):
    """Run the command line here; it must succeed."""
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert not left.value.code, arguments


def example(world, name="pacs-ght"):
    """An example with its final result of that day, its documents kept; made once."""

    def make():
        row = loaded(world.hospital, name)
        evaluated(row, world.hospital.buyer, ON)
        return row

    return kept.given(f"{name}, evaluated", make, files=True)


# ------------------------------------------------------------------------------------------------ a result made at once
def quick(place, tenderers=2, share=10):
    """A consultation with a result and no document: made in a moment."""
    row = consultation(place, tenderers, share)
    result(row, place.buyer)
    return row


def consultation(place, tenderers=2, share=10, **options):
    """A consultation of which bids are read and marked, without a result."""
    return big.consultation(place.organisation, place.buyer, big.tender(tenderers, **PAST), share=share, **options)


_known = {}


def result(row, by):
    """A result of the consultation, with all that its pages show; the same consultation is evaluated once for all tests."""
    value = convert.opened(row)
    key = plain.digest([plain.unstructure(value.tender), len(value.bids), len(value.marks.points)])
    if key not in _known:
        evaluation, found = of_consultation(value)
        made = Record(evaluation, tuple(found), "fr", date(2026, 11, 30))
        _known[key] = made, summary(made), record.text(made).encode()
    made, shown, text = _known[key]
    return keep_result(row, by, made, shown, store.keep([text]))
