"""The assistant: a few questions, then level, points and reasons, all of it in an address that can be shared."""

import io
import json
import re
import zipfile
from datetime import date
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest

from egide import reference
from egide.clausier.purchase import combined, select
from egide.desk.clausier_files import FORMATS, content
from egide.desk.purchase import narrowed
from egide.web.clauses import wish
from web.clauses.read import text

pytestmark = pytest.mark.django_db
CLAUSIER = reference.clausier()
RESULT = "/clausier/assistant/resultat"
LINK = f"profile=saas_health.with_ai&care=critical&amount=260000&sent=2026-12-01&v={wish.mark(CLAUSIER)}"


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return text(response)


def ticked(written):
    return set(re.findall(r'name="point" value="([^"]+)" id="[^"]+" checked', written))


def fields(written):
    """What a browser would send of the form of questions: values of hidden, ticked and typed fields."""
    form = written[written.index('<form method="get" action="/clausier/assistant/reponses"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            found.setdefault(told["name"], []).append(told.get("value", ""))
    return found


# ----------------------------------------------------------------------------------------------------------- questions
def test_the_first_page_asks_for_typical_purchases(client):
    written = page(client, "/clausier/assistant")
    for profile in reference.vocabulary().profiles:
        assert profile.title.fr in written
        assert f'value="{profile.id}"' in written
    assert 'value="saas_health" checked' in page(client, "/clausier/assistant?profile=saas_health")


def test_every_question_has_its_help_and_what_profiles_say_is_ticked(client):
    written = page(client, "/clausier/assistant/questions?profile=saas_health")
    for facet in reference.vocabulary().facets:
        assert facet.id == "value" or f">{facet.title.fr}" in written
        assert f'id="id_{facet.id}_helptext"' in written
    assert fields(written)["data"] == ["health"]
    assert fields(written)["profile"] == ["saas_health"]


def test_questions_sent_as_they_came_keep_the_profiles(client):
    given = fields(page(client, "/clausier/assistant/questions?profile=saas_health.with_ai&care=critical"))
    with mock.patch("django.utils.timezone.localdate", return_value=date(2026, 12, 1)):
        response = client.get("/clausier/assistant/reponses", given)
    assert (
        response["Location"]
        == f"{RESULT}?profile=saas_health.with_ai&care=critical&sent=2026-12-01&v={wish.mark(CLAUSIER)}"
    )


def test_answers_lead_to_their_one_address(client):
    given = {
        "profile": "saas_health",
        **combined_values("saas_health"),
        "care": "critical",
        "amount": "260 000,00 €",
        "sent": "01/12/2026",
    }
    response = client.get("/clausier/assistant/reponses", given)
    assert response.status_code == 302
    query = parse_qs(urlsplit(response["Location"]).query)
    assert query == {
        "profile": ["saas_health"],
        "care": ["critical"],
        "amount": ["260000"],
        "sent": ["2026-12-01"],
        "v": [wish.mark(CLAUSIER)],
    }


def combined_values(*names):
    return {
        name: list(values)
        for name, values in combined([reference.vocabulary().profile[each] for each in names]).items()
    }


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("amount", "beaucoup", "n'est pas un nombre"),
        ("amount", "-5", "0"),
        ("sent", "31/02/2026", "date"),
        ("covered", "EG-001, EG-999", "EG-999"),
        ("data", "secret", "secret"),
    ],
)
def test_an_answer_that_is_not_understood_is_asked_again(client, name, value, said):
    written = page(client, f"/clausier/assistant/reponses?profile=saas_health&{name}={value}")
    summary = written[written.index('id="erreurs"') :]
    assert said in summary[: summary.index("</div>")]
    assert f'href="#id_{name}' in summary


def test_going_back_to_the_questions_finds_the_answers(client):
    written = page(client, f"/clausier/assistant/questions?{LINK}&keep=EG-X13&covered=EG-001")
    found = fields(written)
    assert found["amount"] == ["260 000"]
    assert found["sent"] == ["01/12/2026"]
    assert found["care"] == ["critical"]
    assert found["covered"] == ["EG-001"]
    assert found["keep"] == ["EG-X13"]


# -------------------------------------------------------------------------------------------------------------- result
def test_the_result_is_that_of_the_rules(client):
    written = page(client, f"{RESULT}?{LINK}")
    vocabulary = reference.vocabulary()
    facets = combined(
        [vocabulary.profile[each] for each in ("saas_health", "with_ai")],
        {"care": ("critical",), "value": ("formalised",)},
    )
    expected = select(CLAUSIER, vocabulary, facets)
    assert ticked(written) == set(expected.kept)
    assert f"{len(expected.kept)} points à demander, niveau renforcé" in written
    assert "procédure formalisée pour un achat critique pour les soins" in written
    for choice in expected.choices:
        line = written[written.index(f'id="point-{choice.point}"') :]
        assert str(choice.reason) in line[: line.index("</div>")]


def test_any_writing_leads_to_the_one_address(client):
    response = client.get(
        f"{RESULT}?care=critical&profile=with_ai&profile=saas_health&sent=2026-12-01&amount=260000.00"
    )
    assert (response.status_code, response["Location"]) == (302, f"{RESULT}?{LINK}")


def test_an_amount_without_a_day_is_that_of_today(client):
    with mock.patch("django.utils.timezone.localdate", return_value=date(2026, 12, 1)):
        response = client.get(f"{RESULT}?profile=saas_health&amount=260000")
    assert "sent=2026-12-01" in response["Location"]


def test_without_an_answer_one_is_asked(client):
    assert client.get(RESULT)["Location"] == "/clausier/assistant"


def test_a_link_that_is_partly_wrong_says_so_and_shows_the_rest(client):
    written = page(client, f"{RESULT}?profile=saas_health.inconnu&data=secret")
    assert "« profil d'achat » : cette partie du lien n'est pas comprise" in written
    assert "« Données traitées » : cette partie du lien n'est pas comprise" in written
    assert ticked(written)


def test_a_link_of_another_version_says_that_the_clausier_changed(client):
    old = LINK.replace(wish.mark(CLAUSIER), "2025.1-abcdef01")
    written = page(client, f"{RESULT}?{old}")
    assert "Le clausier a changé depuis que ce lien a été fait" in written
    assert "2025.1-abcdef01" in written
    assert f'href="{RESULT}?{LINK}"' in written
    assert "Le clausier a changé" not in page(client, f"{RESULT}?{LINK}")


def test_the_link_shown_is_the_address(client):
    assert f'value="http://testserver{RESULT}?{LINK}"' in page(client, f"{RESULT}?{LINK}")


def test_no_script_no_session_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(f"{RESULT}?{LINK}")
    assert not response.cookies
    assert "noindex" in response.content.decode()


# --------------------------------------------------------------------------------------------------------------- adjust
def test_points_are_dropped_and_kept_by_ticking(client):
    before = ticked(page(client, f"{RESULT}?{LINK}"))
    dropped = sorted(before)[0]
    kept = next(each for each in CLAUSIER.points if each not in before)
    given = {
        **parse_qs(LINK),
        "points": "1",
        "point": sorted((before - {dropped}) | {kept}),
    }
    response = client.get("/clausier/assistant/ajuster", given)
    assert f"keep={kept}&drop={dropped}&" in response["Location"]
    written = page(client, response["Location"])
    assert ticked(written) == (before - {dropped}) | {kept}
    assert "2 points réglés à la main" in written
    assert "gardé par l'acheteur" in written
    assert "écarté par l'acheteur" in written
    back = client.get("/clausier/assistant/ajuster", given | {"point": sorted(before)})
    assert back["Location"] == f"{RESULT}?{LINK}"


def test_everything_may_be_dropped(client):
    response = client.get("/clausier/assistant/ajuster", {**parse_qs(LINK), "points": "1"})
    written = page(client, response["Location"])
    assert ticked(written) == set()
    assert "Aucun point gardé" in written
    query = response["Location"].partition("?")[2]
    assert client.get(f"/clausier/assistant/telecharger/xlsx?{query}").status_code == 302


def test_the_level_is_changed_and_the_one_proposed_is_still_said(client):
    response = client.get("/clausier/assistant/ajuster", {**parse_qs(LINK), "chosen": "essentiel"})
    written = page(client, response["Location"])
    assert "niveau choisi par l'acheteur" in written
    assert "Les règles proposaient le niveau renforcé" in written
    assert len(ticked(written)) <= 25
    back = client.get("/clausier/assistant/ajuster", {**parse_qs(LINK), "level": "essentiel", "chosen": ""})
    assert back["Location"] == f"{RESULT}?{LINK}"


# ----------------------------------------------------------------------------------------------------------- downloads
@pytest.mark.parametrize("form", FORMATS)
def test_a_download_holds_the_points_kept_dated_by_the_day_of_sending(client, form):
    address = f"/clausier/assistant/telecharger/{form}?{LINK}&drop=EG-001"
    first, again = client.get(address), client.get(address)
    assert first.content == again.content
    made, _ = wish.read(parse_qs(f"{LINK}&drop=EG-001"), CLAUSIER)
    points = wish.outcome(made, CLAUSIER).clausier.points
    assert "EG-001" not in points
    assert first.content == content(narrowed(CLAUSIER, points), form, "fr", date(2026, 12, 1))
    assert f"selection-egide-2026.1-2026-12-01-fr{FORMATS[form].ending}" in first["Content-Disposition"]
    assert "Cookie" not in first.get("Vary", "")


def test_the_json_is_what_the_command_line_narrows(client, tmp_path):
    from egide.cli import main

    made, _ = wish.read(parse_qs(LINK), CLAUSIER)
    with pytest.raises(SystemExit, match="0"):
        main([*wish.command(made).split()[1:], "-o", str(tmp_path / "clausier.json")])
    given = client.get(f"/clausier/assistant/telecharger/json?{LINK}")
    assert json.loads(given.content) == json.loads((tmp_path / "clausier.json").read_text(encoding="utf-8"))


def test_the_tender_documents_are_those_of_the_command_line(client, tmp_path):
    from egide.cli import main

    made, _ = wish.read(parse_qs(LINK), CLAUSIER)
    words = wish.command(made).split()[1:]
    with pytest.raises(SystemExit, match="0"):
        main(["clausier", "export", "--dce", str(tmp_path / "dce"), *words[2:]])
    given = client.get(f"/clausier/assistant/telecharger/dce?{LINK}")
    assert given["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in (tmp_path / "dce").iterdir()}


def test_a_wrong_link_downloads_nothing(client):
    response = client.get("/clausier/assistant/telecharger/xlsx?profile=inconnu")
    assert response["Location"] == f"{RESULT}?profile=inconnu"
