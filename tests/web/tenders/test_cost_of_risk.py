"""Step 3, the cost of risk: asked for in the browser, kept in the definition, refused in words, shown on demand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from egide.tender.risk_terms import RiskUse
from egide.web.audit.models import Entry
from egide.web.establishments.models import Establishment, Fact
from egide.web.tenders import convert
from egide.web.tenders.models import State
from web.tenders import preparing
from web.tenders.prepared import address, fields, read, send, texts

pytestmark = pytest.mark.django_db
FIRST, GIVEN = preparing.BENEFICIARY, preparing.COSTED


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(world, files):
    return preparing.consultation(world)


def terms(row):
    row.refresh_from_db()
    return convert.tender(row).risk


def test_asked_for_information_and_back(buyer, row):
    url = address("risk", row)
    assert terms(row) is None
    assert send(buyer, url, risk__use="none").status_code == 302
    assert terms(row) is None
    response = send(buyer, url, **GIVEN)
    assert response.status_code == 302, texts(response, "error-summary")
    kept = terms(row)
    assert (kept.use, kept.years, str(kept.credit), str(kept.cap), kept.library) == (
        RiskUse.INFORMATION,
        None,
        "0.6",
        "0.15",
        "",
    )
    [who] = kept.beneficiaries
    assert [str(each) for each in who.criticality] == ["0.06", "0.15", "0.3"]
    assert (who.category, str(who.revenue), str(who.activity_share), str(who.beds), who.lots) == (
        "hospital",
        "120000000",
        "0.625",
        "400",
        (),
    )
    before, revision = row.definition, row.revision
    assert buyer.post(url, fields(buyer.get(url))).status_code == 302
    row.refresh_from_db()
    assert (row.definition, row.revision) == (before, revision), "what is shown is what is kept"
    assert Entry.objects.filter(action="consultation.changed").exists()
    send(buyer, url, risk__years="3,5", risk__credit="50")
    assert (str(terms(row).years), str(terms(row).credit)) == ("3.5", "0.5")
    send(buyer, url, risk__use="none", **{f"{FIRST}revenue": "rien"})
    assert terms(row) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"category": ""}, {"category": "lune"}, {"revenue": "0"}, {"persons": "-1"}, {"criticality": "40"}, {"highest": "130"},
        {"likely": "beaucoup"}, {"activity_share": "NaN"},
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_beside_its_field(buyer, row, wrong):
    page = send(buyer, address("risk", row), **GIVEN | {f"{FIRST}{name}": value for name, value in wrong.items()})
    assert page.status_code == 200
    assert texts(page, "error-summary")
    assert terms(row) is None


def test_a_forged_form_writes_nothing(buyer, row):
    url = address("risk", row)
    for forged in (
        {}, {"risk__use": "magique"}, GIVEN | {"risk__use": "criterion", "risk__criterion": "securite"},
        GIVEN | {"risk__beneficiaries-TOTAL_FORMS": "x"}, GIVEN | {"risk__credit": "\x00"}, GIVEN | {"risk__cap": "1e9"},
    ):  # fmt: skip
        response = buyer.post(url, fields(buyer.get(url)) | forged if forged else forged)
        assert response.status_code == 200
        assert terms(row) is None


def test_a_criterion_is_warned_of_and_refused_in_words(buyer, row):
    url = address("risk", row)
    page = send(buyer, url, risk__use="criterion", risk__criterion="", **GIVEN)
    assert "Choisissez le critère de prix" in read(page)
    assert send(buyer, url, risk__use="criterion", risk__criterion="prix", **GIVEN).status_code == 302
    assert terms(row).library
    page = read(buyer.get(url))
    assert "aucune décision de justice connue" in page
    assert "compteraient deux fois" in page
    assert "cet usage serait refusé" in page
    assert "award_use" not in page
    send(buyer, url, risk__use="information")
    assert (terms(row).criterion, terms(row).library) == ("", "")


def test_what_each_point_is_worth_is_computed_on_demand(buyer, row):
    url = address("risk", row)
    assert "Calculer ce que vaut chaque point" not in read(buyer.get(f"{url}?valeur")), "nothing to compute with yet"
    send(buyer, url, **GIVEN)
    assert "Calculer ce que vaut chaque point" in read(buyer.get(url))
    with CaptureQueriesContext(connection) as asked:
        page = read(buyer.get(f"{url}?valeur"))
    assert len(asked) <= 20
    for words in (
        "Pour information",
        "Part attribuée à",
        "Fournisseur moyen",
        "autres points",
        "EG-",
        "hypothèses d'Égide [A]",
    ):
        assert words in page
    assert page.count('<th scope="row"><a href') == 10
    send(buyer, url, **{f"{FIRST}category": "care_home"})
    assert "Ordre de grandeur" in read(buyer.get(f"{url}?valeur"))


def test_the_facts_of_the_establishment_are_proposed_and_not_kept(buyer, row, world):
    of = Establishment.objects.create(organisation=world.hospital.organisation, category="clinic")
    for code, year, value in (
        ("revenue", 2023, "1"),
        ("revenue", 2024, "70000000"),
        ("activity_share", 2024, "80"),
        ("beds", 2024, "150"),
    ):
        Fact.objects.create(establishment=of, code=code, year=year, value=value, source="essai")
    elsewhere = Establishment.objects.create(organisation=world.other.organisation, category="practice")
    Fact.objects.create(establishment=elsewhere, code="places", year=2025, value="99", source="essai")
    page = buyer.get(address("risk", row))
    sent = fields(page)
    assert "Repris des données de votre établissement" in read(page)
    assert [sent[f"{FIRST}{name}"][0].replace("\u202f", "") for name in ("category", "revenue", "activity_share", "beds", "places")] == [
        "clinic", "70000000", "80", "150", "",
    ]  # fmt: skip
    assert terms(row) is None
    sent |= {f"{FIRST}criticality": "1", f"{FIRST}likely": "2", f"{FIRST}highest": "3"}
    assert buyer.post(address("risk", row), sent).status_code == 302
    assert str(terms(row).beneficiaries[0].activity_share) == "0.8"


def test_once_published_it_is_a_dated_change_and_once_opened_nothing(buyer, world, files):
    row = preparing.published_one(world)
    url = address("risk", row)
    assert send(buyer, url, **GIVEN).status_code == 200, "the change must be told"
    assert send(buyer, url, **GIVEN | {"amendment-what": "Un coût du risque"}).status_code == 302
    assert terms(row) is not None
    assert convert.journal(row).amendments[-1].what == "Un coût du risque"
    type(row).objects.filter(pk=row.pk).update(state=State.OPENED)
    assert fields(buyer.get(url)).get(f"{FIRST}revenue") is None
    buyer.post(url, {"risk__use": "none"})
    assert terms(row) is not None


def test_nobody_else(row, world, sign_in):
    url = reverse("tenders:risk", args=[row.uuid])
    assert sign_in(world.other.buyer).get(url).status_code == 404
    page = sign_in(world.hospital.reader).get(url)
    assert page.status_code == 200
    assert "Enregistrer" not in read(page)
    assert ' value="none" checked' in " ".join(page.content.decode().split()) or 'value="none"' in read(page)
    assert sign_in(world.hospital.reader).post(url, {}).status_code == 403


def test_two_lots_and_a_definition_written_elsewhere_come_back_as_they_were(buyer, row):
    url = address("risk", row)
    row.definition["lots"] = [{"id": "lot-1", "title": "Un"}, {"id": "lot-2", "title": "Deux", "estimate": "90000"}]
    who = {"category": "care_home", "revenue": "120000000", "persons": "60000", "criticality": ["0.00", "0.01", "0.05"]}
    transfer = {"share": ["0", "0.1", "0.2"], "points": ["EG-001"]}
    row.definition["risk"] = {
        "beneficiaries": [{"lots": ["lot-2"], **who}],
        "seed": 7,
        "draws": 64,
        "transfer": transfer,
    }
    row.save()
    before = terms(row)
    assert buyer.post(url, fields(buyer.get(url))).status_code == 302
    assert terms(row) == before
    new = {name.replace("-0-", "-1-"): value for name, value in preparing.COSTED.items()}
    assert send(buyer, url, **new, **{"risk__beneficiaries-1-lots": ["lot-1"]}).status_code == 302
    assert [each.lots for each in terms(row).beneficiaries] == [("lot-2",), ("lot-1",)]
    page = read(buyer.get(f"{url}?valeur"))
    assert "Un</h3>" in page
    assert "Deux</h3>" in page
    send(buyer, url, **{"risk__beneficiaries-1-lots": ["lot-2"]})
    assert "ce lot a deux descriptions de bénéficiaires" in read(buyer.get(url))
