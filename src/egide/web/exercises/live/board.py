"""The animator's board: what comes next, what was sent and who read it, who is there, what was written, disagreements."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide.exercise.outcome import Outcome, outcomes
from egide.exercise.play import coming, settled
from egide.exercise.record import Event, State
from egide.exercise.words import CHANNELS
from egide.message import Message, Text
from egide.web.exercises import convert, links, models
from egide.web.exercises.drawing import Drawn, drawn
from egide.web.exercises.live import log, room
from egide.web.exercises.live.forms import functions_of
from egide.web.exercises.live.poll import tag
from egide.web.exercises.models import NoteKind, Role

NEXT, LAST = 3, 4
"""Injects shown whole: the next ones, the last ones sent."""
FEW = 8
"""People at a site that are shown without unfolding."""
LINES = 30
"""Lines of the log on the board; its own page has them all."""


@dataclass(frozen=True)
class Line:
    """An inject as its animator sees it."""

    key: str
    uuid: UUID
    event: Event
    hour: str
    channel: Text
    seats: Sequence[Text]
    sites: Sequence[str]
    document: Drawn | None
    by: dict[str, Text]
    reached: int
    """How many players received it."""
    read: int
    answers: Sequence[tuple[str, str]]

    @property
    def everybody(self) -> bool:
        """Whether all seats receive it."""
        return not self.seats

    @property
    def expected(self) -> list[tuple[Text, Text, int | None]]:
        """Return what should be done, by whom, in how many minutes."""
        return [
            (each.text, self.by.get(each.by, Text(each.by, each.by)), each.minutes)
            for each in self.event.item.expectations
        ]


@dataclass(frozen=True)
class Person:
    """Somebody who takes part: there or not, reached by the last test or not, last heard of."""

    row: models.Participant
    seats: Sequence[Text]
    reached: bool
    heard: datetime | None
    said: int


@dataclass(frozen=True)
class Place:
    """Who takes part at one site (without a name: at all of them, or at the only one)."""

    site: str
    persons: Sequence[Person]

    @property
    def there(self) -> int:
        """Return how many said to be there."""
        return sum(each.row.joined_at is not None for each in self.persons)

    @property
    def few(self) -> bool:
        """Whether they are shown at once."""
        return len(self.persons) <= FEW


@dataclass(frozen=True)
class Dispute:
    """An expected reaction on which observers disagree."""

    outcome: Outcome
    event: str
    site: models.Site | None
    said: Sequence[tuple[str, str]]


@require_safe
@login_required
def board(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the board."""
    return shown(request, room.animated(request, uuid))


@require_safe
@login_required
def since(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what the board holds now, 304 when it is what the page has."""
    row = room.animated(request, uuid)
    now = _tag(row)
    if request.headers.get("If-None-Match") == now:
        return HttpResponseNotModified()
    return render(request, "exercises/live/board_part.html", _context(row) | {"tag": now})


def shown(
    request: HttpRequest, row: models.Exercise, problem: Message | None = None, status: int = 200
) -> HttpResponse:
    """Return the board, with what could not be done."""
    now = _tag(row)
    context = _context(row) | {"tag": now, "problem": problem, "given": request.POST}
    return render(request, "exercises/live/board.html", context, status=status)


def _tag(row: models.Exercise) -> str:
    """Return the name of all that the board shows: any word of a participant changes a revision."""
    told = row.participants.aggregate(told=Sum("revision"), all=Count("pk"), last=Max("pk"))
    elapsed = convert.clock(row).elapsed(timezone.now())
    own = f"{told['told']}-{told['all']}-{told['last']}-{row.changed_at.timestamp()}"
    return tag(own, row.revision, row.dues, elapsed)


def _context(row: models.Exercise) -> dict[str, Any]:
    context: dict[str, Any] = {"exercise": row, "draft": row.state == models.State.DRAFT, "sent_as": uuid4()}
    if context["draft"]:
        return context
    its = room.now(row)
    participants = list(row.participants.select_related("site"))
    names = convert.names(participants, {each.code: each.title for each in its.script.seats})
    lines = _Lines(row, its, participants, names)
    next_ones = coming(its.play.timeline, its.elapsed)
    events = settled(its.play.timeline, its.elapsed).events
    sent = sorted((each for each in events if each.sent is not None), key=lambda each: each.sent or 0, reverse=True)
    return context | {
        "its": its,
        "hour": room.hour(its.elapsed),
        "next": [lines.whole(each) for each in next_ones[:NEXT]],
        "later": [lines.whole(each) for each in next_ones[NEXT:]],
        "last": [lines.whole(each) for each in sent[:LAST]],
        "sent": [lines.whole(each) for each in sent[LAST:]],
        "skipped": [lines.whole(each) for each in events if each.state is State.SKIPPED],
        "people": _people(row, its, participants),
        "there": Counter(each.joined_at is not None for each in participants)[True],
        "answered": sum(_reached(each, row) for each in participants),
        "disputes": _disputes(row, its),
        "log": log.lines(row, its, names, LINES),
        "places": list(its.sites.values()),
        "end_planned": room.hour(its.script.play * 60),
    }


class _Lines:
    """What the lines of a board need of the whole exercise, read once."""

    def __init__(
        self, row: models.Exercise, its: room.Now, participants: Iterable[models.Participant], names: dict[int, str]
    ) -> None:
        self.its = its
        self.titles = {each.code: each.title for each in its.script.seats}
        self.functions = {each.code: each.title for each in its.script.functions}
        self.documents = {each.id: each for each in its.script.documents}
        self.keys = dict(row.events.values_list("key", "uuid"))
        players = [each for each in participants if each.role == Role.PLAYER]
        self.players = Counter(
            (tuple(each.seats), each.site.code if each.site and its.sites else "") for each in players
        )
        read = row.notes.filter(kind__in=(NoteKind.READ, NoteKind.ANSWER)).exclude(event=None)
        counted = read.order_by().values_list("event__key").annotate(Count("participant", distinct=True))
        self.read: dict[str, int] = dict(counted)
        self.answers: dict[str, list[tuple[str, str]]] = {}
        given = row.notes.filter(kind=NoteKind.ANSWER).order_by("-pk").values_list("event__key", "participant", "text")
        for key, by, text in given[: LINES * 4]:
            self.answers.setdefault(key, []).append((names.get(by, ""), text))

    def whole(self, event: Event) -> Line:
        """Return a line."""
        everybody = len(event.item.seats) >= len(self.titles)
        own = self.documents.get(event.item.document)
        return Line(
            key=event.id,
            uuid=self.keys[event.id],
            event=event,
            hour=room.hour(event.at if event.sent is None else event.sent),
            channel=CHANNELS[event.item.channel],
            seats=() if everybody else [self.titles[code] for code in event.item.seats if code in self.titles],
            sites=[each.name for each in self.its.sites.values() if each.code in event.sites],
            document=drawn(own) if own else None,
            by=self.functions,
            reached=sum(count for (seats, site), count in self.players.items() if _reaches(event, seats, site)),
            read=self.read.get(event.id, 0),
            answers=self.answers.get(event.id, ()),
        )


def _reaches(event: Event, seats: Sequence[str], site: str) -> bool:
    here = not site or not event.sites or site in event.sites
    return here and (not seats or any(each in event.item.seats for each in seats))


def _reached(row: models.Participant, exercise: models.Exercise) -> bool:
    return bool(exercise.tested_at and row.reached_at and row.reached_at >= exercise.tested_at)


def _people(row: models.Exercise, its: room.Now, participants: Iterable[models.Participant]) -> list[Place]:
    """Return who takes part, by site."""
    said = {
        each["participant"]: each
        for each in row.notes.order_by().values("participant").annotate(n=Count("pk"), last=Max("made_at"))
    }
    seen = {
        each["observer"]: each
        for each in row.ticks.order_by().values("observer").annotate(n=Count("pk"), last=Max("made_at"))
    }
    found: dict[str, list[Person]] = {}
    for each in participants:
        told = [one for one in (said.get(each.pk), seen.get(each.pk)) if one]
        heard = max((one["last"] for one in told), default=each.reached_at or each.joined_at)
        person = Person(
            each, room.seats_of(each, its.script), _reached(each, row), heard, sum(one["n"] for one in told)
        )
        found.setdefault(each.site.name if each.site else "", []).append(person)
    return [Place(site, persons) for site, persons in sorted(found.items())]


def _disputes(row: models.Exercise, its: room.Now) -> list[Dispute]:
    if row.ticks.order_by().values("observer").distinct().count() < 2:
        return []
    record = convert.live_record(row)
    codes = {each.code: each for each in its.sites.values()}
    first = {each.item.id: each.id for each in reversed(record.events)}
    return [
        Dispute(
            each, first.get(each.inject, each.inject), codes.get(each.site),
            [(who, models.Done(done.value).label) for who, done in each.said.items()],
        )
        for each in outcomes(record)
        if each.disputed
    ]  # fmt: skip


def counted(row: models.Exercise) -> dict[str, Any]:
    """Return what the form of presences needs: who joined counts until somebody has counted."""
    script = convert.script(row)
    kept = {(each.site_id, each.function): each.people for each in row.presences.all()}
    return {
        "functions": functions_of(script),
        "sites": room.places(row) or [None],
        "counted": kept or convert.joined(row, script),
    }


def links_of(request: HttpRequest, row: models.Exercise) -> dict[str, Any]:
    """Return the links of the participants, by site, each with its QR code."""
    if row.state == models.State.DRAFT:
        raise Http404
    script = convert.script(row)
    cards = []
    for each in row.participants.select_related("site"):
        address = links.address(request, each)
        cards.append((each, room.seats_of(each, script), address, links.qr(address) if address else ""))
    cards.sort(key=lambda card: (card[0].site.name if card[0].site else "", card[0].pk))
    return {"exercise": row, "cards": cards, "unknown": sum(not address for _, _, address, _ in cards)}


@require_safe
@login_required
def journal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the whole log."""
    row = room.animated(request, uuid)
    if row.state == models.State.DRAFT:
        raise Http404
    its = room.now(row)
    names = convert.names(row.participants.all(), {each.code: each.title for each in its.script.seats})
    return render(request, "exercises/live/journal.html", {"exercise": row, "log": log.lines(row, its, names)})
