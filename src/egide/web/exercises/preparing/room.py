"""What the pages of the preparation share: the establishment or the exercise asked for, its steps, who may change it."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from egide.message import Text, message
from egide.web.audit.guard import record
from egide.web.design.navigation import Step, StepState
from egide.web.design.words import said
from egide.web.exercises.models import Exercise, State
from egide.web.exercises.preparing import draft
from egide.web.organisations.models import Kind, Organisation, User
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed, may

REHEARSING = (Kind.ESTABLISHMENT, Kind.GROUP)
"""The kinds of organisations that have exercises."""
STEPS = (
    ("prepare", Text("Niveau et modules", "Level and modules")),
    ("words", Text("Vos mots", "Your words")),
    ("timeline", Text("Chronogramme", "Chronogram")),
    ("tables", Text("Tables et liens", "Tables and links")),
    ("papers", Text("Documents", "Documents")),
    ("board", Text("Animer", "Run")),
    ("debrief", Text("Retour d’expérience", "Debrief")),
)
SPOILING = frozenset({"timeline", "papers", "board"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def organisation(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> Organisation:
    """Return an organisation that this person sees. Raises Http404, and PermissionDenied without `right` there."""
    found: Organisation = Organisation.objects.one_visible_to(request.user, uuid)
    if found.kind not in REHEARSING:
        raise Http404
    if not may(request.user, right, found.pk):
        raise PermissionDenied
    return found


def exercise(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> Exercise:
    """Return an exercise that this person sees. Raises Http404, and PermissionDenied without `right` there.

    Who writes waits for who writes already.
    """
    rows = Exercise.objects.select_related("organisation", "created_by")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    found: Exercise = allowed(rows, request.user, uuid, right)
    return found


def unspoilt(request: HttpRequest, uuid: UUID) -> Exercise:
    """Return an exercise whose injects this person may read: who prepares, and anybody who sees it once it was played.

    A reader may be a player, and who has read the injects can no longer live them. Raises as `exercise` does.
    """
    found = exercise(request, uuid)
    if found.state not in {State.ENDED, State.CLOSED} and not may(request.user, Right.REHEARSE, found.organisation_id):
        raise PermissionDenied
    return found


def draft_of(request: HttpRequest, uuid: UUID) -> Exercise:
    """Return an exercise that this person may prepare; nothing of one that is ready or played changes any more.

    Raises as `exercise` does, and PermissionDenied for what is sent to an exercise that is no draft.
    """
    found = exercise(request, uuid, Right.REHEARSE)
    if request.method == "POST" and found.state != State.DRAFT:
        raise PermissionDenied
    return found


def saved(row: Exercise, action: str, told: dict[str, object], *fields: str) -> None:
    """Save some fields of a draft and tell the trail."""
    row.changed_at = timezone.now()
    row.save(update_fields=[*fields, "changed_at"])
    record(action, row.organisation, row, told)


def person(request: HttpRequest) -> User:
    """Return who is signed in: these pages are for those who are."""
    return cast(User, request.user)


def status(request: HttpRequest) -> int:
    """Return the status of a page whose form was not accepted, or not sent."""
    return 200 if request.method in {"GET", "HEAD"} else 422


def address(name: str, row: Exercise | Organisation) -> str:
    """Return the address of a page of an exercise or of an organisation, empty while this site does not have it."""
    try:
        return reverse(f"exercises:{name}", args=[row.uuid])
    except NoReverseMatch:
        return ""


def common(request: HttpRequest, row: Exercise, step: str) -> dict[str, Any]:
    """Return what each page of an exercise shows: its steps, and whether this person may change it."""
    can = may(request.user, Right.REHEARSE, row.organisation_id)
    entries = steps(row, step, can=can)
    at = next(number for number, (name, _) in enumerate(STEPS) if name == step)
    return {
        "exercise": row,
        "organisation": row.organisation,
        "steps": entries,
        "title": STEPS[at][1],
        "following": entries[at + 1] if at + 1 < len(entries) and entries[at + 1].url else None,
        "draft": row.state == State.DRAFT,
        "can": can,
        "may_change": can and row.state == State.DRAFT,
        "print_title": row.title,
    }


def steps(row: Exercise, current: str, *, can: bool) -> list[Step]:
    """Return the numbered steps of an exercise; what would spoil it is closed to who does not prepare it."""
    over = row.state in {State.ENDED, State.CLOSED}
    played = over or row.live
    missing = 0 if played else sum(not row.values.get(each.code) for each in draft.asked(row))
    states = {
        "prepare": (StepState.DONE, 0) if row.planned_on else (StepState.MISSING, 1),
        "words": (StepState.MISSING, missing) if missing else (StepState.DONE, 0),
        "timeline": (StepState.DONE if played or row.edits or row.state == State.READY else StepState.OPEN, 0),
        "tables": (StepState.DONE if played or row.people else StepState.OPEN, 0),
        "papers": (StepState.DONE if played else StepState.OPEN, 0),
        "board": (StepState.LOCKED if row.state == State.DRAFT else StepState.DONE if over else StepState.OPEN, 0),
        "debrief": (StepState.OPEN if over and row.state != State.CLOSED else StepState.DONE if over else StepState.LOCKED, 0),
    }  # fmt: skip
    reasons = {"board": said(message("Quand l’exercice est prêt")), "debrief": said(message("Après l’exercice"))}
    found = []
    for name, title in STEPS:
        state, count = states[name]
        closed = state is StepState.LOCKED or (name in SPOILING and not can and not over)
        url = "" if closed else address(name, row)
        found.append(
            Step(
                said(title), url, state if url else StepState.LOCKED, current=name == current, missing=count,
                reason=reasons.get(name, ""),
            )
        )  # fmt: skip
    return found


def day(row: Exercise) -> date | None:
    """Return the day of an exercise: the one it was played on, else the one planned."""
    return timezone.localdate(row.started_at) if row.started_at else row.planned_on


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return the answer that sends a file made for this request, saved under its name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
