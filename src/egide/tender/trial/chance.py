"""What simulation needs: streams of random numbers that follow from a seed and names, and frequencies with their error.

Nothing here is shared or hidden: the same seed gives the same numbers, whatever else was drawn before.
"""

from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from random import Random


def stream(seed: int, *names: object) -> Random:
    """Return a generator that depends on the seed and the names alone: never on the order in which streams are made."""
    written = "\x1f".join([str(seed), *map(str, names)])
    return Random(int.from_bytes(sha256(written.encode()).digest()))  # noqa: S311 (a simulation, no secret)


@dataclass(frozen=True)
class Frequency:
    """How many times out of how many draws."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """Return the frequency, from 0 to 1."""
        return self.count / self.of

    @property
    def error(self) -> float:
        """Return its standard error; one success and one failure are added, so that it is never zero."""
        shrunk = (self.count + 1) / (self.of + 2)
        return sqrt(shrunk * (1 - shrunk) / self.of)
