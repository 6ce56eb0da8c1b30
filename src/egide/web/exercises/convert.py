"""Rows of exercises into the values of the core and back, in a bounded number of queries."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.utils import timezone

from egide import plain
from egide.exercise import making, record
from egide.exercise.play import Clock, Play, Timeline, due, planned, recorded
from egide.exercise.script import Item, Script
from egide.exercise.words import NOTES
from egide.message import Text
from egide.web.design.words import said
from egide.web.exercises import links, models
from egide.web.organisations.models import User

KEPT = 16
"""Scripts and timelines kept in memory: each page of a play asks for the same ones again."""
_scripts: OrderedDict[str, Script] = OrderedDict()
_rows: OrderedDict[tuple[UUID, int, str], models.Exercise] = OrderedDict()
_known: "OrderedDict[tuple[object, int], Known]" = OrderedDict()
CHANGED = ("at", "state", "sent", "sites", "item")
CLOCK = ("state", "started_at", "paused_at", "pauses", "ended_at", "revision", "edited", "dues", "changed_at")


# --------------------------------------------------------------------------------------------------------------- script
def script(row: models.Exercise) -> Script:
    """Return the script of an exercise that is ready, played or over; read once for each content."""
    found = _scripts.get(row.digest)
    if found is None:
        found = _scripts[row.digest] = plain.structure(row.script, Script, row.title)
        while len(_scripts) > KEPT:
            _scripts.popitem(last=False)
    return found


def freeze(row: models.Exercise, made: Script) -> None:
    """Make a draft ready to be played: its script no longer changes, each item is an event, everybody has a link."""
    row.script, row.digest = plain.unstructure(made), making.digest(made)
    row.state = models.State.READY
    play = planned(made)
    row.revision += 1
    row.edited, row.dues, row.changed_at = 0, list(due(play.timeline)), timezone.now()
    row.save(update_fields=("script", "digest", *CLOCK))
    models.Event.objects.bulk_create([_event_row(row, each) for each in play.timeline.events])
    link(row.participants.filter(secret_digest=None))


def thaw(row: models.Exercise) -> None:
    """Make an exercise that is ready, and has not begun, a draft again; the links stay."""
    row.events.all().delete()
    row.script, row.digest, row.state = None, "", models.State.DRAFT
    row.revision += 1
    row.edited, row.dues, row.changed_at = 0, [], timezone.now()
    row.save(update_fields=("script", "digest", *CLOCK))


def link(participants: Iterable[models.Participant]) -> None:
    """Give each participant another link."""
    rows = list(participants)
    for each in rows:
        links.give(each)
    models.Participant.objects.bulk_update(rows, ("turn", "secret_digest"))


# ----------------------------------------------------------------------------------------------------------------- play
def clock(row: models.Exercise) -> Clock:
    """Return the clock of an exercise."""
    pauses = tuple(record.Pause(each["at"], each["seconds"]) for each in row.pauses)
    return Clock(row.started_at, row.paused_at, row.ended_at, pauses)


def event(row: models.Event) -> record.Event:
    """Return an event of the timeline."""
    item = plain.structure(row.item, Item, row.key)
    return record.Event(row.key, item, row.at, record.State(row.state), row.sent, tuple(row.sites))


def play(row: models.Exercise) -> Play:
    """Return the play as the rows tell it now: one query."""
    events = tuple(event(each) for each in row.events.order_by("pk"))
    return Play(clock(row), Timeline(events, row.revision, row.edited))


@dataclass(frozen=True)
class Known:
    """What does not change while the revision of an exercise stays: its timeline, the keys of its events, its sites."""

    timeline: Timeline
    events: Mapping[str, int]
    sites: tuple[models.Site, ...]


def exercise(uuid: UUID, revision: int, state: str) -> models.Exercise:
    """Return an exercise with its organisation as it is at that revision, read once."""
    name = (uuid, revision, state)
    found = _rows.get(name)
    if found is None:
        found = _rows[name] = models.Exercise.objects.select_related("organisation").get(uuid=uuid)
        while len(_rows) > KEPT:
            _rows.popitem(last=False)
    return found


def known(row: models.Exercise) -> Known:
    """Return what pages show of an exercise, read once for each revision.

    Not to be asked inside a transaction that has changed the timeline and may be undone.
    """
    name = (row.uuid, row.revision)
    found = _known.get(name)
    if found is None:
        events = list(row.events.order_by("pk"))
        timeline = Timeline(tuple(event(each) for each in events), row.revision, row.edited)
        keys = {each.key: each.pk for each in events}
        found = _known[name] = Known(timeline, keys, tuple(row.sites.all()))
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def looked_at(row: models.Exercise) -> Play:
    """Return the play for a page that only shows it."""
    return Play(clock(row), known(row).timeline)


def save(row: models.Exercise, before: Play, after: Play) -> None:
    """Write what an action changed of a play: events, clock, and what the players' pages read each second."""
    known = {each.id: each for each in before.timeline.events}
    new = [_event_row(row, each) for each in after.timeline.events if each.id not in known]
    changed = {each.id: each for each in after.timeline.events if each.id in known and known[each.id] != each}
    rows = list(row.events.filter(key__in=changed))
    for one in rows:
        fresh = _event_row(row, changed[one.key])
        for name in CHANGED:
            setattr(one, name, getattr(fresh, name))
    models.Event.objects.bulk_update(rows, CHANGED)
    models.Event.objects.bulk_create(new)
    now = after.clock
    row.started_at, row.paused_at, row.ended_at = now.started, now.paused, now.ended
    row.pauses = plain.unstructure(now.pauses)
    row.state = _state(now)
    row.revision, row.edited = after.timeline.revision, after.timeline.edited
    row.dues, row.changed_at = list(due(after.timeline)), timezone.now()
    row.save(update_fields=CLOCK)


def _state(now: Clock) -> models.State:
    if now.started is None:
        return models.State.READY
    if now.ended:
        return models.State.ENDED
    return models.State.PAUSED if now.paused else models.State.RUNNING


def _event_row(row: models.Exercise, value: record.Event) -> models.Event:
    return models.Event(
        exercise=row,
        key=value.id,
        item=plain.unstructure(value.item),
        at=value.at,
        state=value.state.value,
        sent=value.sent,
        sites=list(value.sites),
    )


# --------------------------------------------------------------------------------------------------------------- record
def names(participants: Iterable[models.Participant], titles: dict[str, Text]) -> dict[int, str]:
    """Return what each participant is called, by key: a name, else the seats, each of them once."""
    rows = list(participants)
    called = {
        each.pk: each.name
        or ", ".join(titles[code].fr for code in each.seats if code in titles)
        or each.get_role_display()
        for each in rows
    }
    often = Counter(called.values())
    taken = {name for name, times in often.items() if times == 1}
    for key, name in called.items():
        if often[name] > 1:
            called[key] = next(each for number in count(1) if (each := f"{name} ({number})") not in taken)
            taken.add(called[key])
    return called


def signed(user: User | None) -> str:
    """Return what somebody with an account is called in what players read too: never an address."""
    return "" if user is None else user.full_name or said(NOTES[record.Jot.ANIMATOR])


def _counted(row: models.Exercise) -> dict[tuple[int | None, str], int]:
    return {(each.site_id, each.function): each.people for each in row.presences.all()}


def live_record(row: models.Exercise) -> record.Record:
    """Return a live play whole as it stands now, with its log: eight queries."""
    its, at = looked_at(row), timezone.now()
    sites = list(row.sites.all())
    codes = {each.pk: each.code for each in sites} if len(sites) > 1 else {}
    people = names(row.participants.all(), {each.code: each.title for each in script(row).seats})
    keys = {key: name for name, key in known(row).events.items()}

    def of(told: Any, about: bool = True) -> dict[str, Any]:
        where: dict[str, Any] = {"number": told.pk, "at": told.at}
        return where | ({"event": keys.get(told.event_id, "")} if about else {})

    whole = replace(
        empty_record(row, at),
        sites=tuple(record.Site(each.code, each.name) for each in sites) if codes else (),
        ticks=tuple(
            record.Tick(
                **of(each), expectation=each.expectation, observer=people[each.observer_id],
                done=record.Done(each.done), site=codes.get(each.site_id, ""), note=each.note,
            )
            for each in row.ticks.all()
        ),
        decisions=tuple(
            record.Decision(
                **of(each), expectation=each.expectation, by=signed(each.user), done=record.Done(each.done),
                site=codes.get(each.site_id, ""), why=each.why,
            )
            for each in row.decisions.select_related("user")
        ),
        notes=tuple(
            record.Note(
                **of(each), kind=record.Jot(each.kind), by=people.get(each.participant_id, "") or signed(each.user),
                text=each.text, site=codes.get(each.site_id, ""),
            )
            for each in row.notes.exclude(kind=models.NoteKind.READ).select_related("user")
        ),
        actions=tuple(
            record.Action(**of(each), act=record.Act(each.act), by=signed(each.user), seconds=each.seconds)
            for each in row.actions.select_related("user")
        ),
        presence=tuple(
            record.Presence(function, people, codes.get(site or 0, ""))
            for (site, function), people in (_counted(row) or joined(row, script(row))).items()
        ),
    )  # fmt: skip
    return recorded(its, whole, at)


def empty_record(row: models.Exercise, at: datetime) -> record.Record:
    """Return the record of a live play with nothing in it yet: what it is, and for what it counts."""
    return record.Record(
        format=record.FORMAT,
        play=str(row.uuid),
        script=row.digest,
        origin=record.Origin.LIVE,
        held_on=timezone.localdate(row.started_at or at),
        facts=plain.structure(row.facts, record.Facts, row.title),
    )


def joined(row: models.Exercise, played: Script) -> dict[tuple[int | None, str], int]:
    """Return how many of those who said to be there hold each function, by site: what counts until somebody counts."""
    several = row.sites.count() > 1
    there = row.participants.filter(role=models.Role.PLAYER).exclude(joined_at=None)
    return dict(
        Counter(
            (each.site_id if several else None, code) for each in there for code in functions_held(played, each.seats)
        )
    )


def functions_held(played: Script, seats: Iterable[str]) -> set[str]:
    """Return the functions that whoever holds these seats holds."""
    held = {each.code: each.functions for each in played.seats}
    return {function for seat in seats for function in held.get(seat, ())}
