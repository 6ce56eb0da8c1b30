"""Rows of an establishment into values, in a bounded number of queries, and values into the text of a row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from egide.diagnosis.level import Level
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.family import BY_CODE as FAMILY
from egide.family import MEASURE_BY_CODE, measure_of
from egide.message import Message, Text, message
from egide.web.establishments import models
from egide.web.establishments.definitions import BY_CODE, DEFINITIONS, GROUPS, Definition, Group, Kind
from egide.web.establishments.shares import Figures

Value = Decimal | str | bool
YES_NO = {True: Text("oui", "yes"), False: Text("non", "no")}


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of a year, with where it was read."""

    definition: Definition
    year: int
    value: Value
    source: str

    @property
    def shown(self) -> Message | Text | str:
        """Return the value as people read it, with its unit."""
        return shown(self.definition, self.value)


def shown(definition: Definition, value: Value) -> Message | Text | str:
    """Return a value as people read it, with its unit."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, str):
        return value
    if definition.unit == Text():
        return message("{value}", value=value)
    return message("{value} {unit}", value=value, unit=definition.unit)


def known(rows: Iterable[models.Fact]) -> dict[str, list[Known]]:
    """Return the facts by code, the last year first; a code that this version does not know is left out."""
    found: dict[str, list[Known]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: -each.year):
        if definition := BY_CODE.get(row.code):
            found[row.code].append(Known(definition, row.year, value_of(definition, row.value), row.source))
    return dict(found)


def grouped(facts: dict[str, list[Known]]) -> list[tuple[Group, list[Known]]]:
    """Return the last known fact of each code, in the order of the definitions, by group."""
    last = [facts[each.code][0] for each in DEFINITIONS if each.code in facts]
    return [(group, [each for each in last if each.definition.group == group.code]) for group in GROUPS]


def figures(facts: dict[str, list[Known]]) -> Figures:
    """Return the numbers among the facts, by code and year."""
    return {
        code: {each.year: each.value for each in each_year if isinstance(each.value, Decimal)}
        for code, each_year in facts.items()
    }


def value_of(definition: Definition, written: str) -> Value:
    """Return the value that a row holds."""
    match definition.kind:
        case Kind.TEXT:
            return written
        case Kind.FLAG:
            return written == "yes"
        case _:
            return Decimal(written)


def written(value: Value) -> str:
    """Return the canonical text of a value: what a row holds."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value.normalize():f}"


# -------------------------------------------------------------------------------------------------------- observations
EXACT = Decimal("0.0001")
"""What a row keeps of a level."""


def observation(row: models.Observation) -> Observation:
    """Return the observation that a row holds.

    An interval that a person wrote is read as a diagnosis with something blank: its lower bound counts.
    """
    low, high = float(row.low), float(row.high)
    level, best = Level.exactly(low), Level.exactly(high)
    if row.partly_applicable:
        level, best = Level(low, _number(row.low_without)), Level(high, _number(row.high_without))
    return Observation(
        row.code or measure_of(row.family, row.measure),
        level,
        best,
        float(row.completeness),
        Source(row.source),
        Reliability(row.reliability),
        row.observed_on,
        row.note,
        _number(row.proven),
        _number(row.best_proven),
    )


def observation_row(value: Observation) -> models.Observation:
    """Return a row, not saved, that holds an observation; who, where and of what diagnosis is for the caller to say."""
    families = MEASURE_BY_CODE[value.measure].families
    applicable = value.level.high == value.level.low and value.best.high == value.best.low
    return models.Observation(
        family=families[0] if families else "",
        measure=value.measure if families and value.measure in FAMILY[families[0]].measures else "",
        code=value.measure,
        low=_kept(value.level.low),
        high=_kept(value.best.low),
        partly_applicable=not applicable,
        low_without=None if applicable or value.level.high is None else _kept(value.level.high),
        high_without=None if applicable or value.best.high is None else _kept(value.best.high),
        completeness=_kept(value.completeness),
        proven=None if value.proven is None else _kept(value.proven),
        best_proven=None if value.best_proven is None else _kept(value.best_proven),
        source=value.source,
        reliability=value.reliability,
        observed_on=value.observed_on,
        note=value.about,
    )


def _kept(level: float) -> Decimal:
    return Decimal(level).quantize(EXACT)


def _number(level: Decimal | None) -> float | None:
    return None if level is None else float(level)


def level(low: Decimal, high: Decimal) -> Message:
    """Return a level in percent, or the interval in which it is."""
    if low == high:
        return message("{level} %", level=_percent(low))
    return message("entre {low} et {high} %", low=_percent(low), high=_percent(high))


def _percent(share: Decimal) -> Decimal:
    percent = 100 * share
    return percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent.normalize()
