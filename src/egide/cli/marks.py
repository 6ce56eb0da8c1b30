"""egide marks: the workbooks of the evaluators."""

from pathlib import Path
from typing import Annotated

import typer

from egide import reference
from egide.cli import console
from egide.cli.console import phrase
from egide.errors import DataError
from egide.exchange import marks_workbook
from egide.exchange.bids import read_bids
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.message import message
from egide.tender.rules import check

group = typer.Typer(help=phrase("Classeurs de notation des évaluateurs."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="marks")


@group.callback()
def _group() -> None:
    """Classeurs de notation des évaluateurs."""


@group.command(
    "prepare",
    help=phrase(
        "Écrire un classeur par évaluateur dans marks/, prérempli, et decisions.csv ; rien n'est jamais écrasé."
    ),
)
def prepare(folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation."))]) -> None:
    """Écrire un classeur par évaluateur dans marks/, prérempli, et decisions.csv ; rien n'est jamais écrasé."""
    top = read_tender(folder)
    clausier, rules = reference.load(top.tender, top.enclosed)
    broken = [finding for finding in check(top.tender, clausier, rules) if finding.severity is Severity.ERROR]
    if broken:
        raise DataError(message("la consultation ne peut pas être notée"), tuple(broken))
    bids, found = read_bids(folder, top.tender, clausier)
    for path in marks_workbook.prepare(folder, top.tender, clausier, bids, found, console.language()):
        console.tell(message("Écrit : {path}", path=path))
    console.tell(console.count(found))
