"""Reading bids tells how far it is, and can be stopped."""

from pathlib import Path

import pytest

from egide.desk.consultation import of_folder
from egide.errors import Cancelled
from egide.message import message

PACS = Path(__file__).parents[2] / "examples" / "pacs-ght"


def test_each_bid_is_told():
    told = []
    given = of_folder(PACS, lambda done, total: told.append((done, total)))
    assert told == [(number, len(given.bids)) for number in range(len(given.bids))]
    assert given == of_folder(PACS)


def test_it_stops_when_asked():
    def stop(done, total):
        raise Cancelled(message("Travail annulé à la demande."))

    with pytest.raises(Cancelled):
        of_folder(PACS, stop)
