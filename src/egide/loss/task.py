"""A run of blocks of years, as a worker does it, and the putting together of what workers give back."""

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from egide.loss.curve import Curve, Slices
from egide.loss.layout import EDGE, Layout, Names

Floats = NDArray[np.float64]

YEARS = 4096
"""Years of a block, as in the kernel."""
CHUNK = 512
APART = 8
"""Numbers that keep lines apart: lines whose addresses differ by a power of two would fight for the same cache."""
DOUBLINGS, LEAST_DOUBLING = 64, 30
"""Amounts that have slices of their own: this many doublings, from 2 ** -30 units of the layout."""
FINE_SLICES = DOUBLINGS * 512 + 1
COARSE_SLICES = DOUBLINGS * 32 + 1


class Rows(NamedTuple):
    """Rows that hold the years of the block being worked on."""

    risk: Floats
    scenario: Floats
    head: Floats
    aside: Floats
    layer: Floats
    total: Floats
    gross: Floats
    ceded: Floats
    factor: Floats
    ceded_head: Floats
    ceded_scenario: Floats
    ceded_risk: Floats
    ones: Floats
    spare: Floats


class Pool(NamedTuple):
    """The events of one stream in a block, and those of all shocks."""

    members: NDArray[np.int64]
    years: NDArray[np.int64]
    us: Floats
    vs: Floats
    factors: Floats
    rates: Floats
    guide: NDArray[np.int64]
    struck: NDArray[np.int64]
    lasting: Floats
    tied: Floats
    whole: Floats
    starts: NDArray[np.int64]


def _pool(layout: Layout, most: int) -> Pool:
    shocks = most if len(layout.shock_streams) else 0
    return Pool(
        members=np.zeros(most, np.int64),
        years=np.zeros(most, np.int64),
        us=np.zeros(most),
        vs=np.zeros(most),
        factors=np.zeros(YEARS),
        rates=np.zeros(YEARS),
        guide=np.zeros(YEARS, np.int64),
        struck=np.zeros(shocks, np.int64),
        lasting=np.zeros(shocks),
        tied=np.zeros(shocks),
        whole=np.zeros(shocks),
        starts=np.zeros(len(layout.shock_streams) + 1, np.int64),
    )


class Out(NamedTuple):
    """What a task gives back: histograms, then sums and sums of squares."""

    gross: Floats
    retained: Floats
    ceded: Floats
    events: Floats
    policy: Floats
    risk: Floats
    aside: Floats
    tail_count: Floats
    tail: Floats
    layer: Floats
    head: Floats
    scenario: Floats
    gross_risk: Floats
    ceded_head: Floats
    ceded_scenario: Floats
    ceded_risk: Floats


CURVES = ("gross", "retained", "ceded", "events")
SUMS = ("layer", "head", "scenario", "gross_risk", "ceded_head", "ceded_scenario", "ceded_risk")


class Task(NamedTuple):
    """A run of whole blocks of years: everything that a worker needs, as plain arrays."""

    layout: Layout
    names: Names
    first: int
    last: int
    years: int
    seed: int
    given: NDArray[np.int64]
    threshold: float
    detail: bool
    portfolio: bool


def _scratch(layout: Layout, names: Names, detail: bool) -> tuple[Floats, NDArray[np.int32], Rows]:
    """Return the lines of the events worked on, their marks, and the rows of the years of a block."""
    room = np.zeros((13 + 3 * layout.calls + 2 * int(np.diff(layout.head_first).max(initial=1)), CHUNK + APART))
    lines = {
        "risk": len(names.risks),
        "scenario": len(names.scenarios) * detail,
        "head": len(names.heads) * detail,
        "aside": len(names.risks) * (layout.aside >= 0),
        "layer": int(np.diff(layout.layer_first).max(initial=0)),
        "total": 3,
        "ceded_head": len(names.heads) * detail,
        "ceded_scenario": len(names.scenarios) * detail,
        "ceded_risk": len(names.risks) * detail,
    }
    rows = Rows(*(np.zeros((lines[key], YEARS + APART)) if key in lines else np.ones(YEARS) for key in Rows._fields))
    return room, np.zeros((3, CHUNK + 1), np.int32), rows


def empty(names: Names, task: Task) -> Out:
    """Return sums and histograms that hold nothing yet."""
    risks, scenarios, heads = len(names.risks), len(names.scenarios), len(names.heads)
    several = COARSE_SLICES if task.portfolio else 0
    tail = COARSE_SLICES if task.threshold < inf else 0
    return Out(
        gross=np.zeros((FINE_SLICES, 3)),
        retained=np.zeros((FINE_SLICES, 3)),
        ceded=np.zeros((FINE_SLICES, 3)),
        events=np.zeros((FINE_SLICES, 3)),
        policy=np.zeros((len(names.policies), 3, several, 3)),
        risk=np.zeros((risks, several, 3)),
        aside=np.zeros((risks * (task.layout.aside >= 0), COARSE_SLICES, 3)),
        tail_count=np.zeros((tail, 2)),
        tail=np.zeros((tail, risks + scenarios * task.detail, 2)),
        layer=np.zeros((len(names.layers), 2)),
        head=np.zeros((heads, 2)),
        scenario=np.zeros((scenarios, 2)),
        gross_risk=np.zeros((risks, 2)),
        ceded_head=np.zeros((heads, 2)),
        ceded_scenario=np.zeros((scenarios, 2)),
        ceded_risk=np.zeros((risks, 2)),
    )


def thin(table: Floats) -> Slices:
    """Return the lines of a table that are not empty, with their places: the first column counts."""
    index = np.flatnonzero(table[:, 0])
    return index, table[index]


def law(table: Floats, years: int, scale: float) -> Curve:
    """Return the law that a histogram tells; each of its slices gets its floor."""
    index, rows = thin(table)
    each = (len(table) - 1) // DOUBLINGS
    doubling, part = np.divmod(np.maximum(index - 1, 0), each)
    floors = np.where(index > 0, np.ldexp(1 + part / each, doubling - LEAST_DOUBLING) * EDGE / scale, 0.0)
    return Curve(years, np.column_stack([rows, floors]))


Part = dict[str, Any]


def work(task: Task) -> Part:
    """Simulate one task: called by any worker, in any process. Returns histograms without their empty lines, and sums."""
    from egide.loss import kernel  # noqa: PLC0415 (Numba only when something is simulated)

    names = task.names
    room, marks, rows = _scratch(task.layout, names, task.detail)
    k0, k1 = np.uint64(task.seed & 0xFFFFFFFF), np.uint64(task.seed >> 32)
    years = task.first, task.last, task.years
    most = 4 * YEARS
    while True:
        out = empty(names, task)
        pool = _pool(task.layout, most)
        if kernel.run(
            task.layout, *years, k0, k1, task.given, task.threshold, task.detail, pool, room, marks, rows, out
        ):
            break
        most *= 4
    part: Part = {key: thin(getattr(out, key)) for key in CURVES}
    part["policy"] = [[thin(table) for table in three] for three in out.policy]
    part["risk"] = [thin(table) for table in out.risk]
    part["aside"] = [thin(table) for table in out.aside]
    part["tail_count"] = thin(out.tail_count)
    part["tail"] = out.tail[part["tail_count"][0]]
    return part | {key: getattr(out, key) for key in SUMS}


class Total:
    """The parts put together, in their order."""

    def __init__(self, out: Out, scale: float):
        self.out = out
        self.scale = scale

    def add(self, part: Part) -> None:
        """Add what a task gave back, or some of it."""
        for key, value in part.items():
            into = getattr(self.out, key)
            if key in SUMS:
                into += value
            elif key == "tail":
                into[part["tail_count"][0]] += value
            else:
                _put(into, value)

    def curve(self, key: str, years: int) -> Curve:
        """Return the law of a quantity over the years put together."""
        return law(getattr(self.out, key), years, self.scale)


def _put(into: Floats, value: Any) -> None:
    """Add thinned tables to full ones: one, or lists of them."""
    if isinstance(value, list):
        for each, part in zip(into, value, strict=True):
            _put(each, part)
    else:
        index, rows = value
        into[index, :2] += rows[:, :2]
        into[index, 2:] = np.maximum(into[index, 2:], rows[:, 2:])
