"""The pictures of a lot as plain data, at the widths of screens."""

from collections.abc import Iterable
from typing import Any

from egide.report.pictures import of_lot
from egide.report.pictures.heat import heat_map
from egide.report.pictures.picture import NARROW, WIDE, Picture
from egide.report.pictures.ranking import ranking_bars
from egide.report.pictures.themes import SIDE_BY_SIDE, theme_bars
from egide.report.view import View
from egide.tender.model import Lot

BARS = 12
"""Bids whose totals are compared at a glance in one picture, and whose levels are shown point by point."""


def pictures(seen: View, lot: Lot) -> list[dict[str, Any]]:
    """Return the pictures of a lot in the order to show: totals, themes, levels when the bids are few.

    Each is drawn twice: for a wide screen, and for one held in the hand.
    """
    both = zip(_drawn(seen, lot, WIDE, "w"), _drawn(seen, lot, NARROW, "n"), strict=True)
    return [
        {
            "key": f"picture-{n}",
            "title": wide.title,
            "wide": wide.svg,
            "narrow": narrow.svg,
            "head": list(wide.head),
            "rows": [list(row) for row in wide.rows],
            "texts": wide.texts,
        }
        for n, (wide, narrow) in enumerate(both, 1)
    ]


def _drawn(seen: View, lot: Lot, width: int, key: str) -> Iterable[Picture]:
    rows, setter = of_lot.shown(seen, lot), seen.set
    if not rows:
        return
    for n in range(0, len(rows), BARS):
        data = of_lot.totals(seen, lot, rows[n : n + BARS])
        yield ranking_bars(data, setter, f"{key}-totals-{lot.id}-{n}", width)
    if not of_lot.scored(seen, lot):
        return
    if len(rows) > 2 * SIDE_BY_SIDE:
        yield heat_map(of_lot.shares(seen, lot, rows), setter, f"{key}-shares-{lot.id}", width)
        return
    for n in range(0, len(rows), SIDE_BY_SIDE):
        notes = of_lot.theme_notes(seen, lot, rows[n : n + SIDE_BY_SIDE])
        yield theme_bars(notes, setter, f"{key}-themes-{lot.id}-{n}", width)
    yield heat_map(of_lot.levels(seen, lot, rows), setter, f"{key}-levels-{lot.id}", width)
