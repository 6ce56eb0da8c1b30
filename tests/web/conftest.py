"""What the tests of the web face share: a database of their own, people with roles, a server, a browser."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = tempfile.mkdtemp(prefix="egide-tests-")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
os.environ["EGIDE_DATA"] = SCRATCH
os.environ["DJANGO_SETTINGS_MODULE"] = "egide.web.settings"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

from django.conf import settings as project  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from web.waiting import SECONDS  # noqa: E402

if connection.vendor == "sqlite":
    options = connection.settings_dict["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
project.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HANDLER = Client().handler
"""One for all: making the middleware anew for each client takes longer than most pages."""
HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the tests with real transactions empty the kept tables of SQLite, whose triggers refuse it."""
    if connection.vendor == "sqlite":
        operations = type(connection.ops)
        flush = operations.execute_sql_flush

        def lifted(self, statements):
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = cursor.fetchall()
                for name, _ in triggers:
                    cursor.execute(f'DROP TRIGGER "{name}"')
                try:
                    flush(self, statements)
                finally:
                    for _, sql in triggers:
                        cursor.execute(sql)

        operations.execute_sql_flush = lifted


@pytest.fixture(autouse=True)
def _fresh_counters():
    """Forget the rates counted, and the language spoken, by another test."""
    cache.clear()
    translation.activate("fr")


@pytest.fixture
def files(settings, tmp_path):
    """A store of files of its own."""
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.fixture
def world(db):
    """Two organisations with their people, and a stranger."""
    from web import kept
    from web.world import whole

    return kept.given("world", whole)


@pytest.fixture
def hospital(world):
    """The organisation that most tests act in."""
    return world.hospital


@pytest.fixture
def other_hospital(world):
    """Another organisation, which must see nothing of the first."""
    return world.other


@pytest.fixture
def stranger(world):
    """A person with an account and no role."""
    return world.stranger


@pytest.fixture
def sign_in():
    """A function: person -> test client signed in as that person (None: not signed in)."""

    def signed(person=None):
        client = Client()
        client.handler = HANDLER
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed


@pytest.fixture
def live(live_server):
    """A running server; its `url` begins every address."""
    return live_server


@pytest.fixture(scope="session")
def chromium():
    """How Chromium is launched: where it is, and with which flags."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine: install the package chromium")
    return {"executable_path": found, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser(chromium):
    """Chromium, once a session."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SECONDS * 1000)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's client runs a loop in this thread
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**chromium)
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(browser, live):
    """A page 1280 wide on the running server; the test fails if the page complains in its console."""
    context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    said = []
    page.on("console", lambda each: said.append(each.text) if each.type in {"error", "warning"} else None)
    page.on("pageerror", lambda each: said.append(str(each)))
    page.complaints = said
    yield page
    context.close()
    expected = "Failed to load resource: the server responded with a status of"  # a refusal that the test wanted
    assert [each for each in said if not each.startswith(expected)] == []


@pytest.fixture
def enter(sign_in, live):
    """A function: page, person -> the page is signed in as that person."""

    def entered(page, person):
        client = sign_in(person)
        name = project.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live.url}])

    return entered


@pytest.fixture(scope="session")
def axe():
    """A function: page -> nothing; fails when axe finds a violation on it."""
    source = (HERE / "axe.min.js").read_text(encoding="utf-8")

    def checked(page):
        page.wait_for_load_state()
        page.evaluate(source)
        found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
        assert [(page.url, each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []

    return checked
