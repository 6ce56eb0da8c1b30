"""Amounts as a picture says them: three figures and a unit, so that orders of size are seen at a glance."""

from collections.abc import Mapping
from decimal import Decimal
from math import floor, inf, log10

from egide.message import Language, message
from egide.report.papers.typography import CURRENCIES, WHOLE, Setter

UNITS: tuple[tuple[Decimal, Mapping[Language, str]], ...] = (
    (Decimal(10) ** 9, {"fr": "Md", "en": "bn"}),
    (Decimal(10) ** 6, {"fr": "M", "en": "m"}),
    (Decimal(10) ** 3, {"fr": "k", "en": "k"}),
)
FIGURES, CENTS = 3, 2
BEYOND = 1e15
"""Amounts that no unit says: they are written by their power of ten."""
SURE = 1.96
"""Standard errors on either side that hold the value 19 times in 20."""


def compact(setter: Setter, amount: float, currency: str = "EUR", figures: int = FIGURES) -> str:
    """Return an amount to three figures: 1,25 M€, €1.25m, 350 kCHF; "∞" when it has no bound."""
    if amount == inf:
        return "∞"
    if abs(amount) >= BEYOND:
        digits, power = f"{amount:.{figures - 1}e}".split("e+")
        return f"{setter.number(Decimal(digits), None)} × 10^{int(power)} {currency}".rstrip()
    exact = _figures(amount, figures)
    scale, unit = next(((scale, names[setter.language]) for scale, names in UNITS if abs(exact) >= scale), (Decimal(1), ""))  # fmt: skip
    sign = setter.quote(CURRENCIES.get(currency, currency))
    number = setter.number(exact / scale, None)
    if setter.language == "en" and len(sign) == 1:
        return f"{sign}{number}{unit}"
    return f"{number}{WHOLE}{unit}{sign}".rstrip(WHOLE)


def sure(setter: Setter, amount: float, error: float, currency: str = "EUR") -> str:
    """Return an amount with what bounds its true value 19 times in 20, from its standard error: 734 k€ ± 8,1 k€."""
    bounds = f"{WHOLE}±{WHOLE}{compact(setter, SURE * error, currency, 2)}" if error else ""
    return compact(setter, amount, currency) + bounds


def within(setter: Setter, amount: float, bounds: tuple[float, float], currency: str = "EUR", figures: int = 2) -> str:
    """Return an amount with the interval in which it lies, each to so many figures: 1,4 M€ (800 k€ à 2,2 M€)."""
    said = message(
        "{amount} ({bounds})",
        amount=compact(setter, amount, currency, figures),
        bounds=between(setter, bounds, currency, figures),
    )
    return setter.say(said)


def between(setter: Setter, bounds: tuple[float, float], currency: str = "EUR", figures: int = 2) -> str:
    """Return both ends of an interval, the unit written once when they share it: 90 à 520 k€, 800 k€ à 2,2 M€."""
    low, high = (compact(setter, each, currency, figures) for each in bounds)
    number, _, unit = low.partition(WHOLE)
    if unit and high.endswith(f"{WHOLE}{unit}"):
        low = number
    return setter.say(message("{low} à {high}", low=low, high=high))


def _figures(amount: float, figures: int) -> Decimal:
    if not amount:
        return Decimal(0)
    decimals = min(CENTS, figures - 1 - floor(log10(abs(amount))))
    rounded = round(Decimal(amount), decimals) or Decimal(0)
    return rounded.quantize(Decimal(1)) if decimals <= 0 else rounded.normalize()
