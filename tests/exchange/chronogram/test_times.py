"""Times as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.exchange.chronogram.times import DAY, Kind, When, hour_of, parsed, settled, unit_of

SINCE = {
    "T+00:15": 15, "T + 0h15": 15, "T+90": 90, "t+15 min": 15, "T-30": -30, "−15": -15, "+15": 15, "T+1:05:00": 65,
    "H+2": 120, "H+1h30": 90, "H+0:15": 15, "H-1": -60, "M+15": 15, "15 min": 15, "15'": 15, "90": 90, "2 j": 2 * DAY,
    "STARTEX": 0, "Début": 0, "T0": 0, "H": 0, "startex+10": 10,
}  # fmt: skip
BARE = {"0:15": 15, "00:15:00": 15, "1 h 15": 75, "1h15": 75, "9 h": 540, "0,5 h": 30, "1 day, 0:15:00": DAY + 15}
STORY = {"J-60": (-60, None), "J+1 08:00": (1, 480), "J+1, 8h": (1, 480), "J+21": (21, None), "jour 2 à 14h30": (2, 870), "D+3": (3, None)}  # fmt: skip


@pytest.mark.parametrize(("text", "minutes"), SINCE.items())
def test_minutes_since_the_beginning(text, minutes):
    assert parsed(text) == When(Kind.SINCE, minutes)


@pytest.mark.parametrize(("text", "minutes"), BARE.items())
def test_hours_and_minutes_alone(text, minutes):
    assert parsed(text) == When(Kind.BARE, minutes)


@pytest.mark.parametrize(("text", "told"), STORY.items())
def test_a_day_of_the_story(text, told):
    assert parsed(text) == When(Kind.DAY, told[1], told[0])


@pytest.mark.parametrize("text", ["", "bientôt", "0:75", "T+", "99999999", "J+9999", "12/13", "31/02/2026 10:00", "2026-13-01T10:00"])  # fmt: skip
def test_what_has_no_meaning_is_not_guessed(text):
    assert parsed(text) is None


def test_what_is_left_out_is_told():
    assert [parsed(each).sure for each in ("00:15:30", "9:00-9:15", "T+15 à T+20", "9:15")] == [False, False, False, True]  # fmt: skip
    assert parsed("T+15 à T+20").minutes == 15
    assert parsed("0.0625", is_number=True) == When(Kind.BARE, 90, sure=False)
    assert parsed("ENDEX").kind is Kind.END


def test_the_unit_of_a_bare_number_is_that_of_the_heading():
    assert [unit_of(each) for each in ("Temps", "Temps (min)", "Temps (h)", "Jour", "Délai en jours")] == [1, 1, 60, DAY, DAY]  # fmt: skip
    assert parsed("2", 60) == When(Kind.SINCE, 120)


def minutes(*texts, begins=None):
    return settled([parsed(each) for each in texts], begins)


def test_a_column_that_begins_in_the_morning_tells_hours_of_the_day():
    assert minutes("9:00", "9:15", "J+1 08:00").minutes == (0, 15, DAY - 60)
    assert minutes("9:00", "9:15").begins == 540
    assert minutes("0:00", "9:15").minutes == (0, 555)
    assert minutes("T+10", "9:15").minutes == (10, 555)


def test_days_count_from_the_hour_of_the_story():
    assert minutes("T+00:15", "J+1 08:00", begins=460).minutes == (15, DAY + 20)
    assert minutes("J-60", "J", "J+1").minutes == (-60 * DAY, 0, DAY)
    assert minutes("23/11/2026 22:00", "24/11/26 1h30").minutes == (0, 210)
    assert minutes("2026-11-23T09:00:00", "", "fin", "2026-11-23T09:20:00").minutes == (0, None, 20, 20)


def test_the_hour_of_a_story_is_found_in_its_words():
    told = ("un samedi, 7 h 40", "a Saturday, 7.40 am", "Sunday, 2:05 pm", "un jour", "à 99 h")
    assert [hour_of(each) for each in told] == [460, 460, 845, None, None]


@given(st.text(max_size=20), st.sampled_from([1, 60, DAY]), st.booleans())
def test_anything_may_be_written(text, unit, is_number):
    found = parsed(text, unit, is_number=is_number)
    assert found is None or isinstance(settled([found], 460).minutes[0], int | None)


@given(st.integers(0, 5999), st.integers(0, 59))
def test_our_own_writing_is_read_again(hours, rest):
    whole = hours % 100 * 60 + rest
    assert parsed(f"T+{whole // 60:02}:{rest:02}") == When(Kind.SINCE, whole)
