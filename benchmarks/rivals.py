"""The other tools of the Python index, installed apart in `.bench`, each run by its own script in peers/ on one core."""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PINS = HERE / "peers.txt"
SCRIPTS = HERE / "peers"
PLACE = HERE.parent / ".bench"
FAST = HERE.parent / ".tools/bin/uv"
ONE_CORE = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON", "VECLIB", "NUMEXPR")}

Law = dict[str, float]


@dataclass(frozen=True)
class Timed:
    """Seconds for the losses of the years alone (None: not told apart), with their measures, and these by name."""

    years: float | None
    whole: float
    laws: dict[str, Law]


def installed() -> dict[str, str]:
    """Install what peers.txt pins and is not there yet; return why a tool cannot be had, by its name."""
    lines = PINS.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    if not (PLACE / "bin/python").exists():
        _make()
    return {pin.split("==")[0]: reason for pin in pins if (reason := _install(pin))}


def _make() -> None:
    if FAST.exists():
        _called([FAST, "venv", "--quiet", "--python", sys.executable, PLACE])
    else:
        venv.create(PLACE, with_pip=True)


def _install(pin: str) -> str:
    """Install one tool with the versions pinned; return the last line of what went wrong."""
    fast = [FAST, "pip", "install", "--quiet", "--python", PLACE / "bin/python"]
    slow = [PLACE / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return _called([*(fast if FAST.exists() else slow), "--constraint", PINS, pin])


def _called(command: list[object]) -> str:
    done = subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"},
    )
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1] if done.returncode else ""


def run(script: str, years: int, model: object = None, *, ours: bool = False) -> Timed | str:
    """Run one script on one core with a model as JSON, in our own environment if `ours`; return what it says, or why not."""
    done = subprocess.run(
        [
            sys.executable if ours else str(PLACE / "bin/python"),
            "-W",
            "ignore",
            str(SCRIPTS / f"{script}.py"),
            str(years),
        ],
        input=json.dumps(model),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **ONE_CORE},
    )
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Timed(**json.loads(done.stdout.splitlines()[-1]))
