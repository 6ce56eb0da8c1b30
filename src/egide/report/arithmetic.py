"""The sums of an evaluation written out, so that a reader can do them again by hand. Nothing here is a new result."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from egide.message import message
from egide.report.view import NOTHING, View
from egide.tender import price
from egide.tender.evaluation import Row
from egide.tender.model import Criterion, Kind, SubCriterion
from egide.tender.notes import Note

DECIMALS = 4
"""Notes and points are shown with four decimals where they are added up, so that two are right in the end."""


@dataclass(frozen=True)
class Line:
    """One step: what is noted, the sum written out, the note, the points written out, the points."""

    label: str
    sum: str
    note: str
    weighting: str
    points: str
    part: bool = False


def prices(view: View, rows: Sequence[Row]) -> list[Decimal]:
    """Return the amounts that the price criterion compares in a lot."""
    return [row.compared for row in rows if row.compared is not None and not view.excluded(row)]


def price_sum(view: View, criterion: Criterion, paid: Decimal, compared: Sequence[Decimal]) -> str:
    """Return the price formula with the figures of one bid."""
    most, given = view.set.number(criterion.scale, None), view.set.number(paid)
    lowest, highest = view.set.number(min(compared)), view.set.number(max(compared))
    mean = sum((Fraction(each) for each in compared), Fraction(0)) / len(compared)
    said = view.set.number(Decimal(mean.numerator) / Decimal(mean.denominator), DECIMALS)
    match criterion.formula:
        case "proportional":
            written = f"{most} × {lowest} ÷ {given}"
        case "linear_gap":
            written = f"{most} × (1 − ({given} − {lowest}) ÷ {lowest})"
        case "linear_min_max":
            written = most if highest == lowest else f"{most} × ({highest} − {given}) ÷ ({highest} − {lowest})"
        case "mean_based":
            written = most if Fraction(paid) <= mean else f"{most} × {said} ÷ {given}"
        case _:
            written = view.set.say(price.FORMULAS[criterion.formula].writing)
    share = price.FORMULAS[criterion.formula].share(Fraction(paid), price.Market([Fraction(each) for each in compared]))
    return written if share <= 1 else view.set.say(message("{written}, au plus {most}", written=written, most=most))


def lines(view: View, criterion: Criterion, row: Row, compared: Sequence[Decimal]) -> list[Line]:
    """Return the steps from what was retained to the points of a criterion: its sub-criteria, then the criterion."""
    note = next(each for each in row.notes if each.id == criterion.id)
    subs = {sub.id: sub for sub in criterion.subcriteria}
    steps = [_part(view, criterion, subs[part.id], row, part) for part in note.parts]
    return [*steps, _whole(view, criterion, row, note, compared)]


def _part(view: View, criterion: Criterion, sub: SubCriterion, row: Row, note: Note) -> Line:
    weight = subweight(criterion, sub)
    written = _points_sum(view, criterion, note) or view.set.say(message("note retenue"))
    return Line(view.criterion_title(sub), written, four(view, note.note), _weighting(view, criterion, note.note, weight), four(view, note.weighted), part=True)  # fmt: skip


def _whole(view: View, criterion: Criterion, row: Row, note: Note, compared: Sequence[Decimal]) -> Line:
    if note.parts:
        added = " + ".join(four(view, part.weighted) for part in note.parts)
        return Line(view.criterion_title(criterion), view.set.say(message("somme des sous-critères")), four(view, note.note), added, four(view, note.weighted))  # fmt: skip
    return Line(
        view.criterion_title(criterion),
        _sum(view, criterion, row, note, compared),
        four(view, note.note),
        _weighting(view, criterion, note.note, criterion.weight),
        four(view, note.weighted),
    )


def _sum(view: View, criterion: Criterion, row: Row, note: Note, compared: Sequence[Decimal]) -> str:
    match criterion.kind:
        case Kind.PRICE:
            if row.compared is None or not compared:
                return NOTHING
            return price_sum(view, criterion, row.compared, compared)
        case Kind.CLAUSIER:
            return _points_sum(view, criterion, note)
        case Kind.MARKED:
            return view.set.say(message("note retenue"))
        case Kind.COMPUTED:
            return view.set.say(message("valeur calculée par ailleurs"))


def _points_sum(view: View, criterion: Criterion, note: Note) -> str:
    if note.earned is None or note.possible is None:
        return ""
    scale, earned, possible = (
        view.set.number(each, None) for each in (criterion.scale, short(note.earned), note.possible)
    )
    return f"{scale} × {earned} ÷ {possible}"


def _weighting(view: View, criterion: Criterion, note: Decimal, weight: Decimal) -> str:
    return f"{four(view, note)} ÷ {view.set.number(criterion.scale, None)} × {view.set.number(short(weight), None)}"


def subweight(criterion: Criterion, sub: SubCriterion) -> Decimal:
    """Return how many of the hundred points a sub-criterion carries."""
    return sub.weight * criterion.weight / sum((each.weight for each in criterion.subcriteria), Decimal(0))


def four(view: View, value: Decimal) -> str:
    """Return a note or points with the decimals of intermediate steps."""
    return view.set.number(value, DECIMALS)


def short(value: Decimal) -> Decimal:
    """Return a value with at most six decimals: enough to be exact for levels and weights written by people."""
    return value.quantize(Decimal("0.000001")) if len(value.as_tuple().digits) > 12 else value


def addition(view: View, row: Row) -> str:
    """Return the total written as the sum of the points of each criterion."""
    return " + ".join(four(view, note.weighted) for note in row.notes)
