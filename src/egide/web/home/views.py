"""Welcome, what waits for a person, and the pages that every site owes its visitors."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide.web.home import demonstration, waiting


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Show what Égide is and where to begin; in a demonstration, what to try first."""
    if demonstration.here():
        return render(request, "home/demonstration.html", {"world": demonstration.WORLD, "today": timezone.localdate()})
    return render(request, "home/welcome.html")


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person."""
    return render(request, "home/start.html", waiting.of(request.user))


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Tell a person who signed in again, in a tab of its own, to go back to the form that waits."""
    return render(request, "home/signed_in.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Show who runs this site, what it keeps of people, and the licence."""
    return render(
        request, "home/legal.html", {"operator": settings.OPERATOR, "hours": settings.SESSION_COOKIE_AGE // 3600}
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what was tested for accessibility, and what was not."""
    return render(request, "home/accessibility.html", {"operator": settings.OPERATOR})
