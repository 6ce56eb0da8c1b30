"""The level of a measure, from 0 (nothing) to 1 (complete), when some of its answers are "not applicable"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Level:
    """Both readings of a level: `low` counts what is not applicable as nothing, `high` leaves it out.

    Without anything "not applicable" both are the same. `high` is None when nothing else was answered at all.
    """

    low: float
    high: float | None

    @classmethod
    def exactly(cls, value: float) -> Level:
        """Return the level of answers that leave no room."""
        return cls(value, value)

    @overload
    def at(self, reference: float) -> float: ...

    @overload
    def at(self, reference: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def at(self, reference: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return the level that counts beside a hospital of level `reference`: one number, or one for each draw.

        What is not applicable may bring a measure back to the average, never above it (RISK_MODEL 3.1).
        """
        if isinstance(reference, float | int):
            return max(self.low, reference if self.high is None else min(self.high, reference))
        import numpy as np  # noqa: PLC0415 (reading a questionnaire needs no arrays)

        return np.maximum(self.low, reference if self.high is None else np.minimum(self.high, reference))

    def times(self, factor: float) -> Level:
        """Return the level of which only `factor`, 0 to 1, is believed."""
        return Level(self.low * factor, None if self.high is None else self.high * factor)

    def lower(self, other: Level) -> Level:
        """Return the more careful reading of two sources; nothing applicable is no opinion on `high`."""
        highs = [each.high for each in (self, other) if each.high is not None]
        return Level(min(self.low, other.low), min(highs) if highs else None)


NOTHING = Level.exactly(0.0)
EVERYTHING = Level.exactly(1.0)
