"""The exercises of the demonstration: fictitious plays whose observations follow from a share, the same each time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from egide.exercise import play as core
from egide.exercise.module import Setting
from egide.web.audit import guard
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing import played
from egide.web.exercises.preparing import draft
from egide.web.organisations.models import Organisation, User

SUPPORT, LOCAL, CARE_HOME = "Centre hospitalier de la Vallée-Bleue", "Hôpital de proximité de Val-Clair", "EHPAD des Tilleuls"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Play:
    """A fictitious exercise that was played and closed: `well` is the share of expected reactions that were seen."""

    establishment: str
    title: str
    setting: Setting
    begun: datetime
    well: float
    values: Mapping[str, str]
    people: Mapping[str, int]


PLAYS = (
    Play(
        CARE_HOME, "Premier exercice (fictif)", Setting.HOME, datetime(2025, 5, 20, 12, tzinfo=UTC), 0.4,
        {"establishment": "EHPAD des Tilleuls (fictif)", "record": "Orvane Résident (fictif)"},
        {"director": 1, "coordinating_nurse": 1, "home_nurse": 2},
    ),
    Play(
        SUPPORT, "Exercice d’automne (fictif)", Setting.HOSPITAL, datetime(2026, 11, 19, 13, tzinfo=UTC), 0.65,
        {"establishment": "Centre hospitalier de la Vallée-Bleue (fictif)", "record": "Orvane (fictif)", "record_supplier": "Orvane Santé (fictif)", "insurer": "Mutuelle du Gué (fictive)"},
        {"director": 1, "care_director": 1, "crisis_physician": 1, "emergency": 1, "wards": 2, "it": 1, "communication": 1},
    ),
)  # fmt: skip
ANSWERS = (
    "Le tableau blanc des décisions a tenu toute la salle au courant.",
    "Personne n’avait le numéro d’urgence de l’éditeur sous la main.",
)
OWNERS = (("Alix Fictive, ingénieure biomédicale", date(2027, 1, 29)), ("Dominique Fictif, RSSI", date(2027, 2, 26)))
PLANNED = date(2027, 2, 11)


def load(by: User) -> None:
    """Write the exercises of the establishments, which exist; `by` prepared and led them."""
    found = {each.name.removesuffix(" (démonstration)"): each for each in Organisation.objects.all()}
    for each in PLAYS:
        _play(each, found[each.establishment], by)
    _prepared(found[LOCAL], by)


def _play(told: Play, of: Organisation, by: User) -> None:
    row = models.Exercise.objects.create(
        organisation=of, title=told.title, setting=told.setting, level=1, planned_on=timezone.localdate(told.begun),
        values=dict(told.values), created_by=by, created_at=told.begun - timedelta(days=6),
    )  # fmt: skip
    script = draft.script_of(row)
    convert.freeze(row, script)
    before = convert.play(row)
    over = told.begun + timedelta(minutes=script.play)
    convert.save(row, before, core.ended(core.begun(before, told.begun), over))
    observer = models.Participant.objects.create(exercise=row, role=models.Role.OBSERVER, name="Observatrice fictive")
    _log(row, by, script.play)
    _ticks(told, row, observer)
    models.Presence.objects.bulk_create(models.Presence(exercise=row, function=code, people=people) for code, people in told.people.items())  # fmt: skip
    for question, text in zip(script.questions, ANSWERS, strict=False):
        models.Answer.objects.create(exercise=row, moment=models.Moment.HOT, question=question.fr, text=text, user=by, made_at=over, changed_at=over)  # fmt: skip
    _plan(row)
    row.state, row.closed_at, row.closed_by = models.State.CLOSED, over + timedelta(days=9), by
    row.changed_at = row.closed_at
    row.save(update_fields=("state", "closed_at", "closed_by", "changed_at"))
    guard.record("debrief.closed", of, row, {"title": row.title})


def _log(row: models.Exercise, by: User, minutes: int) -> None:
    for act, at in ((models.Act.BEGUN, 0), (models.Act.ENDED, 60 * minutes)):
        models.Action.objects.create(exercise=row, act=act, at=at, user=by)
    for at, text in ((300, "Cellule réunie : la direction dirige, les soins tiennent la main courante."), (1500, "Retour au papier décidé dans tous les services.")):  # fmt: skip
        models.Note.objects.create(exercise=row, kind=models.NoteKind.LOG, at=at, text=text, user=by)


def _ticks(told: Play, row: models.Exercise, observer: models.Participant) -> None:
    """Tick each expected reaction as chance has it; one in ten nobody saw."""
    rows = []
    for event in row.events.order_by("pk"):
        for expected in event.item["expectations"]:
            drawn = _chance(f"{told.establishment} {expected['id']}")
            done = models.Done.YES if drawn < told.well else models.Done.PARTIAL if drawn < told.well + 0.15 else models.Done.NO  # fmt: skip
            if drawn < 0.9:
                late = 60 * int(expected["minutes"] or 5)
                rows.append(models.Tick(exercise=row, event=event, expectation=expected["id"], observer=observer, done=done, at=event.at + int(late * (0.4 + drawn))))  # fmt: skip
    models.Tick.objects.bulk_create(rows)


def _chance(named: str) -> float:
    """Return a number from 0 to 1 that depends on the name alone."""
    return int.from_bytes(hashlib.sha256(named.encode()).digest()[:4], "big") / 2**32


def _plan(row: models.Exercise) -> None:
    """Give the first findings somebody who answers for them, and a day."""
    found = played.seen(row).debrief.constats
    for constat, (owner, due) in zip(found, OWNERS, strict=False):
        kept = played.constat_row(row, constat)
        kept.owner, kept.due = owner, due
        kept.save()


def _prepared(of: Organisation, by: User) -> None:
    row = models.Exercise.objects.create(
        organisation=of, title="Deuxième exercice (fictif)", setting=Setting.HOSPITAL, level=2, planned_on=PLANNED,
        values={"establishment": "Hôpital de proximité de Val-Clair (fictif)", "record": "Orvane (fictif)", "town": "Val-Clair (fictif)"},
        created_by=by,
    )  # fmt: skip
    seats = draft.script_of(row).seats
    row.people = {each.code: f"Personne fictive {number}" for number, each in enumerate(seats[:4], 1)}
    row.save(update_fields=("people",))
    guard.record("exercise.made", of, row, {"title": row.title, "level": row.level})
