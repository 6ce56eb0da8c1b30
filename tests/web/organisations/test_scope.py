"""What a person sees of organisations, people and roles."""

import pytest
from django.http import Http404

from egide.web.organisations.models import Membership, Organisation, User
from egide.web.organisations.roles import RIGHTS, Right, Role
from egide.web.organisations.scope import may

pytestmark = pytest.mark.django_db


def test_a_person_sees_the_rows_of_his_organisations_only(world):
    assert list(Organisation.objects.visible_to(world.hospital.reader)) == [world.hospital.organisation]
    assert not Organisation.objects.visible_to(world.stranger)
    assert Membership.objects.visible_to(world.hospital.buyer).count() == 5


def test_a_person_with_two_roles_is_seen_once(world):
    Membership.objects.create(user=world.hospital.buyer, organisation=world.hospital.organisation, role=Role.EVALUATOR)
    assert User.objects.visible_to(world.hospital.reader).count() == 5


def test_a_closed_account_sees_nothing(world):
    world.hospital.buyer.is_active = False
    assert not Organisation.objects.visible_to(world.hospital.buyer)


def test_the_row_of_another_organisation_does_not_exist(world):
    with pytest.raises(Http404):
        Organisation.objects.one_visible_to(world.hospital.buyer, world.other.organisation.uuid)
    with pytest.raises(Http404):
        Organisation.objects.one_visible_to(world.hospital.reader, world.hospital.organisation.uuid, Right.MANAGE)


def test_the_table_of_rights():
    """Who may do what was decided: a change of the table is a change of this test."""
    assert {role.value: sorted(right.value for right in RIGHTS[role]) for role in Role} == {
        "administrator": ["describe", "diagnose", "manage", "rehearse", "see"],
        "buyer": ["decide", "describe", "diagnose", "mark", "open_bids", "prepare", "see", "see_result"],
        "evaluator": ["diagnose", "mark", "open_bids", "rehearse", "see"],
        "director": ["describe", "diagnose", "rehearse", "see", "see_result"],
        "reader": ["see"],
    }


def test_a_right_is_of_one_organisation(world):
    assert may(world.hospital.buyer, Right.DECIDE, world.hospital.organisation.pk)
    assert not may(world.hospital.buyer, Right.DECIDE, world.other.organisation.pk)
    assert not may(world.hospital.evaluator, Right.DECIDE, world.hospital.organisation.pk)
