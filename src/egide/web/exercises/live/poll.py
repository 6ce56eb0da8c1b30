"""What a page of the play asks each second: has anything changed? Answered from one indexed read, before all the rest.

An inject is due when its second has come on the server's clock: its coming changes the tag without anything written.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import BoundedSemaphore
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from egide.exercise.play import Clock
from egide.exercise.record import Pause
from egide.web.exercises import models
from egide.web.organisations.invitations import digest

PATH = re.compile(r"(?:/en)?/exercices/j/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(depuis|dire)")
WRITERS = 3
"""Of the threads of a process, those that may write at once what pages of the play send."""
READ = (
    "revision", "exercise__revision", "exercise__dues", "exercise__started_at", "exercise__paused_at",
    "exercise__ended_at", "exercise__pauses",
)  # fmt: skip


def tag(own: int | str, revision: int, dues: Sequence[int], elapsed: int) -> str:
    """Return the name of all that a participant may see at a second of the play."""
    return f'"{revision}-{bisect_right(dues, elapsed)}-{own}"'


def tag_of(row: models.Participant, elapsed: int) -> str:
    """Return the tag of a participant whose exercise is loaded."""
    return tag(row.revision, row.exercise.revision, row.exercise.dues, elapsed)


def _current(secret: str, now: datetime) -> str:
    found = models.Participant.objects.filter(secret_digest=digest(UUID(secret))).values_list(*READ).order_by()
    for own, revision, dues, started, paused, ended, pauses in found:
        clock = Clock(started, paused, ended, tuple(Pause(each["at"], each["seconds"]) for each in pauses))
        return tag(own, revision, dues, clock.elapsed(now))
    return ""


class Poll:
    """The first middleware: nothing changed, 304; for anything else the request goes on its way.

    What pages send by script waits at the door while others write: two hundred readings of one inject at once never
    take the threads that answer the polls. Such a page keeps what it sends and comes again by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.writing = BoundedSemaphore(WRITERS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer at once a page that has seen all there is, and one that must come again."""
        asked = PATH.fullmatch(request.path_info)
        if asked is None:
            return self.get_response(request)
        if asked[2] == "dire":
            return self._told(request)
        seen = request.META.get("HTTP_IF_NONE_MATCH")
        if seen and request.method == "GET" and _current(asked[1], timezone.now()) == seen:
            return HttpResponseNotModified()
        return self.get_response(request)

    def _told(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_X_REQUESTED_WITH") != "fetch":
            return self.get_response(request)
        if not self.writing.acquire(blocking=False):
            return HttpResponse(status=503, headers={"Retry-After": "1", "Content-Length": "0"})
        try:
            return self.get_response(request)
        finally:
            self.writing.release()
