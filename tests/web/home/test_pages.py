import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from egide.web.establishments.models import Fact
from egide.web.home import demonstration, errors
from egide.web.jobs import queue

pytestmark = pytest.mark.django_db


def html(response):
    return response.content.decode()


def test_a_stranger_finds_three_doors_that_need_no_account(client):
    page = html(client.get("/"))
    for view in ("clauses:assistant", "clauses:index", "clauses:check"):
        assert f'href="{reverse(view)}"' in page
        assert client.get(reverse(view)).status_code == 200
    assert demonstration.PASSWORD not in page


def test_the_start_page_shows_what_waits_for_this_person_only(
    hospital, other_hospital, sign_in, django_assert_max_num_queries
):
    queue.ask("evaluate", hospital.organisation, hospital.buyer, file="x")
    queue.ask("load_folder", hospital.organisation, hospital.director, file="x")
    client = sign_in(hospital.buyer)
    with django_assert_max_num_queries(10):
        page = html(client.get(reverse("home:start")))
    assert "Évaluation des offres" in page
    assert "Lecture d’un dossier" not in page
    assert hospital.organisation.name in page
    assert other_hospital.organisation.name not in page
    assert "à décrire" in page


def test_a_described_establishment_is_not_asked_for_again(hospital, sign_in):
    client = sign_in(hospital.buyer)
    client.post(reverse("establishments:year", args=[hospital.organisation.uuid, 2025]), {"beds": "1", "source": "SAE"})
    assert Fact.objects.count() == 1
    assert "à décrire" not in html(client.get(reverse("home:start")))


def test_legal_pages_say_who_runs_the_site_and_what_was_not_tested(client, settings):
    settings.OPERATOR = "Hôpital fictif, securite@hopital.example"
    for view in ("home:legal", "home:accessibility"):
        assert settings.OPERATOR in html(client.get(reverse(view)))
    page = html(client.get(reverse("home:accessibility")))
    assert "non conforme" in page
    assert "lecteur d’écran" in page


def test_every_cookie_of_the_site_is_named_on_the_legal_page(client, hospital, sign_in):
    page = html(client.get(reverse("home:legal")))
    signed = sign_in(hospital.buyer)
    signed.get(reverse("account_login"))
    signed.get("/en/")
    signed.post(reverse("establishments:identity", args=[hospital.organisation.uuid]), {"category": "hospital"})
    names = set(signed.cookies)
    assert {"egide-session", "egide-csrf", "messages"} <= names
    assert {name for name in names if name not in page} == set()


@pytest.mark.parametrize(("fault", "status"), [(OperationalError("locked"), 503), (ValueError("secret"), 500)])
def test_a_fault_and_a_database_that_does_not_answer_have_their_page(rf, fault, status):
    try:
        raise fault
    except type(fault):
        answer = errors.fault(rf.get("/"))
    assert answer.status_code == status
    assert (answer.get("Retry-After") == "30") is (status == 503)
    assert "secret" not in html(answer)
    assert "<h1>" in html(answer)


def test_addresses_that_are_nobodys_answer_in_both_languages(client):
    assert "Page introuvable" in html(client.get("/nulle-part"))
    assert 'lang="en"' in html(client.get("/en/nowhere"))
    assert client.get("/nulle-part").status_code == 404


def test_health_says_what_does_not_work(client, settings, tmp_path):
    settings.FILES = tmp_path / "gone" / "files"
    answer = client.get("/sante")
    assert answer.status_code == 503
    assert answer.json()["files"] is False
    assert answer.json()["database"] is True


def test_a_name_that_is_not_the_site_s_is_refused_with_a_page(client: Client) -> None:
    answer = client.get("/", headers={"host": "ailleurs.example"})
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()
