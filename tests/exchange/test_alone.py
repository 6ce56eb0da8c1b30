"""Two commands at once in one folder: the second is refused, and nothing of the first is undone."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from egide.errors import DataError
from egide.exchange.alone import alone


def hold(folder: Path, ready, over) -> None:
    with alone(folder):
        ready.set()
        over.wait(30)


def test_a_folder_is_held_by_one_and_let_go_by_a_killed_run(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, over = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, ready, over))
    other.start()
    assert ready.wait(30)
    with pytest.raises(DataError) as caught, alone(tmp_path):
        pass
    assert [(each.code, each.file) for each in caught.value.findings] == [("folder.busy", str(tmp_path))]
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    with alone(tmp_path):
        assert tmp_path.is_dir()
