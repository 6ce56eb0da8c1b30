"""The clock of these tests: a day after the deadline of every example."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def after_the_deadlines(monkeypatch):
    """Nobody reads a bid before its deadline: it is past."""
    from egide.web.tenders import page

    page.forget()  # the clock is stopped: nothing of another test may be left in memory
    monkeypatch.setattr(timezone, "now", lambda: NOW)
