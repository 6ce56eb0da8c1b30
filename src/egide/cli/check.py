"""egide check: what a candidate runs on his questionnaire before sending it."""

from pathlib import Path
from typing import Annotated

import typer

from egide.cli import console
from egide.cli.clausier import opened
from egide.cli.console import phrase
from egide.exchange.answers import read_answers
from egide.message import message
from egide.report import record


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check", help=phrase("Relire un questionnaire rempli : ce qui est compris, et tout ce qui reste en doute.")
    )(run)


def run(
    file: Annotated[Path, typer.Argument(help=phrase("Questionnaire rempli (.xlsx, .ods, .csv, .docx, .json...)."))],
    clausier: Annotated[str, typer.Option(help=phrase("Identifiant ou fichier JSON du clausier."))] = "egide",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Réponses et constats en JSON."))] = False,
) -> None:
    """Relire un questionnaire rempli : ce qui est compris, et tout ce qui reste en doute."""
    reading = read_answers(file, file.name, opened(clausier)[0])
    if as_json:
        console.tell_machine(record.reading(reading, console.language()))
    else:
        for line in console.lines(reading.findings):
            console.tell(line)
        console.tell(console.count(reading.findings))
        console.tell(message("{count} réponses comprises dans {file}", count=len(reading.answers), file=file.name))
    if not reading.readable:
        raise typer.Exit(1)
