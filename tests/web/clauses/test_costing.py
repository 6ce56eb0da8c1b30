"""A candidate computes the cost of risk of its own bid before sending it: the buyer's figures, and nothing kept."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from egide import reference
from egide.desk import documents
from egide.exchange.tender_folder import read_tender

PAGE = "/clausier/cout-du-risque"
EXAMPLE = Path(__file__).parents[3] / "examples" / "pacs-ght"
SHEET = EXAMPLE / "bids/kerzanne/lot-1/questionnaire-kerzanne.ods"


@pytest.fixture(scope="module")
def published():
    """What the buyer of the example publishes."""
    return documents.documents(documents.of_folder(EXAMPLE), "fr").files["publication.json"]


def send(published: bytes, sheet: bytes, name: str = SHEET.name, **more):
    """Send both files."""
    files = {"publication": SimpleUploadedFile("publication.json", published), "sheet": SimpleUploadedFile(name, sheet)}
    return Client(enforce_csrf_checks=True).post(PAGE, {**files, **more})


def text(response) -> str:
    """Return the words of the answer."""
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_the_figures_are_those_of_the_command(published, tmp_path):
    from egide.desk.own_risk_cost import Sent, of_published
    from egide.risk.attribution import significant

    path = tmp_path / "publication.json"
    path.write_bytes(published)
    own = of_published(Sent(path), Sent(SHEET))
    response = send(published, SHEET.read_bytes())
    assert response.status_code == 200
    page = text(response)
    for span in (own.lots[0].proven, own.lots[0].declared, own.lots[0].landmarks.blank):
        mean = significant(span.mean, 2)
        said = f"{mean:,f} €".replace(",", " ") if mean < 1_000_000 else f"{mean / 1_000_000:.1f} M€".replace(".", ",")
        assert said in page
    assert "preuve" in page


def test_in_english(published):
    files = {"publication": SimpleUploadedFile("p.json", published), "sheet": SimpleUploadedFile("s.ods", SHEET.read_bytes())}  # fmt: skip
    assert "Your bid, if all you say is retained" in Client().post(f"/en{PAGE}", files).content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.pop("risk"), "risk.none"),
        (lambda data: data["risk"].update(library="0" * 64), "risk.library"),
    ],
)
def test_what_cannot_be_computed_says_why(published, change, code):
    data = json.loads(published)
    change(data)
    response = send(json.dumps(data).encode(), SHEET.read_bytes())
    assert response.status_code == 422
    assert code in text(response) or "publication.json" in text(response)


def test_a_sheet_without_any_answer_is_refused_not_counted_as_silence(published):
    response = send(published, b"a;b\n1;2\n", "vide.csv")
    assert response.status_code == 422
    assert "M€" not in text(response)


def test_a_missing_file_is_asked_for(published):
    response = Client().post(PAGE, {"publication": SimpleUploadedFile("publication.json", published)})
    assert response.status_code == 400


def test_the_parameters_are_those_of_this_program(published):
    assert json.loads(published)["risk"]["library"] == reference.risk_library().digest
    assert read_tender(EXAMPLE).tender.risk is not None
