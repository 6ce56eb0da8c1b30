"""What exercises are made of: functions of people, and modules of injects, each inject written once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from egide.message import Text

EVERYBODY = "all"
"""In `Inject.to`: everyone who plays."""


class Setting(StrEnum):
    """Where an exercise is played: what there is to keep running."""

    HOSPITAL = "hospital"
    HOME = "home"
    """EHPAD and other medico-social homes."""
    PRACTICE = "practice"
    """A liberal practice, a health centre."""


class Nature(StrEnum):
    """What a function stands for in the rule of validity."""

    MANAGEMENT = "management"
    CARE = "care"
    SUPPORT = "support"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Function:
    """A function that somebody holds in a crisis; `stand_ins` are who takes it over where nobody plays it, in order.

    `settings` are where it exists; empty: everywhere. The last resort of every chain is the management.
    """

    code: str
    title: Text
    nature: Nature
    stand_ins: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()


class Channel(StrEnum):
    """How an inject reaches those who play."""

    CALL = "call"
    """Read aloud by the animator, as a telephone call."""
    VISIT = "visit"
    """Played by the animator, as somebody who comes in."""
    EMAIL = "email"
    SMS = "sms"
    SCREEN = "screen"
    """What is seen on a screen of the establishment."""
    PAPER = "paper"
    """A letter, a form, a list handed over."""
    PRESS = "press"
    SOCIAL = "social"
    ANIMATOR = "animator"
    """Said by the animator as such: beginning, jump in time, end."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that players should do: what an observer ticks. `by` is the function; `minutes` after the inject."""

    id: str
    text: Text
    by: str
    family: str
    measure: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Inject:
    """One event of an exercise, written once. Texts may hold the {places} of `places.yaml`.

    `level` is the lowest level of kit that plays it (1 to 3), `at` the minutes since its module began, `to` the codes
    of functions (or `EVERYBODY`), `moment` the time of the story where it is not the clock's ("J+21, 9 h 00"),
    `document` one of the module's, `what_if` what the animator does when nobody reacts or when they go elsewhere.
    `settings` are where it is played; empty: wherever its module is.
    """

    id: str
    level: int
    at: int
    title: Text
    channel: Channel
    sender: Text
    to: tuple[str, ...]
    text: Text
    expectations: tuple[Expectation, ...]
    what_if: Text
    document: str = ""
    moment: Text = Text()
    settings: tuple[Setting, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        """Return everything it says, reactions apart."""
        return (self.title, self.sender, self.text, self.what_if, self.moment)


class Kind(StrEnum):
    """What a fictitious document looks like."""

    EMAIL = "email"
    LETTER = "letter"
    FORM = "form"
    """A paper of the care: order, result, list of patients, roster."""
    PRESS = "press"
    SOCIAL = "social"
    NOTE = "note"
    """A ransom note: without any real address."""
    SCREEN = "screen"
    """A picture of a screen: `title` is the window's, `rows` its buttons."""


@dataclass(frozen=True, slots=True)
class Document:
    """A fictitious document; `rows` are the lines of a list or form: cells parted by " | ", the first line its heads."""

    id: str
    kind: Kind
    title: Text
    sender: Text = Text()
    to: Text = Text()
    text: Text = Text()
    rows: tuple[Text, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        """Return everything it says."""
        return (self.title, self.sender, self.to, self.text, *self.rows)


@dataclass(frozen=True, slots=True)
class Module:
    """A part of a crisis that can be played alone or with others; `minutes` is how long it takes at its full level."""

    code: str
    title: Text
    purpose: Text
    minutes: int
    injects: tuple[Inject, ...]
    documents: tuple[Document, ...] = ()
    questions: tuple[Text, ...] = ()
    """Asked in the debrief."""
    settings: tuple[Setting, ...] = ()

    def played(self, level: int, setting: Setting) -> tuple[Inject, ...]:
        """Return the injects of this module for a kit of that level, where it is played."""
        return tuple(
            each for each in self.injects if each.level <= level and (not each.settings or setting in each.settings)
        )
