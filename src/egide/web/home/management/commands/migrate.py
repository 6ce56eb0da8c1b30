"""python -m egide.web migrate: as Django does it, words for people left out of the comparison."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Django

from egide.web.home.management.wordless import Wordless


class Command(Django):
    """The command of Django."""

    autodetector = Wordless

    def execute(self, *args: Any, **options: Any) -> Any:
        """Make the folder of the data the first time, then check and migrate."""
        settings.DATA.mkdir(parents=True, exist_ok=True)
        return super().execute(*args, **options)
