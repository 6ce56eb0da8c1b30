"""What the pages and the paper of an estimate show, as values: numbers, and texts in both languages.

They become plain data that is kept for ever: a page shows an estimate of long ago as it was, whatever became of the core.
"""

from dataclasses import dataclass, field
from datetime import date

from egide.message import Text
from egide.risk.interval import Interval

FORMAT = 1
MARKED = frozenset({"M", "A"})
"""Grades that are never shown without their mark: written from memory, assumption of ours."""
RESIDENTIAL = frozenset({"care_home", "social"})
"""Categories where people live: nobody leaves when the system is down."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the establishment, as a decimal text; `default` when it is its category's, for want of its own."""

    code: str
    title: Text
    value: str
    unit: Text
    default: bool
    grade: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """What one year in `years` costs or more; `retained` after insurance, `care` the days of care, never in euros."""

    years: int
    gross: Interval
    retained: Interval | None = None
    care: Interval | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A head of loss: what it costs a year."""

    code: str
    title: Text
    mean: Interval


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event: what it costs a year, its share of the whole, in how many years it comes once."""

    code: str
    title: Text
    mean: Interval
    share: float
    every: Interval


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A measure: its level from 0 to 1, what it would be with every blank at best, the share that was answered.

    `level` is what counts, `high` what counts once the blanks are answered at best.
    """

    code: str
    title: Text
    level: float
    high: float
    completeness: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What bringing one measure to its best would spare a year: euros, and days of care apart."""

    code: str
    title: Text
    euros: Interval
    care: Interval
    level: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """A parameter that is not well known: its share of the uncertainty of the mean."""

    id: str
    title: Text
    share: float
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question left blank, or a whole `measure`, and by how much answering would narrow the bracket, in euros a year."""

    code: str
    title: Text
    width: float
    measure: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A parameter that this establishment set otherwise than the library: both values as texts, and its reason."""

    id: str
    title: Text
    ours: Text
    theirs: Text
    unit: Text
    reason: str


@dataclass(frozen=True, slots=True)
class Care:
    """What care loses in a year; never euros, and never added to them."""

    days: Interval
    degraded: Interval | None = None
    emergencies: Interval | None = None
    danger: Interval | None = None
    """Probability that a year holds an event that may endanger somebody."""


@dataclass(frozen=True, slots=True)
class Figures:
    """An estimate as it is shown.

    `means` are the means of a year in each draw of the parameters, the same draws for every establishment of a library
    and a seed: those of several add up draw by draw. `bracket` is the mean with every blank at worst, then at best.
    """

    subject: str
    category: str
    category_title: Text
    rough: bool
    """Whether only the order of magnitude is known: one significant figure is then shown, and these words."""
    on: date
    mean: Interval
    care: Care
    years: tuple[Year, ...]
    curve: tuple[Year, ...]
    """The points of the curve, the commonest year first."""
    heads: tuple[Head, ...]
    events: tuple[Event, ...]
    safeguards: tuple[Safeguard, ...]
    gains: tuple[Gain, ...]
    exposure: tuple[Known, ...]
    bracket: tuple[Interval, Interval]
    completeness: float
    reference: float
    """The average level of measures in French hospitals, an assumption."""
    average: Interval | None = None
    """The mean were every measure at that average."""
    stress: Interval | None = None
    """The mean of a year like 2021, with more ransomware."""
    retained: Interval | None = None
    insurance: Text = field(default_factory=Text)
    question: Question | None = None
    unknown: tuple[Unknown, ...] = ()
    changed: tuple[Changed, ...] = ()
    remarks: tuple[Text, ...] = ()
    means: tuple[float, ...] = ()
    care_means: tuple[float, ...] = ()
    draws: int = 0
    simulated: int = 0
    sampling: float = 0.0
    """Relative standard error of the amount of one year in a hundred that comes from the number of simulated years."""
    seed: int = 0
    library: str = ""
    program: str = ""
    format: int = FORMAT

    @property
    def stays(self) -> bool:
        """Whether those cared for live there: nobody leaves, and their days in degraded mode are what counts."""
        return self.category in RESIDENTIAL

    @property
    def figures(self) -> int:
        """Return how many significant figures are worth showing."""
        return 1 if self.rough else 2

    def year(self, years: int) -> Year:
        """Return what one year in so many costs. Raises StopIteration when it was not kept."""
        return next(each for each in self.years if each.years == years)
