"""Waits for what a page comes to, whatever its content security policy forbids the browser's client to evaluate in it."""

import time

import pytest

SECONDS = 15


def until(page, condition):
    """Return once `condition()` holds, looked at every twentieth of a second while the page goes on; fail after `SECONDS`."""
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            pytest.fail("waited in vain")
        page.wait_for_timeout(50)
