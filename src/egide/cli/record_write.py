"""egide record write: the documents of the record, letters included."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from egide import reference, report
from egide.cli import console
from egide.cli.console import phrase
from egide.cli.evaluate import evaluated, same_consultation
from egide.errors import DataError
from egide.exchange.journal_file import read_journal
from egide.exchange.tender_folder import Folder, read_tender
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import record
from egide.report.procedure import Procedure
from egide.tender.evaluation import Evaluation
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.letters import letters
from egide.tender.procedure.presentation import owed
from egide.tender.procedure.steps import situated

HELP = phrase(
    "Écrire les documents du dossier en DOCX et PDF : rapport de présentation, lettres à chacun, questions et réponses, sommaire."
)


def write(
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation, avec son journal.yaml."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))],
    evaluation: Annotated[
        Path | None,
        typer.Option("--evaluation", help=phrase("evaluation.json gardé ; sans lui, le dossier est évalué.")),
    ] = None,
    on: Annotated[
        str,
        typer.Option("--date", help=phrase("Date des documents, aaaa-mm-jj ; par défaut le dernier jour du journal.")),
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Écrire aussi le sommaire sur la sortie."))] = False,
) -> None:
    """Écrire les documents du dossier en DOCX et PDF : rapport de présentation, lettres, questions et réponses."""
    top = read_tender(folder)
    journal, found = read_journal(folder, top.tender)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise DataError(message("le journal a des erreurs : rien n'a été écrit"), tuple(found))
    kept, more = evaluation_of(folder, top, evaluation)
    day = console.day(on) or last_day(journal, top.tender.deadline.date())
    situation = situated(top.tender, reference.rules().on(top.tender.sent_on), journal, kept, day)
    due_letters, refused = letters(situation)
    found = [*top.findings, *found, *more, *refused, *owed(situation)]
    procedure = Procedure(top.tender, kept, situation.journal, reference.record_items(), console.language(), day)
    files, said = report.write_procedure(procedure, due_letters, found, out)
    found += said
    if as_json:
        typer.echo((out / report.REGISTER).read_text(encoding="utf-8"), nl=False)
    else:
        _conclude(found, files, out)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def evaluation_of(folder: Path, top: Folder, file: Path | None) -> tuple[Evaluation | None, list[Finding]]:
    """Return the evaluation: the one kept, else that of the folder, else None while no bid came in."""
    if file is not None:
        kept = record.load(file).evaluation
        same_consultation(kept.tender, top.tender, file.name)
        return kept, [] if kept.tender == top.tender else [_changed(file)]
    if not any((folder / "bids").glob("*/*")):
        return None, []
    try:
        made, found = evaluated(folder)
    except DataError as refusal:
        return None, [finding for finding in refusal.findings if finding.severity is Severity.ERROR]
    return made, [finding for finding in found if finding.severity is Severity.ERROR]


def _changed(file: Path) -> Finding:
    return Finding(
        "record.evaluation",
        Severity.DOUBT,
        message("la consultation a changé depuis cette évaluation"),
        message("Refaire l'évaluation (egide evaluate), ou vérifier ce qui a changé dans tender.yaml."),
        file.name,
    )


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


def _conclude(found: list[Finding], files: list[Path], out: Path) -> None:
    for line in console.lines(found):
        console.tell(line)
    console.tell(
        message(
            "{count} fichiers écrits dans {out} ; la liste et les empreintes : {register}",
            count=len(files),
            out=out,
            register=report.REGISTER,
        )
    )
    console.tell(console.count(found))
