"""How levels of safeguards multiply rates, durations, costs and leaks, against the average French hospital.

For a scenario and a channel: x = sum of a z ln OR g(level), and the multiplier is exp(-[H(x) - H(x_ref)]) with
H(x) = c (1 - exp(-x/c)), c = -ln(1 - cap): 1 at reference maturity in every draw, and never lower with less.

Two sides. Events through a supplier meet the supplier's safeguards, then the hospital's. Those of one house overlap,
so they saturate together in one H under one cap; the two houses stand one after the other, so their multipliers
multiply. One H for both would make the average pair of houses stand at the cap already (S03: in 56 % of the draws), and
then nothing that either does would count.

Events of `Scenario.spread` stopped beyond the average. Let M be the frequency multiplier, and M_o the same with the
stopping measures put at the reference. The rate of events that come in again in the milder form is max(0, M_o - M)
times the rate at reference, under the key (scenario, "S"). Seen as the thinning of one flow of events, each with a
mark u: u < M stays grave, M <= u < M_o becomes mild, the rest is gone. More of any safeguard lowers M and M_o, so an
event only goes from grave to mild or to nothing. A milder form keeps the duration, cost and leak multipliers of the
grave scenario, so that it is milder under any maturity (`expected`). Below the average nothing comes in again: events
that a better hospital would have seen as mild are grave here, and the mild ones stay what is counted nationally.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from egide.diagnosis.level import Level
from egide.family import MEASURES
from egide.risk.draws import Draws
from egide.risk.library import CHANNELS, Effect, Library, Shape, Side

Array = NDArray[np.float64]
Levels = Mapping[str, Level]
SPREAD = "S"
"""The key beside the channels: rate of the events that come in again in a milder form."""

PLACE = {measure.code: place for place, measure in enumerate(MEASURES)}


@dataclass(frozen=True, eq=False)
class Multipliers(Mapping[tuple[str, str], Array]):
    """`[scenario, channel]` is an array (draw,); `channel(c)` is (scenario, draw) in the library's order."""

    rows: Mapping[tuple[str, str], int] = field(repr=False)
    table: Array = field(repr=False)

    def __getitem__(self, key: tuple[str, str]) -> Array:
        row: Array = self.table[self.rows[key]]
        return row

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def channel(self, channel: str) -> Array:
        """Return the multipliers of one channel, (scenario, draw)."""
        count = len(self.rows) // len(CHANNELS)
        place = CHANNELS.index(channel)
        rows: Array = self.table[place * count : (place + 1) * count]
        return rows


@dataclass(frozen=True, eq=False)
class Acting:
    """What does not depend on levels, for one set of draws: which effects act where, and the reference.

    A term is an effect, through one applicability, of one side.
    """

    draws: Draws
    sides: Mapping[Side, tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]]
    """By side: terms that are concave, their measures; terms that are all or nothing, their measures."""
    coefficient: Array
    """a z ln OR of each term, (term, draw)."""
    on: Array
    """1 where a term acts on a row, (row, term); a row is a (scenario, channel, side)."""
    keys: tuple[tuple[str, str, Side], ...]
    """What the rows are."""
    places: Mapping[Side, tuple[NDArray[np.intp], NDArray[np.intp]]]
    """By side: its rows, and their places in the table of multipliers."""
    rows: Mapping[tuple[str, str], int]
    """The places in the table of multipliers."""
    spreads: tuple[tuple[int, int, NDArray[np.intp]], ...]
    """For each scenario that spreads: its row, the place of its key "S", the terms that stop it."""
    reference: Array
    """g of each term at reference maturity, (term, draw)."""
    ceiling: Array
    """c of each draw."""
    reference_gain: Array
    """H(x_ref) by place in the table, both sides together, (place, draw)."""

    def growth(self, hospital: Levels, supplier: Levels | None = None) -> Array:
        """Return g of each term, (term, draw)."""
        growth = self.reference.copy()
        for side, levels in ((Side.HOSPITAL, hospital), (Side.SUPPLIER, supplier)):
            if levels is not None:
                _grow(self, side, _matrix(self.draws, levels), growth)
        return growth

    def of(self, hospital: Levels, supplier: Levels | None = None) -> Multipliers:
        """Return the multipliers of the hospital's levels and of its suppliers', at the reference if not told."""
        growth = self.growth(hospital, supplier)
        x = self.on @ (self.coefficient * growth)
        table = np.exp(self.reference_gain - self.gain(x))
        for row, place, stopping in self.spreads:
            stopped = (self.coefficient[stopping] * (growth[stopping] - self.reference[stopping])).sum(axis=0)
            grave = self.rows[self.keys[row][:2]]
            without = np.exp(self.reference_gain[grave] - saturated(x[row] - stopped, self.ceiling))
            table[place] = np.maximum(without - table[grave], 0.0)
        return Multipliers(self.rows, table)

    def gain(self, x: Array) -> Array:
        """Return the sum of the H of both sides for each place in the table, from the x of each row."""
        each = saturated(x, self.ceiling)
        gain = np.zeros((len(self.rows), self.draws.count))
        for rows, places in self.places.values():
            gain[places] += each[rows]
        return gain


def saturated(x: Array, ceiling: Array) -> Array:
    """Return H(x): x while it is small, never more than the ceiling."""
    return ceiling * (1.0 - np.exp(x / -ceiling))


def _matrix(draws: Draws, levels: Levels) -> Array:
    """Return the level of each measure in each draw; a measure that is not told stands at the reference."""
    reference = draws["maturity.reference"]
    matrix = np.empty((len(PLACE), draws.count))
    for code, place in PLACE.items():
        level = levels.get(code)
        if level is None:
            matrix[place] = reference
        else:
            matrix[place] = level.low if level.low == level.high else level.at(reference)
    return matrix


def _grow(acting: Acting, side: Side, levels: Array, growth: Array) -> None:
    """Write g of the terms of one side: 1 - (1-m)^gamma, or 0 up to a threshold and then straight to 1."""
    concave, measures, threshold, sharp = acting.sides[side]
    with np.errstate(divide="ignore"):
        curve = 1.0 - np.exp(acting.draws["effect.concavity"] * np.log(np.maximum(1.0 - levels, 0.0)))
    growth[concave] = curve[measures]
    least = acting.draws["effect.threshold"]
    growth[threshold] = np.maximum(levels[sharp] - least, 0.0) / (1.0 - least)


def acting(draws: Draws) -> Acting:
    """Return what the multipliers of those draws are made from, kept for the next call."""
    return draws.once(Acting, lambda: _acting(draws))


def _acting(draws: Draws) -> Acting:
    library = draws.library
    rows = {(each.id, channel): 0 for channel in CHANNELS for each in library.scenarios}
    rows |= {(each.id, SPREAD): 0 for each in library.scenarios if each.spread}
    rows = {key: place for place, key in enumerate(rows)}
    acts = [(effect, act, name) for effect in library.effects for act in effect.acts for name in act.scenarios]
    terms = {
        key: place for place, key in enumerate(dict.fromkeys((each.id, act.weight, act.side) for each, act, _ in acts))
    }
    keys = tuple(dict.fromkeys((name, act.channel, act.side) for _, act, name in acts))
    row_of = {key: row for row, key in enumerate(keys)}
    on = np.zeros((len(keys), len(terms)))
    for effect, act, name in acts:
        on[row_of[name, act.channel, act.side], terms[effect.id, act.weight, act.side]] = 1.0
    effects = {each.id: each for each in library.effects}
    made = Acting(
        draws,
        {side: _places(terms, effects, side) for side in Side},
        np.stack([_coefficient(draws, effects[name], weight) for name, weight, _ in terms]),
        on,
        keys,
        {side: _of_side(keys, rows, side) for side in Side},
        rows,
        tuple(_spreads(library, terms, effects, on, row_of, rows)),
        np.zeros((len(terms), draws.count)),
        -np.log1p(-draws["effect.cap"]),
        np.zeros((len(rows), draws.count)),
    )
    average = _matrix(draws, {})
    for side in Side:
        _grow(made, side, average, made.reference)
    made.reference_gain[:] = made.gain(on @ (made.coefficient * made.reference))
    return made


def _of_side(
    keys: tuple[tuple[str, str, Side], ...], rows: Mapping[tuple[str, str], int], side: Side
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    mine = [(row, rows[key[:2]]) for row, key in enumerate(keys) if key[2] is side]
    return np.array([row for row, _ in mine], dtype=np.intp), np.array([place for _, place in mine], dtype=np.intp)


def _spreads(
    library: Library,
    terms: Mapping[tuple[str, str, Side], int],
    effects: Mapping[str, Effect],
    on: Array,
    row_of: Mapping[tuple[str, str, Side], int],
    rows: Mapping[tuple[str, str], int],
) -> Iterator[tuple[int, int, NDArray[np.intp]]]:
    for each in library.scenarios:
        if each.spread:
            row = row_of[each.id, "F", Side.HOSPITAL]
            stopping = [
                place
                for (name, _, _), place in terms.items()
                if on[row, place] and effects[name].measure in each.spread.measures
            ]
            yield row, rows[each.id, SPREAD], np.array(stopping, dtype=np.intp)


def _places(
    terms: Mapping[tuple[str, str, Side], int], effects: Mapping[str, Effect], side: Side
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    mine = [(effects[name], place) for (name, _, whose), place in terms.items() if whose is side]
    found = []
    for shape in (Shape.CONCAVE, Shape.ALL_OR_NOTHING):
        found.append(np.array([place for effect, place in mine if effect.shape is shape], dtype=np.intp))
        found.append(np.array([PLACE[effect.measure] for effect, _ in mine if effect.shape is shape], dtype=np.intp))
    return (found[0], found[1], found[2], found[3])


def _coefficient(draws: Draws, effect: Effect, weight: str) -> Array:
    logarithm = np.log(draws[effect.parameter])
    shrunk = logarithm * draws["effect.shrinkage"] if effect.shrunk else logarithm
    return shrunk * draws[weight] if weight else shrunk


def multipliers(draws: Draws, levels: Levels, supplier: Levels | None = None) -> Multipliers:
    """Return by (scenario, channel) what rates, durations, costs and leaks are multiplied by, one value for each draw.

    `levels` are the hospital's; those of its suppliers stand at the reference unless told. A measure that is in
    neither stands at the reference; a blank is a level of 0.
    """
    return acting(draws).of(levels, supplier)
