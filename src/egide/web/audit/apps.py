"""The app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit."""

    name = "egide.web.audit"
    label = "audit"
