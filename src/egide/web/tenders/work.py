"""Long work of consultations: each reads values, makes the core call, and returns how to write what came out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from egide import plain
from egide.desk import consultation as desk
from egide.desk.consultation import Consultation as Given
from egide.errors import DataError
from egide.exchange.deposits import intake
from egide.exchange.deposits.intake_report import DepositLine, file_of
from egide.exchange.folder_zip import unpack
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.tender.model import Tender, Tenderer
from egide.web.audit import guard
from egide.web.clauses.convert import published
from egide.web.design.words import in_both
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.files.scratch import scratch
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.jobs.queue import Finish, Progress, finding_data
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, fitting, folder, models

DIGEST = re.compile(r"[0-9a-f]{64}")


def language_of(job: Job) -> Language:
    """Return the language in which a job writes."""
    return "en" if job.language == "en" else "fr"


def consultation_of(job: Job) -> models.Consultation:
    """Return the consultation of a job; its rights were checked when the job was asked."""
    row: models.Consultation = models.Consultation.objects.select_related("clausier", "organisation").get(
        uuid=job.subject
    )
    return row


# ------------------------------------------------------------------------------------------------------ before the opening
def deadline_of(tender: Tender, number: int = 1) -> datetime:
    """Return until when the bids of a round are sent."""
    return next((each.deadline for each in tender.rounds if each.number == number and each.deadline), tender.deadline)


def sealed(tender: Tender, now: datetime, number: int = 1) -> bool:
    """Whether bids must still stay closed: nobody reads one before the deadline of its round."""
    return now < deadline_of(tender, number)


def _not_yet(tender: Tender, number: int = 1) -> DataError:
    said = message("la date limite ({deadline}) n'est pas passée : aucune offre n'est lue avant elle", deadline=deadline_of(tender, number))  # fmt: skip
    remedy = message("Revenir après la date limite ; rien n'a été gardé.")
    return DataError(said, (Finding("bids.sealed", Severity.ERROR, said, remedy, "bids"),))


def _opened(row: models.Consultation, tender: Tender, number: int = 1) -> None:
    """Raise DataError unless bids may be brought in now."""
    if sealed(tender, timezone.now(), number):
        raise _not_yet(tender, number)
    if row.state != models.State.OPENED:
        said = message("les plis ne sont pas ouverts, ou la consultation est conclue : aucune offre n'est reçue")
        remedy = message("Consigner d'abord l'ouverture des plis (étape 5).")
        raise DataError(said, (Finding("bids.sealed", Severity.ERROR, said, remedy, "bids"),))


def _share(progress: Progress, low: int, high: int) -> Progress:
    """Return what tells the progress of a part of the work, between two hundredths of the whole."""
    return lambda done, total: progress(low + (high - low) * done // max(1, total), 100)


# ------------------------------------------------------------------------------------------------------ files of a job
def stored_path(job: Job, given: str) -> Path:
    """Return where the bytes are that a job was given: by their digest, or as a file of its own organisation.

    Raises DataError when they are no longer there: what no row names is swept after a day.
    """
    sha256 = given
    if not DIGEST.fullmatch(given):
        sha256 = StoredFile.objects.get(uuid=given, organisation=job.organisation).sha256
    path = store.path(sha256)
    if not path.exists():
        said = message("le fichier déposé n'est plus là : il n'est gardé qu'un jour tant que rien n'est enregistré")
        raise plain.refusal("file.gone", str(job.arguments.get("name", "")), "", said, remedy=message("Le déposer de nouveau."))  # fmt: skip
    return path


def _named(root: Path, kept: Path, name: str) -> Path:
    """Give the bytes of the store the name under which they came: findings tell it."""
    target = root / (Path(name).name or "depot")
    root.mkdir(exist_ok=True)
    target.symlink_to(kept.resolve())
    return target


# ------------------------------------------------------------------------------------------------------- a whole folder
def load_folder(job: Job, progress: Progress) -> Finish:
    """Make a consultation of the ZIP of a folder: the same reading as the command line, all findings kept."""
    stamp = store.stamp(job.arguments["file"])
    with scratch() as root:
        progress(0, 100)
        place = root / "dossier"
        place.mkdir()
        unpack(_named(root / "depot", stored_path(job, job.arguments["file"]), job.arguments.get("name", "dossier.zip")), place)  # fmt: skip
        progress(10, 100)
        tender = read_tender(place).tender
        received = any(each.is_file() for name in folder.RECEIVED for each in (place / name).rglob("*"))
        if received and sealed(tender, timezone.now()):
            _forget(job, stamp)
            raise _not_yet(tender)
        given = desk.of_folder(place, _share(progress, 10, 90))
        for number in {bid.key.round for bid in given.bids}:
            if sealed(tender, timezone.now(), number):
                _forget(job, stamp)
                raise _not_yet(tender, number)
        fitting.definition(given.tender, given.whole)
        files = folder.kept_files(place)
        progress(100, 100)
    row = _new(job, given)
    fitting.fit([row])
    bids = convert.bids_writer(row, given.bids, given.of_bids if received else ())
    unseated = len(tender.evaluators)

    def finish() -> Mapping[str, Any]:
        row.clausier = published(given.whole, job.organisation if given.tender.clausier.file else None)
        row.save()
        folder.take_in(row, files, job.owner)
        convert.store_findings(row, "tender", given.of_tender)
        convert.store_findings(row, "journal", given.of_journal)
        bids()
        convert.store_marks(row, given.marks, given.of_marks, job.owner)
        guard.record("consultation.loaded", job.organisation, row, {"files": len(files), "bids": len(given.bids)})
        said = message(
            "Consultation chargée : {files} fichiers, {bids} offres, {marks} notes de points. {evaluators} évaluateurs attendent un compte : le dire à l'étape 3.",
            files=len(files),
            bids=len(given.bids),
            marks=len(given.marks.points),
            evaluators=unseated,
        )
        following = reverse("tenders:bids" if given.bids else "tenders:show", args=[row.uuid])
        return {"consultation": str(row.uuid), "said": in_both(said), "next": following}

    return finish


def _forget(job: Job, stamp: int) -> None:
    """Remove at once what nobody may hold yet; another job that waits for the same bytes removes them itself."""
    sha256 = job.arguments["file"]
    others = Job.objects.filter(kind=job.kind, state__in=(Work.QUEUED, Work.RUNNING)).exclude(pk=job.pk)
    if DIGEST.fullmatch(sha256) and sha256 not in {each.arguments.get("file") for each in others}:
        store.forget(sha256, stamp)


def _new(job: Job, given: Given) -> models.Consultation:
    """Return the row of a consultation, not saved, without its clausier."""
    return models.Consultation(
        organisation=job.organisation,
        title=given.tender.title,
        reference=given.tender.reference,
        state=_state(given),
        deadline=given.tender.deadline,
        definition=convert.definition(given.tender),
        journal=plain.unstructure(given.journal),
        computed={name: {who: str(note) for who, note in notes.items()} for name, notes in given.computed.items()},
        created_by=job.owner,
    )


def _state(given: Given) -> str:
    if given.journal.signatures or given.journal.no_awards:
        return models.State.CONCLUDED
    if given.bids:
        return models.State.OPENED
    return models.State.PUBLISHED if given.journal.publication else models.State.PREPARING


# ------------------------------------------------------------------------------------------------------------- the bids
@dataclass(frozen=True)
class Laid:
    """The folder of a consultation laid out for a reading, and what it was made from."""

    row: models.Consultation
    place: Path
    base: str


def _laid(row: models.Consultation, root: Path) -> Laid:
    place = root / "dossier"
    place.mkdir()
    base = folder.base(row)
    folder.write(row, place)
    return Laid(row, place, base)


def import_deposits(job: Job, progress: Progress) -> Finish:
    """File what the platform gave (one ZIP, a register if there is one), then read every bid again.

    With `dry`, only tell what would be filed: the same import is made aside, and nothing of it is kept.
    """
    row = consultation_of(job)
    tender = convert.tender(row)
    number = int(job.arguments.get("round", 1))
    _opened(row, tender, number)
    with scratch() as root:
        progress(0, 100)
        laid = _laid(row, root)
        progress(10, 100)
        source = _named(root / "depot", stored_path(job, job.arguments["file"]), job.arguments["name"])
        register = None
        if job.arguments.get("register"):
            register = _named(root / "registre", stored_path(job, job.arguments["register"]), job.arguments["register_name"])  # fmt: skip
        done = intake.import_deposits(source, laid.place, tender, register, number)
        progress(20, 100)
        if job.arguments.get("dry"):
            following = reverse("tenders:deposits_preview", args=[row.uuid, job.uuid])
            told = {**_told(done), "next": following}
            return lambda: told
        if not done.new:
            said = message("Ces plis ont déjà été importés : rien n'a été changé.")
            same = {"said": in_both(said), "next": reverse("tenders:bids", args=[row.uuid])}
            return lambda: same
        return _read_again(job, laid, progress, {deposits_source(number): done.findings})


def deposits_source(number: int) -> str:
    """Return under which name the findings of the import of a round are kept."""
    return "deposits" if number == 1 else f"deposits-{number}"


def _told(done: intake.Imported) -> dict[str, Any]:
    """Return what an import does, as plain data."""
    said = message("Ces plis ont déjà été importés : rien n'a été changé.") if not done.new else message("{count} dépôts reconnus. Rien n'est encore enregistré : vérifiez, puis confirmez.", count=len(done.report.deposits))  # fmt: skip
    return {
        "said": in_both(said),
        "new": done.new,
        "round": done.report.round,
        "file": file_of(done.report.round),
        "deposits": [_line(each) for each in done.report.deposits],
        "others": [each.original for each in done.report.others],
        "left": [{"path": each.path, "why": each.why} for each in done.report.left],
        "tenderers": [{"id": each.id, "name": each.name} for each in done.tenderers],
        "doubts": [finding_data(each) for each in done.findings[:500]],
    }


def _line(each: DepositLine) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "folder": each.folder,
        "tenderer": each.tenderer,
        "siret": each.siret,
        "state": each.state,
        "lots": list(each.lots),
        "ended_at": each.ended_at.isoformat() if each.ended_at else "",
        "files": [{"path": file.path, "what": file.what, "original": file.original} for file in each.files],
    }


def read_workbooks(job: Job, progress: Progress) -> Finish:
    """Change files of the folder, then read every bid again, and every mark when marks are brought.

    `files`: path -> digest or file of the organisation; `moved`: path -> new path; `tenderer`: one to be added first.
    """
    row = consultation_of(job)
    tender = convert.tender(row)
    brought: Mapping[str, str] = job.arguments.get("files", {})
    moved: Mapping[str, str] = job.arguments.get("moved", {})
    if moved or any(not path.startswith(folder.MARKS) for path in brought):
        _opened(row, tender)
    new = job.arguments.get("tenderer")
    with scratch() as root:
        progress(0, 100)
        if new:
            row.definition = {**row.definition, "tenderers": [*row.definition.get("tenderers", ()), plain.unstructure(plain.structure(new, Tenderer, "tenderers"))]}  # fmt: skip
        laid = _laid(row, root)
        if new:
            laid = replace(laid, base=folder.base(consultation_of(job)))
        for path, to in moved.items():
            source, target = _inside(laid.place, path), _inside(laid.place, to)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
        for path, given in brought.items():
            target = _inside(laid.place, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.write_bytes(stored_path(job, given).read_bytes())
        progress(10, 100)
        return _read_again(job, laid, progress, moved=moved)


def _inside(place: Path, path: str) -> Path:
    target = place / path
    if not target.resolve().is_relative_to(place.resolve()):
        raise plain.refusal("file.place", path, "", message("ce chemin sort du dossier de la consultation"))
    return target


def _read_again(
    job: Job,
    laid: Laid,
    progress: Progress,
    told: Mapping[str, Sequence[Finding]] | None = None,
    moved: Mapping[str, str] | None = None,
) -> Finish:
    """Read the folder; return what writes what came out, refused when somebody changed its files meanwhile."""
    given = desk.of_folder(laid.place, _share(progress, 20, 90))
    files = folder.kept_files(laid.place)
    row = laid.row
    bids = convert.bids_writer(row, given.bids, given.of_bids)
    sources = {"tender": given.of_tender, "journal": given.of_journal, **(told or {})}
    findings = [convert.findings_writer(row, source, found) for source, found in sources.items()]
    with_marks = any(path.startswith(folder.MARKS) for path in job.arguments.get("files", {}))
    progress(100, 100)

    def finish() -> Mapping[str, Any]:
        fresh = models.Consultation.objects.select_for_update().get(pk=row.pk)
        if folder.base(fresh) != laid.base:
            raise _meanwhile()
        for path, to in (moved or {}).items():
            models.FolderFile.objects.filter(consultation=row, path=path).update(path=to)
        new = folder.take_in(row, files, job.owner)
        bids()
        for write in findings:
            write()
        if with_marks:
            convert.store_marks(row, given.marks, given.of_marks, job.owner)
        _grown(fresh, given)
        counted = {"files": new, "bids": len(given.bids), "found": len(given.of_bids)}
        reason = {name: job.arguments[name] for name in ("reason", "moved") if job.arguments.get(name)}
        guard.record("bids.read", job.organisation, row, {**counted, **reason})
        said = message("{bids} offres lues, {findings} constats. Vérifiez ce qui a été compris.", bids=len(given.bids), findings=len(given.of_bids))  # fmt: skip
        following = reverse("tenders:marking" if with_marks else "tenders:bids", args=[row.uuid])
        return {**counted, "said": in_both(said), "next": following}

    return finish


def _meanwhile() -> DataError:
    said = message("les fichiers ou la définition de la consultation ont changé pendant la lecture : rien n'a été enregistré")  # fmt: skip
    remedy = message("Recommencer : la lecture partira de ce qui est enregistré maintenant.")
    return DataError(said, (Finding("bids.changed", Severity.ERROR, said, remedy, "bids"),))


def _grown(fresh: models.Consultation, given: Given) -> None:
    """Write what a reading adds to a consultation: its tenderers, its register of deposits."""
    tenderers = plain.unstructure(given.tender)["tenderers"]
    journal = convert.journal(fresh)
    if given.journal.deposits != journal.deposits:
        fresh.journal = plain.unstructure(replace(journal, deposits=given.journal.deposits))
    changed = fresh.definition.get("tenderers") != tenderers
    models.Consultation.objects.filter(pk=fresh.pk).update(
        definition={**fresh.definition, "tenderers": tenderers},
        journal=fresh.journal,
        revision=fresh.revision + changed,
        marks_revision=fresh.marks_revision + 1,
        changed_at=timezone.now(),
    )


# ------------------------------------------------------------------------------------------------- result and documents
def keep_documents(
    job: Job,
    row: models.Consultation,
    group: str,
    files: Mapping[str, store.Kept],
    result: models.Result | None = None,
    right: Right = Right.SEE,
) -> list[models.Document]:
    """Write the rows of documents whose bytes are kept; `right` is what one must have to read them."""
    made = []
    for name, kept in sorted(files.items()):
        stored = StoredFile.objects.create(
            organisation_id=row.organisation_id,
            name=name,
            sha256=kept.sha256,
            size=kept.size,
            right=right.value,
            brought_by=job.owner,
        )
        made.append(
            models.Document(
                consultation=row,
                group=group,
                name=name,
                stored=stored,
                result=result,
                revision=row.revision,
                language=job.language,
                made_by=job.owner,
            )
        )
    return models.Document.objects.bulk_create(made)


def kept(files: Mapping[str, bytes]) -> dict[str, store.Kept]:
    """Keep the bytes of documents."""
    return {name: store.keep([content]) for name, content in files.items()}


def day_of(job: Job, tender: Tender) -> date:
    """Return the date that documents bear: the one asked, else today's in the time zone of the deadline."""
    asked = job.arguments.get("date", "")
    return date.fromisoformat(asked) if asked else timezone.now().astimezone(tender.deadline.tzinfo).date()
