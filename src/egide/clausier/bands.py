"""Numeric bands written in a text ("> 4,0 et < 7,0", "de 7,0 à 8,9"), and what they leave out.

Phrases of comparison are first written as signs, then a short table of shapes reads the bands. A band knows its unit
and the word it is about, so that hours are never joined to users.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

SIGNS = tuple(
    (re.compile(words), sign)
    for words, sign in (
        (r"\bstrict(?:ement|ly)\s+", ""),
        (r"(?:>|<)=|=(?:>|<)|⩾|⩽", lambda found: "≥" if ">" in found[0] or "⩾" in found[0] else "≤"),
        (r"\b(?:supérieure?s?|superior|greater|higher)\s+(?:ou\s+égale?s?|or\s+equal)\s+(?:à|au|to|than)\s", "≥ "),
        (r"\b(?:inférieure?s?|inferior|less|lower)\s+(?:ou\s+égale?s?|or\s+equal)\s+(?:à|au|to|than)\s", "≤ "),
        (r"\b(?:greater|higher|more)\s+than\s+or\s+equal\s+to\b", "≥"),
        (r"\b(?:less|lower)\s+than\s+or\s+equal\s+to\b", "≤"),
        (
            r"\b(?:supérieure?s?\s+(?:à|au)|plus\s+de|(?:greater|higher|more)\s+than|above|over|au-dessus\s+de)(?=\s*\d)",
            ">",
        ),
        (
            r"\b(?:inférieure?s?\s+(?:à|au)|moins\s+de|(?:less|lower)\s+than|below|under|en\s+dessous\s+de)(?=\s*\d)",
            "<",
        ),
        (r"\b(?:au\s+moins|à\s+partir\s+de|at\s+least)(?=\s*\d)", "≥"),
        (r"\b(?:au\s+plus|jusqu['’]à|at\s+most|up\s+to)(?=\s*\d)", "≤"),
    )
)
N = r"(\d+(?:[.,]\d+)?)"
AND = r"\s*(?:et|and|à|to|mais|but|,|;|&+)?\s+(?:[^\W\d]+\s+){0,3}"
UNIT = r"\s*(%|€|euros?|heures?|hours?|h\b|jours?|days?|mois|months?|ans?\b|years?|minutes?|secondes?|seconds?|[kmgt]o\b|utilisateurs?|users?|agents?|postes?|lits?)?"
SHAPES = (
    (re.compile(rf"([>≥])\s*{N}{UNIT}{AND}([<≤])\s*{N}{UNIT}"), lambda f: (f[2], f[1] == "≥", f[5], f[4] == "≤", f[6] or f[3])),
    (re.compile(rf"{N}\s*([<≤])\s*[^\d<≤>≥]{{1,30}}?([<≤])\s*{N}{UNIT}"), lambda f: (f[1], f[2] == "≤", f[4], f[3] == "≤", f[5])),
    (re.compile(rf"([\[\]])\s*{N}\s*[;-]\s*{N}\s*([\[\]])()"), lambda f: (f[2], f[1] == "[", f[3], f[4] == "]", f[5])),
    (
        re.compile(rf"\b(?:de|entre|from|between)\s+{N}{UNIT}\s*(?:à|et|to|and)\s+([<≤]?)\s*{N}{UNIT}"),
        lambda f: (f[1], True, f[4], f[3] != "<", f[5] or f[2]),
    ),
    (re.compile(r"(?<![\d.,])(\d+[.,]\d+)\s*[-–—]\s*(\d+[.,]\d+)(?![\d.,]\d)" + UNIT), lambda f: (f[1], True, f[2], True, f[3])),
)  # fmt: skip
OPEN = re.compile(rf"([<≤>≥])\s*{N}{UNIT}")
EMPTY = frozenset(
    [
        "avec",
        "dans",
        "dont",
        "pour",
        "leur",
        "cette",
        "score",
        "note",
        "niveau",
        "valeur",
        "compris",
        "comprise",
        "entre",
        "strictement",
        "from",
        "between",
        "score",
        "level",
        "with",
        "value",
    ]
)
Side = tuple[Decimal, int]


@dataclass(frozen=True)
class Band:
    """A band from `start` to `end`, an infinite end being infinite, and whether each end belongs to it."""

    start: Decimal
    end: Decimal
    has_start: bool
    has_end: bool
    unit: str = ""
    subject: str = ""

    @property
    def closed(self) -> bool:
        """Whether both ends are numbers."""
        return self.start.is_finite() and self.end.is_finite()


def bands(text: str) -> list[Band]:
    """Return the bands written in `text`; without a closed one, a lone threshold is no band."""
    signed = text.lower()
    for words, sign in SIGNS:
        signed = words.sub(sign, signed)
    found: list[Band] = []
    for shape, read in SHAPES:
        for match in shape.finditer(signed):
            start, has_start, end, has_end, unit = read(match)
            found.append(Band(_number(start), _number(end), has_start, has_end, _unit(unit), _subject(signed, match)))
        signed = shape.sub(lambda match: " " * len(match[0]), signed)
    for match in OPEN.finditer(signed):
        found.append(_open(match, _subject(signed, match)))
    return found


def _open(match: re.Match[str], subject: str) -> Band:
    number, unit = _number(match[2]), _unit(match[3])
    if match[1] in ">≥":
        return Band(number, Decimal("Infinity"), match[1] == "≥", has_end=False, unit=unit, subject=subject)
    return Band(Decimal("-Infinity"), number, has_start=False, has_end=match[1] == "≤", unit=unit, subject=subject)


def _subject(signed: str, match: re.Match[str]) -> str:
    """Return the last telling word before the band: what is measured."""
    words = re.findall(r"[^\W\d_]{4,}", _bare(signed[max(0, match.start() - 60) : match.start()]))
    return next((word for word in reversed(words) if word not in EMPTY), "")


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _unit(written: str | None) -> str:
    return (written or "").rstrip("s")


def holes(text: str) -> list[tuple[Decimal, Decimal]]:
    """Return what the bands of one text leave out: pairs (from, to), equal for a single value."""
    by_unit: dict[str, list[Band]] = {}
    for band in bands(text):
        by_unit.setdefault(band.unit, []).append(band)
    return [(left.end, right.start) for told in by_unit.values() for left, right in gaps(told)]


def gaps(told: Iterable[Band]) -> Iterator[tuple[Band, Band]]:
    """Yield the pairs of bands between which something is left out.

    A gap of one unit of the last decimal written is none (6,9 then 7,0). Without a closed band there is nothing to join.
    """
    ordered = sorted(told, key=lambda band: (band.start, not band.has_start, band.end))
    if not any(band.closed for band in ordered):
        return
    reach = ordered[0]
    for band in ordered[1:]:
        if _apart(reach, band):
            yield reach, band
        reach = max(reach, band, key=lambda each: (each.end, each.has_end))


def _apart(left: Band, right: Band) -> bool:
    if right.start <= left.end:
        return right.start == left.end and not (left.has_end or right.has_start)
    step = Decimal(1).scaleb(min(_exponent(left.end), _exponent(right.start)))
    return right.start - left.end > step or not (left.has_end and right.has_start)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "."))
