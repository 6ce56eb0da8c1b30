"""Ending a diagnosis: finished, it is frozen and its observations are written; given up, it goes."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide.diagnosis.observation import Observation
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.diagnoses import convert, filling, models, room
from egide.web.establishments import convert as establishments
from egide.web.establishments import models as establishments_models
from egide.web.organisations.models import User
from egide.web.organisations.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def finish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Finish a diagnosis, once confirmed."""
    row = room.diagnosis(request, uuid, Right.DIAGNOSE)
    if row.finished:
        return redirect("diagnoses:result", row.uuid)
    if request.method == "POST":
        held = room.locked(row)
        if held is None:
            raise PermissionDenied
        finished(held, room.person(request))
        messages.success(
            request, said(message("Diagnostic terminé. Ses observations sont notées pour l’établissement."))
        )
        return redirect("diagnoses:result", row.uuid)
    reading = convert.reading(row, timezone.localdate())
    left = filling.progress(reading)["left"]
    unconfirmed = sum("since" in each for each in row.answers.values())
    consequences = [
        message("Les réponses ne pourront plus changer ; un nouveau diagnostic pourra en repartir."),
        message("Le niveau de chaque mesure sera noté dans les observations de l’établissement."),
    ]
    if left:
        consequences.append(message("{count} question(s) restent sans réponse : elles comptent comme des mesures absentes.", count=left))  # fmt: skip
    if unconfirmed:
        consequences.append(message("{count} réponse(s) du diagnostic précédent ne sont pas confirmées : elles gardent leur date.", count=unconfirmed))  # fmt: skip
    return render(request, "confirm.html", {
        "question": said(message("Terminer ce diagnostic ?")),
        "consequences": consequences,
        "submit": said(message("Terminer")),
        "cancel": room.address("one", row),
        "print_title": row.questionnaire.title,
    })  # fmt: skip


def finished(row: models.Diagnosis, by: User, at: datetime | None = None) -> None:
    """Freeze a diagnosis that is held, now or as of the moment `at`, and write what it lets one observe."""
    row.finished_at, row.finished_by = at or timezone.now(), by
    seen = convert.observations(row, room.day(row))
    row.save(update_fields=("finished_at", "finished_by"))
    rows = [_observed(each, row, by) for each in seen]
    establishments_models.Observation.objects.bulk_create(rows)
    told = {each.measure: [str(written.low), str(written.high)] for each, written in zip(seen, rows, strict=True)}
    record("diagnosis.finished", row.organisation, row, {"observations": told})


def _observed(value: Observation, row: models.Diagnosis, by: User) -> establishments_models.Observation:
    written = establishments.observation_row(value)
    written.organisation, written.added_by, written.origin = row.organisation, by, row.uuid
    written.note = row.questionnaire.title
    return written


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a diagnosis up, once confirmed; a finished one stays."""
    row = room.diagnosis(request, uuid, Right.DIAGNOSE)
    if row.finished:
        return redirect("diagnoses:result", row.uuid)
    if request.method == "POST":
        held = room.locked(row)
        if held is None:
            raise PermissionDenied
        record("diagnosis.removed", row.organisation, held, {"answers": len(held.answers)})
        held.delete()
        messages.success(request, said(message("Diagnostic abandonné.")))
        return redirect("diagnoses:show", row.organisation.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Abandonner ce diagnostic ?")),
        "consequences": [
            message("Ses {count} réponse(s) seront perdues, y compris celles des autres.", count=len(row.answers)),
            message("Les diagnostics déjà terminés et leurs observations restent."),
        ],
        "submit": said(message("Abandonner")),
        "cancel": room.address("one", row),
        "print_title": row.questionnaire.title,
    })  # fmt: skip
