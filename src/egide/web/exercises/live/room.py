"""What the pages of the play share: who comes by a secret link, the exercise that an animator leads, its clock in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from egide.exercise.play import Play, visible
from egide.exercise.record import Event
from egide.exercise.script import Script
from egide.message import Message, Text, message
from egide.web.exercises import convert, models
from egide.web.organisations.invitations import digest
from egide.web.organisations.models import User
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed

MISSES = 20
"""Unknown links that one address may try in a minute; then it reaches only those that this process has served."""
SERVED = 3600
LIGHT = tuple(each.attname for each in models.Participant._meta.concrete_fields)
EXERCISE = ("exercise__uuid", "exercise__revision", "exercise__state")
"""What names the rest of the exercise, which this process keeps: a telephone that asks again costs one light read."""


def person(request: HttpRequest) -> User:
    """Return who is signed in: an animator is."""
    return cast(User, request.user)


def animated(request: HttpRequest, uuid: UUID) -> models.Exercise:
    """Return an exercise that this person may lead. Raises Http404, PermissionDenied."""
    rows = models.Exercise.objects.select_related("organisation").defer("script", "values", "edits")
    found: models.Exercise = allowed(rows, request.user, uuid, Right.REHEARSE)
    return found


def held(row: models.Exercise) -> models.Exercise:
    """Return an exercise as it is now, held until this request ends: two animators act one after the other."""
    rows = models.Exercise.objects.select_for_update(of=("self",)).defer("script", "values", "edits")
    found: models.Exercise = rows.get(pk=row.pk)
    found.organisation = row.organisation
    return found


class TooMany(Exception):
    """An address tried too many links that do not exist."""


def participant(request: HttpRequest, secret: UUID) -> models.Participant:
    """Return who has that link. Raises Http404; TooMany when this address tried too many that lead nowhere."""
    told = linked(request, models.Participant.objects.values_list(*LIGHT, *EXERCISE).order_by(), secret)
    row = models.Participant(**dict(zip(LIGHT, told, strict=False)))
    row.exercise = convert.exercise(*told[len(LIGHT) :])
    row.site = next((each for each in convert.known(row.exercise).sites if each.pk == row.site_id), None)
    return row


def linked(request: HttpRequest, rows: Any, secret: UUID) -> Any:
    """Return the one of these rows whose link it is. Raises as `participant` does."""
    named = digest(secret)
    address = f"exercises-misses-{get_client_ip_address(request)}"
    if cache.get(address, 0) >= MISSES and not cache.get(f"exercises-served-{named}"):
        raise TooMany
    found = rows.filter(secret_digest=named).first()
    if found is None:
        if not cache.add(address, 1, 60):
            cache.incr(address)
        raise Http404
    cache.set(f"exercises-served-{named}", "yes", SERVED)
    return found


def private(response: HttpResponse) -> HttpResponse:
    """Keep the address of a page with a secret link, and what it shows, from anybody else."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


# ---------------------------------------------------------------------------------------------------------------- seen
@dataclass(frozen=True)
class Now:
    """An exercise at an instant: its play, the second it has come to."""

    row: models.Exercise
    play: Play
    at: datetime
    elapsed: int

    @property
    def script(self) -> Script:
        """Return what is played."""
        return convert.script(self.row)

    @property
    def running(self) -> bool:
        """Whether time goes by."""
        return self.play.clock.running

    @property
    def state(self) -> Message:
        """Return where the play is, in words."""
        clock = self.play.clock
        if clock.started is None:
            return message("Pas encore commencé")
        if clock.ended:
            return message("Fin d’exercice")
        if clock.paused:
            return message("En pause depuis {hour}", hour=f"{timezone.localtime(clock.paused):%H:%M}")
        return message("En cours de jeu")

    @cached_property
    def sites(self) -> Mapping[int, models.Site]:
        """Return the sites by key; none where it is played in one place."""
        return {each.pk: each for each in places(self.row)}


def now(row: models.Exercise) -> Now:
    """Return an exercise that is ready, played or over, as a page shows it now."""
    play, at = convert.looked_at(row), timezone.now()
    return Now(row, play, at, play.clock.elapsed(at))


def sent_to(row: models.Participant, its: Now) -> tuple[Event, ...]:
    """Return what a participant may see, first sent first."""
    code = row.site.code if row.site and its.sites else ""
    seats: Sequence[str] = row.seats or ("",)
    found = {each.id: each for seat in seats for each in visible(its.play.timeline, its.elapsed, seat, code)}
    return tuple(sorted(found.values(), key=lambda event: event.at if event.sent is None else event.sent))


def hour(seconds: int) -> str:
    """Return a second of the play as people read it: T+00:12."""
    hours, rest = divmod(max(seconds, 0) // 60, 60)
    return f"T+{hours:02d}:{rest:02d}"


def seats_of(row: models.Participant, script: Script) -> list[Text]:
    """Return the titles of the seats that a participant holds or watches."""
    return [each.title for each in script.seats if each.code in row.seats]


def places(row: models.Exercise) -> list[models.Site]:
    """Return the sites of an exercise; none where it is played in one place."""
    found = convert.known(row).sites
    return list(found) if len(found) > 1 else []
