"""The debrief in a browser: accessible, narrow, and read by players without an account."""

import pytest
from playwright.sync_api import expect

from web.exercises.debriefed import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
PARTS = ("", "trancher", "constats", "constats/un/ALE-02/ALE-02-a", "plan", "a-chaud", "a-froid", "dernier", "papiers")


def seen(page, axe, address):
    page.goto(address)
    page.evaluate(OPEN)
    axe(page)


def test_the_pages_of_a_debrief_are_accessible_and_players_read_it_by_its_link(browser_page, enter, world, axe):
    page = browser_page
    played(world, days=400)
    row = played(world)
    enter(page, world.hospital.director)
    page.goto(f"/exercices/retour/{row.uuid}/papiers")
    page.get_by_role("button", name="Ouvrir un lien").click()
    link = page.locator("a[rel=noreferrer]")
    expect(link).to_be_visible()
    report = link.get_attribute("href")
    addresses = [
        *(f"/exercices/retour/{row.uuid}/{each}" for each in PARTS),
        f"/exercices/resultats/{row.uuid}",
        report,
    ]
    for address in addresses:
        seen(page, axe, address)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (addresses[0], addresses[1], addresses[3], report):
        seen(page, axe, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.context.clear_cookies()
    page.goto(report)
    expect(page.get_by_role("heading", name="Retour d’expérience", level=1)).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("link", name="Retour d’expérience (PDF)").click()
    assert paper.value.suggested_filename.endswith("retour.pdf")
