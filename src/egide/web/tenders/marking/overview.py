"""Where marking is: for each evaluator and bid what is marked and what is awaited, and what is told of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from egide.tender.lots import concerns
from egide.tender.model import Evaluator, Kind
from egide.tender.rules import notes
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.tenders import models, page
from egide.web.tenders.marking import lines as rows
from egide.web.tenders.marking.harmonise import BRIEF, differing, differing_notes
from egide.web.tenders.marking.room import Room, inside


@dataclass(frozen=True)
class Cell:
    """How far a theme of a bid is: `url` leads to its grid."""

    done: int
    total: int
    url: str

    @property
    def text(self) -> str:
        """Return how many of how many."""
        return f"{self.done}/{self.total}"

    @property
    def state(self) -> str:
        """Return how the cell is drawn."""
        if self.complete:
            return "cell cell-done" if self.total else "cell"
        return "cell cell-begun" if self.begun else "cell"

    @property
    def complete(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total

    @property
    def begun(self) -> bool:
        """Whether something is marked."""
        return self.done > 0


@dataclass(frozen=True)
class Row:
    """A bid: its name, its themes, the whole."""

    name: str
    cells: tuple[Cell, ...]
    done: int
    total: int
    doubts: int
    differs: int

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the figures of the whole, as text."""
        return f"{self.done}/{self.total}", str(self.doubts), str(self.differs)


@dataclass(frozen=True)
class Desk:
    """What one seat of this person has to do."""

    seat: models.Seat
    evaluator: Evaluator
    declared: bool
    hidden: tuple[str, ...]
    themes: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    done: int = 0
    total: int = 0
    criteria: int = 0
    noted: int = 0
    to_note: int = 0
    following: str = ""

    @property
    def share(self) -> int:
        """Return how much is done, in hundredths."""
        whole = self.total + self.to_note
        return 100 * (self.done + self.noted) // whole if whole else 100


@dataclass(frozen=True)
class Progress:
    """How far an evaluator is: never what it retains."""

    evaluator: Evaluator
    accounts: tuple[str, ...]
    declared: bool
    done: int
    total: int

    @property
    def left(self) -> int:
        """Return what is awaited."""
        return max(0, self.total - self.done)


@require_safe
@inside
def index(request: HttpRequest, room: Room) -> HttpResponse:
    """Show what this person has to mark, how far everybody is, what remains to be agreed or decided."""
    known = tally(room)
    context = {
        "desks": [desk(room, each, known) for each in room.seats] if room.has(Right.MARK) else [],
        "everybody": everybody(room, known),
        "unmarked": unmarked(room, known),
        "differences": len(known.differing) + len(differing_notes(room)),
        "decides": room.has(Right.DECIDE),
        "double": room.tender.double_reading,
    }
    return page.show(request, room.row, "marking", "tenders/marking/overview.html", context)


# ---------------------------------------------------------------------------------------------------- what is marked
@dataclass(frozen=True)
class Tally:
    """What is marked of the last bids: who marked which point, who noted which criterion, what is doubtful, what differs."""

    marked: Mapping[str, Sequence[tuple[int, str]]]
    noted: Mapping[str, Sequence[tuple[int, str, str]]]
    doubts: Sequence[tuple[str, str]]
    differing: Sequence[rows.Spot]


def tally(room: Room) -> Tally:
    """Return it: three queries."""
    pks = [row.pk for row in room.last.values()]
    given = list(models.Mark.objects.filter(bid_id__in=pks).exclude(level="").values_list(*BRIEF))
    marked: dict[str, list[tuple[int, str]]] = {}
    for pk, evaluator, point, _ in given:
        marked.setdefault(evaluator, []).append((pk, point))
    noted: dict[str, list[tuple[int, str, str]]] = {}
    notes_given = models.Note.objects.filter(bid_id__in=pks).exclude(note="")
    for evaluator, pk, criterion, sub in notes_given.values_list("evaluator", "bid_id", "criterion", "subcriterion"):
        noted.setdefault(evaluator, []).append((pk, criterion, sub))
    found = models.ReadFinding.objects.filter(consultation=room.row, source="bids")
    doubts = list(found.exclude(tenderer="").exclude(point="").values_list("tenderer", "point"))
    shown = {row.pk: key for key, row in room.shown().items()}
    return Tally(marked, noted, doubts, differing(room, shown, given))


# ------------------------------------------------------------------------------------------------------------- one seat
def desk(room: Room, seat: models.Seat, known: Tally) -> Desk:
    """Return what a seat has to do."""
    evaluator = room.evaluators[seat.evaluator]
    declared = room.declared(evaluator.id)
    bids = room.open_to(evaluator.id) if declared else {}
    hidden = tuple(room.lot(lot.id) for lot in room.tender.lots if not room.reads(evaluator.id, lot.id))
    base = Desk(seat, evaluator, declared, hidden)
    if not bids:
        return base
    points = rows.points_read(room, evaluator)
    theme_of = {point.id: room.clausier.theme_of[point.id].id for point in points}
    themes = tuple(
        (theme.id, said(theme.title)) for theme in room.clausier.themes if theme.id in set(theme_of.values())
    )
    pks = {row.pk: key for key, row in bids.items()}
    done: Counter[tuple[int, str]] = Counter()
    for pk, point in known.marked.get(evaluator.id, ()):
        if point in theme_of and pk in pks:
            done[pk, theme_of[point]] += 1
    totals = {
        lot.id: Counter(theme_of[each.id] for each in points if concerns(room.tender, each.id, lot.id))
        for lot in room.tender.lots
    }
    doubts = Counter(tenderer for tenderer, point in known.doubts if point in theme_of)
    differs = Counter(key for key, point in known.differing if point in theme_of)
    first = str(next(iter(bids.values())).uuid)
    pattern = reverse("tenders:mark_bid", args=[room.row.uuid, seat.uuid, first])
    address = {pk: pattern.replace(first, str(bids[key].uuid)) for pk, key in pks.items()}
    made = []
    for pk, key in pks.items():
        cells = tuple(
            Cell(done[pk, theme], totals[key.lot][theme], f"{address[pk]}?theme={theme}") for theme, _ in themes
        )
        whole = sum(totals[key.lot].values())
        count = sum(cell.done for cell in cells)
        made.append(Row(room.name(key), cells, count, whole, doubts[key.tenderer], differs[key]))
    following = next((cell.url for row in made for cell in row.cells if not cell.complete), "")
    wanted = set(marked_criteria(room, evaluator))
    noted = sum(pk in pks and (criterion, sub) in wanted for pk, criterion, sub in known.noted.get(evaluator.id, ()))
    to_note = len(wanted) * len(bids)
    return Desk(
        seat, evaluator, declared, hidden, themes, tuple(made), sum(row.done for row in made),
        sum(row.total for row in made), len(wanted), noted, to_note, following,
    )  # fmt: skip


def marked_criteria(room: Room, evaluator: Evaluator | None = None) -> list[tuple[str, str]]:
    """Return the criteria and sub-criteria that are marked by hand, all or those of an evaluator."""
    return [
        (criterion.id, sub)
        for criterion in room.tender.criteria
        if criterion.kind is Kind.MARKED and (evaluator is None or notes(evaluator, criterion))
        for sub in ([each.id for each in criterion.subcriteria] or [""])
    ]


# --------------------------------------------------------------------------------------------------------- everybody
def everybody(room: Room, known: Tally) -> list[Progress]:
    """Return how far each evaluator is, on the lots that it may read: one query."""
    accounts: dict[str, list[str]] = {}
    for seat in models.Seat.objects.filter(consultation=room.row).select_related("user"):
        accounts.setdefault(seat.evaluator, []).append(str(seat.user))
    made = []
    for evaluator in room.tender.evaluators:
        points = rows.points_read(room, evaluator)
        by_lot = {
            lot.id: sum(concerns(room.tender, point.id, lot.id) for point in points)
            for lot in room.tender.lots
            if not _conflict(room, evaluator.id, lot.id)
        }
        keys = [key for key in room.last if key.lot in by_lot]
        total = sum(by_lot[key.lot] for key in keys) + len(keys) * len(marked_criteria(room, evaluator))
        done = len(known.marked.get(evaluator.id, ())) + len(known.noted.get(evaluator.id, ()))
        declared = room.declared(evaluator.id)
        made.append(Progress(evaluator, tuple(accounts.get(evaluator.id, ())), declared, min(done, total), total))
    return made


def _conflict(room: Room, evaluator: str, lot: str) -> bool:
    return room.declared(evaluator) and not room.reads(evaluator, lot)


def unmarked(room: Room, known: Tally) -> int:
    """Return how many points and notes of the last bids nobody marked, of all that somebody reads."""
    points = {point.id for evaluator in room.tender.evaluators for point in rows.points_read(room, evaluator)}
    by_lot = {lot.id: sum(concerns(room.tender, point, lot.id) for point in points) for lot in room.tender.lots}
    criteria = set(marked_criteria(room))
    done = {(pk, point) for given in known.marked.values() for pk, point in given if point in points}
    noted = {note for given in known.noted.values() for note in given if note[1:] in criteria}
    asked = sum(by_lot[key.lot] for key in room.last) + len(room.last) * len(criteria)
    return max(0, asked - len(done) - len(noted))
