"""Coming in: login, lockout, reset, second factor, session."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from egide.web.organisations.models import User
from web.world import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "une autre phrase 2027"


def log_in(client, email, password=PASSWORD, next_="", **extra):
    url = reverse("account_login") + (f"?next={next_}" if next_ else "")
    return client.post(url, {"login": email, "password": password, "next": next_}, **extra)


def text(response):
    return " ".join(response.content.decode().split())


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_login_goes_where_one_wanted(hospital):
    client = Client()
    wanted = reverse("organisations:one", args=[hospital.organisation.uuid])
    assert client.get(wanted)["Location"] == f"{reverse('account_login')}?next={wanted}"
    response = log_in(client, hospital.buyer.email.upper(), next_=wanted)
    assert response.status_code == 302
    assert response["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_login_never_leads_to_another_site(hospital):
    response = log_in(Client(), hospital.buyer.email, next_="https://ailleurs.exemple.fr/")
    assert urlsplit(response["Location"]).netloc == ""


def test_a_session_ends_after_twelve_hours(hospital, settings):
    client = Client()
    log_in(client, hospital.buyer.email)
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    session = client.session
    assert session.get_expire_at_browser_close()
    left = session.get_expiry_date(expiry=settings.SESSION_COOKIE_AGE) - timezone.now()
    assert left <= timedelta(hours=12)


def test_logout_asks_first_then_does(hospital, sign_in):
    client = sign_in(hospital.buyer)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("organisations:mine")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("organisations:mine")).status_code == 302


@pytest.mark.parametrize("email", ["buyer@ch-valmont.exemple.fr", "personne@exemple.fr"])
def test_a_wrong_password_and_an_unknown_address_say_the_same(hospital, email):
    said = text(log_in(Client(), email, "faux mot de passe"))
    assert "Adresse ou mot de passe incorrect." in said


def test_eight_failures_lock_that_account_from_that_place_only(hospital):
    email = hospital.buyer.email
    for _ in range(7):
        assert log_in(Client(), email, "faux").status_code == 200
    last = log_in(Client(), email.upper(), "faux")
    assert last.status_code == 429
    assert "Compte bloqué quelques minutes" in text(last)
    assert log_in(Client(), email).status_code == 429
    assert log_in(Client(), hospital.reader.email).status_code == 302
    assert log_in(Client(), email, REMOTE_ADDR="203.0.113.7").status_code == 302


@pytest.mark.parametrize("headers", [{"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, {"HTTP_ACCEPT": "application/json"}])
def test_failures_of_a_script_are_counted_as_those_of_a_page(hospital, headers):
    statuses = [log_in(Client(), hospital.buyer.email, "faux", **headers).status_code for _ in range(8)]
    assert statuses == [200] * 7 + [429]


def test_a_locked_account_can_be_reset_and_is_then_free(hospital):
    email = hospital.buyer.email
    for _ in range(8):
        log_in(Client(), email, "faux")
    client = Client()
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == [email]
    assert sent.subject == "Égide · choisir un nouveau mot de passe"
    link = urlsplit(re.search(r"http\S+", sent.body).group()).path
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert log_in(Client(), email).status_code == 200
    assert log_in(Client(), email, NEW).status_code == 302
    assert "Ce lien n’est plus valable" in text(Client().get(link, follow=True))


def test_the_reset_of_an_unknown_address_says_the_same_and_sends_nothing(hospital):
    known = Client().post(reverse("account_reset_password"), {"email": hospital.buyer.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "personne@exemple.fr"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [each.to for each in mail.outbox] == [[hospital.buyer.email]]


def test_mails_are_in_the_language_of_the_page(hospital):
    with translation.override("en"):
        url = reverse("account_reset_password")
    assert url.startswith("/en/")
    Client().post(url, {"email": hospital.buyer.email})
    assert mail.outbox[0].subject == "Égide · choose a new password"
    assert "/en/compte/" in mail.outbox[0].body


class Down(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_mail_server_that_is_down_tells_nobody_who_has_an_account(hospital, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    import sys

    sys.modules.setdefault(__name__, sys.modules.get(__name__) or __import__(__name__))
    response = Client().post(reverse("account_reset_password"), {"email": hospital.buyer.email})
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("password", "said"),
    [("court", "12"), ("123456789012345", "entièrement numérique"), ("motdepassebuyer@ch-valmont", "")],
)
def test_weak_passwords_are_refused(hospital, sign_in, password, said):
    client = sign_in(hospital.buyer)
    given = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = client.post(reverse("account_change_password"), given)
    if said:
        assert response.status_code == 200
        assert said in text(response)
        hospital.buyer.refresh_from_db()
        assert hospital.buyer.check_password(PASSWORD)


def test_a_changed_password_closes_the_other_sessions(hospital, sign_in):
    here, there = sign_in(hospital.buyer), sign_in(hospital.buyer)
    given = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), given).status_code == 302
    assert here.get(reverse("organisations:mine")).status_code == 200
    assert there.get(reverse("organisations:mine")).status_code == 302


def test_nobody_signs_up(hospital):
    assert Client().get("/compte/signup/").status_code == 404
    assert Client().get("/compte/email/").status_code == 404


def activate(client, email):
    """Set the second factor as a person does; return its secret."""
    url = reverse("mfa_activate_totp")
    asked = client.get(url)
    if asked.status_code == 302:
        client.post(asked["Location"], {"password": PASSWORD})
        asked = client.get(url)
    secret = asked.context["form"].secret
    assert secret in text(asked)
    done = client.post(url, {"code": current_code(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_the_second_factor_from_setting_to_use(hospital):
    client = Client()
    log_in(client, hospital.buyer.email)
    secret = activate(client, hospital.buyer.email)
    codes = client.post(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in client.post(reverse("mfa_download_recovery_codes")).content.decode()
    assert "Activée" in text(client.get(reverse("mfa_index")))

    other = Client()
    assert log_in(other, hospital.buyer.email)["Location"].startswith(reverse("mfa_authenticate"))
    assert other.get(reverse("organisations:mine")).status_code == 302
    assert "Code incorrect" in text(other.post(reverse("mfa_authenticate"), {"code": "000000"}))
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    again = other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert again.status_code == 302
    assert other.get(reverse("organisations:mine")).status_code == 200
    third = Client()
    log_in(third, hospital.buyer.email)
    assert "Code incorrect" in text(third.post(reverse("mfa_authenticate"), {"code": codes[0]}))
    assert secret


def test_wrong_codes_are_bounded(hospital):
    client = Client()
    log_in(client, hospital.buyer.email)
    activate(client, hospital.buyer.email)
    other = Client()
    log_in(other, hospital.buyer.email)
    said = [text(other.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})) for n in range(12)]
    assert "Code incorrect" in said[8]
    assert "Trop d’essais" in said[-1]


def test_where_the_second_factor_is_required_nothing_is_seen_without_it(hospital, sign_in):
    hospital.organisation.second_factor_required = True
    hospital.organisation.save()
    one = reverse("organisations:one", args=[hospital.organisation.uuid])
    for person, expected in ((hospital.buyer, 403), (hospital.administrator, 403), (hospital.evaluator, 403), (hospital.reader, 200)):  # fmt: skip
        response = sign_in(person).get(one)
        assert response.status_code == expected, person
    client = Client()
    log_in(client, hospital.buyer.email)
    assert "Activez d’abord la double authentification" in text(client.get(one))
    assert client.get(reverse("organisations:profile")).status_code == 200
    activate(client, hospital.buyer.email)
    assert client.get(one).status_code == 200


def test_recovery_codes_can_be_made_anew_and_the_factor_taken_off(hospital):
    client = Client()
    log_in(client, hospital.buyer.email)
    activate(client, hospital.buyer.email)
    before = client.post(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    after = client.post(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert not set(before) & set(after)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=hospital.buyer, type="totp").exists()


def test_a_closed_account_cannot_enter(hospital):
    User.objects.filter(pk=hospital.buyer.pk).update(is_active=False)
    response = log_in(Client(), hospital.buyer.email)
    assert response.status_code in {200, 302}
    if response.status_code == 302:
        assert response["Location"] == reverse("account_inactive")


def test_account_pages_in_english_say_no_french(hospital, sign_in):
    with translation.override("en"):
        login, change = reverse("account_login"), reverse("account_change_password")
    page = text(Client().get(login))
    assert "Sign in" in page
    assert "Mot de passe" not in page
    assert "Mot de passe" not in text(sign_in(hospital.buyer).get(change))
