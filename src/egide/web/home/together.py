"""The server of pages and the worker, started and stopped together: when one goes, the other does."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ENOUGH = 90.0
"""Seconds that the server may take before its first answer."""
GRACE = 10.0
"""Seconds that a process may take to stop before it is killed."""
LOOK = 0.2


class Stopped(RuntimeError):
    """A process ended by itself: `name` says which, `code` how."""

    def __init__(self, name: str, code: int):
        super().__init__(f"{name} ({code})")
        self.name, self.code = name, code


@dataclass(frozen=True)
class Part:
    """A process to run: its name, and the command of `python -m egide.web`."""

    name: str
    command: Sequence[str]


def free(address: str, port: int) -> bool:
    """Whether nobody answers on that port and it may be taken."""
    family = _family(address)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        if probe.connect_ex((address, port)) == 0:
            return False
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def any_port(address: str) -> int:
    """Return a port that nobody uses now."""
    with socket.create_server((address, 0), family=_family(address)) as probe:
        return int(probe.getsockname()[1])


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def run(
    parts: Sequence[Part],
    environment: Mapping[str, str],
    health: str,
    ready: Callable[[], bool],
    log: Path | None = None,
) -> None:
    """Run the processes until this one is asked to stop, or `ready`, called when `health` answers, says not to go on.

    What they write goes to the end of the file `log`, or where this process writes. Raises Stopped when a process ends by itself; the others are stopped first.
    """
    asked: list[int] = []
    before = {name: signal.signal(name, lambda number, _: asked.append(number)) for name in _SIGNALS}
    running: list[tuple[Part, subprocess.Popen[bytes]]] = []
    out = log.open("ab") if log else None
    try:
        for part in parts:
            command = [sys.executable, "-m", "egide.web", *part.command]
            running.append((part, _begun(command, {**os.environ, **environment}, out)))
        began, said = time.monotonic(), False
        while not asked:
            for part, process in running:
                if process.poll() is not None:
                    raise Stopped(part.name, process.returncode)
            if not said and (said := answers(health)) and not ready():
                return
            if not said and time.monotonic() - began > ENOUGH:
                raise Stopped(parts[0].name, 0)
            time.sleep(LOOK)
    finally:
        stop([process for _, process in running])
        if out:
            out.close()
        for name, handler in before.items():
            signal.signal(name, handler)


_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def _begun(command: Sequence[str], environment: Mapping[str, str], out: IO[bytes] | None) -> "subprocess.Popen[bytes]":
    """Begin a process in a group of its own, so that all that it begins ends with it."""
    return subprocess.Popen(  # noqa: S603 (our own commands)
        command, env=environment, stdout=out, stderr=out, start_new_session=True, preexec_fn=_ends_with_this  # noqa: PLW1509
    )  # fmt: skip


def _ends_with_this() -> None:
    """Ask the system to stop the new process should this one be killed; only Linux can be asked."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask processes to stop, then kill what does not within GRACE."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it began and did not stop itself


def answers(address: str) -> bool:
    """Whether something answers at an address, whatever it says."""
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own address)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
