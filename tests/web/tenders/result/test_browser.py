"""The pages of a result in a browser: no violation that axe finds, nothing wider than the screen, keys alone suffice."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from web.tenders.result import made
from web.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(world, files):
    """Every page of a final result, of a provisional one, and those beside."""
    final = made.example(world)
    made.worked("record", final.organisation, world.hospital.buyer, final, date="")
    made.worked(
        "robustness", final.organisation, world.hospital.buyer, final, draws=20, slip="0.1", spread="0.05", seed=0
    )
    many = made.quick(world.hospital, 9, 7)
    none = made.consultation(world.hospital, 1, 0)

    def of(row, name, *places):
        return reverse(f"tenders:{name}", args=[row.uuid, *places])

    return lambda: [
        of(final, "result"),
        of(final, "result_bid", 1, "lot-1", 1),
        of(final, "result_bid", 1, "lot-1", 4),
        of(final, "result_theme", 1, "lot-1", "T2"),
        of(final, "result_pictures", 1, "lot-1"),
        of(final, "result_risk", 1, "lot-1"),
        of(final, "result_documents", 1),
        of(final, "record"),
        of(final, "journal"),
        of(final, "robustness"),
        of(many, "result"),
        of(many, "result_theme", 1, "lot-1", "T8"),
        of(none, "result"),
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("fr", "light", 1280), pytest.param("en", "dark", 390, marks=pytest.mark.long)],
)
def test_every_page_is_sound(language, scheme, width, addresses, world, browser_page, enter, axe):
    enter(browser_page, world.hospital.buyer)
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 900})
    with translation.override(language):
        places = addresses()
    for each in places:
        answer = browser_page.goto(each)
        assert answer.status == 200, each
        browser_page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, each
        axe(browser_page)
        browser_page.set_viewport_size({"width": 390, "height": 900})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390, each
        browser_page.set_viewport_size({"width": width, "height": 900})


def test_the_matrix_is_reached_and_read_with_the_keyboard(addresses, world, browser_page, enter):
    enter(browser_page, world.hospital.director)
    [url] = [each for each in addresses() if "matrice/T8" in each]
    browser_page.goto(url)
    region = browser_page.locator(".table-tall")
    region.focus()
    expect(region).to_be_focused()
    browser_page.keyboard.press("ArrowRight")
    browser_page.keyboard.press("ArrowRight")
    until(browser_page, lambda: region.evaluate("each => each.scrollLeft") > 0)
    first = region.locator("summary").first
    first.focus()
    browser_page.keyboard.press("Enter")
    expect(region.locator("details[open] p").first).to_be_visible()


def test_on_paper_nothing_is_hidden_in_a_fold_nor_cut(addresses, world, browser_page, enter):
    enter(browser_page, world.hospital.buyer)
    browser_page.goto(addresses()[1])
    browser_page.emulate_media(media="print")
    assert browser_page.locator("nav.steps, .no-print").first.is_hidden()
    assert len(browser_page.pdf()) > 20_000
