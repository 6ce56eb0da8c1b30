"""python -m egide.web backup FOLDER: a copy of the SQLite database and of the files, while the product runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from egide.errors import EgideError
from egide.locale import say
from egide.web.home import database


class Command(BaseCommand):
    """Copies the data into a new folder."""

    help = "Sauvegarder la base SQLite et les fichiers dans un dossier neuf, sans arrêter le service."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to copy."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy."""
        try:
            database.backup(options["folder"])
        except EgideError as refused:
            raise CommandError(say(refused.message, "fr")) from None
        self.stdout.write(str(options["folder"]))
