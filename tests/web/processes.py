"""Other processes on the database and the files of the running test, as a server and its worker are."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

TESTS = Path(__file__).parents[1]


def database_url() -> str:
    """The address of the test database."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    port = f":{known['PORT']}" if known["PORT"] else ""
    secret = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    return f"postgres://{quote(known['USER'])}{secret}@{known['HOST']}{port}/{known['NAME']}"


def start(code: str, *arguments: object, **environment: str) -> "subprocess.Popen[str]":
    """Start a process that runs `code` after Django is set up."""
    settings_module = "import os, sys, django; django.setup()\n"
    known = os.environ | {
        "EGIDE_DATA": str(settings.DATA), "DATABASE_URL": database_url(), "PYTHONPATH": str(TESTS),
        "DJANGO_SETTINGS_MODULE": "egide.web.settings",
    }  # fmt: skip
    command = [sys.executable, "-c", settings_module + code, *map(str, arguments)]
    return subprocess.Popen(
        command,
        env=known | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", seconds: float = 60) -> str:
    """Wait for a process and return what it printed; fails when it failed."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err[-3000:]
    return out
