"""A picture as a value, and the sheet on which it is drawn: SVG with presentation attributes only, that a strict page takes.

Lengths are in pixels of the drawing. No text has a style of its own, no name comes from outside: same data, same bytes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from egide.locale.typography import THIN
from egide.report.papers import font
from egide.report.papers.office import xml
from egide.report.papers.typography import BREAK, WHOLE, Setter
from egide.report.pictures.colours import LINE, TEXT

NARROW, WIDE = 400, 830
"""Widths of drawing: a page of the web, where a hand-held screen shows it whole, and an upright sheet of paper."""
SIZE, SMALL = 14, 12
"""Sizes of text."""
FAMILIES = f"{font.FAMILY}, system-ui, sans-serif"
"""The shipped font first: a generic name alone would fall to another face on paper."""
BOLD, SPARE = 1.12, 1.15
"""How much wider than the regular face of our font the bold one is, and the fonts of the web, at most."""
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its SVG, its title, its text alternative, and the table behind, whose first `texts` columns are words.

    `width` and `height` are in pixels of the drawing.
    """

    svg: str
    title: str
    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    height: int
    texts: int = 1


class Sheet:
    """A picture being drawn; `key` makes its identifiers unique on a page, so each picture of a page has its own."""

    def __init__(self, key: str, width: int):
        self.key, self.width, self.parts = identifier(key), width, list[str]()

    def box(self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> None:
        """Draw a rectangle, with a thin line around it when `stroke` is given."""
        edge = f' stroke="{stroke}"' if stroke else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{edge}/>'
        )

    def boxes(self, places: list[tuple[float, float]], width: float, height: float, fill: str) -> None:
        """Draw many rectangles of one size as one shape."""
        if places:
            rest = f"h{_n(width)}v{_n(height)}h-{_n(width)}z"
            path = "".join(f"M{_n(x)} {_n(y)}{rest}" for x, y in places)
            self.parts.append(f'<path d="{path}" fill="{fill}" stroke="{LINE}" stroke-width="0.8"/>')

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: str = LINE, width: float = 1) -> None:
        """Draw a line."""
        (a, b), (c, d) = start, end
        self.parts.append(
            f'<line x1="{_n(a)}" y1="{_n(b)}" x2="{_n(c)}" y2="{_n(d)}" stroke="{stroke}" stroke-width="{_n(width)}"/>'
        )

    def curve(self, points: list[tuple[float, float]], stroke: str, width: float = 2, dash: str = "") -> None:
        """Draw a line through points, broken in the manner of `dash`: lengths drawn and left, in turn."""
        kind = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{_through(points)}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}"{kind}/>'
        )

    def area(self, points: list[tuple[float, float]], fill: str, opacity: str) -> None:
        """Fill a shape through which what is below it shows: it says nothing alone."""
        self.parts.append(f'<path d="{_through(points)}z" fill="{fill}" fill-opacity="{opacity}"/>')

    def text(
        self, x: float, y: float, said: str, room: float = 0, *, size: int = SIZE, anchor: str = "start", fill: str = TEXT, bold: bool = False, up: bool = False
    ) -> None:  # fmt: skip
        """Write a text on one line, cut to `room` when it is longer: it is then whole in its own title. `up` turns it."""
        whole = clean(said)
        shown = fitted(whole, room, size, bold=bold) if room else whole
        more = f' font-size="{size}"' if size != SIZE else ""
        more += f' text-anchor="{anchor}"' if anchor != "start" else ""
        more += f' fill="{fill}"' if fill != TEXT else ""
        more += ' font-weight="700"' if bold else ""
        more += f' transform="rotate(-90 {_n(x)} {_n(y)})"' if up else ""
        title = f"<title>{xml(whole)}</title>" if shown != whole else ""
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}"{more}>{title}{xml(shown)}</text>')

    def texts(self, y: float, said: list[tuple[float, str]], size: int, fill: str) -> None:
        """Write short texts of one line, each centred on its place."""
        if said:
            spans = "".join(f'<tspan x="{_n(x)}">{xml(clean(text))}</tspan>' for x, text in said)
            self.parts.append(f'<text y="{_n(y)}" font-size="{size}" text-anchor="middle" fill="{fill}">{spans}</text>')

    def drawn(self, height: float, title: str, description: str) -> str:
        """Return the SVG."""
        tall = round(height)
        kind = "egide-picture" if self.width <= NARROW else "egide-picture egide-picture-wide"
        names = f'aria-labelledby="{self.key}-title" aria-describedby="{self.key}-desc"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" {names} viewBox="0 0 {self.width} {tall}" width="{self.width}" '
            f'height="{tall}" fill="{TEXT}" font-family="{FAMILIES}" font-size="{SIZE}"><title id="{self.key}-title">{xml(clean(title))}</title>'
            f'<desc id="{self.key}-desc">{xml(clean(description))}</desc>{"".join(self.parts)}</svg>'
        )


_OUTSIDE = re.compile("[^A-Za-z0-9-]")


def identifier(key: str) -> str:
    """Return a key as an XML identifier; two keys never give the same one."""
    return "picture-" + _OUTSIDE.sub(lambda sign: f"_{ord(sign[0]):x}_", key)


def clean(text: str) -> str:
    """Return a text on one line, without the marks that serve to cut it, with spaces that the font has."""
    return text.replace(BREAK, "").replace("\u00ad", "").replace(THIN, WHOLE).replace("\n", " ")


def length(text: str, size: float, *, bold: bool = False) -> float:
    """Return how long a text is, at most, in our font and in those that stand for it on the web."""
    known = font.widths()
    wide = known["M"]
    return sum(known.get(sign, wide) for sign in text) * size * SPARE * (BOLD if bold else 1)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a text as it is, or cut with an ellipsis so that it stands in `room`."""
    if length(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and length(f"{kept.rstrip()}…", size, bold=bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def short(setter: Setter, value: Decimal) -> str:
    """Return a number with two decimals at most, half up, and none that says nothing."""
    return setter.number(value.quantize(Decimal("0.01"), ROUND_HALF_UP), None)


def listed(setter: Setter, texts: Iterable[str]) -> str:
    """Return texts in a row, in the manner of the language."""
    return (f"{WHOLE}; " if setter.language == "fr" else "; ").join(texts)


def _through(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """Return a length as SVG writes it, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
