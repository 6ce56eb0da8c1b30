"""The grids of other hands that an organisation keeps as questionnaires of its own, and the measure each question feeds."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from egide.diagnosis import mapping
from egide.diagnosis.questionnaire import Questionnaire
from egide.errors import DataError
from egide.exchange import maturity_grid
from egide.family import MEASURES
from egide.finding import Finding
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.diagnoses import convert, models, room
from egide.web.diagnoses.uploads import GridForm, on_disk
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed

SAID = 4
"""Remarks on a grid that are said one by one."""


@require_safe
@login_required
def listed(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the grids that an organisation brought in."""
    of = room.organisation(request, organisation, group=False)
    rows = models.Questionnaire.objects.visible_to(request.user).filter(organisation=of, own=True)
    grids = [
        (
            row,
            sum(each.counts for each in convert.questionnaire(row).questions),
            len(convert.questionnaire(row).questions),
        )
        for row in rows.select_related("brought_by").annotate(used=Count("diagnoses"))
    ]
    return render(request, "diagnoses/grids.html", room.of_organisation(request, of, "grids") | {"grids": grids})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Bring a grid in; each question is then matched with a measure."""
    of = room.organisation(request, organisation, Right.DIAGNOSE, group=False)
    form = GridForm(request.POST or None, request.FILES or None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        grid, findings = _read(form.cleaned_data["file"])
        if grid is not None:
            row, new = _kept(of, grid, room.person(request))
            if new:
                record("questionnaire.brought", of, row, {"questionnaire": row.title})
            else:
                messages.info(request, said(message("Cette grille était déjà là.")))
            _remark(request, findings)
            return redirect("diagnoses:match", row.uuid)
        form.add_error("file", said(message("Cette grille ne peut pas être lue : voyez les constats ci-dessous.")))
    context = room.of_organisation(request, of, "grids") | {"form": form, "findings": findings}
    return render(request, "diagnoses/bring_grid.html", context, status=room.status(request))


def _remark(request: HttpRequest, findings: list[Finding]) -> None:
    """Say the first remarks on a grid that was read, and how many others there are."""
    for each in findings[:SAID]:
        messages.warning(request, said(each.understood))
    more = len(findings) - SAID
    if more > 0:
        messages.warning(request, said(message("Et {count} autre(s) remarque(s) sur la grille.", count=more)))


def _read(given: Any) -> tuple[Questionnaire | None, list[Finding]]:
    with on_disk(given) as path:
        try:
            grid, findings = maturity_grid.read(path, Path(given.name).name)
        except DataError as refused:
            return None, list(refused.findings)
    return grid, findings


def _kept(of: Organisation, grid: Questionnaire, by: Any) -> tuple[models.Questionnaire, bool]:
    row = convert.questionnaire_row(grid, of, own=True)
    found = models.Questionnaire.objects.filter(organisation=of, digest=row.digest).first()
    if found:
        return found, False
    row.brought_by = by
    row.save()
    return row, True


class MatchForm(forms.Form):
    """The measure that each question of a grid feeds; a proposal comes from its words, and is for a person to confirm."""

    def __init__(self, grid: Questionnaire, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", said(message("Ne compte pas"))), *((each.code, said(each.title)) for each in MEASURES)]
        for number, question in enumerate(grid.questions, 1):
            name = f"m{number}"
            proposal = mapping.propose(question) if not question.measure else None
            self.fields[name] = forms.ChoiceField(label=said(question.text), choices=choices, required=False)
            self.initial[name] = question.measure or (proposal.measure if proposal else "")
            if proposal:
                self.fields[name].help_text = said(message("Proposé d’après ses mots : {words}.", words=list(proposal.words)))  # fmt: skip

    def measures(self, grid: Questionnaire) -> dict[str, str]:
        """Return the measure of each question, once the form is valid."""
        return {each.id: self.cleaned_data[f"m{number}"] for number, each in enumerate(grid.questions, 1)}


def _grid(request: HttpRequest, uuid: UUID) -> models.Questionnaire:
    rows = models.Questionnaire.objects.select_related("organisation").filter(own=True)
    found: models.Questionnaire = allowed(rows, request.user, uuid, Right.DIAGNOSE)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def match(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say which measure each question of a grid feeds; a grid already answered keeps what it had."""
    row = _grid(request, uuid)
    grid = convert.questionnaire(row)
    used = row.diagnoses.exists()
    form = MatchForm(grid, request.POST if request.method == "POST" else None)
    if request.method == "POST" and used:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        matched = convert.questionnaire_row(mapping.mapped(grid, form.measures(grid)), row.organisation, own=True)
        same = models.Questionnaire.objects.filter(organisation=row.organisation, digest=matched.digest).exclude(
            pk=row.pk
        )
        if same.exists():
            form.add_error(None, said(message("Cette grille existe déjà avec ces mêmes mesures.")))
        else:
            row.content, row.digest = matched.content, matched.digest
            row.save(update_fields=("content", "digest"))
            fed = sum(bool(each) for each in form.measures(grid).values())
            record("questionnaire.mapped", row.organisation, row, {"questionnaire": row.title, "answers": fed})
            messages.success(request, said(message("{count} question(s) de la grille comptent dans les mesures.", count=fed)))  # fmt: skip
            return redirect("diagnoses:grids", row.organisation.uuid)
    context = room.of_organisation(request, row.organisation, "grids") | {"form": form, "row": row, "used": used}
    return render(request, "diagnoses/match.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a grid that no diagnosis uses, once confirmed."""
    row = _grid(request, uuid)
    if row.diagnoses.exists():
        raise Http404
    if request.method == "POST":
        record("questionnaire.removed", row.organisation, row, {"questionnaire": row.title})
        row.delete()
        messages.success(request, said(message("Grille supprimée.")))
        return redirect("diagnoses:grids", row.organisation.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Supprimer la grille « {title} » ?", title=row.title)),
        "consequences": [message("Aucun diagnostic ne s’en sert ; elle pourra être apportée de nouveau.")],
        "submit": said(message("Supprimer la grille")),
        "cancel": room.address("grids", row.organisation),
    })  # fmt: skip
