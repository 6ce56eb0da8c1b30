"""Reading the trail."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from egide.web.audit import guard
from egide.web.audit.models import Entry
from egide.web.audit.trail import as_csv
from egide.web.audit.words import actions

pytestmark = pytest.mark.django_db


def add(place, action="role.given", actor=None, subject=None, days=0, **details):
    return Entry.objects.create(
        actor=actor, organisation=place.organisation, action=action, details=details,
        subject=subject and subject.uuid, subject_kind=subject._meta.label_lower if subject else "",
        at=timezone.now() - timedelta(days=days),
    )  # fmt: skip


@pytest.fixture
def trail(hospital, sign_in):
    client = sign_in(hospital.administrator)

    def shown(**query):
        response = client.get(reverse("audit:trail", args=[hospital.organisation.uuid]), query)
        return [line.entry for line in response.context["lines"]], " ".join(response.content.decode().split())

    return shown


def test_each_filter_keeps_what_it_says(hospital, trail):
    old = add(hospital, "organisation.changed", hospital.administrator, hospital.organisation, 10, name=["a", "b"])
    new = add(hospital, "role.given", hospital.buyer, hospital.reader)
    alone = add(hospital, "invitation.sent")
    assert trail()[0] == [alone, new, old]
    assert trail(person=str(hospital.buyer.uuid))[0] == [new]
    assert trail(person="none")[0] == [alone]
    assert trail(action="organisation.changed")[0] == [old]
    assert trail(subject=str(hospital.organisation.uuid))[0] == [old]
    day = timezone.localdate() - timedelta(days=10)
    assert trail(until=day.strftime("%d/%m/%Y"))[0] == [old]
    assert trail(since=day.strftime("%d/%m/%Y"), until=day.strftime("%d/%m/%Y"))[0] == [old]
    assert trail(since=(day + timedelta(days=1)).strftime("%d/%m/%Y"))[0] == [alone, new]


def test_a_filter_that_means_nothing_shows_nothing_and_says_so(hospital, trail):
    add(hospital)
    for wrong in ({"since": "hier"}, {"subject": "x"}, {"person": "y"}, {"action": "z"}):
        lines, page = trail(**wrong)
        assert lines == []
        assert "field-wrong" in page


def test_what_is_shown_is_in_words(hospital, trail):
    add(hospital, "organisation.changed", hospital.administrator, hospital.organisation, name=["Avant", "Après"])
    page = trail()[1]
    assert "Organisation modifiée" in page
    assert "Avant → Après" in page


def test_what_people_wrote_is_never_markup(hospital, trail):
    add(hospital, name=["", "<script>alert(1)</script>"])
    assert "<script>alert" not in trail()[1]


@pytest.mark.parametrize(
    ("action", "field"),
    [("mark.written", "rows"), ("decision.written", "reason"), ("consultation.changed", "tenderers")],
)
def test_who_administers_does_not_read_the_bids_in_the_trail(hospital, sign_in, trail, action, field):
    add(hospital, action, hospital.evaluator, **{field: ["", "Candidat Fictif : niveau 2"]}, revision="7")
    file = sign_in(hospital.administrator).get(reverse("audit:export", args=[hospital.organisation.uuid]))
    for told in (trail()[1], b"".join(file.streaming_content).decode()):
        assert "Candidat Fictif" not in told
        assert "parle des offres" in told
        assert "Evaluator Fictif" in told
    assert Entry.objects.get(action=action).details[field][1] == "Candidat Fictif : niveau 2"


def test_pages_of_fifty(hospital, trail, django_assert_max_num_queries):
    Entry.objects.bulk_create(
        Entry(organisation=hospital.organisation, action="role.given", actor=hospital.buyer) for _ in range(120)
    )
    with django_assert_max_num_queries(14):
        assert len(trail()[0]) == 50
    assert len(trail(page="3")[0]) == 20
    assert len(trail(page="99", action="role.given")[0]) == 20


def test_another_organisation_is_another_trail(hospital, other_hospital, trail):
    add(other_hospital)
    assert trail()[0] == []
    assert Entry.objects.visible_to(hospital.administrator).count() == 0


def test_the_file_holds_what_the_filter_keeps_and_no_formula(hospital, sign_in):
    add(hospital, "=cmd()", hospital.buyer, name="-1+1")
    add(hospital, "role.given", days=3)
    url = reverse("audit:export", args=[hospital.organisation.uuid])
    response = sign_in(hospital.administrator).get(url, {"action": "=cmd()"})
    assert response["Content-Disposition"] == 'attachment; filename="journal.csv"'
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(body), delimiter=";")
    assert head[0] == "Instant"
    assert row[2] == "'=cmd()"
    assert row[1] == "Buyer Fictif"


def test_the_file_of_nothing_has_its_head(db):
    assert "Instant" in "".join(as_csv([]))


def test_every_action_has_both_languages():
    assert actions()
    assert all(text.fr and text.en for text in actions().values())


def test_english_people_read_english_actions(hospital, sign_in):
    add(hospital, "role.given")
    with translation.override("en"):
        url = reverse("audit:trail", args=[hospital.organisation.uuid])
    assert "Role given" in sign_in(hospital.administrator).get(url).content.decode()
    with guard.reading():
        assert Entry.objects.count() == 1
