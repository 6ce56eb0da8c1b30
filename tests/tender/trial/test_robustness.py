"""The robustness note: exact answers, found again by brute force; the published method and nothing else."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import LEVELS, bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.clausier.model import IRREGULAR, AwardUse, Level
from egide.errors import DataError
from egide.message import Text
from egide.tender.evaluation import evaluate
from egide.tender.model import Bid, BidClass, BidKey, Criterion, Decision, Kind, Lot, SubCriterion
from egide.tender.trial.robustness import Doubt, robustness
from egide.tender.trial.standing import Why

PRICE = Criterion("price", Decimal(40), Kind.PRICE)
SECURITY = Criterion("security", Decimal(60), Kind.CLAUSIER)
FEW = Doubt(draws=100)
CHECKED = settings(max_examples=40, deadline=None)
FORMULAS = ("proportional", "linear_gap", "linear_min_max", "mean_based")


def key(name, lot="lot-1"):
    return BidKey(name, lot)


def evaluated(prices, notes, criteria=None, points=None, given_marks=(), decisions=(), computed=None, **changes):
    bids = [bid(name, paid) for name, paid in prices.items()]
    retained = replace(marks(*(note(name, each) for name, each in notes.items()), *given_marks), decisions=decisions)
    criteria = criteria or price_and_technical()
    return evaluate(tender(criteria, "".join(prices), **changes), points or clausier(), rules(), bids, retained, computed or {})  # fmt: skip


def strength(evaluation, doubt=FEW, seed=0):
    (lot,) = robustness(evaluation, doubt, seed).lots
    return lot.strength


def leader(prices, notes, price_weight=Fraction(40), formula="proportional"):
    """Return who is first, by a hand that knows nothing of the program; None when two are."""
    low, high = min(prices.values()), max(prices.values())
    mean = sum(prices.values()) / len(prices)
    share = {
        "proportional": lambda paid: low / paid,
        "linear_gap": lambda paid: max(0, 2 - paid / low),
        "linear_min_max": lambda paid: (high - paid) / (high - low) if high > low else 1,
        "mean_based": lambda paid: min(1, mean / paid),
    }[formula]
    totals = {name: price_weight * share(prices[name]) + (100 - price_weight) * notes[name] / 100 for name in prices}
    best = [name for name, total in totals.items() if total == max(totals.values())]
    return best[0] if len(best) == 1 else None


VECTOR = ({"A": "100", "B": "120", "C": "70"}, {"A": "70", "B": "78.5", "C": "30"})


# ------------------------------------------------------------------------------------------------------- the vectors
def test_removing_a_hopeless_third_bid_turns_the_award():
    """A(100, 70) B(120, 78.5) C(70, 30), 40/60: B 70.43 against 70.00 with C; A 82.00 against 80.43 without."""
    found = strength(evaluated(*VECTOR))
    assert found.winner == key("B")
    assert [round(float(found.totals[key(name)]), 2) for name in "ABC"] == [70.00, 70.43, 58.00]
    assert {removal.out.tenderer: (removal.first, removal.changed) for removal in found.removals} == {
        "A": ((key("B"),), False),
        "B": ((key("A"),), False),
        "C": ((key("A"),), True),
    }
    without = strength(evaluated({"A": "100", "B": "120"}, {"A": "70", "B": "78.5"}))
    assert [round(float(without.totals[key(name)]), 2) for name in "AB"] == [82.00, 80.43]
    assert without.winner == key("A")


def test_the_weight_interval_of_the_vector_is_a_fraction():
    """A and B are equal where w x (1 - 5/6) = (100 - w) x 8.5/100, with the notes of C as the market."""
    found = strength(evaluated({"A": "100", "B": "120"}, {"A": "70", "B": "78.5"}))
    on_price, on_technical = found.weights
    assert on_price.low == Fraction(85, 10) / (Fraction(85, 1000) * 100 / 100 + Fraction(1, 6))
    assert (on_price.high, on_price.low_by, on_price.high_by) == (100, (key("B"),), ())
    assert (on_technical.low, on_technical.high) == (0, 100 - on_price.low)


# ---------------------------------------------------------------------------------------------------- found by brute force
offers = st.lists(st.tuples(st.integers(50, 200), st.integers(0, 100)), min_size=2, max_size=5)


def of(drawn):
    prices = {name: Fraction(paid) for name, (paid, _) in zip("ABCDE", drawn, strict=False)}
    notes = {name: Fraction(each) for name, (_, each) in zip("ABCDE", drawn, strict=False)}
    written = ({name: str(paid) for name, paid in prices.items()}, {name: str(each) for name, each in notes.items()})
    return prices, notes, written


@CHECKED
@given(offers, st.sampled_from(FORMULAS))
def test_inside_the_weight_interval_the_winner_stays_and_outside_he_does_not(drawn, formula):
    prices, notes, written = of(drawn)
    if leader(prices, notes, formula=formula) is None:
        return
    found = strength(evaluated(*written, price_and_technical(formula=formula)), Doubt(draws=1))
    winner, (on_price, _) = found.winner.tenderer, found.weights
    assert on_price.low <= 40 <= on_price.high
    hair = Fraction(1, 10**9)
    for weight in range(101):
        inside = on_price.low < weight < on_price.high
        outside = not on_price.low <= weight <= on_price.high
        if inside or outside:
            assert (leader(prices, notes, Fraction(weight), formula) == winner) == inside
    for bound, taken, beyond in ((on_price.low, on_price.low_by, -hair), (on_price.high, on_price.high_by, hair)):
        if taken:
            assert leader(prices, notes, bound, formula) is None
            after = leader(prices, notes, bound + beyond, formula)
            assert after is None or key(after) in taken
        else:
            assert bound in {0, 100}


@CHECKED
@given(offers, st.sampled_from(FORMULAS))
def test_leave_one_out_is_that_of_a_tender_held_without_the_bid(drawn, formula):
    prices, notes, written = of(drawn)
    if leader(prices, notes, formula=formula) is None:
        return
    for removal in strength(evaluated(*written, price_and_technical(formula=formula)), Doubt(draws=1)).removals:
        rest = {name: paid for name, paid in prices.items() if key(name) != removal.out}
        first = leader(rest, notes, formula=formula)
        assert (removal.first == (key(first),)) if first else len(removal.first) > 1


@CHECKED
@given(offers)
def test_the_smallest_note_flips_and_nothing_smaller_does(drawn):
    prices, notes, written = of(drawn)
    if leader(prices, notes) is None:
        return
    found = strength(evaluated(*written), Doubt(draws=1))
    winner, hair = found.winner.tenderer, Fraction(1, 10**9)
    smallest = abs(found.notes[0].change) if found.notes else Fraction(1000)
    for name in prices:
        for sign in (1, -1):
            near, far = (notes[name] + sign * (smallest + each) for each in (-hair, hair))
            if 0 <= near <= 100 and smallest < 1000:
                assert leader(prices, {**notes, name: near}) == winner
            flip = found.notes[0] if found.notes else None
            if flip and flip.bid == key(name) and flip.change * sign > 0 and 0 <= far <= 100:
                assert leader(prices, {**notes, name: far}) in {flip.taken_by.tenderer, None}
    if not found.notes:
        assert all(leader(prices, {**notes, name: Fraction(end)}) == winner for name in prices for end in (0, 100))


@CHECKED
@given(offers, st.sampled_from(FORMULAS))
def test_the_smallest_price_flips_and_a_cent_less_does_not(drawn, formula):
    prices, notes, written = of(drawn)
    if leader(prices, notes, formula=formula) is None:
        return
    found = strength(evaluated(*written, price_and_technical(formula=formula)), Doubt(draws=1))
    cent = Fraction(1, 100)
    for flip in found.prices:
        name = flip.bid.tenderer
        first, back = (leader({**prices, name: paid}, notes, formula=formula) for paid in (flip.to, flip.to + cent * (1 if flip.to < flip.price else -1)))  # fmt: skip
        if flip.bid == found.winner:
            assert flip.to > flip.price
            assert first != name
            assert back in {name, None}
        else:
            assert flip.to < flip.price
            assert (first, flip.taken_by) == (name, (flip.bid,))
            assert back != name
    for name in set(prices) - {flip.bid.tenderer for flip in found.prices}:
        extreme = Fraction(900) * prices[name] if key(name) == found.winner else cent
        assert (leader({**prices, name: extreme}, notes, formula=formula) == name) == (key(name) == found.winner)


levels = st.lists(st.lists(st.sampled_from(["full", "floor", "below"]), min_size=4, max_size=4), min_size=2, max_size=4)
POINTS = clausier(point("P1", 3), point("P2", 2), point("P3", 1), point("P4", 3))
VALUE = {"full": Fraction(1), "floor": Fraction(1, 2), "below": Fraction(0)}


@CHECKED
@given(levels, st.lists(st.integers(90, 110), min_size=4, max_size=4))
def test_every_single_level_that_flips_is_listed_and_no_other(drawn, paid):
    names = "ABCD"[: len(drawn)]
    prices = {name: Fraction(each) for name, each in zip(names, paid, strict=False)}

    def notes(given_levels):
        return {name: 100 * sum(w * VALUE[level] for w, level in zip((3, 2, 1, 3), own, strict=True)) / 9 for name, own in given_levels.items()}  # fmt: skip

    retained = dict(zip(names, drawn, strict=True))
    winner = leader(prices, notes(retained))
    if winner is None:
        return
    given_marks = [mark(name, f"P{n}", level) for name, own in retained.items() for n, level in enumerate(own, 1)]
    found = strength(evaluated({name: str(each) for name, each in prices.items()}, {}, (PRICE, SECURITY), POINTS, given_marks), Doubt(draws=1))  # fmt: skip
    scale = ["below", "floor", "full"]
    expected = set()
    for name, own in retained.items():
        step = -1 if name == winner else 1
        for n, level in enumerate(own):
            to = scale.index(level) + step
            if 0 <= to <= 2:
                moved = {**retained, name: [*own[:n], scale[to], *own[n + 1 :]]}
                if leader(prices, notes(moved)) != winner:
                    expected.add((name, f"P{n + 1}", scale[to]))
    assert {(flip.bid.tenderer, flip.point, flip.to) for flip in found.levels} == expected
    if found.fewest and not any(name != winner for name, _, _ in expected):
        assert found.fewest[1] > 1


# ---------------------------------------------------------------------------------------------------------- properties
@CHECKED
@given(st.randoms(use_true_random=False), offers)
def test_r39_the_order_of_bids_does_not_matter_and_the_seed_decides(chance: random.Random, drawn):
    prices, notes, _ = of(drawn)
    if leader(prices, notes) is None:
        return
    shuffled = chance.sample(sorted(prices), len(prices))
    first = strength(evaluated(*({n: str(each[n]) for n in sorted(prices)} for each in (prices, notes))), seed=3)
    second = strength(evaluated(*({n: str(each[n]) for n in shuffled} for each in (prices, notes))), seed=3)
    assert first == second


@CHECKED
@given(offers)
def test_the_unit_of_money_does_not_matter(drawn):
    prices, notes, written = of(drawn)
    if leader(prices, notes) is None:
        return
    euros = strength(evaluated(*written))
    thousands = strength(evaluated({name: str(Decimal(int(paid)) / 1000) for name, paid in prices.items()}, written[1]))
    parts = ("ranked", "totals", "removals", "weights", "notes", "levels", "chances")
    assert all(getattr(euros, part) == getattr(thousands, part) for part in parts)
    rates = [{flip.bid: flip.to / flip.price for flip in each.prices} for each in (euros, thousands)]
    assert all(abs(rates[0][each] - rates[1][each]) < Fraction(1, 2) for each in rates[0].keys() & rates[1].keys())


def test_a_larger_lead_is_never_weaker():
    before = after = None
    for lead in range(60, 100, 8):
        found = strength(evaluated({"A": "100", "B": "101"}, {"A": str(lead), "B": "55"}))
        after = (found.gap, found.weights[1].high - found.weights[1].low, abs(found.notes[0].change), found.chances.winner.count)  # fmt: skip
        assert before is None or all(new >= old for new, old in zip(after, before, strict=True))
        before = after
    assert after[3] == 100


# ------------------------------------------------------------------------------------------------------------ chances
def test_marks_that_cannot_move_leave_the_winner():
    found = strength(evaluated(*VECTOR), Doubt(300, Decimal(0), Decimal(0)))
    assert found.chances.winner.count == 300
    assert (found.chances.tied.count, found.chances.others) == (0, ())


def test_the_chances_are_those_of_the_law():
    """One note each, drawn evenly within 5 of 60 and 58: the lead of 2 out of a triangle of half-width 10."""
    found = strength(evaluated({"A": "100", "B": "100"}, {"A": "60", "B": "58"}), Doubt(20_000))
    expected = 1 - Fraction(8, 10) ** 2 / 2
    assert abs(found.chances.winner.share - expected) < 4 * found.chances.winner.error
    assert (
        sum(each.count for _, each in found.chances.others) + found.chances.winner.count + found.chances.tied.count
        == 20_000
    )


def test_levels_slip_as_often_as_said():
    """One point each, A full and B floor: equal when A slips down or B up, turned when both do."""
    given_marks = [mark("A", "P1", "full"), mark("B", "P1", "floor")]
    found = strength(evaluated({"A": "100", "B": "100"}, {}, (PRICE, SECURITY), clausier(point("P1")), given_marks), Doubt(20_000, Decimal("0.2")))  # fmt: skip
    assert abs(found.chances.tied.share - 2 * 0.1 * 0.9) < 4 * found.chances.tied.error
    assert abs(found.chances.others[0][1].share - 0.01) < 4 * found.chances.others[0][1].error


@pytest.mark.parametrize(("doubt", "place"), [(Doubt(0), "draws"), (Doubt(slip=Decimal(1)), "slip"), (Doubt(spread=Decimal(-1)), "spread")])  # fmt: skip
def test_an_uncertainty_without_meaning_is_refused(doubt, place):
    with pytest.raises(DataError) as caught:
        robustness(evaluated(*VECTOR), doubt)
    assert [finding.place for finding in caught.value.findings] == [place]


# ---------------------------------------------------------------------------------------------- what is left out, and said
def decide(name, bid_class, draw=0):
    return Decision(key(name), bid_class, "Mme Test", date(2026, 9, 10), "Pièce absente.", draw)


def why(evaluation):
    (lot,) = robustness(evaluation, FEW).lots
    assert lot.strength is None
    return lot.why


def test_lots_without_comparison_say_why():
    prices, notes = VECTOR
    assert why(evaluated(prices, {"A": "70"})) is Why.PROVISIONAL
    assert why(evaluated({"A": "100"}, {"A": "70"})) is Why.SINGLE
    assert why(evaluated({"A": "100", "B": "100"}, {"A": "70", "B": "70"})) is Why.TIED
    out = tuple(decide(name, BidClass.IRREGULAR) for name in "ABC")
    assert why(evaluated(prices, notes, decisions=out)) is Why.EMPTY
    assert why(evaluated({**prices, "A": "0"}, notes)) is Why.PROVISIONAL


def test_an_excluded_bid_is_named_and_weighs_on_nothing():
    (lot,) = robustness(evaluated(*VECTOR, decisions=(decide("C", BidClass.IRREGULAR),)), FEW).lots
    assert lot.excluded == (key("C"),)
    assert lot.strength.ranked == (key("A"), key("B"))
    assert lot.strength.totals[key("A")] == 82


def test_each_lot_is_apart_and_progress_is_told():
    lots = (Lot("lot-1"), Lot("lot-2"))
    bids = [bid("A"), bid("B", "120"), Bid(key("A", "lot-2"), {}, bid("A").price)]
    retained = marks(note("A", "70"), note("B", "60"), replace(note("A", "50"), bid=key("A", "lot-2")))
    evaluation = evaluate(tender(price_and_technical(), lots=lots), clausier(), rules(), bids, retained)
    seen = []
    one, two = robustness(evaluation, FEW, 0, lambda *done: seen.append(done)).lots
    assert (one.strength.winner, two.why) == (key("A"), Why.SINGLE)
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_a_tie_separated_by_the_published_rule_is_a_lead_of_nothing():
    criteria = (Criterion("price", Decimal(50), Kind.PRICE), Criterion("technical", Decimal(50), Kind.MARKED))
    found = strength(evaluated({"A": "100", "B": "200"}, {"A": "25", "B": "75"}, criteria, ties=("technical",)))
    assert (found.winner, found.gap) == (key("B"), 0)
    assert (found.weights[0].low, found.weights[0].high, found.weights[0].high_by) == (0, 50, (key("A"),))
    assert found.notes[0].change == 0
    drawn = (decide("A", BidClass.REGULAR, 2), decide("B", BidClass.REGULAR, 1))
    by_lot = strength(
        evaluated({"A": "100", "B": "200"}, {"A": "25", "B": "75"}, criteria, ties=("draw",), decisions=drawn)
    )
    assert by_lot.winner == key("B")
    same = strength(
        evaluated({"A": "100", "B": "100"}, {"A": "50", "B": "50"}, criteria, ties=("draw",), decisions=drawn)
    )
    assert [(each.low, each.high, each.low_by, each.high_by) for each in same.weights] == [(0, 100, (), ())] * 2


def test_a_level_that_only_brings_equality_counts_when_the_rule_gives_it_away():
    points = clausier(point("P1"), point("P2"))
    given_marks = [mark("A", "P1", "full"), mark("A", "P2", "full"), mark("B", "P1", "full"), mark("B", "P2", "floor")]
    prices = {"A": "100", "B": "100"}
    equal = strength(evaluated(prices, {}, (PRICE, SECURITY), points, given_marks))
    assert {(flip.bid.tenderer, flip.point) for flip in equal.levels} == {("A", "P1"), ("A", "P2"), ("B", "P2")}
    drawn = (decide("A", BidClass.REGULAR, 1), decide("B", BidClass.REGULAR, 2))
    kept = strength(evaluated(prices, {}, (PRICE, SECURITY), points, given_marks, drawn, ties=("draw",)))
    assert kept.levels == ()
    assert (equal.fewest, kept.fewest) == (None, None)


def test_a_level_under_a_published_floor_is_no_matter_of_points():
    points = clausier(point("P1", 3, AwardUse.MINIMUM_THEN_SCORED), point("P2", 3))
    given_marks = [
        mark("A", "P1", "floor"),
        mark("A", "P2", "full"),
        mark("B", "P1", "floor"),
        mark("B", "P2", "floor"),
    ]
    found = strength(evaluated({"A": "100", "B": "100"}, {}, (PRICE, SECURITY), points, given_marks))
    assert found.floors == ("P1",)
    assert {(flip.bid.tenderer, flip.point, flip.to) for flip in found.levels} == {
        ("A", "P2", "floor"),
        ("B", "P1", "full"),
        ("B", "P2", "full"),
    }


def test_a_missing_piece_accepted_by_a_person_does_not_move():
    given_marks = [mark("A", "P1", "full"), mark("B", "P1", IRREGULAR)]
    found = strength(evaluated({"A": "100", "B": "100"}, {}, (PRICE, SECURITY), clausier(point("P1")), given_marks, (decide("B", BidClass.REGULAR),)))  # fmt: skip
    assert [(flip.bid.tenderer, flip.to) for flip in found.levels] == []
    assert found.fewest is None


def test_levels_of_equal_worth_are_stepped_over():
    twin = Level("good", Decimal(1), Text("comme complet", "as full"))
    points = clausier(replace(point("P1"), levels=(LEVELS[0], twin, *LEVELS[1:])))
    given_marks = [mark("A", "P1", "full"), mark("B", "P1", "below")]
    found = strength(evaluated({"A": "100", "B": "100"}, {}, (PRICE, SECURITY), points, given_marks))
    assert found.levels == ()


def test_subcriteria_and_computed_notes_are_told_apart():
    subs = (SubCriterion("x", Decimal(50)), SubCriterion("y", Decimal(50)))
    use = Criterion("use", Decimal(40), Kind.MARKED, scale=Decimal(20), subcriteria=subs)
    far = Criterion("far", Decimal(20), Kind.COMPUTED, scale=Decimal(10))
    given_notes = [replace(note(name, value, "use"), subcriterion=sub) for name, value in (("A", "15"), ("B", "10")) for sub in "xy"]  # fmt: skip
    found = strength(
        evaluated({"A": "100", "B": "100"}, {}, (PRICE, use, far), None, given_notes, computed={"far": {"A": Decimal(5), "B": Decimal(6)}})
    )  # fmt: skip
    assert found.gap == 8
    changes = {(flip.criterion, flip.subcriterion): (flip.bid.tenderer, flip.change) for flip in found.notes}
    assert changes == {("use", "x"): ("A", -8), ("use", "y"): ("A", -8), ("far", ""): ("A", -4)}


def test_points_may_feed_subcriteria():
    subs = (SubCriterion("a", Decimal(75), points=("P1",)), SubCriterion("b", Decimal(25), points=("P2",)))
    given_marks = [mark(name, each, level) for name, level in (("A", "full"), ("B", "floor")) for each in ("P1", "P2")]
    criteria = (PRICE, replace(SECURITY, subcriteria=subs))
    found = strength(evaluated({"A": "100", "B": "90"}, {}, criteria, clausier(point("P1"), point("P2")), given_marks))
    assert found.gap == 60 - 30 - 4
    assert found.levels == ()
    assert found.fewest == (key("B"), 2)


def test_without_any_price_no_price_is_moved():
    criteria = (Criterion("technical", Decimal(100), Kind.MARKED),)
    found = strength(evaluated({"A": "100", "B": "120"}, {"A": "70", "B": "60"}, criteria))
    assert (found.prices, found.weights) == ((), ())
    assert found.removals[1].changed is False


def test_a_note_moves_only_within_its_scale():
    low = strength(evaluated({"A": "100", "B": "200"}, {"A": "5", "B": "10"}))
    assert [(flip.bid, flip.change > 0) for flip in low.notes] == [(key("B"), True)]
    high = strength(evaluated({"A": "100", "B": "200"}, {"A": "80", "B": "90"}))
    assert [(flip.bid, flip.change > 0) for flip in high.notes] == [(key("A"), False)]


def test_a_lead_that_no_price_can_turn():
    criteria = price_and_technical("20", "80")
    found = strength(evaluated({"A": "100", "B": "0.01"}, {"A": "90", "B": "10"}, criteria))
    assert found.prices == ()
    assert strength(evaluated({"A": "100", "B": "100"}, {"A": "90", "B": "10"}, criteria)).prices == ()


def test_a_ranking_that_is_not_found_again_is_refused():
    evaluation = evaluated(*VECTOR)
    other = tuple(replace(row, rank={1: 2, 2: 1}.get(row.rank, row.rank)) for row in evaluation.ranking)
    with pytest.raises(DataError, match="n'est pas retrouvé"):
        robustness(replace(evaluation, ranking=other), FEW)
