"""The app."""

from django.apps import AppConfig


class ClausesConfig(AppConfig):
    """Clauses."""

    name = "egide.web.clauses"
    label = "clauses"
