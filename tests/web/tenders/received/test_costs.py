"""Pages of step 5 with fifty bids: a bounded number of queries. Times are measured by benchmarks, not here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from web.tenders import big
from web.tenders.received.access import PAST
from web.tenders.received.test_import import url

MOST = 20


@pytest.fixture
def fifty(hospital, files, today):
    """Fifty bids on our whole clausier, read, marked, with doubts."""
    return big.consultation(hospital.organisation, hospital.buyer, big.tender(50, **PAST))


PAGES = {
    "bids": (),
    "bids_tenderer": ("s07",),
    "bids_answers": ("s07",),
    "bids_findings": ("s07",),
    "bids_candidacies": (),
    "deposits": (),
    "bids_files": (),
    "bids_doubts": (),
    "bids_doubts_of": ("s07",),
}


@pytest.mark.parametrize("name", PAGES)
def test_queries_are_bounded(fifty, hospital, sign_in, name):
    client = sign_in(hospital.buyer)
    client.get(url(name, fifty, *PAGES[name]))
    with CaptureQueriesContext(connection, ) as seen:  # fmt: skip
        assert client.get(url(name, fifty, *PAGES[name])).status_code == 200
    assert len(seen) <= MOST, [each["sql"][:120] for each in seen]
