"""The promise of speed of `egide evaluate`: CPU, memory, and cost linear in bids; and of the pure arithmetic.

What is promised is a ratio measured in one run (50 bids against 10); seconds are printed for the reader only.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import consultation

from egide import reference
from egide.cli.evaluate import evaluated
from egide.tender.evaluation import score

MOST_RATIO = 6.0  # 50 bids against 10, start-up taken away: 5 is linear
MOST_SECONDS = 5.0
MOST_MEGABYTES = 400


def command(folder: Path, out: Path) -> tuple[float, float]:
    """Run `egide evaluate` in a process of its own; return its CPU seconds and its peak memory in MB."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from egide.cli import main; main()", "evaluate", str(folder), "-o", str(out)],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"egide evaluate ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def startup() -> float:
    """Return the CPU seconds of a run that reads the reference data and nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", "import egide.cli.evaluate; from egide import reference as r; r.clausier()"], check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pure(folder: Path) -> float:
    """Return the best of 20 runs of the arithmetic alone, in milliseconds."""
    evaluation, _ = evaluated(folder)
    inputs = (evaluation.tender, evaluation.clausier, reference.rules(), evaluation.bids, evaluation.marks, {})
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        score(*inputs)
        best = min(best, time.perf_counter() - start)
    return best * 1000


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        figures = {}
        for bids in (10, 20, 50):
            points = consultation.write(root / str(bids), bids)
            figures[bids] = command(root / str(bids), root / f"out-{bids}")
            print(f"evaluate: {bids} bids x {points} points: {figures[bids][0]:.2f} s CPU, {figures[bids][1]:.0f} MB")
        base = startup()
        ratio = (figures[50][0] - base) / (figures[10][0] - base)
        print(f"start-up {base:.2f} s; ratio 50:10 without it {ratio:.2f} (linear is 5, promised under {MOST_RATIO})")
        print(f"pure evaluation of 20 bids: {pure(root / '20'):.2f} ms")
    kept = ratio < MOST_RATIO and figures[50][0] < MOST_SECONDS and figures[50][1] < MOST_MEGABYTES
    print("promise kept" if kept else "PROMISE BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
