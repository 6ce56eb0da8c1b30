"""The expected loss of a usual year, or of a year with more ransomware than usual: the stress « like 2021 »."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from egide.risk.draws import Draws
from egide.risk.expected import Expected, Mature, Prepared, prepared
from egide.risk.exposure import Exposure
from egide.risk.multipliers import multipliers
from egide.risk.rates import RANSOMWARE

USUAL = 1.0
STRESS = "stress.ransomware"
"""The parameter that says how many times its usual ransomware a year like 2021 has."""


@lru_cache(maxsize=8)
def year(exposure: Exposure, draws: Draws, ransomware: float = USUAL) -> Prepared:
    """Return what an exposure and draws give before any maturity is known, ransomware being so many times as frequent.

    Ransomware is what is declared as such by the establishment hit; that of a supplier is counted with suppliers.
    """
    usual = prepared(exposure, draws)
    if ransomware == USUAL:
        return usual
    library = draws.library
    hit = [library[f"{each.id}.declared"].group == RANSOMWARE for each in library.scenarios]
    return replace(usual, rate=usual.rate * np.where(hit, ransomware, 1.0)[:, None])


def expected(exposure: Exposure, maturity: Mature, draws: Draws, ransomware: float = USUAL) -> Expected:
    """Return the expected loss of such a year, gross, in each draw; suppliers stand at the reference."""
    return year(exposure, draws, ransomware).expected(multipliers(draws, maturity.levels))
