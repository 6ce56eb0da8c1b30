"""The pages of accounts and organisations in a browser: accessible, usable by keyboard and on a narrow screen."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from egide.web.audit.guard import record
from egide.web.jobs.models import Job
from egide.web.organisations import invitations
from egide.web.organisations.models import Membership, Organisation
from web.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def pages(hospital):
    """The pages by who sees them."""
    group = Organisation.objects.create(name="GHT de Valmont", kind="ght", support=hospital.organisation)
    group.members.add(hospital.organisation)
    Membership.objects.create(user=hospital.administrator, organisation=group, role="administrator")
    _, secret = invitations.invite(hospital.organisation, "nouvelle@exemple.fr", "buyer", hospital.administrator)
    for n in range(60):
        record("organisation.changed", hospital.organisation, hospital.organisation, {"name": [f"a{n}", "b"]})
    found = {
        "code": "a.b",
        "severity": "error",
        "file": "a.xlsx",
        "place": "",
        "point": "EG-001",
        "read": "x",
        "tenderer": "",
    }
    words = {name: {"fr": "Texte", "en": "Text"} for name in ("understood", "remedy")}
    refused = {"error": "refused", "said": {"fr": "Refusé", "en": "Refused"}, "findings": [found | words]}
    common = {"kind": "evaluate", "organisation": hospital.organisation, "owner": hospital.administrator}
    jobs = [Job.objects.create(**common), Job.objects.create(**common, state="failed", result=refused)]
    own = reverse("organisations:one", args=[hospital.organisation.uuid])
    role = Membership.objects.get(user=hospital.buyer)
    visitor = [
        reverse("account_login"), reverse("account_reset_password"), reverse("account_reset_password_done"),
        reverse("organisations:accept", args=[secret]),
    ]  # fmt: skip
    administrator = [
        own, f"{own}/modifier", f"{own}/inviter", reverse("organisations:group", args=[group.uuid]),
        reverse("organisations:one", args=[group.uuid]), reverse("organisations:mine"), reverse("organisations:profile"),
        reverse("organisations:remove_role", args=[role.uuid]), reverse("audit:trail", args=[hospital.organisation.uuid]),
        reverse("jobs:mine"), *(reverse("jobs:one", args=[job.uuid]) for job in jobs),
        reverse("account_change_password"), reverse("mfa_index"), reverse("account_logout"), reverse("account_reauthenticate"),
    ]  # fmt: skip
    return {"visitor": visitor, "administrator": administrator}


def check(page, axe, addresses):
    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.locator("h1").count() == 1, address
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


@pytest.mark.long
def test_every_page_narrow(browser_page, enter, axe, pages, hospital):
    browser_page.set_viewport_size(NARROW)
    check(browser_page, axe, pages["visitor"])
    enter(browser_page, hospital.administrator)
    check(browser_page, axe, pages["administrator"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("scheme", "language"),
    [
        ("light", ""),
        ("dark", "/en"),
        pytest.param("dark", "", marks=pytest.mark.long),
        pytest.param("light", "/en", marks=pytest.mark.long),
    ],
)
def test_every_page_in_both_schemes_and_languages(browser_page, enter, axe, pages, hospital, scheme, language):
    browser_page.emulate_media(color_scheme=scheme)
    check(browser_page, axe, [language + each for each in pages["visitor"]])
    enter(browser_page, hospital.administrator)
    check(browser_page, axe, [language + each for each in pages["administrator"]])


def test_login_by_keyboard_goes_where_one_wanted(browser_page, hospital):
    page = browser_page
    wanted = reverse("organisations:one", args=[hospital.organisation.uuid])
    page.goto(wanted)
    page.focus("[name=login]")
    page.keyboard.type(hospital.buyer.email)
    page.keyboard.press("Tab")
    page.keyboard.type("faux")
    page.keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_contain_text("Adresse ou mot de passe incorrect.")
    page.focus("[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Centre hospitalier de Valmont")
    assert urlsplit(page.url).path == wanted


def test_a_job_page_follows_by_itself_to_its_end(browser_page, enter, hospital):
    job = Job.objects.create(
        kind="evaluate", organisation=hospital.organisation, owner=hospital.buyer, state="running", done=1, total=4
    )
    page = browser_page
    enter(page, hospital.buyer)
    page.goto(reverse("jobs:one", args=[job.uuid]))
    assert "1 sur 4" in page.inner_text("main")
    Job.objects.update(done=3)
    page.wait_for_selector("text=3 sur 4")
    Job.objects.update(state="done", result={"next": "/suite", "said": {"fr": "Tout est prêt", "en": "All is ready"}})
    page.wait_for_selector("text=Tout est prêt")
    assert page.get_attribute("main a.btn-primary", "href") == "/suite"
