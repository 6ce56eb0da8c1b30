"""Several processes at once on one database: no request fails, nothing is lost."""

import pytest
from django.urls import reverse

from egide.web.audit.models import Entry
from egide.web.organisations import invitations
from egide.web.organisations.models import Membership, User
from web.processes import ended, start
from web.tenders import preparing

POSTING = """
from django.conf import settings
from django.test import Client
from egide.web.organisations.models import User
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
client.force_login(User.objects.get(email=sys.argv[1]), backend="allauth.account.auth_backends.AuthenticationBackend")
print("ready", flush=True)
sys.stdin.readline()
print([client.post("/organisations/moi", {"full_name": f"Nom {n}"}).status_code for n in range(int(sys.argv[2]))])
"""
ACCEPTING = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
print("ready", flush=True)
sys.stdin.readline()
phrase = "phrase assez longue 2026"
given = {"full_name": "Quelqu'un", "password1": phrase, "password2": phrase}
print(Client(raise_request_exception=False).post(f"/organisations/invitation/{sys.argv[1]}", given).status_code)
"""


ASKING = """
from django.conf import settings
from django.test import Client
from egide.web.organisations.models import User
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
client.force_login(User.objects.get(email=sys.argv[1]), backend="allauth.account.auth_backends.AuthenticationBackend")
print("ready", flush=True)
sys.stdin.readline()
given = {"received_at_0": "2026-12-02", "received_at_1": "10:00", "received_at": "2026-12-02T10:00", "text": "Combien ?"}
print([client.post(sys.argv[2], given).status_code for _ in range(int(sys.argv[3]))])
"""


def together(*processes):
    """Let processes that are ready begin at the same time; return what each printed last."""
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()[-2000:]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [ended(process).strip() for process in processes]


@pytest.mark.django_db(transaction=True)
def test_two_processes_post_at_once_and_no_request_fails(hospital):
    times = 60
    people = (hospital.buyer, hospital.reader)
    said = together(*(start(POSTING, person.email, times) for person in people))
    assert said == [str([302] * times)] * 2
    assert Entry.objects.filter(action="account.name").count() == 2 * times
    assert {User.objects.get(pk=person.pk).full_name for person in people} == {f"Nom {times - 1}"}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_write_on_one_consultation_lose_nothing(world):
    row, times = preparing.published_one(world), 15
    address = reverse("tenders:questions", args=[row.uuid])
    said = together(*(start(ASKING, world.hospital.buyer.email, address, times) for _ in range(2)))
    assert said == [str([302] * times)] * 2
    row.refresh_from_db()
    assert len(row.journal["questions"]) == 2 * times


@pytest.mark.django_db(transaction=True)
def test_an_invitation_taken_by_two_at_once_serves_once(hospital):
    _, secret = invitations.invite(hospital.organisation, "une@exemple.fr", "reader", hospital.administrator)
    said = together(*(start(ACCEPTING, secret) for _ in range(2)))
    assert "302" in said
    assert set(said) <= {"302", "410", "500"}
    assert User.objects.filter(email="une@exemple.fr").count() == 1
    assert Membership.objects.filter(user__email="une@exemple.fr").count() == 1
