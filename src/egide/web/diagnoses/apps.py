"""The app."""

from django.apps import AppConfig


class DiagnosesConfig(AppConfig):
    """Diagnosis of an information system."""

    name = "egide.web.diagnoses"
    label = "diagnoses"
