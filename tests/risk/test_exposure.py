import pytest

from egide.errors import DataError
from egide.risk.exposure import Declared, exposed
from worlds import LIBRARY


def test_blanks_take_the_default_of_the_category_and_it_is_told():
    known = exposed(LIBRARY, "hospital", revenue=80e6)
    assert (known.revenue, known.activity_share, known.persons) == (80e6, 0.65, 150_000)
    assert known.beds + known.places == 190
    assert known.defaults == {"activity_share", "beds", "places", "persons"}
    assert known.emergencies_per_day is None


def test_beds_without_places_are_the_whole_size():
    assert (exposed(LIBRARY, "hospital", beds=100).beds, exposed(LIBRARY, "hospital", beds=100).places) == (100, 0)
    assert "beds" not in exposed(LIBRARY, "hospital", places=10).defaults


def test_everything_told_leaves_no_default():
    known = exposed(
        LIBRARY, "clinic", revenue=20e6, activity_share=1, beds=0, places=0, persons=0,
        emergencies_per_day=40, declared=Declared(2, 3),
    )  # fmt: skip
    assert known.defaults == frozenset()
    assert known.without_experience().declared is None
    assert known.declared == Declared(2, 3)


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ({"revenue": 0}, ["revenue"]),
        ({"revenue": float("nan"), "beds": -1}, ["revenue", "beds"]),
        ({"activity_share": 1.2, "persons": float("inf")}, ["activity_share", "persons"]),
        ({"emergencies_per_day": -1, "declared": Declared(-1, 0)}, ["emergencies_per_day", "declared.events", "declared.years"]),
    ],
)  # fmt: skip
def test_figures_that_are_not_possible_are_all_refused(told, places):
    with pytest.raises(DataError) as caught:
        exposed(LIBRARY, "hospital", **told)
    assert [each.place for each in caught.value.findings] == places
    assert all(each.code == "risk.exposure" and each.read for each in caught.value.findings)


def test_an_unknown_category_is_refused():
    with pytest.raises(DataError) as caught:
        exposed(LIBRARY, "group")
    (found,) = caught.value.findings
    assert (found.code, found.place, found.read) == ("risk.category", "category", "group")
    assert "university" in str(found.remedy)


def test_an_unknown_category_and_a_wrong_figure_are_told_together():
    with pytest.raises(DataError) as caught:
        exposed(LIBRARY, "clinique", revenue=-5.0)
    assert [each.place for each in caught.value.findings] == ["category", "revenue"]
