"""The pages of loss studies: begun, shown, replaced, deleted, sent back as they came."""

import json
from datetime import timedelta

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone

from egide.errors import EgideError
from egide.exchange.loss_file import study as loss_file
from egide.message import message
from egide.web.audit.models import Entry
from egide.web.organisations.models import Kind, Membership, Organisation
from egide.web.risk import convert, examples, models
from egide.web.risk import engine as engine_of_pages
from web.risk.access import sent, study

pytestmark = pytest.mark.django_db
WRONG = """title: Faux
scenarios:
  - name: a
    frequency: {poisson: {mean: -1}}
    heads: {own: {lognormal: {median: 10, p95: 5}}}
programme: {deductible_event: 10, limit_event: 100, limit_annual_aggregate: 50}
"""
ENDLESS = "frequency: {poisson: {mean: 1}}\nseverity: {generalised_pareto: {xi: 1.2, beta: 10}}\n"
MANY = "frequency: {poisson: {mean: 1000000}}\nseverity: {constant: {value: 1}}\n"
HUGE = "frequency: {poisson: {mean: 1}}\nseverity: {lognormal: {mu: 30, sigma: 20}}\n"


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


def url(row, view="show"):
    return reverse(f"risk:{view}", args=[row.uuid])


def html(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def begin(client, hospital, **values):
    return client.post(reverse("risk:new"), {"organisation": hospital.organisation.uuid, "source": "file"} | values)


# --------------------------------------------------------------------------------------------------------------- begun
def test_a_study_begins_from_an_example_and_answers(buyer, hospital, engine):
    answer = begin(buyer, hospital, source="hopital", title="Étude du CH")
    row = models.Study.objects.get()
    assert answer.url == url(row)
    assert (row.title, row.organisation, row.made_by) == ("Étude du CH", hospital.organisation, hospital.buyer)
    page = html(buyer.get(answer.url))
    assert "Étude enregistrée." in page
    for said in (
        "En moyenne 7",
        "Perte brute",
        "Conservée",
        "Cédée",
        "Programme en vigueur",
        "Plafonds plus hauts",
        "Rançongiciel, imagerie",
        "Amendes",
        "000 années simulées",
    ):
        assert said in page, said
    entry = Entry.objects.filter(action="study.made").get()
    assert entry.details == {"title": "Étude du CH", "source": "hopital", "digest": row.digest}


def test_a_study_begins_from_a_file_under_its_own_title(buyer, hospital, engine):
    text = (
        "# à nous\n"
        + "title: Nos pertes\nfrequency: {poisson: {mean: 0.4}}\nseverity: {lognormal: {median: 200000, p95: 3000000}}\n"
    )
    assert begin(buyer, hospital, file=sent(text)).status_code == 302
    row = models.Study.objects.get()
    assert row.title == "Nos pertes"
    assert row.content["severity"] == {"lognormal": {"median": "200000", "p95": "3000000"}}
    page = html(buyer.get(url(row)))
    assert "Façons d'être assuré" not in page
    assert "Conservée" not in page
    assert "Perte brute" in page


def test_every_fault_of_a_file_is_said_at_once_and_nothing_is_kept(buyer, hospital):
    answer = begin(buyer, hospital, file=sent(WRONG))
    page = html(answer)
    assert answer.status_code == 422
    assert "Ce fichier ne peut pas être utilisé" in page
    for place in ("scenarios[0].frequency.poisson.mean", "scenarios[0].heads.own", "programme.limit_annual_aggregate"):
        assert place in page, place
    assert not models.Study.objects.exists()
    assert not Entry.objects.filter(action__startswith="study").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": "file"}, "Choisissez le fichier de l'étude."),
        ({"source": "inconnu"}, "inconnu"),
        ({"file": sent("a: [")}, "YAML illisible"),
        ({"file": sent("\0")}, "Ce fichier ne peut pas être utilisé"),
        ({"file": sent("x" * 1_000_001)}, "Ce fichier dépasse 1 Mo."),
        ({"file": sent(MANY.replace("poisson", "loi_inconnue"))}, "Cette clé n'est pas connue ici."),
    ],
    ids=["no file", "no source", "broken", "binary", "large", "unknown law"],
)
def test_what_is_no_study_is_refused_in_words(buyer, hospital, given, said):
    answer = begin(buyer, hospital, **given)
    assert answer.status_code == 422
    assert said in html(answer)
    assert not models.Study.objects.exists()


def test_a_title_stands_on_one_line_or_is_refused(buyer, hospital):
    assert begin(buyer, hospital, source="ehpad", title="a\u0007b").status_code == 422
    assert begin(buyer, hospital, source="ehpad", title=" Nos\u2028 pertes\n").status_code == 302
    row = models.Study.objects.get()
    assert row.title == convert.value(row).title == "Nos pertes"


def test_a_study_is_not_written_where_one_only_reads(buyer, hospital, other_hospital):
    there = begin(buyer, other_hospital, source="ehpad")
    assert there.status_code == 422
    supplier = Organisation.objects.create(name="Éditeur Fictif", kind=Kind.SUPPLIER)
    Membership.objects.create(user=hospital.buyer, organisation=supplier, role="buyer")
    assert begin(buyer, hospital, source="ehpad", organisation=supplier.uuid).status_code == 422
    assert not models.Study.objects.exists()


# --------------------------------------------------------------------------------------------------------------- shown
def test_the_list_shows_the_studies_of_ones_organisations_the_last_changed_first(world, sign_in):
    old = study(world, title="Ancienne", changed_at=timezone.now() - timedelta(days=1))
    new = study(world, title="Nouvelle")
    theirs = study(world, title="Ailleurs", organisation=world.other.organisation)
    page = html(sign_in(world.hospital.reader).get(reverse("risk:index")))
    assert page.index(url(new)) < page.index(url(old))
    assert "Ailleurs" not in page
    assert "Commencer une étude" not in page
    assert "Commencer une étude" in html(sign_in(world.hospital.director).get(reverse("risk:index")))
    assert url(theirs) in html(sign_in(world.other.buyer).get(reverse("risk:index")))


def test_who_only_reads_sees_no_way_to_change(world, sign_in, engine):
    row = study(world)
    page = html(sign_in(world.hospital.reader).get(url(row)))
    assert url(row, "file") in page
    assert url(row, "replace") not in page
    assert url(row, "remove") not in page


def test_the_figures_are_those_of_the_exact_way(buyer, world, engine):
    text = "title: W1\nfrequency: {poisson: {mean: 0.4}}\nseverity: {lognormal: {median: 200000, p95: 3000000}}\n"
    row = study(world, content=convert.titled(convert.content(text), "W1"))
    page = html(buyer.get(url(row)))
    mean = page.split("En moyenne ")[1].split(" k€")[0]
    assert float(mean.replace(",", ".")) == pytest.approx(310.2, rel=0.03)


@pytest.mark.parametrize(
    ("text", "said"),
    [(ENDLESS, "La moyenne de cette loi est infinie"), (MANY, "trop lourde pour être chiffrée")],
    ids=["infinite mean", "too heavy"],
)
def test_a_study_that_cannot_be_computed_says_why(buyer, world, engine, text, said):
    row = study(world, content=convert.titled(convert.content(text), "X"))
    for view in ("show", "programme"):
        answer = buyer.get(url(row, view))
        assert answer.status_code == 200
        assert said in html(answer), view


def test_figures_that_mean_nothing_are_refused_in_words(buyer, world, engine):
    row = study(world, content=convert.titled(convert.content(HUGE), "X"))
    for view in ("show", "programme"):
        assert "nombre de zéros" in html(buyer.get(url(row, view)))


def test_a_study_of_another_version_says_so(buyer, world):
    row = study(world, content={"title": "Vieille", "futur": "oui"})
    for view in ("show", "programme"):
        page = html(buyer.get(url(row, view)))
        assert "Cette étude ne peut plus être lue" in page
        assert "futur" in page
    assert "futur" in html(buyer.get(url(row, "file")))


def test_the_engine_that_is_not_ready_is_waited_for_without_a_computation(buyer, world, monkeypatch):
    row = study(world)
    monkeypatch.setattr(engine_of_pages, "ready", lambda: False)
    for view in ("show", "programme"):
        page = html(buyer.get(url(row, view)))
        assert "Le calcul se prépare" in page
        assert 'http-equiv="refresh"' in page
        assert "hx-get" in page
        part = buyer.get(url(row, view), headers={"HX-Request": "true"})
        assert "<html" not in html(part)
        assert "Le calcul se prépare" in html(part)
    monkeypatch.setattr(engine_of_pages, "failed", lambda: True)
    page = html(buyer.get(url(row)))
    assert "n'a pas pu démarrer" in page
    assert 'http-equiv="refresh"' not in page


def test_the_answer_alone_is_sent_to_the_page_that_waited(buyer, world, engine):
    part = buyer.get(url(study(world)), headers={"HX-Request": "true"})
    assert html(part).lstrip().startswith("<section")
    assert "En moyenne" in html(part)
    assert part["Vary"] == "HX-Request, Accept-Language, Cookie" or "HX-Request" in part["Vary"]


@pytest.mark.parametrize("view", ["index", "new", "show", "programme", "replace", "remove"])
def test_pages_ask_few_queries_whatever_there_is(buyer, world, engine, view, django_assert_max_num_queries):
    rows = [study(world, title=f"Étude {n}") for n in range(30)]
    address = reverse(f"risk:{view}") if view in {"index", "new"} else url(rows[0], view)
    buyer.get(address)
    with django_assert_max_num_queries(12):
        assert buyer.get(address).status_code == 200


# ------------------------------------------------------------------------------------------------- replaced and deleted
def test_a_study_is_replaced_by_a_file_and_the_trail_says_what_changed(buyer, world, engine):
    row = study(world)
    page = buyer.post(url(row, "replace"), {"file": sent(WRONG)})
    assert page.status_code == 422
    assert "scenarios[0].frequency.poisson.mean" in html(page)
    before = row.digest
    assert buyer.post(url(row, "replace"), {"file": sent(), "title": "Autre"}).status_code == 302
    row.refresh_from_db()
    assert row.title == row.content["title"] == "Autre"
    details = Entry.objects.filter(action="study.replaced").get().details
    assert details["digest"] == [before, row.digest]
    assert details["title"][1] == "Autre"


def test_a_study_is_deleted_once_confirmed(buyer, world):
    row = study(world)
    assert "Supprimer l'étude" in html(buyer.get(url(row, "remove")))
    assert models.Study.objects.exists()
    assert buyer.post(url(row, "remove")).url == reverse("risk:index")
    assert not models.Study.objects.exists()
    assert Entry.objects.filter(action="study.removed").get().details["title"] == row.title


# --------------------------------------------------------------------------------------------------------------- files
@pytest.mark.parametrize("name", sorted(examples.TITLES))
def test_a_shipped_study_is_fictitious_and_comes_back_as_it_was(buyer, world, name):
    row = study(world, name)
    assert "fictifs" in row.title
    answer = buyer.get(url(row, "file"))
    assert "attachment" in answer["Content-Disposition"]
    read = loss_file.read(answer.content.decode(), "f")
    assert not read.findings
    assert read.study == convert.value(row)
    assert convert.content(answer.content.decode()) == row.content
    asjson = json.loads(buyer.get(url(row, "data")).content)
    assert asjson == yaml.safe_load(answer.content.decode())


@pytest.mark.parametrize(
    "text", ["010", "1e6", "oui", "true", "2026-01-01", "null", "~", "1_000", "0x10", ".5", "é: #", "", " a", "12"]
)
def test_any_text_of_a_study_is_written_so_that_it_reads_back(text):
    held = {"title": text or "x", "x": [text or "x", {"y": text or "x"}]}
    assert convert.content(convert.yaml_text(held)) == held


def test_what_is_kept_in_memory_is_bounded(world):
    for n in range(convert.KEPT + 3):
        content = convert.titled(examples.content("ehpad"), f"Étude {n}")
        assert convert.value(study(world, content=content)).title == f"Étude {n}"
    assert len(convert._kept) == convert.KEPT


# -------------------------------------------------------------------------------------------------------------- engine
def test_the_engine_is_prepared_in_a_thread_of_its_own(monkeypatch):
    done = []
    monkeypatch.setattr(engine_of_pages.quick_loss, "warm", lambda: done.append(True))
    thread = engine_of_pages.prepare()
    thread.join(5)
    assert thread.daemon
    assert done == [True]
    assert not engine_of_pages.failed()


def test_a_preparation_that_fails_is_told_and_logged(monkeypatch, caplog):
    def broken():
        raise EgideError(message("Rien."))

    monkeypatch.setattr(engine_of_pages.quick_loss, "warm", broken)
    monkeypatch.setattr(engine_of_pages._Preparation, "failed", False)
    engine_of_pages.prepare().join(5)
    assert engine_of_pages.failed()
    assert "not ready" in caplog.text
