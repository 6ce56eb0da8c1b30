"""The pages of a result: what they show, to whom, when; a result is kept as it was made."""

import hashlib
import html

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from egide.web.audit.models import Entry
from egide.web.files import store
from egide.web.jobs.models import Job
from egide.web.tenders import models
from web.tenders import big
from web.tenders.result import made

pytestmark = pytest.mark.once

QUERIES = 20


def page(client, name, row, *places, **query):
    return client.get(reverse(f"tenders:{name}", args=[row.uuid, *places]), query)


def said(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def final(world, files):
    """The example with its result, which is final."""
    return made.example(world)


@pytest.fixture
def provisional(world, files):
    return made.quick(world.hospital, 3, share=7)


# ------------------------------------------------------------------------------------------------------------- the ranking
def test_pressing_the_button_makes_a_result_and_leads_to_it(world, files, sign_in):
    row = made.loaded(world.hospital)
    client = sign_in(world.hospital.buyer)
    assert "Évaluer" in said(page(client, "result", row))
    answer = client.post(reverse("tenders:evaluate", args=[row.uuid]), {"on": "30/11/2026"})
    job = Job.objects.get(kind="evaluate")
    assert answer["Location"] == reverse("jobs:one", args=[job.uuid])
    assert "Évaluation en cours" in said(page(client, "result", row))
    made.queue.work(made.queue.take())
    job.refresh_from_db()
    shown = said(client.get(job.result["next"]))
    for text in (
        "Définitif",
        "Kerzanne Imagerie (fictif)",
        "83,09",
        "2\u202f254\u202f000,00",
        "Régulière",
        "30/11/2026",
    ):
        assert text in shown, text
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == ["result.asked", "result.made"]


def test_an_excluded_bid_is_apart_with_its_reason(final, world, sign_in):
    response = page(sign_in(world.hospital.director), "result", final)
    assert [each["name"] for each in response.context["excluded"]] == ["Tarquembe Médical (fictif)"]
    shown = said(response)
    assert "formulaire MDS2 exigé" in shown
    assert "pour information" in shown
    assert "64,92" in shown


def test_an_abnormally_low_price_is_told(world, files, sign_in):
    asked = big.tender(4, **made.PAST)
    row = big.consultation(world.hospital.organisation, world.hospital.buyer, asked)
    low = models.Bid.objects.filter(consultation=row).first()
    models.Bid.objects.filter(pk=low.pk).update(price={**low.price, "total": "1000"})
    result = made.evaluated(row, world.hospital.buyer)
    flagged = [each for each in result.summary["lots"][0]["bids"] if each["low"]]
    assert [each["tenderer"] for each in flagged] == [low.tenderer]
    assert "Prix à justifier" in said(page(sign_in(world.hospital.buyer), "result", row))


def test_a_provisional_result_says_what_lacks_and_where_it_is_done(provisional, world, sign_in):
    response = page(sign_in(world.hospital.buyer), "result", provisional)
    shown = said(response)
    assert "PROVISOIRE" in shown
    assert "ne peut pas fonder une attribution" in shown
    codes = {each["code"]: each["url"] for each in response.context["awaited"]}
    assert codes["bid.awaited"] == reverse("tenders:marking", args=[provisional.uuid])
    assert codes["bid.irregular_proposed"] == reverse("tenders:decisions", args=[provisional.uuid])
    assert all(each["count"] == len(each["said"]) + each["more"] for each in response.context["awaited"])


def test_english_pages_say_it_in_english(provisional, world, sign_in):
    with translation.override("en"):
        shown = said(page(sign_in(world.hospital.buyer), "result", provisional))
    assert "PROVISIONAL" in shown
    assert "Irregularity proposed" in shown


# --------------------------------------------------------------------------------------------------- kept, and out of date
def test_a_result_is_out_of_date_once_a_mark_changed(final, world, sign_in):
    client = sign_in(world.hospital.buyer)
    assert "n’est plus à jour" not in said(page(client, "result", final))
    models.Consultation.objects.filter(pk=final.pk).update(marks_revision=final.marks_revision + 1)
    assert "n’est plus à jour" in said(page(client, "result", final))
    assert "Évaluer de nouveau" not in said(page(sign_in(world.hospital.director), "result", final))


def test_a_changed_mark_is_in_the_history_of_the_next_result_and_the_first_stays(final, world, sign_in):
    client = sign_in(world.hospital.buyer)
    first = said(page(client, "result_one", final, 1))
    mark = models.Mark.objects.filter(bid__consultation=final, bid__tenderer="kerzanne", level="full").first()
    models.Mark.objects.filter(pk=mark.pk).update(level="good", reason="Relu : une pièce manque.")
    models.Consultation.objects.filter(pk=final.pk).update(marks_revision=final.marks_revision + 1)
    second = made.evaluated(models.Consultation.objects.get(pk=final.pk), world.hospital.buyer, "2026-12-01")
    assert second.number == 2
    shown = said(page(client, "result_bid", final, 2, "lot-1", 1))
    assert "Relu : une pièce manque." in shown
    assert "classement vu le 30/11/2026" in shown
    again = said(page(client, "result_one", final, 1))
    assert "Ce résultat est ancien" in again
    assert table(first) == table(again)
    assert table(first) != table(said(page(client, "result_one", final, 2)))


def table(shown):
    return shown.split('id="ranking"')[1].split("</table>")[0].replace("/resultat/2/", "/resultat/1/")


@pytest.mark.parametrize("model", [models.Result, models.ResultPart, models.FirmnessNote])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_a_result(model, verb, provisional, world):
    result = models.Result.objects.get(consultation=provisional)
    models.FirmnessNote.objects.create(
        consultation=provisional, result=result, seed=0, assumptions={}, dated=result.dated, made_by=world.hospital.buyer, summary={}
    )  # fmt: skip
    rows = model.objects.all()
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        rows.update(id=F("id")) if verb == "update" else rows._raw_delete(DEFAULT_DB_ALIAS)


def test_a_refused_evaluation_tells_all_findings_and_loses_nothing(world, files, sign_in):
    row = made.consultation(world.hospital, 2)
    lost = row.definition["criteria"][0] | {"weight": "90"}
    models.Consultation.objects.filter(pk=row.pk).update(
        definition={**row.definition, "criteria": [lost, *row.definition["criteria"][1:]]}
    )
    marks = models.Mark.objects.count()
    job = made.tried("evaluate", row.organisation, world.hospital.buyer, row)
    assert (job.state, job.result["error"]) == ("failed", "refused")
    assert job.result["findings"]
    shown = said(sign_in(world.hospital.buyer).get(reverse("jobs:one", args=[job.uuid])))
    assert job.result["findings"][0]["understood"]["fr"].split(":")[0].strip() in shown.replace("\u202f", " ").replace(
        "\u00a0", " "
    )
    assert (models.Result.objects.count(), models.Document.objects.count(), models.Mark.objects.count()) == (
        0,
        0,
        marks,
    )


# ------------------------------------------------------------------------------------------------------ who sees, and when
@pytest.mark.parametrize("who", ["evaluator", "reader", "administrator"])
def test_who_may_not_see_the_ranking_is_told_why_and_sees_no_name(who, final, world, sign_in):
    response = page(sign_in(getattr(world.hospital, who)), "result", final)
    assert response.status_code == 403
    assert "réservé" in said(response) or "n’est montré qu’à" in said(response)
    assert "Kerzanne" not in said(response)


def test_management_reads_the_documents_and_may_not_evaluate(final, world, sign_in):
    client = sign_in(world.hospital.director)
    shown = said(page(client, "result_documents", final, 1))
    assert "rapport-analyse-offres.pdf" in shown
    file = models.Document.objects.get(consultation=final, name="rapport-analyse-offres.pdf").stored
    sent = client.get(reverse("files:download", args=[file.uuid]))
    assert b"".join(sent.streaming_content) == store.path(file.sha256).read_bytes()
    for closes in sent._resource_closers:  # sent.close() would close the database too
        closes()
    assert client.post(reverse("tenders:evaluate", args=[final.uuid])).status_code == 403
    assert sign_in(world.hospital.evaluator).get(reverse("files:download", args=[file.uuid])).status_code == 404


@pytest.mark.parametrize("name", ["result", "robustness"])
def test_nothing_before_the_opening(name, world, files, sign_in):
    row = made.consultation(world.hospital, opened=False)
    response = page(sign_in(world.hospital.buyer), name, row)
    assert "ne sont pas ouverts" in said(response)
    assert sign_in(world.hospital.buyer).post(reverse("tenders:evaluate", args=[row.uuid])).status_code == 409
    assert Job.objects.count() == 0
    job = made.tried("evaluate", row.organisation, world.hospital.buyer, row)
    assert job.state == "failed"
    assert models.Result.objects.count() == 0


# ------------------------------------------------------------------------------------------------------ why, matrix, figures
def test_why_a_bid_has_its_rank(final, world, sign_in):
    response = page(sign_in(world.hospital.buyer), "result_bid", final, 1, "lot-1", 1)
    bid = response.context["bid"]
    assert bid["total"] == "83,09"
    shown = said(response)
    assert bid["sum"] in shown
    won = sum(number(each["won"]) for each in bid["themes"])
    security = next(each for each in bid["criteria"] if each["id"] == "securite")
    assert won == pytest.approx(number(security["points"]), abs=0.06)
    point = bid["themes"][0]["points"][0]
    assert {"declared", "word", "won", "lost"} <= point.keys()
    for mark in point["marks"]:
        assert mark["who"] in shown
        assert mark["reason"] in shown


def number(text):
    return float(text.replace(",", ".")) if text else 0.0


def test_places_that_do_not_exist_are_not_found(final, world, sign_in):
    client = sign_in(world.hospital.buyer)
    for places in ((9, "lot-1", 1), (1, "lot-9", 1), (1, "lot-1", 9), (1, "lot-1", 0)):
        assert page(client, "result_bid", final, *places).status_code == 404
    assert page(client, "result_theme", final, 1, "lot-1", "T99").status_code == 404
    assert page(client, "result_one", final, 7).status_code == 404


@pytest.mark.parametrize(("tenderers", "first"), [(4, "Point"), (9, "Soumissionnaire")])
def test_the_matrix_is_read_with_few_and_with_many(tenderers, first, world, files, sign_in):
    row = made.quick(world.hospital, tenderers)
    response = page(sign_in(world.hospital.buyer), "result_theme", row, 1, "lot-1", "T2")
    shown = said(response)
    assert shown.split('<th scope="col">')[1].startswith(first)
    cells = [cell for each in response.context["theme"]["bids"] for cell in each["cells"]]
    assert shown.count('<td class="grade-') == len(cells)
    assert shown.count("<summary>Motif") == sum(any(mark["reason"] for mark in cell["marks"]) for cell in cells)
    assert 'role="region"' in shown


def test_what_tenderers_wrote_stays_text(world, files, sign_in):
    row = made.loaded(world.hospital)
    models.Mark.objects.filter(bid__consultation=row, bid__tenderer="kerzanne").update(
        reason="<script>alert(1)</script>"
    )
    made.evaluated(row, world.hospital.buyer)
    client = sign_in(world.hospital.buyer)
    for name, places in (("result_bid", (1, "lot-1", 1)), ("result_theme", (1, "lot-1", "T1"))):
        content = page(client, name, row, *places).content
        assert b"<script>alert" not in content
        assert b"&lt;script&gt;alert" in content


def test_each_lot_has_its_own_ranking(world, files, sign_in):
    row = made.example(world, "soc-ght")
    client = sign_in(world.hospital.buyer)
    both = [page(client, "result", row, lot=lot).context["ranked"] for lot in ("lot-1", "lot-2")]
    assert [each[0]["name"].split()[0] for each in both] == ["Groupement", "Petitrempart"]
    assert page(client, "result_pictures", row, 1, "lot-2").status_code == 200
    assert page(client, "result", row, lot="lot-9").status_code == 404


# --------------------------------------------------------------------------------------------------------------- documents
def test_all_documents_come_as_one_archive_always_the_same(final, world, sign_in):
    client = sign_in(world.hospital.buyer)
    packed = [b"".join(page(client, "result_archive", final, 1).streaming_content) for _ in range(2)]
    assert packed[0] == packed[1]
    with made.zipfile.ZipFile(made.io.BytesIO(packed[0])) as pack:
        assert {name: pack.read(name) for name in pack.namelist()} == made.contents(models.Result.objects.get())
    rows = models.Document.objects.filter(consultation=final, group="evaluation").select_related("stored")
    shown = said(page(client, "result_documents", final, 1))
    for each in rows:
        assert each.stored.sha256 in shown
        assert hashlib.sha256(store.path(each.stored.sha256).read_bytes()).hexdigest() == each.stored.sha256


# ---------------------------------------------------------------------------------------------------------------- measure
def test_pages_of_fifty_bids_ask_few_queries(world, files, sign_in, django_assert_max_num_queries):
    row = made.quick(world.hospital, 50)
    client = sign_in(world.hospital.buyer)
    places = {
        "result": (), "result_one": (1,), "result_bid": (1, "lot-1", 25), "result_theme": (1, "lot-1", "T8"),
        "result_pictures": (1, "lot-1"), "result_documents": (1,), "record": (), "journal": (), "robustness": (),
    }  # fmt: skip
    for name, where in places.items():
        page(client, name, row, *where)
        with django_assert_max_num_queries(QUERIES) as asked:
            assert page(client, name, row, *where).status_code == 200
        assert len(asked) > 2, "the queries were not counted"
