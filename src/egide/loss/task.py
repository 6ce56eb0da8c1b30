"""A run of blocks of years, as a worker does it, and the putting together of what workers give back."""

import threading
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from egide.loss.curve import COUNT, FLOOR, MOST, Curve
from egide.loss.layout import EDGE, Layout, Names

Floats = NDArray[np.float64]

SPANS = (2**14, 2**13, 2**12)
"""How many years a block may hold, a draw giving 14 bits to a year: many, for what a block costs beside its events to be small."""
WASTE = 0.07
"""The share of its years that a run may simulate past the last."""
MOST_RISKS = 64
"""Risks past which blocks are the smallest, to keep their years in memory."""
CHUNK = 1024
APART = 8
"""Numbers that keep lines apart: lines whose addresses differ by a power of two would fight for the same cache."""
CACHE_LINE = 64
"""Bytes of a line of the cache, or a multiple of it."""
DOUBLINGS, LEAST_DOUBLING = 64, 30
"""Amounts that have slices of their own: this many doublings, from 2 ** -30 units of the layout."""
FINE_SLICES = DOUBLINGS * 256 + 1
MIDDLE_SLICES = DOUBLINGS * 128 + 1
COARSE_SLICES = DOUBLINGS * 32 + 1
SINKS = 8
"""Lines past those of a histogram, as in the kernel: what they hold is not read."""


def span_of(years: int, risks: int, blocks: int) -> int:
    """Return how many years a block holds, in a run of so many years, risks and blocks at least, if that can be."""
    if risks > MOST_RISKS:
        return SPANS[-1]
    held = (span for span in SPANS if -years % span <= WASTE * years and blocks * span <= years)
    return next(held, SPANS[-1])


def lines_of(names: Sequence[object]) -> int:
    """Return how many parts of a whole are summed apart: a lone one is the whole, of which all is known."""
    return len(names) if len(names) > 1 else 0


class Rows(NamedTuple):
    """Rows that hold the years of the block being worked on.

    Tables by scenario and by head hold pairs: the gross of all contracts, and what the one being worked on cedes. A lone
    scenario or head has no line, as all is known of the whole; the line of a lone risk is that of the whole.
    """

    risk: Floats
    scenario: Floats
    head: Floats
    aside: Floats
    layer: Floats
    total: Floats
    ceded: Floats
    factor: Floats
    ceded_risk: Floats
    void: Floats
    ones: Floats
    places: NDArray[np.int32]


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


def aligned(*shape: int, of: type = np.float64) -> NDArray[Any]:
    """Return an array of zeros that begins where a line of the cache begins: else half of the wide reads span two lines."""
    size = int(np.prod(shape)) * np.dtype(of).itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(of).reshape(shape)


def _pool(layout: Layout, most: int, span: int) -> Pool:
    shocks = most if len(layout.shock_streams) else 0
    return Pool(
        members=aligned(most, of=np.int64),
        years=aligned(most, of=np.int64),
        us=aligned(most),
        vs=aligned(most),
        factors=aligned(span),
        rates=aligned(span),
        guide=aligned(span, of=np.int64),
        struck=aligned(shocks, of=np.int64),
        lasting=aligned(shocks),
        tied=aligned(shocks),
        whole=aligned(shocks),
        starts=aligned(len(layout.shock_streams) + 1, of=np.int64),
    )


class Out(NamedTuple):
    """What a task gives back: histograms, then sums and sums of squares.

    A slice has the four columns of a curve, of which the last, its floor, is told at the end.
    """

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
HISTOGRAMS = (*CURVES, "policy", "risk", "aside")
SUMS = ("layer", "head", "scenario", "gross_risk", "ceded_head", "ceded_scenario", "ceded_risk")


class Task(NamedTuple):
    """A run of whole blocks of years: everything that a worker needs, as plain arrays."""

    layout: Layout
    names: Names
    first: int
    last: int
    span: int
    years: int
    seed: int
    given: NDArray[np.int64]
    threshold: float
    detail: bool
    portfolio: bool


def _scratch(layout: Layout, names: Names, span: int, detail: bool) -> tuple[Floats, NDArray[np.int32], Rows]:
    """Return the lines of the events worked on, their marks, and the rows of the years of a block."""
    heads = int(np.diff(layout.head_first).max(initial=1))
    room = aligned(14 + 3 * layout.calls + 2 * heads, CHUNK + APART)
    marks = aligned(4 + heads, CHUNK + APART, of=np.int32)
    risks, scenarios, of_heads = (lines_of(each) * detail for each in (names.risks, names.scenarios, names.heads))
    shapes: dict[str, tuple[int, ...]] = {
        "risk": (len(names.risks), span + APART),
        "scenario": (scenarios, span + APART, 2),
        "head": (of_heads, span + APART, 2),
        "aside": (len(names.risks) * (layout.aside >= 0), span + APART),
        "layer": (int(np.diff(layout.layer_first).max(initial=0)), span + APART),
        "total": (3, span + APART),
        "ceded_risk": (risks, span + APART),
        "void": (max(scenarios, of_heads), 2),
    }
    tables: dict[str, Any] = {key: aligned(*shapes[key]) if key in shapes else np.ones(span) for key in Rows._fields}
    tables["places"] = aligned(2, span + APART, of=np.int32)
    if len(names.risks) == 1:
        tables["risk"] = tables["total"][:1]
    return room, marks, Rows(**tables)


def empty(names: Names, task: Task) -> Out:
    """Return sums and histograms that hold nothing yet."""
    of_risks, scenarios, heads = lines_of(names.risks), lines_of(names.scenarios), lines_of(names.heads)
    risks = len(names.risks)
    fine, coarse = FINE_SLICES + SINKS, COARSE_SLICES + SINKS
    several = coarse if task.portfolio else 0
    tail = COARSE_SLICES if task.threshold < inf else 0
    return Out(
        gross=aligned(fine, 4),
        retained=aligned(fine, 4),
        ceded=aligned(fine, 4),
        events=aligned(MIDDLE_SLICES + SINKS, 4),
        policy=aligned(len(names.policies), 3, several, 4),
        risk=aligned(risks, several, 4),
        aside=aligned(risks * (task.layout.aside >= 0), coarse, 4),
        tail_count=aligned(tail, 2),
        tail=aligned(tail, of_risks + scenarios, 2),
        layer=aligned(lines_of(names.layers), 2),
        head=aligned(heads, 2),
        scenario=aligned(scenarios, 2),
        gross_risk=aligned(of_risks, 2),
        ceded_head=aligned(heads, 2),
        ceded_scenario=aligned(scenarios, 2),
        ceded_risk=aligned(of_risks, 2),
    )


class Lines(NamedTuple):
    """The lines of a histogram that may hold something: line 0, then those from `first` on."""

    first: int
    rows: Floats

    @property
    def last(self) -> int:
        """Return where they end."""
        return self.first + len(self.rows) - 1


Used = Callable[[Floats], tuple[int, int]]


def _taken(table: Floats, first: int, last: int) -> Lines:
    """Take the lines [first, last) out of a table with its line 0: it is left empty."""
    found = Lines(first, np.concatenate([table[:1], table[first:last]]))
    table[:1] = 0.0
    table[first:last] = 0.0
    return found


def _taken_all(table: Floats, used: Used) -> Any:
    """Take what a histogram holds, `used` telling from where to where; of a table of histograms, a list."""
    if table.ndim > 2:
        return [_taken_all(each, used) for each in table if each.size]
    slices = table[:-SINKS]
    return _taken(slices, *used(slices))


def _joined(whole: Any, part: Any) -> Any:
    """Return the sum of two results of the same shape; `whole` may be changed."""
    if isinstance(whole, list):
        return [_joined(*pair) for pair in zip(whole, part, strict=True)]
    if not isinstance(whole, Lines):
        return whole + part
    first, last = min(whole.first, part.first), max(whole.last, part.last)
    if (first, last) != (whole.first, whole.last):
        wide = np.zeros((1 + last - first, *whole.rows.shape[1:]))
        wide[:1] = whole.rows[:1]
        wide[1 + whole.first - first :][: len(whole.rows) - 1] = whole.rows[1:]
        whole = Lines(first, wide)
    at = part.first - first
    for into, rows in ((whole.rows[:1], part.rows[:1]), (whole.rows[1 + at :][: len(part.rows) - 1], part.rows[1:])):
        most = np.maximum(into[..., MOST], rows[..., MOST]) if into.shape[-1] > MOST else None
        np.add(into, rows, out=into)
        if most is not None:
            into[..., MOST] = most
    return whole


@lru_cache(maxsize=3)
def _floors(slices: int) -> Floats:
    """Return the least amount of each slice, in units of the layout."""
    each = (slices - 1) // DOUBLINGS
    doubling, part = np.divmod(np.maximum(np.arange(slices) - 1, 0), each)
    return np.where(np.arange(slices) > 0, np.ldexp(1 + part / each, doubling - LEAST_DOUBLING), 0.0)


def law(lines: Lines, slices: int, years: int, scale: float) -> Curve:
    """Return the law that a histogram of so many slices tells; each of its slices gets its floor."""
    index = np.flatnonzero(lines.rows[:, COUNT] != 0)
    found = lines.rows[index]
    found[:, FLOOR] = _floors(slices).take(np.where(index > 0, index + (lines.first - 1), 0)) * EDGE / scale
    return Curve(years, found)


# ------------------------------------------------------------------------------------------------------ arrays in use
class _Space(NamedTuple):
    """The arrays that a task works in; nothing is left in `out` between two tasks."""

    pool: Pool
    room: Floats
    marks: NDArray[np.int32]
    rows: Rows
    out: Out

    @property
    def size(self) -> int:
        return sum(each.nbytes for each in (*self.pool, self.room, self.marks, *self.rows, *self.out))


_kept = threading.local()
KEPT_SPACES, LARGEST_KEPT = 2, 2**24
"""Arrays that a thread keeps for the next tasks: those of a pilot and of its run; the bytes past which none are kept."""


def _space(task: Task, most: int) -> _Space:
    return _Space(
        _pool(task.layout, most, task.span),
        *_scratch(task.layout, task.names, task.span, task.detail),
        empty(task.names, task),
    )


def _form(task: Task) -> tuple[object, ...]:
    """Return all that the shapes of the arrays of a task come from."""
    layout = task.layout
    return (
        task.names,
        tuple(getattr(each, "shape", ()) for each in layout),
        layout.calls,
        layout.aside >= 0,
        layout.head_first.tobytes(),
        layout.layer_first.tobytes(),
        task.span,
        task.detail,
        task.portfolio,
        task.threshold < inf,
    )


Part = dict[str, Any]


def work(task: Task) -> Part:
    """Simulate one task: called by any worker, in any process. Returns what histograms hold, and sums."""
    from egide.loss import kernel  # noqa: PLC0415 (Numba only when something is simulated)

    k0, k1 = np.uint64(task.seed & 0xFFFFFFFF), np.uint64(task.seed >> 32)
    years = task.first, task.last, task.years
    kept: dict[Any, _Space] = vars(_kept)
    form = _form(task)
    # Not kept while it is in use: what a task leaves when it fails is never seen again.
    space = kept.pop(form, None) or _space(task, 4 * task.span)
    while not kernel.run(task.layout, *years, k0, k1, task.given, task.threshold, task.detail, *space):
        space = _space(task, 4 * len(space.pool.members))  # the events of a block need more room; begin again
    out = space.out
    part: Part = {key: _taken_all(getattr(out, key), kernel.used) for key in HISTOGRAMS}
    worst = kernel.used(out.tail_count)
    part |= {key: _taken(getattr(out, key), *worst) for key in ("tail_count", "tail")}
    part |= {key: getattr(out, key).copy() for key in SUMS}
    for key in SUMS:
        getattr(out, key).fill(0.0)
    if space.size <= LARGEST_KEPT:
        kept[form] = space
        while len(kept) > KEPT_SPACES:
            del kept[next(iter(kept))]
    return part


class Total:
    """The parts put together, in their order."""

    def __init__(self, scale: float):
        self.scale = scale
        self.whole: Part = {}

    def add(self, part: Part, *, lent: bool = False) -> None:
        """Add what a task gave back, or some of it; the first part becomes the total, or its copy if it is lent."""
        for key, value in part.items():
            if key in self.whole:
                self.whole[key] = _joined(self.whole[key], value)
            else:
                self.whole[key] = deepcopy(value) if lent else value

    @property
    def beyond(self) -> float:
        """Return how many years cost more than what histograms tell apart."""
        gross = self.whole["gross"]
        return float(gross.rows[-1, COUNT]) if gross.last == FINE_SLICES else 0.0

    def curve(self, key: str, years: int) -> Curve:
        """Return the law of a quantity over the years put together."""
        return law(self.whole[key], MIDDLE_SLICES if key == "events" else FINE_SLICES, years, self.scale)

    def coarse(self, lines: Lines, years: int) -> Curve:
        """Return the law of one of the many quantities of a portfolio."""
        return law(lines, COARSE_SLICES, years, self.scale)
