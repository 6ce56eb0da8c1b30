"""The whole definition as text; what no form can say; what cannot be read is told and stays."""

import pytest
from django.urls import reverse

from egide import plain
from egide.exchange.tender_text import text_of
from egide.tender.model import Tender
from egide.web.tenders import convert
from web.tenders.prepared import address, begin, fields, read, send, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(buyer, world):
    return begin(buyer, world.hospital.organisation)


def test_the_text_is_the_definition_and_can_be_downloaded(buyer, row):
    text = fields(buyer.get(address("definition", row)))["text"][0]
    assert plain.structure(plain.parse_yaml(text, "tender.yaml"), Tender, "tender.yaml") == convert.tender(row)
    sent = buyer.get(address("definition_file", row))
    assert sent.content.decode() == text_of(convert.tender(row))
    assert "tender.yaml" in sent["Content-Disposition"]


@pytest.mark.parametrize("role", ["administrator", "reader", "evaluator", "director"])
@pytest.mark.parametrize("wrong", [{}, {"title": []}])
def test_who_tendered_is_told_to_who_reads_the_bids_or_the_result(world, sign_in, files, row, role, wrong):
    row.definition = {**row.definition, "tenderers": [{"id": "secret", "name": "Candidat Fictif", "lots": []}], **wrong}
    row.save()
    person = sign_in(getattr(world.hospital, role))
    pages = read(person.get(address("definition", row))), person.get(address("definition_file", row)).content.decode()
    assert {"Candidat Fictif" in page for page in pages} == {role in ("evaluator", "director")}


def test_a_field_without_a_form_is_changed_here(buyer, row):
    text = text_of(convert.tender(row)) + "\ncurrency: CHF\n"
    assert send(buyer, address("definition", row), text=text).status_code == 302
    row.refresh_from_db()
    assert convert.tender(row).currency == "CHF"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [", "ligne"),
        ("title: Seul", "clé obligatoire absente"),
        ("a: &x 1\nb: *x", "renvois"),
        ("inconnu: 1", "clé inconnue"),
        ("- 1", "une liste de clés"),
        ("title: a\ntitle: b", "deux fois"),
        ("\x07", "YAML illisible"),
    ],
)
def test_a_text_that_cannot_be_used_is_told_and_stays(buyer, row, text, told):
    page = send(buyer, address("definition", row), text=text)
    assert page.status_code == 200
    assert told in " ".join(texts(page, "finding"))
    assert text.strip().splitlines()[0] in read(page)
    row.refresh_from_db()
    assert row.revision == 1


def test_a_text_does_not_change_the_clausier_that_was_taken(buyer, row):
    text = text_of(convert.tender(row)).replace("id: egide", "id: autre")
    assert "autre" in text
    send(buyer, address("definition", row), text=text)
    row.refresh_from_db()
    assert convert.tender(row).clausier.id == "egide"


def test_a_text_changed_by_two_is_compared(buyer, row):
    mine = fields(buyer.get(address("definition", row)))
    send(buyer, address("purchase", row), title="Un autre titre")
    page = buyer.post(address("definition", row), mine | {"text": mine["text"][0].replace("48", "60")})
    assert page.status_code == 200
    assert "Quelqu'un a changé cette page" in read(page)
    assert "Un autre titre" in read(page)


def test_a_definition_that_points_do_not_follow_is_kept_and_told(buyer, row):
    text = text_of(convert.tender(row)) + "\npoints: {EG-999: {keep: true}}\n"
    assert send(buyer, address("definition", row), text=text).status_code == 302
    for name in ("definition", "points", "documents", "purchase", "method", "bench", "all_points", "schedule"):
        assert buyer.get(address(name, row)).status_code == 200, name
    assert "point inconnu du clausier" in read(buyer.get(address("documents", row)))
    assert buyer.get(reverse("tenders:index")).status_code == 200


def test_long_lists_are_shown_page_by_page_and_saved_whole(buyer, row):
    lines = "".join(f"  - {{id: p{n}, title: Ligne {n}}}\n" for n in range(45))
    text = text_of(convert.tender(row)).replace("schedule:\n", f"schedule:\n  lines:\n{lines}")
    assert send(buyer, address("definition", row), text=text).status_code == 302
    url = address("schedule", row) + "?schedule__lines=2"
    data = fields(buyer.get(url))
    assert data["schedule__lines-0-id"] == ["p20"]
    data |= {"schedule__lines-0-title": "Changée", "schedule__lines-1-DELETE": "on", "schedule__lines-2-quantity": "0"}
    assert buyer.post(url, data).status_code == 302
    row.refresh_from_db()
    kept = convert.tender(row).schedule.lines
    assert [each.id for each in kept] == [f"p{n}" for n in range(45) if n != 21]
    assert kept[20].title == "Changée"
    page = read(buyer.get(address("schedule", row)))
    assert f"{address('schedule', row)}?schedule__lines=2#id_schedule__lines-1-id" in page
