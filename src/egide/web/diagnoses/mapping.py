"""The light map of an organisation: its applications, suppliers and devices; of a group, the suppliers its members share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from egide.diagnosis import cartography
from egide.errors import DataError
from egide.exchange import cartography_sheet
from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.web.audit.guard import record
from egide.web.design.words import language, said
from egide.web.diagnoses import convert, models, room
from egide.web.diagnoses.map_forms import FORMS, MapForm
from egide.web.diagnoses.uploads import SheetForm, on_disk
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things of the map: its model, its form, and what it is called."""

    model: type[models.Mapped]
    form: type[MapForm]
    plural: Text
    adding: Text
    code: str


KINDS: Mapping[str, Kind] = {
    each.code: each
    for each in (
        Kind(models.Application, FORMS["applications"], Text("Applications", "Applications"), Text("Ajouter une application", "Add an application"), "applications"),
        Kind(models.Supplier, FORMS["fournisseurs"], Text("Fournisseurs", "Suppliers"), Text("Ajouter un fournisseur", "Add a supplier"), "fournisseurs"),
        Kind(models.DeviceClass, FORMS["dispositifs"], Text("Dispositifs médicaux connectés", "Connected medical devices"), Text("Ajouter une classe de dispositifs", "Add a class of devices"), "dispositifs"),
    )
}  # fmt: skip


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


@require_safe
@login_required
def drawn(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the map of an organisation and what it shows by itself; of a group, the suppliers its members share."""
    of = room.organisation(request, organisation)
    context = room.of_organisation(request, of, "map")
    if context["group"]:
        members, others = convert.members_of(of, request.user)
        maps = [each for each in convert.cartographies_of(members).values() if each.applications or each.suppliers]
        told = {"shared": cartography.shared(maps), "mapped": [each.name for each in maps], "others": others}
        return render(request, "diagnoses/shared.html", context | told)
    found = [(kind, list(_rows(kind, of))) for kind in KINDS.values()]
    drawn = convert.cartography(of.name, *(rows for _, rows in found))
    context |= {
        "applications": found[0][1],
        "suppliers": found[1][1],
        "devices": found[2][1],
        "kinds": KINDS,
        "empty": not any(rows for _, rows in found),
        "findings": cartography.check(drawn, timezone.localdate()),
    }
    return render(request, "diagnoses/map.html", context)


def _rows(kind: Kind, of: Organisation) -> "QuerySet[Any]":
    rows: QuerySet[Any] = kind.model.objects.filter(organisation=of)
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, organisation: UUID, kind: str) -> HttpResponse:
    """Add a line to the map."""
    of = room.organisation(request, organisation, Right.DIAGNOSE, group=False)
    its = _kind(kind)
    form = its.form(request.POST or None, others=_names(its, of))
    if request.method == "POST" and form.is_valid():
        row = its.model(organisation=of, changed_by=room.person(request), **form.values())
        row.save()
        record("map.changed", of, row, {"name": row.name})
        messages.success(request, said(message("« {name} » ajouté à la cartographie.", name=row.name)))
        return redirect(f"{room.address('map', of)}#{its.code}")
    return _form(request, of, its, form, said(its.adding))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponse:
    """Change a line of the map."""
    its = _kind(kind)
    row = _row(request, its, uuid)
    before = {name: getattr(row, name) for name in row.VALUES}
    form = its.form(request.POST or None, initial=its.form.shown(before), others=_names(its, row.organisation, row.pk))
    if request.method == "POST" and form.is_valid():
        after = form.values()
        changed = {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}
        if changed:
            for name, value in after.items():
                setattr(row, name, value)
            row.changed_at, row.changed_by = timezone.now(), room.person(request)
            row.save()
            record("map.changed", row.organisation, row, {"name": row.name} | changed)
            messages.success(request, said(message("« {name} » modifié.", name=row.name)))
        return redirect(f"{room.address('map', row.organisation)}#{its.code}")
    return _form(request, row.organisation, its, form, said(message("Modifier « {name} »", name=row.name)), row)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int) else str(value)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponse:
    """Delete a line of the map, once confirmed."""
    its = _kind(kind)
    row = _row(request, its, uuid)
    back = f"{room.address('map', row.organisation)}#{its.code}"
    if request.method == "POST":
        record("map.removed", row.organisation, row, {"name": row.name})
        row.delete()
        messages.success(request, said(message("« {name} » retiré de la cartographie.", name=row.name)))
        return redirect(back)
    return render(request, "confirm.html", {
        "question": said(message("Retirer « {name} » de la cartographie ?", name=row.name)),
        "consequences": [message("Le journal garde son nom et qui l’a retiré.")],
        "submit": said(message("Retirer")),
        "cancel": back,
    })  # fmt: skip


def _row(request: HttpRequest, its: Kind, uuid: UUID) -> Any:
    return allowed(its.model.objects.select_related("organisation"), request.user, uuid, Right.DIAGNOSE)


def _names(its: Kind, of: Organisation, but: int | None = None) -> frozenset[str]:
    """Return the names that others of that kind have already."""
    return frozenset(_rows(its, of).exclude(pk=but).values_list("name", flat=True))


def _form(
    request: HttpRequest, of: Organisation, its: Kind, form: MapForm, title: str, row: models.Mapped | None = None
) -> HttpResponse:
    context = room.of_organisation(request, of, "map") | {"form": form, "title": title, "kind": its, "line": row}
    return render(request, "diagnoses/map_line.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Bring lines in from a workbook or a CSV file: those of a known name are replaced, the others added."""
    of = room.organisation(request, organisation, Right.DIAGNOSE, group=False)
    form = SheetForm(request.POST or None, request.FILES or None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        read, findings = _read(form.cleaned_data["file"], of)
        if read:
            counts, left_out = _write(of, read, room.person(request))
            findings = [*findings, *left_out]
            record("map.imported", of, of, counts)
            messages.success(request, said(message("Cartographie reprise : {applications} applications, {suppliers} fournisseurs, {devices} classes de dispositifs.", **counts)))  # fmt: skip
            if not findings:
                return redirect("diagnoses:map", of.uuid)
        else:
            form.add_error("file", said(message("Rien de ce fichier n’a pu être repris : voyez les constats ci-dessous.")))  # fmt: skip
    status = 200 if form.is_bound and form.is_valid() else room.status(request)
    context = room.of_organisation(request, of, "map") | {"form": form, "findings": findings, "done": status == 200 and bool(findings)}  # fmt: skip
    return render(request, "diagnoses/bring_map.html", context, status=status)


def _read(given: Any, of: Organisation) -> tuple[cartography.Cartography | None, list[Finding]]:
    with on_disk(given) as path:
        try:
            read, findings = cartography_sheet.read(path, Path(given.name).name)
        except DataError as refused:
            return None, list(refused.findings)
    return (read if read.applications or read.suppliers or read.devices else None), findings


def _write(of: Organisation, read: cartography.Cartography, by: Any) -> tuple[dict[str, int], list[Finding]]:
    """Write lines under their names, the last one of a name wins; return how many of each kind, and what was left out."""
    now, counts, findings = timezone.now(), {}, []
    all_rows: tuple[Sequence[models.Mapped], ...] = convert.map_rows(read)
    for name, kind, rows in zip(("applications", "suppliers", "devices"), KINDS.values(), all_rows, strict=True):
        kept = {}
        for row in rows:
            row.organisation, row.changed_by, row.changed_at = of, by, now
            try:
                row.clean_fields(exclude=("organisation", "changed_by"))
            except ValidationError as refused:
                findings.append(_left_out(kind, row.name, refused))
            else:
                kept[row.name] = row
        if kept:
            model = type(next(iter(kept.values())))
            fields = [*(each for each in model.VALUES if each != "name"), "changed_by", "changed_at"]
            model.objects.bulk_create(
                kept.values(), update_conflicts=True, unique_fields=["organisation", "name"], update_fields=fields
            )
        counts[name] = len(kept)
    return counts, findings


def _left_out(kind: Kind, name: str, refused: ValidationError) -> Finding:
    fields = [str(kind.form.base_fields[each].label) for each in refused.message_dict if each in kind.form.base_fields]
    understood = message("la ligne « {name} » n’est pas reprise : valeur trop longue ou trop grande ({fields})", name=name[:80], fields=fields)  # fmt: skip
    return Finding("cartography.line", Severity.ERROR, understood, message("Raccourcir ou corriger cette valeur."), place=name[:80])  # fmt: skip


@require_safe
@login_required
def workbook(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Send the map as a workbook that can be filled and brought in again."""
    of = room.organisation(request, organisation, group=False)
    drawn = convert.cartographies_of((of,))[of.pk]
    content = cartography_sheet.content(language(), created=timezone.localdate(), cartography=drawn)
    return room.file(content, f"cartographie-{slugify(of.name) or 'etablissement'}.xlsx", room.XLSX)
