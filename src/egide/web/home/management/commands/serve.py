"""python -m egide.web serve: the product, pages and worker together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from egide.locale import say
from egide.message import message
from egide.web.home import serving


class Command(BaseCommand):
    """Serves the product until it is asked to stop."""

    help = "Servir Égide : les pages et le travailleur, démarrés et arrêtés ensemble."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to serve."""
        serving.add_options(parser, processes=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        serving.check(options)

        def ready(address: str) -> bool:
            self.stdout.write(say(message("Égide répond sur {address}", address=address), options["lang"]))
            self.stdout.flush()
            return True

        serving.serve(options, ready)
