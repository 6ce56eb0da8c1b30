"""The kits and modules as anybody may read them: the three levels side by side, what is in each, one module whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egide import reference
from egide.exercise.kit import Kit, Library, Seat
from egide.exercise.making import script
from egide.exercise.module import Function, Inject, Module, Setting
from egide.exercise.script import Item, Script
from egide.exercise.words import CHANNELS, DOCUMENTS, SETTINGS
from egide.message import Message, Text
from egide.report.exercise_words import clock, length
from egide.web.design.navigation import Link
from egide.web.design.words import said

WHERE = "lieu"
"""The parameter of an address that says where one plays."""


@lru_cache(maxsize=32)
def example(setting: Setting, level: int, module: str = "") -> Script:
    """Return a kit, or one module at its full level, with the fictitious values."""
    return script(reference.exercises(), setting, level, {}, (module,) if module else ())


@dataclass(frozen=True)
class There:
    """A kit in one setting: how many places at the table, how many injects."""

    setting: Text
    seats: int
    injects: int


@dataclass(frozen=True)
class Level:
    """A kit in short."""

    kit: Kit
    there: Sequence[There]
    modules: Sequence[Module]

    @property
    def minutes(self) -> Message:
        """Return how long people are kept."""
        return length(self.kit.minutes)


@dataclass(frozen=True)
class Alone:
    """A module in short: where it is played, how many injects at most."""

    module: Module
    settings: Sequence[Text]
    injects: int


@dataclass(frozen=True)
class Event:
    """An inject as who prepares reads it: filled with fictitious values, with the lowest level that plays it."""

    item: Item
    level: int
    channel: Text
    to: Sequence[Text]
    expected: Sequence[tuple[Text, Text, int | None]]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the three levels side by side, and the modules."""
    library = reference.exercises()
    context = {
        "levels": [_level(each, library) for each in sorted(library.kits, key=lambda kit: kit.level)],
        "modules": [_alone(each) for each in library.modules],
        "settings": [(each.value, SETTINGS[each]) for each in Setting],
        "version": date.fromisoformat(library.version),
    }
    return render(request, "exercises/preparing/kits.html", context)


def _level(kit: Kit, library: Library) -> Level:
    there = [
        There(SETTINGS[setting], len(kit.seats[setting]), len(example(setting, kit.level).items))
        for setting in Setting
        if setting in kit.seats
    ]
    return Level(kit, there, [library.module[code] for code in dict.fromkeys(each.module for each in kit.modules)])


def _alone(module: Module) -> Alone:
    settings = module.settings or tuple(Setting)
    return Alone(
        module,
        [SETTINGS[each] for each in settings],
        max(len(module.played(max(reference.exercises().kit), each)) for each in settings),
    )


# ---------------------------------------------------------------------------------------------------------------- a kit
@require_safe
def kit(request: HttpRequest, level: int) -> HttpResponse:
    """Show what a kit is made of in one setting."""
    library = reference.exercises()
    if level not in library.kit:
        raise Http404
    found = library.kit[level]
    settings = [each for each in Setting if each in found.seats]
    chosen = _chosen(request, settings)
    made = example(chosen, level)
    context = {
        "kit": found,
        "script": made,
        "lasts": length(found.minutes),
        "setting": chosen.value,
        "where": SETTINGS[chosen],
        "tabs": _tabs(reverse("exercises:kit", args=[level]), settings, chosen),
        "seats": [(each, [one.title for one in _held(each, made.functions)]) for each in made.seats],
        "modules": _times(made, library),
    }
    return render(request, "exercises/preparing/kit.html", context)


def _chosen(request: HttpRequest, settings: Sequence[Setting]) -> Setting:
    asked = request.GET.get(WHERE, "")
    return next((each for each in settings if each == asked), settings[0])


def _tabs(address: str, settings: Sequence[Setting], chosen: Setting) -> list[Link]:
    return [Link(said(SETTINGS[each]), f"{address}?{WHERE}={each}", current=each is chosen) for each in settings]


def _held(seat: Seat, functions: Sequence[Function]) -> list[Function]:
    return [each for each in functions if each.code in seat.functions]


def _times(made: Script, library: Library) -> list[tuple[str, Module, int]]:
    """Return when each module of a kit begins, and how many of its injects are played."""
    played: dict[str, list[Item]] = {}
    for item in made.items:
        played.setdefault(item.module, []).append(item)
    begins = {code: min(item.at for item in items) for code, items in played.items()}
    return [
        (clock(begins[code]), library.module[code], len(played[code]))
        for code in sorted(begins, key=lambda code: begins[code])
    ]


# ------------------------------------------------------------------------------------------------------------- a module
@require_safe
def module(request: HttpRequest, code: str) -> HttpResponse:
    """Show a module: its purpose to all, its injects to who opens them."""
    library = reference.exercises()
    if code not in library.module:
        raise Http404
    found = library.module[code]
    settings = found.settings or tuple(Setting)
    chosen = _chosen(request, settings)
    fullest = max(library.kit)
    made = example(chosen, fullest, code)
    levels = {each.id: each for each in found.injects}
    context = {
        "module": found,
        "where": SETTINGS[chosen],
        "tabs": _tabs(reverse("exercises:module", args=[code]), settings, chosen) if len(settings) > 1 else [],
        "lasts": length(found.minutes),
        "events": [event(item, made, levels) for item in made.items],
        "documents": [(each, DOCUMENTS[each.kind], _table(each.rows)) for each in made.documents],
        "questions": made.questions[len(library.kit[fullest].questions) :],
        "kits": [each for each in library.kits if any(one.module == code for one in each.modules)],
    }
    return render(request, "exercises/preparing/module.html", context)


def event(item: Item, made: Script, injects: dict[str, Inject]) -> Event:
    """Return an inject of a script as who prepares reads it."""
    titles = {each.code: each.title for each in made.functions}
    every = (Text("tout le monde", "everybody"),)
    to = every if "all" in item.to else tuple(titles[code] for code in item.to if code in titles)
    expected = [(each.text, titles.get(each.by, Text(each.by)), each.minutes) for each in item.expectations]
    return Event(item, injects[item.id].level, CHANNELS[item.channel], to, expected)


def _table(rows: Sequence[Text]) -> list[list[str]]:
    """Return the cells of a document's rows, its heads first."""
    return [said(each).split(" | ") for each in rows]
