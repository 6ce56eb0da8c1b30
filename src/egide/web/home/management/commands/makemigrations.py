"""python -m egide.web makemigrations: as Django does it, words for people left out of the comparison."""

from django.core.management.commands.makemigrations import Command as Django

from egide.web.home.management.wordless import Wordless


class Command(Django):
    """The command of Django."""

    autodetector = Wordless
