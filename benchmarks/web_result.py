"""The promise of step 7 with 50 bids on the whole clausier: at most 20 queries and 50 ms of CPU a page.

Measured as the pages of step 6 are: see web_marking.py. What a result takes to make and to keep is printed too.
"""

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import django
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

FOLDER = tempfile.TemporaryDirectory(prefix="egide-benchmark-")
os.environ |= {"EGIDE_DATA": FOLDER.name, "EGIDE_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "egide.web.settings"}
django.setup()

from web_marking import BIDS, MOST_QUERIES, MOST_UNITS, measured  # noqa: E402

from egide.web.tenders import models  # noqa: E402
from web.tenders.result import made  # noqa: E402 (after the settings are named)
from web.world import place  # noqa: E402

MOST_KEPT = 12.0
"""Megabytes of rows that a result of 50 bids takes at most, documents apart."""


def prepared() -> tuple[Any, Any]:
    """Return the row of a consultation of 50 bids with its result, its record and its note; the client of its buyer."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    hospital = place("Centre hospitalier de Valmont", "ch-valmont.exemple.fr")
    row = made.consultation(hospital, BIDS, share=9)
    start = time.process_time()
    made.evaluated(row, hospital.buyer, "2026-11-30")
    print(f"{'the evaluation, as a job':26} {time.process_time() - start:5.1f} s of CPU")
    made.worked("record", row.organisation, hospital.buyer, row, date="")
    asked = {"draws": 20, "slip": "0.1", "spread": "0.05", "seed": 0}
    made.worked("robustness", row.organisation, hospital.buyer, row, **asked)
    client = Client()
    client.force_login(hospital.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return row, client


def addresses(row: Any) -> dict[str, str]:
    places: dict[str, tuple[str, tuple[object, ...]]] = {
        "ranking": ("result", ()),
        "why a bid has its rank": ("result_bid", (1, "lot-1", 25)),
        "matrix, the longest theme": ("result_theme", (1, "lot-1", "T8")),
        "pictures": ("result_pictures", (1, "lot-1")),
        "documents": ("result_documents", (1,)),
        "steps and letters": ("record", ()),
        "journal": ("journal", ()),
        "internal note": ("robustness", ()),
    }
    return {title: reverse(f"tenders:{name}", args=[row.uuid, *rest]) for title, (name, rest) in places.items()}


def megabytes() -> float:
    """Return what the rows of the result weigh."""
    rows = [*models.ResultPart.objects.values_list("data", flat=True), models.Result.objects.get().summary]
    return sum(len(json.dumps(each, ensure_ascii=False).encode()) for each in rows) / 1e6


def main() -> int:
    row, client = prepared()
    weight = megabytes()
    kept = weight <= MOST_KEPT
    print(f"{'rows of the result':26} {weight:5.1f} MB{'' if kept else '  BROKEN'}")
    for name, url in addresses(row).items():
        queries, page, units = measured(client, url)
        within = queries <= MOST_QUERIES and units <= MOST_UNITS
        kept &= within
        print(f"{name:26} {queries:3} queries, {page:5.1f} ms of CPU, {units:4.2f} units{'' if within else '  BROKEN'}")
    print("kept" if kept else "BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
