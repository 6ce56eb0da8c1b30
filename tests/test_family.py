from collections import Counter

from egide import reference
from egide.family import BY_CODE, FAMILIES

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
