"""Indications of a technical premium, from the law of what a year cedes: never a price that an insurer asks.

With S what is ceded in a year, three principles (Kaas, Goovaerts, Dhaene and Denuit, Modern Actuarial Risk Theory, 2008,
chapter 5, for the first two):
- expected: E[S], the pure premium;
- standard deviation: E[S] + a x sd(S);
- tail: E[S] + c x (TVaR_q(S) - E[S]), the capital that the tail needs, at its yearly cost.
Expenses, taxes and profit are not in them.

The error of each adds those of its parts: an upper bound, their dependence being unknown here.
"""

from dataclasses import dataclass
from math import fsum, inf
from typing import Protocol

from egide.insurance.programme import AMOUNT, Layer, Programme
from egide.loss.estimate import Estimate
from egide.loss.faults import INSIDE, SHARE, check


class Law(Protocol):
    """The law of a yearly amount, simulated or exact."""

    @property
    def mean(self) -> Estimate:
        """Return the mean."""
        ...

    @property
    def sd(self) -> Estimate:
        """Return the standard deviation."""
        ...

    def tvar(self, level: float, /) -> Estimate:
        """Return the mean of the worst (1 - level) share of the years."""
        ...


@dataclass(frozen=True)
class Loading:
    """How much is loaded: all three are assumptions, to be set with the broker.

    `deviation` multiplies the standard deviation; `capital` is the yearly cost of the capital that TVaR at `level`
    needs, by default that of article 39 of the delegated regulation (EU) 2015/35.
    """

    deviation: float = 0.25
    capital: float = 0.06
    level: float = 0.99

    def __post_init__(self) -> None:
        check(deviation=(self.deviation, AMOUNT), capital=(self.capital, SHARE), level=(self.level, INSIDE))


@dataclass(frozen=True)
class Premium:
    """Three indications of a technical premium for a year, and the `line`: the most that one event is paid."""

    name: str
    expected: Estimate
    by_deviation: Estimate
    by_tail: Estimate
    line: float = inf

    def on_line(self, premium: Estimate | float) -> Estimate | None:
        """Return the rate on line: a premium over the line; None without limit or without insurance."""
        if not 0 < self.line < inf:
            return None
        told = premium if isinstance(premium, Estimate) else Estimate(premium)
        return Estimate(told.value / self.line, told.error / self.line)


STANDARD = Loading()


def premium(name: str, ceded: Law, line: float = inf, loading: Loading = STANDARD) -> Premium:
    """Return the indications for what a year cedes; `line` is 0 without insurance, inf without limit."""
    expected, sd, tail = ceded.mean, ceded.sd, ceded.tvar(loading.level)
    return Premium(
        name,
        expected,
        by_deviation=Estimate(
            expected.value + loading.deviation * sd.value, expected.error + loading.deviation * sd.error
        ),
        by_tail=Estimate(
            expected.value + loading.capital * (tail.value - expected.value),
            (1 - loading.capital) * expected.error + loading.capital * tail.error,
        ),
        line=line,
    )


def line_of(layer: Layer) -> float:
    """Return the most that the insurers of a layer pay for one event."""
    return layer.share * min(layer.limit, layer.year)


def line(programme: Programme) -> float:
    """Return the most that the insurers of a programme pay for one event."""
    return fsum(line_of(layer) for layer in programme.tower)
