"""Step 5 as a buyer uses it, in a browser: loading, opening, bringing in, reviewing; accessible in both languages."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from web.tenders.received import folders, test_import
from web.tenders.received.test_import import url
from web.waiting import on_its_job, shown_again

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def worked():
    """Do the work that waits, as the worker does."""
    from egide.web.jobs import queue

    while job := queue.take():
        queue.work(job)


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.long
def test_a_folder_is_loaded_from_the_browser(browser_page, enter, hospital, files, today, tmp_path):
    folder = tmp_path / "pacs-ght"
    for path, content in folders.files_of("pacs-ght").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    enter(browser_page, hospital.buyer)
    browser_page.goto(reverse("tenders:load"))
    browser_page.get_by_label("Ou le dossier lui-même").set_input_files(folder)
    browser_page.get_by_role("button", name="Charger").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Lecture d’un dossier de consultation")
    on_its_job(browser_page)
    worked()
    shown_again(browser_page)
    browser_page.get_by_role("link", name="Continuer").click()
    expect(browser_page.get_by_role("table", name="Ce qui est arrivé, par soumissionnaire")).to_be_visible()


def test_from_the_opening_to_a_reviewed_answer(browser_page, enter, soc, hospital, today):
    page = browser_page
    enter(page, hospital.buyer)
    page.goto(url("bids", soc))
    page.get_by_role("link", name="Consigner l’ouverture").click()
    page.get_by_label("Personnes présentes").fill("Acheteuse (fictive)")
    page.get_by_role("button", name="Consigner l’ouverture").click()
    page.get_by_role("link", name="Recevoir les plis de la plateforme").click()
    page.get_by_label("Le ZIP des plis").set_input_files(folders.PLATFORM / "export-depots.zip")
    page.get_by_label("Le registre des dépôts").set_input_files(folders.PLATFORM / "registre-depots.xlsx")
    page.get_by_role("button", name="Essayer la réception").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réception des dépôts")
    on_its_job(page)
    worked()
    shown_again(page)
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_text("hors délai, gardé fermé").first).to_be_visible()
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réception des dépôts")
    on_its_job(page)
    worked()
    shown_again(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("link", name="BRISEFORT", exact=True).click()
    page.get_by_role("link", name="Réponses lues").click()
    page.get_by_role("link", name="Revoir : EG-001").click()
    page.get_by_label("Partiel").check()
    page.get_by_label("Où l’offre remise le dit").fill("Mémoire technique, § 1.1")
    page.get_by_label("Motif").fill("Précision reçue le 18 novembre.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#EG-001")).to_contain_text("revue par une personne")
    expect(page.locator("#EG-001")).to_contain_text("Partiel")


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("fr", "light"), *(pytest.param(*each, marks=pytest.mark.long) for each in (("fr", "dark"), ("en", "light"), ("en", "dark")))],
)  # fmt: skip
def test_every_page_is_accessible(browser_page, enter, opened, hospital, sign_in, axe, language, scheme):
    from egide.web.tenders import models

    client, page = sign_in(hospital.buyer), browser_page
    tried, _, _ = test_import.bring_in(client, opened)
    folders.done(test_import.job_after(client.post(url("bids_doubts", opened), {"date": "20/11/2026"})))
    enter(page, hospital.buyer)
    bid = models.Bid.objects.get(tenderer="brisefort", lot="lot-1", variant=0)
    file = models.FolderFile.objects.filter(path__startswith="bids/brisefort/").first()
    with translation.override(language):
        addresses = [
            reverse("tenders:load"),
            *(url(name, opened) for name in ("bids", "bids_candidacies", "deposits", "bids_files", "bids_doubts")),
            *(
                url(name, opened, "brisefort")
                for name in ("bids_tenderer", "bids_answers", "bids_findings", "bids_doubts_of")
            ),
            url("bids_settle", opened, bid.uuid, "EG-001"),
            url("bids_move", opened, file.uuid),
            url("deposits_preview", opened, tried.uuid),
        ]
        before = [url("bids", opened), url("bids_opening", opened)]
    looked(page, axe, addresses, language, scheme)
    models.Consultation.objects.filter(pk=opened.pk).update(state=models.State.PUBLISHED, journal={})
    looked(page, axe, before, language, scheme)


def looked(page, axe, addresses, language, *schemes):
    for address in addresses:
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": 390 if scheme == "dark" else 1280, "height": 900})
            assert page.goto(address).status == 200
            assert page.locator("html").get_attribute("lang") == language
            axe(page)
            fits(page)
            page.set_viewport_size({"width": 390, "height": 900})
            fits(page)


def test_the_sealed_page_is_accessible(browser_page, enter, soc, hospital, today, axe):
    today(folders.BEFORE)
    enter(browser_page, hospital.buyer)
    looked(browser_page, axe, [url("bids", soc)], "fr", "light", "dark")
    expect(browser_page.get_by_text("Les plis sont fermés")).to_be_visible()


@pytest.mark.long
def test_too_large_is_said_on_a_page(browser_page, enter, opened, hospital, settings, files, tmp_path):
    from egide.web.jobs.models import Job

    settings.UPLOAD_BYTES = 300_000
    heavy = tmp_path / "plis.zip"
    heavy.write_bytes(b"\0" * 1_500_000)
    before, jobs = sorted(files.rglob("*")), Job.objects.count()
    enter(browser_page, hospital.buyer)
    browser_page.goto(url("deposits", opened))
    browser_page.get_by_label("Le ZIP des plis").set_input_files(heavy)
    with browser_page.expect_navigation() as gone:
        browser_page.get_by_role("button", name="Essayer la réception").click()
    assert gone.value.status == 413
    expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
    assert (sorted(files.rglob("*")), Job.objects.count()) == (before, jobs)


def test_loading_works_without_script(browser, live, sign_in, hospital, files, today, tmp_path):
    archive = tmp_path / "pacs.zip"
    archive.write_bytes(folders.zipped(folders.files_of("pacs-ght")))
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    client = sign_in(hospital.buyer)
    name = settings_name()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])
    page.goto(reverse("tenders:load"))
    expect(page.get_by_label("Ou le dossier lui-même")).to_be_hidden()
    page.get_by_label("Le dossier, en un seul fichier ZIP").set_input_files(archive)
    page.get_by_role("button", name="Charger").click()
    on_its_job(page)
    worked()
    shown_again(page)
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_role("table", name="Ce qui est arrivé, par soumissionnaire")).to_be_visible()
    context.close()


def settings_name():
    from django.conf import settings

    return settings.SESSION_COOKIE_NAME
