"""A published clausier is one row, made once, that nothing changes, and that only its organisation sees."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from egide import plain, reference
from egide.errors import DataError
from egide.web.audit.guard import acting
from egide.web.audit.models import Entry
from egide.web.clauses import convert
from egide.web.clauses.convert import clausier_of, published
from egide.web.clauses.models import PublishedClausier

pytestmark = pytest.mark.django_db
OURS = reference.clausier()
OTHER = replace(OURS, id="chu", version="3", themes=OURS.themes[:2])


def test_the_same_clausier_is_published_once(world):
    with acting(world.hospital.buyer):
        first, again = published(OURS), published(OURS)
    assert first == again
    assert (first.identifier, first.version, first.digest) == ("egide", "2026.1", OURS.digest)
    told = Entry.objects.get(action="clausier.published")
    assert (told.actor, told.subject) == (world.hospital.buyer, first.uuid)


def test_each_organisation_has_its_own_row(world):
    with acting(world.hospital.buyer):
        rows = {published(OTHER, each) for each in (world.hospital.organisation, world.other.organisation, None)}
    assert len(rows) == 3


def test_the_database_itself_refuses_a_second_public_row(world):
    with acting(world.hospital.buyer):
        row = published(OTHER)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedClausier.objects.create(identifier="x", version="x", digest=row.digest, content={})


def test_a_clausier_comes_back_as_it_was(world, django_assert_num_queries):
    with acting(world.hospital.buyer):
        pk = published(OTHER, world.hospital.organisation).pk
    row = PublishedClausier.objects.defer("content").get(pk=pk)
    convert._known.clear()
    with django_assert_num_queries(1):
        assert clausier_of(row) == OTHER
    with django_assert_num_queries(0):
        assert clausier_of(PublishedClausier(digest=OTHER.digest)) is clausier_of(row)
        assert clausier_of(PublishedClausier(digest=OURS.digest)) is OURS


def test_few_clausiers_are_held_in_memory():
    convert._known.clear()
    for number in range(convert.MOST_KEPT + 3):
        each = replace(OURS, version=f"v{number}", themes=OURS.themes[:1])
        clausier_of(PublishedClausier(digest=each.digest, content=plain.unstructure(each)))
    assert len(convert._known) == convert.MOST_KEPT


def test_a_row_that_is_not_what_it_says_is_refused():
    convert._known.clear()
    with pytest.raises(DataError):
        clausier_of(PublishedClausier(identifier="x", version="1", digest="0" * 64, content=plain.unstructure(OTHER)))
    assert "0" * 64 not in convert._known


@pytest.mark.parametrize(
    "verb", ["UPDATE clauses_publishedclausier SET version = 'x'", "DELETE FROM clauses_publishedclausier"]
)
def test_a_row_never_changes(world, verb):
    with acting(world.hospital.buyer):
        published(OURS)
    with (
        pytest.raises(DatabaseError, match="kept as it was written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)
    assert PublishedClausier.objects.get().version == "2026.1"


def test_a_row_is_seen_by_its_organisation_and_a_public_one_by_all(world):
    with acting(world.hospital.buyer):
        public, own = published(OURS), published(OTHER, world.hospital.organisation)
    seen = {
        who: set(PublishedClausier.objects.visible_to(world.person(who)))
        for who in ("buyer", "reader", "other", "stranger")
    }
    assert seen == {"buyer": {public, own}, "reader": {public, own}, "other": {public}, "stranger": {public}}
