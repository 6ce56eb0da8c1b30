"""Folders made to break: what a column does not hold is refused in words, and nothing of it is kept."""

from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse

from egide.errors import DataError
from egide.tender.model import Answer, Bid, BidClass, BidKey, Condition, Decision, Declared, Marks, Price, Tenderer
from egide.web.tenders import convert, fitting
from egide.web.tenders.models import Answer as AnswerRow
from egide.web.tenders.models import Consultation
from web.tenders.received import folders

pytestmark = pytest.mark.django_db


def loaded(hospital, change, path="tender.yaml"):
    """Load the PACS example with a file changed or added; return the job, ended."""
    files = folders.files_of("pacs-ght")
    return folders.load(hospital, {**files, path: change(files.get(path, b"").decode()).encode()})


def line(text, key):
    return next(each for each in text.splitlines() if each.startswith(f"{key}:"))


@pytest.mark.parametrize(("key", "value", "code"), [
    ("title", "x" * 301, "value.unfit"),
    ("reference", "x" * 81, "value.unfit"),
    ("title", '"a\\0b"', "plain.value"),
])  # fmt: skip
def test_a_text_that_no_column_holds_is_refused_in_words(hospital, files, today, key, value, code):
    job = loaded(hospital, lambda text: text.replace(line(text, key), f"{key}: {value}"))
    assert (job.state, job.result["error"]) == ("failed", "refused")
    assert [each["code"] for each in job.result["findings"]] == [code]
    assert not Consultation.objects.exists()


def test_a_path_that_no_column_holds_is_refused_in_words(hospital, files, today):
    job = loaded(hospital, lambda _: "%PDF-1.4", "bids/kerzanne/lot-1/" + "/".join(["dossier" * 10] * 8) + "/a.pdf")
    assert job.result["findings"][0]["code"] == "value.unfit"
    assert job.result["findings"][0]["read"].startswith("bids/kerzanne/lot-1/")
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("changes", [
    {"tenderers": (Tenderer("t" * 81),)},
    {"title": "t" * 301},
])  # fmt: skip
def test_a_page_refuses_it_too(pacs, hospital, changes):
    from dataclasses import replace

    from egide.web.tenders import page

    with pytest.raises(DataError) as refused:
        page.save(pacs, pacs.revision, replace(convert.tender(pacs), **changes), "consultation.changed", list(changes))
    assert [each.code for each in refused.value.findings] == ["value.unfit"]


def test_what_a_sheet_says_never_stops_the_reading(pacs):
    """A NUL character in an answer is shown as lost; the same reading again writes nothing more."""
    key = BidKey("kerzanne", "lot-1")
    odd = Answer("T1-01", Declared.YES, Condition.NONE, None, "a\0b", raw="\0")
    read = [Bid(key, {"T1-01": odd}, Price(Decimal(1), file="a\0.xlsx"), ())]
    for _ in range(2):
        convert.store_bids(pacs, read, ())
    row = AnswerRow.objects.get(bid__consultation=pacs, bid__tenderer="kerzanne", point="T1-01")
    assert (row.comment, row.raw) == ("a\ufffdb", "\ufffd")


@pytest.mark.parametrize("decision", [
    Decision(BidKey("kerzanne", "lot-1"), BidClass.REGULAR, "p" * 201, date(2026, 11, 1), "motif"),
    Decision(BidKey("kerzanne", "lot-1"), BidClass.REGULAR, "Une personne", date(2026, 11, 1), "motif", 2**31),
])  # fmt: skip
def test_marks_that_no_column_holds_are_refused(pacs, hospital, decision):
    with pytest.raises(DataError) as refused:
        convert.store_marks(pacs, Marks(decisions=(decision,)), (), hospital.buyer)
    assert refused.value.findings[0].code == "value.unfit"


def test_the_names_of_a_clausier_fit_too(pacs):
    from dataclasses import replace

    whole = convert.whole_clausier(pacs)
    theme = whole.themes[0]
    long = replace(whole, themes=(replace(theme, points=(replace(theme.points[0], id="p" * 81),)),))
    with pytest.raises(DataError):
        fitting.definition(convert.tender(pacs), long)


@pytest.mark.parametrize("name", ["bids_tenderer", "bids_answers", "question"])
def test_an_address_with_a_null_character_is_refused(pacs, hospital, sign_in, name):
    address = reverse(f"tenders:{name}", args=[pacs.uuid, "zzz"]).replace("zzz", quote("a\0"))
    client = sign_in(hospital.buyer)
    assert client.get(address).status_code == 400
