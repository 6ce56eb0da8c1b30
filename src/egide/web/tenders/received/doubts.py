"""The page of doubts to send to each tenderer: what it asks, its PDF, the day on which it was sent."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egide import reference
from egide.desk.consultation import Consultation as Given
from egide.exchange.folder_zip import pack
from egide.finding import Finding
from egide.message import message
from egide.report import precisions
from egide.tender.model import Bid
from egide.tender.procedure.admitted import examined
from egide.tender.procedure.candidacies import looked_at
from egide.web.audit import guard
from egide.web.design.words import in_both, said
from egide.web.files import store
from egide.web.files.views import file_name
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking.room import Room
from egide.web.tenders.preparing.work import latest
from egide.web.tenders.received import entry
from egide.web.tenders.received.forms import Precisions, Sent
from egide.web.tenders.work import consultation_of, day_of, keep_documents, kept, language_of

KIND, GROUP = "write_precisions", "precisions"


def asked_of(row: models.Consultation, given: Given) -> dict[str, list[Finding]]:
    """Return what each tenderer is asked: the doubts of its reading that nobody settled, those of its candidacy.

    Nothing is asked of a tenderer whose candidacy was refused.
    """
    bids = [Bid(convert.key(each)) for each in models.Bid.objects.filter(consultation=row).defer("price", "files")]
    found = convert.findings(row, source="bids").get("bids", ())
    _, read = examined(bids, found, convert.journal(row))
    rows = models.Correction.objects.filter(bid__consultation=row).select_related("bid")
    settled = {(each.bid.tenderer, each.point, each.read["file"]) for each in rows}
    left = [each for each in read if (each.tenderer, each.point, each.file) not in settled]
    gone = {bid.key.tenderer for bid in bids} - {each.tenderer for each in read if each.tenderer}
    of_parties = [
        each
        for each in looked_at(given.tender, reference.certificates(), given.tenderers_in)
        if each.tenderer not in gone
    ]
    return precisions.to_send([*left, *of_parties], given.tender)


# ----------------------------------------------------------------------------------------------------------------- a job
def write(job: Job, progress: Progress) -> Finish:
    """Write the page of each tenderer of whom something is asked."""
    row = consultation_of(job)
    given = convert.prepared(row)
    progress(0, 2)
    asked = asked_of(row, given)
    every = [each for own in asked.values() for each in own]
    files = kept(precisions.pages(every, given.tender, day_of(job, given.tender), language_of(job)))
    progress(2, 2)

    def finish() -> Mapping[str, Any]:
        keep_documents(job, row, GROUP, files, right=Right.PREPARE)
        guard.record("precisions.written", job.organisation, row, {"files": len(files)})
        words = message("{count} demandes de précisions écrites.", count=len(files))
        return {"said": in_both(words), "next": reverse("tenders:bids_doubts", args=[row.uuid])}

    return finish


# ----------------------------------------------------------------------------------------------------------------- pages
@dataclass(frozen=True)
class Asked:
    """A tenderer of whom something is asked."""

    id: str
    name: str
    count: int
    document: models.Document | None


@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE)
def index(request: HttpRequest, room: Room) -> HttpResponse:
    """Show of whom something is asked, and have the pages written."""
    row, posted = room.row, request.method == "POST"
    form = Precisions(request.POST if posted else None, initial={"date": timezone.localdate()})
    if posted and form.is_valid():
        day = form.cleaned_data["date"].isoformat()
        job = queue.ask(KIND, row.organisation, request.user, row, date=day, marks_revision=row.marks_revision)
        guard.record("precisions.asked", row.organisation, row, {"date": day})
        return redirect("jobs:one", job.uuid)
    sent = asked_of(row, page.prepared(room.row))
    made = latest(row, GROUP)
    lines = [Asked(name, _name(room, name), len(own), made.get(precisions.name(name))) for name, own in sent.items()]
    running = Job.objects.filter(
        subject=row.uuid, kind=KIND, owner_id=request.user.pk, state__in=[Work.QUEUED, Work.RUNNING]
    )
    known = {"form": form, "lines": lines, "made": bool(made), "waiting": running.first()}
    return entry.show(request, row, "doubts", known, 400 if posted else 200)


def _name(room: Room, identifier: str) -> str:
    return room.tender.tenderer[identifier].name or identifier


@require_safe
@entry.within(Right.OPEN_BIDS, Right.PREPARE)
def preview(request: HttpRequest, room: Room, tenderer: str) -> HttpResponse:
    """Show what the page of a tenderer says, and note when it was sent."""
    own = asked_of(room.row, page.prepared(room.row)).get(tenderer)
    if own is None:
        raise Http404
    party = room.tender.tenderer[tenderer]
    lines = [(precisions.where(each, party), each, precisions.asked(each)) for each in own]
    document = latest(room.row, GROUP).get(precisions.name(tenderer))
    known = {"tenderer": party, "lines": lines, "document": document, "form": Sent(initial={"sent_on": timezone.localdate()})}  # fmt: skip
    return entry.show(request, room.row, "asked", known)


@require_POST
@entry.within(Right.OPEN_BIDS, Right.PREPARE)
def sent(request: HttpRequest, room: Room, tenderer: str) -> HttpResponse:
    """Note the day on which the page of a tenderer was sent."""
    document = latest(room.row, GROUP).get(precisions.name(tenderer))
    if document is None:
        raise Http404
    form = Sent(request.POST)
    if not form.is_valid():
        return entry.refuse(request, room.row, message("Le jour d’envoi n’est pas compris : rien n’a été enregistré."))
    models.Document.objects.filter(pk=document.pk).update(sent_on=form.cleaned_data["sent_on"])
    told = {"tenderer": tenderer, "sent_on": form.cleaned_data["sent_on"].isoformat()}
    guard.record("precisions.sent", room.row.organisation, room.row, told)
    messages.success(request, said(message("Le jour d’envoi est noté.")))
    return redirect("tenders:bids_doubts", room.row.uuid)


@require_safe
@entry.within(Right.OPEN_BIDS, Right.PREPARE)
def archive(request: HttpRequest, room: Room) -> HttpResponseBase:
    """Send all pages as one ZIP; the same pages give the same bytes."""
    made = latest(room.row, GROUP)
    if not made:
        raise Http404
    held = io.BytesIO(pack({name: store.path(each.stored.sha256) for name, each in made.items()}))
    name = f"precisions-{room.row.reference or room.row.uuid.hex[:8]}.zip"
    return FileResponse(held, as_attachment=True, filename=file_name(name), content_type="application/zip")
