"""Time and memory of the report and the matrix: python benchmarks/reports.py [bids | bidsxlots ...]

With several lots, all the documents are written at once. Each size runs in a process of its own, on a made-up evaluation of the 118 first points; evaluation not counted.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from egide import reference, report
from egide.report import matrix, record
from egide.report.rao import document as rao
from egide.tender.model import PointUse

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from report import consultations


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, make: Callable[[], bytes]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    size = len(make())
    print(f"  {name:8} cpu {time.process_time() - cpu:5.2f} s  wall {time.perf_counter() - wall:5.2f} s  {size / 1e6:5.1f} MB  peak {peak():4.0f} MB")  # fmt: skip


def points() -> dict[str, PointUse]:
    return {point: PointUse(keep=False) for point in reference.clausier().points if point.startswith("EG-X")}


def one(bids: int) -> None:
    kept = consultations.record(bids, points=points(), split=True)
    print(f"{bids} bids x {len(kept.evaluation.clausier.points)} points, before: {peak():.0f} MB")
    measured("json", lambda: record.text(kept).encode())
    measured("matrix", lambda: matrix.workbook(kept))
    measured("docx", lambda: rao.docx(kept))
    measured("report", lambda: rao.pdf(kept))


def all_documents(bids: int, lots: int) -> None:
    kept = consultations.record(bids, lots, points=points(), split=True)
    print(f"{bids} bids x {lots} lots x {len(kept.evaluation.clausier.points)} points, before: {peak():.0f} MB")

    def write() -> bytes:
        with tempfile.TemporaryDirectory() as name:
            return b"".join(path.read_bytes() for path in report.write_record(kept, Path(name) / "out"))

    measured("all", write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        bids, _, lots = sys.argv[2].partition("x")
        all_documents(int(bids), int(lots)) if lots else one(int(bids))
    else:
        for size in sys.argv[1:] or ["10", "50", "50x3"]:
            subprocess.run([sys.executable, __file__, "--one", size], check=True)
