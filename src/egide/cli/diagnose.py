"""egide diagnose: a questionnaire to fill in, what a filled one is worth, its document for a board, two side by side."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.errors import UsageError
from egide.message import message

if TYPE_CHECKING:
    from egide.desk.diagnosis import Made

group = typer.Typer(
    help=phrase("Diagnostiquer un établissement : questionnaire à remplir, maturité, priorités, document pour une direction."),
    no_args_is_help=True,
)  # fmt: skip

File = Annotated[Path, typer.Argument(help=phrase("Questionnaire rempli (.xlsx, .ods, .csv)."))]
Day = Annotated[
    str, typer.Option("--date", help=phrase("Jour des réponses, aaaa-mm-jj, à la place de celui du fichier."))
]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Sortie pour un programme."))]
Category = Annotated[
    str,
    typer.Option("--category", help=phrase("Catégorie d'établissement (university, hospital, local, care_home, practice...) : ajoute la perte attendue.")),
]  # fmt: skip
Revenue = Annotated[
    float | None, typer.Option("--revenue", help=phrase("Recettes d'une année en euros, à la place de celles du fichier."))
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="diagnose")


@group.command("sheet", help=phrase("Écrire le questionnaire d'une profondeur, prêt à remplir dans un tableur."))
def sheet(
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Fichier .xlsx à écrire."))],
    depth: Annotated[
        str, typer.Option(help=phrase("practice (cabinet, 20 minutes), hospital (une heure) ou university (CHU)."))
    ] = "hospital",
    on: Annotated[str, typer.Option("--date", help=phrase("Date d'écriture, aaaa-mm-jj."))] = "",
) -> None:
    """Écrire le questionnaire d'une profondeur, prêt à remplir dans un tableur."""
    from egide.desk import diagnosis  # noqa: PLC0415 (each command imports what it serves)

    _new(out)
    out.write_bytes(diagnosis.sheet(diagnosis.depth_of(depth), console.language(), _day(on)))
    console.tell(message("Écrit : {path}", path=out))


@group.command("read", help=phrase("Dire ce que vaut un questionnaire rempli : maturité, six priorités, ce qui manque le plus."))  # fmt: skip
def read(
    file: File,
    on: Day = "",
    category: Category = "",
    revenue: Revenue = None,
    *,
    proofs: Annotated[
        bool, typer.Option("--proofs", help=phrase("Lister aussi les preuves à montrer, réponse par réponse."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Dire ce que vaut un questionnaire rempli."""
    from egide.desk import diagnosis  # noqa: PLC0415

    made = _made(file, on, category, revenue)
    if as_json:
        console.tell_machine(diagnosis.data(made, console.language()))
        return
    from egide.cli import diagnose_tables as tables  # noqa: PLC0415

    for line in console.lines(made.findings):
        console.tell(line)
    tables.told(made, proofs=proofs)


@group.command("report", help=phrase("Écrire le document de quatre pages pour une direction (PDF), et ses données."))
def report(
    file: File,
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))],
    on: Day = "",
    category: Category = "",
    revenue: Revenue = None,
) -> None:
    """Écrire le document de quatre pages pour une direction (PDF), et ses données."""
    from egide import report as documents  # noqa: PLC0415
    from egide.desk import diagnosis  # noqa: PLC0415

    made = _made(file, on, category, revenue)
    for path in documents.write_new(diagnosis.documents(made, console.language(), made.shown.on), out):
        console.tell(message("Écrit : {path}", path=path))
    for line in console.lines(made.findings):
        console.tell(line)


@group.command("compare", help=phrase("Mettre des diagnostics côte à côte : un établissement dans le temps, ou les membres d'un GHT."))  # fmt: skip
def compare(
    files: Annotated[list[Path], typer.Argument(help=phrase("Questionnaires remplis, dans l'ordre à montrer."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Mettre des diagnostics côte à côte."""
    from egide.desk import diagnosis  # noqa: PLC0415

    if len(files) < 2:
        raise UsageError(message("donner au moins deux questionnaires remplis"))
    made = [_made(file, "", "", None) for file in files]
    found = diagnosis.compared(made)
    if as_json:
        console.tell_machine(diagnosis.compared_data(found, console.language()))
        return
    from egide.cli import diagnose_tables as tables  # noqa: PLC0415

    for line in console.lines([each for one in made for each in one.findings]):
        console.tell(line)
    tables.compared(found)


@group.command("import", help=phrase("Prendre la grille de maturité d'un autre outil (YAML, XML, JSON, OSCAL, tableur) comme questionnaire."))  # fmt: skip
def take(
    grid: Annotated[Path, typer.Argument(help=phrase("Fichier de la grille."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Fichier .xlsx à écrire."))],
    on: Annotated[str, typer.Option("--date", help=phrase("Date d'écriture, aaaa-mm-jj."))] = "",
) -> None:
    """Prendre la grille de maturité d'un autre outil comme questionnaire."""
    from egide.desk import diagnosis  # noqa: PLC0415

    _new(out)
    content, asked, findings = diagnosis.imported(grid, grid.name, console.language(), _day(on))
    out.write_bytes(content)
    for line in console.lines(findings):
        console.tell(line)
    console.tell(console.count(findings))
    said = message("Écrit : {path} ({count} questions) ; la colonne « Mesure » est à confirmer", path=out, count=len(asked.questions))  # fmt: skip
    console.tell(said)


@group.command("map", help=phrase("Lire une cartographie légère : applications, fournisseurs, appareils. Sans fichier et avec --out, écrire le modèle."))  # fmt: skip
def cartography(
    file: Annotated[
        Path | None, typer.Argument(help=phrase("Cartographie (.xlsx, .ods, .csv) ; sans elle, --out écrit le modèle."))
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=phrase("Modèle .xlsx à écrire."))] = None,
    on: Annotated[str, typer.Option("--date", help=phrase("Jour de la lecture, aaaa-mm-jj."))] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Lire une cartographie légère, ou en écrire le modèle."""
    from egide.desk import cartography as desk  # noqa: PLC0415

    if file is None:
        if out is None:
            raise UsageError(message("donner une cartographie à lire, ou --out pour écrire le modèle"))
        _new(out)
        out.write_bytes(desk.template(console.language(), _day(on)))
        console.tell(message("Écrit : {path}", path=out))
        return
    read_map, findings = desk.read(file, file.name, _day(on))
    if as_json:
        console.tell_machine(desk.data(read_map, findings, console.language()))
        return
    from egide.cli import diagnose_tables as tables  # noqa: PLC0415

    for line in console.lines(findings):
        console.tell(line)
    tables.mapped(read_map)


def _made(file: Path, on: str, category: str, revenue: float | None) -> "Made":
    from egide.desk import diagnosis  # noqa: PLC0415

    return diagnosis.read(file, file.name, date.today(), on=console.day(on), category=category, revenue=revenue)  # noqa: DTZ011 (the user's own calendar)


def _day(written: str) -> date:
    return console.day(written) or date.today()  # noqa: DTZ011 (the user's own calendar)


def _new(out: Path) -> None:
    """Refuse to write over a file: it may be one that somebody filled in. Raises UsageError."""
    if out.exists():
        raise UsageError(message("{path} existe déjà : donner un autre nom", path=out))
