"""python -m egide.web web: the server of pages alone. `serve` starts it together with the worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 8


class Command(BaseCommand):
    """Serves the pages until it is asked to stop."""

    help = "Serveur de pages seul ; « serve » le démarre avec le travailleur."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to serve and with how many processes."""
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        Granian(
            "egide.web.wsgi:application",
            address=options["address"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["processes"],
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
            websockets=False,
            log_level=LogLevels.error,
        ).serve()
