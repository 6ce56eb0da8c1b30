"""The price formulas in floats, for simulation only: the same as in `price`, which ranks; a test holds them together.

Each also says which bids weigh on the notes of the others: removing any other bid leaves the notes as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from egide.tender.model import Criterion

Prices = list[float]


@dataclass(frozen=True)
class Fast:
    """A formula in floats, and the places of the bids that weigh on the others."""

    shares: Callable[[Prices], list[float]]
    weighs: Callable[[Prices], Sequence[int]]


def _proportional(prices: Prices) -> list[float]:
    lowest = min(prices)
    return [lowest / price for price in prices]


def _linear_gap(prices: Prices) -> list[float]:
    lowest = min(prices)
    return [max(0.0, 1 - (price - lowest) / lowest) for price in prices]


def _linear_min_max(prices: Prices) -> list[float]:
    lowest, highest = min(prices), max(prices)
    spread = highest - lowest
    return [(highest - price) / spread for price in prices] if spread else [1.0] * len(prices)


def _mean_based(prices: Prices) -> list[float]:
    mean = sum(prices) / len(prices)
    return [1.0 if price <= mean else mean / price for price in prices]


def _distance_to_mean(prices: Prices) -> list[float]:
    mean = sum(prices) / len(prices)
    return [max(0.0, 1 - abs(price - mean) / mean) for price in prices]


def _rank(prices: Prices) -> list[float]:
    return [sum(other >= price for other in prices) / len(prices) for price in prices]


def _lowest(prices: Prices) -> Sequence[int]:
    return (prices.index(min(prices)),)


def _extremes(prices: Prices) -> Sequence[int]:
    return (prices.index(min(prices)), prices.index(max(prices)))


def _all(prices: Prices) -> Sequence[int]:
    return range(len(prices))


FAST: Mapping[str, Fast] = {
    "proportional": Fast(_proportional, _lowest),
    "linear_gap": Fast(_linear_gap, _lowest),
    "linear_min_max": Fast(_linear_min_max, _extremes),
    "mean_based": Fast(_mean_based, _all),
    "distance_to_mean": Fast(_distance_to_mean, _all),
    "rank": Fast(_rank, _all),
}


@dataclass(frozen=True)
class Pricing:
    """What the price criteria of a consultation give: a weight in points and a formula each; nearly always one."""

    parts: tuple[tuple[float, Fast], ...]

    def points(self, prices: Prices) -> list[float]:
        """Return the points of each bid."""
        earned = [0.0] * len(prices)
        for weight, fast in self.parts:
            earned = [sofar + weight * share for sofar, share in zip(earned, fast.shares(prices), strict=True)]
        return earned

    def weighing(self, prices: Prices) -> set[int]:
        """Return the places of the bids that weigh on the notes of the others."""
        return {place for _, fast in self.parts for place in fast.weighs(prices)}

    def turned(self, prices: Prices, others: Sequence[float], winner: int) -> bool:
        """Whether removing some losing bid changes the winner. `others` are the points apart from the price."""
        for out in self.weighing(prices) - {winner}:
            kept = [place for place in range(len(prices)) if place != out]
            points = self.points([prices[place] for place in kept])
            totals = [others[place] + earned for place, earned in zip(kept, points, strict=True)]
            if kept[totals.index(max(totals))] != winner:
                return True
        return False

    def cut_for(self, prices: Prices, place: int, points: float) -> float | None:
        """Return by how much of itself a price must fall to earn that many points; None when no fall is enough."""
        start, base = prices[place], self.points(prices)[place]

        def enough(cut: float) -> bool:
            lower = [*prices[:place], start * (1 - cut), *prices[place + 1 :]]
            return self.points(lower)[place] - base >= points

        least, most = 0.0, 0.999
        if not enough(most):
            return None
        for _ in range(40):
            middle = (least + most) / 2
            least, most = (least, middle) if enough(middle) else (middle, most)
        return most


def pricing(criteria: Sequence[Criterion], formula: str = "") -> Pricing:
    """Return what these price criteria give, all with `formula` when it is named."""
    return Pricing(tuple((float(each.weight), FAST[formula or each.formula]) for each in criteria))
