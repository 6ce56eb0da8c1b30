"""A page of rows that people write on, whatever they are: shown, saved whole by a plain form, or row by row by a script."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from egide.message import message
from egide.tender.model import BidKey
from egide.web.design.words import said
from egide.web.tenders import models
from egide.web.tenders.marking import advice
from egide.web.tenders.marking.entries import Entry, Form, Kept, Outcome, Place, Refused, keep, read
from egide.web.tenders.marking.room import Room, asked_as_data

STOPS = frozenset({Outcome.CONFLICT, Outcome.REFUSED})


@dataclass(frozen=True)
class Other:
    """What is now in the database in the place of what was written."""

    words: str
    reason: str
    by: str
    at: datetime | None
    revision: int


@dataclass(frozen=True)
class Row:
    """What every row of such a page has."""

    number: str
    place: str
    values: Mapping[str, str]
    revision: int
    advice: tuple[str, ...] = ()
    other: Other | None = None
    refused: str = ""

    @property
    def marked(self) -> bool:
        """Whether what is asked first, the level or the note, is given."""
        return bool(self.values.get("level") or self.values.get("note"))


class Sheet(ABC):
    """The rows of one page and what may be written on them."""

    form: Form
    evaluator: str
    room: Room

    @property
    @abstractmethod
    def bids(self) -> Mapping[str, tuple[BidKey, models.Bid]]:
        """Return the bids of the page by UUID."""

    @abstractmethod
    def rows(self, places: Collection[str]) -> Sequence[Any]:
        """Return the rows of these places as they are in the database."""

    @abstractmethod
    def progress(self) -> tuple[int, int]:
        """Return how many rows are marked, of how many."""

    @abstractmethod
    def right(self, entry: Entry) -> Entry | Refused:
        """Return what a row says in the words of the database, or why it cannot be kept."""

    @abstractmethod
    def words(self, values: Mapping[str, str]) -> str:
        """Return what a row retains, in words."""

    @abstractmethod
    def show(self, stopped: Mapping[str, Kept]) -> HttpResponse:
        """Answer the page; `stopped` are the rows that could not be kept, by place."""

    def after(self) -> HttpResponse | None:
        """Answer what was asked besides saving, None when nothing was."""
        return None

    def typed(self, row: Any, stopped: Mapping[str, Kept]) -> Any:
        """Return a row with what was written in it and could not be kept, beside what somebody else wrote."""
        kept = stopped.get(row.place)
        if kept is None:
            return row
        entry = kept.entry
        return replace(row, values=entry.values, revision=entry.revision, other=_other(self, kept), refused=kept.why)


def serve(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show a page of rows, or write what was sent: the rows that nobody else changed are kept, the others are told."""
    if request.method != "POST":
        return sheet.show({})
    kept = keep(sheet.room, sheet.evaluator, sheet.form, sheet.bids, read(request.POST, sheet.form), sheet.right)
    changed = _changes(sheet, kept)
    if asked_as_data(request):
        return JsonResponse(_as_data(sheet, kept, changed))
    stopped = {_name(each.entry.place): each for each in kept if each.outcome in STOPS}
    if stopped:
        return sheet.show(stopped)  # not an error: the other rows are kept
    other = sheet.after()
    if other is not None:
        return other
    _tell(request, kept, changed)
    return HttpResponseRedirect(request.get_full_path())


def _name(place: Place) -> str:
    return "/".join(place).removesuffix("/")


def _other(sheet: Sheet, kept: Kept) -> Other | None:
    if kept.outcome is not Outcome.CONFLICT:
        return None
    words = sheet.words(kept.values) or said(message("non noté"))
    return Other(words, kept.values.get("reason", ""), kept.by, kept.at, kept.revision)


def seen_on(room: Room) -> date | None:
    """Return the day of the last result, None while nobody saw one: one query."""
    found: date | None = models.Result.objects.filter(consultation=room.row).values_list("dated", flat=True).first()
    return found


def _changes(sheet: Sheet, kept: Sequence[Kept]) -> dict[Place, str]:
    """Return what is asked of each mark changed since a result was seen."""
    day = seen_on(sheet.room) if any(each.before for each in kept) else None
    if day is None:
        return {}
    found = {}
    for each in kept:
        if each.outcome is Outcome.SAVED and each.before:
            bid, subject, _ = each.entry.place
            why = advice.of_change(sheet.evaluator, sheet.bids[bid][0], subject, each.before, each.entry.values, day)
            if why is not None:
                found[each.entry.place] = said(why)
    return found


def _tell(request: HttpRequest, kept: Sequence[Kept], changed: Mapping[Place, str]) -> None:
    saved = sum(each.outcome is Outcome.SAVED for each in kept)
    if saved:
        messages.success(request, said(message("Lignes enregistrées : {count}", count=saved)))
    else:
        messages.info(request, said(message("Rien n'avait changé : tout est déjà enregistré.")))
    if changed:
        places = tuple(dict.fromkeys(place[1] for place in changed))
        why = next(iter(changed.values()))
        messages.warning(request, said(message("{places} : {why}", places=places, why=why)))


def _as_data(sheet: Sheet, kept: Sequence[Kept], changed: Mapping[Place, str]) -> dict[str, Any]:
    """Return what became of each row, in the words that the page shows."""
    by_place = {row.place: row for row in sheet.rows({_name(each.entry.place) for each in kept})}
    told = []
    for each in kept:
        name = _name(each.entry.place)
        one: dict[str, Any] = {"place": name, "outcome": each.outcome.value, "revision": each.revision}
        row = by_place.get(name)
        if each.why:
            one["why"] = each.why
        if row is not None:
            one["advice"] = [*row.advice, *([changed[each.entry.place]] if each.entry.place in changed else [])]
            one["at"] = said(message("à {time}", time=timezone.localtime().strftime("%H:%M")))
            one["marked"] = row.marked
            one["values"] = dict(each.values)
            other = _other(sheet, each)
            if other is not None:
                one["other"] = {"words": other.words, "reason": other.reason, "by": other.by}
        told.append(one)
    marked, total = sheet.progress()
    return {"rows": told, "marked": marked, "total": total}
