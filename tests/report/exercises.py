"""A fictitious exercise for tests of its papers: every channel, every kind of document, lines that people added."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from egide.exercise import play
from egide.exercise.debrief import Constat, Gravity, Progress, debrief
from egide.exercise.kit import Seat
from egide.exercise.making import digest
from egide.exercise.module import EVERYBODY, Channel, Document, Expectation, Function, Kind, Nature, Setting
from egide.exercise.record import FORMAT as RECORD_FORMAT
from egide.exercise.record import Act, Action, Done, Jot, Note, Origin, Presence, Record, Tick
from egide.exercise.script import FORMAT, Item, Script
from egide.exercise.validity import Reason, Verdict
from egide.message import Text, message
from egide.report.exercise_debrief import Answer, Report, When

FUNCTIONS = (
    Function("director", Text("Direction générale", "Chief executive"), Nature.MANAGEMENT),
    Function("wards", Text("Services de soins", "Wards"), Nature.CARE, ("director",)),
    Function("it", Text("Informatique", "IT"), Nature.TECHNICAL, ("director",)),
)
SEATS = (
    Seat("direction", Text("Direction", "Management"), ("director",)),
    Seat("care", Text("Soins", "Care"), ("wards",)),
    Seat("it", Text("Informatique", "IT"), ("it",)),
)
FAMILIES = ("detection", "continuity", "governance", "backup", "data")
SAID = "Bonjour, ici {place}. Je n’arrive plus à ouvrir Dossia depuis vingt minutes et j’ai les médicaments de 8 heures à préparer pour quatorze patients, dont deux insulines. Le cahier papier date d’hier. "
ANSWERS = (
    "Donne une consigne pour les prescriptions de 8 heures, et dit qui la porte dans les services",
    "Fait couper le réseau du poste sans l’éteindre",
)


def item(number: int, at: int, channel: Channel, long: int = 1) -> Item:
    """Return one line of a chronogram: its number makes its texts its own; `long` repeats what is said."""
    place = f"l’unité {number}"
    return Item(
        id=f"TST-{number:02}",
        at=at,
        title=Text(f"Le service {number} n’a plus son dossier", f"Ward {number} has lost its record"),
        channel=channel,
        sender=Text(f"Infirmière de nuit, unité {number}", f"Night nurse, ward {number}"),
        seats=tuple(each.code for each in SEATS) if number % 5 == 0 else (SEATS[number % 3].code,),
        text=Text(SAID.format(place=place) * long, f"Hello, this is ward {number}: we cannot open Dossia. " * 4 * long),
        module=("alert", "care", "press")[number % 3],
        to=(EVERYBODY,) if number % 5 == 0 else (FUNCTIONS[number % 3].code,),
        expectations=tuple(
            Expectation(f"TST-{number:02}-{letter}", Text(said, f"Gives an instruction {letter}"), FUNCTIONS[number % 3].code, FAMILIES[number % 5], minutes=minutes)
            for letter, said, minutes in zip("ab", ANSWERS, (5, None), strict=True)
        ),
        what_if=Text("Rappelez dans cinq minutes : l’heure des médicaments est passée.", "Call again in five minutes."),
        document=f"TST-D{number % 7}" if number % 4 == 0 else "",
        moment=Text("J+21, 9 h 00", "D+21, 9.00 am") if number % 6 == 0 else Text(),
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Give a document of each kind."""
    rows = tuple(
        Text(each, each)
        for each in ("Chambre | Patient | Allergie | Traitement", "12 | Mme Lucet | pénicilline | insuline 8 h", "14 | M. Vial | – | anticoagulant")
    )  # fmt: skip
    buttons = (Text("Réessayer", "Try again"), Text("Annuler", "Cancel"))
    for number, kind in enumerate(Kind):
        yield Document(
            f"TST-D{number}",
            kind,
            Text(f"Document {kind.value} du Centre fictif", f"{kind.value} of the fictitious centre"),
            Text("Orvelis Santé, service client", "Orvelis Santé, customer service"),
            Text("Direction du Centre fictif", "Management of the fictitious centre"),
            Text("Madame, Monsieur,\n\n" + SAID.format(place="nous-mêmes") * 3 + "\n\nCordialement,\nLe service client", "Dear all,\n\nWe are aware of an incident. " * 5),
            buttons if kind is Kind.SCREEN else rows if kind in {Kind.FORM, Kind.LETTER} else (),
        )  # fmt: skip


@cache
def exercise(count: int = 14, every: int = 5, level: int = 1, *, long: int = 1) -> Script:
    """Return an exercise of `count` injects, one in `every` minutes, through all channels in turn."""
    channels = tuple(Channel)
    items = [item(n, (n - 1) * every, channels[n % len(channels)], long) for n in range(1, count + 1)]
    added = replace(items[-1], id="AJOUT-1", module="", to=(), at=items[-1].at + every)
    return Script(
        format=FORMAT,
        library="2026-11-23",
        title=Text("Exercice débutant", "Beginner's exercise"),
        level=level,
        setting=Setting.HOSPITAL,
        begins=Text("un samedi, 7 h 40", "a Saturday, 7.40 am"),
        briefing=10,
        play=items[-1].at + every,
        debrief=25,
        objectives=(Text("Décider qui dirige et qui appelle, sans système d’information.", "Decide who leads and who calls."),),
        material=(Text("Une salle, une horloge, du papier.", "A room, a clock, paper."),),
        rules=(
            Text("Tout ce qui est dit commence par « exercice, exercice, exercice ».", "Everything said begins with “exercise”."),
            Text("Un vrai patient passe toujours avant l’exercice.", "A real patient always comes before the exercise."),
        ),
        functions=FUNCTIONS,
        seats=SEATS,
        modules={
            "alert": Text("Alerte et première heure", "Alert and first hour"),
            "care": Text("Soins en mode dégradé", "Degraded care"),
            "press": Text("Communication et presse", "Communication and press"),
        },
        items=(*items, added),
        documents=tuple(documents()),
        questions=(Text("Qu’avons-nous bien fait ?", "What did we do well?"), Text("À quel moment avons-nous compris ?", "When did we understand?")),
        values={"establishment": Text("Centre hospitalier de Valmorin", "Valmorin General Hospital"), "record": Text("Dossia", "Dossia"), "insurer": Text("Mutuelle Hexarque", "Hexarque Mutual")},
        examples=("record", "insurer"),
    )  # fmt: skip


BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def record(script: Script) -> Record:
    """Return a play of a script: paused once, its third inject skipped, two observers who disagree once, one silent."""

    def at(minute: int) -> datetime:
        return BEGAN + timedelta(minutes=minute)

    made = play.skipped(play.planned(script), script.items[2].id, at(0))
    made = play.resumed(play.paused(play.begun(made, at(0)), at(12)), at(22))
    made = play.ended(made, at(script.play + 10))
    held = (Done.YES, Done.PARTIAL, Done.NO, None, Done.YES)
    ticks = [
        Tick(number, item.id, one.id, "Observatrice A", done, item.at * 60 + 240 * number)
        for number, (item, one) in enumerate((item, one) for item in script.items for one in item.expectations)
        if (done := held[number % len(held)]) and item is not script.items[2]
    ]
    ticks.append(replace(ticks[0], number=900, observer="Observateur B", done=Done.NO))
    empty = Record(RECORD_FORMAT, "play-1", digest(script), Origin.LIVE, date(2026, 11, 20))
    return replace(
        play.recorded(made, empty, at(script.play + 20)),
        ticks=tuple(ticks),
        actions=(Action(1, 0, Act.BEGUN, "Animatrice"), Action(2, 600, Act.SKIPPED, "Animatrice", script.items[2].id)),
        notes=(
            Note(1, 700, Jot.LOG, "Soins", "Transfert de trois patients demandé."),
            Note(2, 4000, Jot.WELL, "Direction", "La cellule s’est réunie en dix minutes."),
            Note(3, 4010, Jot.BETTER, "Soins", "Aucun annuaire sur papier."),
        ),
        presence=(Presence("director", 1), Presence("wards", 3), Presence("it", 0)),
    )


def constats() -> tuple[Constat, ...]:
    """Return what people decided: an action in time, one late."""
    return (
        Constat("own-1", "continuity", "", "wards", Gravity.MAJOR, Text("Personne ne savait où étaient les ordonnances de secours."), remedy="Imprimer chaque soir le plan de soins.", owner="Direction des soins", due=date(2027, 1, 15), added=True),
        Constat("own-2", "governance", "", "director", Gravity.MINOR, Text("L’annuaire n’existe pas sur papier."), remedy="Classeur de crise à l’accueil.", owner="Secrétariat", due=date(2026, 12, 1), progress=Progress.STARTED, added=True),
    )  # fmt: skip


COUNTS = Verdict(
    counts=True,
    year=2026,
    reasons=(Reason("care", met=True, said=message("{count} personnes des soins étaient là.", count=3)),),
)
NOT_COUNTED = Verdict(counts=False, year=2026, reasons=(Reason("management", met=False, said=message("La direction n’était pas là."), remedy=message("Rejouer avec la direction.")), *COUNTS.reasons))  # fmt: skip


@cache
def report(count: int = 14, *, counts: bool = True) -> Report:
    """Return everything that a debrief shows."""
    script = exercise(count)
    held = record(script)
    answers = (
        Answer(When.HOT, "Qu’avons-nous bien fait ?", "Réunir la cellule."),
        Answer(When.COLD, "Qu’est-ce qui a changé depuis ?", "Un classeur de crise.", "Direction", date(2026, 12, 18)),
    )
    return Report("Centre hospitalier de Valmorin", script, held, debrief(script, held, constats()), COUNTS if counts else NOT_COUNTED, None, answers)  # fmt: skip
