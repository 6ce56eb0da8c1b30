"""python -m egide.web migrate: as Django does it, words for people left out of the comparison."""

from django.core.management.commands.migrate import Command as Django

from egide.web.home.management.wordless import Wordless


class Command(Django):
    """The command of Django."""

    autodetector = Wordless
