"""Marking outside of the page: prefilled workbooks to take away, filled ones to bring back, several at once."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egide.desk import marks as desk
from egide.exchange.marks import DECISIONS, DECLARATIONS, PART
from egide.message import message
from egide.tender.model import HARMONISED, Marks
from egide.web.audit import guard
from egide.web.design.fields import ManyFilesField
from egide.web.design.words import language, phrase, said
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking.room import Room, inside

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = (".xlsx", ".ods", ".csv", ".yaml", ".yml")
TOGETHER = (HARMONISED, DECISIONS, DECLARATIONS)
"""What only those who decide bring."""


class Brought(forms.Form):
    """Filled workbooks, several at once."""

    workbooks = ManyFilesField(
        label=phrase("Classeurs remplis"),
        help_text=phrase(
            "Sous leur nom d'origine : celui de l'évaluateur (rssi.xlsx), decisions.csv, declarations.csv ou harmonisation.xlsx. Plusieurs à la fois."
        ),
    )

    def __init__(self, data: Any, files: Any, allowed: frozenset[str]):
        super().__init__(data, files)
        self.allowed = allowed

    def clean_workbooks(self) -> list[Any]:
        """Refuse a file that is nobody's workbook here, by its name."""
        given: list[Any] = self.cleaned_data["workbooks"]
        names = [_name(each) for each in given]
        for name in names:
            path = PurePath(name)
            if path.suffix.lower() not in ENDINGS or path.stem.partition(PART)[0] not in self.allowed:
                allowed = tuple(sorted(self.allowed))
                told = message(
                    "« {name} » n'est pas un classeur que vous pouvez verser ici (noms admis : {allowed})",
                    name=name,
                    allowed=allowed,
                )
                self.add_error("workbooks", said(told))
        if len(set(names)) < len(names):
            self.add_error("workbooks", said(message("Deux fichiers portent le même nom : ne verser que le bon.")))
        return given


def _name(file: Any) -> str:
    return PurePath(str(file.name).replace("\\", "/")).name


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def index(request: HttpRequest, room: Room) -> HttpResponse:
    """Show what can be taken away and what was found in what was brought back; take in filled workbooks."""
    decides = room.has(Right.DECIDE)
    allowed = frozenset(each.evaluator for each in room.seats) if room.has(Right.MARK) else frozenset()
    if decides:
        allowed |= {*TOGETHER, *room.evaluators}
    form = Brought(request.POST, request.FILES, allowed) if request.method == "POST" else Brought(None, None, allowed)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        if form.is_valid():
            return _asked(request, room, form.cleaned_data["workbooks"])
    rounds = sorted({key.round for key in room.bids}) or [1]
    known = {
        "form": form if allowed else None,
        "decides": decides,
        "books": [
            (room.evaluators[seat.evaluator], seat, [_book(seat.evaluator, number) for number in rounds], room.declared(seat.evaluator))
            for seat in room.seats
        ],
        "findings": [convert.finding(each) for each in models.ReadFinding.objects.filter(consultation=room.row, source="marks")],
        "only": "," .join(ENDINGS),
    }  # fmt: skip
    response = page.show(request, room.row, "marking", "tenders/marking/workbooks.html", known)
    response.status_code = 400 if form.is_bound else 200
    return response


def _book(evaluator: str, number: int) -> str:
    return f"{evaluator}.xlsx" if number == 1 else f"{evaluator}{PART}tour-{number}.xlsx"


def _asked(request: HttpRequest, room: Room, given: list[Any]) -> HttpResponse:
    """Keep the files and ask for their reading."""
    brought = {}
    for file in given:
        kept = store.keep(file.chunks())
        name = _name(file)
        stored = StoredFile.objects.create(
            organisation=room.row.organisation,
            name=name[:255],
            sha256=kept.sha256,
            size=kept.size,
            right=Right.DECIDE.value,
            brought_by=room.user,
        )
        brought[f"marks/{name}"] = str(stored.uuid)
    guard.record("workbooks.brought", room.row.organisation, room.row, {"files": sorted(brought)})
    job = queue.ask("read_workbooks", room.row.organisation, room.user, room.row, files=brought)
    return HttpResponseRedirect(reverse("jobs:one", args=[job.uuid]))


@require_safe
@inside
def workbook(request: HttpRequest, room: Room, seat: object, name: str) -> HttpResponse:
    """Give the prefilled workbook of one's own seat for a round: only bids that it may read."""
    own = room.seat(seat)
    if not room.declared(own.evaluator):
        raise Http404
    keys = {key for key in room.bids if key.lot not in room.kept_from and room.reads(own.evaluator, key.lot)}
    bids = [each for each in convert.bids(room.row) if each.key in keys]
    mine = models.Mark.objects.filter(bid__consultation=room.row, evaluator=own.evaluator).select_related("bid")
    marks = tuple(convert.point_mark(each, convert.key(each.bid)) for each in mine)
    given = Marks(marks, declarations=room.declarations)
    found = convert.findings(room.row, source="bids").get("bids", ())
    evaluator = room.evaluators[own.evaluator]
    made = desk.workbooks(room.tender, room.clausier, evaluator, bids, found, given, language())
    if name not in made:
        raise Http404
    return _file(name, made[name], XLSX)


@require_safe
@inside
def table(request: HttpRequest, room: Room, name: str) -> HttpResponse:
    """Give the table of decisions or of declarations, to be filled."""
    if not room.has(Right.DECIDE):
        raise PermissionDenied
    if name == f"{DECISIONS}.csv":
        return _file(name, desk.decisions(room.tender, room.clausier, language()), "text/csv; charset=utf-8")
    if name == f"{DECLARATIONS}.csv":
        return _file(name, desk.declarations(room.tender, language()), "text/csv; charset=utf-8")
    raise Http404


def _file(name: str, content: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
