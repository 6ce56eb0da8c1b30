"""The main job: from a consultation to its evaluation, with all findings."""

from pathlib import Path

from egide import plain
from egide.desk import consultation
from egide.desk.consultation import Consultation
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.evaluation import Evaluation, evaluate
from egide.tender.history import View
from egide.tender.model import Tender


def evaluated(folder: Path, seen: View | None = None) -> tuple[Evaluation, list[Finding]]:
    """Return the evaluation of a folder and all findings, those of reading first. Raises DataError with all of them.

    `seen` is how the ranking was last seen.
    """
    return of_consultation(consultation.of_folder(folder), seen)


def of_consultation(given: Consultation, seen: View | None = None) -> tuple[Evaluation, list[Finding]]:
    """Return the evaluation of a consultation already read; see `evaluated`."""
    try:
        bids, _ = given.examined
        if given.tender.risk is None:
            evaluation = evaluate(given.tender, given.clausier, given.rules, bids, given.marks, given.computed, seen)
        else:
            from egide.desk import risk_use  # noqa: PLC0415 (the model of risk only where it serves)

            evaluation = risk_use.evaluated(given, bids, seen)
    except DataError as refusal:
        raise DataError(refusal.message, (*given.findings, *refusal.findings)) from None
    found = [*given.findings, *evaluation.findings]
    if any(finding.severity is Severity.ERROR and not _own_bid_only(finding) for finding in given.findings):
        raise DataError(message("des erreurs empêchent l'évaluation : rien n'a été écrit"), tuple(found))
    return evaluation, found


def _own_bid_only(finding: Finding) -> bool:
    """Whether an error touches one bid only: `evaluate` itself says when that bid cannot do without what is missing."""
    return bool(finding.tenderer) and finding.code.startswith(("file.", "price."))


def same_consultation(kept: Tender, now: Tender, file: str) -> None:
    """Refuse an evaluation whose title and day of sending are those of another consultation. Raises DataError."""
    if kept.title != now.title and kept.sent_on != now.sent_on:
        said = message("c'est l'évaluation d'une autre consultation : « {title} »", title=kept.title)
        remedy = message("Donner l'évaluation de cette consultation, ou choisir un autre dossier de sortie.")
        raise plain.refusal("evaluation.other", file, "title", said, kept.title, remedy)
