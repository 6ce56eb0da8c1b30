"""A job and the list of one's own: shown to who asked for it, since its result may speak of bids."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.jobs import queue
from egide.web.jobs.kinds import title
from egide.web.jobs.models import Job, State

TONES = {State.DONE: "good", State.FAILED: "error", State.CANCELLED: "doubt"}
ERRORS = {
    "lost": message("Le travail s’est interrompu plusieurs fois sans finir. Recommencez ; si cela se répète, prévenez l’administrateur."),
    "fault": message("Une erreur du programme a arrêté ce travail. Rien n’a été enregistré."),
}  # fmt: skip


def _own(user: Any) -> Any:
    return Job.objects.filter(owner=user).select_related("organisation")


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show the jobs that one asked for, the last first."""
    own = _own(request.user).visible_to(request.user).order_by("-created_at", "-pk")
    page = Paginator(own, 30).get_page(request.GET.get("page"))
    rows = [(job, title(job.kind), TONES.get(job.state, "info")) for job in page.object_list]
    return render(request, "jobs/mine.html", {"page": page, "rows": rows})


@never_cache
@require_safe
@login_required
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far a job is, and what came of it."""
    return render(request, "jobs/one.html", _context(request, uuid))


@never_cache
@require_safe
@login_required
def state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show only how far it is, for the page that waits; a job that ended has the page load again."""
    context = _context(request, uuid)
    response = render(request, "jobs/state.html", context)
    if context["job"].ended:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask a job to stop."""
    job = _own(request.user).one_visible_to(request.user, uuid)
    queue.cancel(job)
    record("job.cancelled", job.organisation, job, {"kind": job.kind})
    messages.info(request, said(message("L’arrêt est demandé.")))
    return redirect("jobs:one", uuid)


def _context(request: HttpRequest, uuid: UUID) -> dict[str, Any]:
    job = _own(request.user).one_visible_to(request.user, uuid)
    error = job.result.get("error")
    reason = _text(job.result["said"]) if error == "refused" else ERRORS.get(error)
    return {
        "job": job,
        "waits": not job.ended,
        "title": title(job.kind),
        "tone": TONES.get(job.state, "info"),
        "reason": reason,
        "said": _text(job.result["said"]) if not error and "said" in job.result else None,
        "next": job.result.get("next", ""),
        "findings": [_finding(each) for each in job.result.get("findings", ())],
    }


def _text(said: dict[str, str]) -> Text:
    return Text(said["fr"], said["en"])


def _finding(told: dict[str, Any]) -> Finding:
    texts: dict[str, Any] = {name: _text(told[name]) for name in ("understood", "remedy")}
    rest = {name: told[name] for name in ("code", "file", "place", "point", "read", "tenderer")}
    return Finding(severity=Severity(told["severity"]), **texts, **rest)
