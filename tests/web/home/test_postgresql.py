"""What only a PostgreSQL server can show; run by make test-postgres."""

import uuid

import pytest
from django.conf import settings
from django.db import connection

from web.home.processes import egide

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="of PostgreSQL"),
]


@pytest.fixture
def empty():
    """The address of an empty database."""
    name = f"egide_empty_{uuid.uuid4().hex[:8]}"
    place = settings.DATABASES["default"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_that_is_not_up_to_date_is_not_served_and_the_command_is_named(empty, tmp_path):
    done = egide(tmp_path, "serve", "--port", "0", DATABASE_URL=empty)
    assert done.returncode == 1
    assert "python -m egide.web migrate" in done.stderr
    assert "Traceback" not in done.stderr
    assert egide(tmp_path, "migrate", DATABASE_URL=empty).returncode == 0
    assert egide(tmp_path, "migrate", "--check", DATABASE_URL=empty).returncode == 0


def test_a_backup_of_this_database_is_left_to_its_own_tool(empty, tmp_path):
    done = egide(tmp_path, "backup", str(tmp_path / "backup"), DATABASE_URL=empty)
    assert done.returncode == 1
    assert "pg_dump" in done.stderr
