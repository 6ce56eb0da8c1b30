"""What organisations played, planned and owe: read for all of them at once, each verdict worked out once."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from django.db.models import Count, Max
from django.utils import timezone

from egide.exercise.group import Held
from egide.exercise.play import Play, Timeline, planned, recorded
from egide.exercise.record import Done, Origin, Presence, Record, State, Tick
from egide.exercise.script import Script
from egide.exercise.validity import Duty, Verdict, duty, validity
from egide.message import Message, Text, message
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing.played import brought, usable
from egide.web.organisations.models import Organisation

KEPT = 256
"""Verdicts kept in memory: each page of an organisation asks for the same ones again."""
_told: OrderedDict[tuple[object, ...], "Told"] = OrderedDict()
PLAYED = (models.State.ENDED, models.State.CLOSED)
HEAVY = ("script", "values", "edits", "people", "dues")


@dataclass(frozen=True)
class Told:
    """What a play tells for the yearly duty: when, who was there, whether it counts; and of each site by its code."""

    held_on: date
    origin: Origin
    verdict: Verdict
    presence: tuple[Presence, ...]
    sites: Mapping[str, tuple[Verdict, tuple[Presence, ...]]]
    without: Verdict
    """What it tells of a site where nobody was, when people were counted site by site."""

    def held(self, row: models.Exercise, site: str = "") -> Held:
        """Return the exercise as its establishment held it, or the member of a group at whose site it was played."""
        other = (self.without, ()) if site and self.sites else (self.verdict, self.presence)
        verdict, presence = self.sites.get(site, other)
        return Held(str(row.uuid), Text(row.title, row.title), row.level, self.held_on, self.origin, verdict, presence)


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands on a day: its exercises by how far they are, its yearly duty, its crisis kit."""

    organisation: Organisation
    on: date
    rows: Sequence[models.Exercise]
    held: Mapping[int, Held]
    duty: Duty
    kit: models.CrisisDirectory | None

    def _in(self, *states: str) -> list[models.Exercise]:
        return [each for each in self.rows if each.state in states]

    @property
    def running(self) -> list[models.Exercise]:
        """Return what is played now."""
        return self._in(models.State.RUNNING, models.State.PAUSED)

    @property
    def planned(self) -> list[models.Exercise]:
        """Return what is prepared, the next day first, those without a day last."""
        rows = self._in(models.State.DRAFT, models.State.READY)
        return sorted(rows, key=lambda each: (each.planned_on is None, each.planned_on or self.on, each.pk))

    @property
    def to_debrief(self) -> list[models.Exercise]:
        """Return what was played and is not closed."""
        return self._in(models.State.ENDED)

    @property
    def done(self) -> list[models.Exercise]:
        """Return what is closed, the last first."""
        return self._in(models.State.CLOSED)

    @property
    def last(self) -> Held | None:
        """Return the last exercise played."""
        return max(self.held.values(), key=lambda each: each.held_on, default=None)

    @property
    def counted(self) -> Held | None:
        """Return the last exercise that counts for the yearly duty."""
        return max((each for each in self.held.values() if each.verdict.counts), key=lambda each: each.held_on, default=None)  # fmt: skip

    @property
    def coming(self) -> date | None:
        """Return the next day planned, not past."""
        return next((each.planned_on for each in self.planned if each.planned_on and each.planned_on >= self.on), None)

    @property
    def duty_said(self) -> Message:
        """Return the state of the yearly duty in a sentence."""
        year = self.on.year
        if self.duty is Duty.DONE and self.counted:
            return message("L’exercice de {year} est fait : « {title} », le {day}.", year=year, title=self.counted.title, day=self.counted.held_on)  # fmt: skip
        if self.coming and self.coming.year == year:
            return message("L’exercice de {year} est prévu le {day}.", year=year, day=self.coming)
        if self.duty is Duty.DUE:
            return message("L’exercice de {year} reste à faire, avant le 31 décembre.", year=year)
        if self.last is None:
            return message("Aucun exercice n’a encore été joué ici.")
        return message("En retard : aucun exercice qui compte en {year} ni en {before}.", year=year, before=year - 1)

    @property
    def tone(self) -> str:
        """Return the tone of the yearly duty."""
        return {Duty.DONE: "good", Duty.DUE: "info", Duty.LATE: "doubt"}[self.duty]

    @property
    def kit_said(self) -> Message:
        """Return the state of the crisis kit in a sentence."""
        if self.kit is None or self.kit.checked_on is None:
            return message("Pas encore de kit de crise : ce qu’il faut avoir sur papier la pire nuit.")
        if self.kit.expires_on and self.kit.expires_on < self.on:
            return message("Kit de crise vérifié le {day}, à revoir depuis le {expired} : des numéros ont pu changer.", day=self.kit.checked_on, expired=self.kit.expires_on)  # fmt: skip
        return message("Kit de crise vérifié le {day}, valable jusqu’au {expires}.", day=self.kit.checked_on, expires=self.kit.expires_on or "")  # fmt: skip

    @property
    def kit_short(self) -> Message:
        """Return the state of the crisis kit in a few words."""
        if self.kit is None or self.kit.checked_on is None:
            return message("pas encore")
        if self.kit.expires_on and self.kit.expires_on < self.on:
            return message("à revoir depuis le {expired}", expired=self.kit.expires_on)
        return message("vérifié le {day}", day=self.kit.checked_on)

    @property
    def elsewhere(self) -> list[Held]:
        """Return what was played with the group."""
        own = {each.pk for each in self.rows}
        return [each for key, each in self.held.items() if key not in own]

    @property
    def kit_tone(self) -> str:
        """Return the tone of the crisis kit."""
        good = self.kit and self.kit.checked_on and not (self.kit.expires_on and self.kit.expires_on < self.on)
        return "good" if good else "doubt"


def standings(organisations: Iterable[Organisation], on: date) -> list[Standing]:
    """Return where each organisation stands: twelve queries at most for all."""
    organisations = tuple(organisations)
    keys = [each.pk for each in organisations]
    rows: dict[int, list[models.Exercise]] = defaultdict(list)
    for row in models.Exercise.objects.filter(organisation__in=keys).defer(*HEAVY):
        rows[row.organisation_id].append(row)
    away = _away(keys)
    told = held_of([*chain.from_iterable(rows.values()), *(site.exercise for site in away)])
    kits = {each.organisation_id: each for each in models.CrisisDirectory.objects.filter(organisation__in=keys).defer("plain")}  # fmt: skip
    found = []
    for each in organisations:
        mine = {row.pk: told[row.pk].held(row) for row in rows[each.pk] if row.pk in told}
        mine |= {site.exercise_id: told[site.exercise_id].held(site.exercise, site.code) for site in away if site.organisation_id == each.pk and site.exercise_id in told}  # fmt: skip
        counted = [one.held_on for one in mine.values() if one.verdict.counts]
        found.append(Standing(each, on, rows[each.pk], mine, duty(counted, on), kits.get(each.pk)))
    return found


def _away(keys: Iterable[int]) -> list[models.Site]:
    """Return the sites at which organisations played an exercise of their group."""
    sites = models.Site.objects.filter(organisation__in=keys, exercise__state__in=PLAYED).select_related("exercise")
    return list(sites.defer(*(f"exercise__{each}" for each in HEAVY)))


def held_of(rows: Iterable[models.Exercise]) -> dict[int, Told]:
    """Return what each of these rows that was played tells, by key: nine queries at most for all."""
    played = {row.pk: row for row in rows if row.state in PLAYED and row.digest}
    if not played:
        return {}
    presences: dict[int, list[Presence]] = defaultdict(list)
    for each in models.Presence.objects.filter(exercise__in=played).select_related("site"):
        presences[each.exercise_id].append(Presence(each.function, each.people, each.site.code if each.site else ""))
    away = usable([key for key, row in played.items() if row.started_at is None]).defer("content", "findings")
    offline = {each.exercise_id: each for each in away}
    played = {key: row for key, row in played.items() if row.started_at is not None or key in offline}
    ticked = _ticked(played)
    seated = _seated([key for key, row in played.items() if row.started_at is not None and not presences[key]])
    names = {
        key: (*_name(row, presences[key], offline.get(key)), ticked.get(key), tuple(seated[key]))
        for key, row in played.items()
    }
    found = {key: told for key, name in names.items() if (told := _told.get(name))}
    missing = [key for key in played if key not in found]
    if missing:
        scripts = {row.pk: convert.script(row) for row in models.Exercise.objects.filter(pk__in=missing).only("script", "digest", "title")}  # fmt: skip
        live = [key for key in missing if key not in offline]
        offline |= {each.exercise_id: each for each in usable([key for key in missing if key in offline])}
        sent, ticks = _sent(live), _ticks(live)
        for key in missing:
            row, result = played[key], offline.get(key)
            presences[key] += _joined(scripts[key], seated[key])
            record = brought(row, result, presences[key]) if result else _live(row, scripts[key], presences[key], sent[key], ticks[key])  # fmt: skip
            found[key] = _told[names[key]] = _read(scripts[key], record)
            while len(_told) > KEPT:
                _told.popitem(last=False)
    return found


def _read(script: Script, record: Record) -> Told:
    """Return what a play tells, and what it tells of each site by who was there."""
    by_site: dict[str, list[Presence]] = defaultdict(list)
    for each in record.presence:
        by_site[each.site].append(each)
    sites = {code: (validity(script, replace(record, presence=tuple(there))), tuple(there)) for code, there in by_site.items() if code}  # fmt: skip
    without = validity(script, replace(record, presence=()))
    return Told(record.held_on, record.origin, validity(script, record), record.presence, sites, without)


def _ticked(keys: Iterable[int]) -> dict[int, int]:
    """Return the last tick of each: observers go on ticking after the end."""
    ticks = models.Tick.objects.filter(exercise__in=list(keys)).order_by()
    return dict(ticks.values_list("exercise").annotate(Max("pk")))


def _seated(keys: Iterable[int]) -> dict[int, list[tuple[str, tuple[str, ...]]]]:
    """Return the site and the seats of each player who said to be there: who counts until somebody counts.

    A play in one place has no site, whatever the rows say: as in `convert.live_record`.
    """
    found: dict[int, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    there = models.Participant.objects.filter(exercise__in=list(keys), role=models.Role.PLAYER).exclude(joined_at=None)
    there = there.annotate(places=Count("exercise__sites"))
    for key, site, seats, places in there.values_list("exercise", "site__code", "seats", "places"):
        found[key].append((site if site and places > 1 else "", tuple(seats)))
    return found


def _joined(script: Script, seated: Iterable[tuple[str, tuple[str, ...]]]) -> list[Presence]:
    found = Counter((site, each) for site, seats in seated for each in convert.functions_held(script, seats))
    return [Presence(function, people, site) for (site, function), people in found.items()]


def _name(row: models.Exercise, presence: Iterable[Presence], result: models.Result | None) -> tuple[object, ...]:
    facts = tuple(sorted((name, str(value)) for name, value in row.facts.items()))
    return (row.uuid, row.digest, row.revision, row.ended_at, facts, tuple(presence), result and result.fingerprint)


def _sent(keys: Iterable[int]) -> dict[int, dict[str, tuple[str, int | None]]]:
    found: dict[int, dict[str, tuple[str, int | None]]] = defaultdict(dict)
    for key, event, state, second in models.Event.objects.filter(exercise__in=list(keys)).values_list("exercise", "key", "state", "sent"):  # fmt: skip
        found[key][event] = (state, second)
    return found


def _ticks(keys: Iterable[int]) -> dict[int, list[Tick]]:
    found: dict[int, list[Tick]] = defaultdict(list)
    wanted = ("pk", "event__key", "expectation", "observer", "done", "at")
    for key, *told in (
        models.Tick.objects.filter(exercise__in=list(keys)).order_by("pk").values_list("exercise", *wanted)
    ):
        number, event, expectation, observer, done, at = told
        found[key].append(Tick(number, event, expectation, str(observer), Done(done), at))
    return found


def _live(
    row: models.Exercise,
    script: Script,
    presence: Iterable[Presence],
    sent: Mapping[str, tuple[str, int | None]],
    ticks: Iterable[Tick],
) -> Record:
    """Return a live play without its log, all sites together: all that the rule of validity asks."""
    now = timezone.now()
    events = tuple(
        replace(each, state=State(sent[each.id][0]), sent=sent[each.id][1]) if each.id in sent else each
        for each in planned(script).timeline.events
    )
    whole = replace(convert.empty_record(row, now), ticks=tuple(ticks), presence=tuple(presence))
    return recorded(Play(convert.clock(row), Timeline(events)), whole, now)
