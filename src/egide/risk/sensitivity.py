"""What a result hangs on: which parameter, which safeguard, which answer. All in closed form, on the same draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from egide.diagnosis.maturity import Maturity
from egide.family import MEASURES
from egide.message import Text
from egide.risk.draws import Draws, drawn
from egide.risk.exposure import Exposure
from egide.risk.interval import Interval
from egide.risk.library import Library
from egide.risk.parameter import Kind, Parameter
from egide.risk.year import USUAL, expected

Array = NDArray[np.float64]

ENOUGH = 1000
"""Draws of which shares of variance are made: fewer would take chance for influence."""
BINS = 20
"""Groups of draws, by rising values of a parameter, whose means are compared."""
LEAST = 0.02
"""Share of variance under which chance alone may have put a parameter among the first."""
TOLD = 12
"""Parameters that a tornado names; the others are added up."""
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Weight:
    """Part of what is not known of the mean that one parameter explains (share of variance), with its mark.

    `low` and `high` are the mean losses where the parameter is in its lowest and its highest twentieth. The weight of
    id `others` is what is left: the other parameters, and what acts only together.
    """

    id: str
    title: Text
    share: float
    grade: str
    marked: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Help:
    """What a measure brought alone to its best changes in the mean year: EUR and, apart, days of care; none is above 0.

    `level` is where it stands now; `share` is the change as a part of the mean.
    """

    measure: str
    level: float
    loss: Interval
    share: float
    care_days: Interval


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How much a measure, or a question, may still lower the mean once answered: its part of the bracket, in EUR."""

    id: str
    width: Interval


@dataclass(frozen=True, slots=True)
class Worth:
    """What it would be worth, in EUR of a year, to know one parameter before choosing between options."""

    id: str
    title: Text
    value: float


# ------------------------------------------------------------------------------------------------------- parameters
@lru_cache(maxsize=4)
def _wide(library: Library, seed: int, count: int) -> Draws:
    return drawn(library, count=count, seed=seed)


def tornado(exposure: Exposure, maturity: Maturity, draws: Draws, ransomware: float = USUAL) -> tuple[Weight, ...]:
    """Return the parameters that explain most of the variance of the mean, largest first, then all the others.

    The draws are those given, and as many more as it takes.
    """
    wide = _wide(draws.library, draws.seed, max(draws.count, ENOUGH))
    total = expected(exposure, maturity, wide, ransomware).total
    read = _read(exposure, maturity, draws, ransomware)
    found = sorted(_explained(total, wide, read).items(), key=lambda each: (-each[1][0], each[0]))
    kept = [each for each in found if each[1][0] > LEAST][:TOLD]
    weights = [_weight(draws.library, name, *values) for name, values in kept]
    rest = max(1.0 - sum(each.share for each in weights), 0.0)
    mean = float(total.mean())
    others = Text("tous les autres, et leurs effets conjoints", "all the others, and what they do together")
    return (*weights, Weight(OTHERS, others, rest, "", marked=False, low=mean, high=mean))


def _weight(library: Library, name: str, share: float, low: float, high: float) -> Weight:
    known = library[name]
    return Weight(name, known.title, share, known.grade.value, known.grade.marked, low, high)


def _read(exposure: Exposure, maturity: Maturity, draws: Draws, ransomware: float) -> frozenset[str]:
    """Return the parameters that the mean of this establishment is computed from: no other can explain it."""
    few = drawn(draws.library, count=1, seed=draws.seed)
    expected(exposure, maturity, few, ransomware)
    return frozenset(few.asked)


def _explained(total: Array, draws: Draws, read: frozenset[str]) -> dict[str, tuple[float, float, float]]:
    """Return for each uncertain parameter its share of variance (less what chance alone would give), lowest, highest mean."""
    variance = float(total.var())
    if variance == 0:
        return {}
    found = {}
    for name in uncertain(draws.library):
        if name not in read:
            continue
        means = _binned(total, draws[name])
        between = float(((means - total.mean()) ** 2).mean())
        within = (variance - between) / (draws.count - BINS)
        found[name] = (max(between - (BINS - 1) * within, 0.0) / variance, float(means[0]), float(means[-1]))
    return found


def uncertain(library: Library) -> tuple[str, ...]:
    """Return the ids of the parameters that are drawn."""
    return tuple(each.id for each in library.parameters.values() if _is_uncertain(each))


def _is_uncertain(parameter: Parameter) -> bool:
    low, high = parameter.interval
    return parameter.kind in {Kind.COUNT, Kind.SPLIT} or low < high


def _binned(values: Array, by: Array) -> Array:
    """Return the means of `values` (last axis: draws) in groups of draws of rising values of a parameter."""
    order = np.argsort(by, kind="stable")
    kept = len(order) // BINS * BINS
    means: Array = values[..., order[:kept]].reshape(*values.shape[:-1], BINS, -1).mean(axis=-1)
    return means


def worth_of_knowing(costs: Array, draws: Draws) -> tuple[Worth, ...]:
    """Return what knowing each parameter is worth before choosing the cheapest option, most first (EVPPI).

    `costs` is (option, draw), on common draws. What a parameter is worth is the mean, over its values, of what choosing
    at each saves; 0 when no value of it changes the choice. Means by group of draws: a few groups of chance count too.
    """
    found = []
    for name in uncertain(draws.library):
        means = _binned(costs, draws[name])
        saved = float(means.mean(axis=1).min() - means.min(axis=0).mean())
        found.append(Worth(name, draws.library[name].title, max(saved, 0.0)))
    return tuple(sorted(found, key=lambda each: (-each.value, each.id)))


# ------------------------------------------------------------------------------------------------ safeguards, answers
def helps(exposure: Exposure, maturity: Maturity, draws: Draws, ransomware: float = USUAL) -> tuple[Help, ...]:
    """Return what each measure, brought alone to its best level, changes in the mean year; what helps most first."""
    now = expected(exposure, maturity, draws, ransomware)
    mean = float(now.total.mean())
    usual = float(draws.library["maturity.reference"].value)
    found = []
    for each in MEASURES:
        then = expected(exposure, maturity.with_level(each.code, 1.0), draws, ransomware)
        found.append(
            Help(
                each.code,
                maturity.levels[each.code].at(usual),
                Interval.of(then.total - now.total),
                float((then.total - now.total).mean()) / mean if mean else 0.0,
                Interval.of(then.care.days.values - now.care.days.values),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.loss.value, each.measure)))


def narrowing(
    exposure: Exposure,
    maturity: Maturity,
    draws: Draws,
    answered: Mapping[str, Maturity] | None = None,
    ransomware: float = USUAL,
) -> tuple[Narrowing, ...]:
    """Return how much each blank may still lower the mean, the one to answer first in front.

    `answered` gives, for each question left blank, the maturity were it answered at best; without it, measures are asked.
    """
    options = answered if answered is not None else _at_best(maturity)
    now = expected(exposure, maturity, draws, ransomware).total
    found = [
        Narrowing(name, Interval.of(now - expected(exposure, each, draws, ransomware).total))
        for name, each in options.items()
    ]
    return tuple(
        sorted((each for each in found if each.width.value > 0), key=lambda each: (-each.width.value, each.id))
    )


def _at_best(maturity: Maturity) -> dict[str, Maturity]:
    return {
        code: Maturity({**maturity.levels, code: best}, maturity.best, maturity.completeness)
        for code, best in maturity.best.items()
        if best != maturity.levels[code]
    }
