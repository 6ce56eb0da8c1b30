"""A procedure: where it stands on a day, and the documents of its record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from egide import reference
from egide.desk.evaluation import evaluated, same_consultation
from egide.errors import DataError
from egide.exchange.journal_file import read_journal
from egide.exchange.tender_folder import Folder, read_tender
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report import record
from egide.report.procedure import Procedure
from egide.tender.evaluation import Evaluation
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.letter import Letter
from egide.tender.procedure.letters import letters
from egide.tender.procedure.presentation import owed
from egide.tender.procedure.publication import frozen
from egide.tender.procedure.situation import Situation
from egide.tender.procedure.steps import situated


# ------------------------------------------------------------------------------------------------------ where it stands
def opened(folder: Path, on: date, kept: Path | None = None) -> tuple[Situation, list[Finding]]:
    """Return where a procedure stands on a day, and what reading its journal found. Raises DataError on tender.yaml.

    `kept` is the evaluation.json to go by, with the history of its marks; without it the folder is evaluated.
    """
    top = read_tender(folder)
    clausier, rules = reference.load(top.tender, top.enclosed)
    journal, found = read_journal(folder, top.tender)
    evaluation, said = _of_folder(folder) if kept is None else _kept(top, kept)
    return situated(top.tender, rules, journal, evaluation, on, frozen(top.tender, clausier)), [*found, *said]


def _of_folder(folder: Path) -> tuple[Evaluation | None, list[Finding]]:
    """Return the evaluation; before the opening there is none, and one that cannot be made is said."""
    if not _has_bids(folder):
        return None, []
    try:
        return evaluated(folder)[0], []
    except DataError as refusal:
        understood = message("l'évaluation n'est pas possible : {why}", why=refusal.message)
        remedy = message("Lancer egide evaluate {folder} : la liste des constats y est.", folder=folder.name)
        return None, [Finding("record.evaluation", Severity.DOUBT, understood, remedy, "bids")]


def _has_bids(folder: Path) -> bool:
    return any((folder / "bids").glob("*/*"))


def _kept(top: Folder, file: Path) -> tuple[Evaluation, list[Finding]]:
    """Return a kept evaluation, and a doubt when the consultation is not what it was. Raises DataError for another's."""
    kept = record.load(file).evaluation
    same_consultation(kept.tender, top.tender, file.name)
    return kept, [] if kept.tender == top.tender else [changed(file.name)]


def changed(file: str) -> Finding:
    """Return the doubt that the consultation is no longer what it was when it was evaluated."""
    return Finding(
        "record.evaluation",
        Severity.DOUBT,
        message("la consultation a changé depuis cette évaluation"),
        message("Refaire l'évaluation (egide evaluate), ou vérifier ce qui a changé dans tender.yaml."),
        file,
    )


# ------------------------------------------------------------------------------------------------ what its record holds
@dataclass(frozen=True)
class Papers:
    """What the documents of a record are written from, and what was found.

    `report.record_write.contents` makes their bytes, `report.write_procedure` writes them in a folder.
    """

    procedure: Procedure
    letters: tuple[Letter, ...]
    findings: tuple[Finding, ...]


def papers_of_folder(folder: Path, language: Language, on: date | None = None, kept: Path | None = None) -> Papers:
    """Return the papers of the record of a folder, dated `on`, by default the last day of the journal.

    Without a `kept` evaluation.json the folder is evaluated. Raises DataError when the journal has errors.
    """
    top = read_tender(folder)
    journal, found = read_journal(folder, top.tender)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise DataError(message("le journal a des erreurs : rien n'a été écrit"), tuple(found))
    evaluation, more = _kept(top, kept) if kept else _errors_told(folder)
    day = on or last_day(journal, top.tender.deadline.date())
    return papers(top.tender, journal, evaluation, language, day, [*top.findings, *found, *more])


def _errors_told(folder: Path) -> tuple[Evaluation | None, list[Finding]]:
    """Return the evaluation of the folder, None while no bid came in or when it cannot be made, with its errors."""
    if not _has_bids(folder):
        return None, []
    made: Evaluation | None = None
    found: Iterable[Finding]
    try:
        made, found = evaluated(folder)
    except DataError as refusal:
        found = refusal.findings
    return made, [finding for finding in found if finding.severity is Severity.ERROR]


def papers(
    tender: Tender,
    journal: Journal,
    evaluation: Evaluation | None,
    language: Language,
    on: date,
    findings: Iterable[Finding] = (),
) -> Papers:
    """Return the papers of a record on a day, its letters included; `findings` are those of reading, told first."""
    situation = situated(tender, reference.rules().on(tender.sent_on), journal, evaluation, on)
    due, refused = letters(situation)
    procedure = Procedure(tender, evaluation, situation.journal, reference.record_items(), language, on)
    return Papers(procedure, tuple(due), (*findings, *refused, *owed(situation)))


def last_day(journal: Journal, deadline: date) -> date:
    """Return the last day that the journal tells, the deadline when it tells none later: never the clock."""
    days = [deadline]
    for name in ("regularisations", "justifications", "proofs"):
        days += [each.asked_on for each in getattr(journal, name)]
    days += [
        each.on
        for name in ("awards", "no_awards", "sent", "withdrawals", "candidacies")
        for each in getattr(journal, name)
    ]
    days += [each.answered_on or each.received_on for each in journal.reasons]
    return max(day.date() if isinstance(day, datetime) else day for day in days)
