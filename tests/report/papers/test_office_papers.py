"""DOCX and ODT of the same blocks as the PDF: read back, inert, accessible, the same twice, opened by LibreOffice."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from egide.report.papers import blocks, odt
from egide.report.papers import docx as docx_paper
from egide.report.papers import office as office_parts
from egide.report.papers import pdf as paper
from egide.report.papers.typography import printable
from report import office
from report.office import DAY, HOSTILE

Writer = Callable[[Mapping[str, Any], date], bytes]
WRITERS = {"docx": docx_paper.compiled, "odt": odt.compiled}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(params=list(WRITERS))
def write(request: pytest.FixtureRequest) -> Writer:
    return WRITERS[request.param]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def odt_text(content: bytes) -> str:
    """Return the text of an ODT, its line breaks, spaces and tabs written out."""
    root = etree.fromstring(parts(content)["content.xml"])
    for element in root.iter():
        name = etree.QName(element).localname
        if name in {"line-break", "s", "tab"}:
            count = next((int(value) for key, value in element.attrib.items() if key.endswith("}c")), 1)
            element.text = {"line-break": "\n", "s": " " * count, "tab": "\t"}[name]
    return "\n".join("".join(each.itertext()) for each in root.iter() if etree.QName(each).localname in {"p", "h"})


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


TEXT_OF = {docx_paper.compiled: docx_text, odt.compiled: odt_text}


def test_same_data_same_bytes(write: Writer) -> None:
    made = write(office.document(office.every_kind(*HOSTILE)), DAY)
    assert made == write(office.document(office.every_kind(*HOSTILE)), DAY)
    assert made != write(office.document(office.every_kind(*HOSTILE)), date(2026, 11, 21))


def test_every_part_is_xml_and_of_a_fixed_date(write: Writer) -> None:
    made = write(office.document(office.every_kind(*HOSTILE)), DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
    for name, content in parts(made).items():
        if name != "mimetype":
            etree.fromstring(content)
            assert not re.search(rb"\$\{?[a-z]+", content.replace(b"${title} $body", b"")), name


def test_hostile_texts_are_texts(write: Writer) -> None:
    text = TEXT_OF[write](write(office.document(office.every_kind(*HOSTILE)), DAY))
    for said in HOSTILE:
        kept = re.sub("[\x00\x07\x0b\ud800\ufffe]", "", said)
        assert kept in text, said[:40]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_read_back(said: str) -> None:
    held = [blocks.paragraph(f"[{said}]"), blocks.table("1f", ["t"], [[f"[{said}]"]])]
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", said.replace("\r\n", "\n").replace("\r", "\n"))
    for write, text_of in TEXT_OF.items():
        assert text_of(write(office.document(held), DAY)).count(f"[{kept}]") == 2


def test_the_docx_is_read_back_with_the_same_tables() -> None:
    rows = [["un\ndeux", "😀", "12,50"], ["", "x" * 500, "−3"]]
    held = [
        blocks.table("1f 30 20>", ["A", "B", "C"], rows, [1]),
        blocks.groups("1f 30 20>", ["A", "B", "C"], [("Titre", rows, "Pied")], 2),
        blocks.pairs([("Clé", "valeur")]),
    ]
    table, grouped, pairs = docx.Document(io.BytesIO(docx_paper.compiled(office.document(held), DAY))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["A", "B", "C"], *rows]
    said = [[cell.text for cell in row.cells] for row in grouped.rows]
    assert said == [["A", "B", "C"], ["Titre"] * 3, *rows, ["Pied", "Pied", ""]]
    assert [[cell.text for cell in row.cells] for row in pairs.rows] == [["Clé", "valeur"]]
    assert [column.width.mm for column in table.columns] == pytest.approx([126, 30, 20], abs=0.1)
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert table.cell(2, 0).paragraphs[0].style.name == "Table Text"
    assert all(run.bold for cell in table.rows[2].cells for run in cell.paragraphs[0].runs)
    assert not any(run.bold for cell in table.rows[1].cells for run in cell.paragraphs[0].runs)
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [None, None, 2]


def test_the_docx_has_real_styles_sections_and_properties() -> None:
    document = docx.Document(io.BytesIO(docx_paper.compiled(office.document(office.every_kind()), DAY)))
    styles = [(each.style.name, each.text) for each in document.paragraphs if each.text]
    for name, text in (
        ("Title", "Titre du document"), ("Subtitle", "Objet & <suite>"), ("Heading 1", "Premier titre"), ("Heading 2", "Sous-titre"),
        ("Heading 3", "Détail"), ("List Bullet", "un"), ("To fill in", "Écrire ici l'objet."), ("TOC Heading", "Sommaire"), ("toc 1", "1 Premier titre"),
        ("toc 2", "1.1 Sous-titre"), ("toc 2", "2.1 Après"), ("Caption", "Points par critère"),
    ):  # fmt: skip
        assert (name, text) in styles
    assert ("toc 2", "2.1.1 Détail") not in styles
    sides = [(round(each.page_width.mm), round(each.page_height.mm)) for each in document.sections]
    assert sides == [(210, 297), (297, 210), (210, 297)]
    assert document.core_properties.title == "Titre du document – Objet & <suite>"
    assert document.core_properties.author == "Centre fictif"
    assert document.core_properties.created.date() == DAY
    assert [each.text for each in document.sections[0].header.paragraphs] == ["Objet courant\tTitre du document"]
    assert "PAGE" in document.sections[1].footer._element.xml
    assert "NUMPAGES" in document.sections[1].footer._element.xml
    language = document.styles.element.find(f".//{W}rPrDefault//{W}lang")
    assert language.get(f"{W}val") == "fr-FR"
    assert 'w:val="Barres des points"' in document.element.xml
    assert 'TOC \\o "1-2"' in document.element.xml


def test_english_says_so(write: Writer) -> None:
    made = parts(write(office.document([], "en"), DAY))
    written = made.get("word/styles.xml") or made["styles.xml"]
    assert b"en-GB" in written or (b'fo:language="en"' in written and b'fo:country="GB"' in written)


def test_headings_are_numbered_as_in_the_pdf() -> None:
    held = office.every_kind()
    numbers = [f"{each.number} {each.text}" for each in office_parts.headings(held)]
    assert numbers == ["1 Premier titre", "1.1 Sous-titre", "2 En paysage", "2.1 Après", "2.1.1 Détail"]
    pdf = paper.compiled(office.document(held, subject="Objet"), DAY)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert all(each in text for each in numbers)


def test_a_heading_deeper_than_the_styles_is_shown_as_the_deepest(write: Writer) -> None:
    held = [blocks.heading("un"), blocks.heading("deux", 2), blocks.heading("trois", 3), blocks.heading("quatre", 4)]
    assert [each.number for each in office_parts.headings(held)] == ["1", "1.1", "1.1.1", "1.1.2"]
    assert "quatre" in TEXT_OF[write](write(office.document(held), DAY))


def test_a_blank_is_seen_in_the_pdf_too() -> None:
    pdf = paper.compiled(office.document([blocks.blank(printable("Écrire ici l'objet, $x$ #y."))]), DAY)
    assert "Écrire ici l'objet, $x$ #y." in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_widths_fill_the_room() -> None:
    assert office_parts.millimetres([["mm", 30.0], ["fr", 1.0], ["fr", 3.0]], 170) == [30, 35, 105]
    narrow = office_parts.millimetres([["mm", 150.0], ["mm", 150.0], ["fr", 1.0]], 170)
    assert sum(narrow) == pytest.approx(170)
    assert min(narrow) == 12


def test_a_document_may_begin_or_end_in_landscape_or_be_empty(write: Writer) -> None:
    wide = blocks.landscape([blocks.paragraph("large")])
    for held in ([], [wide], [wide, wide], [blocks.new_page(), wide, blocks.new_page()], [blocks.contents()]):
        assert TEXT_OF[write](write(office.document(held), DAY)).count("large") == str(held).count("large")


@pytest.mark.office
@office.NEEDS_OFFICE
def test_libreoffice_opens_them_all(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if len(text) < 400]
    data = office.document(office.every_kind(*texts))
    for kind, writer in WRITERS.items():
        (tmp_path / f"{kind}-file.{kind}").write_bytes(writer(data, DAY))
    files = [tmp_path / f"{kind}-file.{kind}" for kind in WRITERS]
    for made in office.converted(tmp_path, *files):
        pages = [page.extract_text() for page in pypdf.PdfReader(made).pages]
        text = "\n".join(pages)
        for said in (
            "Titre du document",
            "1 Premier titre",
            "2 En paysage",
            "2.1.1 Détail",
            "Sommaire",
            "<w:t>gras</w:t>",
            "{{ 7*7 }}",
            "Total : 25",
        ):
            assert said in text, (made.name, said)
        assert "Objet courant" in pages[1]
        assert "Objet courant" not in pages[0]
        assert f"page 2 / {len(pages)}" in pages[1]
        sizes = [page.mediabox.width > page.mediabox.height for page in pypdf.PdfReader(made).pages]
        assert True in sizes
        assert not sizes[0]
        assert not sizes[-1]
