"""The pictures of an estimate: well formed, each bar as long as its value, each table what is written beside the bar."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import of_risk
from egide.report.pictures.amounts import between, within
from egide.report.pictures.intervals import Intervals, Quantity, interval_bars
from egide.report.pictures.picture import NARROW, WIDE
from egide.report.pictures.png import png
from egide.report.risk_words import Words
from egide.risk.interval import Interval
from report.risks import figures

SVG = "{http://www.w3.org/2000/svg}"
FRENCH, ENGLISH = Setter("fr", plain_text), Setter("en", plain_text)
EVERY = (of_risk.loss_curve, of_risk.event_bars, of_risk.gain_bars, of_risk.safeguard_bars, of_risk.unknown_bars)
WIDTHS = pytest.mark.parametrize("width", [NARROW, WIDE])


def tree(picture):
    return ET.fromstring(picture.svg)  # noqa: S314 (made here)


def spaces(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def seen(picture):
    return [spaces("".join(each.itertext())) for each in tree(picture).iter(f"{SVG}text")]


def bars(picture):
    return list(tree(picture).iter(f"{SVG}rect"))


def drawn(draw, shown=None, setter=FRENCH, width=NARROW):
    shown = shown or figures()
    return draw(shown, Words.of(shown, setter), "k", width)


@WIDTHS
@pytest.mark.parametrize("draw", EVERY)
@pytest.mark.parametrize("setter", [FRENCH, ENGLISH])
def test_each_picture_is_well_formed_and_tells_its_table(draw, setter, width):
    made = drawn(draw, None, setter, width)
    root = tree(made)
    assert root.get("width") == str(width) == str(made.width)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {"svg", "title", "desc", "rect", "line", "path", "text", "tspan"}  # fmt: skip
    assert "style" not in made.svg
    assert made.rows
    assert all(len(row) == len(made.head) for row in made.rows)
    assert made.description
    for each in root.iter():
        for name in ("x", "y", "x1", "x2", "y1", "y2"):
            if each.get(name) is not None:
                assert -1 <= float(each.get(name)) <= max(made.width, made.height) + 1


@pytest.mark.parametrize("draw", EVERY[1:4])
def test_what_stands_beside_a_bar_is_in_its_table(draw):
    made = drawn(draw)
    written = seen(made)
    for row in made.rows:
        assert spaces(row[1]) in written


@WIDTHS
def test_the_longest_bar_is_that_of_the_largest_value(width):
    made = drawn(of_risk.event_bars, width=width)
    wide = [float(each.get("width")) for each in bars(made)]
    assert wide == sorted(wide, reverse=True)
    values = sorted((each.mean.value for each in figures().events), reverse=True)[: len(wide)]
    assert wide[-1] / wide[0] == pytest.approx(values[-1] / values[0], abs=0.01)


def test_only_so_many_events_are_drawn_the_dearest_first():
    events = figures().events
    made = drawn(of_risk.event_bars, replace(figures(), events=events[::-1]))
    assert [row[0] for row in made.rows] == [FRENCH.say(each.title) for each in events[: of_risk.EVENTS]]


def test_an_interval_stands_around_its_bar():
    quantity = Quantity("a", 50.0, 20.0, 100.0, "50", ("50",))
    root = tree(interval_bars(Intervals("t", "s", ("h", "v"), (quantity,)), FRENCH, "k"))
    bar = next(root.iter(f"{SVG}rect"))
    whisker = max(root.iter(f"{SVG}line"), key=lambda each: float(each.get("x2")) - float(each.get("x1")))
    low, high = float(whisker.get("x1")), float(whisker.get("x2"))
    left, end = float(bar.get("x")), float(bar.get("x")) + float(bar.get("width"))
    assert (low - left) / (end - left) == pytest.approx(0.4, abs=0.01)
    assert (high - left) / (end - left) == pytest.approx(2.0, abs=0.01)


def test_what_is_exact_has_no_whisker_and_nothing_has_no_bar():
    exact = Quantity("a", 5.0, 5.0, 5.0, "5", ("5",))
    nothing = Quantity("b", 0.0, 0.0, 0.0, "0", ("0",))
    made = interval_bars(Intervals("t", "s", ("h", "v"), (exact, nothing)), FRENCH, "k")
    assert len(bars(made)) == 1
    assert len(list(tree(made).iter(f"{SVG}line"))) == 2


def test_members_of_all_sizes_stand_on_a_scale_of_ratios():
    shown = [figures("CHU"), figures("EHPAD", "care_home", 0.001)]
    members = [of_risk.Member(each.subject, each.rough, each.mean, each.year(100).gross, each.care.days, 0.5, each.on) for each in shown]  # fmt: skip
    made = of_risk.member_dots(members, "GHT", FRENCH, "k", WIDE)
    dots = [float(each.get("x")) for each in bars(made)]
    assert dots[0] > dots[1]
    assert len(dots) == 2
    assert spaces(made.rows[1][1]) == "1 000 € (de 800 à 2 000 €)"


def test_an_assumption_bears_its_mark():
    rows = {row[0]: row[1] for row in drawn(of_risk.unknown_bars).rows}
    assert spaces(rows["Effet de la taille"]) == "28 % [A]"
    assert spaces(rows["Incidents déclarés"]) == "5 %"


def test_the_curve_shows_what_is_retained_only_when_there_is_an_insurance():
    assert drawn(of_risk.loss_curve).head[1:] == ("Perte", "Conservée")
    bare = replace(figures(), curve=tuple(replace(each, retained=None) for each in figures().curve))
    assert drawn(of_risk.loss_curve, bare).head[1:] == ("Perte",)
    assert [spaces(row[1]) for row in drawn(of_risk.loss_curve).rows][-1] == "29 M€ (17 à 47 M€)"


def test_an_order_of_magnitude_has_one_figure_everywhere():
    shown = figures("EHPAD", "care_home", 0.001)
    for draw in EVERY[:3]:
        for row in drawn(draw, shown).rows:
            digits = spaces(row[1]).split(" (")[0].replace(" ", "").replace(",", "").rstrip("k€M0")
            assert len(digits.lstrip("0")) <= 1, row


def test_a_picture_is_the_same_each_time_and_becomes_dots():
    one, other = (drawn(of_risk.event_bars) for _ in range(2))
    assert one.svg == other.svg
    assert png(one.svg, one.width).startswith(b"\x89PNG")


# ------------------------------------------------------------------------------------------------------------ amounts
@pytest.mark.parametrize(
    ("value", "bounds", "french", "english"),
    [
        (260e3, (90e3, 520e3), "260 k€ (90 à 520 k€)", "€260k (€90k to €520k)"),
        (1.4e6, (8e5, 2.2e6), "1,4 M€ (800 k€ à 2,2 M€)", "€1.4m (€800k to €2.2m)"),
        (0, (0, 12), "0 € (0 à 12 €)", "€0 (€0 to €12)"),
    ],
)
def test_an_amount_is_written_with_the_interval_in_which_it_lies(value, bounds, french, english):
    assert spaces(within(FRENCH, value, bounds)) == french
    assert spaces(within(ENGLISH, value, bounds)) == english


@given(st.floats(0, 1e9), st.floats(1, 10))
def test_bounds_that_differ_are_written_differently(low, times):
    low, high = low + 1, (low + 1) * times * 1.2
    one, _, other = spaces(between(FRENCH, (low, high))).partition(" à ")
    assert one != other


def test_words_tell_how_often_something_comes():
    words = Words(FRENCH)
    assert spaces(words.every(Interval(26, 16, 41))) == "une fois tous les 26 ans (de 16 à 41)"
    assert spaces(words.every(Interval(0.4, 0.2, 0.8))) == "2,5 fois par an"
    assert "moins d’une fois tous les 100 000 ans" in spaces(words.every(Interval(1e9, 1e9, 1e9)))
