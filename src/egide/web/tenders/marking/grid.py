"""The marking grid: a theme of one bid, or one point across the bids; saved whole, or row by row as one goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egide.message import message
from egide.tender.lots import concerns
from egide.tender.model import BidKey
from egide.tender.words import level
from egide.web.design.navigation import Link
from egide.web.design.words import language, said
from egide.web.tenders import models, page
from egide.web.tenders.marking import bulk, lines
from egide.web.tenders.marking.entries import LEVELS, Entry, Kept, Refused
from egide.web.tenders.marking.room import Room, inside
from egide.web.tenders.marking.serving import Sheet, seen_on, serve

A_PAGE = 20
EVERY = "tous"
"""The theme of an address that keeps them all."""


@dataclass(frozen=True)
class Theme:
    """A theme to choose, and how many of its points are to be marked."""

    code: str
    title: str
    url: str
    current: bool
    left: int


# ------------------------------------------------------------------------------------------------------------ the pages
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def of_bid(request: HttpRequest, room: Room, seat: object, bid: object) -> HttpResponse:
    """Show, and write, a theme of one bid."""
    own = room.seat(seat)
    open_bids = room.open_to(own.evaluator)
    key = next((key for key, row in open_bids.items() if row.uuid == bid), None)
    if key is None:
        raise Http404
    evaluator = room.evaluators[own.evaluator]
    read_here = lines.spots_of_bid(room, evaluator, key, "")
    themes = list(dict.fromkeys(room.clausier.theme_of[point].id for _, point in read_here))
    chosen = request.GET.get("theme") or (themes[0] if themes else EVERY)
    if chosen not in (*themes, EVERY):
        raise Http404
    spots = [spot for spot in read_here if chosen in (EVERY, room.clausier.theme_of[spot[1]].id)]
    left = _left(room, own.evaluator, open_bids[key], read_here)
    address = reverse("tenders:mark_bid", args=[room.row.uuid, own.uuid, bid])
    tabs = [
        Theme(
            theme.id,
            said(theme.title),
            f"{address}?{urlencode({'theme': theme.id})}",
            theme.id == chosen,
            left[theme.id],
        )
        for theme in room.clausier.themes
        if theme.id in themes
    ]
    every = said(message("Tous les thèmes"))
    tabs.append(Theme(every, "", f"{address}?theme={EVERY}", chosen == EVERY, sum(left.values())))
    known = {
        "heading": room.name(key),
        "by_point": False,
        "theme": chosen,
        **_following(room, own, bid, chosen, left, open_bids),
        "themes": tabs,
        "siblings": [
            (room.name(each), row.uuid, each == key) for each, row in open_bids.items()
        ],
        "siblings_title": said(message("Offre")),
        "filters": _filters(request, address, theme=chosen),
    }  # fmt: skip
    return _serve(request, room, own, spots, known)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def of_point(request: HttpRequest, room: Room, seat: object, point: str) -> HttpResponse:
    """Show, and write, one point across the bids that an evaluator may read."""
    own = room.seat(seat)
    evaluator = room.evaluators[own.evaluator]
    read_here = [each.id for each in lines.points_read(room, evaluator)]
    if point not in read_here:
        raise Http404
    keys = [key for key in room.open_to(own.evaluator) if concerns(room.tender, point, key.lot)]
    address = reverse("tenders:mark_point", args=[room.row.uuid, own.uuid, point])
    chosen = room.clausier.points[point]
    spoken = language()
    theme = room.clausier.theme_of[point]
    known = {
        "heading": f"{point} · {said(chosen.title)}",
        "by_point": True,
        "asked": lines.asked(room, chosen, spoken),
        "siblings": [
            (f"{each.id} · {said(each.title)}", each.id, each.id == point)
            for each in theme.points
            if each.id in read_here
        ],
        "siblings_title": said(message("Point du thème {theme}", theme=theme.title)),
        "filters": _filters(request, address),
    }  # fmt: skip
    return _serve(request, room, own, [(key, point) for key in keys], known)


@require_safe
@inside
def go(request: HttpRequest, room: Room, seat: object) -> HttpResponse:
    """Lead to the grid chosen in a list."""
    own = room.seat(seat)
    if point := request.GET.get("point"):
        return HttpResponseRedirect(reverse("tenders:mark_point", args=[room.row.uuid, own.uuid, point]))
    bids = {str(row.uuid): row for row in room.open_to(own.evaluator).values()}
    if request.GET.get("offre") not in bids:
        raise Http404
    address = reverse("tenders:mark_bid", args=[room.row.uuid, own.uuid, request.GET["offre"]])
    return HttpResponseRedirect(f"{address}?{urlencode({'theme': request.GET.get('theme', '')})}")


def _following(
    room: Room, own: models.Seat, bid: object, theme: str, left: Mapping[str, int], bids: Mapping[BidKey, models.Bid]
) -> dict[str, str]:
    """Return where to go once this theme is marked: the next theme left of this bid, else the next bid."""
    themes = list(left)
    after = themes[themes.index(theme) + 1 :] if theme in themes else []
    address = reverse("tenders:mark_bid", args=[room.row.uuid, own.uuid, bid])
    for each in after:
        label = said(message("Thème suivant : {theme}", theme=each))
        return {"next_url": f"{address}?{urlencode({'theme': each})}", "next_label": label}
    around = list(bids.items())
    at = next(number for number, (_, row) in enumerate(around) if row.uuid == bid)
    if at + 1 < len(around):
        key, row = around[at + 1]
        address = reverse("tenders:mark_bid", args=[room.row.uuid, own.uuid, row.uuid])
        return {"next_url": address, "next_label": said(message("Offre suivante : {bid}", bid=room.name(key)))}
    return {}


def _filters(request: HttpRequest, address: str, **kept: str) -> list[Link]:
    """Return the filters as links; on one point, whether it is essential narrows nothing."""
    chosen = request.GET.get("filtre", "")
    links = []
    for each, words in lines.FILTERS.items():
        if kept or each is not lines.Filter.ESSENTIAL:
            query = urlencode(kept | ({"filtre": each.value} if each else {}))
            links.append(Link(said(words), f"{address}?{query}" if query else address, each == chosen))
    return links


def _left(room: Room, evaluator: str, bid: models.Bid, spots: Sequence[lines.Spot]) -> dict[str, int]:
    """Return how many points are to be marked by theme: one query."""
    marked = set(
        models.Mark.objects.filter(bid=bid, evaluator=evaluator).exclude(level="").values_list("point", flat=True)
    )
    left: dict[str, int] = {}
    for _, point in spots:
        theme = room.clausier.theme_of[point].id
        left[theme] = left.get(theme, 0) + (point not in marked)
    return left


# ------------------------------------------------------------------------------------------------- showing and writing
@dataclass
class Grid(Sheet):
    """The rows of some bids and points, for an evaluator."""

    request: HttpRequest
    room: Room
    seat: models.Seat
    spots: Sequence[lines.Spot]
    known: Mapping[str, Any]
    form = LEVELS

    @property
    def evaluator(self) -> str:  # type: ignore[override]
        """Return the evaluator that writes."""
        return self.seat.evaluator

    @cached_property
    def bids(self) -> Mapping[str, tuple[BidKey, models.Bid]]:
        """Return the bids of the page by UUID."""
        return {str(self.room.bids[key].uuid): (key, self.room.bids[key]) for key, _ in self.spots}

    @cached_property
    def places(self) -> frozenset[tuple[str, str]]:
        """Return the places of the rows."""
        return frozenset((str(self.room.bids[key].uuid), point) for key, point in self.spots)

    def rows(self, places: Collection[str]) -> list[lines.Line]:
        """Return the rows of these places as they are in the database."""
        kept = [(key, point) for key, point in self.spots if f"{self.room.bids[key].uuid}/{point}" in places]
        return lines.lines(self.room, self.evaluator, kept)

    def progress(self) -> tuple[int, int]:
        """Return how many rows are marked, of how many: one query."""
        keys = {row.pk: key for key, row in self.bids.values()}
        found = models.Mark.objects.filter(
            bid_id__in=keys, evaluator=self.evaluator, point__in={point for _, point in self.spots}
        )
        marked = {(keys[pk], point) for pk, point in found.exclude(level="").values_list("bid_id", "point")}
        return sum(spot in marked for spot in self.spots), len(self.spots)

    def right(self, entry: Entry) -> Entry | Refused:
        """Return a row of this grid, or why it is refused."""
        return lines.right(self.room, entry, self.places)

    def words(self, values: Mapping[str, str]) -> str:
        """Return the word of a level."""
        return said(level(values["level"])) if values["level"] else ""

    def after(self) -> HttpResponse | None:
        """Answer the page that tells a gesture on several rows before it is done."""
        asked = bulk.asked(self.request.POST)
        return None if asked is None else bulk.confirm(self, asked)

    def page(self, stopped: Mapping[str, Kept]) -> tuple[Any, list[lines.Line]]:
        """Return the page of the list and its rows; only a filter needs all of them to be read."""
        number = self.request.GET.get("page")
        if self.only is lines.Filter.ALL:
            spots = Paginator(self.spots, A_PAGE).get_page(number)
            return spots, lines.lines(self.room, self.evaluator, list(spots.object_list))
        every = lines.lines(self.room, self.evaluator, self.spots)
        kept = [line for line in every if line.passes(self.only) or line.place in stopped]
        part = Paginator(kept, A_PAGE).get_page(number)
        return part, list(part.object_list)

    @cached_property
    def only(self) -> lines.Filter:
        """Return the filter asked. Raises Http404."""
        try:
            return lines.Filter(self.request.GET.get("filtre", ""))
        except ValueError:
            raise Http404 from None

    def show(self, stopped: Mapping[str, Kept]) -> HttpResponse:
        """Answer the page, narrowed to a filter."""
        part, made = self.page(stopped)
        made = [self.typed(line, stopped) for line in made]
        marked, total = self.progress()
        room, evaluator = self.room, self.room.evaluators[self.evaluator]
        context = {
            **self.known,
            "seat": self.seat,
            "evaluator": evaluator,
            "role": evaluator.role or evaluator.id,
            "listed": part,
            "lines": made,
            "total": total,
            "marked": marked,
            "seen_on": seen_on(room),
            "action": self.request.get_full_path(),
            "conflicts": any(line.other is not None for line in made),
            "around": reverse("tenders:mark_go", args=[room.row.uuid, self.seat.uuid]),
            "common_levels": _common(made),
            "drafts": f"{room.user.uuid}/{room.row.uuid}/{self.seat.uuid}",
        }
        return page.show(self.request, room.row, "marking", "tenders/marking/grid.html", context)


def _serve(
    request: HttpRequest, room: Room, own: models.Seat, spots: Sequence[lines.Spot], known: Mapping[str, Any]
) -> HttpResponse:
    grid = Grid(request, room, own, spots, known)
    if request.method == "POST":
        asked = bulk.asked(request.POST)
        if asked is not None and asked.confirmed:
            return bulk.done(grid, asked)
    return serve(request, grid)


def _common(made: Sequence[lines.Line]) -> list[tuple[str, str]]:
    """Return the levels that points of a page have, once each, in their order."""
    return list({each.code: each.word for line in made for each in line.asked.choices}.items())
