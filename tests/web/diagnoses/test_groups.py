"""A group sees side by side the members that a person may see, and no other."""

import pytest

from egide.web.diagnoses import models
from egide.web.organisations.models import Kind, Membership, Organisation
from web.diagnoses.access import finished, mapped
from web.diagnoses.test_pages import html, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(world):
    """A group of both hospitals and of one that nobody here sees; the buyer of the first reads the group and its own."""
    found = Organisation.objects.create(name="GHT fictif", kind=Kind.GROUP)
    found.members.set(
        [world.hospital.organisation, world.other.organisation, Organisation.objects.create(name="EHPAD caché")]
    )
    Membership.objects.create(user=world.hospital.buyer, organisation=found, role="buyer")
    return found


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


def test_members_without_a_role_are_counted_and_not_shown(buyer, world, group):
    finished(world)
    finished(world, of=world.other)
    mapped(world, supplier="Éditeur commun")
    mapped(world, organisation=world.other.organisation, supplier="EDITEUR COMMUN SAS")
    for view in ("show", "compare", "map"):
        page = html(buyer.get(url(view, group)))
        assert "2 membre(s) du groupement ne figurent pas ici" in page
        assert "Brumont" not in page
        assert "caché" not in page


def test_members_are_side_by_side_once_a_role_is_given(buyer, world, group):
    Membership.objects.create(user=world.hospital.buyer, organisation=world.other.organisation, role="reader")
    finished(world)
    finished(world, of=world.other, at="worst")
    mapped(world, supplier="Éditeur commun", care_critical=True)
    mapped(world, organisation=world.other.organisation, supplier="EDITEUR COMMUN SAS")
    page = html(buyer.get(url("compare", group)))
    assert "Les membres s'écartent le plus sur" in page
    assert "Hôpital de Brumont" in page
    assert "Éditeur commun" in html(buyer.get(url("map", group)))
    assert html(buyer.get(url("show", group))).count("le ") > 2


def test_pages_of_one_member_do_not_exist_for_a_group(buyer, group):
    for view in ("begin", "grids", "bring", "bring_map", "map_workbook"):
        assert buyer.get(url(view, group)).status_code == 404
    assert not models.Diagnosis.objects.exists()


def test_a_group_asks_the_database_little(buyer, world, group, django_assert_max_num_queries):
    finished(world)
    for view in ("show", "compare", "map"):
        with django_assert_max_num_queries(12):
            buyer.get(url(view, group))


def test_the_course_of_an_establishment_says_what_moved(buyer, world, hospital):
    page = html(buyer.get(url("compare", hospital.organisation)))
    assert "Rien à comparer" in page
    first = finished(world, at="worst")
    models.Diagnosis.objects.filter(pk=first.pk).update(finished_at="2025-03-04T12:00:00+00:00")
    from egide.web.establishments.models import Observation

    Observation.objects.update(observed_on="2025-03-04")
    finished(world)
    page = html(buyer.get(url("compare", hospital.organisation)))
    assert "Ce qui a bougé" in page
    assert "monte" in page
    assert "baisse" not in page
