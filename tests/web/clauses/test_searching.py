"""The page of search: words, filters, by GET alone, and the part that htmx asks for."""

import re

import pytest

from egide import reference
from egide.clausier.search import Filters, filtered

pytestmark = pytest.mark.django_db
CLAUSIER = reference.clausier()


def found(client, query, **headers):
    response = client.get(f"/clausier/recherche?{query}", headers=headers)
    assert response.status_code == 200
    return re.findall(r'<h3><a href="/clausier/([^"]+)"', response.content.decode())


def test_accents_case_and_order_change_nothing(client):
    expected = found(client, "q=sauvegardes+hors+ligne")
    assert expected[0] == "EG-X31"
    assert found(client, "q=LIGNE+h%C3%B4rs+SAUVEGARD%C3%89") == expected


def test_without_a_word_everything_is_listed(client):
    assert found(client, "") == list(CLAUSIER.points)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("theme=T6", Filters(themes=["T6"])),
        ("family=backup", Filters(families=["backup"])),
        ("level=essentiel", Filters(levels=["essentiel"])),
        ("facet=hosting:supplier", Filters(facets=[("hosting", "supplier")])),
        ("reference=hds", Filters(sources=["hds"])),
        ("extra=yes", Filters(extra=True)),
        ("theme=T9&reference=hds&extra=no", Filters(themes=["T9"], sources=["hds"], extra=False)),
    ],
)
def test_filters_keep_what_they_say(client, query, filters):
    assert found(client, query) == list(filtered(CLAUSIER, filters))


def test_a_filter_and_a_word_go_together(client):
    both = found(client, "q=sauvegarde&theme=T9")
    assert both
    assert set(both) == set(found(client, "q=sauvegarde")) & set(filtered(CLAUSIER, Filters(themes=["T9"])))


def test_a_filter_that_does_not_exist_is_said_and_left_out(client):
    response = client.get("/clausier/recherche?theme=T99&q=sauvegarde")
    assert "field-errors" in response.content.decode()
    assert found(client, "theme=T99&q=sauvegarde") == found(client, "q=sauvegarde")


def test_words_are_marked_and_the_part_that_holds_them_is_shown(client):
    page = client.get("/clausier/recherche?q=Pasteur+EDR").content.decode()
    assert "<mark>EDR</mark>" in page
    assert "Aucun point ne contient tous ces mots" in page


def test_nothing_found_says_what_to_do(client):
    page = client.get("/clausier/recherche?q=xyzzyx").content.decode()
    assert "Rien ne correspond" in page


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "'\"><img src=x>", "\x00", "é" * 500, "%F0%9F%92%A9", "(((", "O-", "eg-"]
)
def test_no_query_breaks_the_page(client, query):
    response = client.get("/clausier/recherche", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert "<img src=x" not in response.content.decode()


def test_a_live_search_gets_the_results_alone(client):
    part = client.get("/clausier/recherche?q=sauvegarde", headers={"hx-request": "true"})
    assert part.content.decode().lstrip().startswith('<section id="resultats"')
    assert "HX-Request" in part["Vary"]
    whole = client.get("/clausier/recherche?q=sauvegarde")
    section, _, told = part.content.decode().partition("</section>")
    assert section.strip() in whole.content.decode()
    assert 'id="annonce"' in told
    assert "points" in told


def test_going_back_gets_the_whole_page(client):
    headers = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<html" in client.get("/clausier/recherche?q=sauvegarde", headers=headers).content.decode()


def test_results_are_not_indexed_but_the_page_is(client):
    assert "noindex" in client.get("/clausier/recherche?q=x").content.decode()
    assert "noindex" not in client.get("/clausier/recherche").content.decode()
