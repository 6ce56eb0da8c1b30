"""A worker killed in the middle: the work is taken up again, and the rows are those of a work that was never cut."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from web.tenders.received import folders

ASK = """
import sys
from egide.web.organisations.models import Membership, Organisation, User
from egide.web.audit import guard
from egide.web.files import store
from egide.web.jobs import queue
from egide.web.jobs.models import Job
place = Organisation.objects.filter(name="CH fictif").first()
with guard.acting(None):
    if place is None:
        place = Organisation.objects.create(name="CH fictif")
        buyer = User.objects.create_user("a@exemple.fr", "phrase assez longue 2026")
        Membership.objects.create(user=buyer, organisation=place, role="buyer")
        guard.record("tests.made", place)
buyer = User.objects.get()
queue.ask("load_folder", place, buyer, file=store.keep([open(sys.argv[1], "rb").read()]).sha256, name="dossier.zip")
"""
TOLD = ("tenders_answer", "tenders_mark", "tenders_folderfile", "tenders_readfinding", "tenders_bid", "tenders_consultation", "files_storedfile")  # fmt: skip


def run(data: Path, *arguments: str, wait: bool = True):
    environment = {**os.environ, "EGIDE_DATA": str(data)}
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stderr=subprocess.DEVNULL)
    if wait:
        assert process.wait() == 0
    return process


def asked(data: Path, archive: Path) -> None:
    data.mkdir()
    run(data, "-m", "egide.web", "migrate", "-v0")
    code = f"import django, sys; django.setup(); sys.argv[1:] = [{str(archive)!r}]\n{ASK}"
    run(data, "-c", code)


def counted(data: Path) -> dict[str, list]:
    """Every row that matters, without what depends on the instant or on chance."""
    with sqlite3.connect(data / "egide.sqlite3") as base:
        found = {}
        for table in TOLD:
            names = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
            kept = [name for name in names if not name.endswith(("uuid", "_at", "id"))]
            found[table] = sorted(base.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall(), key=str)  # noqa: S608
    return found


@pytest.mark.long
def test_a_killed_worker_leaves_the_same_rows(tmp_path):
    archive = tmp_path / "dossier.zip"
    archive.write_bytes(folders.zipped(folders.files_of("pacs-ght")))
    whole, cut = tmp_path / "entier", tmp_path / "coupe"
    asked(whole, archive)
    run(whole, "-m", "egide.web", "worker", "--once")
    wanted = counted(whole)
    assert len(wanted["tenders_answer"]) > 200
    asked(cut, archive)
    for share in (5, 40):
        worker = run(cut, "-m", "egide.web", "worker", "--once", wait=False)
        until = time.monotonic() + 60
        while time.monotonic() < until and not _reached(cut, share):
            time.sleep(0.01)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert list((cut / "work").glob("[!.]*"))
        with sqlite3.connect(cut / "egide.sqlite3") as base:
            assert base.execute("SELECT state FROM jobs_job").fetchone() == ("running",)
            base.execute("UPDATE jobs_job SET alive_at = '2020-01-01 00:00:00', done = 0")
        assert counted(cut)["tenders_answer"] == []
    run(cut, "-m", "egide.web", "worker", "--once")
    assert counted(cut) == wanted
    assert list((cut / "work").glob("[!.]*")) == []
    kept = {each.name for each in (cut / "files").rglob("*") if each.is_file() and not each.name.startswith(".")}
    assert kept == {each.name for each in (whole / "files").rglob("*") if each.is_file() and not each.name.startswith(".")}  # fmt: skip


def _reached(data: Path, share: int) -> bool:
    with sqlite3.connect(data / "egide.sqlite3", timeout=20) as base:
        state, done = base.execute("SELECT state, done FROM jobs_job").fetchone()
    return state == "running" and done >= share
