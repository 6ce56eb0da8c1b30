"""The pages of a job."""

import pytest
from django.urls import reverse
from django.utils import translation

from egide.web.audit.models import Entry
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from web.jobs.works import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(hospital, settings):
    settings.JOBS = KINDS
    return queue.ask("renaming", hospital.organisation, hospital.buyer, name="Renommé")


def text(response):
    return " ".join(response.content.decode().split())


def url(job, page="one"):
    return reverse(f"jobs:{page}", args=[job.uuid])


def test_a_job_that_waits_refreshes_without_script_and_can_be_stopped(job, hospital, sign_in):
    client = sign_in(hospital.buyer)
    page = text(client.get(url(job)))
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{url(job, "state")}"' in page
    assert f'action="{url(job, "cancel")}"' in page
    part = client.get(url(job, "state"))
    assert "<html" not in text(part)
    assert "HX-Refresh" not in part
    done = client.post(url(job, "cancel"), follow=True)
    assert "Travail arrêté" in text(done)
    assert Entry.objects.get().action == "job.cancelled"
    assert client.get(url(job, "state"))["HX-Refresh"] == "true"


def test_a_job_that_ended_shows_where_to_go_on(job, hospital, sign_in):
    queue.work(queue.take())
    page = text(sign_in(hospital.buyer).get(url(job)))
    assert 'href="/suite"' in page
    assert "refresh" not in page
    assert "terminé" in text(sign_in(hospital.buyer).get(reverse("jobs:mine")))


@pytest.mark.parametrize(("kind", "said"), [("refusing", "Les données ne le permettent pas."), ("failing", "Une erreur du programme")])  # fmt: skip
def test_a_job_that_failed_says_why(job, hospital, sign_in, kind, said):
    Job.objects.update(kind=kind)
    queue.work(queue.take())
    page = text(sign_in(hospital.buyer).get(url(job)))
    assert said in page
    assert "secret" not in page
    assert ("Compris : 3" in page) is (kind == "refusing")


def test_a_job_says_its_result_in_the_language_of_the_page(job, hospital, sign_in):
    queue.work(queue.take())
    with translation.override("en"):
        english = url(job)
    assert "Done" in text(sign_in(hospital.buyer).get(english))
