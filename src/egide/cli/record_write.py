"""egide record write: the documents of the record, letters included."""

from pathlib import Path
from typing import Annotated

import typer

from egide import report
from egide.cli import console
from egide.cli.console import phrase
from egide.desk.procedure import papers_of_folder
from egide.finding import Finding, Severity
from egide.message import message

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
    made = papers_of_folder(folder, console.language(), console.day(on), evaluation)
    files, said = report.write_procedure(made.procedure, made.letters, made.findings, out)
    found = [*made.findings, *said]
    if as_json:
        typer.echo((out / report.REGISTER).read_text(encoding="utf-8"), nl=False)
    else:
        _conclude(found, files, out)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


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
