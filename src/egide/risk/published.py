"""Published national figures, as the reference data holds them: what was published, where, and what it is tried against.

A figure has a role: it helped to choose a parameter, or it entered none. What cannot be tried stands apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from egide import plain
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.risk.parameter import Grade

FILE = "national.yaml"


class Role(StrEnum):
    """What a figure was to the model. Half held out counts as calibrated."""

    CALIBRATED = "calibrated"
    HELD_OUT = "held_out"

    @property
    def said(self) -> Message:
        """Return the heading of the figures of this role."""
        calibrated = message("Chiffres qui ont servi au calage : un accord n'y prouve rien")
        return (
            calibrated
            if self is Role.CALIBRATED
            else message("Chiffres mis de côté : ils n'entrent dans aucun paramètre")
        )


class Unit(StrEnum):
    """What a figure counts: events or structures, a part of a whole, days, EUR, a rank among quantiles."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    EUROS = "euros"
    RANK = "rank"


@dataclass(frozen=True)
class Measure:
    """What the model works out beside a published figure, said in words."""

    id: str
    says: Text


@dataclass(frozen=True)
class Figure:
    """A published figure: one value, or the two ends of a range, in its unit.

    `line` is the line of the specification; `amount`, `retention` and `limit` are in EUR; `cases` is how many cases a
    proportion was seen on; `miss` is why a figure is known to fall outside, empty when it is not.
    """

    id: str
    line: int
    name: Text
    year: str
    published: tuple[Decimal, ...]
    unit: Unit
    measure: str
    role: Role
    source: Text
    grade: Grade
    population: Text
    note: Text = Text()
    miss: Text = Text()
    cases: int = 0
    amount: Decimal = Decimal(0)
    category: str = ""
    retention: Decimal = Decimal(0)
    limit: Decimal = Decimal(0)

    @property
    def ends(self) -> tuple[float, float]:
        """Return the two ends of what was published, twice the same value when there is only one."""
        return float(self.published[0]), float(self.published[-1])


@dataclass(frozen=True)
class Untested:
    """A published or missing figure against which the model cannot be tried, and why."""

    id: str
    name: Text
    published: Text
    reason: Text
    line: int = 0


@dataclass(frozen=True)
class Stress:
    """A year out of any forecast: ransomware times `stress.ransomware`; `published` is what was counted in such a year."""

    name: Text
    says: Text
    published: Decimal
    source: Text


@dataclass(frozen=True)
class Beside:
    """A known case that is printed beside the model, not fitted and not tried."""

    name: Text
    says: Text
    source: Text


@dataclass(frozen=True)
class Operation:
    """Scenarios whose reports touch operation alike: the parameters `operation.<id>.degraded` and `.untouched`."""

    id: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """All published figures, and the words that go with them."""

    version: str
    title: Text
    base: Text
    operations: tuple[Operation, ...]
    measures: tuple[Measure, ...]
    figures: tuple[Figure, ...]
    untested: tuple[Untested, ...]
    stress: Stress
    beside: tuple[Beside, ...]

    @cached_property
    def says(self) -> Mapping[str, Text]:
        """Return what each measure is, in words."""
        return {each.id: each.says for each in self.measures}

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what a verdict depends on: values, measures, roles; no title, no source."""
        figures = [
            [each.id, each.year, list(each.published), each.measure, each.role, each.cases, each.amount, each.category, each.retention, each.limit]
            for each in self.figures
        ]  # fmt: skip
        return plain.digest(plain.unstructure([figures, list(self.operations)]))


def checked(published: Published) -> Published:
    """Return the figures as they are. Raises DataError with every fault."""
    found = []
    ids = [each.id for each in published.figures]
    for each in published.figures:
        for wrong, understood in (
            (each.measure not in published.says, message("Mesure inconnue : {measure}.", measure=each.measure)),
            (len(each.published) not in {1, 2} or each.ends[0] > each.ends[1], message("Une valeur, ou les deux bornes d'une plage dans l'ordre, sont attendues.")),
            (ids.count(each.id) > 1, message("Cet identifiant est donné deux fois.")),
        ):  # fmt: skip
            if wrong:
                remedy = message("Corriger le chiffre publié.")
                found.append(Finding("risk.published", Severity.ERROR, understood, remedy, FILE, each.id))
    if found:
        raise DataError(message("les chiffres nationaux publiés ne peuvent pas être utilisés"), tuple(found))
    return published
