"""Two clausiers side by side say what the command says, and nothing of them is kept."""

import copy
import json
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from egide import plain, reference
from egide.clausier.difference import difference
from egide.clausier.model import Clausier
from egide.web.clauses import uploads
from egide.web.clauses.views import comparing
from web.clauses.read import text

pytestmark = pytest.mark.django_db
COMPARE = "/clausier/comparer"
OURS = json.loads(json.dumps(plain.unstructure(reference.clausier())))


def changed():
    other = copy.deepcopy(OURS)
    themes = other["themes"]
    other["version"] = "2025.1"
    themes[0]["points"][0]["weight"] = 1
    themes[0]["points"][1]["text"]["fr"] += " Une phrase de trop."
    themes[1]["points"].pop()
    themes[3]["points"].append(themes[2]["points"].pop(0))
    themes[5]["points"][0]["id"] = "EG-901"
    themes[6]["title"]["fr"] = "Un autre intitulé"
    return other


def file(data, name="clausier.json"):
    return SimpleUploadedFile(name, json.dumps(data).encode())


def test_one_file_is_compared_with_ours(client, django_assert_num_queries):
    other = changed()
    with django_assert_num_queries(0):
        response = client.post(COMPARE, {"old": file(other)})
    assert response.status_code == 200
    assert not response.cookies
    page = text(response)
    found = difference(plain.structure(other, Clausier, ""), reference.clausier())
    assert f"{len(found.asked_again)} réponses à demander ou à redemander, {len(found.standing)} maintenues." in page
    for each in found.points:
        assert each.title.fr in page
        for field in each.fields:
            assert field.title.fr in page
            assert str(field.reason) in page
    assert "EG-901 → EG-052" in page
    assert "Une phrase de trop." in page
    assert "Un autre intitulé" in page


def test_the_other_way_round_what_was_added_is_removed(client):
    page = text(client.post(COMPARE, {"new": file(changed())}))
    assert "Points supprimés" in page
    assert "point supprimé : la réponse ne sert plus" in page


def test_a_clausier_and_itself(client):
    page = text(client.post(COMPARE, {"old": file(OURS), "new": file(OURS)}))
    assert "Aucun point n'a changé" in page


def test_in_english(client):
    page = text(client.post(f"/en{COMPARE}", {"old": file(changed())}))
    assert "Points removed" not in page or "Points added" in page
    assert "to be asked again" in page


def test_without_a_file_one_is_asked(client):
    response = client.post(COMPARE)
    assert response.status_code == 400
    assert "Déposez au moins un fichier" in text(response)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"{", b"[]", b'{"themes": 3}', bytes(100), b"a: &x [*x]"])
def test_what_cannot_be_read_is_said_with_its_name(client, data, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    response = client.post(COMPARE, {"old": SimpleUploadedFile("mon clausier.json", data), "new": file(OURS)})
    assert response.status_code == 422
    assert "mon clausier.json" in text(response)
    assert 'class="notice finding tone-error"' in text(response)
    assert list(tmp_path.iterdir()) == []


def test_the_page_of_versions_is_honest(client):
    page = text(client.get("/clausier/versions"))
    assert "Une seule version a été publiée à ce jour" in page
    assert reference.clausier().digest in page
    assert "22/11/2026" in page


def test_what_is_too_large_is_refused(client, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_BYTES", 1000)
    assert client.post(COMPARE, {"old": file(OURS)}).status_code == 413
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    assert client.post(COMPARE, {"old": file(OURS)}).status_code == 413


def test_every_kind_of_value_is_written_in_words(client):
    other = copy.deepcopy(OURS)
    first = other["themes"][5]["points"][1]
    first |= {"na_allowed": True, "award_use": "scored"}
    first["parameters"]["high"]["default"] = "2"
    page = text(client.post(COMPARE, {"old": file(other)}))
    assert "<p>oui</p>" in page
    assert "<p>non</p>" in page
    assert "<p>noté</p>" in page
    assert "minor 6, high 2, critical 1" in page
