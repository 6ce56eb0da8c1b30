"""The bids that are examined: those of a candidacy that was refused are left out, never marked nor ranked (R2144-7)."""

from collections.abc import Sequence

from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.classing import named
from egide.tender.model import Bid
from egide.tender.procedure.journal import Journal


def refused(journal: Journal, tenderer: str, lot: str) -> bool:
    """Whether the candidacy of a tenderer was refused on a lot: its last decision counts."""
    said = [
        each.admitted
        for each in journal.candidacies
        if each.tenderer == tenderer and (not each.lots or lot in each.lots)
    ]
    return bool(said) and not said[-1]


def examined(bids: Sequence[Bid], found: Sequence[Finding], journal: Journal) -> tuple[tuple[Bid, ...], list[Finding]]:
    """Return the bids of those whose candidacy was not refused, with what reading said of them.

    What reading said of somebody who has no bid left is left out too: nothing is asked of him.
    """
    kept = tuple(bid for bid in bids if not refused(journal, bid.key.tenderer, bid.key.lot))
    out = [bid.key for bid in bids if bid not in kept]
    gone = {key.tenderer for key in out} - {bid.key.tenderer for bid in kept}
    notes = [
        Finding(
            "bid.candidacy_refused",
            Severity.NOTE,
            message("candidature rejetée : cette offre n'est ni examinée, ni notée, ni classée"),
            message("Rien à faire ; la lettre de rejet dit le motif (candidacies dans journal.yaml)."),
            place=named(key),
            tenderer=key.tenderer,
        )
        for key in out
    ]
    return kept, [*(finding for finding in found if finding.tenderer not in gone), *notes]
