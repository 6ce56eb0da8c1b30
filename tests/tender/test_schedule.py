"""The price schedule: sums that add up by hand, options apart, and what is refused before publication."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import bid, clausier, price_and_technical, rules, tender
from egide.tender import pricing
from egide.tender.evaluation import score
from egide.tender.low_lines import low_lines
from egide.tender.model import BidClass, BidKey, Lot, Marks, Price, PriceLine
from egide.tender.pricing import priced
from egide.tender.schedule import Period, Prevails, Schedule, ScheduleLine, grouped, to_cent

LINE = ScheduleLine("B", "Abonnement", "lit", Decimal(8), Period.MONTH)
SCHEDULE = Schedule(
    (
        ScheduleLine("A", "Mise en service"),
        LINE,
        ScheduleLine("C", "Maintien", "an", period=Period.YEAR, lots=("lot-1",)),
        ScheduleLine("O", "Astreinte", quantity=Decimal(4), optional=True),
        ScheduleLine("D", "Formation", lots=("lot-2",), months=12),
    ),
    48,
)


def test_a_subscription_is_counted_over_the_duration_and_options_stand_apart():
    found = priced(SCHEDULE, "lot-1", {"A": Decimal(100), "B": Decimal("2.5"), "C": Decimal(10), "O": Decimal(3), "D": Decimal(9)})  # fmt: skip
    assert [(line.id, str(line.amount)) for line in found.lines] == [("A", "100.00"), ("B", "960.00"), ("C", "40.00")]
    assert [(line.id, str(line.amount)) for line in found.options] == [("O", "12.00")]
    assert str(found.total) == "1100.00"
    assert found.missing == ()


def test_a_missing_line_is_named_and_a_missing_option_is_not():
    assert priced(SCHEDULE, "lot-2", {"A": Decimal(1)}).missing == ("B", "D")


@pytest.mark.parametrize(("months", "own", "times"), [(48, 0, "48"), (48, 6, "6"), (18, 0, "18")])
def test_the_duration_of_a_line_is_its_own_or_that_of_the_schedule(months, own, times):
    schedule = Schedule((replace(LINE, months=own),), months)
    assert schedule.times(schedule.lines[0]) == Fraction(times)
    yearly = replace(schedule.lines[0], period=Period.YEAR)
    assert schedule.times(yearly) == Fraction(times) / 12
    assert schedule.line["B"].title == "Abonnement"


@pytest.mark.parametrize(
    ("value", "cents"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("1.005", "1.01"), ("-0.001", "0.00"), ("1e20", "1" + "0" * 20 + ".00")],
)  # fmt: skip
def test_half_a_cent_counts_as_one(value, cents):
    assert str(to_cent(Fraction(Decimal(value)))) == cents


def test_groups_keep_the_order_of_their_first_line():
    lines = [replace(LINE, id=name, group=group) for name, group in (("1", "b"), ("2", "a"), ("3", "b"), ("4", ""))]
    assert [(name, [line.id for line in members]) for name, members in grouped(lines)] == [
        ("b", ["1", "3"]),
        ("a", ["2"]),
        ("", ["4"]),
    ]


# ---------------------------------------------------------------------------------------------------------- properties
money = st.decimals(0, 10_000_000, places=4, allow_nan=False)
quantities = st.decimals("0.01", 100_000, places=2, allow_nan=False)


@st.composite
def offers(draw):
    lines = []
    for n in range(draw(st.integers(1, 8))):
        lines.append(
            ScheduleLine(f"L{n}", f"Ligne {n}", quantity=draw(quantities), period=draw(st.sampled_from(list(Period))), optional=draw(st.booleans()))
        )  # fmt: skip
    schedule = Schedule(tuple(lines), draw(st.integers(1, 120)), draw(st.sampled_from(list(Prevails))))
    return schedule, {line.id: draw(money) for line in lines}


@given(offers())
def test_the_total_is_the_sum_of_lines_within_half_a_cent_each(offer):
    schedule, units = offer
    found = priced(schedule, "lot-1", units)
    exact = sum((schedule.exact(line, units[line.id]) for line in schedule.lines if not line.optional), Fraction(0))
    assert sum(line.amount for line in found.lines) == found.total
    assert abs(Fraction(found.total) - exact) <= Fraction(len(found.lines), 200)


@given(offers(), st.randoms())
def test_the_order_of_lines_changes_nothing(offer, random):
    schedule, units = offer
    shuffled = list(schedule.lines)
    random.shuffle(shuffled)
    assert (
        priced(replace(schedule, lines=tuple(shuffled)), "lot-1", units).total == priced(schedule, "lot-1", units).total
    )


@given(offers(), money)
def test_a_dearer_unit_price_or_a_larger_quantity_never_lowers_the_total(offer, more):
    schedule, units = offer
    total = priced(schedule, "lot-1", units).total
    assert priced(schedule, "lot-1", units | {"L0": units["L0"] + more}).total >= total
    larger = replace(schedule.lines[0], quantity=schedule.lines[0].quantity + more)
    assert priced(replace(schedule, lines=(larger, *schedule.lines[1:])), "lot-1", units).total >= total


@given(offers(), money)
def test_an_option_never_changes_the_total(offer, paid):
    schedule, units = offer
    option = ScheduleLine("PSE", "Option", optional=True)
    more = priced(replace(schedule, lines=(*schedule.lines, option)), "lot-1", units | {"PSE": paid})
    assert more.total == priced(schedule, "lot-1", units).total
    assert more.options[-1].amount == to_cent(Fraction(paid))


@given(offers(), st.integers(0, 6))
def test_the_currency_unit_changes_nothing_but_the_scale(offer, power):
    """In a unit 10^n times smaller every total is 10^n times larger, the cents of each line aside."""
    schedule, units = offer
    factor = 10**power
    before = priced(schedule, "lot-1", units).total
    after = priced(schedule, "lot-1", {line: unit * factor for line, unit in units.items()}).total
    assert abs(Fraction(after) - Fraction(before) * factor) <= Fraction(len(schedule.lines) * (factor + 1), 200)
    whole = {line: unit.quantize(Decimal(1)) for line, unit in units.items()}
    counted = replace(
        schedule, lines=tuple(replace(line, quantity=Decimal(3), period=Period.ONCE) for line in schedule.lines)
    )
    assert (
        priced(counted, "lot-1", {k: v * factor for k, v in whole.items()}).total
        == priced(counted, "lot-1", whole).total * factor
    )


# -------------------------------------------------------------------------------------------------- before publication
def of(*lines, months=48):
    return tender(price_and_technical(), schedule=Schedule(lines, months), lots=(Lot("lot-1"),))


@pytest.mark.parametrize(
    ("consultation", "codes"),
    [
        (tender(price_and_technical()), []),
        (of(LINE), []),
        (of(LINE, LINE), ["tender.schedule_twice"]),
        (of(replace(LINE, quantity=Decimal(0))), ["tender.schedule_quantity"]),
        (of(replace(LINE, quantity=Decimal(-1))), ["tender.schedule_quantity"]),
        (of(LINE, months=0), ["tender.schedule_duration"]),
        (of(replace(LINE, months=6), months=0), []),
        (of(replace(LINE, period=Period.ONCE), months=0), []),
        (of(replace(LINE, lots=("lot-1",))), []),
        (of(replace(LINE, lots=("lot-9",))), ["tender.lot_unknown", "tender.schedule_lot"]),
        (of(replace(LINE, optional=True)), ["tender.schedule_lot"]),
        (of(replace(LINE, title=" ")), ["tender.schedule_unnamed"]),
    ],
)
def test_faults_of_a_schedule_before_publication(consultation, codes):
    found = list(pricing.faults(consultation))
    assert [each.code for each in found] == codes
    assert all(each.place.startswith("schedule.lines") and str(each.understood) for each in found)


# ------------------------------------------------------------------------------------------------------ abnormally low
def offer(name, *units, total="100"):
    lines = tuple(PriceLine(f"L{n}", Decimal(unit), f"L{n}", Decimal(unit)) for n, unit in enumerate(units))
    return replace(bid(name), price=Price(Decimal(total), lines))


PAIR = Schedule((ScheduleLine("L0", "Un"), ScheduleLine("L1", "Deux"), ScheduleLine("L2", "Remise", discount=True)))


@pytest.mark.parametrize(
    ("offers_", "noted"),
    [
        ((offer("A", 100, 59), offer("B", 100, 100), offer("C", 100, 100)), {"A": ("L1",)}),
        ((offer("A", 100, 69), offer("B", 100, 100)), {"A": ("L1",)}),
        ((offer("A", 100, 70), offer("B", 100, 100)), {}),
        ((offer("A", 0, 0), offer("B", 100, 100)), {"A": ("L0", "L1")}),
        ((offer("A", 0, 0), offer("B", 0, 0)), {}),
        ((offer("A", 1, 1, -500), offer("B", 1, 1, -1)), {}),
        ((offer("A", 1), offer("B", 9, 9)), {"A": ("L0",)}),
        ((offer("A", 1),), {}),
        ((offer("A", 1), replace(bid("B"), price=None)), {}),
    ],
)
def test_a_line_far_under_the_others_is_a_note(offers_, noted):
    found = list(low_lines(rules(), PAIR, offers_))
    assert {each.tenderer: each.understood.values["lines"] for each in found} == noted
    assert {each.severity for each in found} <= {"note"}


def test_without_its_rule_no_line_is_looked_at():
    none = replace(rules(), rules=())
    assert list(low_lines(none, PAIR, (offer("A", 1), offer("B", 9)))) == []
    consultation = tender(price_and_technical(), schedule=PAIR)
    rows, found = score(consultation, clausier(), none, [offer("A", 1, 1, total="1"), offer("B", 9, 9)], Marks(), {})
    assert not any(row.abnormally_low for row in rows)
    assert not {each.code for each in found} & {"bid.abnormally_low", "bid.low_line"}


def test_a_zero_total_asks_for_a_justification_even_alone():
    consultation = tender(price_and_technical(formula="linear_min_max"), "A", schedule=PAIR)
    rows, found = score(consultation, clausier(), rules(), [offer("A", 0, 0, total="0")], Marks(), {})
    assert [(row.abnormally_low, row.bid_class) for row in rows] == [(True, BidClass.REGULAR)]
    low = next(each for each in found if each.code == "bid.abnormally_low")
    assert (low.place, low.tenderer, str(low.understood)) == ("A, lot-1", "A", "prix total nul")
    assert rows[0].key == BidKey("A", "lot-1")
