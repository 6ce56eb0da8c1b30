"""The essential data of public contracts in their official JSON format: written, and any file of it checked.

Format: 139bercy/format-commande-publique, schema 2.0.3 (Licence Ouverte), kept beside. The schema lets through dates that
are no dates, numbers that are none, keys that are wrong: the rules after it are stricter (R46).
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from stdnum.fr import siret

from egide import plain
from egide.finding import Finding, Severity
from egide.message import Message, message

Json = Mapping[str, Any]
MOST = 64 * 1024 * 1024
MONTHS = 2
"""Months from notification to publication (R2196-1)."""
DATES = ("dateNotification", "datePublicationDonnees", "dateSignature", "dateDebutExecution")
ROOTS = ("marche", "contrat-concession")


@cache
def _validator() -> Draft7Validator:
    schema = resources.files("egide.exchange.data").joinpath("schema_decp_v2.0.3.json").read_text(encoding="utf-8")
    return Draft7Validator(json.loads(schema))


def read(path: Path) -> tuple[Any, list[Finding]]:
    """Return the data of a file and every finding in it. Raises DataError when it is no JSON at all."""
    try:
        if path.stat().st_size > MOST:
            raise plain.refusal(
                "decp.unreadable", path.name, "", message("ce fichier dépasse {most} Mo", most=MOST >> 20)
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise plain.refusal("decp.unreadable", path.name, "", message("fichier absent ou illisible")) from None
    plain.parse_json(text, path.name)
    data = _numbers(json.loads(text, parse_float=Decimal))
    return data, check(data, path.name)


def _numbers(data: Any) -> Any:
    """Return the data with what JSON calls NaN or Infinity, which are no numbers, as text."""
    if isinstance(data, dict):
        return {key: _numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_numbers(value) for value in data]
    return str(data) if isinstance(data, float) and not math.isfinite(data) else data


def check(data: Any, name: str) -> list[Finding]:
    """Return every fault of a set of data: those of the official schema, then those of the stricter rules."""
    if not isinstance(data, dict):
        said = message("ce ne sont pas des données essentielles : un objet « marches » est attendu")
        return [_fault(name, "-", "", said, message("Donner le fichier au format réglementaire."))]
    found = [_of_schema(leaf, name) for error in _validator().iter_errors(data) for leaf in _leaves(error)]
    for kind, number, contract in _contracts(data):
        where = f"marches.{kind}[{number}]"
        for rule in RULES:
            found += [_fault(name, f"{where}.{place}", read, *said) for place, read, said in rule(contract)]
    return found


def _contracts(data: Json) -> Iterator[tuple[str, int, Json]]:
    marches = data.get("marches")
    for kind in ROOTS:
        held = marches.get(kind) if isinstance(marches, dict) else None
        for number, contract in enumerate(held if isinstance(held, list) else ()):
            if isinstance(contract, dict):
                yield kind, number, contract


# ---------------------------------------------------------------------------------------------------- the schema, in words
def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from _leaves(inner)


SAID: Mapping[str, Message] = {
    "required": message("un champ obligatoire manque"),
    "additionalProperties": message("un champ que le format ne connaît pas"),
    "enum": message("une valeur hors de la liste officielle"),
    "pattern": message("une écriture que le format n'admet pas"),
    "type": message("une valeur d'une autre nature que celle attendue"),
    "minimum": message("une valeur trop petite"),
    "maximum": message("une valeur trop grande"),
    "minLength": message("un texte vide ou trop court"),
    "maxLength": message("un texte trop long"),
    "minItems": message("une liste vide"),
    "uniqueItems": message("une liste où une valeur se répète"),
}


def _of_schema(error: ValidationError, name: str) -> Finding:
    said = SAID.get(str(error.validator), message("une valeur que le format n'admet pas"))
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return _fault(name, place.strip(".") or "-", _short(error), said, _asked(error))


def _asked(error: ValidationError) -> Message:
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            return message("Ajouter : {names}.", names=sorted(set(wanted) - _keys(error)))
        case "additionalProperties":
            known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
            return message("Retirer : {names}.", names=sorted(_keys(error) - set(known)))
        case "enum":
            return message("Valeurs possibles : {names}.", names=wanted)
        case _:
            return message("Attendu : {rule} {wanted}.", rule=str(error.validator), wanted=str(wanted)[:80])


def _keys(error: ValidationError) -> set[str]:
    return set(error.instance) if isinstance(error.instance, dict) else set()


def _short(error: ValidationError) -> str:
    return "" if isinstance(error.instance, dict | list) else str(error.instance)[:80]


def _fault(name: str, place: str, read: str, understood: Message, remedy: Message) -> Finding:
    return Finding("decp.value", Severity.ERROR, understood, remedy, name, place, read=read)


# ------------------------------------------------------------------------------------------------------- stricter rules
Said = tuple[str, str, tuple[Message, Message]]


def _real_dates(contract: Json) -> Iterator[Said]:
    for key in DATES:
        if key in contract and _day(contract[key]) is None:
            yield (
                key,
                str(contract[key]),
                (message("ce n'est pas une date"), message("Écrire aaaa-mm-jj, un jour qui existe.")),
            )


def _order(contract: Json) -> Iterator[Said]:
    notified, published = (_day(contract.get(key)) for key in ("dateNotification", "datePublicationDonnees"))
    if notified is None or published is None:
        return
    if published < notified:
        yield (
            "datePublicationDonnees",
            str(published),
            (
                message("les données sont publiées avant la notification du marché"),
                message("Corriger l'une des deux dates."),
            ),
        )
    elif published > notified + relativedelta(months=MONTHS):
        yield (
            "datePublicationDonnees",
            str(published),
            (
                message("les données sont publiées plus de deux mois après la notification (R2196-1)"),
                message("Publier sans attendre, et corriger la date si elle est fausse."),
            ),
        )


def _sirets(contract: Json) -> Iterator[Said]:
    named = [("acheteur.id", contract.get("acheteur")), ("autoriteConcedante.id", contract.get("autoriteConcedante"))]
    for group, one in (("titulaires", "titulaire"), ("concessionnaires", "concessionnaire")):
        for number, each in enumerate(_list(contract.get(group))):
            holder = each.get(one) if isinstance(each, dict) else None
            if isinstance(holder, dict) and holder.get("typeIdentifiant") == "SIRET":
                named.append((f"{group}[{number}].{one}.id", holder))
    for place, held in named:
        if isinstance(held, dict) and not siret.is_valid(str(held.get("id", ""))):
            yield (
                place,
                str(held.get("id", "")),
                (
                    message("ce SIRET n'est pas valide (14 chiffres, clé de contrôle)"),
                    message("Vérifier le numéro."),
                ),
            )


def _origins(contract: Json) -> Iterator[Said]:
    union, france = contract.get("origineUE"), contract.get("origineFrance")
    if isinstance(union, Decimal | int) and isinstance(france, Decimal | int) and union < france:
        yield "origineUE", str(union), (
            message("la part d'origine européenne est plus petite que la part d'origine française ({france})", france=Decimal(france)),
            message("La France est dans l'Union : corriger l'une des deux parts."),
        )  # fmt: skip


def _advance(contract: Json) -> Iterator[Said]:
    granted, rate = contract.get("attributionAvance"), contract.get("tauxAvance")
    if isinstance(granted, bool) and (bool(rate) and not granted):
        yield (
            "tauxAvance",
            str(rate),
            (
                message("un taux d'avance est donné alors qu'aucune avance n'est accordée"),
                message("Retirer le taux, ou dire que l'avance est accordée."),
            ),
        )
    if granted is True and rate is None:
        yield "tauxAvance", "", (message("une avance est accordée sans son taux"), message("Donner le taux, de 0 à 1."))


def _numbers_rise(contract: Json) -> Iterator[Said]:
    for group, one in (("modifications", "modification"), ("actesSousTraitance", "acteSousTraitance")):
        held = [each.get(one, {}).get("id") for each in _list(contract.get(group)) if isinstance(each, dict)]
        numbers = [each for each in held if isinstance(each, int)]
        if numbers != sorted(set(numbers)):
            yield (
                group,
                str(numbers),
                (
                    message("les numéros ne se suivent pas dans l'ordre des notifications"),
                    message("Numéroter 1, 2, 3 … dans l'ordre des notifications."),
                ),
            )


RULES: Sequence[Callable[[Json], Iterator[Said]]] = (_real_dates, _order, _sirets, _origins, _advance, _numbers_rise)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
