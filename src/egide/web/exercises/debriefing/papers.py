"""The papers of a debrief, for who has an account and, by a secret link, for players who have none."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from egide.message import message
from egide.report import attestation
from egide.report.exercise_debrief import written
from egide.web.audit.guard import record
from egide.web.design.words import language, said
from egide.web.establishments.models import Observation
from egide.web.exercises import links, models
from egide.web.exercises.debriefing import played, shown
from egide.web.exercises.debriefing.played import Seen
from egide.web.exercises.live import room as live
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right

OPEN = timedelta(days=90)
"""How long the link of a report leads to it."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAPERS: Mapping[str, tuple[str, Callable[[Seen], bytes]]] = {
    "retour.pdf": ("application/pdf", lambda its: written(played.report(its), "pdf", language(), timezone.localdate())),
    "retour.docx": (WORD, lambda its: written(played.report(its), "docx", language(), timezone.localdate())),
    "attestation.pdf": ("application/pdf", lambda its: attestation.pdf_of(played.report(its), language(), timezone.localdate())),
}  # fmt: skip
"""The papers by the end of their address: their kind, and what makes them."""


@require_safe
@login_required
def papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the papers, the link for players, and what is left to do: observations, closing."""
    row = played.over(request, uuid)
    link = models.ReportLink.objects.filter(exercise=row).first()
    its = played.seen(row)
    context = shown.common(request, row, "debrief_papers")
    address = links.address(request, link, "exercises:report") if link and context["can"] else ""
    context |= {
        "link": link,
        "open": link is not None and link.secret_digest is not None and link.expires_at > timezone.now(),
        "address": address,
        "qr": links.qr(address) if address else "",
        "verdict": its.verdict,
        "written": Observation.objects.filter(origin=row.uuid, withdrawn_at=None).count(),
        "disputed": len(its.debrief.disputed),
        "papers": [(reverse_name, title) for reverse_name, title in NAMES],
    }
    return render(request, "exercises/debriefing/papers.html", context)


NAMES = (
    ("retour.pdf", message("Retour d’expérience (PDF)")),
    ("retour.docx", message("Retour d’expérience (Word)")),
    ("attestation.pdf", message("Attestation (PDF)")),
)


@require_safe
@login_required
def paper(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """Send a paper made now."""
    return _sent(played.over(request, uuid), name)


def _sent(row: models.Exercise, name: str) -> HttpResponse:
    if name not in PAPERS:
        raise Http404
    kind, make = PAPERS[name]
    return room.file(make(played.seen(row)), f"{slugify(row.title) or 'exercice'}-{name}", kind)


@require_POST
@login_required
def link(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open the link of the report, renew it (the one before leads nowhere), or close it."""
    row = played.over(request, uuid, Right.REHEARSE)
    found = models.ReportLink.objects.filter(exercise=row).first()
    if request.POST.get("what") == "close":
        if found is not None:
            found.secret_digest = None
            found.save(update_fields=("secret_digest",))
        record("debrief.link", row.organisation, row, {"closed": True})
        messages.success(request, said(message("Le lien est fermé : il ne mène plus nulle part.")))
        return redirect("exercises:debrief_papers", row.uuid)
    found = found or models.ReportLink(exercise=row)
    links.give(found)
    found.opened_at = timezone.now()
    found.expires_at = found.opened_at + OPEN
    found.save()
    record("debrief.link", row.organisation, row, {"turn": found.turn, "until": found.expires_at.date().isoformat()})
    messages.success(request, said(message("Le lien est ouvert : donnez-le à ceux qui ont joué.")))
    return redirect("exercises:debrief_papers", row.uuid)


# ------------------------------------------------------------------------------------------------------ without account
def _reached(request: HttpRequest, secret: UUID) -> models.Exercise:
    """Return the exercise whose report that link opens. Raises Http404; TooMany after too many wrong links."""
    rows = models.ReportLink.objects.select_related("exercise__organisation").filter(expires_at__gt=timezone.now())
    found: models.ReportLink = live.linked(request, rows, secret)
    if found.exercise.state not in played.OVER:
        raise Http404
    return found.exercise


@require_safe
def report(request: HttpRequest, secret: UUID) -> HttpResponse:
    """Show the debrief to who has its link."""
    try:
        row = _reached(request, secret)
    except live.TooMany:
        return live.private(render(request, "429.html", status=429))
    its = played.seen(row)
    context = {
        "exercise": row,
        "its": its,
        "secret": secret,
        "day": its.record.held_on,
        "whole": shown.rows({"": its.debrief.whole}, lambda code: "")[0],
        "picture": shown.picture(its),
        "families": shown.rows(its.debrief.families, shown.family),
        "lines": shown.lines(its.debrief.constats, its, timezone.localdate()),
        "papers": NAMES,
    }
    return live.private(render(request, "exercises/debriefing/report.html", context))


@require_safe
def report_paper(request: HttpRequest, secret: UUID, name: str) -> HttpResponse:
    """Send a paper to who has the link."""
    try:
        row = _reached(request, secret)
    except live.TooMany:
        return live.private(render(request, "429.html", status=429))
    return live.private(_sent(row, name))
