"""The pictures of losses: a curve says its table, a tower its programme; and the amounts that both write."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from math import inf, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.insurance.programme import Cover, Layer, Programme
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.terms import Retention
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import colours, of_loss
from egide.report.pictures.amounts import compact, sure
from egide.report.pictures.exceedance import DASHES, Exceedance, Line, Reading, exceedance_curve
from egide.report.pictures.picture import NARROW, WIDE, Picture
from egide.report.pictures.png import png
from egide.report.pictures.tower import Slice, Tower, insurance_tower

SVG = "{http://www.w3.org/2000/svg}"
FRENCH, ENGLISH = Setter("fr", plain_text), Setter("en", plain_text)
YEARS = (2, 5, 10, 20, 50, 100)


def tree(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.svg)  # noqa: S314 (made here)


def spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def seen(picture: Picture) -> list[str]:
    return [spaces(part) for each in tree(picture).iter(f"{SVG}text") for part in each.itertext()]


# ----------------------------------------------------------------------------------------------------------- amounts
@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (0, "0 €", "€0"),
        (7.126, "7,13 €", "€7.13"),
        (999.6, "1 k€", "€1k"),
        (1_000, "1 k€", "€1k"),
        (728_018.8, "728 k€", "€728k"),
        (1_234_567, "1,23 M€", "€1.23m"),
        (2.5e9, "2,5 Md€", "€2.5bn"),
        (3e14, "300 000 Md€", "€300,000bn"),
        (1.234e47, "1,23 × 10^47 EUR", "1.23 × 10^47 EUR"),
        (-1_500, "−1,5 k€", "€−1.5k"),
        (inf, "∞", "∞"),
    ],
)
def test_an_amount_has_three_figures_and_its_unit(amount, french, english):
    assert spaces(compact(FRENCH, amount)) == french
    assert spaces(compact(ENGLISH, amount)) == english


def test_a_currency_without_a_sign_keeps_its_code():
    assert spaces(compact(FRENCH, 2_000, "XPF")) == "2 kXPF"
    assert spaces(compact(ENGLISH, 2_000, "XPF")) == "2 kXPF"
    assert spaces(compact(FRENCH, 12, "")) == "12"


@given(st.floats(2, 1e15), st.floats(2, 1e15))
def test_the_order_of_amounts_is_seen(one, other):
    low, high = sorted((one, other))
    if high > low * 1.01:
        assert compact(FRENCH, low) != compact(FRENCH, high)


def test_an_error_is_written_with_two_figures_and_only_when_there_is_one():
    assert spaces(sure(FRENCH, 728_018.8, 5_000)) == "728 k€ ± 9,8 k€"
    assert spaces(sure(FRENCH, 728_018.8, 0)) == "728 k€"


# ------------------------------------------------------------------------------------------------------------- curves
def line(name: str, times: float, error: float = 0.0) -> Line:
    return Line(name, tuple(Reading(1 / years, times * years, error) for years in YEARS))


def paths(picture: Picture) -> list[ET.Element]:
    return [each for each in tree(picture).iter(f"{SVG}path") if each.get("fill") == "none"]


def points(path: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.get("d", ""))]


def test_a_rarer_year_stands_to_the_right_and_a_larger_amount_higher():
    made = exceedance_curve(Exceedance("X", (line("brute", 1e4), line("cédée", 5e3))), FRENCH, "k")
    gross, ceded = (points(each) for each in paths(made))
    assert [x for x, _ in gross] == sorted(x for x, _ in gross)
    assert [y for _, y in gross] == sorted((y for _, y in gross), reverse=True)
    assert all(low[1] > high[1] and low[0] == high[0] for low, high in zip(ceded, gross, strict=True))
    foot = made.height - 46
    assert (foot - ceded[-1][1]) / (foot - gross[-1][1]) == pytest.approx(0.5, abs=0.01)


def test_lines_are_told_apart_by_their_dashes_their_names_and_their_colours():
    lines = tuple(line(name, 1e4 / n) for n, name in enumerate(("brute", "conservée", "cédée"), 1))
    made = exceedance_curve(Exceedance("X", lines), FRENCH, "k")
    assert [each.get("stroke-dasharray", "") for each in paths(made)] == list(DASHES[:3])
    assert [each.get("stroke") for each in paths(made)] == list(colours.HUES[:3])
    assert {"brute", "conservée", "cédée"} <= set(seen(made))


def test_names_at_one_height_are_written_one_above_the_other():
    lines = tuple(line(name, 1e4) for name in ("a", "b", "c", "d"))
    made = exceedance_curve(Exceedance("X", lines), FRENCH, "k")
    ends = [float(each.get("y", "0")) for each in tree(made).iter(f"{SVG}text") if each.text in {"a", "b", "c", "d"}]
    assert all(abs(one - other) >= 16 for n, one in enumerate(ends) for other in ends[:n])
    assert max(ends) < made.height


def ticks(picture: Picture) -> list[str]:
    """Return the amounts of the scale, the lowest first."""
    return [spaces(each.text) for each in tree(picture).iter(f"{SVG}text") if each.get("text-anchor") == "end"]


@given(st.floats(10, 1e12))
def test_a_scale_of_one_figure_has_ticks_of_one_figure(most):
    data = Exceedance("X", (Line("brute", (Reading(0.5, 0), Reading(0.01, most))),), figures=1)
    shown = ticks(exceedance_curve(data, FRENCH, "k"))
    assert 2 <= len(shown) <= 7
    assert all(len(re.sub(r"[^\d]", "", each).strip("0")) <= 1 for each in shown), shown
    assert len(set(shown)) == len(shown)


def test_notes_are_written_under_the_curves_and_told():
    bare, noted = (exceedance_curve(Exceedance("X", (line("brute", 1e4),), notes=notes), FRENCH, "k", WIDE) for notes in ((), ("Ordre de grandeur.", "Note " * 90)))  # fmt: skip
    assert "Ordre de grandeur." in seen(noted)
    assert any(said.endswith("…") for said in seen(noted))
    assert "Ordre de grandeur." in noted.description
    assert noted.height == bare.height + 51
    last = max(float(each.get("y", "0")) for each in tree(noted).iter(f"{SVG}text"))
    assert last < noted.height


def test_an_error_is_a_band_and_stands_in_the_table():
    sure_, unsure = (exceedance_curve(Exceedance("X", (line("brute", 1e4, error),)), FRENCH, "k") for error in (0, 1e4))
    shaded = [each for each in tree(unsure).iter(f"{SVG}path") if each.get("fill-opacity")]
    assert len(shaded) == 1
    assert not [each for each in tree(sure_).iter(f"{SVG}path") if each.get("fill-opacity")]
    assert [spaces(cell) for cell in unsure.rows[0]] == ["2 (50 %)", "20 k€ ± 20 k€"]
    assert spaces(sure_.rows[-1][0]) == "100 (1 %)"


def test_the_table_keeps_round_years_and_the_text_tells_two_of_them():
    drawn = (0.5, 0.31, 0.2, 0.07, 0.05, 0.02, 0.013, 0.01)
    made = exceedance_curve(
        Exceedance("X", (Line("brute", tuple(Reading(p, 1e4 / p) for p in drawn)), line("cédée", 10))), FRENCH, "k"
    )
    assert [spaces(row[0]).split(" ")[0] for row in made.rows] == ["2", "5", "10", "20", "50", "100"]
    assert made.rows[2][1] == "—"
    assert "une année sur 20 dépasse 200 k€" in spaces(made.description)
    assert "une année sur 100 dépasse 1 M€" in spaces(made.description)


def test_years_that_are_not_round_are_all_in_the_table():
    made = exceedance_curve(Exceedance("X", (Line("b", (Reading(0.3, 1), Reading(0.03, 2))),)), ENGLISH, "k")
    assert [row[0] for row in made.rows] == ["3.3 (30%)", "33.3 (3%)"]


@pytest.mark.parametrize("lines", [(), (Line("rien", ()),), (Line("zéro", (Reading(0.5, 0), Reading(0.01, 0))),), (Line("un", (Reading(0.1, 5),)),)])  # fmt: skip
def test_nothing_to_draw_is_drawn_all_the_same(lines):
    made = exceedance_curve(Exceedance("X", lines), FRENCH, "k", WIDE)
    assert tree(made).get("role") == "img"


def test_the_probabilities_shown_are_those_of_which_enough_years_speak():
    assert min(of_loss.probabilities(100)) == 1 / 10
    assert min(of_loss.probabilities(100_000)) == 1 / 1000
    assert min(of_loss.probabilities(1_000_000)) == 1 / 10_000
    for years in (100, 10_000, 10**9):
        shown = of_loss.probabilities(years)
        assert list(shown) == sorted(set(shown), reverse=True)
        assert {1 / 2, 1 / 5, 1 / 10} <= set(shown)
        assert all(high / low > 1.005 for high, low in pairwise(shown))


class Straight(Curve):
    """A law whose amounts are known."""

    def exceedance(self, probabilities):
        return [Estimate(1 / each, each) for each in probabilities]


def test_a_law_is_read_at_the_probabilities_shown():
    import numpy as np

    made = of_loss.exceedance("X", [("brute", Straight(1000, np.zeros((0, 4))))], "EUR", 1000)
    assert made.lines[0].readings[0] == Reading(0.5, 2.0, 0.5)
    assert len(made.lines[0].readings) == len(of_loss.probabilities(1000))


# ------------------------------------------------------------------------------------------------------------- towers
WHOLE = Programme(
    "Programme",
    retention=Retention(flat=1e5),
    waiting_hours=12,
    indemnity_days=90,
    heads={"Frais": Cover(sublimit=2e6), "Interruption": Cover(0.1, 4e6), "Amendes": Cover(excluded=True), "Autre": Cover()},
    other_heads=Cover(0.25),
    event_limit=5e6,
    annual_limit=1e7,
    insurers={"Assureur A": 0.6, "Assureur B": 0.2},
    excluded_scenarios=frozenset({"guerre"}),
    paid=0.9,
)  # fmt: skip


def tower(programme: Programme, setter: Setter = FRENCH, width: int = NARROW) -> Picture:
    return insurance_tower(of_loss.tower(programme, setter, "EUR"), setter, "k", width)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_tower_says_all_that_its_programme_says(width):
    made = tower(WHOLE, width=width)
    shown = seen(made)
    for said in (
        "Franchise : 100 k€ par événement", "80 % de 100 k€ à 5,1 M€", "Assureur A 60 %, Assureur B 20 %", "10 M€ au plus dans l’année",
        "12 h d’arrêt", "90 jours", "2 M€ au plus par événement", "4 M€ au plus par événement, 10 % à votre charge", "non couvert", "couvert",
        "25 % à votre charge", "guerre", "90 fois sur 100", "20 %", "à vous", "à votre charge",
    ):  # fmt: skip
        assert said in shown, said
        if said not in {"20 %", "à vous", "à votre charge"}:
            assert said in spaces(made.description), said
    assert [spaces(cell) for cell in (made.rows[1][0], *made.rows[1][2:])] == ["Programme", "100 k€", "5,1 M€", "80 %"]


def test_english_says_it_in_english():
    assert "insured" not in " ".join(seen(tower(WHOLE)))
    assert any("a year" in said or "year" in said for said in seen(tower(WHOLE, ENGLISH)))


def rects(picture: Picture) -> list[tuple[float, float, float, float]]:
    boxes = tree(picture).iter(f"{SVG}rect")
    return [tuple(float(each.get(name, "0")) for name in ("x", "y", "width", "height")) for each in boxes]  # type: ignore[misc]


def test_layers_stand_one_on_the_other_with_the_share_that_is_placed():
    layers = (Layer("1", 0, 2e6, insurers={"A": 1.0}), Layer("2", 2e6, 3e6, insurers={"B": 0.5}))
    made = tower(Programme("P", retention=Retention(flat=1e5), layers=layers))
    whole, own, first, second = rects(made)
    assert own[1] == pytest.approx(first[1] + first[3], abs=0.2)
    assert first[1] == pytest.approx(second[1] + second[3], abs=0.2)
    assert first[2] == pytest.approx(whole[2], abs=0.2)
    assert second[2] == pytest.approx(whole[2] / 2, abs=0.2)
    assert own[1] + own[3] == pytest.approx(whole[1] + whole[3], abs=0.2)


@given(
    st.lists(st.tuples(st.floats(1, 1e8), st.floats(0, 1e7), st.floats(0, 1)), min_size=1, max_size=5),
    st.floats(0, 1e7),
    st.sampled_from([NARROW, WIDE]),
)
def test_any_tower_rises_from_its_foot_and_stays_on_its_sheet(cuts, retention, width):
    slices, low = [], retention
    for height, gap, share in cuts:
        slices.append(Slice("t", low + gap, low + gap + height, share, ("n",)))
        low += gap + height
    made = insurance_tower(Tower("P", retention, "r", tuple(slices), low * 1.1), FRENCH, "k", width)
    boxes = rects(made)
    assert all(x >= 0 and y >= 0 and x + w <= made.width + 0.2 and y + h <= made.height + 0.2 for x, y, w, h in boxes)
    tops = [y for _, y, _, _ in boxes[1 + (retention > 0) :]]
    assert tops == sorted(tops, reverse=True)


def test_a_layer_without_end_goes_up_to_the_top_of_the_drawing():
    made = tower(Programme("P", retention=Retention(flat=1e5)))
    whole, _, layer = rects(made)
    assert layer[1] == whole[1]
    assert "100 % au-delà de 100 k€" in seen(made)
    assert not any("∞" in said for said in seen(made))
    assert made.rows[1][3] == "∞"


def test_a_slice_above_the_drawing_is_told_without_being_drawn():
    data = Tower("P", 0, "", (Slice("basse", 0, 1e6), Slice("haute", 5e6, 6e6)), 2e6)
    made = insurance_tower(data, FRENCH, "k")
    assert "haute" not in seen(made)
    assert "haute" in made.description
    assert [row[0] for row in made.rows] == ["basse", "haute"]


@pytest.mark.parametrize(
    ("retention", "said"),
    [
        (Retention(), "0 € par événement"),
        (Retention(share=0.1, least=5e4, most=5e5), "10 % de l’événement, 50 k€ au moins, 500 k€ au plus"),
        (Retention(flat=1e5, share=0.05), "100 k€ par événement, 5 % de l’événement"),
        (Retention(least=5e4), "50 k€ par événement"),
    ],
)
def test_a_retention_is_said_in_words(retention, said):
    data = of_loss.tower(Programme("P", retention=retention, event_limit=1e6), FRENCH, "EUR")
    assert spaces(data.retained) == f"Franchise : {said}"


def test_a_disappearing_franchise_is_not_deducted():
    programme = replace(WHOLE, retention=Retention(flat=1e5, franchise=True))
    data = of_loss.tower(programme, FRENCH, "EUR")
    assert (data.retention, data.slices[0].low) == (0, 0)
    assert "au-delà, tout l’est dès le premier euro" in spaces(dict(data.beside)["Franchise simple"])


def test_bounds_of_the_year_are_said():
    layer = Layer("1", 0, 1e6, annual_retention=2e5, reinstatements=1)
    notes = of_loss.tower(Programme("P", layers=(layer,)), FRENCH, "EUR").slices[0].notes
    assert [spaces(each) for each in notes] == [
        "2 M€ au plus dans l’année",
        "les premiers 200 k€ de l’année à votre charge",
    ]


@given(st.just(0) | st.floats(1, 1e8), st.floats(1, 1e9), st.floats(1, 1e9))
def test_any_programme_is_drawn_above_its_last_bound(flat, event, year):
    programme = Programme(
        "P", retention=Retention(flat=flat), event_limit=min(event, year), annual_limit=max(event, year)
    )
    data = of_loss.tower(programme, FRENCH, "EUR")
    assert isfinite(data.top)
    assert data.top >= flat + min(event, year)


# ---------------------------------------------------------------------------------------------------------------- dots
def test_a_picture_is_an_image_of_dots_the_same_each_time():
    made = tower(WHOLE, width=WIDE)
    image = png(made.svg, made.width)
    assert image.startswith(b"\x89PNG")
    assert image == png(made.svg, made.width)
    wide, tall = (int.from_bytes(image[n : n + 4], "big") for n in (16, 20))
    assert (wide - 48) / made.width == pytest.approx(2, abs=0.05)
    assert tall > made.height


def test_what_is_no_drawing_is_refused():
    from egide.errors import EgideError

    with pytest.raises(EgideError, match="figure"):
        png("<svg", 400)
