"""From a play to what it showed: results by family, function and module, findings with severity and owner, the story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from egide.errors import DataError
from egide.exercise.module import Expectation
from egide.exercise.outcome import Outcome, Result, outcomes, result
from egide.exercise.record import Act, Decision, Done, Event, Jot, Note, Record, State
from egide.exercise.script import Script
from egide.family import FAMILIES, MEASURES, measure_of
from egide.message import Message, Text, message


class Gravity(StrEnum):
    """How much a constat weighs; the first comes first."""

    MAJOR = "major"
    """Patients would have been harmed or the crisis made worse."""
    SIGNIFICANT = "significant"
    MINOR = "minor"


class Progress(StrEnum):
    """How far what a constat asks for has come."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"
    """Set aside by a person."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How grave: what was `done`, of a reaction expected `within` so many minutes (None: of any), `over` the time
    expected by at least so many percent.
    """

    done: Done
    gravity: Gravity
    within: int | None = None
    over: int = 0

    def fits(self, outcome: Outcome) -> bool:
        """Say whether the rule is about that outcome."""
        minutes = outcome.expectation.minutes
        if self.within is not None and (minutes is None or minutes > self.within):
            return False
        late = not self.over or bool(minutes and outcome.late * 100 >= self.over * minutes * 60)
        return outcome.done is self.done and late


PRESSING = 15
"""Minutes: what is expected sooner could not wait."""
GRAVITY: tuple[Rule, ...] = (
    Rule(Done.NO, Gravity.MAJOR, within=PRESSING),
    Rule(Done.NO, Gravity.SIGNIFICANT),
    Rule(Done.PARTIAL, Gravity.SIGNIFICANT, within=PRESSING),
    Rule(Done.PARTIAL, Gravity.MINOR),
    Rule(Done.YES, Gravity.SIGNIFICANT, within=PRESSING, over=100),
    Rule(Done.YES, Gravity.MINOR, over=1),
)
"""The first rule that fits says it; none: nothing is to be found with that reaction."""


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding of an exercise. `id` is INJECT/EXPECTATION, or one made by the caller for what people add.

    `seen` says what happened, `sites` where. A person may change the gravity, give an owner, a due date and a remedy,
    follow it, or add one (`added`): give those back to `debrief` as `kept`.
    """

    id: str
    family: str
    measure: str
    function: str
    gravity: Gravity
    what: Text
    seen: Message | None = None
    sites: tuple[str, ...] = ()
    remedy: str = ""
    owner: str = ""
    due: date | None = None
    progress: Progress = Progress.OPEN
    added: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """How long a reaction took, in seconds, beside the minutes expected (None: no time was set)."""

    outcome: Outcome
    seconds: int
    expected: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the story: the second of play, the instant if known, what happened, at which site (its name)."""

    at: int
    instant: datetime | None
    said: Message
    site: str = ""


@dataclass(frozen=True, slots=True)
class Debrief:
    """What a play showed. Mappings by code: families and functions as in the script, modules as in its order.

    `strengths` were done in time; `unseen` were observed by nobody; `disputed` wait for a decision; `well` and
    `better` are the notes of the hot debrief.
    """

    held_on: date
    script: str
    title: Text
    level: int
    whole: Result
    families: Mapping[str, Result]
    measures: Mapping[str, Result]
    functions: Mapping[str, Result]
    modules: Mapping[str, Result]
    sites: Mapping[str, Result]
    outcomes: tuple[Outcome, ...]
    constats: tuple[Constat, ...]
    reactions: tuple[Reaction, ...]
    story: tuple[Moment, ...]
    strengths: tuple[Outcome, ...]
    unseen: tuple[Outcome, ...]
    disputed: tuple[Outcome, ...]
    well: tuple[Note, ...]
    better: tuple[Note, ...]
    sent: int
    skipped: int
    left: int
    """Lines of the chronogram sent, skipped on purpose, and still planned at the end."""


def debrief(script: Script, record: Record, kept: Iterable[Constat] = ()) -> Debrief:
    """Return what the play showed; `kept` are constats as people left them: theirs win over those made here.

    Works on a play that still runs: what was seen so far.
    """
    seen = outcomes(record)
    states = [each.state for each in record.events]
    return Debrief(
        held_on=record.held_on,
        script=record.script,
        title=script.title,
        level=script.level,
        whole=result(seen),
        families=_by([each.code for each in FAMILIES], seen, lambda each: each.expectation.family),
        measures=_by([each.code for each in MEASURES], seen, lambda each: measure(each.expectation)),
        functions=_by([each.code for each in script.functions], seen, lambda each: each.expectation.by),
        modules=_by(list(script.modules), seen, lambda each: each.module),
        sites=_by([each.code for each in record.sites], seen, lambda each: each.site),
        outcomes=seen,
        constats=constats(seen, kept),
        reactions=_reactions(seen),
        story=story(record, seen),
        strengths=tuple(each for each in seen if each.done is Done.YES and not each.late),
        unseen=tuple(each for each in seen if each.done is None),
        disputed=tuple(each for each in seen if each.disputed),
        well=_notes(record, Jot.WELL),
        better=_notes(record, Jot.BETTER),
        sent=states.count(State.SENT),
        skipped=states.count(State.SKIPPED),
        left=states.count(State.PLANNED),
    )


def measure(expectation: Expectation) -> str:
    """Return the measure that the expectation tells of, empty where its family is none of ours."""
    try:
        return measure_of(expectation.family, expectation.measure)
    except DataError:
        return ""


# ---------------------------------------------------------------------------------------------------------- constats
def constats(seen: Iterable[Outcome], kept: Iterable[Constat] = ()) -> tuple[Constat, ...]:
    """Return the findings, the gravest first: one for each expectation, with the sites where it was missed or late.

    Of a constat that was `kept`, everything that people decide stands (gravity, owner, due date, remedy, progress). One
    whose reaction is no longer missed, because a tick was corrected, stays only if people did something about it.
    """
    missed: dict[str, list[tuple[Gravity, Outcome]]] = defaultdict(list)
    for outcome in seen:
        gravity = next((rule.gravity for rule in GRAVITY if rule.fits(outcome)), None)
        if gravity:
            missed[f"{outcome.inject}/{outcome.expectation.id}"].append((gravity, outcome))
    left = {each.id: each for each in kept}
    made = [_constat(code, several, left.get(code)) for code, several in missed.items()]
    made += [each for each in left.values() if each.id not in missed and (each.added or _touched(each))]
    return tuple(sorted(made, key=lambda each: (*_weight(each), each.id)))


def plan(found: Iterable[Constat]) -> tuple[Constat, ...]:
    """Return the action plan: what is neither done nor set aside, by due date (none last), then by gravity."""
    open_ones = [each for each in found if each.progress in {Progress.OPEN, Progress.STARTED}]
    return tuple(sorted(open_ones, key=lambda each: (each.due or date.max, *_weight(each), each.id)))


def _constat(code: str, several: Sequence[tuple[Gravity, Outcome]], left: Constat | None) -> Constat:
    gravity, worst = min(several, key=lambda pair: (list(Gravity).index(pair[0]), pair[1].low))
    fresh = Constat(
        id=code,
        family=worst.expectation.family,
        measure=measure(worst.expectation),
        function=worst.expectation.by,
        gravity=gravity,
        what=worst.expectation.text,
        seen=_seen(worst),
        sites=tuple(outcome.site for _, outcome in several if outcome.site),
    )
    if left is None:
        return fresh
    return replace(
        fresh, gravity=left.gravity, remedy=left.remedy, owner=left.owner, due=left.due, progress=left.progress
    )


def _seen(outcome: Outcome) -> Message:
    minutes = outcome.expectation.minutes
    if outcome.disputed:
        return message("Les observateurs ne sont pas d'accord : compté comme fait en partie.")
    if outcome.done is Done.PARTIAL:
        return message("Fait en partie.")
    if outcome.done is Done.NO:
        return message("Pas fait.") if minutes is None else message("Pas fait (attendu en {minutes} min).", minutes=minutes)  # fmt: skip
    return message("Fait en {took} au lieu de {minutes} min.", took=clocked(outcome.delay or 0), minutes=minutes)


def _touched(constat: Constat) -> bool:
    return bool(constat.owner or constat.due or constat.remedy or constat.progress is not Progress.OPEN)


def _weight(constat: Constat) -> tuple[int, int]:
    codes = [each.code for each in FAMILIES]
    family = codes.index(constat.family) if constat.family in codes else len(codes)
    return list(Gravity).index(constat.gravity), family


# ------------------------------------------------------------------------------------------------------------- the rest
def _by(codes: Sequence[str], seen: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Result]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for each in seen:
        groups[key(each)].append(each)
    return {code: result(groups[code]) for code in codes if code in groups}


def _reactions(seen: Iterable[Outcome]) -> tuple[Reaction, ...]:
    """Return the reactions whose time is known, the latest beside what was expected first."""
    known = [Reaction(each, each.delay, each.expectation.minutes, each.late) for each in seen if each.delay is not None]
    return tuple(sorted(known, key=lambda each: (-each.late, each.seconds)))


def _notes(record: Record, kind: Jot) -> tuple[Note, ...]:
    return tuple(sorted((each for each in record.notes if each.kind is kind), key=lambda each: each.number))


def clocked(seconds: int) -> Message:
    """Return seconds of play as people read them: 45 s, 12 min, 1 h 05."""
    if seconds < 60:
        return message("{seconds} s", seconds=seconds)
    if seconds < 3600:
        return message("{minutes} min", minutes=seconds // 60)
    return message("{hours} h {minutes}", hours=seconds // 3600, minutes=f"{seconds % 3600 // 60:02}")


TOLD = {Act.SKIPPED: message("« {title} » est sauté."), Act.RESTORED: message("« {title} » est remis.")}
"""What the story tells of the animators' actions; the others show by what they did."""


def story(record: Record, seen: Iterable[Outcome]) -> tuple[Moment, ...]:
    """Return what happened, in order: beginning, injects, pauses, reactions, what was written and decided, end."""
    events = {each.id: each for each in record.events}
    names = {each.code: each.name for each in record.sites}
    lines: list[tuple[int, int, str, Message]] = []
    if record.started:
        lines.append((0, 0, "", message("Début de l'exercice (STARTEX).")))
    repeats: set[str] = set()
    for event in sorted((each for each in record.events if each.sent is not None), key=lambda each: each.sent or 0):
        where = ", ".join(names.get(code, code) for code in event.sites)
        lines.append((event.sent or 0, 1, where, _sent(event, event.item.id in repeats)))
        repeats.add(event.item.id)
    lines += [
        (each.at, 2, "", replace(TOLD[each.act], values={"title": events[each.event].item.title}))
        for each in record.actions
        if each.act in TOLD and each.event in events
    ]
    for one in seen:
        if one.reacted is not None:
            said = _reaction(one)
            lines.append((one.reacted, 3, names.get(one.site, one.site), said))
    lines += [
        (each.at, 4, names.get(each.site, each.site), message("{by} : {text}", by=each.by, text=each.text))
        for each in sorted(record.notes, key=lambda each: each.number)
        if each.kind not in {Jot.WELL, Jot.BETTER}
    ]
    lines += [
        (one.settled.at, 4, names.get(one.site, one.site), _settled(one, one.settled)) for one in seen if one.settled
    ]
    lines += [(each.at, 5, "", message("Pause de {length}.", length=clocked(each.seconds))) for each in record.pauses]
    if record.lasted is not None:
        lines.append((record.lasted, 6, "", message("Fin de l'exercice (ENDEX).")))
    lines.sort(key=lambda line: line[:2])
    return tuple(Moment(at, record.wall(at), said, site) for at, _, site, said in lines)


def _sent(event: Event, repeated: bool) -> Message:
    if repeated:
        return message("« {title} » est renvoyé.", title=event.item.title)
    return message("« {title} » est envoyé.", title=event.item.title)


def _settled(outcome: Outcome, decision: Decision) -> Message:
    text, by = outcome.expectation.text, decision.by
    match outcome.done:
        case Done.YES:
            return message("{by} décide : fait. {text}", by=by, text=text)
        case Done.PARTIAL:
            return message("{by} décide : fait en partie. {text}", by=by, text=text)
        case Done.NO:
            return message("{by} décide : pas fait. {text}", by=by, text=text)
        case _:
            return message("{by} décide : non observé. {text}", by=by, text=text)


def _reaction(outcome: Outcome) -> Message:
    text, took = outcome.expectation.text, clocked(outcome.delay or 0)
    if outcome.delay is None:
        return message("Sans attendre le stimulus : {text}", text=text)
    if outcome.done is Done.PARTIAL:
        return message("En partie, au bout de {took} : {text}", text=text, took=took)
    return message("Au bout de {took} : {text}", text=text, took=took)
