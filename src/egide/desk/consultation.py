"""A consultation as values, read from its folder or given by who keeps it, with all that was found in reading it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from egide import reference
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.exchange import published
from egide.exchange.bids import read_bids
from egide.exchange.journal_file import read_journal
from egide.exchange.marks import read_marks
from egide.exchange.tender_folder import FILE, read_tender
from egide.finding import Finding
from egide.progress import Progress, silent
from egide.tender.model import Bid, Computed, Marks, Tender
from egide.tender.procedure.admitted import examined
from egide.tender.procedure.candidacies import looked_at
from egide.tender.procedure.journal import Journal
from egide.tender.risk_terms import RiskSheet
from egide.tender.rules import Rules

NO_MARKS = Marks()
NO_JOURNAL = Journal()
NOTHING_COMPUTED: Mapping[str, Mapping[str, Decimal]] = MappingProxyType({})


@dataclass(frozen=True)
class Consultation:
    """All that a consultation is made of. The findings are kept apart, by what was being read.

    `whole` is its clausier before it is narrowed to its points, `clausier` after. `bids` are all those read, also of
    candidacies refused since: see `examined`. `tenderers_in` is the file that names the tenderers.
    """

    tender: Tender
    whole: Clausier
    clausier: Clausier
    rules: Rules
    journal: Journal = NO_JOURNAL
    bids: tuple[Bid, ...] = ()
    marks: Marks = NO_MARKS
    computed: Computed = field(default_factory=dict)
    of_tender: tuple[Finding, ...] = ()
    of_journal: tuple[Finding, ...] = ()
    of_publication: tuple[Finding, ...] = ()
    of_bids: tuple[Finding, ...] = ()
    of_marks: tuple[Finding, ...] = ()
    tenderers_in: str = FILE
    sheet: RiskSheet | None = None
    """What was published of the cost of risk."""

    @cached_property
    def examined(self) -> tuple[tuple[Bid, ...], tuple[Finding, ...]]:
        """Return the bids that are examined, and what reading found in them: not those of a refused candidacy."""
        kept, found = examined(self.bids, self.of_bids, self.journal)
        return kept, tuple(found)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return all that was found, in the order in which a consultation is read; the candidacies come last."""
        return (
            *self.of_tender,
            *self.of_journal,
            *self.of_publication,
            *self.examined[1],
            *self.of_marks,
            *looked_at(self.tender, reference.certificates(), self.tenderers_in),
        )


def of_folder(folder: Path, progress: Progress = silent) -> Consultation:
    """Read a whole folder; what is not there yet is empty, and no finding stops the reading.

    `progress` is told of each bid. Raises DataError, with all that was found till then, only when tender.yaml or its clausier cannot be used at all.
    """
    top = read_tender(folder)
    given = of_values(top.tender, top.enclosed, of_tender=top.findings)
    journal, of_journal = read_journal(folder, top.tender)
    bids, of_bids = read_bids(folder, top.tender, given.clausier, progress)
    marks, of_marks = read_marks(folder, top.tender, given.clausier)
    return Consultation(
        top.tender,
        given.whole,
        given.clausier,
        given.rules,
        journal,
        bids,
        marks,
        top.computed,
        top.findings,
        tuple(of_journal),
        tuple(published.check(folder, top.tender, given.clausier, journal)),
        tuple(of_bids),
        tuple(of_marks),
        top.tenderers_in,
        published.sheet(folder) if top.tender.risk else None,
    )


def of_values(  # noqa: PLR0913 (each argument is one part of a consultation)
    tender: Tender,
    enclosed: Clausier | None = None,
    *,
    journal: Journal = NO_JOURNAL,
    bids: tuple[Bid, ...] = (),
    marks: Marks = NO_MARKS,
    computed: Computed = NOTHING_COMPUTED,
    of_tender: tuple[Finding, ...] = (),
    of_journal: tuple[Finding, ...] = (),
    of_publication: tuple[Finding, ...] = (),
    of_bids: tuple[Finding, ...] = (),
    of_marks: tuple[Finding, ...] = (),
) -> Consultation:
    """Put together a consultation that is kept elsewhere than in a folder: its points and rules follow from `tender`.

    `enclosed` is its own clausier, whole; None is ours, if `tender` names it. The findings are those kept from reading.
    Raises DataError, those of the tender included, when the clausier or the points cannot be established.
    """
    try:
        clausier, rules = reference.load(tender, enclosed)
    except DataError as refusal:
        raise DataError(refusal.message, (*of_tender, *refusal.findings)) from None
    whole = enclosed or reference.clausier()
    parts = (journal, bids, marks, computed, of_tender, of_journal, of_publication, of_bids, of_marks)
    return Consultation(tender, whole, clausier, rules, *parts)
