"""What a person decides of a bid: its class, why, and the rank drawn by lot among equal ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.finding import Finding
from egide.message import message
from egide.tender.classing import OUT_OF_RANKING, classed, flag_low, low_price
from egide.tender.model import HARMONISED, Bid, BidClass, BidKey, Marks, PointMark
from egide.tender.notes import Scored
from egide.tender.readers import countable
from egide.tender.retained import Book
from egide.tender.rules import reads
from egide.tender.words import CLASSES
from egide.web.audit import guard
from egide.web.design.fields import DayField
from egide.web.design.words import phrase, said
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking.room import Room, inside


@dataclass(frozen=True)
class Row:
    """A bid: what marks and price propose of it, and what was decided."""

    key: BidKey
    bid: models.Bid
    name: str
    decision: models.Decision | None
    decided: str
    proposed: str
    findings: tuple[Finding, ...]
    awaited: bool

    @property
    def proposing(self) -> list[tuple[str, str]]:
        """Return what proposes, each sentence once with the points that it is said of."""
        said_of: dict[tuple[str, str], list[Finding]] = {}
        for each in self.findings:
            said_of.setdefault((each.understood.text, str(each.understood.values)), []).append(each)
        return [
            (said(given[0].understood), ", ".join(each.point for each in given if each.point))
            for given in said_of.values()
        ]


class Decided(forms.Form):
    """A decision on a bid."""

    bid_class = forms.ChoiceField(label=phrase("Classe de l'offre"), widget=forms.RadioSelect)
    person = forms.CharField(
        label=phrase("Qui décide"), max_length=200, help_text=phrase("La personne habilitée, avec sa qualité.")
    )
    decided_on = DayField(label=phrase("Date de la décision"))
    reason = forms.CharField(
        label=phrase("Motif"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=phrase("Ce qui manque ou ce qui dépasse, la demande faite au soumissionnaire et sa réponse."),
    )
    draw = forms.IntegerField(
        label=phrase("Rang tiré au sort"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=phrase("Seulement entre offres à égalité, si le tirage était publié ; sinon laisser vide."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, **options: Any):
        super().__init__(*given, **options)
        classes: Any = self.fields["bid_class"]
        classes.choices = [(code, said(words)) for code, words in CLASSES.items()]


@require_safe
@inside
def index(request: HttpRequest, room: Room) -> HttpResponse:
    """Show the bids, what proposes to class them, and what was decided."""
    made = rows(room)
    by_lot = [(room.lot(lot.id), [row for row in made if row.key.lot == lot.id]) for lot in room.tender.lots]
    known = {
        "lots": [each for each in by_lot if each[1]],
        "several": len(room.tender.lots) > 1,
        "awaited": sum(row.awaited for row in made),
        "decides": room.has(Right.DECIDE),
    }
    return page.show(request, room.row, "marking", "tenders/marking/decisions.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def decide(request: HttpRequest, room: Room, bid: object) -> HttpResponse:
    """Show what is proposed of one bid, and write what is decided of it."""
    if not room.has(Right.DECIDE):
        raise PermissionDenied
    row = next((each for each in rows(room, bid) if each.bid.uuid == bid), None)
    if row is None:
        raise Http404
    was = row.decision
    if request.method != "POST":
        return _form(request, room, row, Decided(initial=_initial(request, row)))
    form = Decided(request.POST)
    if not form.is_valid():
        return _form(request, room, row, form, 400)
    if (form.cleaned_data["seen"] or 0) != (was.revision if was else 0) or not _write(room, row, form.cleaned_data):
        known = models.Decision.objects.filter(bid=row.bid).first()
        again = request.POST.copy()
        again["seen"] = str(known.revision if known else 0)
        form = Decided(again)
        return _form(request, room, row, form, 409, known)
    messages.success(request, said(message("Décision enregistrée.")))
    return HttpResponseRedirect(reverse("tenders:decisions", args=[room.row.uuid]))


def _initial(request: HttpRequest, row: Row) -> dict[str, Any]:
    was = row.decision
    if was is None:
        today = timezone.localdate()
        return {"person": str(request.user), "decided_on": today, "seen": 0}
    return {
        "bid_class": was.bid_class,
        "person": was.person,
        "decided_on": was.decided_on,
        "reason": was.reason,
        "draw": was.draw or None,
        "seen": was.revision,
    }


def _form(
    request: HttpRequest, room: Room, row: Row, form: Decided, status: int = 200, other: models.Decision | None = None
) -> HttpResponse:
    known = {
        "row": row,
        "form": form,
        "other": other,
        "other_class": said(CLASSES[other.bid_class]) if other else "",
        "leaves": [said(CLASSES[each]) for each in BidClass if each in OUT_OF_RANKING],
    }
    response = page.show(request, room.row, "marking", "tenders/marking/decide.html", known)
    response.status_code = status
    return response


def _write(room: Room, row: Row, given: Mapping[str, Any]) -> bool:
    """Write a decision over the one seen; return whether nobody wrote meanwhile."""
    values = {name: given[name] for name in ("bid_class", "person", "decided_on", "reason")}
    values |= {"draw": given["draw"] or 0, "file": "", "place": ""}
    was = row.decision
    if was is None:
        try:
            with transaction.atomic():
                models.Decision.objects.create(bid=row.bid, **values)
        except IntegrityError:
            return False
    elif not models.Decision.objects.filter(pk=was.pk, revision=was.revision).update(
        **values, revision=F("revision") + 1
    ):
        return False
    models.Consultation.objects.filter(pk=room.row.pk).update(marks_revision=F("marks_revision") + 1)
    names = ("bid_class", "person", "decided_on", "reason", "draw")
    changed = {name: [str(getattr(was, name)) if was else "", str(values[name])] for name in names}
    key = row.key
    told = {"tenderer": key.tenderer, "lot": key.lot, "variant": key.variant, "round": key.round}
    guard.record("decision.written", room.row.organisation, row.bid, {**told, **changed})
    return True


# ------------------------------------------------------------------------------------------------------- what is proposed
def rows(room: Room, only: object = None) -> list[Row]:
    """Return the bids that this person may see, with what the core proposes of each: four queries.

    `only` is the UUID of the one whose marks matter; the prices of the others say whether its own is low.
    """
    shown = room.shown()
    marked = {key: row for key, row in shown.items() if only in (None, row.uuid)}
    priced = models.Bid.objects.filter(pk__in=[row.pk for row in shown.values()])
    values = {convert.key(each): convert.bid(each, {}) for each in priced}
    given = {
        each.bid_id: each for each in models.Decision.objects.filter(bid_id__in=[row.pk for row in shown.values()])
    }
    decisions = tuple(convert.decision(given[row.pk], key) for key, row in shown.items() if row.pk in given)
    seen, _ = countable(room.tender, room.clausier, Marks(_proposing(room, marked), declarations=room.declarations))
    book = Book(room.clausier, Marks(seen.points, decisions=decisions))
    rules = page.prepared(room.row).rules
    made = []
    for lot in room.tender.lots:
        scored: list[tuple[BidKey, Scored, Sequence[Finding], bool]] = []
        for key, bid in values.items():
            if key.lot == lot.id:
                bid_class, awaited, found = classed(room.tender, room.clausier, lot, bid, book)
                scored.append((key, Scored(bid, bid_class, 0), found, awaited))
        compared = [each for _, each, _, _ in scored if each.bid_class not in OUT_OF_RANKING and _priced(each.bid)]
        flag_low(rules, compared)
        for key, each, proposing, awaited in scored:
            low = (low_price(each),) if each.low else ()
            decision = given.get(shown[key].pk)
            made.append(
                Row(
                    key,
                    shown[key],
                    room.name(key),
                    decision,
                    said(CLASSES[decision.bid_class]) if decision else "",
                    said(CLASSES[each.bid_class]),
                    (*proposing, *low),
                    awaited,
                )
            )
    return made


def _priced(bid: Bid) -> bool:
    return bid.price is not None and bid.price.total >= 0


def _proposing(room: Room, shown: Mapping[BidKey, models.Bid]) -> tuple[PointMark, ...]:
    """Return the marks at the places where some evaluator retained what proposes irregularity: two queries."""
    by_pk = {row.pk: key for key, row in shown.items()}
    points = room.clausier.points
    codes = {code for point in points.values() for code in point.proposing}
    given = models.Mark.objects.filter(bid_id__in=by_pk).order_by("evaluator", "pk")
    names = ("evaluator", "bid_id", "point", "level")
    proposing = [
        (evaluator, pk, point, level)
        for evaluator, pk, point, level in given.filter(level__in=codes).values_list(*names)
        if point in points and level in points[point].proposing
    ]
    places = {(pk, point) for _, pk, point, _ in proposing}
    shared = {point for point in {point for _, point in places} if _readers(room, point) > 1}
    others = given.filter(Q(evaluator=HARMONISED) | Q(point__in=shared)).exclude(level="").values_list(*names)
    seen = {(evaluator, pk, point) for evaluator, pk, point, _ in proposing}
    proposing += [each for each in others if (each[1], each[2]) in places and each[:3] not in seen]
    return tuple(PointMark(evaluator, by_pk[pk], point, level) for evaluator, pk, point, level in proposing)


def _readers(room: Room, point: str) -> int:
    theme = room.clausier.theme_of[point].id
    return sum(reads(each, room.tender, theme) for each in room.tender.evaluators)
