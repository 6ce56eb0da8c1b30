"""The four establishments of RISK_MODEL 10, fictitious, and few draws of the library, for tests."""

from functools import cache

import numpy as np

from egide import reference
from egide.diagnosis.level import Level
from egide.diagnosis.maturity import Maturity
from egide.family import MEASURES
from egide.loss.curve import COUNT, FLOOR, Curve
from egide.risk.draws import Draws, drawn
from egide.risk.exposure import Exposure, exposed

LIBRARY = reference.risk_library()
KNOWN = {
    "university": {"revenue": 1.2e9, "activity_share": 0.6, "beds": 1600, "places": 400, "persons": 1.8e6},
    "local": {"revenue": 15e6, "activity_share": 0.35, "beds": 80, "places": 0, "persons": 30_000},
    "care_home": {"revenue": 3.6e6, "activity_share": 0.1, "beds": 81, "places": 0, "persons": 500},
    "practice": {"revenue": 3e5, "activity_share": 1.0, "beds": 0, "places": 0, "persons": 5_000},
}


def exposure(category: str = "university", **changes: object) -> Exposure:
    return exposed(LIBRARY, category, **{**KNOWN[category], **changes})  # type: ignore[arg-type]


@cache
def draws(count: int = 24, seed: int = 2026) -> Draws:
    return drawn(LIBRARY, count=count, seed=seed)


def average() -> Maturity:
    """Return the maturity of the average French hospital, in every draw."""
    levels = {each.code: Level(0.0, None) for each in MEASURES}
    return Maturity(levels, levels, {each.code: 1.0 for each in MEASURES})


def nothing() -> Maturity:
    """Return what is known of an establishment that answered nothing."""
    return Maturity(
        {each.code: Level.exactly(0.0) for each in MEASURES},
        {each.code: Level.exactly(1.0) for each in MEASURES},
        {each.code: 0.0 for each in MEASURES},
    )


def never_more(better: Curve, worse: Curve) -> bool:
    """Tell whether no quantile of `better` is in a higher slice than that of `worse`: counts above each floor, exactly."""
    floors = np.union1d(better.slices[:, FLOOR], worse.slices[:, FLOOR])

    def above(curve: Curve) -> object:
        reached = np.searchsorted(curve.slices[:, FLOOR], floors, side="left")
        counts = np.append(np.cumsum(curve.slices[::-1, COUNT])[::-1], 0.0)
        return counts[reached]

    kept = floors > 0
    return bool(np.all(above(better)[kept] <= above(worse)[kept]))  # type: ignore[index]
