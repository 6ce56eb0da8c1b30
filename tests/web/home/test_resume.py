import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from egide.web.establishments.models import Fact
from web.world import PASSWORD

pytestmark = pytest.mark.django_db
TYPED = {"beds": "120", "records": 'Un « DPI » <fictif> & "cher"', "source": "SAE 2025"}


@pytest.fixture
def page(hospital):
    return reverse("establishments:year", args=[hospital.organisation.uuid, 2025])


@pytest.fixture
def client(hospital):
    """A browser that minds the protection of forms, signed in as the buyer."""
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(hospital.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def token(response):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.content.decode())[1]


def kept(response):
    """The hidden fields of the form of the page, with the last token."""
    form = re.search(r'<form method="post" action="([^"]*)" data-resume>(.*?)</form>', response.content.decode(), re.S)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    return unescape(form[1]), {unescape(name): unescape(value) for name, value in fields}


def sign_in(client, person):
    form = client.get(reverse("account_login"))
    sent = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token(form)}
    assert client.post(reverse("account_login"), sent).status_code == 302


def test_what_was_typed_survives_a_session_that_ended(client, hospital, page):
    """The whole way without script: form, expiry, sign in elsewhere, send again twice, saved."""
    begun = token(client.get(page))
    client.session.flush()
    answer = client.post(page, TYPED | {"csrfmiddlewaretoken": begun})
    assert answer.status_code == 401
    assert "Votre session a pris fin" in answer.content.decode()
    assert not Fact.objects.exists()
    where, fields = kept(answer)
    assert where == page
    assert TYPED.items() <= fields.items()

    sign_in(client, hospital.buyer)
    answer = client.post(where, fields)
    assert answer.status_code == 403, "signing in renewed the protection"
    where, fields = kept(answer)
    assert TYPED.items() <= fields.items()

    answer = client.post(where, fields)
    assert answer.status_code == 302
    assert {row.code: row.value for row in Fact.objects.all()} == {"beds": "120", "records": TYPED["records"]}


def test_the_script_of_the_page_spares_the_second_sending(client, hospital, page):
    """It puts the cookie of the day in the form: the same as sending with the cookie as token."""
    answer = client.post(page, TYPED | {"csrfmiddlewaretoken": _ended(client, page)})
    where, fields = kept(answer)
    sign_in(client, hospital.buyer)
    fields["csrfmiddlewaretoken"] = client.cookies["egide-csrf"].value
    assert client.post(where, fields).status_code == 302


def _ended(client, page):
    begun = token(client.get(page))
    client.session.flush()
    return begun


def test_repeated_fields_and_the_rest_of_the_address_are_kept(client, page):
    begun = _ended(client, page)
    answer = client.post(f"{page}?retour=1&x=%26", {"choice": ["a", "b"], "csrfmiddlewaretoken": begun})
    html = answer.content.decode()
    assert html.count('name="choice"') == 2
    assert kept(answer)[0] == f"{page}?retour=1&x=%26"


def test_secrets_and_files_are_not_kept(client, page):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {
        "password": "ne pas garder",
        "my_secret": "non plus",
        "note": "oui",
        "sheet": SimpleUploadedFile("é <b>.ods", b"x"),
    }
    answer = client.post(page, sent | {"csrfmiddlewaretoken": _ended(client, page)})
    html = answer.content.decode()
    assert "ne pas garder" not in html
    assert "non plus" not in html
    assert "é &lt;b&gt;.ods" in html
    assert "Fichiers à choisir de nouveau" in html


def test_a_visitor_without_a_form_of_ours_is_sent_to_the_login_page(page):
    answer = Client().post(page, TYPED)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_form_of_another_site_is_never_offered_again(hospital, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(hospital.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    for headers in (
        {"origin": "https://ailleurs.example"},
        {"referer": "https://ailleurs.example/x"},
        {},
        {"origin": "null"},
    ):
        answer = client.post(page, TYPED, headers=headers)
        assert answer.status_code == 403
        assert "data-resume" not in answer.content.decode(), headers


def test_a_page_of_secrets_is_not_kept(client, hospital):
    client.get(reverse("account_login"))
    answer = client.post(reverse("account_login"), {"login": hospital.buyer.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()
    assert "data-resume" not in answer.content.decode()


def test_a_script_is_told_by_the_status(client, page):
    begun = _ended(client, page)
    answer = client.post(page, TYPED, headers={"X-CSRFToken": begun, "HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_page_is_said_in_english_too(client, page):
    answer = client.post(f"/en{page}", TYPED | {"csrfmiddlewaretoken": _ended(client, page)})
    assert answer.status_code == 401
    assert "Your session has ended" in answer.content.decode()
