"""The pictures: well formed, inert, unique, read by everybody in light and in dark, and true to the table behind them."""

import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from egide.report import robustness as robustness_note
from egide.report.papers import font
from egide.report.papers.typography import Setter, plain_text, printable
from egide.report.pictures import colours, of_lot
from egide.report.pictures.exceedance import Exceedance, Line, Reading, exceedance_curve
from egide.report.pictures.heat import Cell, Group, HeatMap, Row, heat_map, pages
from egide.report.pictures.picture import NARROW, WIDE, Picture, fitted, identifier, length
from egide.report.pictures.ranking import Total, Totals, ranking_bars
from egide.report.pictures.themes import Series, ThemeNotes, theme_bars
from egide.report.pictures.tower import Slice, Tower, insurance_tower
from egide.report.pictures.weights import Interval, Intervals, weight_intervals
from egide.report.view import view
from egide.tender.trial.robustness import Doubt, robustness
from report import consultations

SVG = "{http://www.w3.org/2000/svg}"
FRENCH, ENGLISH = Setter("fr", plain_text), Setter("en", plain_text)
LONG = "Groupement momentané d'entreprises solidaire de la vallée du Haut-Rhône et de ses affluents"
HOSTILE = ("<script>alert(1)</script>", "a & b < c > \"d\" 'e'", "]]>", "a\x00b\x07", "#let x = 1", "\u202egnp.exe", LONG, "\u200bcoupé\u00adici", "1\u202f234")  # fmt: skip
LIGHT, DARK = "#ffffff", "#212529"
PAGE_TEXT = {LIGHT: "#212529", DARK: "#dee2e6"}


def themes(names: tuple[str, ...] = ("Aramis", "Bélénos")) -> ThemeNotes:
    series = tuple(Series(name, (Decimal("12.5"), Decimal(n), None)) for n, name in enumerate(names))
    return ThemeNotes("Lot 1", Decimal(20), ("T1 – Contrat", "T2 – Données", "T3 – Logiciels"), series)


def ranking(names: tuple[str, ...] = ("Aramis", "Bélénos")) -> Totals:
    bids = tuple(Total(name, (Decimal("39.5"), Decimal("24.25")), Decimal("63.75")) for name in names)
    return Totals("Lot 1", ("Prix", "Sécurité"), bids)


def weights(names: tuple[str, ...] = ("Aramis", "Bélénos")) -> Intervals:
    low = Interval("Prix", Decimal(40), Decimal("12.345"), Decimal(100), names[-1])
    high = Interval("Sécurité", Decimal(60), Decimal(0), Decimal("87.655"), "", names[-1])
    return Intervals("Lot 1", names[0], (low, high))


def heat(names: tuple[str, ...] = ("Aramis", "Bélénos")) -> HeatMap:
    cells = (Cell(Decimal(1), "Complet"), Cell(Decimal("0.75"), "Bon"), Cell(Decimal("0.5")), Cell(Decimal("0.25")), Cell(Decimal(0), "Insuffisant"), Cell(), Cell(Decimal(0), "Irrégulier", alert=True), None)  # fmt: skip
    rows = tuple(
        Row(f"EG-{n:03} {names[0]}", tuple(cells[(n + m) % len(cells)] for m in range(len(names)))) for n in range(8)
    )
    return HeatMap(
        "Valeurs – lot 1", "Point", names, (Group("T1 – Contrat", rows[:3]), Group("T2 – Données", rows[3:]))
    )


def losses(names: tuple[str, ...] = ("Brute", "Conservée")) -> Exceedance:
    def readings(n: int) -> tuple[Reading, ...]:
        return tuple(
            Reading(1 / years, 1e5 * years / (n + 1), 3e3 * years * (n % 2)) for years in (2, 5, 10, 20, 50, 100)
        )

    return Exceedance("Lot 1", tuple(Line(name, readings(n)) for n, name in enumerate(names)))


def programme(names: tuple[str, ...] = ("Tranche 1", "Tranche 2")) -> Tower:
    slices = tuple(
        Slice(name, 1e5 + 1e6 * n, 1.1e6 + 1e6 * n, (1.0, 0.8, 0.05)[n % 3], (names[-1],))
        for n, name in enumerate(names)
    )
    return Tower(
        "Lot 1", 1e5, "Franchise : 100 k€", slices, 3e6 + 1e6 * len(names), tuple((name, names[0]) for name in names)
    )


Make = Callable[[tuple[str, ...], Setter, str, int], Picture]
KINDS: dict[str, Make] = {
    "themes": lambda names, setter, key, width: theme_bars(themes(names), setter, key, width),
    "ranking": lambda names, setter, key, width: ranking_bars(ranking(names), setter, key, width),
    "weights": lambda names, setter, key, width: weight_intervals(weights(names), setter, key, width),
    "heat": lambda names, setter, key, width: heat_map(heat(names), setter, key, width),
    "losses": lambda names, setter, key, width: exceedance_curve(losses(names), setter, key, width),
    "tower": lambda names, setter, key, width: insurance_tower(programme(names), setter, key, width),
}
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
each_setter = pytest.mark.parametrize("setter", [FRENCH, ENGLISH], ids=["fr", "en"])


def tree(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.svg)  # noqa: S314 (made here)


def texts(picture: Picture) -> list[str]:
    """The texts that are seen, without the titles of those that are cut."""
    found = []
    for element in tree(picture).iter(f"{SVG}text"):
        title = element.find(f"{SVG}title")
        found += [title.tail or ""] if title is not None else [part for part in element.itertext() if part]
    return found


# --------------------------------------------------------------------------------------------------------- as an SVG
@each_setter
@each_kind
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_it_is_an_image_with_a_title_and_a_text_named_once(make: Make, setter: Setter, width: int) -> None:
    made = make(("Aramis", "Bélénos"), setter, "lot-1", width)
    root = tree(made)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    assert by_id[root.get("aria-labelledby")].text == made.title.replace("\u202f", "\u00a0")
    assert by_id[root.get("aria-describedby")].text == made.description.replace("\u202f", "\u00a0")
    assert made.title
    assert made.description
    assert root.get("viewBox") == f"0 0 {made.width} {made.height}"


@each_kind
def test_identifiers_are_those_of_one_picture_of_a_page(make: Make) -> None:
    made = [make(("Aramis",), FRENCH, key, NARROW) for key in ("a", "b", "a b", "a_b", "<a>", "é", "1")]
    ids = [element.get("id", "") for picture in made for element in tree(picture).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(made)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", each) for each in ids)


@given(st.text(max_size=12), st.text(max_size=12))
def test_two_keys_never_give_one_identifier(one: str, other: str) -> None:
    assert (identifier(one) == identifier(other)) == (one == other)
    assert re.fullmatch("picture-[A-Za-z0-9_-]*", identifier(one))


@each_setter
@each_kind
def test_hostile_names_stay_texts(make: Make, setter: Setter) -> None:
    made = make(HOSTILE, setter, HOSTILE[0], NARROW)
    root = tree(made)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "desc", "rect", "path", "line", "text", "tspan"}  # fmt: skip
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}
    assert "<style" not in made.svg
    assert "url(" not in made.svg


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4).map(tuple), st.sampled_from(sorted(KINDS)))
def test_any_name_gives_well_formed_xml(names: tuple[str, ...], kind: str) -> None:
    ET.fromstring(KINDS[kind](names, FRENCH, names[0], NARROW).svg)  # noqa: S314 (made here)


@each_kind
def test_same_data_same_bytes(make: Make) -> None:
    assert make(HOSTILE, FRENCH, "k", NARROW) == make(HOSTILE, FRENCH, "k", NARROW)


@each_kind
def test_no_class_and_no_font_that_paper_does_not_have(make: Make) -> None:
    root = tree(make(("Aramis", "Bélénos"), FRENCH, "k", NARROW))
    assert root.get("font-family", "").split(",")[0] == font.FAMILY
    assert [element.get("font-family") for element in root.iter() if element.get("font-family")] == [root.get("font-family")]  # fmt: skip


@each_kind
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_paper_takes_it_without_a_warning(make: Make, width: int) -> None:
    made = make(HOSTILE, Setter("fr", printable), "k", width)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.FONTS)])
    source = '#set document(title: "x")\n#image(bytes(sys.inputs.svg), format: "svg", alt: "x", width: 100%)'
    shown = tuple(printable(name) for name in HOSTILE)
    made = make(shown, Setter("fr", printable), "k", width)
    result, warnings = typst.compile_with_warnings(
        source.encode(), font_paths=fonts, sys_inputs={"svg": made.svg}, pdf_standards=["ua-1"]
    )
    assert not warnings
    assert result.startswith(b"%PDF")


# ------------------------------------------------------------------------------------------------------------- names
@each_kind
def test_a_long_name_is_cut_on_the_picture_and_whole_in_its_title(make: Make) -> None:
    made = make((LONG, LONG + " bis"), FRENCH, "k", NARROW)
    titles = [element.text for element in tree(made).iter(f"{SVG}title")][1:]
    cut = [shown for shown in texts(made) if shown.endswith("…")]
    if make is KINDS["weights"]:
        assert LONG.replace("'", "’") in made.title
    else:
        assert any(LONG in (title or "") for title in titles)
        assert len(cut) == len(titles)
    assert all(LONG not in shown for shown in texts(made))


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.floats(20, 400))
def test_a_cut_text_stands_in_its_room_and_begins_the_whole(text: str, room: float) -> None:
    shown = fitted(text, room, 14)
    assert length(shown, 14) <= room
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


# ----------------------------------------------------------------------------------------------------------- colours
def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("page", [LIGHT, DARK], ids=["light", "dark"])
@each_kind
def test_shapes_stand_out_of_the_page_and_texts_are_read(make: Make, page: str) -> None:
    names = tuple(f"Société {n}" for n in range(9))
    made = make(names, FRENCH, "k", WIDE)
    painted: list[tuple[float, float, float, float, str]] = []
    for element in tree(made).iter():
        fill, stroke = element.get("fill", ""), element.get("stroke", "")
        if element.tag in {f"{SVG}rect", f"{SVG}path"} and fill != "none":
            assert contrast(fill, page) >= 3 or contrast(stroke, page) >= 3, (fill, stroke)
        if stroke:
            assert contrast(PAGE_TEXT[page] if stroke == colours.TEXT else stroke, page) >= 3
        painted += boxes(element)
        if element.tag == f"{SVG}text" and element.get("transform") is None:
            ink = element.get("fill", colours.TEXT)
            ink = PAGE_TEXT[page] if ink == colours.TEXT else ink
            for x, y in places(element):
                under = [fill for left, top, right, foot, fill in painted if left < x < right and top < y - 3 < foot]
                assert contrast(ink, under[-1] if under else page) >= 4.5, (ink, under)


def boxes(element: ET.Element) -> list[tuple[float, float, float, float, str]]:
    fill = element.get("fill", "")
    if element.tag == f"{SVG}rect" and fill != "none":
        x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
        return [(x, y, x + width, y + height, fill)]
    if element.tag == f"{SVG}path" and fill != "none":
        found = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)", element.get("d", ""))
        return [(float(x), float(y), float(x) + float(w), float(y) + float(h), fill) for x, y, w, h in found]
    return []


def places(element: ET.Element) -> list[tuple[float, float]]:
    """A place inside each text of an element."""
    y = float(element.get("y", "0"))
    starts = [span.get("x", "") for span in element.iter(f"{SVG}tspan")] or [element.get("x", "0")]
    shift = {"middle": 0, "end": -2}.get(element.get("text-anchor", "start"), 2)
    return [(float(x) + shift, y) for x in starts]


def test_each_hue_bears_black_text_on_both_pages() -> None:
    for hue in (*colours.HUES, colours.LINE):
        assert min(contrast(hue, LIGHT), contrast(hue, DARK)) >= 3, hue
        assert contrast(hue, colours.BLACK) >= 4.5, hue
    assert len(set(colours.HUES)) == len(colours.HUES)


def test_each_shade_bears_its_ink() -> None:
    shades = [colours.shade(Decimal(value)) for value in ("1", "0.75", "0.5", "0.01", "0")]
    assert shades == [colours.FULL, colours.HIGH, colours.MIDDLE, colours.LOW, colours.NONE]
    assert all(contrast(shade.fill, shade.ink) >= 4.5 for shade in (*shades, colours.ALERT))
    assert colours.shade(Decimal("0.9999")) is colours.HIGH


@given(st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_a_better_value_never_has_a_worse_shade(one: Decimal, other: Decimal) -> None:
    order = [colours.NONE, colours.LOW, colours.MIDDLE, colours.HIGH, colours.FULL]
    low, high = sorted((one, other))
    assert order.index(colours.shade(low)) <= order.index(colours.shade(high))


# ------------------------------------------------------------------------------------------ the table and the picture
@each_setter
def test_bars_by_theme_are_as_long_as_their_notes(setter: Setter) -> None:
    made = theme_bars(themes(), setter, "k")
    assert made.rows[1] == ("T2 – Données", setter.number(Decimal(0)), setter.number(Decimal(1)))
    assert made.rows[2][1:] == ("—", "—")
    assert made.head[1:] == ("Aramis", "Bélénos")
    shown = texts(made)
    assert all(cell in shown for row in made.rows for cell in row)
    full = [float(each.get("width", "0")) for each in tree(made).iter(f"{SVG}rect") if each.get("fill") == "none"]
    bars = [float(each.get("width", "0")) for each in tree(made).iter(f"{SVG}rect") if each.get("fill") != "none"]
    assert len(full) == 6
    assert [round(bar / full[0], 3) for bar in bars] == pytest.approx([0.625, 0.625, 0.0, 0.05], abs=0.002)
    for number in ("12,50", "0,00") if setter.language == "fr" else ("12.50", "0.00"):
        assert number in made.description


def test_bars_of_one_bid_need_no_name() -> None:
    made = theme_bars(themes(("Aramis",)), FRENCH, "k")
    assert "Aramis" not in texts(made)
    assert made.head == ("Thème", "Aramis")


@each_setter
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_pieces_of_a_total_add_up_to_it(setter: Setter, width: int) -> None:
    made = ranking_bars(ranking(), setter, "k", width)
    assert made.rows[0] == ("Aramis", *(setter.number(Decimal(each)) for each in ("39.5", "24.25", "63.75")))
    assert tuple(each.replace("\u202f", " ") for each in made.head[1:3]) == (
        ("A : Prix", "B : Sécurité") if setter.language == "fr" else ("A: Prix", "B: Sécurité")
    )
    rects = [each for each in tree(made).iter(f"{SVG}rect") if each.get("height") == "20"]
    pieces, whole = rects[:2], float(rects[2].get("width", "0"))
    drawn = sum(float(each.get("width", "0")) + 1.5 for each in pieces)
    assert drawn / whole == pytest.approx(0.6375, abs=0.002)
    shown = texts(made)
    assert {"A 39,5", "B 24,3"} <= set(shown) if setter.language == "fr" else {"A 39.5", "B 24.3"} <= set(shown)
    assert shown.count(setter.number(Decimal("63.75"))) == 2


@each_setter
def test_a_band_goes_from_bound_to_bound_and_the_published_weight_is_marked(setter: Setter) -> None:
    made = weight_intervals(weights(), setter, "k")
    assert made.rows[0][2].replace("\u202f", "").replace(" ", "") == f"{setter.number(Decimal('12.35'))}%"
    assert made.rows[0][4:] == ("Bélénos", "—")
    root = tree(made)
    band = next(root.iter(f"{SVG}rect"))
    left, full = 20, NARROW - 40
    assert float(band.get("x", "0")) == pytest.approx(left + full * 0.12345, abs=0.1)
    assert float(band.get("width", "0")) == pytest.approx(full * 0.87655, abs=0.2)
    marks = [each for each in root.iter(f"{SVG}line") if each.get("stroke") == colours.TEXT]
    assert [float(each.get("x1", "0")) for each in marks] == pytest.approx([left + full * 0.4, left + full * 0.6])
    assert all(each.criterion in made.description for each in weights().criteria)


@each_setter
def test_each_cell_of_a_map_says_its_value(setter: Setter) -> None:
    names = tuple(f"Société {n}" for n in range(8))
    made = heat_map(heat(names), setter, "k")
    assert (len(made.rows), made.texts) == (8, 2)
    assert made.head == ("Thème" if setter.language == "fr" else "Theme", "Point", *names)
    for row, shown in zip((row for group in heat(names).groups for row in group.rows), made.rows, strict=True):
        assert shown[1] == row.name
        for cell, said in zip(row.cells, shown[2:], strict=True):
            assert said == ("—" if cell is None else " ".join(filter(None, (cell.word, "?" if cell.value is None else setter.number(cell.value, None)))))  # fmt: skip
    signs = [part for element in tree(made).iter(f"{SVG}tspan") for part in element.itertext()]
    half = setter.number(Decimal("0.5"), None)
    assert (len(signs), signs.count("!"), signs.count("?"), signs.count(half)) == (56, 8, 8, 8)


def test_a_wide_cell_has_its_word_too() -> None:
    made = heat_map(heat(("Aramis", "Bélénos")), FRENCH, "k", WIDE)
    assert {"Complet 1", "Bon 0,75", "0,5", "Irrégulier 0", "?"} <= {text.replace("!", "0") for text in texts(made)}


def test_the_key_tells_exceptions_only_when_there_are_some() -> None:
    plain = HeatMap("Valeurs", "Point", ("Aramis",), (Group("", (Row("EG-001", (Cell(Decimal(1)),)),)),))
    made = heat_map(plain, FRENCH, "k")
    assert "irrégulier" not in texts(made)
    assert "irrégulier" in texts(heat_map(heat(), FRENCH, "k"))
    assert (made.head, made.texts) == (("Point", "Aramis"), 1)


@given(
    st.lists(st.tuples(st.sampled_from(["", "T"]), st.integers(1, 40)), min_size=1, max_size=12),
    st.integers(1, 40),
    st.integers(10, 60),
)
def test_a_map_in_pages_keeps_each_row_once_in_its_order(sizes: list[tuple[str, int]], first: int, most: int) -> None:
    groups = tuple(
        Group(f"{title}{n}" if title else "", tuple(Row(f"{n}-{m}", (None,)) for m in range(size)))
        for n, (title, size) in enumerate(sizes)
    )
    whole = HeatMap("Carte", "Point", ("a",), groups)
    made = pages(whole, first, most)
    rows = [row for part in made for group in part.groups for row in group.rows]
    assert rows == [row for group in groups for row in group.rows]
    for part in made:
        lines = sum(len(group.rows) + 2 * bool(group.title) for group in part.groups)
        assert lines <= max(most, first) or len(part.groups) == 1
    assert all(replace(part, groups=()) == replace(whole, groups=()) for part in made)


# --------------------------------------------------------------------------------------------------------- evaluations
def test_the_pictures_of_a_lot_show_what_its_report_says() -> None:
    kept = consultations.record(4, 2, split=True)
    seen = view(kept, plain_text)
    lot = seen.tender.lots[0]
    rows = of_lot.shown(seen, lot)
    totals = of_lot.totals(seen, lot, rows)
    assert [bid.total for bid in totals.bids] == [row.total for row in rows]
    assert all(abs(sum(bid.points) - bid.total) < Decimal("0.001") for bid in totals.bids)
    levels = of_lot.levels(seen, lot, rows)
    assert levels.columns == tuple(bid.name for bid in totals.bids)
    counted = {row.name.split()[0]: row.cells for group in levels.groups for row in group.rows}
    scored = [point for point in seen.clausier_of(lot.id).points.values() if point.award_use.scores]
    for n, row in enumerate(rows):
        note = next(each for each in row.notes if seen.clausier_criterion and each.id == seen.clausier_criterion.id)
        earned = sum((cells.value or 0) * point.weight for point in scored if (cells := counted[point.id][n]))
        assert sum(part.earned for part in note.parts) == earned


def test_notes_by_theme_weigh_to_the_note_of_the_criterion() -> None:
    seen = view(consultations.record(4), plain_text)
    lot = seen.tender.lots[0]
    rows = of_lot.shown(seen, lot)
    data = of_lot.theme_notes(seen, lot, rows)
    weights_ = [sum(point.weight for point in points) for _, points in of_lot.scored(seen, lot)]
    shares = of_lot.shares(seen, lot, rows)
    for n, row in enumerate(rows):
        note = next(each for each in row.notes if seen.clausier_criterion and each.id == seen.clausier_criterion.id)
        mean = sum(one * weight for one, weight in zip(data.series[n].notes, weights_, strict=True) if one is not None)
        assert float(mean / sum(weights_)) == pytest.approx(float(note.note))
        assert [cell.value for cell in shares.groups[0].rows[n].cells if cell] == [each / data.scale for each in data.series[n].notes if each is not None]  # fmt: skip


def test_a_provisional_map_says_what_nobody_retained() -> None:
    seen = view(consultations.record(4, exclude=False, provisional=True), plain_text)
    lot = seen.tender.lots[0]
    made = heat_map(of_lot.levels(seen, lot, of_lot.shown(seen, lot)), seen.set, "k")
    assert any("?" in row for row in made.rows)
    assert "rien de retenu" in texts(made)


def test_intervals_are_those_of_the_robustness_note() -> None:
    kept = consultations.record(4)
    seen = view(kept, plain_text)
    note = robustness(kept.evaluation, Doubt(draws=10)).lots[0]
    data = robustness_note.intervals(seen, note)
    assert data is not None
    assert note.strength is not None
    for shown, found in zip(data.criteria, note.strength.weights, strict=True):
        assert [float(each) for each in (shown.weight, shown.low, shown.high)] == pytest.approx([float(each) for each in (found.weight, found.low, found.high)])  # fmt: skip
    assert data.first == seen.name(note.strength.winner)
    assert robustness_note.intervals(seen, replace(note, strength=None)) is None
    assert robustness_note.intervals(seen, replace(note, strength=replace(note.strength, weights=()))) is None


def test_a_map_of_fifty_bids_is_made_quickly_and_stays_light() -> None:
    seen = view(consultations.record(50), plain_text)
    lot = seen.tender.lots[0]
    data = of_lot.levels(seen, lot, of_lot.shown(seen, lot))
    start = time.process_time()
    made = heat_map(data, seen.set, "k")
    assert time.process_time() - start < 2
    assert len(made.svg) < 600_000
    assert (len(made.rows), len(made.rows[0])) == (sum(len(group.rows) for group in data.groups), 2 + len(data.columns))
    assert len(list(tree(made).iter(f"{SVG}path"))) <= 7
