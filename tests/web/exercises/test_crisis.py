"""The crisis kit on the web: filled in part by part, never written over, dated; the clocks of a real crisis in Paris."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from egide.exercise.crisis import Directory
from egide.exercise.module import Setting
from egide.web.diagnoses import models as diagnoses
from egide.web.exercises import models
from egide.web.exercises.crisis import clocks as shown
from web.exercises.crisis_access import DIRECTORY, crisis, here, kept

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture
def director(hospital, sign_in):
    return sign_in(hospital.director)


def at(world, part=""):
    return f"/exercices/crise/{here(world)['organisation']}/{part}"


def rows(*filled, prefix="rows"):
    """What a browser sends for a list of rows."""
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    return data | {f"{prefix}-{n}-{name}": value for n, each in enumerate(filled) for name, value in each.items()}


def directory(world):
    return models.CrisisDirectory.objects.get(organisation=world.hospital.organisation)


# --------------------------------------------------------------------------------------------------------- the kit
def test_a_kit_that_nobody_filled_in_is_printed_and_says_what_it_lacks(director, world):
    told = director.get(at(world)).content.decode()
    assert "pas encore rempli" in told
    assert "09 72 43 91 25" in told
    paper = director.get(at(world, "kit.pdf"))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert "kit-de-crise.pdf" in paper["Content-Disposition"]
    assert not models.CrisisDirectory.objects.exists()


def test_the_map_and_the_parts_fill_the_kit_and_the_paper(director, world):
    of, by = world.hospital.organisation, world.hospital.director
    diagnoses.Application.objects.create(organisation=of, name="Dossia", supplier="Orvelis Santé", changed_by=by)
    diagnoses.Supplier.objects.create(organisation=of, name="Orvelis Santé", reachable=True, changed_by=by)
    assert b'value="Orvelis Sant\xc3\xa9"' in director.get(at(world, "fournisseurs")).content
    person = {
        "function": "director",
        "name": "Mme Arnoult",
        "telephone": "01",
        "night": "06 99",
        "stand_in": "M. Berre",
    }
    assert (
        director.post(at(world, "cellule"), {"revision": 0} | rows(person, {"function": "it"}, {})).status_code == 302
    )
    supplier = {"name": "Orvelis Santé", "runs": "Dossia", "contract": "2025-114", "telephone": "01 55", "always": "on"}
    sent = {"revision": 1, "insurance-insurer": "Hexarque", "insurance-hours": "48"} | rows(supplier)
    assert director.post(at(world, "fournisseurs"), sent).status_code == 302
    diagnoses.Supplier.objects.create(organisation=of, name="Nuebrume", changed_by=by)
    told = director.get(at(world, "fournisseurs")).content.decode()
    assert "pas ici" in told
    assert "Nuebrume" in told
    sent = {"revision": 2, "ars-telephone": "04 44", "samu-note": "ligne rouge", "more": "1"}
    assert director.post(at(world, "contacts"), sent)["Location"].endswith("contacts")
    sent = {"revision": 3, "setting": "hospital", "room": "Salle du conseil", "word-neighbour": "CH de Sarlans"}
    assert director.post(at(world, "lieux"), sent).status_code == 302
    row = directory(world)
    assert (row.revision, row.checked_on, row.plain["values"]["neighbour"]) == (4, None, "CH de Sarlans")
    assert director.post(at(world, "verifie")).status_code == 302
    row = directory(world)
    assert row.checked_on == timezone.localdate()
    assert row.expires_on > row.checked_on + timedelta(days=88)
    text = director.get(at(world)).content.decode()
    for said in ("06 99", "2025-114", "01 55", "04 44", "ligne rouge", "Orvelis Santé"):
        assert said in text, said


def test_what_somebody_else_saved_is_not_written_over(director, world):
    kept(world)
    sent = {"revision": 7, "setting": "hospital", "room": "Ailleurs"}
    answer = director.post(at(world, "lieux"), sent)
    assert answer.status_code == 422
    assert "entre-temps" in answer.content.decode()
    assert 'value="Ailleurs"' in answer.content.decode()
    assert directory(world).plain["directory"]["room"] == "Salle du conseil"


def test_bad_input_is_said_at_its_place_and_changes_nothing(director, world):
    kept(world)
    sent = {"revision": 0, "insurance-hours": "deux jours"} | rows({"telephone": "01 55"}, {"name": "x" * 200})
    answer = director.post(at(world, "fournisseurs"), sent)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert told.count('aria-invalid="true"') == 3
    assert directory(world).revision == 0
    assert director.get(at(world, "ailleurs")).status_code == 404
    assert director.get(at(world, "kit.odt")).status_code == 404


def test_what_a_part_does_not_show_stays(director, world):
    kept(world, replace(DIRECTORY, contacts=(*DIRECTORY.contacts,)), Setting.PRACTICE)
    director.post(at(world, "lieux"), {"revision": 0, "setting": "home", "room": "Accueil"})
    row = directory(world)
    assert row.setting == "home"
    assert row.plain["values"] == {"record": "Dossia", "neighbour": "CH de Sarlans"}
    assert row.plain["directory"]["suppliers"][0]["name"] == "Orvelis Santé"


def test_numbers_that_are_too_old_are_recalled(director, world):
    kept(world, Directory(checked_on=timezone.localdate() - timedelta(days=200)))
    assert "revérifier depuis" in director.get(at(world)).content.decode()


def test_few_queries(director, world, django_assert_max_num_queries):
    kept(world)
    row = crisis(world, started={"attack_known": NOW.isoformat()})
    for address in (at(world), at(world, "cellule"), at(world, "horloges"), f"/exercices/crise/horloges/{row.uuid}/"):
        with django_assert_max_num_queries(20):
            director.get(address)


# ------------------------------------------------------------------------------------------------------ the clocks
def test_a_crisis_from_its_first_minute_to_its_end(director, world):
    answer = director.post(at(world, "horloges"), {"title": "Rançongiciel du 22 novembre"})
    address = answer["Location"]
    row = models.CrisisClocks.objects.get()
    director.post(f"{address}maintenant", {"started": "attack_known"})
    row.refresh_from_db()
    assert set(row.plain["started"]) == {"attack_known"}
    at_first = row.plain["started"]["attack_known"]
    director.post(f"{address}maintenant", {"started": "attack_known"})
    director.post(f"{address}maintenant", {"started": "nothing"})
    row.refresh_from_db()
    assert row.plain["started"] == {"attack_known": at_first}
    told = director.get(address).content.decode()
    assert "reste 71" in told or "reste 72" in told
    sent = {"revision": row.revision, "start-attack_known": "20/11/2026 08:00", "start-breach_known": "21/11/2026 09:30", "done-complaint": "23/11/2026 07:59"}  # fmt: skip
    assert director.post(f"{address}heures", sent).status_code == 302
    told = director.get(address).content.decode()
    assert "24/11/2026 09:30" in told
    director.post(f"{address}maintenant", {"done": "rgpd33"})
    stale = director.post(f"{address}heures", {"revision": 0})
    assert stale.status_code == 422
    assert director.post(f"{address}heures", sent | {"start-attack_known": "hier"}).status_code == 422
    assert director.post(f"{address}fin").status_code == 302
    assert director.post(f"{address}maintenant", {"started": "device_known"}).status_code == 403
    assert "Horloges closes" in director.get(address).content.decode()


@pytest.mark.parametrize(
    ("started", "done", "word", "tone"),
    [
        (None, None, "pas commencé", "plain"),
        (NOW - timedelta(hours=1), None, "reste {length}", "info"),
        (NOW - timedelta(hours=60), None, "reste {length}", "doubt"),
        (NOW - timedelta(hours=73), None, "dépassé de {length}", "error"),
        (NOW - timedelta(hours=73), NOW - timedelta(hours=2), "fait", "good"),
        (NOW - timedelta(hours=73), NOW, "fait, hors délai", "doubt"),
    ],
)
@pytest.mark.once
def test_a_clock_says_where_it_is(started, done, word, tone):
    from egide import reference

    starts = {"breach_known": started} if started else {}
    lines = shown.shown(reference.clocks(), starts, {"rgpd33": done} if done else {}, NOW)
    line = next(each for each in lines if each.clock.id == "rgpd33")
    assert (line.word.text, line.tone) == (word, tone)
    at_once = next(each for each in lines if each.clock.id == "rgpd34")
    assert at_once.word.text == ("à faire sans délai" if started else "pas commencé")
    assert {each.clock.id for each in lines}.isdisjoint({"nis2_24", "nis2_72", "nis2_month"})


# ------------------------------------------------------------------------------------------------------- in a browser
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_and_a_crisis_is_opened_without_script(browser_page, enter, axe, world):
    kept(world, replace(DIRECTORY, checked_on=date(2026, 1, 4)))
    row = crisis(world, started={"attack_known": NOW.isoformat(), "breach_known": NOW.isoformat()})
    enter(browser_page, world.hospital.director)
    addresses = [at(world, part) for part in ("", "fournisseurs", "contacts")]
    addresses.append(f"/exercices/crise/horloges/{row.uuid}/")
    for address in addresses:
        for scheme, width in (("light", 1280), ("dark", 390)):
            browser_page.emulate_media(color_scheme=scheme)
            browser_page.set_viewport_size({"width": width, "height": 900})
            browser_page.goto(address)
            axe(browser_page)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390, address
    browser_page.goto(at(world, "horloges"))
    browser_page.get_by_label("Nom de la crise").fill("Panne")
    browser_page.get_by_role("button", name="Ouvrir les horloges").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Panne")
    browser_page.get_by_role("button", name="Connu maintenant : L’attaque est connue").click()
    expect(browser_page.get_by_role("heading", name="Ce qui est dû")).to_be_visible()
