"""The design in a browser: accessible, narrow, dark, on paper, by keyboard, without script."""

import io

import pypdf
import pytest
from PIL import Image
from playwright.sync_api import expect

from web.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls("web.design.gallery")]
SLOW = pytest.mark.long


def look(page, address, scheme="light"):
    page.emulate_media(color_scheme=scheme)
    page.goto(address)


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


LIGHT, DARK = "rgb(245, 247, 250)", "rgb(16, 22, 29)"


@pytest.mark.parametrize(
    ("scheme", "prefix"),
    [("light", ""), pytest.param("dark", "", marks=SLOW), pytest.param("light", "/en", marks=SLOW), ("dark", "/en")],
)
def test_axe_finds_nothing(browser_page, axe, scheme, prefix):
    for address in ("/galerie", "/galerie?wrong=1", "/confirmer", "/erreur/404"):
        look(browser_page, prefix + address, scheme)
        assert browser_page.locator("html").get_attribute("lang") == (prefix.strip("/") or "fr")
        axe(browser_page)


def test_nothing_scrolls_sideways_on_a_telephone(browser_page):
    browser_page.set_viewport_size({"width": 390, "height": 800})
    for address in ("/galerie?wrong=1", "/confirmer", "/erreur/500"):
        look(browser_page, address)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_the_keyboard_meets_the_skip_link_first(browser_page):
    look(browser_page, "/galerie")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "contenu"


def test_wide_tables_scroll_by_keyboard(browser_page):
    browser_page.set_viewport_size({"width": 390, "height": 800})
    look(browser_page, "/galerie")
    around = browser_page.get_by_role("region", name="Classement des offres du lot 1")
    around.focus()
    browser_page.keyboard.press("ArrowRight")
    until(browser_page, lambda: browser_page.evaluate("document.querySelector('.table-around').scrollLeft") > 0)


def test_the_chosen_display_is_kept_and_given_back_to_the_system(browser_page):
    look(browser_page, "/galerie", "light")
    assert ground(browser_page) == LIGHT
    browser_page.get_by_text("Affichage").click()
    browser_page.get_by_role("button", name="Sombre").click()
    assert ground(browser_page) == DARK
    browser_page.goto("/en/galerie")
    assert ground(browser_page) == DARK
    browser_page.get_by_text("Display").click()
    browser_page.get_by_role("button", name="As the system").click()
    assert ground(browser_page) == LIGHT
    browser_page.emulate_media(color_scheme="dark")
    assert ground(browser_page) == DARK


def test_a_chosen_light_wins_over_a_dark_system(browser_page):
    look(browser_page, "/galerie", "dark")
    browser_page.get_by_text("Affichage").click()
    browser_page.get_by_role("button", name="Clair").click()
    assert ground(browser_page) == LIGHT
    control = "getComputedStyle(document.querySelector('select')).colorScheme"
    assert browser_page.evaluate(control) == "light"


def test_without_script_the_menu_is_open_and_the_system_decides(browser, live):
    context = browser.new_context(
        base_url=live.url, viewport={"width": 390, "height": 800}, color_scheme="dark", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/galerie")
    assert page.get_by_role("link", name="Consultations").first.is_visible()
    assert page.locator(".site-menu").is_visible()
    assert not page.get_by_text("Affichage").is_visible()
    assert page.locator(".drop-hint").is_hidden()
    shot = page.screenshot(clip={"x": 2, "y": 780, "width": 2, "height": 2})
    context.close()
    assert Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 1)) == (16, 22, 29)


def test_the_menu_opens_on_a_telephone(browser_page):
    browser_page.set_viewport_size({"width": 390, "height": 800})
    look(browser_page, "/galerie")
    menu = browser_page.locator("#menu")
    assert not menu.is_visible()
    browser_page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()


def test_paper_is_black_on_white_and_complete_even_from_a_dark_screen(browser_page):
    look(browser_page, "/galerie", "dark")
    browser_page.emulate_media(media="print", color_scheme="dark")
    assert not browser_page.locator("header.site").is_visible()
    assert browser_page.locator(".print-head").is_visible()
    assert browser_page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert ground(browser_page) == "rgb(255, 255, 255)"
    browser_page.emulate_media(media="screen")
    text = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(browser_page.pdf(format="A4"))).pages)
    assert "PACS et archivage" in text
    assert "La note de sécurité compte pour 30 %." in text.replace("\n", " ")
    assert "http" not in text


def fill(page):
    page.get_by_label("Intitulé de l’achat").fill("Serveurs")


def test_a_double_click_sends_once_and_the_back_button_frees_the_form(browser_page):
    look(browser_page, "/galerie")
    fill(browser_page)
    sent = []
    browser_page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    send = "document.querySelector('form[data-guard] button[type=submit]')"
    with browser_page.expect_navigation():
        browser_page.evaluate(f"{send}.click(); {send}.click()")
    assert len(sent) == 1
    browser_page.go_back()
    assert browser_page.evaluate(f"{send}.hasAttribute('aria-disabled')") is False
    with browser_page.expect_navigation():
        browser_page.evaluate(f"{send}.click()")
    assert len(sent) == 2


def test_what_was_typed_is_not_left_without_asking(browser_page):
    look(browser_page, "/galerie")
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    browser_page.on("dialog", answer)
    browser_page.goto("/confirmer")
    assert asked == []
    browser_page.goto("/galerie")
    browser_page.get_by_label("Intitulé de l’achat").press_sequentially("Serveurs")
    browser_page.goto("/confirmer")
    assert asked == ["beforeunload"]


def test_what_was_saved_in_place_is_left_without_asking(browser_page):
    look(browser_page, "/galerie")
    asked = []
    browser_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    browser_page.get_by_label("Intitulé de l’achat").press_sequentially("Serveurs")
    saved = "new CustomEvent('htmx:afterRequest', {bubbles: true, detail: {successful: true}})"
    browser_page.evaluate(f"document.querySelector('form[data-guard]').dispatchEvent({saved})")
    browser_page.goto("/confirmer")
    assert asked == []


def test_a_long_work_is_followed_on_its_page(browser_page):
    look(browser_page, "/galerie")
    expect(browser_page.locator("#job .job-state")).to_contain_text("Terminé")
    assert browser_page.locator("#job[hx-get]").count() == 0


def test_files_are_dropped_on_the_zone(browser_page):
    look(browser_page, "/galerie")
    browser_page.evaluate(
        """() => {
        const given = new DataTransfer();
        given.items.add(new File(["a".repeat(2500)], "novimage.xlsx"));
        given.items.add(new File(["b"], "radia.xlsx"));
        const zone = document.querySelector("[data-drop]");
        zone.dispatchEvent(new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));
    }"""
    )
    assert browser_page.evaluate("document.querySelector('input[type=file]').files.length") == 2
    assert browser_page.locator("[data-drop-list] li").all_inner_texts()[0].startswith("novimage.xlsx (2,5")


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(browser_page):
    look(browser_page, "/galerie?wrong=1")
    assert browser_page.evaluate("document.activeElement.id") == "erreurs"
    browser_page.locator("#erreurs a").first.click()
    assert browser_page.evaluate("document.activeElement.name") == "title"
    browser_page.locator("#erreurs a", has_text="Hébergement").click()
    assert browser_page.evaluate("document.activeElement.name") == "hosting"
