"""egide bids: what came in, before anything is marked."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from egide import reference, report
from egide.cli import console
from egide.cli.console import phrase
from egide.exchange.bids import read_bids
from egide.exchange.tender_folder import read_tender
from egide.message import message

group = typer.Typer(help=phrase("Offres reçues."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="bids")


@group.callback()
def _group() -> None:
    """Offres reçues."""


@group.command(
    "doubts", help=phrase("Écrire, pour chaque soumissionnaire, la page des doutes de lecture à lui envoyer.")
)
def doubts(
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire une page par soumissionnaire."))],
    on: Annotated[
        str, typer.Option("--date", help=phrase("Date de la demande, aaaa-mm-jj ; par défaut la date limite."))
    ] = "",
) -> None:
    """Écrire, pour chaque soumissionnaire, la page des doutes de lecture à lui envoyer."""
    top = read_tender(folder)
    clausier, _ = reference.load(top.tender, top.enclosed)
    _, found = read_bids(folder, top.tender, clausier)
    day: date = console.day(on) or top.tender.deadline.date()
    for path in report.write_precisions(found, top.tender, out, console.language(), day):
        console.tell(message("Écrit : {path}", path=path))
    console.tell(console.count(found))
