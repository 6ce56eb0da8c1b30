"""egide demo: the web face with fictitious data, on a database of its own."""

from pathlib import Path
from typing import Annotated

import typer

from egide.cli.console import phrase
from egide.cli.serve import web


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        help=phrase(
            "Servir la démonstration sur http://127.0.0.1:8000 : données fictives, base à part, comptes affichés."
        ),
    )(run)


def run(
    address: Annotated[str, typer.Option(help=phrase("Adresse où répondre."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=phrase("Port où répondre ; 0 : un port libre."))] = 8000,
    data: Annotated[Path, typer.Option(help=phrase("Dossier de la base de démonstration."))] = Path("egide-demo"),
    examples: Annotated[Path, typer.Option(help=phrase("Dossier des exemples."))] = Path("examples"),
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help=phrase("Refaire la base de démonstration."))] = False,
    check: Annotated[
        bool, typer.Option("--check", help=phrase("Démarrer, demander quelques pages, s'arrêter : pour les essais."))
    ] = False,
) -> None:
    """Servir la démonstration sur http://127.0.0.1:8000 : données fictives, base à part, comptes affichés."""
    options = [f"--address={address}", f"--port={port}", f"--examples={examples.absolute()}"]
    options += ["--fresh"] * fresh + ["--check"] * check
    web("demo", options, {"EGIDE_DATA": str(data.absolute()), "EGIDE_DEMO": "oui", "DATABASE_URL": None})
