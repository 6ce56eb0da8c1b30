"""Our own clausier: 118 points and the extras, in the order published, without one exemption."""

import pytest

from egide import reference
from egide.clausier.lint import lint
from egide.clausier.model import AwardUse, Depth
from egide.locale import point_text

CLAUSIER = reference.clausier()
SIZES = {"T1": 12, "T2": 12, "T3": 9, "T4": 10, "T5": 8, "T6": 12, "T7": 12, "T8": 18, "T9": 10, "T10": 15}
FIRST_OF_THEME = {
    "EG-001": "O-1.1", "EG-013": "O-2.1", "EG-015": "O-2.3", "EG-025": "O-3.1", "EG-034": "O-4.1", "EG-044": "O-6.1",
    "EG-052": "O-7.1", "EG-064": "O-3.8", "EG-066": "O-9.2", "EG-076": "O-12.2.2.1", "EG-090": "O-12.2.8.2",
    "EG-094": "O-3.11", "EG-104": "O-3.10", "EG-118": "O-12.5.16",
}  # fmt: skip


def test_118_points_in_ten_themes_each_with_its_official_reference():
    official = {theme.id: [point for point in theme.points if not point.extra] for theme in CLAUSIER.themes}
    assert {theme: len(points) for theme, points in official.items()} == SIZES
    assert [point.id for points in official.values() for point in points] == [f"EG-{n:03d}" for n in range(1, 119)]
    assert all(len(point.xref) == 1 for points in official.values() for point in points)
    assert len({point.xref[0] for points in official.values() for point in points}) == 118
    assert {identifier: CLAUSIER.points[identifier].xref[0] for identifier in FIRST_OF_THEME} == FIRST_OF_THEME


def test_extras_are_numbered_and_have_no_official_reference():
    extras = [point for point in CLAUSIER.points.values() if point.extra]
    assert sorted(point.id for point in extras) == [f"EG-X{n:02d}" for n in range(1, 41)]
    assert not any(point.xref for point in extras)


def test_it_passes_its_own_lint_without_exemption():
    assert lint(CLAUSIER, reference.vocabulary()) == []


def test_gaps_are_filled_first_where_the_official_text_is_silent():
    extras = [point.family for point in CLAUSIER.points.values() if point.extra]
    assert all(extras.count(family) >= 1 for family in ("backup", "governance", "detection"))
    assert sum(point.family == "backup" for point in CLAUSIER.points.values()) >= 5


@pytest.mark.parametrize("profile", reference.vocabulary().profiles, ids=lambda profile: profile.id)
def test_no_profile_is_asked_more_than_25_points_at_the_lightest_level(profile):
    from egide.clausier.purchase import combined, select

    chosen = select(CLAUSIER, reference.vocabulary(), combined([profile]), Depth.ESSENTIEL)
    assert 0 < len(chosen.kept) <= 25


def test_a_reference_is_seen_or_to_check_never_both_and_never_neither():
    assert all((each.seen is None) == each.to_check for point in CLAUSIER.points.values() for each in point.references)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_thresholds_are_written_in_wherever_a_point_is_shown(language):
    from egide.clausier.model import PLACE
    from egide.exchange.clausiers import export

    assert not PLACE.findall(export.as_csv(CLAUSIER, language))
    for point in CLAUSIER.points.values():
        assert not PLACE.findall(point_text.levels(point, language) + point_text.proofs(point, language)), point.id


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (True, "oui", "yes"),
        (False, "non", "no"),
        (AwardUse.SCORED, "noté", "scored"),
        ({"hours": "4"}, "hours 4", "hours 4"),
        ({}, "—", "—"),
        ("EG-001", "EG-001", "EG-001"),
        (3, "3", "3"),
    ],
)
def test_the_value_of_a_field_is_written_in_words(value, french, english):
    assert point_text.written(value, "fr") == french
    assert point_text.written(value, "en") == english


def test_the_fixed_texts_of_the_tender_documents_are_there():
    assert reference.texts() is reference.texts()
