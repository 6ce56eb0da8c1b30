"""A whole consultation folder, brought in at once: one ZIP, or a folder chosen in the browser."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egide.exchange.folder_zip import EPOCH
from egide.web.audit import guard
from egide.web.files import store
from egide.web.jobs import queue
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.tenders.received.forms import Load

KIND = "load_folder"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def load(request: HttpRequest) -> HttpResponse:
    """Ask for a folder, then for its reading."""
    organisations = list(Organisation.objects.visible_to(request.user, Right.PREPARE))
    if not organisations:
        raise PermissionDenied
    posted = request.method == "POST"
    form = Load(request.POST if posted else None, request.FILES if posted else None, organisations=organisations)
    if posted and form.is_valid():
        given = form.cleaned_data
        own = next(each for each in organisations if str(each.uuid) == given["organisation"])
        archive = given["archive"]
        if archive:
            kept, name = store.keep(archive.chunks()), archive.name
        else:
            kept, name = _packed(given["folder"], given["paths"]), f"{PurePosixPath(given['paths'][0]).parts[0]}.zip"
        job = queue.ask(KIND, own, request.user, file=kept.sha256, name=name)
        guard.record("consultation.load_asked", own, job, {"size": kept.size})
        return redirect("jobs:one", job.uuid)
    context = {"form": form, "cancel": reverse("tenders:index")}
    return render(request, "tenders/received/load.html", context, status=400 if posted else 200)


def _packed(files: list[Any], paths: list[str]) -> store.Kept:
    """Keep files chosen as a folder as the one ZIP that it would have been: the same files give the same bytes."""
    with tempfile.TemporaryFile() as held:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
            for path, each in sorted(zip(paths, files, strict=True), key=lambda pair: pair[0]):
                with archive.open(zipfile.ZipInfo(path, EPOCH), "w", force_zip64=True) as out:
                    for chunk in each.chunks():
                        out.write(chunk)
        held.seek(0)
        return store.keep(_pieces(held))


def _pieces(held: IO[bytes]) -> Iterator[bytes]:
    while piece := held.read(1 << 20):
        yield piece
