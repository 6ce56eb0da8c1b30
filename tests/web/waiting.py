"""Waits for what a page comes to, whatever its content security policy forbids the browser's client to evaluate in it."""

import time

import pytest
from playwright.sync_api import Error

SECONDS = 15


def until(page, condition):
    """Return once `condition()` holds, looked at every twentieth of a second while the page goes on; fail after `SECONDS`."""
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            pytest.fail("waited in vain")
        page.wait_for_timeout(50)


def on_its_job(page):
    """Return once the page of the work that was asked is shown."""
    page.wait_for_url("**/travaux/**")


def shown_again(page):
    """Load the page of a work again; that it does so by itself at this very moment is as good."""
    try:
        page.reload()
    except Error as refused:
        if "ERR_ABORTED" not in refused.message:
            raise
        page.wait_for_load_state()
