"""egide record decp: the essential data of the contracts, written or checked."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from egide.cli import console
from egide.cli.clausier import write_text
from egide.cli.console import phrase
from egide.desk.procedure import opened
from egide.errors import DataError, UsageError
from egide.finding import Severity
from egide.message import message

HELP = phrase("Écrire les données essentielles des marchés notifiés (DECP, JSON), ou contrôler un fichier existant.")


def data(
    source: Annotated[
        Path, typer.Argument(help=phrase("Dossier de la consultation ; avec --check, le fichier JSON à contrôler."))
    ],
    output: Annotated[Path | None, typer.Option("-o", "--output", help=phrase("Fichier JSON à écrire."))] = None,
    on: Annotated[
        str, typer.Option("--date", help=phrase("Jour de publication, aaaa-mm-jj ; par défaut aujourd'hui."))
    ] = "",
    *,
    check: Annotated[bool, typer.Option("--check", help=phrase("Contrôler un fichier existant."))] = False,
) -> None:
    """Écrire les données essentielles des marchés notifiés, ou contrôler un fichier existant."""
    from egide.exchange import decp, decp_contract  # noqa: PLC0415 (the validator of schemas only where it serves)

    if check:
        _, found = decp.read(source)
        for line in console.lines(found):
            console.tell(line)
        console.tell(console.count(found))
        if any(finding.severity is Severity.ERROR for finding in found):
            raise typer.Exit(1)
        return
    if output is None:
        raise UsageError(message("donner -o FICHIER.json, ou --check pour contrôler un fichier"))
    situation, _ = opened(source, console.day(on) or datetime.now().astimezone().date())
    text, faults = decp_contract.written(situation)
    if faults:
        raise DataError(message("les données essentielles ne peuvent pas être écrites"), tuple(faults))
    write_text(output, text.decode())
    console.tell(message("Écrit : {path}", path=output))
