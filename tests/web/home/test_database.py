import hashlib
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from egide.web.home import database
from web.home.processes import ONCE, egide, settings
from web.home.test_demonstration import dump

pytestmark = ONCE


def test_a_backup_taken_while_it_is_used_is_given_back_whole(demonstration_folder, tmp_path):
    """Copied with a connection open on it, in a write; then put in the place of a data folder, and used."""
    data, kept = tmp_path / "data", tmp_path / "backup"
    shutil.copytree(demonstration_folder, data)
    (data / "demonstration.json").unlink()
    with closing(sqlite3.connect(data / "egide.sqlite3")) as writer:
        writer.execute("UPDATE organisations_organisation SET name = 'Nom changé'")
        writer.commit()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE organisations_organisation SET name = 'Nom jamais enregistré'")
        done = egide(data, "backup", str(kept))
        writer.rollback()
    assert done.returncode == 0, done.stderr
    shutil.rmtree(data)

    assert egide(kept, "migrate", "--check", "--skip-checks").returncode == 0
    rows = dump(kept / "egide.sqlite3")
    assert any("Nom changé" in line for line in rows)
    assert not any("Nom jamais enregistré" in line for line in rows)
    with closing(sqlite3.connect(kept / "egide.sqlite3")) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        named = {digest for (digest,) in restored.execute("SELECT sha256 FROM files_storedfile")}
    held = {path.name: path for path in (kept / "files").rglob("*") if path.is_file()}
    assert named
    assert named <= held.keys()
    assert all(hashlib.sha256(held[name].read_bytes()).hexdigest() == name for name in named)


@pytest.mark.long
def test_the_folder_of_the_data_is_made_by_the_first_migration(tmp_path):
    done = egide(tmp_path / "not" / "there", "migrate", "--verbosity", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "not" / "there" / "egide.sqlite3").is_file()


@pytest.mark.long
def test_a_backup_never_writes_over_something(demonstration_folder, tmp_path):
    (tmp_path / "precious").write_text("x")
    done = egide(demonstration_folder, "backup", str(tmp_path), EGIDE_DEMO="oui")
    assert done.returncode == 1
    assert "n’est pas vide" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


@pytest.mark.long
def test_a_database_of_a_later_version_is_refused(demonstration_folder, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demonstration_folder, data)
    (data / "demonstration.json").unlink()
    with closing(sqlite3.connect(data / "egide.sqlite3")) as later:
        later.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tenders', '9999_later', '2030-01-01')"
        )
        later.commit()
    done = egide(data, "serve", "--port", "0")
    assert done.returncode == 1
    assert "tenders.9999_later" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_sqlite_database_is_copied_before_it_is_migrated(tmp_path):
    assert egide(tmp_path, "migrate", "organisations", "--skip-checks").returncode == 0
    before = dump(tmp_path / "egide.sqlite3")
    code = (
        "import django; django.setup(); from egide.web.home import database; database.prepare();"
        "from django.conf import settings; (settings.DATA / database.COPY).rename(settings.DATA / 'first');"
        "database.prepare()"
    )
    given = settings(tmp_path, DJANGO_SETTINGS_MODULE="egide.web.settings")
    subprocess.run([sys.executable, "-c", code], check=True, env=given, timeout=120)
    assert dump(tmp_path / "first") == before
    assert egide(tmp_path, "migrate", "--check", "--skip-checks").returncode == 0
    assert not (tmp_path / database.COPY).exists(), "nothing to migrate, nothing to copy"
