from collections import Counter

import pytest

from egide import reference
from egide.errors import DataError
from egide.family import BY_CODE, FAMILIES, MEASURE_BY_CODE, MEASURES, measure_of

OFFICIAL = {
    "governance": 1, "suppliers": 13, "people": 4, "identity": 10, "interventions": 11, "components": 10,
    "hardening": 5, "network": 7, "detection": 8, "backup": 2, "continuity": 6, "data": 19, "cryptography": 7,
    "development": 15,
}  # fmt: skip


def test_fourteen_families_in_both_languages():
    assert len(FAMILIES) == len(BY_CODE) == 14
    assert all(family.title.fr and family.title.en and family.definition.en for family in FAMILIES)


def test_the_118_points_fall_in_the_families_as_published():
    points = [point for point in reference.clausier().points.values() if not point.extra]
    assert Counter(point.family for point in points) == OFFICIAL


def test_sixteen_measures_cover_the_families_once():
    assert len(MEASURES) == len(MEASURE_BY_CODE) == 16
    assert all(each.title.fr and each.title.en for each in MEASURES)
    covered = Counter(family for each in MEASURES for family in each.families)
    assert covered == dict.fromkeys(BY_CODE, 1) | {"identity": 2, "hardening": 2}


def test_the_measures_that_a_family_tells_apart_are_its_measures():
    for family in FAMILIES:
        if family.measures:
            assert family.measures == tuple(each.code for each in MEASURES if family.code in each.families)


@pytest.mark.parametrize(
    ("family", "measure", "device", "expected"),
    [
        ("suppliers", "", False, "governance"),
        ("governance", "", False, "governance"),
        ("identity", "", False, "pam"),
        ("identity", "mfa", False, "mfa"),
        ("hardening", "", False, "hard"),
        ("hardening", "edr", False, "edr"),
        ("backup", "backup", False, "backup"),
        ("network", "", True, "device"),
        ("identity", "mfa", True, "device"),
    ],
)
def test_a_point_feeds_one_measure(family, measure, device, expected):
    assert measure_of(family, measure, device) == expected


@pytest.mark.parametrize(
    ("family", "measure"), [("magic", ""), ("network", "mfa"), ("identity", "magic"), ("network", "device")]
)
def test_a_measure_of_another_family_is_refused(family, measure):
    with pytest.raises(DataError):
        measure_of(family, measure)
