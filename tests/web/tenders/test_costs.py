"""Pages of steps 1 to 5 with fifty bids: a bounded number of queries. Times are measured by benchmarks, not here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from web.tenders import big, pages
from web.tenders.result.made import PAST

pytestmark = pytest.mark.once

MOST = 20


@pytest.mark.parametrize("name", ["index", *pages.PLACES, "bids_settle"])
def test_queries_are_bounded(name, hospital, files, sign_in):
    row = big.fifty(hospital, **PAST)
    client, address = sign_in(hospital.buyer), pages.addresses(row)[name]
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert 2 < len(seen) <= MOST, [each["sql"][:120] for each in seen]
