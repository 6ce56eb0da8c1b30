"""The list, the beginning, and step 1."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from egide.tender.model import Procedure
from egide.web.audit.models import Entry
from egide.web.organisations.models import Membership
from egide.web.tenders import convert
from egide.web.tenders.models import Consultation, State
from web.tenders import preparing
from web.tenders.prepared import address, begin, complete, fields, read, send, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(buyer, world):
    return begin(buyer, world.hospital.organisation)


def definition(row):
    row.refresh_from_db()
    return convert.tender(row)


# -------------------------------------------------------------------------------------------------------- the beginning
def test_a_consultation_begins_from_a_few_answers(row, world):
    tender = convert.tender(row)
    assert (tender.title, tender.reference) == ("Archivage d'images (fictif)", "2026-014")
    assert tender.buyer.name == world.hospital.organisation.name
    assert tender.buyer.siret == "26750045200011"
    assert tender.purchase.profiles == ("saas_health",)
    assert tender.purchase.facets["value"] == ("formalised",)
    assert tender.kind is Procedure.OPEN
    assert row.clausier.organisation is None
    assert Entry.objects.filter(action="consultation.created", subject=row.uuid).exists()


def test_the_answers_of_the_assistant_are_taken(buyer, world):
    url = (
        reverse("tenders:new")
        + "?profile=saas_health&care=critical&amount=90000&sent=2026-12-01&keep=EG-010&drop=EG-001"
    )
    page = buyer.get(url)
    assert "points gardés ou écartés à la main (2)" in read(page)
    data = fields(page) | {"title": "Repris"}
    assert data["amount"] == ["90\u202f000"]
    assert buyer.post(url, data).status_code == 302
    tender = convert.tender(Consultation.objects.get())
    assert tender.purchase.profiles == ("saas_health",)
    assert tender.kind is Procedure.ADAPTED
    assert (tender.points["EG-010"].keep, tender.points["EG-001"].keep) == (True, False)


def test_a_link_that_means_nothing_is_told_and_breaks_nothing(buyer):
    page = buyer.get(reverse("tenders:new") + "?profile=inconnu&care=%00&amount=abc&keep=EG-999")
    assert page.status_code == 200
    assert len(texts(page, "finding")) >= 3


def test_what_is_wrong_in_the_beginning_is_told_and_kept(buyer):
    data = {"title": "", "sent_on": "31/02/2026", "amount": "beaucoup", "reference": "R-1", "lots": "Un\nDeux"}
    page = buyer.post(reverse("tenders:new"), data)
    assert page.status_code == 200
    [summary] = texts(page, "error-summary")
    assert "Intitulé" in summary
    assert "Valeur estimée" in summary
    assert "Envoi" in summary
    assert 'value="beaucoup"' in read(page)
    assert "Un\nDeux" in read(page)
    assert not Consultation.objects.exists()


def test_somebody_with_two_organisations_says_which_one_buys(buyer, world):
    Membership.objects.create(user=world.hospital.buyer, organisation=world.other.organisation, role="buyer")
    data = {"title": "Achat", "sent_on": "01/12/2026"}
    assert buyer.post(reverse("tenders:new"), data).status_code == 200
    chosen = str(world.other.organisation.uuid)
    assert buyer.post(reverse("tenders:new"), data | {"organisation": chosen}).status_code == 302
    assert Consultation.objects.get().organisation == world.other.organisation


def test_lots_are_those_written(buyer, world):
    row = begin(buyer, world.hospital.organisation, lots="Images\nPostes")
    assert [(lot.id, lot.title) for lot in convert.tender(row).lots] == [("lot-1", "Images"), ("lot-2", "Postes")]


# -------------------------------------------------------------------------------------------------------------- the list
def test_the_list_says_what_lacks_and_filters(buyer, world, sign_in):
    assert "Aucune consultation pour l'instant" in read(buyer.get(reverse("tenders:index")))
    first = preparing.consultation(world)
    later = begin(buyer, world.hospital.organisation, title="Serveurs")
    preparing.consultation(world, organisation=world.other.organisation, title="Ailleurs")
    page = read(buyer.get(reverse("tenders:index")))
    assert first.title in page
    assert later.title in page
    assert "Ailleurs" not in page
    assert "Achat et fiche de traitement" in page
    assert first.title not in read(buyer.get(reverse("tenders:index"), {"q": "serveurs"}))
    Consultation.objects.filter(pk=first.pk).update(state=State.OPENED, deadline=datetime(2020, 1, 1, tzinfo=UTC))
    opened = read(buyer.get(reverse("tenders:index"), {"state": "opened", "deadline": "past"}))
    assert first.title in opened
    assert "Serveurs" not in opened
    nothing = read(buyer.get(reverse("tenders:index"), {"q": "introuvable"}))
    assert "Aucune consultation ne correspond" in nothing
    assert buyer.get(reverse("tenders:index"), {"state": "inconnu", "page": "x"}).status_code == 200
    reader = read(sign_in(world.hospital.reader).get(reverse("tenders:index")))
    assert reverse("tenders:new") not in reader


def test_a_consultation_opens_where_work_goes_on(buyer, row, world):
    assert buyer.get(address("show", row))["Location"] == address("purchase", row)
    complete(buyer, row)
    assert buyer.get(address("show", row))["Location"] == address("documents", row)


# ------------------------------------------------------------------------------------------------------------ the purchase
def test_each_page_of_the_purchase_keeps_what_is_given(buyer, row):
    given = {
        "title": "Nouveau titre",
        "estimate": "620 000,50",
        "procedure": "restricted",
        "deadline": "12/01/2027 16:00",
    }
    assert send(buyer, address("purchase", row), **given).status_code == 302
    tender = definition(row)
    assert (tender.title, str(tender.estimate), tender.procedure, tender.formalised) == (
        "Nouveau titre",
        "620000.50",
        Procedure.RESTRICTED,
        True,
    )
    assert tender.deadline.isoformat() == "2027-01-12T16:00:00+01:00"
    assert row.title == "Nouveau titre"
    assert row.deadline == tender.deadline
    entry = Entry.objects.filter(action="consultation.changed").first()
    assert entry.details["title"] == ["Archivage d'images (fictif)", "Nouveau titre"]


def test_a_page_saved_as_it_is_changes_nothing(buyer, row):
    complete(buyer, row)
    row.refresh_from_db()
    before, entries = row.definition, Entry.objects.count()
    for name in (
        "purchase",
        "lots",
        "rounds",
        "processing",
        "contract",
        "essential",
        "evaluators",
        "schedule",
        "rules",
        "described",
        "definition",
    ):
        assert send(buyer, address(name, row)).status_code == 302, name
    for name, of in (("criterion", "prix"), ("criterion", "securite"), ("point", "EG-003"), ("theme", "T1")):
        assert send(buyer, address(name, row, of)).status_code == 302, (name, of)
    row.refresh_from_db()
    assert row.definition == before
    assert Entry.objects.count() == entries


def test_lots_are_added_renamed_removed_and_keep_their_mark(buyer, row):
    page = fields(buyer.get(address("lots", row)))
    added = page | {
        "lots-0-title": "Images",
        "lots-1-title": "Postes",
        "lots-1-budget": "12 000",
        "lots-1-budget_recorded_on": "01/10/2026",
    }
    assert buyer.post(address("lots", row), added).status_code == 302
    one, two = definition(row).lots
    assert (one.id, one.title, two.id, two.title, str(two.budget)) == ("lot-1", "Images", "lot-2", "Postes", "12000")
    assert send(buyer, address("lots", row), **{"lots-0-DELETE": "on"}).status_code == 302
    [left] = definition(row).lots
    assert left.id == "lot-2"
    assert send(buyer, address("lots", row), **{"lots-1-title": "Encore"}).status_code == 302
    assert [lot.id for lot in definition(row).lots] == ["lot-2", "lot-1"]


def test_phases_contract_certificates_and_essential_data(buyer, row):
    send(
        buyer,
        address("rounds", row),
        **{"rounds-0-number": "2", "rounds-0-deadline": "01/03/2027 12:00", "participants_minimum": "3"},
    )
    send(buyer, address("contract", row), **{
        "contract__months": "60", "contract__penalty_ceiling_percent": "12,5", "contract__penalties-0-subject": "Retard",
        "contract__penalties-0-amount": "500", "contract__penalties-0-unit": "jour", "certificates-0-activities": ["1", "6"],
    })  # fmt: skip
    send(
        buyer,
        address("essential", row),
        essential__cpv="48180000-3",
        essential__place_code="29",
        essential__techniques=["Sans objet"],
    )
    tender = definition(row)
    assert (tender.rounds[0].number, tender.participants_minimum) == (2, 3)
    assert (tender.contract.months, str(tender.contract.penalty_ceiling_percent)) == (60, "12.5")
    assert tender.contract.penalties[0].subject == "Retard"
    assert tender.certificates[0].activities == (1, 6)
    assert (tender.essential.cpv, tender.essential.techniques) == ("48180000-3", ("Sans objet",))


def test_an_incomplete_draft_is_kept_and_what_lacks_is_told(buyer, row):
    assert send(buyer, address("lots", row), allotment__reason="").status_code == 302
    page = read(buyer.get(address("lots", row)))
    assert "un seul lot, et aucun motif de ne pas allotir" in page
    assert "#id_allotment__reason" in page


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("purchase", {"sent_on": "01/01/0001"}, "hors de portée"),
        ("purchase", {"deadline": "demain"}, "Date limite"),
        ("purchase", {"estimate": "1.234"}, "se lire de deux façons"),
        ("purchase", {"buyer__siret": "12345678901234"}, "SIRET"),
        ("purchase", {"title": ""}, "Intitulé"),
        ("lots", {"lots-0-budget": "-5"}, "Crédits"),
        ("contract", {"contract__months": "9" * 40}, "Durée"),
        ("contract", {"certificates-0-standard": "INCONNU"}, "Certificat"),
        ("essential", {"essential__cpv": "48180000-3"}, "Ce code est nécessaire"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_stays_in_the_form(buyer, row, name, changed, told):
    page = send(buyer, address(name, row), **changed)
    assert page.status_code == 200
    assert told in " ".join(texts(page, "error-summary"))
    assert next(iter(changed.values())) in read(page)
    row.refresh_from_db()
    assert row.revision == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"revision": "x"},
        {"lots-TOTAL_FORMS": "-1"},
        {"lots-TOTAL_FORMS": "99999999", "lots-INITIAL_FORMS": "0"},
        {"title": "\x00"},
    ],
)
def test_forged_forms_are_refused_without_a_fault(buyer, row, data):
    for name in ("purchase", "lots", "processing", "contract", "essential", "rounds"):
        assert buyer.post(address(name, row), data).status_code == 200


# ---------------------------------------------------------------------------------------------------------- two at once
def test_two_people_on_one_page_are_told_and_nothing_typed_is_lost(buyer, row):
    mine = fields(buyer.get(address("purchase", row)))
    send(buyer, address("purchase", row), title="Le titre d'un autre")
    page = buyer.post(address("purchase", row), mine | {"title": "Mon titre"})
    assert page.status_code == 200
    said = read(page)
    assert "Quelqu'un a changé cette page" in said
    assert "Le titre d'un autre" in said
    assert 'value="Mon titre"' in said
    assert definition(row).title == "Le titre d'un autre"
    again = fields(page)
    assert buyer.post(address("purchase", row), again).status_code == 302
    assert definition(row).title == "Mon titre"


def test_two_people_on_two_pages_do_not_meet(buyer, row):
    mine = fields(buyer.get(address("lots", row)))
    send(buyer, address("purchase", row), title="Le titre d'un autre")
    assert buyer.post(address("lots", row), mine | {"lots-0-title": "Images"}).status_code == 302
    tender = definition(row)
    assert (tender.title, tender.lots[0].title) == ("Le titre d'un autre", "Images")


# ---------------------------------------------------------------------------------------------------------------- rights
def test_who_only_sees_has_no_button(row, sign_in, world):
    reader = sign_in(world.hospital.reader)
    for name in (
        "purchase",
        "lots",
        "processing",
        "contract",
        "essential",
        "evaluators",
        "schedule",
        "rules",
        "definition",
        "described",
    ):
        page = read(reader.get(address(name, row)))
        assert "Enregistrer" not in page, name
        assert " disabled" in page, name


@pytest.mark.once
def test_a_page_of_the_list_costs_few_queries_even_the_first_time(buyer, world):
    for number in range(30):
        preparing.consultation(world, title=f"Consultation {number}")
    with CaptureQueriesContext(connection) as asked:
        assert buyer.get(reverse("tenders:index")).status_code == 200
    assert len(asked) <= 20
    second = read(buyer.get(reverse("tenders:index"), {"page": "2"}))
    assert "Consultation 0" in second
