"""The difference of cost between two suppliers, split exactly over their control points: log-mean decomposition.

Logarithmic mean Divisia index, first form (Ang, Energy Policy 33, 2005), with divided differences where the effects
saturate (RISK_MODEL 7.2). In every draw the shares add up to the difference; they depend on no order, change sign when
the two suppliers are exchanged, and are zero for what both answered alike. They are a convention of accounting, not
causes: a share is "attributed to" a point, never "due to" it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CENT = Decimal("0.01")
NOTHING = 1e-12
"""Relative sum of the moves of points that is only rounding: the level of their measure did not move."""


@dataclass(frozen=True, eq=False)
class Product:
    """A cost made of cells, each an amount at the reference times multipliers exp(-[H(x) - H(x_ref)]) that saturate.

    A cell is a head of a scenario, a row a channel of a scenario, a term an effect of one side; x of a row is the sum
    over its terms of coefficient x growth, and H(x) = c (1 - exp(-x / c)).
    """

    reference: Array
    """Cost of each cell for the supplier of reference, (cell, draw)."""
    uses: Array
    """1 where a row multiplies a cell, (cell, row)."""
    on: Array
    """1 where a term acts on a row, (row, term)."""
    coefficient: Array
    """ln OR x applicability x shrinkage, (term, draw)."""
    ceiling: Array
    """c, (draw,)."""
    at_reference: Array
    """g of each term for the supplier of reference, (term, draw)."""

    def strength(self, growth: Array) -> Array:
        """Return x of each row, (row, draw), for a supplier whose terms have grown to `growth`."""
        return np.asarray(self.on @ (self.coefficient * growth))

    def height(self, strength: Array) -> Array:
        """Return H(x), (row, draw)."""
        return np.asarray(-self.ceiling * np.expm1(-strength / self.ceiling))

    def costs(self, growth: Array) -> Array:
        """Return the cost of each cell, (cell, draw)."""
        fallen = self.height(self.strength(self.at_reference)) - self.height(self.strength(growth))
        return np.asarray(self.reference * np.exp(self.uses @ fallen))


def by_term(product: Product, dearer: Array, other: Array) -> Array:
    """Return the share of each term in the cost of `dearer` less that of `other`, (term, draw)."""
    x, y = product.strength(other), product.strength(dearer)
    ratio = product.uses @ (product.height(x) - product.height(y))
    mean = product.costs(other) * _exponential_mean(ratio)
    weight = (product.uses.T @ mean) * _divided(x, y, product.ceiling)
    return np.asarray((product.on.T @ weight) * product.coefficient * (other - dearer))


def _divided(x: Array, y: Array, ceiling: Array) -> Array:
    """Return [H(y) - H(x)] / (y - x), and H'(x) where they are equal: the same in both directions."""
    return np.asarray(np.exp(-(x + y) / (2 * ceiling)) * _sinh_over((y - x) / (2 * ceiling)))


def _sinh_over(half: Array) -> Array:
    """Return sinh(h) / h, 1 at zero."""
    small = np.abs(half) < 1e-4
    safe = np.where(small, 1.0, half)
    return np.asarray(np.where(small, 1 + half * half / 6, np.sinh(safe) / safe))


def _exponential_mean(ratio: Array) -> Array:
    """Return the log-mean of 1 and exp(ratio): (exp(ratio) - 1) / ratio, 1 at zero."""
    return np.asarray(np.exp(ratio / 2) * _sinh_over(ratio / 2))


# ------------------------------------------------------------------------------------------------------------ the points
def by_point(share: Array, moved: Mapping[str, Array]) -> dict[str, Array]:
    """Return the share of each point of one measure, from that of the measure.

    `moved` is what each point adds to the level of the measure from the one supplier to the other, weight included. Where
    they add up to nothing the level did not move, nor did the cost.
    """
    total = np.asarray(sum(moved.values()))
    still = np.abs(total) <= NOTHING * np.asarray(sum(np.abs(each) for each in moved.values()))
    unit = np.where(still, 0.0, share / np.where(still, 1.0, total))
    return {point: unit * each for point, each in moved.items()}


# ----------------------------------------------------------------------------------------------------------- to the cent
def to_the_cent(amounts: Mapping[str, float], total: Decimal) -> dict[str, Decimal]:
    """Return amounts in cents that add up to `total`: the cents over go to the amounts that rounding moved the most."""
    rounded = {name: cents(amount) for name, amount in amounts.items()}
    left = int((total - sum(rounded.values(), Decimal(0))) / CENT)
    step = CENT if left > 0 else -CENT
    towards = sorted(amounts, key=lambda name: (-(Decimal(amounts[name]) - rounded[name]) * step, name))
    for name in (towards * (abs(left) // max(len(towards), 1) + 1))[: abs(left)] if towards else ():
        rounded[name] += step
    return rounded


def cents(amount: float) -> Decimal:
    """Return an amount to the cent."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Shown:
    """A line of the explanation as people read it: a name, OTHERS or ROUNDING, and an amount rounded for show."""

    name: str
    amount: Decimal


OTHERS = "others"
ROUNDING = "rounding"
FIRST = 3
"""How many points an explanation names before it says "others"."""


def significant(amount: Decimal, figures: int = 2) -> Decimal:
    """Return an amount at so many significant figures, without an exponent."""
    if not amount:
        return Decimal(0)
    unit = Decimal(1).scaleb(amount.adjusted() - figures + 1)
    rounded = (amount / unit).quantize(Decimal(1), ROUND_HALF_EVEN) * unit
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def shown(lines: Sequence[tuple[str, Decimal]], total: Decimal, figures: int = 2, first: int = FIRST) -> list[Shown]:
    """Return the `first` lines, then the others as one, at so many significant figures; "rounding" makes them add up.

    `lines` are the largest first and add up to `total`. What is shown adds up to `total` at as many figures.
    """
    head = [Shown(name, significant(amount, figures)) for name, amount in lines[:first]]
    if lines[first:]:
        rest = sum((amount for _, amount in lines[first:]), Decimal(0))
        head.append(Shown(OTHERS, significant(rest, figures)))
    gap = significant(total, figures) - sum((each.amount for each in head), Decimal(0))
    return [*head, Shown(ROUNDING, gap)] if gap else head
