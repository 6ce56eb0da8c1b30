"""What a new version of a clausier does to the points, and to the answers already given."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import clausier, point
from egide import reference
from egide.clausier.difference import FIELDS, Change, difference
from egide.clausier.model import (
    AwardUse,
    Binding,
    Clausier,
    Depth,
    Expects,
    IfBlank,
    Level,
    Moment,
    Parameter,
    Point,
    Proof,
    ProofKind,
    Reference,
    Responsible,
    Theme,
)
from egide.message import Text

OWN = replace(
    point("A"),
    text=Text("Le titulaire répond sous {days} jours.", "The supplier answers within {days} days."),
    parameters={"days": Parameter("3")},
    proofs=(
        Proof(ProofKind.DOCUMENT, Moment.WITH_BID, Text("Plan", "Plan")),
        Proof(ProofKind.TEST, Moment.AT_ACCEPTANCE, Text("Essai", "Trial")),
    ),
)
BID, LATER = OWN.proofs


def only(**changes: object):
    """Return what is said of one point changed this way."""
    found = difference(clausier(OWN), clausier(replace(OWN, **changes)))
    assert len(found.points) == 1
    return found.points[0]


@pytest.mark.parametrize(
    ("changes", "names", "again"),
    [
        ({"text": Text("Le titulaire répond sous {days} jours ouvrés.", OWN.text.en)}, ["wording"], True),
        ({"parameters": {"days": Parameter("5")}}, ["wording", "thresholds", "english"], True),
        ({"parameters": {"days": Parameter("3", source="Guide")}}, ["about_thresholds"], False),
        ({"expects": Expects.DOCUMENT}, ["expects"], True),
        ({"levels": (Level("full", Decimal(1), Text("autre", "fully seen")), *OWN.levels[1:])}, ["levels"], True),
        ({"levels": (replace(OWN.levels[0], text=Text("vu en entier", "other")), *OWN.levels[1:])}, ["english"], False),
        ({"proofs": (replace(BID, what=Text("Plan signé", "Plan")), LATER)}, ["proofs_with_bid"], True),
        ({"proofs": (BID,)}, ["later_proofs"], False),
        ({"proofs": (replace(BID, checked_by=("rssi",)), LATER)}, ["later_proofs"], False),
        ({"na_allowed": False}, ["na_allowed"], False),
        ({"if_blank": IfBlank.IRREGULAR}, ["if_blank"], False),
        ({"award_use": AwardUse.MINIMUM}, ["award_use"], False),
        ({"weight": 3}, ["weight"], False),
        ({"binding": Binding(Text("suivi"))}, ["binding"], False),
        ({"text": Text(OWN.text.fr, "Else.")}, ["english"], False),
        ({"title": Text("Autre")}, ["title"], False),
        ({"facets": ({"hosting": ("hosted",)},)}, ["facets"], False),
        ({"level": Depth.RENFORCE}, ["facets"], False),
        ({"family": "backup"}, ["family"], False),
        ({"responsible": Responsible.SHARED}, ["family"], False),
        ({"references": (Reference("Guide"),)}, ["references"], False),
        ({"xref": ("O-1.1",)}, ["references"], False),
        ({"why": Text("parce que")}, ["explanations"], False),
        ({"text": Text("Le titulaire  répond sous {days}\njours.", OWN.text.en)}, ["layout"], False),
    ],
)
def test_each_field_says_whether_the_answer_stands(changes, names, again):
    found = only(**changes)
    assert found.change is Change.CHANGED
    assert [each.field for each in found.fields] == names
    assert found.asks_again is again
    assert len(found.reasons) >= 1
    assert all(each.text for each in found.reasons)


def test_the_weight_changed_the_answer_stands_the_wording_changed_it_does_not():
    new = clausier(replace(OWN, weight=9), replace(point("B"), text=Text("Tout autre chose.")))
    found = difference(clausier(OWN, point("B")), new)
    assert [each.point for each in found.asked_again] == ["B"]
    assert found.standing == ("A",)
    assert str(found.points[0].reasons[0]) == "le poids change, pas la question"
    assert "n'est plus celle" in str(found.points[1].reasons[0])


def test_added_and_removed():
    found = difference(clausier(point("A"), point("B")), clausier(point("B"), point("C")))
    assert [(each.point, each.change) for each in found.points] == [("C", Change.ADDED), ("A", Change.REMOVED)]
    assert [each.asks_again for each in found.points] == [True, False]
    assert ["nouveau" in str(found.points[0].reasons[0]), "supprimé" in str(found.points[1].reasons[0])] == [True, True]
    assert found.standing == ("B",)


def test_a_point_under_another_identifier_is_found_by_its_wording():
    found = difference(clausier(OWN), clausier(replace(OWN, id="A2", weight=4)))
    only_one = found.points[0]
    assert (only_one.change, only_one.before, only_one.point) == (Change.RENAMED, "A", "A2")
    assert [each.field for each in only_one.fields] == ["id", "weight"]
    assert not only_one.asks_again
    twins = difference(clausier(OWN), clausier(replace(OWN, id="A2"), replace(OWN, id="A3")))
    assert [each.change for each in twins.points] == [Change.ADDED, Change.ADDED, Change.REMOVED]
    bare = difference(clausier(Point("A", Text())), clausier(Point("B", Text())))
    assert [each.change for each in bare.points] == [Change.ADDED, Change.REMOVED]


def whole(*themes: Theme) -> Clausier:
    return Clausier("test", "1", Text("Essai"), themes)


def test_a_point_moves_and_a_theme_changes_its_name():
    one, two = Theme("T1", Text("Un"), (point("A"), point("B"))), Theme("T2", Text("Deux"))
    moved = difference(whole(one, two), whole(replace(one, points=(point("A"),)), replace(two, points=(point("B"),))))
    assert [(each.point, each.change) for each in moved.points] == [("B", Change.MOVED)]
    assert moved.themes == ()
    assert moved.standing == ("A", "B")
    renumbered = difference(whole(one), whole(replace(one, id="T9")))
    assert renumbered.points == ()
    assert [(each.before.id, each.after.id) for each in renumbered.themes] == [("T1", "T9")]
    titled = difference(whole(one), whole(replace(one, title=Text("Premier"), readers=("rssi",))))
    assert [(each.before.title.fr, each.after.title.fr) for each in titled.themes] == [("Un", "Premier")]
    other = difference(whole(one), whole(Theme("T5", Text("Cinq"), (point("A"),))))
    assert [(each.before and each.before.id, each.after and each.after.id) for each in other.themes] == [
        (None, "T5"),
        ("T1", None),
    ]
    assert [(each.point, each.change) for each in other.points] == [("A", Change.MOVED), ("B", Change.REMOVED)]


def test_no_field_of_a_point_escapes():
    other = {
        "text": Text("x"), "title": Text("x"), "xref": ("x",), "extra": True, "parameters": {"x": Parameter("1")},
        "facets": ({"x": ("y",)},), "level": Depth.RENFORCE, "expects": Expects.VALUE, "levels": OWN.levels[:1],
        "na_allowed": False, "if_blank": IfBlank.IRREGULAR, "award_use": AwardUse.NONE, "weight": 7,
        "binding": Binding(), "proofs": (), "objects": ("x",), "family": "x", "measure": "x",
        "references": (Reference("x"),), "responsible": Responsible.SHARED, "why": Text("x"), "how_to_prove": Text("x"),
    }  # fmt: skip
    assert set(other) == {each.name for each in fields(Point)} - {"id"}
    for name, value in other.items():
        assert only(**{name: value}).fields, name
    assert len({each.name for each in FIELDS}) == len(FIELDS)


def test_our_own_against_itself():
    ours = reference.clausier()
    found = difference(ours, ours)
    assert (found.points, found.themes, found.asked_again) == ((), (), ())
    assert found.standing == tuple(ours.points)


points = st.lists(
    st.builds(
        lambda name, text, weight, use: replace(point(name, weight, use), text=Text(text)),
        st.sampled_from("ABCDEF"), st.sampled_from(["Le titulaire agit.", "Le candidat dit.", "", "Autre."]),
        st.integers(1, 3), st.sampled_from(AwardUse),
    ),
    unique_by=lambda each: each.id, max_size=6,
)  # fmt: skip


def split(given: list[Point]) -> Clausier:
    return whole(Theme("T1", Text("Un"), tuple(given[:3])), Theme("T2", Text("Deux"), tuple(given[3:])))


@given(points, points)
def test_there_and_back_say_the_same(one, other):
    old, new = split(one), split(other)
    there, back = difference(old, new), difference(new, old)
    assert {each.point for each in there.of(Change.ADDED)} == {each.point for each in back.of(Change.REMOVED)}
    assert {each.point for each in there.of(Change.REMOVED)} == {each.point for each in back.of(Change.ADDED)}
    assert {(each.before, each.point) for each in there.of(Change.RENAMED)} == {
        (each.point, each.before) for each in back.of(Change.RENAMED)
    }
    assert {each.point for each in there.of(Change.CHANGED)} == {each.point for each in back.of(Change.CHANGED)}


@given(points, points)
def test_an_answer_stands_only_to_the_wording_it_was_given_to(one, other):
    old, new = split(one), split(other)
    found = difference(old, new)
    before = {each.point: each.before for each in found.points}
    assert sorted([*found.standing, *(each.point for each in found.asked_again)]) == sorted(new.points)
    for name in found.standing:
        assert new.points[name].wording_digest == old.points[before.get(name, name)].wording_digest


@given(points)
def test_a_clausier_against_itself_says_nothing(given_points):
    made = split(given_points)
    found = difference(made, split(list(given_points)))
    assert found.points == found.themes == ()
