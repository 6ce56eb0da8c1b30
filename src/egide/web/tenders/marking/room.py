"""Who is in the room where bids are marked: the seats of a person, what that person declared, the bids that follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url

from egide.clausier.model import Clausier
from egide.message import Message, message
from egide.tender.model import BidKey, Evaluator, Marks, Tender
from egide.tender.procedure.admitted import refused
from egide.tender.procedure.journal import Declaration, Journal
from egide.tender.readers import may_read
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import convert, models, page

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Room:
    """A consultation whose bids are opened, as one person may see it."""

    user: Any
    row: models.Consultation
    tender: Tender
    clausier: Clausier
    journal: Journal
    declarations: tuple[Declaration, ...]
    seats: tuple[models.Seat, ...]
    """Those of this person."""

    def has(self, right: Right) -> bool:
        """Whether this person has a right here."""
        return may(self.user, right, self.row.organisation_id)

    @cached_property
    def evaluators(self) -> Mapping[str, Evaluator]:
        """Return the evaluators of the definition by identifier."""
        return {each.id: each for each in self.tender.evaluators}

    def declared(self, evaluator: str) -> bool:
        """Whether an evaluator declared its interests."""
        return any(each.evaluator == evaluator for each in self.declarations)

    def reads(self, evaluator: str, lot: str) -> bool:
        """Whether an evaluator may read the bids of a lot."""
        return may_read(self.tender, Marks(declarations=self.declarations), evaluator, lot)

    @cached_property
    def kept_from(self) -> frozenset[str]:
        """Return the lots that a conflict of interest keeps from this person, whatever the seat."""
        seats = [each.evaluator for each in self.seats if self.declared(each.evaluator)]
        return frozenset(lot.id for lot in self.tender.lots if any(not self.reads(each, lot.id) for each in seats))

    @cached_property
    def bids(self) -> Mapping[BidKey, models.Bid]:
        """Return the bids that are examined, of every round, without price nor files: one query."""
        rows = models.Bid.objects.filter(consultation=self.row).defer("price", "files")
        by_key = {convert.key(each): each for each in rows}
        return {key: row for key, row in by_key.items() if not refused(self.journal, key.tenderer, key.lot)}

    @cached_property
    def last(self) -> Mapping[BidKey, models.Bid]:
        """Return the bids of the last round of each tenderer, lot and variant: those that are ranked."""
        newest = {(key.tenderer, key.lot, key.variant): key for key in sorted(self.bids)}
        return {key: self.bids[key] for key in newest.values()}

    def open_to(self, evaluator: str) -> dict[BidKey, models.Bid]:
        """Return the last bids of the lots that an evaluator may read, and that no other seat of the person forbids."""
        lots = {lot.id for lot in self.tender.lots if lot.id not in self.kept_from and self.reads(evaluator, lot.id)}
        return {key: row for key, row in self.last.items() if key.lot in lots}

    def shown(self) -> dict[BidKey, models.Bid]:
        """Return the last bids that this person sees outside of a seat: those who decide, or who sit and declared.

        Who decides and sits too declared its interests first, for each of its seats.
        """
        meets = all if self.has(Right.DECIDE) else any
        lots = {lot.id for lot in self.tender.lots if meets(self.reads(each.evaluator, lot.id) for each in self.seats)}
        return {key: row for key, row in self.last.items() if key.lot in lots - self.kept_from}

    def seat(self, uuid: object) -> models.Seat:
        """Return a seat of this person. Raises Http404 for that of another, PermissionDenied without the right."""
        found = next((each for each in self.seats if each.uuid == uuid), None)
        if found is None or found.evaluator not in self.evaluators:
            raise Http404
        if not self.has(Right.MARK):
            raise PermissionDenied
        return found

    def name(self, key: BidKey) -> str:
        """Return the name of a bid as people say it; what is the same for all is left out."""
        parts = [self.tenderer(key.tenderer)]
        parts += [self.lot(key.lot)] if len(self.tender.lots) > 1 else []
        parts += [said(message("variante {number}", number=key.variant))] if key.variant else []
        parts += [said(message("tour {number}", number=key.round))] if key.round > 1 else []
        return " · ".join(parts)

    def tenderer(self, identifier: str) -> str:
        """Return the name of a tenderer."""
        known = self.tender.tenderer.get(identifier)
        return (known.name if known else "") or identifier

    def lot(self, identifier: str) -> str:
        """Return the title of a lot."""
        title = next((lot.title for lot in self.tender.lots if lot.id == identifier), "")
        return title or identifier


def closed(request: HttpRequest, row: models.Consultation) -> Message | None:
    """Return why this person does not see the bids, None when they are open."""
    if row.state not in {models.State.OPENED, models.State.CONCLUDED}:
        return message("Les plis ne sont pas ouverts : la notation commence après la lecture des offres (étape 5).")
    if not may(request.user, Right.OPEN_BIDS, row.organisation_id):
        return message("Cette étape est réservée aux personnes qui lisent les offres. Votre rôle ne le permet pas.")
    return None


def asked_as_data(request: HttpRequest) -> bool:
    """Whether the page's own script asks, and not a person."""
    return request.headers.get("Accept", "") == "application/json"


def inside(view: View) -> View:
    """Give a view the room of a consultation; who may not enter is told why, a script without session as data."""

    def answer(request: HttpRequest, uuid: object, **places: Any) -> HttpResponse:
        row = page.consultation(request, uuid)
        why = closed(request, row)
        if why is not None:
            if request.method not in ("GET", "HEAD"):
                raise PermissionDenied
            known = {"why": why}
            return page.show(request, row, "marking", "tenders/marking/closed.html", known)
        return view(request, enter(request, row), **places)

    known = login_required(answer)

    @wraps(view)
    def guarded(request: HttpRequest, uuid: object, **places: Any) -> HttpResponse:
        if asked_as_data(request) and not request.user.is_authenticated:
            return JsonResponse({"login": resolve_url(settings.LOGIN_URL)}, status=401)
        response: HttpResponse = known(request, uuid, **places)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return guarded


def enter(request: HttpRequest, row: models.Consultation) -> Room:
    """Return the room of a consultation: two queries."""
    given = page.prepared(row)
    user: Any = request.user
    declared = models.Interest.objects.filter(consultation=row).order_by("pk")
    mine = models.Seat.objects.filter(consultation=row, user=user).order_by("evaluator")
    return Room(
        user,
        row,
        given.tender,
        given.clausier,
        given.journal,
        tuple(convert.interest(each) for each in declared),
        tuple(each for each in mine if each.evaluator in {one.id for one in given.tender.evaluators}),
    )


def earlier(key: BidKey, bids: Iterable[BidKey]) -> Sequence[BidKey]:
    """Return the keys of the same bid at the rounds before, the nearest first."""
    known = frozenset(bids)
    return [each for number in range(key.round - 1, 0, -1) if (each := replace(key, round=number)) in known]
