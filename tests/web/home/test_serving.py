import os
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from egide.web.home import serving, together
from web.home.processes import ONCE, egide, started

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="signals"), ONCE]


def children(pid):
    """The processes begun by one, from the table of the system, with their command."""
    found = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            command = (each / "cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid:
            found[int(each.name)] = command
    return found


def alive(pids):
    """The processes that still run; one that ended and waits to be noticed does not."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        found += [pid] if state != "Z" else []
    return found


@pytest.fixture
def served(tmp_path):
    """A product being served: its process, its address, the processes that it began."""
    port = together.any_port("127.0.0.1")
    process = started(tmp_path / "data", "serve", "--port", str(port), "--processes", "1")
    line = ""
    for line in process.stdout:
        if "Égide répond sur" in line:
            break
    assert f"http://127.0.0.1:{port}" in line, line
    yield process, f"http://127.0.0.1:{port}", children(process.pid)
    if process.poll() is None:
        process.terminate()
        process.wait(20)
    process.stdout.close()


def gone(process, pids):
    """Whether a process and those that it began end within some seconds; returns its exit code."""
    code = process.wait(20)
    until = time.monotonic() + 5
    while alive(pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert alive(pids) == []
    return code


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_pages_and_worker_start_together_and_stop_together(served, number):
    process, address, begun = served
    assert sorted(command[3] for command in begun.values()) == ["web", "worker"]
    with urllib.request.urlopen(f"{address}/sante") as answer:  # noqa: S310
        assert answer.status == 200
    grandchildren = [pid for each in begun for pid in children(each)]
    process.send_signal(number)
    assert gone(process, [*begun, *grandchildren]) == 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["web", "worker"])
def test_when_one_dies_the_other_is_stopped_and_it_is_said(served, name):
    process, _, begun = served
    victim = next(pid for pid, command in begun.items() if command[3] == name)
    os.kill(victim, signal.SIGKILL)
    assert gone(process, [pid for pid in begun if pid != victim]) == 1
    assert f"« {name} » s’est arrêté de lui-même" in process.stdout.read()


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="asked of the system, which Linux alone can do")
def test_nothing_is_left_when_the_first_process_is_killed(served):
    process, _, begun = served
    grandchildren = [pid for each in begun for pid in children(each)]
    process.kill()
    gone(process, [*begun, *grandchildren])


def test_a_port_already_taken_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = egide(tmp_path / "data", "serve", "--port", str(port))
    assert done.returncode == 2
    assert f"Le port {port} est déjà pris" in done.stderr
    assert "Traceback" not in done.stderr
    done = egide(tmp_path / "data", "serve", "--port", "1", "--address", "203.0.113.7", "--lang", "en")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path):
    done = egide(tmp_path / "data", "serve", EGIDE_UPLOAD_MB="beaucoup", EGIDE_HTTPS="peut-être", EGIDE_COLOUR="x")
    assert done.returncode == 1
    for said in ("EGIDE_UPLOAD_MB", "EGIDE_HTTPS", "EGIDE_COLOUR"):
        assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_database_that_does_not_answer_is_said(tmp_path):
    pytest.importorskip("psycopg")
    port = together.any_port("127.0.0.1")
    done = egide(
        tmp_path / "data", "serve", "--port", "0", DATABASE_URL=f"postgres://nobody:secret@127.0.0.1:{port}/none"
    )
    assert done.returncode == 1
    assert "vérifier DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_of_sessions_is_made_once_and_read_by_nobody_else(tmp_path):
    first = serving.kept_key(tmp_path / "secret-key")
    assert len(first) >= 50
    assert serving.kept_key(tmp_path / "secret-key") == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
