import fcntl

import pytest

from web.home.processes import demo


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory, worker_id):
    """A demonstration made by the command, once for all workers; read it, do not change it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "egide-demo"
    ready = folder.with_suffix(".ready")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            done = demo(folder)
            assert done.returncode == 0, done.stdout + done.stderr
            ready.touch()
    return folder
