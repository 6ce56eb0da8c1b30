"""A purchase in a link: read back as it was written, one writing for one purchase, nothing guessed."""

import json
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import reference
from egide.clausier.model import Depth
from egide.clausier.purchase import combined
from egide.cli import main
from egide.tender.model import Purchase
from egide.web.clauses import wish
from egide.web.clauses.wish import Wish

CLAUSIER = reference.clausier()
VOCABULARY = reference.vocabulary()
POINTS = list(CLAUSIER.points)
FACETS = VOCABULARY.values
ORDER = {point: rank for rank, point in enumerate(POINTS)}


def some(values, most=4):
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=most)


@st.composite
def wishes(draw):
    facets = {}
    for facet in draw(some(FACETS, 5)):
        if values := draw(some(FACETS[facet])):
            facets[facet] = tuple(sorted(values))
    order = list(VOCABULARY.profile)
    keep = sorted(draw(some(POINTS)), key=ORDER.__getitem__)
    drop = sorted(set(draw(some(POINTS))) - set(keep), key=ORDER.__getitem__)
    return Wish(
        Purchase(
            facets,
            tuple(sorted(draw(some(order)), key=order.index)),
            draw(st.sampled_from([None, *Depth])),
            tuple(sorted(draw(some(POINTS)), key=ORDER.__getitem__)),
        ),
        draw(st.none() | st.decimals(0, 10**9, places=2).map(lambda each: each.normalize() + 0)),
        draw(st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1))),
        tuple(keep),
        tuple(drop),
        draw(st.sampled_from(["", wish.mark(CLAUSIER), "2025.1-abcdef01"])),
    )


def read(query):
    return wish.read(parse_qs(query), CLAUSIER)


@given(wishes())
def test_a_link_is_read_back_as_it_was_written(made):
    query = wish.link(made)
    again, found = read(query)
    assert found == ()
    assert again == made
    assert wish.link(again) == query


@given(wishes(), st.randoms())
def test_any_writing_of_a_purchase_leads_to_its_one_link(made, chance):
    pairs = [(name, value) for name, values in parse_qs(wish.link(made)).items() for value in values]
    apart = [
        (name, part) for name, value in pairs for part in (value.split(".") if name not in {"amount", "v"} else [value])
    ]
    chance.shuffle(apart)
    loose = {}
    for name, part in apart:
        loose.setdefault(name, []).append(part)
    again, found = wish.read(loose, CLAUSIER)
    assert found == ()
    assert wish.link(again) == wish.link(made)


@given(
    st.dictionaries(
        st.sampled_from(["profile", "data", "amount", "sent", "level", "keep", "drop", "covered", "v", "x"]),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
def test_no_link_is_too_strange_to_be_read(query):
    made, found = wish.read(query, CLAUSIER)
    again, _ = read(wish.link(made))
    assert again == made
    assert all(each.severity.value == "doubt" for each in found)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("profile=inconnu", "profile"),
        ("data=inconnu", "data"),
        ("amount=beaucoup", "amount"),
        ("amount=-1", "amount"),
        ("amount=1e999", "amount"),
        ("amount=99999999999999", "amount"),
        ("sent=hier", "sent"),
        ("sent=0001-01-01", "sent"),
        ("level=extreme", "level"),
        ("keep=EG-999", "keep"),
        ("drop=EG-999", "drop"),
        ("covered=EG-999", "covered"),
    ],
)
def test_what_is_not_understood_is_said(query, place):
    made, found = read(query)
    assert [each.place for each in found] == [place]
    assert found[0].read in query
    assert wish.link(made) == ""


def test_a_point_both_kept_and_dropped_is_left_to_the_rules():
    made, _ = read("keep=EG-001.EG-002&drop=EG-002.EG-003")
    assert (made.keep, made.drop) == (("EG-001",), ("EG-003",))


def test_the_amount_decides_by_the_thresholds_of_the_day():
    known = Wish(amount=Decimal(500_000), sent_on=date(2026, 11, 22))
    assert known.described.facets["value"] == ("formalised",)
    assert Wish(amount=Decimal(1), sent_on=date(2026, 11, 22)).described.facets["value"] == ("small",)
    assert Wish(amount=Decimal(500_000)).described == Purchase()


# ------------------------------------------------------------------------------------------------------------- outcome
@settings(deadline=None)
@given(wishes())
def test_what_is_set_by_hand_prevails_and_nothing_else_changes(made):
    found = wish.outcome(made, CLAUSIER)
    kept = set(found.clausier.points)
    by_rules = set(found.made.selection.kept)
    assert kept == (by_rules | set(made.keep)) - set(made.drop)
    assert [each.point for each in found.choices] == POINTS
    assert all(str(each.reason) for each in found.choices)


@settings(deadline=None)
@given(wishes(), some(POINTS, 20))
def test_an_adjustment_keeps_exactly_what_is_ticked(made, ticked):
    again = wish.adjusted(made, wish.outcome(made, CLAUSIER), ticked)
    assert set(wish.outcome(again, CLAUSIER).clausier.points) == set(ticked)
    assert wish.adjusted(again, wish.outcome(again, CLAUSIER), ticked) == again


@given(some(VOCABULARY.profile), st.data())
def test_answers_in_full_say_the_same_purchase(profiles, data):
    chosen = [VOCABULARY.profile[each] for each in profiles]
    own = {facet: tuple(data.draw(some(FACETS[facet]))) for facet in data.draw(some(FACETS))}
    whole = combined(chosen, {name: values for name, values in own.items() if values})
    said = wish.stated(profiles, whole)
    again = combined([VOCABULARY.profile[each] for each in said.profiles], said.facets)
    assert again == whole


def test_an_answer_taken_back_drops_the_profiles():
    facets = combined([VOCABULARY.profile["saas_health"]])
    kept = wish.stated(["saas_health"], facets | {"care": ("critical",)})
    assert kept == Purchase({"care": ("critical",)}, ("saas_health",))
    taken_back = wish.stated(["saas_health"], facets | {"network": ()})
    assert taken_back.profiles == ()
    assert "network" not in taken_back.facets
    assert taken_back.facets["data"] == ("health",)


# -------------------------------------------------------------------------------------------------------- command line
@pytest.mark.parametrize(
    "query",
    [
        "profile=saas_health",
        "profile=saas_health.with_ai&care=critical&amount=260000&sent=2026-12-01",
        "profile=connected_device&value=small",
        "object=software.workstation&data=health&level=renforce",
        "profile=framework_call_off.saas_health&covered=EG-001.EG-015&sent=2026-12-01",
        "",
    ],
)
def test_the_command_line_keeps_the_same_points(query, capsys):
    made, _ = read(query)
    words = wish.command(made).split()
    assert words[:3] == ["egide", "clausier", "select"]
    with pytest.raises(SystemExit, match="0"):
        main([*words[1:], "--json"])
    said = json.loads(capsys.readouterr().out)
    found = wish.outcome(made, CLAUSIER)
    assert said["kept"] == list(found.clausier.points)
    assert said["level"] == found.made.selection.level.value
    assert [each["reason"] for each in said["choices"]] == [str(each.reason) for each in found.choices]
