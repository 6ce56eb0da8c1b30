"""What the pictures of a lot show, taken from its evaluation: nothing is decided here, sums are those of the report."""

from collections.abc import Sequence
from decimal import Decimal

from egide.clausier.model import IRREGULAR, AwardUse, Point, Theme
from egide.message import message
from egide.report.pictures.heat import Cell, Group, HeatMap
from egide.report.pictures.heat import Row as Line
from egide.report.pictures.ranking import Total, Totals
from egide.report.pictures.themes import Series, ThemeNotes
from egide.report.view import View
from egide.tender import words
from egide.tender.evaluation import Row
from egide.tender.model import BidKey, Lot


def shown(seen: View, lot: Lot) -> list[Row]:
    """Return the bids of a lot that pictures compare: those that are in the ranking."""
    return [row for row in seen.evaluation.lot(lot.id) if not seen.excluded(row)]


def totals(seen: View, lot: Lot, rows: Sequence[Row]) -> Totals:
    """Return the points of bids by criterion."""
    titles = {criterion.id: seen.criterion_title(criterion) for criterion in seen.tender.criteria}
    bids = []
    for row in rows:
        points = {note.id: note.weighted for note in row.notes}
        bids.append(Total(seen.name(row.key), tuple(points.get(each, Decimal(0)) for each in titles), row.total))
    return Totals(seen.lot_name(lot), tuple(titles.values()), tuple(bids))


def theme_notes(seen: View, lot: Lot, rows: Sequence[Row]) -> ThemeNotes:
    """Return what the points of each scored theme earn, on the scale of their criterion (of 1 when none is fed)."""
    criterion = seen.clausier_criterion
    scale = criterion.scale if criterion else Decimal(1)
    themes = scored(seen, lot)
    series = (
        Series(seen.name(row.key), tuple(_earned(seen, row.key, points) * scale for _, points in themes))
        for row in rows
    )
    return ThemeNotes(seen.lot_name(lot), scale, tuple(_titled(seen, theme) for theme, _ in themes), tuple(series))


def levels(seen: View, lot: Lot, rows: Sequence[Row]) -> HeatMap:
    """Return the level retained of each point used, a group a theme, a column a bid."""
    groups = []
    for theme in seen.clausier_of(lot.id).themes:
        used = [point for point in theme.points if point.award_use is not AwardUse.NONE]
        lines = (Line(_named(seen, point), tuple(_cell(seen, row.key, point) for row in rows)) for point in used)
        groups.append(Group(_titled(seen, theme), tuple(lines)))
    title = seen.set.say(message("Valeur du niveau retenu, point par point – {lot}", lot=seen.lot_name(lot)))
    columns = tuple(seen.name(row.key) for row in rows)
    return HeatMap(title, seen.set.say(message("Point")), columns, tuple(group for group in groups if group.rows))


def shares(seen: View, lot: Lot, rows: Sequence[Row]) -> HeatMap:
    """Return what each bid earns of each scored theme, from 0 to 1, a line a bid: the map of many bids in short."""
    themes = scored(seen, lot)
    lines = tuple(
        Line(seen.name(row.key), tuple(Cell(_earned(seen, row.key, points)) for _, points in themes)) for row in rows
    )
    title = seen.set.say(message("Part obtenue de chaque thème, de 0 à 1 – {lot}", lot=seen.lot_name(lot)))
    columns = tuple(_titled(seen, theme) for theme, _ in themes)
    return HeatMap(title, seen.set.say(message("Soumissionnaire")), columns, (Group("", lines),))


def scored(seen: View, lot: Lot) -> list[tuple[Theme, list[Point]]]:
    """Return the themes of a lot with those of their points that earn something."""
    found = (
        (theme, [point for point in theme.points if point.award_use.scores])
        for theme in seen.clausier_of(lot.id).themes
    )
    return [(theme, points) for theme, points in found if points]


def _earned(seen: View, key: BidKey, points: Sequence[Point]) -> Decimal:
    """Return the share earned of points: the sum of weight x value over the sum of weights."""
    earned = sum((seen.counted(key, point).value or Decimal(0)) * point.weight for point in points)
    return Decimal(earned) / sum(point.weight for point in points)


def _cell(seen: View, key: BidKey, point: Point) -> Cell:
    found = seen.retained(key, point)
    if found is None:
        return Cell()
    return Cell(found.value, seen.set.say(words.level(found.code)), alert=found.code == IRREGULAR)


def _titled(seen: View, theme: Theme) -> str:
    return f"{theme.id} – {seen.set.say(theme.title)}"


def _named(seen: View, point: Point) -> str:
    return f"{point.id} {seen.set.say(point.title) or seen.set.say(point.wording(seen.record.language))}"
