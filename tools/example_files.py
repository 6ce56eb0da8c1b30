"""Files as people send them, written the same twice: PDF, DOCX, and workbooks that went through LibreOffice."""

import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import typst
from docx.shared import Cm, Pt

FICTITIOUS = "Document d'un exemple fictif : société, personnes, chiffres et prix sont inventés."
Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading and its paragraphs: (numbered title, text)."""

_PDF = b"""
#let doc = json(bytes(sys.inputs.doc))
#set document(title: doc.title, date: none)
#set text(lang: "fr", size: 8pt)
#set page(margin: 1.6cm, columns: 2, header: text(7pt, doc.notice), footer: context align(center, counter(page).display("1 / 1", both: true)))
#place(top, scope: "parent", float: true)[#text(15pt, weight: "bold", doc.title)]
#for section in doc.sections [
  == #section.at(0)
  #for line in section.at(1) [ *#line.at(0)* #line.at(1) #parbreak() ]
]
"""


def pdf(path: Path, title: str, sections: Sequence[Section]) -> None:
    """Write a short PDF."""
    doc = json.dumps({"title": title, "notice": FICTITIOUS, "sections": sections}, ensure_ascii=False)
    path.write_bytes(typst.compile(_PDF, format="pdf", sys_inputs={"doc": doc}))


def word(
    path: Path, title: str, sections: Sequence[Section], tables: Sequence[tuple[str, Sequence[Sequence[str]]]] = ()
) -> None:
    """Write a text document: sections, then titled tables."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(8)
    document.styles["Normal"].paragraph_format.space_after = Pt(2)
    for page in document.sections:
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.6)
    document.add_heading(title, 0)
    document.add_paragraph(FICTITIOUS)
    for heading, lines in sections:
        document.add_heading(heading, 1)
        for name, text in lines:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{name} ").bold = True
            paragraph.add_run(text)
    for heading, rows in tables:
        document.add_heading(heading, 1)
        _table(document, rows)
    memory = io.BytesIO()
    document.save(memory)
    path.write_bytes(settled(memory.getvalue()))


def _table(document: docx.document.Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def through_office(path: Path, suffix: str) -> Path:
    """Open a workbook in LibreOffice, save it as `suffix`, and return it in the place of the first."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        out = Path(scratch) / "out"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        saved = (out / f"{path.stem}.{suffix}").read_bytes()
    path.unlink()
    target = path.with_suffix(f".{suffix}")
    target.write_bytes(settled(saved))
    return target


_WHEN = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
_PAGES = re.compile(rb"<style:master-page .*?</style:master-page>", re.S)
_LAYOUTS = re.compile(rb'<style:page-layout style:name="([^"]*)"(.*?</style:page-layout>)', re.S)
_REFERS = re.compile(rb'style:page-layout-name="([^"]*)"')
_BASE = re.compile(rb' table:base-cell-address="[^"]*"')
_LASTED = re.compile(rb"<meta:editing-duration>[^<]*</meta:editing-duration>")


def settled(data: bytes) -> bytes:
    """Return a zipped document without the time at which it was made, so that the same content is the same bytes."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(memory, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in {"meta.xml", "docProps/core.xml"}:
                content = _LASTED.sub(b"", _WHEN.sub(b"2026-11-02T09:00:00Z", content))
            if entry.filename in {"styles.xml", "content.xml"}:
                content = _in_order(content)
            info = zipfile.ZipInfo(entry.filename, (2026, 11, 2, 9, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return memory.getvalue()


def _in_order(xml: bytes) -> bytes:
    """Return the XML without what depends on which sheet LibreOffice, which reads them together, finished first."""
    xml = _named_in_order(xml)
    pages = iter(sorted(_PAGES.findall(xml)))
    return _BASE.sub(b"", _PAGES.sub(lambda _: next(pages), xml))


def _named_in_order(xml: bytes) -> bytes:
    """Return the XML with its page layouts in the order of what they say, and named in that order."""
    found = _LAYOUTS.findall(xml)
    names = sorted(name for name, _ in found)
    ordered = sorted((content, name) for name, content in found)
    renamed = {old: new for (_, old), new in zip(ordered, names, strict=True)}
    same = {content: new for (content, _), new in reversed(list(zip(ordered, names, strict=True)))}
    refers = {old: same[content] for old, content in found}
    layouts = iter(b'<style:page-layout style:name="%b"%b' % (renamed[old], content) for content, old in ordered)
    xml = _LAYOUTS.sub(lambda _: next(layouts), xml)
    return _REFERS.sub(lambda ref: b'style:page-layout-name="%b"' % refers.get(ref[1], ref[1]), xml)
