"""What patients bear, counted in days, visits and chances: never in euros, and never added to them.

Each quantity is a class of its own that adds to itself only; any sum with a plain number, an array of euros or another
quantity is a TypeError.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from egide.risk.interval import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Quantity:
    """One value for each draw, expected over a year."""

    values: Array

    __array_ufunc__ = None

    @property
    def interval(self) -> Interval:
        """Return the mean and the 90 % interval."""
        return Interval.of(self.values)

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(self.values + other.values)


class CareDays(Quantity):
    """Days of care lost or postponed, before any catch-up."""


class PatientDays(Quantity):
    """Days that patients spend in degraded mode."""


class Emergencies(Quantity):
    """Emergency visits diverted."""


class Endangerment(Quantity):
    """Probability of at least one event with potential endangerment in the year: two of them do not add."""

    def __add__(self, other: Self) -> Self:
        return NotImplemented


@dataclass(frozen=True, eq=False)
class Care:
    """What patients bear in a year, on average; `emergencies` None where the visits of a day are not known."""

    days: CareDays
    patient_days: PatientDays
    endangerment: Endangerment
    emergencies: Emergencies | None = None
