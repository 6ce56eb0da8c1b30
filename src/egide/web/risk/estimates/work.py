"""The computation of an estimate as a job: it reads all that is known, then keeps what came out for ever."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from egide import plain
from egide.desk.establishment_risk import DRAWS, Given, Insurance, Made, of_establishment
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.risk.estimate import YEARS
from egide.web.audit import guard
from egide.web.design.words import in_both
from egide.web.diagnoses import convert as diagnoses
from egide.web.diagnoses.models import Diagnosis
from egide.web.jobs.models import Job
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.models import Organisation
from egide.web.risk import models
from egide.web.risk.estimates import assumptions, forms, inputs, last

TERMS = ("retention", "waiting_hours", "event_limit", "annual_limit")


def estimate(job: Job, progress: Progress) -> Finish:
    """Estimate an establishment as it is known today. What refuses it is all told."""
    organisation = Organisation.objects.get(pk=job.organisation_id)
    today = timezone.localdate()
    known = inputs.of([organisation], today)[organisation.pk]
    if not known.category:
        said = message("la catégorie de l’établissement n’est pas dite : rien ne peut être estimé")
        remedy = message("Choisir la catégorie dans l’identité de l’établissement, puis recommencer.")
        raise DataError(said, (Finding("risk.category", Severity.ERROR, said, remedy, "establishment"),))
    size = {"count": job.arguments.get("draws", DRAWS), "years": job.arguments.get("years", YEARS)}
    made = of_establishment(_given(organisation, known), **size, progress=_by_percent(progress))
    row = kept(organisation, known, made, job.owner)

    def finish() -> Mapping[str, Any]:
        row.job = job.uuid
        row.save()
        told = {"library": row.library, "mean_loss": round(made.figures.mean.value)}
        guard.record("estimate.made", organisation, row, told)
        done = message("Estimation faite.")
        return {"said": in_both(done), "next": reverse("estimates:show", args=[organisation.uuid])}

    return finish


def kept(organisation: Organisation, known: inputs.Inputs, made: Made, by: Any) -> models.Estimate:
    """Return the row of an estimate, not saved."""
    return models.Estimate(
        organisation=organisation,
        inputs=_told(known, made),
        marks=known.marks,
        brief=last.told(made),
        result=plain.unstructure(made.figures),
        program=made.figures.program,
        library=made.figures.library,
        made_by=by,
    )


def _told(known: inputs.Inputs, made: Made) -> dict[str, Any]:
    """Return all that an estimate was made from, as plain data."""
    return {
        "format": inputs.FORMAT,
        "name": known.name,
        "category": known.category,
        "facts": {code: list(each) for code, each in known.facts.items()},
        "declared": {str(year): count for year, count in known.declared.items()},
        "exposure": {name: value for name, value in plain.unstructure(made.exposure).items() if name != "defaults"}
        | {"defaults": sorted(made.exposure.defaults)},
        "maturity": plain.unstructure(made.maturity),
        "overlay": dict(known.overlay),
        "programme": known.programme,
        "fingerprint": made.estimate.fingerprint,
        "on": made.figures.on.isoformat(),
    }


def _given(organisation: Organisation, known: inputs.Inputs) -> Given:
    """Return what the core is told of an establishment."""
    programme = known.programme or {"kind": forms.MEAN}
    own = Insurance(**{name: float(programme[name]) for name in TERMS if name in programme})
    return Given(
        known.name,
        known.category,
        timezone.localdate(),
        known.told,
        {name: known.facts[code][1] for name, (code, _) in inputs.EXPOSURE.items() if code in known.facts},
        known.observed,
        assumptions.numbers(known.overlay),
        {code: each.get("reason", "") for code, each in known.overlay.items()},
        own if programme["kind"] == forms.OWN else None,
        programme["kind"] == forms.NONE,
        _diagnosis(organisation),
    )


def _diagnosis(organisation: Organisation) -> Any:
    """Return the last finished diagnosis of an organisation: what was asked, and what was answered."""
    rows = Diagnosis.objects.filter(organisation=organisation).exclude(finished_at=None)
    row = rows.select_related("questionnaire", "organisation").order_by("-finished_at", "-pk").first()
    if row is None:
        return None
    asked = diagnoses.questionnaire(row.questionnaire)
    return asked, diagnoses.filled(row, asked, timezone.localdate())


def _by_percent(progress: Progress) -> Progress:
    """Return what tells the progress of the simulation a hundred times at most."""
    seen = -1

    def told(done: int, total: int) -> None:
        nonlocal seen
        percent = 100 * done // total if total else 0
        if percent != seen:
            seen = percent
            progress(percent, 100)

    return told
