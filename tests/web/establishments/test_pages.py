from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from egide.web.audit.models import Entry
from egide.web.establishments.models import Establishment, Fact, Observation
from egide.web.organisations.models import Kind, Membership, Organisation
from web.establishments.access import OBSERVED, observation

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


def url(hospital, view, **more):
    return reverse(f"establishments:{view}", kwargs={"organisation": hospital.organisation.uuid} | more)


def html(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def give(buyer, hospital, year=2025, **values):
    return buyer.post(url(hospital, "year", year=year), {"source": "SAE 2025"} | values)


# ---------------------------------------------------------------------------------------------------------------- facts
def test_amounts_typed_as_people_type_them_are_kept_exactly(buyer, hospital):
    answer = give(buyer, hospital, beds="820", spending="1 250 000,50", activity_share="62,5 %", on_call="yes", records="DPI Fictif")  # fmt: skip
    assert answer.status_code == 302
    rows = {row.code: (row.value, row.year, row.source) for row in Fact.objects.all()}
    assert rows == {
        "beds": ("820", 2025, "SAE 2025"),
        "spending": ("1250000.5", 2025, "SAE 2025"),
        "activity_share": ("62.5", 2025, "SAE 2025"),
        "on_call": ("yes", 2025, "SAE 2025"),
        "records": ("DPI Fictif", 2025, "SAE 2025"),
    }
    page = html(buyer.get(url(hospital, "show")))
    assert "1 250 000,5 €" in page
    assert "(2025 ; SAE 2025)" in page
    assert "DPI Fictif" in page


def test_all_faults_are_said_at_once_in_french_and_nothing_is_kept(buyer, hospital):
    page = html(give(buyer, hospital, beds="beaucoup", spending="1.250", activity_share="140", staff="-3"))
    for said in (
        "« beaucoup » n’est pas un nombre",
        "« 1.250 » peut se lire de deux façons",
        "inférieure ou égale à 100",
        "supérieure ou égale à 0",
    ):
        assert said in page
    assert 'value="beaucoup"' in page
    assert not Fact.objects.exists()


def test_a_change_without_its_source_is_refused(buyer, hospital):
    page = html(give(buyer, hospital, beds="120", source=""))
    assert "Dites d’où viennent les données que vous changez." in page
    assert not Fact.objects.exists()


def test_security_cannot_exceed_the_digital_budget_it_is_part_of(buyer, hospital):
    page = html(give(buyer, hospital, it_running="100", it_investment="50", security="151"))
    assert "La sécurité ne peut dépasser" in page
    assert give(buyer, hospital, it_running="100", it_investment="50", security="150").status_code == 302


def test_an_unchanged_fact_keeps_its_source_and_an_emptied_one_goes(buyer, hospital):
    give(buyer, hospital, beds="120", places="30")
    give(buyer, hospital, beds="120", stays="9000", source="PMSI")
    assert {(row.code, row.source) for row in Fact.objects.all()} == {("beds", "SAE 2025"), ("stays", "PMSI")}
    told = Entry.objects.filter(action="establishment.facts").first().details
    assert told == {"places 2025": ["30", None], "stays 2025": [None, "9000"], "source": "PMSI"}


def test_the_form_shows_again_what_was_typed_in_each_language(buyer, hospital):
    give(buyer, hospital, spending="1 250 000,50")
    assert 'value="1 250 000,5"' in html(buyer.get(url(hospital, "year", year=2025)))
    english = html(buyer.get("/en" + url(hospital, "year", year=2025)))
    translation.activate("fr")
    assert 'value="1250000.5"' in english
    assert give(buyer, hospital, spending="1\u202f250\u202f000,5", source="").status_code == 302
    assert Fact.objects.get().source == "SAE 2025"


@pytest.mark.parametrize("year", [1900, 2009, 2200])
def test_a_year_that_makes_no_sense_does_not_exist(buyer, hospital, year):
    assert buyer.get(url(hospital, "year", year=year)).status_code == 404


def test_budget_shares_stand_beside_their_published_references(buyer, hospital):
    give(buyer, hospital, spending="90 M€", it_running="1500000", it_investment="500 000", security="100 000")
    page = html(buyer.get(url(hospital, "show")))
    assert "1,67 %" in page
    assert "5,00 %" in page
    assert "5 à 10 %, condition mise en 2021" in page
    assert "vu le 22/11/2026" in page


# ------------------------------------------------------------------------------------------------------------- identity
def test_register_numbers_are_checked_and_written_without_spaces(buyer, hospital):
    page = url(hospital, "identity")
    assert "neuf caractères" in html(buyer.post(page, {"finess_legal": "12345"}))
    assert not Establishment.objects.exists()
    sent = {"category": "hospital", "finess_legal": "26 000 123 4", "finess_site": "2A0001234"}
    assert buyer.post(page, sent).status_code == 302
    row = Establishment.objects.get()
    assert (row.category, row.finess_legal, row.finess_site) == ("hospital", "260001234", "2A0001234")
    assert buyer.post(page, sent | {"category": "clinic"}).status_code == 302
    assert Entry.objects.first().details == {"category": ["hospital", "clinic"]}


def test_a_supplier_is_not_an_establishment(buyer, hospital, sign_in):
    supplier = Organisation.objects.create(name="Éditeur Fictif", kind=Kind.SUPPLIER)
    Membership.objects.create(user=hospital.buyer, organisation=supplier, role="buyer")
    client = sign_in(hospital.buyer)
    assert client.get(reverse("establishments:show", args=[supplier.uuid])).status_code == 404
    assert "Éditeur Fictif" not in html(client.get(reverse("establishments:index")))


# --------------------------------------------------------------------------------------------------------- observations
def test_an_observation_is_added_shown_and_told(buyer, hospital):
    assert buyer.post(url(hospital, "observe"), OBSERVED).status_code == 302
    row = Observation.objects.get()
    assert (row.family, row.measure, row.low, row.high) == ("identity", "mfa", Decimal("0.4"), Decimal("0.6"))
    assert (row.observed_on, row.added_by) == (date(2026, 5, 4), hospital.buyer)
    page = html(buyer.get(url(hospital, "observations")))
    assert "entre 40 et 60 %" in page
    assert "authentification à plusieurs facteurs" in page
    assert "note" not in Entry.objects.first().details


def test_the_estate_of_devices_is_observed_though_it_is_no_family(buyer, hospital):
    of = hospital.organisation
    buyer.post(reverse("establishments:observe", args=[of.uuid]), OBSERVED | {"what": "/device"})
    row = Observation.objects.get()
    assert (row.family, row.measure, row.code) == ("", "", "device")
    for view in ("observations", "history"):
        assert "Parc de dispositifs connectés" in buyer.get(reverse(f"establishments:{view}", args=[of.uuid])).content.decode()  # fmt: skip


def test_wrong_levels_and_days_are_refused(buyer, hospital):
    tomorrow = (timezone.localdate() + timezone.timedelta(days=1)).strftime("%d/%m/%Y")
    sent = OBSERVED | {"level": "60", "upper": "40", "observed_on": tomorrow, "what": "magic"}
    page = html(buyer.post(url(hospital, "observe"), sent))
    assert "au-dessous du niveau" in page
    assert "Ce jour est à venir." in page
    assert "magic" in page
    assert "trop ancien" in html(buyer.post(url(hospital, "observe"), OBSERVED | {"observed_on": "04/05/0026"}))
    assert not Observation.objects.exists()


def test_an_observation_is_withdrawn_with_its_reason_and_stays(buyer, world, hospital):
    row = observation(world)
    page = url(hospital, "withdraw", observation=row.uuid)
    assert "obligatoire" in html(buyer.post(page, {"reason": ""}))
    assert buyer.post(page, {"reason": "Saisie en double."}).status_code == 302
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_reason) == (hospital.buyer, "Saisie en double.")
    assert "Saisie en double." in html(buyer.get(url(hospital, "observations")))
    assert buyer.post(page, {"reason": "Encore."}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_reason == "Saisie en double."
    assert Entry.objects.filter(action="observation.withdrawn").count() == 1


def test_the_observation_of_another_of_ones_organisations_is_not_under_this_one(buyer, world, hospital, other_hospital):
    Membership.objects.create(user=hospital.buyer, organisation=other_hospital.organisation, role="buyer")
    elsewhere = observation(world, organisation=other_hospital.organisation)
    assert buyer.get(url(hospital, "withdraw", observation=elsewhere.uuid)).status_code == 404


def test_the_list_is_filtered_by_family_and_cut_in_pages(buyer, world, hospital):
    for _ in range(51):
        observation(world)
    observation(world, family="people")
    page = html(buyer.get(url(hospital, "observations")))
    assert page.count('<th scope="row">') == 50
    assert "?page=2" in page
    only = html(buyer.get(url(hospital, "observations") + "?famille=people&page=zzz"))
    assert only.count('<th scope="row">') == 1
    assert buyer.get(url(hospital, "observations") + "?famille=%00'--").status_code == 200


# -------------------------------------------------------------------------------------------------------------- history
def test_history_tells_who_changed_what_in_words(buyer, hospital):
    give(buyer, hospital, beds="120")
    give(buyer, hospital, beds="130")
    buyer.post(url(hospital, "identity"), {"category": "hospital"})
    buyer.post(url(hospital, "observe"), OBSERVED)
    page = html(buyer.get(url(hospital, "history")))
    for said in ("Buyer Fictif", "Lits, 2025 : <del>120</del> → 130", "Catégorie :", "Centre hospitalier", "Identités, authentification", "entre 40 et 60 %", "Prouvée"):  # fmt: skip
        assert said in page


def test_history_shows_what_this_version_does_not_know_as_it_was_kept(buyer, hospital):
    Entry.objects.create(
        organisation=hospital.organisation, action="establishment.later", subject_kind="establishments.later",
        details={"colour 2031": ["red", "blue"], "kind": "unheard", "level": "?", "category": ["x", "y"]},
    )  # fmt: skip
    page = html(buyer.get(url(hospital, "history")))
    assert "establishment.later" in page
    assert "unheard" in page


# -------------------------------------------------------------------------------------------------------------- queries
def test_pages_ask_a_bounded_number_of_queries(buyer, world, hospital, django_assert_max_num_queries):
    for year in (2023, 2024, 2025):
        give(buyer, hospital, year=year, beds="120", spending="90 M€", it_running="1500000")
    for _ in range(20):
        observation(world)
    for view, more in (("show", {}), ("observations", {}), ("history", {}), ("year", {"year": 2025})):
        with django_assert_max_num_queries(10):
            assert buyer.get(url(hospital, view, **more)).status_code == 200
    with django_assert_max_num_queries(6):
        assert buyer.get(reverse("establishments:index")).status_code == 200
