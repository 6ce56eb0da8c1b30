"""The app."""

from django.apps import AppConfig


class EstablishmentsConfig(AppConfig):
    """Establishments."""

    name = "egide.web.establishments"
    label = "establishments"
