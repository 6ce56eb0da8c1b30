"""What came in: the table of tenderers and lots, and the pages of one tenderer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide import plain
from egide.clausier.model import Clausier
from egide.finding import Finding, Severity
from egide.message import Language, Message, Text, message
from egide.report.papers.typography import Setter
from egide.tender.lots import concerns
from egide.tender.model import BidKey, Condition, Declared, Price, Tenderer
from egide.tender.procedure.journal import Deposit
from egide.tender.words import CONDITIONS, DECLARED, SEVERITIES
from egide.web.design.navigation import Link
from egide.web.design.words import language, said
from egide.web.files.views import send
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import convert, models, page
from egide.web.tenders.folder import within
from egide.web.tenders.marking.room import Room, enter
from egide.web.tenders.received import entry, findings
from egide.web.tenders.received.forms import Filter

A_PAGE = 40


@dataclass(frozen=True)
class BidLine:
    """A bid as the table shows it."""

    label: str
    url: str
    files: int
    answered: int
    asked: int
    price: Message | None


@dataclass(frozen=True)
class Line:
    """A tenderer as the table shows it."""

    name: str
    url: str
    candidacy: Text
    tone: str
    found: findings.Counted
    found_url: str
    bids: Sequence[BidLine]


# --------------------------------------------------------------------------------------------------------- the whole step
@require_safe
@login_required
def index(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what came in, or why it is closed."""
    row = page.consultation(request, uuid)
    now = timezone.now()
    here = entry.stage(row, now)
    if here not in entry.OPENED or not may(request.user, Right.OPEN_BIDS, row.organisation_id):
        return entry.closed(request, row, now)
    room = enter(request, row)
    lots = entry.lots_of(room)
    lines = table(room, lots)
    return entry.show(request, row, "table", {
        "lines": lines,
        "closed_deposits": _closed(room) if room.has(Right.DECIDE) else [],
        "several_lots": len(room.tender.lots) > 1,
        "hidden": [room.lot(each.id) for each in room.tender.lots if each.id not in lots],
        "opening": room.journal.opening,
        "unseated": _unseated(room),
        "nobody": findings.of_nobody(room)[:A_PAGE] if room.has(Right.DECIDE) else [],
        "changes": here is entry.Stage.OPEN and room.has(Right.PREPARE),
        "decides": room.has(Right.DECIDE),
    })  # fmt: skip


def table(room: Room, lots: frozenset[str]) -> list[Line]:
    """Return the tenderers with their bids on some lots: three queries."""
    bids: dict[str, list[BidLine]] = {}
    answered = _answered(room)
    asked = {lot: sum(concerns(room.tender, each, lot) for each in room.clausier.points) for lot in lots}
    for row in models.Bid.objects.filter(consultation=room.row, lot__in=lots):
        key = convert.key(row)
        url = f"{_address(room, 'bids_tenderer', key.tenderer)}?offre={row.uuid}"
        price = amount(room, Decimal(row.price["total"])) if row.price else None
        line = BidLine(label(room, key), url, len(row.files), answered.get(row.pk, 0), asked[key.lot], price)
        bids.setdefault(key.tenderer, []).append(line)
    found = findings.counted(room, lots)
    decided = _decided(room)
    lines = []
    for each in room.tender.tenderers:
        if each.id not in bids and not room.has(Right.DECIDE):
            continue
        words, tone = decided.get(each.id, UNDECIDED)
        lines.append(
            Line(
                each.name or each.id,
                _address(room, "bids_tenderer", each.id),
                words,
                tone,
                found.get(each.id, findings.Counted()),
                _address(room, "bids_findings", each.id),
                bids.get(each.id, []),
            )
        )
    return lines


UNDECIDED = (Text("à décider", "to be decided"), "plain")
ADMITTED = (Text("admise", "admitted"), "good")
REFUSED = (Text("rejetée", "refused"), "error")
PARTLY = (Text("rejetée sur certains lots", "refused on some lots"), "doubt")


def _decided(room: Room) -> Mapping[str, tuple[Text, str]]:
    """Return what was decided of each candidacy, the last decision counting."""
    made: dict[str, tuple[Text, str]] = {}
    for each in room.journal.candidacies:
        made[each.tenderer] = ADMITTED if each.admitted else PARTLY if each.lots else REFUSED
    return made


def _answered(room: Room) -> Mapping[int, int]:
    rows = models.Answer.objects.filter(bid__consultation=room.row).exclude(declared=Declared.BLANK.value)
    return dict(rows.values_list("bid_id").annotate(count=Count("pk")))


def _closed(room: Room) -> list[tuple[str, Deposit]]:
    """Return the deposits that stay closed, with who made them."""
    names = {each.id: each.name or each.id for each in room.tender.tenderers}
    return [(names.get(each.tenderer, each.tenderer), each) for each in room.journal.deposits if not each.opened]


def _unseated(room: Room) -> list[str]:
    """Return the evaluators for whom no account marks yet: one query."""
    if not room.has(Right.PREPARE):
        return []
    seated = set(models.Seat.objects.filter(consultation=room.row).values_list("evaluator", flat=True))
    return [each.role or each.id for each in room.tender.evaluators if each.id not in seated]


def label(room: Room, key: BidKey) -> str:
    """Return what distinguishes a bid among those of its tenderer."""
    parts = [room.lot(key.lot)] if len(room.tender.lots) > 1 else []
    parts += [said(message("variante {number}", number=key.variant))] if key.variant else []
    parts += [said(message("tour {number}", number=key.round))] if key.round > 1 else []
    return " · ".join(parts) or said(message("offre"))


def amount(room: Room, total: Decimal) -> Message:
    """Return an amount as people write it, in the currency of the consultation."""
    money = Setter(language(), str).money(total, room.tender.currency)
    return message("{amount} HT", amount=money)


def _address(room: Room, name: str, tenderer: str) -> str:
    return reverse(f"tenders:{name}", args=[room.row.uuid, tenderer])


# ----------------------------------------------------------------------------------------------------------- one tenderer
OFFERED = ("bids/", "candidacies/")
"""Folders whose files are sent."""
PARTS = {
    "bids_tenderer": Text("Fichiers et prix", "Files and price"),
    "bids_answers": Text("Réponses lues", "Answers as read"),
    "bids_findings": Text("Constats", "Findings"),
}


def tenderer_of(room: Room, identifier: str, lots: frozenset[str]) -> tuple[Tenderer, list[models.Bid]]:
    """Return a tenderer and its bids on the lots that one may read: one query. Raises Http404."""
    known = room.tender.tenderer.get(identifier)
    rows = list(models.Bid.objects.filter(consultation=room.row, tenderer=identifier, lot__in=lots))
    if known is None or (not rows and not room.has(Right.DECIDE)):
        raise Http404
    return known, rows


def _common(request: HttpRequest, room: Room, identifier: str, part: str) -> dict[str, Any]:
    lots = entry.lots_of(room)
    tenderer, bids = tenderer_of(room, identifier, lots)
    asked = request.GET.get("offre", "")
    current = next((each for each in bids if str(each.uuid) == asked), bids[0] if bids else None)
    query = f"?offre={current.uuid}" if current else ""
    here = _address(room, part, identifier)
    return {
        "room": room,
        "lots": lots,
        "tenderer": tenderer,
        "bids": bids,
        "bid": current,
        "tabs": [Link(said(title), _address(room, name, identifier) + query, current=name == part) for name, title in PARTS.items()],
        "offers": [Link(label(room, convert.key(each)), f"{here}?offre={each.uuid}", current=each is current) for each in bids] if len(bids) > 1 else [],
        "changes": room.row.state == models.State.OPENED and room.has(Right.PREPARE),
    }  # fmt: skip


@dataclass(frozen=True)
class FileLine:
    """A file of a tenderer."""

    name: str
    size: int
    download: str
    move: str = ""


@require_safe
@entry.within(Right.OPEN_BIDS)
def of_tenderer(request: HttpRequest, room: Room, tenderer: str) -> HttpResponse:
    """Show the files of a tenderer and the price that was read."""
    common = _common(request, room, tenderer, "bids_tenderer")
    every = frozenset(lot.id for lot in room.tender.lots)
    prefix = Q(path__startswith=f"bids/{tenderer}/") | Q(path__startswith=f"candidacies/{tenderer}/")
    rows = models.FolderFile.objects.filter(prefix, consultation=room.row).select_related("stored")
    groups: dict[str, list[FileLine]] = {}
    for each in rows:
        if findings.may_see(each.path, every, common["lots"]):
            groups.setdefault(_group(room, each.path), []).append(
                _file(room, each, tenderer, changes=common["changes"])
            )
    bid = common["bid"]
    price = plain.structure(bid.price, Price, "price") if bid and bid.price else None
    return entry.show(request, room.row, "tenderer", {
        **common,
        "groups": groups,
        "price": price,
        "price_file": within(price.file) if price else "",
        "total": amount(room, price.total) if price else None,
    })  # fmt: skip


def _group(room: Room, path: str) -> str:
    if path.startswith("candidacies/"):
        return said(message("Candidature"))
    lot = findings.folder_of(path, [each.id for each in room.tender.lots])
    return room.lot(lot) if lot else said(message("Offre"))


def _file(room: Room, row: models.FolderFile, tenderer: str, *, changes: bool) -> FileLine:
    name = row.path.split("/", 3)[-1] if row.path.startswith("bids/") else row.path.split("/", 2)[-1]
    move = reverse("tenders:bids_move", args=[room.row.uuid, row.uuid]) if changes and row.path.startswith("bids/") else ""  # fmt: skip
    return FileLine(name, row.stored.size, reverse("tenders:bids_file", args=[room.row.uuid, row.uuid]), move)


@require_safe
@entry.within(Right.OPEN_BIDS)
def download(request: HttpRequest, room: Room, file: UUID) -> FileResponse:
    """Send a file of a bid or of a candidacy to who may read its lot; never one that stays closed."""
    rows = models.FolderFile.objects.filter(consultation=room.row).select_related("stored")
    own: models.FolderFile = rows.one_visible_to(request.user, file)
    lots = entry.lots_of(room)
    every = frozenset(lot.id for lot in room.tender.lots)
    if not own.path.startswith(OFFERED) or not lots or not findings.may_see(own.path, every, lots):
        raise Http404
    return send(own.stored)


@dataclass(frozen=True)
class AnswerLine:
    """An answer as it was read, and as a person settled it."""

    point: str
    title: str
    understood: str
    where: str
    comment: str
    raw: str
    file: str
    settled: bool
    first: str
    url: str


@require_safe
@entry.within(Right.OPEN_BIDS)
def answers(request: HttpRequest, room: Room, tenderer: str) -> HttpResponse:
    """Show every answer of a bid as it was read, with its place."""
    common = _common(request, room, tenderer, "bids_answers")
    bid = common["bid"]
    rows = models.Answer.objects.filter(bid=bid).order_by("pk") if bid else []
    settled = (
        reverse("tenders:bids_settle", args=[room.row.uuid, bid.uuid, "-"])[:-2] if bid and common["changes"] else ""
    )
    lines = [_answer(room, each, settled) for each in rows]
    blank = sum(each.declared == Declared.BLANK.value for each in rows)
    return entry.show(request, room.row, "answers", {**common, "lines": lines, "blank": blank})


def _answer(room: Room, row: models.Answer, settled: str) -> AnswerLine:
    """Return a line; `settled` begins the address of reviewing, made once since making one is slow."""
    where = ", ".join(part for part in (row.document, row.section) if part)
    first = understood(row.first["declared"], row.first["condition"]) if row.first else ""
    url = f"{settled}{quote(row.point, safe='')}/" if settled else ""
    place = " · ".join(part for part in (row.file.rpartition("/")[2], row.place) if part)
    return AnswerLine(
        row.point,
        title_of(room.clausier, row.point),
        understood(row.declared, row.condition),
        where,
        _cut(row.comment, 400),
        _cut(row.raw, 200),
        place,
        row.first is not None,
        first,
        url,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def title_of(clausier: Clausier, point: str) -> str:
    """Return the title of a point, "" when the clausier does not have it."""
    known = clausier.points.get(point)
    return said(known.title) if known else ""


def understood(declared: str, condition: str) -> str:
    """Return in words what an answer says."""
    return _understood(declared, condition, language())


@cache
def _understood(declared: str, condition: str, _: Language) -> str:
    words = [said(DECLARED[Declared(declared)]), said(CONDITIONS[Condition(condition)])]
    return ", ".join(word for word in words if word)


def _review(room: Room, common: Mapping[str, Any]) -> Callable[[Finding], str]:
    """Return what gives the page where the reading of an answer is reviewed, for who may."""
    bids = {file["name"]: each.uuid for each in common["bids"] for file in each.files if common["changes"]}

    def address(found: Finding) -> str:
        if found.point not in room.clausier.points or found.file not in bids:
            return ""
        return reverse("tenders:bids_settle", args=[room.row.uuid, bids[found.file], found.point])

    return address


@require_safe
@entry.within(Right.OPEN_BIDS)
def found(request: HttpRequest, room: Room, tenderer: str) -> HttpResponse:
    """Show what readings found of a tenderer, by severity and file."""
    common = _common(request, room, tenderer, "bids_findings")
    every = findings.of_tenderer(room, tenderer, common["lots"])
    severities = [(each.value, said(SEVERITIES[each])) for each in Severity]
    files = sorted({each.file for each in every if each.file})
    form = Filter(request.GET or None, severities=severities, files=files)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shown = [
        each
        for each in every
        if wanted.get("severity", "") in {"", each.severity.value} and wanted.get("file", "") in {"", each.file}
    ]
    listed = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    return entry.show(request, room.row, "findings", {
        **common,
        "offers": [],
        "form": form,
        "page": listed,
        "groups": findings.grouped(list(listed), _review(room, common)),
        "whole": len(every),
    })  # fmt: skip
