"""Whether the product works: what a monitor asks."""

import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

import egide
from egide.web.jobs.models import Job, State

WAITS_TOO_LONG = timedelta(minutes=10)


@require_safe
def view(request: HttpRequest) -> JsonResponse:
    """Return what works and what does not; 503 when something does not. Says nothing of anybody's data."""
    checks = {"database": _database(), "files": _files(), "worker": _worker()}
    good = all(checks.values())
    return JsonResponse({"good": good, "version": egide.__version__, **checks}, status=200 if good else 503)


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _files() -> bool:
    """Whether a file can be kept: the store makes its folder at the first one."""
    folder = Path(settings.FILES)
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)


def _worker() -> bool:
    """Whether no job has waited for too long: an idle worker leaves no other sign."""
    return not Job.objects.filter(state=State.QUEUED, created_at__lt=timezone.now() - WAITS_TOO_LONG).exists()
