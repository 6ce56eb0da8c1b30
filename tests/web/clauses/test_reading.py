"""The clausier to read: every page in both languages, lasting addresses, no cookie, nothing written."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from egide import reference
from egide.clausier.references import quotes
from egide.desk.clausier_files import FORMATS
from web.clauses.read import text

pytestmark = pytest.mark.django_db
CLAUSIER = reference.clausier()
PAGES = [
    "/clausier/", "/clausier/recherche", "/clausier/recherche?q=sauvegarde", "/clausier/themes/T6", "/clausier/EG-053", "/clausier/EG-X05",
    "/clausier/references/", "/clausier/references/rgpd", "/clausier/assistant", "/clausier/assistant/questions?profile=saas_health",
    "/clausier/verifier", "/clausier/comparer", "/clausier/versions",
]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_read_without_account_cookie_or_database(client, address, prefix, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(prefix + address)
    assert response.status_code == 200
    assert "Set-Cookie" not in response
    assert not response.cookies
    page = text(response)
    assert f'<html lang="{prefix.strip("/") or "fr"}"' in page
    assert page.count("<h1") == 1
    assert 'name="description" content=""' not in page
    assert 'hreflang="en"' in page
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(("tongue", "prefix"), [("fr", ""), ("en", "/en")])
def test_every_point_has_its_page_in_both_languages(client, tongue, prefix):
    for point, known in CLAUSIER.points.items():
        page = text(client.get(f"{prefix}/clausier/{point}"))
        assert f"<h1>{known.title.say(tongue)}</h1>" in page
        assert known.wording(tongue) in page
        assert f'href="{prefix}/clausier/themes/{CLAUSIER.theme_of[point].id}"' in page
        assert page.count(known.wording_digest) == 1


def test_a_point_tells_all_of_itself(client):
    page = text(client.get("/clausier/EG-053"))
    for said in (
        "O-7.2", "vu le 22/11/2026", "à vérifier", "3, essentiel", "Minimum exigé, puis noté", "6 mois au plus", "0,75",
        "avec l'offre", "Composants, correctifs et obsolescence", "valeur proposée par Égide", "EG-052", "EG-054",
        "/clausier/references/nis2", "/clausier/EG-053.json",
    ):  # fmt: skip
        assert said in page, said


@pytest.mark.parametrize(
    ("written", "leads_to"), [("eg-066", "EG-066"), ("O-7.2", "EG-053"), ("o-7.2", "EG-053"), ("eg-x05", "EG-X05")]
)
def test_other_names_of_a_point_lead_to_its_one_address(client, written, leads_to):
    response = client.get(f"/en/clausier/{written}")
    assert (response.status_code, response["Location"]) == (301, f"/en/clausier/{leads_to}")


def test_every_official_reference_leads_to_its_point(client):
    for point in CLAUSIER.points.values():
        for xref in point.xref:
            assert client.get(f"/clausier/{xref}")["Location"] == f"/clausier/{point.id}"


@pytest.mark.parametrize(
    "address",
    [
        "EG-999",
        "themes/T99",
        "references/rien",
        "telecharger/exe",
        "assistant/telecharger/exe",
        "EG-999.json",
        "nul.php",
    ],
)
def test_what_does_not_exist_says_so(client, address):
    assert client.get(f"/clausier/{address}").status_code == 404


def test_an_address_that_no_row_can_have_is_refused(client):
    assert client.get("/clausier/%00").status_code == 400


def test_a_theme_written_otherwise_leads_to_its_address(client):
    assert client.get("/clausier/themes/t6")["Location"] == "/clausier/themes/T6"


def test_points_follow_each_other_from_the_first_to_the_last(client):
    names = list(CLAUSIER.points)
    for here, after in pairwise(names):
        assert f'rel="next" href="/clausier/{after}"' in text(client.get(f"/clausier/{here}"))
    assert 'rel="prev"' not in text(client.get(f"/clausier/{names[0]}"))
    assert 'rel="next"' not in text(client.get(f"/clausier/{names[-1]}"))


def test_a_reference_page_names_every_point_that_quotes_it(client):
    for source, quoted in quotes(CLAUSIER).items():
        page = text(client.get(f"/clausier/references/{source.code}"))
        assert source.title in page
        for quote in quoted:
            assert f'href="/clausier/{quote.point}"' in page


# --------------------------------------------------------------------------------------------------------------- files
@pytest.mark.parametrize("form", FORMATS)
def test_the_whole_clausier_in_every_format_is_the_same_each_time(client, form):
    first, again = (client.get(f"/clausier/telecharger/{form}") for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content
    assert first["Content-Type"] == FORMATS[form].media_type
    assert f"clausier-egide-2026.1-fr{FORMATS[form].ending}" in first["Content-Disposition"]
    assert "Cookie" not in first.get("Vary", "")
    kept = client.get(f"/clausier/telecharger/{form}", headers={"if-none-match": first["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")


def test_the_json_is_what_the_command_line_writes(client, capsys):
    from egide.cli import main

    with pytest.raises(SystemExit, match="0"):
        main(["clausier", "export", "--format", "json"])
    assert client.get("/clausier/clausier.json").content.decode() == capsys.readouterr().out


@pytest.mark.parametrize("address", ["/clausier/clausier.json", "/clausier/EG-066.json"])
def test_a_program_is_told_when_nothing_changed(client, address):
    first = client.get(address)
    assert first["Content-Type"] == "application/json"
    assert first["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in first.get("Vary", "")
    assert first["Last-Modified"] == "Sun, 22 Nov 2026 00:00:00 GMT"
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.head(address).content == b""


def test_the_json_of_a_point_says_whose_it_is(client):
    known = client.get("/clausier/EG-066.json").json()
    assert known["clausier"] == {"id": "egide", "version": "2026.1", "digest": CLAUSIER.digest}
    assert known["digest"] == CLAUSIER.points["EG-066"].wording_digest
    assert known["wording"]["fr"] == CLAUSIER.points["EG-066"].wording()
    assert known["theme"] == "T7"


# ---------------------------------------------------------------------------------------------------- search engines
@pytest.mark.long
def test_the_map_of_the_site_names_every_lasting_address_in_both_languages(client):
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (our own page)
    found = {each.findtext("s:loc", namespaces=space): each for each in tree.findall("s:url", space)}
    for point in CLAUSIER.points:
        for address in (f"http://testserver/clausier/{point}", f"http://testserver/en/clausier/{point}"):
            others = {each.get("hreflang"): each.get("href") for each in found[address].findall("x:link", space)}
            assert others == {
                "fr": f"http://testserver/clausier/{point}",
                "en": f"http://testserver/en/clausier/{point}",
            }
    for address in found:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_robots_are_told_what_to_leave_alone(client):
    said = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in said
    assert "Disallow: /consultations/" in said
    assert "Disallow: /en/consultations/" in said
    closed = [line.removeprefix("Disallow: ") for line in said.splitlines() if line.startswith("Disallow")]
    assert not any(
        address.startswith(tuple(closed))
        for address in ("/clausier/", "/clausier/recherche", "/clausier/assistant", "/en/clausier/EG-066")
    )
