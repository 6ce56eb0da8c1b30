"""Our font, as far as a report must know it before it is set: the signs that it has, and how wide they are."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Open Sans"


@cache
def covered() -> frozenset[str]:
    """Return the signs that the font displays in its regular, bold and italic faces."""
    faces = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            faces.append(set(map(chr, font.getBestCmap())))
    return frozenset(faces[0].intersection(*faces[1:]))


@cache
def widths() -> Mapping[str, float]:
    """Return the width of each sign of the regular face, for a size of 1."""
    with TTFont(FONTS / "OpenSans-Regular.ttf", lazy=True) as font:
        unit = font["head"].unitsPerEm
        known = {chr(code): font["hmtx"][glyph][0] / unit for code, glyph in font.getBestCmap().items()}
    return {**known, "\u202f": known[" "]}


@lru_cache(16384)
def lines(text: str, room: float, breaks: str) -> int:
    """Return how many lines a text takes at most in `room` (in units of its size), cut at spaces and at `breaks` only."""
    return sum(_wrapped(part, room, breaks) for part in text.split("\n"))


def _wrapped(text: str, room: float, breaks: str) -> int:
    known = widths()
    wide = known["M"]
    space = known[" "]
    count, used = 1, 0.0
    for word in text.split(" "):
        for n, part in enumerate(word.split(breaks)):
            length = sum(known.get(sign, wide) for sign in part)
            gap = 0.0 if n or not used else space
            if used and used + gap + length > room:
                count, used = count + 1, length
            else:
                used += gap + length
    return count
