"""egide serve: the web face, started as processes of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        help=phrase("Servir Égide sur une adresse : les pages et le travailleur, démarrés et arrêtés ensemble."),
    )(run)


def run(
    address: Annotated[str, typer.Option(help=phrase("Adresse où répondre."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=phrase("Port où répondre ; 0 : un port libre."))] = 8000,
    processes: Annotated[int, typer.Option(min=1, help=phrase("Nombre de processus qui servent les pages."))] = 2,
) -> None:
    """Servir Égide sur une adresse : les pages et le travailleur, démarrés et arrêtés ensemble."""
    web("serve", [f"--address={address}", f"--port={port}", f"--processes={processes}"], {})


def web(command: str, options: Sequence[str], settings: Mapping[str, str | None]) -> None:
    """Run a command of the web face with these settings (None: without it), and end as it ends."""
    given = {name: value for name, value in {**os.environ, **settings}.items() if value is not None}
    arguments = [sys.executable, "-m", "egide.web", command, f"--lang={console.language()}", *options]
    process = subprocess.Popen(arguments, env=given)  # noqa: S603 (our own module)
    # The child stops its own children: this process waits for it, and passes on what asks it to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    raise typer.Exit(code if code >= 0 else 1)
