"""The chronogram of an exercise: read, changed line by line, taken out as a workbook and brought in again, seen by seat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from egide import plain
from egide.exercise.editing import Edits, edits, free
from egide.exercise.script import Item, Script
from egide.exercise.words import CHANNELS, DOCUMENTS
from egide.message import Text, message
from egide.report.exercise_words import clock
from egide.web.design.words import said
from egide.web.exercises.models import Exercise
from egide.web.exercises.preparing import draft, room
from egide.web.exercises.preparing.forms import LineForm, after_last

SEAT = "place"
"""The parameter of an address that says whose seat one looks from."""


@dataclass(frozen=True)
class Line:
    """A line of the chronogram as who prepares reads it."""

    item: Item
    at: str
    channel: Text
    seats: Sequence[Text]
    module: Text
    document: str
    ours: bool
    changed: bool

    @property
    def everybody(self) -> bool:
        """Whether all seats receive it."""
        return not self.seats


def lines(script: Script, changes: Edits, seat: str = "") -> list[Line]:
    """Return the lines of a script, those that one seat receives or all."""
    titles = {each.code: each.title for each in script.seats}
    documents = {each.id: said(DOCUMENTS[each.kind]) for each in script.documents}
    added = {each.id for each in changes.added}
    return [
        Line(
            each,
            clock(each.at),
            CHANNELS[each.channel],
            () if len(each.seats) == len(titles) else [titles[code] for code in each.seats],
            script.modules.get(each.module, Text()),
            documents.get(each.document, ""),
            each.id in added,
            each.id in changes.changed,
        )
        for each in script.items
        if not seat or seat in each.seats
    ]


@require_safe
@login_required
def timeline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the chronogram, whole or as one seat receives it."""
    row = room.unspoilt(request, uuid)
    script, changes = draft.script_of(row), draft.edits_of(row)
    seat = next((each for each in script.seats if each.code == request.GET.get(SEAT, "")), None)
    context = room.common(request, row, "timeline")
    context |= {
        "script": script,
        "lines": lines(script, changes, seat.code if seat else ""),
        "seat": seat,
        "changes": changes,
        "dropped": [each for each in draft.made(row).items if each.id in changes.dropped] if changes.dropped else [],
        "end": clock(script.play),
    }
    return render(request, "exercises/preparing/timeline.html", context)


def keep(row: Exercise, items: Iterable[Item], **told: object) -> None:
    """Keep what people changed to come to these lines, and tell the trail."""
    changes = edits(draft.made(row), items)
    row.edits = plain.unstructure(changes) if changes else {}
    room.saved(row, "exercise.timeline", told, "edits")


def _item(script: Script, name: str) -> Item:
    found = next((each for each in script.items if each.id == name), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def line(request: HttpRequest, uuid: UUID, item: str) -> HttpResponse:
    """Change one line: its time, its words, who receives it."""
    row = room.draft_of(request, uuid)
    script = draft.script_of(row)
    before = _item(script, item)
    form = LineForm(request.POST or None, script=script, initial=LineForm.shown(before))
    if request.method == "POST" and form.is_valid():
        after = replace(before, **form.values(before))
        keep(row, [after if each.id == item else each for each in script.items], line=item)
        messages.success(request, said(message("Ligne enregistrée.")))
        return redirect(f"{room.address('timeline', row)}#{item}")
    return _form(request, row, form, before)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a line of one's own."""
    row = room.draft_of(request, uuid)
    script = draft.script_of(row)
    form = LineForm(request.POST or None, script=script, initial=after_last(script))
    if request.method == "POST" and form.is_valid():
        name = free((*draft.made(row).items, *script.items))
        keep(row, [*script.items, Item(id=name, **form.values(None))], line=name)
        messages.success(request, said(message("Ligne ajoutée.")))
        return redirect(f"{room.address('timeline', row)}#{name}")
    return _form(request, row, form, None)


def _form(request: HttpRequest, row: Exercise, form: LineForm, item: Item | None) -> HttpResponse:
    here = said(item.title) if item else said(message("Ajouter une ligne"))
    context = room.common(request, row, "timeline") | {"form": form, "item": item, "here": here}
    if item:
        functions = {each.code: each.title for each in draft.script_of(row).functions}
        context["expected"] = [(each.text, functions.get(each.by, Text(each.by)), each.minutes) for each in item.expectations]  # fmt: skip
    return render(request, "exercises/preparing/line.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def drop(request: HttpRequest, uuid: UUID, item: str) -> HttpResponse:
    """Take a line out of the chronogram, once confirmed."""
    row = room.draft_of(request, uuid)
    script = draft.script_of(row)
    gone = _item(script, item)
    if request.method == "POST":
        keep(row, [each for each in script.items if each.id != item], dropped=item)
        messages.success(request, said(message("Ligne retirée : « {title} ».", title=gone.title)))
        return redirect("exercises:timeline", row.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Retirer « {title} » du chronogramme ?", title=gone.title)),
        "consequences": [message("Ses réactions attendues ne seront pas demandées aux observateurs."), message("Une ligne du kit peut être remise d’un geste ; une ligne ajoutée par vous est perdue.")],
        "submit": said(message("Retirer")),
        "cancel": room.address("timeline", row),
        "print_title": row.title,
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def restore(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Come back to the chronogram of the kit: one line (`ligne`) that was taken out, or all, once confirmed."""
    row = room.draft_of(request, uuid)
    changes = draft.edits_of(row)
    one = request.POST.get("ligne", "") if request.method == "POST" else ""
    if one and one not in changes.dropped:
        raise Http404
    if request.method == "POST":
        left = replace(changes, dropped=tuple(each for each in changes.dropped if each != one)) if one else Edits()
        row.edits = plain.unstructure(left) if left else {}
        room.saved(row, "exercise.timeline", {"restored": one or "all"}, "edits")
        messages.success(request, said(message("Ligne remise.") if one else message("Le chronogramme est de nouveau celui du kit.")))  # fmt: skip
        return redirect("exercises:timeline", row.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Revenir au chronogramme du kit ?")),
        "consequences": [message("Lignes modifiées : {changed} ; retirées : {dropped} ; ajoutées : {added}. Tout cela est perdu.", changed=len(changes.changed), dropped=len(changes.dropped), added=len(changes.added)), message("Vos mots restent.")],
        "submit": said(message("Revenir au kit")),
        "cancel": room.address("timeline", row),
        "print_title": row.title,
    })  # fmt: skip
