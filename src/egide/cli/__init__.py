"""The command line: one module a command, imported when it is called.

Exit codes: 0 done, 1 the data does not allow it (findings listed), 2 wrong usage.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.errors import EgideError, UsageError

COMMANDS = (
    "evaluate",
    "check",
    "bids",
    "marks",
    "clausier",
    "report",
    "tender",
    "record",
    "loss",
    "insurance",
    "risk",
    "diagnose",
    "exercise",
    "serve",
    "demo",
)


def application(names: Sequence[str]) -> typer.Typer:
    """Return the program with these commands only: the others are not imported."""
    text = phrase(
        "Égide : la sécurité numérique dans l'achat hospitalier. Codes de sortie : 0 fait, 1 les données ne le permettent "
        "pas (constats listés), 2 mauvais usage. --lang en, avant ou après la commande : messages et documents en anglais."
    )
    app = typer.Typer(help=text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    for name in names:
        import_module(f"egide.cli.{name}").register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    arguments = console.take_language(list(sys.argv[1:] if arguments is None else arguments))
    app = application([arguments[0]] if arguments and arguments[0] in COMMANDS else COMMANDS)
    try:
        app(arguments)
    except EgideError as error:
        console.refuse(error, as_json="--json" in arguments)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        from egide.cli.system_fault import refusal  # noqa: PLC0415 (only where it serves)

        console.refuse(refusal(error), as_json="--json" in arguments)
        sys.exit(1)
