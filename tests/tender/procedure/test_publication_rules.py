"""Rules before publication, each with both sides of its limit and both sides of its date."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import OLD, price_and_technical, tender
from egide import reference
from egide.finding import Severity
from egide.tender.model import Allotment, Lot, Procedure, Round
from egide.tender.procedure.publication_rules import Threshold, check, consumption, earliest, threshold, value

ALL = reference.rules()
REASON = Allotment("L2113-11, 2° : un seul éditeur peut maintenir l'ensemble, constaté au sourcing.")
TWO = (Lot("lot-1", estimate=Decimal(300000)), Lot("lot-2", estimate=Decimal(100000)))


def consultation(**changes: object):
    values = {"estimate": Decimal(400000), "allotment": REASON}
    return tender(price_and_technical(), **(values | changes))


def found(given, day: date | None = None):
    return check(given, ALL.on(day or given.sent_on))


def codes(given, severity: Severity | None = None):
    return {each.code.removeprefix("publication.") for each in found(given) if severity in {None, each.severity}}


def test_a_lawful_consultation_has_nothing_to_say_and_each_finding_has_its_article():
    assert found(consultation()) == []
    (one,) = found(consultation(allotment=Allotment()))
    assert "L2113-11" in str(one.remedy)
    assert (one.file, one.place, one.severity) == ("tender.yaml", "allotment.reason", Severity.ERROR)


# ------------------------------------------------------------------------------------------------------------------ R17
def test_r17_a_formalised_procedure_publishes_its_weights_an_adapted_one_at_least_how_criteria_are_used():
    silent = {"weights_published": False}
    assert codes(consultation(**silent)) == {"weights"}
    adapted = {"formalised": False, "estimate": Decimal(90000), **silent}
    assert codes(consultation(**adapted)) == {"conditions"}
    assert codes(consultation(**adapted, conditions_of_use="Par ordre d'importance.")) == set()


@pytest.mark.parametrize(
    ("ranges", "wrong"),
    [
        ((("30", "40"), ("60", "70")), False),
        ((("40", "40"), ("60", "60")), False),
        ((("41", "50"), ("60", "70")), True),
        ((("30", "39"), ("60", "70")), True),
        ((("30", "40"), ()), False),
        ((("40",), ("60", "70")), True),
        ((("40", "45"), ("60", "70")), False),
    ],
)
def test_r17_a_range_holds_the_weight_used_and_100_can_be_reached(ranges, wrong):
    pairs = zip(price_and_technical(), ranges, strict=True)
    criteria = tuple(replace(each, weight_range=tuple(Decimal(bound) for bound in bounds)) for each, bounds in pairs)
    assert ("weight_range" in codes(replace(consultation(), criteria=criteria))) is wrong


def test_r17_ranges_that_cannot_make_100_are_refused():
    price, technical = price_and_technical("40", "70")
    both = (
        replace(price, weight_range=(Decimal(40), Decimal(45))),
        replace(technical, weight_range=(Decimal(61), Decimal(70))),
    )
    assert codes(replace(consultation(), criteria=both)) == {"weight_range"}


# ------------------------------------------------------------------------------------------------------------------ R20
@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        (date(2023, 12, 31), "214999.99", Threshold.ADAPTED),
        (date(2023, 12, 31), "215000", Threshold.FORMALISED),
        (date(2024, 1, 1), "215000", Threshold.ADAPTED),
        (date(2025, 6, 1), "220999.99", Threshold.ADAPTED),
        (date(2025, 6, 1), "221000", Threshold.FORMALISED),
        (date(2026, 6, 1), "215999.99", Threshold.ADAPTED),
        (date(2026, 6, 1), "216000.00", Threshold.FORMALISED),
        (date(2026, 3, 31), "39999.99", Threshold.DISPENSED),
        (date(2026, 3, 31), "40000", Threshold.ADAPTED),
        (date(2026, 4, 1), "59999.99", Threshold.DISPENSED),
        (date(2026, 4, 1), "60000", Threshold.ADAPTED),
    ],
)
def test_r20_a_threshold_is_that_of_the_day_and_reached_at_its_cent(day, amount, expected):
    assert threshold(Decimal(amount), ALL.on(day).by_id["R20"]) is expected


def test_r20_the_value_is_over_all_lots_and_the_maximum_of_a_framework():
    assert value(consultation(estimate=None)) is None
    assert value(consultation(estimate=None, lots=TWO)) == Decimal(400000)
    assert value(consultation(estimate=None, lots=(TWO[0], Lot("lot-2")))) is None
    assert value(consultation(lots=())) == Decimal(400000)
    free = (Lot("lot-1", estimate=Decimal(0)),)
    assert value(consultation(estimate=None, lots=free)) == 0
    most = (Lot("lot-1", estimate=Decimal(1), maximum=Decimal(500000)),)
    assert value(consultation(estimate=None, lots=most, framework=True)) == Decimal(500000)
    assert codes(consultation(estimate=Decimal(1), lots=TWO)) == {"estimate"}
    framework = {"framework": True, "lots": (Lot("lot-1", maximum=Decimal(500000)),)}
    assert codes(consultation(**framework)) == set()
    assert codes(consultation(**framework, estimate=Decimal(215000))) == {"estimate"}
    assert codes(consultation(estimate=None)) == {"estimate"}


def test_r20_the_procedure_fits_the_value_of_its_own_date():
    def adapted(day: date, amount: str):
        return consultation(
            sent_on=day, formalised=False, estimate=Decimal(amount), deadline=datetime(2027, 1, 5, tzinfo=UTC)
        )

    assert codes(adapted(date(2025, 12, 31), "220999.99")) == set()
    assert codes(adapted(date(2025, 12, 31), "221000")) == {"procedure"}
    assert codes(adapted(OLD, "215999.99")) == set()
    assert codes(adapted(OLD, "216000"), Severity.ERROR) == {"procedure"}
    direct = {"procedure": Procedure.DIRECT, "formalised": False, "allotment": Allotment()}
    assert codes(consultation(**direct, estimate=Decimal("59999.99"))) == set()
    assert codes(consultation(**direct, estimate=Decimal(60000)), Severity.DOUBT) == {"procedure"}
    assert codes(consultation(procedure=Procedure.ADAPTED, estimate=Decimal(90000)), Severity.DOUBT) == {"procedure"}


def test_r20_a_date_without_known_thresholds_says_so():
    assert codes(consultation(sent_on=date(2028, 1, 1), deadline=datetime(2028, 6, 1, tzinfo=UTC))) == {"thresholds"}


# ------------------------------------------------------------------------------------------------------------------ R21
def test_r21_a_framework_has_a_maximum_since_2022():
    free = {"framework": True, "lots": (Lot("lot-1"),)}
    assert codes(consultation(**free)) == {"maximum"}
    capped = {"framework": True, "lots": (Lot("lot-1", minimum=Decimal(10), maximum=Decimal(400000)),)}
    assert codes(consultation(**capped)) == set()
    backwards = {"framework": True, "lots": (Lot("lot-1", minimum=Decimal(11), maximum=Decimal(10)),)}
    assert codes(consultation(**backwards)) == {"maximum"}
    early = consultation(**free, sent_on=date(2021, 12, 31), deadline=datetime(2022, 6, 1, tzinfo=UTC))
    assert "maximum" not in codes(early)
    assert "maximum" in codes(replace(early, sent_on=date(2022, 1, 1)))


@pytest.mark.parametrize(
    ("ordered", "order", "allowed", "warning"),
    [("0", "79.99", True, False), ("0", "80", True, True), ("60", "40", True, True), ("60", "40.01", False, True)],
)
def test_r21_an_order_never_passes_the_maximum_and_80_percent_warns(ordered, order, allowed, warning):
    got = consumption(Decimal(100), Decimal(ordered), Decimal(order), ALL.on(OLD).by_id["R21"])
    assert (got.allowed, got.warning, got.left) == (allowed, warning, 100 - Decimal(ordered) - Decimal(order))


# ------------------------------------------------------------------------------------------------------------------ R22
def test_r22_not_dividing_has_a_reason_in_law_and_in_fact():
    assert codes(consultation(allotment=Allotment()), Severity.ERROR) == {"allotment"}
    assert codes(consultation(allotment=Allotment("Trop compliqué.")), Severity.DOUBT) == {"allotment"}
    assert codes(consultation(allotment=Allotment("L. 2113-11, 1° : coordination impossible."))) == set()
    assert codes(consultation(lots=TWO, allotment=Allotment())) == set()


@pytest.mark.parametrize(
    ("allotment", "wrong"),
    [
        (Allotment(most_awarded=1), True),
        (Allotment(most_awarded=1, order=("lot-2",)), True),
        (Allotment(most_awarded=1, order=("lot-2", "lot-1")), False),
        (Allotment(most_awarded=2), False),
        (Allotment(order=("lot-1", "lot-9")), True),
    ],
)
def test_r22_a_limit_on_lots_needs_their_published_order(allotment, wrong):
    assert codes(consultation(lots=TWO, allotment=allotment)) == ({"lot_order"} if wrong else set())


# ------------------------------------------------------------------------------------------------------- R23 and R24
@pytest.mark.parametrize(
    ("kind", "deadline", "severity"),
    [
        (Procedure.DIALOGUE, datetime(2026, 8, 1, 12, tzinfo=UTC), None),
        (Procedure.DIALOGUE, datetime(2026, 7, 31, 12, tzinfo=UTC), Severity.DOUBT),
        (Procedure.DIALOGUE, datetime(2026, 7, 31, 23, 59, tzinfo=UTC), None),
        (Procedure.DIALOGUE, datetime(2026, 7, 30, 12, tzinfo=UTC), Severity.ERROR),
        (Procedure.OPEN, datetime(2026, 7, 30, 12, tzinfo=UTC), Severity.DOUBT),
        (Procedure.OPEN, datetime(2026, 7, 17, 12, tzinfo=UTC), Severity.DOUBT),
        (Procedure.OPEN, datetime(2026, 7, 16, 12, tzinfo=UTC), Severity.ERROR),
        (Procedure.RESTRICTED, datetime(2026, 7, 16, 12, tzinfo=UTC), Severity.ERROR),
        (Procedure.NEGOTIATED, datetime(2026, 7, 16, 12, tzinfo=UTC), Severity.ERROR),
        (Procedure.ADAPTED, datetime(2026, 7, 10, 12, tzinfo=UTC), None),
    ],
)
def test_r23_r24_the_minimum_period_runs_from_the_day_after_and_a_dialogue_has_no_shorter_one(kind, deadline, severity):
    adapted = kind is Procedure.ADAPTED
    given = consultation(
        procedure=kind, deadline=deadline, formalised=not adapted, estimate=Decimal(90000 if adapted else 400000)
    )
    assert {each.severity for each in found(given) if each.code == "publication.period"} == ({severity} - {None})


def test_r24_a_last_day_that_is_closed_moves_to_the_next_open_day():
    assert earliest(date(2026, 6, 11), Decimal(30)) == date(2026, 7, 13)  # 11 July is a Saturday
    assert earliest(date(2026, 6, 14), Decimal(30)) == date(2026, 7, 15)  # 14 July is a holiday


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_r24_the_last_day_never_comes_earlier_when_the_notice_leaves_later(sent_on, days):
    first, second = (earliest(sent_on + timedelta(days=more), Decimal(days)) for more in (0, 1))
    assert sent_on + timedelta(days=days) <= first <= second


def test_r23_phases_are_announced_only_where_they_exist_and_rounds_follow_each_other():
    assert codes(consultation(reduction_announced=True)) == {"reduction"}
    dialogue = {"procedure": Procedure.DIALOGUE, "reduction_announced": True}
    assert codes(consultation(**dialogue, rounds=(Round(2), Round(3)))) == set()
    assert codes(consultation(**dialogue, rounds=(Round(2), Round(4)))) == {"rounds"}
