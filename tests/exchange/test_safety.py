"""Files that are not what they say, or that wish harm: one finding each, never an exception, bounded in time and memory."""

import io
import os
import random
import struct
import time
import zipfile

import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from egide.exchange import grid, package, safety
from exchange.small import changed, workbook

ROWS = [["ID", "Réponse"], ["EG-066", "Oui"]]


def only(path):
    sheets, findings = grid.read(path, path.name)
    assert sheets == ()
    return [each.code for each in findings]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("q.xls", b"<html><table><tr><td>EG-066</td></tr></table></html>", "file.html"),
        ("q.xlsx", b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "file.html"),
        ("q.xlsx", "\ufeff<html></html>".encode("utf-16-le"), "file.html"),
        ("q.xlsx", b"%PDF-1.7\n%\xe2\xe3", "file.pdf"),
        ("q.csv", b"%PDF-1.4", "file.pdf"),
        ("q.xlsx", b"", "file.empty"),
        ("q.xlsx", b"PK\x03\x04garbage", "file.corrupt"),
        ("q.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
        ("q.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "file.document"),
        ("q.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "file.corrupt"),
        ("q.rtf", b"{\\rtf1 EG-066}", "file.document"),
        ("q.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file.unknown"),
        ("q.xml", b"<?xml version='1.0'?><Workbook/>", "file.unknown"),
        ("q.json", b'{"a": ', "plain.json"),
        ("q.json", b'[' * 100_000, "plain.json"),
    ],
)  # fmt: skip
def test_the_bytes_decide_not_the_name(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    assert only(path) == [code]


def test_a_workbook_under_a_false_name_is_read(tmp_path):
    path = workbook(tmp_path / "q.xlsx", ROWS).rename(tmp_path / "q.csv")
    sheets, findings = grid.read(path, "q.csv")
    assert sheets[0].rows[1] == ("EG-066", "Oui")
    assert findings == []


def test_a_directory_a_pipe_and_an_absent_file_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert [only(each) for each in (tmp_path, tmp_path / "pipe", tmp_path / "none")] == [["file.absent"]] * 3


def test_macros_and_external_links_are_noted_and_the_cells_read(tmp_path):
    path = changed(
        workbook(tmp_path / "q.xlsm", ROWS), {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<a/>"}
    )
    sheets, findings = grid.read(path, "q.xlsm")
    assert sheets[0].rows[1] == ("EG-066", "Oui")
    assert {each.code for each in findings} == {"file.macros", "file.external_links"}


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/custom.xml"])
def test_entity_declarations_are_refused(tmp_path, part):
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert only(changed(workbook(tmp_path / "q.xlsx", ROWS), {part: body})) == ["file.entities"]


def test_a_bomb_is_not_opened(tmp_path):
    path = changed(workbook(tmp_path / "q.xlsx", ROWS), {"xl/worksheets/sheet1.xml": b" " * 140_000_000})
    assert path.stat().st_size < 1_000_000
    start = time.process_time()
    assert only(path) == ["file.bomb"]
    assert time.process_time() - start < 1


def test_a_bomb_that_lies_about_its_size_is_not_opened(tmp_path):
    path = changed(workbook(tmp_path / "q.xlsx", ROWS), {"xl/worksheets/sheet1.xml": b" " * 20_000_000})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 20_000_000), struct.pack("<I", 2_000)))
    assert only(path) == ["file.corrupt"]


def test_too_many_entries_are_refused(tmp_path):
    path = changed(
        workbook(tmp_path / "q.xlsx", ROWS), {f"x/{number}.xml": b"<a/>" for number in range(safety.MAX_ENTRIES)}
    )
    assert only(path) == ["file.bomb"]


def test_a_plain_archive_is_not_a_questionnaire(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("q.csv", "EG-066;Oui")
    (tmp_path / "q.zip").write_bytes(buffer.getvalue())
    assert only(tmp_path / "q.zip") == ["file.archive"]


def _sheet(rows: bytes) -> dict[str, bytes]:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return {
        "xl/worksheets/sheet1.xml": b'<worksheet xmlns="'
        + space
        + b'"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    }


def _cell(reference: str, text: str) -> bytes:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def test_rows_beyond_the_limit_are_cut_with_a_finding(tmp_path):
    rows = b"".join(b'<row r="%d">%s</row>' % (n, _cell(f"A{n}", "x")) for n in (*range(1, 5), 1_048_576))
    path = changed(workbook(tmp_path / "q.xlsx", ROWS), _sheet(rows))
    sheets, findings = grid.read(path, "q.xlsx")
    assert len(sheets[0].rows) == 4
    assert [each.code for each in findings] == ["sheet.too_long"]


def test_a_hundred_thousand_rows_take_bounded_time(tmp_path):
    rows = b"".join(b'<row r="%d">%s</row>' % (n, _cell(f"A{n}", "x") + _cell(f"L{n}", "y")) for n in range(1, 100_001))
    path = changed(workbook(tmp_path / "q.xlsx", ROWS), _sheet(rows))
    start = time.process_time()
    sheets, findings = grid.read(path, "q.xlsx")
    assert time.process_time() - start < 4
    assert len(sheets[0].rows) == package.MAX_ROWS
    assert [each.code for each in findings] == ["sheet.too_long"]


def test_a_sheet_that_spreads_too_wide_is_left_out(tmp_path):
    rows = b'<row r="1">' + _cell("A1", "x") + b'</row><row r="19999">' + _cell("XFD19999", "y") + b"</row>"
    path = changed(workbook(tmp_path / "q.xlsx", {"Large": ROWS, "Bonne": ROWS}), _sheet(rows))
    sheets, findings = grid.read(path, "q.xlsx")
    assert [(each.code, each.place) for each in findings] == [("sheet.too_big", "Large")]
    assert [len(sheet.rows) for sheet in sheets] == [0, 2]


def test_an_ods_that_repeats_a_value_to_infinity_is_left_out(tmp_path):
    document = OpenDocumentSpreadsheet()
    for name, rows, columns in (("Bombe", 1_000_000, 16_384), ("Bonne", 1, 1)):
        table, row = Table(name=name), TableRow(numberrowsrepeated=rows)
        cell = TableCell(valuetype="string", numbercolumnsrepeated=columns)
        cell.addElement(P(text="EG-066"))
        row.addElement(cell)
        table.addElement(row)
        document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "q.ods"))
    sheets, findings = grid.read(tmp_path / "q.ods", "q.ods")
    assert [(each.code, each.place) for each in findings] == [("sheet.too_big", "Bombe")]
    assert [sheet.rows for sheet in sheets] == [(), (("EG-066",),)]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_broken_bytes_never_raise(tmp_path, kind):
    source = workbook(tmp_path / "q.xlsx", ROWS).read_bytes() if kind == "xlsx" else "ID;Réponse\nEG-066;Oui\n".encode()
    draw = random.Random(7)  # noqa: S311
    for _ in range(150):
        data = bytearray(source[: draw.randrange(1, len(source) + 1)])
        for _ in range(draw.randrange(4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path = tmp_path / f"broken.{kind}"
        path.write_bytes(bytes(data))
        sheets, findings = grid.read(path, path.name)
        assert sheets or findings
