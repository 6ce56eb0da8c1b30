"""The numbers that the compiled simulation draws: the generator, the laws, the events of a block, the strata."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from egide.loss import kernel
from egide.loss.frequency import Binomial, Fixed, Frequency, NegativeBinomial, Poisson
from egide.loss.layout import laid_out, stream
from egide.loss.model import Amount, Model, Risk, Scenario
from egide.loss.severity import Constant
from egide.loss.task import SPANS, Pool, _pool
from egide.loss.terms import Terms
from loss.busy import A, C, one, yearly

YEARS = SPANS[-1]
KEY = np.uint64(2027), np.uint64(5)
NAME = np.uint64(stream("hospital", "ransom"))
UNLIKELY = 1e-6
"""Probability under which a test on fixed seeds is taken as failed."""


# ------------------------------------------------------------------------------------------------------- the generator
@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, expected):
    def words(text):
        return [np.uint64(int(word, 16)) for word in text.split()]

    assert [np.uint64(word) for word in kernel.philox(*words(counter), *words(key))] == words(expected)


def draws(events, *, start=0, name=NAME, block=0, call=0, key=KEY, members=None, span=YEARS):
    """Return the three uniforms and the year of each event."""
    room, marks = np.zeros((3, kernel.CHUNK)), np.zeros((3, kernel.CHUNK), np.int32)
    found = []
    members = np.zeros(1, np.int64) if members is None else members
    for first in range(start, start + events, kernel.CHUNK):
        n = min(kernel.CHUNK, start + events - first)
        alone = 0 if len(members) > 1 else n
        kernel.first_draws(alone, n, first, first, members, span, call, block, name, *key, room, 0, marks, kernel.YEAR)
        found.append(np.vstack([room[:, :n], marks[kernel.YEAR, :n]]))
    return np.hstack(found)


def test_an_event_draws_what_philox_says_of_its_place():
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    found = draws(40, start=7, block=3, call=2, span=SPANS[0])
    for i in range(40):
        counter = np.uint64(7 + i), np.uint64(3), np.uint64(2), NAME & low
        w0, w1, w2, w3 = (int(w) for w in kernel.philox(*counter, KEY[0], KEY[1] ^ (NAME >> high)))
        bits = f"{w0:032b}{w1:032b}{w2:032b}{w3:032b}"
        first, middle, second = bits[:38], bits[38:64] + bits[102:114], bits[64:102]
        assert found[:, i].tolist() == [
            (int(first, 2) + 0.5) * 2.0**-38,
            (int(second, 2) + 0.5) * 2.0**-38,
            (int(middle, 2) + 0.5) * 2.0**-38,
            int(bits[114:], 2),
        ]


def test_an_event_alone_is_the_first_of_its_cluster_and_members_of_a_cluster_differ():
    members = np.array([(i // 3) << 32 | (i % 3) for i in range(300)])
    clustered, alone = draws(300, members=members)[:3], draws(100)[:3]
    assert np.array_equal(clustered[:, ::3], alone)
    assert len({tuple(column) for column in clustered.T}) == 300


def chance(values, cells):
    """Return the probability of cells filled as unevenly, were the values in [0, 1) uniform."""
    return stats.chisquare(np.bincount((values * cells).astype(int), minlength=cells)).pvalue


def test_uniforms_and_years_are_uniform_to_their_last_bits():
    found = draws(200_000)
    for line in found[:3]:
        assert line.min() > 0
        assert line.max() < 1
        for finer in (1, 2**10, 2**20, 2**30):
            assert chance(line * finer % 1, 128) > UNLIKELY
    years = found[3] / YEARS
    assert chance(years, YEARS) > UNLIKELY
    assert chance(years * 64 % 1, 64) > UNLIKELY


def test_lines_events_calls_blocks_streams_and_seeds_are_independent():
    base = draws(100_000)
    others = [
        base[:, 1:],
        draws(100_000, call=1),
        draws(100_000, block=1),
        draws(100_000, block=2**19),
        draws(100_000, name=NAME + np.uint64(1)),
        draws(100_000, name=NAME + np.uint64(1 << 32)),
        draws(100_000, name=np.uint64(stream("hospital", "fraud"))),
        draws(100_000, key=(KEY[0] + np.uint64(1), KEY[1])),
        draws(100_000, key=(KEY[0], KEY[1] + np.uint64(1))),
    ]
    lines = np.vstack([base[:, :99_999], *(other[:, :99_999] for other in others)])
    correlations = np.corrcoef(lines) - np.eye(len(lines))
    assert np.abs(correlations).max() < 5 / np.sqrt(99_999)
    for other in others:
        pairs = base[0, :99_999] * 16 // 1 * 16 + other[0, :99_999] * 16 // 1
        assert chance(pairs / 256, 256) > UNLIKELY


def test_uniforms_that_count_are_apart_from_those_of_events():
    us, vs = np.zeros(50_000), np.zeros(50_000)
    kernel.pairs(50_000, 1, NAME, 0, *KEY, us, vs)
    assert chance(us, 128) > UNLIKELY
    assert chance(vs, 128) > UNLIKELY
    assert np.abs(np.corrcoef(np.vstack([us, vs, draws(50_000)[:3]])) - np.eye(5)).max() < 5 / np.sqrt(50_000)


# ------------------------------------------------------------------------------------------------------------ functions
def line(values):
    room = np.zeros((3, len(values)))
    room[0] = values
    return room


def test_the_exponential_against_numpy():
    x = np.concatenate([np.linspace(-690, 690, 20_001), np.linspace(-1, 1, 2_001)])
    room = line(x)
    kernel.lognormal(len(x), room, 0.0, 1.0, 0, 1)
    assert np.max(np.abs(room[1] / np.exp(x) - 1)) < 1e-11
    kernel.lognormal(len(x), room, 2.0, 0.5, 0, 1)
    assert np.max(np.abs(room[1] / np.exp(2 + 0.5 * x) - 1)) < 1e-11


def test_the_logarithm_against_numpy():
    x = np.concatenate([np.geomspace(2.3e-308, 1e308, 5_001), np.linspace(0.5, 2, 2_001)])
    found = np.array([kernel.logarithm(each) for each in x])
    assert np.max(np.abs(found - np.log(x))) < 3e-11
    near = np.abs(np.log(x)) < 0.3
    assert np.max(np.abs(found[near] - np.log(x[near]))) < 2e-11


def scores(u):
    room = line(u)
    kernel.scores(len(u), room, 0, 1.0, 0.0, 0, 1)
    return room[1]


def test_the_normal_score_against_scipy_in_both_tails():
    tails = np.geomspace(2.0**-54, 0.49, 20_001)
    for u in (tails, 1 - np.maximum(tails, 2.0**-53)):
        assert np.max(np.abs(scores(u) / special.ndtri(u) - 1)) < 2.5e-10
    middle = 0.5 + np.concatenate([np.linspace(-0.01, 0.01, 20_002), [-1e-9, 1e-9]])
    assert np.max(np.abs(scores(middle) - special.ndtri(middle))) < 3e-9


def test_a_score_never_falls_when_the_probability_rises():
    u = np.sort(np.concatenate([np.random.default_rng(3).random(100_000), np.geomspace(2.0**-54, 1 - 2.0**-53, 5_000)]))
    assert np.all(np.diff(scores(u)) >= -1e-11)


def test_scores_tied_to_a_common_score_have_its_correlation():
    rng = np.random.default_rng(9)
    room = np.vstack([rng.random(200_000), rng.standard_normal(200_000), np.zeros(200_000)])
    for tied in (-1.0, -0.5, 0.3, 1.0):
        kernel.scores(200_000, room, 0, 1.0, tied, 1, 2)
        assert np.corrcoef(room[1], room[2])[0, 1] == pytest.approx(tied, abs=5 / np.sqrt(200_000))
        assert stats.kstest(room[2], "norm").pvalue > UNLIKELY


# ------------------------------------------------------------------------------------------------------------- counts
@pytest.mark.parametrize("mean", [1e-9, 0.01, 0.5, 3.0, 40.0, 1e3, 1e5, 4e6])
def test_poisson_counts_are_those_of_scipy(mean):
    for u in np.concatenate([np.random.default_rng(1).random(200), [2.0**-53, 1e-9, 1 - 1e-9, 1 - 2.0**-53]]):
        count = kernel.poisson(u, mean)
        slack = 1e-12 + 1e-15 * mean
        assert stats.poisson.cdf(count, mean) >= u - slack
        assert stats.poisson.cdf(count - 1, mean) <= u + slack


def test_no_mean_no_event():
    assert kernel.poisson(0.999, 0.0) == 0


PROBABILITIES = st.floats(2.0**-53, 1 - 2.0**-53)


@settings(max_examples=300, deadline=None)
@given(PROBABILITIES, st.floats(0, 1e4), st.floats(1, 3))
def test_a_poisson_count_never_falls_when_the_mean_rises(u, mean, more):
    assert kernel.poisson(u, mean) <= kernel.poisson(u, mean * more)


def logarithmic(u, p):
    return kernel.logarithmic(u, p, -p / np.log1p(-p))


@pytest.mark.parametrize("p", [1e-6, 0.01, 0.2, 0.5, 0.9, 0.999])
def test_logarithmic_counts_are_those_of_scipy(p):
    for u in np.concatenate([np.random.default_rng(2).random(200), [2.0**-53, 1e-9, 1 - 1e-9]]):
        count = logarithmic(u, p)
        assert stats.logser.cdf(count, p) >= u - 1e-12
        assert count == 1 or stats.logser.cdf(count - 1, p) <= u + 1e-12


@settings(max_examples=300, deadline=None)
@given(st.floats(2.0**-53, 1 - 2.0**-44), st.floats(1e-6, 0.999), st.floats(1e-6, 0.999))
def test_a_logarithmic_count_never_falls_when_its_parameter_rises(u, p, q):
    assert logarithmic(u, min(p, q)) <= logarithmic(u, max(p, q))


@pytest.mark.parametrize("shape", [0.2, 1.0, 4.0, 1e4])
def test_the_factors_of_years_follow_their_gamma_law(shape):
    blocks = []
    for block in range(16):
        out = np.zeros(YEARS)
        kernel.gamma_years(shape, NAME, block, *KEY, out)
        blocks.append(out)
    factors = np.concatenate(blocks)
    n = len(factors)
    assert abs(factors.mean() - 1) < 4 / np.sqrt(shape * n)
    assert abs(factors.var() - 1 / shape) < 4 * np.sqrt((2 / shape**2 + 6 / shape**3) / n)
    assert stats.kstest(factors, "gamma", (shape, 0, 1 / shape)).pvalue > UNLIKELY


# ----------------------------------------------------------------------------------------------- the events of a block
def events(frequency: Frequency, *, year_shape=None, block=0, given=-1, most=64 * YEARS):
    """Return how many events of a block stand alone, and (cluster, rank, year) of each; their number if the pool is too small."""
    scenario = Scenario("s", frequency, (Amount("own", Constant(1.0)),))
    layout, _ = laid_out(Model((Risk("a", (scenario,), year_shape),)), Terms())
    pool: Pool = _pool(layout, most, YEARS)
    if year_shape:
        kernel.gamma_years(year_shape, layout.risk_streams[0], block, *KEY, pool.factors)
        kernel.guided(pool)
    alone, placed = kernel.events_of(
        layout.frequencies, 0, layout.streams[0], block, year_shape is not None, given, *KEY, pool
    )
    if placed > most:
        return alone, placed
    placed_members = np.arange(placed) << 32 if given >= 0 else pool.members[:placed]
    members = np.append(placed_members, np.arange(alone) << 32)
    own = draws(alone, name=layout.streams[0], block=block)[3].astype(int) if alone else []
    years = np.append(pool.years[:placed], own)
    assert years.min(initial=0) >= 0
    assert years.max(initial=0) < YEARS
    return alone, Counter(zip((members >> 32).tolist(), (members & 0xFFFFFFFF).tolist(), years.tolist(), strict=True))


RATES = st.floats(0, 3)


@settings(max_examples=60, deadline=None)
@given(RATES, RATES, st.integers(0, 1000), st.sampled_from([None, 0.5, 3.0]))
def test_events_of_a_smaller_poisson_rate_are_among_those_of_a_larger_one(one, other, block, year_shape):
    low, high = sorted((one, other))
    (_, few), (alone, many) = (events(Poisson(rate), year_shape=year_shape, block=block) for rate in (low, high))
    assert few <= many
    assert alone == (many.total() if year_shape is None else 0)


@settings(max_examples=60, deadline=None)
@given(RATES, RATES, st.floats(0.05, 50), st.integers(0, 1000))
def test_events_of_a_smaller_negative_binomial_rate_are_among_those_of_a_larger_one(one, other, shape, block):
    low, high = (events(NegativeBinomial(rate, shape), block=block)[1] for rate in sorted((one, other)))
    assert not low or low <= high


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 4), st.integers(0, 1000))
def test_events_of_a_smaller_probability_are_among_those_of_a_larger_one(one, other, trials, block):
    low, high = (events(Binomial(trials, p), block=block)[1] for p in sorted((one, other)))
    assert low <= high


def test_fixed_events_are_those_of_every_year():
    _, found = events(Fixed(3))
    assert Counter(year for _, _, year in found) == dict.fromkeys(range(YEARS), 3)


@pytest.mark.parametrize(
    "frequency", [NegativeBinomial(0.6, 0.4), NegativeBinomial(2.0, 5.0), Binomial(3, 0.2), Poisson(0.7)]
)
@pytest.mark.parametrize("planned", [False, True])
def test_the_count_of_a_year_follows_its_law(frequency, planned):
    expected = -2 if isinstance(frequency, Binomial) else round(frequency.mean * YEARS)
    given = expected if planned else -1
    years = [Counter(y for _, _, y in events(frequency, block=b, given=given)[1].elements()) for b in range(8)]
    counts = np.array([each.get(y, 0) for each in years for y in range(YEARS)])
    most = int(counts.max())
    expected = frequency.pmf(np.arange(most + 1)) * len(counts)
    cut = int(np.flatnonzero(expected >= 5)[-1])
    seen = np.bincount(np.minimum(counts, cut), minlength=cut + 1)
    expected = np.append(expected[:cut], len(counts) - expected[:cut].sum())
    assert stats.chisquare(seen, expected).pvalue > UNLIKELY


@pytest.mark.parametrize("shape", [1e3, 1e6, 1e9, 1e12, 1e15, 1e18])
def test_a_negative_binomial_law_of_great_shape_is_nearly_poisson(shape):
    found = [sum(events(NegativeBinomial(1.0, shape), block=block)[1].values()) for block in range(8)]
    assert sum(found) == pytest.approx(8 * YEARS, abs=4 * np.sqrt(8 * YEARS * (1 + 1 / shape)))
    sizes = Counter(rank for _, rank, _ in events(NegativeBinomial(1.0, shape))[1])
    assert sizes[1] <= 3 * (YEARS / shape / 2 + 3)


@pytest.mark.parametrize("frequency", [Poisson(0.5), NegativeBinomial(0.5, 0.3)])
@pytest.mark.parametrize("count", [0, 1, 7, 500])
def test_given_events_are_as_many_and_have_their_years(frequency, count):
    alone, found = events(frequency, given=count)
    assert alone == 0
    assert sorted(cluster for cluster, _, _ in found) == list(range(count))
    if count == 500:
        most = max(Counter(year for *_, year in found).values())
        assert most > 3 if isinstance(frequency, NegativeBinomial) else most <= 3


@pytest.mark.parametrize(
    "frequency", [Fixed(2), Binomial(2, 0.9), NegativeBinomial(6.0, 5.0), NegativeBinomial(1.2, 0.05)]
)
def test_a_pool_that_is_too_small_is_told(frequency):
    _, needed = events(frequency, most=YEARS)
    assert needed > YEARS


@pytest.mark.parametrize(
    ("risk", "share"),
    [(A, 0.0), (A, 0.3), (A, 0.99), (C, 0.0), (C, 0.3), (C, 0.99)],
)
def test_no_year_costs_less_when_events_are_more_frequent(risk, share):
    rarer = replace(
        risk, scenarios=tuple(replace(each, frequency=each.frequency.scaled(share)) for each in risk.scenarios)
    )
    for block in range(3):
        (few, few_ceded), (many, many_ceded) = (yearly(*one(each), seed=11, block=block) for each in (rarer, risk))
        assert np.all(few <= many * (1 + 1e-12))
        assert np.all(few_ceded <= many_ceded * (1 + 1e-12) + 1e-9)
        assert few.sum() < many.sum()


# -------------------------------------------------------------------------------------------------------------- strata
def sequence(count, first, slot):
    """Return the uniforms of a slot for the events of a sequence from a place on, found by pieces."""
    found = []
    for start in range(0, count, kernel.CHUNK):
        room = np.zeros((1, kernel.CHUNK))
        n = min(kernel.CHUNK, count - start)
        kernel.evenly(n, first + start, kernel.STRIDES[slot], room, 0)
        found.append(room[0, :n])
    return np.concatenate(found)


@pytest.mark.parametrize("first", [0, 12_345, 2**60 - 7])
@pytest.mark.parametrize("count", [1, 100, 1009, 30_030])
def test_events_in_sequence_spread_evenly_by_one_and_by_two(count, first):
    lines = [sequence(count, first, slot) for slot in range(len(kernel.STRIDES))]
    for u in lines:
        assert u.min() > 0
        assert u.max() < 1
        apart = np.abs(np.sort(u) - (np.arange(count) + 0.5) / count).max()
        assert apart < (2 + 3 * np.log(count)) / count
    if count > 1000:
        for i, u in enumerate(lines):
            for v in lines[:i]:
                boxes = np.histogram2d(u, v, bins=8, range=[(0, 1), (0, 1)])[0]
                slack, part = (5, 0.6) if i < 3 else (8, 1.0)  # chance alone: 2.5
                assert np.abs(boxes - count / 64).max() < slack + part * np.sqrt(count / 64)


def test_a_place_of_a_sequence_is_known_to_its_last_bits():
    place = 2**60 + 12_345
    for slot, prime in enumerate((271, 67, 353)):
        step = int(np.sqrt(prime) % 1 * 2.0**52) << 12
        assert sequence(1, place, slot)[0] == pytest.approx(place * step % 2**64 / 2**64, abs=2**-52)


# ---------------------------------------------------------------------------------------------------------- histograms
def test_slices_are_256_in_a_doubling_and_keep_count_sum_and_most():
    values = np.concatenate([[0.0, 1e-5, 2.0**-10, 1.0, 1.0], 1 + np.arange(256) / 256, [3.9, 1e20]]) * 40
    table, whole = line(values), np.zeros((64 * 256 + 1 + kernel.SINKS, 4))
    places = np.zeros((1, len(values)), np.int32)
    kernel.gathered(len(values), table, 0, places, 1 / 40 * (1 + 2.0**-44), kernel.FINE, whole)
    slices = whole[: -kernel.SINKS]
    assert slices[:, 0].sum() == len(values)
    at = 1 + 30 * 256
    assert np.array_equal(slices[at : at + 256, 0], [3] + [1] * 255)
    assert slices[at].tolist() == [3, 120, 40, 0]
    assert slices[0].tolist() == [1, 0, 0, 0]
    assert slices[-1].tolist() == [1, 4e21, 4e21, 0]
    assert np.count_nonzero(slices[:, 0]) == 5 + 256
