"""Serving: what is checked before, then pages and worker together, with one line for the person at the terminal."""

import os
import secrets
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser, SystemCheckError

from egide.errors import EgideError
from egide.locale import say
from egide.message import Language, Message, message
from egide.web.home import database, demonstration, together

WRONG = 2
"""Exit code of a wrong usage; 1 says that a process ended by itself or that the data do not allow it."""
KEY = "secret-key"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared, not bound)


def add_options(parser: CommandParser, processes: int) -> None:
    """Add where to serve."""
    parser.add_argument("--address", default="127.0.0.1", help="Adresse où répondre (127.0.0.1).")
    parser.add_argument("--port", type=int, default=8000, help="Port où répondre (8000).")
    parser.add_argument("--processes", type=int, default=processes, help="Nombre de processus qui servent les pages.")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="Langue des messages.")


def refuse(said: Message, language: Language, code: int = 1) -> CommandError:
    """Return the error that stops a command, in words."""
    return CommandError(say(said, language), returncode=code)


def check(options: dict[str, Any]) -> None:
    """Check the settings, the mark of the folder of data, and the port. Raises CommandError."""
    language = options["lang"]
    marked = demonstration.mark(settings.DATA) is not None
    if marked and not settings.DEMO:
        raise refuse(message("{folder} est une base de démonstration : la servir par « egide demo », ou choisir un autre dossier (EGIDE_DATA).", folder=settings.DATA), language)  # fmt: skip
    if settings.DEMO and not marked:
        raise refuse(message("EGIDE_DEMO=oui, mais {folder} n’est pas une base de démonstration.", folder=settings.DATA), language)  # fmt: skip
    options["port"] = options["port"] or together.any_port(options["address"])
    if not together.free(options["address"], options["port"]):
        raise refuse(message("Le port {port} est déjà pris : arrêter ce qui l’occupe, ou donner --port.", port=str(options["port"])), language, WRONG)  # fmt: skip
    try:
        call_command("check", deploy=not settings.ALONE, stdout=StringIO())
    except SystemCheckError as fault:
        raise CommandError(str(fault)) from None


def serve(options: dict[str, Any], ready: Callable[[str], bool], log: Path | None = None) -> None:
    """Serve until asked to stop, or until `ready`, given the address that answers, says not to go on.

    Raises CommandError when a process ends by itself.
    """
    language = options["lang"]
    try:
        database.prepare()
    except EgideError as refused:
        raise refuse(refused.message, language) from None
    host = "127.0.0.1" if options["address"] in EVERYWHERE else options["address"]
    address = f"http://[{host}]:{options['port']}" if ":" in host else f"http://{host}:{options['port']}"
    where = [f"--address={options['address']}", f"--port={options['port']}", f"--processes={options['processes']}"]
    parts = (together.Part("web", ["web", *where]), together.Part("worker", ["worker"]))
    environment = {} if settings.ENV["EGIDE_SECRET_KEY"] else {"EGIDE_SECRET_KEY": kept_key(settings.DATA / KEY)}
    try:
        together.run(parts, environment, f"{address}/sante", lambda: ready(address), log)
    except together.Stopped as ended:
        raise refuse(message("« {name} » s’est arrêté de lui-même (code {code}) : tout est arrêté.", name=ended.name, code=str(ended.code)), language) from None  # fmt: skip


def kept_key(path: Path) -> str:
    """Return the key that signs sessions on this machine alone, made once: a restart signs nobody out."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")
