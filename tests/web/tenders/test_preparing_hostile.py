"""Steps 1 to 4 given what no form sends, and their cost in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from egide.web.tenders.models import State
from web.tenders import preparing
from web.tenders.prepared import address, fields

pytestmark = pytest.mark.django_db

PLAIN = (
    "purchase", "lots", "rounds", "processing", "contract", "essential", "described", "method", "evaluators", "schedule", "rules",
    "risk", "bench", "amendments", "questions", "definition", "seat", "write_documents", "publish",
)  # fmt: skip
NAMED = (("point", "EG-003"), ("theme", "T1"), ("criterion", "securite"), ("question", "Q1"), ("amendment_told", 0))
SEEN = ("points", "all_points", "documents")
NASTY = (
    "\x00",
    "é" * 5000,
    "-1",
    "1e400",
    "NaN",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "9" * 400,
    "\ud800",
)


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


def addresses(row):
    return [address(name, row) for name in PLAIN] + [address(name, row, of) for name, of in NAMED]


@pytest.mark.parametrize(
    ("state", "nasty"),
    [(State.PREPARING, NASTY[0])]
    + [
        pytest.param(state, each, marks=pytest.mark.long)
        for state in (State.PREPARING, State.PUBLISHED)
        for each in NASTY
    ],
)
def test_every_field_of_every_page_takes_anything_without_a_fault(buyer, world, state, nasty):
    row = preparing.questioned(world) if state == State.PREPARING else preparing.published_one(world)
    for url in addresses(row):
        page = buyer.get(url)
        sent = fields(page) if page.status_code == 200 and b"<form" in page.content else {}
        for given in (
            {name: nasty for name in sent if name != "revision"} | {"revision": sent.get("revision", "1")},
            {nasty: nasty},
        ):
            response = buyer.post(url, given)
            assert response.status_code < 500, (url, nasty)
            assert b"<script>alert(1)" not in response.content
    for name in SEEN:
        assert buyer.get(address(name, row)).status_code == 200


@pytest.mark.parametrize("nasty", NASTY[:4])
def test_every_address_takes_any_query(buyer, world, nasty):
    row = preparing.consultation(world)
    for name in ("points", "all_points", "schedule", "lots", "definition"):
        assert (
            buyer.get(address(name, row), {"montrer": nasty, "schedule__lines": nasty, "lots": nasty}).status_code
            == 200
        )
    assert (
        buyer.get(
            reverse("tenders:index"), {"q": nasty, "page": nasty, "state": nasty, "organisation": nasty}
        ).status_code
        == 200
    )
    assert (
        buyer.get(reverse("tenders:new"), {"profile": nasty, "amount": nasty, "sent": nasty, "keep": nasty}).status_code
        == 200
    )


def test_every_page_costs_few_queries(buyer, world):
    row = preparing.questioned(world)
    urls = [address(name, row) for name in (*PLAIN, *SEEN) if name not in {"seat", "write_documents", "publish"}]
    urls += [address(name, row, of) for name, of in NAMED if name != "amendment_told"]
    for url in [*urls, reverse("tenders:index"), reverse("tenders:new")]:
        with CaptureQueriesContext(connection) as asked:
            assert buyer.get(url).status_code == 200, url
        assert len(asked) <= 20, url
