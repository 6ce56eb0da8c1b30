"""A small exercise of the hospital: two seats, four injects, one document. All fictitious."""

from datetime import timedelta

from django.utils import timezone

from egide.exercise import play as core
from egide.exercise.kit import Seat
from egide.exercise.module import Channel, Document, Expectation, Function, Kind, Nature, Setting
from egide.exercise.script import FORMAT, Item, Script
from egide.message import Text
from egide.web.exercises import convert, links, models


def both(text):
    return Text(text, f"{text} (en)")


def item(name, at, seats=("lead", "care"), **values):
    known = {
        "title": both(f"Titre {name}"),
        "channel": Channel.CALL,
        "sender": both("Infirmière fictive"),
        "text": both(f"Texte de {name}"),
        "expectations": (Expectation(f"{name}-a", both(f"Réagit à {name}"), "director", "continuity", minutes=5),),
        "what_if": both("Rappelez."),
    }
    return Item(name, at, seats=seats, **known | values)


def script(items=None, sites=()):
    return Script(
        format=FORMAT,
        library="2026-11-23",
        title=both("Exercice fictif"),
        level=1,
        setting=Setting.HOSPITAL,
        begins=both("Mardi, 7 h"),
        briefing=15,
        play=60,
        debrief=30,
        objectives=(both("Tenir"),),
        material=(),
        rules=(both("Exercice, exercice, exercice."),),
        functions=(
            Function("director", both("Direction"), Nature.MANAGEMENT),
            Function("nurse", both("Soins"), Nature.CARE),
        ),
        seats=(Seat("lead", both("Direction"), ("director",)), Seat("care", both("Soins"), ("nurse",))),
        modules={"alert": both("Alerte")},
        items=tuple(
            items
            or (
                item("ALE-01", 0, document="DOC-1"),
                item("ALE-02", 5, ("lead",)),
                item("ALE-03", 10, ("care",)),
                item("ALE-04", 20),
            )
        ),
        documents=(Document("DOC-1", Kind.NOTE, both("Écran noir"), text=both("VOS FICHIERS")),),
        questions=(both("Qu’a-t-on compris ?"),),
        values={},
        examples=(),
    )


def draft(world, **values):
    place = values.pop("of", world.hospital)
    known = {"title": "Exercice d’automne", "setting": "hospital", "created_by": place.director}
    return models.Exercise.objects.create(organisation=place.organisation, **known | values)


def ready(world, sites=(), made=None, **values):
    """An exercise ready to be played, with its sites by name."""
    row = draft(world, **values)
    for name in sites:
        models.Site.objects.create(exercise=row, code=name.lower(), name=name)
    convert.freeze(row, made or script())
    return row


def running(world, seconds=1, **values):
    """An exercise that began so many seconds ago."""
    row = ready(world, **values)
    before = convert.play(row)
    convert.save(row, before, core.begun(before, timezone.now() - timedelta(seconds=seconds)))
    return row


def person(row, role=models.Role.PLAYER, seats=("lead",), **values):
    """Who takes part, with a link."""
    made = models.Participant(exercise=row, role=role, seats=list(seats), **values)
    links.give(made)
    made.save()
    return made


def secret(row):
    return links.secret(row)
