"""The page of a programme: its state stands in the address, the retained loss answers, a POST keeps it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.web.audit.models import Entry
from egide.web.risk import convert, examples, models
from web.risk.access import HEADS, study

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TOWER = """title: Tour
risks:
  - {name: A, group: g, scenarios: [{name: s, frequency: {poisson: {mean: 1}}, heads: {Frais: {lognormal: {median: 200000, sigma: 1}}}}]}
  - {name: B, scenarios: [{name: s, frequency: {poisson: {mean: 1}}, heads: {Frais: {lognormal: {median: 200000, sigma: 1}}}}]}
programmes:
  - {name: De A, members: [A], retention: {flat: 10000}, layers: [{name: basse, limit: 200000, annual_limit: 400000}, {name: haute, attachment: 200000, limit: 300000, insurers: {X: 0.5}}]}
  - {name: De B, members: [B], event_limit: 100000, retention: {flat: 5000, franchise: true}}
"""
NONE = (
    "title: Sans programme\nfrequency: {poisson: {mean: 0.4}}\nseverity: {lognormal: {median: 200000, p95: 3000000}}\n"
)
SAID = {"franchise": "5000", "heures": "24", "plafond": "250000", "annee": "250000", "sous0": "100000", "part0": "0", "sous1": "150000", "part1": "10", "sous2": "150000", "part2": "0"}  # fmt: skip
"""The values of the programme of the shipped study of a care home."""


@pytest.fixture
def buyer(hospital, sign_in):
    return sign_in(hospital.buyer)


@pytest.fixture
def row(world, engine):
    return study(world)


def kept(world, text):
    content = convert.content(text)
    return study(world, content=content)


def url(row, **query):
    address = reverse("risk:programme", args=[row.uuid])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


def html(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def cells(page, name):
    line = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', page, re.DOTALL)
    return re.findall(r"<td[^>]*>(.*?)</td>", line[1])


def part(client, row, **query):
    return client.get(url(row, **query), headers={"HX-Request": "true"})


def number(text):
    figure, unit = re.fullmatch(r"[+−]?([\d ,]+) ([kM]?)€", text.split(" ± ")[0]).groups()
    return float(figure.replace(" ", "").replace(",", ".")) * {"": 1, "k": 1e3, "M": 1e6}[unit]


# --------------------------------------------------------------------------------------------------------------- shown
def test_the_saved_programme_is_shown_first_and_changes_nothing(buyer, row):
    page = html(buyer.get(url(row)))
    for name, value in SAID.items():
        assert f'name="{name}"' in page
        assert f'<input type="hidden" name="{name}" value="{value}">' in page, name
    assert cells(page, "Conservée, moyenne par an")[2] == "0 €"
    assert "Qui paie quoi, pour un événement" in page
    assert "Ce que coûte une année, selon sa rareté" in page


def test_the_address_says_every_value_in_one_writing(buyer, row):
    answer = buyer.get(url(row, franchise="10 000", heures="24", plafond="", annee="300000,00", **HEADS))
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.url).query, keep_blank_values=True)
    assert query["franchise"] == ["10000"]
    assert query["plafond"] == [""]
    assert query["annee"] == ["300000"]
    assert query["v"] == [row.digest[:12]]
    page = buyer.get(answer.url)
    assert page.status_code == 200
    assert "L'étude a changé" not in html(page)
    assert 'value="10 000"' in html(page)


def test_a_link_made_with_another_content_says_so(buyer, row):
    answer = buyer.get(url(row, v="0" * 12, **SAID), follow=True)
    assert "L'étude a changé depuis que ce lien a été fait" in html(buyer.get(url(row, v="0" * 12)))
    assert answer.status_code == 200


def test_the_retained_loss_rises_with_the_retention_and_falls_with_the_limits(buyer, row):
    def retained(**changed):
        return number(cells(html(part(buyer, row, **SAID | changed)), "Conservée, moyenne par an")[0])

    here = retained()
    assert retained(franchise="15000") > here > retained(franchise="0")
    assert retained(plafond="1000000", annee="1000000", sous0="", sous1="", sous2="") < here
    assert retained(part1="50") > here > retained(heures="0")


def test_the_change_is_told_beside_both_values(buyer, row):
    page = html(part(buyer, row, **SAID | {"franchise": "15000"}))
    tried, before, change = cells(page, "Conservée, moyenne par an")
    assert change.startswith("+")
    assert number(tried) - number(before) == pytest.approx(number(change), rel=0.05)
    assert cells(page, "Cédée, moyenne par an (prime pure)")[2].startswith("−")


def used_up(page):
    return re.search(r'<strong id="epuise">(.*?)</strong>(.*?)\.</p>', page)


def test_the_chance_to_use_up_the_annual_limit_is_told(buyer, row):
    here = used_up(html(buyer.get(url(row))))
    assert here[1].startswith("1 année sur")
    assert here[2] == ""
    none = used_up(html(part(buyer, row, **SAID | {"annee": ""})))
    assert none[1] == "sans plafond"
    assert here[1] in none[2]
    never = part(buyer, row, **SAID | {"annee": "900000000", "plafond": "1000"})
    assert used_up(html(never))[1].startswith("moins d'une année sur 3 000")
    often = part(buyer, row, **SAID | {"annee": "100", "plafond": "100", "franchise": "0", "heures": "0"})
    assert "% des années" in used_up(html(often))[1]


# --------------------------------------------------------------------------------------------------------------- moved
def test_a_button_moves_one_value_to_the_next_round_one(buyer, row):
    answer = buyer.get(url(row, **SAID, bouger="franchise:plus"))
    assert parse_qs(urlsplit(answer.url).query)["franchise"] == ["6000"]
    answer = part(buyer, row, **SAID, bouger="franchise:moins")
    assert parse_qs(urlsplit(answer["HX-Replace-Url"]).query)["franchise"] == ["4000"]
    field = re.search(r'<input[^>]*name="franchise"[^>]*hx-swap-oob="true"[^>]*>', html(answer))
    assert 'value="4 000"' in field[0]
    assert "<html" not in html(answer)


@pytest.mark.parametrize("written", ["franchise", "franchise:", ":plus", "rien:plus", "franchise:plus:plus", "é"])
def test_a_button_that_does_not_exist_moves_nothing_wrong(buyer, row, written):
    assert part(buyer, row, **SAID, bouger=written).status_code == 200


def test_what_is_typed_is_left_as_it_is_while_the_answer_comes(buyer, row):
    answer = part(buyer, row, **SAID | {"franchise": "12 5"})
    assert "hx-swap-oob" in html(answer)
    assert '<input type="text"' not in html(answer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"franchise": "beaucoup"}, "n'est pas un nombre"),
        ({"franchise": ""}, "Franchise"),
        ({"heures": "-3"}, "supérieure ou égale à 0"),
        ({"part0": "140"}, "inférieure ou égale à 100"),
        ({"plafond": "0"}, "Un plafond est strictement positif."),
        ({"annee": "1000"}, "Le plafond annuel est inférieur au plafond par sinistre"),
        ({"plafond": "1e400"}, "n'est pas un nombre"),
    ],
)
def test_values_that_have_no_meaning_are_told_and_nothing_is_computed(buyer, row, changed, said):
    query = SAID | changed
    for answer in (part(buyer, row, **query), buyer.get(url(row, **query), follow=True)):
        page = html(answer)
        assert said in page
        assert "Ces limites ne vont pas ensemble" in page
        assert "Conservée, moyenne par an" not in page


def test_a_doubt_on_the_programme_is_told_beside_its_answer(buyer, row):
    page = html(part(buyer, row, **SAID | {"franchise": "900000"}))
    assert "La franchise dépasse le plafond par sinistre" in page
    assert "Conservée, moyenne par an" in page


# --------------------------------------------------------------------------------------------------- towers and groups
def test_each_contract_of_a_programme_has_its_page_and_its_layers(buyer, world, engine):
    row = kept(world, TOWER)
    page = html(buyer.get(url(row)))
    assert "De A" in page
    assert "De B" in page
    assert "Hauteur de « basse »" in page
    assert 'value="300 000"' in page
    assert "50 % de 210 k€ à 510 k€" in page
    moved = html(part(buyer, row, franchise="10000", heures="0", plafond0="100000", annee0="400000", plafond1="300000", annee1="", sous0="", part0="0"))  # fmt: skip
    assert "50 % de 110 k€ à 410 k€" in moved
    other = html(buyer.get(url(row, choix="0", contrat="1")))
    assert "Franchise simple" in other
    assert "Hauteur" not in other


@pytest.mark.parametrize(
    "query", [{"choix": "9"}, {"choix": "-1"}, {"choix": "é"}, {"contrat": "99999999999"}, {"choix": "²"}, {"v": ""}]
)
def test_a_place_that_is_not_there_is_the_first(buyer, row, query):
    page = buyer.get(url(row, **query))
    assert page.status_code == 200
    assert "Programme en vigueur" in html(page)


def test_a_study_without_a_programme_begins_with_one_to_try_and_keeps_it(buyer, world, engine):
    row = kept(world, NONE)
    page = html(buyer.get(url(row)))
    assert "Programme à l'essai" in page
    assert "Sans assurance" in page
    assert cells(page, "Conservée, moyenne par an")[2].startswith("−")
    assert cells(page, "Cédée, moyenne par an (prime pure)")[1] == "0 €"
    sent = {"v": row.digest, "nom": "", "franchise": "50000", "heures": "0", "plafond": "1000000", "annee": "2000000", "sous0": "", "part0": "0"}  # fmt: skip
    assert buyer.post(url(row), sent).status_code == 302
    row.refresh_from_db()
    made = convert.value(row).options
    assert [each.name for each in made] == ["Programme à l’essai"]
    assert made[0].programmes[0].retention.flat == 50_000
    assert "Avec « Programme à l'essai », il en reste" in html(buyer.get(reverse("risk:show", args=[row.uuid])))


# ---------------------------------------------------------------------------------------------------------------- kept
def save(client, row, **values):
    return client.post(url(row), {"v": row.digest, "nom": "Programme en vigueur", **SAID} | values, follow=True)


def test_a_programme_is_kept_under_its_name_and_the_rest_of_the_study_stays(buyer, row):
    before = row.content
    page = html(save(buyer, row, franchise="7 500"))
    assert "Programme « Programme en vigueur » enregistré dans l'étude." in page
    assert 'value="7 500"' in page
    row.refresh_from_db()
    options = convert.value(row).options
    assert [each.name for each in options] == ["Programme en vigueur", "Franchise plus haute"]
    assert options[0].programmes[0].retention.flat == 7_500
    assert options[1] == convert.read(before).study.options[1]
    assert {key: row.content[key] for key in ("title", "scenarios")} == {
        key: before[key] for key in ("title", "scenarios")
    }
    entry = Entry.objects.filter(action="study.programme").get()
    assert entry.details["programme"] == "Programme en vigueur"
    assert entry.details["digest"][1] == row.digest


def test_another_name_adds_a_programme_to_compare(buyer, row):
    page = html(save(buyer, row, nom="  Essai   du  jour ", franchise="1000"))
    assert "Essai du jour" in page
    row.refresh_from_db()
    assert [each.name for each in convert.value(row).options] == [
        "Programme en vigueur",
        "Franchise plus haute",
        "Essai du jour",
    ]
    assert "Essai du jour" in html(buyer.get(reverse("risk:show", args=[row.uuid])))


def test_what_somebody_changed_meanwhile_is_not_overwritten(buyer, row):
    old = row.digest
    save(buyer, row, franchise="1000")
    page = html(save(buyer, row, v=old, franchise="2000"))
    assert "Rien n'est enregistré : l'étude a changé entre-temps." in page
    assert convert.value(models.Study.objects.get()).options[0].programmes[0].retention.flat == 1_000


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"franchise": "x"}, "une valeur n'est pas un nombre"),
        ({"annee": "10"}, "Le plafond annuel est inférieur"),
        ({"nom": "\u2028"}, "enregistré dans l'étude"),
        ({"nom": "a\u0007b"}, "Un texte d'une ligne et de 100 signes"),
    ],
)
def test_what_has_no_meaning_is_not_kept(buyer, row, values, said):
    before = row.digest
    page = html(save(buyer, row, **values))
    if "enregistré dans" not in said:
        row.refresh_from_db()
        assert row.digest == before
        assert not Entry.objects.filter(action="study.programme").exists()
    assert "Rien n'est enregistré" in page or said in page


def test_who_only_reads_tries_and_cannot_keep(row, world, sign_in):
    reader = sign_in(world.hospital.reader)
    assert "Garder ce programme" not in html(reader.get(url(row)))
    assert save(reader, row).status_code == 403


# ------------------------------------------------------------------------------------------------------------- hostile
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from([*SAID, "bouger", "choix", "contrat", "v"]), st.text(max_size=20), max_size=6))
def test_any_query_is_answered(buyer, row, query):
    for headers in ({}, {"HX-Request": "true"}):
        assert buyer.get(reverse("risk:programme", args=[row.uuid]), SAID | query, headers=headers).status_code in {
            200,
            302,
        }


def test_the_examples_are_all_moved_without_a_fault(buyer, world, engine):
    for name in examples.TITLES:
        row = study(world, name)
        for option in range(len(convert.value(row).options)):
            page = html(buyer.get(url(row, choix=option)))
            assert "Conservée, moyenne par an" in page
            assert "Ces limites" not in page
