"""A form sent after the session ended, or with a protection that login renewed: what was typed is not lost.

The page that answers keeps every field as a hidden input, offers to sign in in another tab, and sends the same form
again to the same address. Secrets and files are never kept. A form that another site sent is never offered again.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
SECRETS = ("password", "secret")
ACCOUNTS = ("account_", "mfa_")
"""Beginnings of the names of pages that ask for secrets: these are typed again."""


class Resumed:
    """Middleware: where a form of ours would be sent to the login page, and lost, the page that keeps it answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a script that sent something is told so by the status, and keeps what it has."""
        response = self.get_response(request)
        if request.method != "POST" or not _to_login(response) or request.user.is_authenticated:
            return response
        if "HX-Request" in request.headers or "X-CSRFToken" in request.headers:
            return HttpResponse(status=401)
        return kept(request, ended=True) if TOKEN in request.POST and _may_be_kept(request) else response


def stale(request: HttpRequest) -> HttpResponse | None:
    """Answer a form whose protection is out of date, None when it is not to be offered again."""
    if not _from_here(request) or not _may_be_kept(request):
        return None
    return kept(request, ended=not request.user.is_authenticated)


def kept(request: HttpRequest, *, ended: bool) -> HttpResponse:
    """Return the page that holds what was sent."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != TOKEN and not any(secret in name.lower() for secret in SECRETS)
        for value in values
    ]
    context = {
        "ended": ended,
        "target": request.get_full_path(),
        "fields": fields,
        "files": [str(each.name) for _, files in request.FILES.lists() for each in files],
        "sign_in": f"{reverse('account_login')}?next={reverse('home:signed_in')}",
    }
    return render(request, "home/resume.html", context, status=401 if ended else 403)


def _to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == reverse("account_login")


def _may_be_kept(request: HttpRequest) -> bool:
    """Whether this form was sent to a page of work, not to one that asks for secrets."""
    match = request.resolver_match
    return bool(match and match.url_name and not match.url_name.startswith(ACCOUNTS))


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form; without a word from it, no."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    place = urlsplit(said)
    return (place.scheme, place.netloc) == (request.scheme, request.get_host())
