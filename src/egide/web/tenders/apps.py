"""The app."""

from django.apps import AppConfig


class TendersConfig(AppConfig):
    """Tenders."""

    name = "egide.web.tenders"
    label = "tenders"
