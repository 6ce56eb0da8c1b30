"""Several processes at once on one database: no request fails, nothing is lost."""

import json

import pytest
from django.urls import reverse

from egide.web.audit.models import Entry
from egide.web.organisations import invitations
from egide.web.organisations.models import Membership, User
from web.processes import ended, start
from web.tenders import preparing

WAITING = """
import json
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections
from django.test import Client
from egide.web.organisations.models import User
settings.ALLOWED_HOSTS = ["testserver"]
for line in sys.stdin:
    code, *given = json.loads(line)
    exec(code, globals() | {"given": given})
    ContentType.objects.clear_cache()
    cache.clear()
    connections.close_all()
"""
"""Does what it is told, and waits again: starting a process takes longer than what most tests ask of it."""
POSTING = """
client = Client()
client.force_login(User.objects.get(email=given[0]), backend="allauth.account.auth_backends.AuthenticationBackend")
print("ready", flush=True)
sys.stdin.readline()
print([client.post("/organisations/moi", {"full_name": f"Nom {n}"}).status_code for n in range(given[1])], flush=True)
"""
ACCEPTING = """
print("ready", flush=True)
sys.stdin.readline()
phrase = "phrase assez longue 2026"
said = {"full_name": "Quelqu'un", "password1": phrase, "password2": phrase}
client = Client(raise_request_exception=False)
print(client.post(f"/organisations/invitation/{given[0]}", said).status_code, flush=True)
"""
ASKING = """
client = Client()
client.force_login(User.objects.get(email=given[0]), backend="allauth.account.auth_backends.AuthenticationBackend")
print("ready", flush=True)
sys.stdin.readline()
said = {"received_at_0": "2026-12-02", "received_at_1": "10:00", "received_at": "2026-12-02T10:00", "text": "Combien ?"}
print([client.post(given[1], said).status_code for _ in range(given[2])], flush=True)
"""


@pytest.fixture(scope="module")
def begun(django_db_setup):
    """The processes of these tests, started once."""
    waiting = [start(WAITING) for _ in range(2)]
    yield waiting
    for process in waiting:
        ended(process)


@pytest.fixture
def processes(begun):
    """Two processes that wait for what to do; one that another test broke is begun anew."""
    begun[:] = [each if each.poll() is None else start(WAITING) for each in begun]
    return begun


def together(processes, code, first, second):
    """Let both processes do the same thing, each with its own values, at the same time; return what each said."""
    for process, given in zip(processes, (first, second), strict=True):
        tell(process, json.dumps([code, *given], default=str))
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()[-2000:]
    for process in processes:
        tell(process, "go")
    return [process.stdout.readline().strip() or process.stderr.read()[-2000:] for process in processes]


def tell(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()


@pytest.mark.django_db(transaction=True)
def test_two_processes_post_at_once_and_no_request_fails(hospital, processes):
    times = 60
    people = (hospital.buyer, hospital.reader)
    said = together(processes, POSTING, *([person.email, times] for person in people))
    assert said == [str([302] * times)] * 2
    assert Entry.objects.filter(action="account.name").count() == 2 * times
    assert {User.objects.get(pk=person.pk).full_name for person in people} == {f"Nom {times - 1}"}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_write_on_one_consultation_lose_nothing(world, processes):
    row, times = preparing.published_one(world), 15
    address = reverse("tenders:questions", args=[row.uuid])
    said = together(processes, ASKING, *[[world.hospital.buyer.email, address, times]] * 2)
    assert said == [str([302] * times)] * 2
    row.refresh_from_db()
    assert len(row.journal["questions"]) == 2 * times


@pytest.mark.django_db(transaction=True)
def test_an_invitation_taken_by_two_at_once_serves_once(hospital, processes):
    _, secret = invitations.invite(hospital.organisation, "une@exemple.fr", "reader", hospital.administrator)
    said = together(processes, ACCEPTING, [secret], [secret])
    assert "302" in said
    assert set(said) <= {"302", "410", "500"}
    assert User.objects.filter(email="une@exemple.fr").count() == 1
    assert Membership.objects.filter(user__email="une@exemple.fr").count() == 1
