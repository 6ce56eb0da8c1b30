"""The texts that other tests look into are those of pypdf alone."""

import io
from datetime import date

import pypdf

import pdf_text
from egide.report.papers import pdf as paper
from report import office


def test_pages_taken_apart_by_qpdf_hold_the_text_that_pypdf_finds_alone() -> None:
    made = paper.compiled(office.document(office.every_kind("« Été » : 1 250,50 €", "(\\)")), date(2026, 11, 1))
    alone = tuple(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert len(alone) > 2
    assert pdf_text.pages(made) == alone
    assert "1 250,50" in "".join(alone).replace("\u202f", " ").replace("\u00a0", " ")
