"""As a new user would: from the self-assessment to the links of a first exercise, in a browser; nothing axe complains of."""

import re

import pytest
from playwright.sync_api import expect

from egide.web.exercises.models import Exercise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page, axe, *addresses):
    """Look at pages wide and light, then narrow and dark."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for address in addresses:
            page.goto(address)
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_first_exercise_is_prepared_from_its_level_to_its_links(browser_page, enter, world, axe):
    page = browser_page
    looked_at(page, axe, "/exercices/kits", "/exercices/kits/1", "/exercices/kits/modules/alert", "/exercices/niveau")
    enter(page, world.hospital.director)
    page.goto("/exercices/")
    page.get_by_role("link", name="Choisir le niveau").first.click()
    page.wait_for_url("**/niveau**")
    expect(page.locator("main fieldset")).not_to_have_count(0)
    for group in page.locator("main fieldset").all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="Voir le niveau conseillé").click()
    expect(page.get_by_role("heading", name=re.compile("Niveau 1"))).to_be_visible()
    page.get_by_role("link", name="Fixer une date").click()
    page.get_by_label("Jour prévu").fill("12/03/2027")
    page.get_by_role("button", name="Créer l’exercice").click()
    page.wait_for_url("**/mots")
    page.get_by_label("Logiciel du dossier patient").fill("Orvane")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url("**/chronogramme")
    expect(page.get_by_role("row")).not_to_have_count(1)
    page.get_by_role("link", name="Tables et liens").first.click()
    page.get_by_role("button", name="Un lien par place").click()
    expect(page.get_by_text("s’impriment dès que l’exercice est prêt")).to_be_visible()
    row = Exercise.objects.get()
    assert row.values["record"] == "Orvane"
    here = f"/exercices/preparer/{row.uuid}"
    of = f"/exercices/{world.hospital.organisation.uuid}"
    looked_at(
        page, axe, "/exercices/", f"{of}/nouveau", *(f"{here}/{each}" for each in ("", "mots", "chronogramme", "chronogramme/ajouter", "chronogramme/importer", "tables", "documents", "pret")),
    )  # fmt: skip
    page.goto(f"{here}/pret")
    page.get_by_role("button", name="Prêt à jouer").click()
    expect(page.get_by_text("Exercice prêt")).to_be_visible()
    page.goto(f"{here}/tables")
    page.get_by_role("link", name="Voir et imprimer les liens").click()
    expect(page.locator("svg.qr").first).to_be_visible()
