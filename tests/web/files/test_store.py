"""The store keeps what it said it kept, whatever is cut."""

import hashlib
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from egide.web.files import store
from egide.web.files.models import StoredFile
from web.processes import start

DAY = 24 * 3600
KEEPING = """
from pathlib import Path
from django.conf import settings
from egide.web.files import store
settings.FILES = Path(sys.argv[1])
def chunks():
    yield b"x" * 100_000
    print("half", flush=True)
    sys.stdin.readline() if sys.argv[2] == "wait" else None
    yield b"y" * 100_000
print(store.keep(chunks()).sha256, flush=True)
import time; time.sleep(60)
"""


def on_disk(files):
    return sorted(each.name for each in files.rglob("*") if each.is_file() and each.name != store.LOCK)


def test_bytes_are_kept_under_their_digest_once(files):
    first = store.keep([b"une ", b"offre"])
    assert first == store.keep([b"une offre"])
    assert first.sha256 == hashlib.sha256(b"une offre").hexdigest()
    assert first.size == 9
    assert store.path(first.sha256).read_bytes() == b"une offre"
    assert on_disk(files) == [first.sha256]
    assert stat.S_IMODE(store.path(first.sha256).stat().st_mode) == 0o400


def test_a_source_that_breaks_leaves_nothing(files):
    def chunks():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.keep(chunks())
    assert on_disk(files) == []


@pytest.mark.django_db
def test_the_sweep_takes_what_is_old_and_named_by_no_row(files, hospital):
    kept, lost, young = store.keep([b"1"]), store.keep([b"2"]), store.keep([b"3"])
    (files / ".new-abandoned").write_bytes(b"4")
    StoredFile.objects.create(organisation=hospital.organisation, name="a.pdf", sha256=kept.sha256, size=1)
    for each in [store.path(kept.sha256), store.path(lost.sha256), files / ".new-abandoned"]:
        os.utime(each, (time.time() - DAY - 10,) * 2)
    assert store.sweep() == 2
    assert on_disk(files) == sorted([kept.sha256, young.sha256])


@pytest.mark.django_db
def test_bytes_kept_again_are_young_again(files, hospital):
    again = store.keep([b"1"])
    os.utime(store.path(again.sha256), (time.time() - DAY - 10,) * 2)
    store.keep([b"1"])
    assert store.sweep() == 0
    assert store.path(again.sha256).exists()


@pytest.mark.django_db
def test_what_is_forgotten_is_neither_named_nor_kept_again_since(files, hospital):
    kept, again, gone = store.keep([b"1"]), store.keep([b"2"]), store.keep([b"3"])
    StoredFile.objects.create(organisation=hospital.organisation, name="a.pdf", sha256=kept.sha256, size=1)
    stamps = {each: store.stamp(each.sha256) for each in (kept, again, gone)}
    time.sleep(0.02)
    store.keep([b"2"])
    for each, seen in stamps.items():
        store.forget(each.sha256, seen)
    assert on_disk(files) == sorted([kept.sha256, again.sha256])
    store.forget(gone.sha256, stamps[gone])
    assert store.stamp(gone.sha256) == 0


@pytest.mark.django_db
def test_the_sweep_of_nothing(files):
    assert store.sweep() == 0


def test_the_same_bytes_from_many_threads(files):
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda _: store.keep([b"z" * 200_000]), range(40)))
    assert len(kept) == 1
    assert on_disk(files) == [kept.pop().sha256]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_kept(files):
    process = start(KEEPING, files, "wait")
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate()
    assert all(name.startswith(".new-") for name in on_disk(files))
    assert store.sweep(time.time() + DAY + 10) == 1
    assert on_disk(files) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_killed_after_it_said_kept_everything_is_there(files):
    process = start(KEEPING, files, "go")
    process.stdout.readline()
    sha256 = process.stdout.readline().strip()
    process.kill()
    process.communicate()
    assert hashlib.sha256(store.path(sha256).read_bytes()).hexdigest() == sha256
    assert on_disk(files) == [sha256]
