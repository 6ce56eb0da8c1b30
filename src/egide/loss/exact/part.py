"""What an event costs, as independent parts, each a law that a grid can hold.

Amounts are independent parts; all the interruptions of one duration are a single part, a rising function of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from egide.loss.duration import added, cost
from egide.loss.model import Amount, Head, Interruption
from egide.loss.severity import Scaled, Severity, Stepped
from egide.loss.special import Array
from egide.loss.terms import Policy

Points = tuple[Array, Array]
"""Amounts and their probabilities."""


@dataclass(frozen=True, eq=False)
class Part:
    """With probability `occurs`, the lesser of an amount and of `top`; else nothing.

    `survival` is that of the amount before the cut, `at_top` the probability of the cut; `moment(power, limit)` is
    E[min(amount, limit)^power]. `points` are the amounts (cut) and their probabilities when there are finitely many.
    """

    occurs: float
    survival: Callable[[Array], Array]
    moment: Callable[[int, float], float]
    quantile: Callable[[float], float]
    top: float = inf
    at_top: float = 0.0
    points: Points | None = None
    shared: bool = False

    @cached_property
    def mean(self) -> float:
        """Return the mean, the cases of nothing counted; inf when there is none."""
        return self.occurs * self.moment(1, self.top)

    @cached_property
    def variance(self) -> float:
        """Return the variance, the cases of nothing counted; inf when there is none."""
        mean = self.mean
        return max(self.occurs * self.moment(2, self.top) - mean * mean, 0.0) if mean < inf else inf

    def tail(self, probability: float) -> float:
        """Return the amount passed with that probability."""
        chance = 1 - probability / self.occurs
        return min(self.top, self.quantile(chance)) if chance > 0 else 0.0


def points_of(law: Severity) -> Points | None:
    """Return the amounts of a law that has finitely many, and their probabilities."""
    if isinstance(law, Scaled) and isinstance(law.base, Stepped):
        values, chances = law.base.points
        return values * law.factor, chances
    return law.points if isinstance(law, Stepped) else None


def _moment(law: Severity, power: int, limit: float) -> float:
    """Return E[min(X, limit)^power]."""
    if power == 1:
        return law.limited(limit)
    if limit == inf:
        return law.variance + law.mean**2
    return law.partial(2, limit) + limit**2 * law.survival(limit)


def _amount(head: Amount, covered: float, top: float) -> Part:
    law = head.severity
    points = points_of(law)
    highest = covered * law.highest
    return Part(
        head.probability,
        lambda x: law.survival(x / covered),
        lambda power, limit: covered**power * _moment(law, power, limit / covered),
        lambda p: covered * law.quantile(p),
        min(top, highest),
        law.survival(top / covered) if top < highest else 0.0,
        None if points is None else (np.minimum(points[0] * covered, top), points[1]),
    )


Line = tuple[Interruption, float, float]
"""An interruption, the part of it that is covered and its limit."""


def _interruptions(lines: Iterable[Line], duration: Severity, start: float, end: float) -> Part:
    line = added([cost(head, start, end).scaled(covered).capped(top) for head, covered, top in lines])
    points = points_of(duration)
    return Part(
        1.0,
        lambda x: duration.survival(line.back(x)),
        lambda power, limit: line.moment(power, duration, limit),
        lambda p: float(line.at(np.array([duration.quantile(p)]))[0]),
        line.most,
        duration.survival(float(np.nextafter(line.reached, 0.0))) if line.most < inf else 0.0,
        None if points is None else (line.at(points[0]), points[1]),
    )


def parts_of(heads: Iterable[Head], duration: Severity | None, policy: Policy | None = None) -> tuple[Part, ...]:
    """Return the independent parts of an event: its gross cost, or what enters the claim under a policy."""
    found = []
    lines: list[Line] = []
    for head in heads:
        covered, top = 1.0, inf
        if policy is not None:
            terms = policy.of_head(head.name)
            if terms is None or not head.insurable or terms.covered == 0:
                continue
            covered, top = terms.covered, terms.sublimit
        if isinstance(head, Interruption):
            lines.append((head, covered, top))
        elif head.probability > 0:
            found.append(_amount(head, covered, top))
    if lines and duration is not None:
        start, end = (0.0, inf) if policy is None else (policy.waiting_days, policy.indemnity_days)
        found.append(_interruptions(lines, duration, start, end))
    return tuple(part for part in found if part.top > 0)
