"""The engine of simulations, ready once for the tests of losses; some of them see it not ready."""

import pytest

from egide.desk import quick_loss
from egide.web.risk import answers, convert


@pytest.fixture(scope="session")
def engine():
    """The engine is ready, as in a process that has served pages for a while."""
    quick_loss.warm()


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Forget what another test has read and simulated."""
    convert._kept.clear()
    answers._kept.clear()
