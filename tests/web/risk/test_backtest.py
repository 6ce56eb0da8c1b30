"""The page of the back-test: open to all, served as stored, its misses in words, the same figures for machines."""

import html
import json

import pytest

from egide import reference
from egide.desk import backtest
from egide.web.design.words import said

pytestmark = pytest.mark.django_db
ADDRESS = "/risque/controle"


def text(response):
    return html.unescape(response.content.decode())


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_needs_no_account_and_no_database(client, prefix, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(prefix + ADDRESS)
    page = text(response)
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert f'<html lang="{prefix.strip("/") or "fr"}"' in page


def test_every_miss_is_explained_and_every_figure_is_there(client):
    page = text(client.get(ADDRESS))
    outcome = reference.backtest()
    for figure in reference.national_figures().figures:
        assert f"{said(figure.name)}, {figure.year}" in page
    misses = page.split('id="echecs"')[1].split("<h2")[0].split("<details")[0]
    missed = {each.id for each in outcome.missed}
    for figure in reference.national_figures().figures:
        assert (f"<h3>{said(figure.name)}, {figure.year}</h3>" in misses) is (figure.id in missed)
        assert figure.id not in missed or said(figure.miss) in misses
    assert outcome.library[:12] in page


def test_what_cannot_be_tried_the_stress_and_the_history_are_shown(client):
    page = text(client.get("/en" + ADDRESS))
    for untested in reference.national_figures().untested:
        assert untested.reason.en.replace("'", "’").split(".")[0] in page.replace("'", "’")
    assert "A year like 2021" in page
    assert reference.freezes().last.library[:12] in page
    assert "order of magnitude" in page


def test_parameters_that_are_not_frozen_are_said(client, monkeypatch):
    library = reference.risk_library()
    other = library.overridden({"private.malicious": {"value": "0.4", "low": "0.2", "high": "0.9"}})
    monkeypatch.setattr(reference, "risk_library", lambda: other)
    page = text(client.get("/en" + ADDRESS))
    assert "Parameters not frozen" in page


@pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
def test_machines_get_the_same_figures(client, prefix, language):
    given = json.loads(client.get(f"{prefix}{ADDRESS}.json").content)
    assert given == backtest.data(backtest.stored(), language)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme", "prefix"), [(1280, "light", ""), (390, "dark", "/en")])
def test_the_page_is_accessible_and_narrow(browser_page, axe, width, scheme, prefix):
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto(prefix + ADDRESS)
    browser_page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    axe(browser_page)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
