"""YAML written by anybody, as plain data with text scalars, in bounded time and memory.

Built from the parser's events, without recursion: aliases are the value that they name (never a copy), tags are not
obeyed, merge keys are followed, a key given twice keeps both in the list of what was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from egide import plain
from egide.errors import DataError
from egide.message import Message, message

MAX_DEPTH = 60
MAX_EVENTS = 4_000_000
MAX_MERGED = 200_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mapping(dict[str, Any]):
    """A mapping that knows the line where it begins."""

    line = 0


@dataclass
class Loose:
    """What was read: the data, and the keys given twice in one mapping with their lines."""

    data: Any = None
    doubles: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class _Open:
    """A collection being filled; `key` is the key that waits for its value."""

    into: Any
    key: str | None = None
    anchor: str | None = None
    given: set[str] = field(default_factory=set)
    waiting: bool = False
    merges: list[Any] = field(default_factory=list)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.result = Loose()
        self.stack: list[_Open] = []
        self.anchors: dict[str, Any] = {}
        self.merged = 0
        self.done = False

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        line = event.start_mark.line + 1
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(line)
            case yaml.ScalarEvent():
                value = None if event.style is None and event.value in NULLS else str(event.value)
                self._remember(event.anchor, value)
                self._add(value, line)
            case yaml.AliasEvent():
                if event.anchor not in self.anchors:
                    raise self.refusal(
                        line, message("le renvoi « {name} » ne désigne rien qui soit fini", name=event.anchor)
                    )
                self._add(self.anchors[event.anchor], line)

    def refusal(self, line: int, why: Message) -> DataError:
        """Return the error of this file at that line."""
        return plain.refusal("yaml.refused", self.name, f"ligne {line}", why)

    def _open(self, event: Any, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self.refusal(line, message("trop d'imbrications ({most} au plus)", most=MAX_DEPTH))
        into: Any = []
        if isinstance(event, yaml.MappingStartEvent):
            into = Mapping()
            into.line = line
        self.stack.append(_Open(into, anchor=event.anchor))

    def _close(self, line: int) -> None:
        ended = self.stack.pop()
        for merge in ended.merges:
            self._merge(ended.into, merge, line)
        self._remember(ended.anchor, ended.into)
        self._add(ended.into, line)

    def _remember(self, anchor: str | None, value: Any) -> None:
        if anchor is not None:
            self.anchors[anchor] = value

    def _merge(self, into: Mapping, merge: Any, line: int) -> None:
        for source in merge if isinstance(merge, list) else [merge]:
            if not isinstance(source, dict):
                raise self.refusal(line, message("« << » doit renvoyer à des clés et des valeurs"))
            self.merged += len(source)
            if self.merged > MAX_MERGED:
                raise self.refusal(line, message("trop de renvois « << »"))
            for key, value in source.items():
                into.setdefault(key, value)

    def _add(self, value: Any, line: int) -> None:
        if not self.stack:
            self.result.data, self.done = value, True
            return
        top = self.stack[-1]
        if isinstance(top.into, list):
            top.into.append(value)
        elif not top.waiting:
            if isinstance(value, dict | list):
                raise self.refusal(line, message("une clé doit être un texte"))
            top.key, top.waiting = "" if value is None else value, True
        else:
            self._put(top, str(top.key), value, line)
            top.waiting = False

    def _put(self, top: _Open, key: str, value: Any, line: int) -> None:
        if key == "<<":
            top.merges.append(value)
            return
        if key in top.given:
            self.result.doubles.append((key, line))
        top.given.add(key)
        top.into[key] = value


def parse(text: str, name: str) -> Loose:
    """Return the first document of a YAML text. Raises DataError naming `name` and the line."""
    builder = _Builder(name)
    try:
        for count, event in enumerate(_events(text)):
            if count > MAX_EVENTS:
                raise builder.refusal(event.start_mark.line + 1, message("le fichier contient trop d'éléments"))
            builder.take(event)
            if builder.done:
                break
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f"ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else ""
        raise plain.refusal(
            "yaml.unreadable", name, place, message("YAML illisible : {fault}", fault=fault.problem or "")
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise plain.refusal(
            "yaml.unreadable", name, "", message("YAML illisible : {fault}", fault=str(fault))
        ) from None
    return builder.result


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)
