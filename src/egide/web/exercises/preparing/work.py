"""Long work of the preparation: the ZIP of an exercise, with its books, its chronogram and its page without network."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from egide import plain
from egide.desk import exercise
from egide.exercise.crisis import Establishment
from egide.exercise.making import digest
from egide.exercise.script import Script
from egide.message import Language, message
from egide.web.audit import guard
from egide.web.design.words import in_both
from egide.web.exercises.models import CrisisDirectory, Exercise
from egide.web.exercises.preparing import draft
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.jobs.models import Job, State
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.roles import Right

JOB = "write_exercise"


def language_of(job: Job) -> Language:
    """Return the language in which a job writes."""
    return "en" if job.language == "en" else "fr"


def establishment(row: Exercise) -> Establishment:
    """Return an establishment as its crisis kit and this exercise know it."""
    known = CrisisDirectory.objects.filter(organisation_id=row.organisation_id).first()
    values = {**row.values}
    if known and known.plain:
        held = plain.structure(known.plain, Establishment, "crisis")
        values = {**held.values, **values}
        return Establishment(draft.setting_of(row), row.organisation.name, values, held.directory, row.people)
    return Establishment(draft.setting_of(row), row.organisation.name, values, seats=row.people)


def write(job: Job, progress: Progress) -> Finish:
    """Write the ZIP of an exercise as it is."""
    row = Exercise.objects.select_related("organisation").get(uuid=job.subject)
    progress(0, 3)
    script = draft.script_of(row)
    files = exercise.kit(script, language_of(job), timezone.localdate(), house=establishment(row))
    progress(1, 3)
    name = f"exercice-{slugify(row.title)[:60] or 'kit'}.zip"
    kept = store.keep([exercise.packed(files)])
    progress(3, 3)
    told = {"name": name, "digest": made_of(script, row), "files": sorted(files)}

    def finish() -> Mapping[str, Any]:
        stored = StoredFile.objects.create(
            organisation_id=row.organisation_id,
            name=name,
            sha256=kept.sha256,
            size=kept.size,
            right=Right.REHEARSE.value,
            brought_by=job.owner,
        )
        guard.record("exercise.papers", job.organisation, row, told)
        said = message("{count} fichiers écrits.", count=len(files))
        following = reverse("exercises:papers", args=[row.uuid])
        return {"said": in_both(said), "next": following, "file": str(stored.uuid), **told}

    return finish


def made_of(script: Script, row: Exercise) -> str:
    """Return what names the papers of an exercise: they are stale once it changes."""
    return plain.digest([digest(script), row.people])


def last(row: Exercise) -> tuple[Job | None, Job | None]:
    """Return the job that writes now, and the last one that wrote: two queries."""
    jobs = Job.objects.filter(kind=JOB, subject=row.uuid).order_by("-created_at", "-pk")
    running = jobs.filter(state__in=(State.QUEUED, State.RUNNING)).first()
    return running, jobs.filter(state=State.DONE).first()
