"""python -m egide.web demo: the product with fictitious data, on a database of its own."""

import json
import logging
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, connections

import egide
from egide.errors import EgideError
from egide.locale import say
from egide.message import Message, message
from egide.web.home import database, demonstration, demonstration_rows, serving, trying
from egide.web.home.fixed import fixed

LOG = "journal.log"
OURS = (
    "egide.sqlite3",
    "egide.sqlite3-wal",
    "egide.sqlite3-shm",
    "files",
    serving.KEY,
    database.COPY,
    demonstration.MARK,
)


class Command(BaseCommand):
    """Makes the database of the demonstration if it is not there, then serves it."""

    help = "Servir la démonstration : données fictives, base à part, comptes affichés."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to serve, and where the examples are."""
        serving.add_options(parser, processes=1)
        parser.add_argument("--examples", type=Path, default=Path("examples"), help="Dossier des exemples.")
        parser.add_argument("--fresh", action="store_true", help="Refaire la base de démonstration.")
        parser.add_argument("--check", action="store_true", help="Démarrer, visiter quelques pages, s'arrêter.")
        parser.add_argument("--only-load", action="store_true", help="Faire la base sans la servir.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the database, print the accounts, serve."""
        self.language = options["lang"]
        self._refuse_what_is_not_ours()
        if options["fresh"] or self._state() != "ready":
            self._make(options["examples"])
        if options["only_load"]:
            return
        serving.check(options)
        serving.serve(options, self._try if options["check"] else self._welcome, settings.DATA / LOG)

    def _tell(self, said: Message) -> None:
        self.stdout.write(say(said, self.language))

    def _loading(self, name: str) -> None:
        self._tell(message("Chargement de l’exemple {name}…", name=name))

    def _welcome(self, address: str) -> bool:
        """Print the accounts and the address."""
        for account in demonstration.ACCOUNTS:
            self.stdout.write(f"  {account.email:<40} {account.title.say(self.language)}")
        self._tell(message("  Mot de passe de tous ces comptes fictifs : {password}", password=demonstration.PASSWORD))
        self._tell(message("  Journal : {file}", file=settings.DATA / LOG))
        self._tell(message("Égide répond sur {address}", address=address))
        self._tell(message("Ctrl+C pour arrêter."))
        self.stdout.flush()
        return True

    def _try(self, address: str) -> bool:
        """Make a first visit and print each page; a page that fails stops all, with the exit code 1."""
        try:
            for path, status, seconds in trying.visit(address):
                self.stdout.write(f"{status} {round(1000 * seconds):>5} ms  {path}")
        except OSError as fault:
            raise serving.refuse(message("La visite s’arrête : {fault}", fault=str(fault)), self.language) from None
        return False

    def _refuse_what_is_not_ours(self) -> None:
        """Raise CommandError unless the database and its folder are those of a demonstration, or nothing yet."""
        folder = settings.DATA
        if not settings.DEMO:
            raise serving.refuse(message("La démonstration demande EGIDE_DEMO=oui ; « egide demo » le règle de lui-même."), self.language)  # fmt: skip
        if connection.vendor != "sqlite" or Path(settings.DATABASES["default"]["NAME"]).parent != folder:
            raise serving.refuse(message("La démonstration n’écrit que dans sa propre base, jamais dans celle de DATABASE_URL."), self.language)  # fmt: skip
        if folder.exists() and any(folder.iterdir()) and demonstration.mark(folder) is None:
            raise serving.refuse(message("{folder} n’est pas une base de démonstration : rien n’y est écrit.", folder=folder), self.language)  # fmt: skip

    def _state(self) -> str:
        return str((demonstration.mark(settings.DATA) or {}).get("state", ""))

    def _mark(self, state: str) -> None:
        made = datetime.now(tz=UTC).isoformat(timespec="seconds")
        said = {"format": demonstration.FORMAT, "state": state, "version": egide.__version__, "made": made}
        (settings.DATA / demonstration.MARK).write_text(json.dumps(said) + "\n", encoding="utf-8")

    def _make(self, examples: Path) -> None:
        """Make the database anew; a run that was cut leaves the mark « loading », and the next one begins again."""
        missing = [name for name in demonstration_rows.EXAMPLES if not (examples / name / "tender.yaml").is_file()]
        if missing:
            raise serving.refuse(message("Exemples introuvables dans {folder} : {names} ; donner --examples.", folder=examples.absolute(), names=missing), self.language, serving.WRONG)  # fmt: skip
        began = time.monotonic()
        connections.close_all()
        for name in OURS:
            path = settings.DATA / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        settings.DATA.mkdir(parents=True, exist_ok=True)
        self._mark("loading")
        logging.getLogger("egide").setLevel(logging.WARNING)
        try:
            with fixed(demonstration.TODAY, demonstration_rows.SEED):
                database.prepare()
                demonstration_rows.load(examples, self._loading)
        except EgideError as refused:
            raise serving.refuse(refused.message, self.language) from None
        self._mark("ready")
        self._tell(message("Base de démonstration prête en {seconds} s : {folder}", seconds=str(round(time.monotonic() - began)), folder=settings.DATA))  # fmt: skip
