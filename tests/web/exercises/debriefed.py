"""An exercise of the hospital that was played: two observers who disagree once, one reaction that nobody saw."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from egide import plain
from egide.exercise import play as core
from egide.exercise import record
from egide.exercise.making import digest
from egide.web.exercises import convert, models
from web.exercises import rows


def played(world, days=0, **values):
    """An exercise that is over: ALE-01 disputed, ALE-02 missed, ALE-03 done, ALE-04 never sent."""
    row = rows.ready(world, **values)
    began = timezone.now() - timedelta(days=days, minutes=30)
    before = convert.play(row)
    after = core.ended(core.begun(before, began), began + timedelta(minutes=15))
    convert.save(row, before, after)
    first, second = (rows.person(row, models.Role.OBSERVER, (), name=name) for name in ("Observatrice A", "Observateur B"))  # fmt: skip
    events = {each.key: each for each in row.events.all()}
    for key, who, done in (("ALE-01", first, "yes"), ("ALE-01", second, "no"), ("ALE-02", first, "no"), ("ALE-03", first, "yes")):  # fmt: skip
        models.Tick.objects.create(exercise=row, event=events[key], expectation=f"{key}-a", observer=who, done=done, at=events[key].at + 60)  # fmt: skip
    models.Note.objects.create(
        exercise=row, kind="well", participant=first, text="Cellule réunie en dix minutes.", at=900
    )
    for function in ("director", "nurse"):
        models.Presence.objects.create(exercise=row, function=function, people=2)
    return row


def recorded(script=None, at=20, play="play-1", **values):
    """The record of a play without network, sealed."""
    made = script or rows.script()
    began = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    after = core.ended(core.begun(core.planned(made), began), began + timedelta(minutes=at))
    told = record.Record(record.FORMAT, play, digest(made), record.Origin.OFFLINE, timezone.localdate())
    told = core.recorded(after, told, began + timedelta(minutes=at))
    ticks = (record.Tick(1, "ALE-01", "ALE-01-a", "Observatrice A", record.Done.YES, 90),)
    known = {"ticks": ticks, "presence": (record.Presence("director", 1), record.Presence("nurse", 2))}
    return record.sealed(replace(told, **known | values))


def sent(told, script=None, name="resultats.json", **changes):
    """The file that the page without network saves; `changes` are made to the record by hand, after it was sealed."""
    data = plain.unstructure(told) | changes
    whole = {"kind": "egide-exercise-results", "format": 1, "record": data, "script": plain.unstructure(script or rows.script())}  # fmt: skip
    return SimpleUploadedFile(name, json.dumps(whole).encode())


def brought(world, **values):
    """An exercise that is ready, with results kept apart because they were edited by hand."""
    row = rows.ready(world, **values)
    told = recorded()
    return models.Result.objects.create(
        exercise=row, fingerprint=uuid4().hex * 2, play=told.play, edited=True, content=plain.unstructure(told),
        brought_by=world.hospital.director,
    )  # fmt: skip
