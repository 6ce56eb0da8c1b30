"""A play that is over, as values: its record live or brought in, what it showed, what people decided since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest
from django.utils import timezone

from egide import plain
from egide.exercise import debrief as core
from egide.exercise.comparison import Comparison, compared
from egide.exercise.debrief import Debrief, debrief
from egide.exercise.outcome import Outcome
from egide.exercise.play import Play, Timeline, recorded
from egide.exercise.record import Decision, Done, Facts, Presence, Record, Site, Tick
from egide.exercise.script import Script
from egide.exercise.validity import Verdict, validity
from egide.message import Text, message
from egide.report.exercise_debrief import Answer, Report, When
from egide.web.exercises import convert, models
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right

OVER = (models.State.ENDED, models.State.CLOSED)
ADDED = 1_000_000_000
"""Rank of what was decided here on results brought in, beside their own log: it comes after."""


@dataclass(frozen=True)
class Seen:
    """A play that is over, with all that follows from it."""

    row: models.Exercise
    script: Script
    record: Record
    debrief: Debrief
    verdict: Verdict


def over(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> models.Exercise:
    """Return an exercise that was played. Raises Http404 before its end, PermissionDenied without `right` there."""
    row = room.exercise(request, uuid, right)
    if row.state not in OVER:
        raise Http404
    return row


def seen(row: models.Exercise) -> Seen:
    """Return what a play showed: eleven queries."""
    script, record = convert.script(row), record_of(row)
    return Seen(row, script, record, debrief(script, record, kept(row)), validity(script, record))


# -------------------------------------------------------------------------------------------------------------- record
def usable(rows: Iterable[int]) -> QuerySet[models.Result]:
    """Return the results of exercises that may count where nothing was played live; of one exercise, the last counts.

    Those that nobody edited come first, then those that somebody accepted, in the order of that.
    """
    found = models.Result.objects.filter(Q(edited=False) | ~Q(accepted_at=None), exercise__in=list(rows))
    return found.order_by(F("accepted_at").asc(nulls_first=True), "pk")


def record_of(row: models.Exercise) -> Record:
    """Return the record that counts of a play: the live one, else that of the results brought in. Raises Http404."""
    if row.started_at is not None:
        return convert.live_record(row)
    result = usable([row.pk]).last()
    if result is None:
        raise Http404
    sites = {each.pk: each.code for each in row.sites.all()}
    presences = [Presence(each.function, each.people, sites.get(each.site_id, "")) for each in row.presences.all()]
    record = brought(row, result, presences)
    places = {each.code for each in record.sites}
    decisions = [
        Decision(
            ADDED + each.pk, each.event.key, each.expectation, convert.signed(each.user), Done(each.done), each.at,
            code if (code := sites.get(each.site_id, "")) in places else "", each.why,
        )
        for each in row.decisions.select_related("user", "event")
    ]  # fmt: skip
    return replace(record, decisions=(*record.decisions, *decisions))


def brought(row: models.Exercise, result: models.Result, presences: Sequence[Presence]) -> Record:
    """Return the record of results with what was declared of the exercise here: who was there, for what it counts."""
    record = plain.structure(result.content, Record, result.play)
    facts = plain.structure(row.facts, Facts, row.title) if row.facts else record.facts
    return replace(record, presence=tuple(presences) or record.presence, facts=facts)


def ticked(row: models.Exercise) -> Record:
    """Return the record of a play as far as the reactions ask: five queries, whatever was written in its log."""
    if row.started_at is None:
        return record_of(row)
    now = timezone.now()
    sites = list(row.sites.all())
    codes = {each.pk: each.code for each in sites} if len(sites) > 1 else {}
    events = list(row.events.order_by("pk"))
    keys = {each.pk: each.key for each in events}
    whole = replace(
        convert.empty_record(row, now),
        sites=tuple(Site(each.code, each.name) for each in sites) if codes else (),
        ticks=tuple(
            Tick(each.pk, keys[each.event_id], each.expectation, str(each.observer_id), Done(each.done), each.at, codes.get(each.site_id, ""), each.note)
            for each in row.ticks.all()
        ),
        decisions=tuple(
            Decision(each.pk, keys[each.event_id], each.expectation, "", Done(each.done), each.at, codes.get(each.site_id, ""), each.why)
            for each in row.decisions.all()
        ),
    )  # fmt: skip
    return recorded(Play(convert.clock(row), Timeline(tuple(map(convert.event, events)))), whole, now)


# ------------------------------------------------------------------------------------------------------------ constats
def kept(row: models.Exercise) -> list[core.Constat]:
    """Return the constats as people left them: one query."""
    return [constat(each) for each in row.constats.all()]


def constat(row: models.Constat) -> core.Constat:
    """Return the constat that a row holds."""
    return core.Constat(
        id=row.key,
        family=row.family,
        measure=row.measure,
        function=row.function,
        gravity=core.Gravity(row.gravity),
        what=Text(row.what, row.what_en),
        remedy=row.remedy,
        owner=row.owner,
        due=row.due,
        progress=core.Progress(row.progress),
        added=row.added,
    )


def constat_row(row: models.Exercise, value: core.Constat) -> models.Constat:
    """Return a row, not saved, that holds a constat."""
    return models.Constat(
        exercise=row,
        key=value.id,
        family=value.family,
        measure=value.measure,
        function=value.function,
        gravity=value.gravity.value,
        what=value.what.fr,
        what_en=value.what.en,
        remedy=value.remedy,
        owner=value.owner,
        due=value.due,
        progress=value.progress.value,
        added=value.added,
    )


# ---------------------------------------------------------------------------------------------------------- comparison
def before(row: models.Exercise, on: date) -> models.Exercise | None:
    """Return the exercise of the same organisation that was played last before the day `on`, however it was played.

    Of two of one day, the one that was made first is the earlier.
    """
    rows = models.Exercise.objects.filter(organisation=row.organisation_id, state__in=OVER).exclude(pk=row.pk)
    rows = rows.annotate(day=Coalesce(TruncDate("started_at"), "planned_on"))
    rows = rows.filter(Q(day__lt=on) | Q(day=on, created_at__lt=row.created_at))
    found: models.Exercise | None = rows.order_by("day", "created_at", "pk").last()
    return found


def comparison(its: Seen) -> Comparison | None:
    """Return what changed since the last exercise of the same organisation, None when this is the first."""
    earlier = before(its.row, its.record.held_on)
    if earlier is None:
        return None
    return compared(debrief(convert.script(earlier), ticked(earlier)), its.debrief)


# -------------------------------------------------------------------------------------------------------------- report
def report(its: Seen) -> Report:
    """Return everything that the papers of an exercise show."""
    return Report(
        its.row.organisation.name,
        its.script,
        its.record,
        its.debrief,
        its.verdict,
        comparison(its),
        tuple(answers(its)),
        tuple(remarks(its)),
    )


def answers(its: Seen) -> Iterable[Answer]:
    """Give what was answered in the debrief, in the order it was asked."""
    titles = {each.code: each.title for each in its.script.functions}
    for each in its.row.answers.all():
        by = titles[each.function].fr if each.function in titles else ""
        yield Answer(When(each.moment), each.question, each.text, by, timezone.localdate(each.changed_at))


def remarks(its: Seen) -> Iterable[Text]:
    """Give what must be said of the record itself."""
    if its.row.started_at is None:
        result = usable([its.row.pk]).last()
        if result is not None and result.edited:
            yield EDITED


EDITED = Text(
    "Ces résultats ont été modifiés à la main après la fin de l’exercice ; l’établissement les a retenus tels quels.",
    "These results were changed by hand after the end of the exercise; the establishment kept them as they are.",
)


def disputed(its: Seen) -> list[Outcome]:
    """Return the reactions on which observers disagree, and those that a person has settled."""
    return [each for each in its.debrief.outcomes if each.disputed or each.settled is not None]


FIRST = message("C’est le premier exercice connu d’Égide pour cet établissement.")
