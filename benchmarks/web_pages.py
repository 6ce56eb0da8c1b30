"""The promise of steps 1 to 5 with 50 bids on the whole clausier: at most 20 queries and 50 ms of CPU a page.

Measured as the pages of step 6 are: see web_marking.py.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import django
from django.core.management import call_command
from django.test import Client

FOLDER = tempfile.TemporaryDirectory(prefix="egide-benchmark-")
os.environ |= {"EGIDE_DATA": FOLDER.name, "EGIDE_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "egide.web.settings"}
django.setup()

from web_marking import BIDS, MOST_QUERIES, MOST_UNITS, measured  # noqa: E402

from web.tenders import big, pages  # noqa: E402 (after the settings are named)
from web.tenders.result.made import PAST  # noqa: E402
from web.world import place  # noqa: E402


def prepared() -> tuple[Any, Any]:
    """Return the row of a consultation of 50 bids, read and marked; the client of its buyer."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    hospital = place("Centre hospitalier de Valmont", "ch-valmont.exemple.fr")
    row = big.consultation(hospital.organisation, hospital.buyer, big.tender(BIDS, **PAST), share=9)
    client = Client()
    client.force_login(hospital.buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return row, client


def main() -> int:
    row, client = prepared()
    kept = True
    for name, url in pages.addresses(row).items():
        queries, page, units = measured(client, url)
        within = queries <= MOST_QUERIES and units <= MOST_UNITS
        kept &= within
        print(f"{name:26} {queries:3} queries, {page:5.1f} ms of CPU, {units:4.2f} units{'' if within else '  BROKEN'}")
    print("kept" if kept else "BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
