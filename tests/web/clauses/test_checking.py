"""What a candidate drops is read, told and forgotten: nothing of it is kept, whatever it is."""

import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory

from egide import reference
from egide.desk.clausier_files import content
from egide.exchange.answers import read_answers
from egide.web.clauses import uploads
from egide.web.clauses.forms import MOST_BYTES
from egide.web.clauses.views import checking
from web.clauses.read import text

pytestmark = pytest.mark.django_db
CHECK = "/clausier/verifier"
BIDS = Path(__file__).parents[3] / "examples" / "pacs-ght" / "bids"
SHEET = BIDS / "valtorrel" / "lot-1" / "Réponses RSSI v3 DEF.xlsx"
CLAUSIER = reference.clausier()


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A temporary folder of its own, to see that nothing is left in it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def send(client, name, data, **others):
    return client.post(CHECK, {"sheet": SimpleUploadedFile(name, data), **others})


def bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return held.getvalue()


HOSTILE = {
    "image": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "pdf": b"%PDF-1.7\n",
    "html": b"<html><script>alert(1)</script></html>",
    "zip": b"PK\x03\x04" + bytes(200),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "text": "bonjour;tout\nle;monde\n".encode("utf-16"),
    "json": b'{"a": [' * 5000,
    "nul": bytes(5000),
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
}


def test_the_page_says_what_the_command_says(client, scratch):
    response = send(client, SHEET.name, SHEET.read_bytes())
    assert response.status_code == 200
    page = text(response)
    reading = read_answers(SHEET, SHEET.name, CLAUSIER)
    assert f"{len(reading.answers)} questions lues sur 158 points" in page
    for finding in reading.findings:
        assert str(finding.understood) in page
        assert str(finding.remedy) in page
        assert finding.place in page
    for point in reading.answers:
        assert f'href="/clausier/{point}"' in page
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    sorted(path for path in BIDS.rglob("*") if path.suffix in {".xlsx", ".ods", ".csv", ".docx"}),
    ids=lambda path: path.name,
)
def test_every_file_of_the_example_is_read(client, path):
    response = send(client, path.name, path.read_bytes())
    assert response.status_code == 200
    reading = read_answers(path, path.name, CLAUSIER)
    assert (f"{len(reading.answers)} questions lues" in text(response)) is bool(reading.answers)


def test_an_answer_sheet_left_blank_is_told_so(client):
    blank = content(CLAUSIER, "xlsx", "fr", CLAUSIER.published)
    page = text(send(client, "cadre.xlsx", blank))
    assert "158 question(s) sans réponse" in page


# --------------------------------------------------------------------------------------------------------- nothing kept
def test_nothing_is_written_and_nobody_is_recognised(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = send(client, SHEET.name, SHEET.read_bytes())
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_opened_while_a_file_is_read(client, monkeypatch):
    """On SQLite a transaction is the right to write: a long reading must not keep it from others."""
    seen = []
    monkeypatch.setattr(
        checking, "read_answers", lambda *given: [seen.append(connection.in_atomic_block), read_answers(*given)][1]
    )
    assert send(client, SHEET.name, SHEET.read_bytes()).status_code == 200
    assert seen == [False]


def test_a_write_from_here_is_refused(client, monkeypatch):
    from egide.web.audit.guard import ForbiddenWrite
    from egide.web.clauses.models import PublishedClausier

    made = PublishedClausier(identifier="x", version="1", digest="0" * 64, content={})
    monkeypatch.setattr(checking, "read_answers", lambda *given: made.save())
    with pytest.raises(ForbiddenWrite):
        send(client, SHEET.name, SHEET.read_bytes())


@pytest.mark.parametrize(
    ("length", "large"), [("", False), ("200", False), (str(2 * MOST_BYTES + 200_000), True), ("beaucoup", True)]
)
def test_the_length_announced_decides(length, large):
    assert uploads.admitted(RequestFactory().post("/", CONTENT_LENGTH=length), files=2) is not large


def test_cookies_off_and_no_token_are_no_hindrance(scratch):
    from django.test import Client

    response = send(Client(enforce_csrf_checks=True), SHEET.name, SHEET.read_bytes())
    assert response.status_code == 200


def test_nothing_is_left_of_a_file_when_reading_it_fails(client, scratch, monkeypatch):
    seen = []

    def broken(path, name, clausier):
        seen.append(path)
        assert path.read_bytes() == b"a;b\n"
        raise RuntimeError

    monkeypatch.setattr(checking, "read_answers", broken)
    client.raise_request_exception = False
    assert send(client, "x.csv", b"a;b\n").status_code == 500
    assert seen
    assert not seen[0].exists()
    assert list(scratch.iterdir()) == []


def test_a_large_file_is_not_left_either(client, scratch):
    response = send(client, "x.csv", b"a;b\n" * 1_000_000)  # above what is held in memory
    assert response.status_code == 200
    response.close()
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 300 + ".xlsx", "\u202egnp.xlsx", "<b>x</b>.csv", "x.y;rm"])
def test_a_name_is_only_shown(client, scratch, name):
    response = send(client, name, b"a;b\n")
    assert response.status_code in {200, 400}
    assert "<b>x</b>" not in response.content.decode()
    assert list(scratch.iterdir()) == []


# -------------------------------------------------------------------------------------------------------------- hostile
@pytest.mark.parametrize("kind", [*HOSTILE, "bomb"])
@pytest.mark.parametrize("name", ["reponse.xlsx", "reponse.csv"])
def test_a_hostile_file_gives_findings(client, scratch, kind, name):
    data = bomb() if kind == "bomb" else HOSTILE[kind]
    response = send(client, name, data)
    assert response.status_code == 200
    page = text(response)
    assert "Aucune réponse n'a pu être lue" in page
    assert 'class="notice finding tone-error"' in page
    assert "alert(1)" not in response.content.decode()
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("kind", [*HOSTILE, "bomb"])
def test_a_hostile_clausier_gives_findings(client, scratch, kind):
    data = bomb() if kind == "bomb" else HOSTILE[kind]
    response = send(client, SHEET.name, SHEET.read_bytes(), clausier=SimpleUploadedFile("clausier.json", data))
    assert response.status_code == 422
    assert 'class="notice finding tone-error"' in text(response)
    assert list(scratch.iterdir()) == []


def test_his_own_clausier_is_the_reference(client):
    own = {"id": "chu", "version": "3", "title": {"fr": "Clausier du CHU (fictif)"}, "themes": [{"id": "A", "title": {"fr": "A"}, "points": [{"id": "Q-1", "text": {"fr": "Le titulaire répond."}}]}]}  # fmt: skip
    import json

    sheet = "Identifiant;Exigence;Réponse\nQ-1;Le titulaire répond.;Oui\n".encode()
    page = text(send(client, "r.csv", sheet, clausier=SimpleUploadedFile("c.json", json.dumps(own).encode())))
    assert "1 questions lues sur 1 points" in page
    assert "Clausier du CHU (fictif)" in page
    assert 'href="/clausier/Q-1"' not in page


def test_without_a_file_one_is_asked(client):
    response = client.post(CHECK)
    assert response.status_code == 400
    assert "Choisissez le fichier à vérifier." in text(response)


def test_an_empty_file_is_said(client):
    response = send(client, "vide.xlsx", b"")
    assert response.status_code == 400
    assert "Ce fichier est vide." in text(response)


def test_what_is_too_large_is_refused_before_it_is_read(client, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    response = send(client, "gros.csv", b"a;b\n" * 60_000)
    assert response.status_code == 413
    assert "trop volumineux" in text(response)


def test_one_file_may_not_take_the_place_of_two(client, monkeypatch):
    monkeypatch.setattr(checking, "MOST_BYTES", 1000)
    assert send(client, "gros.csv", b"a;b\n" * 1000).status_code == 413
    assert MOST_BYTES == 20_000_000


def test_thousands_of_findings_stay_a_page(client):
    lines = "".join(f"ZZ-{number};texte {number};Oui\n" for number in range(5000))
    response = send(client, "r.csv", f"Identifiant;Exigence;Réponse\nEG-001;x;Oui\n{lines}".encode())
    assert response.status_code == 200
    assert len(response.content) < 1_500_000


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no files in memory on this system")
def test_nothing_of_a_large_file_touches_the_disk(client, monkeypatch):
    def refused(*arguments, **options):
        raise AssertionError("a file was written")

    for name in (
        "mkstemp",
        "mkdtemp",
        "NamedTemporaryFile",
        "TemporaryDirectory",
        "TemporaryFile",
        "SpooledTemporaryFile",
    ):
        monkeypatch.setattr(tempfile, name, refused)
    response = send(client, "cadre.csv", b"Identifiant;Reponse\n" + b"EG-066;oui\n" * 400_000)
    assert response.status_code == 200
    assert "EG-066" in text(response)
