"""What a report of one lot may hold of an evaluation: that lot, and nothing of the other lots' bids."""

from collections.abc import Callable
from dataclasses import replace

from egide.finding import Finding
from egide.report.record import Record
from egide.tender.evaluation import Evaluation


def narrowed(record: Record, lot: str, lot_of: Callable[[Finding], str]) -> Record:
    """Return a record of one lot; its fingerprint stays that of the whole evaluation. `lot_of` tells a finding's lot."""
    evaluation = record.evaluation
    marks = evaluation.marks
    bids = tuple(bid for bid in evaluation.bids if bid.key.lot == lot)
    elsewhere = {bid.key.tenderer for bid in evaluation.bids if bid.key.lot != lot}
    here = {bid.key.tenderer for bid in bids}
    tender = replace(
        evaluation.tender,
        lots=tuple(each for each in evaluation.tender.lots if each.id == lot),
        tenderers=tuple(each for each in evaluation.tender.tenderers if each.id in here),
    )
    kept = replace(
        evaluation,
        tender=tender,
        ranking=evaluation.lot(lot),
        bids=bids,
        marks=replace(
            marks,
            points=tuple(mark for mark in marks.points if mark.bid.lot == lot),
            notes=tuple(note for note in marks.notes if note.bid.lot == lot),
            decisions=tuple(decision for decision in marks.decisions if decision.bid.lot == lot),
        ),
        history=tuple(change for change in evaluation.history if change.bid.lot == lot),
        risk=evaluation.risk
        and replace(evaluation.risk, lots=tuple(each for each in evaluation.risk.lots if each.lot == lot)),
        findings=(),
    )

    def concerns(finding: Finding) -> bool:
        found = lot_of(finding)
        if found or not finding.tenderer:
            return found in {lot, ""}
        return finding.tenderer in here - elsewhere

    return replace(record, evaluation=kept, findings=tuple(filter(concerns, record.findings)))


def lots(evaluation: Evaluation) -> list[str]:
    """Return the lots that have a report of their own: those of a consultation in several lots."""
    found = [lot.id for lot in evaluation.tender.lots]
    return found if len(found) > 1 else []
