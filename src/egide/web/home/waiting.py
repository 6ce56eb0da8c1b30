"""What waits for a person: consultations, diagnoses and exercises to go on with, work under way, establishments to describe."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from egide.message import Message, Text, message
from egide.web.diagnoses.models import Diagnosis
from egide.web.establishments.models import Fact
from egide.web.establishments.views import DESCRIBED
from egide.web.exercises.models import Exercise
from egide.web.exercises.models import State as Played
from egide.web.jobs.kinds import title
from egide.web.jobs.models import Job, State
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from egide.web.tenders import models as tenders

MOST = 8
RECENT = timedelta(hours=12)
PAGE = {Played.RUNNING: "board", Played.PAUSED: "board", Played.ENDED: "debrief"}
"""The page on which one goes on with an exercise; its preparation otherwise."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to go on with: what, where, and how far it is."""

    title: str
    url: str
    says: Message


def of(user: Any) -> dict[str, Any]:
    """Return the context of the start page of a person."""
    described = Fact.objects.filter(establishment__organisation=OuterRef("pk"))
    organisations = Organisation.objects.visible_to(user).filter(kind__in=DESCRIBED)
    return {
        "consultations": consultations(user),
        "diagnoses": diagnoses(user),
        "exercises": exercises(user),
        "jobs": jobs(user),
        "establishments": organisations.annotate(described=Exists(described))[:MOST],
    }


def consultations(user: Any) -> list[Waiting]:
    """Return the consultations that a person sees and that are not concluded, the last changed first."""
    rows = tenders.Consultation.objects.visible_to(user).exclude(state=tenders.State.CONCLUDED)
    return [
        Waiting(
            row.title,
            reverse("tenders:show", args=[row.uuid]),
            message(
                "{state}, date limite le {deadline}",
                state=row.get_state_display(),
                deadline=timezone.localtime(row.deadline),
            ),
        )
        for row in rows[:MOST]
    ]


def diagnoses(user: Any) -> list[Waiting]:
    """Return the diagnoses that are open where a person may answer, then the establishments that have none yet."""
    rows = Diagnosis.objects.visible_to(user, Right.DIAGNOSE).filter(finished_at=None).order_by("-changed_at")
    rows = rows.select_related("organisation", "questionnaire").defer("questionnaire__content")
    found = [
        Waiting(
            row.organisation.name,
            reverse("diagnoses:one", args=[row.uuid]),
            message("{questionnaire} : {count} réponses, à continuer", questionnaire=row.questionnaire.named, count=len(row.answers)),
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    none = ~Exists(Diagnosis.objects.filter(organisation=OuterRef("pk")))
    new = Organisation.objects.visible_to(user, Right.DIAGNOSE).filter(none, kind=Kind.ESTABLISHMENT)
    return found + [
        Waiting(each.name, reverse("diagnoses:begin", args=[each.uuid]), message("Aucun diagnostic : en commencer un"))
        for each in new[: MOST - len(found)]
    ]


def exercises(user: Any) -> list[Waiting]:
    """Return the crisis exercises that are prepared, played or to be debriefed where a person prepares them."""
    rows = Exercise.objects.visible_to(user, Right.REHEARSE).exclude(state=Played.CLOSED).select_related("organisation")
    rows = rows.only("uuid", "title", "state", "planned_on", "organisation__name").order_by("planned_on", "pk")
    return [
        Waiting(
            f"{row.organisation.name} · {row.title}",
            reverse(f"exercises:{PAGE.get(row.state, 'prepare')}", args=[row.uuid]),
            message("{state}, prévu le {day}", state=row.get_state_display(), day=row.planned_on)
            if row.planned_on
            else message("{state}", state=row.get_state_display()),
        )
        for row in rows[:MOST]
    ]


def jobs(user: Any) -> list[tuple[Job, Text]]:
    """Return the jobs, with their title, of a person that run, wait, or ended badly today."""
    under_way = Q(state__in=(State.QUEUED, State.RUNNING))
    failed = Q(state=State.FAILED, ended_at__gt=timezone.now() - RECENT)
    rows = Job.objects.visible_to(user).filter(under_way | failed, owner=user).order_by("-created_at")[:MOST]
    return [(job, title(job.kind)) for job in rows]
