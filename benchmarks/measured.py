"""What a command of `egide` costs in a process of its own: CPU seconds, user and system, and peak memory."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory in megabytes; two costs add up as two commands in a row do."""

    seconds: float = 0.0
    megabytes: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, max(self.megabytes, other.megabytes))

    def __str__(self) -> str:
        return f"{self.seconds:5.2f} s CPU, {self.megabytes:3.0f} MB"


def command(*arguments: object, allowed: int = 0) -> Cost:
    """Run `egide` as an installed program does: its modules already compiled. Ends when the exit code is above `allowed`."""
    return script("from egide.cli import main; main()", *arguments, allowed=allowed)


def script(text: str, *arguments: object, allowed: int = 0) -> Cost:
    """Run a few lines of Python in a process of its own and return what they cost."""
    process = subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)], stdout=subprocess.DEVNULL, env=_environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in range(allowed + 1):
        raise SystemExit(f"egide {' '.join(map(str, arguments))} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@cache
def _environment() -> dict[str, str]:
    """Return the environment of the commands, once every module that they import has been compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "egide-bench-bytecode")
    modules = "import compileall, egide; compileall.compile_dir(egide.__path__[0], quiet=2)"
    everything = "import egide.cli.evaluate, egide.report.rao, egide.report.matrix, egide.report.odt_paper, python_calamine, openpyxl"
    subprocess.run([sys.executable, "-c", f"{modules}; {everything}"], env=kept, check=True)
    return kept
