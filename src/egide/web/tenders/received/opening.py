"""The opening of the bids, written once, and what is decided of each candidacy."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import plain
from egide.message import message
from egide.tender.procedure import journal as told
from egide.web.audit import guard
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.marking.room import Room
from egide.web.tenders.received import entry
from egide.web.tenders.received.forms import Candidacy, Opened


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def opening(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write who opened the bids, and when: from there they are read, and the consultation no longer changes."""
    row = page.consultation(request, uuid, Right.OPEN_BIDS)
    now = timezone.now()
    here = entry.stage(row, now)
    if here in {entry.Stage.SEALED, entry.Stage.UNPUBLISHED}:
        return redirect("tenders:bids", row.uuid) if request.method != "POST" else entry.closed(request, row, now, 409)
    if convert.journal(row).opening is not None:
        if request.method == "POST":
            return entry.refuse(request, row, message("L’ouverture est déjà consignée : elle ne s’écrit qu’une fois."))
        return redirect("tenders:bids", row.uuid)
    first = {"at": now, "persons": str(request.user)}
    form = Opened(request.POST if request.method == "POST" else None, deadline=row.deadline, now=now, initial=first)
    if request.method == "POST" and form.is_valid():
        _open(row, form.cleaned_data)
        messages.success(request, said(message("L’ouverture est consignée : les plis peuvent être reçus ici.")))
        return redirect("tenders:bids", row.uuid)
    return entry.show(request, row, "opening", {"form": form}, 400 if request.method == "POST" else 200)


def _open(row: models.Consultation, given: dict[str, Any]) -> None:
    record = told.Opening(
        timezone.localtime(given["at"]), given["persons"], told.Order(given["order"]), given["order_published"]
    )
    opened = {models.State.PUBLISHED: models.State.OPENED}
    with transaction.atomic():
        fresh = models.Consultation.objects.select_for_update().get(pk=row.pk)
        journal = replace(convert.journal(fresh), opening=record)
        models.Consultation.objects.filter(pk=row.pk).update(
            journal=plain.unstructure(journal),
            state=opened.get(models.State(fresh.state), fresh.state),
            revision=fresh.revision + 1,
            marks_revision=fresh.marks_revision + 1,
            changed_at=timezone.now(),
        )
        details = {"at": record.at.isoformat(), "persons": list(record.persons), "order": record.order.value}
        guard.record("bids.opened", row.organisation, row, details)


@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.DECIDE, change=True)
def candidacies(request: HttpRequest, room: Room) -> HttpResponse:
    """Show what was decided of the candidacies, and write a decision."""
    row, posted = room.row, request.method == "POST"
    first = {"on": timezone.localdate(), "tenderer": request.GET.get("soumissionnaire", "")}
    form = Candidacy(request.POST if posted else None, tender=room.tender, initial=first)
    if posted and form.is_valid():
        given = form.cleaned_data
        made = told.Candidacy(
            given["tenderer"], given["admitted"] == "yes", given["on"], given["reason"], tuple(given.get("lots", ()))
        )
        with transaction.atomic():
            fresh = models.Consultation.objects.select_for_update().get(pk=row.pk)
            journal = convert.journal(fresh)
            journal = replace(journal, candidacies=(*journal.candidacies, made))
            models.Consultation.objects.filter(pk=row.pk).update(
                journal=plain.unstructure(journal),
                marks_revision=fresh.marks_revision + 1,
                changed_at=timezone.now(),
            )
            told_ = {"tenderer": made.tenderer, "admitted": made.admitted, "lots": list(made.lots), "reason": made.reason}  # fmt: skip
            guard.record("candidacy.decided", row.organisation, row, told_)
        messages.success(request, said(message("Décision enregistrée.")))
        return redirect("tenders:bids_candidacies", row.uuid)
    names = {each.id: each.name or each.id for each in room.tender.tenderers}
    made_before = [(names.get(each.tenderer, each.tenderer), each, [room.lot(lot) for lot in each.lots]) for each in room.journal.candidacies]  # fmt: skip
    return entry.show(request, row, "candidacies", {"form": form, "decided": made_before}, 400 if posted else 200)
