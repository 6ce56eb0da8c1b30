"""Durations, numbers, shares, days and yes or no, as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.exchange import quantities
from egide.exchange.quantities import Read


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("4 h", 4), ("4h", 4), ("4 heures", 4), ("1 h 30", "1.5"), ("1h30", "1.5"), ("01:30", "1.5"), ("90 min", "1.5"),
        ("2 jours", 48), ("2j", 48), ("une semaine", 168), ("J+1", 24), ("j + 2", 48), ("H+4", 4), ("< 4 h", 4), ("immédiat", 0),
        ("0", 0), ("2j 4h", 52), ("1,5 j", 36), ("4:00:00", 4), ("1 day, 0:00:00", 24), ("demi-journée", 12), ("moins de 8 h", 8),
        ("chaque nuit", 24), ("hebdomadaire", 168), ("1 mois", 720), ("two hours", 2), ("1 234,5 h", "1234.5"), ("12 000 min", 200),
    ],
)  # fmt: skip
def test_a_duration_in_hours(text, hours):
    assert quantities.hours(text) == Read(Decimal(hours))


@pytest.mark.parametrize(("text", "hours"), [("2 à 4 h", 4), ("2-3 jours", 72), ("2 jours ouvrés", 48), ("plus de 24 h", 24), ("48", 48), ("4 h en journée", 4), ("3 2 h", 2)])  # fmt: skip
def test_a_duration_that_could_be_meant_otherwise(text, hours):
    assert quantities.hours(text) == Read(Decimal(hours), sure=False)


@pytest.mark.parametrize(
    "text", ["", "?", "n/a", "24/7", "24h/24", "7j/7", "bientôt", "999 ans", "-", "-5 h", "− 3 jours"]
)
def test_what_is_no_duration(text):
    assert quantities.hours(text).value is None


def test_a_heading_gives_the_unit_of_bare_numbers():
    assert quantities.hours("2", quantities.unit_of("RTO (en jours)")) == Read(Decimal(48))
    assert quantities.hours("2", quantities.unit_of("RTO (h)")) == Read(Decimal(2))
    assert quantities.unit_of("RTO") is None


@pytest.mark.parametrize(("text", "value", "sure"), [("65 %", "0.65", True), ("0,65", "0.65", True), ("65", "0.65", False), ("100%", "1", True), ("150", None, True), ("-5 %", None, True)])  # fmt: skip
def test_a_share(text, value, sure):
    assert quantities.share(text) == Read(value and Decimal(value), sure)


@pytest.mark.parametrize(("text", "value"), [("12,5 M€", "12500000"), ("12 500 000", "12500000"), ("450 lits", "450"), ("1 250,50 €", "1250.50"), ("-4", None), ("NC", None), ("x", None)])  # fmt: skip
def test_a_number(text, value):
    assert quantities.number(text).value == (value and Decimal(value))


def test_a_whole_number_says_when_it_was_not():
    assert quantities.whole("12") == Read(12)
    assert quantities.whole("12,4") == Read(12, sure=False)


@pytest.mark.parametrize(("text", "value", "sure"), [("Oui", True, True), ("x", True, True), ("non", False, True), ("FAUX", False, True), ("", None, True), ("oui, bientôt", True, False), ("parfois", None, False)])  # fmt: skip
def test_yes_or_no(text, value, sure):
    assert quantities.yes_no(text) == Read(value, sure)


@pytest.mark.parametrize(("text", "day", "sure"), [("31/12/2027", date(2027, 12, 31), True), ("2027-12-31", date(2027, 12, 31), True), ("1.2.27", date(2027, 2, 1), True), ("fin 2027", date(2027, 12, 31), False), ("32/12/2027", None, True), ("1850-01-01", None, True)])  # fmt: skip
def test_a_day(text, day, sure):
    assert quantities.day(text) == Read(day, sure)
    assert quantities.day("46387", is_number=True) == Read(date(2026, 12, 31))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_a_reading_fail(text):
    for read in (quantities.hours, quantities.number, quantities.share, quantities.yes_no, quantities.day):
        found = read(text)
        assert isinstance(found, Read)
    value = quantities.hours(text).value
    assert value is None or 0 <= value <= quantities.MOST_HOURS
