"""The clock of these tests: a day after the deadline of every example."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def after_the_deadlines(monkeypatch):
    """Nobody reads a bid before its deadline: it is past."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
