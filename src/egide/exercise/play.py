"""A live play: its clock with pauses, and its chronogram as it is sent, skipped, moved and added to.

Nothing needs a worker: an event whose planned second has come *is* sent, whoever looks (`settled`, `visible`).
Every action settles first, so nothing that was ever seen can be unsent by a later pause, move or edition.

Two animators at once. `begun`, `paused`, `resumed`, `ended`, `sent_now`, `skipped` and `restored` say what is wanted:
asked twice, they give back the play as it was; where one skips and the other sends, the sending wins in either order.
`improvised` and `again` only add. `moved`, `shifted` and `edited` carry `seen`, the revision that the animator looked
at: they are refused if the plan was changed by hand since, and only then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from egide.errors import UsageError
from egide.exercise.record import Event, Pause, Record, State
from egide.exercise.script import Item, Script
from egide.message import message

NOT_BEGUN = -1
"""Elapsed seconds before STARTEX: nothing planned, not even at 0, has come."""
LONGEST = 30 * 24 * 3600
"""Seconds of play after which nothing can be planned."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When the play started, since when it is paused (None: it runs), its pauses that ended, when it ended."""

    started: datetime | None = None
    paused: datetime | None = None
    ended: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def held(self) -> int:
        """Return the seconds of all pauses that ended."""
        return sum(each.seconds for each in self.pauses)

    @property
    def running(self) -> bool:
        """Say whether time goes by: begun, neither paused nor ended."""
        return self.started is not None and self.paused is None and self.ended is None

    def elapsed(self, now: datetime) -> int:
        """Return the whole seconds of play since STARTEX, `NOT_BEGUN` before; pauses are not counted."""
        if self.started is None:
            return NOT_BEGUN
        until = self.ended or self.paused or now
        return max(0, _seconds(self.started, until) - self.held)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chronogram as played, in the order of the script then of what was added.

    `revision` grows by one with every change that an animator makes; `edited` is the revision of the last change of
    the plan by hand.
    """

    events: tuple[Event, ...]
    revision: int = 0
    edited: int = 0

    def event(self, code: str) -> Event:
        """Return the event of that id. Raises UsageError."""
        for each in self.events:
            if each.id == code:
                return each
        raise UsageError(message("Ce stimulus n'est pas dans le déroulé : {code}.", code=code))


@dataclass(frozen=True, slots=True)
class Play:
    """A clock and a timeline: what every action takes and returns."""

    clock: Clock
    timeline: Timeline


def planned(script: Script) -> Play:
    """Return the play that has not begun: one event for each item of the script, with the item's id.

    What is written before the beginning comes with it: nobody sees anything of an exercise before STARTEX.
    """
    return Play(Clock(), Timeline(tuple(Event(each.id, each, max(0, each.at) * 60) for each in script.items)))


def recorded(play: Play, record: Record, now: datetime) -> Record:
    """Return the record with what the play holds: its instants, pauses and events as they stand at `now`."""
    clock, elapsed = play.clock, play.clock.elapsed(now)
    return replace(
        record,
        started=clock.started,
        ended=clock.ended,
        lasted=elapsed if clock.ended else None,
        pauses=clock.pauses,
        events=settled(play.timeline, elapsed).events,
    )


# ---------------------------------------------------------------------------------------------------------- to look
def settled(timeline: Timeline, elapsed: int) -> Timeline:
    """Return the timeline where each planned event whose second has come is sent, at its planned second."""
    events = tuple(
        replace(each, state=State.SENT, sent=each.at) if _come(each, elapsed) else each for each in timeline.events
    )
    return timeline if events == timeline.events else replace(timeline, events=events)


def visible(timeline: Timeline, elapsed: int, seat: str = "", site: str = "") -> tuple[Event, ...]:
    """Return what has been sent by then to that seat at that site, first sent first; empty: to any seat, any site."""
    sent = [(each.sent, each) for each in settled(timeline, elapsed).events if each.sent is not None]
    ordered = [each for _, each in sorted(sent, key=lambda pair: pair[0])]
    return tuple(each for each in ordered if _reaches(each, seat, site))


def coming(timeline: Timeline, elapsed: int) -> tuple[Event, ...]:
    """Return what is still to be sent, the next first."""
    left = [each for each in settled(timeline, elapsed).events if each.state is State.PLANNED]
    return tuple(sorted(left, key=lambda each: each.at))


def due(timeline: Timeline) -> tuple[int, ...]:
    """Return the seconds at which something planned is to be sent, each once, the next first."""
    return tuple(sorted({each.at for each in timeline.events if each.state is State.PLANNED}))


# ---------------------------------------------------------------------------------------------------------- the clock
def begun(play: Play, now: datetime) -> Play:
    """STARTEX. Raises UsageError if there is nothing to play or if it has ended; begun already: nothing changes."""
    _not_ended(play)
    if not play.timeline.events:
        raise UsageError(message("Le déroulé est vide : il n'y a rien à jouer."))
    return play if play.clock.started else _timed(play, replace(play.clock, started=now), now)


def paused(play: Play, now: datetime) -> Play:
    """Stop time. Raises UsageError before the beginning and after the end; paused already: nothing changes."""
    _played(play)
    return play if play.clock.paused else _timed(play, replace(play.clock, paused=now), now)


def resumed(play: Play, now: datetime) -> Play:
    """Let time go on where it stopped. Raises UsageError before the beginning and after the end."""
    _played(play)
    return _timed(play, _let_go(play.clock, now), now) if play.clock.paused else play


def ended(play: Play, now: datetime) -> Play:
    """ENDEX: what is still planned will not be sent. Raises UsageError before the beginning."""
    if play.clock.ended:
        return play
    _played(play)
    return _timed(play, replace(_let_go(play.clock, now), ended=now), now)


# ------------------------------------------------------------------------------------------------------ the chronogram
def sent_now(play: Play, event: str, now: datetime) -> Play:
    """Send a planned or skipped event at once; sent already: nothing changes. Raises UsageError unless it is played."""
    elapsed = _played(play, now)
    current, found = _found(play, event, elapsed)
    return play if found.state is State.SENT else _put(current, replace(found, state=State.SENT, sent=elapsed))


def skipped(play: Play, event: str, now: datetime) -> Play:
    """Leave an event out, before the beginning too. Raises UsageError if it is sent already or if all has ended."""
    elapsed = _not_ended(play, now)
    current, found = _found(play, event, elapsed)
    if found.state is State.SENT:
        raise UsageError(message("« {title} » est déjà parti : il ne peut plus être sauté.", title=found.item.title))
    return play if found.state is State.SKIPPED else _put(current, replace(found, state=State.SKIPPED))


def restored(play: Play, event: str, now: datetime) -> Play:
    """Put a skipped event back at its second; otherwise nothing changes. Raises UsageError if its second has passed."""
    elapsed = _not_ended(play, now)
    current, found = _found(play, event, elapsed)
    if found.state is not State.SKIPPED:
        return play
    if found.at <= elapsed:
        raise UsageError(
            message("L'heure de « {title} » est passée : l'envoyer maintenant, s'il le faut.", title=found.item.title)
        )
    return _put(current, replace(found, state=State.PLANNED))


def improvised(play: Play, item: Item, now: datetime, at: int | None = None, sites: Sequence[str] = ()) -> Play:
    """Add an event: at the second `at`, or at once. Its id, and the id of its item, are made here (IMP-1, IMP-2...).

    Raises UsageError for a second that has passed, without any seat, at once before the beginning, or after the end.
    """
    elapsed = _played(play, now) if at is None else _not_ended(play, now)
    play = _settle(play, elapsed)
    code = _free(play.timeline, "IMP-", 1)
    added = Event(code, replace(item, id=code), elapsed if at is None else at, sites=tuple(sites))
    _receivers(added)
    _ahead([added], elapsed)
    return _settle(_changed(play, (*play.timeline.events, added)), elapsed)


def again(play: Play, event: str, now: datetime, sites: Sequence[str] = ()) -> Play:
    """Send the same inject once more, as a new event (ALE-01-R2), to `sites`, or where it was sent.

    Raises UsageError unless it was sent already and the exercise is being played.
    """
    elapsed = _played(play, now)
    play, found = _found(play, event, elapsed)
    if found.state is not State.SENT:
        raise UsageError(message("« {title} » n'est pas encore parti : l'envoyer d'abord.", title=found.item.title))
    code = _free(play.timeline, f"{found.item.id}-R", 2)
    added = Event(code, found.item, elapsed, State.SENT, elapsed, tuple(sites) or found.sites)
    return _changed(play, (*play.timeline.events, added))


def moved(play: Play, to: Mapping[str, int], now: datetime, seen: int) -> Play:
    """Give planned events another second. Raises UsageError for a second that has passed, for what is no longer
    planned, after the end, or if the plan was changed by hand after the revision `seen`.
    """
    play, elapsed = _replanned(play, now, seen)
    changed = [replace(_still(play.timeline.event(code)), at=at) for code, at in to.items()]
    _ahead(changed, elapsed)
    return _put(play, *changed, edited=True)


def shifted(play: Play, since: int, by: int, now: datetime, seen: int) -> Play:
    """Move all that is planned at the second `since` or after it, by so many seconds. Raises UsageError as `moved`."""
    play, elapsed = _replanned(play, now, seen)
    later = [each for each in play.timeline.events if each.state is State.PLANNED and each.at >= since]
    if not later:
        raise UsageError(message("Rien n'est prévu à partir de ce moment : il n'y a rien à décaler."))
    changed = [replace(each, at=each.at + by) for each in later]
    _ahead(changed, elapsed)
    return _put(play, *changed, edited=True)


def edited(play: Play, event: str, item: Item, now: datetime, seen: int, sites: Sequence[str] = ()) -> Play:
    """Rewrite a planned event and say who receives it; its id and second stay. Raises UsageError as `moved`."""
    play, _ = _replanned(play, now, seen)
    found = _still(play.timeline.event(event))
    changed = replace(found, item=replace(item, id=found.item.id), sites=tuple(sites))
    _receivers(changed)
    return _put(play, changed, edited=True)


# ----------------------------------------------------------------------------------------------------------- the parts
def _seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 1)


def _come(event: Event, elapsed: int) -> bool:
    return event.state is State.PLANNED and event.at <= elapsed


def _reaches(event: Event, seat: str, site: str) -> bool:
    return (not seat or seat in event.item.seats) and (not site or not event.sites or site in event.sites)


def _let_go(clock: Clock, now: datetime) -> Clock:
    """Return the clock with its pause ended, so that its elapsed seconds are at `now` what they were when it began."""
    if clock.started is None or clock.paused is None:
        return clock
    at = clock.elapsed(now)
    pause = Pause(at, max(0, _seconds(clock.started, now) - clock.held - at))
    return replace(clock, paused=None, pauses=(*clock.pauses, pause))


def _not_ended(play: Play, now: datetime | None = None) -> int:
    if play.clock.ended:
        raise UsageError(message("L'exercice est terminé : son déroulé ne change plus."))
    return play.clock.elapsed(now) if now else NOT_BEGUN


def _played(play: Play, now: datetime | None = None) -> int:
    if play.clock.started is None:
        raise UsageError(message("L'exercice n'a pas commencé."))
    return _not_ended(play, now)


def _settle(play: Play, elapsed: int) -> Play:
    return replace(play, timeline=settled(play.timeline, elapsed))


def _timed(play: Play, clock: Clock, now: datetime) -> Play:
    return _changed(_settle(Play(clock, play.timeline), clock.elapsed(now)))


def _found(play: Play, event: str, elapsed: int) -> tuple[Play, Event]:
    play = _settle(play, elapsed)
    return play, play.timeline.event(event)


def _replanned(play: Play, now: datetime, seen: int) -> tuple[Play, int]:
    elapsed = _not_ended(play, now)
    if seen < play.timeline.edited:
        raise UsageError(
            message("Quelqu'un d'autre vient de modifier le déroulé : le relire, puis refaire le changement.")
        )
    return _settle(play, elapsed), elapsed


def _still(event: Event) -> Event:
    if event.state is not State.PLANNED:
        raise UsageError(
            message("« {title} » est déjà parti ou sauté : il ne peut plus être modifié.", title=event.item.title)
        )
    return event


def _ahead(events: Sequence[Event], elapsed: int) -> None:
    past = [each.item.title for each in events if each.at < max(elapsed, 0)]
    if past:
        raise UsageError(message("Ce moment de l'exercice est déjà passé pour : {titles}.", titles=past))
    if any(each.at > LONGEST for each in events):
        raise UsageError(message("Un exercice ne dure pas plus de {days} jours.", days=LONGEST // 86400))


def _receivers(event: Event) -> None:
    if not event.item.seats:
        raise UsageError(message("Dire qui reçoit ce stimulus : au moins une place à la table."))


def _free(timeline: Timeline, stem: str, first: int) -> str:
    taken = {each.id for each in timeline.events}
    number = first
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _put(play: Play, *changed: Event, edited: bool = False) -> Play:
    new = {each.id: each for each in changed}
    return _changed(play, tuple(new.get(each.id, each) for each in play.timeline.events), edited=edited)


def _changed(play: Play, events: tuple[Event, ...] | None = None, *, edited: bool = False) -> Play:
    timeline = play.timeline
    revision = timeline.revision + 1
    timeline = Timeline(
        timeline.events if events is None else events, revision, revision if edited else timeline.edited
    )
    return replace(play, timeline=timeline)
