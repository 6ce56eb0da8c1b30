"""Small plays and records for tests, made in a line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from egide.exercise.kit import Seat
from egide.exercise.module import Channel, Expectation, Function, Nature, Setting
from egide.exercise.record import FORMAT, Decision, Done, Event, Origin, Presence, Record, Site, State, Tick
from egide.exercise.script import Item, Script
from egide.message import Text

START = datetime(2026, 11, 23, 14, tzinfo=UTC)
DAY = date(2026, 11, 23)
NORTH, SOUTH = Site("n", "Nord"), Site("s", "Sud")


def after(seconds: float) -> datetime:
    """The instant so many seconds after the beginning."""
    return START + timedelta(seconds=seconds)


def expectation(code: str = "a", family: str = "continuity", minutes: int | None = 5, **other: object) -> Expectation:
    return replace(Expectation(code, Text(f"Fait {code}", f"Does {code}"), "director", family, "", minutes), **other)


def item(code: str, at: int = 0, *expected: Expectation, seats: tuple[str, ...] = ("direction",), module: str = "alert") -> Item:  # fmt: skip
    return Item(
        code, at, Text(f"Titre {code}", f"Title {code}"), Channel.CALL, Text("Infirmière", "Nurse"), seats,
        Text("Plus rien.", "Nothing works."), module, expectations=expected or (expectation(),),
    )  # fmt: skip


def script(*items: Item) -> Script:
    nothing = Text()
    functions = (
        Function("director", Text("Direction", "Management"), Nature.MANAGEMENT),
        Function("wards", Text("Services", "Wards"), Nature.CARE),
        Function("it", Text("Informatique", "IT"), Nature.TECHNICAL),
    )
    return Script(
        1, "2026-11-23", Text("Débutant", "Beginner"), 1, Setting.HOSPITAL, nothing, 10, 60, 20, (), (), (), functions,
        (Seat("direction", Text("Direction"), ("director",)), Seat("care", Text("Soins"), ("wards",))),
        {"alert": Text("Alerte", "Alert")}, items, (), (), {}, (),
    )  # fmt: skip


def event(code: str, *expected: Expectation, sent: int | None = 0, sites: tuple[str, ...] = (), of: str = "", module: str = "alert") -> Event:  # fmt: skip
    """An event sent at that second, or planned at 0 where `sent` is None; `of` is the inject if not itself."""
    state = State.PLANNED if sent is None else State.SENT
    return Event(code, item(of or code, 0, *expected, module=module), 0, state, sent, sites)


def tick(number: int, done: Done | str, observer: str = "A", on: str = "ALE-01", expected: str = "a", at: int = 60, **other: object) -> Tick:  # fmt: skip
    return Tick(number, on, expected, observer, Done(done), at, **other)


def decision(number: int, done: Done | str, at: int = 90, site: str = "") -> Decision:
    return Decision(number, "ALE-01", "a", "Mme Roy", Done(done), at, site, "revu ensemble")


def record(*events: Event, **other: object) -> Record:
    """A live play of an hour, ended, with the management and the wards."""
    made = Record(
        FORMAT, "play-1", "0" * 64, Origin.LIVE, DAY, START, after(3600), 3600, events=events,
        presence=(Presence("director"), Presence("wards", 2)),
    )  # fmt: skip
    return replace(made, **other)
