"""A kit to take away without an account: fictitious names, a blank crisis kit, all to print and to play off line."""

from datetime import date
from functools import lru_cache

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from egide import reference
from egide.desk import crisis, exercise
from egide.exercise.crisis import Establishment
from egide.exercise.module import Setting
from egide.message import Language, Text
from egide.web.audit.guard import writes_nothing
from egide.web.design.words import language
from egide.web.exercises.preparing import room
from egide.web.exercises.preparing.kits import WHERE, example

MOST, SECONDS = 10, 60
"""Kits that one address may ask for in so many seconds: writing one takes some seconds of a processor."""
NAME = Text("kit-exercice", "exercise-kit")
CRISIS = Text("kit-de-crise-vierge", "blank-crisis-kit")


@lru_cache(maxsize=8)
def written(level: int, setting: Setting, tongue: Language, on: date) -> bytes:
    """Return the ZIP of a kit with its fictitious values; the same all day long."""
    return exercise.packed(exercise.kit(example(setting, level), tongue, on))


@lru_cache(maxsize=8)
def blank(setting: Setting, tongue: Language, on: date) -> bytes:
    """Return the ZIP of a crisis kit that nobody filled in yet."""
    return exercise.packed(crisis.files(crisis.kit(Establishment(setting, ""), on), tongue))


def _setting(request: HttpRequest) -> Setting:
    """Return where one plays. Raises Http404."""
    found = next((each for each in Setting if each == request.POST.get(WHERE)), None)
    if found is None:
        raise Http404
    return found


def _often(request: HttpRequest) -> bool:
    """Whether this address asked too often."""
    asked = f"exercises-kits-{get_client_ip_address(request)}"
    return not cache.add(asked, 1, SECONDS) and cache.incr(asked) > MOST


@csrf_exempt  # nobody is recognised here and nothing is kept: the page also works without cookies
@writes_nothing
@never_cache
@require_POST
def kit_file(request: HttpRequest, level: int) -> HttpResponse:
    """Send a kit."""
    kit, setting = reference.exercises().kit.get(level), _setting(request)
    if kit is None or setting not in kit.seats:
        raise Http404
    if _often(request):
        return render(request, "429.html", status=429)
    tongue = language()
    name = f"{NAME.say(tongue)}-{level}-{setting}.zip"
    return room.file(written(level, setting, tongue, timezone.localdate()), name, "application/zip")


@csrf_exempt
@writes_nothing
@never_cache
@require_POST
def blank_kit(request: HttpRequest) -> HttpResponse:
    """Send the crisis kit to be filled in by hand."""
    setting = _setting(request)
    if _often(request):
        return render(request, "429.html", status=429)
    tongue = language()
    return room.file(
        blank(setting, tongue, timezone.localdate()), f"{CRISIS.say(tongue)}-{setting}.zip", "application/zip"
    )
