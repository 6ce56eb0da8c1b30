"""The evaluation of what people marked, kept for ever with all that its pages show."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse

from egide import report
from egide.desk.consultation import Consultation as Given
from egide.desk.evaluation import of_consultation
from egide.errors import DataError
from egide.exchange import published
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import record
from egide.report.record import Record
from egide.report.summary import Summary, summary
from egide.tender.evaluation import Status
from egide.tender.history import View
from egide.tender.words import STATUSES
from egide.web.audit import guard
from egide.web.design.words import in_both
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.jobs.models import Job
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, folder, models
from egide.web.tenders.result.standing import PART, standing
from egide.web.tenders.work import consultation_of, day_of, keep_documents, kept, language_of

GROUP = "evaluation"
CHUNK = 50
OPENED = frozenset({models.State.OPENED, models.State.CONCLUDED})


def last(row: models.Consultation) -> models.Result | None:
    """Return the last result of a consultation."""
    found: models.Result | None = models.Result.objects.filter(consultation=row).select_related("evaluation").first()
    return found


def kept_record(result: models.Result) -> Record:
    """Return the record of a result, as it was written. Raises DataError when its file is not."""
    return record.load(store.path(result.evaluation.sha256))


def given_of(row: models.Consultation) -> Given:
    """Return the consultation with all that reading finds, what was published included. Raises DataError."""
    if row.state not in OPENED:
        said = message("les plis ne sont pas ouverts : il n’y a rien à évaluer")
        remedy = message("Lire d’abord les offres (étape 5), après la date limite.")
        raise DataError(said, (Finding("bids.sealed", Severity.ERROR, said, remedy, "bids"),))
    given = convert.opened(row)
    papers = models.FolderFile.objects.filter(consultation=row, path__startswith=f"{published.FOLDER}/")
    if not papers.exists():
        return given
    with folder.laid_out(row) as place:
        found = tuple(published.check(place, given.tender, given.clausier, given.journal))
        return replace(given, of_publication=found, sheet=published.sheet(place) if given.tender.risk else None)


def evaluate(job: Job, progress: Progress) -> Finish:
    """Evaluate the consultation as its rows are. The result is kept with its documents; what refuses it is all told."""
    progress(0, 5)
    row = consultation_of(job)
    given = given_of(row)
    before = last(row)
    seen = None
    if before is not None:
        known = kept_record(before)
        seen = View(known.date, known.evaluation.marks, known.evaluation.history)
    progress(1, 5)
    evaluation, found = of_consultation(given, seen)
    progress(2, 5)
    made = Record(
        evaluation, tuple(found), language_of(job), day_of(job, given.tender), int(job.arguments.get("seed", 0))
    )
    shown = summary(made)
    progress(3, 5)
    files = kept(report.documents(made))
    progress(5, 5)

    def finish() -> Mapping[str, Any]:
        result = keep_result(row, job.owner, made, shown, files[report.JSON])
        keep_documents(job, row, GROUP, files, result, Right.SEE_RESULT)
        told = {
            "number": result.number,
            "status": result.status,
            "fingerprint": evaluation.fingerprint,
            "files": sorted(files),
        }
        guard.record("result.made", job.organisation, result, told)
        said = message("Résultat n° {number} : {status}.", number=result.number, status=STATUSES[evaluation.status])
        address = reverse("tenders:result_one", args=[row.uuid, result.number])
        return {"said": in_both(said), "next": address, "result": result.number}

    return finish  # fmt: skip


def keep_result(row: models.Consultation, by: Any, made: Record, shown: Summary, whole: store.Kept) -> models.Result:
    """Write a result, the parts that its pages show, and the row of its evaluation.json (`whole`)."""
    models.Consultation.objects.select_for_update().get(pk=row.pk)
    evaluation = StoredFile.objects.create(
        organisation_id=row.organisation_id,
        name=report.JSON,
        sha256=whole.sha256,
        size=whole.size,
        right=Right.SEE_RESULT.value,
        brought_by=by,
    )
    before = last(row)
    result: models.Result = models.Result.objects.create(
        consultation=row,
        number=before.number + 1 if before else 1,
        status=made.evaluation.status.value,
        marks_revision=row.marks_revision,
        revision=row.revision,
        dated=made.date,
        made_by=by,
        summary=shown.data,
        evaluation=evaluation,
    )
    parts = [(each.kind, each.lot, each.name, each.data) for each in shown.parts]
    parts.append((PART, "", "", standing(made.evaluation)))
    rows = (
        models.ResultPart(result=result, kind=kind, lot=lot, name=name, data=data) for kind, lot, name, data in parts
    )
    models.ResultPart.objects.bulk_create(rows, batch_size=CHUNK)
    return result


def is_final(result: models.Result) -> bool:
    """Whether a result can found an award."""
    return result.status == Status.FINAL.value
