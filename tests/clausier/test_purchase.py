"""Which points a purchase keeps, and why."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import clausier as made
from builders import point
from egide import reference
from egide.clausier.model import AwardUse, Depth
from egide.clausier.purchase import combined, level_of, select

CLAUSIER = reference.clausier()
VOCABULARY = reference.vocabulary()
PROFILES = VOCABULARY.profile
NAMES = sorted(PROFILES)


def facets_of(*names, **facets):
    return combined([PROFILES[name] for name in names], {name: (value,) for name, value in facets.items()})


def kept(facets, level=None, covered=()):
    return set(select(CLAUSIER, VOCABULARY, facets, level, covered).kept)


def test_a_hosted_imaging_system_with_a_gateway_is_the_union_of_its_three_profiles():
    names = ("saas_health", "device_software", "local_gateway")
    facets = facets_of(*names)
    assert facets["object"] == ("saas", "software")
    assert facets["hosting"] == ("hospital_by_supplier", "supplier")
    assert facets["device_class"] == ("md",)
    for depth in (Depth.STANDARD, Depth.RENFORCE):
        together = kept(facets, depth)
        for name in names:
            assert kept(facets_of(name) | {"channel": ("tender",)}, depth) <= kept(facets_of(name), depth)
        alone = set().union(*(kept({**facets, **facets_of(name)}, depth) for name in names))
        assert alone <= together


@pytest.mark.parametrize("name", NAMES)
def test_a_small_purchase_is_asked_25_points_at_most_for_every_profile(name):
    facets = facets_of(name, value="small")
    depth, _ = level_of(VOCABULARY, facets)
    critical = "critical" in facets.get("care", ())
    assert depth is (Depth.STANDARD if critical else Depth.ESSENTIEL)
    assert 10 <= len(kept(facets, Depth.ESSENTIEL)) <= 25
    assert critical or len(kept(facets)) <= 25


def test_a_small_software_is_asked_25_points_at_most():
    for name in ("software_on_site", "saas_health", "device_software", "social_care_software"):
        assert len(kept(facets_of(name, value="small"))) <= 25


def test_a_call_off_asks_only_what_was_left_open():
    facets = facets_of("saas_health", "framework_call_off")
    before = kept(facets, Depth.STANDARD)
    covered = sorted(before)[: len(before) // 2]
    assert kept(facets, Depth.STANDARD, covered) == before - set(covered)
    assert kept(facets_of("saas_health"), Depth.STANDARD, covered) == kept(facets_of("saas_health"), Depth.STANDARD)
    reasons = {
        each.point: str(each.reason) for each in select(CLAUSIER, VOCABULARY, facets, Depth.STANDARD, covered).choices
    }
    assert reasons[covered[0]] == "déjà fixé par l'accord-cadre"


def test_none_yields_to_any_other_value():
    assert combined([PROFILES["intellectual_service"], PROFILES["remote_maintenance"]])["access"] == ("remote",)
    assert combined([PROFILES["intellectual_service"]])["access"] == ("none",)
    assert combined([], {"access": ["none"]}) == {"access": ("none",)}


def test_every_point_says_why_in_both_senses():
    chosen = select(CLAUSIER, VOCABULARY, facets_of("saas_health", value="formalised"))
    assert chosen.level is Depth.RENFORCE
    assert "formalisée" in str(chosen.level_reason)
    assert [each.point for each in chosen.choices] == list(CLAUSIER.points)
    assert all(str(each.reason) for each in chosen.choices)
    assert "choisi" in str(select(CLAUSIER, VOCABULARY, {}, Depth.STANDARD).level_reason)


def test_at_essentiel_a_minimum_comes_before_a_heavy_point_and_a_heavy_one_before_a_light():
    vocabulary = replace(VOCABULARY, essentiel_at_most=2)
    points = [point("C", 1), point("B", 3), point("A", 0, AwardUse.MINIMUM)]
    light = made(*(replace(each, level=Depth.ESSENTIEL) for each in points))
    assert select(light, vocabulary, {}, Depth.ESSENTIEL).kept == ("B", "A")


def test_an_unknown_value_of_a_foreign_point_is_said_as_it_stands():
    foreign = made(replace(point("A"), facets=({"colour": ("blue",)},)))
    (choice,) = select(foreign, VOCABULARY, {"colour": ("red",)}, Depth.STANDARD).choices
    assert (choice.kept, str(choice.reason)) == (False, "ne concerne que : blue")


some_profiles = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
deeper = st.sampled_from([Depth.STANDARD, Depth.RENFORCE])


@given(names=some_profiles, depth=deeper)
@settings(max_examples=60, deadline=None)
def test_a_facet_that_is_not_stated_never_drops_a_point(names, depth):
    facets = facets_of(*names)
    whole = kept(facets, depth)
    for name in facets:
        assert whole <= kept({other: values for other, values in facets.items() if other != name}, depth)


@given(names=some_profiles, depth=deeper)
@settings(max_examples=60, deadline=None)
def test_a_union_keeps_what_each_profile_keeps_on_the_facets_that_it_states(names, depth):
    """What a profile leaves unstated drops nothing; once stated by another it may: compared on the same facets."""
    union = facets_of(*names)
    for name in names:
        own = {facet: values for facet, values in PROFILES[name].facets.items() if set(values) != {"none"}}
        assert kept({**union, **own}, depth) <= kept(union, depth)


@given(names=some_profiles)
@settings(max_examples=40, deadline=None)
def test_a_deeper_level_keeps_more(names):
    facets = facets_of(*names)
    assert kept(facets, Depth.ESSENTIEL) <= kept(facets, Depth.STANDARD) <= kept(facets, Depth.RENFORCE)


def test_the_reason_names_what_the_purchase_is_and_nothing_else():
    chosen = select(CLAUSIER, VOCABULARY, facets_of("saas_health"), Depth.RENFORCE)
    reasons = {choice.point: str(choice.reason) for choice in chosen.choices}
    assert reasons["EG-053"] == "concerne : Logiciel hébergé, accessible en ligne"
    everything = select(CLAUSIER, VOCABULARY, {}, Depth.RENFORCE)
    reasons = {choice.point: str(choice.reason) for choice in everything.choices}
    assert reasons["EG-053"] == "gardé tant que la question reste sans réponse : Objet acheté"
    small = select(CLAUSIER, VOCABULARY, facets_of("saas_health"), Depth.ESSENTIEL)
    deeper = {choice.reason.values.get("level") for choice in small.choices}
    assert {each.fr for each in deeper if each} == {"standard", "renforcé"}
