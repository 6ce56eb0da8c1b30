"""What a result is made of: only what evaluators retain, the same denominator for all, a person for each class."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.clausier.model import DEFAULT_LEVELS, AwardUse, IfBlank, Level
from egide.errors import DataError
from egide.message import Text
from egide.tender.evaluation import Status, evaluate
from egide.tender.model import (
    HARMONISED,
    Answer,
    Bid,
    BidClass,
    BidKey,
    Condition,
    Criterion,
    Decision,
    Declared,
    Kind,
    Lot,
    SubCriterion,
)
from egide.tender.retained import retained_marks

SECURITY = Criterion("security", Decimal(60), Kind.CLAUSIER)
PRICE = Criterion("price", Decimal(40), Kind.PRICE)
POINTS = clausier(point("P1", 3), point("P2", 2), point("P3", 1))
LEVELS = {"full": 1, "floor": Fraction(1, 2), "below": 0}


def run(points, bids, given_marks, **changes):
    criteria = changes.pop("criteria", (PRICE, SECURITY))
    computed = changes.pop("computed", {})
    names = "".join(sorted({each.key.tenderer for each in bids}))
    return evaluate(tender(criteria, names, **changes), points, rules(), bids, given_marks, computed)


def row(result, name):
    return next(each for each in result.ranking if each.key.tenderer == name)


def full(name, *levels):
    return [mark(name, f"P{n}", level) for n, level in enumerate(levels, 1)]


def codes(result):
    return {finding.code for finding in result.findings}


# ------------------------------------------------------------------------------------------------------------- notes
def test_the_vector_of_accepted_and_refused_na_and_of_a_blank():
    """Weights 3, 2, 1; yes, N/A, no: accepted at full level 5/6; refused 3/6; blank 3/6."""
    for second, expected in (("full", Fraction(5, 6)), ("below", Fraction(3, 6))):
        result = run(POINTS, [bid("A")], marks(*full("A", "full", second, "below")))
        security = row(result, "A").notes[1]
        assert abs(Fraction(security.note) - 100 * expected) < Fraction(1, 10**20)
        assert (security.earned, security.possible) == (6 * expected, Decimal(6))


@given(st.lists(st.sampled_from(sorted(LEVELS)), min_size=3, max_size=3))
def test_the_note_is_the_weighted_mean_of_the_levels(levels):
    result = run(POINTS, [bid("A")], marks(*full("A", *levels)))
    expected = sum(weight * LEVELS[level] for weight, level in zip((3, 2, 1), levels, strict=True)) / Fraction(6)
    assert abs(Fraction(row(result, "A").notes[1].weighted) - 60 * expected) < Fraction(1, 10**20)


def test_subcriteria_share_the_weight_of_their_criterion():
    subs = (SubCriterion("a", Decimal(45), points=("P1",)), SubCriterion("b", Decimal(15), points=("P2", "P3")))
    result = run(
        POINTS,
        [bid("A")],
        marks(*full("A", "full", "below", "full")),
        criteria=(PRICE, replace(SECURITY, subcriteria=subs)),
    )
    security = row(result, "A").notes[1]
    assert [part.weighted for part in security.parts] == [Decimal(45), Decimal(5)]
    assert security.weighted == Decimal(50)


def test_marked_subcriteria_and_computed_criteria():
    use = Criterion(
        "use",
        Decimal(30),
        Kind.MARKED,
        scale=Decimal(20),
        subcriteria=(SubCriterion("x", Decimal(40)), SubCriterion("y", Decimal(60))),
    )
    far = Criterion("far", Decimal(30), Kind.COMPUTED, scale=Decimal(10))
    notes = [replace(note("A", "20", "use"), subcriterion="x"), replace(note("A", "10", "use"), subcriterion="y")]
    result = run(clausier(), [bid("A")], marks(*notes), criteria=(PRICE, use, far), computed={"far": {"A": Decimal(5)}})
    assert [each.weighted for each in row(result, "A").notes] == [Decimal(40), Decimal(21), Decimal(15)]
    assert result.status is Status.FINAL
    missing = run(clausier(), [bid("A")], marks(notes[0]), criteria=(PRICE, use, far))
    assert row(missing, "A").missing == 2


# -------------------------------------------------------------------------------------------------- declared, retained
declarations = st.builds(
    Answer,
    st.just("P1"),
    st.sampled_from(list(Declared)),
    st.sampled_from(list(Condition)),
    st.none(),
    st.text(max_size=5),
)


@given(
    st.lists(declarations, min_size=6, max_size=6), st.lists(st.sampled_from(sorted(LEVELS)), min_size=6, max_size=6)
)
def test_declared_answers_never_change_a_final_ranking(answers, levels):
    retained = marks(*full("A", *levels[:3]), *full("B", *levels[3:]))
    silent = [bid("A", "100"), bid("B", "101")]
    said = [
        replace(each, answers={f"P{n}": replace(answers[3 * k + n - 1], point=f"P{n}") for n in (1, 2, 3)})
        for k, each in enumerate(silent)
    ]
    before, after = run(POINTS, silent, retained), run(POINTS, said, retained)
    assert before.status is after.status is Status.FINAL
    assert before.ranking == after.ranking
    assert before.fingerprint != after.fingerprint


def test_one_missing_level_makes_the_result_provisional_and_declarations_order_it():
    answers = {"P1": Answer("P1", Declared.YES), "P2": Answer("P2", Declared.PARTIAL), "P3": Answer("P3", Declared.NO)}
    result = run(POINTS, [bid("A", **answers)], marks())
    assert result.status is Status.PROVISIONAL
    assert row(result, "A").missing == 3
    assert row(result, "A").notes[1].earned == Decimal(4)  # 3 for the yes, 1 for the partial at the floor
    assert not row(result, "A").notes[1].complete
    assert "bid.awaited" in codes(result)


@pytest.mark.parametrize(
    ("answer", "earned"),
    [
        (None, 0),
        (Answer("P1", Declared.YES, Condition.FUTURE), 0),
        (Answer("P1", Declared.NA), 0),
        (Answer("P1", Declared.DESCRIBED), 0),
        (Answer("P1", Declared.BLANK), 0),
        (Answer("P1", Declared.YES), 3),
    ],
)
def test_nothing_skipped_raises_a_provisional_note(answer, earned):
    given_answers = {"P1": answer} if answer else {}
    result = run(clausier(point("P1", 3)), [bid("A", **given_answers)], marks())
    assert row(result, "A").notes[1].earned == Decimal(earned)


def test_a_refused_na_is_worth_nothing_where_it_was_not_allowed():
    strict = clausier(replace(point("P1", 3), na_allowed=False))
    assert row(run(strict, [bid("A", P1=Answer("P1", Declared.NA))], marks()), "A").notes[1].earned == 0


def test_disagreement_is_not_averaged_but_harmonised():
    two = marks(*full("A", "full", "full", "full"), mark("A", "P1", "below", by="dpo"))
    result = run(POINTS, [bid("A")], two)
    assert result.status is Status.PROVISIONAL
    assert "mark.disagreement" in codes(result)
    agreed = replace(two, points=(*two.points, mark("A", "P1", "floor", by=HARMONISED)))
    result = run(POINTS, [bid("A")], agreed)
    assert result.status is Status.FINAL
    assert row(result, "A").notes[1].earned == Decimal("4.5")


def test_notes_that_differ_wait_for_their_harmonisation():
    criteria = price_and_technical()
    two = marks(note("A", "70"), note("A", "80", by="dpo"))
    assert run(clausier(), [bid("A")], two, criteria=criteria).status is Status.PROVISIONAL
    agreed = replace(two, notes=(*two.notes, note("A", "75", by=HARMONISED)))
    assert row(run(clausier(), [bid("A")], agreed, criteria=criteria), "A").notes[1].note == Decimal(75)


def test_a_level_to_clarify_or_unknown_or_empty_is_not_retained():
    waiting = replace(
        point("P1", 3), levels=(*DEFAULT_LEVELS[:2], Level("to_clarify", None, Text("?")), DEFAULT_LEVELS[2])
    )
    for level in ("to_clarify", "wonderful", ""):
        assert run(clausier(waiting), [bid("A")], marks(mark("A", "P1", level))).status is Status.PROVISIONAL


def test_the_marks_that_count_are_those_agreed_and_never_an_empty_one():
    given = [mark("A", "P1", "full"), mark("A", "P1", "floor", by=HARMONISED), mark("A", "P2", "")]
    assert retained_marks(given) == {(BidKey("A", "lot-1"), "P1"): [given[1]]}


# ------------------------------------------------------------------------------------------------------------- classes
FLOOR = clausier(
    point("P1", 0, AwardUse.MINIMUM),
    point("P2", 2, AwardUse.MINIMUM_THEN_SCORED),
    point("P3", 1, blank=IfBlank.IRREGULAR),
)


def decide(name, bid_class, draw=0):
    return Decision(BidKey(name, "lot-1"), bid_class, "Responsable fictif", date(2026, 9, 2), "Motif.", draw)


def test_under_a_floor_a_person_decides():
    retained = marks(*full("A", "below", "full", "full"), *full("B", "full", "full", "full"))
    result = run(FLOOR, [bid("A", "200"), bid("B")], retained)
    assert row(result, "A").bid_class is BidClass.IRREGULAR_PROPOSED
    assert result.status is Status.PROVISIONAL
    out = run(FLOOR, [bid("A", "200"), bid("B")], replace(retained, decisions=(decide("A", BidClass.IRREGULAR),)))
    assert (out.status, row(out, "A").rank, row(out, "B").rank) == (Status.FINAL, None, 1)
    assert [str(finding.remedy) for finding in out.findings] == ["Décidé le 02/09/2026 par Responsable fictif."]
    kept = run(FLOOR, [bid("A", "200"), bid("B")], replace(retained, decisions=(decide("A", BidClass.REGULAR),)))
    assert (kept.status, row(kept, "A").rank) == (Status.FINAL, 2)
    again = run(
        FLOOR, [bid("A", "200"), bid("B")], replace(retained, decisions=(decide("A", BidClass.IRREGULAR_PROPOSED),))
    )
    assert again.status is Status.PROVISIONAL


@pytest.mark.parametrize("levels", [("full", "below", "full"), ("full", "full", "irregular")])
def test_what_proposes_an_irregularity(levels):
    result = run(FLOOR, [bid("A")], marks(*full("A", *levels)))
    assert row(result, "A").bid_class is BidClass.IRREGULAR_PROPOSED


def test_a_scored_point_without_floor_never_excludes():
    result = run(POINTS, [bid("A")], marks(*full("A", "below", "below", "below")))
    assert row(result, "A").bid_class is BidClass.REGULAR


def test_a_candidacy_condition_not_met_is_said_as_such():
    result = run(
        clausier(point("P1", 0, AwardUse.CANDIDACY), point("P2")), [bid("A")], marks(*full("A", "below", "full"))
    )
    assert any("candidature" in str(finding.understood) for finding in result.findings)


def test_a_variant_that_was_not_allowed_is_proposed_irregular():
    variant = Bid(BidKey("A", "lot-1", variant=1), {}, bid("A", "110").price)
    retained = marks(note("A", "50"))
    more = replace(retained, notes=(*retained.notes, replace(retained.notes[0], bid=variant.key)))
    criteria = price_and_technical()
    refused = run(clausier(), [bid("A"), variant], more, criteria=criteria)
    assert [each.bid_class for each in refused.ranking].count(BidClass.IRREGULAR_PROPOSED) == 1
    assert run(clausier(), [bid("A"), variant], more, criteria=criteria, variants_allowed=True).status is Status.FINAL


def test_only_the_last_round_is_ranked():
    second = Bid(BidKey("A", "lot-1", round=2), {}, bid("A", "90").price)
    last = replace(note("A", "50"), bid=second.key)
    result = run(clausier(), [second, bid("A")], marks(last), criteria=price_and_technical())
    assert [each.key.round for each in result.ranking] == [2]


def test_a_price_over_the_budget_asks_a_person():
    result = run(
        clausier(),
        [bid("A", "200")],
        marks(note("A", "50")),
        criteria=price_and_technical(),
        lots=(Lot("lot-1", budget=Decimal(150)),),
    )
    assert "bid.over_budget" in codes(result)


# --------------------------------------------------------------------------------------------------------------- price
@pytest.mark.parametrize("price", [None, "-1"])
def test_a_bid_that_is_compared_has_a_price(price):
    with pytest.raises(DataError) as caught:
        run(clausier(), [bid("A", price)], marks(note("A", "50")), criteria=price_and_technical())
    assert any(finding.code == "price.missing" for finding in caught.value.findings)


def test_an_excluded_bid_needs_no_price_and_weighs_on_nobody():
    decisions = (decide("A", BidClass.INAPPROPRIATE),)
    retained = replace(marks(note("B", "50")), decisions=decisions)
    result = run(clausier(), [bid("A", None), bid("B", "100")], retained, criteria=price_and_technical())
    assert (row(result, "A").rank, row(result, "B").total) == (None, Decimal(70))
    cheap = run(clausier(), [bid("A", "1"), bid("B", "100")], retained, criteria=price_and_technical())
    assert row(cheap, "B").total == Decimal(70)
    assert row(cheap, "A").notes[0].note == Decimal(100)
    nobody = run(clausier(), [bid("A", "1")], replace(retained, notes=()), criteria=price_and_technical())
    assert nobody.ranking[0].rank is None


def test_a_zero_price_is_a_question_not_a_crash():
    retained = marks(note("A", "50"), note("B", "50"))
    result = run(clausier(), [bid("A", "0"), bid("B", "100")], retained, criteria=price_and_technical())
    assert {"price.formula", "bid.abnormally_low"} <= codes(result)
    assert result.status is Status.PROVISIONAL
    stands = run(
        clausier(), [bid("A", "0"), bid("B", "100")], retained, criteria=price_and_technical(formula="linear_min_max")
    )
    assert stands.status is Status.FINAL


@pytest.mark.parametrize(
    ("prices", "flagged"),
    [
        (("59", "100", "100"), {"A"}),  # more than 40 % under the mean of the others
        (("60", "100", "100"), {"A"}),  # exactly 40 % under the mean, but 40 % under the next
        (("70", "100", "101"), set()),  # exactly 30 % under the next
        (("69", "100", "100"), {"A"}),
        (("90", "100", "110"), set()),
        (("100",), set()),
    ],
)
def test_r27_a_low_price_is_flagged_and_never_excluded(prices, flagged):
    names = "ABC"[: len(prices)]
    bids = [bid(name, price) for name, price in zip(names, prices, strict=True)]
    result = run(
        clausier(),
        bids,
        marks(*(note(name, str(10 * n)) for n, name in enumerate(names))),
        criteria=price_and_technical(),
    )
    assert {each.key.tenderer for each in result.ranking if each.abnormally_low} == flagged
    assert all(each.rank for each in result.ranking)
    assert result.status is Status.FINAL


# ----------------------------------------------------------------------------------------------------------------- ties
def tied(**changes):
    retained = marks(note("A", "50"), note("B", "50"), note("C", "10"))
    retained = replace(retained, decisions=changes.pop("decisions", ()))
    return run(clausier(), [bid("A"), bid("B"), bid("C")], retained, criteria=price_and_technical(), **changes)


def test_r37_a_tie_without_rule_stops_and_asks():
    result = tied()
    assert "rank.tie" in codes(result)
    assert result.status is Status.PROVISIONAL
    assert [each.rank for each in result.ranking] == [1, 1, 3]


def test_r37_a_draw_is_recorded_by_a_person():
    assert tied(ties=("technical", "draw")).status is Status.PROVISIONAL
    drawn = tied(ties=("draw",), decisions=(decide("A", BidClass.REGULAR, 2), decide("B", BidClass.REGULAR, 1)))
    assert drawn.status is Status.FINAL
    assert [each.key.tenderer for each in drawn.ranking] == ["B", "A", "C"]


def test_r37_a_published_criterion_separates():
    criteria = (Criterion("price", Decimal(50), Kind.PRICE), Criterion("technical", Decimal(50), Kind.MARKED))
    bids = [bid("A", "100"), bid("B", "200")]
    retained = marks(note("A", "25"), note("B", "75"))
    assert "rank.tie" in codes(run(clausier(), bids, retained, criteria=criteria))
    separated = run(clausier(), bids, retained, criteria=criteria, ties=("technical",))
    assert [each.key.tenderer for each in separated.ranking] == ["B", "A"]


# --------------------------------------------------------------------------------------------------------- the whole
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 500), min_size=2, max_size=6))
def test_r38_the_order_of_entry_and_the_unit_do_not_matter(chance: random.Random, prices):
    names = "ABCDEF"[: len(prices)]
    retained = marks(*(note(name, str(10 * n)) for n, name in enumerate(names)))
    bids = [bid(name, str(price)) for name, price in zip(names, prices, strict=True)]
    thousands = [bid(name, str(Decimal(price) / 1000)) for name, price in zip(names, prices, strict=True)]
    shuffled = chance.sample(bids, len(bids))
    first, second, third = (
        run(clausier(), each, retained, criteria=price_and_technical()) for each in (bids, shuffled, thousands)
    )
    assert first.ranking == second.ranking
    assert [(each.key, each.rank, each.total) for each in first.ranking] == [
        (each.key, each.rank, each.total) for each in third.ranking
    ]


def test_lots_are_ranked_apart():
    lots = (Lot("lot-1"), Lot("lot-2"))
    other = Bid(BidKey("A", "lot-2"), {}, bid("A").price)
    retained = marks(note("A", "50"), replace(note("A", "10"), bid=other.key))
    result = run(clausier(), [bid("A"), other], retained, criteria=price_and_technical(), lots=lots)
    assert [result.lot(lot.id)[0].rank for lot in lots] == [1, 1]


def test_a_tender_that_breaks_a_rule_is_not_evaluated():
    with pytest.raises(DataError):
        run(clausier(), [bid("A")], marks(), criteria=price_and_technical("40", "50"))


def test_without_any_bid_there_is_nothing_to_evaluate():
    with pytest.raises(DataError) as caught:
        run(clausier(), [], marks(), criteria=price_and_technical(), tenderers=())
    assert caught.value.findings
    with pytest.raises(DataError) as caught:
        evaluate(tender(price_and_technical()), clausier(), rules(), [], marks())
    assert [finding.code for finding in caught.value.findings] == ["bids.none"]


def test_each_kind_of_input_changes_the_fingerprint():
    base = {"criteria": price_and_technical(), "given": marks(note("A", "50")), "bids": [bid("A")]}

    def print_of(points=clausier(), bids=base["bids"], given_marks=base["given"], **changes):
        return run(points, bids, given_marks, criteria=changes.pop("criteria", base["criteria"]), **changes).fingerprint

    prints = [
        print_of(),
        print_of(title="Autre"),
        print_of(bids=[bid("A", "101")]),
        print_of(given_marks=marks(note("A", "51"))),
        print_of(points=clausier(point("P1", 0, AwardUse.NONE))),
        print_of(computed={"x": {"A": Decimal(1)}}),
    ]
    assert len(set(prints)) == len(prints)
    assert print_of() == prints[0]
