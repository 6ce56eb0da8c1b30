"""The crisis kit of an establishment: whom to call, what each one does first, what is written on paper meanwhile.

It is the real thing, not an exercise. The kit is shown with what is missing in it: a blank is printed as a blank, and
said as a finding.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from egide.exercise.clock import LegalClocks
from egide.exercise.module import Function, Setting
from egide.finding import Finding
from egide.message import Text

NUMBERS_KEPT = 3
"""Months after which a directory must be checked again: people leave, telephones change (an assumption of ours)."""
PAPER_KEPT = 12
"""Months after which the whole kit must be printed again: it is used in the yearly exercise, then corrected."""
LINES = 12
"""The most lines of a reflex card: what is read standing up, in a corridor."""


# ------------------------------------------------------------------------------------------- what is the same for all
@dataclass(frozen=True, slots=True)
class Card:
    """What one function does in the first hour: `steps` in the order they are done, `never` what must not be done."""

    function: str
    steps: tuple[Text, ...]
    never: tuple[Text, ...]
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form of the degraded mode, printed one to a page and photocopied.

    `fields` are filled in above the table, two to a line; `heads` are the columns and `widths` their millimetres, or
    shares ("2f", "18"); `lines` the empty rows; `rows` are lines already named in the first column. `wide` lies on the
    long side of the page. `use` says who fills it in, when, and where it goes afterwards.
    """

    code: str
    title: Text
    use: Text
    heads: tuple[Text, ...]
    widths: str
    lines: int = 0
    rows: tuple[Text, ...] = ()
    fields: tuple[Text, ...] = ()
    note: Text = Text()
    wide: bool = False
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A holding line: words that may be said or published as they stand, before everything is known."""

    code: str
    title: Text
    use: Text
    text: Text
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside whom everybody calls. A number that was not found in a source is empty: a line to fill in."""

    code: str
    title: Text
    why: Text
    telephone: str = ""
    address: str = ""
    source: str = ""
    seen_on: date | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything of a crisis kit that is the same for everybody; `needed` are the functions of the cell, by setting.

    `version` is the day of the last change to any of it.
    """

    version: str
    needed: Mapping[Setting, tuple[str, ...]]
    cards: tuple[Card, ...] = ()
    forms: tuple[Form, ...] = ()
    statements: tuple[Statement, ...] = ()
    contacts: tuple[Contact, ...] = ()
    returns: tuple[Text, ...] = ()
    """What to look after when the systems come back."""


# ----------------------------------------------------------------------------------------------- what is the house's own
@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the crisis cell; `function` is a code of the functions, `night` the number that answers at 3 a.m."""

    function: str
    name: str
    telephone: str = ""
    night: str = ""
    stand_in: str = ""
    stand_in_telephone: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing but the function is written: a line of a model file left as it was."""
        return not "".join((self.name, self.telephone, self.night, self.stand_in, self.stand_in_telephone)).strip()


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier to call in a crisis: what it `runs`, the `contract` to quote, and whether its number `always` answers."""

    name: str
    runs: str = ""
    contract: str = ""
    telephone: str = ""
    always: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is written."""
        return not "".join((self.name, self.runs, self.contract, self.telephone)).strip()


@dataclass(frozen=True, slots=True)
class Insurance:
    """The cyber policy; `hours` is the time that the contract gives to tell the insurer."""

    insurer: str = ""
    policy: str = ""
    telephone: str = ""
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The establishment's own number for one of the contacts, by its code."""

    contact: str
    telephone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Whom to call, and where things are; `checked_on` is the day all its numbers were last tried."""

    checked_on: date | None = None
    room: str = ""
    spare_room: str = ""
    means: str = ""
    """How the cell talks without the network."""
    paper: str = ""
    """Where the stock of paper forms is."""
    backups: str = ""
    """Where the offline copies are, and who has the key."""
    people: tuple[Person, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    insurance: Insurance = Insurance()
    contacts: tuple[Line, ...] = ()

    @property
    def expires_on(self) -> date | None:
        """Return the day from which its numbers can no longer be relied upon, None while they were never checked."""
        return later(self.checked_on, NUMBERS_KEPT) if self.checked_on else None


@dataclass(frozen=True, slots=True)
class Establishment:
    """An establishment as its file says it: `values` are its own words for the places of the exercises, by code.

    `seats` says who sits where in an exercise, by the code of the seat.
    """

    setting: Setting
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    directory: Directory = Directory()
    seats: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> Mapping[str, Text]:
        """Return the values as the making of an exercise takes them: one language, those that say something."""
        given = {code: value.strip() for code, value in self.values.items()}
        return {code: Text(value) for code, value in given.items() if value}


# ------------------------------------------------------------------------------------------------------------- the kit
@dataclass(frozen=True, slots=True)
class Called:
    """A line of the directory of outside contacts: the contact, and the number that this establishment calls."""

    contact: Contact
    telephone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CrisisKit:
    """Everything that is printed for one establishment. Days: `numbers_until` of the directory, `until` of the paper."""

    version: str
    establishment: Establishment
    functions: tuple[Function, ...]
    missing: tuple[Function, ...]
    """Functions of the cell that nobody holds yet: printed as blank lines."""
    cards: tuple[Card, ...]
    forms: tuple[Form, ...]
    statements: tuple[Statement, ...]
    contacts: tuple[Called, ...]
    clocks: LegalClocks
    returns: tuple[Text, ...]
    findings: tuple[Finding, ...]
    made_on: date
    numbers_until: date | None
    until: date


def later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def there(settings: Sequence[Setting], setting: Setting) -> bool:
    """Whether what names these settings exists in that one; naming none, it exists everywhere."""
    return not settings or setting in settings
