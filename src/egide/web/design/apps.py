"""The app."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Design."""

    name = "egide.web.design"
    label = "design"
