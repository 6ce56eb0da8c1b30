"""What was published is read again, whatever a person did to the document: what differs is found, what is dressed is not."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.shared import Pt
from docx.table import Table

from egide import plain
from egide.clausier.model import Clausier
from egide.exchange import published
from egide.finding import Finding, Severity
from egide.message import Language
from egide.report.dce import document as dce
from egide.tender.contract import Document
from egide.tender.model import PointUse, Tender
from egide.tender.procedure.journal import Amendment, Journal, Publication
from egide.tender.procedure.publication import digest, frozen, terms
from report import dossiers, office

DOCX, ODT = published.RC


@pytest.fixture(scope="module")
def tender() -> Tender:
    return dossiers.tender()


@pytest.fixture(scope="module")
def clausier(tender: Tender) -> Clausier:
    return narrowed(tender)


@pytest.fixture(scope="module")
def papers(tender: Tender, clausier: Clausier) -> dict[str, bytes]:
    return written(tender, clausier)


def narrowed(of: Tender) -> Clausier:
    """Return three themes of the clausier of a consultation: what is compared does not depend on how many there are."""
    whole = dossiers.narrowed(of)
    return replace(whole, themes=tuple(theme for theme in whole.themes if theme.id in {"T1", "T2", "T6"}))


def written(tender: Tender, clausier: Clausier, language: Language = "fr") -> dict[str, bytes]:
    draft = dossiers.draft(tender, clausier, language)
    kept = terms(tender, clausier)
    known = {
        "format": 1,
        "program": "1",
        "day": "2026-09-14",
        "language": language,
        "title": tender.title,
        "digest": digest(kept),
        "terms": plain.unstructure(kept),
    }
    files = dce.files({Document.RC: dce.framed(draft, Document.RC)}, dossiers.ON)
    return {**files, published.PUBLICATION: json.dumps(known, ensure_ascii=False).encode()}


@pytest.fixture
def folder(tmp_path: Path, papers: dict[str, bytes]) -> Path:
    (tmp_path / "dce").mkdir()
    for name, content in papers.items():
        (tmp_path / "dce" / name).write_bytes(content)
    return tmp_path


def table(document: docx.document.Document, heading: str, row: str = "") -> Table:
    return next(
        each
        for each in document.tables
        if any(heading in cell.text for cell in each.rows[0].cells)
        and (not row or any(row == line.cells[0].text for line in each.rows))
    )


def edit(folder: Path, change: Callable[[docx.document.Document], None]) -> None:
    path = folder / "dce" / DOCX
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))


def cell(document: docx.document.Document, heading: str, row: str, column: str) -> object:
    found = table(document, heading, row)
    place = next(n for n, each in enumerate(found.rows[0].cells) if column in each.text)
    return next(line for line in found.rows if line.cells[0].text == row).cells[place]


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(each.code, each.severity.value) for each in found]


def test_nothing_published_is_nothing_to_compare(tmp_path, tender, clausier):
    assert published.check(tmp_path, tender, clausier) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_written_is_what_is_read_in_both_formats_and_languages(tmp_path, tender, clausier, language):
    (tmp_path / "dce").mkdir()
    for name, content in written(tender, clausier, language).items():
        (tmp_path / "dce" / name).write_bytes(content)
    assert published.check(tmp_path, tender, clausier) == []


# ------------------------------------------------------------------------------------------------- edited afterwards
@pytest.mark.parametrize(
    ("heading", "row", "column", "wrong", "right"),
    [
        ("Repère du critère", "prix", "Poids", "40", "37,5"),
        ("Repère du critère", "securite/donnees", "Poids", "15", "13"),
        ("Repère du critère", "prix", "Échelle", "0 – 100", "0 – 20"),
        ("Repère du critère", "prix", "Note", "N × Pmin ÷ P", "N × (1 − (P − Pmin) ÷ Pmin), au moins 0"),
        ("Points qui ont ce niveau", "Plancher", "Valeur", "0,6", "0,5"),
        ("Niveaux et valeurs", "EG-002", "Sans réponse", "zéro", "offre irrégulière"),
        ("Niveaux et valeurs", "EG-001", "Sans objet", "admis", "non admis"),
        ("Niveaux et valeurs", "EG-001", "Niveaux", "Complet 1 · Bon 0,5", "Complet"),
        ("Niveaux et valeurs", "EG-001", "Usage", "Noté", "Minimum exigé, puis noté"),
    ],
)
def test_a_cell_edited_by_hand_is_an_error_with_its_place_and_both_values(
    folder, tender, clausier, heading, row, column, wrong, right
):
    edit(folder, lambda document: setattr(cell(document, heading, row, column), "text", wrong))
    (found,) = published.check(folder, tender, clausier)
    assert (found.code, found.severity, found.file) == ("publication.rc_edited", Severity.ERROR, f"dce/{DOCX}")
    assert re.fullmatch(r"tableau \d+, ligne \d+, colonne \d", found.place)
    assert found.read == wrong
    assert row in str(found.understood)
    assert right in str(found.understood).replace("\u00a0", " ")


def test_an_odt_edited_by_hand_is_found_too(folder, tender, clausier):
    path = folder / "dce" / ODT
    held = zipfile.ZipFile(path)
    parts = {name: held.read(name) for name in held.namelist()}
    body = parts["content.xml"].decode()
    assert body.count(">37,5<") == 1
    parts["content.xml"] = body.replace(">37,5<", "><text:span>4</text:span>0<text:s/><").encode()
    with zipfile.ZipFile(path, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    (found,) = published.check(folder, tender, clausier)
    assert (found.code, found.read, found.file) == ("publication.rc_edited", "40", f"dce/{ODT}")


def test_pasting_restyling_and_reordering_change_nothing(folder, tender, clausier):
    def dress(document: docx.document.Document) -> None:
        document.paragraphs[0].insert_paragraph_before("Collé par l'acheteur : préambule.").runs[0].font.size = Pt(20)
        added = document.add_table(2, 3)
        added.rows[0].cells[0].text = "Point"
        added.rows[1].cells[0].text = "EG-999"
        criteria = table(document, "Repère du critère")
        rows = list(criteria._tbl.tr_lst)[1:]
        for line in reversed(rows):
            criteria._tbl.append(line)
        points = table(document, "Niveaux et valeurs")
        document.element.body.append(points._tbl)
        cell(document, "Repère du critère", "prix", "Poids").text = "  37,50 ".replace("37,50", "37.5")
        cell(document, "Repère du critère", "securite", "Critère").text = "Cybersécurité"
        cell(document, "Niveaux et valeurs", "EG-002", "Sans réponse").text = "OFFRE\nirrégulière"

    edit(folder, dress)
    assert published.check(folder, tender, clausier) == []


def test_rows_and_columns_that_are_lost_or_added_are_told(folder, tender, clausier):
    def cut(document: docx.document.Document) -> None:
        criteria = table(document, "Repère du critère")
        criteria._tbl.remove(criteria.rows[2]._tr)
        criteria.add_row().cells[0].text = "prestige"
        found = table(document, "Niveaux et valeurs")
        found.rows[0].cells[3].text = "Importance"

    edit(folder, cut)
    found = published.check(folder, tender, clausier)
    assert {each.code for each in found} == {"publication.rc_edited"}
    said = " / ".join(str(each.understood) for each in found)
    assert "« securite » manque" in said
    assert "« prestige » n'est pas dans la consultation" in said
    assert "la colonne « Poids » manque" in said
    assert len(found) == 3


def test_tables_that_are_gone_are_a_doubt(folder, tender, clausier):
    def remove(document: docx.document.Document) -> None:
        for each in list(document.tables):
            if {"Repère du critère", "Niveaux et valeurs", "Points qui ont ce niveau"} & {
                part.text for part in each.rows[0].cells
            }:
                each._tbl.getparent().remove(each._tbl)

    edit(folder, remove)
    assert codes(published.check(folder, tender, clausier)) == [("publication.rc_unread", "doubt")] * 3


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;", b"\xd0\xcf\x11\xe0"]
)
@pytest.mark.parametrize("name", [DOCX, ODT])
def test_a_document_that_cannot_be_read_is_a_finding_never_a_crash(folder, tender, clausier, content, name):
    (folder / "dce" / name).write_bytes(content)
    found = published.check(folder, tender, clausier)
    assert found
    assert {each.file for each in found} == {f"dce/{name}"}


def test_an_odt_without_content_or_with_broken_content_is_a_finding(folder, tender, clausier):
    for inner in ({"mimetype": b"x"}, {"content.xml": b"<a>"}, {"content.xml": b"<!DOCTYPE a><a/>"}):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as out:
            for name, content in inner.items():
                out.writestr(name, content)
        (folder / "dce" / ODT).write_bytes(held.getvalue())
        (found,) = published.check(folder, tender, clausier)
        assert (found.severity, found.file) == (Severity.ERROR, f"dce/{ODT}")


def test_a_folder_without_the_rc_or_without_publication_is_a_doubt(folder, tender, clausier):
    (folder / "dce" / DOCX).unlink()
    (folder / "dce" / ODT).unlink()
    assert codes(published.check(folder, tender, clausier)) == [("publication.rc_unread", "doubt")]
    (folder / "dce" / published.PUBLICATION).unlink()
    assert codes(published.check(folder, tender, clausier)) == [
        ("publication.absent", "doubt"),
        ("publication.rc_unread", "doubt"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "plain.json"),
        (b"\xff\xfe\x00", "publication.unreadable"),
        (b'{"format": 1}', "plain."),
        (None, "publication.altered"),
        (2, "publication.format"),
    ],
)
def test_publication_json_that_is_broken_or_altered_is_an_error_that_does_not_hide_the_rc(
    folder, tender, clausier, content, code
):
    path = folder / "dce" / published.PUBLICATION
    kept = json.loads(path.read_text(encoding="utf-8"))
    if content is None:
        kept["terms"]["criteria"][0]["weight"] = "99"
    if content == 2:
        kept["format"] = 2
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(kept).encode())
    edit(folder, lambda document: setattr(cell(document, "Repère du critère", "prix", "Poids"), "text", "40"))
    found = published.check(folder, tender, clausier)
    assert found[0].code.startswith(code)
    assert found[0].severity is Severity.ERROR
    assert found[-1].code == "publication.rc_edited"


# ------------------------------------------------------------------------------------ the consultation changed (R19)
def changed(tender: Tender) -> tuple[Tender, Clausier]:
    price, *others = tender.criteria
    other = replace(
        tender,
        criteria=(replace(price, formula="proportional"), *others),
        points={**tender.points, "EG-017": PointUse(parameters={"hours": "48"}), "EG-057": PointUse(keep=False)},
    )
    return other, narrowed(other)


def test_a_consultation_that_changed_since_says_what_changed_and_how_to_make_it_lawful(folder, tender):
    other, narrow = changed(tender)
    found = published.check(folder, other, narrow)
    assert {each.code for each in found} == {"publication.changed"}
    by_place = {each.place: str(each.understood) for each in found}
    assert "« linear_gap »" in by_place["criteria.prix.formula"]
    assert "retiré depuis" in by_place["points.EG-057"]
    assert "n'a plus les mots publiés le 14/09/2026" in by_place["points.EG-017.wording"]
    assert len(found) == 3
    assert sum(frozen(other, narrow) in str(each.remedy) for each in found) == 2
    assert "{file: dce/clausier.json}" in str(next(each.remedy for each in found if each.place.endswith("wording")))


def test_a_point_added_since_is_told(folder, tender, clausier):
    less = replace(tender, points={**tender.points, "EG-057": PointUse(keep=False)})
    for name, content in written(less, narrowed(less)).items():
        (folder / "dce" / name).write_bytes(content)
    (added,) = published.check(folder, tender, clausier)
    assert (added.code, added.place, added.read) == ("publication.changed", "points.EG-057", "EG-057")


def test_a_dated_amendment_with_the_new_digest_makes_it_acceptable(folder, tender, clausier):
    other, narrow = changed(tender)
    amendment = Amendment(date(2026, 9, 30), "Formule de prix", digest=frozen(other, narrow))
    journal = Journal(publication=Publication(dossiers.ON, digest=frozen(tender, clausier)), amendments=(amendment,))
    (found,) = published.check(folder, other, narrow, journal)
    assert (found.code, found.severity) == ("publication.amended", Severity.NOTE)
    assert "30/09/2026" in str(found.understood)
    wrong = Journal(amendments=(replace(amendment, digest="0" * 64),))
    assert {each.severity for each in published.check(folder, other, narrow, wrong)} == {Severity.ERROR}


def test_documents_written_again_after_a_change_do_not_hide_it(folder, tender, clausier):
    other, narrow = changed(tender)
    for name, content in written(other, narrow).items():
        (folder / "dce" / name).write_bytes(content)
    journal = Journal(publication=Publication(dossiers.ON, digest=frozen(tender, clausier)))
    (found,) = published.check(folder, other, narrow, journal)
    assert (found.code, found.severity, found.place) == ("publication.changed", Severity.ERROR, "digest")
    amendment = Amendment(date(2026, 9, 30), "Formule de prix", digest=frozen(other, narrow))
    (found,) = published.check(folder, other, narrow, replace(journal, amendments=(amendment,)))
    assert found.code == "publication.amended"


def test_an_rc_edited_to_the_new_value_or_left_at_the_old_one_is_told_once(folder, tender):
    price, *others = tender.criteria
    other = replace(
        tender, criteria=(replace(price, weight=Decimal(40)), replace(others[0], weight=Decimal(30)), *others[1:])
    )
    narrow = narrowed(other)
    edit(folder, lambda document: setattr(cell(document, "Repère du critère", "prix", "Poids"), "text", "40"))
    assert {each.code for each in published.check(folder, other, narrow)} == {"publication.changed"}
    edit(folder, lambda document: setattr(cell(document, "Repère du critère", "prix", "Poids"), "text", "41"))
    assert "publication.rc_edited" in {each.code for each in published.check(folder, other, narrow)}


@pytest.mark.office
@office.NEEDS_OFFICE
def test_a_document_saved_by_another_program_in_another_format_is_read_the_same(folder, tender, clausier):
    (folder / "saved").mkdir()
    written_odt = office.converted(folder / "saved", folder / "dce" / DOCX, to="odt")
    written_docx = office.converted(folder / "saved", folder / "dce" / ODT, to="docx")
    for path in (*written_odt, *written_docx):
        path.replace(folder / "dce" / path.name)
    assert published.check(folder, tender, clausier) == []
