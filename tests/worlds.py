"""Draws, exposures and maturities for tests of the risk room, made once."""

from dataclasses import dataclass
from functools import cache

from egide import reference
from egide.diagnosis.level import Level
from egide.family import MEASURES
from egide.risk.draws import Draws, drawn
from egide.risk.exposure import Exposure

LIBRARY = reference.risk_library()
FEW = 32

EXPOSURES = {
    "university": Exposure("university", 1.2e9, 0.6, 1614, 386, 1.8e6),
    "local": Exposure("local", 15e6, 0.35, 65, 15, 30_000),
    "care_home": Exposure("care_home", 3.6e6, 0.1, 81, 0, 500),
    "practice": Exposure("practice", 0.3e6, 1.0, 0, 0, 5_000),
}


@dataclass(frozen=True)
class Levels:
    """A maturity: what the expected loss asks of one."""

    levels: dict[str, Level]


AVERAGE = Levels({})


def uniform(value: float) -> Levels:
    return Levels({each.code: Level(value, value) for each in MEASURES})


def leveled(values: dict[str, float]) -> Levels:
    return Levels({code: Level(value, value) for code, value in values.items()})


@cache
def draws(count: int = FEW) -> Draws:
    return drawn(LIBRARY, count=count)
