"""What evaluators retain differently, side by side, and what they retain together: it prevails over the marks of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.tender.model import HARMONISED, BidKey, Kind, Marks, PointMark
from egide.tender.readers import countable
from egide.tender.retained import retained_marks, retained_notes
from egide.tender.words import level
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking import lines, notes
from egide.web.tenders.marking.entries import LEVELS, NOTES, Entry, Kept, Refused
from egide.web.tenders.marking.room import Room, inside
from egide.web.tenders.marking.serving import Sheet, seen_on, serve

A_PAGE = 15


# -------------------------------------------------------------------------------------------------------- what differs
Brief = tuple[int, str, str, str]
"""Key of the bid, evaluator, point, level."""
BRIEF = ("bid_id", "evaluator", "point", "level")


def differing_points(room: Room) -> list[lines.Spot]:
    """Return the bids and points retained differently and not agreed upon, as far as may be known: two queries."""
    shown = {row.pk: key for key, row in room.shown().items()}
    places = _several(models.Mark, "level", ("bid_id", "point"), shown)
    if not room.tender.double_reading and not any(each.conflict for each in room.declarations):
        every = room.clausier.points  # each mark counts: what the database found is what may be known
        return [(shown[pk], point) for pk, point in places if point in every]
    found = models.Mark.objects.filter(bid_id__in={pk for pk, _ in places}, point__in={point for _, point in places})
    return differing(room, shown, found.exclude(level="").values_list(*BRIEF) if places else ())


def differing(room: Room, shown: Mapping[int, BidKey], marks: Iterable[Brief]) -> list[lines.Spot]:
    """Return, of some marks, the bids and points retained differently and not agreed upon, as far as may be known."""
    marks = list(marks)
    first: dict[tuple[int, str], str] = {}
    several = {(pk, point) for pk, _, point, code in marks if first.setdefault((pk, point), code) != code}
    kept = tuple(
        PointMark(evaluator, shown[pk], point, code)
        for pk, evaluator, point, code in marks
        if (pk, point) in several and pk in shown and point in room.clausier.points
    )
    seen, _ = countable(room.tender, room.clausier, Marks(kept, declarations=room.declarations))
    retained = retained_marks(seen.points)
    return [spot for spot, each in retained.items() if len({mark.level for mark in each}) > 1]


def differing_notes(room: Room) -> list[notes.Spot]:
    """Return the same for notes of criteria: two queries."""
    shown = {row.pk: key for key, row in room.shown().items()}
    places = _several(models.Note, "note", ("bid_id", "criterion", "subcriterion"), shown)
    if not places:
        return []
    known = {each.id for each in room.tender.criteria if each.kind is Kind.MARKED}
    found = models.Note.objects.filter(bid_id__in={place[0] for place in places}).exclude(note="")
    given = tuple(
        convert.note(row, shown[row.bid_id])
        for row in found
        if (row.bid_id, row.criterion, row.subcriterion) in places and row.criterion in known
    )
    seen, _ = countable(room.tender, room.clausier, Marks((), given, declarations=room.declarations))
    return [spot for spot, each in retained_notes(seen.notes).items() if len({note.note for note in each}) > 1]


def _several(
    model: type[models.Mark] | type[models.Note], column: str, place: tuple[str, ...], shown: Mapping[int, BidKey]
) -> set[Any]:
    """Return the places of the database with several values and no agreement."""
    return set(
        model.objects.filter(bid_id__in=shown)
        .exclude(**{column: ""})
        .values(*place)
        .annotate(several=Count(column, distinct=True), agreed=Count("pk", filter=Q(evaluator=HARMONISED)))
        .filter(several__gt=1, agreed=0)
        .values_list(*place)
    )


def _agreed_points(room: Room) -> list[lines.Spot]:
    shown = {row.pk: key for key, row in room.shown().items()}
    found = (
        models.Mark.objects.filter(bid_id__in=shown, evaluator=HARMONISED)
        .exclude(level="")
        .values_list("bid_id", "point")
    )
    return [(shown[pk], point) for pk, point in found if point in room.clausier.points]


def _agreed_notes(room: Room) -> list[notes.Spot]:
    shown = {row.pk: key for key, row in room.shown().items()}
    known = {each.id for each in room.tender.criteria if each.kind is Kind.MARKED}
    found = models.Note.objects.filter(bid_id__in=shown, evaluator=HARMONISED).exclude(note="")
    places = found.values_list("bid_id", "criterion", "subcriterion")
    return [(shown[pk], criterion, sub) for pk, criterion, sub in places if criterion in known]


# ------------------------------------------------------------------------------------------------------------ the page
@dataclass
class Together(Sheet):
    """What is agreed together, on points or on notes of criteria."""

    request: HttpRequest
    room: Room
    of_notes: bool
    tabs: Sequence[Link]
    spots: Sequence[Any]
    evaluator = HARMONISED

    @property
    def form(self) -> Any:  # type: ignore[override]
        """Return what the rows are kept as."""
        return NOTES if self.of_notes else LEVELS

    @cached_property
    def bids(self) -> Mapping[str, tuple[BidKey, models.Bid]]:
        """Return the bids that this person may see, by UUID."""
        return {str(row.uuid): (key, row) for key, row in self.room.shown().items()}

    @cached_property
    def places(self) -> frozenset[tuple[str, str, str]]:
        """Return the places of the rows."""
        return frozenset((str(self.room.bids[key].uuid), *((*what, "")[:2])) for key, *what in self.spots)

    def rows(self, places: Collection[str]) -> Sequence[Any]:
        """Return the rows of these places as they are in the database."""
        return self.made([spot for spot in self.spots if self.name(spot) in places])

    def name(self, spot: Any) -> str:
        """Return the place of a row."""
        return "/".join(part for part in (str(self.room.bids[spot[0]].uuid), *spot[1:]) if part)

    def made(self, spots: Sequence[Any]) -> Sequence[Any]:
        """Return the rows of some places."""
        return (notes.lines if self.of_notes else lines.lines)(self.room, HARMONISED, spots)

    def progress(self) -> tuple[int, int]:
        """Return how many places are agreed, of how many: one query."""
        agreed = _agreed_notes(self.room) if self.of_notes else _agreed_points(self.room)
        return len(set(agreed)), len(self.spots)

    @cached_property
    def page(self) -> Any:
        """Return the places of this page of the list."""
        return Paginator(list(self.spots), A_PAGE).get_page(self.request.GET.get("page"))

    def right(self, entry: Entry) -> Entry | Refused:
        """Return a row as it is kept, or why it is refused."""
        if self.of_notes:
            return notes.right(self.room, entry, self.places)
        return lines.right(self.room, entry, {place[:2] for place in self.places})

    def words(self, values: Mapping[str, str]) -> str:
        """Return what a row retains, in words."""
        if self.of_notes:
            return notes.shown(Decimal(values["note"])) if values["note"] else ""
        return said(level(values["level"])) if values["level"] else ""

    def show(self, stopped: Mapping[str, Kept]) -> HttpResponse:
        """Answer the page."""
        room = self.room
        made = [self.typed(line, stopped) for line in self.made(self.page.object_list)]
        marked, total = self.progress()
        context = {
            "heading": said(message("Harmonisation")),
            "tabs": self.tabs,
            "of_notes": self.of_notes,
            "lines": made,
            "listed": self.page,
            "total": total,
            "marked": marked,
            "seen_on": seen_on(room),
            "action": self.request.get_full_path(),
            "conflicts": any(line.other is not None for line in made),
            "decides": room.has(Right.DECIDE),
            "double": room.tender.double_reading,
            "drafts": f"{room.user.uuid}/{room.row.uuid}/{HARMONISED}",
        }
        return page.show(self.request, room.row, "marking", "tenders/marking/harmonise.html", context)


def _order(spot: Any) -> tuple[Any, ...]:
    key, *what = spot
    return key.lot, key.tenderer, key.variant, *what


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def index(request: HttpRequest, room: Room) -> HttpResponse:
    """Show what differs and what is agreed, and write what is agreed."""
    if request.method == "POST" and not room.has(Right.DECIDE):
        raise PermissionDenied
    of_notes = request.GET.get("quoi") == "notes"
    points = sorted({*differing_points(room), *_agreed_points(room)}, key=_order)
    noted = sorted({*differing_notes(room), *_agreed_notes(room)}, key=_order)
    address = reverse("tenders:harmonise", args=[room.row.uuid])
    tabs = [
        Link(said(message("Points")), address, not of_notes, len(points)),
        Link(said(message("Notes des critères")), f"{address}?quoi=notes", of_notes, len(noted)),
    ]
    return serve(request, Together(request, room, of_notes, tabs, noted if of_notes else points))
