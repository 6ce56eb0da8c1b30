"""A kit: modules with times, who plays, how long, by which rules; and the library that holds all kits and modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from egide.exercise.module import Function, Module, Setting
from egide.message import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A {place} in the texts: what it asks, and the fictitious value that stands there until the establishment's own.

    `settings` gives another example where the exercise is played elsewhere than in a hospital.
    """

    code: str
    title: Text
    example: Text
    settings: Mapping[Setting, Text]


@dataclass(frozen=True, slots=True)
class Seat:
    """A chair at the table of a kit, and the functions that whoever sits there holds."""

    code: str
    title: Text
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A module in a kit, `at` minutes after its beginning; where `settings` is given, only there.

    `level` keeps it below the kit's own level; `without` leaves injects out; `times` gives some their own minute,
    counted from the beginning of the exercise.
    """

    module: str
    at: int
    settings: tuple[Setting, ...] = ()
    level: int | None = None
    without: tuple[str, ...] = ()
    times: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """One level of exercise. Minutes: `briefing` before, `play`, `debrief` in the room after.

    `seats` are by setting: who plays. `begins` is the day and hour of the story.
    """

    level: int
    title: Text
    summary: Text
    begins: Text
    objectives: tuple[Text, ...]
    material: tuple[Text, ...]
    rules: tuple[Text, ...]
    briefing: int
    play: int
    debrief: int
    seats: Mapping[Setting, tuple[Seat, ...]]
    modules: tuple[Placed, ...]
    questions: tuple[Text, ...]

    @property
    def minutes(self) -> int:
        """Return how long people are kept, all told."""
        return self.briefing + self.play + self.debrief


@dataclass(frozen=True, slots=True)
class Kits:
    """The file of the kits; `version` is the day of the last change to any of them or of their modules."""

    version: str
    kits: tuple[Kit, ...]


@dataclass(frozen=True)
class Library:
    """Everything exercises are made of; `version` is the day of the last change."""

    version: str
    functions: tuple[Function, ...]
    places: tuple[Place, ...]
    modules: tuple[Module, ...]
    kits: tuple[Kit, ...]

    @cached_property
    def function(self) -> Mapping[str, Function]:
        """Return the functions by code."""
        return {each.code: each for each in self.functions}

    @cached_property
    def module(self) -> Mapping[str, Module]:
        """Return the modules by code."""
        return {each.code: each for each in self.modules}

    @cached_property
    def kit(self) -> Mapping[int, Kit]:
        """Return the three kits by level."""
        return {each.level: each for each in self.kits}
