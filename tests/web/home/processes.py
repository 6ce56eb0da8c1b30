"""Runs commands of the product as processes of their own, each with its own data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ONCE = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="has data of its own: run on SQLite, once")


def settings(data, **more):
    """The environment of a process: nothing of ours but what is given."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("EGIDE_") and name != "DATABASE_URL"
    }
    return kept | {"EGIDE_DATA": str(data), "PYTHONWARNINGS": "ignore"} | more


def egide(data, *arguments, **more):
    """Run a command to its end."""
    command = [sys.executable, "-m", "egide.web", *arguments]
    return subprocess.run(
        command, check=False, env=settings(data, **more), capture_output=True, text=True, timeout=120, cwd=ROOT
    )


def started(data, *arguments, **more):
    """Begin a command, its output to be read."""
    command = [sys.executable, "-m", "egide.web", *arguments]
    return subprocess.Popen(
        command, env=settings(data, **more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )


def demo(data, *arguments, **more):
    """Make a demonstration."""
    return egide(data, "demo", "--only-load", *arguments, EGIDE_DEMO="oui", **more)
