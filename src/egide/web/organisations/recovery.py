"""Recovery codes: the library notes the first time that they are shown, so showing them is asked for, not just visited."""

from typing import Any

from allauth.mfa.recovery_codes import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


@method_decorator(never_cache, name="dispatch")
class Show(views.ViewRecoveryCodesView):  # type: ignore[misc]
    """Asks, then shows the codes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the button."""
        return render(request, "mfa/recovery_codes/ask.html")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the codes."""
        shown: HttpResponse = super().get(request, *args, **kwargs)
        return shown


class Download(views.DownloadRecoveryCodesView):  # type: ignore[misc]
    """Sends the codes as a text."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the codes."""
        sent: HttpResponse = super().get(request, *args, **kwargs)
        return sent


show = Show.as_view()
download = Download.as_view()
generate = views.generate_recovery_codes
