"""Fifty bids on the whole clausier: each page stays within twenty queries."""

import pytest

from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import line, written

pytestmark = pytest.mark.once

MOST = 20


@pytest.fixture
def fifty(world):
    row = big.consultation(world.hospital.organisation, world.hospital.buyer, share=9)
    big.seat(row, world.hospital.evaluator)
    big.seat(row, world.hospital.evaluator, "biomedical")
    return row


def test_pages_and_writings_of_fifty_bids(fifty, evaluator, buyer, django_assert_max_num_queries):
    row = fifty
    seat = made.seat(row).uuid
    pages = {
        "overview": (evaluator, made.address(row, "marking")),
        "theme": (evaluator, made.bid_page(row)),
        "all themes": (evaluator, made.bid_page(row, query="?theme=tous")),
        "filtered": (evaluator, made.bid_page(row, query="?theme=tous&filtre=ecarts")),
        "point": (evaluator, made.address(row, "mark_point", seat, "EG-001")),
        "notes": (evaluator, made.address(row, "mark_notes", made.seat(row, "biomedical").uuid)),
        "harmonise": (buyer, made.address(row, "harmonise")),
        "decisions": (buyer, made.address(row, "decisions")),
        "decide": (buyer, made.address(row, "decide", made.bid(row).uuid)),
        "workbooks": (buyer, made.address(row, "marking_workbooks")),
    }
    for name, (client, url) in pages.items():
        with django_assert_max_num_queries(MOST, info=name):
            assert client.get(url).status_code == 200, name
    sent = written(*(line(row, "EG-001", f"s{n:02}", 1, level="full", reason="Relu.") for n in range(1, 26)))
    with django_assert_max_num_queries(MOST + 3 * 25, info="25 rows written"):
        assert evaluator.post(made.address(row, "mark_point", seat, "EG-001"), sent).status_code == 302
