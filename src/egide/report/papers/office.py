"""What DOCX and ODT have in common: texts that XML can hold, widths in millimetres, numbered headings, a fixed zip."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from egide.report.papers.blocks import Block

HOLE = re.compile(r"(\[(?:à compléter|à vérifier|to be filled in|to be checked)[^\]]*\])")
"""A place to fill in or to check inside a text: it is coloured, so that nobody publishes it."""

INK, ACCENT, SOFT, RULE, FILL, EDGE = "1B2A3A", "1F3A5F", "EAF0F6", "B9C3CE", "FFF4D6", "B7791F"
"""The colours of the PDF: text, titles, heads of tables, lines, and the frame to be filled in with its edge."""
FONT, FALLBACK = "Open Sans", "Arial"
"""The font of the PDF, and the one for a computer that does not have it."""
WIDE, TALL = 210, 297
"""An A4 page, in millimetres."""


@dataclass(frozen=True)
class Paper:
    """A page on its short or long side: its name and its margins, in millimetres, as in the PDF."""

    name: str
    landscape: bool
    side: float
    top: float
    bottom: float

    @property
    def size(self) -> tuple[int, int]:
        """Return its width and height."""
        return (TALL, WIDE) if self.landscape else (WIDE, TALL)

    @property
    def room(self) -> float:
        """Return the width of its text."""
        return self.size[0] - 2 * self.side


DEEPEST = 3
"""The deepest level of headings; one below it is shown as one of it."""
PORTRAIT = Paper("Portrait", landscape=False, side=17, top=22, bottom=20)
LANDSCAPE = Paper("Landscape", landscape=True, side=14, top=20, bottom=17)

_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_MARKED = re.compile('[&<>"]')


def xml(text: str) -> str:
    """Return a text as XML holds it, lines ended by "\\n"; the signs that XML refuses are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MARKED.sub(lambda sign: _SPECIAL[sign[0]], _REFUSED.sub("", text))


def millimetres(columns: Sequence[Sequence[Any]], room: float) -> list[float]:
    """Return the width of each column in `room`: those that are given, and shares of what is left."""
    given = sum(width for unit, width in columns if unit == "mm")
    shares = sum(width for unit, width in columns if unit != "mm")
    least = 12 * sum(unit != "mm" for unit, _ in columns)
    scale = min(1.0, (room - least) / given) if given else 1.0
    left = room - given * scale
    return [round(width * scale if unit == "mm" else left * width / shares, 2) for unit, width in columns]


@dataclass(frozen=True)
class Heading:
    """A heading with its number, and the name of its place in the document."""

    number: str
    text: str
    level: int
    place: str


def headings(blocks: Sequence[Block]) -> list[Heading]:
    """Return the headings of a document in order, numbered 1, 1.1, 1.1.1."""
    counts = [0] * 9
    found: list[Heading] = []
    for block in _flat(blocks):
        if block["kind"] == "heading":
            level = min(block["level"], DEEPEST)
            counts[level - 1 :] = [counts[level - 1] + 1, *[0] * (9 - level)]
            number = ".".join(map(str, counts[:level]))
            found.append(Heading(number, block["text"], level, f"_Toc{len(found) + 1:08}"))
    return found


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block["kind"] == "landscape":
            yield from _flat(block["blocks"])
        else:
            yield block


def sections(blocks: Sequence[Block]) -> list[tuple[Paper, list[Block]]]:
    """Return the blocks by runs of pages that lie on the same side."""
    runs: list[tuple[Paper, list[Block]]] = []
    for block in blocks:
        paper = LANDSCAPE if block["kind"] == "landscape" else PORTRAIT
        if not runs or runs[-1][0] is not paper:
            runs.append((paper, []))
        runs[-1][1].extend(block["blocks"] if block["kind"] == "landscape" else [block])
    return [(paper, held) for paper, held in runs if any(block["kind"] != "new_page" for block in held)]


def behind(picture: Block, room: float) -> tuple[list[float], list[str]]:
    """Return the widths in `room` and the sides of the columns of the table behind a picture."""
    texts, numbers = picture["texts"], len(picture["head"]) - picture["texts"]
    shares = [["fr", 2.0]] * texts + [["fr", 1.0]] * numbers
    return millimetres(shares, room), ["left"] * texts + ["right"] * numbers


TEMPLATES = Path(__file__).parent / "templates"


@cache
def _templates(kind: str) -> Mapping[str, Template]:
    """Return the parts of a package by name, as they stand in the templates."""
    folder = TEMPLATES / kind
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): Template(path.read_text(encoding="utf-8")) for path in sorted(found)}


def package(kind: str, holes: Mapping[str, str], stored: str = "") -> bytes:
    """Return the package of a kind, `docx` or `odt`, its holes filled with texts that are already XML."""
    parts = {name: part.substitute(holes).encode() for name, part in _templates(kind).items()}
    first = {stored: parts[stored]} if stored else {}
    return zipped(first | parts, stored)


def zipped(parts: Mapping[str, bytes], stored: str = "") -> bytes:
    """Return a zip of parts, always with the same bytes; the part named `stored` is not compressed."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content, compresslevel=6)
    return memory.getvalue()
