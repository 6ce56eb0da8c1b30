"""The open clausier in a browser: accessible in both languages, light and dark, narrow, by keyboard, without script."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from egide import reference
from egide.web.clauses import wish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOW = pytest.mark.long
SHEET = Path(__file__).parents[3] / "examples/pacs-ght/bids/valtorrel/lot-1/Réponses RSSI v3 DEF.xlsx"
LINK = f"profile=saas_health.with_ai&care=critical&amount=260000&sent=2026-12-01&drop=EG-001&v={wish.mark(reference.clausier())}"
PAGES = [
    "/clausier/", "/clausier/recherche?q=sauvegarde&theme=T9", "/clausier/recherche?theme=T99", "/clausier/themes/T6", "/clausier/EG-053",
    "/clausier/references/", "/clausier/references/rgpd", "/clausier/assistant", "/clausier/assistant/questions?profile=saas_health",
    "/clausier/assistant/reponses?amount=x", f"/clausier/assistant/resultat?{LINK}", "/clausier/assistant/resultat?profile=inconnu",
    "/clausier/verifier", "/clausier/comparer", "/clausier/versions",
]  # fmt: skip
LOOKS = [
    ("light", ""),
    pytest.param("dark", "", marks=SLOW),
    pytest.param("light", "/en", marks=SLOW),
    pytest.param("dark", "/en", marks=SLOW),
]


@pytest.mark.parametrize(("scheme", "prefix"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_on_a_telephone(browser_page, axe, scheme, prefix):
    browser_page.emulate_media(color_scheme=scheme)
    for address in PAGES:
        browser_page.set_viewport_size({"width": 1280, "height": 900})
        browser_page.goto(prefix + address)
        browser_page.evaluate("document.querySelectorAll('details.fold').forEach((each) => { each.open = true; })")
        axe(browser_page)
        assert browser_page.locator("html").get_attribute("lang") == (prefix.strip("/") or "fr")
        browser_page.set_viewport_size({"width": 390, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390, address


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=SLOW)])
def test_axe_finds_nothing_in_what_is_understood_of_a_file(browser_page, axe, scheme):
    browser_page.emulate_media(color_scheme=scheme)
    checked(browser_page)
    browser_page.evaluate("document.querySelectorAll('details.fold').forEach((each) => { each.open = true; })")
    axe(browser_page)


def checked(page):
    page.goto("/clausier/verifier")
    page.get_by_label("Votre cadre de réponse rempli").set_input_files(SHEET)
    page.get_by_role("main").get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui est compris de votre réponse")


def test_search_as_one_types_and_back(browser_page):
    browser_page.goto("/clausier/recherche")
    box = browser_page.get_by_label("Mots, identifiant ou référence")
    box.press_sequentially("télémaintenance", delay=5)
    expect(browser_page).to_have_url(re.compile("q=t.+maintenance"))
    expect(browser_page.locator("#resultats mark").first).to_be_visible()
    expect(browser_page.get_by_role("status").filter(has_text="points")).to_be_attached()
    assert box.input_value() == "télémaintenance"
    count = browser_page.locator("#resultats article").count()
    assert 0 < count < 40
    browser_page.reload()
    expect(browser_page.locator("#resultats article")).to_have_count(count)


def test_a_filter_narrows_at_once(browser_page):
    browser_page.goto("/clausier/recherche?q=sauvegarde")
    before = browser_page.locator("#resultats article").count()
    browser_page.get_by_text("Filtres").click()
    browser_page.get_by_label("Thème").select_option("T9")
    expect(browser_page.locator("#resultats article")).not_to_have_count(before)
    expect(browser_page).to_have_url(re.compile("[?&]theme=T9"))


def test_a_buyer_goes_from_questions_to_documents_by_keyboard(browser_page):
    page = browser_page
    page.goto("/clausier/assistant")
    page.get_by_label("Logiciel hébergé avec données de santé").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Continuer").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Montant estimé, en euros").fill("260 000,00")
    page.get_by_label("Jour prévu d’envoi").fill("01/12/2026")
    page.get_by_label("Critique : une panne").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Voir les points").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("niveau renforcé")
    with page.expect_download() as given:
        page.get_by_role("link", name="Pièces de la consultation").click()
    assert given.value.suggested_filename.endswith(".zip")
    theme = page.locator("#theme-T1 > summary")
    theme.focus()
    page.keyboard.press("Enter")
    page.locator("#point-EG-001").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Appliquer mes choix").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 points réglés à la main.")).to_be_visible()
    expect(page).to_have_url(re.compile("[?&]drop=EG-001"))


def test_the_findings_shown_are_chosen(browser_page):
    browser_page.goto("/clausier/verifier")
    lines = "".join(f"EG-{number:03d};x;Oui\n" for number in range(1, 10))
    sheet = f"Identifiant;Exigence;Réponse\n{lines}EG-001;x;Oui\nEG-011;x;on verra plus tard\n".encode()
    file = {"name": "r.csv", "mimeType": "text/csv", "buffer": sheet}
    browser_page.get_by_label("Votre cadre de réponse rempli").set_input_files(file)
    browser_page.get_by_role("main").get_by_role("button", name="Vérifier").click()
    note = browser_page.locator(".findings-note")
    expect(note).to_be_visible()
    browser_page.locator("#show-note").uncheck()
    expect(note).to_be_hidden()
    expect(browser_page.locator(".findings-doubt")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "/clausier/EG-053",
        pytest.param(f"/clausier/assistant/resultat?{LINK}", marks=pytest.mark.long),
    ],
)
def test_paper_holds_the_page(browser_page, address):
    browser_page.goto(address)
    pages = pypdf.PdfReader(io.BytesIO(browser_page.pdf(format="A4"))).pages
    written = "".join(page.extract_text() for page in pages)
    assert "EG-053" in written
    assert "Se connecter" not in written


def test_everything_works_without_script(browser, live):
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/clausier/recherche")
    page.get_by_label("Mots, identifiant ou référence").fill("télémaintenance")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    expect(page.locator("#resultats mark").first).to_be_visible()
    page.goto("/clausier/assistant")
    page.get_by_label("Télémaintenance").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Voir les points").click()
    expect(page.locator("h1")).to_contain_text("points à demander")
    checked(page)
    expect(page.locator(".finding").nth(3)).to_be_visible()
    context.close()
