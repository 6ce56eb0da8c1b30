"""CPU of the two studies of a method: the bench of 20,000 simulated tenders, and the note of robustness on 50 bids.

What is promised is a ratio measured in one run (linear in draws, and in bids); seconds are printed for the reader only.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from egide import reference
from egide.tender.model import PointUse
from egide.tender.trial.bench import bench
from egide.tender.trial.law import Law
from egide.tender.trial.robustness import Doubt, robustness

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from builders import price_and_technical, tender
from report import consultations

LOTS = 3
MOST_SECONDS = 10.0
MOST_RATIO = 12.0  # 10 times the draws: 10 is linear
MOST_RATIO_OF_BIDS = (
    30.0  # 5 times the bids: 5 is linear, 25 is the square (each removed bid is a ranking of the others)
)


def cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def benches() -> dict[int, float]:
    """Return the CPU seconds by number of simulated tenders: four bids, 40/60, four formulas side by side."""
    asked, rules = tender(price_and_technical()), reference.rules().on(date(2026, 7, 1))
    clausier = replace(reference.clausier(), themes=())
    return {count: cpu(lambda count=count: bench(asked, clausier, rules, Law(count), 7)) for count in (2_000, 20_000)}


def notes() -> dict[int, float]:
    """Return the CPU seconds of the whole note by number of bids, on the 118 first points and three lots."""
    points = {point: PointUse(keep=False) for point in reference.clausier().points if point.startswith("EG-X")}
    spent = {}
    for bids in (10, 50):
        evaluation = consultations.record(bids, lots=LOTS, points=points).evaluation
        spent[bids] = cpu(lambda evaluation=evaluation: robustness(evaluation, Doubt(), 1))
        ranked = sum(row.rank is not None for row in evaluation.ranking)
        print(
            f"note: {bids} bids x {len(evaluation.clausier.points)} points x {LOTS} lots, {ranked} ranked, 2,000 draws: {spent[bids]:.2f} s CPU"
        )
    return spent


def main() -> int:
    simulated = benches()
    ratio = simulated[20_000] / simulated[2_000]
    print(
        f"bench: 20,000 tenders of 4 bids: {simulated[20_000]:.2f} s CPU; ratio to 2,000: {ratio:.1f} (promised under {MOST_RATIO})"
    )
    spent = notes()
    ratio_of_bids = spent[50] / spent[10]
    print(f"note: ratio 50:10 bids {ratio_of_bids:.1f} (promised under {MOST_RATIO_OF_BIDS})")
    kept = ratio < MOST_RATIO and ratio_of_bids < MOST_RATIO_OF_BIDS
    kept = kept and max(*simulated.values(), *spent.values()) < MOST_SECONDS
    print("promise kept" if kept else "PROMISE BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
