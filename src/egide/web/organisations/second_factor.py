"""Who must have a second factor reaches nothing of an organisation without one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

OPEN = (
    "account_", "mfa_", "clauses:", "health", "home:welcome", "home:legal", "home:accessibility",
    "organisations:profile", "organisations:accept",
)  # fmt: skip
"""Beginnings of the names of addresses that show nothing of an organisation."""


class SecondFactor:
    """Middleware: shows how to set the second factor instead of a page that needs one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the check is in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the page that says what to do, or None to go on."""
        match, user = request.resolver_match, request.user
        if match is None or match.view_name.startswith(OPEN) or not user.is_authenticated:
            return None
        if not user.must_have_second_factor or is_mfa_enabled(user):
            return None
        return render(request, "organisations/second_factor.html", status=403)
