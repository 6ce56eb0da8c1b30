"""The promise of step 6 with 50 bids on the whole clausier: at most 20 queries and 50 ms of CPU a page.

What is bounded is the ratio to a fixed piece of plain Python run in turn with the pages, which a busy machine slows as
much; milliseconds are printed for the reader.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from web.tenders import big
from web.tenders.marking import made
from web.world import place

BIDS = 50
RUNS = 15
MOST_QUERIES = 20
MOST_UNITS = 9.0
"""A page costs at most so many units; a unit is 5.7 ms of one core of a small server of 2024."""


def unit() -> int:
    """Do the piece of work that pages are measured by."""
    return sum(len(str(number * number)) for number in range(60_000))


def spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def prepared() -> Any:
    """Return the row of a consultation of 50 bids, and the clients of its evaluator and its buyer."""
    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    hospital = place("Centre hospitalier de Valmont", "ch-valmont.exemple.fr")
    row = big.consultation(hospital.organisation, hospital.buyer, big.tender(BIDS), share=8)
    big.seat(row, hospital.evaluator, "rssi")
    big.seat(row, hospital.buyer, "biomedical")
    clients = []
    for person in (hospital.evaluator, hospital.buyer):
        clients.append(Client())
        clients[-1].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return row, *clients


def addresses(row: Any, evaluator: Any, buyer: Any) -> dict[str, tuple[Any, str]]:
    seat, bid = made.seat(row).uuid, made.bid(row).uuid
    return {
        "overview": (evaluator, made.address(row, "marking")),
        "a theme of a bid": (evaluator, made.address(row, "mark_bid", seat, bid)),
        "all themes of a bid": (evaluator, made.address(row, "mark_bid", seat, bid, query="?theme=tous")),
        "a point, 20 bids a page": (evaluator, made.address(row, "mark_point", seat, "EG-001")),
        "notes of a criterion": (buyer, made.address(row, "mark_notes", made.seat(row, "biomedical").uuid)),
        "harmonisation": (buyer, made.address(row, "harmonise")),
        "decisions": (buyer, made.address(row, "decisions")),
        "a decision": (buyer, made.address(row, "decide", bid)),
        "workbooks": (buyer, made.address(row, "marking_workbooks")),
    }


def measured(client: Any, url: str) -> tuple[int, float, float]:
    """Return the queries of a page, its median CPU in milliseconds, and in units measured in turn with it."""
    queries = []

    def counted(execute: Any, *call: Any) -> Any:
        queries.append(call[0])
        return execute(*call)

    with connection.execute_wrapper(counted):
        if client.get(url).status_code != 200:
            raise SystemExit(f"{url} did not answer")
    pages, units = zip(*((spent(lambda: client.get(url)), spent(unit)) for _ in range(RUNS)), strict=True)
    page = statistics.median(pages)
    return len(queries), page, page / statistics.median(units)


def main() -> int:
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "EGIDE_DATA": folder,
            "EGIDE_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "egide.web.settings",
        }
        given = prepared()
        for name, (client, url) in addresses(*given).items():
            queries, page, units = measured(client, url)
            within = queries <= MOST_QUERIES and units <= MOST_UNITS
            kept &= within
            print(
                f"{name:26} {queries:3} queries, {page:5.1f} ms of CPU, {units:4.2f} units{'' if within else '  BROKEN'}"
            )
    print("kept" if kept else "BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
