"""What a spreadsheet package says beside its values: formulas, merged cells, links, properties, true extent.

The parts are walked once with a streaming parser that builds nothing. A sheet larger than what a person fills is cut
here, before the reader that holds a whole sheet in memory meets it.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from egide.exchange.safety import Refused

MAX_ROWS = 20_000
MAX_COLUMNS = 256
MAX_CELLS = 3_000_000
LAST_COLUMN = 16_384
"""Columns that the format has (XFD is the last): a cell beyond is no cell, and costs memory before it is seen."""

Cell = tuple[int, int]
Area = tuple[Cell, Cell]
Attributes = dict[str, str]


@dataclass
class Facts:
    """What was seen in one sheet; `formulas` says of each whether it keeps a computed value."""

    name: str
    formulas: dict[Cell, bool] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    links: dict[Cell, str] = field(default_factory=dict)
    hidden: bool = False
    cut: bool = False
    """Rows beyond MAX_ROWS were left out."""
    dropped: bool = False
    """The sheet spreads too wide to be held: nothing of it was kept."""


@dataclass(frozen=True)
class Package:
    """The facts of each sheet by name, the document properties, and the parts to be read, cut where needed."""

    facts: Mapping[str, Facts]
    properties: Mapping[str, str]
    parts: Mapping[str, bytes]


class _Cut(Exception):
    """Stop the walk: the bytes may be cut at `offset`, inside a row or between two."""

    def __init__(self, offset: int, *, inside_row: bool) -> None:
        super().__init__(offset)
        self.offset, self.inside_row = offset, inside_row


class _Walk:
    """One pass over an XML part. Names come without their prefix."""

    def __init__(self, *, texts: bool = False) -> None:
        """Listen to the elements; to their ends and texts too when `texts`."""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = lambda tag, attributes: self.start(tag.rpartition(":")[2], attributes)
        self._parser.StartDoctypeDeclHandler = self._parser.EntityDeclHandler = _refuse
        self.listen(texts=texts)

    def listen(self, *, texts: bool) -> None:
        """Listen, from here on, to the ends of elements and to texts, or no more: most parts are walked without."""
        self._parser.EndElementHandler = (lambda tag: self.end(tag.rpartition(":")[2])) if texts else None
        self._parser.CharacterDataHandler = self.text if texts else None

    def walk(self, body: bytes) -> None:
        """Parse the whole part. Raises Refused."""
        try:
            self._parser.Parse(body, True)  # noqa: FBT003 (expat's own flag)
        except expat.ExpatError:
            raise Refused("file.corrupt") from None

    @property
    def offset(self) -> int:
        """Return where the element being met begins in the bytes."""
        return self._parser.CurrentByteIndex

    def start(self, tag: str, attributes: Attributes) -> None:
        """Meet the start of an element."""

    def end(self, tag: str) -> None:
        """Meet the end of an element."""

    def text(self, said: str) -> None:
        """Meet a piece of text."""


def _refuse(*_: object) -> None:
    raise Refused("file.entities")


def _attribute(attributes: Attributes, name: str, default: str = "") -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), default)


def cell(reference: str) -> Cell | None:
    """Return (row, column) from 0 of a reference such as E12 or $E$12."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    start, end = cell(first), cell(last or first)
    return (start, end) if start and end else None


# ---------------------------------------------------------------------------------------------------------------- xlsx
def of_xlsx(parts: Mapping[str, bytes]) -> Package:
    """Return the facts of a workbook and its parts, each sheet cut to what may be read. Raises Refused."""
    kept = dict(parts)
    facts = {}
    targets = _relations(parts, "xl/workbook.xml")
    sheets = _Sheets()
    sheets.walk(parts["xl/workbook.xml"])
    for name, relation, hidden in sheets.found:
        part = targets.get(relation, "")
        sheet = _SheetWalk(Facts(name, hidden=hidden), _relations(parts, part))
        if part in parts:
            kept[part] = sheet.run(parts[part])
        facts[name] = sheet.facts
    return Package(facts, _properties(parts.get("docProps/custom.xml", b"")), kept)


class _Sheets(_Walk):
    """The sheets of a workbook: name, relation, whether hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.found.append((attributes.get("name", ""), _attribute(attributes, "id"), hidden))


class _Relations(_Walk):
    """The targets of a part by relation identifier."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            self.found[attributes.get("Id", "")] = target


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    relations = _Relations(folder)
    body = parts.get(f"{folder}/_rels/{name}.rels")
    if body is not None:
        relations.walk(body)
    return relations.found


class _Properties(_Walk):
    """The custom properties of a document, in either package."""

    def __init__(self) -> None:
        super().__init__(texts=True)
        self.found: dict[str, str] = {}
        self._name: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag in {"property", "user-defined"}:
            self._name = _attribute(attributes, "name")
            self.found[self._name] = ""

    def end(self, tag: str) -> None:
        if tag in {"property", "user-defined"}:
            self._name = None

    def text(self, said: str) -> None:
        if self._name is not None:
            self.found[self._name] += said


def _properties(body: bytes) -> dict[str, str]:
    properties = _Properties()
    if body:
        properties.walk(body)
    return {name: value.strip() for name, value in properties.found.items()}


class _SheetWalk(_Walk):
    """The facts of a worksheet part."""

    def __init__(self, facts: Facts, links: Mapping[str, str]) -> None:
        super().__init__()
        self.facts, self._links = facts, links
        self._row, self._column, self._height, self._width, self._cells = -1, -1, 0, 0, 0

    def run(self, body: bytes) -> bytes:
        """Return the part, cut to what may be read."""
        try:
            self.walk(body)
        except _Cut as cut:
            self.facts.cut = True
            body = _closed(body, cut.offset, inside_row=cut.inside_row)
        if self._height * self._width > MAX_CELLS:
            self.facts.dropped = True
            found = _ROWS.search(body)
            body = _closed(body, found.end() if found else 0, inside_row=False)
        return body

    def start(self, tag: str, attributes: Attributes) -> None:
        match tag:
            case "c":
                self._limit(inside_row=True)
                reference = attributes.get("r", "")
                place = cell(reference) if reference else (self._row, self._column + 1)
                if place is None or place[1] >= LAST_COLUMN:
                    raise Refused("file.corrupt")
                self._row, self._column = place
                if attributes.get("t") == "e":
                    self.facts.formulas[self._row, self._column] = False
            case "v" | "is":
                self._height, self._width = max(self._height, self._row + 1), max(self._width, self._column + 1)
                if (self._row, self._column) in self.facts.formulas:
                    self.listen(texts=True)
            case "f":
                self.facts.formulas.setdefault((self._row, self._column), False)
            case "row":
                number = attributes.get("r", "")
                self._row, self._column = int(number) - 1 if number.isdecimal() else self._row + 1, -1
                self._limit(inside_row=False)
            case "mergeCell":
                area = _area(attributes.get("ref", ""))
                self.facts.merged += [area] if area else []
            case "hyperlink":
                self._link(attributes)

    def end(self, tag: str) -> None:
        if tag in {"v", "is"}:
            self.listen(texts=False)

    def text(self, said: str) -> None:
        if said.strip() and not said.startswith("#"):
            self.facts.formulas[self._row, self._column] = True

    def _limit(self, *, inside_row: bool) -> None:
        self._cells += 1
        if self._row >= MAX_ROWS or self._cells > MAX_CELLS:
            raise _Cut(self.offset, inside_row=inside_row)

    def _link(self, attributes: Attributes) -> None:
        area = _area(attributes.get("ref", ""))
        target = self._links.get(_attribute(attributes, "id"), "")
        if area and target:
            self.facts.links[area[0]] = target


_ROWS = re.compile(rb"<(?:(\w+):)?sheetData\b[^>]*>")


def _closed(body: bytes, offset: int, *, inside_row: bool) -> bytes:
    """Return the worksheet cut at `offset` (inside its rows), its open elements closed."""
    found = _ROWS.search(body)
    if found is None:
        raise Refused("file.corrupt")
    prefix = found[1] + b":" if found[1] else b""
    closing = [b"row"] * inside_row + [b"sheetData", b"worksheet"]
    return body[:offset] + b"".join(b"</" + prefix + tag + b">" for tag in closing)


# ----------------------------------------------------------------------------------------------------------------- ods
def of_ods(parts: Mapping[str, bytes]) -> Package:
    """Return the facts of an OpenDocument spreadsheet; a sheet that spreads too far is emptied. Raises Refused."""
    walk = _OdsWalk()
    body = parts["content.xml"]
    walk.walk(body)
    for start, end in reversed(walk.drops):
        body = body[:start] + body[end:]
    return Package(walk.facts, _properties(parts.get("meta.xml", b"")), {**parts, "content.xml": body})


_ODS_VALUES = ("value", "string-value", "date-value", "time-value", "boolean-value")


class _OdsWalk(_Walk):
    """The facts of every sheet of content.xml; `drops` are the rows of the sheets that cannot be held."""

    def __init__(self) -> None:
        super().__init__(texts=True)
        self.facts: dict[str, Facts] = {}
        self.drops: list[tuple[int, int]] = []
        self._open(Facts(""))

    def _open(self, facts: Facts) -> None:
        self._current = facts
        self._row = self._column = self._times = self._height = self._width = 0
        self._valued = False
        self._rows_from = -1

    def start(self, tag: str, attributes: Attributes) -> None:
        match tag:
            case "table-cell" | "covered-table-cell":
                self._cell(attributes)
            case "p":
                self._value()
            case "table-row":
                self._rows_from = self.offset if self._rows_from < 0 else self._rows_from
                self._times, self._column, self._valued = _count(attributes, "number-rows-repeated"), 0, False
            case "table":
                name = _attribute(attributes, "name")
                self.facts[name] = Facts(name)
                self._open(self.facts[name])
            case "a":
                self._current.links[self._row, self._column - 1] = _attribute(attributes, "href")

    def end(self, tag: str) -> None:
        if tag == "table-row":
            self._row += self._times
            self._height = self._row if self._valued else self._height
        elif tag == "table":
            self._current.cut = self._height > MAX_ROWS
            if self._height * self._width > MAX_CELLS:
                self._current.dropped = True
                self.drops.append((self._rows_from, self.offset))

    def _cell(self, attributes: Attributes) -> None:
        place = self._row, self._column
        self._column += _count(attributes, "number-columns-repeated")
        if not attributes:
            return
        if _attribute(attributes, "formula"):
            self._current.formulas[place] = _attribute(attributes, "string-value", "?") != ""
        if any(_attribute(attributes, key) for key in _ODS_VALUES):
            self._value()
        down, right = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if down * right > 1:
            self._current.merged.append((place, (place[0] + down - 1, place[1] + right - 1)))

    def _value(self) -> None:
        self._valued = True
        self._width = max(self._width, self._column)


def _count(attributes: Attributes, name: str) -> int:
    value = _attribute(attributes, name, "1")
    return int(value) if value.isdecimal() else 1
