"""Step 4: what stands against publishing, the tender documents, their publication."""

import io
import zipfile
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egide import plain
from egide.desk.documents import PUBLICATION
from egide.exchange.published import FOLDER
from egide.finding import Severity
from egide.message import Text, message
from egide.tender.procedure import journal as told
from egide.web.audit import guard
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.files import store
from egide.web.files.views import file_name
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import editing, forms_documents, links
from egide.web.tenders.preparing.work import DCE, latest

KIND = "write_dce"
STEP = "documents"
TABS = {
    "documents": Text("Pièces", "Documents"),
    "amendments": Text("Modifications", "Amendments"),
    "questions": Text("Questions", "Questions"),
}


def tabs(row: models.Consultation, current: str) -> list[Link]:
    """Return the pages of this step."""
    return [
        Link(said(title), reverse(f"tenders:{name}", args=[row.uuid]), current=name == current)
        for name, title in TABS.items()
    ]


@require_safe
@login_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what stands against publishing, all at once, and the documents written."""
    row = page.consultation(request, uuid)
    preparing = row.state == models.State.PREPARING
    found = links.told(row, page.against(row)) if preparing else []
    made = latest(row, DCE)
    jobs = Job.objects.filter(subject=row.uuid, kind=KIND).order_by("-pk")
    done = jobs.filter(state=Work.DONE).first()
    return page.show(request, row, STEP, "tenders/documents/show.html", {
        "tabs": tabs(row, STEP),
        "preparing": preparing,
        "errors": [each for each in found if each.finding.severity is Severity.ERROR],
        "doubts": [each for each in found if each.finding.severity is not Severity.ERROR],
        "can": editing.may_prepare(request, row),
        "files": list(made.values()),
        "fresh": _fresh(row, made),
        "left": done.result.get("left", {}) if done else {},
        "waiting": jobs.filter(state__in=[Work.QUEUED, Work.RUNNING], owner=editing.person(request)).first(),
        "publication": convert.journal(row).publication,
        "digest": done.result.get("digest", "") if done and preparing else "",
    })  # fmt: skip


def _fresh(row: models.Consultation, made: dict[str, models.Document]) -> bool:
    """Whether the documents are those of the definition as it is."""
    return PUBLICATION in made and made[PUBLICATION].revision == row.revision


@require_POST
@login_required
def write(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for the tender documents."""
    row = page.consultation(request, uuid, Right.PREPARE)
    job = queue.ask(KIND, row.organisation, request.user, row, revision=row.revision)
    guard.record("dce.asked", row.organisation, row, {"revision": row.revision})
    return redirect("jobs:one", job.uuid)


@require_safe
@login_required
def archive(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send all tender documents as one ZIP; the same documents give the same bytes."""
    row = page.consultation(request, uuid)
    made = latest(row, DCE)
    if not made:
        raise Http404
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, each in sorted(made.items()):
            pack.writestr(zipfile.ZipInfo(name), store.path(each.stored.sha256).read_bytes(), zipfile.ZIP_DEFLATED)
    held.seek(0)
    name = f"dce-{row.reference or row.uuid.hex[:8]}.zip"
    return FileResponse(held, as_attachment=True, filename=file_name(name), content_type="application/zip")


# ------------------------------------------------------------------------------------------------------------ publishing
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a confirmation, then freeze: from there the definition changes by dated amendments only."""
    row = page.consultation(request, uuid, Right.PREPARE)
    made = latest(row, DCE)
    found = page.against(row) if row.state == models.State.PREPARING else ()
    wrong = [each for each in found if each.severity is Severity.ERROR]
    refusal = _refusal(row, made, wrong)
    if refusal:
        messages.error(request, refusal)
        return redirect("tenders:documents", row.uuid)
    doubts = [each for each in found if each.severity is Severity.DOUBT]
    form = forms_documents.Publish(request.POST or None, doubts=len(doubts), initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["revision"] == row.revision and _freeze(row, made, form.cleaned_data["notice"]):
            messages.success(request, said(message("La consultation est publiée : ses critères, sa formule et ses clauses sont figés.")))  # fmt: skip
        else:
            messages.error(request, said(message("La consultation a changé pendant votre saisie : relisez-la, puis publiez.")))  # fmt: skip
        return redirect("tenders:documents", row.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Publier « {title} » ?", title=row.title)),
        "consequences": [
            message("Le jour d’envoi à la publication est le {day} : ses règles s’appliquent pour toujours.", day=convert.tender(row).sent_on),
            message("Les critères, la formule, le cadre de prix et les clauses sont figés, avec leur empreinte."),
            message("Tout changement devient une modification datée, envoyée à tous ceux qui ont retiré le dossier."),
            *(each.understood for each in doubts),
        ],
        "form": form,
        "submit": said(message("Publier la consultation")),
        "cancel": reverse("tenders:documents", args=[row.uuid]),
        "print_title": row.title,
    })  # fmt: skip


def _refusal(row: models.Consultation, made: dict[str, models.Document], wrong: list[Any]) -> str:
    if row.state != models.State.PREPARING:
        return said(message("Cette consultation est déjà publiée."))
    if wrong:
        return said(message("Ce qui empêche la publication est listé ci-dessous ({count}).", count=len(wrong)))
    if not _fresh(row, made):
        return said(message("Les pièces ne sont pas celles de la consultation telle qu’elle est : écrivez-les de nouveau, puis publiez."))  # fmt: skip
    return ""


def _freeze(row: models.Consultation, made: dict[str, models.Document], notice: str) -> bool:
    """Write the publication: state, journal, the very documents; return whether nobody else changed anything."""
    frozen = plain.parse_json(store.path(made[PUBLICATION].stored.sha256).read_text(encoding="utf-8"), PUBLICATION)
    journal = convert.journal(row)
    publication = told.Publication(convert.tender(row).sent_on, notice, frozen["digest"])
    known = plain.unstructure(replace(journal, publication=publication))
    with transaction.atomic():
        done = models.Consultation.objects.filter(
            pk=row.pk, revision=row.revision, state=models.State.PREPARING
        ).update(state=models.State.PUBLISHED, journal=known, changed_at=timezone.now())
        if not done:
            return False
        models.FolderFile.objects.filter(consultation=row, path__startswith=f"{FOLDER}/").delete()
        models.FolderFile.objects.bulk_create(
            models.FolderFile(consultation=row, path=f"{FOLDER}/{name}", stored=each.stored)
            for name, each in made.items()
        )
        guard.record("consultation.published", row.organisation, row, {"digest": frozen["digest"], "notice": notice})
    return True


urlpatterns = [
    path("<uuid:uuid>/pieces/", show, name="documents"),
    path("<uuid:uuid>/pieces/ecrire/", write, name="write_documents"),
    path("<uuid:uuid>/pieces/toutes.zip", archive, name="documents_archive"),
    path("<uuid:uuid>/pieces/publier/", publish, name="publish"),
]
