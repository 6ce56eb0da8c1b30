"""Losses in a browser: accessible, narrow, by keyboard, without script; limits are moved and the answer follows."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from egide.web.risk import convert, models
from egide.web.risk import engine as engine_of_pages
from web.risk.access import study
from web.risk.test_pages import WRONG
from web.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOW = pytest.mark.long
LOOKS = [
    ("light", ""),
    pytest.param("dark", "", marks=SLOW),
    pytest.param("light", "/en", marks=SLOW),
    pytest.param("dark", "/en", marks=SLOW),
]
PAGES = (
    "/pertes/",
    "/pertes/nouvelle",
    "/pertes/{}/",
    "/pertes/{}/programme",
    "/pertes/{}/remplacer",
    "/pertes/{}/supprimer",
)
OPEN = "document.querySelectorAll('details.fold').forEach((each) => { each.open = true; })"


@pytest.fixture
def row(world, engine):
    return study(world, "hopital")


@pytest.fixture
def page(browser_page, enter, world, row):
    enter(browser_page, world.hospital.buyer)
    return browser_page


def cell(page, name, column=0):
    line = page.locator("#mesures tr", has=page.get_by_role("rowheader", name=name, exact=True))
    return line.locator("td").nth(column)


def asked(page, **values):
    """Return once the address asks these values."""

    def holds():
        found = {name: each[0] for name, each in parse_qs(urlsplit(page.url).query).items()}
        return found | values == found

    until(page, holds)


@pytest.mark.parametrize(("scheme", "prefix"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_on_a_telephone(page, axe, row, scheme, prefix):
    page.emulate_media(color_scheme=scheme)
    for address in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(prefix + address.format(row.uuid))
        page.evaluate(OPEN)
        axe(page)
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_axe_finds_nothing_in_the_faults_of_a_file(page, axe, tmp_path):
    (tmp_path / "faux.yaml").write_text(WRONG, "utf-8")
    page.goto("/pertes/nouvelle")
    page.get_by_label("mon fichier").check()
    page.get_by_label("Fichier de l’étude").set_input_files(tmp_path / "faux.yaml")
    page.get_by_role("button", name="Commencer l’étude").click()
    expect(page.get_by_text("scenarios[0].frequency.poisson.mean")).to_be_visible()
    axe(page)


def test_the_menu_stands_on_one_line(page):
    for width in (1200, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/pertes/")
        assert page.locator(".site-bar").bounding_box()["height"] < 70, width


def test_a_limit_is_moved_and_the_answer_follows(page, row):
    page.goto(f"/pertes/{row.uuid}/programme")
    before = cell(page, "Conservée, moyenne par an").inner_text()
    page.get_by_role("button", name="Monter : Franchise", exact=True).click()
    expect(cell(page, "Conservée, moyenne par an")).not_to_have_text(before)
    expect(page.get_by_label("Franchise", exact=True)).to_have_value(re.compile("150.000"))
    asked(page, franchise="150000")
    expect(page.get_by_role("status").filter(has_text="En moyenne")).to_be_attached()
    expect(page.locator("#tour svg")).to_contain_text("150 k€")
    page.get_by_role("button", name="Baisser : Franchise", exact=True).click()
    expect(cell(page, "Conservée, moyenne par an")).to_have_text(before)
    page.reload()
    expect(page.get_by_label("Franchise", exact=True)).to_have_value(re.compile("100.000"))


def test_what_is_typed_answers_without_being_touched(page, row):
    page.goto(f"/pertes/{row.uuid}/programme")
    before = cell(page, "Conservée, 1 année sur 100").inner_text()
    field = page.get_by_label("Plafond par événement")
    field.fill("")
    field.press_sequentially("10 000 000", delay=5)
    expect(page.get_by_text("Ces limites ne vont pas ensemble")).to_have_count(0)
    expect(cell(page, "Conservée, 1 année sur 100")).not_to_have_text(before)
    asked(page, plafond="10000000")
    assert field.input_value() == "10 000 000"
    field.fill("beaucoup")
    expect(page.locator("#reponse").get_by_text("n’est pas un nombre")).to_be_visible()
    assert field.input_value() == "beaucoup"


def test_the_enter_key_computes_and_moves_nothing(page, row):
    page.goto(f"/pertes/{row.uuid}/programme")
    field = page.get_by_label("Franchise en heures d’arrêt")
    field.fill("36")
    field.press("Enter")
    expect(cell(page, "Conservée, moyenne par an", 2)).to_contain_text("+")
    asked(page, heures="36", franchise="100000")


def test_a_programme_is_moved_by_keyboard_and_kept(page, row):
    page.goto(f"/pertes/{row.uuid}/programme")
    page.get_by_role("button", name="Monter : Franchise", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Franchise", exact=True)).to_have_value(re.compile("150.000"))
    page.locator("#garder > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Nom du programme").fill("Franchise à 150 000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Programme « Franchise à 150 000 » enregistré dans l’étude.")).to_be_visible()
    assert convert.value(models.Study.objects.get()).options[-1].programmes[0].retention.flat == 150_000


def test_it_all_works_without_script(browser, live, row, world, sign_in):
    from django.conf import settings

    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    client = sign_in(world.hospital.buyer)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])
    page = context.new_page()
    page.goto(f"/pertes/{row.uuid}/programme")
    page.get_by_role("button", name="Monter : Franchise", exact=True).click()
    expect(page.get_by_label("Franchise", exact=True)).to_have_value(re.compile("150.000"))
    expect(cell(page, "Conservée, moyenne par an", 2)).to_contain_text("+")
    page.get_by_label("Plafond annuel").fill("20000000")
    page.get_by_role("button", name="Calculer").click()
    asked(page, annee="20000000")
    context.close()


def test_the_answer_comes_by_itself_once_the_engine_is_ready(page, row, monkeypatch):
    ready = engine_of_pages.ready
    monkeypatch.setattr(engine_of_pages, "ready", lambda: False)
    page.goto(f"/pertes/{row.uuid}/")
    expect(page.get_by_text("Le calcul se prépare")).to_be_visible()
    monkeypatch.setattr(engine_of_pages, "ready", ready)
    expect(page.locator("#reponse p.lead")).to_be_visible(timeout=8_000)
    expect(page.get_by_text("Le calcul se prépare")).to_have_count(0)
