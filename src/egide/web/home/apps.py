"""The app."""

from django.apps import AppConfig
from django.conf import settings


class HomeConfig(AppConfig):
    """Home."""

    name = "egide.web.home"
    label = "home"

    def ready(self) -> None:
        """In a demonstration, set the clock to the day of its story."""
        from egide.web.home import demonstration, fixed  # noqa: PLC0415 (models are there now)

        mark = demonstration.mark(settings.DATA) if settings.DEMO else None
        if mark:
            fixed.shift(demonstration.ahead(mark))
