"""egide marks: the workbooks of the evaluators."""

from pathlib import Path
from typing import Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.desk.consultation import Consultation, of_folder
from egide.errors import DataError
from egide.exchange import marks_workbook
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.message import message
from egide.tender.readers import may_read
from egide.tender.rules import check

group = typer.Typer(help=phrase("Classeurs de notation des évaluateurs."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="marks")


@group.callback()
def _group() -> None:
    """Classeurs de notation des évaluateurs."""


Folder = Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation."))]


@group.command(
    "declare",
    help=phrase("Écrire marks/declarations.csv : chaque évaluateur y déclare ses intérêts avant de voir les offres."),
)
def declare(folder: Folder) -> None:
    """Écrire marks/declarations.csv : chaque évaluateur y déclare ses intérêts avant de voir les offres."""
    _tell_written(marks_workbook.declare(folder, read_tender(folder).tender, console.language()))


@group.command(
    "prepare",
    help=phrase(
        "Écrire dans marks/ un classeur prérempli par évaluateur et par tour, et decisions.csv ; rien n'est jamais écrasé."
    ),
)
def prepare(folder: Folder) -> None:
    """Écrire dans marks/ un classeur prérempli par évaluateur et par tour, et decisions.csv."""
    opened = _opened(folder)
    broken = [
        finding for finding in check(opened.tender, opened.clausier, opened.rules) if finding.severity is Severity.ERROR
    ]
    if broken:
        raise DataError(message("la consultation ne peut pas être notée"), tuple(broken))
    language = console.language()
    bids, found = opened.examined
    _tell_written(marks_workbook.prepare(folder, opened.tender, opened.clausier, bids, found, language, opened.marks))
    asked = any((folder / "marks").glob("declarations.*"))
    for evaluator in opened.tender.evaluators:
        lots = [lot.id for lot in opened.tender.lots if not may_read(opened.tender, opened.marks, evaluator.id, lot.id)]
        if lots and asked:
            said = message("{evaluator} : pas de classeur pour {lots} (intérêts non déclarés, ou conflit).", evaluator=evaluator.id, lots=tuple(lots))  # fmt: skip
            console.tell(said)
    if not asked:
        console.tell(
            message(
                "Aucune déclaration d'intérêts : egide marks declare écrit le tableau où chaque évaluateur la fait."
            )
        )
    console.tell(console.count(found))


@group.command(
    "harmonise",
    help=phrase("Écrire marks/harmonisation.xlsx : ce que les évaluateurs retiennent différemment, côte à côte."),
)
def harmonise(folder: Folder) -> None:
    """Écrire marks/harmonisation.xlsx : ce que les évaluateurs retiennent différemment, côte à côte."""
    opened = _opened(folder)
    bids, _ = opened.examined
    _tell_written(
        marks_workbook.harmonise(folder, opened.tender, opened.clausier, bids, opened.marks, console.language())
    )


def _opened(folder: Path) -> Consultation:
    """Read the consultation. Raises DataError when marks already given cannot be read."""
    given = of_folder(folder)
    broken = tuple(finding for finding in given.of_marks if finding.severity is Severity.ERROR)
    if broken:
        raise DataError(message("des notes déjà écrites ne peuvent pas être lues"), broken)
    return given


def _tell_written(paths: list[Path]) -> None:
    for path in paths:
        console.tell(message("Écrit : {path}", path=path))
