"""The promise of `benchmarks/web_exercise.py` in small: 20 telephones, 2 workers, one of them killed in the middle."""

import os
import subprocess
import sys
import time
from collections import Counter
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.utils import timezone

from egide.exercise import play as core
from egide.web.exercises import convert, models
from egide.web.home import together
from web import processes
from web.exercises import crowd, rows

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
TIMES = {"ALE-01": 3, "ALE-02": 6, "ALE-03": 9}


@pytest.fixture
def server(live_server):
    """The address and the processes of a real server on the database of the test."""
    port = together.any_port("127.0.0.1")
    known = os.environ | {"EGIDE_DATA": str(settings.DATA), "DATABASE_URL": processes.database_url()}
    command = [sys.executable, "-m", "egide.web", "web", f"--port={port}", "--processes=2"]
    started = subprocess.Popen(command, env=known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urlopen(f"{address}/sante", timeout=2).close()  # noqa: S310
            break
        except OSError:
            time.sleep(0.1)
    yield address, started
    started.terminate()
    started.wait(20)


def test_everybody_sees_everything_and_nothing_acknowledged_is_lost(world, server):
    address, started = server
    row = rows.ready(world, made=rows.script([rows.item(name, 1 + number) for number, name in enumerate(TIMES)]))
    people = [rows.person(row) for _ in range(20)]
    before = convert.play(row)
    convert.save(row, before, core.moved(before, TIMES, timezone.now(), row.revision))
    phones = [crowd.Phone(f"/exercices/j/{rows.secret(each)}/") for each in people]
    before = convert.play(row)
    convert.save(row, before, core.begun(before, timezone.now()))
    worker = crowd.children(started.pid)[0]
    now = row.started_at.timestamp()
    crowd.live(address, phones, now + 16, (now + TIMES["ALE-02"] + 0.5, lambda: crowd.kill(worker)))
    assert [set(each.seen) for each in phones] == [set(TIMES)] * 20
    kept = models.Note.objects.filter(kind="read").count()
    assert kept == sum(len(each.told) for each in phones) == 20 * len(TIMES)
    assert max(each.seen["ALE-03"] for each in phones) - now - TIMES["ALE-03"] < 5
    statuses = sum((each.statuses for each in phones), Counter())
    assert statuses[304] > statuses[200]
