"""A small library of exercises for tests: one module for all, one for the hospital, three kits."""

from dataclasses import replace

from egide.exercise.kit import Kit, Library, Place, Placed, Seat
from egide.exercise.module import (
    EVERYBODY,
    Channel,
    Document,
    Expectation,
    Function,
    Inject,
    Kind,
    Module,
    Nature,
    Setting,
)
from egide.message import Text

FUNCTIONS = (
    Function("director", Text("Direction", "Management"), Nature.MANAGEMENT),
    Function("wards", Text("Services", "Wards"), Nature.CARE, ("director",), (Setting.HOSPITAL,)),
    Function("pharmacy", Text("Pharmacie", "Pharmacy"), Nature.CARE, ("wards", "director"), (Setting.HOSPITAL,)),
    Function("nurse", Text("Soignante", "Carer"), Nature.CARE, ("director",), (Setting.HOME,)),
    Function("it", Text("Informatique", "IT"), Nature.TECHNICAL, ("director",)),
)
PLACES = (
    Place("establishment", Text("Établissement", "Establishment"), Text("CH de Valmorin", "Valmorin Hospital"), {Setting.HOME: Text("Les Tilleuls", "Les Tilleuls")}),
    Place("record", Text("Dossier patient", "Patient record"), Text("Dossia", "Dossia"), {}),
)  # fmt: skip


def inject(name: str, at: int = 0, to: tuple[str, ...] = ("director",), **other: object) -> Inject:
    """An inject with one expected reaction."""
    expected = Expectation(f"{name}-a", Text("Décide", "Decides"), "director", "continuity", minutes=5)
    made = Inject(
        name, 1, at, Text("Titre", "Title"), Channel.CALL, Text("Infirmière", "Nurse"), to,
        Text("{record} ne répond plus.", "{record} no longer answers."), (expected,), Text("Rappeler.", "Call again."),
    )  # fmt: skip
    return replace(made, **other)


ALERT = Module(
    "alert", Text("Alerte", "Alert"), Text("Réunir", "Gather"), 30,
    (inject("ALE-01", document="ALE-D1"), inject("ALE-02", 8, (EVERYBODY,)), inject("ALE-03", 12, ("it",), level=2)),
    (Document("ALE-D1", Kind.LETTER, Text("Lettre", "Letter"), text=Text("À {establishment}", "To {establishment}"), rows=(Text("a | b", "a | b"),)),),
    (Text("À {establishment}, quand ?", "At {establishment}, when?"),),
)  # fmt: skip
PHARMACY = Module(
    "pharmacy", Text("Pharmacie", "Pharmacy"), Text("Délivrer", "Dispense"), 20,
    (inject("PHA-01", 0, ("pharmacy",)), inject("PHA-02", 6, ("wards",), level=3)), settings=(Setting.HOSPITAL,),
)  # fmt: skip
HOME = Module("home", Text("EHPAD", "Home"), Text("Veiller", "Watch"), 20, (inject("EHP-01", 0, ("nurse",)),), settings=(Setting.HOME,))  # fmt: skip


def kit(level: int) -> Kit:
    """A kit of that level: alert everywhere, pharmacy in hospital, home in a home."""
    return Kit(
        level, Text(f"Niveau {level}", f"Level {level}"), Text("Un exercice", "An exercise"), Text("un samedi", "a Saturday"),
        (Text("Décider", "Decide"),), (Text("Du papier", "Paper"),), (Text("Ne pas appeler hors d'ici.", "No call outside."),), 10, 60, 20,
        {
            Setting.HOSPITAL: (Seat("lead", Text("Direction", "Management"), ("director", "it")), Seat("care", Text("Soins", "Care"), ("wards",))),
            Setting.HOME: (Seat("lead", Text("Direction", "Management"), ("director",)), Seat("care", Text("Soins", "Care"), ("nurse",))),
            Setting.PRACTICE: (Seat("lead", Text("Cabinet", "Practice"), ("director",)),),
        },
        (
            Placed("alert", 0, times={"ALE-02": 9}),
            Placed("pharmacy", 20, (Setting.HOSPITAL,), level=2),
            Placed("home", 20, (Setting.HOME,)),
        ),
        (Text("Et maintenant ?", "And now?"),),
    )  # fmt: skip


LATER = Module("later", Text("Plus tard", "Later"), Text("Revenir", "Return"), 20, (inject("LAT-01", level=3),))

LIBRARY = Library("2026-11-23", FUNCTIONS, PLACES, (ALERT, PHARMACY, HOME, LATER), (kit(1), kit(2), kit(3)))
