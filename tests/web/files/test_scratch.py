"""Temporary folders of long work go with the work, and with the process that was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from egide.web.files import scratch, store


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path):
    settings.DATA = tmp_path
    settings.FILES = tmp_path / "files"


def folders():
    return [each for each in (Path(settings.DATA) / "work").iterdir() if each.is_dir()]


def test_a_folder_disappears_whatever_happens():
    with scratch.scratch() as one:
        (one / "a").write_text("x")
        assert folders() == [one]
    with pytest.raises(ValueError, match="arrêt"), scratch.scratch():
        raise ValueError("arrêt")
    assert folders() == []


def test_the_sweep_leaves_who_works_and_removes_what_a_kill_left(tmp_path):
    code = f"""
import sys, time
from django.conf import settings
settings.configure(DATA={str(tmp_path)!r})
from egide.web.files.scratch import scratch
with scratch() as one:
    (one / "lourd").write_text("x")
    print(one, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        left = Path(process.stdout.readline().strip())
        with scratch.scratch() as mine:
            assert scratch.sweep() == 0
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert scratch.sweep() == 1
            assert mine.is_dir()
    assert not left.exists()


def test_what_is_kept_is_written_once(db):
    kept = store.keep([b"offre"])
    path = store.path(kept.sha256)
    assert path.stat().st_mode & 0o777 == 0o400
    assert store.keep([b"offre"]) == kept
    store.forget(kept.sha256, store.stamp(kept.sha256))
    assert not path.exists()
    store.forget(kept.sha256, store.stamp(kept.sha256))


def test_what_a_row_names_is_not_forgotten(world):
    from egide.web.files.models import StoredFile

    kept = store.keep([b"offre"])
    StoredFile.objects.create(organisation=world.hospital.organisation, name="a", sha256=kept.sha256, size=kept.size)
    store.forget(kept.sha256, store.stamp(kept.sha256))
    assert store.path(kept.sha256).exists()
