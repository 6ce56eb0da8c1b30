"""Compound laws by Panjer's recursion: slower than Fourier transforms on fine grids, and written apart from them.

Source: Panjer, Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12, 1981; Klugman, Panjer,
Willmot, Loss Models, 5th ed., section 9.6.
"""

from math import exp, log1p

import numpy as np

from egide.loss.faults import Rule, Unfit, check, fault, refuse
from egide.loss.frequency import Binomial, Frequency, NegativeBinomial, Poisson
from egide.loss.special import Array
from egide.message import message

LEAST = 1e-300
STABLE = 0.5
"""From this probability on, rounding grows without end in the recursion of a binomial law (Panjer and Wang, 1993)."""
SUM = Rule(
    "loss.masses",
    lambda value: value <= 1 + 1e-9,
    message("La somme des probabilités dépasse 1."),
    message("Donner des probabilités dont la somme ne dépasse pas 1."),
)
MASS = Rule(
    "loss.negative_mass",
    lambda value: value >= 0,
    message("Une probabilité ne peut pas être négative."),
    message("Donner des probabilités de 0 à 1."),
)


def _start(frequency: Frequency, none: float) -> tuple[float, float, float]:
    """Return a and b of the recursion p(n) = (a + b / n) p(n - 1), and the probability of a year of nothing.

    `none` is the probability that an event costs nothing.
    """
    if isinstance(frequency, Poisson):
        return 0.0, frequency.mean, exp(-frequency.mean * (1 - none))
    if isinstance(frequency, NegativeBinomial):
        mean, shape = frequency.mean, frequency.shape
        a = mean / (mean + shape)
        return a, (shape - 1) * a, exp(-shape * log1p(mean / shape * (1 - none)))
    if isinstance(frequency, Binomial) and frequency.probability < STABLE:
        trials, chance = frequency.trials, frequency.probability
        odds = chance / (1 - chance)
        return -odds, (trials + 1) * odds, (1 - chance * (1 - none)) ** trials
    found = fault(
        "loss.not_panjer",
        "frequency",
        type(frequency).__name__,
        message("La récurrence de Panjer ne donne pas un résultat sûr pour cette loi du nombre d'événements."),
        message("Choisir une loi de Poisson, binomiale négative ou binomiale de probabilité sous 1/2, ou Fourier."),
    )
    raise Unfit(message("La récurrence de Panjer ne s'applique pas."), (found,))


def panjer(frequency: Frequency, masses: Array, size: int) -> Array:
    """Return the probabilities of a yearly total of 0, 1 ... size - 1 steps, `masses` being those of one event.

    Raises Unfit for masses that are none, for a law outside the recursion, and when a year of nothing is so improbable
    that a double cannot hold it.
    """
    check(masses=(float(np.min(masses)), MASS), sum=(float(np.sum(masses)), SUM))
    a, b, first = _start(frequency, float(masses[0]))
    if first < LEAST:
        found = fault(
            "loss.too_many_events",
            "frequency",
            f"{frequency.mean:g}",
            message("Il y a trop d'événements par an pour la récurrence : l'année sans perte est trop improbable."),
            message("Utiliser le calcul par Fourier."),
        )
        refuse([found])
    event = np.zeros(size)
    event[: len(masses)] = masses[:size]
    weighted = event * np.arange(size)
    found_masses = np.zeros(size)
    found_masses[0] = first
    whole = 1 - a * float(masses[0])
    for total in range(1, size):
        before = found_masses[total - 1 :: -1]
        terms = (a * event[1 : total + 1] + b / total * weighted[1 : total + 1]) * before
        found_masses[total] = terms.sum() / whole
    return found_masses
