"""The promise of speed of `egide evaluate`: CPU, memory, and cost linear in bids; and of the pure arithmetic.

What is promised is a ratio measured in one run (50 bids against 10); seconds are printed for the reader only.
"""

import sys
import tempfile
import time
from pathlib import Path

import consultation
from measured import command, script

from egide import reference
from egide.desk.evaluation import evaluated
from egide.tender.evaluation import score

MOST_RATIO = 6.0  # 50 bids against 10, start-up taken away: 5 is linear
MOST_SECONDS = 5.0
MOST_MEGABYTES = 400


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
            figures[bids] = command("evaluate", root / str(bids), "-o", root / f"out-{bids}")
            print(f"evaluate: {bids} bids x {points} points: {figures[bids]}")
        base = script("import egide.cli.evaluate; from egide import reference as r; r.clausier()").seconds
        ratio = (figures[50].seconds - base) / (figures[10].seconds - base)
        print(f"start-up {base:.2f} s; ratio 50:10 without it {ratio:.2f} (linear is 5, promised under {MOST_RATIO})")
        print(f"pure evaluation of 20 bids: {pure(root / '20'):.2f} ms")
    kept = ratio < MOST_RATIO and figures[50].seconds < MOST_SECONDS and figures[50].megabytes < MOST_MEGABYTES
    print("promise kept" if kept else "PROMISE BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
