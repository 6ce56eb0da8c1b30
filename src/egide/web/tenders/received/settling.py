"""What a person understands of an answer, when the reading is in doubt: never a mark, and never without a trace."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.web.audit import guard
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, settled
from egide.web.tenders.folder import within
from egide.web.tenders.marking.room import Room
from egide.web.tenders.preparing import editing
from egide.web.tenders.received import entry, pages
from egide.web.tenders.received.forms import Settle


@require_http_methods(["GET", "HEAD", "POST"])
@entry.within(Right.OPEN_BIDS, Right.PREPARE, change=True)
def settle(request: HttpRequest, room: Room, bid: UUID, point: str) -> HttpResponse:
    """Confirm or put right what was understood of an answer, with the reason and the place of the bid that says it."""
    row, posted = room.row, request.method == "POST"
    own = models.Bid.objects.filter(consultation=row, lot__in=entry.lots_of(room)).one_visible_to(request.user, bid)
    answer = models.Answer.objects.filter(bid=own, point=point).first()
    if answer is None:
        raise Http404
    first = answer.first or {name: getattr(answer, name) for name in settled.READ}
    now = {name: getattr(answer, name) for name in settled.READ}
    form = Settle(*([request.POST] if posted else []), first=first, initial=now)
    if posted and form.is_valid():
        _write(request, room, own, answer, first, form.cleaned_data)
        marked = models.Mark.objects.filter(bid=own, point=point).exclude(level="").count()
        words = message("Enregistré : la lecture, sa correction et son motif sont gardés.")
        if marked:
            words = message("Enregistré. Les notes déjà posées sur ce point ({count}) n’ont pas changé : à leurs auteurs de les relire.", count=marked)  # fmt: skip
        messages.success(request, said(words))
        back = reverse("tenders:bids_answers", args=[row.uuid, own.tenderer])
        return redirect(f"{back}?{urlencode({'offre': own.uuid})}#{point}")
    made = models.Correction.objects.filter(bid=own, point=point).select_related("made_by").order_by("-pk")
    known = room.tender.tenderer.get(own.tenderer)
    return entry.show(request, row, "settle", {
        "form": form,
        "answer": answer,
        "answer_file": within(answer.file),
        "point": point,
        "title": pages.title_of(room.clausier, point),
        "tenderer": (known.name if known else "") or own.tenderer,
        "offer": pages.label(room, convert.key(own)),
        "first": pages.understood(first["declared"], first["condition"]),
        "first_comment": first["comment"],
        "made": [(each, pages.understood(each.declared, each.condition)) for each in made],
        "marked": models.Mark.objects.filter(bid=own, point=point).exclude(level="").count(),
        "back": reverse("tenders:bids_answers", args=[row.uuid, own.tenderer]) + f"?offre={own.uuid}",
    }, 400 if posted else 200)  # fmt: skip


def _write(
    request: HttpRequest, room: Room, own: models.Bid, answer: models.Answer, first: dict[str, str], given: dict[str, Any]
) -> None:  # fmt: skip
    with transaction.atomic():
        made = models.Correction.objects.create(
            bid=own,
            point=answer.point,
            declared=given["declared"],
            condition=given["condition"],
            comment=given["comment"],
            where=given["where"],
            reason=given["reason"],
            read={**first, "raw": answer.raw, "file": answer.file, "place": answer.place},
            made_by=editing.person(request),
        )
        settled.settle(made)
        fresh = models.Consultation.objects.select_for_update().get(pk=room.row.pk)
        models.Consultation.objects.filter(pk=fresh.pk).update(
            marks_revision=fresh.marks_revision + 1, changed_at=timezone.now()
        )
        told = {"point": answer.point, "bid": str(own.uuid)}
        guard.record("answer.settled", room.row.organisation, made, told)
