"""Temporary folders of long work: each held by a lock that the system gives back with the process, however it ends."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

LOCK = ".lock"


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder, on the disk of the files, that disappears whatever happens."""
    with _alone():
        folder = Path(tempfile.mkdtemp(dir=_root()))
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def sweep() -> int:
    """Remove the folders of processes that were killed; return how many. Those of who still works are left."""
    gone = 0
    with _alone():
        for folder in _root().iterdir():
            if not folder.is_dir():
                continue
            held = os.open(folder, os.O_RDONLY)
            try:
                with suppress(BlockingIOError):
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
            finally:
                os.close(held)
    return gone


def _root() -> Path:
    root = Path(settings.DATA) / "work"
    root.mkdir(parents=True, exist_ok=True)
    return root


@contextmanager
def _alone() -> Iterator[None]:
    with (_root() / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
