"""Two people in two processes fill one diagnosis at once: both keep all their answers."""

import pytest

from egide.web.diagnoses import models
from web.diagnoses.access import begun
from web.diagnoses.test_pages import PRACTICE, place, url
from web.processes import ended, start

FILLING = """
from django.conf import settings
from django.test import Client
from egide.web.organisations.models import User
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
client.force_login(User.objects.get(email=sys.argv[1]), backend="allauth.account.auth_backends.AuthenticationBackend")
print("ready", flush=True)
sys.stdin.readline()
seen = sys.argv[3]
sent = [name.split("=") for name in sys.argv[4:]]
print([client.post(sys.argv[2], {f"{name}-level": level, f"{name}-seen": seen}).status_code for name, level in sent])
"""


def together(*processes):
    """Let processes that are ready begin at the same time; return what each printed last."""
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()[-2000:]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [ended(process).strip() for process in processes]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_people_who_fill_two_chapters_lose_nothing(world):
    from egide.web.diagnoses.answering import token

    row, people, chapters = begun(world), (world.hospital.evaluator, world.hospital.director), (2, 3)
    asked = [PRACTICE.chapters[number - 1].questions for number in chapters]
    shown = [[each for each in some if each.asked_if is None] for some in asked]
    said = together(*(
        start(FILLING, person.email, url("chapter", row, number), token({}), *(f"q{place(each)}={each.best.code}" for each in some))
        for person, number, some in zip(people, chapters, shown, strict=True)
    ))  # fmt: skip
    assert said == [str([302] * len(some)) for some in shown]
    answers = models.Diagnosis.objects.get().answers
    assert answers.keys() == {each.id for some in shown for each in some}
    assert {each["by"] for each in answers.values()} == {str(person.uuid) for person in people}
