"""tender.yaml written again says the same, and only what differs from what a reader takes by default."""

from pathlib import Path

import pytest

from egide import plain
from egide.exchange import decp_lists
from egide.exchange.tender_folder import read_tender
from egide.exchange.tender_text import text_of
from egide.tender.essential import Essential
from egide.tender.model import Tender

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("example", ["pacs-ght", "soc-ght"])
def test_an_example_written_again_is_the_same(example):
    tender = read_tender(EXAMPLES / example).tender
    text = text_of(tender)
    assert plain.structure(plain.parse_yaml(text, "tender.yaml"), Tender, "tender.yaml") == tender
    assert text_of(tender) == text
    assert "double_reading" not in text


def test_what_looks_like_something_else_stays_a_text():
    given = {"title": "no", "buyer": {"name": "1.10", "siret": "00000001800010"}, "sent_on": "2026-12-01", "deadline": "2027-01-05T12:00:00+01:00", "criteria": [], "reference": "12:30", "conditions_of_use": "a: b\n# c"}  # fmt: skip
    tender = plain.structure(given, Tender, "tender.yaml")
    assert plain.structure(plain.parse_yaml(text_of(tender), "tender.yaml"), Tender, "tender.yaml") == tender


def test_every_word_that_is_usual_is_in_its_official_list():
    usual = Essential("48180000-3", "29")
    for key in decp_lists.PLACES:
        value = getattr(usual, key)
        assert set(value if isinstance(value, tuple) else (value,)) <= set(decp_lists.words(key)), key
