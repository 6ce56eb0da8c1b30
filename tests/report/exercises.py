"""A fictitious exercise for tests of its papers: every channel, every kind of document, lines that people added."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from egide.exercise.kit import Seat
from egide.exercise.module import EVERYBODY, Channel, Document, Expectation, Function, Kind, Nature, Setting
from egide.exercise.script import FORMAT, Item, Script
from egide.message import Text

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
