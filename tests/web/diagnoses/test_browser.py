"""Diagnoses in a browser: accessible, narrow, saved as one goes, and all of it without script."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from egide.diagnosis.questionnaire import Depth
from egide.web.diagnoses import models
from egide.web.organisations.models import Kind, Membership, Organisation
from web.diagnoses.access import answered, begun, finished, grid, mapped
from web.diagnoses.test_pages import BRANCH, DECIDES, chapter_of, place
from web.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOW = pytest.mark.long
OPEN = "document.querySelectorAll('details.fold').forEach((each) => { each.open = true; })"
LOOKS = [
    ("light", ""),
    pytest.param("dark", "", marks=SLOW),
    pytest.param("light", "/en", marks=SLOW),
    pytest.param("dark", "/en", marks=SLOW),
]
OF = ("", "commencer", "comparer", "cartographie", "cartographie/importer", "cartographie/applications/ajouter", "grilles", "grilles/apporter")  # fmt: skip
PARTS = ("", "chapitres/1", "sans-reponse", "terminer", "resultat", "classeur")


@pytest.fixture
def page(browser_page, enter, world):
    enter(browser_page, world.hospital.evaluator)
    return browser_page


def addresses(world):
    """Return the address of each page, with something on it."""
    finished(world, depth=Depth.HOSPITAL, at="worst")
    row = answered(world)
    row.answers = dict(list(row.answers.items())[3:])
    row.answers[next(iter(row.answers))]["since"] = "2026-01-04"
    row.save()
    mapped(world, supplier="Éditeur fictif", care_critical=True)
    mapped(world, models.Supplier, name="Éditeur fictif")
    mapped(world, models.DeviceClass, name="Scanners", count=4, unsupported=2)
    group = Organisation.objects.create(name="GHT fictif", kind=Kind.GROUP)
    group.members.set([world.hospital.organisation, world.other.organisation])
    Membership.objects.create(user=world.hospital.evaluator, organisation=group, role="evaluator")
    here, together = (f"/diagnostic/{each.uuid}" for each in (world.hospital.organisation, group))
    return [
        "/diagnostic/",
        *(f"{here}/{each}" for each in OF),
        *(f"{together}/{each}" for each in ("", "comparer", "cartographie")),
        *(f"/diagnostic/reponses/{row.uuid}/{each}" for each in PARTS),
        f"/diagnostic/grilles/{grid(world).uuid}/mesures",
    ]


@pytest.mark.parametrize(("scheme", "prefix"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_on_a_telephone(page, axe, world, scheme, prefix):
    page.emulate_media(color_scheme=scheme)
    for address in addresses(world):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(prefix + address)
        page.evaluate(OPEN)
        axe(page)
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_an_answer_is_saved_as_it_is_given_and_opens_its_question(page, world):
    row = begun(world)
    page.goto(f"/diagnostic/reponses/{row.uuid}/chapitres/{chapter_of(BRANCH)}")
    block = page.locator(f"#q{place(BRANCH)}")
    expect(block).to_be_hidden()
    page.locator(f"#q{place(DECIDES)}").get_by_role("radio").nth(-2).check()
    expect(page.locator("#enregistre")).to_contain_text("Enregistré")
    opens = DECIDES.levels[-1].code in BRANCH.asked_if.levels
    if not opens:
        page.locator(f"#q{place(DECIDES)}").get_by_role("radio").first.check()
    expect(block).to_be_visible()
    block.get_by_role("radio").first.check()
    until(page, lambda: BRANCH.id in models.Diagnosis.objects.get().answers)
    expect(block.get_by_text("répondu")).to_be_visible()
    page.goto("/diagnostic/")
    assert models.Diagnosis.objects.get().answers.keys() == {DECIDES.id, BRANCH.id}


def test_it_all_works_without_script(browser, live, world, sign_in):
    row = begun(world)
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="fr-FR")
    client, name = sign_in(world.hospital.evaluator), settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])
    page = context.new_page()
    page.goto(f"/diagnostic/reponses/{row.uuid}/chapitres/1")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url("**/chapitres/2")
    assert len(models.Diagnosis.objects.get().answers) == 1
    context.close()
