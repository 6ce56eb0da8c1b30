"""Step 3: criteria, evaluators and their accounts, price schedule, rules, test bench."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from egide.tender.model import Kind
from egide.tender.schedule import Period
from egide.web.tenders import convert
from egide.web.tenders.models import Document, Seat
from web.tenders.prepared import address, begin, fields, read, send, texts, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(buyer, world):
    return begin(buyer, world.hospital.organisation)


def tender(row):
    row.refresh_from_db()
    return convert.tender(row)


# -------------------------------------------------------------------------------------------------------------- criteria
def test_criteria_are_added_changed_and_removed_and_their_sum_is_told(buyer, row):
    response = send(buyer, address("method", row), title="Délai d'exécution", weight="5", kind="marked")
    assert response["Location"] == address("criterion", row, "delai-d-execution")
    assert "Les poids font 105 : il faut 100." in read(buyer.get(address("method", row)))
    send(buyer, address("criterion", row, "prix"), weight="35", formula="linear_gap")
    assert "Les poids font 100." in read(buyer.get(address("method", row)))
    made = {each.id: each for each in tender(row).criteria}
    assert (made["prix"].formula, str(made["prix"].weight)) == ("linear_gap", "35")
    data = fields(buyer.get(address("criterion", row, "delai-d-execution"))) | {"remove": "1"}
    assert buyer.post(address("criterion", row, "delai-d-execution"), data)["Location"] == address("method", row)
    assert "delai-d-execution" not in {each.id for each in tender(row).criteria}
    assert buyer.get(address("criterion", row, "delai-d-execution")).status_code == 404


def test_two_criteria_of_one_title_have_two_marks(buyer, row):
    for _ in range(2):
        send(buyer, address("method", row), title="Délai", weight="5", kind="marked")
    assert {"delai", "delai-2"} <= {each.id for each in tender(row).criteria}


def test_subcriteria_by_themes(buyer, row):
    url = address("criterion", row, "securite")
    count = len(next(each for each in tender(row).criteria if each.id == "securite").subcriteria)
    data = fields(buyer.get(url))
    data |= {f"subcriteria-{n}-DELETE": "on" for n in range(1, count)}
    data |= {"subcriteria-0-weight": "100", "subcriteria-0-themes": ["T1", "T2"], "subcriteria-0-title": "Tout"}
    assert buyer.post(url, data).status_code == 302
    [sub] = next(each for each in tender(row).criteria if each.id == "securite").subcriteria
    assert (sub.title, sub.themes) == ("Tout", ("T1", "T2"))
    page = " ".join(texts(buyer.get(address("method", row)), "finding"))
    assert "alimente 0 sous-critères" in page


def test_what_lacks_leads_to_its_criterion(buyer, row):
    send(buyer, address("criterion", row, "securite"), **{"subcriteria-0-weight": "1"})
    page = read(buyer.get(address("method", row)))
    assert "les poids des sous-critères font" in page
    assert f'href="{address("criterion", row, "securite")}#subcriteria"' in page


def test_a_range_has_two_ends(buyer, row):
    page = send(buyer, address("criterion", row, "prix"), range_low="30")
    assert "Une fourchette a deux bornes" in " ".join(texts(page, "error-summary"))
    assert send(buyer, address("criterion", row, "prix"), range_low="30", range_high="45").status_code == 302
    assert [str(each) for each in next(each for each in tender(row).criteria if each.id == "prix").weight_range] == [
        "30",
        "45",
    ]
    assert send(buyer, address("criterion", row, "prix"), range_low="", range_high="").status_code == 302
    assert not next(each for each in tender(row).criteria if each.id == "prix").weight_range


def test_only_formulas_that_pass_their_tests_are_offered_and_the_others_say_why(buyer, row):
    page = read(buyer.get(address("criterion", row, "prix")))
    assert 'value="proportional"' in page
    assert 'value="rank"' not in page
    assert "Refusée :" in page
    assert "Permise mais fragile :" in page
    assert send(buyer, address("criterion", row, "prix"), formula="rank").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"weight": "abc"}, {"weight": "-1"}, {"weight": "1000"}, {"kind": "magique"}, {"scale": "0"}, {"title": ""}],
)
def test_a_criterion_that_means_nothing_is_refused(buyer, row, wrong):
    assert send(buyer, address("criterion", row, "prix"), **wrong).status_code == 200
    row.refresh_from_db()
    assert row.revision == 1


# ------------------------------------------------------------------------------------------------------------ evaluators
def test_evaluators_and_the_accounts_that_sit_as_them(buyer, row, world):
    page = fields(buyer.get(address("evaluators", row)), 0)
    rank = len(tender(row).evaluators)
    page |= {f"evaluators-{rank}-role": "Service d'imagerie", f"evaluators-{rank}-criteria": ["valeur"]}
    assert buyer.post(address("evaluators", row), page).status_code == 302
    made = tender(row).evaluators[-1]
    assert (made.id, made.role, made.criteria) == ("service-d-imagerie", "Service d'imagerie", ("valeur",))
    buyer.post(address("seat", row), {"evaluator": made.id, "user": str(world.hospital.evaluator.uuid)})
    buyer.post(address("seat", row), {"evaluator": made.id, "user": str(world.hospital.evaluator.uuid)})
    [seat] = Seat.objects.all()
    assert (seat.evaluator, seat.user) == (made.id, world.hospital.evaluator)
    assert "Evaluator Fictif" in read(buyer.get(address("evaluators", row)))
    assert buyer.post(address("seat", row), {"remove": str(seat.uuid)}).status_code == 302
    assert not Seat.objects.exists()


def test_nobody_from_elsewhere_sits(buyer, row, world):
    for user in (world.other.buyer, world.hospital.reader, world.stranger):
        buyer.post(address("seat", row), {"evaluator": "rssi", "user": str(user.uuid)})
    buyer.post(address("seat", row), {"evaluator": "inconnu", "user": str(world.hospital.evaluator.uuid)})
    assert not Seat.objects.exists()
    assert buyer.post(address("seat", row), {"remove": "pas-un-uuid"}).status_code == 404


# -------------------------------------------------------------------------------------------------------------- schedule
def book(*rows):
    made = openpyxl.Workbook()
    for each in rows:
        made.active.append(each)
    memory = io.BytesIO()
    made.save(memory)
    return SimpleUploadedFile("bordereau.xlsx", memory.getvalue())


def test_lines_are_typed_or_read_from_a_table(buyer, row):
    data = fields(buyer.get(address("schedule", row)))
    data |= {
        "schedule__lines-0-id": "p1",
        "schedule__lines-0-title": "Hébergement",
        "schedule__lines-0-quantity": "1",
        "schedule__lines-0-period": "month",
    }
    assert buyer.post(address("schedule", row), data).status_code == 302
    [line] = tender(row).schedule.lines
    assert (line.id, line.title, line.period) == ("p1", "Hébergement", Period.MONTH)
    table = book(
        ["N°", "Désignation", "Unité", "Quantité", "Périodicité", "Prix unitaire HT"],
        ["A1", "Abonnement", "poste", 120, "mensuel", None], ["A2", "Reprise des données", "forfait", 1, None, None],
        ["A2", "Option formation", "jour", "x", None, None], [None, "Total", None, None, None, None],
    )  # fmt: skip
    page = buyer.post(address("schedule", row), {"read": "1", "list": table})
    assert page.status_code == 200
    assert "3 lignes lues" in read(page)
    assert len(tender(row).schedule.lines) == 1, "nothing is kept before a person says so"
    assert buyer.post(address("schedule", row), fields(page)).status_code == 302
    lines = tender(row).schedule.lines
    assert [(each.id, str(each.quantity), each.period, each.optional) for each in lines] == [
        ("A1", "120", Period.MONTH, False), ("A2", "1", Period.ONCE, False), ("p3", "1", Period.ONCE, True),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rien", b"\x00" * 400, b"a;b\n1;2\n"])
def test_a_file_that_is_no_table_of_prices_is_told(buyer, row, content):
    page = buyer.post(address("schedule", row), {"read": "1", "list": SimpleUploadedFile("prix.xlsx", content)})
    assert page.status_code == 200
    assert texts(page, "finding") or texts(page, "error-summary")


def test_the_rules_of_the_award(buyer, row):
    assert (
        send(buyer, address("rules", row), ties="prix\ndraw", variants_allowed="on", double_reading="on").status_code
        == 302
    )
    made = tender(row)
    assert (made.ties, made.variants_allowed, made.double_reading) == (("prix", "draw"), True, True)


# ----------------------------------------------------------------------------------------------------------- test bench
def test_the_bench_is_asked_worked_out_and_shown(buyer, row):
    response = send(buyer, address("bench", row), tenders="200")
    assert response.status_code == 302
    job = work()
    assert job.state == "done", job.result
    assert job.result["next"] == address("bench", row)
    page = read(buyer.get(address("bench", row)))
    assert "Verdict" in page
    assert "Poids réel" in page
    assert "Le critère qui pèse le plus" in page
    names = set(Document.objects.filter(consultation=row, group="bench").values_list("name", flat=True))
    assert names == {"banc-d-essai.pdf", "banc-d-essai.docx", "banc-d-essai.json"}
    send(buyer, address("criterion", row, "prix"), weight="39")
    assert "a changé depuis cet essai" in read(buyer.get(address("bench", row)))


def test_a_bench_that_is_not_possible_says_why(buyer, row):
    send(buyer, address("criterion", row, "prix"), weight="10")
    send(buyer, address("bench", row), tenders="100")
    job = work()
    assert job.state == "failed"
    assert "tender.weights" in json.dumps(job.result)


def test_a_law_without_meaning_is_refused_by_the_work(buyer, row):
    assert send(buyer, address("bench", row), cohesion="7").status_code == 200
    send(buyer, address("bench", row), low="100", high="50", tenders="100")
    assert work().state == "failed"


def test_kinds_are_those_of_the_core(buyer, row):
    page = read(buyer.get(address("method", row)))
    for kind in Kind:
        assert f'value="{kind.value}"' in page
