"""Quantiles of a law as the simulation reads them: a table of cubics over the normal score, or a list of steps.

A cubic goes through the exact quantiles at both ends of its interval and at two points between, those of the stretched
Chebyshev nodes, which make the largest error the smallest: 1 / 2238 of h^4 times the fourth derivative. The number of
intervals is chosen by measure.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, inf, isfinite, pi

import numpy as np
from numpy.typing import NDArray

from egide.loss.faults import fault, refuse
from egide.loss.severity import Scaled, Severity, Stepped
from egide.loss.special import Array, special
from egide.message import message

REACH = 8.5
"""The largest normal score of a table: 1e-17 of the events are beyond."""
MEASURED = 6.5
"""Up to this score the error of a table is measured: 4e-11 of the events are beyond, on each side."""
TOLERANCE = 5e-9
"""The error that is sought, relative to the quantile, or to a tenth of the mean where the quantile is less."""
TINY, HUGE = 1e-300, 1e100
"""The least scale of an error, and the largest amount that sums and squares can bear."""
FEWEST, MOST = 32, 4096
"""Intervals of a piece."""
GROSS = 1e-6
"""An error that no more intervals could mend, where quantiles rise steeply: the mean of the interval is kept instead."""
ROOM = 4e-15
"""What is left below the largest amount of a law, for the rounding of a cubic."""

_NEAR = (1 - cos(3 * pi / 8) / cos(pi / 8)) / 2
NODES = np.array([0.0, _NEAR, 1 - _NEAR, 1.0])
_SLOPES = np.linalg.inv(NODES[1:, None] ** np.array([1, 2, 3])).T
"""From the rises at the last three nodes to c1, c2, c3."""
CHECKS = np.array([_NEAR / 2, 0.5, 1 - _NEAR / 2])


@dataclass(frozen=True, eq=False)
class Table:
    """Quantiles by normal score on [-8.5, 8.5], in one or two pieces of equal intervals.

    In interval i of a piece, with t = (z - start) x step - i: value = ((c3 t + c2) t + c1) t + c0. The intervals of the
    second piece follow those of the first in `coefficients`, of shape (intervals, 4), columns c0 to c3. The second piece
    serves strictly above its start. `error` is the largest measured on [-6.5, 6.5], relative to the quantile, or to a
    tenth of the mean where the quantile is less.
    """

    starts: Array
    steps: Array
    """Intervals per unit of score, by piece."""
    counts: NDArray[np.int64]
    coefficients: Array
    error: float

    def evaluate(self, z: Array) -> Array:
        """Return the quantiles at normal scores, those beyond the table taken at its ends."""
        inside = np.clip(z, -REACH, REACH)
        piece = np.searchsorted(self.starts[1:], inside, side="left")
        place = (inside - self.starts[piece]) * self.steps[piece]
        interval = np.clip(place.astype(np.int64), 0, self.counts[piece] - 1)
        t = place - interval
        first = np.concatenate([[0], np.cumsum(self.counts)])
        c0, c1, c2, c3 = np.moveaxis(self.coefficients[first[piece] + interval], -1, 0)
        return np.asarray(((c3 * t + c2) * t + c1) * t + c0, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Steps:
    """Amounts, increasing, and the normal scores past which each begins; the first score is -inf."""

    scores: Array
    values: Array

    def evaluate(self, z: Array) -> Array:
        """Return the quantiles at normal scores."""
        return self.values[np.searchsorted(self.scores[1:], z, side="left")]


def steps(severity: Severity) -> Steps | None:
    """Return the steps of a law of finitely many amounts, None for any other."""
    match severity:
        case Stepped():
            return Steps(severity.scores, severity.points[0])
        case Scaled(base=Stepped() as base, factor=factor):
            return Steps(base.scores, factor * base.points[0])
        case _:
            return None


def table(severity: Severity, nodes: int | None = None) -> Table:
    """Return the table of a law; `nodes` fixes the intervals of each piece, else they are as many as the error asks.

    Raises Unfit when the law has more than one break, or its quantiles are more than a number can hold.
    """
    inner = [score for score in severity.breaks if -REACH < score < REACH]
    if len(inner) > 1:
        refuse(
            [
                fault(
                    "loss.table_pieces",
                    "severity",
                    str(len(inner)),
                    message("Cette loi est faite de trop de morceaux pour la simulation."),
                    message("Raccorder deux lois continues seulement, ou lister des valeurs."),
                )
            ]
        )
    edges = [-REACH, *inner, REACH]
    pieces = [
        _piece(severity, start if start == -REACH else np.nextafter(start, inf), end, nodes)
        for start, end in pairwise(edges)
    ]
    counts = np.array([len(cubics) for cubics, _ in pieces])
    return Table(
        np.array(edges[:-1]),
        counts / np.diff(edges),
        counts,
        np.concatenate([cubics for cubics, _ in pieces]),
        max(error for _, error in pieces),
    )


def _piece(severity: Severity, start: float, end: float, nodes: int | None) -> tuple[Array, float]:
    """Return the cubics of a smooth piece and their measured error."""
    count = nodes or FEWEST
    while True:
        made = _fitted(severity, start, end, count)
        errors = _errors(severity, start, end, made)
        error = float(errors.max())
        if nodes or error <= TOLERANCE:
            return made, error
        if count == MOST:
            _levelled(severity, start, end, made, errors > GROSS)
            return made, float(_errors(severity, start, end, made).max())
        growth = min(max(1.05 * (error / TOLERANCE) ** 0.25, 1.1), 8.0)
        count = min(int(count * growth) + 1, MOST)


def _fitted(severity: Severity, start: float, end: float, count: int) -> Array:
    """Return `count` cubics; where one would not be monotone, the straight line between its ends."""
    z = start + (end - start) / count * (np.arange(count)[:, None] + NODES[:-1]).ravel()
    values = severity.at(np.append(z, end))
    if not np.all(values <= HUGE):
        refuse(
            [
                fault(
                    "loss.too_large",
                    "severity",
                    type(severity).__name__,
                    message("Cette loi donne des montants trop grands pour être calculés."),
                    message("Vérifier ses paramètres : l'unité, un pourcentage écrit sans division par 100."),
                )
            ]
        )
    values = np.minimum(np.maximum.accumulate(values), severity.highest * (1 - ROOM))
    return cubics(np.column_stack([values[:-1].reshape(count, 3), values[3::3]]))


def cubics(values: Array) -> Array:
    """Return the cubics through increasing values at the four nodes of each interval, lines of c0 to c3.

    Where one would not be monotone: the straight line between its ends.
    """
    rise = values[:, 1:] - values[:, :1]
    slopes = rise @ _SLOPES
    slopes[~_monotone(slopes)] = 0
    straight = ~slopes.any(axis=1)
    slopes[straight, 0] = rise[straight, 2]
    return np.column_stack([values[:, 0], slopes])


def _monotone(slopes: Array) -> NDArray[np.bool_]:
    """Return which of the cubics c1 t + c2 t^2 + c3 t^3 never fall on [0, 1]."""
    c1, c2, c3 = slopes.T
    turn = np.clip(np.divide(-c2, 3 * c3, out=np.zeros_like(c2), where=c3 != 0), 0, 1)
    falls = (c1 < 0) | (c1 + 2 * c2 + 3 * c3 < 0) | (c1 + turn * (2 * c2 + 3 * turn * c3) < 0)
    return np.asarray(~falls, dtype=np.bool_)


def typical(severity: Severity) -> float:
    """Return the amount beside which errors are judged: the mean, or the median when there is no mean."""
    return severity.mean if isfinite(severity.mean) else severity.quantile(0.5)


def _errors(severity: Severity, start: float, end: float, made: Array) -> Array:
    """Return the largest error of each cubic between its nodes; 0 for the rarest scores."""
    z = start + (end - start) / len(made) * (np.arange(len(made))[:, None] + CHECKS)
    exact = severity.at(z)
    c0, c1, c2, c3 = made.T[:, :, None]
    found = ((c3 * CHECKS + c2) * CHECKS + c1) * CHECKS + c0
    scale = typical(severity)
    with np.errstate(over="ignore"):
        errors = np.abs(found - exact) / np.maximum(exact, scale / 10 + TINY)
    return np.asarray(np.max(np.where(np.abs(z) <= MEASURED, errors, 0.0), axis=1), dtype=np.float64)


def _levelled(severity: Severity, start: float, end: float, made: Array, bad: NDArray[np.bool_]) -> None:
    """Put in place of the `bad` cubics straight lines between the same bounds whose mean is the exact one."""
    places = np.flatnonzero(bad)[:, None] + np.array([0.0, 1.0])
    z = np.minimum(start + (end - start) / len(made) * places, end)
    ends = severity.at(z)
    low, high = ends.T
    side = np.where(z.sum(axis=1) > 0, -1.0, 1.0)[:, None]
    events = np.abs(np.diff(special().ndtr(side * z), axis=1)[:, 0])
    mean = np.clip(np.diff(severity.partial(1, ends), axis=1)[:, 0] / events, low, high)
    centre = 0.5 - z.mean(axis=1) * (z[:, 1] - z[:, 0]) / 12  # events are denser on the side of 0
    rise = np.minimum((mean - low) / centre, (high - mean) / (1 - centre))
    made[bad] = np.column_stack([mean - centre * rise, rise, 0 * rise, 0 * rise])
