"""The usual laws of an amount, in closed form.

Source of the formulas: Klugman, Panjer, Willmot, Loss Models, 5th ed., appendix A; for the PERT law, Vose, Risk
Analysis, 3rd ed., 2008.
"""

from dataclasses import dataclass
from math import inf, log
from statistics import NormalDist

import numpy as np

from egide.finding import Finding
from egide.loss.faults import INSIDE, NOT_NEGATIVE, NUMBER, POSITIVE, Rule, broken, check, fault, refuse
from egide.loss.severity.law import Severity, from_tails
from egide.loss.special import Array, special
from egide.message import message

SHAPE = Rule(
    "loss.shape",
    lambda value: 0 < value <= 1e6,
    message("La forme d'une loi gamma est comprise entre 0 (exclu) et 1 000 000."),
    message("Écrire un nombre de cet intervalle ; au-delà, le montant varie si peu qu'une constante le remplace."),
)
"""Past that shape, the inverse of the incomplete gamma function is known to lose digits."""
WEIGHT = Rule(
    "loss.weight",
    lambda value: 0 <= value <= 1e6,
    message("Le poids du mode est compris entre 0 et 1 000 000."),
    message("Écrire 4, le poids usuel, ou un nombre entre 0 et 1 000 000."),
)

FAR = 1e-100
"""A probability below which a beta law is all but a power, and SciPy may find no quantile."""


def _exp(x: float) -> float:
    """Return exp(x), inf when it is more than a number can hold."""
    with np.errstate(over="ignore"):
        return float(np.exp(x))


def _spread(mean: float, logarithm: float) -> float:
    """Return the variance mean^2 x (exp(logarithm) - 1); the mean itself when it is 0 or infinite."""
    if not 0 < mean < inf:
        return mean
    with np.errstate(over="ignore"):
        return mean * (mean * float(np.expm1(logarithm)))


def _order_faults(lower: tuple[str, float, float], upper: tuple[str, float, float]) -> list[Finding]:
    """Return the finding of two quantiles (name of the field, probability, amount) that do not go up together."""
    if (lower[1] - upper[1]) * (lower[2] - upper[2]) > 0:
        return []
    return [
        fault(
            "loss.quantile_order",
            upper[0],
            f"{upper[2]:.12g}",
            message(
                "Le quantile à {upper} ({amount}) et celui à {lower} ({other}) ne croissent pas ensemble.",
                upper=f"{upper[1]:.12g}",
                amount=f"{upper[2]:.12g}",
                lower=f"{lower[1]:.12g}",
                other=f"{lower[2]:.12g}",
            ),
            message("Donner deux probabilités différentes, et le plus grand montant à la plus grande."),
        )
    ]


@dataclass(frozen=True)
class Lognormal(Severity):
    """exp(mu + sigma Z), Z standard normal."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        check(mu=(self.mu, NUMBER), sigma=(self.sigma, POSITIVE))

    @classmethod
    def from_median(cls, median: float, p: float, x: float) -> "Lognormal":
        """Return the law of that median whose quantile at `p` is `x`: p = 0.95 and x = the amount of a bad case."""
        found = broken({"median": (median, POSITIVE), "p": (p, INSIDE), "x": (x, POSITIVE)})
        refuse(found or _order_faults(("median", 0.5, median), ("x", p, x)))
        return cls(log(median), (log(x) - log(median)) / NormalDist().inv_cdf(p))

    @classmethod
    def from_quantiles(cls, p1: float, x1: float, p2: float, x2: float) -> "Lognormal":
        """Return the law whose quantiles at `p1` and `p2` are `x1` and `x2`."""
        found = broken({"p1": (p1, INSIDE), "x1": (x1, POSITIVE), "p2": (p2, INSIDE), "x2": (x2, POSITIVE)})
        refuse(found or _order_faults(("x1", p1, x1), ("x2", p2, x2)))
        first, second = NormalDist().inv_cdf(p1), NormalDist().inv_cdf(p2)
        sigma = (log(x2) - log(x1)) / (second - first)
        return cls(log(x1) - sigma * first, sigma)

    @property
    def mean(self) -> float:
        """Return the mean."""
        return _exp(self.mu + self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        """Return the variance."""
        return _spread(self.mean, self.sigma**2)

    def scaled(self, factor: float) -> "Lognormal":
        """Return the law of `factor` times the amount."""
        check(factor=(factor, POSITIVE))
        return Lognormal(self.mu + log(factor), self.sigma)

    def _at(self, z: Array) -> Array:
        return np.exp(self.mu + self.sigma * z)

    def _score(self, x: Array) -> Array:
        return (np.log(np.maximum(x, 0.0)) - self.mu) / self.sigma

    def _cdf(self, x: Array) -> Array:
        return special().ndtr(self._score(x))

    def _survival(self, x: Array) -> Array:
        return special().ndtr(-self._score(x))

    def _partial(self, power: int, x: Array) -> Array:
        moment = power * self.mu + (power * self.sigma) ** 2 / 2
        return np.exp(moment + special().log_ndtr(self._score(x) - power * self.sigma))


@dataclass(frozen=True)
class Gamma(Severity):
    """A gamma law: mean shape x scale, variance shape x scale^2."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        check(shape=(self.shape, SHAPE), scale=(self.scale, POSITIVE))

    @property
    def mean(self) -> float:
        """Return the mean."""
        return self.shape * self.scale

    @property
    def variance(self) -> float:
        """Return the variance."""
        return self.shape * self.scale**2

    def _at(self, z: Array) -> Array:
        return self.scale * from_tails(
            z,
            lambda below: special().gammaincinv(self.shape, below),
            lambda above: special().gammainccinv(self.shape, above),
        )

    def _cdf(self, x: Array) -> Array:
        return special().gammainc(self.shape, np.maximum(x, 0.0) / self.scale)

    def _survival(self, x: Array) -> Array:
        return special().gammaincc(self.shape, np.maximum(x, 0.0) / self.scale)

    def _partial(self, power: int, x: Array) -> Array:
        moment = (1.0, self.mean, self.mean * (self.shape + 1) * self.scale)[power]
        return moment * special().gammainc(self.shape + power, np.maximum(x, 0.0) / self.scale)


@dataclass(frozen=True)
class Weibull(Severity):
    """A Weibull law: P(X > x) = exp(-(x / scale)^shape)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        check(shape=(self.shape, POSITIVE), scale=(self.scale, POSITIVE))

    @property
    def mean(self) -> float:
        """Return the mean."""
        return _exp(self._log_moment(1))

    @property
    def variance(self) -> float:
        """Return the variance."""
        return _spread(self.mean, self._log_moment(2) - 2 * self._log_moment(1))

    def _log_moment(self, power: int) -> float:
        return power * log(self.scale) + float(special().gammaln(1 + power / self.shape))

    def _at(self, z: Array) -> Array:
        return self.scale * (-special().log_ndtr(-z)) ** (1 / self.shape)

    def _hazard(self, x: Array) -> Array:
        return (np.maximum(x, 0.0) / self.scale) ** self.shape

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(-self._hazard(x))

    def _survival(self, x: Array) -> Array:
        return np.exp(-self._hazard(x))

    def _partial(self, power: int, x: Array) -> Array:
        return np.exp(self._log_moment(power) + np.log(special().gammainc(1 + power / self.shape, self._hazard(x))))


def _part_below(a: float, b: float, p: Array) -> Array:
    """Return the quantiles of a beta law on [0, 1]: below `FAR`, where SciPy finds none, by the power that its start is."""
    return special().betaincinv(a, b, np.maximum(p, FAR)) * np.minimum(p / FAR, 1) ** (1 / a)


@dataclass(frozen=True)
class Pert(Severity):
    """A beta law between `least` and `most` whose mode is `mode`; the larger the `weight`, the closer to the mode."""

    least: float
    mode: float
    most: float
    weight: float = 4.0

    def __post_init__(self) -> None:
        found = broken(
            {
                "least": (self.least, NOT_NEGATIVE),
                "mode": (self.mode, NOT_NEGATIVE),
                "most": (self.most, POSITIVE),
                "weight": (self.weight, WEIGHT),
            }
        )
        refuse(found or self._order())

    def _order(self) -> list[Finding]:
        understood = message("Le minimum, le mode et le maximum ne sont pas dans l'ordre.")
        remedy = message("Écrire minimum ≤ mode ≤ maximum, avec un maximum plus grand que le minimum.")
        wrong = {
            "mode": (self.mode, self.mode < self.least),
            "most": (self.most, self.most < self.mode or self.most == self.least),
        }
        return [
            fault("loss.order", field, f"{value:.12g}", understood, remedy)
            for field, (value, bad) in wrong.items()
            if bad
        ]

    @property
    def _width(self) -> float:
        return self.most - self.least

    @property
    def _shapes(self) -> tuple[float, float]:
        low = self.weight * (self.mode - self.least) / self._width
        high = self.weight * (self.most - self.mode) / self._width
        return 1 + low, 1 + high

    @property
    def mean(self) -> float:
        """Return the mean."""
        return (self.least + self.weight * self.mode + self.most) / (self.weight + 2)

    @property
    def variance(self) -> float:
        """Return the variance."""
        a, b = self._shapes
        return self._width**2 * a * b / ((a + b) ** 2 * (a + b + 1))

    @property
    def highest(self) -> float:
        """Return the maximum."""
        return self.most

    def _at(self, z: Array) -> Array:
        a, b = self._shapes
        return from_tails(
            z,
            lambda below: self.least + self._width * _part_below(a, b, below),
            lambda above: self.most - self._width * _part_below(b, a, above),
        )

    def _part(self, x: Array) -> Array:
        return (np.clip(x, self.least, self.most) - self.least) / self._width

    def _cdf(self, x: Array) -> Array:
        a, b = self._shapes
        return special().betainc(a, b, self._part(x))

    def _survival(self, x: Array) -> Array:
        a, b = self._shapes
        return special().betainc(b, a, (self.most - np.clip(x, self.least, self.most)) / self._width)

    def _partial(self, power: int, x: Array) -> Array:
        a, b = self._shapes
        part = self._part(x)
        first = self._width * a / (a + b)
        second = self._width * first * (a + 1) / (a + b + 1)
        below = [
            moment * special().betainc(a + order, b, part)
            for order, moment in enumerate((1.0, first, second)[: power + 1])
        ]
        return shifted(power, self.least, below)


def shifted(power: int, by: float, below: list[Array]) -> Array:
    """Return the partial moment of by + Y from those of Y, orders 0 to `power`."""
    if power == 0 or by == 0:  # what has no mean may stand at 0
        return below[power]
    if power == 1:
        return by * below[0] + below[1]
    return by * by * below[0] + 2 * by * below[1] + below[2]
