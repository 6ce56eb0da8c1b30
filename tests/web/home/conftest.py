import pytest

from web.home.processes import demo


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory):
    """A demonstration made by the command; read it, do not change it."""
    folder = tmp_path_factory.mktemp("demo") / "egide-demo"
    done = demo(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
