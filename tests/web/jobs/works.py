"""Kinds of work for the tests."""

import time

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.web.audit.guard import record
from egide.web.organisations.models import Organisation


def renaming(job, progress):
    """Rename the organisation of the job, once, after some steps."""
    steps = job.arguments.get("steps", 3)
    for step in range(steps):
        progress(step, steps)
        time.sleep(job.arguments.get("pause", 0))

    def finish():
        Organisation.objects.filter(pk=job.organisation_id).update(name=job.arguments["name"])
        record("organisation.changed", job.organisation, job.organisation)
        return {"next": "/suite", "said": {"fr": "Fait", "en": "Done"}}

    return finish


def untold(job, progress):
    """Write without telling the trail."""
    return lambda: {"n": Organisation.objects.filter(pk=job.organisation_id).update(name="sans trace")}


def writing(job, progress):
    """Write while it should only read."""
    Organisation.objects.filter(pk=job.organisation_id).update(name="trop tôt")
    return dict


def refusing(job, progress):
    """Refuse what it was given."""
    found = Finding("test.wrong", Severity.ERROR, message("Compris : {n}", n=3), message("À corriger"), file="a.xlsx")
    raise DataError(message("Les données ne le permettent pas."), (found,))


def refusing_odd(job, progress):
    """Refuse a text that a database does not take."""
    found = Finding("test.odd", Severity.ERROR, message("Lu : {read}", read="a\0b"), message("À corriger"), read="a\0b")
    raise DataError(message("Les données ne le permettent pas."), (found,))


def failing(job, progress):
    """Fail."""
    raise ZeroDivisionError("secret")


KINDS = {name: f"web.jobs.works.{name}" for name in ("renaming", "untold", "writing", "refusing", "failing")}
