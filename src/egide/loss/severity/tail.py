"""Heavy tails: the generalised Pareto law, and a body with another law past a threshold.

Source of the formulas: Embrechts, Klüppelberg, Mikosch, Modelling Extremal Events, 1997, section 3.4.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from egide.loss.faults import INSIDE, NOT_NEGATIVE, NUMBER, POSITIVE, broken, check, fault, refuse
from egide.loss.severity.law import Severity
from egide.loss.severity.smooth import shifted
from egide.loss.special import Array, special
from egide.message import message

SMALL = 0.02
"""Below this |xi|, partial moments come from their series in xi: differences would lose digits."""
TERMS = 12
EXPONENTIAL = 1e-15
"""Below this |xi|, the law is exponential to the last digit."""


def _grown(rate: float, time: Array) -> Array:
    """Return the integral of exp(rate t) from 0 to `time`, which may be infinite."""
    ended = np.isinf(time)
    finite = np.where(ended, 0.0, time)
    return np.where(ended, -1 / rate if rate < 0 else inf, finite * special().exprel(rate * finite))


def _series(weights: list[float], shape: int, hazard: Array) -> Array:
    """Return the sum of `weights` times gamma laws of growing shape."""
    found = np.zeros_like(hazard)
    for n, weight in enumerate(weights):
        found += weight * special().gammainc(shape + n, hazard)
    return found


@dataclass(frozen=True)
class GeneralisedPareto(Severity):
    """The law of what passes a threshold: P(X > threshold + y) = (1 + xi y / beta)^(-1 / xi), exponential if xi = 0.

    The mean is infinite from xi = 1 on, the variance from xi = 1/2 on. A negative xi bounds the amount.
    """

    xi: float
    beta: float
    threshold: float = 0.0

    def __post_init__(self) -> None:
        check(xi=(self.xi, NUMBER), beta=(self.beta, POSITIVE), threshold=(self.threshold, NOT_NEGATIVE))

    @property
    def mean(self) -> float:
        """Return the mean; inf from xi = 1 on."""
        return self.threshold + self.beta / (1 - self.xi) if self.xi < 1 else inf

    @property
    def variance(self) -> float:
        """Return the variance; inf from xi = 1/2 on."""
        return (self.beta / (1 - self.xi)) ** 2 / (1 - 2 * self.xi) if self.xi < 0.5 else inf

    @property
    def highest(self) -> float:
        """Return the amount that is never passed."""
        return self.threshold - self.beta / self.xi if self.xi < 0 else inf

    def _at(self, z: Array) -> Array:
        return np.minimum(self.threshold + self.beta * _grown(self.xi, -special().log_ndtr(-z)), self.highest)

    def _hazard(self, x: Array) -> Array:
        """Return -log of the probability to pass `x`."""
        excess = np.maximum(x - self.threshold, 0.0) / self.beta
        if abs(self.xi) < EXPONENTIAL:
            return excess
        return np.log1p(np.maximum(self.xi * excess, -1.0)) / self.xi

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(-self._hazard(x))

    def _survival(self, x: Array) -> Array:
        return np.exp(-self._hazard(x))

    def _limited(self, x: Array) -> Array:
        return np.minimum(x, self.threshold) + self.beta * _grown(self.xi - 1, self._hazard(x))

    def _partial(self, power: int, x: Array) -> Array:
        hazard = self._hazard(x)
        orders = (lambda each: -np.expm1(-each), self._first, self._second)
        return shifted(power, self.threshold, [order(hazard) for order in orders[: power + 1]])

    def _first(self, hazard: Array) -> Array:
        if abs(self.xi) < SMALL:
            return self.beta * _series([self.xi**n for n in range(TERMS)], 2, hazard)
        return self.beta / self.xi * (_grown(self.xi - 1, hazard) - _grown(-1, hazard))

    def _second(self, hazard: Array) -> Array:
        if abs(self.xi) < SMALL:
            return self.beta**2 * _series([self.xi**n * 2 * (2 ** (n + 1) - 1) for n in range(TERMS)], 3, hazard)
        largest = _grown(2 * self.xi - 1, hazard)
        other = np.where(np.isinf(largest), 0.0, 2 * _grown(self.xi - 1, hazard))
        return (self.beta / self.xi) ** 2 * (largest - other + _grown(-1, hazard))


@dataclass(frozen=True)
class Spliced(Severity):
    """A body and a tail: with `tail_probability` the amount is the threshold plus an excess that follows `tail`.

    Else it follows `body`, truncated at the threshold. A generalised Pareto tail may carry that same threshold.
    """

    body: Severity
    threshold: float
    tail_probability: float
    tail: Severity

    def __post_init__(self) -> None:
        found = broken({"threshold": (self.threshold, POSITIVE), "tail_probability": (self.tail_probability, INSIDE)})
        if isinstance(self.tail, GeneralisedPareto):
            if self.tail.threshold not in (0.0, self.threshold):
                found.append(
                    fault(
                        "loss.tail_threshold",
                        "tail.threshold",
                        f"{self.tail.threshold:.12g}",
                        message("La queue n'a pas le seuil du raccord."),
                        message("Donner à la queue le seuil du raccord, ou aucun."),
                    )
                )
            object.__setattr__(self, "tail", GeneralisedPareto(self.tail.xi, self.tail.beta))
        if not found and not self.body.cdf(self.threshold) > 0:
            found.append(
                fault(
                    "loss.empty_body",
                    "threshold",
                    f"{self.threshold:.12g}",
                    message("Le corps de la loi n'a aucune valeur sous le seuil."),
                    message("Relever le seuil, ou choisir un autre corps."),
                )
            )
        refuse(found)

    @property
    def _weight(self) -> float:
        """Return by what the body's probabilities are multiplied."""
        return (1 - self.tail_probability) / self.body.cdf(self.threshold)

    @property
    def _body_moments(self) -> tuple[float, float]:
        """Return mean and variance of the truncated body."""
        inside = self.body.cdf(self.threshold)
        mean = self.body.partial(1, self.threshold) / inside
        return mean, max(self.body.partial(2, self.threshold) / inside - mean**2, 0.0)

    @property
    def mean(self) -> float:
        """Return the mean."""
        body, _ = self._body_moments
        return (1 - self.tail_probability) * body + self.tail_probability * (self.threshold + self.tail.mean)

    @property
    def variance(self) -> float:
        """Return the variance."""
        p = self.tail_probability
        mean, variance = self._body_moments
        apart = self.threshold + self.tail.mean - mean
        return (1 - p) * variance + p * self.tail.variance + p * (1 - p) * apart * apart

    @property
    def breaks(self) -> tuple[float, ...]:
        """Return the normal score of the threshold, and those of the two laws where they are not smooth."""
        ndtr, ndtri = special().ndtr, special().ndtri
        last = ndtri(self.body.cdf(self.threshold))
        body = [float(ndtri(self._weight * ndtr(z))) for z in self.body.breaks if z < last]
        tail = [-float(ndtri(self.tail_probability * ndtr(-z))) for z in self.tail.breaks]
        return (*body, self._score, *tail)

    @property
    def _score(self) -> float:
        return -float(special().ndtri(self.tail_probability))

    @property
    def highest(self) -> float:
        """Return the amount that is never passed."""
        return self.threshold + self.tail.highest

    def _at(self, z: Array) -> Array:
        found = np.empty_like(z)
        high = z > self._score
        ndtr, ndtri = special().ndtr, special().ndtri
        passed = np.minimum(ndtr(-z[high]) / self.tail_probability, 1.0)
        found[high] = self.threshold + self.tail._at(-ndtri(passed))
        found[~high] = np.minimum(self.body._at(self._body_score(z[~high])), self.threshold)
        return np.where(np.isnan(z), np.nan, found)

    def _body_score(self, z: Array) -> Array:
        """Return the body's normal scores, from the smaller of the two probabilities that each leaves aside."""
        ndtr, ndtri = special().ndtr, special().ndtri
        below = ndtr(z) / self._weight
        outside = self.body.survival(self.threshold)
        above = np.maximum(ndtr(-z) - self.tail_probability, 0.0) + ndtr(z) * outside
        return np.where(below < 0.5, ndtri(below), -ndtri(np.minimum(above / (1 - self.tail_probability), 1.0)))

    def _cdf(self, x: Array) -> Array:
        return np.minimum(self._partial(0, x), 1.0)

    def _survival(self, x: Array) -> Array:
        between = self.body._survival(np.minimum(x, self.threshold)) - self.body.survival(self.threshold)
        past = np.maximum(x - self.threshold, 0.0)
        tail = np.where(x < self.threshold, 1.0, self.tail._survival(past))
        return np.minimum(self._weight * between + self.tail_probability * tail, 1.0)

    def _partial(self, power: int, x: Array) -> Array:
        past = np.maximum(x - self.threshold, 0.0)
        below = [np.where(x < self.threshold, 0.0, self.tail._partial(order, past)) for order in range(power + 1)]
        body = self.body._partial(power, np.minimum(x, self.threshold))
        return self._weight * body + self.tail_probability * shifted(power, self.threshold, below)
