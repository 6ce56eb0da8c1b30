"""Any file a tenderer may send back, as sheets of text cells that know their place."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from egide import plain
from egide.errors import DataError
from egide.exchange import package, vocabulary
from egide.exchange.package import MAX_COLUMNS, MAX_ROWS, Area, Cell, letters
from egide.exchange.safety import Content, Kind, Refused, load, refusal, repack
from egide.finding import Finding, Severity
from egide.message import message

if TYPE_CHECKING:
    from lxml.etree import _Element

Row = tuple[str, ...]


class Layout(StrEnum):
    """How a place is told to a person."""

    WORKBOOK = "workbook"
    LINES = "lines"
    TABLE = "table"
    PATHS = "paths"


@dataclass(frozen=True)
class Sheet:
    """A table of text cells, rows and columns counted from 0, as it stands in the file."""

    name: str
    rows: tuple[Row, ...]
    layout: Layout = Layout.WORKBOOK
    formulas: Mapping[Cell, bool] = field(default_factory=dict)
    """The cells that hold a formula, and whether a computed value was kept."""
    merged: tuple[Area, ...] = ()
    links: Mapping[Cell, str] = field(default_factory=dict)
    numbers: frozenset[Cell] = frozenset()
    """The cells that hold a number, not a text that looks like one."""
    labels: tuple[str, ...] = ()
    """The line number (text) or the path (JSON) of each row."""
    properties: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    def place(self, row: int, column: int) -> str:
        """Return where the cell is, in the words of the program that shows the file."""
        match self.layout:
            case Layout.WORKBOOK:
                return f"{self.name}!{letters(column)}{row + 1}"
            case Layout.LINES:
                return f"ligne {self.labels[row]}, colonne {column + 1}"
            case Layout.TABLE:
                return f"{self.name}, ligne {row + 1}, colonne {column + 1}"
            case Layout.PATHS:
                return f"{self.labels[row]}.{self.rows[0][column]}" if row else self.rows[0][column]

    def column(self, column: int) -> str:
        """Return the name of a column for a person."""
        if self.layout is Layout.WORKBOOK:
            return f"{self.name}!{letters(column)}"
        return f"{self.name}, colonne {column + 1}".removeprefix(", ")


def read(path: Path, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    """Return the sheets of a file, and what was found; a file that cannot be used has no sheet and an error."""
    try:
        content = load(path, name)
        sheets, findings = _READERS[content.kind](content, name)
    except Refused as refused:
        return (), [refusal(refused.code, name)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a library met what it was not made for; a panic in Rust is no Exception
        return (), [refusal("file.corrupt", name)]
    return sheets, [*content.notes, *findings]


# ----------------------------------------------------------------------------------------------------------- workbooks
def _workbook(content: Content, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    import python_calamine  # noqa: PLC0415 (loaded for workbooks only)

    source, packed = io.BytesIO(content.data), None
    if content.kind is not Kind.XLS:
        packed = package.of_xlsx(content.parts) if content.kind is Kind.XLSX else package.of_ods(content.parts)
        source = repack(packed.parts)
    try:
        book = python_calamine.load_workbook(source)
    except python_calamine.PasswordError:
        raise Refused("file.encrypted") from None
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for metadata in book.sheets_metadata:
        if metadata.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        values = book.get_sheet_by_name(metadata.name)
        facts = packed.facts.get(metadata.name) if packed else None
        facts = facts or package.Facts(metadata.name, cut=values.total_height > MAX_ROWS)
        facts.merged = facts.merged or list(values.merged_cell_ranges or ())
        facts.hidden = metadata.visible is not python_calamine.SheetVisibleEnum.Visible
        rows = values.to_python(skip_empty_area=False, nrows=MAX_ROWS)
        sheets.append(_sheet(facts, rows, packed.properties if packed else {}))
        findings += _limits(facts, rows, name)
    return tuple(sheets), findings


def _sheet(facts: package.Facts, values: Sequence[Sequence[object]], properties: Mapping[str, str]) -> Sheet:
    numbers = frozenset(
        (row, column)
        for row, cells in enumerate(values)
        for column, value in enumerate(cells[:MAX_COLUMNS])
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
    return Sheet(
        facts.name,
        tuple(tuple(_said(value) for value in cells[:MAX_COLUMNS]) for cells in values),
        formulas=facts.formulas,
        merged=tuple(facts.merged),
        links=facts.links,
        numbers=numbers,
        properties=properties,
        hidden=facts.hidden,
    )


def _said(value: object) -> str:
    match value:
        case str():
            return value.strip()
        case bool():
            return "VRAI" if value else "FAUX"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta() | int():
            return str(value)
        case _:
            return ""


def _limits(facts: package.Facts, rows: Sequence[Sequence[object]], name: str) -> Iterator[Finding]:
    shorten = message("Supprimer les lignes et colonnes inutiles, puis renvoyer le fichier.")
    if facts.dropped:
        said = message("la feuille est démesurée (une cellule remplie très loin des autres) : elle n'a pas été lue")
        yield Finding("sheet.too_big", Severity.ERROR, said, shorten, name, facts.name)
    elif facts.cut:
        said = message("la feuille a plus de {limit} lignes : les suivantes n'ont pas été lues", limit=MAX_ROWS)
        yield Finding("sheet.too_long", Severity.DOUBT, said, shorten, name, facts.name)
    if any(len(row) > MAX_COLUMNS and any(cell != "" for cell in row[MAX_COLUMNS:]) for row in rows):
        said = message("la feuille a plus de {limit} colonnes : les suivantes n'ont pas été lues", limit=MAX_COLUMNS)
        yield Finding("sheet.too_wide", Severity.DOUBT, said, shorten, name, facts.name)


# ---------------------------------------------------------------------------------------------------------------- text
_SEPARATORS = ";,\t|"


def decoded(data: bytes) -> str:
    """Return the text of bytes written by an unknown program. Raises Refused."""
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file.unknown")


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
        return
    head = data[:4096]
    if b"\0" in head:
        yield "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return
    yield "utf-8-sig"
    yield "cp1252"
    yield "latin-1"


def _text(content: Content, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    text = decoded(content.data)
    declared = re.match(r"sep=(.)\r?\n", text)
    separator = declared[1] if declared else _separator(text)
    rows: list[Row] = []
    lines: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for row in reader:
            if len(rows) >= MAX_ROWS:
                break
            rows.append(tuple(cell.strip() for cell in row[:MAX_COLUMNS]))
            lines.append(str(before + 1))
            before = reader.line_num
    except csv.Error:
        raise Refused("file.corrupt") from None
    facts = package.Facts(name, cut=len(rows) >= MAX_ROWS)
    return (Sheet("", tuple(rows), Layout.LINES, labels=tuple(lines)),), list(_limits(facts, [], name))


def _separator(text: str) -> str:
    """Return the separator that cuts the first lines into the most cells of regular columns."""
    sample = text[:20_000]

    def regular(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)][:50]
        except csv.Error:
            return 0, 0
        several = [width for width in widths if width > 1]
        usual = max(set(several), key=several.count, default=0)
        return several.count(usual) * (usual - 1), usual

    return max(_SEPARATORS, key=regular)


# ---------------------------------------------------------------------------------------------------------------- docx
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}tab": " "}
_WRAPPERS = {f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins", f"{_WORD}smartTag", f"{_WORD}customXml"}


def _docx(content: Content, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    from lxml import etree  # noqa: PLC0415 (loaded for text documents only)

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content.parts["word/document.xml"], parser)
    except etree.XMLSyntaxError:
        raise Refused("file.corrupt") from None
    tables = (_table(table, f"tableau {number}") for number, table in enumerate(root.iter(f"{_WORD}tbl"), 1))
    return tuple(tables), []


def _table(table: "_Element", name: str) -> Sheet:
    rows: list[Row] = []
    merged: list[Area] = []
    started: dict[int, int] = {}
    for row in islice(_children(table, "tr"), MAX_ROWS):
        cells: list[str] = []
        for cell in _children(row, "tc"):
            place = len(rows), len(cells)
            properties = cell.find(f"{_WORD}tcPr")
            merge = None if properties is None else properties.find(f"{_WORD}vMerge")
            if merge is not None and merge.get(f"{_WORD}val", "continue") == "continue":
                merged.append(((started.get(place[1], place[0]), place[1]), place))
            else:
                started[place[1]] = place[0]
            span = None if properties is None else properties.find(f"{_WORD}gridSpan")
            width = 1 if span is None else int(span.get(f"{_WORD}val", "1"))
            cells += [_words(cell), *[""] * (min(width, MAX_COLUMNS) - 1)]
        rows.append(tuple(cells[:MAX_COLUMNS]))
    return Sheet(name, tuple(rows), Layout.TABLE, merged=tuple(merged))


def _children(element: "_Element", tag: str) -> Iterator["_Element"]:
    for child in element:
        if child.tag == _WORD + tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _words(cell: "_Element") -> str:
    """Return the text of a cell, a line for each paragraph, boxes to tick as characters."""
    said = []
    for element in cell.iter():
        if element.tag == f"{_WORD}t":
            said.append(element.text or "")
        elif element.tag == f"{_WORD}checkBox":
            said.append("☒" if _is_ticked(element) else "☐")
        elif element.tag in _BREAKS:
            said.append(_BREAKS[element.tag])
    return "\n".join(line.strip() for line in "".join(said).splitlines() if line.strip())


def _is_ticked(box: "_Element") -> bool:
    mark = box.find(f"{_WORD}checked")
    if mark is None:
        mark = box.find(f"{_WORD}default")
    return mark is not None and mark.get(f"{_WORD}val", "1") not in {"0", "false"}


# ---------------------------------------------------------------------------------------------------------------- json
_MAX_DEPTH = 12


def _json(content: Content, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    try:
        data = plain.parse_json(decoded(content.data), name)
    except DataError as fault:
        return (), list(fault.findings)
    records = list(islice(_records(data, "", _MAX_DEPTH), MAX_ROWS))
    heading = tuple(dict.fromkeys(key for _, record in records for key in record))[:MAX_COLUMNS]
    rows = (heading, *(tuple(record.get(key, "") for key in heading) for _, record in records))
    labels = ("", *(path for path, _ in records))
    return (Sheet("", rows, Layout.PATHS, labels=labels),), []


IDENTIFIER = "point"
"""The key under which a record found by its own key is filed."""


def _records(data: object, path: str, depth: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Find every record: a mapping that names a point, stands in a list, or is filed under the name of a point."""
    if isinstance(data, list) and depth:
        for number, each in enumerate(data):
            inner = f"{path}[{number}]"
            if isinstance(each, dict) and not any(_holds_records(value) for value in each.values()):
                yield inner, _texts(each)
            else:
                yield from _records(each, inner, depth - 1)
    elif (
        isinstance(data, dict)
        and not vocabulary.IDENTIFIER_KEYS.isdisjoint(map(vocabulary.fold, data))
        and not _nested(data)
    ):
        yield path, _texts(data)
    elif isinstance(data, dict) and depth:
        for key, value in data.items():
            inner = f"{path}.{key}".lstrip(".")
            leaf = _leaf(value)
            if leaf is not None:
                yield inner, {IDENTIFIER: key, vocabulary.ANSWER_KEY: leaf}
            elif isinstance(value, dict) and not vocabulary.ANSWER_KEYS.isdisjoint(map(vocabulary.fold, value)):
                yield inner, {IDENTIFIER: key} | _texts(value)
            else:
                yield from _records(value, inner, depth - 1)


def _holds_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _nested(data: Mapping[str, object]) -> bool:
    return any(_holds_records(value) or (isinstance(value, dict) and _leaf(value) is None) for value in data.values())


def _texts(data: Mapping[str, object]) -> dict[str, str]:
    leaves = {key: _leaf(value) for key, value in data.items()}
    return {key: plain.canonical(data[key]).decode() if said is None else said for key, said in leaves.items()}


def _leaf(value: object) -> str | None:
    """Return a value as the text of a cell; None if it is not one."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case str() | int():
            return str(value).strip()
        case {"document": str(document), "section": str(section)}:
            return f"{document}, § {section}" if section else document
        case list() if all(isinstance(each, str) for each in value):
            return ", ".join(value)
        case _:
            return None


_Reader = Callable[[Content, str], tuple[tuple[Sheet, ...], list[Finding]]]
_READERS: Mapping[Kind, _Reader] = {
    Kind.XLSX: _workbook,
    Kind.ODS: _workbook,
    Kind.XLS: _workbook,
    Kind.DOCX: _docx,
    Kind.JSON: _json,
    Kind.TEXT: _text,
}
