"""The papers of an exercise: one ZIP to print, to keep on a USB key, and to play from when the network is not there."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from egide.web.audit.guard import record
from egide.web.exercises.preparing import draft, room, work
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.organisations.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the last ZIP and whether the exercise changed since; ask for another."""
    if request.method == "POST":
        row = room.exercise(request, uuid, Right.REHEARSE)
        job = queue.ask(work.JOB, row.organisation, request.user, row)
        record("exercise.papers", row.organisation, row, {"asked": True})
        return redirect("jobs:one", job.uuid)
    row = room.unspoilt(request, uuid)
    running, done = work.last(row)
    file = StoredFile.objects.filter(uuid=done.result["file"]).first() if done else None
    script = draft.script_of(row)
    context = room.common(request, row, "papers") | {
        "running": running if running and running.owner_id == room.person(request).pk else None,
        "done": done,
        "file": file,
        "kilobytes": -(-file.size // 1000) if file else 0,
        "names": done.result.get("files", ()) if done else (),
        "stale": done is not None and done.result.get("digest") != work.made_of(script, row),
        "examples": [each.title for each in draft.asked(row) if each.code in script.examples],
        "results": room.address("results", row),
    }
    return render(request, "exercises/preparing/papers.html", context)
