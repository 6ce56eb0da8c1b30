"""Estimates in a browser: accessible, narrow, without script; an assumption is tried, kept and reset by keyboard."""

import pytest
from playwright.sync_api import expect

from egide.web.risk.models import Assumptions
from web.risk.estimated import changed, described, group, kept, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOW = pytest.mark.long
LOOKS = [
    ("light", ""),
    pytest.param("dark", "", marks=SLOW),
    pytest.param("light", "/en", marks=SLOW),
    pytest.param("dark", "/en", marks=SLOW),
]
OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
CATCH_UP = "/hypotheses/severity.catch_up"


@pytest.fixture
def addresses(world):
    of, other = world.hospital.organisation, member(world, "EHPAD des Roses")
    described(of, category="hospital")
    described(other, category="care_home")
    kept(world)
    kept(world, other, category="care_home", scale=0.001)
    changed(world, severity__catch_up={"value": "0.3", "low": "0.2", "high": "0.4", "reason": "Mesuré"})
    made = group(world, [other, member(world, "Sans estimation")])
    here = f"/risque/{of.uuid}"
    return [
        "/risque/",
        "/risque/hypotheses?sujet=gravite",
        f"{here}/",
        f"/risque/{other.uuid}/",
        f"/risque/{made.uuid}/",
        f"{here}/hypotheses",
        f"{here}{CATCH_UP}?value=40&low=30&high=50&reason=x",
        f"{here}/assurance",
        f"{here}/estimations",
    ]


@pytest.fixture
def page(browser_page, enter, world):
    enter(browser_page, world.hospital.director)
    return browser_page


@pytest.mark.parametrize(("scheme", "prefix"), LOOKS)
def test_axe_finds_nothing(page, axe, addresses, scheme, prefix):
    page.emulate_media(color_scheme=scheme)
    for address in addresses[2:5] + addresses[6:7] if (scheme, prefix) == LOOKS[0] else addresses:
        page.goto(prefix + address)
        page.evaluate(OPEN)
        axe(page)


@pytest.mark.long
def test_pages_hold_in_a_hand_held_screen_and_on_paper(page, addresses):
    page.set_viewport_size({"width": 390, "height": 800})
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        expect(page.locator("h1")).to_have_count(1)
    page.goto(addresses[2])
    expect(page.locator("#courbe .risk-narrow svg")).to_be_visible()
    expect(page.locator("#courbe .risk-wide svg")).to_be_hidden()


def test_a_value_is_tried_kept_and_reset_by_keyboard(page, world, addresses):
    Assumptions.objects.all().delete()
    page.goto(f"/risque/{world.hospital.organisation.uuid}{CATCH_UP}")
    for name, text in (("Valeur", "30"), ("Borne basse", "20"), ("Borne haute", "40"), ("Raison", "Mesuré chez nous")):
        page.get_by_label(name).fill(text)
    page.get_by_role("button", name="Voir ce que cela changerait").press("Enter")
    expect(page.get_by_role("table", name="Ce que cela changerait")).to_be_visible()
    page.get_by_role("button", name="Retenir cette valeur").press("Enter")
    expect(page.get_by_role("status").or_(page.locator(".messages"))).to_contain_text("Hypothèse enregistrée")
    page.get_by_role("link", name="Part de l’activité rattrapée plus tard").first.press("Enter")
    page.get_by_role("button", name="Revenir à la valeur d’Égide").press("Enter")
    expect(page.get_by_text("Aucune : toutes les valeurs sont celles d’Égide.")).to_be_visible()
