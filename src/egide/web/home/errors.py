"""Error pages: what happened, that nothing is lost, what to do."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from egide.web.design import navigation, words
from egide.web.home import resume

RETRY_AFTER = 30
"""Seconds after which it is worth asking again."""


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer what cannot be understood; an upload too large has its own page."""
    if getattr(request, "too_large", False):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer what this person may not do."""
    return render(request, "403.html", status=403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: cookies off, or a page older than the session, whose form is kept."""
    if getattr(request, "too_large", False):
        return render(request, "413.html", status=413)
    return resume.stale(request) or render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer an address that is nobody's, or not this person's."""
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of the program, or a database that does not answer; without the database."""
    context = {"language": words.language(), "home": navigation.address("home:welcome")}
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(render_to_string("503.html", context), status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return HttpResponse(render_to_string("500.html", context), status=500)
