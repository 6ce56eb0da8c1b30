"""The pages that gather and those of establishments in a browser: accessible, by keyboard, on a narrow screen."""

import pytest
from django.urls import reverse

from egide.web.establishments.models import Fact, Observation
from egide.web.home import demonstration
from web.establishments.access import observation
from web.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = ("home:welcome", "home:legal", "home:accessibility", "home:signed_in")
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def pages(world, hospital, sign_in):
    """The pages of the buyer, with something in each."""
    of = hospital.organisation.uuid
    client = sign_in(hospital.buyer)
    row = observation(world)
    client.post(
        reverse("establishments:year", args=[of, 2025]),
        {"beds": "120", "spending": "90 M€", "it_running": "1500000", "security": "1", "source": "SAE 2025"},
    )
    client.post(reverse("establishments:identity", args=[of]), {"category": "hospital"})
    client.post(reverse("establishments:withdraw", args=[of, observation(world).uuid]), {"reason": "Doublon."})
    views = ("show", "identity", "observations", "observe", "history")
    return [
        reverse("home:start"),
        reverse("establishments:index"),
        *(reverse(f"establishments:{view}", args=[of]) for view in views),
        reverse("establishments:year", args=[of, 2025]),
        reverse("establishments:withdraw", args=[of, row.uuid]),
    ]


def check(page, axe, addresses):
    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.locator("h1").count() == 1, address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


def test_every_page_narrow(browser_page, enter, axe, pages, hospital):
    browser_page.set_viewport_size(NARROW)
    check(browser_page, axe, [reverse(view) for view in PUBLIC])
    enter(browser_page, hospital.buyer)
    check(browser_page, axe, pages)


@pytest.mark.long
@pytest.mark.parametrize(
    ("scheme", "language"),
    [
        ("light", ""),
        ("dark", "/en"),
        pytest.param("dark", "", marks=pytest.mark.long),
        pytest.param("light", "/en", marks=pytest.mark.long),
    ],
)
def test_every_page_in_both_schemes_and_languages(browser_page, enter, axe, pages, hospital, scheme, language):
    browser_page.emulate_media(color_scheme=scheme)
    check(browser_page, axe, [language + reverse(view) for view in PUBLIC])
    enter(browser_page, hospital.buyer)
    check(browser_page, axe, [language + each for each in pages])


def test_the_first_page_of_a_demonstration(browser_page, axe, settings, tmp_path):
    settings.DEMO, settings.DATA = True, tmp_path
    (tmp_path / demonstration.MARK).write_text('{"format": 1}', "utf-8")
    browser_page.goto("/")
    axe(browser_page)
    assert browser_page.get_by_role("button", name="Entrer comme RSSI (démonstration)").is_visible()


def test_a_session_that_ends_in_the_middle_of_a_form(browser_page, enter, axe, hospital):
    """Typed, sent too late, signed in in another tab, sent again: saved, with one click."""
    enter(browser_page, hospital.buyer)
    browser_page.goto(reverse("establishments:year", args=[hospital.organisation.uuid, 2025]))
    browser_page.get_by_label("Lits").fill("120")
    browser_page.get_by_label("Source de ce que vous changez").fill("SAE 2025")
    browser_page.context.clear_cookies(name="egide-session")
    browser_page.get_by_role("button", name="Enregistrer les données").click()
    axe(browser_page)
    with browser_page.expect_popup() as opened:
        browser_page.get_by_role("link", name="Se connecter dans un nouvel onglet").click()
    tab = opened.value
    tab.locator("[name=login]").fill(hospital.buyer.email)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Vous êtes connecté").wait_for()
    tab.close()
    assert not Fact.objects.exists()
    browser_page.get_by_role("button", name="Renvoyer ma saisie").click()
    browser_page.get_by_text("Données de 2025 enregistrées.").wait_for()
    assert Fact.objects.get().value == "120"


def test_an_observation_by_keyboard_alone(browser_page, enter, hospital):
    enter(browser_page, hospital.buyer)
    browser_page.goto(reverse("establishments:observe", args=[hospital.organisation.uuid]))
    browser_page.locator("#id_what").focus()
    press = browser_page.keyboard
    press.type("Sauv")
    for typed in ("40", "60"):
        press.press("Tab")
        press.type(typed)
    press.press("Tab")
    press.type("Audit")
    press.press("Tab")
    press.type("04/05/2026")
    press.press("Tab")
    press.type("Prou")
    press.press("Tab")
    press.type("Rapport lu.")
    press.press("Tab")
    press.press("Enter")
    browser_page.get_by_text("Observation ajoutée.").wait_for()
    row = Observation.objects.get()
    assert (row.family, row.source, row.reliability, row.note) == ("backup", "audit", "proven", "Rapport lu.")
