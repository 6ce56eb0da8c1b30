"""The simulation, compiled: draws, laws, terms and the sums of a year. All that is compiled together stands here.

Years go by blocks, whole blocks only: events of years past the last are dropped, which leaves a Poisson law exact. A
block holds `span` years, a power of two. In it, each stream of events has one count, and each event an independent year.
Every number is a function of (seed, span, stream, block, index of the event): neither threads, nor workers, nor other
streams can change it.

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011). One call of
128 bits gives an event its year (14 bits at most) and three uniforms of 38 bits.

Loops are kept small, without branches and over contiguous rows, so that the compiler runs them eight at a time.
"""

from math import exp, floor, inf, lgamma, log, log1p, sqrt
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

CHUNK = 1024
"""Events worked on together: fewer would stand in a nearer cache, but the calls of the loops would cost more than that."""
APART = 8
"""Numbers past the years of a line, as in task.py."""
SLOTS = 3
"""Uniforms of one call of the generator."""

# Nothing compiled here makes an array: counting who holds each would cost more than some of the loops (`_nrt`).
_compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"}, _nrt=False)
_inlined: Any = numba.njit(inline="always", error_model="numpy", fastmath={"contract", "nsz"})

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
COUNTING, DATING = np.uint64(0xFF), np.uint64(0xFE)
"""The calls that serve to count events, and to give them nothing but a year; calls 0, 1, 2... serve the events themselves."""


@intrinsic
def _bits(typingctx: Any, value: Any) -> Any:
    """Return the 64 bits of a number."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return numba.int64(numba.float64), build


@intrinsic
def _number(typingctx: Any, bits: Any) -> Any:
    """Return the number that has these 64 bits."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return numba.float64(numba.int64), build


PAIR = ir.VectorType(ir.DoubleType(), 2)
WORD = ir.IntType(64)


@intrinsic
def _grown(typingctx: Any, table: Any, at: Any, first: Any, second: Any) -> Any:
    """Add two numbers to the pair `at` of a table of pairs, both at once."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start = make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.gep(builder.bitcast(start, PAIR.as_pointer()), [args[1]])
        _added_to(builder, place, args[2], args[3])
        return context.get_dummy_value()

    number = numba.float64
    return numba.types.none(table, numba.int64, number, number), build


def _added_to(builder: Any, place: Any, first: Any, second: Any) -> tuple[Any, Any]:
    """Add two numbers to the pair at a place; return, as pairs, what was added and the old value plus the new one."""
    added = ir.Constant(PAIR, ir.Undefined)
    for lane, number in enumerate((first, second)):
        added = builder.insert_element(added, number, WORD(lane))
    old = builder.load(place, align=8)
    new = builder.fadd(old, added)
    builder.store(new, place, align=8)
    return added, builder.fadd(old, new)


@intrinsic
def _grown_all(
    typingctx: Any, table: Any, start: Any, marks: Any, years: Any, room: Any, x: Any, c: Any, count: Any
) -> Any:
    """Add to pairs of a table, from the pair `start` on, two lines of the room at the years of a line of marks.

    Return what this adds to the sum and to the sum of squares of the first column, then of the second: a square grows by what
    is added times the old value plus the new one. Even and odd places are summed apart, on any machine.
    """

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pairs, lines, numbers = (make_array(signature.args[i])(context, builder, args[i]) for i in (0, 2, 4))
        pair = builder.gep(builder.bitcast(pairs.data, PAIR.as_pointer()), [args[1]])

        def line(array: Any, which: Any) -> Any:
            return builder.gep(array.data, [builder.mul(which, cgutils.unpack_tuple(builder, array.shape)[1])])

        when, first, second = line(lines, args[3]), line(numbers, args[5]), line(numbers, args[6])
        sums = [cgutils.alloca_once_value(builder, ir.Constant(PAIR, [0.0] * 2)) for _ in range(4)]

        def grow(i: Any, odd: int) -> None:
            year, one, other = (builder.load(builder.gep(each, [i])) for each in (when, first, second))
            place = builder.gep(pair, [builder.sext(year, WORD)])
            added, twice = _added_to(builder, place, one, other)
            squares = builder.fmul(added, twice, flags=("contract",))
            for total, more in ((sums[odd], added), (sums[2 + odd], squares)):
                builder.store(builder.fadd(builder.load(total), more, flags=("contract",)), total)

        with cgutils.for_range(builder, builder.udiv(args[7], WORD(2)), intp=WORD) as loop:
            even = builder.mul(loop.index, WORD(2))
            grow(even, 0)
            grow(builder.add(even, WORD(1)), 1)
        with builder.if_then(builder.trunc(args[7], ir.IntType(1))):
            grow(builder.sub(args[7], WORD(1)), 0)
        totals = [builder.fadd(builder.load(sums[at]), builder.load(sums[at + 1])) for at in (0, 2)]
        told = [builder.extract_element(each, WORD(lane)) for lane in range(2) for each in totals]
        return context.make_tuple(builder, signature.return_type, told)

    number, whole = numba.float64, numba.int64
    return numba.types.UniTuple(number, 4)(table, whole, marks, whole, room, whole, whole, whole), build


SLICE = ir.VectorType(ir.DoubleType(), 4)


@intrinsic
def _counted(typingctx: Any, slices: Any, at: Any, amount: Any) -> Any:
    """Count an amount in the slice `at` of a histogram: one more, the sum and the largest, all at once."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start = make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.gep(builder.bitcast(start, SLICE.as_pointer()), [args[1]])
        old = builder.load(place, align=8)
        every = builder.insert_element(ir.Constant(SLICE, [1.0, 0.0, 0.0, 0.0]), args[2], WORD(1))
        every = builder.insert_element(every, args[2], WORD(2))
        larger = builder.select(builder.fcmp_ordered(">", every, old), every, old)
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), 4), [0, 1, 6, 3])
        builder.store(builder.shuffle_vector(builder.fadd(old, every), larger, lanes), place, align=8)
        return context.get_dummy_value()

    return numba.types.none(slices, numba.int64, numba.float64), build


@intrinsic
def _cubic(typingctx: Any, coefficients: Any, at: Any, place: Any) -> Any:
    """Return the cubic of a line of coefficients at a place in [0, 1]: (c0 + c2 f^2) + f (c1 + c3 f^2), by halves.

    Two reads of two neighbours take less than the four scattered ones by which the compiler would run eight at a time.
    """

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start = make_array(signature.args[0])(context, builder, args[0]).data
        line = builder.bitcast(builder.gep(start, [builder.mul(args[1], WORD(4))]), PAIR.as_pointer())
        low, high = (builder.load(builder.gep(line, [WORD(half)]), align=8) for half in range(2))
        square = builder.fmul(args[2], args[2])
        both = builder.insert_element(ir.Constant(PAIR, ir.Undefined), square, WORD(0))
        both = builder.insert_element(both, square, WORD(1))
        halves = builder.fadd(low, builder.fmul(high, both, flags=("contract",)), flags=("contract",))
        even, odd = (builder.extract_element(halves, WORD(lane)) for lane in range(2))
        return builder.fadd(even, builder.fmul(odd, args[2], flags=("contract",)), flags=("contract",))

    return numba.float64(coefficients, numba.int64, numba.float64), build


# ---------------------------------------------------------------------------------------------- numbers from counters
@_inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four 32-bit words of Philox4x32-10 for a counter of four words and a key of two."""
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1 & LOW, (p0 >> HALF) ^ c3 ^ k1, p0 & LOW
        k0 = (k0 + np.uint64(0x9E3779B9)) & LOW
        k1 = (k1 + np.uint64(0xBB67AE85)) & LOW
    return c0, c1, c2, c3


@_inlined
def exponential(x):
    """Return e ** x to 1e-11 of its value, for |x| < 700."""
    n = floor(x * 1.4426950408889634 + 0.5)
    r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    p = 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    return p * _number((np.int64(n) + 1023) << 52)


@_inlined
def logarithm(x):
    """Return ln x to 2e-11, for a normal number x > 0."""
    bits = _bits(x) - 0x3FE6A09E667F3BCD
    e = bits >> 52
    m = _number((bits & 0xFFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD)
    s = (m - 1) / (m + 1)
    q = s * s
    p = 2 / 11
    p = p * q + 2 / 9
    p = p * q + 2 / 7
    p = p * q + 2 / 5
    p = p * q + 2 / 3
    p = p * q + 2
    return np.float64(e) * 0.6931471805599453 + s * p


@_inlined
def normal(u):
    """Return the standard normal score of a probability in [2 ** -54, 1 - 2 ** -54], to 2.2e-10 of its value (3e-9 near 0).

    With w = -ln(4 u (1 - u)), the score over sqrt(w) varies only from 1.2533 to 1.41: a ratio of two polynomials says it.
    """
    w = max(-logarithm(4 * u * (1 - u)), 0.0)
    p = 6.1758048244501292e-8
    p = p * w + 1.8404591554287879e-5
    p = p * w + 0.00050281287661009826
    p = p * w + 0.0064464470113146412
    p = p * w + 0.056511223830619205
    p = p * w + 0.27592710101095198
    p = p * w + 1.2533141375576279
    q = 4.3645953928324057e-8
    q = q * w + 1.3095091895967122e-5
    q = q * w + 0.00036885745850167059
    q = q * w + 0.0047762986422562742
    q = q * w + 0.042965378875192093
    q = q * w + 0.20835859170342252
    q = q * w + 1
    z = sqrt(w) * p / q
    return z if u >= 0.5 else -z


@_inlined
def uniforms(room, row, at, words):
    """Put in three rows the uniforms that four words give; return the last 64 bits, which end with those of a year."""
    w0, w1, w2, w3 = words
    x = (w0 << HALF) | w1
    y = (w2 << HALF) | w3
    middle = ((x & np.uint64(0x3FFFFFF)) << np.uint64(12)) | ((y >> np.uint64(14)) & np.uint64(0xFFF))
    room[row, at] = (np.float64(np.int64(x >> np.uint64(26))) + 0.5) * 2.0**-38
    room[row + 1, at] = (np.float64(np.int64(y >> np.uint64(26))) + 0.5) * 2.0**-38
    room[row + 2, at] = (np.float64(np.int64(middle)) + 0.5) * 2.0**-38
    return y


@_compiled
def first_draws(alone, n, start, since, members, span, call, block, stream, k0, k1, room, row, marks, line):
    """Fill three rows of uniforms for `n` events, by one call of the generator for each.

    The first `alone` are those of index `start` on: they also draw their year, in a line of marks. `members` tells, from
    `since` on, the cluster (the index) of each of the others and its rank in it.
    """
    c1 = np.uint64(block)
    c2 = np.uint64(call)
    c3 = stream & LOW
    k1 = k1 ^ (stream >> HALF)
    last = np.uint64(span - 1)
    for i in range(alone):
        words = philox(np.uint64(start + i) & LOW, c1, c2, c3, k0, k1)
        marks[line, i] = np.int32(uniforms(room, row, i, words) & last)
    for i in range(alone, n):
        member = np.uint64(members[since + i - alone])
        rank = member & np.uint64(0xFFFFFF)
        uniforms(room, row, i, philox(member >> HALF, c1, c2 | (rank << np.uint64(8)), c3, k0, k1))


@_inlined
def one(index, rank, stream, block, k0, k1):
    """Return two uniforms of 52 bits that serve to count: `rank` tells apart what is counted."""
    call = COUNTING | (np.uint64(rank) << np.uint64(8))
    w0, w1, w2, w3 = philox(np.uint64(index) & LOW, np.uint64(block), call, stream & LOW, k0, k1 ^ (stream >> HALF))
    x = np.float64(np.int64(((w0 << HALF) | w1) >> np.uint64(12)))
    y = np.float64(np.int64(((w2 << HALF) | w3) >> np.uint64(12)))
    return (x + 0.5) * 2.0**-52, (y + 0.5) * 2.0**-52


@_compiled
def pairs(n, rank, stream, block, k0, k1, a, b):
    """Fill two rows with the uniforms that serve to count, one pair for each index."""
    for i in range(n):
        a[i], b[i] = one(i, rank, stream, block, k0, k1)


@_compiled
def poisson(u, mean):
    """Return the Poisson count of this mean at probability `u`, by inversion: it never falls when the mean rises.

    The sum starts nine deviations below the mean: what lies lower weighs less than 1e-17.
    """
    if mean <= 0:
        return 0
    k = max(0, int(mean - 9 * sqrt(mean) - 9))
    term = exp(k * log(mean) - mean - lgamma(k + 1.0))
    total = term
    while total < u and (k < mean or term > 1e-18):
        k += 1
        term *= mean / k
        total += term
    return k


@_compiled
def logarithmic(u, p, alone):
    """Return the logarithmic count (1, 2, ...) of parameter `p` at probability `u`, by inversion, monotone in `p`.

    `alone` is the probability of 1. Within 2 ** -44 of certainty the sum is mere rounding.
    """
    k = 1
    term = alone
    total = term
    while total < u and term > 1e-18:
        term *= p * k / (k + 1)
        k += 1
        total += term
    return k


SQUEEZE = 0.0331
"""A factor is surely kept where the second uniform is below 1 - SQUEEZE x^4 (Marsaglia and Tsang, 2000): no logarithm."""


@_compiled
def gamma_years(shape, stream, block, k0, k1, out):
    """Fill `out` with gamma factors of mean 1 and this shape, one for each year (Marsaglia and Tsang, 2000).

    A first pass without branches takes those that are surely kept at the first attempt; -1 marks the others.
    """
    d = max(shape, shape + 1.0 if shape < 1 else shape) - 1 / 3
    c = 1 / sqrt(9 * d)
    for y in range(len(out)):
        u, v = one(y, 1, stream, block, k0, k1)
        x = normal(u)
        t = 1 + c * x
        out[y] = d * (t * t * t) if (t > 0) & (v < 1 - SQUEEZE * (x * x) * (x * x)) else -1.0
    for y in range(len(out)):
        rank = 1
        value = out[y]
        while value < 0:
            u, v = one(y, rank, stream, block, k0, k1)
            rank += 1
            x = normal(u)
            t = 1 + c * x
            if t > 0:
                t = t * t * t
                if log(v) < 0.5 * x * x + d - d * t + d * log(t):
                    value = d * t
        if shape < 1:
            u, v = one(y, 0, stream, block, k0, k1)
            value *= u ** (1 / shape)
        out[y] = value / shape


@_compiled
def guided(pool):
    """Note, for each of equal parts of the sum of the factors of years, the first year that reaches it."""
    span = len(pool.factors)
    whole = 0.0
    for y in range(span):
        whole += pool.factors[y]
    part = whole / span
    reached = pool.factors[0]
    y = 0
    for k in range(span):
        while reached < k * part and y < span - 1:
            y += 1
            reached += pool.factors[y]
        pool.guide[k] = y


@_compiled
def dated(n, total, pool):
    """Give its year to each of `n` events that stand alone: the first whose cumulated rate reaches its part of the total.

    The guide only tells where to begin to look.
    """
    rates = pool.rates
    for i in range(n):
        at = pool.vs[i] * total
        y = pool.guide[int(pool.vs[i] * len(pool.guide))]
        while rates[y] < at:
            y += 1
        while y > 0 and rates[y - 1] >= at:
            y -= 1
        pool.years[i] = y
        pool.members[i] = i << 32


# ------------------------------------------------------------------------------------------------ events of a stream
POISSON, NEGATIVE_BINOMIAL, BINOMIAL, FIXED = range(4)
UNMIXED = False
"""No factor of the years changes how often shocks come."""


@_inlined
def clustered(cluster, size, year, n, members, years):
    """Put the events of a cluster after the first `n`; return how many there are then, held or not."""
    if n + size <= len(members):
        for j in range(size):
            members[n + j] = (cluster << 32) | j
            years[n + j] = year
    return n + size


@_compiled
def others(clusters, p, stream, block, k0, k1, pool):
    """Put in the pool the events past the first of each cluster, with the year that this first one draws.

    Return how many they are; the number is beyond the pool when it is too small. Sizes come from two uniforms a call.
    """
    most = len(pool.members)
    last = np.uint64(len(pool.factors) - 1)
    half = (clusters + 1) // 2
    if half > most:
        return most + 1
    pairs(half, 1, stream, block, k0, k1, pool.us, pool.vs)
    alone = -p / log1p(-p) if p > 0 else 1.0
    # Clusters of several events, from the end of the pool on: there are few.
    m = 0
    for i in range(half):
        pool.members[most - 1 - m] = 2 * i
        m += pool.us[i] > alone
    for i in range(clusters - half):
        pool.members[most - 1 - m] = 2 * i + 1
        m += pool.vs[i] > alone
    for k in range(most - m, most):
        cluster = np.uint64(pool.members[k])
        _, _, _, word = philox(cluster & LOW, np.uint64(block), np.uint64(0), stream & LOW, k0, k1 ^ (stream >> HALF))
        pool.years[k] = np.int64(word & last)
    n = 0
    for k in range(most - 1, most - 1 - m, -1):
        cluster, year = pool.members[k], pool.years[k]
        u = pool.vs[cluster // 2] if cluster % 2 else pool.us[cluster // 2]
        size = logarithmic(u, p, alone)
        if n + size > k:
            return most + 1
        for j in range(1, size):
            pool.members[n] = (cluster << 32) | j
            pool.years[n] = year
            n += 1
    return n


@_compiled
def independent(n, stream, block, k0, k1, pool):
    """Give their years to `n` events that follow Poisson laws: one call of the generator gives eight of them."""
    last = np.uint64(len(pool.factors) - 1)
    part = (n + 7) // 8
    for i in range(part):
        words = philox(np.uint64(i), np.uint64(block), DATING, stream & LOW, k0, k1 ^ (stream >> HALF))
        for k in range(4):
            pool.years[i + 2 * k * part] = np.int64(words[k] & last)
            pool.years[i + (2 * k + 1) * part] = np.int64((words[k] >> np.uint64(16)) & last)


@_compiled
def contagious(n, weight, pool):
    """Give their years to `n` events that follow negative binomial laws, given that they are so many in all.

    Each event takes a year of its own, or that of an event before it: the urn of Eggenberger and Polya (1923). The order of
    events means nothing: any other would be as likely.
    """
    span = len(pool.factors)
    for i in range(n):
        at = pool.us[i] * (weight + i)
        pool.years[i] = int(pool.vs[i] * span) if at < weight else pool.years[min(int(at - weight), i - 1)]


@_compiled
def events_of(frequencies, at, stream, block, mixed, given, k0, k1, pool):
    """Find the events of a block. Return how many stand alone, to draw their year; and how many of which the pool tells the
    years and, unless the run is stratified, the clusters.

    `mixed` tells that the years have gamma factors (in the pool). `given` is the number of events of the block when it is
    fixed beforehand (-2: stratified, not fixed), else -1. When the pool is too small, the second number is beyond.
    """
    kind, a, b = int(frequencies[at, 0]), frequencies[at, 1], frequencies[at, 2]
    most, span = len(pool.members), len(pool.factors)
    u, _ = one(0, 0, stream, block, k0, k1)
    if given >= 0:
        if given + 8 > most:
            return 0, most + 1
        if kind == POISSON:
            independent(given, stream, block, k0, k1, pool)
        else:
            pairs(given, 1, stream, block, k0, k1, pool.us, pool.vs)
            contagious(given, b * span, pool)
        return 0, given
    if kind == POISSON and not mixed:
        return poisson(u, a * span), 0
    if kind >= BINOMIAL:
        tries = int(a)
        if tries * span > most:
            return 0, tries * span
        if kind == BINOMIAL:
            pairs(tries * span, 1, stream, block, k0, k1, pool.us, pool.vs)
        n = 0
        for i in range(tries * span):
            if kind == FIXED or pool.us[i] < b:
                pool.members[n] = i << 32
                pool.years[n] = i // tries
                n += 1
    elif mixed and kind == NEGATIVE_BINOMIAL:
        n = 0
        for y in range(span):
            mean = a * pool.factors[y]
            u, _ = one(y, 3, stream, block, k0, k1)
            for i in range(poisson(u, b * log1p(mean / b))):
                cluster = (y << 16) | i
                u, _ = one(cluster, 4, stream, block, k0, k1)
                p = mean / (mean + b)
                size = logarithmic(u, p, -p / log1p(-p) if p > 0 else 1.0)
                n = clustered(cluster, size, y, n, pool.members, pool.years)
                if n > most:
                    return 0, n
    elif kind == POISSON:
        total = 0.0
        for y in range(span):
            total += a * pool.factors[y]
            pool.rates[y] = total
        n = poisson(u, total)
        if n > most:
            return 0, n
        pairs(n, 1, stream, block, k0, k1, pool.us, pool.vs)
        dated(n, total, pool)
    else:
        clusters = poisson(u, b * log1p(a / b) * span)
        return clusters, others(clusters, a / (a + b), stream, block, k0, k1, pool)
    if given == -1:
        return 0, n
    pairs(n, 2, stream, block, k0, k1, pool.us, pool.vs)
    for i in range(n - 1, 0, -1):
        j = int(pool.us[i] * (i + 1))
        pool.years[i], pool.years[j] = pool.years[j], pool.years[i]
    return 0, n


PRIMES = np.array([271.0, 67.0, 353.0, 383.0, 107.0, 41.0, 157.0, 389.0])
"""Of the primes below 500, those of which no small multiples nearly sum to a whole: three by three, then two by two."""
STRIDES = (np.sqrt(PRIMES) % 1 * 2.0**52).astype(np.uint64) << np.uint64(12)
"""Steps of the sequences of a stratified run, in 64 bits after the comma: square roots of primes, one for each uniform of an
event (Richtmyer, 1951; Kuipers and Niederreiter, Uniform distribution of sequences, 1974). Further uniforms are drawn."""


@_compiled
def own_stride(slot, stream, k0, k1):
    """Return a step drawn for a slot of a stream: those that a shock hits stand in the same places, and need steps apart."""
    w0, w1, _, _ = philox(np.uint64(slot), LOW, DATING, stream & LOW, k0, k1 ^ (stream >> HALF))
    return (w0 << HALF) | w1


@_compiled
def evenly(n, first, step, room, row):
    """Fill a row with uniforms, for events that stand in the places `first`, `first` + 1... of a sequence of this step."""
    for i in range(n):
        place = (np.uint64(first + i) * step) >> np.uint64(12)
        room[row, i] = (np.float64(np.int64(place)) + 0.5) * 2.0**-52


# ----------------------------------------------------------------------------------------------------- rows of events
# The room holds, for the events worked on, one quantity a line; functions are told which lines to read and to fill. Lines
# are worked out to a multiple of WIDE, past the last event: what is left of a loop would run one at a time.
# (Lines passed as arrays would each cost two atomic counts at every call.)
(
    COMMON, DAYS, Z, GROSS, COVERED, AFTER, WHOLE, ONCE, CEDED, SPREAD, RATE, TIED, PART, UNIFORMS,
) = np.arange(14)  # fmt: skip
SPARE, YEAR, PLACE, HELD, WHICH = np.arange(5)
"""The lines of the marks: whole numbers. HELD tells, for each head of an entry, how many events have it, -1 for all of them
in their places; from WHICH on, a line for each head says which ones."""


WIDE = 32


@_inlined
def widened(n):
    """Return the next multiple of WIDE."""
    return (n + WIDE - 1) // WIDE * WIDE


@_compiled
def scores(n, room, u, probability, tied, common, z):
    """Fill line `z` with normal scores: of u / probability where the head occurs, tied to `common` by a correlation."""
    apart = sqrt(1 - tied * tied)
    part = 1 / probability
    if tied == 0:
        for i in range(n):
            room[z, i] = normal(min(room[u, i] * part, TOP))
    else:
        for i in range(n):
            room[z, i] = tied * room[common, i] + apart * normal(min(room[u, i] * part, TOP))


TOP = 1 - 2.0**-53


@_compiled
def lognormal(n, room, mu, sigma, z, x):
    """Fill line `x` with lognormal amounts."""
    for i in range(n):
        room[x, i] = exponential(mu + sigma * room[z, i])


@_compiled
def tabled(n, room, marks, tables, table, coefficients, scale, z, x):
    """Fill line `x` from a table of cubics over normal scores, in one or two pieces.

    Places are found first, by themselves: with the reading of the table in one loop, none of it would run eight at a time.
    """
    cut = tables[table, 0]
    low, step, first, last = tables[table, 1], tables[table, 2], tables[table, 3], tables[table, 4]
    if cut == inf:
        for i in range(n):
            t = max((room[z, i] - low) * step, 0.0)
            k = min(floor(t), last)
            room[x, i] = min(t - k, 1.0)
            marks[PLACE, i] = np.int32(first + k)
    else:
        low2, step2, first2, last2 = tables[table, 5], tables[table, 6], tables[table, 7], tables[table, 8]
        for i in range(n):
            high = room[z, i] > cut
            t = max((room[z, i] - (low2 if high else low)) * (step2 if high else step), 0.0)
            k = min(floor(t), last2 if high else last)
            room[x, i] = min(t - k, 1.0)
            marks[PLACE, i] = np.int32((first2 if high else first) + k)
    cubic(n, room, marks, coefficients, scale, x)


@_compiled
def cubic(n, room, marks, coefficients, scale, x):
    """Put in line `x`, which holds places in intervals, the values of the cubics of these intervals."""
    for i in range(n):
        room[x, i] = scale * _cubic(coefficients, np.int64(marks[PLACE, i]), room[x, i])


@_compiled
def stepped(n, room, scores_at, values, first, last, scale, z, x):
    """Fill line `x` with the values of a law by steps, which stand in [first, last)."""
    for i in range(n):
        low, high = first + 1, last
        while low < high:
            middle = (low + high) // 2
            if scores_at[middle] < room[z, i]:
                low = middle + 1
            else:
                high = middle
        room[x, i] = scale * values[low - 1]


HALVINGS = 39
"""As in quantiles.py: the nearer tail goes from 2 ** -(HALVINGS + 1) to 1/2."""
LEAST_TAIL = 2.0 ** -(HALVINGS + 1)
ONE = 1023 << 52
"""The bits of 1."""


@_compiled
def drawn_often(n, room, marks, laws, law, coefficients, scale, u, probability, x):
    """Fill line `x` from a table of cubics over the probability u / probability (see quantiles.py)."""
    first, second, cut, bits = laws[law, 0], laws[law, 1], laws[law, 2], int(laws[law, 3])
    side = (HALVINGS << bits) + 1
    shift = 52 - bits
    start = int(first) - ((1023 - HALVINGS - 1) << bits)
    past = int(second)
    inside = (1 << shift) - 1
    part = 1 / probability
    for i in range(n):
        p = min(room[u, i] * part, TOP)
        tail = _bits(max(min(p, 1 - p), LEAST_TAIL))
        room[x, i] = _number(((tail & inside) << bits) | ONE) - 1
        marks[PLACE, i] = np.int32((tail >> shift) + start + (side if p > 0.5 else 0) + (past if p > cut else 0))
    cubic(n, room, marks, coefficients, scale, x)


LOGNORMAL, TABLE, STEPS, OFTEN = range(4)


@_inlined
def amounts(lay, kind, one, two, n, room, marks, u, probability, tied, common, z, x):
    """Fill line `x` with the amounts (or days) of a law of numbers `one` and `two`, from uniforms below a probability.

    Line `z` gets their normal scores, but for a law drawn often: its amounts are tied to nothing, and need none.
    """
    if kind == OFTEN:
        drawn_often(n, room, marks, lay.often, int(one), lay.coefficients, two, u, probability, x)
    else:
        scores(n, room, u, probability, tied, common, z)
        if kind == LOGNORMAL:
            lognormal(n, room, one, two, z, x)
        elif kind == TABLE:
            tabled(n, room, marks, lay.tables, int(one), lay.coefficients, two, z, x)
        else:
            first, last = lay.steps_first[int(one)], lay.steps_first[int(one) + 1]
            stepped(n, room, lay.step_scores, lay.step_values, first, last, two, z, x)


@_compiled
def occurring(n, room, u, probability, x):
    """Keep line `x` where the head occurs."""
    for i in range(n):
        room[x, i] *= 1.0 if room[u, i] < probability else 0.0


@_compiled
def chosen(n, room, u, probability, tied, marks, which, x):
    """Note which events have a rare head; gather their uniforms in line `x`, their common scores if tied; return how many."""
    m = 0
    for i in range(n):
        marks[which, m] = i
        m += room[u, i] < probability
    for k in range(m):
        room[x, k] = room[u, marks[which, k]]
    if tied != 0:
        for k in range(m):
            room[TIED, k] = room[COMMON, marks[which, k]]
    for k in range(m, widened(m)):
        room[x, k] = 0.5 * probability
        room[TIED, k] = 0.0
    return m


@_compiled
def covering_few(m, room, marks, which, part, sublimit, x, c):
    """Do as `covering` for the events that have a rare head, whose amounts stand side by side in line `x`."""
    for k in range(m):
        room[c, k] = min(room[x, k] * part, sublimit)
    for k in range(m):
        i = np.uint64(marks[which, k])
        room[GROSS, i] += room[x, k]
        room[COVERED, i] += room[c, k]


@_compiled
def covering(n, room, part, sublimit, x, c):
    """Fill line `c` with what is covered of an amount; add both to the event's gross and covered lines."""
    for i in range(n):
        amount = room[x, i]
        covered = min(amount * part, sublimit)
        room[c, i] = covered
        room[GROSS, i] += amount
        room[COVERED, i] += covered


@_compiled
def interrupted(n, room, daily, recovery, longest, waiting, indemnity, part, sublimit, x, c):
    """Fill line `x` with the cost of an interruption, `c` with what is covered of it; add both as `covering` does."""
    if recovery == 0:
        for i in range(n):
            d = min(room[DAYS, i], longest)
            room[x, i] = daily * d
            room[c, i] = min(daily * max(min(d, indemnity) - waiting, 0.0) * part, sublimit)
            room[GROSS, i] += room[x, i]
            room[COVERED, i] += room[c, i]
    else:
        for i in range(n):
            d = min(room[DAYS, i], longest)
            r = max(recovery * d, 1e-300)
            up = min(max(indemnity - d, 0.0), r)
            low = min(max(waiting - d, 0.0), r)
            until = min(indemnity, d) + up - up * up / (2 * r)
            since = min(waiting, d) + low - low * low / (2 * r)
            room[x, i] = daily * (d + r / 2)
            room[c, i] = min(daily * max(until - since, 0.0) * part, sublimit)
            room[GROSS, i] += room[x, i]
            room[COVERED, i] += room[c, i]


@_compiled
def filled(n, room, line, value):
    """Fill a line with one value."""
    for i in range(n):
        room[line, i] = value


@_compiled
def adding(n, room, x, total):
    """Add a line to another."""
    for i in range(n):
        room[total, i] += room[x, i]


@_compiled
def retained(n, room, policies, policy):
    """Fill the line of what goes to the layers, after the retention of a contract."""
    flat, share, least, most = policies[policy, 0], policies[policy, 1], policies[policy, 2], policies[policy, 3]
    if policies[policy, 4]:
        for i in range(n):
            kept = min(max(flat + share * room[COVERED, i], least), most)
            room[AFTER, i] = room[COVERED, i] if room[COVERED, i] > kept else 0.0
    else:
        for i in range(n):
            kept = min(max(flat + share * room[COVERED, i], least), most)
            room[AFTER, i] = max(room[COVERED, i] - kept, 0.0)


@_compiled
def layered(n, room, attachment, limit, share, x):
    """Fill the line of a layer with its part of the events of line `x`; add its share of it to what they cede."""
    for i in range(n):
        room[SPREAD, i] = min(max(room[x, i] - attachment, 0.0), limit)
        room[CEDED, i] += share * room[SPREAD, i]


@_compiled
def falling(n, marks, years, room, x, table, line):
    """Add the amounts of events to their years (line `years`), in a line of a table."""
    for i in range(n):
        table[line, np.uint64(marks[years, i])] += room[x, i]


@_compiled
def falling_both(n, marks, room, x, table, line, x2, table2, line2):
    """Add two amounts of each event to its year, each in a line of a table."""
    for i in range(n):
        year = np.uint64(marks[YEAR, i])
        table[line, year] += room[x, i]
        table2[line2, year] += room[x2, i]


@_compiled
def side_by_side(m, marks, which, room):
    """Gather the years and the rates of the events that have a rare head, as their amounts are: in lines PLACE and Z."""
    for k in range(m):
        i = np.uint64(marks[which, k])
        marks[PLACE, k] = marks[YEAR, i]
        room[Z, k] = room[RATE, i]


@_compiled
def parted(n, room, c, rate):
    """Fill a line with what is ceded of the amounts of a head: what is covered of them (line `c`) by a rate."""
    for i in range(n):
        room[PART, i] = room[c, i] * room[rate, i]


@_compiled
def paired(n, marks, years, room, x, c, table, line, gross, ceded, place):
    """Add to their years (line `years`) what events cost (line `x`) and what of it is ceded (line `c`).

    What this adds to the sum and to the sum of squares of the years goes to a line of `gross` and of `ceded`: the square of
    a year grows by what is added, times the year before plus the year after.
    """
    start = np.int64(line) * table.shape[1]
    told = _grown_all(table, start, marks, np.int64(years), room, np.int64(x), np.int64(c), np.int64(n))
    gross[place, 0] += told[0]
    gross[place, 1] += told[1]
    ceded[place, 0] += told[2]
    ceded[place, 1] += told[3]


@_compiled
def shared(n, room):
    """Fill a line with the part of an entry in what its event cedes: in proportion of what it brings to the layers."""
    for i in range(n):
        whole = room[WHOLE, i]
        room[SPREAD, i] = room[CEDED, i] * room[AFTER, i] / whole if whole > 0 else 0.0


@_compiled
def rated(n, room, x):
    """Fill a line with what an entry cedes for each euro covered: what tells the part of each head."""
    for i in range(n):
        covered = room[COVERED, i]
        room[RATE, i] = room[x, i] / covered if covered > 0 else 0.0


# ------------------------------------------------------------------------------------------------------- histograms
BASE = (1023 - 30) << 52
"""The bits of the least amount that has a slice of its own: 2 ** -30 units of the layout."""


@_inlined
def slice_of(x, scale, shift, last):
    """Return the slice of an amount: 0 for the least ones, then equal slices in each doubling of the layout's unit."""
    place = ((_bits(x * scale) - BASE) >> shift) + 1
    return np.uint64(min(max(place, 0), last))


SINKS = 8
"""Lines past the last slice, which take in turn what is nothing: adding to one line again and again would wait each time."""


@_compiled
def gathered(n, table, line, places, scale, shift, slices):
    """Add the amounts of a line to a histogram. Slices are found first, by themselves, for the loop to run eight at a time."""
    sink = len(slices) - SINKS
    none = 0
    for i in range(n):
        x = table[line, i]
        at = np.int32(slice_of(x, scale, shift, sink - 1))
        places[0, i] = at if x != 0.0 else np.int32(sink + (i & (SINKS - 1)))
        none += x == 0.0
    for i in range(n):
        _counted(slices, np.int64(places[0, i]), table[line, i])
    slices[0, 0] += none


@_compiled
def used(slices):
    """Return where the lines of a histogram begin and end that hold something, line 0 apart; 1 and 1 when none does."""
    first, last = 1, len(slices)
    while last > 1 and slices[last - 1, 0] == 0.0:
        last -= 1
    while first < last and slices[first, 0] == 0.0:
        first += 1
    return (first, last) if first < last else (1, 1)


TOTAL, TOTAL_CEDED, SCRATCH = np.arange(3)
"""The lines of a block's totals."""
FINE = np.int64(44)
"""Shift that leaves 256 slices in a doubling."""
MIDDLE = np.int64(45)
"""Shift that leaves 128 of them."""
COARSE = np.int64(47)
"""Shift that leaves 32 of them."""


# ------------------------------------------------------------------------------------------------------------ blocks
AMOUNT, INTERRUPTION = range(2)
RARE = 0.5
"""Heads that occur less often than that are worked out for the events that have them alone."""


@_compiled
def entry_rows(lay, entry, n, start, alone, given, block, k0, k1, drawn, since, pool, room, marks):
    """Work out `n` events of an entry: lines GROSS, COVERED and AFTER of the room, and two lines for each head.

    The first `alone` of all stand alone. `since` is -1, or where the common durations of a shock begin in the pool: the law of
    the entry multiplies them.
    """
    wide = widened(n)
    slots = int(lay.slots[entry])
    stream = lay.streams[entry]
    for call in range(len(STRIDES) // SLOTS if len(given) else 0, (slots + SLOTS - 1) // SLOTS):
        row = UNIFORMS + SLOTS * call
        line = drawn if call == 0 else SPARE
        # What no sequence fills is drawn, in a stratified run, by the place of the event.
        few = n if len(given) else min(max(alone - start, 0), n)
        first_draws(
            few if few < n else wide, n, start, start + few - alone, pool.members, len(pool.factors),
            call, block, stream, k0, k1, room, row, marks, line,
        )  # fmt: skip
    if len(given):
        for slot in range(min(slots, len(STRIDES))):
            step = STRIDES[slot] if since < 0 else own_stride(slot, stream, k0, k1)
            evenly(wide, given[block, entry, 1] + start, step, room, UNIFORMS + slot)
    slot = UNIFORMS
    kind = int(lay.durations[entry, 0])
    if kind >= 0:
        one, two = lay.durations[entry, 1], lay.durations[entry, 2]
        amounts(lay, kind, one, two, wide, room, marks, slot, 1.0, 0.0, COMMON, COMMON, DAYS)
        slot += 1
    if since >= 0:
        for i in range(n):
            room[DAYS, i] = pool.lasting[since + start + i] * (room[DAYS, i] if kind >= 0 else 1.0)
            room[COMMON, i] = pool.tied[since + start + i]
    filled(wide, room, GROSS, 0.0)
    filled(wide, room, COVERED, 0.0)
    heads = lay.heads
    x = UNIFORMS + SLOTS * lay.calls
    for h in range(lay.head_first[entry], lay.head_first[entry + 1]):
        part, sublimit = heads[h, 10], heads[h, 11]
        at = h - lay.head_first[entry]
        few = -1
        if int(heads[h, 0]) == INTERRUPTION:
            daily, recovery, longest = heads[h, 7], heads[h, 8], heads[h, 9]
            interrupted(wide, room, daily, recovery, longest, heads[h, 12], heads[h, 13], part, sublimit, x, x + 1)
        else:
            kind, one, two = int(heads[h, 4]), heads[h, 5], heads[h, 6]
            probability, tied = heads[h, 2], heads[h, 3]
            if probability < RARE:
                few = chosen(n, room, slot, probability, tied, marks, WHICH + at, x)
                amounts(lay, kind, one, two, widened(few), room, marks, x, probability, tied, TIED, Z, x)
                covering_few(few, room, marks, WHICH + at, part, sublimit, x, x + 1)
            else:
                amounts(lay, kind, one, two, wide, room, marks, slot, probability, tied, COMMON, Z, x)
                if probability < 1:
                    occurring(wide, room, slot, probability, x)
                covering(wide, room, part, sublimit, x, x + 1)
            slot += 1
        marks[HELD, at] = few
        x += 2
    retained(wide, room, lay.policies, lay.policy[entry])
    if lay.paid[entry] < 1:
        occurring(wide, room, slot, lay.paid[entry], AFTER)


@_compiled
def bundle(lay, first, last, alone, placed, since, given, block, k0, k1, kept, detail, pool, room, marks, rows, out):
    """Simulate the events of a block for the entries that they hit together: one, or the members hit by a shock.

    The first `alone` stand alone, the pool tells years and clusters of the `placed` others. `since` is where those of a shock
    begin in the pool, -1 for an entry's own.
    """
    events = alone + placed
    policy = lay.policy[first]
    low, high = lay.layer_first[policy], lay.layer_first[policy + 1]
    drawn = YEAR if since < 0 else SPARE
    lines = UNIFORMS + SLOTS * lay.calls
    several = lay.risk_first[policy + 1] - lay.risk_first[policy] > 1
    # The sums of the last block are made at its end: some of its years are past the last.
    whole = kept == len(pool.factors)
    both = last - first == 1 and low < high
    # An event that hits one entry alone needs no lines of its own.
    once, taken = (ONCE, WHOLE) if last - first > 1 else (GROSS, AFTER)
    of_scenario, of_ceded_scenario = (out.scenario, out.ceded_scenario) if whole else (rows.void, rows.void)
    of_head, of_ceded_head = (out.head, out.ceded_head) if whole else (rows.void, rows.void)
    for start in range(0, events, CHUNK):
        n = min(CHUNK, events - start)
        wide = widened(n)
        if since >= 0:
            for i in range(n):
                marks[YEAR, i] = pool.struck[since + start + i]
        for i in range(min(max(alone - start, 0), n) if since < 0 else n, n):
            marks[YEAR, i] = pool.years[start + i - alone]
        if last - first > 1:
            filled(wide, room, WHOLE, 0.0)
            filled(wide, room, ONCE, 0.0)
        for entry in range(first, last):
            entry_rows(lay, entry, n, start, alone, given, block, k0, k1, drawn, since, pool, room, marks)
            if not both:
                falling(n, marks, YEAR, room, GROSS, rows.risk, lay.risk[entry])
            if lay.aside >= 0:
                for at in range(lay.head_first[entry + 1] - lay.head_first[entry]):
                    if int(lay.heads[lay.head_first[entry] + at, 1]) == lay.aside:
                        few, years = marks[HELD, at], YEAR
                        if few >= 0:
                            side_by_side(few, marks, WHICH + at, room)
                            years = PLACE
                        falling(few if few >= 0 else n, marks, years, room, lines + 2 * at, rows.aside, lay.risk[entry])
            if last - first > 1:
                adding(wide, room, GROSS, ONCE)
                adding(wide, room, AFTER, WHOLE)
        filled(wide, room, CEDED, 0.0)
        for layer in range(low, high):
            layered(wide, room, lay.layers[layer, 0], lay.layers[layer, 1], lay.layers[layer, 2], taken)
            if both and layer == low:
                falling_both(n, marks, room, GROSS, rows.risk, lay.risk[first], SPREAD, rows.layer, 0)
            else:
                falling(n, marks, YEAR, room, SPREAD, rows.layer, layer - low)
        if detail:
            ceded = CEDED
            for entry in range(first, last):
                if last - first > 1:
                    entry_rows(lay, entry, n, start, alone, given, block, k0, k1, SPARE, since, pool, room, marks)
                    shared(wide, room)
                    ceded = SPREAD
                if low < high and several:
                    falling(n, marks, YEAR, room, ceded, rows.ceded_risk, lay.risk[entry])
                if len(rows.scenario):
                    at_scenario = lay.scenario[entry]
                    paired(
                        n, marks, YEAR, room, GROSS, ceded, rows.scenario, at_scenario,
                        of_scenario, of_ceded_scenario, at_scenario,
                    )  # fmt: skip
                if len(rows.head):
                    rated(wide, room, ceded)
                for at in range(lay.head_first[entry + 1] - lay.head_first[entry] if len(rows.head) else 0):
                    head = int(lay.heads[lay.head_first[entry] + at, 1])
                    x = lines + 2 * at
                    few, years, rate = marks[HELD, at], YEAR, RATE
                    if few >= 0:
                        side_by_side(few, marks, WHICH + at, room)
                        years, rate = PLACE, Z
                    few = few if few >= 0 else n
                    parted(few, room, x + 1, rate)
                    paired(few, marks, years, room, x, PART, rows.head, head, of_head, of_ceded_head, head)
        if detail and since >= 0:
            for i in range(n):
                pool.whole[since + start + i] += room[once, i]
        elif detail:
            m = n
            if not whole:
                m = 0
                for i in range(n):
                    room[once, m] = room[once, i]
                    m += marks[YEAR, i] < kept
            gathered(m, room, once, rows.places, lay.scale, MIDDLE, out.events)


@_compiled
def paying(n, layers, layer, table, line, rows):
    """Turn the yearly sums of a layer into what it pays; add them, before and after its aggregate terms, to two rows."""
    share, retention, limit = layers[layer, 2], layers[layer, 3], layers[layer, 4]
    before, ceded = rows.factor, rows.ceded
    for y in range(n):
        before[y] += share * table[line, y]
        table[line, y] = share * min(max(table[line, y] - retention, 0.0), limit)
        ceded[y] += table[line, y]


@_compiled
def year_end(lay, policy, kept, detail, rows, out):
    """Close the years of a contract: its layers' aggregates, what it cedes, and the sums by head, scenario and risk."""
    low, high = lay.layer_first[policy], lay.layer_first[policy + 1]
    ceded, factor, total = rows.ceded, rows.factor, rows.total
    if len(rows.risk) > 1:
        for y in range(kept):
            total[SCRATCH, y] = 0.0
        for risk in range(lay.risk_first[policy], lay.risk_first[policy + 1]):
            for y in range(kept):
                total[SCRATCH, y] += rows.risk[risk, y]
        for y in range(kept):
            total[TOTAL, y] += total[SCRATCH, y]
    if low < high:
        for y in range(kept):
            ceded[y] = 0.0
            factor[y] = 0.0
        for layer in range(low, high):
            paying(kept, lay.layers, layer, rows.layer, layer - low, rows)
            if detail and len(out.layer):
                weighed(kept, rows.ones, rows.layer, layer - low, out.layer, layer)
        for y in range(kept):
            total[TOTAL_CEDED, y] += ceded[y]
    if out.policy.shape[2] > 0:
        gathered(kept, total, SCRATCH, rows.places, lay.scale, COARSE, out.policy[policy, 0])
        if low < high:
            for y in range(kept):
                total[SCRATCH, y] -= ceded[y]
            gathered(kept, total, SCRATCH, rows.places, lay.scale, COARSE, out.policy[policy, 1])
            for y in range(kept):
                total[SCRATCH, y] = ceded[y]
            gathered(kept, total, SCRATCH, rows.places, lay.scale, COARSE, out.policy[policy, 2])
        else:
            gathered(kept, total, SCRATCH, rows.places, lay.scale, COARSE, out.policy[policy, 1])
            out.policy[policy, 2, 0, 0] += kept
    if detail and low < high:
        for y in range(kept):
            factor[y] = ceded[y] / factor[y] if factor[y] > 0 else 1.0
        cut = 0
        for y in range(kept):
            rows.places[0, cut] = y
            cut += factor[y] != 1
        ceding(kept, cut, rows.places, factor, rows.head, out.ceded_head)
        ceding(kept, cut, rows.places, factor, rows.scenario, out.ceded_scenario)
        if lay.risk_first[policy + 1] - lay.risk_first[policy] > 1:
            for risk in range(lay.risk_first[policy], lay.risk_first[policy + 1]):
                weighed(kept, factor, rows.ceded_risk, risk, out.ceded_risk, risk)
        elif len(out.ceded_risk):
            for y in range(kept):
                total[SCRATCH, y] = ceded[y]
            weighed(kept, rows.ones, total, SCRATCH, out.ceded_risk, lay.risk_first[policy])


@_compiled
def ceding(kept, cut, years, factor, table, out):
    """Bring what is ceded, which `paired` has summed, to what is left of it after the aggregate terms of the year.

    `years` are the `cut` ones of which these terms take something.
    """
    if kept < table.shape[1] - APART:
        for line in range(len(table)):
            of_years(kept, factor, table, line, 1, out)
    else:
        for k in range(cut):
            y = np.uint64(years[0, k])
            for line in range(len(table)):
                ceded = table[line, y, 1]
                out[line, 0] += (factor[y] - 1) * ceded
                out[line, 1] += (factor[y] * factor[y] - 1) * ceded * ceded


@_compiled
def of_years(kept, factor, table, line, column, out):
    """Add to a line of `out` the sum and the sum of squares of a column of a table of pairs, each year times its factor."""
    for y in range(kept):
        amount = factor[y] * table[line, y, column]
        out[line, 0] += amount
        out[line, 1] += amount * amount


@_compiled
def weighed(kept, factor, table, line, out, place):
    """Add to a line of `out` the sum and the sum of squares of a line of years, each year times its factor."""
    whole = kept // 4 * 4
    a = b = c = d = 0.0
    e = f = g = h = 0.0
    for y in range(0, whole, 4):
        p = factor[y] * table[line, y]
        q = factor[y + 1] * table[line, y + 1]
        r = factor[y + 2] * table[line, y + 2]
        s = factor[y + 3] * table[line, y + 3]
        a, b, c, d = a + p, b + q, c + r, d + s
        e, f, g, h = e + p * p, f + q * q, g + r * r, h + s * s
    for y in range(whole, kept):
        p = factor[y] * table[line, y]
        a += p
        e += p * p
    out[place, 0] += (a + b) + (c + d)
    out[place, 1] += (e + f) + (g + h)


@_compiled
def tail_of(kept, threshold, scale, rows, out):
    """Add to the worst years, by slice of their total, what each risk and each scenario weighs in them."""
    scenarios = len(rows.scenario)
    risks = out.tail.shape[1] - scenarios
    last = len(out.tail_count) - 1
    worst = 0
    for y in range(kept):
        rows.places[0, worst] = y
        worst += rows.total[TOTAL, y] >= threshold
    for k in range(worst):
        y = rows.places[0, k]
        at = slice_of(rows.total[TOTAL, y], scale, COARSE, last)
        out.tail_count[at, 0] += 1
        out.tail_count[at, 1] += rows.total[TOTAL, y]
        rows.places[1, k] = at
    columns = out.tail.shape[1]
    for risk in range(risks):
        for k in range(worst):
            x = rows.risk[risk, np.uint64(rows.places[0, k])]
            _grown(out.tail, np.int64(rows.places[1, k]) * columns + risk, x, x * x)
    for scenario in range(scenarios):
        for k in range(worst):
            x = rows.scenario[scenario, np.uint64(rows.places[0, k]), 0]
            _grown(out.tail, np.int64(rows.places[1, k]) * columns + risks + scenario, x, x * x)


@_compiled
def shocks_of(lay, block, k0, k1, given, pool, room, marks):
    """Put in the pool the events of all shocks of a block: years, common durations, scores. Tells if the pool holds them."""
    entries = len(lay.streams)
    at = 0
    for shock in range(len(lay.shock_streams)):
        stream = lay.shock_streams[shock]
        fixed = given[block, entries + shock, 0] if len(given) else -1
        alone, placed = events_of(lay.shock_frequencies, shock, stream, block, UNMIXED, fixed, k0, k1, pool)
        pool.starts[shock] = at
        if placed > len(pool.members) or at + alone + placed > len(pool.struck):
            return False
        striking(lay, shock, alone, placed, at, given, block, k0, k1, pool, room, marks)
        at += alone + placed
    pool.starts[len(lay.shock_streams)] = at
    return True


@_compiled
def striking(lay, shock, alone, placed, at, given, block, k0, k1, pool, room, marks):
    """Put in the pool, from `at` on, the events of a shock."""
    stream = lay.shock_streams[shock]
    kind = int(lay.shock_durations[shock, 0])
    one, two = lay.shock_durations[shock, 1], lay.shock_durations[shock, 2]
    n = alone + placed
    for start in range(0, n, CHUNK):
        m = min(CHUNK, n - start)
        few = min(max(alone - start, 0), m)
        first_draws(
            few, m, start, start + few - alone, pool.members, len(pool.factors),
            0, block, stream, k0, k1, room, UNIFORMS, marks, YEAR,
        )  # fmt: skip
        if len(given):
            evenly(m, given[block, len(lay.streams) + shock, 1] + start, STRIDES[0], room, UNIFORMS)
        amounts(lay, kind, one, two, m, room, marks, UNIFORMS, 1.0, 0.0, COMMON, COMMON, DAYS)
        for i in range(m):
            pool.struck[at + start + i] = marks[YEAR, i] if i < few else pool.years[start + i - alone]
            pool.lasting[at + start + i] = room[DAYS, i]
            pool.tied[at + start + i] = room[COMMON, i]
            pool.whole[at + start + i] = 0.0


@_compiled
def shocks_end(lay, kept, pool, room, rows, out):
    """Add to the curve of single events the shocks of a block, each for all that it hit."""
    for start in range(0, pool.starts[-1], CHUNK):
        m = 0
        for i in range(start, min(start + CHUNK, pool.starts[-1])):
            room[ONCE, m] = pool.whole[i]
            m += pool.struck[i] < kept
        gathered(m, room, ONCE, rows.places, lay.scale, MIDDLE, out.events)


@_compiled
def run(lay, first, last, years, k0, k1, given, threshold, detail, pool, room, marks, rows, out):
    """Simulate the blocks [first, last) and add their years to the sums and histograms of `out`.

    `given` tells, for each block and stream, the number of events and the place of the first in its sequence, or is empty.
    `threshold` is the total from which a year counts among the worst (inf: none). `detail` asks for the sums by head, scenario and risk and for the curve of events.
    Without a layer all that is gross is retained: it is not told twice. Returns False, all being void, when the pool is too
    small for the events of a block.
    """
    span = len(pool.factors)
    for block in range(first, last):
        kept = min(span, years - block * span)
        for y in range(kept):
            rows.total[TOTAL, y] = 0.0
            rows.total[TOTAL_CEDED, y] = 0.0
        cleared(rows.risk)
        cleared_pairs(rows.scenario, 0)
        cleared_pairs(rows.head, 0)
        cleared(rows.aside)
        cleared(rows.ceded_risk)
        if not shocks_of(lay, block, k0, k1, given, pool, room, marks):
            return False
        for policy in range(len(lay.policies)):
            cleared(rows.layer)
            if policy > 0:
                cleared_pairs(rows.scenario, 1)
                cleared_pairs(rows.head, 1)
            for b in range(lay.bundle_first[policy], lay.bundle_first[policy + 1]):
                shock = lay.bundles[b, 0]
                since, until = pool.starts[shock], pool.starts[shock + 1]
                bundle(
                    lay, lay.bundles[b, 1], lay.bundles[b, 2], until - since, 0, since,
                    given, block, k0, k1, kept, detail, pool, room, marks, rows, out,
                )  # fmt: skip
            for risk in range(lay.risk_first[policy], lay.risk_first[policy + 1]):
                mixed = lay.year_shapes[risk] > 0
                if mixed:
                    gamma_years(lay.year_shapes[risk], lay.risk_streams[risk], block, k0, k1, pool.factors)
                    guided(pool)
                for entry in range(lay.entry_first[risk], lay.entry_first[risk + 1]):
                    fixed = given[block, entry, 0] if len(given) else -1
                    stream = lay.streams[entry]
                    alone, placed = events_of(lay.frequencies, entry, stream, block, mixed, fixed, k0, k1, pool)
                    if placed > len(pool.members):
                        return False
                    bundle(
                        lay, entry, entry + 1, alone, placed, -1,
                        given, block, k0, k1, kept, detail, pool, room, marks, rows, out,
                    )  # fmt: skip
            year_end(lay, policy, kept, detail, rows, out)
        gathered(kept, rows.total, TOTAL, rows.places, lay.scale, FINE, out.gross)
        for risk in range(len(out.risk) if out.risk.shape[1] > 0 else 0):
            gathered(kept, rows.risk, risk, rows.places, lay.scale, COARSE, out.risk[risk])
        for risk in range(len(rows.aside)):
            gathered(kept, rows.aside, risk, rows.places, lay.scale, COARSE, out.aside[risk])
        if detail:
            shocks_end(lay, kept, pool, room, rows, out)
        if threshold < inf:
            tail_of(kept, threshold, lay.scale, rows, out)
        if detail:
            if kept < span:
                for head in range(len(rows.head)):
                    of_years(kept, rows.ones, rows.head, head, 0, out.head)
                for scenario in range(len(rows.scenario)):
                    of_years(kept, rows.ones, rows.scenario, scenario, 0, out.scenario)
            for risk in range(len(out.gross_risk)):
                weighed(kept, rows.ones, rows.risk, risk, out.gross_risk, risk)
        if len(lay.layers):
            gathered(kept, rows.total, TOTAL_CEDED, rows.places, lay.scale, FINE, out.ceded)
            for y in range(kept):
                rows.total[SCRATCH, y] = rows.total[TOTAL, y] - rows.total[TOTAL_CEDED, y]
            gathered(kept, rows.total, SCRATCH, rows.places, lay.scale, FINE, out.retained)
        else:
            out.ceded[0, 0] += kept
    return True


@_compiled
def cleared(table):
    """Fill a table with zeros."""
    for line in range(table.shape[0]):
        for i in range(table.shape[1]):
            table[line, i] = 0.0


@_compiled
def cleared_pairs(table, since):
    """Fill a table of pairs with zeros, or only their second numbers if `since` is 1."""
    for line in range(table.shape[0]):
        if since == 0:
            for i in range(table.shape[1]):
                table[line, i, 0] = 0.0
                table[line, i, 1] = 0.0
        else:
            for i in range(table.shape[1]):
                table[line, i, 1] = 0.0
