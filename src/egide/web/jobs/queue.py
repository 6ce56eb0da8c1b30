"""Asking for a job, taking one, working on it, taking up again what a kill left.

The work of a kind is a function named in `settings.JOBS`. It first does what is long, reading only, then returns how to
write it: that is one short transaction with the end of the job, so that work done twice counts once.

A worker says that it lives while it works (see the command `worker`). One that is dead for `JOB_LOST_AFTER` seconds loses
its job to another; should it wake up, its number of attempt no longer fits and it writes nothing.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from egide.errors import Cancelled, EgideError
from egide.finding import Finding
from egide.message import message
from egide.web.audit import guard
from egide.web.design.words import in_both
from egide.web.jobs.models import Job, State

STOPPED = message("Travail annulé à la demande.")


class PutBack(Exception):
    """The worker was asked to stop: the job waits again, as if it had not begun."""


stopping = threading.Event()
"""Set when this process is asked to stop."""
logger = logging.getLogger("egide.web.jobs")
Progress = Callable[[int, int], None]
Finish = Callable[[], Mapping[str, Any]]
"""Writes what was worked out, and returns plain data to show: `next` (address of the page to go on with), `said`
({"fr", "en"}), and whatever the app itself reads again from `Job.result`."""
Work = Callable[[Job, Progress], Finish]
"""Takes the job and a function that says how far it is, and raises Cancelled when a person asked to stop."""


def ask(kind: str, organisation: Any, owner: Any, subject: Any = None, **arguments: Any) -> Job:
    """Put a job in the queue; the same work asked again while it waits is the job that waits."""
    known = {"kind": kind, "organisation": organisation, "owner": owner, "arguments": arguments}
    known |= {"subject": getattr(subject, "uuid", None), "language": translation.get_language() or "fr"}
    waiting = Job.objects.filter(state=State.QUEUED, **known).first()
    return waiting or Job.objects.create(**known)


def cancel(job: Job) -> None:
    """Ask a job to stop: at once if it waits, at its next step if it runs."""
    ended = {"state": State.CANCELLED, "ended_at": timezone.now(), "cancel_asked": True}
    if not Job.objects.filter(pk=job.pk, state=State.QUEUED).update(**ended):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_asked=True)


def take() -> Job | None:
    """Take the oldest job that waits, or one whose worker gave no sign of life; None when there is none.

    A job that was taken `JOB_ATTEMPTS` times and never ended is not taken again: it failed.
    """
    while True:
        with transaction.atomic():
            now = timezone.now()
            lost = now - timedelta(seconds=settings.JOB_LOST_AFTER)
            free = Job.objects.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, alive_at__lt=lost))
            if connection.features.has_select_for_update_skip_locked:
                free = free.select_for_update(skip_locked=True)
            job: Job | None = free.order_by("created_at", "pk").first()
            if job is None:
                return None
            if job.state == State.RUNNING and job.cancel_asked:
                _end(job, State.CANCELLED, {})
                continue
            if job.attempts >= settings.JOB_ATTEMPTS:
                _end(job, State.FAILED, {"error": "lost"})
                continue
            job.state, job.alive_at, job.done, job.total = State.RUNNING, now, 0, 0
            job.attempts += 1
            job.save(update_fields=("state", "alive_at", "done", "total", "attempts"))
            return job


def alive(job: Job) -> None:
    """Say that the worker of a job lives."""
    _ours(job).update(alive_at=timezone.now())


def work(job: Job) -> None:
    """Do a job that was taken: its end, good or bad, is written with its result."""
    logger.info("job", extra={"job": job.uuid.hex[:12], "kind": job.kind, "state": "taken"})
    state, result = State.DONE, {}
    try:
        with translation.override(job.language):
            done: Work = import_string(settings.JOBS[job.kind])
            with guard.reading():
                finish = done(job, _progress(job))
            with guard.acting(job.owner, job.uuid.hex[:12]):
                _still_ours(job)
                _end(job, State.DONE, finish())
    except PutBack:
        _ours(job).update(state=State.QUEUED, attempts=F("attempts") - 1, done=0, total=0)
        logger.info("job", extra={"job": job.uuid.hex[:12], "kind": job.kind, "state": "put back"})
        return
    except Cancelled:
        state = State.CANCELLED
    except EgideError as refused:
        state, result = State.FAILED, _refused(refused)
    except Exception as fault:
        logger.exception("job failed", exc_info=fault, extra={"job": job.uuid.hex[:12], "kind": job.kind})
        state, result = State.FAILED, {"error": "fault"}
    if state is not State.DONE:
        _end(job, state, result)
    logger.info("job", extra={"job": job.uuid.hex[:12], "kind": job.kind, "state": str(state)})


def _ours(job: Job) -> Any:
    """Return the row of a job as long as it is this worker's."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=State.RUNNING)


def _end(job: Job, state: State, result: Mapping[str, Any]) -> None:
    ended = {"state": state, "result": storable(dict(result)), "ended_at": timezone.now()}
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state__in=(State.QUEUED, State.RUNNING)).update(**ended)


def storable(data: Any) -> Any:
    """Return plain data without NUL characters, which PostgreSQL refuses: the sign of a lost one stands for each."""
    if isinstance(data, str):
        return data.replace("\0", "\ufffd")
    if isinstance(data, dict):
        return {storable(name): storable(each) for name, each in data.items()}
    return [storable(each) for each in data] if isinstance(data, list | tuple) else data


def finding_data(each: Finding) -> dict[str, Any]:
    """Return a finding as plain data, its sentences in both languages."""
    words = {"understood": in_both(each.understood), "remedy": in_both(each.remedy)}
    rest = ("code", "file", "place", "point", "read", "tenderer")
    return {**words, "severity": each.severity.value, **{name: getattr(each, name) for name in rest}}


def _refused(refused: EgideError) -> dict[str, Any]:
    found = [finding_data(each) for each in refused.findings[:500]]
    return {"error": "refused", "said": in_both(refused.message), "findings": found}


def _progress(job: Job) -> Progress:
    """Return what the work calls at each step: it says that the worker lives, and stops it when that was asked."""

    def step(done: int, total: int) -> None:
        if stopping.is_set():
            raise PutBack
        if not _ours(job).filter(cancel_asked=False).update(done=done, total=total, alive_at=timezone.now()):
            raise Cancelled(STOPPED)

    return step


def _still_ours(job: Job) -> None:
    """Hold the row of a job until its end is written.

    Raises Cancelled when it was stopped, or taken again by another worker that found this one dead.
    """
    if _ours(job).filter(cancel_asked=False).select_for_update().first() is None:
        raise Cancelled(STOPPED)
