"""What a command of `egide` costs in a process of its own: CPU seconds, user and system, and peak memory."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory in megabytes; two costs add up as two commands in a row do."""

    seconds: float = 0.0
    megabytes: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, max(self.megabytes, other.megabytes))

    def __str__(self) -> str:
        return f"{self.seconds:5.2f} s CPU, {self.megabytes:3.0f} MB"


def command(*arguments: object) -> Cost:
    """Run `egide` as an installed program does: its modules already compiled. Ends when it does not end well."""
    return script("from egide.cli import main; main()", *arguments)


def script(text: str, *arguments: object) -> Cost:
    """Run a few lines of Python in a process of its own and return what they cost."""
    process = subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)], stdout=subprocess.DEVNULL, env=environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"egide {' '.join(map(str, arguments))} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


WARM = """
import compileall, egide
compileall.compile_dir(egide.__path__[0], quiet=2)
import egide.cli.evaluate, egide.report.rao.document, egide.report.matrix, python_calamine, lxml.etree
egide.cli.main(["clausier", "lint"])
"""


@cache
def environment() -> dict[str, str]:
    """Return the environment of the commands, once what they import has been compiled: not counted."""
    folder = tempfile.mkdtemp(prefix="egide-bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = folder
    subprocess.run([sys.executable, "-c", WARM], env=kept, check=True, stdout=subprocess.DEVNULL)
    return kept
