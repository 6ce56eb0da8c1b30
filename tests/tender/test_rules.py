"""Rules of procurement, each a named test, with the vectors of its own date."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from builders import OLD, clausier, point, price_and_technical, rules, tender
from egide import reference
from egide.clausier.model import AwardUse
from egide.finding import Severity
from egide.tender.model import Criterion, Evaluator, Kind, Lot, SubCriterion, Tenderer
from egide.tender.rules import CHECKS, check, notes, reads

NEW = date(2026, 8, 21)


def codes(given, points=clausier(), day=OLD):
    return {finding.code.removeprefix("tender.") for finding in check(given, points, rules(day))}


def test_every_check_has_its_rule_and_says_why_and_when_it_was_seen():
    known = reference.rules().rules
    assert set(CHECKS) <= {rule.id for rule in known}
    assert all(rule.article and rule.why.fr and rule.why.en and rule.seen for rule in known)


def test_a_lawful_consultation_has_nothing_to_say():
    assert codes(tender(price_and_technical())) == set()


@pytest.mark.parametrize("technical", ["59.99", "60.01", "0", "-60"])
def test_r17_weights_make_exactly_100(technical):
    assert "weights" in codes(tender(price_and_technical("40", technical)))


def test_r17_subcriteria_make_100_or_the_weight_of_their_criterion():
    def with_subs(*weights: str):
        subs = tuple(SubCriterion(f"s{n}", Decimal(weight)) for n, weight in enumerate(weights))
        first, second = price_and_technical()
        return tender((first, replace(second, subcriteria=subs)))

    assert codes(with_subs("40", "60")) == codes(with_subs("20", "40")) == set()
    assert codes(with_subs("40", "50")) == {"subweights"}
    assert "weights" in codes(with_subs("0", "100"))


def test_r18_price_alone_is_refused_from_21_august_2026_only():
    alone = (Criterion("price", Decimal(100), Kind.PRICE),)
    assert codes(tender(alone, sent_on=date(2026, 8, 20)), day=date(2026, 8, 20)) == set()
    assert codes(tender(alone, sent_on=NEW), day=NEW) == {"price_alone"}


def test_r18_one_criterion_at_least_is_environmental():
    assert codes(tender(price_and_technical(), sent_on=NEW), day=NEW) == {"environment"}
    first, second = price_and_technical()
    assert codes(tender((first, replace(second, environmental=True)), sent_on=NEW), day=NEW) == set()


def test_r20_thresholds_are_those_of_the_day():
    def formalised(day: date) -> Decimal:
        return reference.rules().on(day).by_id["R20"].parameters["formalised"]

    def dispensation(day: date) -> Decimal:
        return reference.rules().on(day).by_id["R20"].parameters["dispensation"]

    assert formalised(date(2025, 12, 31)) == Decimal(221000)
    assert formalised(date(2026, 1, 1)) == Decimal(216000)
    assert dispensation(date(2026, 3, 31)) == Decimal(40000)
    assert dispensation(date(2026, 4, 1)) == Decimal(60000)


def test_r24_a_closed_day_is_a_warning_never_a_refusal():
    sunday = tender(price_and_technical(), deadline=datetime(2026, 11, 15, 12, tzinfo=UTC))
    found = check(sunday, clausier(), rules())
    assert [finding.severity for finding in found] == [Severity.DOUBT]


def test_r24_a_deadline_before_the_sending_is_an_error():
    assert codes(tender(price_and_technical(), deadline=datetime(2026, 6, 1, 12, tzinfo=UTC))) == {"deadline_before"}


def test_r35_an_unlawful_formula_cannot_be_chosen():
    assert codes(tender(price_and_technical(formula="rank"))) == {"formula"}
    assert codes(tender(price_and_technical(formula="inconnue"))) == {"formula"}
    assert codes(tender(price_and_technical(formula="linear_min_max"))) == {"formula_warning"}


def test_r37_a_tie_rule_names_criteria_or_a_draw():
    assert codes(tender(price_and_technical(), ties=("technical", "draw"))) == set()
    assert codes(tender(price_and_technical(), ties=("beauty",))) == {"ties"}


def test_what_must_be_there_is_asked_for_at_once():
    empty = tender(price_and_technical(), lots=(), tenderers=(), evaluators=())
    assert codes(empty) == {"lots", "tenderers", "evaluators"}


def test_identifiers_are_given_once_and_lots_are_known():
    twice = tender(price_and_technical(), lots=(Lot("lot-1"), Lot("lot-1")))
    assert codes(twice) == {"twice"}
    assert codes(tender(price_and_technical(), tenderers=(Tenderer("A", lots=("lot-9", "lot-1")),))) == {"lot_unknown"}
    assert tender(price_and_technical()).tenderer["A"].name == "Société A"


CLAUSIER = Criterion("security", Decimal(60), Kind.CLAUSIER)
PRICE = Criterion("price", Decimal(40), Kind.PRICE)


def test_the_clausier_feeds_one_criterion_and_one_only():
    points = clausier(point("P1"))
    assert codes(tender((PRICE, CLAUSIER)), points) == set()
    assert "clausier_unused" in codes(tender(price_and_technical()), points)
    half = replace(CLAUSIER, weight=Decimal(30))
    assert "clausier_twice" in codes(tender((PRICE, half, replace(half, id="more"))), points)
    assert "clausier_empty" in codes(tender((PRICE, CLAUSIER)), clausier(point("P1", 0, AwardUse.MINIMUM)))


def test_each_scored_point_feeds_one_subcriterion_and_one_only():
    points = clausier(point("P1"), point("P2"), point("P3", 0, AwardUse.MINIMUM))

    def fed(*subs: SubCriterion):
        return codes(tender((PRICE, replace(CLAUSIER, subcriteria=subs))), points)

    half = Decimal(50)
    assert fed(SubCriterion("a", half, points=("P1",)), SubCriterion("b", half, points=("P2",))) == set()
    assert fed(SubCriterion("a", Decimal(100), themes=("T1",))) == set()
    assert fed(SubCriterion("a", Decimal(100), families=("network",))) == set()
    assert fed(SubCriterion("a", Decimal(100), points=("P1",))) == {"point_subcriterion"}
    assert fed(SubCriterion("a", half, themes=("T1",)), SubCriterion("b", half, points=("P9",))) == {
        "subcriterion_empty"
    }


def test_every_theme_and_every_marked_criterion_has_a_reader():
    points = clausier(point("P1"))
    marked = Criterion("use", Decimal(30), Kind.MARKED)
    criteria = (PRICE, replace(CLAUSIER, weight=Decimal(30)), marked)
    alone = tender(criteria, evaluators=(Evaluator("dpo", themes=("T9",)),))
    assert codes(alone, points) == {"theme_unread", "criterion_unread"}
    both = (Evaluator("rssi", themes=("T1",)), Evaluator("ward", criteria=("use",)))
    assert codes(tender(criteria, evaluators=both), points) == set()
    everything = tender(criteria)
    assert reads(everything.evaluators[0], everything, "T1")
    assert notes(everything.evaluators[0], marked)
    through = Evaluator("rssi", criteria=("security",))
    assert reads(through, everything, "T1")
    assert not notes(through, marked)
