"""egide report: the documents of a stored evaluation, shown from it and never computed again."""

from pathlib import Path
from typing import Annotated

import typer

from egide import report
from egide.cli import console
from egide.cli.console import phrase
from egide.message import message
from egide.report import record


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "report",
        help=phrase(
            "Réécrire les documents d'une évaluation close, à partir de ce qui a été gardé, sans rien recalculer."
        ),
    )(run)


def run(
    file: Annotated[Path, typer.Argument(help=phrase("evaluation.json gardé au dossier de la consultation."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))],
) -> None:
    """Réécrire les documents d'une évaluation close, à partir de ce qui a été gardé, sans rien recalculer."""
    for path in report.write_record(record.load(file), out):
        console.tell(message("Écrit : {path}", path=path))
