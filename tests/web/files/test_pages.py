"""Sending files, and refusing those that are too large."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.organisations.roles import Right

pytestmark = pytest.mark.django_db


def stored(place, name="a.pdf", content=b"contenu", **values):
    kept = store.keep([content])
    values = {"name": name, "sha256": kept.sha256, "size": kept.size} | values
    return StoredFile.objects.create(organisation=place.organisation, **values)


def get(client, file):
    response = client.get(reverse("files:download", args=[file.uuid]))
    if response.streaming:
        response.content_sent = b"".join(response.streaming_content)
        for closes in response._resource_closers:
            closes()
    return response


def test_a_name_never_adds_a_header(hospital, sign_in, files):
    response = get(sign_in(hospital.buyer), stored(hospital, "a\r\nX-Faux: oui\x01.pdf"))
    assert response.status_code == 200
    assert "X-Faux" not in response.headers
    assert response["Content-Disposition"] == 'attachment; filename="a__X-Faux: oui_.pdf"'


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("offre.pdf", "application/pdf"),
        ("PRIX.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("page.html", "application/octet-stream"),
        ("image.svg", "application/octet-stream"),
        ("sans-extension", "application/octet-stream"),
    ],
)
def test_a_file_is_always_saved_never_shown(hospital, sign_in, files, name, kind):
    response = get(sign_in(hospital.reader), stored(hospital, name))
    assert response.content_sent == b"contenu"
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_names_of_files_keep_their_accents_and_cannot_break_the_header(hospital, sign_in, files):
    response = get(sign_in(hospital.reader), stored(hospital, 'Réponse « été »\r\nX-Bad: 1".pdf'))
    assert "filename*=utf-8''R%C3%A9ponse" in response["Content-Disposition"]
    assert "\n" not in response["Content-Disposition"]
    assert "X-Bad" not in response


def test_a_bid_is_read_by_who_may_open_bids_and_not_before_its_instant(hospital, sign_in, files):
    bid = stored(hospital, right=Right.OPEN_BIDS.value, readable_from=timezone.now() + timedelta(hours=1))
    everybody = [hospital.administrator, hospital.buyer, hospital.evaluator, hospital.director, hospital.reader]
    assert {get(sign_in(each), bid).status_code for each in everybody} == {404}
    StoredFile.objects.update(readable_from=timezone.now())
    assert [get(sign_in(each), bid).status_code for each in everybody] == [404, 200, 200, 404, 404]


def test_bytes_that_are_lost_are_said_to_be_nowhere(hospital, sign_in, files):
    file = stored(hospital)
    store.path(file.sha256).unlink()
    assert get(sign_in(hospital.reader), file).status_code == 404


@pytest.mark.parametrize("size", [3_500_000, 30_000_000])
@pytest.mark.parametrize("check_token", [True, False])
def test_an_upload_too_large_is_refused_and_leaves_nothing(hospital, sign_in, settings, tmp_path, check_token, size):
    settings.UPLOAD_BYTES = 3_000_000
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client = Client(enforce_csrf_checks=check_token)
    client.cookies = sign_in(hospital.buyer).cookies
    client.get(reverse("organisations:profile"))
    large = SimpleUploadedFile("grand.zip", b"x" * size)
    response = client.post(reverse("organisations:profile"), {"full_name": "Autre", "file": large})
    assert response.status_code == 413
    assert "<h1>" in response.content.decode()
    assert list(tmp_path.iterdir()) == []
    hospital.buyer.refresh_from_db()
    assert hospital.buyer.full_name == "Buyer Fictif"


def test_an_upload_within_the_bound_is_let_through(hospital, sign_in, settings):
    settings.UPLOAD_BYTES = 4_000_000
    large = SimpleUploadedFile("grand.zip", b"x" * 3_500_000)
    response = sign_in(hospital.buyer).post(reverse("organisations:profile"), {"full_name": "Autre", "file": large})
    assert response.status_code == 302
