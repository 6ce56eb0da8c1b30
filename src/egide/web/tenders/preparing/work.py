"""Long work before the opening: the test bench of the method, the tender documents."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from egide import plain
from egide.desk import documents
from egide.desk.bench import tried
from egide.message import Message, message
from egide.tender.trial.law import Law
from egide.web.audit import guard
from egide.web.design.words import in_both
from egide.web.jobs.models import Job
from egide.web.jobs.queue import Finish, Progress
from egide.web.tenders import convert, models
from egide.web.tenders.work import consultation_of, keep_documents, kept, language_of

BENCH, DCE = "bench", "dce"


def write_bench(job: Job, progress: Progress) -> Finish:
    """Try the method on simulated bids of the law that was asked."""
    row = consultation_of(job)
    given = convert.prepared(row)
    law = plain.structure(job.arguments["law"], Law, "law")
    made = tried(
        given.tender,
        given.clausier,
        given.rules,
        law,
        language=language_of(job),
        on=given.tender.sent_on,
        seed=int(job.arguments["seed"]),
        progress=progress,
    )
    files = kept(made.files)

    def finish() -> Mapping[str, Any]:
        keep_documents(job, row, BENCH, files)
        guard.record("bench.made", job.organisation, row, {"revision": row.revision, "files": sorted(files)})
        return _result(made.verdict, reverse("tenders:bench", args=[row.uuid]))

    return finish


def write_dce(job: Job, progress: Progress) -> Finish:
    """Write the tender documents of the consultation as it is."""
    row = consultation_of(job)
    progress(0, 2)
    asked = documents.of_tender(convert.tender(row), convert.whole_clausier(row))
    made = documents.documents(asked, language_of(job))
    progress(1, 2)
    files = kept(made.files)
    progress(2, 2)

    def finish() -> Mapping[str, Any]:
        keep_documents(job, row, DCE, files)
        guard.record(
            "dce.made", job.organisation, row, {"revision": row.revision, "digest": made.digest, "files": len(files)}
        )
        said = message("{count} documents écrits.", count=len(files))
        result = _result(said, reverse("tenders:documents", args=[row.uuid]))
        return {**result, "digest": made.digest, "revision": row.revision, "left": dict(made.left)}

    return finish


def _result(said: Message, following: str) -> dict[str, Any]:
    return {"said": in_both(said), "next": following}


def newest(row: models.Consultation, group: str) -> dict[str, models.Document]:
    """Return the newest document of each name in a group: one query."""
    found: dict[str, models.Document] = {}
    for each in models.Document.objects.filter(consultation=row, group=group).select_related("stored", "made_by").order_by("name", "-pk"):  # fmt: skip
        found.setdefault(each.name, each)
    return found


def latest(row: models.Consultation, group: str) -> dict[str, models.Document]:
    """Return the documents of the last writing of a group, by name: those that an earlier one alone made are left out."""
    found = newest(row, group)
    last = max((each.revision for each in found.values()), default=0)
    return {name: each for name, each in found.items() if each.revision == last}
