"""Folders of consultations as ZIP, made of the examples; consultations loaded from them. All fictitious."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

EXAMPLES = Path(__file__).parents[4] / "examples"
PLATFORM = EXAMPLES / "soc-ght" / "plateforme"
PARIS = ZoneInfo("Europe/Paris")
AFTER = datetime(2026, 11, 20, 9, tzinfo=PARIS)
"""After the deadline of both examples, and before that of the final bids of the SOC."""
BEFORE = datetime(2026, 9, 10, 9, tzinfo=PARIS)
"""Before any deadline of both."""
RECEIVED = ("bids/", "candidacies/", "late/", "superseded/", "register/", "signed/", "marks/", "plateforme/", "deposits", "tenderers.yaml", "safety-copies/")  # fmt: skip


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of files by path."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for path, content in sorted(files.items()):
            out.writestr(zipfile.ZipInfo(path), content)
    return held.getvalue()


def files_of(name: str, *, received: bool = True) -> dict[str, bytes]:
    """The files of an example, with what came in or without."""
    root = EXAMPLES / name
    paths = {each.relative_to(root).as_posix(): each for each in sorted(root.rglob("*")) if each.is_file()}
    return {path: each.read_bytes() for path, each in paths.items() if received or not path.startswith(RECEIVED)}


def published(name: str = "soc-ght") -> dict[str, bytes]:
    """An example as it stood when it was published: no bid, no journal beyond the publication."""
    files = files_of(name, received=False)
    if "journal.yaml" in files:
        text = files["journal.yaml"].decode()
        files["journal.yaml"] = text[: text.index("# Les déclarations d'intérêts")].encode()
    return files


def load(place, files: dict[str, bytes], name: str = "dossier.zip"):
    """Load a folder into an organisation as its buyer; return the job, ended."""
    from egide.web.files import store
    from egide.web.jobs import queue

    kept = store.keep([zipped(files)])
    return done(queue.ask("load_folder", place.organisation, place.buyer, file=kept.sha256, name=name))


def done(job):
    """Do the job that waits, and return it as it ended."""
    from egide.web.jobs import queue

    taken = queue.take()
    assert taken is not None
    assert taken.pk == job.pk
    queue.work(taken)
    job.refresh_from_db()
    return job


def row_of(job):
    """The consultation that a job loaded."""
    from egide.web.tenders.models import Consultation

    assert job.state == "done", job.result
    return Consultation.objects.get(uuid=job.result["consultation"])
