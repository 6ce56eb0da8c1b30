"""The plain reference of the terms: values worked by hand, then what must hold for every programme."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from egide.loss.model import Amount, Interruption
from egide.loss.severity import Lognormal
from egide.loss.terms import HeadTerms, Layer, Policy, Retention, Terms
from loss.plain_terms import Event, Year, lost_days, year_of

ANY = Lognormal(0.0, 1.0)
OWN = Amount("own", ANY)
FINES = Amount("fines", ANY, insurable=False)
STOP = Interruption("stop", 10.0)
SLOW = Interruption("slow", 4.0, share=0.5, recovery=1.5, longest=20.0)
HEADS = (OWN, FINES, STOP, SLOW)
MEMBERS = ("A", "B", "C")

W2 = Policy(
    "w2",
    ("A",),
    (Layer("w2", limit=5e6, aggregate_limit=10e6),),
    Retention(flat=1e5),
    waiting_days=0.5,
    heads={"own": HeadTerms(1.0, 2e6), "stop": HeadTerms(0.9, 4e6), "liability": HeadTerms(1.0, 3e6)},
)
DEAR = Interruption("stop", 90_000.0)
LIABILITY = Amount("liability", ANY)


def one(policy: Policy, *events: Event) -> Year:
    return year_of(Terms((policy,)), events)


# ------------------------------------------------------------------------------------------------ by hand
def test_an_event_of_w2():
    year = one(W2, Event("s", {"A": [(OWN, 400_000.0), (DEAR, 6.0), (LIABILITY, 150_000.0)]}))
    assert year.gross == 400_000 + 90_000 * 6 + 150_000
    assert year.ceded == pytest.approx(400_000 + 0.9 * 90_000 * 5.5 + 150_000 - 100_000)
    claim = 400_000 + 445_500 + 150_000
    assert year.ceded_by(2, "own") == pytest.approx(400_000 * (1 - 100_000 / claim))
    assert year.ceded_by(2, "stop") == pytest.approx(445_500 * (1 - 100_000 / claim))


def test_each_bound_of_w2():
    great = Event("s", {"A": [(OWN, 5e6), (DEAR, 100.0), (LIABILITY, 7e6)]})
    assert one(W2, great).ceded == 5e6
    assert one(replace(W2, layers=(Layer("l"),)), great).ceded == 2e6 + 4e6 + 3e6 - 1e5
    assert one(W2, great, great, great).ceded == 10e6
    assert one(W2, Event("s", {"A": [(OWN, 100_000.0)]})).ceded == 0
    assert one(W2, Event("s", {"A": [(DEAR, 0.5)]})).ceded == 0


def test_one_supplier_failure_is_one_event_for_a_group():
    group = Policy("g", ("A", "B"), (Layer("g", limit=8.0),), Retention(flat=1.0))
    both = Event("outage", {"A": [(OWN, 6.0)], "B": [(OWN, 11.0)]})
    year = one(group, both)
    assert year.ceded == 8
    assert year.ceded_by(1, "A") == pytest.approx(8 * 5 / 15)
    assert year.ceded_by(1, "B") == pytest.approx(8 * 10 / 15)
    apart = one(group, *(Event("s", {member: lines}) for member, lines in both.losses.items()))
    assert apart.ceded == 5 + 8


def test_a_tower_with_shares_and_bounds_of_the_year():
    policy = Policy(
        "t",
        ("A",),
        (
            Layer("low", 0, 4, share=0.5, aggregate_retention=1, aggregate_limit=6),
            Layer("high", 4, 6, aggregate_limit=7),
        ),
        Retention(flat=2),
    )
    year = one(policy, *(Event("s", {"A": [(OWN, size)]}) for size in (5.0, 12.0, 20.0)))
    assert year.paid == {("t", "low"): 0.5 * 6, ("t", "high"): 7}
    assert year.retained == 37 - 10


@pytest.mark.parametrize(
    ("retention", "claim", "ceded"),
    [
        (Retention(flat=3), 10, 7),
        (Retention(share=0.1), 10, 9),
        (Retention(flat=1, share=0.1), 10, 8),
        (Retention(share=0.1, least=2), 10, 8),
        (Retention(share=0.5, most=3), 10, 7),
        (Retention(flat=3, franchise=True), 10, 10),
        (Retention(flat=10, franchise=True), 10, 0),
        (Retention(flat=30), 10, 0),
    ],
)
def test_each_kind_of_retention(retention, claim, ceded):
    assert one(Policy("p", ("A",), (Layer("l"),), retention), Event("s", {"A": [(OWN, claim)]})).ceded == ceded


@pytest.mark.parametrize(
    ("duration", "start", "end", "days"),
    [
        (6, 0, inf, 0.5 * (6 + 4.5)),
        (6, 2, inf, 0.5 * (4 + 4.5)),
        (6, 0, 4, 0.5 * 4),
        (6, 6, inf, 0.5 * 4.5),
        (6, 6, 10.5, 0.5 * 3.375),
        (6, 10.5, inf, 0.5 * 1.125),
        (6, 15, inf, 0),
        (100, 0, inf, 0.5 * 35),
        (0, 0, inf, 0),
    ],
)
def test_the_days_lost_between_two_times(duration, start, end, days):
    assert lost_days(SLOW, duration, start, end) == pytest.approx(days)


# ------------------------------------------------------------------------------------- for every programme
def amounts(most: float = 100.0) -> st.SearchStrategy[float]:
    """Amounts in sixteenths, so that what is equal on paper is equal here."""
    return st.integers(0, int(most * 16)).map(lambda n: n / 16)


def caps(most: float = 100.0) -> st.SearchStrategy[float]:
    return st.one_of(st.just(inf), amounts(most).map(lambda x: x + 1 / 16))


PARTS = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
RETENTIONS = st.builds(
    Retention, amounts(30), st.sampled_from([0.0, 0.1, 0.5]), amounts(10), caps(40).map(lambda x: x + 10)
)
FRANCHISES = RETENTIONS.map(lambda retention: replace(retention, franchise=True))
LAYERS = st.builds(
    Layer,
    st.uuids().map(str),
    amounts(60),
    caps(80),
    st.sampled_from([0.25, 0.5, 1.0]),
    amounts(30),
    caps(200),
)


@st.composite
def towers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """Layers one above the other, with gaps or not."""
    reached = 0.0
    made = []
    for layer in draw(st.lists(LAYERS, min_size=1, max_size=3)):
        made.append(replace(layer, attachment=reached + layer.attachment))
        reached = made[-1].attachment + layer.limit
        if reached == inf:
            break
    return tuple(made)


def policies(retentions: st.SearchStrategy[Retention] = RETENTIONS) -> st.SearchStrategy[Policy]:
    return st.builds(
        Policy,
        st.just("p"),
        st.sampled_from([("A",), ("A", "B"), MEMBERS]),
        towers(),
        retentions,
        amounts(3),
        caps(30).map(lambda x: x + 3),
        st.dictionaries(st.sampled_from([head.name for head in HEADS]), st.builds(HeadTerms, PARTS, caps(60))),
        st.one_of(st.none(), st.builds(HeadTerms, PARTS, caps(60))),
        st.frozensets(st.sampled_from(["s", "t"]), max_size=1),
        st.dictionaries(st.sampled_from(["s", "t"]), st.sampled_from([0.0, 0.5, 1.0])),
    )


LINES = st.lists(
    st.tuples(st.sampled_from(HEADS), amounts()), min_size=1, max_size=4, unique_by=lambda line: line[0].name
)
EVENTS = st.builds(
    Event,
    st.sampled_from(["s", "t", "u"]),
    st.dictionaries(st.sampled_from(MEMBERS), LINES, min_size=1),
    st.dictionaries(st.sampled_from(MEMBERS), st.floats(0, 1, exclude_max=True)),
)
YEARS = st.lists(EVENTS, min_size=1, max_size=4)
LITTLE = 1e-9


@given(policies(st.one_of(RETENTIONS, FRANCHISES)), YEARS)
def test_gross_is_retained_and_ceded_under_every_cut(policy, events):
    year = one(policy, *events)
    assert year.gross == pytest.approx(year.retained + year.ceded)
    assert -LITTLE <= year.ceded <= year.gross + LITTLE
    for place, names in enumerate((("s", "t", "u"), MEMBERS, [head.name for head in HEADS])):
        assert sum(year.gross_by(place, name) for name in names) == pytest.approx(year.gross)
        assert sum(year.ceded_by(place, name) for name in names) == pytest.approx(year.ceded)
    assert sum(year.paid.values()) == pytest.approx(year.ceded)
    for key, ceded in year.ceded_of.items():
        assert -LITTLE <= ceded <= year.gross_of[key] + LITTLE


@given(policies(st.one_of(RETENTIONS, FRANCHISES)), YEARS)
def test_what_is_not_covered_is_never_ceded(policy, events):
    year = one(policy, *events)
    assert year.ceded_by(2, "fines") == 0
    for scenario in policy.excluded:
        assert year.ceded_by(0, scenario) == 0
    for member in set(MEMBERS) - set(policy.members):
        assert year.ceded_by(1, member) == 0
    assert one(replace(policy, excluded=frozenset("stu")), *events).ceded == 0
    assert one(replace(policy, paid=dict.fromkeys("stu", 0.0)), *events).ceded == 0


@given(
    policies(st.one_of(RETENTIONS, FRANCHISES)), YEARS, amounts(20), st.sampled_from(["flat", "least", "most", "share"])
)
def test_a_higher_retention_cedes_less(policy, events, more, field):
    kept = policy.retention
    more = more / 100 if field == "share" else more
    higher = replace(policy, retention=replace(kept, **{field: getattr(kept, field) + more}))
    assert one(higher, *events).ceded <= one(policy, *events).ceded + LITTLE


@given(policies(), YEARS, amounts(20), st.sampled_from(["limit", "aggregate_limit"]))
def test_a_higher_limit_of_the_top_cedes_more(policy, events, more, field):
    top = policy.layers[-1]
    higher = replace(policy, layers=(*policy.layers[:-1], replace(top, **{field: getattr(top, field) + more})))
    assert one(higher, *events).ceded >= one(policy, *events).ceded - LITTLE


@given(policies(), YEARS, amounts(20))
def test_more_kept_a_year_or_waited_for_cedes_less(policy, events, more):
    ceded = one(policy, *events).ceded + LITTLE
    first = policy.layers[0]
    kept = replace(first, aggregate_retention=first.aggregate_retention + more)
    assert one(replace(policy, layers=(kept, *policy.layers[1:])), *events).ceded <= ceded
    assert one(replace(policy, waiting_days=policy.waiting_days + more), *events).ceded <= ceded
    assert one(replace(policy, indemnity_days=policy.indemnity_days + more), *events).ceded >= ceded - 2 * LITTLE


def worse(events: list[Event], place: int, line: int, more: float) -> list[Event]:
    """The same year with one loss of one event increased."""
    event = events[place % len(events)]
    flat = [(member, number) for member, lines in event.losses.items() for number in range(len(lines))]
    member, number = flat[line % len(flat)]
    lines = list(event.losses[member])
    head, size = lines[number]
    lines[number] = (head, size + more)
    out = list(events)
    out[place % len(events)] = replace(event, losses={**event.losses, member: lines})
    return out


@given(policies(), YEARS, st.integers(0, 10), st.integers(0, 20), amounts(50))
def test_retained_never_decreases_when_an_event_grows(policy, events, place, line, more):
    before, after = one(policy, *events), one(policy, *worse(events, place, line, more))
    assert after.gross >= before.gross - LITTLE
    assert after.retained >= before.retained - LITTLE
    assert after.ceded >= before.ceded - LITTLE


def falls(case: tuple[Policy, float, float]) -> bool:
    """Whether a larger event, alone in its year, leaves less to the insured."""
    policy, size, more = case
    small, great = (one(policy, Event("u", {"A": [(OWN, amount)]})) for amount in (size, size + more))
    return great.retained < small.retained - LITTLE


def wide(policy: Policy) -> Policy:
    """The same retention and layers, with nothing excluded."""
    return replace(policy, heads={}, other_heads=HeadTerms(), excluded=frozenset(), paid={})


SIMPLE = st.builds(
    lambda limit, flat: Policy("p", ("A",), (Layer("l", limit=limit),), Retention(flat=flat, franchise=True)),
    caps(),
    amounts(30),
)
CASES = st.tuples(SIMPLE, amounts(30), amounts(4))


def test_a_disappearing_franchise_breaks_it():
    by_hand = Policy("p", ("A",), (Layer("l"),), Retention(flat=3.0, franchise=True))
    assert falls((by_hand, 3.0, 1.0))
    search = settings(max_examples=5_000, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    policy, *_ = find(CASES, falls, settings=search)
    assert policy.retention.franchise


@given(policies().map(wide), amounts(), amounts(20))
def test_no_other_retention_does(policy, size, more):
    assert not falls((policy, size, more))


def in_currency(policy: Policy, rate: float) -> Policy:
    kept = policy.retention
    return replace(
        policy,
        retention=replace(kept, flat=kept.flat * rate, least=kept.least * rate, most=kept.most * rate),
        heads={name: replace(terms, sublimit=terms.sublimit * rate) for name, terms in policy.heads.items()},
        other_heads=policy.other_heads and replace(policy.other_heads, sublimit=policy.other_heads.sublimit * rate),
        layers=tuple(
            replace(
                layer,
                attachment=layer.attachment * rate,
                limit=layer.limit * rate,
                aggregate_retention=layer.aggregate_retention * rate,
                aggregate_limit=layer.aggregate_limit * rate,
            )
            for layer in policy.layers
        ),
    )


def dearer(head: Amount | Interruption, number: float, rate: float) -> tuple[Amount | Interruption, float]:
    if isinstance(head, Interruption):
        return replace(head, daily=head.daily * rate), number
    return head, number * rate


@given(policies(st.one_of(RETENTIONS, FRANCHISES)), YEARS, st.sampled_from([0.25, 0.5, 4.0, 1024.0]))
def test_another_currency_gives_the_same_amounts_in_it(policy, events, rate):
    abroad = [
        replace(
            event,
            losses={member: [dearer(*line, rate) for line in lines] for member, lines in event.losses.items()},
        )
        for event in events
    ]
    here, there = one(policy, *events), one(in_currency(policy, rate), *abroad)
    assert there.gross == pytest.approx(here.gross * rate)
    assert there.ceded == pytest.approx(here.ceded * rate)


@given(policies(), EVENTS, st.floats(0.01, 0.99))
def test_an_event_is_paid_only_when_its_conditions_are_met(policy, event, paid):
    assume(event.scenario not in policy.excluded)
    policy = replace(policy, paid={event.scenario: paid})
    always = one(replace(policy, paid={}), event).ceded
    assert one(policy, replace(event, luck=dict.fromkeys(MEMBERS, paid * 0.99))).ceded == always
    assert one(policy, replace(event, luck=dict.fromkeys(MEMBERS, paid))).ceded == 0
    only_a = one(policy, replace(event, luck={"B": paid, "C": paid}))
    assert only_a.ceded_by(1, "A") == pytest.approx(only_a.ceded)


@given(policies(), YEARS, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(policy, events, random):
    shuffled = list(events)
    random.shuffle(shuffled)
    assert one(policy, *shuffled).ceded == pytest.approx(one(policy, *events).ceded)
