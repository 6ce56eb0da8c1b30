"""The pages of loss studies: those one sees, one of them with its short answer, and how it is begun, replaced, deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from egide.errors import DataError
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.risk import convert, engine, models, room, shown
from egide.web.risk.forms import NewStudyForm, StudyForm

A_PAGE = 50


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the studies of this person's organisations."""
    rows = models.Study.objects.visible_to(request.user).select_related("organisation", "changed_by")
    page = Paginator(rows.defer("content"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "risk/index.html", {"page": page, "can": room.owners(request).exists()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin a study from a file or from a shipped example."""
    organisations = room.owners(request)
    if not organisations.exists():
        raise PermissionDenied
    first = organisations.first()
    form = NewStudyForm(
        request.POST or None, request.FILES or None, organisations=organisations, initial={"organisation": first.uuid}
    )
    if request.method == "POST" and form.is_valid() and form.content is not None:
        told = form.cleaned_data
        row = _kept(
            models.Study(organisation=told["organisation"], made_by=room.person(request)),
            form.content,
            told["title"],
            request,
        )
        record(
            "study.made", row.organisation, row, {"title": row.title, "source": told["source"], "digest": row.digest}
        )
        messages.success(request, said(message("Étude enregistrée.")))
        return redirect("risk:show", row.uuid)
    return render(request, "risk/new.html", {"form": form}, status=_status(request))


def _kept(row: models.Study, content: dict[str, Any], title: str, request: HttpRequest) -> models.Study:
    """Write what a form brings into a row."""
    row.title = title or content.get("title") or said(message("Étude de pertes"))
    row.content = convert.titled(content, row.title)
    row.digest = convert.digest(row.content)
    row.changed_at, row.changed_by = timezone.now(), room.person(request)
    row.save()
    return row


def _status(request: HttpRequest) -> int:
    return 200 if request.method in {"GET", "HEAD"} else 422


@require_safe
@login_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a study: what a year costs, what is kept of it, what weighs most."""
    row = room.asked(request, uuid)
    context = room.common(request, row)
    try:
        study = convert.value(row)
    except DataError as refused:
        return render(request, "risk/unreadable.html", context | {"findings": refused.findings})
    context |= {"study": study, "findings": convert.remarks(row), "here": request.path, "failed": engine.failed()}
    if engine.ready():
        try:
            context |= shown.study_answer(row, study)
        except DataError as refused:
            context |= {"findings": refused.findings, "wrong": True}
    return room.answer(request, ("risk/show.html", "risk/answer.html"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def replace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Replace what a study says by a file."""
    row = room.asked(request, uuid, Right.DESCRIBE)
    form = StudyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and form.content is not None:
        before = {"title": row.title, "digest": row.digest}
        _kept(row, form.content, form.cleaned_data["title"], request)
        after = {"title": row.title, "digest": row.digest}
        record("study.replaced", row.organisation, row, {key: [before[key], after[key]] for key in before if before[key] != after[key]})  # fmt: skip
        messages.success(request, said(message("Étude remplacée.")))
        return redirect("risk:show", row.uuid)
    return render(request, "risk/replace.html", room.common(request, row) | {"form": form}, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a study, once confirmed."""
    row = room.asked(request, uuid, Right.DESCRIBE)
    if request.method == "POST":
        organisation: Organisation = row.organisation
        record("study.removed", organisation, row, {"title": row.title, "digest": row.digest})
        row.delete()
        messages.success(request, said(message("Étude supprimée.")))
        return redirect("risk:index")
    context = {
        "question": said(message("Supprimer l’étude « {title} » ?", title=row.title)),
        "consequences": [
            message("L’étude et ses programmes ne seront plus là : téléchargez-la d’abord si elle peut encore servir."),
            message("Le journal garde son titre, son empreinte et qui l’a supprimée."),
        ],
        "submit": said(message("Supprimer l’étude")),
        "cancel": reverse("risk:show", args=[row.uuid]),
    }
    return render(request, "confirm.html", context)


@require_safe
@login_required
def file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the study as the command line reads it."""
    row = room.asked(request, uuid)
    return _sent(row, convert.yaml_text(row.content), "yaml", "application/yaml; charset=utf-8")


@require_safe
@login_required
def data(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the study as JSON: the same keys, for other programs."""
    row = room.asked(request, uuid)
    return _sent(row, convert.json_text(row.content), "json", "application/json")


def _sent(row: models.Study, text: str, suffix: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    name = f"{slugify(row.title) or 'etude'}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
