"""The app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations."""

    name = "egide.web.organisations"
    label = "organisations"
