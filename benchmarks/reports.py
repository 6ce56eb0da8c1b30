"""Time and memory of the report and the matrix: python benchmarks/reports.py [bids ...]

Each size runs in a process of its own, on a made-up evaluation of the 118 first points; evaluation not counted.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from egide import reference
from egide.report import matrix, rao, record
from egide.tender.model import PointUse

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from report import consultations


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, make: Callable[[], bytes]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    size = len(make())
    print(f"  {name:8} cpu {time.process_time() - cpu:5.2f} s  wall {time.perf_counter() - wall:5.2f} s  {size / 1e6:5.1f} MB  peak {peak():4.0f} MB")  # fmt: skip


def one(bids: int) -> None:
    points = {point: PointUse(keep=False) for point in reference.clausier().points if point.startswith("EG-X")}
    kept = consultations.record(bids, points=points, split=True)
    print(f"{bids} bids x {len(kept.evaluation.clausier.points)} points, before: {peak():.0f} MB")
    measured("json", lambda: record.text(kept).encode())
    measured("matrix", lambda: matrix.workbook(kept))
    measured("report", lambda: rao.pdf(kept))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        for size in sys.argv[1:] or ["10", "50"]:
            subprocess.run([sys.executable, __file__, "--one", size], check=True)
