"""Our font, as far as a report must know it before it is set: the signs that it has, and how wide they are."""

import struct
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Open Sans"


@cache
def covered() -> frozenset[str]:
    """Return the signs that the font displays in its regular, bold and italic faces."""
    faces = [set(_signs(path.read_bytes())) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(faces[0].intersection(*faces[1:]))


@cache
def widths() -> Mapping[str, float]:
    """Return the width of each sign of the regular face, for a size of 1."""
    font = (FONTS / "OpenSans-Regular.ttf").read_bytes()
    unit = struct.unpack_from(">H", font, _table(font, b"head") + 18)[0]
    count = struct.unpack_from(">H", font, _table(font, b"hhea") + 34)[0]
    metrics = _table(font, b"hmtx")
    advances = [struct.unpack_from(">H", font, metrics + 4 * n)[0] / unit for n in range(count)]
    known = {sign: advances[min(glyph, count - 1)] for sign, glyph in _signs(font).items()}
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


# ------------------------------------------------------------------------------------------------------ TrueType tables
def _table(font: bytes, name: bytes) -> int:
    for n in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * n)
        if tag == name:
            return int(offset)
    raise ValueError("font without the table asked for")


def _signs(font: bytes) -> dict[str, int]:
    """Return the glyph of each sign, from the Unicode character map of a TrueType font (format 4)."""
    start = _table(font, b"cmap")
    for n in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * n)
        at = start + offset
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", font, at)[0] == 4:
            return dict(_format_4(font, at))
    raise ValueError("font without a Unicode character map")


def _format_4(font: bytes, at: int) -> Iterator[tuple[str, int]]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", font, at + 14 + 2 * count * n + (2 if n else 0)) for n in range(4)
    )
    ranges_at = at + 16 + 6 * count
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * n + ranges[n] + 2 * (code - first))[0]
            if glyph or not ranges[n]:
                yield chr(code), (glyph + deltas[n]) % 65536
