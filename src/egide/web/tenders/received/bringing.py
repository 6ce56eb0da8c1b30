"""Bringing bids in: the platform's deposits, tried first, then confirmed; files of one bid; a file put elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from egide.exchange.deposits.gathered import State
from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.web.audit import guard
from egide.web.design.words import said
from egide.web.files import store
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.organisations.roles import Right
from egide.web.tenders import models
from egide.web.tenders.marking.room import Room
from egide.web.tenders.received import entry, findings, pages
from egide.web.tenders.received.forms import NEW, BidFiles, Deposits, Move, file_name

IMPORT, READ = "import_deposits", "read_workbooks"
STATES: Mapping[str, tuple[Text, str]] = {
    State.IMPORTED: (Text("à ranger", "to be filed"), "good"),
    State.SUPERSEDED: (Text("remplacé par un envoi postérieur, gardé à part", "replaced by a later one, kept apart"), "info"),
    State.LATE: (Text("hors délai, gardé fermé", "late, kept closed"), "doubt"),
    State.SAFETY_COPY: (Text("copie de sauvegarde, gardée fermée", "safety copy, kept closed"), "info"),
    State.UNKNOWN_TENDERER: (Text("déposant inconnu, gardé à part", "unknown depositor, kept apart"), "doubt"),
    State.EMPTY: (Text("dossier vide", "empty folder"), "doubt"),
    State.ABSENT: (Text("au registre, sans dossier", "in the register, without a folder"), "doubt"),
}  # fmt: skip
REMOVED = "removed"
"""The folder of what a person took out of the bids: kept, read no more."""


# --------------------------------------------------------------------------------------------------------- the deposits
@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE, change=True)
def deposits(request: HttpRequest, room: Room) -> HttpResponse:
    """Ask for the platform's ZIP, then try its import."""
    posted = request.method == "POST"
    form = Deposits(*([request.POST, request.FILES] if posted else []), tender=room.tender, now=timezone.now())
    if posted and form.is_valid():
        given = form.cleaned_data
        arguments: dict[str, Any] = {"round": given["round"], "dry": True}
        for name, label in (("archive", "file"), ("register", "register")):
            if given[name]:
                arguments[label] = store.keep(given[name].chunks()).sha256
                arguments["name" if label == "file" else "register_name"] = file_name(given[name])
        job = queue.ask(IMPORT, room.row.organisation, request.user, room.row, **arguments)
        guard.record("deposits.brought", room.row.organisation, room.row, {"round": given["round"]})
        return redirect("jobs:one", job.uuid)
    return entry.show(request, room.row, "deposits", {"form": form}, 400 if posted else 200)


@dataclass(frozen=True)
class DepositLine:
    """A deposit as an import would file it."""

    number: str
    name: str
    siret: str
    tenderer: str
    state: Text
    tone: str
    lots: str
    at: datetime | None
    files: list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE, change=True)
def preview(request: HttpRequest, room: Room, job: UUID) -> HttpResponse:
    """Show what an import would file; confirm it."""
    tried = Job.objects.filter(owner_id=request.user.pk, kind=IMPORT, subject=room.row.uuid, state=Work.DONE).one_visible_to(request.user, job)  # fmt: skip
    if not tried.arguments.get("dry"):
        raise Http404
    told = tried.result
    if request.method == "POST":
        arguments = {name: value for name, value in tried.arguments.items() if name != "dry"}
        asked = queue.ask(IMPORT, room.row.organisation, request.user, room.row, **arguments)
        guard.record("deposits.confirmed", room.row.organisation, room.row, {"round": told["round"]})
        return redirect("jobs:one", asked.uuid)
    doubts = findings.in_order(_finding(each) for each in told["doubts"])
    return entry.show(request, room.row, "preview", {
        "new": told["new"],
        "deposits": [_line(room, each, told["tenderers"]) for each in told["deposits"]],
        "others": told["others"],
        "left": told["left"],
        "groups": findings.grouped(doubts),
        "count": len(doubts),
        "name": tried.arguments["name"],
    })  # fmt: skip


def _line(room: Room, told: Mapping[str, Any], tenderers: list[dict[str, str]]) -> DepositLine:
    names = {each["id"]: each["name"] or each["id"] for each in tenderers}
    state, tone = STATES[told["state"]]
    return DepositLine(
        told["number"],
        told["name"],
        told["siret"],
        names.get(told["tenderer"], told["tenderer"]),
        state,
        tone,
        ", ".join(room.lot(lot) for lot in told["lots"]),
        datetime.fromisoformat(told["ended_at"]) if told["ended_at"] else None,
        [(each["original"], each["path"]) for each in told["files"]],
    )


def _finding(told: Mapping[str, Any]) -> Finding:
    understood, remedy = (message("{text}", text=Text(**told[name])) for name in ("understood", "remedy"))
    rest = (told[name] for name in ("file", "place", "point", "read", "tenderer"))
    return Finding(told["code"], Severity(told["severity"]), understood, remedy, *rest)


# ------------------------------------------------------------------------------------------------------- files of a bid
@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE, change=True)
def files(request: HttpRequest, room: Room) -> HttpResponse:
    """Take in all files of one bid at once, then read it."""
    posted, row = request.method == "POST", room.row
    taken = frozenset(models.FolderFile.objects.filter(consultation=row).values_list("path", flat=True))
    lots = sorted(entry.lots_of(room))
    form = BidFiles(*([request.POST, request.FILES] if posted else []), tender=room.tender, lots=lots, taken=taken)
    if not posted and (tenderer := request.GET.get("soumissionnaire")):
        form.initial["tenderer"] = tenderer
    if posted and form.is_valid():
        given = form.cleaned_data
        tenderer, new = given["tenderer"], None
        if tenderer == NEW:
            tenderer = identifier(given["name"], frozenset(room.tender.tenderer))
            new = {"id": tenderer, "name": given["name"], "siret": given["siret"], "lots": []}
        brought = {f"{form.folder(tenderer)}/{file_name(each)}": store.keep(each.chunks()).sha256 for each in given["sheets"]}  # fmt: skip
        arguments = {"files": brought, **({"tenderer": new} if new else {})}
        job = queue.ask(READ, row.organisation, request.user, row, **arguments)
        guard.record("bids.brought", row.organisation, row, {"files": sorted(brought)})
        return redirect("jobs:one", job.uuid)
    return entry.show(request, row, "files", {"form": form}, 400 if posted else 200)


def identifier(name: str, taken: frozenset[str]) -> str:
    """Return what names a new tenderer in the folder: made of its name, and nobody else's."""
    first = slugify(name)[:60] or "soumissionnaire"
    number = 1
    while (made := first if number == 1 else f"{first}-{number}") in taken:
        number += 1
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE, change=True)
def move(request: HttpRequest, room: Room, file: UUID) -> HttpResponse:
    """Put a file in another bid, or out of the bids, with a reason; then read again."""
    row, posted = room.row, request.method == "POST"
    own = models.FolderFile.objects.filter(consultation=row, path__startswith="bids/").one_visible_to(request.user, file)  # fmt: skip
    every = [each.id for each in room.tender.lots]
    if not findings.may_see(own.path, every, entry.lots_of(room)) or own.path.count("/") < 2:
        raise Http404
    form = Move(*([request.POST] if posted else []), places=_places(room, own.path))
    name = own.path.rpartition("/")[2]
    if posted and form.is_valid():
        to = form.cleaned_data["to"]
        target = f"{REMOVED}/{own.uuid}/{name}" if to == NEW else f"{to}/{name}"
        if models.FolderFile.objects.filter(consultation=row, path=target).exists():
            form.add_error("to", said(message("Un fichier de ce nom est déjà dans cette offre : retirer d’abord l’autre.")))  # fmt: skip
        else:
            job = queue.ask(READ, row.organisation, request.user, row, moved={own.path: target}, reason=form.cleaned_data["reason"])  # fmt: skip
            told = {"path": [own.path, target], "reason": form.cleaned_data["reason"]}
            guard.record("bids.file_moved", row.organisation, row, told)
            return redirect("jobs:one", job.uuid)
    tenderer = own.path.split("/")[1]
    back = reverse("tenders:bids_tenderer", args=[row.uuid, tenderer]) if tenderer in room.tender.tenderer else reverse("tenders:bids", args=[row.uuid])  # fmt: skip
    known = {"form": form, "name": name, "path": own.path, "back": back}
    return entry.show(request, row, "move", known, 400 if posted else 200)


def _places(room: Room, path: str) -> list[tuple[str, str]]:
    """Return the bids where a file may go: those of each tenderer and lot, and those that are numbered."""
    lots = entry.lots_of(room)
    places = {f"bids/{each.id}/{lot}": f"{each.name or each.id} · {room.lot(lot)}" for each in room.tender.tenderers for lot in sorted(lots)}  # fmt: skip
    for key in room.bids:
        if key.lot in lots and (key.variant or key.round > 1):
            parts = ["bids", key.tenderer, key.lot]
            parts += [f"variant-{key.variant}"] if key.variant else []
            parts += [f"round-{key.round}"] if key.round > 1 else []
            known = room.tender.tenderer.get(key.tenderer)
            places["/".join(parts)] = f"{(known.name if known else '') or key.tenderer} · {pages.label(room, key)}"
    here = path.rpartition("/")[0]
    return sorted(((place, words) for place, words in places.items() if place != here), key=lambda each: each[1])
