"""What the tests of marking share."""

import pytest

from web.tenders.marking import made


@pytest.fixture
def row(world):
    """A consultation of two bids, nothing marked, interests declared."""
    return made.consultation(world.hospital)


@pytest.fixture
def evaluator(world, sign_in):
    """The client of the evaluator, who sits as the RSSI."""
    return sign_in(world.hospital.evaluator)


@pytest.fixture
def buyer(world, sign_in):
    """The client of the buyer."""
    return sign_in(world.hospital.buyer)
