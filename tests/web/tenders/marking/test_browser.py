"""Marking in a browser: by keyboard, without a script, off line, after a session ended, by two people at once."""

import re

import pytest

from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import line, mark, written
from web.waiting import until

pytestmark = pytest.mark.browser
WAIT = 15_000


@pytest.fixture
def marking(world, browser_page, enter):
    """The page of a theme, opened by its evaluator."""
    row = made.consultation(world.hospital)
    enter(browser_page, world.hospital.evaluator)
    browser_page.goto(made.bid_page(row))
    return row


def said(page, words):
    """Wait until the page says it: the status of all rows, or that of one."""
    page.get_by_text(words).first.wait_for(timeout=WAIT)


def reason(page, number=0):
    return page.locator(f"#motif-{number}")


def drafts(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('egide-draft:'))")


def test_by_keyboard_alone(marking, browser_page):
    page = browser_page
    page.locator("#ligne-0 input[type=radio]:checked").focus()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.type("Vu page 3.")
    page.keyboard.press("Tab")
    page.keyboard.type("Contrat signé")
    page.keyboard.press("Enter")
    said(page, "Tout est enregistré.")
    focused = page.evaluate("document.activeElement.closest('[data-row]').id")
    assert focused == "ligne-1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#ligne-1 [data-state]", has_text="Enregistré à").wait_for(timeout=WAIT)
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == "ligne-1"
    kept = mark(marking)
    assert (kept.level, kept.reason, kept.proof_seen) == ("full", "Vu page 3.", "Contrat signé")
    assert mark(marking, "EG-002").level
    assert drafts(page) == []


def test_digits_typed_in_a_reason_stay_in_the_reason(marking, browser_page):
    page = browser_page
    reason(page).focus()
    page.keyboard.type("Page 12")
    page.locator("#ligne-1 textarea").focus()
    said(page, "Tout est enregistré.")
    assert (mark(marking).level, mark(marking).reason) == ("", "Page 12")


def test_a_long_reason_is_kept_whole(marking, browser_page):
    """More than a browser sends once its page is left: é takes two bytes, six once written in a form."""
    page = browser_page
    reason(page).fill("é" * 30_000)
    page.get_by_role("button", name="Enregistrer la page").click()
    said(page, "Tout est enregistré.")
    assert mark(marking).reason == "é" * 30_000


def test_without_a_script(world, browser, live, enter):
    row = made.consultation(world.hospital)
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    enter(page, world.hospital.evaluator)
    page.goto(made.bid_page(row))
    page.locator("#ligne-0").get_by_label("Complet").check()
    reason(page).fill("Vu sans script.")
    page.get_by_role("button", name="Enregistrer la page").click()
    said(page, "Lignes enregistrées")
    assert mark(row).reason == "Vu sans script."
    page.locator("#ligne-1").get_by_label("Cocher").check()
    page.get_by_role("button", name="Retenir ce que la déclaration suggère").click()
    said(page, "Motif commun")
    context.close()


def test_off_line_then_on_line(marking, browser_page):
    page = browser_page
    page.context.set_offline(True)
    reason(page).fill("Tapé sans réseau.")
    page.locator("#ligne-0").get_by_label("Insuffisant").check()
    said(page, "Connexion perdue")
    assert len(drafts(page)) == 1
    assert mark(marking) is None
    page.context.set_offline(False)
    said(page, "Tout est enregistré.")
    assert (mark(marking).level, mark(marking).reason) == ("below", "Tapé sans réseau.")
    assert drafts(page) == []
    page.complaints.clear()  # the browser tells of each lost request


def test_a_tab_closed_off_line_loses_nothing(marking, browser_page):
    page = browser_page
    url = page.url
    page.context.set_offline(True)
    reason(page).press_sequentially("Jusqu'à la dernière lett")
    page.complaints.clear()
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    said(again, re.compile("Saisies retrouvées|Tout est enregistré"))
    said(again, "Tout est enregistré.")
    assert mark(marking).reason == "Jusqu'à la dernière lett"


@pytest.mark.long
def test_what_waits_on_another_page_is_sent_from_the_overview(marking, browser_page):
    page = browser_page
    page.context.set_offline(True)
    reason(page).fill("Resté sur l'autre page.")
    said(page, "Connexion perdue")
    page.complaints.clear()
    page.context.set_offline(False)
    page.evaluate("window.stop()")
    page.goto(made.address(marking, "marking"))
    until(page, lambda: drafts(page) == [])
    assert mark(marking).reason == "Resté sur l'autre page."


def test_a_session_that_ends_in_the_middle(marking, browser_page, world, enter):
    page = browser_page
    page.context.clear_cookies(name="egide-session")
    reason(page).fill("Tapé trop tard.")
    page.locator("#ligne-0").get_by_label("Complet").check()
    said(page, "Session expirée")
    link = page.get_by_role("link", name="Se reconnecter")
    assert "next=" in link.get_attribute("href")
    assert mark(marking) is None
    link.click()
    page.wait_for_url(re.compile("connexion"))
    enter(page, world.hospital.evaluator)  # what signing in gives back
    page.goto(made.bid_page(marking))
    said(page, "Tout est enregistré.")
    assert (mark(marking).level, mark(marking).reason) == ("full", "Tapé trop tard.")


@pytest.mark.parametrize(("choice", "kept"), [("Garder la mienne", "Le second."), ("Prendre l'autre", "Le premier.")])
def test_two_people_on_one_row(marking, browser_page, world, browser, live, enter, choice, kept):
    page = browser_page
    other = browser.new_context(base_url=live.url, locale="fr-FR").new_page()
    enter(other, world.hospital.evaluator)
    other.goto(made.bid_page(marking))
    reason(other).fill("Le premier.")
    other.get_by_role("button", name="Enregistrer la page").click()
    said(other, "Tout est enregistré.")
    reason(page).fill("Le second.")
    page.get_by_role("button", name="Enregistrer la page").click()
    said(page, "Une ligne attend votre choix.")
    box = page.locator("#ligne-0 [data-conflict-box]")
    assert "Le premier." in box.inner_text()
    assert reason(page).input_value() == "Le second."
    assert mark(marking).reason == "Le premier."
    box.get_by_label(re.compile(choice.replace("'", "."))).click()  # the box goes as soon as it is chosen
    said(page, "Tout est enregistré.")
    assert mark(marking).reason == kept
    assert reason(page).input_value() == kept
    other.context.close()


def test_a_double_click_saves_once(marking, browser_page):
    page = browser_page
    reason(page).fill("Une fois.")
    page.get_by_role("button", name="Enregistrer la page").dblclick()
    said(page, "Tout est enregistré.")
    assert mark(marking).revision == 1


@pytest.mark.long
def test_back_after_saving_shows_what_is_saved(marking, browser_page):
    page = browser_page
    reason(page).fill("Avant de partir.")
    page.get_by_role("link", name=re.compile("T3")).first.click()
    page.wait_for_url(re.compile("theme=T3"))
    page.go_back()
    until(page, lambda: reason(page).input_value() == "Avant de partir." and drafts(page) == [])
    assert page.locator("[data-conflict-box]").count() == 0
    assert mark(marking).reason == "Avant de partir."
    reason(page).fill("Et revenu.")
    page.get_by_role("button", name="Enregistrer la page").click()
    said(page, "Tout est enregistré.")
    assert mark(marking).reason == "Et revenu."


def test_nothing_typed_stays_after_signing_out(marking, browser_page):
    page = browser_page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.context.set_offline(True)
    reason(page).fill("Confidentiel.")
    said(page, "Connexion perdue")
    page.context.set_offline(False)
    page.route("**/offre/**", lambda route: route.abort())
    reason(page).fill("Confidentiel, encore.")
    page.locator("summary", has_text="Evaluator").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "offre" not in url)
    assert asked
    assert drafts(page) == []
    page.complaints.clear()


def test_an_answer_that_comes_while_signing_out_writes_nothing_back(marking, browser_page):
    page = browser_page
    held, left = {}, []

    def hold(route):
        if route.request.url.endswith("/deconnexion"):
            left.append(route.request.url)
            route.fulfill(status=204)  # the page stays as long as the answer to its leaving is on its way
        else:
            held["row"] = route

    page.route(re.compile("/offre/|/deconnexion"), hold)
    page.on("dialog", lambda dialog: dialog.accept())
    reason(page).fill("Confidentiel.")
    page.get_by_role("button", name="Enregistrer la page").click()
    until(page, lambda: held)
    reason(page).fill("Confidentiel, encore.")
    page.locator("summary", has_text="Evaluator").click()
    page.get_by_role("button", name="Se déconnecter").click()
    until(page, lambda: left)
    assert drafts(page) == []
    held["row"].continue_()
    page.locator("#ligne-0 [data-revision][value='1']").wait_for(state="attached", timeout=WAIT)
    assert mark(marking).reason == "Confidentiel."
    assert drafts(page) == []
    page.complaints.clear()


def test_a_note_out_of_scale_is_told_and_kept_in_the_field(world, browser_page, enter):
    row = made.consultation(world.hospital)
    row.bid_set.first().note_set.model.objects.all().delete()
    big.seat(row, world.hospital.evaluator, "biomedical")
    enter(browser_page, world.hospital.evaluator)
    page = browser_page
    page.goto(made.address(row, "mark_notes", made.seat(row, "biomedical").uuid))
    page.locator("#note-0").fill("25")
    page.keyboard.press("Enter")
    said(page, "la note doit être un nombre de 0 à 20")
    assert page.locator("#note-0").input_value() == "25"
    page.locator("#note-0").fill("12,5")
    page.keyboard.press("Enter")
    said(page, "Tout est enregistré.")
    assert [each.note for each in row.bid_set.get(tenderer="s01").note_set.all()] == ["12.5"]


def test_a_gesture_on_several_rows(marking, browser_page):
    page = browser_page
    reason(page, 2).fill("En cours de frappe.")
    page.get_by_role("button", name="Cocher ce qui reste à noter").click()
    page.locator("#ligne-2").get_by_label("Cocher").uncheck()
    page.locator("#bulk-level").select_option("below")
    page.get_by_role("button", name="Retenir ce niveau").click()
    page.get_by_label("Motif commun").fill("Aucune réponse au mémoire.")
    page.get_by_role("button", name="Enregistrer ces niveaux").click()
    said(page, "Lignes enregistrées")
    assert mark(marking).level == "below"
    assert mark(marking, page.locator("#titre-2 .data").inner_text()).reason == "En cours de frappe."
    assert page.locator("[data-conflict-box]").count() == 0


# ------------------------------------------------------------------------------------------------------------------- axe
def pages(row):
    seat = made.seat(row).uuid
    evaluator = [
        made.address(row, "marking"), made.address(row, "marking_interests", seat), made.bid_page(row, query="?theme=T9"),
        made.address(row, "mark_point", seat, "EG-001"), made.address(row, "marking_workbooks"),
    ]  # fmt: skip
    buyer = [
        made.address(row, "marking"), made.address(row, "harmonise"), made.address(row, "decisions"),
        made.address(row, "decide", made.bid(row).uuid), made.address(row, "marking_workbooks"),
    ]  # fmt: skip
    return evaluator, buyer


@pytest.mark.parametrize(
    ("scheme", "language"),
    [
        ("light", ""),
        *(pytest.param(*each, marks=pytest.mark.long) for each in (("dark", ""), ("light", "/en"), ("dark", "/en"))),
    ],
)
def test_no_page_hinders_anybody(world, browser_page, enter, axe, scheme, language):
    row = made.consultation(world.hospital, share=6)
    big.seat(row, world.hospital.evaluator, "biomedical")
    page = browser_page
    page.emulate_media(color_scheme=scheme)
    evaluator, buyer = pages(row)
    evaluator.append(made.address(row, "mark_notes", made.seat(row, "biomedical").uuid))
    for person, addresses in ((world.hospital.evaluator, evaluator), (world.hospital.buyer, buyer)):
        enter(page, person)
        for address in addresses:
            page.goto(language + address)
            axe(page)
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
            page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.long
def test_a_page_that_tells_a_conflict_hinders_nobody(marking, browser_page, axe, sign_in, world):
    page = browser_page
    client = sign_in(world.hospital.evaluator)
    client.post(made.bid_page(marking), written(line(marking, level="full", reason="Le premier.")))
    reason(page).fill("Le second.")
    page.get_by_role("button", name="Enregistrer la page").click()
    said(page, "Une ligne attend votre choix.")
    axe(page)
