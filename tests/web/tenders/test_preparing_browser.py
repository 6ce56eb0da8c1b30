"""Steps 1 to 4 in Chromium: a whole walk from nothing to a publication, axe on every page, the keyboard alone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from egide.web.tenders import convert
from egide.web.tenders.models import Consultation, State
from web.tenders import preparing
from web.tenders.prepared import REASON, address, work
from web.waiting import shown_again

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOWN = ("purchase", "points", "method", "rules", "documents", "questions")
OTHERS = (
    "lots", "rounds", "processing", "contract", "essential", "described", "all_points", "evaluators", "schedule", "bench",
    "definition",
)  # fmt: skip


def test_a_buyer_walks_from_nothing_to_a_publication(world, files, browser_page, enter):
    page = browser_page
    enter(page, world.hospital.buyer)
    page.goto(reverse("tenders:index"))
    page.get_by_role("link", name="Commencer une consultation").first.click()
    page.get_by_label("Intitulé de la consultation").fill("Archivage d'images (fictif)")
    page.get_by_label("Envoi à la publication prévu le").fill("01/12/2026")
    page.get_by_label("Valeur estimée hors taxes").fill("500 000")
    page.get_by_label("Logiciel hébergé avec données de santé").check()
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/achat/")
    page.get_by_role("link", name=re.compile("^Pièces|Étape 4")).click()
    page.get_by_role("link", name="Motif de ne pas allotir").first.click()
    page.wait_for_url("**/lots/#id_allotment__reason")
    page.get_by_label("Motif de ne pas allotir").fill(REASON)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name=re.compile("Fiches de traitement")).click()
    for label in ("Finalité du traitement", "Nature des opérations", "Catégories de données", "Personnes concernées", "Durée",
                  "Destinataires", "Transferts hors", "Responsable de traitement", "Délégué à la protection"):  # fmt: skip
        page.get_by_label(label).first.fill("Écrit par l'établissement")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name=re.compile("Étape 2")).click()
    page.get_by_role("link", name=re.compile("^T1 ")).click()
    page.get_by_label("Poids EG-001", exact=True).select_option("3")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name=re.compile("Étape 3")).click()
    page.get_by_role("link", name="Banc d’essai", exact=True).click()
    page.get_by_label("Consultations simulées").fill("200")
    page.get_by_role("button", name="Lancer le banc d’essai").click()
    page.wait_for_url("**/travaux/**")
    assert work().state == "done"
    shown_again(page)
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_text("Verdict").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Étape 4")).click()
    page.get_by_role("button", name="Écrire les pièces").click()
    page.wait_for_url("**/travaux/**")
    assert work().state == "done"
    shown_again(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("link", name="Publier").click()
    page.get_by_label("Numéro de l’avis").fill("26-123456")
    page.wait_for_load_state()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Publier la consultation").click()
    page.wait_for_url("**/pieces/")
    row = Consultation.objects.get()
    assert row.state == State.PUBLISHED
    digest = convert.journal(row).publication.digest
    assert page.locator("#digest").inner_text() == digest
    assert convert.tender(row).points["EG-001"].weight == 3


@pytest.mark.parametrize(
    ("names", "scheme"),
    [
        pytest.param(SHOWN, "light", id="light"),
        pytest.param(OTHERS, "light", marks=pytest.mark.long, id="others-light"),
        pytest.param((*SHOWN, *OTHERS), "dark", marks=pytest.mark.long, id="dark"),
    ],
)
def test_no_violation(names, world, files, browser_page, enter, axe, scheme):
    enter(browser_page, world.hospital.buyer)
    row = preparing.consultation(world)
    browser_page.emulate_media(color_scheme=scheme)
    for name in names:
        browser_page.set_viewport_size({"width": 1280, "height": 900})
        assert browser_page.goto(address(name, row)).status == 200, name
        axe(browser_page)
        browser_page.set_viewport_size({"width": 390, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390, name


@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_no_violation_elsewhere(language, world, files, browser_page, enter, axe):
    from django.utils import translation

    enter(browser_page, world.hospital.buyer)
    asked = preparing.costed(world)
    with translation.override(language):
        axe_on = [reverse("tenders:index"), reverse("tenders:new"), f"{address('risk', asked)}?valeur"]
        for row, name, more in (
            (preparing.consultation(world), "point", ["EG-003"]), (last(), "theme", ["T1"]), (last(), "criterion", ["securite"]),
            (preparing.published_one(world), "amendments", []), (last(), "documents", []), (last(), "lots", []),
            (preparing.questioned(world), "questions", []), (preparing.documented(world), "publish", []),
        ):  # fmt: skip
            axe_on.append(address(name, row, *more))
    for url in axe_on:
        assert browser_page.goto(url).status == 200, url
        axe(browser_page)


def last():
    return preparing.last()


def test_the_keyboard_is_enough(world, files, browser_page, enter):
    enter(browser_page, world.hospital.buyer)
    row = preparing.consultation(world)
    browser_page.goto(address("rules", row))
    box = browser_page.get_by_label("Variantes autorisées")
    box.focus()
    browser_page.keyboard.press("Space")
    button = browser_page.get_by_role("button", name="Enregistrer")
    for _ in range(12):
        if button.evaluate("each => each === document.activeElement"):
            break
        browser_page.keyboard.press("Tab")
    with browser_page.expect_navigation():
        browser_page.keyboard.press("Enter")
    row.refresh_from_db()
    assert convert.tender(row).variants_allowed


def test_without_script_a_wrong_page_keeps_what_was_typed(world, files, browser, live, enter):
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    enter(page, world.hospital.buyer)
    row = preparing.consultation(world)
    page.goto(address("purchase", row))
    page.get_by_label("Valeur estimée hors taxes").fill("beaucoup")
    page.get_by_label("Intitulé de la consultation").fill("Un titre tapé")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_label("Intitulé de la consultation").input_value() == "Un titre tapé"
    page.locator("#erreurs a").click()
    page.wait_for_url("**#id_estimate")
    page.get_by_label("Valeur estimée hors taxes").fill("600 000")
    page.get_by_role("button", name="Enregistrer").click()
    row.refresh_from_db()
    assert row.title == "Un titre tapé"
    context.close()
