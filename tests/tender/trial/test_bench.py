"""The test bench: the published percentages are found again, and a bad method is told from a good one."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import clausier, point, price_and_technical, rules, tender
from egide.clausier.model import AwardUse
from egide.errors import Cancelled, DataError
from egide.tender import price
from egide.tender.model import Criterion, Kind, Lot, PointUse, SubCriterion
from egide.tender.trial import fast_price
from egide.tender.trial.bench import bench
from egide.tender.trial.chance import Frequency, stream
from egide.tender.trial.fast_price import FAST, Fast, pricing
from egide.tender.trial.findings import Light, findings, verdict
from egide.tender.trial.law import Law, Span, draws, leaves_of

SHORT = Law(tenders=1000)
CHECKED = settings(max_examples=40, deadline=None)
PRICE = Criterion("price", Decimal(40), Kind.PRICE)
SECURITY = Criterion("security", Decimal(60), Kind.CLAUSIER)
PUBLISHED = {"proportional": 0.0061, "linear_gap": 0.0048, "linear_min_max": 0.1067}
"""TENDERING.md 3.1: measured on 20,000 tenders of 4 bids, hence with an error of their own."""
LINEAR_ABOVE_MEAN = 0.1174
"""The same table, for the formula that is full under the mean and falls linearly above."""


def run(criteria=None, points=None, law=SHORT, seed=7, **changes):
    points = points or clausier()
    made = bench(tender(criteria or price_and_technical(), **changes), points, rules(), law, seed)
    return made, findings(made, points)


def codes(found):
    return {finding.code for finding in found}


def turned(made):
    return {line.code: line.turned for line in made.trials[0].formulas}


def close(seen: Frequency, expected: float, of: int = 20_000) -> bool:
    """Whether a frequency is that of a table measured on `of` draws, within four standard errors of both."""
    error = sqrt(expected * (1 - expected) * (1 / seen.of + 1 / of))
    return abs(seen.share - expected) < 4 * error


# ------------------------------------------------------------------------------------------------ what was published
@pytest.mark.long
def test_the_twenty_thousand_tenders_of_the_study_are_found_again(monkeypatch):
    made, _ = run(law=Law())
    seen = turned(made)
    assert made.law.tenders == 20_000
    assert all(close(seen[code], expected) for code, expected in PUBLISHED.items())
    monkeypatch.setattr(fast_price, "FAST", {**FAST, "mean_based": linear_above_mean()})
    assert close(turned(run(law=Law())[0])["mean_based"], LINEAR_ABOVE_MEAN)


def linear_above_mean():
    def shares(prices):
        mean = sum(prices) / len(prices)
        return [min(1.0, max(0.0, 1 - (each - mean) / mean)) for each in prices]

    return Fast(shares, lambda prices: range(len(prices)))


def test_a_short_bench_finds_them_with_its_own_larger_error():
    seen = turned(run()[0])
    assert all(close(seen[code], expected) for code, expected in PUBLISHED.items())
    assert seen["linear_min_max"].share > 5 * seen["proportional"].share


def test_the_same_seed_gives_the_same_bench_and_another_does_not():
    assert run()[0] == run()[0]
    assert turned(run()[0]) != turned(run(seed=8)[0])


# -------------------------------------------------------------------------------------------------------- formulas
positive = st.lists(st.integers(1, 10**6), min_size=2, max_size=8)


@pytest.mark.parametrize("code", sorted(price.FORMULAS))
@CHECKED
@given(prices=positive)
def test_each_formula_in_floats_is_the_one_that_ranks(code, prices):
    exactly = price.Market([Fraction(each) for each in prices])
    expected = [float(price.FORMULAS[code].share(each, exactly)) for each in exactly.prices]
    assert FAST[code].shares([float(each) for each in prices]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("code", sorted(price.FORMULAS))
@CHECKED
@given(prices=positive)
def test_a_bid_that_is_said_not_to_weigh_changes_no_note(code, prices):
    given_prices = [float(each) for each in prices]
    whole = FAST[code].shares(given_prices)
    for out in set(range(len(prices))) - set(FAST[code].weighs(given_prices)):
        rest = FAST[code].shares(given_prices[:out] + given_prices[out + 1 :])
        assert rest == pytest.approx(whole[:out] + whole[out + 1 :])


def test_the_vector_of_the_hopeless_third_bid():
    """A(100, 70) B(120, 78.5) C(70, 30), 40/60: with C, B wins; without C, A wins."""
    paid = pricing(price_and_technical()[:1])
    prices, technical = [100.0, 120.0, 70.0], [0.6 * 70, 0.6 * 78.5, 0.6 * 30]
    totals = [a + b for a, b in zip(paid.points(prices), technical, strict=True)]
    assert [round(each, 2) for each in totals] == [70.00, 70.43, 58.00]
    assert paid.turned(prices, technical, 1)
    assert not paid.turned([100.0, 120.0, 99.0], technical, 0)


def test_the_price_of_a_point_is_the_cut_that_earns_it():
    paid = pricing(price_and_technical()[:1])
    cut = paid.cut_for([100.0, 120.0, 150.0], 1, 0.6)
    assert 40 * 100 / (120 * (1 - cut)) == pytest.approx(40 * 100 / 120 + 0.6)
    assert pricing((replace(PRICE, formula="mean_based"),)).cut_for([100.0, 110.0, 150.0], 1, 0.6) is None


# ------------------------------------------------------------------------------------------------- criteria and marks
def test_effective_weights_make_a_hundred_and_follow_the_published_ones():
    made, found = run()
    lines = made.trials[0].lines
    assert sum(line.effective for line in lines) == pytest.approx(100)
    assert [line.weight for line in lines] == [40, 60]
    assert all(0.6 < line.effective / line.weight < 1.6 for line in lines)
    assert lines[0].price_cut is None
    assert 0 < lines[1].price_cut < 0.1
    assert (verdict(found), found) == (Light.GREEN, [])


def test_a_neutralised_criterion_is_told_from_a_healthy_one():
    flat = replace(SHORT, by_criterion={"technical": Span(Decimal(88), Decimal(93))})
    made, found = run(law=flat)
    assert "bench.neutralised" in codes(found)
    assert verdict(found) is Light.RED
    neutralised = next(each for each in found if each.code == "bench.neutralised")
    assert neutralised.place.startswith("criteria.technical")
    assert "373362" in str(neutralised.remedy)
    assert made.trials[0].lines[1].decides.share < run()[0].trials[0].lines[1].decides.share
    weak = replace(SHORT, by_criterion={"technical": Span(Decimal(60), Decimal(74))})
    assert {"bench.weakened"} <= codes(run(law=weak)[1])


def test_points_that_nearly_all_bids_have_are_said():
    points = clausier(*(point(f"P{n}", 3, AwardUse.MINIMUM_THEN_SCORED) for n in range(4)))
    made, found = run(
        (PRICE, SECURITY), points, replace(SHORT, by_criterion={"security": Span(Decimal(85), Decimal(100))})
    )
    assert {"bench.floors", "bench.nearly_full", "bench.neutralised"} <= codes(found)
    assert made.trials[0].lines[1].mean > 0.9 * 60  # the floor is half the scale, and the law is above it
    assert not codes(run((PRICE, SECURITY), clausier(*(point(f"P{n}", 1 + n % 3) for n in range(30))))[1])


def test_prices_too_close_to_count_are_said():
    found = run(law=replace(SHORT, spread=Decimal("0.03")))[1]
    assert {"bench.price_span", "bench.neutralised"} <= codes(found)
    assert any(each.place.startswith("criteria.price") for each in found)


def test_a_fragile_formula_is_red_and_names_its_case_law_and_a_better_one():
    found = run(price_and_technical(formula="linear_min_max"))[1]
    assert {"bench.fragile", "bench.formula_warning"} <= codes(found)
    assert found[0].code == "bench.fragile"
    assert verdict(found) is Light.RED
    assert "Techno Logistique" in str(found[1].understood)
    assert "prix le plus bas" in str(found[0].remedy)


def test_between_the_two_bounds_a_formula_is_amber():
    made, _ = run()
    (trial,) = made.trials
    for count, expected in (
        (39, set()),
        (40, {"bench.sensitive"}),
        (99, {"bench.sensitive"}),
        (100, {"bench.fragile"}),
    ):
        lines = tuple(replace(line, turned=Frequency(count, 2000)) for line in trial.formulas)
        found = findings(replace(made, trials=(replace(trial, formulas=lines),)), clausier())
        assert codes(found) == expected
    assert verdict(found[:0]) is Light.GREEN


def test_a_refused_formula_is_tried_and_says_why():
    made, found = run(price_and_technical(formula="distance_to_mean"))
    assert "bench.formula_refused" in codes(found)
    assert next(line for line in made.trials[0].formulas if line.published).shared.share > 0.9
    assert verdict(found) is Light.RED
    assert "489404" in str(run(price_and_technical(formula="rank"))[1][0].understood)


def test_a_mark_that_weighs_too_much_alone_is_said():
    coarse = (PRICE, Criterion("technical", Decimal(60), Kind.MARKED, scale=Decimal(5)))
    made, found = run(coarse)
    assert "bench.one_mark" in codes(found)
    (mark,) = made.trials[0].marks
    assert mark.gain == pytest.approx(12)
    assert mark.flips.share > 0.5


def test_the_steps_of_points_go_by_weight():
    made, _ = run((PRICE, SECURITY), clausier(point("P1", 3), point("P2", 1), point("P3", 1)))
    assert [(mark.point_weight, mark.count) for mark in made.trials[0].marks] == [(3, 1), (1, 2)]
    assert [mark.gain for mark in made.trials[0].marks] == pytest.approx([60 * 3 * 0.5 / 5, 60 * 0.5 / 5])
    assert made.trials[0].marks[0].flips.count > made.trials[0].marks[1].flips.count


def test_subcriteria_have_lines_laws_and_steps_of_their_own():
    subs = (SubCriterion("a", Decimal(25)), SubCriterion("b", Decimal(75)))
    use = Criterion("use", Decimal(60), Kind.MARKED, subcriteria=subs)
    made, _ = run((PRICE, use), law=replace(SHORT, by_criterion={"use.a": Span(Decimal(50), Decimal(50))}))
    lines = {(line.criterion, line.subcriterion): line for line in made.trials[0].lines}
    assert [lines["use", sub].weight for sub in "ab"] == [15, 45]
    assert lines["use", "a"].effective == pytest.approx(0, abs=1e-6)
    assert lines["use", "b"].effective == pytest.approx(lines["use", ""].effective)
    assert lines["use", "a"].decides is None
    fed = (SubCriterion("a", Decimal(25), points=("P1",)), SubCriterion("b", Decimal(75), points=("P2",)))
    made, _ = run((PRICE, replace(SECURITY, subcriteria=fed)), clausier(point("P1"), point("P2", 2)))
    assert [(mark.subcriterion, mark.point_weight) for mark in made.trials[0].marks] == [("a", 1), ("b", 2)]


def test_without_a_price_criterion_or_with_nothing_else():
    alone = (Criterion("cost", Decimal(100), Kind.PRICE, environmental=True),)
    made, found = run(alone)
    assert made.trials[0].marks == ()
    assert made.trials[0].lines[0].effective == pytest.approx(100)
    assert "bench.neutralised" not in codes(found)
    made, found = run((Criterion("a", Decimal(30), Kind.COMPUTED), Criterion("b", Decimal(70), Kind.MARKED)))
    assert (made.trials[0].formulas, found) == ((), [])
    assert all(line.price_cut is None for line in made.trials[0].lines)
    dull, _ = run(alone, law=replace(SHORT, tenders=1, spread=Decimal("1e-9")))
    assert dull.trials[0].lines[0].spread < 1e-6


def test_two_price_criteria_are_priced_together():
    two = (replace(PRICE, weight=Decimal(20)), replace(PRICE, id="life", weight=Decimal(20)), price_and_technical()[1])
    assert turned(run(two)[0]) == turned(run()[0])


def test_lots_asked_the_same_points_share_a_trial():
    lots = (Lot("lot-1"), Lot("lot-2"), Lot("lot-3"))
    points = clausier(point("P1"), point("P2", 2))
    asked = {"P2": PointUse(lots=("lot-1", "lot-3"))}
    seen = []
    made = bench(
        tender((PRICE, SECURITY), lots=lots, points=asked), points, rules(), SHORT, 7, lambda *done: seen.append(done)
    )
    assert [trial.lots for trial in made.trials] == [("lot-1", "lot-3"), ("lot-2",)]
    assert seen[-1] == (2000, 2000)
    assert seen == sorted(seen)


def test_a_person_can_stop_it():
    def stop(done, total):
        raise Cancelled(rules_message)

    from egide.message import message

    rules_message = message("arrêté")
    with pytest.raises(Cancelled):
        bench(tender(price_and_technical()), clausier(), rules(), SHORT, 7, stop)


# ------------------------------------------------------------------------------------------------------------- the law
def test_the_law_is_the_one_stated():
    law = Law(tenders=4000, cohesion=Decimal("0.7"), correlation=Decimal("0.6"))
    subs = tuple(SubCriterion(name, Decimal(50)) for name in "ab")
    leaves = leaves_of(tender((PRICE, Criterion("use", Decimal(60), Kind.MARKED, subcriteria=subs))), clausier(), law)
    drawn = list(draws(law, leaves, stream(1)))
    prices = [each for paid, _ in drawn for each in paid]
    a, b = ([each for _, notes in drawn for each in notes[place]] for place in (0, 1))
    assert 80 <= min(prices) < 80.1
    assert 159.9 < max(prices) <= 160
    assert abs(mean(prices) - 120) < 4 * 80 / sqrt(12 * len(prices))
    assert 0.40 <= min(a) < max(a) <= 0.95
    assert 0.6 < correlation(a, b) < 0.75
    assert 0.4 < correlation(prices, a) < 0.55
    wide = [each for paid, _ in draws(replace(law, spread=Decimal("0.2")), leaves, stream(1)) for each in paid]
    assert mean([each < 100 for each in wide]) == pytest.approx(0.5, abs=0.02)


def mean(values):
    return sum(values) / len(values)


def correlation(left, right):
    a, b = mean(left), mean(right)
    joint = mean([(x - a) * (y - b) for x, y in zip(left, right, strict=True)])
    return joint / sqrt(mean([(x - a) ** 2 for x in left]) * mean([(y - b) ** 2 for y in right]))


def test_all_faults_of_a_law_are_said_at_once():
    law = Law(
        0, 1, Decimal(9), Decimal(9), Decimal(3), Decimal(0), Span(Decimal(9), Decimal(8)),
        {"inconnu": Span(Decimal(1), Decimal(101))}, Decimal(2), Decimal(2),
    )  # fmt: skip
    with pytest.raises(DataError) as caught:
        run(law=law)
    places = [finding.place for finding in caught.value.findings]
    assert places == [
        "tenders",
        "bids",
        "low",
        "spread",
        "estimate",
        "cohesion",
        "correlation",
        "notes",
        "inconnu",
        "inconnu",
    ]


def test_a_method_that_is_not_complete_is_refused_with_its_faults():
    with pytest.raises(DataError) as caught:
        run(price_and_technical("40", "50"))
    assert codes(caught.value.findings) == {"tender.weights"}
    with pytest.raises(DataError) as caught:
        run(price_and_technical(formula="inconnue"))
    assert codes(caught.value.findings) == {"bench.formula_unknown"}


def test_no_tenderer_is_needed():
    assert run(tenderers=())[0].trials == run()[0].trials


def test_a_frequency_bears_an_error_that_is_never_nothing():
    assert Frequency(0, 100).error > 0
    assert Frequency(5000, 10_000).error == pytest.approx(0.005, rel=0.01)
    assert stream(1, "a").random() == stream(1, "a").random() != stream(1, "b").random()
