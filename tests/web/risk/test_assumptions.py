"""The pages of assumptions and of insurance: read by all, set by who describes, shown before they are kept, told to the trail."""

import pytest
from django.urls import reverse
from django.utils import translation

from egide import reference
from egide.web.audit.models import Entry
from egide.web.risk.estimates import library
from egide.web.risk.models import Assumptions
from web.risk.access import CATCH_UP
from web.risk.estimated import changed, described

pytestmark = pytest.mark.django_db
CODE = "severity.catch_up"


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


def url(organisation, view="change", **more):
    return reverse(f"estimates:{view}", kwargs={"organisation": organisation.uuid, **more})


def html(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


# ------------------------------------------------------------------------------------------------------ the library
@pytest.mark.long
def test_every_parameter_is_shown_once(db, sign_in):
    known = reference.risk_library()
    seen = []
    for subject in library.subjects(known):
        page = html(sign_in().get(reverse("estimates:library"), {"sujet": subject.code}))
        seen += [code for code in known.parameters if f">{code}</div>" in page]
    assert sorted(seen) == sorted(known.parameters)


def test_a_parameter_is_shown_with_its_mark_and_its_source(db, sign_in):
    page = html(sign_in().get(reverse("estimates:library"), {"sujet": "gravite"}))
    assert "Une trentaine de chiffres publiés" in page
    row = page.split(f">{CODE}</div>")[1].split("</tr>")[0]
    for said in (">15<", "0 à 40", "tone-doubt", ">A<", "hypothèse des auteurs"):
        assert said in row, said
    assert sign_in().get(reverse("estimates:library"), {"sujet": "rien"}).status_code == 404


def test_the_library_is_read_in_english(db, sign_in):
    with translation.override("en"):
        page = html(sign_in().get(reverse("estimates:library"), {"sujet": "gravite"}))
    assert known_title(CODE) in page


def known_title(code):
    return reference.risk_library()[code].title.en


# ------------------------------------------------------------------------------------------------------- one's own
def test_the_effect_is_shown_before_anything_is_kept(world, buyer):
    of = world.hospital.organisation
    described(of, category="university", revenue="1200000000", beds="1614", activity_share="60")
    page = html(buyer.get(url(of, parameter=CODE)))
    assert "Ce que cela changerait" not in page
    page = html(buyer.get(url(of, parameter=CODE), CATCH_UP))
    effect = page.split("Ce que cela changerait")[1].split("</table>")[0]
    before, after = [float(cell.split(" M€")[0].replace(",", ".")) for cell in (effect.split('"number">')[3], effect.split("<strong>")[1])]  # fmt: skip
    assert 0.8 < after / before < 0.97
    assert "Retenir cette valeur" in page
    assert not Assumptions.objects.exists()


def test_a_value_is_kept_shown_on_the_list_and_reset(world, buyer, sign_in):
    of = world.hospital.organisation
    described(of)
    assert buyer.post(url(of, parameter=CODE), CATCH_UP).url == url(of, "assumptions")
    row = Assumptions.objects.get()
    assert row.overlay == {CODE: {"value": "0.3", "low": "0.2", "high": "0.4", "reason": "Mesuré chez nous"}}
    assert row.changed_by == world.hospital.buyer
    page = html(buyer.get(url(of, "assumptions"), {"sujet": "gravite"}))
    assert "<strong>30 (20 à 40)</strong> %" in page
    assert "ici : 30 (20 à 40)" in page
    assert "Mesuré chez nous" in page
    entry = Entry.objects.get(action="assumption.changed")
    assert entry.details == {"parameter": CODE, "value": ["", "0.3"], "low": ["", "0.2"], "high": ["", "0.4"], "reason": ["", "Mesuré chez nous"]}  # fmt: skip
    trail = html(sign_in(world.hospital.administrator).get(reverse("audit:trail", args=[of.uuid])))
    assert "Hypothèse changée" in trail
    assert "Mesuré chez nous" in trail
    assert "Revenir à la valeur d'Égide" in html(buyer.get(url(of, parameter=CODE)))
    buyer.post(url(of, parameter=CODE), {"reset": "1"})
    assert Assumptions.objects.get().overlay == {}
    assert Entry.objects.get(action="assumption.reset").details["value"] == ["0.3", ""]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "30", "low": "40", "high": "20"}, "l'intervalle est vide"),
        ({"value": "50", "low": "20", "high": "40"}, "hors de son intervalle"),
        ({"value": "150", "low": "20", "high": "200"}, "une part est comprise entre 0 et 1"),
        ({"value": "rien"}, "n'est pas un nombre"),
        ({"reason": " "}, "obligatoire"),
        ({"value": ""}, "obligatoire"),
    ],
)
def test_a_value_without_meaning_is_refused_in_words(world, buyer, given, said):
    of = world.hospital.organisation
    described(of)
    answer = buyer.post(url(of, parameter=CODE), CATCH_UP | given)
    assert answer.status_code == 422
    assert said in html(answer)
    assert not Assumptions.objects.exists()
    assert said in html(buyer.get(url(of, parameter=CODE), CATCH_UP | given))


def test_a_published_figure_is_not_changed_on_a_page(world, buyer):
    of = world.hospital.organisation
    assert buyer.get(url(of, parameter="national.declared")).status_code == 404
    assert buyer.get(url(of, parameter="unknown")).status_code == 404


def test_without_a_category_a_value_is_kept_though_its_effect_is_not_known(world, buyer):
    of = world.hospital.organisation
    assert "catégorie de l'établissement n'est pas dite" in html(buyer.get(url(of, parameter=CODE), CATCH_UP))
    assert buyer.post(url(of, parameter=CODE), CATCH_UP).status_code == 302


def test_a_parameter_that_no_longer_exists_counts_for_nothing_and_is_said(world, buyer):
    of = world.hospital.organisation
    described(of)
    changed(world, old__one={"value": "3", "reason": "x"})
    page = html(buyer.get(url(of, "assumptions")))
    assert "Paramètres qui n'existent plus" in page
    assert "old.one" in page
    assert "Ce que cela changerait" in html(buyer.get(url(of, parameter=CODE), CATCH_UP))


def test_a_parameter_without_an_interval_is_asked_for_its_value_alone(world, buyer):
    of = world.hospital.organisation
    described(of)
    fixed = next(each for each in reference.risk_library().parameters.values() if each.grade.marked and each.low is None)  # fmt: skip
    page = html(buyer.get(url(of, parameter=fixed.id)))
    assert 'name="low"' not in page
    assert buyer.post(url(of, parameter=fixed.id), {"value": "3", "reason": "x"}).status_code == 302


# --------------------------------------------------------------------------------------------------------- insurance
def test_the_insurance_is_chosen_and_told(world, buyer):
    of = world.hospital.organisation
    page = html(buyer.get(url(of, "insurance")))
    assert "contrat moyen" in page
    own = {
        "kind": "own_contract",
        "retention": "50 000",
        "waiting_hours": "12",
        "event_limit": "2 000 000",
        "annual_limit": "",
    }
    assert buyer.post(url(of, "insurance"), own).status_code == 302
    assert Assumptions.objects.get().programme == {"kind": "own_contract", "retention": "50000", "waiting_hours": "12", "event_limit": "2000000"}  # fmt: skip
    told = Entry.objects.get(action="insurance.chosen").details
    assert told == {"kind": ["", "own_contract"], "retention": ["", "50000"], "waiting_hours": ["", "12"], "event_limit": ["", "2000000"]}  # fmt: skip
    page = html(buyer.get(url(of, "insurance")))
    assert 'value="50 000"' in page
    buyer.post(url(of, "insurance"), {"kind": "uninsured"})
    assert Assumptions.objects.get().programme == {"kind": "uninsured"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "own_contract"}, "une franchise ou un plafond au moins"),
        ({"kind": "own_contract", "event_limit": "20", "annual_limit": "10"}, "plus petit que celui d'un événement"),
        ({}, "obligatoire"),
    ],
)
def test_an_insurance_without_meaning_is_refused(world, buyer, given, said):
    answer = buyer.post(url(world.hospital.organisation, "insurance"), given)
    assert answer.status_code == 422
    assert said in html(answer)
    assert not Assumptions.objects.exists()


def test_who_only_reads_sees_the_insurance_without_a_form(world, sign_in):
    page = html(sign_in(world.hospital.reader).get(url(world.hospital.organisation, "insurance")))
    assert "non la changer" in page
    assert '<button type="submit" class="btn btn-primary">Enregistrer' not in page
    assert "<dd>contrat moyen des organisations" in page
    assert "average_contract" not in page
