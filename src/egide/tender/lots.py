"""What concerns one lot: the points asked on it."""

from dataclasses import replace

from egide.clausier.model import Clausier
from egide.tender.model import Tender


def concerns(tender: Tender, point: str, lot: str) -> bool:
    """Whether a point is asked on a lot: everywhere unless the tender names its lots."""
    use = tender.points.get(point)
    return use is None or not use.lots or lot in use.lots


def of_lot(tender: Tender, clausier: Clausier, lot: str) -> Clausier:
    """Return the clausier of one lot, from that of the consultation."""
    if not any(use.lots for use in tender.points.values()):
        return clausier
    themes = tuple(
        replace(theme, points=tuple(point for point in theme.points if concerns(tender, point.id, lot)))
        for theme in clausier.themes
    )
    return replace(clausier, themes=tuple(theme for theme in themes if theme.points))
