"""Writers of messy files: pages of raw cells to xlsx, xlsm, ods, csv, docx and json."""

import csv
import json
import re
import zipfile
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from random import Random

import docx
import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P
from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Formula:
    """A formula; nothing here computes it, so the file carries no value for it."""

    text: str


Cell = str | int | float | bool | Formula | None
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass
class Page:
    """A sheet or a table: rows of cells, merged areas, hidden columns."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)

    def merge_row(self, row: list[Cell], width: int) -> None:
        """Add a row whose last cell spreads up to `width` columns."""
        self.rows.append(row)
        first = len(row) - 1
        if first + 1 < width:
            self.merges.append((len(self.rows) - 1, first, len(self.rows) - 1, width - 1))


def write(
    rng: Random, stem: Path, kind: str, pages: list[Page], encoding: str, separator: str, keys: list[str]
) -> Path:
    """Write the pages in the format `kind` and return the file."""
    path = stem.with_suffix(f".{kind}")
    if kind in {"xlsx", "xlsm"}:
        _xlsx(path, pages)
        if kind == "xlsm" and rng.random() < 0.5:
            _as_macro_type(path)
    elif kind == "ods":
        _ods(path, pages)
    elif kind == "csv":
        path.write_bytes(_csv(pages, separator).encode(encoding))
    elif kind == "docx":
        _docx(path, pages)
    else:
        path.write_text(_json(rng, pages, keys), encoding="utf-8")
    if kind not in {"csv", "json"}:
        _steady(path)
    return path


DAY = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?(?=<)")


def _steady(path: Path) -> None:
    """Take the hour of writing out of the file, so that a seed always gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, body in parts:
            still = zipfile.ZipInfo(info.filename)
            still.compress_type = info.compress_type
            dated = info.filename in {"docProps/core.xml", "meta.xml"}
            archive.writestr(still, DAY.sub(b"2026-11-02T08:00:00Z", body) if dated else body)


def _xlsx(path: Path, pages: list[Page]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for y, row in enumerate(page.rows, 1):
            for x, cell in enumerate(row, 1):
                if cell is not None:
                    sheet.cell(y, x).value = cell.text if isinstance(cell, Formula) else cell
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for column in page.hidden:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
    book.save(path)


def _as_macro_type(path: Path) -> None:
    """Give the workbook the content type of a true .xlsm."""
    plain, macro = b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument." + plain
    macro = b"application/vnd.ms-excel." + macro
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(plain, macro)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)


@cache
def _warm() -> None:
    """Save a first document: odfpy names its namespaces as it meets them, and later ones would differ from it."""
    OpenDocumentSpreadsheet().write(BytesIO())


def _ods(path: Path, pages: list[Page]) -> None:
    _warm()
    document = OpenDocumentSpreadsheet()
    for page in pages:
        table = Table(name=page.name)
        width = max((len(row) for row in page.rows), default=1)
        for column in range(width):
            table.addElement(TableColumn(visibility="collapse") if column in page.hidden else TableColumn())
        spans = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
        covered = {
            (y, x)
            for top, left, bottom, right in page.merges
            for y in range(top, bottom + 1)
            for x in range(left, right + 1)
        } - set(spans)
        for y, row in enumerate(page.rows):
            table.addElement(_ods_row(y, row, spans, covered, width))
        document.spreadsheet.addElement(table)
    document.save(str(path))


def _ods_row(
    y: int, row: list[Cell], spans: dict[tuple[int, int], tuple[int, int]], covered: set[tuple[int, int]], width: int
) -> TableRow:
    line = TableRow()
    for x in range(width):
        cell = row[x] if x < len(row) else None
        if (y, x) in covered:
            line.addElement(CoveredTableCell())
            continue
        element = _ods_cell(cell)
        if (y, x) in spans:
            bottom, right = spans[y, x]
            element.setAttribute("numberrowsspanned", bottom - y + 1)
            element.setAttribute("numbercolumnsspanned", right - x + 1)
        line.addElement(element)
    return line


def _ods_cell(cell: Cell) -> TableCell:
    if cell is None or cell == "":
        return TableCell()
    if isinstance(cell, bool):
        element = TableCell(valuetype="boolean", booleanvalue=str(cell).lower())
        element.addElement(P(text="VRAI" if cell else "FAUX"))
        return element
    if isinstance(cell, int | float):
        element = TableCell(valuetype="float", value=str(cell))
        element.addElement(P(text=str(cell)))
        return element
    element = TableCell(valuetype="string")
    for line in (cell.text if isinstance(cell, Formula) else cell).split("\n"):
        element.addElement(P(text=line))
    return element


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    return "" if cell is None else cell.text if isinstance(cell, Formula) else str(cell)


def _csv(pages: list[Page], separator: str) -> str:
    out = StringIO(newline="")
    width = max((len(row) for page in pages for row in page.rows), default=1)
    writer = csv.writer(out, delimiter=separator)
    for page in pages:
        for row in page.rows:
            writer.writerow([_text(cell) for cell in row] + [""] * (width - len(row)))
    return out.getvalue()


def _docx(path: Path, pages: list[Page]) -> None:
    document = docx.Document()
    document.add_heading("Annexe sécurité", 1)
    for page in pages:
        document.add_paragraph(page.name)
        width = max((len(row) for row in page.rows), default=1)
        table = document.add_table(len(page.rows), width)
        grid = [list(row.cells) for row in table.rows]
        for y, row in enumerate(page.rows):
            for x, cell in enumerate(row):
                if cell is not None and cell != "":
                    grid[y][x].text = _text(cell)
        for top, left, bottom, right in page.merges:
            if right < width:
                grid[top][left].merge(grid[bottom][right])
    document.save(str(path))


def _json(rng: Random, pages: list[Page], keys: list[str]) -> str:
    records = [
        {key: cell.text if isinstance(cell, Formula) else cell for key, cell in zip(keys, row, strict=False)}
        for page in pages
        for row in _json_rows(page, keys)
    ]
    whole: object = rng.choice((records, {"reponses": records}, {"soumissionnaire": "Fictif SA", "answers": records}))
    return json.dumps(whole, ensure_ascii=rng.random() < 0.3, indent=rng.choice((None, 1)))


def _json_rows(page: Page, keys: list[str]) -> list[list[Cell]]:
    """Return the rows that are records: as wide as the keys once the empty columns at the left are gone."""
    kept = []
    for row in page.rows:
        left = max(0, len(row) - len(keys))
        if len(row) >= len(keys) and row[left:] != list(keys):
            kept.append(row[left:])
    return kept
