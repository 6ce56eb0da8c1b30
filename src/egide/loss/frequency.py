"""How many events a year: the laws, their exact moments, probabilities and generating functions.

Source of the formulas: Klugman, Panjer, Willmot, Loss Models, 5th ed., chapter 6 and appendix B.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from egide.loss.faults import NOT_NEGATIVE, POSITIVE, SHARE, WHOLE, Rule, check
from egide.loss.special import Array, special
from egide.message import message

Complex = NDArray[np.complex128]
Counts = NDArray[np.int64]

NEARLY_POISSON = 1e3
"""From this shape on, a logarithm near 1 is taken apart, which is slower: its rounding would be multiplied by the shape."""

UNCHANGED = Rule(
    "loss.fixed_scaled",
    lambda value: value == 1,
    message("Un nombre fixe d'événements par an ne peut pas être multiplié."),
    message("Choisir une loi de Poisson, ou donner un autre nombre fixe."),
)


@dataclass(frozen=True)
class Poisson:
    """Independent events, `mean` a year."""

    mean: float
    mixable = True

    def __post_init__(self) -> None:
        check(mean=(self.mean, NOT_NEGATIVE))

    @property
    def variance(self) -> float:
        """Return the variance of the count of a year."""
        return self.mean

    def generating(self, of: Complex) -> Complex:
        """Return the probability generating function, E[of ** count]."""
        return self.generating_given(of, 1.0)

    def generating_given(self, of: Complex, factor: float | Array) -> Complex:
        """Return E[of ** count] in a year whose rate is `factor` times its mean; `factor` is broadcast with `of`."""
        return np.asarray(np.exp(self.mean * factor * (of - 1)), dtype=np.complex128)

    def pmf(self, n: Counts) -> Array:
        """Return the probabilities of `n` events in a year."""
        count = np.maximum(n, 0)
        log = special().xlogy(count, self.mean) - self.mean - special().gammaln(count + 1)
        return np.where(n < 0, 0.0, np.exp(log))

    def scaled(self, factor: float) -> "Poisson":
        """Return the law whose rate is `factor` times this one."""
        check(factor=(factor, NOT_NEGATIVE))
        return Poisson(self.mean * factor)


@dataclass(frozen=True)
class NegativeBinomial:
    """Events whose rate varies between years as a gamma law of that `shape`: variance = mean + mean^2 / shape."""

    mean: float
    shape: float
    mixable = True

    def __post_init__(self) -> None:
        check(mean=(self.mean, NOT_NEGATIVE), shape=(self.shape, POSITIVE))

    @classmethod
    def mixed(cls, mean: float, variation: float) -> "NegativeBinomial":
        """Return the Poisson law whose rate varies between years with the coefficient of variation `variation`."""
        check(mean=(mean, NOT_NEGATIVE), variation=(variation, POSITIVE))
        return cls(mean, 1 / variation / variation)

    @property
    def variance(self) -> float:
        """Return the variance of the count of a year."""
        return self.mean * (1 + self.mean / self.shape)

    def generating(self, of: Complex) -> Complex:
        """Return the probability generating function, E[of ** count]."""
        return self.generating_given(of, 1.0)

    def generating_given(self, of: Complex, factor: float | Array) -> Complex:
        """Return E[of ** count] in a year whose mean is `factor` times its own, for the same shape."""
        step = self.mean / self.shape * factor * (1 - of)
        if self.shape < NEARLY_POISSON:
            return np.asarray(np.exp(-self.shape * np.log(1 + step)), dtype=np.complex128)
        size = np.log1p(2 * step.real + step.real**2 + step.imag**2) / 2
        return np.exp(-self.shape * (size + 1j * np.arctan2(step.imag, 1 + step.real)))

    def pmf(self, n: Counts) -> Array:
        """Return the probabilities of `n` events in a year."""
        count = np.maximum(n, 0)
        log = -special().betaln(count + 1, self.shape) - np.log(count + self.shape)
        log = log - self.shape * np.log1p(self.mean / self.shape)
        log = log + special().xlogy(count, self.mean / (self.mean + self.shape))
        return np.where(n < 0, 0.0, np.exp(log))

    def scaled(self, factor: float) -> "NegativeBinomial":
        """Return the law whose rate is `factor` times this one, as variable between years."""
        check(factor=(factor, NOT_NEGATIVE))
        return NegativeBinomial(self.mean * factor, self.shape)


@dataclass(frozen=True)
class Binomial:
    """At most `trials` events a year, each with `probability`; one trial is a Bernoulli law."""

    trials: int
    probability: float
    mixable = False

    def __post_init__(self) -> None:
        check(trials=(self.trials, WHOLE), probability=(self.probability, SHARE))

    @property
    def mean(self) -> float:
        """Return the mean count of a year."""
        return self.trials * self.probability

    @property
    def variance(self) -> float:
        """Return the variance of the count of a year."""
        return self.trials * self.probability * (1 - self.probability)

    def generating(self, of: Complex) -> Complex:
        """Return the probability generating function, E[of ** count]."""
        return np.asarray((1 + self.probability * (of - 1)) ** self.trials, dtype=np.complex128)

    def pmf(self, n: Counts) -> Array:
        """Return the probabilities of `n` events in a year."""
        inside = (n >= 0) & (n <= self.trials)
        count = np.where(inside, n, 0)
        rest = self.trials - count
        log = -np.log(self.trials + 1.0) - special().betaln(rest + 1, count + 1)
        log = log + special().xlogy(count, self.probability) + special().xlog1py(rest, -self.probability)
        return np.where(inside, np.exp(log), 0.0)

    def scaled(self, factor: float) -> "Binomial":
        """Return the law whose events are `factor` times as probable; Unfit when that is past 1."""
        check(factor=(factor, NOT_NEGATIVE))
        return Binomial(self.trials, self.probability * factor)


@dataclass(frozen=True)
class Fixed:
    """The same `count` of events every year."""

    count: int
    mixable = False

    def __post_init__(self) -> None:
        check(count=(self.count, WHOLE))

    @property
    def mean(self) -> float:
        """Return the count."""
        return float(self.count)

    @property
    def variance(self) -> float:
        """Return 0: years are alike."""
        return 0.0

    def generating(self, of: Complex) -> Complex:
        """Return the probability generating function, of ** count."""
        return np.asarray(of**self.count, dtype=np.complex128)

    def pmf(self, n: Counts) -> Array:
        """Return 1 where `n` is the count, else 0."""
        return np.where(n == self.count, 1.0, 0.0)

    def scaled(self, factor: float) -> "Fixed":
        """Refuse any factor but 1: a count that does not vary has no rate."""
        check(factor=(factor, UNCHANGED))
        return self


Mixable = Poisson | NegativeBinomial
"""What a gamma factor of the year can multiply."""

Frequency = Poisson | NegativeBinomial | Binomial | Fixed
