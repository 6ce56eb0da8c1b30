"""The database before it is served: is it there, is it of this version, and a copy of it that can be given back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from egide.errors import EgideError
from egide.message import message

COPY = "before-upgrade.sqlite3"


def prepare() -> None:
    """Make a SQLite database of this version; of another one, only check that it is. Raises EgideError."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    settings.FILES.mkdir(parents=True, exist_ok=True)
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        applied = set(executor.loader.applied_migrations)
    except DatabaseError:
        raise EgideError(
            message("La base de données ne répond pas : vérifier DATABASE_URL, et que le serveur est démarré.")
        ) from None
    ours = {label for label, _ in executor.loader.disk_migrations}
    if newer := sorted(f"{app}.{name}" for app, name in applied - set(executor.loader.graph.nodes) if app in ours and not _replaced(executor, app, name)):  # fmt: skip
        raise EgideError(message("La base vient d’une version plus récente d’Égide ({names}).", names=newer))
    if not plan:
        return
    if connection.vendor != "sqlite":
        raise EgideError(
            message(
                "La base n’est pas à jour ({count} migrations). La sauvegarder, puis : {command}",
                count=len(plan),
                command="python -m egide.web migrate",
            )
        )
    if applied:
        copy(Path(settings.DATABASES["default"]["NAME"]), settings.DATA / COPY)
    call_command("migrate", verbosity=0, interactive=False)


def _replaced(executor: MigrationExecutor, app: str, name: str) -> bool:
    return any((app, name) in migration.replaces for migration in executor.loader.disk_migrations.values())


def copy(source: Path, target: Path) -> None:
    """Copy a SQLite database that may be in use, whole and at one instant."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def backup(folder: Path) -> None:
    """Copy the database and the files into a new folder. Raises EgideError where it is not for us to do."""
    if connection.vendor != "sqlite":
        raise EgideError(
            message("Base PostgreSQL : la sauvegarder par pg_dump, et copier le dossier {files}.", files=settings.FILES)
        )
    if folder.exists() and any(folder.iterdir()):
        raise EgideError(message("Le dossier {folder} n’est pas vide : rien n’a été écrit.", folder=folder))
    copy(Path(settings.DATABASES["default"]["NAME"]), folder / "egide.sqlite3")
    # After the database: a file is in place before its row, so that each row of the copy has its bytes.
    shutil.copytree(settings.FILES, folder / "files", ignore=shutil.ignore_patterns(".new-*"), dirs_exist_ok=True)
