"""The environment variables that the web face reads: one table, the only way in for a setting or a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from egide.message import Text

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


@dataclass(frozen=True)
class Variable:
    """One variable: how it is read, what it is when absent, and what it does."""

    name: str
    kind: str
    default: str
    says: Text
    secret: bool = False


VARIABLES = (
    Variable("EGIDE_DATA", "folder", "egide-data", Text("Dossier des données : base SQLite et fichiers déposés.", "Data folder: SQLite database and uploaded files.")),
    Variable("DATABASE_URL", "database", "", Text("Base de données, par exemple postgres://utilisateur:motdepasse@hote/base ; vide : SQLite dans le dossier des données.", "Database, for instance postgres://user:password@host/base; empty: SQLite in the data folder."), secret=True),
    Variable("EGIDE_SECRET_KEY", "secret", "", Text("Clé qui signe les sessions, 50 caractères au moins ; obligatoire dès que EGIDE_HOSTS nomme une autre machine que celle-ci.", "Key that signs sessions, at least 50 characters; mandatory as soon as EGIDE_HOSTS names another machine than this one."), secret=True),
    Variable("EGIDE_HOSTS", "list", "localhost,127.0.0.1,[::1]", Text("Noms sous lesquels le site répond, séparés par des virgules.", "Names under which the site answers, separated by commas.")),
    Variable("EGIDE_HTTPS", "flag", "", Text("oui ou non : le site n'est servi qu'en HTTPS ; vide : oui, sauf sur cette machine seule.", "yes or no: the site is served over HTTPS only; empty: yes, except on this machine alone.")),
    Variable("EGIDE_PROXY", "flag", "non", Text("oui si un serveur frontal pose X-Forwarded-For et X-Forwarded-Proto, et lui seul.", "yes if a front server sets X-Forwarded-For and X-Forwarded-Proto, and it alone.")),
    Variable("EGIDE_EMAIL_URL", "email", "consolemail://", Text("Serveur de courriel, par exemple smtp+tls://utilisateur:motdepasse@hote:587 ; par défaut les courriels s'écrivent sur la sortie.", "Mail server, for instance smtp+tls://user:password@host:587; by default mails are written to the output."), secret=True),
    Variable("EGIDE_EMAIL_FROM", "text", "egide@localhost", Text("Adresse d'expéditeur des courriels.", "Sender address of mails.")),
    Variable("EGIDE_OPERATOR", "text", "", Text("Organisation qui exploite le site et façon de la joindre, affichées dans les mentions légales.", "Organisation that runs the site and how to reach it, shown in the legal notice.")),
    Variable("EGIDE_UPLOAD_MB", "number", "250", Text("Taille la plus grande d'un envoi, en mégaoctets.", "Largest upload, in megabytes.")),
    Variable("EGIDE_DEMO", "flag", "non", Text("oui : base de démonstration, bandeau sur chaque page, comptes affichés.", "yes: demonstration database, banner on each page, accounts displayed.")),
)  # fmt: skip

BOOLEANS = {"oui": True, "yes": True, "true": True, "1": True, "non": False, "no": False, "false": False, "0": False}


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every variable by name. Raises ImproperlyConfigured naming all the wrong ones at once."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for variable in VARIABLES:
        written = given.get(variable.name, "").strip() or variable.default
        try:
            values[variable.name] = READERS[variable.kind](written)
        except (ValueError, KeyError, ImproperlyConfigured):
            shown = "" if variable.secret else f" = « {written} »"
            faults.append(f"{variable.name}{shown} : {variable.says.fr}")
    faults += _unknown(given) + _together(values)
    if faults:
        raise ImproperlyConfigured("\n".join(["Réglages refusés :", *faults]))
    return values


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {variable.name for variable in VARIABLES}
    return [
        f"{name} : ce réglage n'existe pas" for name in sorted(given) if name.startswith("EGIDE_") and name not in known
    ]


def _together(values: Mapping[str, Any]) -> list[str]:
    away = [host for host in values.get("EGIDE_HOSTS", ()) if host not in LOOPBACK]
    if away and not values.get("EGIDE_SECRET_KEY") and "EGIDE_SECRET_KEY" in values:
        return [f"EGIDE_SECRET_KEY : obligatoire pour servir {', '.join(away)}"]
    return []


def _flag(written: str) -> bool | None:
    return BOOLEANS[written.lower()] if written else None


def _number(written: str) -> int:
    number = int(written)
    if not 1 <= number <= 10_000:
        raise ValueError(written)
    return number


def _secret(written: str) -> str:
    if written and len(written) < 50:
        raise ValueError
    return written


def _database(written: str) -> dict[str, Any]:
    if not written:
        return {}
    if written.split(":", 1)[0] not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError
    return dict(environ.Env.db_url_config(written))


def _hosts(written: str) -> tuple[str, ...]:
    hosts = tuple(each.strip() for each in written.split(",") if each.strip())
    if not hosts or "*" in hosts or any("/" in host for host in hosts):
        raise ValueError(written)
    return hosts


def _email(written: str) -> dict[str, Any]:
    return dict(environ.Env.email_url_config(written))


READERS: Mapping[str, Any] = {
    "folder": lambda written: Path(written).expanduser().absolute(),
    "database": _database,
    "secret": _secret,
    "list": _hosts,
    "flag": _flag,
    "email": _email,
    "text": str,
    "number": _number,
}
