"""The app."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Losses and insurance."""

    name = "egide.web.risk"
    label = "risk"
