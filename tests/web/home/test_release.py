"""The data of each release, kept, migrate whole to today's tables. See tools/release.py."""

import gzip
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from web.home.processes import ROOT
from web.home.processes import settings as environment

RELEASES = sorted((Path(__file__).parents[1] / "data").glob("*.json.gz"))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(tmp_path):
    """The settings of an empty database, of the kind that the tests run on."""
    place = settings.DATABASES["default"]
    if "postgresql" not in place["ENGINE"]:
        yield environment(tmp_path)
        return
    name = f"egide_release_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    address = f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{name}"
    yield environment(tmp_path, DATABASE_URL=address)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def attempt(file, environment):
    command = [sys.executable, str(ROOT / "tools" / "release.py"), "try", str(file)]
    return subprocess.run(
        command, check=False, env=os.environ | environment, capture_output=True, text=True, timeout=300
    )


def test_there_is_a_release_to_start_from():
    assert RELEASES


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_the_data_of_a_release_migrate_whole(release, elsewhere):
    done = attempt(release, elsewhere)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "every row is there" in done.stdout


def test_a_row_lost_or_changed_on_the_way_is_seen(tmp_path):
    """The digests tell a row less, a value changed, and a column gone, each by its table."""
    import release

    content = json.loads(gzip.decompress(RELEASES[-1].read_bytes()))
    models = content["models"]
    wanted = {label: held["columns"] for label, held in models.items()}
    whole = release.digests(models, wanted)
    label = "organisations.Organisation"
    held = models[label]
    less = models | {label: held | {"rows": held["rows"][1:]}}
    changed = models | {label: held | {"rows": [[*held["rows"][0][:-1], "autre"], *held["rows"][1:]]}}
    names = held["columns"]
    gone = models | {label: {"columns": names[1:], "rows": [row[1:] for row in held["rows"]]}}
    for other in (less, changed, gone):
        after = release.digests(other, wanted)
        assert {each for each in whole if whole[each] != after[each]} == {label}
