"""The pages of estimates: an establishment's, an old one's, a GHT's; what is stale; what is sent as a file."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from egide.web.audit.models import Entry
from egide.web.diagnoses.models import Application
from egide.web.establishments.models import Fact, Observation
from egide.web.jobs.models import Job
from egide.web.organisations.models import Kind, Organisation
from egide.web.risk.models import Assumptions, Estimate
from report.risks import figures
from web.risk.estimated import changed, described, group, kept, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


def url(organisation, view="show", **more):
    return reverse(f"estimates:{view}", kwargs={"organisation": organisation.uuid, **more})


def html(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


# -------------------------------------------------------------------------------------------------------- an estimate
def test_a_director_reads_a_sentence_then_the_figures_with_their_intervals(world, sign_in):
    described(world.hospital.organisation)
    kept(world, category="hospital")
    page = html(sign_in(world.hospital.director).get(url(world.hospital.organisation)))
    assert (
        "Les incidents numériques coûteraient 1,4 M€ par an en moyenne, 2,5 M€ une année sur dix, 20 M€ une année sur cent."
        in page
    )
    for said in (
        "de 800 000 € à 2,2 M€",
        "Et 950 journées de soins perdues ou reportées par an en moyenne, 16 000 une année sur cent.",
        "jamais converties en euros",
        "Avec le programme en vigueur, 840 000 € par an restent à votre charge",
        "Rançongiciel généralisé",
        "Ce qui aiderait le plus : Hard, 130 000 € par an en moins",
        "Si tout ce qui manque était au pire : 2,2 M€",
        "Les sauvegardes sont-elles essayées ?",
        "Effet de la taille",
        "défaut de la catégorie",
        "[A]",
        "Hypothèses changées par l'établissement",
        "Mesuré en 2024",
        "50 000 années simulées",
    ):
        assert said in page, said
    assert "Recalculer" in page
    assert "Ordre de grandeur :" not in page
    assert page.count("egide-picture") == 15
    assert page.count("egide-picture-wide") == 5


def test_a_care_home_has_one_figure_the_words_and_days_in_degraded_mode(world, buyer):
    of = world.hospital.organisation
    shown = figures(category="care_home", scale=0.001)
    kept(world, category="care_home", scale=0.001, care=type(shown.care)(shown.care.days, shown.care.emergencies))
    page = html(buyer.get(url(of)))
    assert (
        "Ordre de grandeur : les incidents numériques coûteraient 1 000 € par an en moyenne, 20 000 € une année sur cent."
        in page
    )
    assert "Et moins de deux journées de soins par an en moyenne." in page
    assert "1,4" not in page


def test_a_result_that_is_old_says_what_changed_and_offers_to_begin_again(world, buyer, sign_in):
    of = world.hospital.organisation
    described(of)
    kept(world)
    assert "n'est plus à jour" not in html(buyer.get(url(of)))
    Fact.objects.filter(code="beds").update(value="90")
    page = html(buyer.get(url(of)))
    assert "Ont changé depuis : les données de l'établissement." in page
    Observation.objects.create(
        organisation=of, family="backup", low="0.5", high="0.5", source="audit", reliability="proven",
        observed_on=date(2026, 1, 1), added_by=world.hospital.buyer,
    )  # fmt: skip
    changed(world, severity__catch_up={"value": "0.3", "low": "0.2", "high": "0.4", "reason": "x"})
    page = html(buyer.get(url(of)))
    for said in ("les observations de ses mesures", "ses hypothèses"):
        assert said in page
    assert "l'assurance prise en compte" not in page
    assert "Recalculez pour en tenir compte" not in html(sign_in(world.hospital.reader).get(url(of)))
    Assumptions.objects.update(programme={"kind": "uninsured"})
    assert "l'assurance prise en compte" in html(buyer.get(url(of)))


def test_what_is_not_said_yet_is_asked_for_before_a_first_estimate(world, buyer, sign_in):
    of = world.hospital.organisation
    page = html(buyer.get(url(of)))
    assert "Aucune estimation" in page
    assert "dire sa catégorie" in page
    assert "Estimer le risque" not in page
    described(of)
    page = html(buyer.get(url(of)))
    assert "Estimer le risque" in page
    assert "répondre au diagnostic" in page
    assert "Estimer le risque" not in html(sign_in(world.hospital.reader).get(url(of)))


def test_an_old_estimate_stays_as_it_was_made(world, buyer):
    of = world.hospital.organisation
    old = kept(world)
    Estimate.objects.bulk_create([_later(kept_figures(world, scale=0.5), days=1)])
    assert "700 000 € par an en moyenne" in html(buyer.get(url(of)))
    page = html(buyer.get(url(of, "one", estimate=old.uuid)))
    assert "1,4 M€ par an en moyenne" in page
    assert "Ancienne estimation" in page
    assert "Recalculer" not in page
    page = html(buyer.get(url(of, "past")))
    assert page.index("700 000 €") < page.index("1,4 M€")


def kept_figures(world, **changes):
    row = kept(world, **changes)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name not in {"id", "uuid"}}  # fmt: skip
    return Estimate(**values)


def _later(row, days):
    row.made_at = timezone.now() + timedelta(days=days)
    return row


def test_an_estimate_of_a_version_that_nobody_reads_any_more_is_still_sent(world, buyer):
    of = world.hospital.organisation
    row = kept(world)
    Estimate.objects.bulk_create([_later(Estimate(organisation=of, inputs={}, marks=row.marks, brief=row.brief, result={"format": 0}, program="9", library="0", made_by=world.hospital.buyer), days=1)])  # fmt: skip
    page = html(buyer.get(url(of)))
    assert "ne peut plus être montrée" in page
    newest = Estimate.objects.filter(organisation=of).first()
    told = json.loads(buyer.get(url(of, "data", estimate=newest.uuid)).content)
    assert told["result"] == {"format": 0}
    assert buyer.get(url(of, "paper", estimate=newest.uuid)).status_code == 404


def test_asking_puts_a_job_in_the_queue_and_pages_say_so(world, buyer, sign_in):
    of = world.hospital.organisation
    described(of)
    answer = buyer.post(url(of, "ask"))
    job = Job.objects.get(kind="estimate")
    assert answer.url == reverse("jobs:one", args=[job.uuid])
    assert Entry.objects.filter(action="estimate.asked").exists()
    assert f"/travaux/{job.uuid}" in html(buyer.get(url(of)))
    page = html(sign_in(world.hospital.director).get(url(of)))
    assert "Demandé par Buyer Fictif" in page
    assert f"/travaux/{job.uuid}" not in page
    assert 'hx-trigger="every 4s"' in page


def test_the_files_of_an_estimate_are_those_of_its_figures(world, buyer):
    of = world.hospital.organisation
    row = kept(world)
    paper = buyer.get(url(of, "paper", estimate=row.uuid))
    assert paper.content.startswith(b"%PDF")
    assert paper.content == buyer.get(url(of, "paper", estimate=row.uuid)).content
    assert "risque-" in paper["Content-Disposition"]
    told = json.loads(buyer.get(url(of, "data", estimate=row.uuid)).content)
    assert told["result"]["mean"]["value"] == 1_400_000


def test_an_estimate_is_not_read_through_another_organisation(world, sign_in):
    row = kept(world)
    theirs = sign_in(world.other.buyer)
    for view in ("one", "paper", "data"):
        assert theirs.get(url(world.hospital.organisation, view, estimate=row.uuid)).status_code == 404
        assert theirs.get(url(world.other.organisation, view, estimate=row.uuid)).status_code == 404


# --------------------------------------------------------------------------------------------------------------- lists
def test_the_list_shows_ones_own_establishments(world, buyer, sign_in):
    kept(world)
    page = html(buyer.get(reverse("estimates:index")))
    assert "1,4 M€ (de 800 000 € à 2,2 M€)" in page
    assert "Brumont" not in page
    assert "à estimer" in html(sign_in(world.other.buyer).get(reverse("estimates:index")))
    assert "Aucun établissement" in html(sign_in(world.stranger).get(reverse("estimates:index")))


def test_suppliers_have_no_page_of_risk(world, buyer):
    supplier = Organisation.objects.create(name="Éditeur Fictif", kind=Kind.SUPPLIER)
    assert buyer.get(url(supplier)).status_code == 404
    assert buyer.get(url(group(world), "past")).status_code == 404


# --------------------------------------------------------------------------------------------------------------- a GHT
@pytest.fixture
def ght(world):
    others = [member(world, f"Hôpital {n}") for n in range(3)]
    made = group(world, [*others, world.other.organisation])
    for each in [world.hospital.organisation, *others]:
        described(each)
    kept(world)
    for n, each in enumerate(others):
        kept(world, each, category="local", scale=0.1 / (n + 1))
    return made


def test_a_group_shows_its_members_side_by_side_and_adds_up_only_means(ght, world, buyer):
    page = html(buyer.get(url(ght)))
    assert "Ensemble, 1,7 M€" in page
    assert "ne s'ajoute pas" in page
    assert "Hôpital 2" in page
    assert "Brumont" not in page
    assert "non comptés ici : 1." in page
    assert page.count("egide-picture-wide") == 1
    Estimate.objects.bulk_create([_later(kept_figures(world, seed=7), days=1)])
    assert "Ensemble, " not in html(buyer.get(url(ght)))


def test_a_member_that_is_not_estimated_or_old_says_so(ght, world, buyer):
    new = member(world, "Nouveau membre")
    ght.members.add(new)
    Fact.objects.filter(code="beds", establishment__organisation=world.hospital.organisation).update(value="1")
    page = html(buyer.get(url(ght)))
    assert "à estimer" in page
    assert "à recalculer" in page
    assert "Ensemble, " not in page


def test_a_member_that_changed_assumptions_is_marked_wherever_it_is_listed(ght, world, buyer):
    others = [each for each in ght.members.all() if each != world.other.organisation]
    Estimate.objects.bulk_create(
        [_later(kept_figures(world, organisation=each, changed=()), days=1) for each in others]
    )
    assert "sur les mêmes hypothèses" in html(buyer.get(url(ght)))
    Estimate.objects.bulk_create([_later(kept_figures(world, changed=figures().changed * 2), days=2)])
    page = html(buyer.get(url(ght)))
    assert "hypothèses changées : 2" in page
    assert "sur les mêmes hypothèses" not in page
    assert "un membre au moins a changé" in page
    assert "hypothèses changées : 2" in html(buyer.get(reverse("estimates:index")))


def test_a_shared_supplier_falls_on_all_its_clients_the_same_day(ght, world, buyer):
    assert "Aucun fournisseur partagé" in html(buyer.get(url(ght)))
    for of in Organisation.objects.filter(name__in=("Hôpital 0", "Hôpital 1")):
        Application.objects.create(organisation=of, name="Dossier", supplier="Orvane", care_critical=True, changed_by=world.hospital.buyer)  # fmt: skip
    page = html(buyer.get(url(ght)))
    row = page.split('id="fournisseurs"')[1].split("</table>")[0]
    assert "Orvane" in row
    assert "Hôpital 0, Hôpital 1" in row
    assert "210 000 €" in row
    Application.objects.create(organisation=world.hospital.organisation, name="Dossier", supplier="Orvane", changed_by=world.hospital.buyer)  # fmt: skip
    assert "1,6 M€" in html(buyer.get(url(ght))).split('id="fournisseurs"')[1]


@pytest.mark.once
def test_the_page_of_a_group_is_sent_as_a_pdf_to_those_who_see_it(ght, world, buyer, sign_in):
    paper = buyer.get(url(ght, "group_paper"))
    assert paper.content.startswith(b"%PDF")
    assert sign_in(world.other.buyer).get(url(ght, "group_paper")).status_code == 404
    assert buyer.get(url(world.hospital.organisation, "group_paper")).status_code == 404


def test_a_group_without_members_says_so(world, buyer):
    made = group(world)
    made.members.clear()
    assert "Aucun membre" in html(buyer.get(url(made)))


# --------------------------------------------------------------------------------------------------------------- costs
@pytest.mark.once
@pytest.mark.parametrize("view", ["show", "past", "assumptions", "insurance", "group", "index", "library"])
def test_pages_ask_few_queries_whatever_there_is(ght, world, buyer, view, django_assert_max_num_queries):
    for _ in range(20):
        kept(world)
    of = world.hospital.organisation
    address = {"group": url(ght), "index": reverse("estimates:index"), "library": reverse("estimates:library")}
    address = address.get(view) or url(of, view)
    buyer.get(address)
    with django_assert_max_num_queries(20):
        assert buyer.get(address).status_code == 200
