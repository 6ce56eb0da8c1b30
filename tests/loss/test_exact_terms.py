"""What contracts pay, against the sum over all years that can happen of the terms written in plain Python."""

from collections.abc import Iterator
from itertools import product
from math import comb, inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.loss.exact import Exact, exact
from egide.loss.exact.aggregate import Law
from egide.loss.frequency import Binomial
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Discrete
from egide.loss.terms import HeadTerms, Layer, Policy, Retention, Terms
from loss.plain_terms import Event, year_of

Outcome = tuple[float, dict[str, list[tuple[Head, float]]]]
"""Probability, and losses by establishment."""


def _points(law: Discrete) -> Iterator[tuple[float, float]]:
    return zip(law.values, law.probabilities, strict=True)


def _outcomes(members: dict[str, tuple[Head, ...]], duration: Discrete | None) -> Iterator[Outcome]:
    """All that one event can be."""
    flat = [(name, head) for name, heads in members.items() for head in heads]
    amounts = []
    for _, head in flat:
        if isinstance(head, Amount):
            assert isinstance(head.severity, Discrete)
            chances = [(value, head.probability * p) for value, p in _points(head.severity)]
            amounts.append([*chances, (0.0, 1 - head.probability)])
        else:
            amounts.append([(0.0, 1.0)])
    for days, chance in _points(duration) if duration else [(0.0, 1.0)]:
        for drawn in product(*amounts):
            losses: dict[str, list[tuple[Head, float]]] = {name: [] for name in members}
            weight = chance
            for (name, head), (value, p) in zip(flat, drawn, strict=True):
                losses[name].append((head, value if isinstance(head, Amount) else days))
                weight *= p
            if weight > 0:
                yield weight, losses


def _kinds(model: Model) -> Iterator[tuple[str, Binomial, list[Outcome]]]:
    for risk in model.risks:
        for s in risk.scenarios:
            assert isinstance(s.frequency, Binomial)
            assert s.duration is None or isinstance(s.duration, Discrete)
            yield s.name, s.frequency, list(_outcomes({risk.name: s.heads}, s.duration))
    for shock in model.shocks:
        assert isinstance(shock.frequency, Binomial)
        assert isinstance(shock.duration, Discrete)
        yield shock.name, shock.frequency, list(_outcomes({h.risk: h.heads for h in shock.hits}, shock.duration))


def _years(model: Model, terms: Terms) -> list[tuple[float, float, float, dict[tuple[str, str], float]]]:
    """All years: probability, gross, ceded, and what each layer pays."""
    paid = {name: p for policy in terms.policies for name, p in policy.paid.items()}
    each: list[list[tuple[float, list[Event]]]] = []
    for name, frequency, outcomes in _kinds(model):
        met = paid.get(name, 1.0)
        events = [
            (weight * chance, Event(name, losses, dict.fromkeys(losses, luck)))
            for weight, losses in outcomes
            for luck, chance in ((0.0, met), (1.0, 1 - met))
            if chance > 0
        ]
        lists = []
        for count in range(frequency.trials + 1):
            p = (
                comb(frequency.trials, count)
                * frequency.probability**count
                * (1 - frequency.probability) ** (frequency.trials - count)
            )
            for drawn in product(events, repeat=count):
                weight = p
                for chance, _ in drawn:
                    weight *= chance
                lists.append((weight, [event for _, event in drawn]))
        each.append(lists)
    found = []
    for kinds in product(*each):
        weight = float(np.prod([p for p, _ in kinds]))
        year = year_of(terms, [event for _, events in kinds for event in events])
        found.append((weight, year.gross, year.ceded, dict(year.paid)))
    return found


def _agrees(law: Law | None, amounts: list[tuple[float, float]]) -> None:
    """The law lies within its bounds of the one that was counted, at all its amounts, and so do its moments."""
    assert law is not None
    mean = sum(p * x for p, x in amounts)
    assert abs(law.mean.value - mean) <= law.mean.error + 1e-6 * (1 + mean)
    sd = sum(p * (x - mean) ** 2 for p, x in amounts) ** 0.5
    assert abs(law.sd.value - sd) <= law.sd.error + 1e-3 * (1 + sd) ** 0.5
    for x in {x for _, x in amounts}:
        passed = sum(p for p, y in amounts if y > x + 1e-6)
        told = law.passed(x + 1e-7)
        assert abs(told.value - passed) <= told.error + 1e-8
    for level in (0.0, 0.3, 0.777, 0.95):
        ranked = sorted((x, p) for p, x in amounts)
        sums = np.cumsum([p for _, p in ranked])
        if np.any(np.abs(sums - level) < 1e-6):
            continue
        var = ranked[int(np.searchsorted(sums, level))][0]
        tail = var + sum(p * max(x - var, 0) for p, x in amounts) / (1 - level)
        assert abs(law.var(level).value - var) <= law.var(level).error + 1e-6
        assert abs(law.tvar(level).value - tail) <= law.tvar(level).error + 1e-5 * (1 + tail)


def _check(model: Model, terms: Terms, found: Exact) -> None:
    years = _years(model, terms)
    _agrees(found.gross, [(p, gross) for p, gross, _, _ in years])
    ceded = sum(p * paid for p, _, paid, _ in years)
    assert found.ceded_mean is not None
    assert abs(found.ceded_mean.value - ceded) <= found.ceded_mean.error + 1e-6 * (1 + ceded)
    for each in found.layers:
        _agrees(each.law, [(p, by[each.policy, each.layer]) for p, _, _, by in years])
    if found.ceded is not None:
        _agrees(found.ceded, [(p, paid) for p, _, paid, _ in years])


HALVES = Discrete((2.0, 7.0), (0.5, 0.5))
DAYS = Discrete((0.5, 3.0, 9.0), (0.5, 0.3, 0.2))
HEADS: tuple[Head, ...] = (
    Amount("own", HALVES),
    Interruption("stop", 4.0, share=0.5, recovery=0.5, longest=6.0),
    Interruption("care", 1.0),
    Amount("fine", Discrete((3.0,), (1.0,)), 0.4, insurable=False),
)
ONE = Model((Risk("A", (Scenario("virus", Binomial(2, 0.4), HEADS, DAYS),)),))


def _policy(name: str = "P", members: tuple[str, ...] = ("A",), **terms: object) -> Policy:
    given = {"layers": (Layer("L", limit=8.0),), **terms}
    return Policy(name, members, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "policy",
    [
        _policy(),
        _policy(layers=(Layer("L"),)),
        _policy(layers=(Layer("L", attachment=2.0, limit=6.0, share=0.6, aggregate_limit=7.0),)),
        _policy(layers=(Layer("L", limit=6.0, aggregate_retention=2.0, aggregate_limit=9.0),)),
        _policy(layers=(Layer("L", aggregate_retention=4.0),)),
        _policy(layers=(Layer("L", share=0.0),)),
        _policy(layers=(Layer("low", limit=5.0), Layer("high", 5.0, 5.0, share=0.5))),
        _policy(layers=(Layer("low", limit=5.0, aggregate_limit=6.0), Layer("high", 5.0, 5.0))),
        _policy(layers=(Layer("low", limit=5.0), Layer("high", 5.0))),
        _policy(retention=Retention(flat=3.0)),
        _policy(retention=Retention(share=0.25, least=2.0, most=4.0)),
        _policy(retention=Retention(flat=5.0, franchise=True)),
        _policy(retention=Retention(share=1.0)),
        _policy(retention=Retention(share=1.0), layers=(Layer("low", limit=5.0), Layer("high", 5.0))),
        _policy(waiting_days=1.0, indemnity_days=4.0),
        _policy(waiting_days=4.0, indemnity_days=4.0),
        _policy(heads={"own": HeadTerms(0.8, 5.0), "stop": HeadTerms(1.0, 4.0)}, other_heads=None),
        _policy(heads={"own": HeadTerms(covered=0.0)}),
        _policy(paid={"virus": 0.7}),
        _policy(excluded=frozenset({"virus"})),
    ],
    ids=range(20),
)
def test_one_contract_is_what_all_its_years_say(policy: Policy) -> None:
    terms = Terms((policy,))
    _check(ONE, terms, exact(ONE, terms, buckets=2**11))
    _check(ONE, terms, exact(ONE, terms, buckets=2**11, step=0.03125))


def test_a_group_shares_its_limits_and_several_contracts_add_up() -> None:
    own: tuple[Head, ...] = (Amount("own", HALVES, 0.8),)
    model = Model(
        (
            Risk("A", (Scenario("virus", Binomial(1, 0.4), own), Scenario("leak", Binomial(1, 0.2), own))),
            Risk("B", (Scenario("virus", Binomial(1, 0.3), own),)),
            Risk("C", (Scenario("virus", Binomial(1, 0.5), own),)),
            Risk("D", ()),
        ),
        (
            Shock("cloud", Binomial(1, 0.3), DAYS, (Hit("B", HEADS[1:2]), Hit("C", HEADS[1:3]))),
            Shock("rare", Binomial(1, 0.0), DAYS, (Hit("A", HEADS[1:2]), Hit("B", HEADS[1:2]))),
        ),
    )
    group = _policy("G", ("A", "B"), layers=(Layer("L", limit=6.0, aggregate_limit=9.0),), paid={"cloud": 0.5})
    alone = _policy("Z", ("C",), retention=Retention(flat=1.0), excluded=frozenset({"cloud"}))
    terms = Terms((alone, group))
    found = exact(model, terms, buckets=2**11)
    assert found.ceded is not None
    assert [each.policy for each in found.layers] == ["G", "Z"]
    _check(model, terms, found)


def test_no_contract_pays_nothing_and_all_is_kept() -> None:
    found = exact(ONE, buckets=2**9)
    assert found.retained is found.gross
    assert found.layers == ()
    assert found.not_covered == ()
    assert found.ceded is not None
    assert found.ceded.mean.value == 0
    assert found.ceded.passed(0.0).value == pytest.approx(0, abs=1e-8)


LAWS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 5)), min_size=1, max_size=2, unique_by=lambda x: x[0]).map(
    lambda pairs: Discrete(
        tuple(float(x) for x, _ in sorted(pairs)), tuple(w / sum(w for _, w in pairs) for _, w in sorted(pairs))
    )
)
SMALL = st.integers(0, 6).map(float)
LIMITS = st.one_of(st.just(inf), st.integers(1, 9).map(float))
LAYERS = st.builds(Layer, st.just("L"), SMALL, LIMITS, st.sampled_from([1.0, 0.5]), SMALL, LIMITS)
RETENTIONS = st.builds(Retention, SMALL, st.sampled_from([0.0, 0.5, 1.0]), SMALL, LIMITS, st.booleans())


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Model, Terms]:
    heads: tuple[Head, ...] = (
        Amount("own", draw(LAWS), draw(st.sampled_from([0.5, 1.0]))),
        Interruption("stop", draw(SMALL), recovery=draw(st.sampled_from([0.0, 1.0])), longest=draw(LIMITS)),
    )
    model = Model((Risk("A", (Scenario("virus", Binomial(draw(st.integers(0, 2)), 0.4), heads, draw(LAWS)),)),))
    terms = _policy(
        layers=(draw(LAYERS),),
        retention=draw(RETENTIONS),
        waiting_days=draw(SMALL),
        indemnity_days=draw(LIMITS),
        heads={"own": HeadTerms(draw(st.sampled_from([0.5, 1.0])), draw(LIMITS))},
        paid={"virus": draw(st.sampled_from([0.5, 1.0]))},
    )
    return model, Terms((terms,))


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_any_programme_is_what_all_its_years_say(programme: tuple[Model, Terms]) -> None:
    model, terms = programme
    _check(model, terms, exact(model, terms, buckets=2**10))
