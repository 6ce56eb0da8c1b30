"""The options that the commands on loss studies have in common."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.errors import UsageError
from egide.message import message

if TYPE_CHECKING:
    from egide.report.pictures.picture import Picture

File = Annotated[Path, typer.Argument(help=phrase("Étude de perte, en YAML (docs/formats.md)."))]
Years = Annotated[
    int | None, typer.Option(help=phrase("Nombre d'années simulées ; par défaut celui du fichier, sinon 100 000."))
]
Seed = Annotated[int, typer.Option(help=phrase("Graine des tirages : même graine, mêmes chiffres."))]
Budget = Annotated[
    list[str] | None, typer.Option(help=phrase("Montant dont on veut savoir s'il sera dépassé ; peut se répéter."))
]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Écrire tous les chiffres sur la sortie, en JSON."))]
Svg = Annotated[Path | None, typer.Option(help=phrase("Dessiner les courbes de dépassement dans ce fichier SVG."))]
Png = Annotated[Path | None, typer.Option(help=phrase("Dessiner les courbes de dépassement dans ce fichier PNG."))]


def budgets(written: list[str] | None) -> tuple[float, ...]:
    """Return the amounts of --budget. Raises UsageError."""
    found = []
    for each in written or ():
        bare = "".join(sign for sign in each if not sign.isspace()).replace(",", ".")
        try:
            value = Decimal(bare)
        except ArithmeticError:
            value = Decimal("NaN")
        if not value.is_finite() or not 0 <= value < 10**15:
            raise UsageError(message("--budget {written} : écrire un montant positif", written=each))
        found.append(float(value))
    return tuple(found)


def draw(picture: "Picture", svg: Path | None, png: Path | None) -> list[Path]:
    """Write a picture where it is asked for, and return the files."""
    if svg:
        svg.write_bytes(picture.svg.encode())
    if png:
        from egide.report.pictures.png import png as dots  # noqa: PLC0415 (the typesetter only where it serves)

        png.write_bytes(dots(picture.svg, picture.width))
    return [path for path in (svg, png) if path]


def tell_written(files: list[Path]) -> None:
    """Say which files were written."""
    for path in files:
        console.tell(message("Écrit : {path}", path=path))
