"""The pictures of the analysis report: totals, notes by theme, levels point by point."""

from egide.message import message
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.pictures import of_lot
from egide.report.pictures.on_paper import block, map_blocks
from egide.report.pictures.picture import WIDE
from egide.report.pictures.ranking import ranking_bars
from egide.report.pictures.themes import SIDE_BY_SIDE, theme_bars
from egide.report.rao import bids
from egide.report.view import View
from egide.tender.model import Lot

BARS = 12
"""Bids whose totals are compared at a glance in one picture."""


def totals(seen: View, lot: Lot) -> list[Block]:
    """Return the totals of the bids ranked, so many a picture."""
    rows = of_lot.shown(seen, lot)
    return [
        block(ranking_bars(of_lot.totals(seen, lot, rows[n : n + BARS]), seen.set, f"totals-{lot.id}-{n}", WIDE))
        for n in range(0, len(rows), BARS)
    ]


def themes(seen: View, lot: Lot) -> list[Block]:
    """Return the notes by theme of the bids ranked: bars while a glance compares them, a map when they are many."""
    rows = of_lot.shown(seen, lot)
    scored = of_lot.scored(seen, lot)
    if not rows or not scored:
        return []
    if len(rows) > 2 * SIDE_BY_SIDE:
        heads = [theme.id for theme, _ in scored]
        return map_blocks(of_lot.shares(seen, lot, rows), seen.set, f"shares-{lot.id}", heads=heads)
    return [
        block(
            theme_bars(
                of_lot.theme_notes(seen, lot, rows[n : n + SIDE_BY_SIDE]), seen.set, f"themes-{lot.id}-{n}", WIDE
            )
        )
        for n in range(0, len(rows), SIDE_BY_SIDE)
    ]


def levels(seen: View, lot: Lot) -> list[Block]:
    """Return the level retained of each point by the bids ranked; they are left to the report of the lot when the bids
    are, point by point; of more than `bids.MANY`, whose map would take more memory than is promised, only themes are shown.
    """
    rows = of_lot.shown(seen, lot)
    apart = len(seen.tender.lots) > 1 and len(seen.evaluation.ranking) > bids.APART
    if not 0 < len(rows) <= bids.MANY or apart:
        return []
    maps = map_blocks(of_lot.levels(seen, lot, rows), seen.set, f"levels-{lot.id}", tabled=False)
    return [blocks.heading(seen.set.say(message("Niveaux retenus, point par point")), 3), *maps] if maps else []
