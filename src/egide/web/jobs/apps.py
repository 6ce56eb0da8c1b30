"""The app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs."""

    name = "egide.web.jobs"
    label = "jobs"
