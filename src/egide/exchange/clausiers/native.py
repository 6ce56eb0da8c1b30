"""A clausier in its native plain form, as `egide clausier import` and `export --format json` write it."""

import json
from pathlib import Path

from egide import plain
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.message import message

MOST_BYTES = 20_000_000


def read(path: Path, name: str) -> Clausier:
    """Return the clausier written in the JSON file `path`. Raises DataError naming `name` and each fault."""
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= MOST_BYTES else ""
    except FileNotFoundError:
        remedy = message("Vérifier le chemin du clausier.")
        raise plain.refusal("clausier.absent", name, "", message("ce fichier n'existe pas"), remedy=remedy) from None
    except (OSError, UnicodeDecodeError):
        raise plain.refusal(
            "clausier.unreadable", name, "", message("ce fichier n'est pas un texte UTF-8 lisible")
        ) from None
    if size > MOST_BYTES:
        raise plain.refusal("clausier.size", name, "", message("fichier trop gros ({size} octets)", size=size))
    return _without_doubles(structured(plain.parse_json(text, name), name), name)


def structured(data: object, name: str) -> Clausier:
    """Return the clausier that plain data describes, identifiers not yet compared. Raises DataError."""
    if not isinstance(data, dict) or "themes" not in data:
        understood = message("ce n'est pas un clausier Égide ; convertir d'abord avec « egide clausier import »")
        raise plain.refusal("clausier.form", name, "", understood)
    clausier = plain.structure(data, Clausier, name)
    if clausier.format != 1:
        raise plain.refusal(
            "clausier.format", name, "format", message("format {format} inconnu", format=clausier.format)
        )
    return clausier


def _without_doubles(clausier: Clausier, name: str) -> Clausier:
    identifiers = [point.id for theme in clausier.themes for point in theme.points]
    twice = (
        sorted({each for each in identifiers if identifiers.count(each) > 1})
        if len(set(identifiers)) != len(identifiers)
        else []
    )
    if twice:
        understood = message("identifiants donnés deux fois : {twice}", twice=tuple(twice))
        raise plain.refusal("clausier.twice", name, "", understood, twice[0])
    if not identifiers:
        raise DataError(message("{name} : ce clausier n'a aucun point", name=name))
    return clausier


def text(clausier: Clausier) -> str:
    """Return the native plain form as JSON text."""
    return json.dumps(plain.unstructure(clausier), ensure_ascii=False, indent=1) + "\n"
