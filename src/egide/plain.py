"""Values to plain data and back, strictly, with a canonical digest.

Plain data is what JSON can say without floats: text, whole numbers, booleans, null, lists and mappings.
Text files are read with every scalar as text (`no`, `1.10` and `12:30` stay what was typed), then given their type
by the dataclass that they fill. All faults are reported at once, each with its path.
"""

import hashlib
import json
import operator
import re
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache, partial
from json.encoder import encode_basestring
from typing import Any, TypeVar, Union, get_args, get_origin

import cattrs
import yaml
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, message

T = TypeVar("T")
Day = TypeVar("Day", date, datetime)


class _Fault(ValueError):
    """A value that does not fit its type, with the sentence to show."""

    def __init__(self, said: Message):
        super().__init__(said.text)
        self.said = said


# ------------------------------------------------------------------------------------------------ text to plain data
MOST_DEPTH = 60


def _walk(text: str) -> None:
    """Refuse, from the events and before anything is built, what no file of ours needs: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        problem = "depth" if depth > MOST_DEPTH else "alias" if isinstance(event, yaml.AliasEvent) else ""
        if problem:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


class _TextLoader(yaml.CSafeLoader):
    """Every scalar is text; a key given twice, an alias and a tag are refused."""


def _scalar(loader: _TextLoader, node: yaml.ScalarNode) -> str | None:
    return None if not node.style and node.value in {"", "~", "null"} else str(node.value)


def _mapping(loader: _TextLoader, node: yaml.MappingNode) -> dict[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            raise yaml.MarkedYAMLError(problem="duplicate", problem_mark=key_node.start_mark, context=key)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _sequence(loader: _TextLoader, node: yaml.SequenceNode) -> list[object]:
    return [loader.construct_object(child, deep=True) for child in node.value]


_TextLoader.yaml_implicit_resolvers = {}
_TextLoader.add_constructor("tag:yaml.org,2002:str", _scalar)
_TextLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_TextLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def parse_yaml(text: str, file: str) -> Any:
    """Read YAML as plain data with text scalars. Raises DataError naming `file` and the line."""
    try:
        _walk(text)
        return yaml.load(text, Loader=_TextLoader)  # noqa: S506 (a loader that builds text, lists and mappings only)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f"ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else ""
        raise refusal("plain.yaml", file, place, _yaml_problem(fault)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise refusal("plain.yaml", file, "", message("YAML illisible : {fault}", fault=str(fault))) from None


def _yaml_problem(fault: yaml.MarkedYAMLError) -> Message:
    if fault.problem == "duplicate":
        return message("la clé « {key} » est donnée deux fois", key=fault.context or "")
    if fault.problem == "depth":
        return message("plus de {most} niveaux imbriqués", most=MOST_DEPTH)
    if fault.problem == "alias":
        return message("les renvois YAML (*nom) ne sont pas acceptés")
    return message("YAML illisible : {fault}", fault=fault.problem or "")


def parse_json(text: str, file: str) -> Any:
    """Read JSON as plain data; numbers with a fraction or an exponent stay text. Raises DataError."""
    try:
        data = json.loads(text, parse_float=str, parse_constant=str, object_pairs_hook=_no_double)
        return _whole_characters(data) if LONE_HALF.search(text) else data
    except _Fault as fault:
        raise refusal("plain.json", file, "", fault.said) from None
    except json.JSONDecodeError as fault:
        place = f"ligne {fault.lineno}, colonne {fault.colno}"
        raise refusal("plain.json", file, place, message("JSON illisible : {fault}", fault=fault.msg)) from None
    except (RecursionError, ValueError):
        raise refusal("plain.json", file, "", message("JSON illisible : trop d'imbrications")) from None


LONE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character written as an escape: without its other half it is no text and cannot be written again."""


def _whole_characters(data: object) -> Any:
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def _no_double(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Fault(message("la clé « {key} » est donnée deux fois", key=twice))
    return result


def refusal(
    code: str, file: str, place: str, understood: Message, read: str = "", remedy: Message | None = None
) -> DataError:
    """Return a DataError with one finding: this file, this place, cannot be used."""
    remedy = remedy or message("Corriger le fichier, puis recommencer.")
    finding = Finding(code, Severity.ERROR, understood, remedy, file, place, read=read)
    return DataError(message("{file} : {why}", file=file, why=understood), (finding,))


# ------------------------------------------------------------------------------------------------ plain data to values
def decimal(value: object) -> Decimal:
    """Return the finite Decimal written in the text `value`; raises ValueError for a float, NaN or other text."""
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, str):
        try:
            number = Decimal(value.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", ""))
        except InvalidOperation:
            raise _Fault(message("« {value} » n'est pas un nombre", value=value)) from None
    else:
        raise _Fault(message("« {value} » n'est pas un nombre écrit en texte", value=value))
    if not number.is_finite():
        raise _Fault(message("« {value} » n'est pas un nombre fini", value=value))
    if not -2 * MOST_DIGITS < number.adjusted() < MOST_DIGITS or len(number.as_tuple().digits) > 4 * MOST_DIGITS:
        raise _Fault(message("ce nombre est hors de portée : plus de {most} chiffres", most=MOST_DIGITS))
    return number


MOST_DIGITS = 15
"""Digits of a number that anybody can mean; beyond, exact arithmetic would take hours."""


def _integer(value: object, _: type) -> int:
    try:
        number = value if isinstance(value, int) and not isinstance(value, bool) else int(str(value), 10)
    except ValueError:
        raise _Fault(message("« {value} » n'est pas un nombre entier", value=value)) from None
    if abs(number) >= 10**MOST_DIGITS:
        raise _Fault(message("ce nombre est hors de portée : plus de {most} chiffres", most=MOST_DIGITS))
    return number


def _boolean(value: object, _: type) -> bool:
    known = {"true": True, "false": False, "oui": True, "non": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise _Fault(message("« {value} » : écrire true ou false", value=value))


def _string(value: object, _: type) -> str:
    if isinstance(value, str):
        if "\0" in value:
            raise _Fault(message("un texte contient un caractère nul, que rien ne sait montrer"))
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return ""
    raise _Fault(message("« {value} » : un texte est attendu", value=value))


def _enum(value: object, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(str(value))
    except ValueError:
        allowed = [str(member.value) for member in kind]
        raise _Fault(
            message("« {value} » n'est pas une valeur connue ({allowed})", value=value, allowed=allowed)
        ) from None


def _day(value: object, _: type) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise _Fault(message("« {value} » n'est pas une date (aaaa-mm-jj)", value=value)) from None
    return _in_reach(day)


def _instant(value: object, _: type) -> datetime:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise _Fault(message("« {value} » : date, heure et fuseau sont attendus (2026-10-05T12:00+02:00)", value=value))
    return _in_reach(instant)


YEARS = range(1900, 2200)
"""Years that a procedure may name: a time limit counted from the last ones still falls in the calendar."""


def _in_reach(day: Day) -> Day:
    if day.year not in YEARS:
        said = message("l'année {year} est hors de portée (de {first} à {last})", year=str(day.year), first=str(YEARS[0]), last=str(YEARS[-1]))  # fmt: skip
        raise _Fault(said)
    return day


def _mapping_or_fault(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _Fault(message("une liste de clés et de valeurs est attendue"))
    return value


def _list_or_fault(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _Fault(message("une liste est attendue"))
    return list(value)


_HOOKS: dict[type, Callable[[Any, Any], object]] = {
    Decimal: lambda value, _: decimal(value),
    int: _integer,
    bool: _boolean,
    str: _string,
    date: _day,
    datetime: _instant,
    StrEnum: _enum,
}


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, hook in _HOOKS.items():
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(partial(operator.is_, object), lambda value, _: value)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook_factory(_is_dataclass, _structure_dataclass)
    converter.register_structure_hook_factory(_is_tuple, _structure_tuple)
    converter.register_structure_hook_factory(_is_optional, _structure_optional)
    return converter


def _is_dataclass(kind: Any) -> bool:
    return hasattr(kind, "__dataclass_fields__") and not get_origin(kind)


def _structure_dataclass(kind: Any, converter: cattrs.Converter) -> Any:
    inner = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)

    def structure(value: object, wanted: Any) -> Any:
        return inner(_mapping_or_fault(value), wanted)

    return structure


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _structure_tuple(kind: Any, converter: cattrs.Converter) -> Any:
    item = get_args(kind)[0]

    def structure(value: object, _: Any) -> Any:
        return tuple(converter.structure(_list_or_fault(value), list[item]))  # type: ignore[valid-type]

    return structure


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in {Union, types.UnionType} and type(None) in get_args(kind)


def _structure_optional(kind: Any, converter: cattrs.Converter) -> Any:
    item = next(arg for arg in get_args(kind) if arg is not type(None))
    return lambda value, _: None if value is None else converter.structure(value, item)


def structure(data: object, kind: type[T], file: str) -> T:
    """Return the value of type `kind` that `data` describes. Raises DataError with every fault and its path."""
    try:
        return _converter().structure(data, kind)
    except (_Fault, cattrs.BaseValidationError) as fault:
        findings = tuple(_findings(fault, "", file))
        first = findings[0]
        raise DataError(
            message("{file}, {place} : {why}", file=file, place=first.place or "-", why=first.understood), findings
        ) from None


def _findings(fault: BaseException, path: str, file: str) -> list[Finding]:
    if isinstance(fault, cattrs.BaseValidationError):
        return [each for inner in fault.exceptions for each in _findings(inner, path + _step(inner), file)]
    if isinstance(fault, ForbiddenExtraKeysError):
        return [
            _fault_finding(file, f"{path}.{key}".strip("."), message("clé inconnue"))
            for key in sorted(fault.extra_fields)
        ]
    if isinstance(fault, KeyError):
        return [_fault_finding(file, f"{path}.{fault.args[0]}".strip("."), message("clé obligatoire absente"))]
    said = fault.said if isinstance(fault, _Fault) else message("valeur inattendue : {fault}", fault=str(fault))
    return [_fault_finding(file, path.strip("."), said)]


def _fault_finding(file: str, path: str, said: Message) -> Finding:
    return Finding(
        "plain.value", Severity.ERROR, said, message("Corriger cette valeur (voir docs/formats.md)."), file, path
    )


def _step(fault: BaseException) -> str:
    notes = getattr(fault, "__notes__", ())
    named = next((note.name for note in notes if isinstance(note, AttributeValidationNote)), "")
    if named:
        return "" if isinstance(fault, KeyError) else f".{named}"
    return "".join(f"[{note.index}]" for note in notes if isinstance(note, IterableValidationNote))


# ------------------------------------------------------------------------------------------------ values to plain data
def unstructure(value: object) -> Any:
    """Return `value` as plain data, ready for JSON."""
    return _converter().unstructure(value)


def canonical(value: object) -> bytes:
    """Return the one JSON writing of a value: keys sorted, no blanks, UTF-8."""
    return _canonical(value).encode()


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=unstructure).encode
"""What is plain already is written as it stands; only the rest is made plain."""


def indented(data: object, margin: str = "\n") -> str:
    """Return what `json.dumps(data, indent=1)` writes of plain data whose keys are texts, in half its time."""
    if isinstance(data, str):
        return encode_basestring(data)
    inner = f"{margin} "
    if data and isinstance(data, dict):
        items = [f"{inner}{encode_basestring(name)}: {indented(each, inner)}" for name, each in data.items()]
        return f"{{{','.join(items)}{margin}}}"
    if data and isinstance(data, list | tuple):
        return f"[{','.join([inner + indented(each, inner) for each in data])}{margin}]"
    return json.dumps(data)


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical writing, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
