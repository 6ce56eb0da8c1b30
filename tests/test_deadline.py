from datetime import date

import pytest

from egide.deadline import Period, closed_day, next_open_day


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 2), None),
        (date(2026, 10, 31), "samedi"),
        (date(2026, 11, 15), "dimanche"),
        (date(2026, 11, 11), "Armistice"),
        (date(2026, 4, 6), "Lundi de Pâques"),
        (date(2026, 12, 26), "samedi"),
        (date(2025, 12, 26), None),
    ],
)
def test_closed_days_of_france(day, reason):
    assert closed_day(day) == reason


def test_alsace_and_moselle_have_two_more():
    assert closed_day(date(2025, 12, 26), alsace_moselle=True)
    assert closed_day(date(2025, 4, 18), alsace_moselle=True)


def test_a_period_starts_the_day_after_and_a_closed_last_day_rolls():
    assert Period(30).last_day(date(2026, 9, 1)) == date(2026, 10, 1)
    assert Period(10).last_day(date(2026, 10, 21)) == date(2026, 11, 2)  # a Saturday moves past All Saints' Sunday
    assert next_open_day(date(2026, 11, 11)) == date(2026, 11, 12)


def test_standstill_counts_the_day_of_sending():
    """CE 2 Aug. 2011, n° 347526: sent 28/12/2010, 16 days, last day 12/01/2011, signature lawful on the 13th."""
    assert Period(16, start_counts=True, rolls=False).last_day(date(2010, 12, 28)) == date(2011, 1, 12)
