"""The page without network in Chromium, from a file, the network cut: a short exercise played to its results."""

import re

import pytest
from playwright.sync_api import expect

from egide.exchange import exercise_results, offline_page
from egide.exercise.making import script
from egide.exercise.module import Setting
from egide.exercise.record import Act, Done, Jot, State
from exercise.libraries import LIBRARY

pytestmark = [pytest.mark.browser, pytest.mark.once]
SCRIPT = script(LIBRARY, Setting.HOSPITAL, 3, {})


@pytest.fixture
def offline(browser, chromium, tmp_path):
    """A page of a script on a browser without network, its clock in our hands; it may not complain.

    The browser has a profile on the disk, as people have: a private window forgets what it keeps, sometimes at a reload.
    """
    (tmp_path / "page.html").write_bytes(offline_page.content(SCRIPT, "fr"))
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", viewport={"width": 1280, "height": 900}, locale="fr-FR", **chromium
    )
    context.set_offline(True)
    page = context.pages[0]
    said = []
    page.on("console", lambda each: said.append(each.text))
    page.on("pageerror", lambda each: said.append(str(each)))
    page.clock.install()
    page.goto((tmp_path / "page.html").as_uri())
    yield page
    context.close()
    assert said == []


def brought(page, tmp_path):
    """What the program reads of the file that the page saves."""
    page.get_by_role("link", name="Résultats").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Enregistrer les résultats").click()
    path = tmp_path / "results.json"
    download.value.save_as(path)
    return exercise_results.read(path, path.name, None, [offline_page.digest(SCRIPT)])


def test_a_short_exercise_is_played_without_network_and_its_results_are_read(offline, tmp_path, axe):
    page = offline
    page.get_by_label("Direction, CH de Valmorin").fill("1")
    for name in ("Mme Roy", "M. Bel"):
        page.get_by_label("Ajouter un observateur").fill(name)
        page.get_by_label("Ajouter un observateur").press("Enter")
    axe(page)
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("link", name="Animer").click()
    expect(page.get_by_role("heading", name="À jouer maintenant (1)")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Joué, envoyé").click()
    expect(page.get_by_text("Rien à jouer pour l'instant")).to_be_visible()
    page.clock.run_for(9 * 60_000)
    expect(page.get_by_role("heading", name="À jouer maintenant (1)")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Passer")).first.click()
    page.get_by_text("Improviser un stimulus").click()
    page.get_by_role("textbox", name="Titre", exact=True).fill("<b>Un journaliste</b>")
    page.get_by_label("Texte à lire").fill("Il attend une réponse.")
    page.get_by_role("button", name="Ajouter", exact=True).click()

    page.get_by_role("link", name="Observer").click()
    page.get_by_label("en partie").check()
    page.get_by_label("Remarque").fill("a tardé")
    page.get_by_label("Qui observe").select_option("M. Bel")
    page.get_by_label("oui", exact=True).check()
    page.reload()
    expect(page.locator("#clock")).to_have_text(re.compile("T\\+00:09"))
    expect(page.get_by_role("heading", name="Observer")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(3 * 60_000)
    expect(page.locator("#clock")).to_have_text(re.compile("T\\+00:09"))
    page.get_by_role("button", name="Reprendre").click()
    page.get_by_role("link", name="Main courante").click()
    page.get_by_label("Écrire").fill("La cellule est réunie.")
    page.get_by_role("button", name="Noter").click()
    page.get_by_role("button", name="Finir").click()
    page.locator("#ask-yes").click()
    found = brought(page, tmp_path)

    assert found.whole
    assert found.script == SCRIPT
    record = found.record
    states = {each.id: each.state for each in record.events}
    assert (states["ALE-01"], states["ALE-02"], states["IMP-1"]) == (State.SENT, State.SKIPPED, State.SENT)
    assert [(each.observer, each.done, each.note) for each in record.ticks] == [("Mme Roy", Done.PARTIAL, "a tardé"), ("M. Bel", Done.YES, "")]  # fmt: skip
    assert [(each.kind, each.text) for each in record.notes] == [(Jot.LOG, "La cellule est réunie.")]
    assert [each.act for each in record.actions] == [Act.BEGUN, Act.SENT, Act.SKIPPED, Act.IMPROVISED, Act.PAUSED, Act.RESUMED, Act.ENDED]  # fmt: skip
    (pause,) = record.pauses
    assert (9 * 60 <= pause.at < 10 * 60, 175 <= pause.seconds <= 200) == (True, True)
    assert [(each.function, each.people) for each in record.presence] == [("director", 1)]
    assert 9 * 60 <= record.lasted < 10 * 60
    assert found.findings == ()


def test_a_store_that_comes_back_empty_loses_nothing(offline):
    page = offline
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("link", name="Animer").click()
    page.get_by_role("button", name="Joué, envoyé").click()
    page.clock.run_for(4 * 60_000)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("#clock")).to_have_text(re.compile("T\\+00:04"))
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    page.get_by_role("link", name="Résultats").click()
    page.reload()
    expect(page.locator("#clock")).to_have_text(re.compile("T\\+00:04"))


@pytest.mark.long
def test_a_clock_that_jumps_a_page_closed_for_long_and_a_second_tab_are_said(offline):
    page = offline
    page.get_by_role("button", name="Commencer").click()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("ouvert dans un autre onglet")).to_be_visible()
    expect(other.get_by_role("button", name="Pause")).to_be_disabled()
    other.get_by_role("button", name="Continuer ici").click()
    expect(other.get_by_role("button", name="Pause")).to_be_enabled()
    expect(page.get_by_text("ouvert dans un autre onglet")).to_be_visible()
    other.clock.run_for(60_000)
    other.evaluate("Date.now = ((was) => () => was() + 3 * 3600e3)(Date.now)")
    expect(other.get_by_text("l'horloge de l'ordinateur a avancé d'un coup de 3 h 00")).to_be_visible()
    expect(other.locator("#clock")).to_have_text(re.compile("T\\+00:01"))
    other.wait_for_timeout(1200)
    other.close()
    page.reload()
    expect(page.get_by_text("l'exercice est en pause à T+00:01")).to_be_visible()
    page.get_by_role("button", name="Reprendre").click()
    page.clock.run_for(60_000)
    expect(page.locator("#clock")).to_have_text(re.compile("T\\+00:02"))


def test_it_stands_on_a_small_dark_screen_by_the_keyboard_alone_in_english(offline, axe):
    page = offline
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="English").press("Enter")
    page.get_by_role("button", name="Begin").press("Enter")
    for name in ("Lead", "Observe", "Log", "Results", "Prepare"):
        page.get_by_role("link", name=name, exact=name != "Lead").press("Enter")
        expect(page.get_by_role("heading", name=name, level=2)).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        axe(page)
    page.get_by_role("link", name="Lead").press("Enter")
    page.get_by_text("Document: Letter").first.press("Enter")
    page.get_by_role("button", name="Full screen here").first.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
