"""The crisis kit of an organisation: what it holds, what is missing, its parts to fill in, its papers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from egide.desk import crisis as desk
from egide.exercise.crisis import NUMBERS_KEPT
from egide.message import Text, message
from egide.web.design.words import language, said
from egide.web.exercises.crisis import kept
from egide.web.exercises.crisis.forms import CellEditor, ContactsEditor, Editor, PlacesEditor, SuppliersEditor
from egide.web.exercises.models import CrisisClocks, CrisisDirectory
from egide.web.exercises.preparing import room
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Part:
    """A part of the kit that is filled in on its own page; `template` shows its forms."""

    code: str
    title: Text
    says: Text
    editor: type[Editor]
    template: str


PARTS: Mapping[str, Part] = {
    each.code: each
    for each in (
        Part("lieux", Text("Lieux et mots", "Places and words"), Text("Où l’on se réunit, où sont les choses, et les noms que citent les fiches.", "Where one meets, where things are, and the names that the cards quote."), PlacesEditor, "one"),
        Part("cellule", Text("Cellule de crise", "Crisis cell"), Text("Qui tient chaque fonction, le numéro qui répond à 3 h du matin, et qui remplace.", "Who holds each function, the number that answers at 3 a.m., and who stands in."), CellEditor, "rows"),
        Part("fournisseurs", Text("Fournisseurs et assureur", "Suppliers and insurer"), Text("Qui appeler, avec quel numéro de contrat.", "Whom to call, with which contract number."), SuppliersEditor, "rows"),
        Part("contacts", Text("Contacts extérieurs", "Outside contacts"), Text("Les numéros communs sont déjà là ; les vôtres les remplacent.", "Common numbers are there already; yours replace them."), ContactsEditor, "contacts"),
    )
}  # fmt: skip


@require_safe
@login_required
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the crisis kit: until when it holds, what is missing, whom to call."""
    of = room.organisation(request, organisation)
    row = kept.row_of(of)
    house = kept.house(of, row)
    on = kept.today()
    made = desk.kit(house, on)
    titles = {each.code: each.title for each in made.functions}
    context = _common(request, of) | {
        "row": row,
        "kit": made,
        "people": [
            {"title": titles.get(each.function, each.function), "person": each} for each in house.directory.people
        ],
        "expired": bool(row and row.expires_on and row.expires_on < on),
        "parts": [(each, len(_of_part(made.findings, each.code))) for each in PARTS.values()],
        "open": CrisisClocks.objects.filter(organisation=of, closed_at=None),
        "months": NUMBERS_KEPT,
    }
    return render(request, "exercises/crisis/show.html", context)


PLACE_OF = {
    "directory.people": "cellule",
    "directory.suppliers": "fournisseurs",
    "directory.insurance": "fournisseurs",
    "directory.contacts": "contacts",
}


def _of_part(findings: Any, code: str) -> list[Any]:
    """Return the findings that are mended in a part: by the place that they name, the places themselves by default."""
    return [each for each in findings if _part(each.place) == code]


def _part(place: str) -> str:
    if place == "directory.checked_on":
        return ""
    return PLACE_OF.get(place.partition("[")[0], "lieux")


def _common(request: HttpRequest, of: Organisation) -> dict[str, Any]:
    return {
        "organisation": of,
        "can": may(request.user, Right.REHEARSE, of.pk),
        "print_title": said(message("Kit de crise")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, organisation: UUID, part: str) -> HttpResponse:
    """Fill in a part of the kit. What somebody else saved meanwhile is never written over."""
    if part not in PARTS:
        raise Http404
    its = PARTS[part]
    of = room.organisation(request, organisation, Right.REHEARSE)
    posted = request.method == "POST"
    row = _locked(of) if posted else kept.row_of(of)
    house = kept.house(of, row)
    editor = its.editor(house, request.POST if posted else None)
    revision = row.revision if row else 0
    stale = posted and request.POST.get("revision") != str(revision)
    if row and posted and editor.is_valid() and not stale:
        kept.save(row, editor.read(), room.person(request), {"part": its.code})
        messages.success(request, said(message("Enregistré. Pensez à réimprimer le kit.")))
        more = "more" in request.POST
        return redirect("exercises:crisis_part", of.uuid, part) if more else redirect("exercises:crisis", of.uuid)
    context = _common(request, of) | {"part": its, "editor": editor, "revision": revision, "stale": stale}
    if its.editor is SuppliersEditor:
        held = {each.name for each in house.directory.suppliers}
        context["left"] = [each.name for each in kept.mapped(of) if each.name not in held]
    return render(request, f"exercises/crisis/{its.template}.html", context, status=room.status(request))


def _locked(of: Organisation) -> CrisisDirectory:
    """Return the kit of an organisation, made if there is none, held until the end of the request."""
    Organisation.objects.select_for_update().get(pk=of.pk)
    found: CrisisDirectory | None = CrisisDirectory.objects.select_for_update().filter(organisation=of).first()
    return found or CrisisDirectory(organisation=of)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def checked(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Note that every number was tried today, once confirmed."""
    of = room.organisation(request, organisation, Right.REHEARSE)
    if request.method == "POST":
        row = _locked(of)
        house = kept.house(of, row)
        directory = replace(house.directory, checked_on=kept.today())
        kept.save(row, replace(house, directory=directory), room.person(request), {"checked": str(kept.today())})
        messages.success(request, said(message("Vérifié aujourd’hui : les numéros valent trois mois. Réimprimez le kit.")))  # fmt: skip
        return redirect("exercises:crisis", of.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Tous les numéros ont-ils été essayés aujourd’hui ?")),
        "consequences": [
            message("L’annuaire vaudra trois mois à partir d’aujourd’hui."),
            message("Chaque numéro doit avoir répondu : cellule, remplaçants, fournisseurs, assureur, contacts."),
        ],
        "submit": said(message("Oui, tous ont été essayés")),
        "cancel": room.address("crisis", of),
    })  # fmt: skip


@require_safe
@login_required
def paper(request: HttpRequest, organisation: UUID, form: str) -> HttpResponse:
    """Download the kit: the PDF to print, or its editable double."""
    if form not in TYPES:
        raise Http404
    of = room.organisation(request, organisation)
    made = desk.kit(kept.house(of, kept.row_of(of)), kept.today())
    name, content = desk.paper(made, form, language())
    header = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(content, content_type=TYPES[form], headers=header)
