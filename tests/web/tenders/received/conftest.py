"""What the tests of step 5 share: the day it is, consultations before and after their opening."""

import pytest

from web import kept
from web.tenders.received import folders


@pytest.fixture
def today(monkeypatch):
    """A function: instant -> nothing; from there it is that instant.

    With the clock stopped, two tests may change the same kept consultation at the same instant: nothing of the first is
    left in memory.
    """
    from django.utils import timezone

    from egide.web.tenders import page

    page.forget()

    def moved(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    moved(folders.AFTER)
    return moved


@pytest.fixture
def pacs(hospital, files, today):
    """The PACS example, loaded: bids read, points marked."""
    return kept.given(
        "pacs-ght, loaded", lambda: folders.row_of(folders.load(hospital, folders.files_of("pacs-ght"))), files=True
    )


@pytest.fixture
def soc(hospital, files, today):
    """The SOC example as it was published, its deadline passed, nothing opened."""
    return kept.given(
        "soc-ght, published", lambda: folders.row_of(folders.load(hospital, folders.published())), files=True
    )


@pytest.fixture
def opened(soc):
    """The same, its opening recorded."""
    from egide import plain
    from egide.tender.procedure import journal
    from egide.web.tenders import convert, models

    told = journal.Opening(folders.AFTER, ("Acheteuse (fictive)",))
    known = plain.unstructure(journal.Journal(**{**vars(convert.journal(soc)), "opening": told}))
    models.Consultation.objects.filter(pk=soc.pk).update(state=models.State.OPENED, journal=known)
    soc.refresh_from_db()
    return soc
