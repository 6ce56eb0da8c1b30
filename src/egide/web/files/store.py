"""The store of bytes: a temporary name, a sync, then the name that is the digest; a row comes only after.

What a cut left without a row is swept after a day. Bytes kept again are as young as new ones: a lock makes sure that
the sweep never takes what was just kept.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from egide.web.files.models import StoredFile

DAY = 24 * 3600.0
LOCK = ".lock"
CHUNK = 500
READ_ONLY = 0o400
"""What is kept under the digest of its bytes is written once."""


@dataclass(frozen=True)
class Kept:
    """Bytes kept: their digest and their number."""

    sha256: str
    size: int


def path(sha256: str) -> Path:
    """Return where the bytes of that digest are."""
    return Path(settings.FILES) / sha256[:2] / sha256


def keep(chunks: Iterable[bytes]) -> Kept:
    """Keep bytes for good before returning; the same bytes twice are kept once."""
    root = Path(settings.FILES)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        final = path(digest.hexdigest())
        with _locked(root, fcntl.LOCK_SH):
            if final.exists():
                os.utime(final)
            else:
                final.parent.mkdir(exist_ok=True)
                Path(name).chmod(READ_ONLY)
                os.replace(name, final)  # noqa: PTH105 (atomic, and says so)
                _sync(final.parent)
                _sync(root)
    finally:
        Path(name).unlink(missing_ok=True)
    return Kept(digest.hexdigest(), size)


def stamp(sha256: str) -> int:
    """Return when bytes were last kept, in nanoseconds; 0 when they are not there."""
    try:
        return path(sha256).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def forget(sha256: str, as_of: int) -> None:
    """Remove bytes at once, unless a row names them or somebody kept them again since that stamp."""
    if not as_of:
        return
    with _locked(Path(settings.FILES), fcntl.LOCK_EX):
        if stamp(sha256) == as_of and not StoredFile.objects.filter(sha256=sha256).exists():
            path(sha256).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(root: Path, how: int) -> Iterator[None]:
    with (root / LOCK).open("a") as lock:
        fcntl.flock(lock, how)
        yield


def sweep(now: float | None = None) -> int:
    """Remove bytes older than a day that no row names; return how many."""
    root, now = Path(settings.FILES), time.time() if now is None else now
    if not root.is_dir():
        return 0
    with _locked(root, fcntl.LOCK_EX):
        files = (each for each in root.rglob("*") if each.is_file() and each.name != LOCK)
        old = {each.name: each for each in files if now - each.stat().st_mtime > DAY}
        names = sorted(old)
        for start in range(0, len(names), CHUNK):
            some = names[start : start + CHUNK]
            for kept in StoredFile.objects.filter(sha256__in=some).values_list("sha256", flat=True):
                old.pop(kept, None)
        for each in old.values():
            each.unlink(missing_ok=True)
    return len(old)
