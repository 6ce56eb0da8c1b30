"""Which point a cell names, however its identifier was typed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from egide.clausier.model import Clausier
from egide.exchange.vocabulary import fold

Key = tuple[str, ...]
_TOKENS = re.compile(r"[a-z]+|\d+")
_OPENING = " ([{#*'\"."
_MAX_TOKENS = 10


@dataclass(frozen=True, slots=True)
class Named:
    """A point named by a cell: whether the reading is sure, and what follows the identifier in the cell."""

    point: str
    sure: bool = True
    rest: str = ""


_MAX_REMEMBERED = 4_000


@dataclass(frozen=True)
class Identifiers:
    """The identifiers of a clausier, its own and those it refers to."""

    clausier: Clausier

    @cached_property
    def _points(self) -> Mapping[Key, str]:
        """Return the point of each key; an official identifier shared by several points names none of them."""
        known: dict[Key, str] = {}
        for point in self.clausier.points.values():
            for reference in point.xref:
                key = _key(reference)
                known[key] = "" if known.get(key, point.id) != point.id else point.id
        own: dict[Key, str] = {}
        for name in self.clausier.points:
            own[_key(name)] = "" if _key(name) in own else name
        return {key: point for key, point in {**known, **own}.items() if point}

    @cached_property
    def _exact(self) -> Mapping[str, str]:
        return {fold(point): point for point in self.clausier.points}

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(key[0] for key in self._points if key and key[0].isalpha())

    @cached_property
    def _remembered(self) -> dict[str, Named | None]:
        return {}

    def named(self, text: str) -> Named | None:
        """Return the point that the text names or begins by naming.

        The same cells come back in the sheet of each tenderer: what was found for a text is remembered, within limits.
        """
        remembered = self._remembered
        if text not in remembered:
            if len(remembered) >= _MAX_REMEMBERED:
                remembered.clear()
            remembered[text] = self._named(text)
        return remembered[text]

    def _named(self, text: str) -> Named | None:
        folded = fold(text).lstrip(_OPENING)
        if folded in self._exact:
            return Named(self._exact[folded])
        tokens: list[re.Match[str]] = []
        for found in _TOKENS.finditer(folded):
            if len(tokens) >= _MAX_TOKENS or not _joined(folded, tokens[-1].end() if tokens else 0, found.start()):
                break
            tokens.append(found)
        if not any(token[0].isdecimal() for token in tokens):
            return None
        for count in range(len(tokens), 0, -1):
            key = _normal(found[0] for found in tokens[:count])
            rest = folded[tokens[count - 1].end() :]
            if not _ends(rest, strict=key[0].isdecimal()):
                continue
            if key in self._points:
                return Named(self._points[key], rest=rest.strip(" .:;-)]'\""))
            typed_zero = ("o", *key[1:])
            if key[0] == "0" and typed_zero in self._points:
                return Named(self._points[typed_zero], sure=False, rest=rest.strip(" .:;-)]"))
        return None

    def resembles(self, text: str) -> bool:
        """Tell whether a text that names no known point is written as an identifier of this clausier."""
        folded = fold(text).lstrip(_OPENING)
        found = re.match(r"([a-z]{1,6})\s?[-_.]?\s?x?\s?\d+(\s?[.\-]\s?\d+)*\.?(?=$|\s*[:\-])", folded)
        return found is not None and found[1] in self._prefixes


def _joined(text: str, end: int, start: int) -> bool:
    """Tell whether two pieces of an identifier may be that far apart: nothing, a dash, a dot, spaces."""
    between = text[end:start]
    return len(between) <= 3 and not between.strip(" .-_")


def _ends(rest: str, *, strict: bool) -> bool:
    if not rest:
        return True
    if rest[0].isalnum() or re.match(r"\s?[.\-_]\d", rest):
        return False
    return not strict or not rest.strip(" .)") or rest.lstrip(" .)")[:1] in {":", "-", ")"} or rest[0] in ".)"


def _key(identifier: str) -> Key:
    return _normal(_TOKENS.findall(fold(identifier)))


def _normal(tokens: Iterable[str]) -> Key:
    """Join letters that follow each other and drop the zeros that pad a number."""
    key: list[str] = []
    for token in tokens:
        if token.isalpha() and key and key[-1].isalpha():
            key[-1] += token
        else:
            key.append(token.lstrip("0") or "0" if token.isdecimal() else token)
    return tuple(key)
