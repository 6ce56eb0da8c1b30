"""A play as people live it: a board, a telephone, an observer, each in its own page; then without the network."""

import pytest
from playwright.sync_api import expect

from egide.web.exercises import convert, models
from egide.web.exercises.models import Role
from web.exercises import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def pocket(browser, live):
    """A function: a path -> the page of a telephone, dark."""
    contexts = []

    def opened(path):
        context = browser.new_context(base_url=live.url, viewport=PHONE, color_scheme="dark", locale="fr-FR")
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for each in contexts:
        each.close()


def path(row):
    return f"/exercices/j/{rows.secret(row)}/"


def test_a_board_a_telephone_and_an_observer(browser_page, enter, world, pocket, axe):
    row = rows.ready(world)
    player, observer = rows.person(row), rows.person(row, Role.OBSERVER, (), name="Anne")
    enter(browser_page, world.hospital.director)
    browser_page.goto(f"/exercices/jouer/{row.uuid}/")
    phone, watch = pocket(path(player)), pocket(path(observer))
    phone.get_by_role("button", name="Je suis là").click()
    expect(phone.get_by_role("button", name="Je suis là")).to_have_count(0)
    expect(browser_page.locator("#gens")).to_contain_text("1 sur 2")

    browser_page.get_by_role("button", name="Début d’exercice").click()
    first = phone.locator("#ALE-01")
    expect(first).to_contain_text("VOS FICHIERS")
    expect(phone.locator("#annonce")).to_contain_text("Titre ALE-01")
    answer = first.get_by_label("Ce que nous faisons")
    answer.fill("On débranche le réseau")
    browser_page.get_by_role("button", name="Envoyer maintenant : Titre ALE-04").click()
    expect(phone.locator("#ALE-04")).to_be_visible()
    expect(answer).to_have_value("On débranche le réseau")
    first.get_by_role("button", name="Envoyer").click()
    expect(first.locator(".live-answers")).to_contain_text("On débranche le réseau")
    expect(browser_page.locator("#s-ALE-01")).to_contain_text("On débranche le réseau")

    mark = watch.locator("#ALE-01 .live-mark").first
    mark.get_by_role("button", name="En partie").click()
    expect(mark.get_by_role("button", name="En partie")).to_have_attribute("aria-pressed", "true")
    browser_page.get_by_role("button", name="Pause").click()
    expect(phone.locator(".live-state")).to_contain_text("En pause")
    for page in (browser_page, phone, watch):
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert models.Tick.objects.get().done == "partial"


def test_what_is_written_while_the_network_is_cut_arrives_once(world, pocket):
    row = rows.running(world)
    phone = pocket(path(rows.person(row)))
    card = phone.locator("#ALE-01")
    expect(card).to_be_visible()
    phone.context.set_offline(True)
    card.get_by_label("Ce que nous faisons").fill("On passe au papier")
    card.get_by_role("button", name="Envoyer").click()
    expect(phone.locator("#perdu")).to_contain_text("liaison est coupée")
    phone.context.set_offline(False)
    expect(card.locator(".live-answers")).to_contain_text("On passe au papier", timeout=20_000)
    expect(phone.locator("#perdu")).to_be_empty(timeout=20_000)
    assert models.Note.objects.filter(kind="answer").count() == 1


@pytest.mark.long
def test_the_last_answer_counts_and_an_old_link_falls_silent(world, pocket):
    row = rows.running(world)
    watcher = rows.person(row, Role.OBSERVER, ())
    watch = pocket(path(watcher))
    mark = watch.locator("#ALE-01 .live-mark").first
    expect(mark).to_be_visible()
    watch.context.set_offline(True)
    for said in ("Oui", "Non", "Oui"):
        mark.get_by_role("button", name=said, exact=True).click()
    expect(watch.locator("#perdu")).to_contain_text("liaison est coupée")
    watch.context.set_offline(False)
    expect(mark.get_by_role("button", name="Oui", exact=True)).to_have_attribute("aria-pressed", "true", timeout=20_000)
    expect(watch.locator("#perdu")).to_be_empty(timeout=20_000)
    assert models.Tick.objects.order_by("pk").last().done == "yes"
    convert.link([watcher])
    expect(watch.locator("#perdu")).to_contain_text("ne mène plus nulle part", timeout=20_000)
