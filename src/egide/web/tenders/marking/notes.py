"""The notes of criteria marked by hand: a row for each bid and sub-criterion, with its reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egide import plain
from egide.message import Message, message
from egide.tender.model import BidKey, Criterion, CriterionNote, Kind, Marks
from egide.tender.readers import countable
from egide.tender.rules import notes
from egide.web.design.navigation import Link
from egide.web.design.words import language, said
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking.entries import NOTES, Entry, Kept, Refused
from egide.web.tenders.marking.lines import Said
from egide.web.tenders.marking.room import Room, earlier, inside
from egide.web.tenders.marking.serving import Row, Sheet, seen_on, serve

Spot = tuple[BidKey, str, str]
"""A bid, a criterion, a sub-criterion or ""."""
A_PAGE = 50
NO_REASON = message("note sans motif")


@dataclass(frozen=True, kw_only=True)
class Line(Row):
    """A row of the notes of a criterion."""

    bid: str
    title: str
    scale: str
    others: tuple[Said, ...] = ()
    before: tuple[Said, ...] = ()
    differs: bool = False


def shown(note: Decimal) -> str:
    """Return a note as people of the page's language write it."""
    text = f"{note.normalize():f}"
    return text if language() == "en" else text.replace(".", ",")


def lines(room: Room, evaluator: str, spots: Sequence[Spot]) -> list[Line]:
    """Return the rows of some bids and criteria for an evaluator: one query."""
    keys = {key for key, _, _ in spots}
    before = {key: earlier(key, room.bids) for key in keys}
    by_pk = {room.bids[key].pk: key for key in keys | {each for given in before.values() for each in given}}
    subjects = {criterion for _, criterion, _ in spots}
    found = list(models.Note.objects.filter(bid_id__in=by_pk, criterion__in=subjects).order_by("evaluator", "pk"))
    values = {
        (each.evaluator, by_pk[each.bid_id], each.criterion, each.subcriterion): convert.note(each, by_pk[each.bid_id])
        for each in found
        if each.note
    }
    rows = {
        (by_pk[each.bid_id], each.criterion, each.subcriterion): each for each in found if each.evaluator == evaluator
    }
    given = tuple(each for each in values.values() if each.bid in keys)
    seen, _ = countable(room.tender, room.clausier, Marks((), given, declarations=room.declarations))
    others: dict[Spot, list[CriterionNote]] = {}
    for each in seen.notes:
        if each.evaluator != evaluator:
            others.setdefault((each.bid, each.criterion, each.subcriterion), []).append(each)
    criteria = {each.id: each for each in room.tender.criteria}
    names = {each.id: each.role or each.id for each in room.tender.evaluators}
    made = []
    for number, spot in enumerate(spots):
        key, identifier, sub = spot
        criterion, row = criteria[identifier], rows.get(spot)
        title = next((each.title for each in criterion.subcriteria if each.id == sub), "") or criterion.title
        note = values.get((evaluator, *spot))
        was = [values[place] for each in before[key] if (place := (evaluator, each, identifier, sub)) in values]
        made.append(
            Line(
                number=str(number),
                place=_place(room, spot),
                values={"note": shown(note.note) if note else "", "reason": row.reason if row else ""},
                revision=row.revision if row else 0,
                advice=tuple(said(each) for each in _advice(note, was)),
                bid=room.name(key),
                title=title or sub or identifier,
                scale=shown(criterion.scale),
                others=tuple(Said(names.get(each.evaluator, each.evaluator), shown(each.note), each.reason) for each in others.get(spot, ())),
                before=tuple(Said(said(message("tour {number}", number=each.bid.round)), shown(each.note), each.reason) for each in was),
                differs=note is not None and any(each.note != note.note for each in others.get(spot, ())),
            )
        )  # fmt: skip
    return made


def _place(room: Room, spot: Spot) -> str:
    key, criterion, sub = spot
    return "/".join(part for part in (str(room.bids[key].uuid), criterion, sub) if part)


def _advice(note: CriterionNote | None, before: Sequence[CriterionNote]) -> Iterable[Message]:
    if note is not None and not note.reason:
        yield NO_REASON
    if note is not None and before and note.note < before[0].note and note.reason in ("", before[0].reason):
        yield message("le tour {round} abaisse une note sans dire pourquoi", round=note.bid.round)


def read_note(written: str, scale: Decimal) -> str | None:
    """Return a note typed by a person as the text of a Decimal, None when it is no number of the scale."""
    try:
        note = plain.decimal(written.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return str(note) if 0 <= note <= scale else None


def right(room: Room, entry: Entry, places: frozenset[tuple[str, str, str]]) -> Entry | Refused:
    """Return a note as it is kept, else why it is refused."""
    if entry.place not in places:
        return Refused(said(message("cette ligne n'est pas de cette page")))
    if not entry.values["note"]:
        return entry
    scale = next(each.scale for each in room.tender.criteria if each.id == entry.place[1])
    note = read_note(entry.values["note"], scale)
    if note is None:
        return Refused(said(message("la note doit être un nombre de 0 à {scale}", scale=scale)))
    return replace(entry, values={**entry.values, "note": note})


@dataclass
class Notes(Sheet):
    """The notes of a criterion, for an evaluator."""

    request: HttpRequest
    room: Room
    seat: models.Seat
    criterion: Criterion
    tabs: Sequence[Link]
    form = NOTES

    @property
    def evaluator(self) -> str:  # type: ignore[override]
        """Return the evaluator that writes."""
        return self.seat.evaluator

    @cached_property
    def spots(self) -> list[Spot]:
        """Return the bids and sub-criteria of the page: those of a sub-criterion side by side."""
        subs = [each.id for each in self.criterion.subcriteria] or [""]
        keys = self.room.open_to(self.evaluator)
        return [(key, self.criterion.id, sub) for sub in subs for key in keys]

    @cached_property
    def bids(self) -> Mapping[str, tuple[BidKey, models.Bid]]:
        """Return the bids of the page by UUID."""
        return {str(row.uuid): (key, row) for key, row in self.room.open_to(self.evaluator).items()}

    @cached_property
    def places(self) -> frozenset[tuple[str, str, str]]:
        """Return the places of the rows."""
        return frozenset((str(self.room.bids[key].uuid), criterion, sub) for key, criterion, sub in self.spots)

    def rows(self, places: Collection[str]) -> list[Line]:
        """Return the rows of these places as they are in the database."""
        return lines(self.room, self.evaluator, [spot for spot in self.spots if _place(self.room, spot) in places])

    def progress(self) -> tuple[int, int]:
        """Return how many rows are marked, of how many: one query."""
        keys = {row.pk: key for key, row in self.bids.values()}
        found = models.Note.objects.filter(bid_id__in=keys, evaluator=self.evaluator, criterion=self.criterion.id)
        noted = {(keys[pk], sub) for pk, sub in found.exclude(note="").values_list("bid_id", "subcriterion")}
        return sum((key, sub) in noted for key, _, sub in self.spots), len(self.spots)

    def right(self, entry: Entry) -> Entry | Refused:
        """Return a note as it is kept, or why it is refused."""
        return right(self.room, entry, self.places)

    def words(self, values: Mapping[str, str]) -> str:
        """Return a note in words."""
        return shown(Decimal(values["note"])) if values["note"] else ""

    def show(self, stopped: Mapping[str, Kept]) -> HttpResponse:
        """Answer the page."""
        part = Paginator(self.spots, A_PAGE).get_page(self.request.GET.get("page"))
        made = [self.typed(line, stopped) for line in lines(self.room, self.evaluator, list(part.object_list))]
        marked, total = self.progress()
        room, evaluator = self.room, self.room.evaluators[self.evaluator]
        context = {
            "heading": self.criterion.title or self.criterion.id,
            "criterion": self.criterion,
            "scale": shown(self.criterion.scale),
            "tabs": self.tabs,
            "seat": self.seat,
            "role": evaluator.role or evaluator.id,
            "groups": _groups(made),
            "listed": part,
            "total": total,
            "marked": marked,
            "seen_on": seen_on(room),
            "action": self.request.get_full_path(),
            "conflicts": any(line.other is not None for line in made),
            "drafts": f"{room.user.uuid}/{room.row.uuid}/{self.seat.uuid}",
        }
        return page.show(self.request, room.row, "marking", "tenders/marking/notes.html", context)


def _groups(made: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Return the rows by sub-criterion, in order."""
    groups: dict[str, list[Line]] = {}
    for line in made:
        groups.setdefault(line.title, []).append(line)
    return list(groups.items())


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def of_criterion(request: HttpRequest, room: Room, seat: object) -> HttpResponse:
    """Show, and write, the notes of a criterion across the bids."""
    own = room.seat(seat)
    evaluator = room.evaluators[own.evaluator]
    mine = [each for each in room.tender.criteria if each.kind is Kind.MARKED and notes(evaluator, each)]
    wanted = request.GET.get("critere") or (mine[0].id if mine else "")
    criterion = next((each for each in mine if each.id == wanted), None)
    if criterion is None or not room.declared(own.evaluator):
        raise Http404
    address = reverse("tenders:mark_notes", args=[room.row.uuid, own.uuid])
    tabs = [Link(each.title or each.id, f"{address}?critere={each.id}", each.id == criterion.id) for each in mine]
    return serve(request, Notes(request, room, own, criterion, tabs))
