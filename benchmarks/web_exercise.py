"""The promise of a live exercise: 200 players and 10 observers, 2 workers, each inject shown everywhere within 2 s.

All poll each second for half a minute; injects go to all; each player says at once that it was read; a worker is killed
in the middle of those acknowledgements. Then the database must hold each one that the server had acknowledged.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

sys.path.append(str(Path(__file__).parents[1] / "tests"))

FOLDER = tempfile.TemporaryDirectory(prefix="egide-benchmark-", ignore_cleanup_errors=True)
os.environ |= {
    "EGIDE_DATA": FOLDER.name,
    "EGIDE_SECRET_KEY": secrets.token_urlsafe(50),
    "DJANGO_SETTINGS_MODULE": "egide.web.settings",
}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402

from egide.exercise import play as core  # noqa: E402
from egide.web.exercises import convert, models  # noqa: E402
from web.exercises import crowd, rows  # noqa: E402
from web.world import World, place  # noqa: E402

PLAYERS, OBSERVERS = 200, 10
EARLIER = 30
"""Injects that each page shows already."""
SECONDS = (6, 12, 18, 24)
"""When injects go to all; a worker dies in the acknowledgements of the third."""
LASTS = 32
QUIET = 6
MOST_LATE = 2.0
MOST_MEGABYTES = 400


def prepared(port: int) -> tuple[models.Exercise, list[crowd.Phone]]:
    """Return an exercise ready to begin, and its phones."""
    call_command("migrate", verbosity=0)
    hospital = place("Centre hospitalier de Valmont", "ch-valmont.exemple.fr")
    earlier = [rows.item(f"BEF-{number:02d}", 0) for number in range(EARLIER)]
    made = rows.script([*earlier, *(rows.item(f"ALE-0{number}", number) for number in range(1, len(SECONDS) + 1))])
    row = rows.ready(World(hospital, hospital, None), made=made)
    before = convert.play(row)
    times = {f"ALE-0{number}": second for number, second in enumerate(SECONDS, 1)}
    convert.save(row, before, core.moved(before, times, datetime.now(UTC), row.revision))
    roles = [models.Role.PLAYER] * PLAYERS + [models.Role.OBSERVER] * OBSERVERS
    people = [
        models.Participant(exercise=row, role=role, seats=["lead"] if role == models.Role.PLAYER else [])
        for role in roles
    ]
    models.Participant.objects.bulk_create(people)
    convert.link(people)
    return row, [
        crowd.Phone(reverse("exercises:play", args=[rows.secret(each)]), reads=each.role == models.Role.PLAYER)
        for each in people
    ]  # fmt: skip


def served(port: int) -> "subprocess.Popen[bytes]":
    """Start the server and wait until it answers."""
    command = [sys.executable, "-m", "egide.web", "web", f"--port={port}", "--processes=2"]
    log = (Path(FOLDER.name) / "log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log)
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{port}/sante", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return server
    raise SystemExit("the server does not answer")


def main() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    row, phones = prepared(port)
    server = served(port)
    try:
        workers = crowd.children(server.pid)
        idle(f"http://127.0.0.1:{port}", phones, workers)
        before = convert.play(row)
        convert.save(row, before, core.begun(before, datetime.now(UTC)))
        started = row.started_at.timestamp()

        def killed() -> None:
            crowd.kill(workers[0])

        crowd.live(f"http://127.0.0.1:{port}", phones, started + LASTS, (started + SECONDS[2] + 0.7, killed))
        after = crowd.children(server.pid)
        memory = crowd.megabytes(after)
    finally:
        server.terminate()
        server.wait(20)
    return told(row, phones, started, memory)


def idle(address: str, phones: list[crowd.Phone], workers: list[int]) -> None:
    """Print what a poll costs when nothing changes: all phones, before the beginning."""
    crowd.live(address, phones, time.time() + 3)
    before = sum(each.statuses[304] for each in phones)
    spent, began = crowd.cpu(workers), time.time()
    crowd.live(address, phones, time.time() + QUIET)
    answered = sum(each.statuses[304] for each in phones) - before
    spent, lasted = crowd.cpu(workers) - spent, time.time() - began
    print(
        f"nothing new: {answered} answers 304 in {lasted:.0f} s, {spent / answered * 1000:.2f} ms of CPU each, {spent / lasted:.0%} of one core"
    )
    for each in phones:
        each.statuses.clear()
        each.slowest = 0.0


def told(row: models.Exercise, phones: list[crowd.Phone], started: float, memory: float) -> int:
    """Print what was measured; return 1 when a promise is broken."""
    kept = True
    statuses = sum((each.statuses for each in phones), Counter[int | str]())
    polls = statuses[304] + statuses[200]
    print("answers", dict(statuses), f"share of 304: {statuses[304] / polls:.0%}")
    for number, second in enumerate(SECONDS, 1):
        key = f"ALE-0{number}"
        late = sorted(each.seen[key] - started - second for each in phones if key in each.seen)
        whole = len(late) == len(phones)
        within = whole and late[-1] <= MOST_LATE
        dead = number == 3
        kept &= whole and (within or dead)
        print(
            f"{key}: shown on {len(late)} of {len(phones)}, half within {late[len(late) // 2]:.2f} s, all within {late[-1]:.2f} s{' (a worker was killed)' if dead else '' if within else '  BROKEN'}"
        )
    held = {
        (secret, key)
        for secret, key in models.Note.objects.filter(exercise=row, kind="read").values_list(
            "participant__uuid", "event__key"
        )
    }
    print(f"acknowledged: {sum(len(each.told) for each in phones)}, kept: {len(held)}, asked: {PLAYERS * len(SECONDS)}")
    kept &= len(held) >= sum(len(each.told) for each in phones) and len(held) == PLAYERS * len(SECONDS)
    slowest = max(each.slowest for each in phones)
    print(f"slowest answer {slowest:.2f} s, fattest worker {memory:.0f} MB")
    kept &= memory <= MOST_MEGABYTES
    print("kept" if kept else "BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
