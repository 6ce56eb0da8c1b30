"""The app."""

from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    """Crisis exercises and crisis kits."""

    name = "egide.web.exercises"
    label = "exercises"
