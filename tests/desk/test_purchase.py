"""A purchase in a few answers: what is kept and why, what is not understood said all at once, the tender begun from it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import reference
from egide.clausier.model import Depth
from egide.desk import new_tender, purchase
from egide.errors import DataError
from egide.tender.model import Purchase

OURS = reference.clausier()
FACETS = {each.id: tuple(each.values) for each in reference.vocabulary().facets}
PURCHASES = st.builds(
    Purchase,
    st.fixed_dictionaries(
        {}, optional={name: st.lists(st.sampled_from(values), min_size=1).map(tuple) for name, values in FACETS.items()}
    ),
    st.lists(st.sampled_from(sorted(reference.vocabulary().profile)), max_size=2).map(tuple),
    st.none() | st.sampled_from(Depth),
)


@given(PURCHASES)
def test_every_point_has_its_fate_and_the_clausier_is_that_of_the_points_kept(asked):
    made = purchase.selected(OURS, asked)
    assert [each.point for each in made.selection.choices] == list(OURS.points)
    assert list(made.clausier.points) == list(made.selection.kept)
    data = purchase.as_data(OURS, made, "fr")
    assert data["kept"] == list(made.selection.kept)
    assert all(each["reason"] for each in data["choices"])


def test_all_that_is_not_known_is_said_at_once():
    asked = Purchase({"nope": ("x",), "hosting": ("moon",)}, ("nobody",), None, ("EG-999",))
    with pytest.raises(DataError) as refusal:
        purchase.selected(OURS, asked)
    assert [each.read for each in refusal.value.findings] == ["nobody", "nope", "moon", "EG-999"]
    assert {each.file for each in refusal.value.findings} == {""}


@given(st.decimals(0, 10_000_000, places=2), st.decimals(0, 10_000_000, places=2))
def test_a_dearer_purchase_is_never_in_a_lower_band(one, other):
    bands = ["small", "adapted", "formalised"]
    low, high = (purchase.value_band(each, date(2026, 11, 1)) for each in sorted((one, other)))
    assert bands.index(str(low)) <= bands.index(str(high))


def test_no_band_where_no_threshold_is_known():
    assert purchase.value_band(Decimal(1), date(1990, 1, 1)) is None


def test_a_tender_begun_is_read_back_with_its_points_its_lots_and_an_open_deadline():
    asked = Purchase({"hosting": ("supplier",), "value": ("formalised",)}, level=Depth.STANDARD)
    made = new_tender.begun(asked, date(2026, 11, 2), "fr", title="Essai (fictif)", lots=["Un", "Deux"])
    tender = made.tender
    assert (tender.title, [lot.title for lot in tender.lots]) == ("Essai (fictif)", ["Un", "Deux"])
    assert tender.purchase == asked
    assert (tender.deadline.date() - tender.sent_on).days >= new_tender.DAYS
    assert tender.deadline.weekday() < 5
    assert {each.id for each in made.unsaid} == set(FACETS) - {"hosting", "value"}
    assert (
        made.text == new_tender.begun(asked, date(2026, 11, 2), "fr", title="Essai (fictif)", lots=["Un", "Deux"]).text
    )
