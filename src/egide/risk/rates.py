"""Yearly rates, set so that in each draw all French establishments together give the published national counts."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from egide.risk.draws import Draws
from egide.risk.library import Category, Exposed, Scenario

Array = NDArray[np.float64]

RANSOMWARE = "ransomware"
"""The group of scenarios whose national total is counted by itself."""
REMOTE = "S03"
"""Severe, and with a share of hospitals of its own."""


@dataclass(frozen=True, eq=False)
class National:
    """What France declares and what happens, arrays (scenario, draw) in the library's order, events a year.

    `declared` of all establishments; `reported` is the chance that an occurrence is declared; `hospital_share` the part
    of the declarations that hospitals make; `reference` the occurrences a year of the reference hospital.
    """

    declared: Array
    reported: Array
    hospital_share: Array
    reference: Array

    @property
    def occurrences(self) -> Array:
        """Return what happens in a year at all hospitals."""
        return self.declared * self.hospital_share / self.reported


def size(draws: Draws, scenario: Scenario, revenue: Array | float) -> Array:
    """Return how many times the rate of the reference hospital a public hospital of that revenue has."""
    exponent = draws["size.malicious" if scenario.malicious else "size.accidental"]
    return np.power(revenue / draws["reference.revenue"], exponent)


def compared(draws: Draws, scenario: Scenario, category: Category) -> Array:
    """Return the rate of a category against that of a public hospital of the same size."""
    match category.exposed:
        case Exposed.PUBLIC:
            return np.ones(draws.count)
        case Exposed.PRIVATE:
            return draws["private.malicious"] if scenario.malicious else np.ones(draws.count)
        case Exposed.SOCIAL:
            return draws["social.rate"]
        case _:
            assert_never(category.exposed)


def seen(draws: Draws, scenario: Scenario, category: Category) -> Array:
    """Return the rate of a category as the authorities see it, against a public hospital of the same size.

    Of private establishments only the product of the true rate and of the chance to be seen is known: one product for
    severe events, another for all the others, accidents included.
    """
    if category.exposed is not Exposed.PRIVATE:
        return np.ones(draws.count)
    return draws["private.severe_seen" if scenario.severe else "private.malicious"]


def national(draws: Draws) -> National:
    """Return the national counts of each draw and the rates of the reference hospital that give them, kept."""
    return draws.once(National, lambda: _national(draws))


def _national(draws: Draws) -> National:
    library = draws.library
    hospitals = [each for each in library.categories if each.hospital]
    declared = _declared(draws)
    reported, share, weight = (np.empty_like(declared) for _ in range(3))
    for row, scenario in enumerate(library.scenarios):
        reported[row] = draws["declaration.severe" if scenario.severe else "declaration.minor"]
        share[row] = draws[_share(scenario)]
        weight[row] = sum(
            draws[f"category.{each.id}.count"]
            * size(draws, scenario, draws[f"category.{each.id}.revenue"])
            * seen(draws, scenario, each)
            for each in hospitals
        )
    return National(declared, reported, share, declared * share / reported / weight)


def _share(scenario: Scenario) -> str:
    if scenario.id == REMOTE:
        return "national.hospital_share_remote"
    return "national.hospital_share_severe" if scenario.severe else "national.hospital_share"


def _declared(draws: Draws) -> Array:
    """Return the declarations a year by scenario: their sum is the national total of the draw, ransomware included."""
    library = draws.library
    drawn = np.stack([draws[f"{each.id}.declared"] for each in library.scenarios])
    ransom = np.array([library[f"{each.id}.declared"].group == RANSOMWARE for each in library.scenarios])
    drawn[ransom] *= draws["national.ransomware"]
    others = draws["national.declared"] - drawn[ransom].sum(axis=0)
    drawn[~ransom] *= others / drawn[~ransom].sum(axis=0)
    return drawn
