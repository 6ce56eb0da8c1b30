"""The picture of a back-test: marks where ratios say, verdicts in words, a table and a text alternative."""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from egide import reference
from egide.report import backtest_words as words
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures.backtest import backtest_chart
from egide.report.pictures.picture import NARROW
from egide.risk.outcome import Line, Modelled, Verdict
from egide.risk.published import Unit

FIGURE = reference.national_figures().figures[0]
FR, EN = Setter("fr", plain_text), Setter("en", plain_text)


def row(published, low="10", middle="20", high="40", unit=Unit.COUNT):
    figure = replace(FIGURE, published=tuple(map(Decimal, published)), unit=unit)
    found = Modelled(*map(Decimal, (middle, low, high)))
    return figure, Line(figure.id, found, found.verdict(figure), found.by_a_hair(figure))


def bars(svg):
    boxes = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    return [(float(x), float(x) + float(width)) for x, width in boxes][:-1]


def diamonds(svg):
    return [float(x) for x in re.findall(r'd="M([\d.]+) [\d.]+L[^"]*z" fill', svg)][:-1]


def test_a_published_value_stands_on_the_bar_when_it_is_inside():
    svg = backtest_chart("Essai", [row(["30"]), row(["90"])], FR, "a").svg
    (low, high), _ = bars(svg)
    inside, outside = diamonds(svg)
    assert low < inside < high < outside <= NARROW


def test_a_range_has_two_marks_and_what_is_out_of_scale_stands_at_the_edge():
    svg = backtest_chart("Essai", [row(["15", "25"]), row(["0", "9000"])], FR, "a").svg
    first, last, edge, far = diamonds(svg)
    assert first < last
    assert edge < first
    assert last < far <= NARROW


def test_verdicts_are_written_and_the_alternative_names_what_is_missed():
    drawn = backtest_chart("Essai", [row(["30"]), row(["90"])], FR, "a")
    assert "hors" in drawn.svg
    assert "dedans" in drawn.svg
    assert FIGURE.name.fr.split()[0] in drawn.description
    assert drawn.rows[1][2].replace("’", "'") == "hors de l'intervalle"
    assert len(drawn.head) == len(drawn.rows[0])
    all_inside = backtest_chart("Essai", [row(["30"])], EN, "a")
    assert "All 1" in all_inside.description


def test_the_picture_is_xml_and_the_same_for_the_same_data():
    rows = [(figure, line) for figure, line in zip(reference.national_figures().figures, reference.backtest().lines, strict=True)]  # fmt: skip
    one, other = (backtest_chart("Essai", rows, FR, "a").svg for _ in range(2))
    assert one == other
    ElementTree.fromstring(one)  # noqa: S314 (made by us)
    assert "style" not in one


@pytest.mark.parametrize(
    ("unit", "published", "fr", "en"),
    [
        (Unit.COUNT, ["592"], "592", "592"),
        (Unit.SHARE, ["0.8403"], "84,03 %", "84.03%"),
        (Unit.SHARE, ["0.21", "0.58"], "21 à 58 %", "21 to 58%"),
        (Unit.RANK, ["0.80", "0.995"], "P80 à P99,5", "P80 to P99.5"),
        (Unit.DAYS, ["35", "38"], "35 à 38 jours", "35 to 38 days"),
        (Unit.EUROS, ["8200", "42500"], "8,2 à 42,5 k€", "€8.2k to €42.5k"),
    ],
)
def test_figures_are_said_in_their_unit(unit, published, fr, en):
    figure, _ = row(published, unit=unit)
    plain = [words.published(setter, figure).replace("\u202f", " ").replace("\u00a0", " ") for setter in (FR, EN)]
    assert plain[0] == fr
    assert plain[1].replace(" %", "%") == en


def test_hair_and_zero_are_said():
    _, line = row(["40.5"])
    assert (line.verdict, line.by_a_hair) == (Verdict.OUTSIDE, True)
    assert "de peu" in str(words.verdict(line))
    assert "de peu" in str(words.verdict(row(["39.5"])[1]))
    assert words.short(Decimal(0)) == 0
    assert str(words.short(Decimal("12345"))) == "12345"
    assert str(words.short(Decimal("0.123456"))) == "0.123"
